"""What the rules of PyTorch share: refusing, reading arguments, dtypes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dim import Dim, Symbol, derived, is_dim, is_symbolic
from ...evidence import report
from ...problems import NoSuchAxis, TorchRefusal
from ...shape import AnyShape, Shape, Unranked
from ...value import Assumed, Instance, Known, List, Tensor, Unknown, Value

DOUBT: Any = Unknown("not known")
"""A setting that the text does not fix."""

STATE = Instance(("torch", 0), Known("torch"))
"""Where switches that act everywhere are kept: autocast, eval of something that cannot be walked."""


def refuse(kind: type[TorchRefusal], check: str, blame: Sequence[str] = (), **given: Any) -> None:
    """Report a check of ``wording/torch_checks.py``."""
    report(kind(check, tuple(given.items())), blame=blame)


def is_unknown(value: Value) -> bool:
    """Whether nothing is known of a value, not even its type."""
    return isinstance(value, (Unknown, Assumed, Unranked))


def is_int(value: Value) -> bool:
    """Whether a value is a known int (bools are ints for Python, not for every check of PyTorch)."""
    return isinstance(value, int) and not isinstance(value, bool)


def dim_of(value: Value, origin: Any = None) -> Dim:
    """A value that must be a length, as one: a symbol where it is not known."""
    if is_dim(value) or is_symbolic(value):
        return value
    if isinstance(value, Assumed):
        return Symbol(value.name, ("assumed", value.id))
    return derived("torch", origin, repr(value))


def fresh(*origin: Any) -> Symbol:
    """A length that nobody knows; the same for the same origin."""
    return derived("torch", *origin)


def ntuple(value: Value, count: int) -> Value:
    """``torch.nn.modules.utils._ntuple``: anything that can be iterated as it is, one value repeated."""
    if isinstance(value, (tuple, list, str)):
        return tuple(value)
    if isinstance(value, (dict, set, Tensor, List, Instance)):
        return (DOUBT,) * count
    return (value,) * count


def sizes(values: Sequence[Value]) -> Value:
    """The ints of a call such as ``x.view(2, 3)`` or ``x.view((2, 3))``; None where they are not known."""
    if len(values) == 1 and isinstance(values[0], (tuple, list)):
        return tuple(values[0])
    if len(values) == 1 and is_unknown(values[0]):
        return None
    return tuple(values)


def tensor_of(value: Value) -> Tensor | None:
    """The tensor that a value is: a tensor of unknown rank where it is not known; None for anything else."""
    if isinstance(value, Tensor):
        return value
    if isinstance(value, Unknown):
        return Tensor(Unranked(value.reason), None, "torch")
    if isinstance(value, Assumed):
        return Tensor(Unranked(f"{value.name} is not known"), None, "torch")
    return None


def shaped(shape: AnyShape | None, dtype: str | None, reason: str = "") -> Tensor:
    """A tensor of PyTorch; of unknown rank where ``shape`` is None."""
    return Tensor(Unranked(reason) if shape is None else shape, dtype, "torch")


def ranked(x: Value) -> Tensor | None:
    """The tensor, if its rank is known."""
    return x if isinstance(x, Tensor) and isinstance(x.shape, Shape) else None


def dims_of(x: Tensor) -> Shape:
    """The shape of a tensor whose rank is known, such as :func:`ranked` gives."""
    assert isinstance(x.shape, Shape)
    return x.shape


def unranked(x: Value, reason: str = "") -> Value:
    """A tensor of unknown rank in place of one that was computed from something unknown."""
    why = reason or (x.reason if isinstance(x, Unknown) else "the rank of an operand is not known")
    return Tensor(Unranked(why), x.dtype if isinstance(x, Tensor) else None, "torch")


def like(x: Tensor, shape: AnyShape | Sequence[Dim]) -> Tensor:
    """A tensor of another shape with the dtype of ``x``."""
    return Tensor(shape if isinstance(shape, Unranked) else Shape(shape), x.dtype, "torch")


def axis_of(axis: Value, rank: int, blame: Sequence[str] = ("dim",)) -> int | None:
    """An axis counted from the front; None where it is not known or out of range, which is reported.

    A tensor without axes takes 0 and -1, as if it had one; then the answer is 0.
    """
    if not is_int(axis):
        return None
    extent = rank or 1
    if -extent <= axis < extent:
        return axis % extent
    report(NoSuchAxis(axis=axis, rank=rank), blame=blame)
    return None


CPP_NAMES = {
    "float32": "float", "float64": "double", "float16": "c10::Half", "bfloat16": "c10::BFloat16",
    "uint8": "unsigned char", "int8": "signed char", "int16": "short int", "int32": "int", "int64": "long int",
    "bool": "bool", "complex64": "c10::complex<float>", "complex128": "c10::complex<double>",
}  # fmt: skip

SCALAR_NAMES = {
    "float32": "Float", "float64": "Double", "float16": "Half", "bfloat16": "BFloat16",
    "uint8": "Byte", "int8": "Char", "int16": "Short", "int32": "Int", "int64": "Long",
    "bool": "Bool", "complex64": "ComplexFloat", "complex128": "ComplexDouble",
}  # fmt: skip

DTYPES = {
    "torch.float32": "float32", "torch.float": "float32", "torch.float64": "float64", "torch.double": "float64",
    "torch.float16": "float16", "torch.half": "float16", "torch.bfloat16": "bfloat16",
    "torch.uint8": "uint8", "torch.int8": "int8", "torch.int16": "int16", "torch.short": "int16",
    "torch.int32": "int32", "torch.int": "int32", "torch.int64": "int64", "torch.long": "int64",
    "torch.bool": "bool", "torch.complex64": "complex64", "torch.cfloat": "complex64",
    "torch.complex128": "complex128", "torch.cdouble": "complex128",
}  # fmt: skip

FLOATING = ("float16", "bfloat16", "float32", "float64")
COMPLEX = ("complex64", "complex128")
INTEGRAL = ("uint8", "int8", "int16", "int32", "int64")


def dtype_of(value: Value, default: str | None) -> str | None:
    """The short name of a ``dtype=`` argument; None where it is not known."""
    if value is None:
        return default
    if isinstance(value, Known):
        return DTYPES.get(value.target)
    return None


def default_dtype(call: Any) -> str | None:
    """The dtype of new tensors: float32, unless the program may have changed it."""
    return "float32" if call.get(STATE, ".default") is None else None


def type_name(value: Value) -> str | None:
    """What PyTorch calls the type of an argument in its texts; None where we cannot tell."""
    if isinstance(value, Tensor):
        return {"torch": "Tensor", "numpy": "numpy.ndarray"}.get(value.kind)
    if value is None or isinstance(value, (bool, int, float, str, tuple, list, dict)):
        return type(value).__name__
    return None
