"""The settings of convolutions as their constructors check them (torch/nn/modules/conv.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dim import is_dim, is_symbolic, surely_differ, surely_less, surely_no_multiple
from ...evidence import report
from ...problems import GroupsDoNotDivide, NotPositive, TorchRefusal, TorchWrongDtype
from ...value import Value
from .checks import (
    FLOATING,
    dtype_of,
    fresh,
    is_int,
    is_unknown,
    refuse,
    type_name,
)


def check_groups(in_channels: Value, out_channels: Value, groups: Value) -> None:
    """The first checks of the constructor, with what Python itself says to values that are no ints."""
    if is_unknown(groups):
        return
    if not python_accepts(lambda: groups <= 0, groups):
        return
    if surely_less(groups, 1):
        report(NotPositive("groups", groups), blame=("groups",))
        return
    for name, channels in ("in_channels", in_channels), ("out_channels", out_channels):
        if isinstance(channels, str) and "%" in channels:
            continue
        if is_symbolic(channels) or is_symbolic(groups):
            uneven = surely_no_multiple(channels, groups)
        elif is_unknown(channels) or not python_accepts(lambda c=channels: c % groups, channels):  # type: ignore[misc]
            continue
        else:
            uneven = channels % groups != 0
        if uneven:
            report(GroupsDoNotDivide(name, channels, groups), blame=(name, "groups"))


def check_weight(size: Sequence[Value], dtype: Value, blame: Sequence[str]) -> None:
    """What ``Parameter(torch.empty(size, dtype=dtype))`` refuses."""
    blame = (*blame, *("kernel_size",) * (len(size) - 2))
    for position, (dim, name) in enumerate(zip(size, blame, strict=False)):
        if is_unknown(dim) or isinstance(dim, bool):
            return
        if not is_dim(dim):
            kind = type_name(dim)
            if kind is not None and (position or is_int(size[0]) or len(size) > 1):
                check = "empty-item" if position else "empty-first"
                refuse(TorchRefusal, check, (name,), position=position + 1, type=kind)
            return
    for dim, name in zip(size, blame, strict=False):
        if surely_less(dim, 0):
            refuse(TorchRefusal, "negative-size", (name,), dim=dim, size=tuple(size))
            return
    kind = dtype_of(dtype, "float32")
    if kind is not None and kind not in FLOATING and not kind.startswith("complex"):
        refuse(TorchWrongDtype, "no-gradient", ("dtype",))


def per_group(channels: Value, groups: Value) -> Value:
    """How many channels each group has, as Python divides them."""
    if is_unknown(groups) or is_symbolic(groups):
        return fresh("per group", channels, repr(groups))
    if not isinstance(groups, (int, float)) or groups == 0 or not (is_dim(channels) or isinstance(channels, float)):
        return fresh("per group", repr(channels), repr(groups))
    return channels // groups


def surely_not_one(value: Value) -> bool:
    """Whether a setting is something else than 1."""
    if is_unknown(value):
        return False
    return surely_differ(value, 1) if is_dim(value) else value != 1


def same_padding_fails(dilation: Value, kernel: Value) -> bool:
    """``total_padding = d * (k - 1)`` and the slices of it, on values that are no ints."""
    if not all(value is None or isinstance(value, (int, float, str)) for value in (dilation, kernel)):
        return False
    return not python_accepts(lambda: dilation * (kernel - 1) // 2, kernel)


def python_accepts(compute: Any, value: Value) -> bool:
    """Run an operation of Python on plain values; its TypeError is the one that the constructor raises.

    A length that is not known is some int, which no operation here refuses.
    """
    if is_symbolic(value):
        return True
    if not isinstance(value, (int, float, str, tuple, list, dict, type(None))):
        return False
    try:
        compute()
    except TypeError as error:
        refuse(TorchRefusal, "python", (), type="TypeError", text=str(error))
        return False
    return True
