"""What the interpreter computes with.

Where the text fixes a value, the value is the Python object itself: ``int``, ``float``, ``complex``,
``bool``, ``str``, ``bytes``, ``None``, ``...`` and ``tuple`` (of values).  A symbolic int is a
:class:`~shape_engine.dim.Symbol` or :class:`~shape_engine.dim.Expr`.  Everything else is one of the
classes below.  All values are immutable and compare by content; what can change (the items of a list,
the attributes of an instance, whether a layer is built) lives in the store under the ``id`` of the
value, so that branches can be joined and results replayed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from .dim import Dim, is_dim, is_dynamic
from .shape import AnyShape, Shape, Unranked

Value: TypeAlias = Any
ObjectId: TypeAlias = "tuple[str, int]"  # (unit that made it, running number inside the unit)


class Span(NamedTuple):
    """A stretch of text: 1-based lines, 0-based columns in code points, end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    def moved(self, lines: int) -> Span:
        """The same span in a text with so many more lines above it."""
        return Span(self.line + lines, self.column, self.end_line + lines, self.end_column)

    def __contains__(self, other: Span) -> bool:  # type: ignore[override]
        return self[:2] <= other[:2] and other[2:] <= self[2:]


@dataclass(frozen=True, slots=True)
class Site:
    """A place in the user's code: a span whose lines count from the first line of its unit."""

    unit: str
    span: Span


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that the engine does not know, and why.

    ``of`` are the objects that it may be, or lead to, as far as that matters: what is done to it may be done to them.
    """

    reason: str = ""
    of: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Float(Unknown):
    """A float of Python's: which one, only running tells."""


@dataclass(frozen=True, slots=True)
class Made:
    """How a tensor came to be: which rule, at which call, from what.

    ``given`` holds the rule's arguments (shapes, dims, settings) so that the same pure call can be
    run again under observation; ``inputs`` are the tensors that went in.  ``facts`` describe the layer.
    Two are equal if their digests are, which are computed when somebody asks.
    """

    by: str
    site: Site | None
    inputs: tuple[Tensor, ...] = field(default=(), repr=False)
    given: tuple[tuple[str, Any], ...] = field(default=(), repr=False)
    facts: Mapping[str, Any] | None = field(default=None, repr=False)
    _digest: int | None = field(default=None, init=False, compare=False, repr=False)

    def __hash__(self) -> int:
        found = self._digest
        if found is None:
            waiting = [self]  # not by recursion: a chain of tensors may be long
            while waiting:
                one = waiting[-1]
                if one._digest is not None:
                    waiting.pop()
                    continue
                before = [x.made for x in one.inputs if x.made is not None and x.made._digest is None]
                if before:
                    waiting += before
                else:
                    one._digested()
            found = self._digest
        return found  # type: ignore[return-value]

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Made) or self.by != other.by or self.site != other.site:
            return False
        return hash(self) == hash(other)

    def _digested(self) -> None:
        facts = None if self.facts is None else tuple([(name, _summed_up(fact)) for name, fact in self.facts.items()])
        code = hash((self.by, self.site, tuple([hash(x) for x in self.inputs]), repr(self.given), facts))
        object.__setattr__(self, "_digest", code)


def _summed_up(fact: Any) -> Any:
    """Something hashable that stands for a fact.  It is the repr, which tells 1 from True and -1 from -2 (they share
    a hash), but for places and objects, whose repr is long and whose hash is as good."""
    if isinstance(fact, (Site, Instance)):
        return fact
    if type(fact) is dict:
        return tuple([(name, _summed_up(item)) for name, item in fact.items()])
    return repr(fact)


@dataclass(frozen=True, slots=True)
class Tensor:
    """An array of numbers: its shape, its dtype, and whose array it is.

    ``kind`` is "keras" (a symbolic KerasTensor), "tf" (eager, or inside tf.function), "numpy" or
    "torch".  ``shape`` is a Shape or Unranked.  ``dtype`` is the standard short name, None if unknown.
    ``constant`` holds the elements, nested tuples, of a small array whose numbers matter for shapes.
    """

    shape: AnyShape
    dtype: str | None
    kind: str
    made: Made | None = None
    name: str | None = None
    constant: Any = None

    @property
    def ranked(self) -> bool:
        return isinstance(self.shape, Shape)

    @property
    def rank(self) -> int | None:
        return len(self.shape) if isinstance(self.shape, Shape) else None

    @property
    def symbolic(self) -> bool:
        """Whether the framework, too, knows only shape and dtype here."""
        return self.kind == "keras"


