"""What a ``tf.data.Dataset`` is here: the structure of one element, how many there are, and what open lengths become.

TensorFlow's rules make datasets, and so do those of Keras (``image_dataset_from_directory``); ``model.fit`` asks for
an element.  A structure is made of tuples, ``Keyed`` (dicts), tensors, datasets and None, with Unknown for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ..dim import Dim, Symbol, is_dim, is_dynamic, is_named, substitute, symbols
from ..dtypes import python_dtype
from ..rule import Call
from ..shape import Shape, Unranked
from ..value import Instance, Known, Tensor, Unknown, Value
from .arrays import operand

DATASET = Known("tf.data.Dataset")
INFINITE = -1
"""The number of elements of a dataset that never ends, as ``cardinality`` gives it."""
UNCOUNTED = -2
"""The number of elements of a dataset that TensorFlow itself cannot count."""


class Keyed(tuple):  # type: ignore[type-arg]
    """A dict in the structure of an element: its pairs."""


@dataclass(frozen=True, slots=True)
class Length:
    """What an open length is when the dataset runs: ``usual`` in every element but the last."""

    symbol: Symbol
    usual: Dim
    last: Dim


@dataclass(frozen=True, slots=True)
class Elements:
    """What a dataset gives.  ``count`` is a dim, INFINITE, UNCOUNTED, or None where the engine does not know it."""

    structure: Any
    count: Any = None
    lengths: tuple[Length, ...] = ()

    @property
    def regular(self) -> tuple[Length, ...]:
        """The lengths that are the same in all elements."""
        return tuple(length for length in self.lengths if same_length(length.usual, length.last))

    @property
    def counted(self) -> bool:
        """Whether the number of elements is a length."""
        return is_dim(self.count) and not (isinstance(self.count, int) and self.count < 0)

    @property
    def uncounted(self) -> Elements:
        """The same elements in any order and number."""
        return replace(self, count=None, lengths=self.regular)

    @property
    def uncountable(self) -> Elements:
        """The same, where TensorFlow cannot tell the number either."""
        return replace(self, count=UNCOUNTED, lengths=self.regular)


NOT_KNOWN = Elements(Unknown("a dataset that is not known"))
T = TypeVar("T")


def new_dataset(call: Call, elements: Elements) -> Instance:
    """A dataset of these elements."""
    obj = call.new(DATASET)
    call.set(obj, ".elements", elements)
    return obj


def is_dataset(value: Value) -> bool:
    """Whether a value surely is a ``tf.data.Dataset``."""
    return isinstance(value, Instance) and value.cls == DATASET


def gives_elements(call: Call, value: Value) -> bool:
    """Whether a value is a dataset, or an iterator of batches that is modelled like one (an ImageDataGenerator's)."""
    return is_dataset(value) or (isinstance(value, Instance) and isinstance(call.get(value, ".elements"), Elements))


def elements_of(call: Call, value: Value) -> Elements:
    """What a dataset gives."""
    found = call.get(value, ".elements") if isinstance(value, Instance) else None
    return found if isinstance(found, Elements) else NOT_KNOWN


def element_of(call: Call, value: Value) -> Any:
    """The structure of one element of a dataset, for a graph that is traced for all: thawed, open lengths dynamic.

    A tuple, a dict, a Tensor, or Unknown.
    """
    return thawed(elements_of(call, value).structure)


def count_of(call: Call, value: Value) -> Any:
    """How many elements a dataset has: a dim, INFINITE, UNCOUNTED, or None where that is not known."""
    return elements_of(call, value).count


def structured(call: Call, value: Value) -> Any:
    """What a program passes as an element (thawed): lists become tensors, as tf.data makes them."""
    value = call.resolve(value)
    if type(value) is tuple:
        return tuple(structured(call, item) for item in value)
    if isinstance(value, dict):
        return Keyed((key, structured(call, item)) for key, item in value.items())
    if value is None or is_dataset(value):
        return value
    if isinstance(value, (Tensor, list)) or python_dtype(value) is not None:
        tensor = operand(value, "tf", call)
        if tensor.dtype == "object":
            return Unknown("an array of Python objects")
        return Tensor(tensor.shape, tensor.dtype, "tf", tensor.made)
    return Unknown(getattr(value, "reason", "") or "an element that is not known")


def thawed(structure: Any) -> Any:
    """The structure with Python's dicts."""
    if isinstance(structure, Keyed):
        return {key: thawed(item) for key, item in structure}
    if type(structure) is tuple:
        return tuple(map(thawed, structure))
    return structure


def over(structure: Any, change: Callable[[Any], Any]) -> Any:
    """The structure with another leaf for each."""
    if isinstance(structure, Keyed):
        return Keyed((key, over(item, change)) for key, item in structure)
    if type(structure) is tuple:
        return tuple(over(item, change) for item in structure)
    return change(structure)


def leaves(structure: Any) -> Iterator[Any]:
    """The tensors (and what else there is) in a structure, in tf.nest's order: a dict by its sorted keys."""
    if isinstance(structure, Keyed):
        for _, item in sorted(structure, key=lambda pair: str(pair[0])):
            yield from leaves(item)
    elif type(structure) is tuple:
        for item in structure:
            yield from leaves(item)
    else:
        yield structure


def stacked(structure: Any, length: Dim) -> Any:
    """The structure with an axis of this length in front."""
    return over(structure, lambda leaf: _stacked(leaf, length))


def rows(structure: Any) -> Any:
    """The structure without its first axis."""
    return over(structure, _row)


def batched(call: Call, elements: Elements, size: Value, drop: Value) -> Elements:
    """``batch(size, drop_remainder)``: a short last batch leaves the length open."""
    if not is_dim(size) or isinstance(size, bool):
        size = None
    if not isinstance(drop, bool):
        return Elements(stacked(elements.structure, call.symbol()), None, elements.regular)
    count, structure = elements.count, elements.structure
    after = count if not elements.counted else None
    if drop:
        if elements.counted and size is not None and not (isinstance(size, int) and size < 1):
            after = count // size
        return Elements(stacked(structure, call.symbol() if size is None else size), after, elements.regular)
    open_ = replace(call.symbol(dynamic=True), least=1)
    lengths = elements.regular
    if size is not None and count == INFINITE:
        lengths = (*lengths, Length(open_, size, size))
    elif isinstance(count, int) and count > 0 and isinstance(size, int) and size > 0:
        last = count % size or size
        lengths = (*lengths, Length(open_, last if count <= size else size, last))
    if elements.counted and size is not None and not (isinstance(size, int) and size < 1):
        after = -(-count // size)
    return Elements(stacked(structure, open_), after, lengths)


def concrete(call: Call, elements: Elements, position: int | None = None, kind: str = "tf") -> Value:
    """An element as a loop sees it: the one at ``position``, or any one; frozen.

    A length that nobody named is a new one each time: two elements may differ in it.
    """
    known: dict[Any, Dim] = {}
    for length in elements.lengths:
        if same_length(length.usual, length.last):
            known[length.symbol] = length.usual
        elif position is not None and isinstance(elements.count, int):
            known[length.symbol] = length.last if position == elements.count - 1 else length.usual

    def dim(length: Any) -> Any:
        for symbol in symbols(length):
            if symbol not in known and (not is_named(symbol) or is_dynamic(symbol)):
                known[symbol] = call.symbol()
        return substitute(length, known) if not isinstance(length, int) else length

    def leaf(value: Any) -> Any:
        if not isinstance(value, Tensor):
            return value
        shape = Shape(map(dim, value.shape)) if isinstance(value.shape, Shape) else value.shape
        return Tensor(shape, value.dtype, kind)

    return call.freeze(thawed(over(elements.structure, leaf)))


def rows_in_all(call: Call, value: Value) -> Any:
    """How many rows the batches of a dataset have together; None where that is not known."""
    elements = elements_of(call, value)
    first = next(leaves(elements.structure), None)
    if not isinstance(first, Tensor) or not isinstance(first.shape, Shape) or not first.shape:
        return None
    if not isinstance(elements.count, int) or elements.count < 1:
        return None
    length = next((one for one in elements.lengths if one.symbol == first.shape[0]), None)
    if length is not None:
        return length.usual * (elements.count - 1) + length.last
    return elements.count * first.shape[0] if isinstance(first.shape[0], int) else None


def same_length(one: Any, other: Any) -> bool:
    """Whether two lengths are one."""
    return type(one) is type(other) and bool(one == other)


def _stacked(leaf: Any, length: Dim) -> Any:
    if not isinstance(leaf, Tensor):
        return leaf if isinstance(leaf, Unknown) else Unknown("a batch of what is no tensor")
    if not isinstance(leaf.shape, Shape):
        return leaf
    return Tensor(Shape((length, *leaf.shape)), leaf.dtype, "tf")


def _row(leaf: Any) -> Any:
    if not isinstance(leaf, Tensor):
        return leaf if isinstance(leaf, Unknown) else Unknown("a row of what is no tensor")
    if not isinstance(leaf.shape, Shape) or not leaf.shape:
        return Tensor(Unranked("a row of a tensor whose rank is not known"), leaf.dtype, "tf")
    return Tensor(Shape(leaf.shape[1:]), leaf.dtype, "tf")
