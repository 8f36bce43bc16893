"""What holds whichever of two values is the real one: dim by dim, item by item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..dim import ANY_SIGN, Dim, Symbol, bounds, is_dim, is_dynamic
from ..rule import MISSING
from ..shape import AnyShape, Shape, Unranked
from ..value import Assumed, Namespace, Row, Tensor, Unknown, Value, objects_in

Fresh = Callable[..., Symbol]


def same(a: Value, b: Value) -> bool:
    """Whether two values are the same value (``1``, ``1.0`` and ``True`` are three)."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple):
        if isinstance(a, Row) and (a.of != b.of or a.names != b.names):
            return False
        if len(a) != len(b):  # most items are one object: names, small numbers
            return False
        return all(x is y or same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, float):
        return a == b or (a != a and b != b)
    return bool(a == b)


def join(a: Value, b: Value, fresh: Fresh) -> Value:
    """The best value that is true of both; ``fresh`` makes a symbol for a dim that differs."""
    if same(a, b):
        return a
    if a is MISSING:
        return b
    if b is MISSING:
        return a
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return _join_tensors(a, b, fresh)
    if isinstance(a, bool) or isinstance(b, bool):
        return Unknown("it differs between branches")
    if is_dim(a) and is_dim(b):
        return join_dims(a, b, fresh)
    if isinstance(a, tuple) and isinstance(b, tuple) and type(a) is type(b) and len(a) == len(b):
        items = (join(x, y, fresh) for x, y in zip(a, b, strict=True))
        if isinstance(a, Row) and isinstance(b, Row):
            return a.like(items) if a.of == b.of else tuple(items)
        return type(a)(items)
    if isinstance(a, Namespace) and isinstance(b, Namespace) and (a.path, a.flavour) == (b.path, b.flavour):
        return Namespace(a.path, a.flavour)
    objects = objects_in(a, b)
    if isinstance(a, Unknown):
        return a if objects == a.of and type(a) is Unknown else Unknown(a.reason, objects)
    if isinstance(b, Unknown):
        return b if objects == b.of and type(b) is Unknown else Unknown(b.reason, objects)
    if isinstance(a, Assumed) or isinstance(b, Assumed):
        return Unknown("a parameter that nobody passes, or something else", objects)
    return Unknown("it differs between branches", objects)


def symbol_of_contexts(*, dynamic: bool = False, least: int = 0) -> Symbol:
    """The length of an axis in which the contexts of an expression differ."""
    return _LEFT_OPEN if dynamic else _DIFFERENT


_DIFFERENT, _LEFT_OPEN = Symbol(None, "contexts"), Symbol(None, "contexts", dynamic=True)


def join_dims(a: Dim, b: Dim, fresh: Fresh) -> Dim:
    """One dim for two: itself where they agree, else a symbol."""
    if type(a) is type(b) and a == b:
        return a
    if is_dynamic(a) and is_dynamic(b):
        return fresh(dynamic=True)
    lows = bounds(a)[0], bounds(b)[0]
    return fresh(least=0 if all(low is not None and low >= 0 for low in lows) else ANY_SIGN)


def join_shapes(a: AnyShape, b: AnyShape, fresh: Fresh) -> AnyShape:
    """Dim by dim where the ranks agree."""
    if isinstance(a, Unranked):
        return a
    if isinstance(b, Unranked):
        return b
    if len(a) != len(b):
        return Unranked(f"rank {len(a)} or {len(b)}")
    return Shape(join_dims(x, y, fresh) for x, y in zip(a, b, strict=True))


def _join_tensors(a: Tensor, b: Tensor, fresh: Fresh) -> Any:
    if a.kind != b.kind:
        return Unknown(f"an array of {a.kind} or of {b.kind}")
    return Tensor(
        join_shapes(a.shape, b.shape, fresh),
        a.dtype if a.dtype == b.dtype else None,
        a.kind,
        a.made if a.made == b.made else None,
        a.name if a.name == b.name else None,
        a.constant if same(a.constant, b.constant) else None,
    )
