"""The command line: what it prints, what it answers to the shell, and which files it reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shape_engine.problems import WindowTooBig
from shape_engine.shape import Shape, Unranked
from shape_engine.snapshot import Edit, Finding, Fix, Observation, Part, Place, Related, Snapshot
from shape_engine.value import Made, Span, Tensor
from shape_engine.wording import Raised
from shapelens import cli
from shapelens.commands import explain, files, session
from shapelens.commands import output as printing

ROOT = Path(__file__).parent.parent


class FakeEngine:
    """Finds a problem wherever "boom" stands, and a tensor wherever "x =" does."""

    def __init__(self) -> None:
        self.open: dict[str, str] = {}
        self.errors: tuple[str, ...] = ()
        self.names = None

    def imports(self, uri: str) -> tuple[str, ...]:
        return ()

    def update(self, uri: str, version: int, text: str) -> Snapshot:
        self.open[uri] = text
        findings, seen = [], []
        for number, line in enumerate(text.split("\n"), 1):
            if "crash" in line:
                raise RuntimeError("a bug")
            if "boom" in line:
                at = line.index("boom")
                findings.append(self.finding(uri, Span(number, at, number, at + 4)))
            if line.startswith("x ="):
                shape = Unranked("why") if "?" in line else Shape((2, 3))
                x = Tensor(shape, "float32", "tf", Made("tf.zeros", None))
                seen.append(Observation(Span(number, 0, number, 1), "x", x, target=True))
        broken = ((Span(1, 0, 1, 3), "invalid syntax"),) if "broken" in text else ()
        return Snapshot(
            uri, version, tuple(findings), (Part(0, text.count("\n") + 1, tuple(seen)),), broken, errors=self.errors
        )

    def finding(self, uri: str, span: Span) -> Finding:
        problem = WindowTooBig(Shape((1, 8, 8, 3)), (9, 9))
        related = (Related(Place(uri, Span(1, 0, 1, 3)), "kernel_size", 9),)
        return Finding(problem, span, Raised("ValueError", "Computed\noutput"), "keras", (3, 15, 1), related)

    def fixes(self, uri: str, finding: Finding) -> list[Fix]:
        assert uri in self.open
        return [Fix('padding="same"', (Edit(finding.span, "calm"),), preferred=True)]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeEngine:
    engine = FakeEngine()
    monkeypatch.setattr(session, "make_engine", lambda root, options: engine)
    monkeypatch.setenv("SHAPELENS_CACHE_DIR", str(tmp_path / ".cache"))
    monkeypatch.chdir(tmp_path)
    return engine


def write(name: str, text: str | bytes) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


@pytest.mark.usefixtures("fake")
def test_check_prints_one_line_for_a_finding(capsys):
    write("a.py", "k = 9\nx = boom(k)\n")
    assert cli.main(["check", "a.py", "--output-format", "concise"]) == 1
    out, err = capsys.readouterr()
    assert out == "a.py:2:5: window-too-big kernel 9×9 does not fit the 8×8 input (kernel_size, line 1)\n"
    assert err == "Found 1 problem in 1 of 1 file\n"


@pytest.mark.usefixtures("fake")
def test_check_shows_the_source_the_exception_and_the_repair(capsys):
    write("a.py", "k = 9\nif k:\n\ty = 'é漢', boom(k)\n")
    assert cli.main(["check", "a.py"]) == 1
    assert capsys.readouterr().out.split("\n") == [
        "window-too-big: kernel 9×9 does not fit the 8×8 input (kernel_size, line 1)",
        "  --> a.py:3:12",
        "  3 |     y = 'é漢', boom(k)",
        "    |                ^^^^",
        "   = a.py:1: kernel_size = 9",
        "   | ValueError: Computed",
        "   | output",
        '   fix: padding="same"',
        "",
        "",
    ]


@pytest.mark.usefixtures("fake")
def test_check_gives_records_to_programs(capsys):
    write("src/a.py", "k = 9\nx = boom(k)\n")
    write("src/b.py", "k = 9\n")
    assert cli.main(["check", "src", "--output-format", "json"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out) == [
        {
            "file": os.path.join("src", "a.py"),
            "line": 2,
            "column": 4,
            "end_line": 2,
            "end_column": 8,
            "code": "window-too-big",
            "severity": "error",
            "message": "kernel 9×9 does not fit the 8×8 input (kernel_size, line 1)",
            "exception": {"type": "ValueError", "text": "Computed\noutput", "exact": True},
            "framework": "keras",
            "version": "3.15.1",
            "related": [
                {
                    "file": os.path.join("src", "a.py"),
                    "line": 1,
                    "column": 0,
                    "end_line": 1,
                    "end_column": 3,
                    "role": "kernel_size",
                    "text": "kernel_size = 9",
                }
            ],
            "fixes": [
                {
                    "title": 'padding="same"',
                    "edits": [{"line": 2, "column": 4, "end_line": 2, "end_column": 8, "text": "calm"}],
                    "preferred": True,
                }
            ],
            "said": "ValueError: Computed\noutput",
        }
    ]


@pytest.mark.usefixtures("fake")
def test_a_clean_file_ends_with_zero(capsys):
    write("a.py", "x = 1\n")
    assert cli.main(["check", "a.py", "--output-format", "json"]) == 0
    assert capsys.readouterr().out == "[]\n"
    assert cli.main(["check", "a.py"]) == 0
    assert capsys.readouterr() == ("", "No problems found in 1 file\n")


@pytest.mark.usefixtures("fake")
def test_a_syntax_error_is_a_finding(capsys):
    write("a.py", "broken(\n")
    assert cli.main(["check", "a.py", "--output-format", "concise"]) == 1
    assert capsys.readouterr().out == "a.py:1:1: syntax-error invalid syntax\n"
    assert cli.main(["check", "a.py", "--output-format", "json"]) == 1
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["code"], record["exception"]["type"]) == ("syntax-error", "SyntaxError")


def test_a_long_run_frees_its_memory(fake, monkeypatch):
    made = []
    monkeypatch.setattr(session, "make_engine", lambda root, options: made.append(FakeEngine()) or made[-1])
    monkeypatch.setattr(session, "RENEWED_AFTER", 2)
    for name in ("a.py", "b.py", "c.py", "d.py", "e.py"):
        write(name, "boom\n")
    assert cli.main(["check", ".", "--output-format", "json"]) == 1
    assert [len(engine.open) for engine in made] == [2, 2, 1]


@pytest.mark.usefixtures("fake")
def test_files_that_cannot_be_read_are_named_and_the_rest_goes_on(capsys):
    write("a.py", b"x = '\xff'\n")
    write("b.py", b"\x00\x00")
    write("c.py", "boom\n")
    assert cli.main(["check", ".", "--output-format", "concise"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("c.py:1:1: window-too-big")
    assert "a.py: cannot be decoded" in err
    assert "b.py: cannot be decoded" in err
    assert err.endswith("Found 1 problem in 1 of 3 files; 2 could not be read\n")
    assert cli.main(["check", "a.py"]) == 1


@pytest.mark.usefixtures("fake")
def test_a_bug_with_one_file_is_told_and_the_rest_goes_on(capsys):
    write("a.py", "crash\n")
    write("b.py", "boom\n")
    assert cli.main(["check", ".", "--output-format", "json"]) == 101
    out, err = capsys.readouterr()
    assert len(json.loads(out)) == 1
    assert "RuntimeError: a bug" in err
    assert "please report" in err
    assert cli.main(["shapes", "a.py"]) == 101


def test_a_bug_with_one_statement_is_told_beside_the_findings(fake, capsys):
    fake.errors = ("Traceback (most recent call last):\n  somewhere\nValueError: oh\n",)
    write("a.py", "boom\n")
    assert cli.main(["check", "a.py", "--output-format", "concise"]) == 1
    assert (
        "a.py: a bug of shapelens, please report it: ValueError: oh (--verbose shows more)" in capsys.readouterr().err
    )
    assert cli.main(["check", "a.py", "-v"]) == 1
    assert "  somewhere\n" in capsys.readouterr().err


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "nowhere"], "no such file or directory: nowhere"),
        (["check"], "PATH"),
        (["check", "a.py", "--output-format", "xml"], "invalid choice: 'xml'"),
        (["check", "a.py", "--keras", "new"], "'new' is no version"),
        (["check", "a.py", "--python", "nowhere"], "no such interpreter or environment: nowhere"),
        (["shapes", "nowhere.py"], "no such file: nowhere.py"),
        (["shapes", "."], ". is a directory"),
        (["explain", "a.py"], "'a.py' names no place"),
        (["explain", "a.py:x"], "'a.py:x' names no place"),
        (["explain", "chanel-mismatch"], "did you mean channel-mismatch"),
        (["explain", "a.py:99"], "a.py has no line 99"),
        (["explain", "a.py:0"], "a.py has no line 0"),
        (["frobnicate"], "invalid choice: 'frobnicate'"),
        ([], "COMMAND"),
    ],
)
def test_misuse_is_told_and_ends_with_two(arguments, words, capsys):
    write("a.py", "x = 1\n")
    assert cli.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err


@pytest.mark.usefixtures("fake")
def test_the_project_says_how_severe_a_problem_is(capsys):
    write("pyproject.toml", '[tool.shapelens.rules]\nwindow-too-big = "warn"\n')
    write("a.py", "boom\n")
    assert cli.main(["check", "a.py", "--output-format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["severity"] == "warning"
    write("pyproject.toml", '[tool.shapelens.rules]\nwindow-too-big = "ignore"\n')
    assert cli.main(["check", "a.py", "--output-format", "json"]) == 0
    write("pyproject.toml", "[tool.shapelens]\ncolour = 1\n")
    assert cli.main(["check", "a.py"]) == 2
    assert "unknown setting 'colour'" in capsys.readouterr().err


@pytest.mark.usefixtures("fake")
def test_shapes_stand_beside_the_lines(capsys):
    write("a.py", "import tensorflow as tf\r\nx = tf.zeros((2, 3))\r\nlong_name = boom(x)\r\nx = what?\r\n")
    assert cli.main(["shapes", "a.py"]) == 0
    assert capsys.readouterr().out.split("\n") == [
        "import tensorflow as tf",
        "x = tf.zeros((2, 3))  # (2, 3)",
        "long_name = boom(x)   # window-too-big: kernel 9×9 does not fit the 8×8 input (kernel_size, line 1)",
        "x = what?             # ?",
        "",
    ]


@pytest.mark.usefixtures("fake")
def test_shapes_gives_records_to_programs(capsys):
    write("a.py", "x = 1\nx = what?\n")
    assert cli.main(["shapes", "a.py", "--output-format", "json"]) == 0
    common = {
        "file": "a.py",
        "column": 0,
        "end_column": 1,
        "text": "x",
        "assigned": True,
        "dtype": "float32",
        "framework": "tensorflow",
    }
    assert json.loads(capsys.readouterr().out) == [
        {**common, "line": 1, "end_line": 1, "shape": [2, 3]},
        {**common, "line": 2, "end_line": 2, "shape": None},
    ]


@pytest.mark.usefixtures("fake")
def test_explain_takes_a_line_or_a_column(capsys):
    write("a.py", "k = 9\nx = 1\n")
    assert cli.main(["explain", "a.py:2"]) == 0
    assert capsys.readouterr().out.startswith("1. tf.zeros\n   (2, 3)  float32\n")
    assert cli.main(["explain", "a.py:2:1"]) == 0
    assert cli.main(["explain", "a.py:1"]) == 1
    assert "no tensor is known on line 1 of a.py" in capsys.readouterr().err


def test_explain_prints_the_page_of_a_code(capsys):
    assert cli.main(["explain", "window-too-big"]) == 0
    page = (ROOT / "docs" / "problems" / "window-too-big.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == page


def test_places_are_read_from_the_end():
    assert explain.place("a.py:3") == ("a.py", 3, None)
    assert explain.place("a.py:3:5") == ("a.py", 3, 4)
    assert explain.place(r"C:\code\a.py:3:1") == (r"C:\code\a.py", 3, 0)
    assert explain.place("a.py:3:5:") == ("a.py", 3, 4)


@pytest.mark.usefixtures("fake")
def test_directories_are_searched_for_peoples_own_code():
    for name in (
        "a.py", "pkg/b.py", "pkg/data.txt", ".hidden/c.py", ".venv/d.py", "node_modules/e.py", "pkg/__pycache__/f.py",
        "lib/site-packages/g.py", "my-env/lib/h.py", "pkg/.i.py",
    ):  # fmt: skip
        write(name, "")
    write("my-env/pyvenv.cfg", "")
    assert [path.as_posix() for path in files.Choice(Path.cwd()).find([".", "a.py", "pkg/data.txt"])] == [
        "a.py",
        "pkg/b.py",
        "pkg/data.txt",
    ]
    assert [path.as_posix() for path in files.Choice(Path.cwd()).find([".venv"])] == [".venv/d.py"]


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    "data",
    ["x = 'é'\n".encode(), b"\xef\xbb\xbf" + "x = 'é'\n".encode(), "# coding: latin-1\nx = 'é'\n".encode("latin-1")],
)
def test_files_are_decoded_as_python_does(data):
    assert "x = 'é'\n" in files.read(Path(write("a.py", data)))
    assert not files.read(Path("a.py")).startswith("\ufeff")


def test_carets_stand_under_the_characters_they_mean():
    def shown(text: str, span: Span) -> list[str]:
        lines = list(printing.excerpt(text.split("\n"), span.line, span.column, span.end_line, span.end_column))
        return ["".join(part if isinstance(part, str) else part[0] for part in parts) for parts in lines]

    assert shown("f(\n  1,\n  2,\n  3)", Span(1, 0, 4, 4)) == [
        "  1 | f(", "    | ^^", "  2 |   1,", "    |   ^^", "  3 |   2,", "    |   ^^",
    ]  # fmt: skip
    assert shown("漢字 = f(e\u0301)", Span(1, 5, 1, 10))[1] == "    |        ^^^^"
    assert shown("x = 1", Span(1, 5, 1, 5))[1] == "    |      ^"


@pytest.mark.parametrize(
    ("name", "targets"),
    [
        ("keras.layers.Conv2D", ["keras.layers.Conv2D"]),
        ("tf.keras.layers.Conv2D", ["keras.layers.Conv2D"]),
        ("keras.layers.Convolution2D", ["keras.layers.Conv2D"]),
        ("conv2d", ["keras.layers.Conv2D", "torch.nn.Conv2d"]),
        ("np.zeros", ["numpy.zeros"]),
    ],
)
def test_rules_are_found_by_any_of_their_names(name, targets, capsys):
    assert cli.main(["rules", name, "--output-format", "json"]) == 0
    found = [record["name"] for record in json.loads(capsys.readouterr().out)]
    assert set(targets) <= set(found)
    assert name.count(".") == 0 or found == targets


def test_a_rule_tells_what_it_uses_and_where_it_stands(capsys):
    assert cli.main(["rules", "keras.layers.Conv2D", "--output-format", "json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert {"filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups"} <= {
        *record["used"]
    }
    assert "bias_initializer" in record["checked"]
    file, _, line = record["where"].rpartition(":")
    source = (ROOT / file).read_text(encoding="utf-8").split("\n")
    assert any('"keras.layers.Conv2D"' in text for text in source[int(line) - 2 : int(line) + 3])
    assert cli.main(["rules", "keras.layers.Conv2D"]) == 0
    assert capsys.readouterr().out.startswith("keras.layers.Conv2D\n  rule         ")
    assert cli.main(["rules", "Frobnicate"]) == 1
    assert "nothing called Frobnicate is modelled" in capsys.readouterr().err


def run(*arguments: str, **others) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "server"), str(ROOT)])}
    return subprocess.run(
        [sys.executable, "-m", "shapelens", *arguments], env=env, capture_output=True, timeout=60, **others
    )


def test_the_version_is_told(tmp_path):
    from shapelens import __version__

    for command in ("--version", "version"):
        done = run(command, cwd=tmp_path)
        assert (done.returncode, done.stdout.decode().strip()) == (0, f"shapelens {__version__}")


def test_telling_the_version_loads_no_engine(tmp_path):
    code = "import sys; from shapelens.cli import main; main(['version']); print(*sys.modules)"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "server"), str(ROOT)])}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True, cwd=tmp_path)
    loaded = set(done.stdout.decode().split())
    assert not {"shape_engine", "pygls", "jedi", "rich", "lsprotocol"} & loaded


def test_the_reader_may_leave_early(tmp_path):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "server"), str(ROOT)])}
    command = [sys.executable, "-m", "shapelens", "rules", "--output-format", "json"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"[\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_an_interrupt_ends_the_run_quietly(fake, capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(fake, "update", interrupted)
    write("a.py", "")
    assert cli.main(["check", "a.py"]) == 130
    assert capsys.readouterr().err == "shapelens: interrupted\n"


def test_output_is_utf8_whatever_the_pipe_says(tmp_path):
    (tmp_path / "a.py").write_text(
        "import torch\nx = torch.nn.Conv2d(3, 8, 9)(torch.zeros(1, 3, 8, 8))\n", encoding="utf-8"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "server"), str(ROOT)]), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "shapelens", "check", "a.py", "--output-format", "concise"]
    done = subprocess.run(command, env=env, capture_output=True, cwd=tmp_path, timeout=60)
    assert done.returncode == 1
    assert "kernel 9×9 does not fit the 8×8 input" in done.stdout.decode("utf-8")


def output(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> str:
    """What the command prints about the examples, by the real engine, for the newest frameworks."""
    assert cli.main([*arguments, *NEWEST]) == code
    return capsys.readouterr().out


NEWEST = ("--keras", "3.15.1", "--tensorflow", "2.21.0", "--tf-keras", "2.21.0")
EXAMPLES = ROOT / "examples"


def assigned(capsys: pytest.CaptureFixture[str], file: str) -> dict[tuple[int, str], object]:
    """The shapes of the names that an example assigns, by line and name."""
    records = json.loads(output(capsys, "shapes", str(EXAMPLES / file), "--output-format", "json", code=0))
    return {(record["line"], record["text"]): record["shape"] for record in records if record["assigned"]}


def test_the_examples_that_run_have_the_shapes_that_keras_gives(capsys):
    shapes = assigned(capsys, "conv2d.py")
    assert shapes[9, "y1"] == [1, 26, 26, 32]
    assert shapes[14, "y2"] == [1, 6, 6, 32]


def test_the_example_without_a_batch_axis_raises(capsys):
    (record,) = json.loads(output(capsys, "check", str(EXAMPLES / "conv2d.py"), "--output-format", "json", code=1))
    assert (record["code"], record["line"], record["framework"], record["version"]) == (
        "missing-batch-axis", 19, "keras", "3.15.1",
    )  # fmt: skip
    assert record["exception"] == {
        "type": "ValueError",
        "text": "Input 0 with name 'None' of layer 'conv2d_2' is incompatible with the layer: "
        "expected min_ndim=4, found ndim=3. Full shape received: (28, 28, 3)",
        "exact": True,
    }
    assert record["message"] == (
        "the input (28, 28, 3) lacks the batch axis: Conv2D 'conv2d_2' takes at least 4 axes "
        "(input from tf.random.normal, line 17; layer, line 18)"
    )


@pytest.mark.parametrize("example", ["conv2d.py", "conv2d_raising.py"])
def test_the_repairs_of_the_examples_repair(example, capsys, tmp_path):
    """The preferred repair of every finding, else its first: with all of them applied nothing is left to find."""
    source = (EXAMPLES / example).read_text(encoding="utf-8")
    path = tmp_path / example
    path.write_text(source, encoding="utf-8")
    for left in range(9, -1, -1):
        code = cli.main(["check", str(path), "--output-format", "json", *NEWEST])
        records = json.loads(capsys.readouterr().out)
        if code == 0:
            break
        assert left, "a repair does not make its finding go away"
        fix = next((fix for fix in records[0]["fixes"] if fix["preferred"]), *records[0]["fixes"][:1])
        lines = path.read_text(encoding="utf-8").split("\n")
        for edit in sorted(fix["edits"], key=lambda edit: (edit["line"], edit["column"]), reverse=True):
            first, last = lines[edit["line"] - 1], lines[edit["end_line"] - 1]
            text = first[: edit["column"]] + edit["text"] + last[edit["end_column"] :]
            lines[edit["line"] - 1 : edit["end_line"]] = text.split("\n")
        path.write_text("\n".join(lines), encoding="utf-8")
    assert records == []
    assert path.read_text(encoding="utf-8") != source


def test_the_variants_raise_what_keras_raises(capsys):
    records = json.loads(
        output(capsys, "check", str(EXAMPLES / "conv2d_raising.py"), "--output-format", "json", code=1)
    )
    channels = (
        "Input 0 with name 'None' of layer 'conv2d' is incompatible with the layer: "
        "expected axis -1 of input shape to have value 3, but received input with shape (1, 28, 28, 1)"
    )
    too_big = (
        "Computed output size would be zero or negative. Received `inputs shape={}`, `kernel shape={}`, "
        "`dilation_rate=[1 1]`, `strides=(3, 3)`, `padding=valid`."
    )
    assert [(record["line"], record["code"], record["exception"]["text"]) for record in records] == [
        (13, "channel-mismatch", channels),
        (
            18,
            "channel-mismatch",
            f"Exception encountered when calling Sequential.call().\n\n{channels}\n\n"
            "Arguments received by Sequential.call():\n"
            "  • inputs=tf.Tensor(shape=(1, 28, 28, 1), dtype=float32)\n"
            "  • training=None\n  • mask=None\n  • kwargs=<class 'inspect._empty'>",
        ),
        (24, "window-too-big", too_big.format("(None, 32, 32, 3)", "(33, 33, 3, 32)")),
        (29, "window-too-big", too_big.format("(1, 14, 14, 3)", "(15, 15, 3, 32)")),
        (
            34,
            "wrong-rank",
            "Input 0 with name 'None' of layer 'conv2d' is incompatible with the layer: "
            "expected min_ndim=4, found ndim=3. Full shape received: (None, 28, 28)",
        ),
    ]
    assert {record["exception"]["type"] for record in records} == {"ValueError"}
    assert records[2]["message"] == (
        "kernel 33×33 does not fit the 32×32 input (input from keras.Input, line 22; kernel_size, line 23)"
    )


def test_the_small_network_has_the_shapes_that_keras_gives(capsys):
    shapes = assigned(capsys, "digits.py")
    assert shapes[23, "pictures"] == [None, 28, 28, 1]
    assert shapes[24, "x"] == [None, 24, 24, 16]
    assert shapes[27, "x"] == [None, 128]
    assert shapes[29, "scores"] == [None, 10]
    assert shapes[34, "scores"] == [4, 10]
    assert json.loads(output(capsys, "check", str(EXAMPLES / "digits.py"), "--output-format", "json", code=0)) == []


def test_explain_tells_the_whole_way(capsys):
    text = output(capsys, "explain", f"{EXAMPLES / 'conv2d.py'}:14", code=0)
    assert text == (
        "1. tf.random.normal   line 12   tf.random.normal((1, 32, 32, 3))\n"
        "   (1, 32, 32, 3)  float32\n"
        "\n"
        "2. Conv2D 'conv2d_1'   line 14   size(x2)\n"
        "   (1, 32, 32, 3) → (1, 6, 6, 32)  float32\n"
        "     batch     1\n"
        "     height    (size - reach) // stride + 1 = (32 - 15) // 3 + 1 = 6\n"
        "     width     (32 - 15) // 3 + 1 = 6\n"
        "     channels  filters = 32\n"
        "   Conv2D 'conv2d_1': filters=32, kernel_size=15, strides=3\n"
        "   kernel (15, 15, 3, 32), bias (32,): 21,632 parameters\n"
        "\n"
        "TensorFlow 2.21.0, Keras 3.15.1\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
def test_a_bar_on_the_terminal_keeps_out_of_the_findings(tmp_path):
    import pty

    for number in range(13):
        (tmp_path / f"f{number}.py").write_text("import torch\nx = torch.zeros(2, 3) @ torch.zeros(4, 5)\n")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "server"), str(ROOT)]), "TERM": "xterm"}
    env.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "shapelens", "check", ".", "--output-format", "concise"]
    outer, terminal = pty.openpty()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=terminal, cwd=tmp_path)
    os.close(terminal)
    shown = drain(outer)
    out, _ = process.communicate(timeout=60)
    lines = out.decode().splitlines()
    assert len(lines) == 13
    assert all("inner-mismatch" in line and "\x1b" not in line for line in lines)
    assert "checking" in shown
    assert "Found 13 problems in 13 of 13 files" in shown


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
@pytest.mark.parametrize("colours", [True, False])
def test_colours_are_for_terminals(tmp_path, colours):
    import pty

    (tmp_path / "a.py").write_text("import torch\nx = torch.zeros(2, 3) @ torch.zeros(4, 5)\n")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "server"), str(ROOT)]), "TERM": "xterm"}
    env.pop("NO_COLOR", None)
    if not colours:
        env["NO_COLOR"] = "1"
    outer, terminal = pty.openpty()
    command = [sys.executable, "-m", "shapelens", "check", "a.py", "--output-format", "concise"]
    process = subprocess.Popen(command, env=env, stdout=terminal, stderr=subprocess.DEVNULL, cwd=tmp_path)
    os.close(terminal)
    shown = drain(outer)
    assert process.wait(timeout=60) == 1
    assert "inner-mismatch" in shown
    assert ("\x1b[" in shown) is colours


def drain(descriptor: int) -> str:
    """Everything that is written to a pseudo-terminal until its other end is closed."""
    found = b""
    while True:
        try:
            more = os.read(descriptor, 65536)
        except OSError:  # Linux says so when the last writer has gone
            more = b""
        if not more:
            os.close(descriptor)
            return found.decode("utf-8", "replace")
        found += more
