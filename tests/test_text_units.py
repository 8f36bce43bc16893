"""Documents fall into units, and broken units do not take others with them."""

from __future__ import annotations

import ast
import gc
import random
import sysconfig
import weakref
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shape_engine.incremental.division import Division
from shape_engine.incremental.repair import HOLE
from shape_engine.incremental.text import Chunk, Columns, key, parse, readable, split
from shape_engine.syntax import FAILURES, parse_module
from shape_engine.value import Span

STDLIB = Path(sysconfig.get_paths()["stdlib"])


def corpus() -> list[Path]:
    return sorted(p for p in STDLIB.rglob("*.py") if "site-packages" not in p.parts)


def text_of(path: Path) -> str | None:
    """The text of a file that Python can read; line ends as they are."""
    try:
        text = path.read_bytes().decode("utf-8")
        parse_module(readable(text))
    except (UnicodeDecodeError, *FAILURES):
        return None
    return text


def dumps(text: str) -> list[str]:
    return [ast.dump(statement, include_attributes=True) for statement in parse_module(readable(text))]


def unit_dumps(text: str) -> list[str]:
    found = []
    for chunk in split(text):
        for statement in parse(chunk.text).body:
            for node in ast.walk(statement):
                if hasattr(node, "lineno"):
                    node.lineno += chunk.line - 1
                if getattr(node, "end_lineno", None):
                    node.end_lineno += chunk.line - 1
            found.append(ast.dump(statement, include_attributes=True))
    return found


def check_split(text: str) -> list[Chunk]:
    chunks = split(text)
    assert "".join(chunk.text for chunk in chunks) == text
    line = 1
    for chunk in chunks:
        assert chunk.line == line
        line += chunk.text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    return chunks


def check_valid(text: str) -> None:
    for chunk in check_split(text):
        parsed = parse(chunk.text)
        assert parsed.errors == (), (chunk, parsed.errors)
        assert chunk.kind == "code" or not parsed.body
    assert unit_dumps(text) == dumps(text)


def kinds(text: str) -> list[tuple[str, int]]:
    return [(chunk.kind, chunk.line) for chunk in check_split(text)]


def sample(count: int) -> list[Path]:
    return random.Random(7).sample(corpus(), count)


@pytest.mark.parametrize("path", sample(40), ids=lambda p: p.name)
def test_a_valid_file_loses_nothing(path):
    text = text_of(path)
    if text is None:
        pytest.skip("Python cannot read it either")
    check_valid(text)


@pytest.mark.slow
def test_no_file_of_the_standard_library_loses_anything():
    texts = [text for text in map(text_of, corpus()) if text is not None]
    assert len(texts) > 500
    for number, text in enumerate(texts):
        check_valid(text if number % 10 else text.replace("\r\n", "\n").replace("\n", "\r\n"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "x = 1",
        "# only\n\n# remarks",
        "\ufeffx = 1\ny = 2\n",
        "x = 1\r\ny = 2\r\n",
        "x = 1\ry = 2\rdef f():\r    pass\r",
        "x = 'a\x0c\x85\u2028b'\ny = 2\n",
        "\x0cx = 1\n\x0c\ndef f():\n\x0c    return 1\n",
        "if a:\n\tb = 1\n# remark\nelse:\n\tb = 2\nc = 3\n",
        "try:\n    a\nexcept E:\n    b\nelse:\n    c\nfinally:\n    d\n",
        "def f():\n    a = 1\n# remark at the margin\n    b = 2\n",
        "@one\n# remark\n\n@two(\n1)\ndef f():\n    pass\n@three\nclass A: pass\n",
        "@one\nasync def f():\n    pass\n",
        "x = [\n1,\n2,\n]\ny = (3,\n4)\n",
        "x = {\n'a': '''\n]\n''',\n}\ny = 1\n",
        "x = '''\ndef f(\n# no remark'''\ny = 1\n",
        "x = 'a\\\n# no remark'\ny = 1\n",
        "x = 1 + \\\n2\ny = 3\n",
        "x = \\\n  f(')')\ny = 3\n",
        "f(a,\nb=1,\nc=2\n)\ny = 1\n",
        "[\nx for x\nin y\nif z\n]\nw = 1\n",
        "f(a # one\n  # two\n  ,\nb)\nw = 1\n",
        "f(a, # one\n# two\n\nb, x\n.c\n)\nw = 1\n",
        "f('a' # one\nf'b'\n'c')\nw = 1\n",
        "f(a,\nb = 1,\nc = not\nd, *\ne, g = lambda:\nh)\nw = 1\n",
        "x = '(' # (\ny = ')'\n",
        'x = f"{a!r:>{w}} {{"\ny = 1\n',
        "a = 1; b = 2\nc = 3\n",
        "    # indented remark\nx = 1\n",
        "match x:\n    case 1:\n        pass\nmatch = 1\ncase = 2\n",
        "é = 'ü'; ß = é\n",
    ],
)
def test_valid_text(text):
    check_valid(text)


