"""What the machine of Keras remembers of a layer, and the small facts that every layer shares: names, dtypes, shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ...dim import Symbol, is_dim, is_dynamic, substitute, symbols
from ...dtypes import dtype_name
from ...rule import Call, LayerRule
from ...shape import Shape, Unranked, product
from ...value import Class, Instance, Known, Made, Tensor, Unknown, Value

CONTEXT: dict[str, Any] = {
    "version": (3, 15, 1),
    "backend": "tensorflow",
    "eager": False,
    "name": "",
    "cls": "",
    "path": "",
    "dtype": "float32",
    "nested": False,
    "traced": False,
    "layout": "channels_last",
    "weights": (),
    "built_for": (),
}
"""What a phase may ask of the machine, with the values for a run without one.

``name`` and ``path`` are the layer's, ``cls`` is the name of its class, ``dtype`` the one that it computes with.
``weights`` are those of the built layer: names and shapes; ``built_for`` the shapes of the tensors of its first call,
for a rule that has ``remembers=True``.
``nested``: another layer or a model is called, and may have told whether it trains.  ``traced``: a symbolic call of a
layer around this one is under way, in which TensorFlow's graph is built.
``layout`` is what ``data_format=None`` means.
"""

BASE_SETTINGS = ("name", "dtype", "trainable", "autocast", "activity_regularizer", "input_dim", "input_shape")
"""The keyword arguments of Layer itself."""

NAME_AND_DTYPE = ("name", "dtype")
"""Those that a constructor without ``**kwargs`` takes, as its ``base``."""

GLOBAL = Instance(("keras", 0), Known("keras.config"))
"""The place in the store for Keras' global state: ".dtype_policy", ".data_format", ".scope"."""

MIXED = {"mixed_float16": ("float16", "float32"), "mixed_bfloat16": ("bfloat16", "float32")}
"""The policies that compute in another dtype than they store weights in."""