@dataclass(frozen=True, slots=True)
class Assumed:
    """A parameter of code that nothing calls: anything, until the first operation on it decides.

    What it turned out to be is in the store under its id, field "is".
    """

    id: ObjectId
    name: str


@dataclass(frozen=True, slots=True)
class List:
    """A list; its items, a tuple of values or Unknown, are in the store: field "items"."""

    id: ObjectId


@dataclass(frozen=True, slots=True)
class Stream(List):
    """An iterator (a generator, ``zip(...)``, ``iter(...)``): its items are those that are still to come."""


@dataclass(frozen=True, slots=True)
class Deque(List):
    """A ``collections.deque``; its ``maxlen`` is in the store: field ".maxlen"."""


@dataclass(frozen=True, slots=True)
class Dict:
    """A dict; field "items" of the store: a tuple of (key, value) pairs, or Unknown."""

    id: ObjectId


@dataclass(frozen=True, slots=True)
class OtherDict(Dict):
    """A subclass of dict: "OrderedDict", "defaultdict" (its factory is field ".factory") or "Counter"."""

    kind: str = "OrderedDict"


@dataclass(frozen=True, slots=True)
class View:
    """``mapping.keys()`` (part 0), ``.values()`` (1) or ``.items()`` (None): what is in the Dict when it is read."""

    mapping: Value
    part: int | None


@dataclass(frozen=True, slots=True)
class Set:
    """A set; field "items" of the store: a tuple of distinct values, or Unknown."""

    id: ObjectId


@dataclass(frozen=True, slots=True)
class Code:
    """The text of a function, lambda or class body; equal when its text and its place in its unit are."""

    unit: str
    name: str
    node: ast.AST = field(compare=False, repr=False)
    span: Span = field(default=Span(0, 0, 0, 0))
    module: str = ""
    qualname: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where names are looked up: the variables of one call, class body or module, and what encloses it."""

    id: ObjectId
    names: frozenset[str] | None  # the names bound here; None: whatever the store has (a module)
    parent: Scope | None
    module: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function or lambda that the text defines, with what it closes over."""

    code: Code
    scope: Scope
    defaults: tuple[tuple[str, Value], ...] = ()
    owner: ObjectId | None = None  # the id of the class in whose body it stands, for super()


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A function seen through ``staticmethod``, ``classmethod`` or ``property`` (``how``)."""

    how: str
    function: Value


@dataclass(frozen=True, slots=True)
class BoundMethod:
    """A function, user's or modelled, together with the object it was looked up on."""

    function: Value
    self: Value


@dataclass(frozen=True, slots=True)
class Class:
    """A class that the text defines; its attributes are in the store under its id."""

    id: ObjectId
    name: str
    bases: tuple[Value, ...]
    code: Code | None = None
    _hash: int = field(default=0, init=False, compare=False, repr=False)
    _above: tuple[Value, ...] | None = field(default=None, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.id, self.name, self.bases, self.code)))

    def above(self, order: Callable[[Class], tuple[Value, ...]]) -> tuple[Value, ...]:
        """The classes that follow this one in its method resolution order; ``order`` is asked once."""
        if self._above is None:
            object.__setattr__(self, "_above", order(self))
        return self._above  # type: ignore[return-value]

    def __hash__(self) -> int:  # taken once: classes stand on classes
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Class) and self.id == other.id and self._hash == other._hash


@dataclass(frozen=True, slots=True)
class Instance:
    """An object; its attributes and its hidden state are in the store under its id.

    ``cls`` is a Class of the user's, or Known for an object of a framework (a layer, a model).
    """

    id: ObjectId
    cls: Value


@dataclass(frozen=True, slots=True)
class Known:
    """A function or class that a rule models, by its canonical dotted name: "keras.layers.Conv2D".

    ``flavour`` tells which of several libraries was meant by an import: "keras", "tf_keras", "".
    """

    target: str
    flavour: str = ""