def test_a_unit_ends_before_the_remarks_that_follow_it():
    text = "# head\nx = 1  # same line\n\n# above f\ndef f():\n    pass\n    # in f\n# end"
    assert kinds(text) == [("blank", 1), ("code", 2), ("blank", 3), ("code", 5), ("blank", 7)]


def test_a_shape_remark_belongs_to_the_statement_below_it():
    text = "x = 1\n# no\n# shape: (b, 3)\ny = f(x)\n"
    assert kinds(text) == [("code", 1), ("blank", 2), ("code", 3)]
    assert key("# shape: (b, 3)\ny = f(x)\n") != key("# shape: (b, 4)\ny = f(x)\n")


def test_what_the_key_ignores():
    assert key("x = 1  # one\ny = '#'\n") == key("x = 1\ny = '#' # two   \r\n\n")
    assert key("def f():\n    # a\n    return 1\n") == key("def f():\n\n    return 1")
    assert key("def f():\n    # a\n    return 1\n") != key("def f():\n    return 1\n")  # positions
    assert key("x = '''a  \n# b'''") != key("x = '''a\n# b'''")
    assert key("x = '# b'") != key("x = '# c'")
    assert key("x = 1 # shape: (2,)") != key("x = 1")


NEIGHBOURS = (
    "import a\n\ndef f(x):\n    '''Doc (.'''\n    return [x]\n{}\ny = f(\n    1,\n)\nclass A:\n    z = '''\n)'''\n"
)


@pytest.mark.parametrize(
    "broken",
    [
        "x = g(1,",
        "x = g(1, [2",
        "x = '''half",
        'x = """half',
        "x = 'half",
        "x = 1 +",
        "x = 1 + \\",
        "x.",
        "for i in range(3)",
        "def g(x",
        "def g(x:\n    return x",
        "@dec(",
        "@dec",
        "if x ==:\n    y = 2",
        "x = 1)",
        ")",
        "  x = 1",
        "from a import",
        "import",
        "class B(",
        "try:\n    x = 1",
        "else:\n    x = 1",
        "return (",
        "x = {'a': 1, 'b'",
        "\xa0x = 1",
        "lambda:",
        "x = $",
        "\0",
        "x = (" * 300,
    ],
)
def test_a_broken_statement_leaves_its_neighbours_alone(broken):
    text = NEIGHBOURS.format(broken)
    check_split(text)
    intact = [ast.dump(statement) for statement in parse_module(NEIGHBOURS.format(""))]
    found = [ast.dump(s) for chunk in split(text) for s in parse(chunk.text).body]
    assert [dump for dump in found if dump in intact] == intact
    assert any(parse(chunk.text).errors for chunk in split(text))


