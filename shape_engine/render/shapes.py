"""Shapes, dims and settings in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..axes import names
from ..dim import is_dim, is_dynamic, is_named
from ..rule import REGISTRY, LayerRule
from ..shape import Shape, Unranked
from ..snapshot import Place
from ..value import Assumed, Function, Instance, Known, Made, Slice, Tensor, Unknown

FRAMEWORKS = {
    "keras": "Keras",
    "tf_keras": "tf_keras",
    "tensorflow": "TensorFlow",
    "tf": "TensorFlow",
    "torch": "PyTorch",
    "numpy": "NumPy",
}
_KINDS = {"keras": "Keras tensor", "tf": "TensorFlow tensor", "torch": "PyTorch tensor", "numpy": "NumPy array"}
_MAKERS = re.compile(r"^(tf|numpy|torch|keras)\.")


def shape(value: Any) -> str:
    """A tensor's shape, or a shape, in the framework's manner.

    A length that the framework leaves open is ``None``; one that only the engine does not know is ``?``.

    >>> shape(Shape((1, 28, 28, 3))), shape(Shape((5,))), shape(Unranked())
    ('(1, 28, 28, 3)', '(5,)', '?')
    """
    if isinstance(value, Tensor):
        value = value.shape
    if not isinstance(value, (tuple, list)):
        return "?"
    return f"({', '.join(map(dim, value))}{',' if len(value) == 1 else ''})"


def dim(value: Any) -> str:
    """One length: a number, a name, ``None`` where the framework leaves it open, ``?`` where nobody knows."""
    if value is None or is_dynamic(value):
        return "None"
    if is_dim(value):
        return str(value) if is_named(value) else "?"
    return setting(value)


def plain(value: Any) -> int | str | None:
    """One length as data: an int, the text of a named symbol, or None."""
    if isinstance(value, int):
        return int(value)
    return str(value) if is_dim(value) and is_named(value) and not is_dynamic(value) else None


def sizes(dims: Iterable[Any]) -> str:
    """Lengths of neighbouring axes: ``33×33``."""
    return "×".join(map(dim, dims)) or "scalar"


def setting(value: Any) -> str:
    """An argument as one would write it."""
    match value:
        case Unknown() | Assumed() | Unranked():
            return "?"
        case Tensor():
            return shape(value)
        case Known(target):
            return target.rpartition(".")[2]
        case Function(code):
            return code.name
        case Instance(_, cls):
            return f"{setting(cls) if isinstance(cls, Known) else cls.name}(…)"
        case Slice(start, stop, step):
            parts = ["" if part is None else setting(part) for part in (start, stop, step)]
            return ":".join(parts[:2]) + (f":{parts[2]}" if parts[2] else "")
        case tuple():
            return f"({', '.join(map(setting, value))}{',' if len(value) == 1 else ''})"
        case list():
            return f"[{', '.join(map(setting, value))}]"
        case dict():
            return "{" + ", ".join(f"{setting(k)}: {setting(v)}" for k, v in value.items()) + "}"
        case type():
            return value.__name__
    if is_dim(value):
        return dim(value)
    if value is ...:
        return "..."
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes)):
        return shortened(repr(value))
    return shortened(str(getattr(value, "name", None) or "…"))


def shortened(text: str, most: int = 60) -> str:
    """The text, with its end cut off where it is long."""
    return text if len(text) <= most else text[: most - 1] + "…"


def statement(source: str, line: int) -> str:
    """The text from a line on, up to the end of the line on which its brackets are closed."""
    lines = source.split("\n")[line - 1 : line + 24]
    text = ""
    for part in lines:
        text += part + "\n"
        if sum(map(text.count, "([{")) <= sum(map(text.count, ")]}")):
            break
    return text


def maker(made: Made | None) -> str:
    """What made a tensor, as one would name it in code: ``keras.Input``, ``Conv2D``, ``x + y``; "" if unknown."""
    if made is None:
        return ""
    facts = made.facts or {}
    if facts.get("class"):
        return "keras.Input" if facts["class"] == "InputLayer" else str(facts["class"])
    last = made.by.rpartition(".")[2]
    if made.by.startswith("operator.") or last.startswith("__"):
        return _OPERATORS.get(last.strip("_").removeprefix("r"), "") or _OPERATORS.get(last.strip("_"), made.by)
    return _short_target(made.by)


def named_maker(made: Made | None) -> str:
    """What made a tensor, where it has a name to be called by: not an operator."""
    text = maker(made)
    return text if any(map(str.isalpha, text)) else ""


def kind(tensor: Tensor) -> str:
    """Whose tensor it is."""
    return _KINDS.get(tensor.kind, f"{tensor.kind} tensor")


def axis_names(tensor: Tensor) -> tuple[str, ...]:
    """What the axes of a tensor are called, by the rule of the layer that made it; empty if nothing tells."""
    made = tensor.made
    if made is None or not isinstance(tensor.shape, Shape):
        return ()
    spatial = spatial_rank(made)
    if spatial is None:
        return ()
    rank = len(tensor.shape)
    if rank == 2 and spatial:  # pooled over all of space
        return ("batch", "channels")
    return names(rank, spatial, is_channels_last(made))


def spatial_rank(made: Made | None) -> int | None:
    """How many spatial axes the layer that was called has; None for layers that know none."""
    rule = REGISTRY.find(made.by) if made is not None else None
    fixed: Mapping[str, Any] = getattr(rule, "fixed", {}) or {}
    for name in ("spatial", "rank", "ndim"):
        if isinstance(fixed.get(name), int):
            return fixed[name]
    if isinstance(rule, LayerRule) and rule.name[-2:] in ("1D", "2D", "3D", "1d", "2d", "3d"):
        return int(rule.name[-2])
    return None


def is_channels_last(made: Made | None) -> bool:
    """Where the channels are, by what the layer was told and by the custom of its framework."""
    if made is None:
        return True
    data_format = dict(made.given).get("data_format")
    if isinstance(data_format, str):
        return data_format.lower() not in ("channels_first", "nchw", "ncw", "ncdhw")
    return not made.by.startswith("torch.")


def where(place: Place, uri: str | None) -> str:
    """``line 3``, and for a place outside of the document ``model.py line 3``."""
    line = f"line {place.span.line}"
    return line if uri is None or place.uri == uri else f"{place.name or place.uri.rpartition('/')[2]} {line}"


_OPERATORS = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**",
    "matmul": "@", "getitem": "[…]", "neg": "-", "pos": "+", "invert": "~", "and": "&", "or": "|", "xor": "^",
    "and_": "&", "or_": "|", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
}  # fmt: skip


def _short_target(target: str) -> str:
    """``keras.layers.Conv2D`` → ``Conv2D``; ``tf.random.normal`` and ``keras.Input`` stay as they are."""
    for prefix in ("keras.layers.", "torch.nn."):
        if target.startswith(prefix) and "functional" not in target:
            return target[len(prefix) :]
    if target.startswith("numpy."):
        return "np." + target[6:]
    return target


def says(text: str, dims: Any) -> bool:
    """Whether the text spells the shape out."""
    wanted = r"\s*,\s*".join(re.escape(dim(d)) for d in dims)
    return re.search(rf"(?<![\w.,-])(?<![\w.,-] ){wanted}\s*,?\s*[)\]]", text) is not None
