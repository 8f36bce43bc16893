"""``tf.data``: where datasets come from and what a loop sees of them (tensorflow/python/data/ops/dataset_ops.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dim import is_dim, minimum, surely_differ
from ...dtypes import dtype_name
from ...evidence import report
from ...formulas.creation import steps
from ...problems import BadDataset
from ...rule import MISSING, REGISTRY, Call, ClassRule, class_rule, function
from ...shape import Shape, Unranked
from ...value import BoundMethod, Instance, Known, Tensor, Unknown, Value, shape_from
from .. import datasets
from ..arrays import number
from ..datasets import (
    INFINITE,
    NOT_KNOWN,
    UNCOUNTED,
    Elements,
    Keyed,
    concrete,
    elements_of,
    leaves,
    new_dataset,
    over,
    rows,
    structured,
)

FEW = 8
"""So many elements are told one by one."""
ITERATOR = Known("tf.data.Iterator")
INT64 = Tensor(Shape(()), "int64", "tf")
STRING = Tensor(Shape(()), "string", "tf")


class Methods(ClassRule):
    """A class whose methods are rules: ``@function("tf.data.Dataset.batch")``."""

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        found = REGISTRY.attributes.get(f"{self.target}.{name}")
        if found is not None:
            return found(call, obj)
        target = f"{self.target}.{name}"
        return BoundMethod(Known(target), obj) if REGISTRY.find(target) is not None else MISSING


@class_rule("tf.data.Dataset")
class Dataset(Methods):
    """Elements of one structure; few of them are told one by one."""

    def iterate(self, call: Call, obj: Instance) -> tuple[Value, ...] | None:
        elements = elements_of(call, obj)
        if not isinstance(elements.count, int) or not 0 <= elements.count <= FEW:
            return None
        return tuple(concrete(call, elements, position) for position in range(elements.count))

    def any_item(self, call: Call, obj: Instance) -> Value:
        return concrete(call, elements_of(call, obj))


@class_rule("tf.data.Iterator")
class Iterator(Methods):
    """``iter(dataset)``: its first elements are those of the dataset."""

    def any_item(self, call: Call, obj: Instance) -> Value:
        elements, kind, taken = (call.get(obj, name) for name in (".elements", ".kind", ".taken"))
        if not isinstance(elements, Elements) or not isinstance(kind, str):
            return Unknown("an element of a dataset that is not known")
        first = isinstance(taken, int) and isinstance(elements.count, int) and taken < elements.count
        call.set(obj, ".taken", taken + 1 if isinstance(taken, int) else Unknown("how many were taken"))
        return concrete(call, elements, taken if first else None, kind)


def iterator(call: Call, elements: Elements, kind: str) -> Value:
    """An iterator over the elements, as arrays of this kind."""
    if isinstance(elements.count, int) and 0 <= elements.count <= FEW:
        return call.new_stream([concrete(call, elements, n, kind) for n in range(elements.count)])
    obj = call.new(ITERATOR)
    for name, value in ((".elements", elements), (".kind", kind), (".taken", 0)):
        call.set(obj, name, value)
    return obj


@function("tf.data.Dataset.__iter__", framework="tensorflow")
def iter_(call: Call, self: Value) -> Value:
    """``iter(dataset)``."""
    return iterator(call, elements_of(call, self), "tf")


@function("tf.data.Dataset.as_numpy_iterator", framework="tensorflow")
def as_numpy_iterator(call: Call, self: Value, name: Value = None) -> Value:
    """The elements as NumPy arrays."""
    return iterator(call, elements_of(call, self), "numpy")


@function("tf.data.Iterator.__iter__", framework="tensorflow")
def same_iterator(call: Call, self: Value) -> Value:
    """Itself."""
    return self


@function("tf.data.Iterator.__next__", framework="tensorflow")
@function("tf.data.Iterator.get_next", framework="tensorflow")
def get_next(call: Call, self: Instance) -> Value:
    """The next element."""
    return Iterator().any_item(call, self)


@function("tf.data.Dataset.__len__", framework="tensorflow")
def length(call: Call, self: Value) -> Value:
    """How many elements there are.  TypeError where there is no end, or TensorFlow does not know."""
    elements = elements_of(call, self)
    if elements.count in (INFINITE, UNCOUNTED):
        report(BadDataset("infinite" if elements.count == INFINITE else "uncounted"), blame=("self",))
    return elements.count if elements.counted else call.symbol()


@function("tf.data.Dataset.__bool__", framework="tensorflow")
def truth(call: Call, self: Value) -> bool:
    """A dataset is always true."""
    return True


@function("tf.data.Dataset.cardinality", framework="tensorflow")
@function("tf.data.experimental.cardinality", framework="tensorflow")
def cardinality(call: Call, *dataset: Value, **_: Value) -> Tensor:
    """The same as a tensor; -1 for an endless dataset."""
    count = elements_of(call, dataset[0]).count if dataset else None
    return Tensor(Shape(()), "int64", "tf", constant=count if isinstance(count, int) else None)


@function("tf.data.Dataset.from_tensor_slices", framework="tensorflow")
def from_tensor_slices(call: Call, tensors: Value, name: Value = None) -> Value:
    """Rows of tensors of one length (from_tensor_slices_op.py)."""
    structure = structured(call, tensors)
    found = list(leaves(structure))
    if not found:
        report(BadDataset("empty"), blame=("tensors",))
        return new_dataset(call, NOT_KNOWN)
    first: Any = None
    for leaf in found:
        if not isinstance(leaf, Tensor) or not isinstance(leaf.shape, Shape):
            break
        if not leaf.shape:
            report(BadDataset("scalar"), blame=("tensors",))
            return new_dataset(call, NOT_KNOWN)
    known = [x.shape[0] for x in found if isinstance(x, Tensor) and isinstance(x.shape, Shape) and x.shape]
    if known:
        first = next((n for n in known if isinstance(n, int)), known[0])
    if len(known) == len(found):
        other = next((n for n in known[1:] if surely_differ(known[0], n)), None)
        if other is not None:
            report(BadDataset("rows", (known[0], other)), blame=("tensors",))
    return new_dataset(call, Elements(rows(structure), first))


@function("tf.data.Dataset.from_tensors", framework="tensorflow")
def from_tensors(call: Call, tensors: Value, name: Value = None) -> Value:
    """One element."""
    return new_dataset(call, Elements(structured(call, tensors), 1))


@function("tf.data.Dataset.from_generator", framework="tensorflow", raw=True)
def from_generator(
    call: Call,
    generator: Value,
    output_types: Value = None,
    output_shapes: Value = None,
    args: Value = None,
    output_signature: Value = None,
    name: Value = None,
) -> Value:
    """Elements as declared; how many, nobody knows (from_generator_op.py)."""
    types, signature = call.thaw(output_types), call.thaw(output_signature)
    if types is None and signature is None:
        report(BadDataset("no-signature"), blame=("generator",))
        return new_dataset(call, NOT_KNOWN)
    if signature is not None:
        return new_dataset(call, Elements(_declared(call, signature), UNCOUNTED))
    return new_dataset(call, Elements(_typed(call, types, call.thaw(output_shapes)), UNCOUNTED))


@function("tf.data.Dataset.range", framework="tensorflow")
def range_(call: Call, *args: Value, **kwargs: Value) -> Value:
    """Numbers, as Python's ``range`` gives them."""
    numbers = [number(call.resolve(arg)) for arg in args]
    start, stop, step = (0, *numbers, 1) if len(numbers) == 1 else (*numbers, 1, 1)[:3] if numbers else (0, None, 1)
    known = all(is_dim(part) for part in (start, stop, step)) and step != 0
    dtype = dtype_name(kwargs["output_type"]) if "output_type" in kwargs else "int64"
    return new_dataset(call, Elements(Tensor(Shape(()), dtype, "tf"), steps(start, stop, step) if known else None))


