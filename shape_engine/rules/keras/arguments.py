"""How Keras reads the arguments of constructors: tuples, paddings, data formats, names of objects.

Every reader takes anything, reports what Keras refuses, and returns the value as Keras would store it:
``Unknown`` where it cannot tell, or where the value was refused.  Follows keras/src/utils/argument_validation.py,
keras/src/backend/config.py and the ``get`` functions of activations, initializers, regularizers, constraints.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dim import is_dim, is_symbolic, surely_less
from ...evidence import report
from ...problems import BadSetting, NotPositive, PythonError, WrongArguments
from ...value import Assumed, OpenKeywords, Tensor, Unknown, Value, is_known


def python_binding(
    function: str,
    order: Sequence[str],
    needed: Sequence[str],
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    *,
    open: bool = False,
) -> dict[str, Value]:
    """The arguments of a method by name, as Python binds them; reports WrongArguments.

    ``open``: it takes any other keyword argument, too; else those are dropped.
    """
    given = dict(zip(order, args, strict=False))
    for name, value in kwargs.items():
        if name in given:
            report(WrongArguments("repeated", function, (name,)), blame=(name,))
        elif name in order or open:
            given[name] = value
        else:
            report(WrongArguments("unexpected", function, (name,)), blame=(name,))
    if len(args) > len(order):
        counts = (len(needed) + 1, len(order) + 1, len(args) + 1)
        report(WrongArguments("too-many", function, counts=counts), blame=("arguments",))
    missing = tuple(name for name in needed if name not in given)
    if missing and not isinstance(kwargs, OpenKeywords):  # those may be among what nobody knows
        report(WrongArguments("missing", function, missing), blame=("arguments",))
    return given


def int_tuple(value: Any, axes: int, name: str, *, allow_zero: bool = False) -> tuple[Any, ...]:
    """``value`` as a tuple of ``axes`` positive ints: one int for all axes, or one for each.

    Reports BadSetting; an unknown item stays Unknown in the tuple.  Floats pass, as they do in Keras.
    """
    unknown = (Unknown(name),) * axes
    if isinstance(value, Tensor) and value.kind == "numpy" and isinstance(value.constant, (int, tuple)):
        if not isinstance(value.constant, tuple):  # a scalar of NumPy is no int, and cannot be iterated
            report(BadSetting(name, value.constant, "not-a-tuple", axes=axes), blame=(name,))
            return unknown
        value = value.constant
    if isinstance(value, bool) or is_dim(value):
        items: tuple[Any, ...] = (value,) * axes
    elif isinstance(value, (Unknown, Assumed, Tensor)):
        return unknown
    elif isinstance(value, (tuple, list, set, frozenset, str, bytes, dict, range)):
        items = tuple(value)
        if len(items) != axes:
            report(BadSetting(name, value, "not-a-tuple", axes=axes), blame=(name,))
            return unknown
        for item in items:
            if _refused_by_int(item):
                report(BadSetting(name, value, "not-ints", axes=axes, bad=(item,)), blame=(name,))
                return unknown
    elif value is None or isinstance(value, (float, complex)):
        report(BadSetting(name, value, "not-a-tuple", axes=axes), blame=(name,))
        return unknown
    else:
        return unknown
    for item in items:
        if isinstance(item, str):
            sign = "<" if allow_zero else "<="
            report(BadSetting(name, value, "not-a-number", options=(sign,), bad=(item,)), blame=(name,))
            return unknown
    least = 0 if allow_zero else 1
    bad = tuple(item for item in items if _less(item, least))
    if bad:
        why = "negative" if allow_zero else "not-positive"
        report(BadSetting(name, value, why, axes=axes, bad=bad), blame=(name,))
        return tuple(Unknown(name) if item in bad else item for item in items)
    return items


def padding_of(value: Any, *, causal: bool = False) -> Any:
    """A padding in lower case: "valid", "same" and, if allowed, "causal"; lists and tuples pass."""
    if isinstance(value, (list, tuple)) or not is_known(value):
        return value
    if not isinstance(value, str):
        if value is None or isinstance(value, (int, float, dict, set)):
            report(BadSetting("padding", value, "not-a-string"), blame=("padding",))
        return Unknown("padding")
    options = ("valid", "same", "causal") if causal else ("valid", "same")
    if value.lower() not in options:
        report(BadSetting("padding", value.lower(), "not-an-option", options=options), blame=("padding",))
        return Unknown("padding")
    return value.lower()


def data_format_of(value: Any) -> Any:
    """A data format in lower case; None is the configured one, "channels_last" unless it was changed."""
    if value is None:
        return "channels_last"
    if not isinstance(value, (str, int, float, tuple, list)) or not is_known(value):
        return Unknown("data_format")
    said = str(value).lower()
    if said not in ("channels_first", "channels_last"):
        report(BadSetting("data_format", said, "not-an-option"), blame=("data_format",))
        return Unknown("data_format")
    return said


def identifier(kind: str, value: Any, name: str) -> Any:
    """An activation, initializer, regularizer or constraint by its name, or the object itself.

    ``kind`` is "activation function", "initializer", "regularizer" or "constraint".
    """
    if isinstance(value, str):
        known = value in IDENTIFIERS[kind]
    else:
        known = not isinstance(value, (bool, int, float, tuple, list, set))
    if not known:
        report(BadSetting(name, value, "not-interpreted", options=(kind,)), blame=(name,))
        return Unknown(name)
    return value


def identifiers(**given: Any) -> None:
    """Check the settings that name objects, in the order in which they are given.

    The kind is told by the end of the setting's name: "kernel_initializer" is an initializer.
    """
    for name, value in given.items():
        kind = "activation function" if name == "activation" else name.rpartition("_")[2]
        identifier(kind, value, name)


def positive(value: Any, name: str, *, wraps: bool = True) -> None:
    """``if self.value <= 0: raise``, with Python's own refusal for what is no number; Keras 3 wraps lists that it keeps."""
    if wraps and isinstance(value, (list, dict)):
        kind = "TrackedList" if isinstance(value, list) else "TrackedDict"
        text = f"'<=' not supported between instances of '{kind}' and 'int'"
        report(PythonError("TypeError", text), blame=(name,))
    elif isinstance(value, (str, tuple, list, dict, bytes)) or value is None:
        report(BadSetting(name, value, "not-a-number", bad=(value,)), blame=(name,))
    elif _less(value, 1) and _not_positive(value):
        report(NotPositive(name, value), blame=(name,))


