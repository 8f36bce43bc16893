"""What IPython reads and Python does not: magics, shell lines and questions, put out of the engine's way.

``python`` gives a cell as Python.  No line comes or goes, and what is Python keeps its line and column.  What IPython
runs there is not known: the name ``ǃ`` (a letter, not an exclamation mark), which nobody defines, stands for it; and
``exec(ǃ)`` for what runs code among the names of the notebook.

See ``IPython/core/inputtransformer2.py``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Generator, Iterator
from itertools import islice

UNKNOWN = "ǃ"
ANY = f"exec({UNKNOWN})"
IN_THE_NOTEBOOK = frozenset({"time", "capture", "prun"})  # cell magics that run the cell itself, for all to see

AMONG_THE_NAMES = frozenset({"run", "rerun", "pylab", "store", "reset", "reset_selective"})  # may bind any name

LONGEST = 400  # lines of a cell that is an argument


def python(cell: str) -> str:
    """The cell as Python.

    >>> python("%matplotlib inline\\nfiles = !ls\\nfiles?\\nx = 7 %3")
    'ǃ                 \\nfiles = ǃ  \\nǃ     \\nx = 7 %3'
    """
    if not _SUSPECT.search(cell):
        return cell
    if "get_ipython()" in cell:
        cell = _with_names(cell)
    match = _CELL_MAGIC.match(cell)
    if match is None:
        return "".join(_statements(cell))
    above, name, words = match["above"], match["name"], match["words"]
    body = cell[match.end() :]
    given = [word for pair in _GIVEN.findall(words) for word in pair if word]
    if name not in IN_THE_NOTEBOOK:
        given += _assigned(body)
        body = _blank(body)
    elif name == "capture":
        given += [word for word in words.split() if word.isidentifier()][:1]
    return above + "".join(f"{word} = " for word in given) + UNKNOWN * bool(given) + python(body)


def _statements(cell: str) -> Iterator[str]:
    """The statements of a cell, one after the other."""
    position = 0
    while position < len(cell):
        start = _INDENT.match(cell, position).end()  # type: ignore[union-attr]
        yield cell[position:start]
        escaped = _ESCAPED.match(cell, start)
        if escaped is not None:
            yield _timed(escaped[0]) or _among_the_names(escaped[0]) or _unknown(escaped[0])
            position = escaped.end()
        else:
            position = yield from _statement(cell, start)


def _statement(cell: str, start: int) -> Generator[str, None, int]:
    """A statement of Python, or nearly so; returns where it ends."""
    depth = 0
    for token in _TOKEN.finditer(cell, start):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif depth:
            continue
        elif kind == "newline":
            yield cell[start : token.end()]
            return token.end()
        elif kind == "assign":
            yield cell[start : token.end()]
            rest = _REST.match(cell, token.end())
            yield _unknown(rest[0])  # type: ignore[index]
            return rest.end()  # type: ignore[union-attr]
        elif kind == "help" and "\n" not in cell[start : token.start()]:
            yield _unknown(cell[start : token.end()])
            return token.end()
    yield cell[start:]
    return len(cell)


def _with_names(cell: str) -> str:
    """Behind each magic that has been made a call already (JupyterLab does that), the names that it may give values to."""
    pieces, position = [], 0
    for match in _CALLED.finditer(cell):
        ends = (line.end() for line in islice(_LINES.finditer(cell, match.end()), LONGEST))
        end = next((end for end in ends if _texts(cell[match.start() : end])), 0)
        if match.start() < position or not end:
            continue
        name, words, *body = _texts(cell[match.start() : end])
        given = [word for pair in _GIVEN.findall(words) for word in pair if word]
        given += _assigned("".join(body) or words.strip())
        runs = [f"; {ANY}"] if name in AMONG_THE_NAMES else []
        pieces += [cell[position:end], *runs, *(f"; {word} = {UNKNOWN}" for word in given)]
        position = end
    return "".join([*pieces, cell[position:]])


def _texts(call: str) -> list[str]:
    """The arguments of a call, if they are two texts or more: the name of a magic, its words, and its body."""
    try:
        node = ast.parse(call, mode="eval").body
    except (SyntaxError, ValueError):
        return []
    arguments = node.args if isinstance(node, ast.Call) else []
    texts = [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return texts if len(texts) == len(arguments) > 1 else []


def _timed(text: str) -> str | None:
    """``%time x = f()`` runs the statement for all to see: what stands before it becomes one of its own."""
    match = _TIMED.match(text)
    if match is None:
        return None
    try:
        body = ast.parse(match["statement"]).body
    except (SyntaxError, ValueError):
        return None
    if not body or any(hasattr(node, "body") and not isinstance(node, ast.Expr) for node in body):
        return None
    return f"{UNKNOWN:<{match.start('statement') - 1}};{match['statement']}"


def _among_the_names(text: str) -> str | None:
    """``%run other.py``: longer than the text it may be, since nothing stands behind it."""
    match = _RUN.match(text)
    if match is None or match[1] not in AMONG_THE_NAMES:
        return None
    first, newline, rest = text.partition("\n")
    return ANY.ljust(len(first)) + newline + _blank(rest)


def _assigned(body: str) -> list[str]:
    """The names that a text gives values to, if it is Python: who runs it is not known, nor where."""
    try:
        nodes = list(ast.walk(ast.parse(body)))
    except (SyntaxError, ValueError):
        return []
    stored = [node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)]
    return list(dict.fromkeys(stored))


def _unknown(text: str) -> str:
    """The name for what is not known, as long as the text, on as many lines."""
    return UNKNOWN + _blank(text[1:])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


_SUSPECT = re.compile(r"[%!?]|get_ipython\(\)|^[ \t]*(?:pip|conda|mamba|uv|cd|ls|run)\b", re.MULTILINE)
_CALLED = re.compile(r"(?<![^\s;])get_ipython\(\)\.run_(?:line|cell)_magic\(")
_LINES = re.compile(r"[^\n]*")
_CELL_MAGIC = re.compile(r"(?P<above>\s*)%%(?P<name>\w+)(?P<words>[^\n]*)")
_GIVEN = re.compile(r"--(?:out|err|proc)[= ](\w+)|([^\W\d]\w*)\s*<<")  # %%bash --out x, %%sql x <<
_INDENT = re.compile(r"[ \t\f]*")
_LINE = r"(?:[^\\\n]|\\\n|\\)*"
_REST = re.compile(_LINE)
_ESCAPED = re.compile(
    rf"(?:[%!]|\?{{1,2}}[ \t]*[\w%.*]|(?:pip|conda|mamba|uv)[ \t]+[a-z-]|(?:cd|ls)[ \t]+[\w./~-]+[ \t]*$|run[ \t]+(?:-\w+[ \t]+)*[\w./~-]+\.(?:py|ipynb)\b){_LINE}",
    re.MULTILINE,
)
_RUN = re.compile(r"%?(\w+)")
_TIMED = re.compile(r"%time[ \t]+(?P<statement>\S.*)", re.DOTALL)
_TOKEN = re.compile(
    r'''(?P<string>"""(?:\\.|[^\\])*?(?:"""|\Z)|\'\'\'(?:\\.|[^\\])*?(?:\'\'\'|\Z)'''
    r"""|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|\#[^\n]*|\\\n)"""
    r"|(?P<open>[([{])|(?P<close>[)\]}])|(?P<newline>\n)"
    r"|(?P<assign>(?<![=!<>])=[ \t]*(?=[!%]))|(?P<help>\?[ \t]*(?=\n|\Z))",
    re.DOTALL,
)
