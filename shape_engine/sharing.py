"""What documents see of each other: values at locations that more than one of them reads and writes.

Each document is analysed once, by itself, whoever imports it.  Python runs them as one program, in the order of the
imports.  Where that order may matter and is not clear, what a document finds is Unknown.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from .incremental.timeline import Step, Timeline
from .interpreter.core import UnitResult, module_scope
from .rule import MISSING
from .value import Module, Unknown, Value

if TYPE_CHECKING:
    from .document import Document
    from .engine import Engine

Location = Any
CROWD = 3
"""From how many documents on that write at one location of another it is not known what is there."""

FOLLOWED = 40
"""Among how many imported documents the order in which they write is followed."""

CIRCLE = Unknown("it is read while modules import each other")
SEVERAL = Unknown("several modules change it")
ROLE = Unknown("it depends on how the module is run")


class Sharing:
    """The view that the documents of one engine have of each other."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self._abroad: dict[Location, Counter[str]] = {}  # locations, and who writes them, that lie elsewhere
        self._hearers: dict[Location, dict[str, set[Step]]] = {}  # the same for who reads them: the steps, by document
        self.version = 0  # counts what may change what documents see, although no location has changed
        self._grown: set[Location] = set()  # locations that have become doubtful, and nobody has been told
        self._doubtful: set[Location] = set()  # all that may follow from a location that is written abroad, and more
        self._closures: dict[str, dict[str, None]] = {}
        self._tainted: dict[str, tuple[set[Step], set[Location]]] = {}

    # what documents tell

    def take(self, document: Document, step: Step, new: UnitResult | None) -> None:
        """A unit of a document gets another result, or none; it still has the old one."""
        for location in _abroad(document, step.result, "reads"):
            self._hearers[location][document.uri].discard(step)
        for location in _abroad(document, new, "reads"):
            self._hearers.setdefault(location, {}).setdefault(document.uri, set()).add(step)
        before, after = set(_abroad(document, step.result, "writes")), set(_abroad(document, new, "writes"))
        came = gone = False
        for location in before - after:
            writers = self._abroad[location]
            writers[document.uri] -= 1
            if not writers[document.uri]:
                gone = True
                del writers[document.uri]
                if not writers:
                    del self._abroad[location]
        for location in after - before:
            writers = self._abroad.setdefault(location, Counter())
            came = came or document.uri not in writers
            writers[document.uri] += 1
        self._doubt(after)
        if new is not None and not self._doubtful.isdisjoint(new.reads):
            self._doubt(new.writes)
        if came or gone:
            self.version += 1
            self._tainted.clear()
            return
        for uri in self._importers(document):
            if uri != document.uri:
                self._tainted.pop(uri, None)
        if before - after or any(_is_first(document, step, place) for place in after - before):
            self._tainted.pop(document.uri, None)

    def take_grown(self) -> set[Location]:
        """The locations that have become doubtful since the last call."""
        grown, self._grown = self._grown, set()
        return grown

    def rewire(self, document: Document) -> None:
        """A document imports others than before, or is not there any more."""
        self.version += 1
        for uri in (*self._importers(document), document.uri):
            self._closures.pop(uri, None)
            self._tainted.pop(uri, None)

    def reorder(self, document: Document) -> None:
        """The steps of a document stand in another order than before, or others of them import something."""
        self.version += 1
        self._tainted.pop(document.uri, None)

    def _importers(self, document: Document) -> list[str]:
        """The documents that are known to import one, directly or not: what was found for others does not hang on it."""
        return [uri for uri, closure in self._closures.items() if document.uri in closure]

    # what documents ask

    def closure(self, uri: str) -> dict[str, None]:
        """The documents that a document imports, directly or not, nearest first."""
        found = self._closures.get(uri)
        if found is None:
            found, queue = {}, [uri]
            for one in queue:
                document = self.engine.documents.get(one)
                for other in document.imports if document else ():
                    if other not in found:
                        found[other] = None
                        queue.append(other)
            self._closures[uri] = found
        return found

    def value(self, asker: Document, order: int, location: Location, home: str | None) -> Value:
        """What a unit of a document finds at a location."""
        if self._is_crowded(asker, location):
            return SEVERAL
        own = asker.timeline.before(order, location)
        others = self._others(asker, location)
        if not others:
            return own if own is not MISSING else self._at_home(asker, location, home)
        top = next((one for one in others if all(o == one or o in self.closure(one) for o in others)), None)
        steps = [] if top is None else self._importing(asker, top)
        if top is None or not steps:
            return SEVERAL
        first = min(step.order for step in steps)
        if first >= order:
            return SEVERAL if first == order else own if own is not MISSING else self._at_home(asker, location, home)
        mine = [step for step in asker.timeline.writers.get(location, ()) if step.order < order]
        if not mine:
            return self._left_by(asker, top, location)
        if mine[-1].order > first:
            return own
        return self._left_by(asker, top, location) if home == asker.uri and len(mine) == 1 else SEVERAL

    def is_written_abroad(self, location: Location) -> bool:
        """Whether some document writes at a location that is another's, or everybody's."""
        return location in self._abroad

    def contested(self, asker: Document) -> set[Location]:
        """The locations of which a document may find another value without any change of its own."""
        if not self._abroad:
            return set()
        closure = self.closure(asker.uri)
        found = {place for place, writers in self._abroad.items() if any(uri in closure for uri in writers)}
        if self._is_large(asker):
            return found | asker.timeline.readers.those_of(self._doubtful)
        return found | self._follows(asker)[1] if asker.timeline.readers.any_of(self._doubtful) else found

    def is_in_circle(self, asker: str, home: str) -> bool:
        """Whether two different documents import each other."""
        return asker != home and asker in self.closure(home)

    def makes(self, asker: Document, what: str) -> bool:
        """Whether a document that this one imports gives automatic names of a kind when it is imported."""
        documents = self.engine.documents
        return any(uri != asker.uri and uri in documents and documents[uri].ledger.makes(what) for uri in self.closure(asker.uri))  # fmt: skip

    # how answers are found

    def _is_crowded(self, asker: Document, location: Location) -> bool:
        """Whether so many documents write at a location of another (a register) that nobody follows them in order."""
        writers = self._abroad.get(location, ())
        if len(writers) < CROWD:
            return False
        inside = self.closure(asker.uri)
        found = 0
        for uri in writers:
            found += uri in inside or uri == asker.uri
            if found == CROWD:
                return True
        return False

    def _is_large(self, asker: Document) -> bool:
        """Whether a document imports so many others that all that is doubtful counts as not known."""
        return len(self.closure(asker.uri)) > FOLLOWED

    def _others(self, asker: Document, location: Location) -> list[str]:
        """The documents that one imports and that write at a location of another when they are imported."""
        writers = self._abroad.get(location)
        if writers is None:
            return []
        documents = [self.engine.documents.get(uri) for uri in self.closure(asker.uri) if uri in writers]
        return [
            document.uri
            for document in documents
            if document is not None and document is not asker and _last_seen(document, location) is not None
        ]

    def _at_home(self, asker: Document, location: Location, home: str | None) -> Value:
        if home is None:
            return self.engine.settings.state.get(location, MISSING)
        return MISSING if home == asker.uri else self._left_by(asker, home, location)

    def _left_by(self, asker: Document, uri: str, location: Location) -> Value:
        """What another document leaves at a location, as the asker's program sees it."""
        document = self.engine.documents.get(uri)
        if document is None:
            return MISSING
        writers = document.timeline.writers.get(location)
        if not writers:
            return MISSING
        if len(writers) > 1 and self.is_in_circle(asker.uri, uri):
            return CIRCLE
        if location in self._doubtful and (self._is_large(asker) or not self._follows(asker)[0].isdisjoint(writers)):
            return SEVERAL
        last = _last_seen(document, location)
        if last is None:
            return MISSING
        return ROLE if last in of_the_program(document)[1] else last.result.writes[location]

    def _importing(self, asker: Document, uri: str) -> list[Step]:
        """The steps of a document that import another, directly or not."""
        return [
            step
            for other, steps in asker.importers.items()
            if other == uri or uri in self.closure(other)
            for step in steps
        ]

    def _doubt(self, places: Iterable[Location]) -> None:
        """What follows from these places may be another thing in another program.  A quick way to know what may not:
        nothing is taken off the list, since being on it only means that somebody has to look."""
        new = set(places) - self._doubtful
        while new:
            self._doubtful |= new
            self._grown |= new
            steps = {step for place in new for step in self._reading(place)}
            new = {place for step in steps if step.result is not None for place in step.result.writes} - self._doubtful

    def _reading(self, place: Location) -> set[Step]:
        """The steps that read a place, in all documents."""
        owner = self.engine.documents.get(_home_of(place) or "")
        at_home = owner.timeline.readers.of((place,)) if owner is not None else set()
        return at_home.union(*self._hearers.get(place, {}).values())

    def _follows(self, asker: Document) -> tuple[set[Step], set[Location]]:
        """The steps of other documents whose results may be others in this program, and what they write.

        They read what a third document changes: before they run, or nobody knows when.
        """
        found = self._tainted.get(asker.uri)
        if found is None:
            found = self._tainted[asker.uri] = self._spread(asker, self._misled(asker))
        return found

    def _misled(self, asker: Document) -> set[Step]:
        inside = self.closure(asker.uri)
        imported = cache(lambda uri: min((step.order for step in self._importing(asker, uri)), default=0))
        steps: set[Step] = set()
        for location, writers in self._abroad.items():
            for uri, hearers in self._hearers.get(location, {}).items():
                if uri not in inside or uri == asker.uri or self._is_crowded(self.engine.documents[uri], location):
                    continue
                if any(self._comes_late(asker, uri, writer, location, imported) for writer in writers):
                    steps |= hearers
        return steps

    def _comes_late(
        self, asker: Document, reader: str, writer: str, location: Location, imported: Callable[[str], int]
    ) -> bool:
        """Whether a document that reads a location may be imported after another has written it, unaware of that.

        ``imported`` tells which step of the asker is the first that imports a document.
        """
        if writer == reader or writer in self.closure(reader):
            return False
        if writer == asker.uri:
            written = min((step.order for step in asker.timeline.writers.get(location, ())), default=0)
        elif writer in self.closure(asker.uri):
            written = imported(writer)
        else:
            return False
        return written <= imported(reader)

    def _spread(self, asker: Document, misled: set[Step]) -> tuple[set[Step], set[Location]]:
        """Those steps and all that follow from them, in the documents that one imports."""
        inside, documents = self.closure(asker.uri), self.engine.documents
        steps, places = set(misled), set[Location]()
        new = steps
        while new:
            written = {place for step in new if step.result is not None for place in step.result.writes} - places
            places |= written
            new = set()
            for place in written:
                for uri, hearers in self._hearers.get(place, {}).items():
                    if uri in inside and uri != asker.uri:
                        new |= hearers
                owner = _home_of(place)
                if owner in inside and owner != asker.uri and owner in documents:
                    new |= documents[owner].timeline.readers.of((place,))
            new -= steps
            steps |= new
        return steps, places


