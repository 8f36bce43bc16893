"""What a step of training sees of the data that ``fit``, ``evaluate`` and ``predict`` are given.

Follows keras/src/trainers/data_adapters.  Arrays are cut into batches whose size is open in the traced step, unless
the last one is as full as the others; datasets tell what they give; generators always leave the size open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ...dim import Symbol, is_dynamic, surely_differ
from ...evidence import report
from ...problems import BadModel, PythonError
from ...rule import Call
from ...shape import Shape
from ...value import Assumed, Class, Instance, Range, Stream, Tensor, Unknown
from ..datasets import concrete, element_of, elements_of, gives_elements, is_dataset
from .inputs import leaves
from .state import is_float

BATCH = 32


@dataclass(frozen=True)
class Batches:
    """The structures that a step is called with.  ``first`` tells what open lengths are in the first step.

    ``held_out`` are those that ``fit`` is given as ``validation_data``.
    """

    x: Any
    y: Any = None
    weight: Any = None
    first: tuple[tuple[Symbol, Any], ...] = ()
    held_out: bool = False


@dataclass(frozen=True)
class Given:
    """The arguments of ``fit`` that are about data, thawed; UNKNOWN ones make that nothing is said."""

    x: Any
    y: Any = None
    weight: Any = None
    batch_size: Any = None
    steps: Any = None
    class_weight: Any = None


def batches_of(call: Call, given: Given, eager: bool = False) -> Batches | None:
    """What the steps see; None where that is not known, or refused with a report.

    ``eager`` steps, like those of ``predict``, are called with the numbers of the first batch.
    """
    x = given.x
    if gives_elements(call, x):
        return _of_dataset(call, given, "tf.data.Dataset" if is_dataset(x) else "PyDataset", eager)
    if isinstance(x, Stream) or _is_generator(x):
        return _of_generator(call, given)
    if isinstance(x, Instance) and isinstance(x.cls, Class):
        return _of_sequence(call, given)
    structures = (x, given.y, given.weight)
    if any(_is_unclear(leaf) for part in structures for leaf in leaves(part)):
        return None
    if not all(_is_array(leaf) for part in structures for leaf in leaves(part)):
        _refuse_type(x)
        return None
    flat = [leaf for part in structures for leaf in leaves(part) if leaf is not None]
    if not flat or not all(leaf.shape for leaf in flat):
        call.doubt()
        return None
    weight = _weights(call, given)
    if weight is _REFUSED:
        return None
    if not check_cardinality(given.x, given.y, weight):
        return None
    rows = next((leaf.shape[0] for leaf in flat if isinstance(leaf.shape[0], int)), flat[0].shape[0])
    size, usual = batch_size(call, rows, given.batch_size, given.steps)
    if eager:
        size = usual
    first = ((size, usual),) if isinstance(size, Symbol) and isinstance(usual, int) else ()
    return Batches(_cut(given.x, size), _cut(given.y, size), _cut(weight, size), first)


def check_cardinality(data: Any, labels: Any, weights: Any = None) -> bool:
    """check_data_cardinality: tells whether the lengths are not surely different."""
    sizes = {"x": _sizes(data), "y": _sizes(labels), "sample_weight": _sizes(weights)}
    flat = [size for group in sizes.values() if group is not None for size in group]
    if None in sizes.values() or not flat or not any(surely_differ(flat[0], size) for size in flat[1:]):
        return True
    if labels is None and weights is None and isinstance(data, dict):  # Keras takes its keys for the arrays
        kind = type(next(iter(data))).__name__
        report(PythonError("AttributeError", f"'{kind}' object has no attribute 'shape'"), blame=("x",))
        return False
    text = "".join(f"'{name}' sizes: {', '.join(map(str, group))}\n" for name, group in sizes.items() if group)
    report(BadModel("cardinality", quoted=(text,)), blame=("y", "x"))
    return False


def split_at(call: Call, given: Given, share: Any) -> tuple[Given, Given] | None:
    """``validation_split``: the first rows to train with, the last ones to validate; None where that is not known."""
    parts = (given.x, given.y, given.weight)
    flat = [leaf for part in parts for leaf in leaves(part) if leaf is not None]
    if not flat or not all(_is_array(leaf) and leaf.shape for leaf in flat) or not isinstance(share, (int, float)):
        return None
    rows = flat[0].shape[0]
    if not isinstance(rows, int):
        return None
    at = int(rows * (1.0 - share) // 1)
    if at in (0, rows):
        report(BadModel("validation-split", quoted=(rows, share)), blame=("validation_split",))
        return None
    if share > 1 or share < 0:
        return None

    def part_of(structure: Any, start: int, end: int) -> Any:
        def cut(x: Tensor) -> Tensor:
            own = x.shape[0] if isinstance(x.shape, Shape) else None
            return _resized(x, max(0, min(end, own) - min(start, own)) if isinstance(own, int) else call.symbol())

        return _mapped(structure, cut)

    def rows_of(start: int, end: int) -> Given:
        x, y, weight = (part_of(part, start, end) for part in parts)
        return Given(x, y, weight, given.batch_size)

    return replace(rows_of(0, at), steps=given.steps, class_weight=given.class_weight), rows_of(at, rows)


def unpacked(data: Any) -> tuple[Any, Any, Any] | None:
    """unpack_x_y_sample_weight; None where the data cannot be unpacked."""
    if isinstance(data, list):
        data = tuple(data)
    if not isinstance(data, tuple) or isinstance(data, Shape):
        return data, None, None
    return (*data, None, None)[:3] if 1 <= len(data) <= 3 else None


def _of_dataset(call: Call, given: Given, kind: str, eager: bool) -> Batches | None:
    if not _alone(given, kind):
        return None
    if given.class_weight is not None:
        return None
    element = element_of(call, given.x)
    parts = unpacked(element)
    if parts is None or any(_is_unclear(leaf) or not isinstance(leaf, Tensor) for leaf in leaves(element)):
        return None
    if isinstance(parts[0], dict) and parts[1] is None:
        return None  # whether the model takes such inputs is found out before the labels are missed
    elements = elements_of(call, given.x)
    usual = tuple((length.symbol, length.usual) for length in elements.lengths)
    if eager:
        parts = unpacked(call.thaw(concrete(call, elements, 0))) or parts
    x, y, weight = (_mapped(part, _floats) for part in parts)
    return Batches(x, y, weight, usual)


def _of_generator(call: Call, given: Given) -> Batches | None:
    if not _alone(given, "generator"):
        return None
    if given.class_weight is not None:
        return None
    items = call.iterate(given.x) if isinstance(given.x, Stream) else None
    return _from_items(call, [call.thaw(call.resolve(item)) for item in items[:2]]) if items else None


def _of_sequence(call: Call, given: Given) -> Batches | None:
    """A ``keras.utils.Sequence`` or ``PyDataset`` of the user's: its first item, with the size of the batch left open."""
    cls = given.x.cls
    if not any(base in _known_bases(cls) for base in ("keras.utils.Sequence", "keras.utils.PyDataset")):
        return None
    if not _alone(given, "PyDataset") or given.class_weight is not None:
        return None
    method = call.method(given.x, "__getitem__")
    if not method:
        return None
    first = call.thaw(call.resolve(call.invoke(method, [0])))
    with call.caught():
        call.invoke(method, [call.symbol()])  # and with every other index
    return _from_items(call, [first])


