"""Masks that travel with tensors: which tensors may have one, and what Keras makes for it.

Follows Layer._set_mask_metadata in keras/src/layers/layer.py.  Shapes do not hang on masks; texts quote them.
"""

from __future__ import annotations

from typing import Any

from ...shape import Shape
from ...value import Tensor

MADE: dict[str, int] = {"keras.layers.Embedding": 1, "keras.layers.Masking": 2}
"""How many symbolic tensors it takes to compute the mask of a layer that makes one."""

MOST = 200
"""So many tensors are looked at on the way back; beyond, there may be a mask."""


def makes_mask(target: str, settings: Any) -> bool:
    """Whether a layer makes a mask: Masking, and an Embedding that is told to; one that may be told does."""
    if target == "keras.layers.Embedding":
        return dict(settings).get("mask_zero", False) not in (False, None, 0)
    return target in MADE


def mask_of(x: Any) -> Tensor | None:
    """The mask of a tensor that comes straight from a layer that makes one."""
    made = x.made if isinstance(x, Tensor) else None
    if made is None or not makes_mask(made.by, made.given) or not isinstance(x.shape, Shape):
        return None
    return Tensor(Shape(x.shape[:-1]), "bool", x.kind)


def may_be_masked(x: Any) -> bool:
    """Whether a layer that makes masks is among those that a tensor comes from."""
    seen: set[int] = set()
    stack = [x]
    while stack:
        item = stack.pop()
        made = item.made if isinstance(item, Tensor) else None
        if made is None or id(made) in seen:
            continue
        if len(seen) >= MOST or makes_mask(made.by, made.given):
            return True
        seen.add(id(made))
        stack.extend(made.inputs)
    return False
