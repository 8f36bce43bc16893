"""Broken code: with one statement half typed, every other statement keeps its shapes and findings.

A statement is half typed in five ways: a bracket or a string is open, the colon is missing, an operator dangles, the
indent is wrong.  (Where it is wrong by half a step, nobody knows which block is meant: then there is no new finding.)
The judge is the same file with the statement replaced by one that says nothing (``y = unknown``, ``if unknown:``), and
by none.  What such files say as the intact one does is no matter of the statement, and must be there however it is broken.
"""

from __future__ import annotations

import ast
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from judges import Fixture
from shadow import URI
from test_warm import CORPORA, OWN, SEED, text_of

from shape_engine import Engine, Settings, Snapshot

KINDS = ("bracket", "colon", "string", "operator", "indent", "halfway")
QUICK = 4
"""How many statements of a file are broken where not all are."""

Said = Mapping[int, Counter[Any]]
"""What is said of each line."""


@pytest.mark.parametrize("path", OWN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_some_statements_of_a_file(path):
    judge(Breaker(text_of(path), sizes_of(path)), QUICK, path.stem)


@pytest.mark.slow
@pytest.mark.parametrize("path", OWN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_statement_of_a_file(path):
    judge(Breaker(text_of(path), sizes_of(path)), None, path.stem)


@pytest.mark.slow
def test_the_share_in_corpora(record_property, capsys):
    """Published code: it is counted how many broken statements leave all others alone."""
    whole: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for path in CORPORA:
        breaker = Breaker(text_of(path), {})
        if breaker.work <= 3_000:
            for kind, lost in breaker.losses(QUICK, f"{SEED} {path.name}"):
                whole[kind] += 1
                kept[kind] += not lost
    with capsys.disabled():
        print("\n" + "\n".join(f"{kind:9}{kept[kind]:6,} of {whole[kind]:6,} leave the others alone" for kind in KINDS))
    assert sum(kept.values()) >= 0.99 * sum(whole.values())


def sizes_of(path: Any) -> Mapping[str, Any]:
    return Fixture(path).sizes[0] if path.parts[-3] == "fixtures" else {}


def judge(breaker: Breaker, many: int | None, seed: str) -> None:
    lost = [loss for _, loss in breaker.losses(many, seed) if loss]
    assert not lost, f"{len(lost)} broken statements take others with them, the first:\n" + lost[0]


class Breaker:
    """A file whose statements are broken one by one."""

    def __init__(self, text: str, assume: Mapping[str, Any]):
        self.text = text.replace("\r\n", "\n")
        self.lines = self.text.splitlines(keepends=True)
        self.engine = Engine(settings=Settings(assume=assume))
        snapshot = self.engine.update(URI, None, self.text)
        self.work = snapshot.work.steps
        self.intact = said(snapshot)
        nodes = [node for node in ast.walk(ast.parse(self.text)) if isinstance(node, ast.stmt)]
        alone = Counter(line for node in nodes for line in {node.lineno, self.end(node)})
        self.statements = [node for node in nodes if alone[node.lineno] == alone[self.end(node)] == 1]

    def losses(self, many: int | None, seed: str) -> Iterator[tuple[str, str]]:
        """For every statement and way to break it: the kind, and what is lost, "" where nothing is."""
        rng = random.Random(seed)
        chosen = self.statements if many is None else rng.sample(self.statements, min(many, len(self.statements)))
        for node in chosen:
            silent = nothing_said(node, self.lines)
            others = (
                [silent]
                if isinstance(node, BLOCKS)
                else [silent, silent[: len(silent) - len(silent.lstrip())] + "pass"]
            )
            without: list[Said] = []
            for kind in KINDS:
                broken = half_typed(self.source(node), kind, isinstance(node, BLOCKS), rng)
                if broken is None:
                    continue
                if not without:
                    texts = [self.replaced(node, other) for other in others]
                    without = [said(self.engine.update(URI, None, text)) for text in texts]
                text = self.replaced(node, broken)
                now = said(self.engine.update(URI, None, text))
                yield kind, self.loss(node, broken, now, without, kind == "halfway")

    def loss(self, node: ast.stmt, broken: str, now: Said, without: list[Said], silence: bool) -> str:
        """A line that says something else although the statement does not matter to it; "" if there is none."""
        own = range(node.lineno, self.end(node) + 1)
        for line in sorted({*self.intact, *now}):
            said_before = self.intact.get(line)
            if line in own or now.get(line) == said_before or any(one.get(line) != said_before for one in without):
                continue
            more, less = now.get(line, Counter()), self.intact.get(line, Counter())
            if silence and not any(len(one) == 2 for one in more - less):
                continue
            return (
                f"{node.lineno}: {broken!r}\nline {line}: {self.lines[line - 1]}lost {less - more}\nnew {more - less}"
            )
        return ""

    def end(self, node: ast.stmt) -> int:
        return head_end(node, self.lines)

    def source(self, node: ast.stmt) -> str:
        """The lines of a statement, or of the head of one."""
        return "".join(self.lines[node.lineno - 1 : self.end(node)])

    def replaced(self, node: ast.stmt, code: str) -> str:
        """The text with other code in place of a statement (its head), the lines below where they are."""
        code = code.rstrip("\n")
        padding = "\n" * (self.end(node) - node.lineno + 1 - code.count("\n"))
        return "".join([*self.lines[: node.lineno - 1], code, padding, *self.lines[self.end(node) :]])


BLOCKS = (
    ast.If, ast.For, ast.While, ast.With, ast.Try, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef, ast.AsyncFor,
    ast.AsyncWith, ast.Match,
)  # fmt: skip


LITERAL = re.compile(r"""\"[^"\\\n]*"|'[^'\\\n]*'""")


def head_end(node: Any, lines: list[str]) -> int:
    """The last line of a statement, or of its head if it has a block."""
    if not isinstance(node, BLOCKS):
        return node.end_lineno or 0
    below = min(part.lineno for part in ast.walk(body_of(node)[0]) if hasattr(part, "lineno"))
    parts = [part.end_lineno for part in ast.walk(node) if getattr(part, "end_lineno", below) < below]
    last = max([node.lineno, *parts])
    return next((line for line in range(last, below) if lines[line - 1].split("#")[0].rstrip().endswith(":")), last)


def body_of(node: Any) -> list[Any]:
    return [case.pattern for case in node.cases] if isinstance(node, ast.Match) else node.body


def half_typed(source: str, kind: str, head: bool, rng: random.Random) -> str | None:
    """The statement as it is while it is typed; None if it cannot be broken like that."""
    code = source.rstrip().removesuffix(":") if head else source.rstrip()
    start = len(code) - len(code.lstrip())
    if kind == "bracket":
        places = [at + 1 for at in range(len(code)) if code[at] in "([{" and well_formed(code[start:at])]
        return code[: rng.choice(places)] if places else None
    if kind == "colon":
        return code if head else None
    if kind == "string":
        places = [at + 1 for at in range(len(code)) if code[at] in "(=" and well_formed(code[start:at])]
        return code[: rng.choice(places)] + "'words" if places else None
    if kind == "operator":
        return None if head else code + " +"
    columns = 1 if kind == "indent" else 2
    return source[columns:] if start >= 4 and rng.random() < 0.5 else " " * columns + source


def well_formed(code: str) -> bool:
    """Whether strings are closed in it, and no comment is begun."""
    return not any(sign in LITERAL.sub("", code) for sign in "\"'#")


def nothing_said(node: Any, lines: list[str]) -> str:
    """A statement that binds the same names, and of which nothing is known."""
    line = lines[node.lineno - 1]
    indent = line[: len(line) - len(line.lstrip())]
    unknown = "not_known"
    match node:
        case ast.Assign():
            code = " = ".join([*map(ast.unparse, node.targets), unknown])
        case ast.AugAssign() | ast.AnnAssign():
            code = f"{ast.unparse(node.target)} = {unknown}"
        case ast.Return():
            code = f"return {unknown}"
        case ast.If() | ast.While():
            code = f"{'if' if isinstance(node, ast.If) else 'while'} {unknown}:"
        case ast.For():
            code = f"for {ast.unparse(node.target)} in {unknown}:"
        case ast.With():
            names = [ast.unparse(item.optional_vars) for item in node.items if item.optional_vars is not None]
            code = f"with {unknown}{f' as {names[0]}' if len(names) == 1 else ''}:"
        case ast.FunctionDef():
            code = f"def {node.name}(*{unknown}, **{unknown}_):"
        case ast.ClassDef():
            code = f"class {node.name}({unknown}):"
        case ast.Try():
            code = "try:"
        case _:
            code = "pass"
    return indent + code


def said(snapshot: Snapshot) -> Said:
    """Shapes and findings, line by line."""
    found: dict[int, Counter[Any]] = {}
    for seen in snapshot.observations:
        if seen.tensor is not None:
            found.setdefault(seen.span.line, Counter())[seen.span, seen.target, str(seen.tensor.shape)] += 1
    for finding in snapshot.findings:
        found.setdefault(finding.span.line, Counter())[finding.span, finding.code] += 1
    return found
