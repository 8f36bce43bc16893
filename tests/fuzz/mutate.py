"""Programs that nobody wrote: pieces of real ones, spliced and mutated as text, as tokens and as syntax.

All that is random comes from a ``random.Random``, so that a seed, hypothesis or a fuzzer can drive it.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from random import Random

TESTS = Path(__file__).resolve().parents[1]
MAX_PIECE = 10  # statements that are taken from a program
TOKEN = re.compile(r"\w+|[^\S\n]+|\n|[^\w\s]")
EXPRESSIONS = [
    "10 ** 10 ** 10", "[0] * 10 ** 12", "'a' * 10 ** 9", "range(10 ** 18)", "[[]] * 3", "(x,) * 500", "-1", "2 ** 63", "1e999", "0",
    "None", "...", "x", "self", "()", "[]", "{}", "''", "'%d' % x", "f'{x}'", "f'{x:>9999999}'", "lambda: x", "lambda *a, **k: (a, k)",
    "[x for x in x]", "{x: x for x in range(9)}", "*x", "x if x else x", "x[x]", "x[:, None, ..., -1]", "x.shape", "x()", "x(x)", "x @ x",
    "not x", "x := 3", "yield", "await x", "x < x < x", "x in x", "[*x]", "{**x}", "True", "b'\\0'", "3j", "print(x)", "type(x)",
    "keras.Input((9, 9, 3))", "keras.Input((None, None, 3))", "np.zeros((2, 3))", "torch.zeros(2, 3)", "tf.zeros([2, 3])",
    "keras.layers.Dense(3)", "keras.layers.Conv2D(4, 3)", "keras.Sequential([])", "torch.nn.Linear(3, 4)", "keras.Model(x, x)",
    "super().__init__()", "zip(x, x)", "sorted(x)", "sum(x)", "max(x)", "dict(x)", "iter(x)", "next(x)", "open('x')", "eval('x')",
    "x.__class__", "vars(x)", "getattr(x, 'x', x)", "setattr(x, 'x', x)", "isinstance(x, int)", "unheard_of.f(x)", "'\\ud800'", "'😀e\u0301'",
]  # fmt: skip
STATEMENTS = [
    "while True:\n    pass", "for x in x:\n    x = [x]", "x = x", "x += x", "x *= 2", "x = x, x", "del x", "x.append(x)", "x['x'] = x",
    "def x(x=x):\n    return x(x)", "class x(x):\n    x = x", "global x", "return x", "raise x", "import x", "from x import *", "exec(x)", "exec('x = x')",
    "try:\n    x\nexcept x:\n    x\nelse:\n    x\nfinally:\n    x", "with x as x:\n    x", "if x:\n    x = 1", "assert x", "break", "continue",
    "match x:\n    case [x, *y]:\n        x\n    case {'x': x}:\n        x", "import unheard_of", "x = []\nx.append(x)", "x.x = x", "x: int = 3",
    "async def x():\n    async for x in x:\n        await x", "@x\ndef x():\n    yield x", "x = yield x", "nonlocal x", "*x, y = x", "x = y = x",
    "for i in range(500):\n    x = x + x", "if unheard_of.f():\n    x = [x]\nelse:\n    x = (x, x)", "x = f()  # shape: (a, b * 2, 3)",
]  # fmt: skip
SNIPPETS = [
    "(", ")", "[", "]", "{", "}", ":", ",", "=", "*", "**", "@", "\\", "\\\n", '"', "'", '"""', "'''", "#", "\n", "\r\n", "\r", "\f", "\t", "    ", " ",
    "\0", "\ud800", "\u2028", "\x85", "\ufeff", "😀", "e\u0301", "ﬁ", "0x", "1_", "f'{", "f'{x!r:{x}}'", "if", "else", "def", "class", "lambda", "for",
    "in", "async", "await", "return", "yield", "import", "from", "not", "is", "match", "case", "None", "self", "9" * 5000, ";", "->", ":=", "# shape: (",
]  # fmt: skip


