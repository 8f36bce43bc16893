"""Names that NumPy has no more: its aliases of Python's classes, and what went with later versions."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import REGISTRY, Lost
from ...wording import lost_names

ALIASES = {"object": "", "bool": "bool_", "float": "float64", "complex": "complex128", "str": "str_", "int": ""}
"""Python's classes, and the classes of NumPy for their numbers (``__former_attrs__`` in numpy/__init__.py)."""

EXPIRED = {
    "Inf": "inf", "Infinity": "inf", "NaN": "nan", "PINF": "inf", "alltrue": "all", "cfloat": "complex128",
    "clongfloat": "clongdouble", "complex_": "complex128", "float_": "float64", "infty": "inf",
    "issubsctype": "issubdtype", "longcomplex": "clongdouble", "longfloat": "longdouble", "mat": "asmatrix",
    "round_": "round", "singlecomplex": "complex64", "sometrue": "any", "string_": "bytes_", "unicode_": "str_",
}  # fmt: skip
"""What NumPy 2.0 removed and names a successor of (numpy/_expired_attrs_2_0.py)."""

ADVICE = {
    "NINF": "Use `-np.inf` instead.",
    "NZERO": "Use `-0.0` instead.",
    "PZERO": "Use `0.0` instead.",
    "asfarray": "Use `np.asarray` with a proper dtype instead.",
    "cast": "Use `np.asarray(arr, dtype=dtype)` instead.",
    "compare_chararrays": "It's still available as `np.char.compare_chararrays`.",
    "fastCopyAndTranspose": "Use `arr.T.copy()` instead.",
    "find_common_type": "Use `numpy.promote_types` or `numpy.result_type` instead. To achieve semantics for the "
    "`scalar_types` argument, use `numpy.result_type` and pass the Python values `0`, `0.0`, or `0j`.",
    "issctype": "Use `issubclass(rep, np.generic)` instead.",
    "issubclass_": "Use `issubclass` builtin instead.",
    "nbytes": "Use `np.dtype(<dtype>).itemsize` instead.",
    "obj2sctype": "Use `np.dtype(obj).type` instead.",
    "recfromcsv": "Use `np.genfromtxt` with comma delimiter instead.",
    "recfromtxt": "Use `np.genfromtxt` instead.",
    "safe_eval": "Use `ast.literal_eval` instead.",
    "sctype2char": "Use `np.dtype(obj).char` instead.",
    "sctypes": "Access dtypes explicitly instead.",
    "set_string_function": "Use `np.set_printoptions` instead with a formatter for custom printing of NumPy objects.",
}
"""What NumPy 2.0 removed and has other advice for."""

PLAIN = {
    (1, 24): {"unicode": "builtins.str"},
    (2, 0): {
        "NAN": "numpy.nan", "asscalar": "", "bool8": "numpy.bool_", "bytes0": "numpy.bytes_", "cumproduct": "numpy.cumprod",
        "int0": "numpy.intp", "math": "math", "msort": "", "object0": "numpy.object_", "product": "numpy.prod",
        "str0": "numpy.str_", "typeDict": "", "uint0": "numpy.uintp", "void0": "numpy.void",
    },
    (2, 4): {"disp": "", "in1d": "numpy.isin", "trapz": "numpy.trapezoid"},
}  # fmt: skip
"""What is gone without a word from a version on, and what it is called now.  (Some went earlier than this says.)"""


def _lost() -> Iterator[tuple[str, Lost]]:
    for name, scalar in ALIASES.items():
        text = lost_names.former_alias(name, scalar)
        yield name, Lost(text, (1, 24), (2, 0) if name == "bool" else None, now=f"builtins.{name}")
    for name, new in EXPIRED.items():
        yield name, Lost(lost_names.expired(name, f"Use `np.{new}` instead."), (2, 0), now=f"numpy.{new}")
    for name, advice in ADVICE.items():
        yield name, Lost(lost_names.expired(name, advice), (2, 0))
    for since, names in PLAIN.items():
        for name, new in names.items():
            yield name, Lost(lost_names.no_attribute("numpy", name), since, now=new)


REGISTRY.lost["numpy"] = {f"numpy.{name}": lost for name, lost in _lost()}
