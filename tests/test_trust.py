"""A canary: opening a folder runs nothing of it.

The folder's environment, its ``conftest.py``, ``setup.py``, ``sitecustomize.py``, extension modules and
plain modules would each leave a mark if they ran.  An audit hook listens for processes that are started
and for code, libraries and modules that are taken from the folder.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shapelens import environment
from shapelens.names import JediNames

ROOT = Path(__file__).resolve().parent.parent

MODULES = (
    "conftest", "setup", "sitecustomize", "usercustomize", "noxfile", "tasks", "manage", "gi", "utils",
    # what we import ourselves, and could take from the folder by mistake
    "jedi", "parso", "pygls", "lsprotocol", "rich", "platformdirs", "packaging", "attrs", "cattrs", "argparse",
    "asyncio", "json", "typing", "tokenize", "tomllib", "importlib_metadata", "shape_engine", "numpy",
    "keras", "tensorflow", "torch", "tf_keras",
)  # fmt: skip

SCRIPT = """\
import sys, os
sys.path.append(os.path.join(os.path.dirname(__file__), "inner"))
import utils, conftest, setup, gi, fast, fast.part, helper, absent, inner.fast, inner.deep
import random, os.path, typing, json
from . import utils as again
from inner import *
from package import *
import tensorflow as tf
from tensorflow import keras
x = keras.layers.Conv2D(8, 3)(tf.random.normal((1, 28, 28, 3)))
y = helper.block(x)
"""

EXTENSION = """
#include <stdio.h>
#include <stdlib.h>
__attribute__((constructor)) static void sing(void) {
    char path[4096];
    const char *marks = getenv("CANARY_MARKS");
    if (marks && snprintf(path, sizeof path, "%s/extension", marks) > 0) {
        FILE *file = fopen(path, "w");
        if (file) fclose(file);
    }
}
void *PyInit_fast(void) { return 0; }
"""

AUDIT = """\
import os, sys

FOLDER, LOG = os.environ["CANARY_FOLDER"], os.environ["CANARY_LOG"]

def listen(event, args):
    bad = None
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty"):
        bad = args
    elif event == "exec":
        bad = getattr(args[0], "co_filename", "")
        bad = bad if bad[:1] != "<" and os.path.abspath(bad).startswith(FOLDER) else None
    elif event == "import":
        bad = args[1] if isinstance(args[1], str) and args[1].startswith(FOLDER) else None
    elif event in ("ctypes.dlopen", "ctypes.dlsym"):
        bad = args[0] if isinstance(args[0], str) and FOLDER in args[0] else None
    if bad:
        with open(LOG, "a") as file:
            file.write(f"{event}: {bad!r}\\n")

sys.addaudithook(listen)
"""


class Canary:
    """The poisoned folder, and what it would leave behind."""

    def __init__(self, base: Path, library: bytes):
        self.library = library
        self.folder, self.marks, self.guard = base / "poisoned", base / "marks", base / "guard"
        self.log = base / "audit.log"
        for folder in (self.folder, self.marks, self.guard):
            folder.mkdir()
        (self.guard / "sitecustomize.py").write_text(AUDIT)
        for name in MODULES:
            self.module(self.folder / f"{name}.py")
        for name in ("package", "inner"):
            self.module(self.folder / name / "__init__.py")
        self.module(self.folder / "inner" / "helper.py", "\ndef block(x):\n    return x\n")
        self.module(self.folder / "inner" / "deep.py")
        (self.folder / "script.py").write_text(SCRIPT)
        (self.folder / "pyproject.toml").write_text("[build-system]\nrequires = []\nbuild-backend = 'setup'\n")
        (self.folder / "buildout.cfg").write_text("[buildout]\n")
        self.executable(self.folder / "bin" / "buildout", f"#!{sys.executable}\n{self.song('buildout')}")
        jedi = self.folder / ".jedi"
        jedi.mkdir()
        (jedi / "project.json").write_text(
            '[1, {"path": ".", "environment_path": ".venv/bin/python", "load_unsafe_extensions": true}]'
        )
        for suffix in (".so", ".abi3.so", ".pyd"):
            for place in ("fast", "inner/fast"):
                (self.folder / (place + suffix)).write_bytes(library)
        self.environment(self.folder / ".venv")
        self.environment(self.folder / "venv")

    def environment(self, prefix: Path) -> None:
        for name in ("bin/python", "bin/python3", f"bin/python3.{sys.version_info.minor}", "Scripts/python.exe"):
            self.executable(prefix / name, f"#!/bin/sh\n: > '{self.marks}/interpreter'\n")
        (prefix / "pyvenv.cfg").write_text(f"home = {prefix}/bin\nversion = 3.{sys.version_info.minor}.0\n")
        for layout in (f"lib/python3.{sys.version_info.minor}/site-packages", "Lib/site-packages"):
            site = prefix / layout
            for name in MODULES:
                self.module(site / f"{name}.py")
            (site / "poison.pth").write_text(f"import os; {self.song('pth').strip()}\n../../../../inner\n")
            (site / "fast.so").write_bytes(self.library)
            info = site / "keras-3.1.4.dist-info"
            info.mkdir()
            (info / "METADATA").write_text("Name: keras\nVersion: 3.1.4\n")

    def song(self, name: str) -> str:
        return f"open({str(self.marks / name)!r}, 'w').close()\n"

    def module(self, path: Path, more: str = "") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.song("-".join(path.relative_to(self.folder).parts)) + more)

    def executable(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def songs(self) -> list[str]:
        """What has run."""
        return sorted(mark.name for mark in self.marks.iterdir())

    def heard(self) -> str:
        """What the audit hook has noted."""
        return self.log.read_text() if self.log.exists() else ""

    def environ(self, **more: str) -> dict[str, str]:
        """For a process that is listened to.  The activated environment is the poisoned one."""
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, (self.guard, ROOT / "server", ROOT))),
            "CANARY_FOLDER": str(self.folder),
            "CANARY_LOG": str(self.log),
            "CANARY_MARKS": str(self.marks),
            "VIRTUAL_ENV": str(self.folder / ".venv"),
            "XDG_CACHE_HOME": str(self.guard / "cache"),
            "PYTHONDONTWRITEBYTECODE": "1",
            **more,
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the poisoned folder."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environ(),
            capture_output=True,
            text=True,
            timeout=120,
        )


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """An extension module that sings when it is loaded; where there is no compiler, something that is none."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform == "win32":
        return b"MZ"
    folder = tmp_path_factory.mktemp("library")
    (folder / "fast.c").write_text(EXTENSION)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", "fast.so", "fast.c"], cwd=folder, check=True)
    return (folder / "fast.so").read_bytes()


