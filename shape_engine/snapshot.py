"""What the engine knows about one version of one document: immutable, positions absolute."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from .problems import Problem
from .value import Instance, Made, Site, Span, Tensor, Value
from .wording import Raised, Version


@dataclass(frozen=True, slots=True)
class Place:
    """A span in a document; ``name`` is what people call the document, where its URI does not tell."""

    uri: str
    span: Span
    name: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """Where a number of a finding came from.

    ``role`` is a parameter name ("x", "kernel_size"), or "call" for a call on the way from the module
    to the line that raises; ``value`` is what was found there (a dim, a setting, a Tensor).
    """

    place: Place
    role: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A call that raises: what is wrong, where, why, and in the framework's own words.

    ``span`` is where to draw the squiggle; it lies inside ``call``, the call that raises.
    """

    problem: Problem
    span: Span
    raised: Raised
    framework: str
    version: Version
    related: tuple[Related, ...] = ()
    made: Made | None = None
    assumed: bool = False
    call: Span | None = None

    @property
    def code(self) -> str:
        return self.problem.code


@dataclass(frozen=True, slots=True)
class Observation:
    """A value seen at an expression, or given to a name; several executions are joined.

    ``text`` is the source of the expression, ``target`` tells an assigned name from an expression.
    ``variants`` are the different values that it had, in order, when several contexts gave it several.
    """

    span: Span
    text: str
    value: Value
    target: bool = False
    contexts: int = 1
    assumed: bool = False
    variants: tuple[Value, ...] = ()

    @property
    def tensor(self) -> Tensor | None:
        return self.value if isinstance(self.value, Tensor) else None


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace a span of the document by a text."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair that the engine has tried: with it the finding is gone, and none is new."""

    title: str
    edits: tuple[Edit, ...]
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Ignore:
    """A comment that tells what not to report: ``codes`` (none: whatever it is) of what starts on its ``lines``.

    ``span`` is the comment; it is not ``certain`` which lines it speaks for where the text around it does not parse.
    """

    span: Span
    codes: tuple[str, ...]
    lines: tuple[tuple[int, int], ...] = ()
    certain: bool = True

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of this finding."""
        line = finding.span.line
        return (not self.codes or finding.code in self.codes) and any(a <= line <= b for a, b in self.lines)


@dataclass(frozen=True)
class Tree:
    """The syntax of a unit, and where its nodes stand; of equal units it is the same, so nobody compares it."""

    body: list[ast.stmt] = field(default_factory=list, compare=False, repr=False)
    span: Callable[[ast.AST], Span] = field(default=lambda node: Span(1, 0, 1, 0), compare=False, repr=False)


class Part(NamedTuple):
    """The observations of one unit, whose lines count from the unit: ``above`` lines stand before it."""

    above: int
    length: int
    relative: tuple[Observation, ...]
    tree: Tree = Tree()

    def absolute(self) -> Iterator[Observation]:
        """The observations at their places in the document."""
        for seen in self.relative:
            yield replace(seen, span=seen.span.moved(self.above))


@dataclass(frozen=True, slots=True)
class Work:
    """What one change made the engine do: the units by the lines where they start, in the order in which they ran.

    ``probed`` are definitions that nothing calls, by the lines of their ``def`` or ``class``; ``reused`` tells how many
    units kept their results, ``steps`` how many steps the interpreter took.
    """

    parsed: tuple[int, ...] = ()
    executed: tuple[int, ...] = ()
    probed: tuple[int, ...] = ()
    reused: int = 0
    steps: int = 0

    def and_then(self, parsed: list[int], executed: list[int], probed: list[int], reused: int, steps: int) -> Work:
        """This work and more; documents that hear of each other may have to run units several times."""
        return Work(
            (*self.parsed, *parsed), (*self.executed, *executed), (*self.probed, *probed), reused, self.steps + steps
        )

    def __str__(self) -> str:
        kinds = {"parsed": self.parsed, "executed": self.executed, "probed": self.probed}
        return ", ".join([*(f"{len(lines)} {kind}" for kind, lines in kinds.items()), f"{self.reused} reused"])


@dataclass(frozen=True)
class Snapshot:
    """Findings and observations of one version of a document, each sorted by where it starts."""

    uri: str
    version: int | None
    findings: tuple[Finding, ...] = ()
    parts: tuple[Part, ...] = ()
    broken: tuple[tuple[Span, str], ...] = ()  # syntax errors: where, and the parser's words
    ignores: tuple[Ignore, ...] = ()  # comments that tell what not to report
    pending: bool = False  # some import is still being looked up
    frameworks: Mapping[str, Version] = field(default_factory=dict)  # the versions that it speaks for
    work: Work = field(default=Work(), compare=False)
    errors: tuple[str, ...] = ()  # tracebacks of bugs of ours, for the log
    plain: Callable[[str], str] = field(default=str, compare=False)  # fills in the numbers of automatic names
    describe: Callable[[Any], Any] = field(default=lambda obj: None, compare=False)  # what a layer or model is
    line: Callable[[int], str] = field(default="line {}".format, compare=False)  # how a line of the document is called
    output: Callable[[Any], Any] = field(default=lambda obj: None, compare=False)  # what a layer gave first
    place: Callable[[Site], Place | None] = field(default=lambda site: None, compare=False)  # where a site is
    _outputs: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    around: tuple[Part, ...] = field(default=(), compare=False)  # of a notebook's cell: what the others hold

    @cached_property
    def observations(self) -> tuple[Observation, ...]:
        """All observations; asking for a few lines with ``between`` costs less."""
        return tuple(seen for part in self.parts for seen in part.absolute())

    def is_reached(self, seen: Observation) -> bool:
        """Whether the program gets as far as to this value: not where a call of its statement raises."""
        return not any(
            finding.call is not None
            and (finding.call in seen.span or (seen.target and finding.call.line == seen.span.line))
            for finding in self.findings
        )

    def output_of(self, layer: Instance) -> Any:
        """What a layer gave, as it was when somebody asked first: the engine may have gone on since."""
        if layer.id not in self._outputs:
            self._outputs[layer.id] = self.output(layer)
        return self._outputs[layer.id]

    def at(self, line: int, column: int) -> Observation | None:
        """The innermost observation whose span holds the position."""
        best: Observation | None = None
        for seen in self._near(line, line):
            span = seen.span
            if (span.line, span.column) > (line, column):
                break
            if (line, column) <= (span.end_line, span.end_column) and (best is None or seen.span in best.span):
                best = seen
        return best

    def between(self, first: int, last: int) -> tuple[Observation, ...]:
        """The observations that start on these lines, both included."""
        return tuple(seen for seen in self._near(first, last) if first <= seen.span.line <= last)

    def _near(self, first: int, last: int) -> Iterator[Observation]:
        """The observations of the units that touch these lines."""
        for part in self.touching(first, last):
            yield from part.absolute()

    def touching(self, first: int, last: int) -> Iterator[Part]:
        """The units that touch these lines."""
        position = max(bisect_right(self.parts, first - 1, key=lambda part: part.above) - 1, 0)
        for part in self.parts[position:]:
            if part.above >= last:
                break
            if part.above + part.length >= first:
                yield part


@dataclass(frozen=True, slots=True)
class Located:
    """A module of the user's that was found; ``uri`` is the key that ``Names.read`` takes."""

    name: str
    uri: str
    package: bool = False