def surely_above_one(values: Any) -> bool:
    """Whether some item is surely more than one."""
    return isinstance(values, tuple) and any(_number(value) and surely_less(1, value) for value in values)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) or is_symbolic(value)


def _less(value: Any, least: int) -> bool:
    if isinstance(value, float):
        return value < least if least == 0 else value <= 0
    return _number(value) and surely_less(value, least)


def _not_positive(value: Any) -> bool:
    return not isinstance(value, float) or value <= 0


def _refused_by_int(item: Any) -> bool:
    if isinstance(item, str):
        try:
            int(item)
        except ValueError:
            return True
        return False
    return item is None or isinstance(item, (tuple, list, dict, set, complex))


_REGULARIZERS = (
    "Regularizer",
    "L1",
    "L2",
    "L1L2",
    "OrthogonalRegularizer",
    "l1",
    "l2",
    "l1l2",
    "orthogonal_regularizer",
    "regularizer",
)
_CONSTRAINTS = (
    "Constraint",
    "MaxNorm",
    "MinMaxNorm",
    "NonNeg",
    "UnitNorm",
    "constraint",
    "max_norm",
    "min_max_norm",
    "non_neg",
    "unit_norm",
)

IDENTIFIERS: dict[str, frozenset[str]] = {
    "activation function": frozenset(
        [
            "relu",
            "leaky_relu",
            "relu6",
            "softmax",
            "celu",
            "elu",
            "selu",
            "softplus",
            "softsign",
            "squareplus",
            "soft_shrink",
            "sparse_plus",
            "silu",
            "gelu",
            "glu",
            "tanh",
            "tanh_shrink",
            "threshold",
            "sigmoid",
            "exponential",
            "hard_sigmoid",
            "hard_silu",
            "hard_tanh",
            "hard_shrink",
            "linear",
            "mish",
            "log_softmax",
            "log_sigmoid",
            "sparsemax",
            "swish",
            "hard_swish",
            "sparse_sigmoid",
        ]
    ),
    "initializer": frozenset(
        [
            "Initializer",
            "Constant",
            "Identity",
            "Ones",
            "STFT",
            "Zeros",
            "GlorotNormal",
            "GlorotUniform",
            "HeNormal",
            "HeUniform",
            "LecunNormal",
            "LecunUniform",
            "Orthogonal",
            "RandomNormal",
            "RandomUniform",
            "TruncatedNormal",
            "VarianceScaling",
            "initializer",
            "constant",
            "identity",
            "ones",
            "stft",
            "zeros",
            "glorot_normal",
            "glorot_uniform",
            "he_normal",
            "he_uniform",
            "lecun_normal",
            "lecun_uniform",
            "orthogonal",
            "random_normal",
            "random_uniform",
            "truncated_normal",
            "variance_scaling",
            "IdentityInitializer",
            "normal",
            "one",
            "STFTInitializer",
            "OrthogonalInitializer",
            "uniform",
            "zero",
        ]
    ),
    "regularizer": frozenset(_REGULARIZERS),
    "constraint": frozenset(_CONSTRAINTS),
}
"""The names that ``get`` knows, by kind."""
