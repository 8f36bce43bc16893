"""Patterns with named axes, ``"b (h w) c -> b c h w"``, as einops reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..dim import Dim, surely_no_multiple
from ..shape import Shape, product

TOKENS = re.compile(r"\.\.\.|…|[A-Za-z_]\w*|\d+|[()]|\S")
Group = tuple[str, ...]


def parts(side: str) -> list[Group] | None:
    """The axes of one side of a pattern, each a group of names; None if it is no pattern.

    >>> parts("b (h w) ... 1")
    [('b',), ('h', 'w'), ('...',), ()]
    """
    found: list[Group] = []
    inside: list[str] | None = None
    for token in TOKENS.findall(side):
        if token == "(":
            if inside is not None:
                return None
            inside = []
        elif token == ")":
            if inside is None:
                return None
            found.append(tuple(inside))
            inside = None
        elif token == "1" or token.isidentifier() or token == "...":
            name = () if token == "1" else (token,)
            if inside is not None:
                inside.extend(name)
            else:
                found.append(name)
        else:
            return None
    return None if inside is not None else found


def named(shape: Sequence[Dim], groups: Sequence[Group], known: Mapping[str, Dim]) -> dict[str, Dim | Shape] | None:
    """The length of each name (of ``...`` a shape), where a tensor of this shape has these axes; None if it has not.

    >>> named((2, 12, 5), [("b",), ("h", "w"), ("c",)], {"h": 3})
    {'b': 2, 'h': 3, 'w': 4, 'c': 5}
    """
    groups = list(groups)
    lengths: dict[str, Dim | Shape] = {}
    place = next((n for n, group in enumerate(groups) if group == ("...",)), None)
    if place is not None:
        more = len(shape) - len(groups) + 1
        if more < 0:
            return None
        lengths["..."] = Shape(shape[place : place + more])
        shape = (*shape[:place], *shape[place + more :])
        del groups[place]
    if len(shape) != len(groups) or any("..." in group for group in groups):
        return None
    for dim, group in zip(shape, groups, strict=True):
        open_names = [name for name in group if name not in known]
        rest = product(known[name] for name in group if name in known)
        if len(open_names) > 1 or (surely_no_multiple(dim, rest) if open_names else False):
            return None
        for name in group:
            lengths[name] = known[name] if name in known else dim // rest
    return lengths


def arranged(groups: Sequence[Group], lengths: Mapping[str, Dim | Shape]) -> Shape | None:
    """The shape of a tensor with these axes; None if a length is missing.

    >>> print(arranged([("b",), ("w", "h"), ()], {"b": 2, "h": 3, "w": 4}))
    (2, 12, 1)
    """
    dims: list[Dim] = []
    for group in groups:
        values = [lengths.get(name) for name in group]
        if any(value is None for value in values):
            return None
        if group == ("...",):
            dims.extend(values[0])  # type: ignore[arg-type]
        else:
            dims.append(product(d for value in values for d in (value if isinstance(value, Shape) else (value,))))  # type: ignore[misc]
    return Shape(dims)