@function("tf.data.Dataset.random", framework="tensorflow")
@function("tf.data.Dataset.counter", framework="tensorflow")
def endless(call: Call, *args: Value, **kwargs: Value) -> Value:
    """Numbers without end."""
    return new_dataset(
        call, Elements(INT64 if "dtype" not in kwargs and len(args) < 3 else Unknown("numbers"), INFINITE)
    )


@function("tf.data.Dataset.zip", framework="tensorflow")
def zip_(call: Call, *args: Value, datasets: Value = None, name: Value = None) -> Value:
    """Elements of several datasets together, as many as the shortest has (zip_op.py)."""
    given = args if len(args) > 1 else args[0] if args else datasets
    if isinstance(given, list):
        report(BadDataset("zip-list"), blame=("args",))
        return new_dataset(call, NOT_KNOWN)
    parts: list[Elements] = []
    structure = _zipped(call, given, parts)
    counts = [one.count for one in parts if one.count != INFINITE]
    count: Any = INFINITE if parts and not counts else None
    if counts and UNCOUNTED in counts:
        count = UNCOUNTED
    elif counts and all(one.counted for one in parts if one.count != INFINITE):
        count = counts[0]
        for other in counts[1:]:
            count = minimum(count, other)
    lengths = tuple(x for one in parts for x in (one.lengths if one.count == count else one.regular))
    return new_dataset(call, Elements(structure, count, lengths))


