"""What the results of a document's units add up to, kept as they come and go: which code has run, which
definitions nothing calls, and how many automatic names of each kind were given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from .incremental.timeline import Step
from .interpreter.core import UnitResult
from .interpreter.numbering import tag
from .value import Class, Function, Span

RESET = ".reset"
Code = tuple[str, Span]


class Ledger:
    """Sums over the units of one document; each change of a unit or of its result is told once."""

    def __init__(self) -> None:
        self.executed: Counter[Code] = Counter()
        self._defined: dict[Code, Step] = {}
        self._uncalled: set[Code] = set()
        self._uses: Counter[str] = Counter()
        self._tags: dict[str, Step] = {}
        self._makers: dict[str, set[Step]] = {}

    def enter(self, step: Step) -> None:
        """A unit is part of the document now, under its key."""
        self._tags[tag(step.key)] = step
        self._uses.update(step.payload.names)

    def leave(self, step: Step) -> None:
        """The opposite of ``enter``; its result has been dropped before."""
        if self._tags.get(tag(step.key)) is step:
            del self._tags[tag(step.key)]
        self._uses.subtract(step.payload.names)

    def take(self, step: Step, new: UnitResult | None) -> None:
        """The unit gets another result, or none; it still has the old one."""
        old: UnitResult | None = step.result
        if old is new:
            return
        if old is not None:
            for code in old.executed:
                self.executed[code] -= 1
                if not self.executed[code]:
                    del self.executed[code]
                    if code in self._defined:
                        self._uncalled.add(code)
            for definition in module_definitions(old):
                for code in codes(definition):
                    self._defined.pop(code, None)
                    self._uncalled.discard(code)
            for what in made(old):
                self._makers[what].discard(step)
        if new is not None:
            for definition in module_definitions(new):
                for code in codes(definition):
                    self._defined[code] = step
                    if code not in self.executed:
                        self._uncalled.add(code)
            for code in new.executed:
                self.executed[code] += 1
                self._uncalled.discard(code)
            for what in made(new):
                self._makers.setdefault(what, set()).add(step)

    def uncalled(self) -> list[Function | Class]:
        """Definitions with code that no unit has run: first those that no other statement speaks of, later ones first."""
        steps = sorted({self._defined[code] for code in self._uncalled}, key=lambda step: -step.order)
        found = [
            (self._uses[definition.code.name] - (definition.code.name in step.payload.names) > 0, definition)
            for step in steps
            for definition in reversed(module_definitions(step.result))
        ]
        return [definition for _, definition in sorted(found, key=lambda pair: pair[0])]

    def makes(self, what: str) -> bool:
        """Whether any unit gives automatic names of a kind, or starts them anew."""
        return bool(self._makers.get(what) or self._makers.get(RESET))

    def made_before(self, unit: str, what: str) -> int | None:
        """How many automatic names of a kind the units above one (by its tag) have given; None: not known."""
        here = self._tags.get(unit)
        if here is None:
            return None
        since = max((step.order for step in self._makers.get(RESET, ()) if step.order < here.order), default=0)
        total = 0
        for step in self._makers.get(what, ()):
            if since <= step.order < here.order:
                number = made(step.result)[what]
                if not isinstance(number, int):
                    return None
                total += number
        return total


def made(result: UnitResult) -> dict[str, Any]:
    """How many automatic names of each kind a unit gave; computed once."""
    found = result.__dict__.get("_made")
    if found is None:
        found = {
            name: value
            for (owner, name), value in result.writes.items()
            if isinstance(owner, tuple) and owner[0] == "count"
        }
        result.__dict__["_made"] = found
    return found


def bound(result: UnitResult) -> frozenset[Any]:
    """The names of modules that a unit bound; computed once."""
    found = result.__dict__.get("_bound")
    if found is None:
        found = result.__dict__["_bound"] = frozenset(
            place for place in result.writes if isinstance(place[0], tuple) and str(place[0][0]).startswith("module ")
        )
    return found


def module_definitions(result: UnitResult) -> list[Any]:
    """The functions and classes that a unit defines for the module."""
    return [
        definition
        for scope, definition in result.definitions
        if scope.names is None and isinstance(definition, (Function, Class)) and definition.code is not None
    ]


def codes(definition: Any) -> Collection[Code]:
    """The pieces of code that must have run, for a definition to count as called."""
    code = definition.code
    if isinstance(definition, Function):
        return [(code.unit, code.span)]
    return [(code.unit, span) for span in code.node.__dict__.get("_method_spans", ())] or [(code.unit, code.span)]
