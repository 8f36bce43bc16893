"""One fixture, two judges: the engine reads the file, the framework runs it.

A fixture is an ordinary Python file.  A comment at the end of a statement claims what its value is,

    y = nn.Conv2d(6, 8, 3)(x)         #: (b, 8, h - 2, w - 2)
    nn.Conv2d(3, 8, 3)(x)             #! channel-mismatch

and a header gives the numbers that its symbols stand for when the framework runs it:

    # sizes: b=2, h=61, w=47 | b=1, h=20, w=33

``#: ? = (2, 10)`` is a gap that we know of: the framework gives this, the engine does not know it yet.
``#! ? = ValueError`` is a gap too: the framework raises this, the engine says nothing.  Both fail as soon
as the engine can do better.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from oracle.normalise import normalise
from oracle.process import Outcome, worker
from oracle.worker import Witness

from shape_engine import Engine, Settings, rule
from shape_engine.dim import Symbol, is_dim, is_dynamic, is_symbolic, substitute
from shape_engine.snapshot import Edit, Finding, Snapshot
from shape_engine.value import Known, Tensor
from shape_engine.wording import Raised

KINDS = {"#:": "shape", "#!": "problem"}
UNKNOWN = "?"
"""What the engine does not know; equal to no shape, no dim and no value that a fixture claims."""

Sizes = Mapping[str, Any]


@dataclass(frozen=True)
class Claim:
    """What a comment says about the statement that ends on its line."""

    line: int
    kind: str
    text: str
    gap: bool = False

    def at(self, sizes: Sizes) -> Any:
        """The claimed shape or value with numbers for the symbols."""
        return eval(self.text, {}, dict(sizes))


@dataclass(frozen=True)
class Fixture:
    """A file with claims."""

    path: Path

    @property
    def framework(self) -> str:
        return self.path.parent.name

    def __str__(self) -> str:
        return f"{self.framework}/{self.path.stem}"

    @cached_property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @cached_property
    def comments(self) -> list[tuple[int, str]]:
        tokens = tokenize.generate_tokens(io.StringIO(self.source).readline)
        return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]

    @cached_property
    def claims(self) -> dict[int, Claim]:
        """The claims by the line they stand on, which is the last line of their statement."""
        found = {}
        for line, comment in self.comments:
            if (kind := KINDS.get(comment[:2])) is None:
                continue
            text = comment[2:].strip()
            gap = text.startswith("?")
            assert line in self.statements, f"{self}:{line}: no statement ends here"
            found[line] = Claim(line, kind, text.lstrip("?= ") if gap else text, gap)
        return found

    @cached_property
    def statements(self) -> dict[int, ast.stmt]:
        """The innermost statement that ends on a line, by that line."""
        return {node.end_lineno or 0: node for node in ast.walk(self.tree) if isinstance(node, ast.stmt)}

    @cached_property
    def sizes(self) -> list[dict[str, Any]]:
        """Every set of numbers to try; one empty set for a fixture without symbols."""
        headers = [text.removeprefix("# sizes:") for _, text in self.comments if text.startswith("# sizes:")]
        return [eval(f"dict({choice})") for header in headers for choice in header.split("|")] or [{}]

    def end_of_statement(self, line: int) -> int:
        """The last line of the innermost statement that the line belongs to."""
        around = [s for s in self.statements.values() if s.lineno <= line <= (s.end_lineno or 0)]
        return max(around, key=lambda s: (s.lineno, -(s.end_lineno or 0))).end_lineno or line if around else line


@dataclass
class Happened:
    """What the framework did with a fixture: by line, the values seen and the exceptions raised."""

    values: dict[int, list[Any]] = field(default_factory=dict)
    raised: dict[int | None, list[Outcome]] = field(default_factory=dict)
    crashed: Outcome | None = None


_happened: dict[tuple[Path, str], Happened] = {}


def what_happens(fixture: Fixture, sizes: Sizes) -> Happened:
    """Run the fixture for real (once in each test process)."""
    key = fixture.path, repr(sizes)
    if key not in _happened:
        outcomes = worker(fixture.framework).run(fixture.source, sizes=sizes, claimed=fixture.claims, stop=False)
        _happened[key] = result = Happened()
        for outcome in outcomes:
            if outcome["kind"] == "crash":
                result.crashed = outcome
            elif outcome["kind"] == "raise":
                result.raised.setdefault(outcome["line"], []).append(outcome)
            elif not outcome.get("last"):
                result.values.setdefault(outcome["line"], []).append(seen(outcome))
    return _happened[key]


def seen(outcome: Outcome) -> Any:
    """What a claim about this outcome should say: shapes as tuples, what is no shape or number as text."""
    match outcome["kind"]:
        case "shape":
            return tuple(outcome["shape"])
        case "items":
            return tuple(map(seen, outcome["items"]))
        case "dict":
            return {key: seen(item) for key, item in outcome["items"]}
    return outcome["value"] if "value" in outcome else outcome["repr"]


@dataclass(frozen=True)
class Belief:
    """What the engine says about a text, in the terms of the claims."""

    text: str
    settings: Settings
    snapshot: Snapshot

    def value(self, node: ast.stmt) -> Any:
        """The value of an assignment, return or expression; UNKNOWN if the engine does not know it."""
        expression = getattr(node, "value", None)
        if expression is None:
            return UNKNOWN
        whole = _span(self.text, expression)
        for observation in self.snapshot.observations:
            span = observation.span
            if not observation.target and (span.line, span.column, span.end_line, span.end_column) == whole:
                return plain(observation.value)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            for observation in self.snapshot.observations:
                if target is None or not observation.target:
                    continue
                span = observation.span
                if (span.line, span.column, span.end_line, span.end_column) == _span(self.text, target):
                    return plain(observation.value)
        return self._witnessed.get(node.end_lineno or node.lineno, UNKNOWN)

    @cached_property
    def _witnessed(self) -> dict[int, Any]:
        """The value of every statement by its last line: numbers and tuples, which no snapshot shows."""
        tree = ast.parse(self.text)
        lines = {node.end_lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)}
        text = ast.unparse(Witness(lines).visit(tree))
        assume = {**self.settings.assume, "__saw__": Known("witness.saw")}
        _saw.clear()
        snapshot = Engine(settings=replace(self.settings, assume=assume)).update("file:///witnessed.py", 1, text)
        return {line: snapshot.plain(value) if isinstance(value, str) else value for line, value in _saw.items()}

    def findings(self, fixture: Fixture) -> dict[int, list[Finding]]:
        """The findings by the last line of the statement that they lie in."""
        found: dict[int, list[Finding]] = {}
        for finding in self.snapshot.findings:
            found.setdefault(fixture.end_of_statement(finding.span.line), []).append(finding)
        return found


def believe(text: str, *, settings: Settings | None = None, **assume: Any) -> Belief:
    """Ask a fresh engine."""
    settings = settings or Settings(assume=assume)
    return Belief(text, settings, Engine(settings=settings).update("file:///fixture.py", 1, text))


_saw: dict[int, Any] = {}


@rule.function("witness.saw", raw=True)
def _witness(call: rule.Call, line: int, value: Any) -> Any:
    """What a fixture passes its values through; the framework's judge does the same."""
    _saw[call.thaw(line)] = plain(call.thaw(value))
    return value


