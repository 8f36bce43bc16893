"""The interpreter's side of ``Call``: what a rule may ask of the call that it models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..dim import Symbol
from ..evidence import Report
from ..rule import MISSING
from ..shape import Shape
from ..value import Assumed, Dict, Instance, List, Made, Site, Span, Stream, Tensor, Unknown, Value
from ..wording import Frame, Raised, Version, is_of_graph, raised
from .collections_ import freeze, iterate, thaw
from .describe import text_of
from .join import same
from .numbering import fill_in, mark, may_be_equal, plain_name
from .operators import truth

if TYPE_CHECKING:
    from .core import Interpreter

NOWHERE = Span(1, 0, 1, 0)


class CallContext:
    """One call under way.  ``flavour`` tells which of several libraries the callee came from; ``operation`` is
    what a framework notes down for it."""

    def __init__(self, it: Interpreter, node: Any):
        self.it = it
        self.node = node if node is not None and hasattr(node, "lineno") else None
        self.flavour = ""
        self.operation: tuple[str, str, tuple[str, ...]] | None = None

    @property
    def site(self) -> Site:
        if self.node is None:
            return next(
                (frame.call_site for frame in reversed(self.it.frames) if frame.call_site), Site(self.it.unit, NOWHERE)
            )
        return self.it.site(self.node)

    def same_code(self, one: Site, other: Site) -> bool | None:
        around = self.it.program.definition_around
        try:
            first = around(one)
            if one.unit != other.unit and first is not None:
                return False  # a definition stands in one unit
            second = around(other)
        except LookupError:
            return None
        modules = [site.unit.partition("\n")[0] for site in (one, other)]
        return first == second and modules[0] == modules[1]

    def argument_site(self, name: str | int) -> Site | None:
        args = getattr(self.node, "args", None)
        if isinstance(name, int):
            return self.it.site(args[name]) if isinstance(args, list) and name < len(args) else None
        for keyword in getattr(self.node, "keywords", ()):
            if keyword.arg == name:
                return self.it.site(keyword.value)
        return None

    def version(self, framework: str) -> Version:
        return self.it.settings.version(framework)

    def backend(self) -> str:
        return self.it.settings.backend

    def get(self, obj: Any, name: str, default: Value = None) -> Value:
        it, location = self.it, (getattr(obj, "id", obj), name)
        if it.touched is not None:
            it.touched.add(location)
        value = it.store.get(location)
        return default if value is MISSING else value

    def set(self, obj: Any, name: str, value: Value) -> None:
        self.it.set(getattr(obj, "id", obj), name, value)

    def new(self, cls: Value) -> Instance:
        return Instance(self.it.new_id(), cls)

    def new_list(self, items: Sequence[Value]) -> List:
        return freeze(self.it, list(items))

    def new_stream(self, items: Sequence[Value]) -> Value:
        from .expressions import new_container

        return new_container(self.it, Stream, tuple(items))

    def new_dict(self, items: Mapping[Any, Value]) -> Dict:
        return freeze(self.it, dict(items))

    @property
    def local(self) -> dict[str, Any]:
        return self.it.local

    def spend(self, steps: int) -> None:
        self.it.step(steps)

    def number(self, prefix: str, family: str) -> str:
        it, what = self.it, f"{family} {prefix}"
        owner = ("count", it.unit)
        number = it.get(owner, what)
        if number is MISSING:
            number = 0
        known = isinstance(number, int)
        it.set(owner, what, number + 1 if known else number)
        if it.assuming:  # code that nothing calls: the names start anew, as in a fresh process
            return plain_name(prefix, number if known else None)
        return mark(prefix, family, it.unit, number if known else -1)

    def restart_numbers(self) -> None:
        self.it.set(("count", self.it.unit), ".reset", True)

    def plain(self, text: Value) -> Value:
        if not isinstance(text, str):
            return text

        def base(unit: str, what: str) -> int | None:
            found = self.it.get(("base", self.it.unit), f"{unit} {what}")
            return found if isinstance(found, int) else None

        return fill_in(text, base)

    def repeated(self, names: Sequence[Value]) -> tuple[str, int] | None:
        texts = [name for name in names if isinstance(name, str)]
        if not may_be_equal(texts):
            return None
        plain = [self.plain(text) for text in texts]
        return next(((name, plain.count(name)) for name in plain if "?" not in name and plain.count(name) > 1), None)

    def symbol(self, name: str | None = None, *, dynamic: bool = False) -> Symbol:
        return self.it.fresh(name, dynamic=dynamic)

    def thaw(self, value: Value) -> Any:
        return thaw(self.it, value)

    def freeze(self, value: Any) -> Value:
        return freeze(self.it, value)

    def resolve(self, value: Value) -> Value:
        return self.it.resolve(value)

    def assume(self, value: Value, tensor: Tensor) -> Tensor:
        if isinstance(value, Assumed):
            known = self.it.get(value.id, "is")
            if isinstance(known, Tensor):
                return known
            self.it.set(value.id, "is", tensor)
        return tensor

    def iterate(self, value: Value) -> tuple[Value, ...] | None:
        return iterate(self.it, value)

    def truth(self, value: Value) -> bool | None:
        return truth(self.it, value)

    def describe(self, value: Value) -> str:
        text = text_of(self.it, value)
        return "?" if text is MISSING else text

    def invoke(self, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value] | None = None) -> Value:
        from .calls import call_value

        return call_value(self.it, function, args, kwargs or {}, self.node)

    def attribute(self, value: Value, name: str) -> Value:
        from .objects import find_attribute

        return find_attribute(self.it, value, name, self.node)

    def method(self, obj: Instance, name: str) -> Value:
        from .objects import find_method

        return find_method(self.it, obj, name)

    def repeat(self, body: Callable[[], None]) -> None:
        from .loops import repeat

        repeat(self.it, self.node, body)

    @contextmanager
    def caught(self) -> Iterator[None]:
        self.it.catching.append(frozenset({"*"}))
        try:
            yield
        finally:
            self.it.catching.pop()

    @contextmanager
    def inside(self, frame: Frame) -> Iterator[None]:
        self.it.call_frames.append(frame)
        try:
            yield
        finally:
            self.it.call_frames.pop()

    def doubt(self) -> None:
        self.it.local["doubtful"] = True

    def catches(self, what: Raised) -> bool:
        """Whether a handler of the program's catches the exception."""
        return any(_caught(what, names) for names in self.it.catching)

    def find(
        self, report: Report, framework: str, blame: Mapping[str, Any] | None = None, made: Made | None = None
    ) -> None:
        it = self.it
        it.local["told"] = True  # whether a finding comes of it or not, something raises
        if it.tracing and framework == "tensorflow" and not is_of_graph(report.problem):
            return  # an operation in a graph raises otherwise than the eager one
        if any(same(value, default) for value in report.problem.refused for default in it.local.get("defaults", ())):
            self.doubt()  # whoever calls this passes something else
        if it.assuming and report.problem.counts_axes:
            return  # how many axes there are was decided by what asks for so many at least
        if it.assuming and it.forked and report.problem.compares_dtypes:
            return  # the condition may have asked for the dtype that a default decided
        if it.local.get("doubtful"):
            return
        version = it.settings.version(framework)
        what = raised(report.problem, framework, version, tuple(it.call_frames))
        if self.catches(what):
            return
        site = self.site
        for calls in it.outer_calls[:1]:
            if site in calls:
                return
            calls[site] = True
        if it.silent:
            return
        from .core import Discovery

        blame = blame or {}
        primary = _squiggle(self, site, report.blame, blame)
        related = tuple(dict.fromkeys(_related(self, primary, report, blame, made)))
        key = (site, report.problem.code, what.type, what.text)
        it.discover(
            key,
            Discovery(report.problem, primary, site, what, framework, version, related, made, bool(it.assuming)),
        )