@dataclass(frozen=True, slots=True)
class Namespace:
    """A module of a framework, by its canonical dotted name: "keras.layers".

    ``root`` is how a program reached it, where several packages share its names and not all have each: "keras",
    "tensorflow.keras", "tf_keras"; "" where that is not told.
    """

    path: str
    flavour: str = ""
    root: str = ""


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the user's; its names are in the store of that module."""

    name: str
    uri: str
    package: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """``range(start, stop, step)``; the three are ints or symbolic ints."""

    start: Dim
    stop: Dim
    step: Dim


@dataclass(frozen=True, slots=True)
class Slice:
    """``start:stop:step`` in a subscript, or slice(...)."""

    start: Value
    stop: Value
    step: Value


@dataclass(frozen=True, slots=True)
class Partial:
    """``functools.partial(function, *args, **kwargs)``."""

    function: Value
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]


class OpenKeywords(dict[str, Value]):
    """Keyword arguments among which there may be more: what nobody passes to the ``**kwargs`` of uncalled code."""


class Row(tuple):  # type: ignore[type-arg]
    """A named tuple: a tuple that knows its class and the names of its fields."""

    of: Value
    names: tuple[str, ...]

    def __new__(cls, items: Iterable[Value], of: Value = None, names: tuple[str, ...] = ()) -> Row:
        row = super().__new__(cls, items)
        row.of, row.names = of, names
        return row

    def like(self, items: Iterable[Value]) -> Row:
        """Other items under the same names."""
        return Row(items, self.of, self.names)


def tensors_in(value: Value) -> Iterator[Tensor]:
    """The tensors in a value, looking into tuples and thawed lists and dicts, in order."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (tuple, list)) and not isinstance(value, Shape):
        for item in value:
            yield from tensors_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from tensors_in(item)


def objects_in(*values: Value) -> tuple[Any, ...]:
    """The objects that can be changed through these values, as far as the values themselves tell."""
    found: dict[Any, None] = {}
    for value in values:
        if isinstance(value, (List, Dict, Set, Instance)):
            found[value] = None
        elif isinstance(value, Unknown):
            found.update(dict.fromkeys(value.of))
        elif isinstance(value, BoundMethod):
            found.update(dict.fromkeys(objects_in(value.self)))
        elif isinstance(value, View):
            found[value.mapping] = None
        elif isinstance(value, tuple):
            found.update(dict.fromkeys(objects_in(*value)))
    return tuple(found)


def ancestry(cls: Value) -> Iterator[Value]:
    """A class and all that it derives from, each once, whatever the order in which Python would ask them."""
    waiting, met = [cls], {id(cls)}
    while waiting:
        one = waiting.pop()
        yield one
        for base in one.bases if isinstance(one, Class) else ():
            if id(base) not in met:
                met.add(id(base))
                waiting.append(base)


def framework_shape(shape: AnyShape) -> Value:
    """What ``x.shape`` is in Python for a Keras tensor: a tuple with None where the length is dynamic."""
    if isinstance(shape, Unranked):
        return Unknown(shape.reason or "the rank is not known")
    return tuple(None if is_dynamic(dim) else dim for dim in shape)


def shape_from(value: Value, origin: Any = None, *, dynamic: bool = True) -> AnyShape:
    """A shape from what a program passes as one: ints, symbolic ints, None for a length left open.

    ``value`` is an int or a sequence, already thawed; anything else gives an unknown dim or Unranked.
    """
    from .dim import Symbol

    if is_dim(value):
        value = (value,)
    if isinstance(value, Unranked):
        return value
    if not isinstance(value, (tuple, list)):
        return Unranked(value.reason if isinstance(value, Unknown) else "the shape is not known")
    dims: list[Dim] = []
    for axis, dim in enumerate(value):
        if dim is None:
            dims.append(Symbol(None, (origin, axis), dynamic=dynamic))
        elif is_dim(dim):
            dims.append(dim)
        else:
            dims.append(Symbol(None, (origin, axis)))
    return Shape(dims)


def is_known(value: Value) -> bool:
    """Whether a thawed value has no unknown part (symbolic ints count as known)."""
    if isinstance(value, (Unknown, Assumed)):
        return False
    if isinstance(value, (tuple, list)):
        return all(map(is_known, value))
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    return not isinstance(value, Unranked)


__all__ = [name for name in dir() if not name.startswith("_") and name not in ("ast", "annotations")]