PENDING = Located("", "")
"""The answer to ``locate`` while the search is under way; the engine is told later by ``invalidate``."""


class Names(Protocol):
    """How the engine asks for modules of the user's.  Framework names never come here."""

    def locate(self, module: str, importer: str, level: int) -> Located | None:
        """The module that ``import module`` (``from ..module import`` with ``level`` 2) means in that
        document; None if there is none, PENDING if it is being looked up.  Must return at once."""

    def read(self, uri: str) -> str | None:
        """The text of a module that is not open in the editor."""

    def shadows(self, importer: str, name: str) -> bool:
        """Whether a framework's name means a file of the user's in that document: a ``torch.py`` beside it."""


@dataclass(frozen=True)
class Settings:
    """What the engine is told about the user's environment.

    ``versions`` by framework name ("keras", "tf_keras", "tensorflow", "torch", "numpy");
    ``legacy_keras``: whether ``tf.keras`` means Keras 2; ``assume`` are names that stand for symbolic
    ints in every module (fixtures); ``state`` is the frameworks' global state before a program runs.
    """

    versions: Mapping[str, Version] = field(default_factory=dict)
    backend: str = "tensorflow"
    legacy_keras: bool = False
    assume: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[Any, Value] = field(default_factory=dict)

    def version(self, framework: str) -> Version:
        return self.versions.get(framework) or NEWEST.get(framework, ())


IMAGE_DATA_FORMAT = (("keras", 0), ".data_format")
"""The key in ``Settings.state`` of Keras' image_data_format."""

NEWEST: Mapping[str, Version] = {
    "keras": (3, 15, 1),
    "tf_keras": (2, 21, 0),
    "tensorflow": (2, 21, 0),
    "torch": (2, 13, 0),
    "numpy": (2, 4, 6),
}
"""The versions that are assumed where the environment does not tell."""
