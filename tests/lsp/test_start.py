"""Starting the server: its options, what it loads before it answers, and the way to a port."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from lsp.editor import ENVIRONMENT, SERVER

HEAVY = {"jedi", "parso", "numpy", "rich", "shape_engine", "keras", "tensorflow", "torch"}


def run(*arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code] if code else [*SERVER, *arguments]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, input="", timeout=60)


def test_nothing_heavy_is_imported_before_initialize() -> None:
    code = "import sys, shapelens.server as s; s.Server(s._default_engine); print(*{n.partition('.')[0] for n in sys.modules})"
    done = run(code=code)
    assert done.returncode == 0, done.stderr
    assert HEAVY & set(done.stdout.split()) == set()


def test_the_version() -> None:
    from shapelens import __version__

    assert run("--version").stdout == f"shapelens {__version__}\n"


def test_the_version_is_the_projects() -> None:
    from shapelens import __version__

    project = Path(__file__).resolve().parents[2] / "pyproject.toml"
    assert f'version = "{__version__}"' in project.read_text(encoding="utf-8")


def test_an_option_that_does_not_exist() -> None:
    done = run("--teletype")
    assert done.returncode == 2
    assert "--teletype" in done.stderr


def test_a_client_that_goes_away_ends_the_server() -> None:
    assert run("--stdio", "--clientProcessId=1").returncode == 0


def test_the_log_goes_to_a_file(tmp_path: Path) -> None:
    log = tmp_path / "shapelens.log"
    exit_message = frame({"jsonrpc": "2.0", "method": "exit"})
    command = [*SERVER, "--log-file", str(log), "--log-level", "debug"]
    done = subprocess.run(
        command, env=ENVIRONMENT, input=INITIALIZE + INITIALIZED + exit_message, capture_output=True, timeout=60
    )
    assert done.returncode == 1  # no shutdown
    assert b'"serverInfo"' in done.stdout
    assert "Shapelens" in log.read_text(encoding="utf-8")
    assert "Content-Length" not in log.read_text(encoding="utf-8")


async def test_a_client_over_tcp() -> None:
    server = await asyncio.create_subprocess_exec(
        *SERVER, "--tcp", "--port", "0", env=ENVIRONMENT, stderr=asyncio.subprocess.PIPE
    )
    assert server.stderr is not None
    said = await asyncio.wait_for(server.stderr.readuntil(b"Serving on ('127.0.0.1', "), 60)
    port = int((await server.stderr.readuntil(b")"))[:-1])
    assert b"ERROR" not in said
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(INITIALIZE)
    header = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    length = int(header.split(b"Content-Length:")[1].split()[0])
    answer = json.loads(await reader.readexactly(length))
    assert answer["result"]["serverInfo"]["name"] == "shapelens"
    writer.close()
    assert await asyncio.wait_for(server.wait(), 60) == 0


def frame(message: dict) -> bytes:
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


INITIALIZE = frame(
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"processId": None, "rootUri": None, "capabilities": {}},
    }
)
INITIALIZED = frame({"jsonrpc": "2.0", "method": "initialized", "params": {}})