def _squiggle(call: CallContext, site: Site, names: Sequence[str], blame: Mapping[str, Any]) -> Site:
    """Where to draw: the blamed argument if it stands inside the call, else the call."""
    for name in names:
        source = blame.get(name)
        place = source if isinstance(source, Site) else call.argument_site(name)
        if place is None and isinstance(source, Tensor):
            place = call.argument_site(0)
        if isinstance(place, Site) and place.unit == site.unit and place.span in site.span:
            return place
    return site


def _related(
    call: CallContext, primary: Site, report: Report, blame: Mapping[str, Any], made: Made | None
) -> Iterator[tuple[Site, str, Value]]:
    """Where the blamed numbers came from, the layer itself, and the calls that led here."""
    facts = report.problem.facts
    told = [primary]
    for name in report.blame:
        source = blame.get(name)
        if isinstance(source, Site) and source != primary:
            told.append(source)
            yield source, name, facts.get(name)
        elif isinstance(source, Tensor):
            for tensor in _history(source, facts.get("axis")):
                if tensor.made is not None and tensor.made.site is not None and tensor.made.site != primary:
                    yield tensor.made.site, name, tensor
    layer = made.facts.get("site") if made is not None and made.facts else None
    if isinstance(layer, Site) and not any(layer.unit == site.unit and site.span in layer.span for site in told):
        yield layer, "layer", made.facts.get("name") if made is not None and made.facts else None
    for frame in reversed(call.it.frames):
        if frame.call_site is not None:
            yield frame.call_site, "call", None


def _history(tensor: Tensor, axis: Any) -> Iterator[Tensor]:
    """The tensor, and where its length along ``axis`` was decided, if that was earlier."""
    yield tensor
    if (
        not isinstance(axis, int)
        or not isinstance(tensor.shape, Shape)
        or not -len(tensor.shape) <= axis < len(tensor.shape)
    ):
        return
    here, wanted = tensor, tensor.shape[axis]
    for _ in range(200):
        before = here.made.inputs[0] if here.made is not None and here.made.inputs else None
        if before is None or not isinstance(before.shape, Shape) or len(before.shape) != len(here.shape):  # type: ignore[arg-type]
            break
        if before.shape[axis] != wanted:
            break
        here = before
    if here is not tensor:
        yield here


def _caught(what: Raised, names: frozenset[str]) -> bool:
    if "*" in names or what.type is None:
        return bool(names)
    kind = getattr(__import__("builtins"), what.type, None)
    order = (
        {base.__name__ for base in kind.__mro__}
        if isinstance(kind, type)
        else {what.type, "Exception", "BaseException"}
    )
    return bool(order & names)


__all__ = ["CallContext", "Unknown"]
