"""Notebooks: cells as one text and back, what IPython adds to Python, and ``.ipynb`` files on the command line."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from shadow import fields
from test_edit_machine import STATEMENTS

from shape_engine import CUT, Engine, Snapshot
from shape_engine.incremental.text import split
from shape_engine.snapshot import Edit
from shape_engine.value import Span
from shapelens import cli
from shapelens.notebooks import ipynb
from shapelens.notebooks.cells import Cell, Joined
from shapelens.notebooks.magics import ANY, UNKNOWN, python

URI = "file:///book.ipynb"
HEAD = "%pip install -q keras\nimport keras, torch\nfrom keras import layers\nfrom torch import nn"
LINES = st.sampled_from(
    [
        "x = 1",
        "",
        "    y",
        "%time x = f(1)",
        "!ls",
        "if x:",
        "'''",
        "(",
        ")",
        "# é",
        "%%time",
        "x?",
        "a = !ls",
        "😀",
        "\x1c# %%",
    ]
)
TEXTS = st.lists(LINES, max_size=5).map("\n".join) | st.text("x=1 \n\r%!?'\"()#\\\x1c\x0c\u2028", max_size=12)


def joined(*texts: str) -> Joined:
    return Joined([Cell(f"{URI}#cell{number}", number, text) for number, text in enumerate(texts, 1)])


# the map


@given(st.lists(TEXTS, min_size=1, max_size=6))
@example(["x = 1\n", "    y = 2", "", "\r\nz"])
@example([" #", "  (", " # x\n  )"])
def test_places_lead_there_and_back(texts):
    book = joined(*texts)
    lines = book.text.split("\n")
    taken = set()
    for index, text in enumerate(texts):
        read = python(text.replace("\r\n", "\n").replace("\r", "\n").replace("\x1c", "\x1d"))
        for number, line in enumerate(read.split("\n"), 1):
            there = book.line(index, number)
            assert book.cell(there) == (index, number)
            assert lines[there - 1] == line
            taken.add(there)
    left = [line for number, line in enumerate(lines[:-1], 1) if number not in taken]
    assert [line for line in left if line != "if 1:"] == [CUT[:-1]] * len(texts)
    assert lines[-1] == ""


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_no_unit_reaches_across_cells(texts):
    """Each cell falls into the units into which it falls alone."""
    book = joined(*texts)
    chunks = split(book.text)
    assert "".join(chunk.text for chunk in chunks) == book.text
    for text in texts:
        alone = split(joined(text).text)
        assert [chunk.text for chunk in chunks[: len(alone)]] == [chunk.text for chunk in alone]
        del chunks[: len(alone)]
    assert not chunks


@given(st.lists(TEXTS, min_size=1, max_size=4), st.integers(0, 3), st.integers(0, 5), st.sampled_from(["new", "new\n"]))
def test_edits_find_their_cell(texts, number, line, new):
    """An insertion at the start of a line, or below the last one, is the same in the cell and in the joined text."""
    index = number % len(texts)
    text = texts[index].replace("\r\n", "\n").replace("\r", "\n")
    place = 1 + line % (text.count("\n") + 2)
    book = joined(*texts)
    whole = book.line(index, place)
    (cell, (edit,)) = next(iter(book.edits([Edit(Span(whole, 0, whole, 0), new)]).items()))
    assert cell == index
    lines = text.split("\n")
    if place <= len(lines) or not new.endswith("\n"):
        assert (edit.span, edit.text) == (Span(place, 0, place, 0), new)
    else:  # there is no such line: it comes with its own end
        assert edit.text == "\nnew"
        assert edit.span.line == place


# IPython


@given(TEXTS)
def test_lines_stay_lines(text):
    assert python(text).count("\n") == text.count("\n")


@given(st.lists(STATEMENTS, max_size=4).map("".join))
def test_python_stays_as_it_is(text):
    assert python(text) == text or any(mark in text for mark in "%!?")


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("%matplotlib inline", UNKNOWN),
        ("  !pip install x \\\n  --upgrade\nx = 1", f"  {UNKNOWN}\n\nx = 1"),
        ("x = !ls", f"x = {UNKNOWN}"),
        ("a, b = %magic -o 3", f"a, b = {UNKNOWN}"),
        ("x?\n?y\nx.shape??", f"{UNKNOWN}\n{UNKNOWN}\n{UNKNOWN}"),
        ("if x:\n    !ls\n    y = 1", f"if x:\n    {UNKNOWN}\n    y = 1"),
        ("%time y = f(x)", f"{UNKNOWN}    ;y = f(x)"),
        ("%time for i in x: pass", UNKNOWN),
        ("%%time\ny = f(x)\n%ls", f"\ny = f(x)\n{UNKNOWN}"),
        ("\n%%capture out\ny = 1", f"\nout = {UNKNOWN}\ny = 1"),
        ("%%bash --out listing\nls 'it", f"listing = {UNKNOWN}\n"),
        ("%%timeit\ny = f(x)\nfor i in y: pass", f"y = i = {UNKNOWN}\n\n"),
        ("%%sql result <<\nselect 'x", f"result = {UNKNOWN}\n"),
        ("%%html\n<b>it's</b>", "\n"),
        ("%run other.py\nrun -i a/b.ipynb\n%store -r \\\n  x\nrun = 1\nrun", f"{ANY}\n{ANY}\n{ANY}\n\nrun = 1\nrun"),
        (
            "if x:\n    get_ipython().run_line_magic('run', 'a.py')",
            f"if x:\n    get_ipython().run_line_magic('run', 'a.py'); {ANY}",
        ),
        ("pip install 'x>=1'", UNKNOWN),
        ("cd ..", UNKNOWN),
        ("# what?\nx = 'a?'\ny = (7\n% 3)\nz = 7 \\\n% 3", "# what?\nx = 'a?'\ny = (7\n% 3)\nz = 7 \\\n% 3"),
        ("'''\n%ls\n!ls\nx?\n'''", "'''\n%ls\n!ls\nx?\n'''"),
        ("a != b\na %= 2\nls = 3\ncd.x\nf(a=!b)", "a != b\na %= 2\nls = 3\ncd.x\nf(a=!b)"),
        (
            'get_ipython().run_line_magic("time", " w = f(y)")\nif x:\n    get_ipython().run_line_magic("ls", "")',
            f'get_ipython().run_line_magic("time", " w = f(y)"); w = {UNKNOWN}\nif x:\n'
            '    get_ipython().run_line_magic("ls", "")',
        ),
        (
            'get_ipython().run_cell_magic("m", "--out a", """\nb = \\"1\\"\nb += 1""")\nrun_cell_magic(1, 2)',
            f'get_ipython().run_cell_magic("m", "--out a", """\nb = \\"1\\"\nb += 1"""); a = {UNKNOWN}; b = {UNKNOWN}\n'
            "run_cell_magic(1, 2)",
        ),
        ("get_ipython().run_line_magic(name, words)", "get_ipython().run_line_magic(name, words)"),
        ("get_ipython().run_line_magic('a',", "get_ipython().run_line_magic('a',"),
        ("x = 'it' # 'it\n!ls\ny = 2;", f"x = 'it' # 'it\n{UNKNOWN}\ny = 2;"),
    ],
)
def test_what_ipython_adds(cell, read):
    assert [line.rstrip() for line in python(cell).split("\n")] == read.split("\n")


def test_what_ipython_gives_is_not_known():
    """A name that IPython gives a value has not the one that it had before."""
    book = joined(
        "import numpy as np\nx = y = z = w = np.zeros((2, 3))",
        "x = !ls",
        "%%bash --out y\nls",
        "%%magic\nz = 1",
        "%time w = np.ones(5)",
        "x @ x, y @ y, z @ z\nw.reshape(5, 1)",
    )
    last = book.tell(Engine().update(URI, 1, book.text))[-1].snapshot
    assert last.findings == ()
    assert {seen.text: seen.tensor and str(tuple(seen.tensor.shape)) for seen in last.observations if len(seen.text) == 1} == {
        "x": None, "y": None, "z": None, "w": "(5,)",
    }  # fmt: skip


@pytest.mark.parametrize("run", ["%run other.py", "run -i other.py", "get_ipython().run_line_magic('run', 'other.py')"])
def test_what_is_run_among_the_names_may_bind_all_that_are_bound_above(run):
    book = joined("import numpy as np\nx = np.zeros((2, 3))", run, "y = x @ x\nx = np.ones(5)\nx.reshape(2, 2)")
    last = book.tell(Engine().update(URI, 1, book.text))[-1].snapshot
    assert [finding.code for finding in last.findings] == ["reshape-mismatch"]
    assert {seen.text: seen.tensor and str(tuple(seen.tensor.shape)) for seen in last.observations if len(seen.text) == 1} == {
        "x": "(5,)", "y": None,
    }  # fmt: skip


def test_what_is_fine_in_a_cell_is_no_error():
    book = joined(
        "import numpy as np\nx = np.zeros((2, 3));\ndisplay(x)\nx\nIn[1], Out[1], _, __, _1\nexit",
        "await show(x)\nasync for y in stream():\n    y\nasync with lock as z:\n    pass\n[y async for y in stream()]",
        "    x.T;\n    x",
        "raise RuntimeError('stop here')",
        "get_ipython().run_line_magic('ls', '')\nx @ x",
    )
    told = book.tell(Engine().update(URI, 1, book.text))
    assert [one.snapshot.broken for one in told] == [()] * 5
    assert [len(one.snapshot.findings) for one in told] == [0, 0, 0, 0, 1]


# what is told by cell


def test_findings_observations_and_places_are_told_by_cell():
    book = joined("import numpy as np", "x = np.zeros((2, 3))", "y = 1\nx @ x", "'''", "x.T")
    snapshot = Engine().update(URI, 1, book.text)
    _, made, used, broken, last = book.tell(snapshot)
    (finding,) = used.snapshot.findings
    assert finding.span == Span(2, 0, 2, 5)
    assert used.findings[0] in snapshot.findings
    places = {(one.place.uri, one.place.name, one.place.span) for one in finding.related}
    assert places == {(made.cell.uri, "cell 2", Span(1, 4, 1, 20))}
    assert [span for span, _ in broken.snapshot.broken] == [Span(1, 0, 1, 3)]
    assert [str(seen.span) for seen in made.snapshot.observations if seen.target] == [str(Span(1, 0, 1, 1))]
    assert {seen.text for seen in last.snapshot.observations if seen.tensor} == {"x", "x.T"}
    assert [one.like(one) for one in (made, used)] == [True, True]
    assert not made.like(used)


def test_a_comment_above_all_code_speaks_for_all_cells():
    book = joined("# shapelens: ignore[inner-mismatch]\nimport numpy as np", "x = np.zeros((2, 3))", "x @ x")
    first, _, last = (one.snapshot for one in book.tell(Engine().update(URI, 1, book.text)))
    assert last.ignores[0].covers(last.findings[0])
    assert [ignore.certain for ignore in (*first.ignores, *last.ignores)] == [False, False]
    book = joined("import numpy as np\nx = np.zeros((2, 3))\nx @ x", "x @ x  # shapelens: ignore")
    first, last = (one.snapshot for one in book.tell(Engine().update(URI, 1, book.text)))
    assert first.ignores == ()
    assert last.ignores[0].covers(last.findings[0])
    assert last.ignores[0].certain


# edits


class Book(RuleBasedStateMachine):
    """A notebook whose cells come, go, move and change; the engine has seen every state of it."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = Engine()
        self.cells: list[str] = [HEAD]

    @initialize(cells=st.lists(st.lists(STATEMENTS, max_size=3).map("".join), max_size=5))
    def open(self, cells):
        self.cells = [HEAD, *cells]

    @rule(place=st.integers(0, 9), cell=st.lists(STATEMENTS, max_size=3).map("".join) | TEXTS)
    def insert(self, place, cell):
        self.cells.insert(place % (len(self.cells) + 1), cell)

    @rule(place=st.integers(0, 9))
    def delete(self, place):
        del self.cells[place % (len(self.cells) + 1) :][:1]

    @rule(place=st.integers(0, 9), to=st.integers(0, 9))
    def move(self, place, to):
        if self.cells:
            self.cells.insert(to % len(self.cells), self.cells.pop(place % len(self.cells)))

    @rule(place=st.integers(0, 9), column=st.integers(0, 60), cut=st.integers(0, 2), scrap=LINES)
    def slip(self, place, column, cut, scrap):
        if self.cells:
            cell = self.cells[place % len(self.cells)]
            self.cells[place % len(self.cells)] = cell[:column] + scrap + cell[column + cut :]

    @invariant()
    def warm_equals_cold(self):
        book = joined(*self.cells)
        warm = self.engine.update(URI, None, book.text)
        assert not warm.errors, warm.errors[0]
        cold = Engine().update(URI, None, book.text)
        assert fields(warm) == fields(cold)
        for told, other in zip(book.tell(warm), book.tell(cold), strict=True):
            assert told.like(other)
            inside(told.snapshot, book, told.cell.text)