def _from_items(call: Call, items: list[Any]) -> Batches | None:
    """Batches that someone else makes: get_tensor_spec leaves their size open, and lengths that differ."""
    first = items[0]
    if not isinstance(first, tuple):
        return None
    parts = unpacked(first)
    flat = leaves(first)
    if parts is None or not all(isinstance(x, Tensor) and isinstance(x.shape, Shape) and x.shape for x in flat):
        return None
    others = [leaves(item) for item in items[1:]]
    for other in others:
        if len(other) != len(flat) or not all(
            isinstance(x, Tensor) and isinstance(y, Tensor) and x.shape[1:] == y.shape[1:]  # type: ignore[index]
            for x, y in zip(flat, other, strict=True)
        ):
            return None
    size = call.symbol(dynamic=True)
    usual = flat[0].shape[0]
    x, y, weight = (_cut(part, size) for part in parts)
    return Batches(x, y, weight, ((size, usual),) if isinstance(usual, int) else ())


def _alone(given: Given, what: str) -> bool:
    for name, value, words in (("y", given.y, "the targets"), ("sample_weights", given.weight, "the sample weights")):
        if isinstance(value, (Unknown, Assumed)):
            return False
        if value is not None:
            report(BadModel("data-with-labels", quoted=(what, name, words)), blame=(name.rstrip("s"),))
            return False
    return True


_REFUSED: Any = object()