@lru_cache(maxsize=1)
def programs() -> tuple[str, ...]:
    """Texts to start from: the fixtures, the programs of the tests, and bombs."""
    from .bombs import BIG, BOMBS

    files = sorted([*TESTS.glob("fixtures/*/*.py"), *TESTS.glob("python/*.py"), *TESTS.parent.glob("examples/*.py")])
    return (*(file.read_text("utf-8") for file in files), *(text for text in BOMBS.values() if len(text) < BIG // 10))


@lru_cache(maxsize=512)
def statements(text: str) -> tuple[tuple[str, bool], ...]:
    """The top-level statements of a text, and which are imports."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ((text, False),)
    lines = text.split("\n")
    return tuple(
        ("\n".join(lines[node.lineno - 1 - len(getattr(node, "decorator_list", ())) : node.end_lineno]), isinstance(node, (ast.Import, ast.ImportFrom)))
        for node in body
    )  # fmt: skip


def piece(rng: Random, texts: Sequence[str] = ()) -> str:
    """A few statements of a program, below all its imports."""
    parts = statements(rng.choice(texts or programs()))
    first = rng.randrange(len(parts)) if parts else 0
    imports = [text for text, is_import in parts if is_import]
    return "\n".join([*imports, *(t for t, is_import in parts[first : first + MAX_PIECE] if not is_import)]) + "\n"


def mutated(rng: Random, text: str, texts: Sequence[str] = ()) -> str:
    """The text after one to four changes."""
    for _ in range(rng.randrange(1, 5)):
        change = rng.choice(CHANGES)
        text = change(rng, text, texts)
    return text


def session(rng: Random, texts: Sequence[str] = ()) -> list[str]:
    """Texts as they follow each other in an editor."""
    found = [piece(rng, texts)]
    for _ in range(rng.randrange(1, 4)):
        found.append(mutated(rng, found[-1], texts))
    if rng.random() < 0.3:
        found.append(found[0])
    return found


def _characters(rng: Random, text: str, texts: Sequence[str]) -> str:
    place = rng.randrange(len(text) + 1)
    return text[:place] + rng.choice(SNIPPETS) + text[place + rng.choice([0, 0, 1, 5, 40]) :]


def _tokens(rng: Random, text: str, texts: Sequence[str]) -> str:
    tokens = TOKEN.findall(text) or [""]
    one, other = rng.randrange(len(tokens)), rng.randrange(len(tokens))
    how = rng.randrange(5)
    if how == 0:
        tokens[one], tokens[other] = tokens[other], tokens[one]
    elif how == 1:
        tokens[one] = tokens[other]
    elif how == 2:
        del tokens[one]
    elif how == 3:
        tokens[one] = rng.choice(TOKEN.findall(rng.choice(EXPRESSIONS)))
    else:
        tokens[one:one] = tokens[other : other + rng.randrange(1, 20)]
    return "".join(tokens)


def _lines(rng: Random, text: str, texts: Sequence[str]) -> str:
    lines = text.split("\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    how = rng.randrange(5)
    if how == 0:
        del lines[one]
    elif how == 1:
        lines[one:one] = lines[other : other + rng.randrange(1, 6)]
    elif how == 2:
        lines[one] = "    " + lines[one]
    elif how == 3:
        lines[one] = lines[one].removeprefix("    ")
    else:
        lines[one:one] = rng.choice(STATEMENTS).split("\n")
    return "\n".join(lines)


def _splice(rng: Random, text: str, texts: Sequence[str]) -> str:
    other = piece(rng, texts).split("\n")
    lines = text.split("\n")
    here, there = rng.randrange(len(lines) + 1), rng.randrange(len(other) + 1)
    return "\n".join([*lines[:here], *other[there:], *(lines[here:] if rng.random() < 0.5 else ())])


def _ends(rng: Random, text: str, texts: Sequence[str]) -> str:
    return text.replace("\n", rng.choice(["\r\n", "\r", "\n\n", "\n\f", "\n"]))


def _syntax(rng: Random, text: str, texts: Sequence[str]) -> str:
    """Other expressions and statements in place of some, under names that the text has."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        nodes = list(ast.walk(tree))
        names = sorted({node.id for node in nodes if isinstance(node, ast.Name)}) or ["x"]
        _change(rng, rng.choice(nodes), names, [node for node in nodes if isinstance(node, ast.expr)])
        return ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    except (SyntaxError, ValueError, RecursionError, MemoryError, AttributeError, TypeError):
        return _lines(rng, text, texts)


def _change(rng: Random, node: ast.AST, names: Sequence[str], expressions: Sequence[ast.expr]) -> None:
    fields = [(name, value) for name, value in ast.iter_fields(node) if isinstance(value, (ast.expr, list))]
    if not fields:
        if isinstance(node, ast.Name):
            node.id = rng.choice(names)
        return
    name, value = rng.choice(fields)
    if isinstance(value, ast.expr):
        setattr(node, name, rng.choice(expressions) if rng.random() < 0.5 else _written(rng, names)[0].value)
    elif name in ("body", "orelse", "finalbody"):
        place = rng.randrange(len(value) + 1)
        value[place:place] = _written(rng, names, STATEMENTS) if rng.random() < 0.7 else value[:2]
    elif value:
        place = rng.randrange(len(value))
        value[place:place] = value[place : place + 1] * rng.choice([1, 1, 1, 50])


def _written(rng: Random, names: Sequence[str], choices: Sequence[str] = EXPRESSIONS) -> list[ast.stmt]:
    text = re.sub(r"\bx\b", lambda _: rng.choice(names), rng.choice(choices))
    return ast.parse(text).body


CHANGES = [_characters, _tokens, _tokens, _lines, _lines, _splice, _syntax, _syntax, _syntax, _ends]