def body_of(text: str) -> list[str]:
    """The statements of the (last) function, as text, after repair."""
    parsed = parse(text)
    assert parsed.errors
    assert parsed.text.count("\n") == text.count("\n")
    function = parsed.body[-1]
    return [ast.unparse(statement) for statement in getattr(function, "body", [function])]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("y = conv(x,", [f"y = {HOLE}"]),
        ("y = conv(x,\n             3", [f"y = {HOLE}"]),
        ("y, (z, w) = conv(x", [f"y, (z, w) = {HOLE}"]),
        ("self.y[1:2] += conv(x", [f"self.y[1:2] += {HOLE}"]),
        ("y = 'abc", [f"y = {HOLE}"]),
        ("y = '''abc", [f"y = {HOLE}"]),
        ("'''abc", ["pass"]),
        ("x.", ["pass"]),
        ("return x +", [f"return {HOLE}"]),
        ("for i in range(3)\n        x = i", ["for i in range(3):\n    x = i"]),
        ("for i in :\n        x = i", [f"for i in {HOLE}:\n    x = i"]),
        ("if x == :\n        y = 1\n    else:\n        y = 2", [f"if {HOLE}:\n    y = 1\nelse:\n    y = 2"]),
        ("while\n        y = 1", [f"while {HOLE}:\n    y = 1"]),
        ("with open(x) as\n        y = 1", [f"with {HOLE}:\n    y = 1"]),
        ("try:\n        y = 1", ["if True:\n    y = 1"]),
        ("y = conv(\n        x,\n        k=3,\n    ) +", [f"y = {HOLE}"]),
        ("def g(\n        a,\n        k=3", [f"def g(a, k=3, *{HOLE}, **{HOLE}_):\n    pass"]),
        ("def g(\n        a,\n        k='x\n        return a", [f"def g(a, *{HOLE}, **{HOLE}_):\n    return a"]),
        ("if x:", ["if x:\n    pass"]),
        ("def g(a, b\n        return a", [f"def g(a, b, *{HOLE}, **{HOLE}_):\n    return a"]),
        ("from b import (c,", ["pass"]),
        ("      y = 1", ["y = 1"]),
        ("y = (1\n    z = 2)", [f"y = {HOLE}", f"z = {HOLE}"]),
    ],
)
def test_the_rest_of_a_function_survives(line, expected):
    text = f"def f(x):\n    a = 1\n    {line}\n    b = (2,\n  3)\n    return b\n"
    assert body_of(text) == ["a = 1", *expected, "b = (2, 3)", "return b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(x):\n      y = 1\n    z = 2\n    return y\n", "def f(x):\n    y = 1\n    z = 2\n    return y"),
        ("def f(x):\n    y = 1\n z = 2\n    return y\n", "def f(x):\n    y = 1\n    z = 2\n    return y"),
        ("def f(x):\n    y = 1\n  return y\n", "def f(x):\n    y = 1\n    return y"),
        (
            "class A:\n    def f(self):\n        x\n  def g(self):\n        y\n    def h(self):\n        z\n",
            "class A:\n\n    def f(self):\n        x\n\n    def g(self):\n        y\n\n    def h(self):\n        z",
        ),
        ("def f():\n    x\n  def g():\n    y\n", "def f():\n    x\n\ndef g():\n    y"),
        (
            "def f(c):\n    for w in c:\n        a(w)\n     c = w\n    return c\n",
            "def f(c):\n    for w in c:\n        a(w)\n    c = w\n    return c",
        ),
        (  # halfway between two blocks: it may stand in either
            "def f(c):\n    for w in c:\n        a(w)\n      c = w\n    return c\n",
            f"def f(c):\n    for w in c:\n        a(w)\n        c = {HOLE}\n    if {HOLE}:\n        c = {HOLE}\n    return c",
        ),
    ],
)
def test_a_statement_at_a_wrong_column_leaves_the_others_in_their_blocks(text, expected):
    parsed = parse(text)
    assert len(parsed.errors) == 1
    assert "\n\n".join(map(ast.unparse, parsed.body)) == expected
    lines = text.splitlines()
    kept = [s for top in parsed.body for s in ast.walk(top) if isinstance(s, (ast.Assign, ast.Return))]
    places = [parsed.span(s) for s in kept if HOLE not in ast.unparse(s)]
    assert all(lines[place.line - 1][: place.column].isspace() for place in places)


def test_statements_of_a_broken_unit_stay_where_they_are():
    text = "def f():\n    x = (\n    é = 'é'; y = é\n        z = 1\n"
    parsed = parse(text)
    spans = [parsed.span(s) for s in parsed.body[0].body[1:]]  # type: ignore[attr-defined]
    assert spans == [Span(3, 4, 3, 11), Span(3, 13, 3, 18), Span(4, 8, 4, 13)]


