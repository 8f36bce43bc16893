"""Rescaling and Normalization: layers that prepare data inside a model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...dim import Symbol, is_dynamic, surely_differ
from ...evidence import collect, report
from ...formulas.broadcast import broadcast
from ...problems import BroadcastMismatch, RefusedInputs
from ...rule import Call, function, layer, phase
from ...shape import AnyShape, Shape, Unranked
from ...value import Instance, Tensor, Unknown, Value
from ...wording.numpy import shaped
from ..datasets import element_of, is_dataset
from .categories import listed, of_words
from .common import NO_RANK, python_error, refuse, shape_of, undecided
from .machine import CONTEXT, MACHINE, python_shape


@layer("keras.layers.Rescaling", machine=MACHINE, anything=True, takes="numbers", **CONTEXT)
def rescaling(inputs: Any, *, scale: Any, offset: Any, eager: bool, layout: Any) -> Any:
    """The shape stays, in the layer's dtype; follows keras/src/layers/preprocessing/rescaling.py.

    With numbers, lists of scales are broadcast with what is scaled; where channels come first, as one for each channel.
    """
    shape: AnyShape | None = shape_of(listed(inputs))
    if shape is None or (not eager and isinstance(inputs, (list, tuple))):
        return NO_RANK
    if (eager and any(isinstance(value, (str, dict, type(None))) for value in (scale, offset))) or isinstance(
        inputs, str
    ):
        return NO_RANK
    for value, op in ((scale, "Mul"), (offset, "Add")) if eager else ():
        if not isinstance(value, (int, float)):
            factors = shape_of(listed(value))
            if op == "Mul" and factors and layout != "channels_last":
                factors = Shape((*factors, *[1] * (3 - len(factors)))) if layout == "channels_first" else None
            shape = _broadcast(shape, factors, op, ("inputs", "scale" if op == "Mul" else "offset"))
    return shape


@phase(rescaling, "constructor")
def rescaling_constructor(*, scale: Any, offset: Any = 0.0) -> None:
    """Nothing is checked."""


KERNEL = "{{{{function_node __wrapped__{}_device_/job:localhost/replica:0/task:0/device:CPU:0}}}}"
"""What TensorFlow puts before the words of an operation."""


@layer("keras.layers.Normalization", machine=MACHINE, anything=True, takes="numbers", neutral=("invert",), built_on=None, **CONTEXT)  # fmt: skip
def normalization(inputs: Any, *, axis: Any, eager: bool, built_on: Any = None) -> Any:
    """The shape stays; follows keras/src/layers/preprocessing/normalization.py.

    With numbers the statistics are broadcast, in the form of what the layer was built on.
    """
    if not eager and isinstance(inputs, (list, tuple)):
        return NO_RANK  # whose shapes are no shape
    shape = shape_of(listed(inputs))
    known = isinstance(axis, tuple) and all(isinstance(a, int) for a in axis)
    if shape is None or not eager:
        return NO_RANK if shape is None or not known else shape
    kept = _kept(axis, built_on)
    if kept is None or isinstance(inputs, str):
        return NO_RANK
    statistics = Shape(dim if n in kept else 1 for n, dim in enumerate(built_on))
    return _broadcast(shape, statistics, "Sub", ("inputs",))


@phase(normalization, "constructor")
def normalization_constructor(
    *, axis: Any = -1, mean: Any = None, variance: Any = None, invert: Any = False
) -> dict[str, Any]:
    """The axes become a tuple; a mean and a variance of one shape, or neither."""
    if isinstance(axis, float):
        python_error("TypeError", "'float' object is not iterable", "axis")
        return {"axis": Unknown("axis")}
    if axis is None:
        axis = ()
    elif not undecided(axis):
        axis = tuple(axis) if isinstance(axis, (list, tuple)) else (axis,)
    if (mean is None) != (variance is None):
        if not undecided(mean) and not undecided(variance):
            refuse("mean", mean, "normalization-both", "", variance)
        return {"axis": axis}
    shapes = shape_of(listed(mean)), shape_of(listed(variance))
    if shapes[0] is None or shapes[1] is None or not isinstance(axis, tuple):
        return {"axis": axis}
    if len(shapes[0]) != len(shapes[1]) or any(map(surely_differ, shapes[0], shapes[1])):
        refuse("mean", mean, "normalization-shapes", "", *map(python_shape, shapes))
    elif len(shapes[0]) > len(axis):
        refuse("mean", mean, "normalization-rank", "", len(axis), python_shape(shapes[0]), axis)
    return {"axis": axis}


@phase(normalization, "build")
def normalization_build(
    shape: Any,
    *,
    axis: Any,
    mean: Any,
    variance: Any = None,
    name: str,
    dtype: Any = None,
    version: tuple[int, ...] = (3,),
) -> dict[str, tuple[Any, ...]]:
    """Without numbers of the user's: a mean and a variance for each index of the axes, and a count."""
    unknown = {"mean": (Symbol(None, (name, "mean")),)}
    given = mean is not None and not undecided(mean)
    if not isinstance(shape, Shape) or not isinstance(axis, tuple) or not all(isinstance(a, int) for a in axis):
        return {} if given else unknown
    kept = _kept(axis, shape)
    if kept is None:
        report(RefusedInputs("normalization-axis", (shape,), quoted=(len(shape), axis)), blame=("axis", "inputs"))
        return {} if given else unknown
    for d in kept:
        if is_dynamic(shape[d]):
            report(RefusedInputs("normalization-open", (shape,), quoted=(axis, d)), blame=("inputs", "axis"))
            return {} if given else unknown
    if given:
        wanted = [dim if d in kept else 1 for d, dim in enumerate(shape)]
        _check_statistics(shape_of(listed(mean)), wanted, sorted(kept), version)
        if dtype == "float32" and (of_words(listed(mean)) or of_words(listed(variance))):
            text = f"{KERNEL.format('Cast')} Cast string to float is not supported [Op:Cast] name: "
            python_error("UnimplementedError", text, "mean")
    if mean is not None:
        return {} if given else unknown
    lengths = tuple(shape[d] for d in kept)
    if len(set(kept)) < len(kept):  # an axis that is named twice
        have, want = (math.prod(shape[d] for d in axes) for axes in (kept, set(kept)))
        if surely_differ(have, want):
            _refused_reshape(have, want)
    return {"mean": lengths, "variance": lengths, "count": ()}


