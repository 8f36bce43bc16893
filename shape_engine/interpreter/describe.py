"""``str()`` and ``repr()`` of abstract values, where they can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..dim import is_dynamic, is_symbolic
from ..rule import MISSING
from ..shape import Shape
from ..value import Dict, Function, List, Set, Tensor, Value

if TYPE_CHECKING:
    from .core import Interpreter


def text_of(it: Interpreter, value: Value, *, quoted: bool = False) -> Any:
    """The text that Python prints for a value, or MISSING."""
    it.step()
    value = it.resolve(value)
    if isinstance(value, str):
        return repr(value) if quoted else value
    if value is None or value is ... or isinstance(value, (bool, float, complex, bytes)):
        return repr(value)
    if isinstance(value, int):
        return repr(value) if value.bit_length() < 4096 else MISSING
    if is_symbolic(value):
        return "None" if is_dynamic(value) else MISSING
    if isinstance(value, (tuple, Shape)):
        parts = [text_of(it, item, quoted=True) for item in value]
        if MISSING in parts:
            return MISSING
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    if isinstance(value, (List, Dict, Set)):
        items = it.get(value.id, ".items")
        if not isinstance(items, tuple) or len(items) > 200:
            return MISSING
        if isinstance(value, Dict):
            pairs = [(text_of(it, k, quoted=True), text_of(it, v, quoted=True)) for k, v in items]
            return (
                MISSING
                if any(MISSING in pair for pair in pairs)
                else "{" + ", ".join(f"{k}: {v}" for k, v in pairs) + "}"
            )
        parts = [text_of(it, item, quoted=True) for item in items]
        if MISSING in parts or (isinstance(value, Set) and len(parts) > 1):
            return MISSING
        opening, closing = ("[", "]") if isinstance(value, List) else ("{", "}")
        return opening + ", ".join(parts) + closing
    if isinstance(value, (Tensor, Function)):
        return MISSING
    return MISSING