DTYPES = frozenset(
    (
        *("bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "bfloat16"),
        *("float32", "float64", "float8_e4m3fn", "float8_e5m2", "complex64", "complex128", "string", "int", "float"),
    )
)
BACKEND_KIND = {"tensorflow": "tf", "torch": "torch", "jax": "numpy", "numpy": "numpy"}
"""The kind of a tensor that a backend makes; those of JAX behave like NumPy's."""

ASSUMED_NAMES = {
    2: ("batch", "features"),
    3: ("batch", "steps", "channels"),
    4: ("batch", "height", "width", "channels"),
    5: ("batch", "depth", "height", "width", "channels"),
}
"""What the axes are called of a tensor of which only the rank is known."""


@dataclass(frozen=True)
class Spec:
    """Which input a layer accepts (InputSpec): its rank, and the lengths of some axes.

    ``shape`` compares all axes at once, as Keras 2 does for recurrent layers.  ``inputs`` is how many tensors the first argument holds; ``more`` tells that more axes than
    ``min_ndim`` are as good (Dense; not a convolution, which fails on them later).
    """

    ndim: int | None = None
    min_ndim: int | None = None
    max_ndim: int | None = None
    axes: tuple[tuple[int, Any], ...] = ()
    inputs: int = 1
    more: bool = False
    shape: tuple[Any, ...] | None = None

    @property
    def rank(self) -> int | None:
        """The rank of an input about which nothing else is known."""
        return self.ndim if self.ndim is not None else self.min_ndim


@dataclass(frozen=True)
class Kept:
    """A list, dict or set among the settings, in a form that the store can compare."""

    kind: str
    items: tuple[Any, ...]


def auto_name(call: Call, cls: str, framework: str = "keras") -> str:
    """The name that Keras gives by itself: "conv2d", then "conv2d_1".  KerasTensors are counted likewise."""
    return call.number(snake_case(cls), framework)


@lru_cache(maxsize=4096)
def snake_case(name: str) -> str:
    """``to_snake_case`` in keras/src/utils/naming.py: "Conv2DTranspose" is "conv2d_transpose"."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def class_name(obj: Instance, rule: LayerRule | None = None) -> str:
    """The name of an object's own class, the user's if it is one."""
    if isinstance(obj.cls, Class):
        return obj.cls.name
    if rule is not None:
        return rule.name
    return obj.cls.target.rpartition(".")[2] if isinstance(obj.cls, Known) else "?"


def is_built(call: Call, obj: Instance) -> bool | None:
    """Whether a layer has its weights; None where that differs between branches."""
    built = call.get(obj, ".built", False)
    return built if isinstance(built, bool) else None


def layers_inside(call: Call, obj: Instance) -> tuple[Instance, ...] | None:
    """The layers directly inside a layer or model; None where that is not known."""
    found = call.get(obj, ".layers", ())
    known = call.get(obj, ".unknown") is None and isinstance(found, tuple)
    return found if known and all(isinstance(item, Instance) for item in found) else None


def remember_call(call: Call, obj: Instance, outputs: Value) -> None:
    """A layer or model was called on symbolic tensors, which makes a node of the graph with these outputs."""
    before = call.get(obj, ".calls", ())
    call.set(obj, ".calls", (*before, call.freeze(outputs)) if isinstance(before, tuple) else Unknown("the calls"))


def kind_of(inputs: tuple[Tensor, ...], call: Call) -> str:
    """Whose tensor comes out: symbolic if any input is, else the backend's."""
    kinds = {x.kind for x in inputs}
    if "keras" in kinds:
        return "keras"
    return BACKEND_KIND.get(call.backend(), "tf")


def shapes_of(value: Any) -> Any:
    """The shapes of a tensor, or of a structure of tensors."""
    if isinstance(value, Tensor):
        return value.shape
    if isinstance(value, list):
        return [shapes_of(item) for item in value]
    if isinstance(value, tuple):
        return tuple(shapes_of(item) for item in value)
    if isinstance(value, dict):
        return {key: shapes_of(item) for key, item in value.items()}
    return None if value is None else Unranked("the input is not known")


def python_shape(shape: Any) -> Any:
    """A shape as ``build`` receives it: a tuple with None for what is left open."""
    if isinstance(shape, Shape):
        return tuple(None if is_dynamic(dim) else dim for dim in shape)
    if isinstance(shape, Unranked):
        return Unknown(shape.reason)
    if isinstance(shape, list):
        return [python_shape(item) for item in shape]
    if isinstance(shape, tuple):
        return tuple(python_shape(item) for item in shape)
    if isinstance(shape, dict):
        return {key: python_shape(item) for key, item in shape.items()}
    return shape


def params_of(weights: Sequence[tuple[str, Any]]) -> Any:
    """How many numbers these weights hold; None where a length is not known."""
    total: Any = 0
    for _, shape in weights:
        if not isinstance(shape, tuple) or not all(map(is_dim, shape)):
            return None
        total = total + product(shape)
    return total


def keras_dtype(call: Call, value: Value) -> str | None:
    """``standardize_dtype``: Python's own types are others than in NumPy."""
    if value == "int":
        value = Known("builtins.int")
    if not isinstance(value, Known) or not value.target.startswith("builtins."):
        return dtype_name(value)
    wide = call.backend() == "tensorflow"
    python = {"int": "int64" if wide else "int32", "float": "float32", "complex": "complex128" if wide else "complex64"}
    return python.get(value.target.removeprefix("builtins."), dtype_name(value))


def is_float(dtype: str | None) -> bool:
    """Whether a dtype is a floating one; an unknown dtype is taken for one."""
    return dtype is None or "float" in dtype


def weight_shape(shape: Any) -> tuple[Any, ...]:
    """The shape of a weight with a symbol for every length that is not known."""
    return tuple(dim if is_dim(dim) else Symbol(None, ("weight", axis)) for axis, dim in enumerate(shape))


def keep(value: Any) -> Any:
    """A thawed value in a form that the store can compare."""
    if type(value) in _WHOLE:
        return value
    if isinstance(value, list):
        return Kept("list", tuple(map(keep, value)))
    if isinstance(value, (set, frozenset)):
        return Kept("set", tuple(sorted(map(keep, value), key=repr)))
    if isinstance(value, dict):
        return Kept("dict", tuple((keep(key), keep(item)) for key, item in value.items()))
    if isinstance(value, tuple) and not isinstance(value, Shape):
        return tuple(map(keep, value))
    return value


def reopen(value: Any) -> Any:
    """The opposite of ``keep``."""
    if type(value) in _WHOLE:
        return value
    if isinstance(value, Kept):
        items = [reopen(item) for item in value.items]
        return {"list": list, "set": set, "dict": dict}[value.kind](items)
    if isinstance(value, tuple) and not isinstance(value, Shape):
        return tuple(map(reopen, value))
    return value


_WHOLE = frozenset((bool, int, float, str, type(None), Unknown, Instance))
"""What most settings are, and what has no parts to look into."""


def flavour_of(obj: Instance) -> str:
    """Which Keras an object belongs to: "keras", or "tf_keras" for Keras 2."""
    return next((known.flavour for known in _known_bases(obj.cls) if known.flavour), "keras")


def fresh_shape(call: Call, rank: int, names: Sequence[str] = ()) -> Shape:
    """A shape of that rank whose dims nobody knows; ``names`` are for people to read."""
    if len(names) == rank:
        return Shape(call.symbol(name) for name in names)
    return Shape(call.symbol() for _ in range(rank))


def _known_bases(cls: Value) -> Iterator[Known]:
    if isinstance(cls, Known):
        yield cls
    elif isinstance(cls, Class):
        for base in cls.bases:
            yield from _known_bases(base)


def freshened(call: Call, result: Tensor, inputs: Sequence[Tensor], made: Made | None) -> Tensor:
    """The result with new symbols for lengths that the rule could not tell.

    A rule names them by what it looked at, so that two results might seem to have the same length.
    """
    if not isinstance(result.shape, Shape) or all(isinstance(dim, int) for dim in result.shape):
        return result
    unnamed = {symbol: None for dim in result.shape for symbol in symbols(dim) if symbol.name is None}
    for x in inputs:
        if unnamed and isinstance(x.shape, Shape):
            for dim in x.shape:
                for symbol in symbols(dim):
                    unnamed.pop(symbol, None)
    for _, value in made.given if unnamed and made is not None else ():
        for symbol in symbols(value):
            unnamed.pop(symbol, None)
    new = {symbol: call.symbol(dynamic=symbol.dynamic) for symbol in unnamed}
    return replace(result, shape=Shape(substitute(dim, new) for dim in result.shape)) if new else result
