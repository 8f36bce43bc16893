"""One document: its units, their results, what it imports, and what the interpreter asks of it."""

from __future__ import annotations

import ast
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .assembly import Assembly
from .incremental.division import Division
from .incremental.remarks import Remark, remarks
from .incremental.text import Chunk, Parsed, parse
from .incremental.timeline import Readers, Step, Timeline
from .interpreter.core import MAX_PROBING, Interpreter, UnitResult, module_scope
from .interpreter.imports import imports_of
from .interpreter.join import same
from .ledger import Ledger, bound, codes, made
from .rule import MISSING
from .sharing import home, imported, names_in, of_the_program, role
from .snapshot import PENDING, Located, Part, Snapshot, Work
from .syntax import descendants
from .value import List, Module, Set, Site, Span, Unknown, Value

if TYPE_CHECKING:
    from .engine import Engine

END = sys.maxsize
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
MAX_LENGTH = 1_000_000  # characters of a text that is read; longer ones are data, not programs
MAX_ROUNDS = 4  # how often a document is run again because of what other documents write


class Unit:
    """A top-level statement: its syntax, where it starts now, and what was observed in it."""

    __slots__ = ("_remarks", "key", "line", "names", "parsed", "part", "text")

    def __init__(self, text: str, parsed: Parsed):
        self.text, self.parsed = text, parsed
        self.line, self.key = 1, ""
        self.part: Part | None = None
        self._remarks: tuple[str, tuple[Remark, ...]] | None = None
        nodes = descendants(parsed.body)
        used = {node.id for node in nodes if isinstance(node, ast.Name)}
        self.names = frozenset(used | {node.attr for node in nodes if isinstance(node, ast.Attribute)})

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Its comments that tell what not to report."""
        if self._remarks is None or self._remarks[0] is not self.text:
            self._remarks = self.text, remarks(self.text, self.parsed.body)
        return self._remarks[1]

    @property
    def is_text(self) -> bool:
        """Whether it is nothing but a string, as a module's docstring is."""
        body = self.parsed.body
        value = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
        return isinstance(value, ast.Constant) and isinstance(value.value, str)

    def move(self, line: int) -> None:
        """The unit starts at this line now."""
        if self.line != line:
            self.line = line
            if self.part is not None:
                self.part = self.part._replace(above=line - 1)


