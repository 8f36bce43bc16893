"""What several rules of Keras layers need: the shapes of what they are called with, refusals, dtypes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ...dim import Dim, derived, is_dim, is_symbolic, surely_less
from ...evidence import report
from ...problems import PythonError, RefusedSetting
from ...rule import REGISTRY, LayerRule
from ...shape import AnyShape, Shape, Unranked
from ...value import Assumed, Tensor, Unknown
from .state import is_float

F = TypeVar("F", bound=Callable[..., Any])
NO_RANK = Unranked("the rank of the input is not known")


def constructor(*classes: str, phase: str = "constructor") -> Callable[[F], F]:
    """Attach a constructor's checks to some of the classes that share one call."""

    def attach(function: F) -> F:
        for name in classes:
            rule = REGISTRY.rules[f"keras.layers.{name}"]
            assert isinstance(rule, LayerRule)
            rule.phases[phase] = function
        return function

    return attach


def shape_of(x: Any) -> Shape | None:
    """The shape of a tensor of known rank; None for anything else."""
    return x.shape if isinstance(x, Tensor) and isinstance(x.shape, Shape) else None


def shapes_in(inputs: Any) -> list[Shape] | None:
    """The shapes of a list of tensors (or of shapes); None if one of them is not known."""
    if not isinstance(inputs, (list, tuple)) or isinstance(inputs, Shape):
        return None
    shapes = [item if isinstance(item, Shape) else shape_of(item) for item in inputs]
    return None if any(shape is None for shape in shapes) else [shape for shape in shapes if shape is not None]


def kept(x: Any, shape: AnyShape | None, eager: bool = True) -> Any:
    """A result that is the input under another shape: eagerly its dtype stays, symbolically the layer's counts."""
    if shape is None:
        shape = x.shape if isinstance(x, Tensor) else NO_RANK
    return Tensor(shape, x.dtype, "") if eager and isinstance(x, Tensor) else shape


def undecided(value: Any) -> bool:
    """Whether a setting is not known, so that nothing can be said against it."""
    return isinstance(value, (Unknown, Assumed, Tensor))


def truthy(value: Any) -> bool:
    """Whether a setting surely counts as true."""
    return isinstance(value, (bool, int, float, str, tuple, list, dict)) and bool(value)


def no_floats(x: Any) -> bool:
    """Whether a tensor surely holds something else than floats."""
    return isinstance(x, Tensor) and isinstance(x.dtype, str) and not is_float(x.dtype)


def no_shape(dims: tuple[Any, ...], word: str, name: str) -> None:
    """``standardize_shape`` of a weight with a text among its lengths (keras/src/backend/common/variables.py)."""
    text = f"Cannot convert '{dims}' to a shape. Found invalid dimension '{word}' of type '<class 'str'>'. "
    python_error("ValueError", text, name)


def is_integer(value: Any) -> bool:
    """``isinstance(value, int)`` for the values of the interpreter: bools are ints, too."""
    return isinstance(value, int) or is_symbolic(value)


def is_plain(value: Any) -> bool:
    """Whether a setting is printed as it is written."""
    if isinstance(value, (tuple, list)):
        return not isinstance(value, Shape) and all(map(is_plain, value))
    return is_constant(value)


def is_constant(value: Any) -> bool:
    """Whether this is a number, a text or None."""
    return value is None or isinstance(value, (bool, int, float, str))


def refuse(name: str, value: Any, why: str, layer: str = "", *quoted: Any) -> Any:
    """Report that a constructor refuses a setting; what it is then is not known."""
    report(RefusedSetting(name, frozen(value), why, layer=layer, quoted=tuple(map(frozen, quoted))), blame=(name,))
    return Unknown(name)


def python_error(kind: str, text: str, *blame: str) -> None:
    """Report that Python itself raises."""
    report(PythonError(kind, text), blame=blame)


def checked_length(value: Any, name: str, why: str, layer: str) -> Any:
    """A setting that must be an int of at least one: ``if not isinstance(value, int) or value <= 0: raise``."""
    if undecided(value):
        return value
    if not is_integer(value) or surely_less(value, 1):
        return refuse(name, value, why, layer)
    return value


def as_dim(value: Any, *origin: Any) -> Dim:
    """A setting as a length; an unknown one is the same symbol for the same origin."""
    if isinstance(value, bool):
        return int(value)
    usable = is_dim(value) and not surely_less(value, 0)
    return value if usable else derived("setting", *origin)


def between_0_and_1(value: Any, name: str, why: str, layer: str, *, tracked: bool = False) -> Any:
    """``if not 0 <= value <= 1: raise``, with Python's own refusal for what is no number.

    ``tracked``: the value is an attribute of a layer, so a list or dict has become one of Keras'.
    """
    if undecided(value) or is_symbolic(value):
        return value
    if isinstance(value, (bool, int, float)):
        return value if 0 <= value <= 1 else refuse(name, value, why, layer)
    if value is None or isinstance(value, (str, tuple, list, dict)):
        kind = tracked_type(value) if tracked else type(value).__name__
        text = f"'<=' not supported between instances of 'int' and '{kind}'"
        python_error("TypeError", text, name)
        return Unknown(name)
    return value


def tracked_type(value: Any) -> str:
    """The name of a setting's type once it is an attribute of a layer, which tracks lists and dicts as its own."""
    kind = type(value).__name__
    return {"list": "TrackedList", "dict": "TrackedDict"}.get(kind, kind)


def is_no_seed(value: Any) -> bool:
    """Whether ``SeedGenerator`` says that this must be an integer."""
    return isinstance(value, (float, str, tuple, list, dict))


def dropped_out(rate: Any, seed: Any) -> None:
    """The layer inside that drops out is made: it refuses a rate that is none, and a seed if it needs one."""
    between_0_and_1(rate, "rate", "dropout-rate", "Dropout", tracked=True)
    if isinstance(rate, (int, float)) and 0 < rate <= 1 and is_no_seed(seed):
        refuse("seed", seed, "seed")


def frozen(value: Any) -> Any:
    """A setting in a form that a Problem can hold."""
    return value


def dims(values: Sequence[Any], *origin: Any) -> tuple[Dim, ...]:
    """Several settings as lengths."""
    return tuple(as_dim(value, *origin, n) for n, value in enumerate(values))
