"""The interpreter: its state, and the dispatch to what executes statements and evaluates expressions."""

from __future__ import annotations

import ast
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ..dim import Symbol
from ..problems import Problem
from ..rule import MISSING
from ..snapshot import Related, Settings
from ..value import (
    Assumed,
    Class,
    Dict,
    Function,
    Instance,
    Known,
    List,
    Made,
    Module,
    ObjectId,
    Scope,
    Site,
    Span,
    Tensor,
    Unknown,
    Value,
    ancestry,
    objects_in,
)
from ..wording import Frame as CallFrame
from ..wording import Raised, Version
from .join import join, join_dims, same, symbol_of_contexts
from .limits import bounded_items
from .store import Clock, Location, Store, merge

if TYPE_CHECKING:
    from .context import CallContext
    from .paths import Answer
    from .replay import Journal, Trace

SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)
"""Statements of which a part is mostly the whole."""

MAX_STEPS = 100_000  # for one unit, or one definition that nothing calls
MAX_IDLE = 20_000  # of these in a row while no function of a framework is called
MAX_PROBING = 600_000  # for all that nothing calls in a document
MAX_DEPTH = 60
MAX_UNROLL = 512
MAX_VARIANTS = 64  # how many different values of one expression are kept apart
MERGED_PER_STEP = 16  # locations whose values are joined
MAX_GUESSES = 2  # how often a function may call itself when it is not known that it does


class TooMuchWork(Exception):
    """The unit took more steps than it may."""


class Stopped(Exception):
    """Somebody asked the analysis to stop."""


class Program(Protocol):
    """What the interpreter asks of the program around the unit that it runs."""

    def outside(self, location: Location) -> Value:
        """What the units before this one (and other modules) left at a location."""

    def span(self, unit: str, node: ast.AST) -> Span:
        """Where a node of a unit stands, relative to the unit."""

    def definition_around(self, site: Site) -> Span | None:
        """The function, lambda or class in whose own code a place stands, relative to its unit; None for the module's.

        Raises :class:`LookupError` where that is not known: the unit is gone, or has errors of syntax.
        """

    def import_module(self, name: str, importer: str, level: int) -> Value:
        """The value of a module of the user's: Module, or Unknown."""

    def is_complete(self, uri: str) -> bool:
        """Whether a module of the user's has run to its end when this one imports it: not if it imports this one."""

    def is_beside(self, uri: str, module: str) -> bool:
        """Whether a module of a framework, by its full name, lies in the same folder as a document.

        Then the document is part of the framework, and what lies beside it is read like user code;
        all else of the framework is known by rules, or not at all.
        """


@dataclass(frozen=True)
class Discovery:
    """A finding whose place still counts from the first line of its unit."""

    problem: Problem
    site: Site
    call: Site
    raised: Raised
    framework: str
    version: Version
    related: tuple[tuple[Site, str, Value], ...]
    made: Made | None
    assumed: bool


@dataclass
class Seen:
    """A value observed at an expression or an assigned name, joined over executions.

    ``variants`` are the different values, in the order in which they were seen, while they are few.
    """

    value: Value
    variants: tuple[Value, ...] = ()
    contexts: int = 1
    target: bool = False
    assumed: bool = False
    by_hash: dict[int, tuple[Value, ...]] = field(default_factory=dict, repr=False, compare=False)  # the variants again

    def add(self, value: Value) -> None:
        """It was executed once more, and gave this."""
        self.contexts += 1
        if not self._knows(value):
            self.value = join(self.value, value, symbol_of_contexts)

    def both(self, other: Seen) -> Seen:
        """What was seen here and there, in this order."""
        value, contexts = join(self.value, other.value, symbol_of_contexts), self.contexts + other.contexts
        assumed = self.assumed and other.assumed
        seen = Seen(value, self.variants, contexts, self.target, assumed, dict(self.by_hash))
        for variant in other.variants:
            seen._knows(variant)
        return seen

    def _knows(self, value: Value) -> bool:
        """Whether it is one of the variants; if not, it is now."""
        code = hash(value)
        alike = self.by_hash.get(code, ())
        if any(same(value, other) for other in alike):
            return True
        if len(self.variants) < MAX_VARIANTS:
            self.variants = (*self.variants, value)
            self.by_hash[code] = (*alike, value)
        return False