def _zipped(call: Call, value: Value, parts: list[Elements]) -> Any:
    """The structure of the elements of datasets in a structure, which are noted in order."""
    value = call.resolve(value)
    if isinstance(value, dict):
        return Keyed((key, _zipped(call, item, parts)) for key, item in value.items())
    if type(value) is tuple:
        return tuple(_zipped(call, item, parts) for item in value)
    parts.append(elements_of(call, value))
    return parts[-1].structure


@function("tf.data.Dataset.list_files", framework="tensorflow")
def list_files(call: Call, file_pattern: Value, shuffle: Value = None, seed: Value = None, name: Value = None) -> Value:
    """Names of files."""
    return new_dataset(call, Elements(STRING))


class Lines(Dataset):
    """A dataset of strings."""

    def construct(self, call: Call, known: Known, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        return new_dataset(call, Elements(STRING, UNCOUNTED))


@class_rule("tf.data.TextLineDataset", "tf.data.Dataset")
class TextLineDataset(Lines):
    """Lines of files (readers.py)."""


@class_rule("tf.data.TFRecordDataset", "tf.data.Dataset")
class TFRecordDataset(Lines):
    """Records of files (readers.py)."""


@class_rule("tf.data.FixedLengthRecordDataset", "tf.data.Dataset")
class FixedLengthRecordDataset(Lines):
    """Records of files (readers.py)."""


@class_rule("tf.TensorSpec")
class TensorSpec(Methods):
    """A shape and a dtype (tensorflow/python/framework/tensor.py)."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        given = dict(zip(("shape", "dtype"), args, strict=False)) | dict(kwargs)
        shape = shape_from(call.thaw(given.get("shape", Unknown("no shape"))), ("spec", call.site))
        if given.get("shape", ()) is None:
            shape = Unranked("it is left open")
        call.set(obj, ".spec", Tensor(shape, dtype_name(given.get("dtype", "float32")), "tf"))

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        spec = call.get(obj, ".spec")
        return call.attribute(spec, name) if name in ("shape", "dtype") and isinstance(spec, Tensor) else MISSING


def element_spec(call: Call, self: Value) -> Value:
    """The structure of an element, in TensorSpecs."""

    def spec(leaf: Any) -> Value:
        if not isinstance(leaf, Tensor):
            return Unknown("the spec of what is no tensor") if leaf is not None else None
        obj = call.new(Known("tf.TensorSpec"))
        call.set(obj, ".spec", leaf)
        return obj

    return call.freeze(datasets.thawed(over(elements_of(call, self).structure, spec)))


REGISTRY.attributes["tf.data.Dataset.element_spec"] = element_spec
REGISTRY.attributes["tf.data.AUTOTUNE"] = lambda call, _: INFINITE
REGISTRY.attributes["tf.data.experimental.AUTOTUNE"] = lambda call, _: INFINITE
REGISTRY.attributes["tf.data.INFINITE_CARDINALITY"] = lambda call, _: INFINITE
REGISTRY.attributes["tf.data.UNKNOWN_CARDINALITY"] = lambda call, _: UNCOUNTED


def _declared(call: Call, signature: Any) -> Any:
    """The structure that specs declare."""
    if isinstance(signature, dict):
        return Keyed((key, _declared(call, item)) for key, item in signature.items())
    if type(signature) is tuple:
        return tuple(_declared(call, item) for item in signature)
    spec = call.get(signature, ".spec") if isinstance(signature, Instance) else None
    return spec if isinstance(spec, Tensor) else Unknown("an element whose declaration is not followed")


def _typed(call: Call, types: Any, shapes: Any) -> Any:
    """The structure that dtypes, and shapes of the same structure, declare."""
    if isinstance(types, dict):
        inside = shapes if isinstance(shapes, dict) else {}
        return Keyed((key, _typed(call, item, inside.get(key, MISSING))) for key, item in types.items())
    if type(types) is tuple:
        many = shapes if isinstance(shapes, (tuple, list)) and len(shapes) == len(types) else [MISSING] * len(types)
        return tuple(_typed(call, item, shape) for item, shape in zip(types, many, strict=True))
    if isinstance(shapes, (tuple, list)):
        shape = shape_from(shapes, ("declared", call.symbol()))
    else:
        shape = Unranked("the shape is left open")
    return Tensor(shape, dtype_name(types), "tf")