class Document:
    """One document: its units, their results, and what it imports."""

    def __init__(self, engine: Engine, uri: str):
        self.engine, self.uri = engine, uri
        self.open = False
        self.version: int | None = None
        self._division = Division()  # its chunks of code are the units, in step with the timeline
        self.timeline = Timeline(same, MISSING)
        self.ledger = Ledger()
        self.probes: dict[str, Step] = {}
        self.units: dict[str, Unit] = {}
        self.name = ""  # as a module, once it has been imported
        self.importers: dict[str, set[Step]] = {}  # the documents that this one imports, and the steps that do
        self._importing: dict[str, None] = {}  # the same of the step that is running
        self.pending = False
        self.analysing = False
        self.work = Work()  # of the last turn of the engine that reached this document
        self._turn = 0
        self._hanging: set[Step] = set()  # the steps that are of the program, or hang on its being one
        self.heard = -1  # which version of the sharing the last analysis knew
        self.bases: set[Any] = set()  # locations of how many layers were made above a unit, and which names bound
        self.assembly = Assembly(self)
        self._keys: Counter[str] = Counter()  # how many units have this text
        self._probe_readers = Readers()
        self._unprobed: set[Any] = set()  # locations that changed since the probes were looked at
        self._parsed: list[int] = []  # the lines of the units that were parsed since the last analysis
        self._snapshot: Snapshot | None = None
        self._contested: set[Any] = set()  # locations that documents share, whose order of writing matters here
        self._exported: tuple[str, ...] | None = None  # what ``import *`` gives, if somebody has asked

    @property
    def imports(self) -> list[str]:
        """The documents that this one imports."""
        return list(self.importers | self._importing)

    # text

    @property
    def text(self) -> str:
        return self._division.text

    def set_text(self, text: str) -> None:
        """Fall apart into units; those whose text was there before keep their syntax and results."""
        if len(text) > MAX_LENGTH:
            text = ""
        if text == self.text:
            return
        change = self._division.edit(text)
        self._snapshot = None
        first, last = self.position(change.begin), self.position(change.end)
        old = self.timeline.steps[first:last]
        chunks = [chunk for chunk in change.chunks if chunk.kind == "code"]
        steps, parsed = self._matched(old, chunks)
        for step in set(old).difference(steps):
            self._leave(step)
        for step in steps:
            if not step.key:
                self._keys[step.payload.parsed.key] += 1
        self._name(first, last, steps, old)
        for step in self.timeline.splice(first, last, steps):
            self.assembly.listen(step, step.result)
        self.engine.sharing.reorder(self)
        for step, chunk in zip(steps, chunks, strict=True):
            step.payload.move(chunk.line)
        if change.lines:
            for step in self.timeline.steps[first + len(steps) :]:
                step.payload.move(step.payload.line + change.lines)
        self.assembly.splice(first, last if not change.lines else None, len(steps))
        if self.timeline.dirty:
            self.timeline.dirty |= self.bases
        self._parsed += parsed

    def _matched(self, old: list[Step], chunks: list[Chunk]) -> tuple[list[Step], list[int]]:
        """A step for each chunk, an old one where it does the same; and the lines of those that had to be parsed."""
        by_text: dict[str, list[Step]] = {}
        for step in old:
            by_text.setdefault(step.payload.text, []).append(step)
        steps: list[Step | None] = []
        for chunk in chunks:
            same_text = by_text.get(chunk.text)
            steps.append(same_text.pop(0) if same_text else None)
        by_key: dict[Any, list[Step]] = {}
        for step in (step for left in by_text.values() for step in left):
            by_key.setdefault((step.payload.parsed.key, step.payload.parsed.errors), []).append(step)
        found: list[Step] = []
        parsed: list[int] = []
        for kept, chunk in zip(steps, chunks, strict=True):
            if kept is None:
                parsed.append(chunk.line)
                unit = Unit(chunk.text, parse(chunk.text))
                alike = by_key.get((unit.parsed.key, unit.parsed.errors))
                if alike:  # a unit that differs only in a comment is the unit that it was
                    kept = alike.pop(0)
                    kept.payload.text, kept.payload.parsed = unit.text, unit.parsed
                    self.assembly.stale.add(kept.key)
                else:
                    kept = Step("", unit)
            found.append(kept)
        return found, parsed

    def _name(self, first: int, last: int, steps: list[Step], old: list[Step]) -> None:
        """Give the new units their keys: the n-th unit of some text has the number n in its key.

        Where equal text elsewhere came or went, units get other keys, and their objects other names.
        """
        here = Counter(step.payload.parsed.key for step in steps)
        touched = here.keys() | {step.payload.parsed.key for step in old}
        shared = {key for key in touched if self._keys[key] > here[key]}
        ordered = steps
        if shared:
            everything = (*self.timeline.steps[:first], *steps, *self.timeline.steps[last:])
            ordered = [step for step in everything if step.payload.parsed.key in touched]
        numbers: Counter[str] = Counter()
        renamed: list[tuple[Step, str]] = []
        for step in ordered:
            key = step.payload.parsed.key
            name = f"{self.uri}\n{key}#{numbers[key]}"
            numbers[key] += 1
            if step.key != name:
                renamed.append((step, name))
        for step, _ in renamed:
            if step.key:
                self._forget(step)
        for step, name in renamed:
            step.key = step.payload.key = name
            self.units[name] = step.payload
            self.ledger.enter(step)
            self.assembly.stale.add(name)  # others may have seen something in a unit of this key
            if step.payload.parsed.errors:
                self.assembly.broken.add(step)

    def position(self, line: int) -> int:
        """Which is the first unit that starts on a line or below it."""
        return bisect_left(self.timeline.steps, line, key=_line)

    def _leave(self, step: Step) -> None:
        self._forget(step)
        key = step.payload.parsed.key
        self._keys[key] -= 1
        if not self._keys[key]:
            del self._keys[key]

    def _forget(self, step: Step) -> None:
        """Drop the key of a unit, and the result that was made under it."""
        self._take(step, None)
        self.timeline.withdraw(step)
        self.ledger.leave(step)
        self.assembly.broken.discard(step)
        self.units.pop(step.key, None)

    def _take(self, step: Step, result: UnitResult | None) -> None:
        """A unit gets another result, or none; it still has the old one."""
        self.ledger.take(step, result)
        self.assembly.listen(step, result)
        self.engine.sharing.take(self, step, result)
        self._rewire(step, result)

    def _rewire(self, step: Step, result: UnitResult | None) -> None:
        """The step imports what its new result says."""
        before, after = imported(step.result), imported(result)
        known = set(self.imports) if before != after else set()
        for uri in before:
            self.importers[uri].discard(step)
            if not self.importers[uri]:
                del self.importers[uri]
        for uri in after:
            self.importers.setdefault(uri, set()).add(step)
        self._importing = {}
        if before != after:
            self.engine.sharing.reorder(self)
            if known != set(self.imports):
                self.engine.sharing.rewire(self)

    # analysis

    def analyse(self, should_stop: Callable[[], bool] | None) -> set[Any]:
        """Run the units that must run; returns the locations to which this document has given other values."""
        if self.analysing:
            return set()
        self.analysing = True
        self._snapshot = None
        interpreter = Interpreter(self, self.engine.settings, should_stop)
        try:
            self.pending = False
            dirty, ran = self._advance(interpreter)
            self._unprobed |= dirty
            probed = self._probe(interpreter) if self.open else []
        finally:
            self.analysing = False
        executed, kept = [step.payload.line for step in ran], len(self.timeline.steps) - len(ran)
        before = self.work if self._turn == self.engine.turn else Work()
        self.work = before.and_then(self._parsed, executed, probed, kept, interpreter.taken)
        self._turn, self._parsed = self.engine.turn, []
        changed, self.timeline.changed = self.timeline.changed, set()
        return changed | self.engine.sharing.take_grown() | self._changed_by_role()

    def _changed_by_role(self) -> set[Any]:
        """What importers see otherwise than before since it hangs, or hangs no more, on how the document is run."""
        before, self._hanging = self._hanging, set[Step]().union(*of_the_program(self))
        return {place for step in before ^ self._hanging if step.result is not None for place in step.result.writes}

    def reading(self, locations: set[Any]) -> set[Any]:
        """Which of these locations its code reads."""
        return self.timeline.readers.those_of(locations) | self._probe_readers.those_of(locations)

    def _advance(self, interpreter: Interpreter) -> tuple[set[Any], list[Step]]:
        """Run what must run, until the order in which documents write what they share is taken into account."""
        changed, ran = set[Any](), list[Step]()
        for turn in range(MAX_ROUNDS):
            more, new = self.timeline.advance(
                lambda step: self._run(interpreter, step), lambda step, location: self._at(step.order, location)
            )
            changed, ran = changed | more, ran + new
            contested = self.engine.sharing.contested(self)
            dirty, self._contested = contested | self._contested, contested
            if not dirty or (turn and not new):
                break
            self.timeline.dirty |= dirty
        if self._exported is not None and self._exported != self.exported():
            self.timeline.mark([names_in(self.uri)])
        self.heard = self.engine.sharing.version
        return changed, ran

    def doubts(self) -> int:
        """In how many units something raises that nobody could word."""
        return sum(step.result is not None and step.result.doubtful for step in self.timeline.steps)

    def trial(self, text: str) -> tuple[Snapshot, int]:
        """What another text would give, and its doubts; afterwards the document is as it was."""
        kept = self.text
        try:
            self.set_text(text)
            self.analyse(None)
            return self.snapshot(), self.doubts()
        finally:
            self.set_text(kept)
            self.analyse(None)

    def call_it(self, name: str) -> bool:
        """The document is imported under a name; of several it has the longest, with all packages.  Is it a new one?"""
        if len(name) <= len(self.name):
            return False
        self.name = name
        self.timeline.mark([role(self.uri)])
        return True

    def wanted(self) -> list[Located]:
        """The modules that units will import which have not run yet."""
        found: dict[Located, None] = {}
        names = self.engine.names
        for step in sorted(self.timeline.waiting, key=lambda step: step.order) if names is not None else ():
            for module, level in imports_of(step.payload.parsed.body):
                located = names.locate(module, self.uri, level) if names is not None else None
                if located is not None and located is not PENDING:
                    found[located] = None
        return list(found)

    def leave(self) -> None:
        """The document is no longer there: nothing that it did counts."""
        for step in self.timeline.steps:
            self.engine.sharing.take(self, step, None)

    def end(self) -> None:
        """Let go of what was found, which knows the document: it would stay in memory until cycles are looked for."""
        self._snapshot = None
        del self.assembly

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
        result = interpreter.run_unit(step.key, self.uri, unit.parsed.body, step.result)
        if self.bases and (step.result is None or _counted(result) != _counted(step.result)):
            self.timeline.mark(self.bases)
        self._take(step, result)
        return result

    def _probe(self, interpreter: Interpreter) -> list[int]:
        """Analyse what nothing calls: later definitions first, since they tend to call earlier ones.

        Returns the lines of the definitions that had to be analysed.
        """
        executed, probed = self.ledger.executed, set[Any]()
        touched = self._probe_readers.of(self._unprobed)
        wanted: dict[str, Step] = {}
        steps = 0
        ran: list[int] = []
        self._order = END
        for definition in self.ledger.uncalled():
            parts, code = codes(definition), definition.code
            assert code is not None, "only what the module itself defines is listed"
            called = frozenset(part for part in parts if part in executed or part in probed)
            if len(called) == len(parts):
                continue
            name = f"{code.unit}\nprobe {code.name} {code.span.line}"
            step = self.probes.get(name) or Step(name)
            facts = (definition, called)
            result: UnitResult | None = step.result
            stale = result is None or step.payload != facts
            if result is not None and not stale and step in touched:
                reads, dirty = result.reads, self._unprobed
                stale = not all(same(self._at(END, place), reads[place]) for place in reads if place in dirty)
            if stale:
                ran.append(self.units[code.unit].line + code.span.line - 1)
                result = interpreter.run_probe(name, self.uri, definition, called, step.result)
                self._take_probe(step, result)
                step.payload = facts
                self.probes[name] = step
            assert result is not None
            wanted[name] = step
            step.order = END + len(wanted)
            probed |= result.executed
            steps += result.steps
            if steps > MAX_PROBING:
                break
        for name, step in self.probes.items():
            if name not in wanted:
                self._take_probe(step, None)
        if [name for name in self.probes if name in wanted] != list(wanted):  # values are joined in this order
            for step in wanted.values():
                self.assembly.listen(step, step.result)
        self.probes = wanted
        self._unprobed = set()
        return ran

    def _take_probe(self, step: Step, result: UnitResult | None) -> None:
        self.assembly.listen(step, result)
        self._rewire(step, result)
        if step.result is not None:
            self._probe_readers.remove(step, step.result.reads)
        if result is not None:
            self._probe_readers.add(step, result.reads)
        step.result = result

    # Program: what the interpreter asks

    def afterwards(self) -> Document:
        """The document as a program of which everything has run."""
        self._order = END
        return self

    def outside(self, location: Any) -> Value:
        return self._at(self._order, location)

    def _at(self, order: int, location: Any) -> Value:
        own = self.timeline.before(order, location)
        if own is not MISSING and not self.engine.sharing.is_written_abroad(location):
            return own
        owner, name = location
        if isinstance(owner, tuple) and owner[0] == "import":
            return self._import(name)
        if isinstance(owner, tuple) and owner[0] == "shadow":
            return self.engine.names is not None and self.engine.names.shadows(owner[1], name)
        if isinstance(owner, tuple) and owner[0] == "base":
            self.bases.add(location)
            unit, _, what = name.partition(" ")
            return self.made_before(unit, what)
        if isinstance(owner, tuple) and owner[0] == "bound":
            self.bases.add(location)
            scope = module_scope(owner[1]).id
            return tuple(sorted(
                name for (where, name), steps in self.timeline.writers.items() if where == scope and steps[0].order < order
            ))  # fmt: skip
        if isinstance(owner, tuple) and owner[0] in ("name", "names"):
            document = self.engine.documents.get(owner[1])
            if document is None:
                return Unknown("a module that cannot be read")
            if owner[0] == "names":
                return document.exported()
            return "__main__" if document is self and self.open else document.name or "__main__"
        return self.engine.sharing.value(self, order, location, home(owner))

    def made_before(self, unit: str, what: str) -> int | None:
        """How many automatic names of a kind were given before a unit's (by its tag); None: not known."""
        return None if self.engine.sharing.makes(self, what) else self.ledger.made_before(unit, what)

    def unit(self, name: str) -> Unit | None:
        """A unit of this document or another."""
        owner = name.partition("\n")[0]
        document = self if owner == self.uri else self.engine.documents.get(owner)
        return None if document is None else document.units.get(name)

    def definition_around(self, site: Site) -> Span | None:
        found = self.unit(site.unit)
        if found is None or found.parsed.errors:
            raise LookupError(site.unit)
        nodes = (node for statement in found.parsed.body for node in ast.walk(statement))
        spans = [found.parsed.span(node) for node in nodes if isinstance(node, DEFINITIONS)]
        return max((span for span in spans if site.span in span and site.span != span), default=None)

    def span(self, unit: str, node: ast.AST) -> Span:
        found = self.unit(unit)
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
        if located.uri not in self.importers and located.uri not in self._importing:
            self._importing[located.uri] = None
            self.engine.sharing.rewire(self)
        self.engine.load(located)
        return Module(located.name, located.uri, located.package)

    def exported(self) -> tuple[str, ...]:
        """The names that ``from module import *`` gives: those in ``__all__``, or all public ones."""
        owner = module_scope(self.uri).id
        listed: Any = self.timeline.last((owner, "__all__"))
        if isinstance(listed, (List, Set)):
            listed = self.timeline.last((listed.id, ".items"))
        if isinstance(listed, tuple) and all(isinstance(name, str) for name in listed):
            self._exported = listed
        else:
            names = (name for where, name in self.timeline.writers if where == owner)
            self._exported = tuple(sorted(name for name in names if not name.startswith(("_", "."))))
        return self._exported

    def is_complete(self, uri: str) -> bool:
        return not self.engine.sharing.is_in_circle(self.uri, uri)

    def is_beside(self, uri: str, module: str) -> bool:
        folder = uri.rpartition("/")[0]
        return folder.endswith("/" + module.rpartition(".")[0].replace(".", "/"))

    def _import(self, what: str) -> Value:
        level, importer, name = what.split("\n")
        return self.import_module(name, importer, int(level))

    def snapshot(self, *, anew: bool = False) -> Snapshot:
        """What is known now, in absolute positions; ``anew`` where another document has moved that is spoken of."""
        if self._snapshot is None or anew:
            self._snapshot = self.assembly.snapshot()
        return self._snapshot


def _line(step: Step) -> int:
    return step.payload.line


def _counted(result: UnitResult) -> tuple[Any, ...]:
    """What locations hang on that stand for what was done above a unit: names given to layers, and names bound."""
    return made(result), bound(result)