@pytest.fixture
def canary(tmp_path, library):
    return Canary(tmp_path, library)


NAMES = """
import sys
from pathlib import Path
from shapelens import environment
from shapelens.names import JediNames

root = Path(sys.argv[1])
found = environment.find(root, *sys.argv[2:])
print(found.origin, found.settings.versions["keras"])
names = JediNames(root, found, blocking=True, installed=True)
importer = (root / "script.py").as_uri()
wanted = "utils conftest setup gi fast fast.part helper absent inner inner.fast inner.deep random os.path typing sys"
for name in wanted.split():
    located = names.locate(name, importer, 0)
    print(name, located and names.read(located.uri) is not None)
    names.shadows(importer, name)
print(names.locate("utils", importer, 1).name)
print("jedi" in sys.modules)
"""


@pytest.mark.parametrize("interpreter", ["", ".venv/bin/python", "venv"])
def test_names_and_environments_run_nothing(canary, interpreter):
    script = canary.guard / "names.py"
    script.write_text(NAMES)
    done = canary.run(str(script), str(canary.folder), *filter(None, [interpreter]))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"{'setting' if interpreter else 'VIRTUAL_ENV'} (3, 1, 4)"
    assert "helper True" in lines  # jedi was asked, and followed sys.path
    assert "fast None" in lines
    assert lines[-2:] == ["utils", "True"]
    assert (canary.songs(), canary.heard()) == ([], "")


def test_names_run_nothing_in_a_thread(canary, monkeypatch):
    monkeypatch.setenv("VIRTUAL_ENV", str(canary.folder / ".venv"))
    monkeypatch.setenv("CANARY_MARKS", str(canary.marks))
    path = list(sys.path)
    loaded = set(sys.modules)
    names = JediNames(canary.folder, environment.find(canary.folder))
    importer = (canary.folder / "script.py").as_uri()
    for name in ("helper", "fast", "gi", "deep"):
        names.locate(name, importer, 0)
    names.close()
    assert names._worker is not None
    names._worker.join(60)
    assert sys.path == path
    assert not {name for name in set(sys.modules) - loaded if name in ("helper", "fast", "gi", "utils", "deep")}
    assert canary.songs() == []


@pytest.mark.parametrize("command", [["check", "."], ["shapes", "script.py"], ["explain", "script.py:10"]])
@pytest.mark.parametrize("module", [True, False], ids=["python -m", "console"])
def test_the_command_line_runs_nothing(canary, command, module):
    start = ["-m", "shapelens"] if module else [str(canary.guard / "console.py")]
    (canary.guard / "console.py").write_text("import sys\nfrom shapelens.cli import main\nsys.exit(main())\n")
    done = canary.run(*start, *command)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert (canary.songs(), canary.heard()) == ([], "")


