"""One document: its units, their results, what it imports, and what the interpreter asks of it."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .assembly import Assembly
from .incremental.text import Chunk, Parsed, parse, resplit, split
from .incremental.timeline import Step, Timeline, occurrences
from .interpreter.core import Interpreter, UnitResult, module_scope
from .interpreter.join import same
from .interpreter.numbering import tag
from .rule import MISSING
from .snapshot import PENDING, Snapshot
from .value import Class, Function, Module, Span, Unknown, Value

if TYPE_CHECKING:
    from .engine import Engine

END = sys.maxsize


class Unit:
    """A top-level statement: its syntax, and where it starts now."""

    __slots__ = ("key", "line", "names", "parsed", "text")

    def __init__(self, text: str, parsed: Parsed):
        self.text, self.parsed = text, parsed
        self.line, self.key = 1, ""
        nodes = [node for statement in parsed.body for node in ast.walk(statement)]
        used = {node.id for node in nodes if isinstance(node, ast.Name)}
        self.names = frozenset(used | {node.attr for node in nodes if isinstance(node, ast.Attribute)})


class Document:
    """One document: its units, their results, and what it imports."""

    def __init__(self, engine: Engine, uri: str):
        self.engine, self.uri = engine, uri
        self.open, self.text = False, ""
        self.version: int | None = None
        self.chunks: list[Chunk] = []
        self.timeline = Timeline(same, MISSING)
        self.probes: dict[str, Step] = {}
        self.units: dict[str, Unit] = {}
        self.imports: dict[str, None] = {}
        self.pending = False
        self.analysing = False
        self.work: dict[str, int] = {}
        self.bases: set[Any] = set()  # locations that stand for how many layers were made above a unit
        self.assembly = Assembly(self)
        self._snapshot: Snapshot | None = None

    # text

    def set_text(self, text: str) -> None:
        """Fall apart into units; those whose text was there before keep their syntax and results."""
        if text == self.text and self.chunks:
            self.work = {"parsed": 0}
            return
        self.chunks = resplit(self.chunks, self.text, text) if self.chunks else split(text)
        self.text = text
        self._snapshot = None
        known: dict[str, list[Step]] = {}
        for step in self.timeline.steps:
            known.setdefault(step.payload.text, []).append(step)
        by_key: dict[Any, list[Step]] = {}
        steps: list[Step | None] = []
        fresh: list[tuple[int, Unit]] = []
        lines: list[int] = []
        parsed_now = 0
        for chunk in self.chunks:
            if chunk.kind != "code":
                continue
            lines.append(chunk.line)
            same_text = known.get(chunk.text)
            if same_text:
                steps.append(same_text.pop(0))
                continue
            parsed_now += 1
            fresh.append((len(steps), Unit(chunk.text, parse(chunk.text))))
            steps.append(None)
        if fresh:  # a unit that differs only in a comment is the unit that it was
            for left in known.values():
                for step in left:
                    by_key.setdefault((step.payload.parsed.key, step.payload.parsed.errors), []).append(step)
            for position, unit in fresh:
                candidates = by_key.get((unit.parsed.key, unit.parsed.errors))
                if candidates:
                    step = candidates.pop(0)
                    step.payload.text = unit.text
                    steps[position] = step
                else:
                    steps[position] = Step("", unit)
        ordered = [step for step in steps if step is not None]
        for step, line, key in zip(ordered, lines, occurrences(s.payload.parsed.key for s in ordered), strict=True):
            step.payload.line = line
            name = f"{self.uri}\n{key}"
            if step.key != name:
                if step.result is not None:  # equal text elsewhere came or went: its objects get other names
                    self.assembly.listen(step, None)
                    self.timeline.arrange([s for s in self.timeline.steps if s is not step])
                step.key = step.payload.key = name
        self.units = {step.key: step.payload for step in ordered}
        kept = set(map(id, ordered))
        for step in self.timeline.steps:
            if id(step) not in kept:
                self.assembly.listen(step, None)
                self.assembly.parts.pop(step.key, None)
        self.timeline.arrange(ordered)
        if self.timeline.dirty:
            self.timeline.dirty |= self.bases
        self.work = {"parsed": parsed_now}

    # analysis

    def analyse(self, should_stop: Callable[[], bool] | None) -> set[Any]:
        """Run the units that must run; returns the locations whose value changed."""
        if self.analysing:
            return set()
        self.analysing = True
        self._snapshot = None
        interpreter = Interpreter(self, self.engine.settings, should_stop)
        try:
            self.pending = False
            changed, ran = self.timeline.advance(
                lambda step: self._run(interpreter, step), lambda step, location: self._at(step.order, location)
            )
            probed = self._probe(interpreter, changed) if self.open else 0
        finally:
            self.analysing = False
        self.work = {**self.work, "executed": ran, "probed": probed, "reused": len(self.timeline.steps) - ran}
        return changed

    def trial(self, text: str) -> Snapshot:
        """What another text would give; afterwards the document is as it was."""
        kept = self.text
        try:
            self.set_text(text)
            self.analyse(None)
            return self.snapshot()
        finally:
            self.set_text(kept)
            self.analyse(None)

    def forget_imports(self) -> None:
        """Look the imports up again."""
        for step in (*self.timeline.steps, *self.probes.values()):
            if step.result is not None:
                self.timeline.dirty.update(
                    loc for loc in step.result.reads if isinstance(loc[0], tuple) and loc[0][0] in ("import", "shadow")
                )

    def _run(self, interpreter: Interpreter, step: Step) -> UnitResult:
        self._order = step.order
        unit: Unit = step.payload
        result = interpreter.run_unit(step.key, self.uri, unit.parsed.body)
        if self.bases and _counts(result) != _counts(step.result):
            self.timeline.dirty |= self.bases
        self.assembly.listen(step, result)
        return result

    def _probe(self, interpreter: Interpreter, changed: set[Any]) -> int:
        """Analyse what nothing calls: later definitions first, since they tend to call earlier ones."""
        executed = {code for step in self.timeline.steps for code in step.result.executed}
        wanted: dict[str, Step] = {}
        ran = 0
        self._order = END
        for definition in self._definitions():
            codes = _codes(definition)
            missing = [code for code in codes if code not in executed]
            if not missing:
                continue
            name = f"{definition.code.unit}\nprobe {definition.code.name} {definition.code.span.line}"
            step = self.probes.get(name) or Step(name)
            facts = (definition, frozenset(codes) & executed)
            result: UnitResult | None = step.result
            stale = result is None or step.payload != facts
            if result is not None and not stale and not changed.isdisjoint(result.reads):
                stale = not all(same(self._at(END, loc), result.reads[loc]) for loc in result.reads if loc in changed)
            if stale:
                ran += 1
                step.payload = facts
                result = interpreter.run_probe(name, self.uri, definition, facts[1])
                self.assembly.listen(step, result)
                step.result = result
            assert result is not None
            wanted[name] = step
            step.order = END + len(wanted)
            executed |= result.executed
        for name, step in self.probes.items():
            if name not in wanted:
                self.assembly.listen(step, None)
        self.probes = wanted
        return ran

    def _definitions(self) -> list[Any]:
        """The functions and classes of the module: first those that no other statement speaks of."""
        found: list[Any] = []
        uses = Counter(name for step in self.timeline.steps for name in step.payload.names)
        for step in self.timeline.steps:
            for scope, definition in step.result.definitions:
                if scope.names is None and isinstance(definition, (Function, Class)) and definition.code is not None:
                    name = definition.code.name
                    found.append((uses[name] - (name in step.payload.names) > 0, definition))
        found.reverse()
        return [definition for _, definition in sorted(found, key=lambda pair: pair[0])]

    # Program: what the interpreter asks

    def outside(self, location: Any) -> Value:
        return self._at(self._order, location)

    def _at(self, order: int, location: Any) -> Value:
        owner, name = location
        if isinstance(owner, tuple) and owner[0] == "import":
            return self._import(name)
        if isinstance(owner, tuple) and owner[0] == "shadow":
            return self.engine.names is not None and self.engine.names.shadows(owner[1], name)
        if isinstance(owner, tuple) and owner[0] == "base":
            self.bases.add(location)
            unit, _, what = name.partition(" ")
            return self.made_before(unit, what)
        value = self.timeline.before(order, location)
        if value is not MISSING:
            return value
        home = _home(owner)
        if home is None:
            return self.engine.settings.state.get(location, MISSING)
        if home == self.uri:
            return MISSING
        self.engine.load(home)
        for uri in (home, *self.engine.closure(self.uri)):
            document = self.engine.documents.get(uri)
            if document is not None and document is not self:
                value = document.timeline.last(location)
                if value is not MISSING:
                    return value
        return MISSING

    def span(self, unit: str, node: ast.AST) -> Span:
        owner = unit.partition("\n")[0]
        document = self if owner == self.uri else self.engine.documents.get(owner)
        found = None if document is None else document.units.get(unit)
        if found is None:
            n: Any = node
            return Span(n.lineno, n.col_offset, n.end_lineno, n.end_col_offset)
        return found.parsed.span(node)

    def import_module(self, name: str, importer: str, level: int) -> Value:
        """Not remembered by itself: the interpreter reads the location that stands for the import."""
        names = self.engine.names
        if names is None:
            return Unknown(f"the module {name} is not looked up")
        located = names.locate(name, importer, level)
        if located is PENDING:
            self.pending = True
            return Unknown(f"the module {'.' * level}{name} is being looked up")
        if located is None:
            return Unknown(f"the module {'.' * level}{name} is not found")
        self.imports[located.uri] = None
        return Module(located.name, located.uri)  # read when something of it is needed

    def module_names(self, uri: str) -> list[str]:
        document = self.engine.load(uri)
        if document is None:
            return []
        owner = module_scope(uri).id
        exported = document.timeline.last((owner, "__all__"))
        found = [name for (where, name) in document.timeline.writers if where == owner]
        del exported  # every name is harmless; the ones with an underscore are not exported
        return [name for name in found if not name.startswith("_")]

    def is_beside(self, uri: str, module: str) -> bool:
        folder = uri.rpartition("/")[0]
        return folder.endswith("/" + module.rpartition(".")[0].replace(".", "/"))

    def _import(self, what: str) -> Value:
        level, importer, name = what.split("\n")
        return self.import_module(name, importer, int(level))

    def made_before(self, unit: str, what: str) -> int | None:
        """How many automatic names of a kind the units above one have given; None where that is not known."""
        total: int | None = 0
        for step in self.timeline.steps:
            if tag(step.key) == unit:
                return total
            if step.result is None:
                continue
            owner = ("count", step.key)
            if step.result.writes.get((owner, ".reset")):
                total = 0
            made = step.result.writes.get((owner, what), 0)
            total = total + made if total is not None and isinstance(made, int) else None
        return None

    def snapshot(self) -> Snapshot:
        """What is known now, in absolute positions."""
        if self._snapshot is None:
            self._snapshot = self.assembly.snapshot()
        return self._snapshot


def _home(owner: Any) -> str | None:
    """The document in which the object or scope that owns a location was made."""
    if not isinstance(owner, tuple) or not isinstance(owner[0], str):
        return None
    if owner[0].startswith("module "):
        return owner[0].removeprefix("module ")
    uri, inside, _ = owner[0].partition("\n")
    return uri if inside else None


def _counts(result: UnitResult | None) -> dict[Any, Value]:
    """What a unit gave automatic names to."""
    if result is None:
        return {}
    return {loc: value for loc, value in result.writes.items() if isinstance(loc[0], tuple) and loc[0][0] == "count"}


def _codes(definition: Function | Class) -> list[tuple[str, Span]]:
    code = definition.code
    assert code is not None
    if isinstance(definition, Function):
        return [(code.unit, code.span)]
    node: Any = code.node
    return [(code.unit, span) for span in node.__dict__.get("_method_spans", ())] or [(code.unit, code.span)]
