"""The composition: text → units → results kept or made again → Snapshot."""

from __future__ import annotations

import ast
import operator
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from . import rules  # noqa: F401  (registers the rules)
from .dim import Symbol
from .incremental.text import Chunk, Parsed, parse, resplit, split
from .incremental.timeline import Step, Timeline, occurrences
from .interpreter import builtins, stdlib  # noqa: F401  (registers the rules of Python itself)
from .interpreter.core import MAX_VARIANTS, Discovery, Interpreter, Program, Seen, Stopped, UnitResult, module_scope
from .interpreter.join import join, same
from .interpreter.numbering import fill_in, fill_in_all, tag
from .problems import Problem
from .rule import MISSING
from .snapshot import PENDING, Finding, Fix, Names, Observation, Part, Place, Related, Settings, Snapshot
from .value import Class, Function, Module, Scope, Site, Span, Unknown, Value
from .wording import Raised

END = sys.maxsize


class Engine:
    """Knows the shapes in a set of documents, and keeps up with their edits.

    Not for several threads at once: callers hold a lock.
    """

    def __init__(self, names: Names | None = None, settings: Settings | None = None):
        self.names = names
        self.settings = settings or Settings()
        self.documents: dict[str, Document] = {}
        self._stale: set[str] = set()

    def update(
        self, uri: str, version: int | None, text: str, should_stop: Callable[[], bool] | None = None
    ) -> Snapshot:
        """Take over a new text of a document that is open in the editor.

        Raises :class:`Stopped` as soon as ``should_stop`` says so; the work done until then is kept.
        """
        document = self.documents.get(uri)
        if document is None:
            document = self.documents[uri] = Document(self, uri)
        document.open, document.version = True, version
        document.set_text(text)
        changed = document.analyse(should_stop)
        self._spread(document, changed, should_stop)
        self._stale.discard(uri)
        return document.snapshot()

    def close(self, uri: str) -> None:
        """The editor let go of a document; others may still import it, as it is on disk."""
        document = self.documents.get(uri)
        if document is None:
            return
        document.open, document.version = False, None
        if any(uri in other.imports for other in self.documents.values() if other is not document):
            self._reload(document)
        else:
            del self.documents[uri]

    def snapshot(self, uri: str) -> Snapshot | None:
        """The last result for an open document."""
        document = self.documents.get(uri)
        return document.snapshot() if document is not None and document.open else None

    def invalidate(self, uris: Iterable[str] = ()) -> None:
        """Files changed on disk, or a module that was being looked up has been found: imports are asked for again."""
        for uri in uris:
            document = self.documents.get(uri)
            if document is not None and not document.open:
                self._reload(document)
        for document in list(self.documents.values()):
            document.forget_imports()
            self._spread(document, document.analyse(None), None)

    def _reload(self, document: Document) -> None:
        """Take the text of a document that is not open from the disk."""
        text = None if self.names is None else self.names.read(document.uri)
        if text is not None:
            document.set_text(text)
            self._spread(document, document.analyse(None), None)

    def refresh(self) -> list[Snapshot]:
        """Open documents whose result changed because of another document, since the last call."""
        stale, self._stale = self._stale, set()
        return [
            self.documents[uri].snapshot()
            for uri in sorted(stale)
            if uri in self.documents and self.documents[uri].open
        ]

    def fixes(self, uri: str, finding: Finding) -> list[Fix]:
        """Repairs of a finding that were tried: the finding goes away and no new one comes."""
        from .fixes import fixes

        document = self.documents.get(uri)
        return [] if document is None else fixes(self, uri, finding)

    def text(self, uri: str) -> str | None:
        """The text of a document that the engine knows."""
        document = self.documents.get(uri)
        return None if document is None else document.text

    def _spread(self, origin: Document, changed: set[Any], should_stop: Callable[[], bool] | None) -> None:
        """Let the documents that import this one know what changed in it."""
        if not changed:
            return
        closures = {uri: self.closure(uri) for uri in self.documents}
        dependents = [uri for uri, imports in closures.items() if origin.uri in imports and uri != origin.uri]
        for uri in sorted(dependents, key=lambda uri: len(closures[uri])):  # what others import comes first
            document = self.documents[uri]
            before = document.snapshot()
            document.timeline.dirty |= changed
            changed = changed | document.analyse(should_stop)
            if document.open and before != document.snapshot():
                self._stale.add(uri)

    def closure(self, uri: str) -> list[str]:
        """The documents that a document imports, directly or not, nearest first."""
        found: list[str] = []
        queue = [uri]
        while queue:
            document = self.documents.get(queue.pop(0))
            for other in document.imports if document else ():
                if other not in found and other != uri:
                    found.append(other)
                    queue.append(other)
        return found

    def load(self, uri: str) -> Document | None:
        """The document of a module that is imported, read and analysed if that has not happened yet."""
        document = self.documents.get(uri)
        if document is None and self.names is not None:
            text = self.names.read(uri)
            if text is None:
                return None
            document = self.documents[uri] = Document(self, uri)
            document.set_text(text)
            document.analyse(None)
        return document


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
        self.open, self.version, self.text = False, None, ""  # type: ignore[assignment]
        self.chunks: list[Chunk] = []
        self.timeline = Timeline(same, MISSING)
        self.probes: dict[str, Step] = {}
        self.units: dict[str, Unit] = {}
        self.imports: dict[str, None] = {}
        self.pending = False
        self.analysing = False
        self.work: dict[str, int] = {}
        self.bases: set[Any] = set()  # locations that stand for how many layers were made above a unit
        self.speakers: dict[str, dict[str, Step]] = {}  # unit: the results that saw something in it
        self.parts: dict[str, tuple[Any, tuple[Observation, ...]]] = {}
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
                    self._listen(step, None)
                    self.timeline.arrange([s for s in self.timeline.steps if s is not step])
                step.key = step.payload.key = name
        self.units = {step.key: step.payload for step in ordered}
        kept = set(map(id, ordered))
        for step in self.timeline.steps:
            if id(step) not in kept:
                self._listen(step, None)
                self.parts.pop(step.key, None)
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
        self._listen(step, result)
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
                self._listen(step, result)
                step.result = result
            assert result is not None
            wanted[name] = step
            step.order = END + len(wanted)
            executed |= result.executed
        for name, step in self.probes.items():
            if name not in wanted:
                self._listen(step, None)
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
            return self._made_before(unit, what)
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

    def _made_before(self, unit: str, what: str) -> int | None:
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

    # results

    def snapshot(self) -> Snapshot:
        """What is known now, in absolute positions."""
        if self._snapshot is None:
            self._snapshot = self._assemble()
        return self._snapshot

    def _assemble(self) -> Snapshot:
        findings: dict[Any, Finding] = {}
        errors: list[str] = []
        for step in (*self.timeline.steps, *self.probes.values()):
            result: UnitResult | None = step.result
            if result is not None and (result.discoveries or result.errors):
                errors.extend(result.errors)
                for discovery in result.discoveries.values():
                    finding = self._finding(discovery)
                    if finding is not None:
                        key = finding.span, finding.code, finding.raised.type, finding.raised.text
                        findings.setdefault(key, finding)
        parts = []
        for step in self.timeline.steps:
            speakers = self.speakers.get(step.key)
            if speakers:
                length = step.payload.text.count("\n") + 1
                parts.append(Part(step.payload.line - 1, length, self._observations(step, speakers)))
        broken = tuple(
            (span.moved(step.payload.line - 1), text)
            for step in self.timeline.steps
            for span, text in step.payload.parsed.errors
        )
        return Snapshot(
            self.uri,
            self.version,
            tuple(sorted(findings.values(), key=lambda f: (f.span.line, f.span.column, f.code))),
            tuple(parts),
            broken,
            self.pending,
            {
                name: self.engine.settings.version(name)
                for name in ("keras", "tf_keras", "tensorflow", "torch", "numpy")
            },
            self.work,
            tuple(errors),
            self.plain,
        )

    def _observations(self, step: Step, speakers: dict[str, Step]) -> tuple[Observation, ...]:
        """The observations inside one unit, relative to it; kept while the same results speak of it."""
        results = tuple(speaker.result for speaker in sorted(speakers.values(), key=lambda speaker: speaker.order))
        cached = self.parts.get(step.key)
        if cached is not None and len(cached[0]) == len(results) and all(map(operator.is_, cached[0], results)):
            return cached[1]
        merged: dict[tuple[Span, bool], Seen] = {}
        for result in results:
            for span, target, one in result.by_unit()[step.key]:
                other = merged.get((span, target))
                merged[span, target] = one if other is None else _both(other, one)
        text = step.payload.parsed.text or step.payload.text
        found = tuple(
            Observation(
                span,
                _text_at(text, span),
                one.value,
                target,
                one.contexts,
                one.assumed,
                one.variants if len(one.variants) > 1 else (),
            )
            for (span, target), one in sorted(merged.items(), key=lambda item: _position(item[0]))
        )
        self.parts[step.key] = results, found
        return found

    def _listen(self, step: Step, new: UnitResult | None) -> None:
        """Keep track of which results saw something in which unit, in the order of the steps."""
        if step.result is not None:
            for unit in step.result.by_unit():
                if unit not in (new.by_unit() if new is not None else ()):
                    self.speakers.get(unit, {}).pop(step.key, None)
        for unit in new.by_unit() if new is not None else ():
            self.speakers.setdefault(unit, {})[step.key] = step

    def _finding(self, discovery: Discovery) -> Finding | None:
        """The finding at its absolute place; one in another document is shown at the call that leads there."""
        place, call = self._place(discovery.site), self._place(discovery.call)
        related = [(self._place(site), role, value) for site, role, value in discovery.related]
        spots = [
            Related(at, role, fill_in_all(value, self._made_before)) for at, role, value in related if at is not None
        ]
        if place is None:
            return None
        if place.uri != self.uri:
            here = next((spot for spot in spots if spot.role == "call" and spot.place.uri == self.uri), None)
            if here is None:
                return None
            spots = [Related(place, "raises", None), *(spot for spot in spots if spot is not here)]
            place = call = here.place
        spots = [spot for spot in spots if spot.place != place]
        return Finding(
            self._named(discovery.problem), place.span, self._worded(discovery.raised), discovery.framework, discovery.version,
            tuple(dict.fromkeys(spots)), discovery.made, discovery.assumed, None if call is None else call.span,
        )  # fmt: skip

    def plain(self, text: str) -> str:
        """A text with the numbers of automatic names filled in."""
        return fill_in(text, self._made_before)

    def _named(self, problem: Problem) -> Problem:
        """The problem with the final names of layers in its facts."""
        changed = {k: new for k, old in problem.facts.items() if (new := fill_in_all(old, self._made_before)) != old}
        return replace(problem, **changed) if changed else problem

    def _worded(self, raised: Raised) -> Raised:
        text = (raised.text or "").replace("\\ue000", "\ue000").replace("\\ue001", "\ue001")  # as repr writes them
        if "\ue000" not in text:
            return raised
        text = self.plain(text)
        return Raised(raised.type, text, raised.exact and "_?" not in text)

    def _place(self, site: Site) -> Place | None:
        return self.engine_place(site)

    def engine_place(self, site: Site) -> Place | None:
        """Where a site is now: its document and its absolute span."""
        owner = site.unit.partition("\n")[0]
        document = self if owner == self.uri else self.engine.documents.get(owner)
        unit = None if document is None else document.units.get(site.unit)
        return None if unit is None else Place(owner, site.span.moved(unit.line - 1))


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


def _both(a: Seen, b: Seen) -> Seen:
    def symbol(*, dynamic: bool = False, least: int = 0) -> Symbol:
        return Symbol(None, "contexts", 0, dynamic)

    more = tuple(value for value in b.variants if not any(same(value, other) for other in a.variants))
    variants = (*a.variants, *more)[:MAX_VARIANTS]
    return Seen(join(a.value, b.value, symbol), variants, a.contexts + b.contexts, a.target, a.assumed and b.assumed)


def _position(key: tuple[Span, bool]) -> tuple[int, int, int, int, bool]:
    span, target = key
    return span.line, span.column, -span.end_line, -span.end_column, target


def _text_at(text: str, span: Span) -> str:
    from .incremental.text import lines_of

    lines = lines_of(text)[span.line - 1 : span.end_line]
    if not lines:
        return ""
    if len(lines) == 1:
        return lines[0][span.column : span.end_column]
    return "".join([lines[0][span.column :], *lines[1:-1], lines[-1][: span.end_column]])


__all__ = ["Engine", "Program", "Scope", "Settings", "Stopped"]
