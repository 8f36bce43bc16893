"""Merging layers of Keras 2: Add and the like, and Concatenate.

Follows base_merge.py and concatenate.py in tf_keras/src/layers/merging.
"""

from __future__ import annotations

from typing import Any

from ...dim import is_symbolic, surely_differ
from ...evidence import report
from ...problems import RefusedInputs
from ...rule import phase
from ...shape import Shape
from .common import python_error
from .merging import concatenate, merge

phase(merge, "tf_keras.constructor")(lambda: None)
phase(concatenate, "tf_keras.constructor")(lambda *, axis=-1: None)


@phase(merge, "tf_keras.build")
def merge_build(shapes: Any, *, cls: str) -> None:
    """A list of tensors of one batch size whose other axes broadcast; Subtract takes exactly two."""
    given = _listed(shapes, "merge-no-list")
    if given is None:
        return
    batches = {shape[0] for shape in given if shape and not is_symbolic(shape[0])}
    if len(batches) > 1:
        report(RefusedInputs("merge-batch", tuple(given), cls), blame=("inputs",))
        return
    whole = Shape(given[0][1:])
    for shape in given[1:]:
        longer, shorter = (whole, Shape(shape[1:])) if len(whole) >= len(shape) - 1 else (Shape(shape[1:]), whole)
        lead = len(longer) - len(shorter)
        pairs = list(zip(longer[lead:], shorter, strict=True))
        if any(surely_differ(a, b) and surely_differ(a, 1) and surely_differ(b, 1) for a, b in pairs):
            report(RefusedInputs("merge-shapes", (longer, shorter), cls), blame=("inputs",))
            return
        whole = Shape((*longer[:lead], *(b if a == 1 else a for a, b in pairs)))
    if cls == "Subtract" and len(given) != 2:
        report(RefusedInputs("subtract-two", tuple(given), cls), blame=("inputs",))


@phase(concatenate, "tf_keras.build")
def concatenate_build(shapes: Any, *, axis: Any) -> None:
    """Equal ranks, and equal lengths on the other axes; an axis that is not there is an IndexError."""
    given = _listed(shapes, "concatenate-no-list")
    if given is None or not isinstance(axis, int):
        return
    reduced: list[list[Any]] = []
    for shape in given:
        if not -len(shape) <= axis < len(shape):
            python_error("IndexError", "list assignment index out of range", "axis", "inputs")
            return
        dims = list(shape)
        del dims[axis]
        reduced.append(dims)
    if len({len(dims) for dims in reduced}) > 1 or any(
        surely_differ(one, other) for column in zip(*reduced, strict=False) for one in column for other in column
    ):
        report(RefusedInputs("concatenate-mismatch", tuple(given)), blame=("inputs", "axis"))


def _listed(shapes: Any, why: str) -> list[Shape] | None:
    """Several shapes; reports that one tensor is none of them."""
    if isinstance(shapes, Shape):
        report(RefusedInputs(why, (shapes,)), blame=("inputs",))
    if not isinstance(shapes, (list, tuple)) or isinstance(shapes, Shape) or not shapes:
        return None
    return list(shapes) if all(isinstance(shape, Shape) for shape in shapes) else None