def test_errors_say_where_and_what():
    (first, second) = parse("def f():\n    x = conv(\n    y = 2\n    z = 3 +\n").errors
    assert first == (Span(2, 12, 2, 13), "'(' was never closed")
    assert (second[0].line, second[1]) == (4, "invalid syntax")
    assert parse("x = é +\n").errors == ((Span(1, 7, 1, 8), "invalid syntax"),)


def test_columns_count_code_points():
    text = "s = 'é𝄞'; t = 1\nplain = 2\n"
    first, second, third = ast.parse(text).body
    columns = Columns(text)
    assert columns.span(first) == Span(1, 0, 1, 8)
    assert columns.span(second) == Span(1, 10, 1, 15)
    assert columns.span(third) == Span(2, 0, 2, 9)
    assert Columns("x = 1").column(1, 4) == 4


PIECES = ["(", ")", "[", "]", "'", '"', "'''", '"""', "\\", "\n", "\r\n", "\r", "    ", "\t", "#", ":", "=", "x", "@", "é",
          "def f():", "else:", "class A:", "if x:", "try:", "return ", "\f", "\ufeff", "\0", ",", "# shape: ", "\ud800"]  # fmt: skip
SOUP = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(SOUP)
def test_any_text_is_covered_and_read(text):
    for chunk in check_split(text):
        parsed = parse(chunk.text)
        assert parsed.text.isascii() or parsed.text
        ast.dump(ast.Module(parsed.body, []))


@settings(max_examples=300, deadline=None)
@given(SOUP, st.integers(0, 200), st.integers(0, 5), SOUP)
@example("\ufeff", 0, 0, "\n")
def test_an_edit_of_any_text_is_split_as_if_from_scratch(text, at, removed, added):
    check_edit(text, min(at, len(text)), removed, added)


@pytest.mark.parametrize("path", sample(12), ids=lambda p: p.name)
def test_an_edit_of_a_real_file_is_split_as_if_from_scratch(path):
    text = text_of(path)
    if text is None:
        pytest.skip("Python cannot read it either")
    choose = random.Random(path.name)
    for _ in range(20):
        at = choose.randrange(len(text) + 1)
        if choose.random() < 0.5:
            at = text.rfind("\n", 0, at) + 1
        check_edit(text, at, choose.choice([0, 0, 1, 30]), choose.choice(["", *PIECES, "x = 1\n", "    y(\n"]))


def check_edit(text: str, at: int, removed: int, added: str) -> None:
    division = Division(text)
    edited = text[:at] + added + text[at + removed :]
    for new in (edited, text):
        old = division.chunks[:]
        change = division.edit(new)
        assert division.chunks == split(new)
        assert [chunk.line for chunk in old[change.first :][:1]] == [change.begin][: len(old) - change.first]
        assert [chunk.line for chunk in old[change.last :][:1]] == [change.end][: len(old) - change.last]


def test_an_edit_leaves_the_chunks_above_untouched():
    text = "".join(f"def f{i}():\n    return {i}\n\n" for i in range(50))
    division = Division(text)
    old = division.chunks[:]
    change = division.edit(text.replace("return 25", "return 0"))
    assert (change.last - change.first, len(change.chunks), change.lines) == (1, 1, 0)
    assert [a is b for a, b in zip(old, division.chunks, strict=True)].count(False) == 1


def test_what_stands_below_an_edit_is_not_looked_at():
    text = "".join(f"def f{i}():\n    return {i}\n\n" for i in range(50))
    division = Division(text)
    change = division.edit(text.replace("return 25", "x = 0\n    return 0"))
    assert (change.last - change.first, len(change.chunks), change.lines) == (1, 1, 1)
    assert division.chunks == split(division.text)


