"""``shapelens check`` in CI: what it remembers, what it leaves out, what is known, and several processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shapelens import cli
from shapelens.commands import cache, reports, workers

ROOT = Path(__file__).parent.parent
BAD = "import torch\nx = torch.zeros(2, 3) @ torch.zeros(4, 5)\n"
GOOD = "import torch\nx = torch.zeros(2, 3) @ torch.zeros(3, 5)\n"


@pytest.fixture
def checked(monkeypatch, tmp_path):
    """The files that were checked, not remembered, since the list was cleared."""
    made: list[str] = []
    real = reports.make

    def make(session, path, *, fixes):
        made.append(path.name)
        return real(session, path, fixes=fixes)

    monkeypatch.setattr(reports, "make", make)
    monkeypatch.setenv("SHAPELENS_CACHE_DIR", str(tmp_path / "cache"))
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text("[tool.shapelens]\n")
    monkeypatch.chdir(project)
    return made


def write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def check(*arguments: str) -> tuple[int, list[str]]:
    """The exit code, and the concise lines."""
    code = cli.main(["check", ".", "--output-format", "concise", "--jobs", "1", *arguments])
    return code, [line for line in OUTPUT() if line]


OUTPUT = None


@pytest.fixture(autouse=True)
def _output(capsys):
    global OUTPUT

    def lines():
        return capsys.readouterr().out.split("\n")

    OUTPUT = lines
    yield
    OUTPUT = None


PROJECT = {
    "sizes.py": "WIDTH = 3\n",
    "blocks.py": "import torch\nfrom sizes import WIDTH\n\n\ndef weights():\n    return torch.zeros(WIDTH, 5)\n",
    "train.py": "import torch\nfrom blocks import weights\n\nx = torch.zeros(2, 3) @ weights()\n",
    "alone.py": GOOD,
}


def project() -> None:
    for name, text in PROJECT.items():
        write(name, text)


def test_what_has_not_changed_is_remembered(checked):
    project()
    first = check()
    assert sorted(checked) == sorted(PROJECT)
    checked.clear()
    for name in PROJECT:
        os.utime(name)  # a date is no change
    assert check() == first == (0, [])
    assert checked == []


def test_a_change_reaches_what_imports_it_and_nothing_else(checked):
    project()
    check()
    checked.clear()
    write("sizes.py", "WIDTH = 4\n")
    code, lines = check()
    assert code == 1
    assert [line.split(" ")[0] for line in lines] == ["train.py:4:5:"]
    assert sorted(checked) == ["blocks.py", "sizes.py", "train.py"]
    checked.clear()
    write("train.py", PROJECT["train.py"] + "# the end\n")
    assert check() == (code, lines)
    assert checked == ["train.py"]


@pytest.mark.parametrize("name", ["helpers.py", "helpers/__init__.py"])
def test_a_module_that_appears_is_seen_and_one_that_goes_too(checked, name):
    write("train.py", "import torch\nimport helpers\n\nx = torch.zeros(2, 3) @ torch.zeros(helpers.WIDTH, 5)\n")
    assert check() == (0, [])
    write(name, "WIDTH = 4\n")
    assert check()[0] == 1
    Path(name).unlink()
    assert check() == (0, [])


def test_a_file_called_like_a_framework_is_seen(checked):
    write("train.py", BAD)
    assert check()[0] == 1
    write("torch.py", "def zeros(*shape):\n    return 1\n")
    assert check() == (0, [])


def test_settings_and_versions_are_part_of_what_is_remembered(checked):
    write("train.py", BAD)
    assert check()[0] == 1
    checked.clear()
    write("pyproject.toml", '[tool.shapelens.rules]\ninner-mismatch = "ignore"\n')
    assert check() == (0, [])
    assert check("--torch", "2.9") == (0, [])
    assert checked == ["train.py", "train.py"]


def test_repairs_are_tried_when_a_format_shows_them(checked):
    write("train.py", "import numpy as np\nx, w = np.ones((32, 8)), np.ones((4, 8))\ny = x @ w\n")
    check()
    assert cli.main(["check", ".", "--output-format", "json"]) == 1
    (record,) = json.loads("\n".join(OUTPUT()))
    assert record["fixes"]
    checked.clear()
    assert check()[0] == 1
    assert checked == []


def test_the_same_is_told_from_memory_in_every_format(checked):
    project()
    write("sizes.py", "WIDTH = 4\n")
    for kind in cli.OUTPUT_FORMATS:
        command = ["check", ".", "--output-format", kind]
        cli.main([*command, "--no-cache"])
        fresh = OUTPUT()
        cli.main(command)
        assert OUTPUT() == fresh
        cli.main(command)
        assert OUTPUT() == fresh


@pytest.mark.parametrize("damage", [b"", b"nonsense", "half", "changed", "folder"])
def test_a_damaged_cache_is_none(checked, damage, tmp_path):
    project()
    write("sizes.py", "WIDTH = 4\n")
    first = check()
    (file,) = (tmp_path / "cache" / "check").iterdir()
    data = file.read_bytes()
    if damage == "folder":
        file.unlink()
        file.mkdir()
    elif damage == "changed":
        file.write_bytes(data.replace(b"train.py:", b"trein.py:").replace(b'"files":', b'"flies":'))
    else:
        file.write_bytes(data[: len(data) // 2] if damage == "half" else damage)
    checked.clear()
    assert check() == first
    assert len(checked) == len(PROJECT)


def test_a_cache_that_cannot_be_written_is_done_without(checked, tmp_path):
    project()
    (tmp_path / "file").write_text("")
    assert check("--cache-dir", str(tmp_path / "file" / "below")) == (0, [])


def test_runs_at_the_same_time_keep_what_each_other_found(checked, tmp_path):
    project()
    file = tmp_path / "one.json"
    one, other = cache.Cache(file), cache.Cache(file)
    fact = cache.Fact(os.path.abspath("sizes.py"), "x", frozenset())
    for kept, name in ((one, "sizes.py"), (other, "train.py")):
        kept.put(reports.Report(os.path.abspath(name)), (fact,), True)
    one.save()
    other.save()
    assert {Path(path).name for path in cache.Cache(file).entries} == {"sizes.py", "train.py"}
    assert [path.name for path in tmp_path.glob("*.tmp")] == []


def test_many_runs_at_once_leave_a_whole_cache(checked, monkeypatch):
    project()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "server"), str(ROOT)]))
    command = [sys.executable, "-m", "shapelens", "check", ".", "--output-format", "json", "-j", "1"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    outputs = {(run.communicate(timeout=120)[0], run.returncode) for run in runs}
    assert outputs == {(b"[]\n", 0)}
    check()
    assert checked == []


def test_several_processes_say_the_same_in_the_same_order(checked):
    for number in range(24):
        write(f"pkg/f{number:02}.py", BAD if number % 3 else f"import torch\nx = torch.zeros({number})\n")
    write("pkg/broken.py", "def f(:\n")
    write("pkg/odd.py", "\0")
    texts = []
    for jobs in ("1", "3"):
        assert cli.main(["check", ".", "--no-cache", "--jobs", jobs, "--output-format", "json"]) == 1
        texts.append(OUTPUT())
    assert texts[0] == texts[1]
    assert len(texts[0]) == 2 + 16 + 1 + 1


def test_a_process_that_dies_costs_its_files_and_is_told(checked, monkeypatch):
    if workers.START != "fork":
        pytest.skip("the other processes do not know what the test has put in place")
    for number in range(16):
        write(f"f{number:02}.py", GOOD)
    monkeypatch.setattr(workers, "_check", lambda *_: os._exit(9))
    assert cli.main(["check", ".", "--no-cache", "--jobs", "2"]) == cli.BUG


def test_git_decides_what_is_left_out(checked):
    write(".git/config", "")
    write(".gitignore", "generated/\n/top.py\n*_old.py\n!kept_old.py\n")
    write("lib/.gitignore", "local.py\n")
    for name in (
        "a.py",
        "top.py",
        "lib/top.py",
        "lib/local.py",
        "local.py",
        "b_old.py",
        "kept_old.py",
        "generated/c.py",
    ):
        write(name, BAD)
    told = ["a.py", "kept_old.py", "lib/top.py", "local.py"]
    assert files(check()) == told
    assert files(check("--exclude", "lib", "--exclude", "kept*")) == ["a.py", "local.py"]
    assert files(check("--include", "lib/")) == ["lib/top.py"]
    assert len(files(check("--no-gitignore"))) == 8
    assert cli.main(["check", "top.py"]) == 1  # what is named is meant
    OUTPUT()
    write("pyproject.toml", '[tool.shapelens]\nexclude = ["lib"]\ninclude = ["*.py"]\n')
    assert files(check()) == ["a.py", "kept_old.py", "local.py"]
    assert cli.main(["check", "lib/top.py"]) == 1
    assert cli.main(["check", "lib/top.py", "--force-exclude"]) == 0


def files(result: tuple[int, list[str]]) -> list[str]:
    return sorted(line.partition(":")[0].replace(os.sep, "/") for line in result[1])


def test_what_the_baseline_knows_is_not_told(checked, capsys):
    write("a.py", "import torch\n\n\ndef f():\n    return torch.zeros(2, 3) @ torch.zeros(4, 5)\n\n\nf()\n")
    write("b.py", BAD)
    assert check("--baseline", "known.json") == (2, [])
    assert check("--write-baseline") == (2, [])
    assert check("--baseline", "known.json", "--write-baseline") == (0, [])
    assert check("--baseline", "known.json") == (0, [])
    moved = '"""Above."""\n' + Path("a.py").read_text().replace("def f", "# a comment\n\ndef f")
    write("a.py", moved)
    assert check("--baseline", "known.json") == (0, [])
    write("b.py", BAD + "x = torch.zeros(2, 3) @ torch.zeros(4, 5)\n")  # once more the same
    code, lines = check("--baseline", "known.json")
    assert (code, [line.split(" ")[0] for line in lines]) == (1, ["b.py:3:5:"])
    write("b.py", GOOD)
    capsys.readouterr()
    assert cli.main(["check", ".", "--baseline", "known.json"]) == 0
    said = capsys.readouterr().err
    assert "not there any more, but in known.json: b.py: inner-mismatch: x = torch.zeros(2, 3)" in said
    assert "1 more in the baseline" in said
    assert check("--baseline", "known.json", "--write-baseline") == (0, [])
    assert [one["file"] for one in json.loads(Path("known.json").read_text())["problems"]] == ["a.py"]
    write("known.json", "[1]")
    assert check("--baseline", "known.json")[0] == 2


def test_a_part_of_the_project_does_not_touch_the_rest_of_the_baseline(checked, capsys):
    write("a.py", BAD)
    write("b.py", BAD)
    assert check("--baseline", "known.json", "--write-baseline")[0] == 0
    capsys.readouterr()
    assert cli.main(["check", "a.py", "--baseline", "known.json"]) == 0
    assert "not there any more" not in capsys.readouterr().err
    assert cli.main(["check", "a.py", "--baseline", "known.json", "--write-baseline"]) == 0
    assert len(json.loads(Path("known.json").read_text())["problems"]) == 2


def test_the_exit_code_can_be_told_to_be_zero(checked):
    write("a.py", BAD)
    assert check("--exit-zero")[0] == 0
    assert cli.main(["check", "nowhere", "--exit-zero"]) == 2


def test_watching_tells_what_changes(checked):
    project()
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "server"), str(ROOT)]), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "shapelens", "check", ".", "--watch", "--output-format", "concise"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        lines = until(process, "Waiting")
        assert lines[-2] == "No problems found in 4 files\n"
        write("sizes.py", "WIDTH = 40\n")
        lines = until(process, "Waiting")
        assert lines[0].startswith("train.py:4:5: inner-mismatch")
        assert "\033" not in "".join(lines)  # the screen is cleared on terminals only
        write("new.py", BAD)
        lines = until(process, "Waiting")
        assert [line.split(":")[0] for line in lines[:2]] == ["new.py", "train.py"]
        Path("new.py").unlink()
        write("sizes.py", "WIDTH = 3\n")
        until(process, "No problems found in 4 files")
        write("pyproject.toml", '[tool.shapelens]\nexclude = ["alone.py"]\n')
        until(process, "No problems found in 3 files")
    finally:
        process.kill()
        process.communicate()


def until(process: subprocess.Popen[str], words: str) -> list[str]:
    """The lines that a process prints, up to the one that starts with these words."""
    lines: list[str] = []
    end = time.monotonic() + 120
    while not lines or not lines[-1].startswith(words):
        line = process.stdout.readline()
        assert line, lines
        assert time.monotonic() < end, lines
        lines.append(line)
    return lines


def test_watching_is_for_people(checked):
    assert cli.main(["check", ".", "--watch", "--output-format", "sarif"]) == 2