def symbols_for(fixture: Fixture) -> dict[str, Symbol]:
    """The fixture's sizes as symbols (sizes that are no lengths keep their first value)."""
    return {
        name: Symbol(name, least=1) if isinstance(value, int) else value for name, value in fixture.sizes[0].items()
    }


def plain(value: Any) -> Any:
    """A value of the engine in the terms of the claims; dims may still be symbolic."""
    if isinstance(value, Tensor):
        return tuple(map(plain, value.shape)) if isinstance(value.shape, tuple) else UNKNOWN
    if isinstance(value, (tuple, list)):
        return tuple(map(plain, value))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if is_dim(value):
        return None if is_dynamic(value) else value
    if value is None or isinstance(value, (bool, float, str)):
        return value
    return UNKNOWN


def at(value: Any, sizes: Sizes) -> Any:
    """The plain value with numbers for its symbols; UNKNOWN for a dim that nobody named."""
    if isinstance(value, tuple):
        return tuple(at(item, sizes) for item in value)
    if is_symbolic(value):
        number = substitute(value, dict(sizes))
        return UNKNOWN if is_symbolic(number) else number
    return value


def agrees(believed: Any, truth: Any) -> bool:
    """Whether nothing in ``believed`` contradicts ``truth``: equal, but for what is UNKNOWN."""
    if isinstance(believed, str) and believed == UNKNOWN:
        return True
    if isinstance(believed, tuple) and isinstance(truth, tuple):
        return len(believed) == len(truth) and all(map(agrees, believed, truth))
    return type(believed) is type(truth) and believed == truth


def same_text(predicted: Raised, text: str, *, cut: bool = False) -> bool:
    """Whether a text is the predicted one; where the engine knows that it cannot know, a ? stands for anything."""
    ours, theirs = normalise(predicted.text or ""), normalise(text)
    if cut and not predicted.exact:
        return theirs.startswith(ours.partition("?")[0])
    if cut:  # only the beginning was recorded
        length = min(len(theirs), 400)
        ours, theirs = ours[:length], theirs[:length]
    if predicted.exact or cut:
        return ours == theirs
    return re.fullmatch(".*".join(map(re.escape, ours.split("?"))), theirs, re.S) is not None


def has_unknown(believed: Any) -> bool:
    """Whether some part of a believed value is UNKNOWN: the engine does not claim that the line runs."""
    if isinstance(believed, tuple):
        return any(map(has_unknown, believed))
    return isinstance(believed, str) and believed == UNKNOWN


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits of a fix applied, the last one first."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for edit in sorted(edits, key=lambda edit: (edit.span.line, edit.span.column), reverse=True):
        span = edit.span
        start, end = starts[span.line - 1] + span.column, starts[span.end_line - 1] + span.end_column
        text = text[:start] + edit.text + text[end:]
    return text


def _span(text: str, node: ast.expr) -> tuple[int, int, int, int]:
    """Where the node is, in code points (ast counts bytes of UTF-8)."""
    lines = text.split("\n")

    def column(line: int, offset: int) -> int:
        return len(lines[line - 1].encode()[:offset].decode())

    last, end = node.end_lineno or node.lineno, node.end_col_offset or 0
    return node.lineno, column(node.lineno, node.col_offset), last, column(last, end)