def _weights(call: Call, given: Given) -> Any:
    """The weights for every sample: given, or made from those of the classes (class_weight_to_sample_weights)."""
    weight, classes, y = given.weight, given.class_weight, given.y
    nested = isinstance(y, (list, tuple, dict))
    if isinstance(classes, (Unknown, Assumed)):
        return _REFUSED
    if weight is not None:
        if classes is not None:
            report(BadModel("weights-of-both"), blame=("class_weight", "sample_weight"))
            return _REFUSED
        if nested and not isinstance(weight, (list, tuple, dict)):
            shape = weight.shape
            if not (len(shape) == 1 or (len(shape) == 2 and not surely_differ(shape[1], 1))):
                report(BadModel("weights-of-outputs"), blame=("sample_weight",))
                return _REFUSED
            return _mapped(y, lambda _: weight)
        return weight
    if classes is None:
        return None
    if nested:
        report(BadModel("classes-of-outputs"), blame=("class_weight",))
        return _REFUSED
    if not isinstance(y, Tensor) or not isinstance(y.shape, Shape):
        call.doubt()
        return _REFUSED
    if isinstance(classes, (list, Tensor)):
        kind = "list" if isinstance(classes, list) else "numpy.ndarray"
        report(BadModel("class-weights", quoted=(kind,)), blame=("class_weight",))
        return _REFUSED
    if len(y.shape) > 2:
        call.doubt()
        return _REFUSED
    return Tensor(Shape(y.shape[:1]), "float32", "numpy")


def batch_size(call: Call, rows: Any, size: Any, steps: Any) -> tuple[Any, Any]:
    """The size of a batch in a traced step, and of the first batch."""
    if not size:
        if isinstance(steps, int) and steps and isinstance(rows, int):
            size = -(-rows // steps)
        else:
            size = BATCH if not steps else None
    if not isinstance(rows, int) or not isinstance(size, int) or rows <= 0 or size <= 0:
        unknown = call.symbol()
        return unknown, unknown
    if rows % size == 0:
        return size, size
    return call.symbol(dynamic=True), min(rows, size)


def _cut(structure: Any, size: Any) -> Any:
    return _mapped(structure, lambda x: _floats(_resized(x, size)))


def _resized(x: Tensor, size: Any) -> Tensor:
    assert isinstance(x.shape, Shape)
    return Tensor(Shape((size, *x.shape[1:])), x.dtype, "tf", x.made)


def _floats(x: Tensor) -> Tensor:
    return Tensor(x.shape, "float32" if is_float(x.dtype) else x.dtype, "tf", x.made)


def _mapped(structure: Any, change: Callable[[Tensor], Any]) -> Any:
    """The structure with lists as tuples, as tf.data has them."""
    if isinstance(structure, (list, tuple)) and not isinstance(structure, Shape):
        return tuple(_mapped(item, change) for item in structure)
    if isinstance(structure, dict):
        return {key: _mapped(item, change) for key, item in structure.items()}
    return None if structure is None else change(structure)


def _sizes(value: Any) -> list[Any] | None:
    """The numbers of samples of arrays; None where they are not known."""
    if value is None:
        return []
    found = [
        part.shape[0] if isinstance(part, Tensor) and isinstance(part.shape, Shape) and part.shape else None
        for part in leaves(value)
        if part is not None
    ]
    return found if all(isinstance(size, int) for size in found) else None


def _is_array(leaf: Any) -> bool:
    return leaf is None or (isinstance(leaf, Tensor) and isinstance(leaf.shape, Shape) and not leaf.symbolic)


def _is_unclear(leaf: Any) -> bool:
    """Whether it is not known what this is, or whether it can be cut."""
    if isinstance(leaf, Tensor):
        if not isinstance(leaf.shape, Shape) or leaf.symbolic or leaf.dtype == "object":
            return True
        # of texts Keras takes tensors only, to which it can give no further axis
        return leaf.dtype == "string" and (leaf.kind != "tf" or len(leaf.shape) < 2)
    return leaf is not None and not isinstance(leaf, (bool, int, float, str, Range))


def _refuse_type(x: Any) -> None:
    """Python's own numbers among the data cannot be cut."""
    if isinstance(x, (list, tuple, int, float, str)) and not isinstance(x, Shape):
        shown = x if isinstance(x, str) or not any(isinstance(leaf, Tensor) for leaf in leaves(x)) else Unknown("data")
        report(BadModel("data-type", quoted=(shown, f"<class '{type(x).__name__}'>")), blame=("x",))
    elif isinstance(x, Tensor):
        kind = "<class 'numpy.ndarray'>" if x.kind == "numpy" else "?"
        report(BadModel("data-type", quoted=(Unknown("an array"), kind)), blame=("y",))


def _is_generator(x: Any) -> bool:
    return type(x).__name__ == "Generator"


def _known_bases(cls: Any) -> list[str]:
    found = []
    for base in getattr(cls, "bases", ()):
        found.append(getattr(base, "target", getattr(base, "path", "")))
        found += _known_bases(base)
    return found


__all__ = ["BATCH", "Batches", "Given", "batches_of", "check_cardinality", "is_dynamic", "split_at", "unpacked"]