def _check_statistics(given: Any, wanted: list[Any], kept: Sequence[int], version: tuple[int, ...]) -> None:
    """A mean of the user's is repeated for the axes that are kept; TensorFlow, or NumPy, refuses what does not fit.

    From Keras 3.14 on its axes are the last ones that are kept, from 3.8 on the last ones of the input; before, it was
    only brought into shape, and in Keras 2 multiplied with ones for the axes that are kept.
    """
    if not isinstance(given, Shape) or len(given) > len(kept):
        return
    if not all(isinstance(dim, int) for dim in (*given, *wanted)):
        return
    if version < (3,):
        lengths = tuple(wanted[d] for d in kept)
        if any(1 not in pair and pair[0] != pair[1] for pair in zip(given[::-1], lengths[::-1], strict=False)):
            text = f"operands could not be broadcast together with shapes {shaped(given)} {shaped(lengths)} "
            python_error("ValueError", text, "mean", "inputs")
        return
    if version < (3, 8):
        if math.prod(given) != math.prod(wanted):
            _refused_reshape(math.prod(given), math.prod(wanted))
        return
    padded: list[Any] = [1] * len(wanted)
    places = kept[len(kept) - len(given) :] if version >= (3, 14) else range(len(wanted) - len(given), len(wanted))
    for place, dim in reversed(list(zip(places, given, strict=True))):
        padded[place] = dim
    if math.prod(given) != math.prod(padded):  # an axis that is named twice
        _refused_reshape(math.prod(given), math.prod(padded))
        return
    pairs = list(zip(padded, wanted, strict=True))
    if any(have not in (1, want) for have, want in pairs):
        fits = all(1 in pair or pair[0] == pair[1] for pair in pairs)
        have, want = (",".join(map(str, dims)) for dims in (padded, wanted))
        text = f"Unable to broadcast tensor of shape [{have}] to tensor of shape [{want}]"
        _refused("BroadcastTo", text if fits else f"Incompatible shapes: [{have}] vs. [{want}]")