def _is_first(document: Document, step: Step, place: Location) -> bool:
    """Whether no step of the document before this one writes at a place."""
    return all(step.order <= writer.order for writer in document.timeline.writers.get(place, ()))


def _last_seen(document: Document, location: Location) -> Step | None:
    """The step that decides what importing a document leaves at a location: none that runs in a program only."""
    hidden = of_the_program(document)[0]
    return next((step for step in reversed(document.timeline.writers.get(location, ())) if step not in hidden), None)


def of_the_program(document: Document) -> tuple[set[Step], set[Step]]:
    """The steps that run only in a program (``if __name__ == "__main__":``), and those that may do something else."""
    asking = document.timeline.readers.of([role(document.uri)]) if document.open else ()
    if not asking:
        return set(), set()
    hidden = {step for step in asking if _is_guard(step.payload.parsed.body)}
    uncertain = set(asking) - hidden
    queue = list(asking)
    for step in queue:
        for reader in _followers(document.timeline, step):
            if reader not in uncertain and reader not in hidden:
                uncertain.add(reader)
                queue.append(reader)
    return hidden, uncertain


def _followers(timeline: Timeline, step: Step) -> Iterable[Step]:
    written = step.result.writes if step.result is not None else ()
    return [reader for reader in timeline.readers.of(written) if reader.order > step.order]


