"""What TensorFlow's kernels say of numbers that they are not made for, and which those are (core/ops/math_ops.cc)."""

from __future__ import annotations

from ..dtypes import tf_type
from ..problems import WrongDtype
from . import Raised, Version, words

FLOATS = ("bfloat16", "half", "float", "double")
COMPLEX = (*FLOATS, "complex64", "complex128")
ALLOWED = {
    **dict.fromkeys(("Ceil", "Erf", "Floor"), FLOATS),
    **dict.fromkeys(
        ("Acos", "Acosh", "Asin", "Asinh", "Cos", "Cosh", "Exp", "Expm1", "Log", "Log1p", "Rsqrt", "Sigmoid", "Sin",
         "Sinh", "Sqrt", "Tan", "Tanh", "Atan", "Atanh"),
        COMPLEX,
    ),
}  # fmt: skip
"""The dtypes that a kernel of one input is made for, in the order and with the names in which it prints them."""


@words(WrongDtype, "tensorflow")
def wrong_dtype(problem: WrongDtype, version: Version) -> Raised:
    """The definition of the operation, which lists the dtypes twice."""
    op, allowed = problem.operation, ALLOWED[problem.operation]
    listed = ", ".join(f"DT_{name.upper()}" for name in allowed)
    text = (
        f"Value for attr 'T' of {tf_type(problem.dtype)} is not in the list of allowed values: {', '.join(allowed)}\n\t; "
        f"NodeDef: {{{{node {op}}}}}; Op<name={op}; signature=x:T -> y:T; attr=T:type,allowed=[{listed}]> [Op:{op}] name: "
    )
    return Raised("InvalidArgumentError", text)
