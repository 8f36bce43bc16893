"""Add, Concatenate, Dot and the other layers that join several tensors, and their functional forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...dim import Dim, derived, is_dynamic, is_symbolic, surely_differ, surely_equal
from ...evidence import formula, report
from ...formulas.broadcast import broadcast
from ...formulas.join import concatenated, from_front, joined, mismatch
from ...problems import BroadcastMismatch, JoinMismatch, RefusedInputs
from ...rule import Call, function, layer, phase
from ...shape import Shape, Unranked
from ...value import Known, Unknown
from .common import NO_RANK, is_integer, python_error, refuse, shapes_in, undecided
from .machine import CONTEXT, MACHINE


@layer("keras.layers.Add", machine=MACHINE, takes="numbers", remembers=True, **CONTEXT)
@layer("keras.layers.Subtract", machine=MACHINE, takes="numbers", remembers=True, **CONTEXT)
@layer("keras.layers.Multiply", machine=MACHINE, takes="numbers", remembers=True, **CONTEXT)
@layer("keras.layers.Average", machine=MACHINE, takes="numbers", remembers=True, **CONTEXT)
@layer("keras.layers.Maximum", machine=MACHINE, takes="numbers", remembers=True, **CONTEXT)
@layer("keras.layers.Minimum", machine=MACHINE, takes="numbers", remembers=True, **CONTEXT)
def merge(inputs: Any, *, eager: bool, cls: str, built_for: tuple[Any, ...] = ()) -> Any:
    """Entry by entry, axes after the first broadcast from the end; follows keras/src/layers/merging/base_merge.py."""
    shapes = shapes_in(inputs)
    if not shapes or not all(shapes):  # without a batch Python fails somewhere
        return NO_RANK
    if eager and cls == "Subtract" and len(shapes) != 2:
        return NO_RANK  # refused, with numbers in the text
    if eager:
        expanding = len({len(shape) for shape in built_for if isinstance(shape, Shape)}) > 1
        return _merged_eagerly(shapes, expanding)
    rest = merged(shapes)
    return NO_RANK if rest is None else Shape((merged_batch(shapes), *rest))


@phase(merge, "build")
def merge_build(shapes: Any, *, cls: str) -> None:
    """A list of tensors of one batch size whose other axes broadcast; Subtract takes exactly two."""
    if shapes == []:
        python_error("TypeError", "'NoneType' object is not subscriptable", "inputs")
    if shapes == Shape(()):
        python_error("IndexError", "tuple index out of range", "inputs")
        return
    given = _checked_list(shapes, "merge-no-list")
    if given is None:
        return
    batches = {shape[0] for shape in given if shape and not is_symbolic(shape[0])}
    if len(batches) > 1:
        report(RefusedInputs("merge-batch", tuple(given), cls), blame=("inputs",))
    merged(given)
    if cls == "Subtract" and len(given) != 2:
        report(RefusedInputs("subtract-two", tuple(given), cls), blame=("inputs",))


def merged(shapes: list[Shape]) -> Shape | None:
    """The axes after the first, of all shapes together; reports the first two that do not fit."""
    result = Shape(shapes[0][1:])
    for shape in shapes[1:]:
        longer, shorter = sorted((result, Shape(shape[1:])), key=len, reverse=True)
        fitted = _fit_pair(longer, shorter)
        if fitted is None:
            report(BroadcastMismatch("merge", shapes=(longer, shorter)), blame=("inputs",))
            return None
        result = fitted
    return result


def _merged_eagerly(shapes: list[Shape], expanding: bool = True) -> Any:
    """What the operation itself does: axes of length 1 come in after the batch, then everything broadcasts.

    They do not come in where the layer was built for equal ranks (not ``expanding``): then nothing is said.
    """
    rank = max(map(len, shapes))
    expanded = [Shape((*shape[:1], *(1,) * (rank - len(shape)), *shape[1:])) for shape in shapes]
    if expanded != shapes and not expanding:
        return NO_RANK
    result = expanded[0]
    for shape in expanded[1:]:
        fitted = broadcast(result, shape)
        if fitted is None:
            report(BroadcastMismatch("Add", shapes=(result, shape)), blame=("inputs",))
            return NO_RANK
        result = fitted
    return result


def merged_batch(shapes: list[Shape]) -> Dim:
    """The one batch size that is known, else the first; open where they differ."""
    sizes = [shape[0] for shape in shapes if shape]
    if not sizes:
        return derived("merge", tuple(shapes))
    fixed = [size for size in sizes if not is_symbolic(size)]
    if len(set(fixed)) > 1:  # refused when the layer is built; left open when it is called again
        return derived("merge", frozenset(fixed), dynamic=True)
    return fixed[0] if fixed else sizes[0]


def _fit_pair(longer: Shape, shorter: Shape) -> Shape | None:
    """Two shapes from the end; an open length makes an open length, as in Keras."""
    lead = len(longer) - len(shorter)
    result: list[Dim] = list(longer[:lead])
    for one, other in zip(longer[lead:], shorter, strict=True):
        if surely_differ(one, other) and surely_differ(one, 1) and surely_differ(other, 1):
            return None
        result.append(_fit(one, other))
    return Shape(result)


def _fit(one: Dim, other: Dim) -> Dim:
    if surely_equal(one, other) or (other == 1 and not is_dynamic(one)):
        return one
    if one == 1 and not is_dynamic(other):
        return other
    if not is_symbolic(one) and not is_dynamic(other):
        return one
    if not is_symbolic(other) and not is_dynamic(one):
        return other
    return derived("merge", frozenset((one, other)), dynamic=is_dynamic(one) or is_dynamic(other))


@layer("keras.layers.Concatenate", machine=MACHINE, takes="words", **CONTEXT)
def concatenate(inputs: Any, *, axis: Any, eager: bool) -> Any:
    """One axis adds up; follows keras/src/layers/merging/concatenate.py."""
    shapes = shapes_in(inputs)
    if not shapes or not all(shapes) or any(len(shape) != len(shapes[0]) for shape in shapes):
        return NO_RANK
    place = from_front(axis, len(shapes[0]))
    if place is None:
        if len(shapes) == 1 and isinstance(axis, int):
            return NO_RANK if eager or axis < 0 else shapes[0]
        if isinstance(axis, int) and not eager:
            python_error("IndexError", "list index out of range", "axis", "inputs")
        return Unranked("there is no such axis") if isinstance(axis, int) else _unknown_like(shapes[0])
    found = mismatch(shapes, place)
    if found is not None and eager:
        report(
            JoinMismatch("ConcatV2", shapes=tuple(shapes), axis=place, position=found[0], at=found[1]),
            blame=("inputs",),
        )
    if eager:
        return concatenated(shapes, place)
    return Shape(joined([shape[place] for shape in shapes]) if n == place else dim for n, dim in enumerate(shapes[0]))


@phase(concatenate, "constructor")
def concatenate_constructor(*, axis: Any = -1) -> None:
    """Nothing is checked."""


@phase(concatenate, "build")
def concatenate_build(shapes: Any, *, axis: Any) -> None:
    """Equal ranks, and equal lengths on the other axes."""
    if shapes == []:
        python_error("TypeError", "object of type 'NoneType' has no len()", "inputs")
    given = _checked_list(shapes, "concatenate-no-list")
    if given is None or not isinstance(axis, int) or not all(given):
        return
    reduced: list[list[Any]] = []
    for shape in given:
        dims = list(shape)
        if len(dims) > axis:
            if axis < -len(dims):
                python_error("IndexError", "list assignment index out of range", "axis", "inputs")
                return
            del dims[axis]
        reduced.append(dims)
    ranks = {len(dims) for dims in reduced}
    if len(ranks) > 1 or any(_differ(column) for column in zip(*reduced, strict=len(ranks) == 1)):
        report(RefusedInputs("concatenate-mismatch", tuple(given)), blame=("inputs", "axis"))


@layer("keras.layers.Dot", machine=MACHINE, neutral=("normalize",), takes="numbers", **CONTEXT)
def dot(inputs: Any, *, axes: Any, eager: bool) -> Any:
    """The batch stays, a pair of axes is summed over; follows keras/src/layers/merging/dot.py."""
    shapes = shapes_in(inputs)
    pair = None if shapes is None or len(shapes) != 2 or not all(shapes) else _dot_axes(axes, shapes)
    if shapes is None or pair is None:
        return NO_RANK
    left, right = shapes
    if not all(-len(shape) <= axis < len(shape) for axis, shape in zip(pair, shapes, strict=True)):
        return NO_RANK
    if eager and (min(map(len, shapes)) < 2 or surely_differ(left[0], right[0])):
        return NO_RANK  # refused in words of batch_dot
    if eager and surely_differ(left[pair[0]], right[pair[1]]):
        return NO_RANK
    if not eager and max(map(len, shapes)) < 2:
        return NO_RANK  # Python fails in compute_output_shape
    if 0 in pair and eager:
        report(RefusedInputs("dot-axis-0", tuple(shapes)), blame=("axes",))
        return NO_RANK
    result = dotted(left, right, pair)
    return Shape((*result, 1)) if len(result) == 1 else result


@formula
def dotted(left: Shape, right: Shape, axes: tuple[int, int]) -> Shape:
    """What is left of both shapes without the axes that are summed over and without the second batch."""
    return Shape((*without(left, axes[0]), *without(right, axes[1])[1:]))


def without(shape: Shape, axis: int) -> Shape:
    """A shape without one of its axes.

    >>> without(Shape((2, 3, 4)), -1)
    (2, 3)
    """
    return Shape(dim for number, dim in enumerate(shape) if number != axis % len(shape))


@phase(dot, "constructor")
def dot_constructor(*, axes: Any) -> None:
    """An int, or two of them."""
    if undecided(axes) or is_integer(axes):
        return
    if not isinstance(axes, (list, tuple)):
        refuse("axes", axes, "dot-axes-type", "Dot")
    elif len(axes) != 2:
        refuse("axes", axes, "dot-axes-count", "Dot")
    elif not all(undecided(axis) or is_integer(axis) for axis in axes):
        refuse("axes", axes, "dot-axes-items", "Dot")


@phase(dot, "build")
def dot_build(shapes: Any, *, axes: Any) -> None:
    """Two tensors whose axes have the same length."""
    if isinstance(shapes, Shape) and not shapes:
        python_error("IndexError", "tuple index out of range", "inputs")
        return
    given = _checked_list(shapes, "dot-two")
    if given is None:
        return
    if len(given) != 2:
        report(RefusedInputs("dot-two", tuple(given)), blame=("inputs",))
        return
    pair = _dot_axes(axes, given) if all(given) else None  # of a number Python fails in other ways
    if pair is None:
        return
    if not all(-len(shape) <= axis < len(shape) for axis, shape in zip(pair, given, strict=True)):
        python_error("IndexError", "tuple index out of range", "axes", "inputs")
        return
    lengths = given[0][pair[0]], given[1][pair[1]]
    one_open = is_dynamic(lengths[0]) != is_dynamic(lengths[1]) and not any(
        is_symbolic(d) and not is_dynamic(d) for d in lengths
    )
    if surely_differ(*lengths) or one_open:
        quoted = (lengths[0], pair[0], lengths[1], pair[1])
        report(RefusedInputs("dot-lengths", tuple(given), quoted=quoted), blame=("inputs", "axes"))


def _dot_axes(axes: Any, shapes: list[Shape]) -> tuple[int, int] | None:
    if isinstance(axes, int):
        return (axes % len(shapes[0]), axes % len(shapes[1])) if axes < 0 and all(shapes) else (axes, axes)
    if isinstance(axes, (list, tuple)) and len(axes) == 2 and all(isinstance(axis, int) for axis in axes):
        return axes[0], axes[1]
    return None


def _checked_list(shapes: Any, why: str) -> list[Shape] | None:
    """The shapes of a list of tensors; reports a single tensor, gives None where something is not known."""
    if isinstance(shapes, Shape):
        report(RefusedInputs(why, (shapes,), "one"), blame=("inputs",))
        return None
    if not isinstance(shapes, (list, tuple)) or not shapes or not all(isinstance(shape, Shape) for shape in shapes):
        return None
    return list(shapes)


def _differ(column: tuple[Any, ...]) -> bool:
    fixed = [dim for dim in column if not is_dynamic(dim)]
    return any(surely_differ(fixed[0], dim) for dim in fixed[1:])


def _unknown_like(shape: Shape) -> Shape:
    return Shape(derived("concatenate", shape, axis) for axis in range(len(shape)))


def _functional(target: str, cls: str, own: tuple[str, ...] = ()) -> None:
    """``keras.layers.add(inputs, **kwargs)``: make the layer and call it."""

    def make_and_call(call: Call, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        settings = dict(zip(own, args, strict=False)) | kwargs
        made = call.invoke(Known(cls, "keras"), [], {name: call.freeze(value) for name, value in settings.items()})
        return Unknown(f"{cls} is not known") if isinstance(made, Unknown) else call.invoke(made, [inputs])

    register: Callable[..., Any] = function(target, framework="keras", raw=True)
    register(make_and_call)


_functional("keras.layers.add", "keras.layers.Add")
_functional("keras.layers.subtract", "keras.layers.Subtract")
_functional("keras.layers.multiply", "keras.layers.Multiply")
_functional("keras.layers.average", "keras.layers.Average")
_functional("keras.layers.maximum", "keras.layers.Maximum")
_functional("keras.layers.minimum", "keras.layers.Minimum")
_functional("keras.layers.concatenate", "keras.layers.Concatenate", ("axis",))
_functional("keras.layers.dot", "keras.layers.Dot", ("axes",))
