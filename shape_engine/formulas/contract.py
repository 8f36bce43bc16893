"""Contraction: sums of products over axes that two arrays share."""

from __future__ import annotations

from collections.abc import Sequence

from ..dim import Dim, surely_differ
from ..evidence import formula
from ..shape import Shape
from .broadcast import broadcast
from .join import known


@formula
def projected(shape: Sequence[Dim], units: Dim) -> Shape:
    """The last axis, contracted with a matrix, has one entry for each column of the matrix."""
    return Shape((*shape[:-1], units))


def matmul(a: Sequence[Dim], b: Sequence[Dim]) -> Shape | None:
    """The shape of ``a @ b`` (both of rank 1 or more); None where inner or leading axes surely do not fit.

    >>> matmul((5, 2, 3), (3, 4)), matmul((3,), (3, 4)), matmul((2, 3), (4, 3))
    ((5, 2, 4), (4,), None)
    """
    if inner_clash(a, b):
        return None
    leading = broadcast(a[:-2], b[:-2])
    if leading is None:
        return None
    rows = (a[-2],) if len(a) > 1 else ()
    columns = (b[-1],) if len(b) > 1 else ()
    return Shape((*leading, *rows, *columns))


def inner(a: Sequence[Dim], b: Sequence[Dim]) -> tuple[Dim, Dim]:
    """The two lengths that ``a @ b`` sums over, and that must be equal."""
    return a[-1], b[-2] if len(b) > 1 else b[0]


def inner_clash(a: Sequence[Dim], b: Sequence[Dim]) -> bool:
    """Whether the inner axes of ``a @ b`` surely have different lengths."""
    return surely_differ(*inner(a, b))


def tensordot(a: Sequence[Dim], b: Sequence[Dim], axes_a: Sequence[int], axes_b: Sequence[int]) -> Shape | None:
    """What is left of both when pairs of axes are contracted; None where some pair surely differs.

    >>> tensordot((2, 3, 4), (4, 5), (2,), (0,))
    (2, 3, 5)
    """
    if len(axes_a) != len(axes_b) or any(surely_differ(a[i], b[j]) for i, j in zip(axes_a, axes_b, strict=True)):
        return None
    gone_a, gone_b = {i % len(a) for i in axes_a}, {j % len(b) for j in axes_b}
    left = [dim for axis, dim in enumerate(a) if axis not in gone_a]
    right = [dim for axis, dim in enumerate(b) if axis not in gone_b]
    return Shape((*left, *right))


def einsum(equation: str, shapes: Sequence[Sequence[Dim]]) -> Shape | None:
    """The shape of an einsum; None where it is malformed, or a letter surely stands for two lengths.

    Letters, an arrow, and ``...`` (broadcast) are understood; without an arrow the letters that occur
    once remain, in alphabetical order.

    >>> einsum("bij,bjk->bik", [(2, 3, 4), (2, 4, 5)]), einsum("...a,ab->...b", [(7, 2, 3), (3, 9)])
    ((2, 3, 5), (7, 2, 9))
    >>> einsum("ij,jk", [(2, 3), (4, 5)])
    """
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(shapes):
        return None
    lengths: dict[str, list[Dim]] = {}
    rest: Shape | None = Shape(())
    for term, shape in zip(terms, shapes, strict=True):
        before, dots, after = term.partition("...")
        if len(shape) < len(before) + len(after) or (not dots and len(shape) != len(before)):
            return None
        middle = len(shape) - len(after)
        for letter, dim in [*zip(before, shape, strict=False), *zip(after, shape[middle:], strict=True)]:
            lengths.setdefault(letter, []).append(dim)
        if dots and rest is not None:
            rest = broadcast(rest, shape[len(before) : middle])
    if rest is None or any(surely_differ(dims[0], dim) for dims in lengths.values() for dim in dims):
        return None
    if not arrow:
        once = sorted(letter for letter in lengths if sum(term.count(letter) for term in terms) == 1)
        right = ("..." if "..." in left else "") + "".join(once)
    before, dots, after = right.partition("...")
    if any(letter not in lengths for letter in before + after):
        return None
    one, other = ([known(lengths[letter]) for letter in part] for part in (before, after))
    return Shape((*one, *(rest if dots else ()), *other))
