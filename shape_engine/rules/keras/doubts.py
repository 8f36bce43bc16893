"""What no layer of Keras looks at, and TensorFlow's kernels may refuse in words of their own: odd dtypes, odd settings.

A rule says with ``takes=`` what its kernels take; where an eager call brings something else, nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...value import Tensor
from .common import undecided
from .state import is_float

NUMBERS = ("fill_value", "epsilon", "momentum", "bins", "alpha", "clip_limit")
"""Settings that nobody checks, and that must be numbers when they are computed with."""

WHOLE = ("num_ops", "num_chains", "chain_depth")
"""Settings that nobody checks, and that must be whole numbers."""


def strange(
    takes: str, settings: Mapping[str, Any], dtype: Any, weights: Any, inputs: Sequence[Tensor], eager: bool
) -> bool:
    """Whether a call may fail for what no layer looks at; ``dtype`` is the one that the layer computes with.

    ``weights`` is true where the layer has weights, or may have some in layers inside.

    ``takes`` is "floats", "numbers", "words" or "pictures"; a rule without it looks at all itself, or does not care.
    """
    if not may_be_float(dtype) and (eager or weights):
        return True  # random numbers are not drawn as integers, and mixed dtypes do not add up
    if takes == "pictures" and _has_fractions(settings.get("value_range")) and any(_whole(x.dtype) for x in inputs):
        return eager  # the ends of the range become numbers of the pictures' dtype
    return eager and (any(map(_odd_setting, settings.items())) or any(_odd_dtype(takes, x.dtype) for x in inputs))


def may_be_float(dtype: Any) -> bool:
    """Whether weights can be drawn as numbers of this dtype, as far as it is known."""
    return not isinstance(dtype, str) or is_float(dtype)


def _has_fractions(value: Any) -> bool:
    return isinstance(value, (tuple, list)) and any(isinstance(end, float) for end in value)


def _whole(dtype: Any) -> bool:
    return isinstance(dtype, str) and "int" in dtype


def _odd_dtype(takes: str, dtype: Any) -> bool:
    if not isinstance(dtype, str):
        return False
    if takes == "floats":
        return "float" not in dtype
    return dtype == "string" or (dtype == "bool" and takes in ("numbers", "pictures"))


def _odd_setting(setting: tuple[str, Any]) -> bool:
    name, value = setting
    if name == "value_range":
        pair = isinstance(value, (tuple, list)) and len(value) == 2
        return not undecided(value) and not (pair and all(isinstance(end, (int, float)) for end in value))
    if name in WHOLE:
        odd = isinstance(value, (bool, float, str, tuple, list, dict, type(None)))
        return odd or (isinstance(value, int) and value < 0)
    return name in NUMBERS and isinstance(value, (bool, str, tuple, list, dict, type(None)))