def one_broken(text: str, choose: random.Random) -> tuple[str, int] | None:
    """The text with one token damaged in one top-level statement, and which one."""
    statements = parse_module(readable(text))
    if not statements:
        return None
    index = choose.randrange(len(statements))
    lines = text.split("\n")
    statement = statements[index]
    number = choose.randrange(statement.lineno, (statement.end_lineno or statement.lineno) + 1) - 1
    damage = choose.choice(["open", "cut", "quote", "dot"])
    line = lines[number]
    if not line.strip() or line.strip().startswith("#"):
        return None
    if damage == "open":
        lines[number] = line + " ("
    elif damage == "cut":
        lines[number] = line[: max(1, len(line) - 1)]
    elif damage == "quote":
        lines[number] = line + " 'x"
    else:
        lines[number] = line + "."
    return "\n".join(lines), index


@pytest.mark.parametrize("path", sample(40), ids=lambda p: p.name)
def test_one_broken_statement_of_a_real_file(path):
    text = text_of(path)
    if text is None or "\r" in text:
        pytest.skip("Python cannot read it either")
    intact = [ast.dump(s) for s in parse_module(readable(text))]
    choose = random.Random(path.name)
    for _ in range(10):
        broken = one_broken(text, choose)
        if broken is None:
            continue
        changed, index = broken
        found = [ast.dump(s) for chunk in split(changed) for s in parse(chunk.text).body]
        position = 0
        for number, dump in enumerate(intact):
            if number == index:
                continue
            assert dump in found[position:], (number, index)
            position = found.index(dump, position) + 1


SIMPLE = (ast.Assign, ast.AugAssign, ast.Return, ast.Expr, ast.Import, ast.ImportFrom, ast.Raise, ast.Assert)


def simple_statements(text: str) -> list[ast.stmt]:
    return [node for s in parse(text).body for node in ast.walk(s) if isinstance(node, SIMPLE)]


@pytest.mark.parametrize("path", sample(40), ids=lambda p: p.name)
def test_one_broken_statement_inside_a_definition(path):
    text = text_of(path)
    if text is None or "\r" in text:
        pytest.skip("Python cannot read it either")
    choose = random.Random(path.name)
    units = [chunk.text for chunk in split(text) if chunk.text.startswith(("def ", "class "))]
    for unit in choose.sample(units, min(4, len(units))):
        statements = [s for s in simple_statements(unit) if s.lineno == s.end_lineno]
        if not statements:
            continue
        broken = choose.choice(statements)
        lines = unit.split("\n")
        line = lines[broken.lineno - 1]
        cut = (
            choose.randrange(broken.col_offset, broken.end_col_offset or broken.col_offset) + 1 if line.isascii() else 0
        )
        line = choose.choice([line[:cut], line[:cut] + "(", line[:cut] + "'" + line[cut:], "  " + line])
        lines[broken.lineno - 1] = line
        others = Counter(ast.dump(s) for s in statements if s is not broken)
        kept = Counter(ast.dump(s) for s in simple_statements("\n".join(lines)))
        assert not others - kept, line


def test_a_quote_too_many_does_not_turn_the_code_below_into_text():
    text = 'def f():\n    """half\n    x = 1\n    y = 2\n    z = g(x)\n    s = """{}"""\n    t = s\n'
    assert body_of(text.format(" a\n b = 2 ")) == ["pass", "x = 1", "y = 2", "z = g(x)", "s = ' a\\n b = 2 '", "t = s"]


def test_a_carriage_return_alone_ends_a_line_of_broken_text_too():
    text = "x = one\nfor i in rangf'{e(500):\n    x <<= 4000\n"
    returned = [ast.unparse(statement) for statement in parse(text.replace("\n", "\r")).body]
    assert returned == [ast.unparse(statement) for statement in parse(text).body]
    assert "x <<= 4000" in returned[-1]


def test_errors_that_are_remembered_keep_no_frames_alive() -> None:
    """What is wrong with a statement is remembered; what was being done when it was found must not be."""

    class Mark:
        pass

    def read(mark: Mark) -> None:
        parse("def remembered(x:\n    y = (\n    z z\n")

    mark = Mark()
    alive = weakref.ref(mark)
    read(mark)
    del mark
    gc.collect()
    assert alive() is None