@dataclass
class UnitResult:
    """What running a unit did: what it read and wrote, and what was learned."""

    reads: dict[Location, Value]
    writes: dict[Location, Value]
    seen: dict[tuple[str, Span, bool], Seen]
    discoveries: dict[tuple[Any, ...], Discovery]
    definitions: tuple[tuple[Scope, Value], ...]
    executed: frozenset[tuple[str, Span]]
    steps: int
    errors: tuple[str, ...] = ()
    doubtful: bool = False  # whether something raised in it that nobody could word
    traces: dict[int, Trace] = field(default_factory=dict, compare=False)  # of its larger calls, to replay them

    def by_unit(self) -> dict[str, list[tuple[Span, bool, Seen]]]:
        """What was seen, by the unit in which it stands; computed once."""
        found = self.__dict__.get("_by_unit")
        if found is None:
            found = self.__dict__["_by_unit"] = {}
            for (unit, span, target), one in self.seen.items():
                found.setdefault(unit, []).append((span, target, one))
        return found


@dataclass
class Loop:
    """The states in which a running loop was left or continued early."""

    breaks: list[Store] = field(default_factory=list)
    continues: list[Store] = field(default_factory=list)


@dataclass
class Frame:
    """One running call, class body or module body."""

    scope: Scope
    unit: str
    function: Function | None = None
    returns: list[tuple[Store, Value]] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    on_yield: Callable[[Value], None] | None = None  # a context manager's: runs the body of the ``with``
    first: Value = MISSING  # the first argument: "self" for super()
    call_site: Site | None = None
    perhaps: bool = False  # it is not known whether the rest of it is run