def _refused_reshape(have: Any, want: Any) -> None:
    _refused("Reshape", f"Input to reshape is a tensor with {have} values, but the requested shape has {want}")


def _refused(op: str, text: str) -> None:
    python_error("InvalidArgumentError", f"{KERNEL.format(op)} {text} [Op:{op}]", "mean", "inputs")


@phase(normalization, "attributes")
def normalization_attributes() -> tuple[str, ...]:
    """What the input is scaled with has the input's rank: neither the weight of that name nor what was given."""
    return ("mean", "variance")


@function("keras.layers.Normalization.adapt", raw=True)
def adapt(call: Call, self: Instance, data: Value) -> None:
    """The layer is built on the data, unless it is built: then the axes that are kept must have the same lengths."""
    from .methods import rule_of

    machine, rule, settings = MACHINE.of(self), rule_of(call, self), MACHINE.settings(call, self)
    if rule is None or settings is None:
        return
    shape = _shape_of_data(call, data)
    with collect() as record:
        before = call.get(self, ".built_on")
        if call.get(self, ".built") is not True:
            machine.build(rule, call, self, settings, shape)
        elif isinstance(before, Shape) and isinstance(shape, Shape):
            kept = _kept(settings.get("axis"), before) or ()
            if any(d >= len(shape) or surely_differ(shape[d], before[d]) for d in kept):
                report(RefusedInputs("normalization-adapt", (before, shape)), blame=("data",))
    machine.tell(call, record, self, {})


def _shape_of_data(call: Call, data: Value) -> AnyShape:
    """The shape of the data to adapt to; of a dataset or a list, that of its first batch."""
    data = call.resolve(data)
    if isinstance(data, Tensor):
        return data.shape
    if is_dataset(data):
        element = element_of(call, data)
        element = element[0] if isinstance(element, tuple) and not isinstance(element, Shape) and element else element
        shape = shape_of(element)
        if shape is not None and len(shape) == 1:  # single rows: Keras makes batches of them
            return Shape((Symbol(None, ("batch", "adapt"), dynamic=True), *shape))
        return Unranked("the data are not known") if shape is None else shape
    items = call.iterate(data) if not isinstance(data, Unknown) else None
    first = items[0] if items else None
    first = first[0] if isinstance(first, tuple) and first else first
    return first.shape if isinstance(first, Tensor) else Unranked("the data are not known")


def _kept(axis: Any, shape: Any) -> tuple[int, ...] | None:
    """The axes that have statistics of their own, counted from the front; None where they are not known."""
    if not isinstance(shape, Shape) or not isinstance(axis, tuple) or not all(isinstance(a, int) for a in axis):
        return None
    if any(not -len(shape) <= a < len(shape) for a in axis):
        return None
    return tuple(sorted(a % len(shape) for a in axis))


def _broadcast(shape: AnyShape, other: Shape | None, op: str, blame: tuple[str, ...]) -> AnyShape:
    """What TensorFlow makes of two shapes; reports that they do not fit."""
    if not isinstance(shape, Shape) or other is None:
        return NO_RANK
    result = broadcast(shape, other)
    if result is None:
        report(BroadcastMismatch(op, shapes=(shape, other)), blame=blame)
        return NO_RANK
    return result