class Server:
    """A language server in the poisoned folder, and a client that says just what is needed."""

    def __init__(self, canary: Canary):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shapelens", "server"],
            cwd=canary.folder, env=canary.environ(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.number = 0

    def send(self, method: str, params: object, **more: object) -> None:
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self._write(body)

    def ask(self, method: str, params: object) -> Any:
        """The result of a request."""
        self.number += 1
        self.send(method, params, id=self.number)
        return self.hear(lambda message: message.get("id") == self.number and "method" not in message)["result"]

    def hear(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next message of that kind; what the server asks meanwhile is answered with nothing."""
        assert self.process.stdout is not None
        while True:
            size = 0
            while line := self.process.stdout.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    size = int(line.split(b":")[1])
            assert size, "the server ended"
            message = json.loads(self.process.stdout.read(size))
            if "method" in message and "id" in message:
                items = message["params"].get("items") if isinstance(message.get("params"), dict) else None
                result = [None] * len(items) if items else None
                self._write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode())
            if wanted(message):
                return message

    def diagnostics(self, uri: str, version: int) -> list[Any]:
        """What is published for a version of a document."""

        def of_version(message: dict[str, Any]) -> bool:
            params = message.get("params")
            return (
                message.get("method") == "textDocument/publishDiagnostics"
                and isinstance(params, dict)
                and (params["uri"], params.get("version")) == (uri, version)
            )

        found = self.hear(of_version)["params"]["diagnostics"]
        assert isinstance(found, list)
        return found

    def _write(self, body: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()


def test_the_language_server_runs_nothing(canary):
    text = (canary.folder / "script.py").read_text()
    uri, root = (canary.folder / "script.py").as_uri(), canary.folder.as_uri()
    document = {"uri": uri}
    server = Server(canary)
    capabilities = {
        "workspace": {"configuration": True, "workspaceFolders": True},
        "textDocument": {"hover": {"contentFormat": ["markdown"]}, "inlayHint": {"dynamicRegistration": False}},
    }
    folders = [{"uri": root, "name": "poisoned"}]
    server.ask(
        "initialize", {"processId": None, "rootUri": root, "capabilities": capabilities, "workspaceFolders": folders}
    )
    server.send("initialized", {})
    server.send(
        "textDocument/didOpen", {"textDocument": {**document, "languageId": "python", "version": 1, "text": text}}
    )
    server.diagnostics(uri, 1)
    for version in range(2, 5):
        text += "import inner.deep, fast, gi, helper\nz = helper.block(x)\n"
        server.send(
            "textDocument/didChange",
            {"textDocument": {**document, "version": version}, "contentChanges": [{"text": text}]},
        )
        server.diagnostics(uri, version)
    server.ask("textDocument/hover", {"textDocument": document, "position": {"line": 9, "character": 0}})
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    server.ask("textDocument/inlayHint", {"textDocument": document, "range": whole})
    server.ask("shutdown", None)
    server.send("exit", None)
    assert server.process.wait(60) == 0
    assert (canary.songs(), canary.heard()) == ([], "")


def test_the_canary_can_sing(canary):
    """Each poison works, and the audit hook hears it: else the tests above would say nothing."""
    folder = str(canary.folder)
    canary.run("-c", f"import sys; sys.path.insert(0, {folder!r}); import utils, conftest, package")
    assert set(canary.songs()) >= {"utils.py", "conftest.py", "package-__init__.py"}
    assert "exec: " in canary.heard()
    site = f"{folder}/.venv/lib/python3.{sys.version_info.minor}/site-packages"
    canary.run("-c", f"import site; site.addsitedir({site!r})")
    assert "pth" in canary.songs()
    canary.run("-c", f"import subprocess; subprocess.run([{folder + '/.venv/bin/python'!r}])")
    assert "interpreter" in canary.songs()
    assert "subprocess.Popen: " in canary.heard()
    if canary.library != b"MZ":
        canary.run("-c", f"import sys; sys.path.insert(0, {folder!r})\ntry: import fast\nexcept ImportError: pass")
        assert "extension" in canary.songs()


def test_jedi_as_it_comes_makes_the_canary_sing(canary):
    """What the environment of ``jedi_search`` is for."""
    script = canary.guard / "plain.py"
    script.write_text(
        "import jedi, sys\n"
        "try: jedi.Script('import utils', path=sys.argv[1] + '/script.py').goto(1, 8, follow_imports=True)\n"
        "except Exception as error: print(error)\n"
    )
    canary.run(str(script), str(canary.folder))
    assert "interpreter" in canary.songs()
    assert "subprocess.Popen: " in canary.heard()