class Interpreter:
    """Runs one unit after another; all lasting state is in stores."""

    def __init__(self, program: Program, settings: Settings, should_stop: Callable[[], bool] | None = None):
        self.program = program
        self.settings = settings
        self.should_stop = should_stop
        self.store = Store()
        self.frames: list[Frame] = []
        self.call_frames: list[CallFrame] = []
        self.catching: list[frozenset[str]] = []
        self.outer_calls: list[dict[Site, bool]] = []
        self.steps = 0
        self.enough = MAX_IDLE  # the number of steps at which the work is too much
        self.first_progress = self.last_progress = 0  # when a function of a framework was called; 0: not yet
        self.taken = 0  # steps of all units that have run, but for those of calls that were replayed
        self.spared = 0  # steps of such calls in this unit
        self.silent = 0
        self.assuming = 0
        self.tracing = 0  # calls under way of functions that TensorFlow traces: its errors are others there
        self.uncertain = 0  # branches and loops around the running code that may not be run at all
        self.forked = 0  # the branches among them
        self.answers: list[Answer] = []  # how conditions were answered on the way to the running code: see paths.py
        self.local: dict[str, Any] = {}
        self.clock = Clock("")
        self.seen: dict[tuple[str, Span, bool], Seen] = {}
        self.discoveries: dict[tuple[Any, ...], Discovery] = {}
        self.definitions: list[tuple[Scope, Value]] = []
        self.executed: set[tuple[str, Span]] = set()
        self.errors: list[str] = []
        self.compound = False  # whether the unit may do more than one thing
        self.former: dict[int, Trace] = {}  # traces that calls left when the unit ran the last time
        self.traces: dict[int, Trace] = {}  # those that they leave now
        self.touched: set[Location] | None = None  # what is read while a generator is run ahead
        self.journal: Journal | None = None  # of the innermost call under way that is to leave a trace

    # running units

    def run_unit(self, unit: str, uri: str, body: list[ast.stmt], former: UnitResult | None = None) -> UnitResult:
        """Execute a top-level statement; ``former`` is what came of it the last time."""
        from . import calls, definitions, loops  # noqa: F401  (they register statements and expressions)
        from .statements import execute_block

        def run() -> None:
            execute_block(self, body)

        self.compound = len(body) != 1 or not isinstance(body[0], SIMPLE)
        return self._run(unit, uri, run, former, body)

    def run_probe(
        self, unit: str, uri: str, definition: Value, called: frozenset[Any], former: UnitResult | None = None
    ) -> UnitResult:
        """Analyse a function or class that nothing calls, with symbolic arguments.

        ``called`` are the methods of the class that other code calls: they are left alone.
        """
        from .probe import probe

        def run() -> None:
            self.assuming += 1
            try:
                probe(self, definition, called)
            finally:
                self.assuming -= 1

        self.compound = isinstance(definition, Class)
        return self._run(unit, uri, run, former)

    def at_the_end(self, uri: str) -> CallContext:
        """A call that reads the state which a document's code leaves, and changes nothing."""
        from .context import CallContext

        self.steps, self.enough = 0, MAX_STEPS
        self.store = Store(outside=self.program.outside, clock=self.clock)
        self.frames = [Frame(module_scope(uri), self.unit)]
        return CallContext(self, None)

    def _run(
        self,
        unit: str,
        uri: str,
        work: Callable[[], None],
        former: UnitResult | None,
        body: list[ast.stmt] | None = None,
    ) -> UnitResult:
        self.clock, self.steps, self.local = Clock(unit), 0, {}
        self.enough, self.first_progress = MAX_IDLE, 0
        self.seen, self.discoveries, self.definitions, self.executed, self.errors = {}, {}, [], set(), []
        self.call_frames, self.catching, self.outer_calls, self.silent, self.uncertain = [], [], [], 0, 0
        self.tracing, self.forked, self.spared, self.touched, self.answers = 0, 0, 0, None, []
        self.former, self.traces, self.journal = {} if former is None else former.traces, {}, None
        if self.should_stop is not None and self.should_stop():
            raise Stopped
        bottom = self.store = Store(outside=self.program.outside, clock=self.clock)
        self.frames = [Frame(module_scope(uri), unit)]
        try:
            work()
        except (TooMuchWork, RecursionError) as error:
            if isinstance(error, TooMuchWork):
                self.steps = MAX_STEPS  # of many definitions that are hostile only the first few are tried
            self._forget_writes("it takes too much work to follow", bottom, body)
        except Stopped:
            raise
        except Exception:  # a bug of ours costs this unit, never the session
            self.errors.append(traceback.format_exc())
            self._forget_writes("an internal error", bottom, body)
        self.taken += self.steps - self.spared
        writes = self.store.since(bottom) if self.store is not bottom else {}
        bottom.writes.update(writes)
        return UnitResult(
            bottom.reads, bottom.writes, self.seen, self.discoveries, tuple(self.definitions),
            frozenset(self.executed), self.steps, tuple(self.errors), bool(self.local.get("doubtful")), self.traces,
        )  # fmt: skip

    def _forget_writes(self, why: str, bottom: Store, body: list[ast.stmt] | None) -> None:
        """What the unit has done, and what it might yet have done, is not known."""
        from .rebinding import leave_unfinished

        store: Store | None = self.store
        while store is not None:
            for location in store.writes:
                store.writes[location] = Unknown(why)
            store = store.below
        bottom.writes.update(self.store.since(bottom) if self.store is not bottom else {})
        self.store, steps = bottom, self.steps
        self.steps, self.enough = 0, MAX_STEPS
        try:
            if body is not None:
                leave_unfinished(self, body, why)
        except (TooMuchWork, RecursionError):
            pass  # what nobody can look through in as many steps
        self.steps = steps
        self.discoveries = {}
        self.seen = {}
        self.traces = {}

    # bookkeeping

    @property
    def unit(self) -> str:
        """The unit that runs."""
        return self.clock.unit

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    def step(self, work: int = 1) -> None:
        """Count a step of work, or several at once."""
        before = self.steps
        self.steps = after = before + work
        if after > self.enough:
            raise TooMuchWork
        if self.should_stop is not None and before >> 9 != after >> 9 and self.should_stop():
            raise Stopped

    def progress(self) -> None:
        """The work is good for something: a function of a framework is called."""
        self.progressed(self.steps, self.steps)

    def progressed(self, first: int, last: int) -> None:
        """There was progress between these numbers of steps."""
        self.enough = min(last + MAX_IDLE, MAX_STEPS)
        self.first_progress, self.last_progress = self.first_progress or first, last

    def new_id(self) -> ObjectId:
        return self.clock.tick()

    def assume(self, name: str) -> Assumed:
        """A parameter that nobody passes."""
        value = Assumed(self.new_id(), name)
        self.set(value.id, "truth", Unknown("whether it is true"))  # so that branches are joined that learn it
        return value

    def fresh(self, name: str | None = None, *, dynamic: bool = False, least: int = 0) -> Symbol:
        """A new symbolic length."""
        return Symbol(name, self.clock.tick(), least, dynamic)

    def span(self, node: Any, unit: str | None = None) -> Span:
        span: Span | None = node.__dict__.get("_span")  # a node belongs to one text of one unit
        if span is None:
            span = node._span = self.program.span(unit or self.frame.unit, node)
        return span

    def site(self, node: Any) -> Site:
        return Site(self.frame.unit, self.span(node))

    def observe(self, node: Any, value: Value, target: bool = False) -> None:
        """Remember what an expression, or a name that is assigned, was."""
        if self.silent:
            return
        self.see(self.frame.unit, self.span(node), target, value)

    def see(self, unit: str, span: Span, target: bool, value: Value) -> None:
        """A value was observed at a place."""
        key = (unit, span, target)
        if self.journal is not None:
            self.journal.seen.append((key, value))
            if self.touched is not None:
                return
        seen = self.seen.get(key)
        if seen is None:
            self.seen[key] = Seen(value, (value,), 1, target, bool(self.assuming), {hash(value): (value,)})
        else:
            seen.add(value)

    def discover(self, key: Any, discovery: Discovery) -> None:
        """Something was found; what was found before in the same words is not told again."""
        if self.journal is not None:
            self.journal.found.append((key, discovery))
            if self.touched is not None:
                return
        self.discoveries.setdefault(key, discovery)

    def execute(self, code: tuple[str, Span]) -> None:
        """The body of a function or class is run."""
        if self.journal is not None:
            self.journal.executed.append(code)
        self.executed.add(code)

    def remember(self, key: Any, value: Value) -> None:
        """A plain function gave this value; see memo.py."""
        if self.journal is not None:
            self.journal.remembered.append((key, value))
        self.local.setdefault(".memo", {})[key] = value

    def within_bounds(self, steps: int, idle: tuple[int, int] | None) -> bool:
        """Whether so many more steps may be taken, ``idle`` of them before the first progress and after the last."""
        return self.steps + steps <= MAX_STEPS and self.steps + (steps if idle is None else idle[0]) <= self.enough

    # state

    def get(self, owner: Any, name: str) -> Value:
        if self.touched is not None:
            self.touched.add((owner, name))
        return self.store.get((owner, name))

    def set(self, owner: Any, name: str, value: Value) -> None:
        if name == ".items":
            value = bounded_items(self, value)
            if type(value) is Unknown and not value.of:  # what was inside may still be
                value = Unknown(value.reason, objects_in(self.store.get((owner, name))))
            self._changed(owner)
        self.store.set((owner, name), value)

    def _changed(self, owner: Any) -> None:
        """The items of a container change: so they may in those that may be the same one."""
        others = self.store.get((owner, ".maybe"))
        if others is not MISSING:
            self.store.set((owner, ".maybe"), MISSING)
            for other in objects_in(others):
                if isinstance(self.store.get((other.id, ".items")), tuple):
                    self.set(other.id, ".items", Unknown("it may be another one that was changed"))

    def resolve(self, value: Value) -> Value:
        """What an Assumed has turned out to be; any other value as it is."""
        if isinstance(value, Assumed):
            known = self.get(value.id, "is")
            return value if known is MISSING else known
        return value

    def join(self, a: Value, b: Value, location: Location | None = None) -> Value:
        """What holds of both values; lists of one length are joined item by item."""
        if type(a) is type(b) and isinstance(a, (List, Dict)):
            from .collections_ import join_containers

            joined = join_containers(self, a, b)
            if joined is not MISSING:
                return joined
        return join(a, b, self.fresh)

    def merge(self, base: Store, ends: list[Store]) -> None:
        """Make ``base`` the current store, holding what is true at all the ends."""
        self.store = base
        self.step(merge(base, ends, self.join) // MERGED_PER_STEP)

    def join_all(self, values: list[Value]) -> Value:
        result = values[0]
        for value in values[1:]:
            result = self.join(result, value)
        return result

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Nothing is observed or found inside: a trial run."""
        self.silent += 1
        try:
            yield
        finally:
            self.silent -= 1

    def join_dims(self, a: Any, b: Any) -> Any:
        return join_dims(a, b, self.fresh)


def module_scope(uri: str) -> Scope:
    """The scope of a module's own names."""
    return Scope((f"module {uri}", 0), None, None, uri)


def is_observable(value: Value) -> bool:
    """Whether people want to see this value at its expression: tensors, layers and models.

    What is not known is remembered, too: to say why, and so that a shape that an expression had in
    another execution is not taken for the shape that it always has.
    """
    kind = type(value)
    return kind is Tensor or kind is Unknown or (kind is Instance and _is_of_framework(value.cls))


def _is_of_framework(cls: Value) -> bool:
    """Whether a class is a framework's, or derives from one."""
    return any(isinstance(one, Known) and not one.target.startswith("builtins.") for one in ancestry(cls))


__all__ = [
    "MAX_DEPTH", "MAX_GUESSES", "MAX_UNROLL", "Discovery", "Frame", "Interpreter", "Loop", "Module", "Program", "Related",
    "Seen", "Stopped", "TooMuchWork", "UnitResult", "is_observable", "module_scope",
]  # fmt: skip