def inside(snapshot: Snapshot, book: Joined, text: str) -> None:
    """What is told of a cell lies in the cell."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    spans = [finding.span for finding in snapshot.findings] + [span for span, _ in snapshot.broken]
    spans += [seen.span for seen in snapshot.observations]
    assert all(1 <= span.line <= span.end_line <= lines + 1 for span in spans)


def machine(programs: int, edits: int) -> None:
    profile = settings(
        max_examples=programs, stateful_step_count=edits, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Book, settings=profile)


def test_some_notebooks_are_edited():
    machine(12, 10)


@pytest.mark.slow
def test_many_notebooks_are_edited():
    machine(100, 30)


def test_an_edit_in_a_cell_costs_what_it_costs_in_a_file():
    """The cells below run again only if they read what changed; nothing else is even parsed."""
    cells = [HEAD, *(f"x{n} = torch.zeros(2, {n + 1})\ny{n} = x{n}.T" for n in range(50))]
    engine = Engine()
    engine.update(URI, 1, joined(*cells).text)
    cells[10] = cells[10].replace("torch.zeros", "torch.ones")
    book = joined(*cells)
    work = engine.update(URI, 2, book.text).work
    assert [book.cell(line) for line in work.parsed] == [(10, 1)]
    assert [book.cell(line) for line in work.executed] == [(10, 1), (10, 2)]
    cells.insert(3, "z = 1")
    book = joined(*cells)
    work = engine.update(URI, 3, book.text).work
    assert [book.cell(line) for line in (*work.parsed, *work.executed)] == [(3, 1)] * 2
    del cells[3]
    book = joined(*cells)
    work = engine.update(URI, 4, book.text).work
    assert work.parsed == work.executed == ()
    a, b = cells[20], cells[30]
    cells[20], cells[30] = b, a
    work = engine.update(URI, 5, joined(*cells).text).work
    assert len(work.executed) <= 44  # at most what lies between them


# files


def cell(text: str, kind: str = "code", **metadata: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": metadata, "source": text.splitlines(keepends=True)}


BOOK: dict[str, Any] = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
    "cells": [
        cell("# Title", "markdown"),
        cell("%pip install numpy\nimport numpy as np"),
        cell("x = np.zeros((2, 3))  # é😀"),
        cell("ls -l", vscode={"languageId": "shellscript"}),
        cell("k = 1\n\nx @ x"),
    ],
}
OLD: dict[str, Any] = {
    "nbformat": 3,
    "metadata": {"name": "old"},
    "worksheets": [
        {
            "cells": [
                {"cell_type": "heading", "source": ["Title"]},
                {
                    "cell_type": "code",
                    "language": "python",
                    "input": ["import numpy as np\n", "x = np.zeros((2, 3))\n", "x @ x"],
                },
            ]
        }
    ],
}
WORDS = "(2, 3) @ (2, 3): the inner lengths 3 and 2 differ"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "book.ipynb").write_text(json.dumps(BOOK))
    (tmp_path / "old.ipynb").write_text("\ufeff" + json.dumps(OLD), encoding="utf-8")
    (tmp_path / "model.py").write_text("import numpy\n")
    for name in (".virtual_documents", ".ipynb_checkpoints"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "book.ipynb").write_text("import numpy as np\nnp.zeros(2) @ np.zeros(3)\n")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(list(arguments))
    return (code, *capsys.readouterr())


@pytest.mark.usefixtures("folder")
def test_findings_are_named_by_cell_and_line(capsys):
    code, out, err = run(capsys, "check", ".", "--output-format", "concise")
    assert code == 1
    assert out.splitlines() == [
        f"book.ipynb:cell 5:3:1: inner-mismatch {WORDS} (x2 and x1 from np.zeros, cell 3 line 1)",
        f"old.ipynb:cell 2:3:1: inner-mismatch {WORDS} (x2 and x1 from np.zeros, line 2)",
    ]
    assert err == "Found 2 problems in 2 of 3 files\n"


@pytest.mark.usefixtures("folder")
def test_the_text_of_a_cell_is_shown(capsys):
    _, out, _ = run(capsys, "check", "book.ipynb")
    assert out.splitlines()[:5] == [
        f"inner-mismatch: {WORDS} (x2 and x1 from np.zeros, cell 3 line 1)",
        "  --> book.ipynb:cell 5:3:1",
        "  3 | x @ x",
        "    | ^^^^^",
        "   = book.ipynb:cell 3:1: x2: (2, 3) from np.zeros",
    ]


@pytest.mark.usefixtures("folder")
def test_records_name_the_file_and_the_cell(capsys):
    _, out, _ = run(capsys, "check", "book.ipynb", "--output-format", "json")
    (record,) = json.loads(out)
    assert {name: record[name] for name in ("file", "cell", "line", "column", "end_line", "end_column")} == {
        "file": "book.ipynb", "cell": 5, "line": 3, "column": 0, "end_line": 3, "end_column": 5,
    }  # fmt: skip
    assert {(one["file"], one["cell"], one["line"]) for one in record["related"]} == {("book.ipynb", 3, 1)}
    text = BOOK["cells"][4]["source"][2]
    for fix in record["fixes"]:
        for edit in fix["edits"]:
            assert edit["line"] == edit["end_line"] == 3
            ast.parse(text[: edit["column"]] + edit["text"] + text[edit["end_column"] :])


@pytest.mark.usefixtures("folder")
def test_formats_that_know_no_cells_are_told_in_words(capsys):
    """What reads them would look for the lines in the JSON."""
    told = f"cell 5:3:1: {WORDS} (x2 and x1 from np.zeros, cell 3 line 1)"
    _, out, _ = run(capsys, "check", "book.ipynb", "--output-format", "github")
    assert out.startswith(
        "::error title=shapelens (inner-mismatch),file=book.ipynb,line=1,endLine=1,col=1,endColumn=1::"
    )
    assert f"::{told}%0A%0AValueError: matmul" in out
    _, out, _ = run(capsys, "check", "book.ipynb", "--output-format", "gitlab")
    (issue,) = json.loads(out)
    assert issue["description"] == f"inner-mismatch: {told}"
    assert issue["location"]["path"] == "book.ipynb"
    assert issue["location"]["lines"] == {"begin": 1, "end": 1}
    _, out, _ = run(capsys, "check", "book.ipynb", "--output-format", "sarif")
    (result,) = json.loads(out)["runs"][0]["results"]
    assert result["message"]["text"].startswith(told)
    assert {one["message"]["text"] for one in result["relatedLocations"]} == {
        f"cell 3:1:5: {name}: (2, 3) from np.zeros" for name in ("x1", "x2")
    }
    assert "fixes" not in result
    _, out, _ = run(capsys, "check", "book.ipynb", "--output-format", "junit")
    assert 'name="inner-mismatch at cell 5, line 3, column 1"' in out
    assert ">book.ipynb:cell 5:3:1\n" in out


def test_what_is_known_of_a_notebook_is_kept(folder, capsys):
    """The cache and the baseline take notebooks as they take files; a cell may move."""
    (folder / "sizes.py").write_text("N = 3\n")
    first = {**BOOK, "cells": [cell("from sizes import N"), *BOOK["cells"]]}
    (folder / "book.ipynb").write_text(json.dumps(first).replace("(2, 3)", "(2, N)"))
    once = run(capsys, "check", ".", "--cache-dir", "cache")
    assert "book.ipynb:cell 6:3:1" in once[1]
    assert run(capsys, "check", ".", "--cache-dir", "cache") == once
    (folder / "sizes.py").write_text("N = 2\n")
    assert "book.ipynb" not in run(capsys, "check", ".", "--cache-dir", "cache")[1]
    (folder / "sizes.py").write_text("N = 3\n")
    run(capsys, "check", "book.ipynb", "--baseline", "known.json", "--write-baseline")
    (folder / "book.ipynb").write_text(json.dumps({**first, "cells": first["cells"][1:]}).replace("(2, 3)", "(2, 3)"))
    code, out, err = run(capsys, "check", "book.ipynb", "--baseline", "known.json")
    assert (code, out, err) == (0, "", "No problems found in 1 file; 1 more in the baseline\n")


@pytest.mark.usefixtures("folder")
def test_shapes_stand_beside_the_lines_of_cells(capsys):
    assert run(capsys, "shapes", "book.ipynb")[1].splitlines() == [
        "# %% cell 2",
        "%pip install numpy",
        "import numpy as np",
        "# %% cell 3",
        "x = np.zeros((2, 3))  # é😀  # (2, 3)",
        "# %% cell 5",
        "k = 1",
        "",
        f"x @ x  # inner-mismatch: {WORDS} (x2 and x1 from np.zeros, cell 3 line 1)",
    ]
    _, out, _ = run(capsys, "shapes", "book.ipynb", "--output-format", "json")
    assert [(r["cell"], r["line"], r["text"], r["shape"]) for r in json.loads(out) if r["assigned"]] == [
        (3, 1, "x", [2, 3])
    ]


@pytest.mark.usefixtures("folder")
def test_a_place_in_a_cell_is_explained(capsys):
    code, out, _ = run(capsys, "explain", "book.ipynb:cell 5:3:1")
    assert code == 0
    assert f"line 3: {WORDS} [inner-mismatch]" in out
    assert "  cell 3 line 1: x2: (2, 3) from np.zeros" in out
    assert "1. np.zeros   cell 3 line 1   np.zeros((2, 3))" in out
    assert run(capsys, "explain", "book.ipynb:3")[::2] == (2, "shapelens: name a cell: book.ipynb:cell 1:3\n")
    assert run(capsys, "explain", "book.ipynb:cell 1:3")[::2] == (2, "shapelens: book.ipynb has no cell 1 of Python\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no notebook: it is empty"),
        ('{"cells": [', "is no notebook: it is not valid JSON: Expecting value: line 1 column 12 (char 11)"),
        ("[" * 100_000, "is no notebook: it is nested too deeply"),
        ("[]", "is no notebook: it has no cells"),
        ('{"nbformat": 4}', "is no notebook: it has no cells"),
        ('{"nbformat": 9, "cells": 3}', "is no notebook: nbformat 9 is not known, and it has no cells"),
        (b"\xff\xfe\x00", "cannot be decoded: "),
    ],
)
def test_what_is_no_notebook_is_told(folder, capsys, text, words):
    (folder / "bad.ipynb").write_bytes(text.encode() if isinstance(text, str) else text)
    code, out, err = run(capsys, "check", "bad.ipynb", "model.py")
    assert (code, out) == (1, "")
    assert err.startswith(f"shapelens: bad.ipynb: {words}")
    assert err.endswith("No problems found in 2 files; 1 could not be read\n")
    assert run(capsys, "shapes", "bad.ipynb")[2].startswith(f"shapelens: bad.ipynb: {words}")


@pytest.mark.parametrize(
    "book",
    [
        {**BOOK, "metadata": {"kernelspec": {"language": "R"}}},
        {**BOOK, "metadata": {"language_info": {"name": "julia"}}},
        {**BOOK, "cells": []},
        {**BOOK, "cells": [None, 3, {"cell_type": "code"}, {"cell_type": "code", "source": None}]},
    ],
)
def test_a_notebook_may_hold_nothing_of_ours(folder, capsys, book):
    (folder / "other.ipynb").write_text(json.dumps(book))
    assert run(capsys, "check", "other.ipynb")[:2] == (0, "")
    assert run(capsys, "shapes", "other.ipynb")[0] == 0


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["code", "python"]),
        lambda values: (
            st.lists(values, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "cells",
                        "cell_type",
                        "source",
                        "metadata",
                        "vscode",
                        "languageId",
                        "worksheets",
                        "input",
                        "language_info",
                        "name",
                    ]
                ),
                values,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_the_json_says(value):
    try:
        cells = ipynb.cells(json.dumps(value), URI)
    except ipynb.NoNotebook:
        return
    joined(*(cell.text for cell in cells)).text.encode()


def test_the_command_line_skips_what_jupyterlab_keeps(folder, capsys):
    """Hooks name files one by one."""
    code, _, err = run(capsys, "check", ".virtual_documents/book.ipynb", "model.py")
    assert (code, err) == (0, "No problems found in 1 file\n")