def _is_guard(body: list[ast.stmt]) -> bool:
    """Whether a unit is ``if __name__ == "__main__":`` and nothing else."""
    match body:
        case [ast.If(test=ast.Compare(ast.Name("__name__"), [ast.Eq()], [ast.Constant("__main__")]), orelse=[])]:
            return True
        case [ast.If(test=ast.Compare(ast.Constant("__main__"), [ast.Eq()], [ast.Name("__name__")]), orelse=[])]:
            return True
    return False


def _abroad(document: Document, result: UnitResult | None, what: str) -> list[Location]:
    """What a result "reads" or "writes" that is another document's, or everybody's; computed once."""
    if result is None:
        return []
    found: list[Location] | None = result.__dict__.get(f"_{what}_abroad")
    if found is None:
        places = getattr(result, what)
        owners = {owner for owner, _ in places}
        foreign = {owner for owner in owners if is_shared(owner) and home(owner) != document.uri}
        found = [place for place in places if place[0] in foreign] if foreign else []
        result.__dict__[f"_{what}_abroad"] = found
    return found


def role(uri: str) -> Location:
    """The location that holds a module's ``__name__``."""
    return ("name", uri), ""


def names_in(uri: str) -> Location:
    """The location that holds the names that ``from module import *`` gives."""
    return ("names", uri), ""


def imported(result: UnitResult | None) -> list[str]:
    """The documents that a result has imported; computed once."""
    if result is None:
        return []
    found = result.__dict__.get("_imported")
    if found is None:
        found = result.__dict__["_imported"] = list(dict.fromkeys(
            value.uri for (owner, _), value in result.reads.items() if isinstance(value, Module) and owner[0] == "import"
        ))  # fmt: skip
    return list(found)


def is_shared(owner: Any) -> bool:
    """Whether several documents may know the owner of a location: objects, modules, the state of a framework."""
    return isinstance(owner, tuple) and (home(owner) is not None or owner[1] == 0)


def _home_of(location: Location) -> str | None:
    return home(location[0])


def home(owner: Any) -> str | None:
    """The document in which the object or scope that owns a location was made."""
    return _home_of_unit(owner[0]) if isinstance(owner, tuple) and isinstance(owner[0], str) else None


@lru_cache(maxsize=16384)
def _home_of_unit(unit: str) -> str | None:
    if unit.startswith("module "):
        return unit.removeprefix("module ")
    uri, inside, _ = unit.partition("\n")
    return uri if inside else None


__all__ = ["Sharing", "home", "imported", "module_scope", "names_in", "role"]
