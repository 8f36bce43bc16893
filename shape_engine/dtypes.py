"""Names of element types: how programs spell them, and which one an operation on two of them gives."""

from __future__ import annotations

from typing import Any

from .dim import is_symbolic
from .value import Known, Tensor, Value

SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
FLOATING = ("float16", "float32", "float64")
COMPLEX = ("complex64", "complex128")
NAMES = frozenset((*SIGNED, *UNSIGNED, *FLOATING, *COMPLEX, "bool", "bfloat16", "string"))

_SPELLINGS = {
    "float": "float64", "double": "float64", "half": "float16", "single": "float32", "int": "int64", "long": "int64",
    "intp": "int64", "int_": "int64", "uint": "uint64", "bool_": "bool", "float_": "float64", "complex": "complex128",
    "str": "string", "str_": "string", "byte": "int8", "ubyte": "uint8", "short": "int16", "ushort": "uint16",
    "intc": "int32", "uintc": "uint32", "longlong": "int64", "cfloat": "complex128", "csingle": "complex64",
    "f4": "float32", "f8": "float64", "i4": "int32", "i8": "int64", "u1": "uint8", "f": "float32", "d": "float64",
    "i": "int32", "l": "int64", "b": "int8", "B": "uint8", "?": "bool", "f2": "float16", "i2": "int16", "i1": "int8",
    "<f4": "float32", "<f8": "float64", "<i4": "int32", "<i8": "int64",
}  # fmt: skip


def dtype_name(value: Value) -> str | None:
    """The standard short name of what a program passes as a dtype; None where it is not known.

    >>> dtype_name("float32"), dtype_name(Known("numpy.int64")), dtype_name(Known("builtins.float"))
    ('float32', 'int64', 'float64')
    """
    if isinstance(value, Known):
        value = value.target.rpartition(".")[2]
    if isinstance(value, str):
        value = value.removeprefix("torch.").removeprefix("tf.")
        return value if value in NAMES else _SPELLINGS.get(value)
    return None


def python_dtype(value: Value) -> str | None:
    """What kind of Python number this is: "bool", "int", "float", "complex" or "str"; None for anything else."""
    if isinstance(value, (bool, int, float, complex, str)):
        return type(value).__name__
    return "int" if is_symbolic(value) else None


def numpy_default(kind: str | None) -> str | None:
    """The dtype of a NumPy array of such Python numbers."""
    return {"bool": "bool", "int": "int64", "float": "float64", "complex": "complex128", "str": "string"}.get(
        kind or ""
    )


def tf_default(kind: str | None) -> str | None:
    """The dtype of a TensorFlow tensor of such Python numbers."""
    return {"bool": "bool", "int": "int32", "float": "float32", "complex": "complex128", "str": "string"}.get(
        kind or ""
    )


def promoted(a: str | None, b: str | None) -> str | None:
    """The dtype that NumPy gives to an operation on arrays of two dtypes.

    >>> promoted("int32", "float32"), promoted("uint8", "int8"), promoted("float32", "float64")
    ('float64', 'int16', 'float64')
    """
    if a == b or a is None or b is None:
        return a if a == b else None
    if "bool" in (a, b):
        return b if a == "bool" else a
    rank_a, rank_b = _rank(a), _rank(b)
    if rank_a is None or rank_b is None:
        return None
    if rank_a > rank_b:
        a, b, rank_a, rank_b = b, a, rank_b, rank_a
    if rank_a == rank_b:
        family = (UNSIGNED, SIGNED, FLOATING, COMPLEX)[rank_a]
        return max(a, b, key=family.index)
    if rank_b == 1:  # unsigned and signed
        larger = max(UNSIGNED.index(a) + 1, SIGNED.index(b))
        return SIGNED[larger] if larger < len(SIGNED) else "float64"
    needed = a if rank_a == 2 else floating(a)
    if rank_b == 2:
        return max(needed, b, key=FLOATING.index)
    return "complex128" if b == "complex128" or needed == "float64" else "complex64"


def weakly_promoted(dtype: str | None, kind: str | None) -> str | None:
    """The dtype that NumPy gives to an array of ``dtype`` with a Python number of ``kind``.

    >>> weakly_promoted("float32", "float"), weakly_promoted("int8", "float"), weakly_promoted("bool", "int")
    ('float32', 'float64', 'int64')
    """
    if dtype is None or kind is None or kind == "str":
        return None
    if kind == "bool":
        return dtype
    if kind == "int":
        return "int64" if dtype == "bool" else dtype
    if kind == "float":
        return "float64" if dtype == "bool" or dtype in SIGNED or dtype in UNSIGNED else dtype
    return {"float16": "complex64", "float32": "complex64", "complex64": "complex64"}.get(dtype, "complex128")


def floating(dtype: str | None) -> str | None:
    """The dtype of NumPy's floating functions (``sqrt``, ``exp``) on such an array."""
    if dtype in ("bool", "int8", "uint8"):
        return "float16"
    if dtype in ("int16", "uint16"):
        return "float32"
    if dtype in SIGNED or dtype in UNSIGNED:
        return "float64"
    return dtype


def is_integer(dtype: str | None) -> bool:
    """Whether the dtype holds whole numbers (bool does not count)."""
    return dtype in SIGNED or dtype in UNSIGNED


def dtype_of(value: Value) -> str | None:
    """The dtype of a tensor; None for other values."""
    return value.dtype if isinstance(value, Tensor) else None


def tf_type(dtype: str) -> str:
    """What TensorFlow's runtime calls the dtype in messages: "float", "double", "int32", ..."""
    return {"float32": "float", "float64": "double", "float16": "half"}.get(dtype, dtype)


def bytes_of(dtype: str | None) -> int | None:
    """How many bytes one number takes; None for what is no number.

    >>> bytes_of("bfloat16"), bytes_of("complex64"), bytes_of("string")
    (2, 8, None)
    """
    bits = (dtype or "").lstrip("abcdefghijklmnopqrstuvwxyz")
    kind = (dtype or "").removesuffix(bits) if bits else ""
    return int(bits) // 8 if kind in ("int", "uint", "float", "bfloat", "complex") and bits.isdigit() else None


def _rank(dtype: str) -> int | None:
    for rank, family in enumerate((UNSIGNED, SIGNED, FLOATING, COMPLEX)):
        if dtype in family:
            return rank
    return None


__all__: Any = [name for name in dir() if not name.startswith("_") and name not in ("annotations", "Any")]
