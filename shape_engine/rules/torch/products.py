"""Products of vectors, matrices and batches of them: matmul, bmm, mm, einsum ... (aten LinearAlgebra.cpp)."""

from __future__ import annotations

from typing import Any

from ...dim import surely_differ
from ...evidence import report
from ...formulas.broadcast import broadcast, clash
from ...formulas.contract import einsum as contracted
from ...formulas.contract import inner_clash
from ...formulas.contract import matmul as product_of
from ...formulas.join import known
from ...problems import BroadcastMismatch, InnerMismatch, TorchShapeMismatch, TorchWrongRank
from ...rule import Call, function
from ...shape import Shape, Unranked, product
from ...value import Tensor, Value
from .checks import (
    dims_of,
    ranked,
    refuse,
    unranked,
)
from .elementwise import result_dtype


@function("torch.matmul")
@function("torch.Tensor.matmul")
@function("torch.Tensor.__matmul__")
def matmul(call: Call, input: Value, other: Value) -> Value:
    """Products of vectors, matrices and batches of them; RuntimeError where they do not fit."""
    dtype = result_dtype(input, other)
    a, b = ranked(input), ranked(other)
    if a is None or b is None or a.rank is None or b.rank is None:
        return Tensor(Unranked("the rank of an operand is not known"), dtype, "torch")
    left, right = tuple(dims_of(a)), tuple(dims_of(b))
    if not left or not right:
        refuse(TorchWrongRank, "matmul-rank", ("input", "other"), left=len(left), right=len(right))
        return Tensor(Unranked("a product of a number"), dtype, "torch")
    if a.dtype is not None and b.dtype is not None and a.dtype != b.dtype:
        dtype = None
    elif _batched(left, right):
        lead = _leading_clash(left, right)
        if lead is not None:
            report(BroadcastMismatch(shapes=lead), blame=("input", "other"))
            return Tensor(Unranked("batches that do not fit together"), dtype, "torch")
        if inner_clash(left, right):
            if len(left) == 1:
                report(InnerMismatch(op="matmul", left=left, right=right), blame=("input", "other"))
            count = product(broadcast(left[:-2], right[:-2]) or ())
            problem = InnerMismatch(op="bmm", left=(count, left[0], left[-1]), right=(count, *right[-2:]))
            report(problem, blame=("input", "other"))
    elif inner_clash(left, right):
        report(InnerMismatch(op="matmul", left=left, right=right), blame=("input", "other"))
    # (as if the inner axes fitted)
    shape = product_of((*left[:-1], right[-2] if len(right) > 1 else right[0]), right)
    return Tensor(Unranked("batches that do not fit together") if shape is None else shape, dtype, "torch")


def _batched(left: tuple[Any, ...], right: tuple[Any, ...]) -> bool:
    """Whether the product runs over batches of matrices (else the leading axes are folded into rows)."""
    return len(right) > 2


def _leading_clash(left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Shape, Shape] | None:
    one, other = left[:-2], right[:-2]
    return (Shape(one), Shape(other)) if clash(one, other) is not None else None


@function("torch.bmm")
@function("torch.Tensor.bmm")
def bmm(call: Call, input: Value, mat2: Value) -> Value:
    """Batches of matrices, one with one."""
    dtype = result_dtype(input, mat2)
    a, b = ranked(input), ranked(mat2)
    if a is None or b is None:
        return Tensor(Unranked("the rank of an operand is not known"), dtype, "torch")
    for name, x in ("batch1", a), ("batch2", b):
        if x.rank != 3:
            refuse(TorchWrongRank, "bmm-rank", ("input", "mat2"), name=name)
            return Tensor(Unranked("no batch of matrices"), dtype, "torch")
    left, right = tuple(dims_of(a)), tuple(dims_of(b))
    if surely_differ(left[0], right[0]) or surely_differ(left[2], right[1]):
        report(InnerMismatch(op="bmm", left=left, right=right), blame=("input", "mat2"))
    return Tensor(Shape((known((left[0], right[0])), left[1], right[2])), dtype, "torch")


@function("torch.mm")
@function("torch.Tensor.mm")
def mm(call: Call, input: Value, mat2: Value) -> Value:
    """Two matrices."""
    dtype = result_dtype(input, mat2)
    a, b = ranked(input), ranked(mat2)
    if a is None or b is None:
        return Tensor(Unranked("the rank of an operand is not known"), dtype, "torch")
    for name, x in ("self", a), ("mat2", b):
        if x.rank != 2:
            refuse(TorchWrongRank, "no-matrix", ("input", "mat2"), name=name)
            return Tensor(Unranked("no matrix"), dtype, "torch")
    left, right = tuple(dims_of(a)), tuple(dims_of(b))
    if surely_differ(left[1], right[0]):
        report(InnerMismatch(op="mm", left=left, right=right), blame=("input", "mat2"))
    return Tensor(Shape((left[0], right[1])), dtype, "torch")


@function("torch.mv")
@function("torch.Tensor.mv")
@function("torch.dot")
@function("torch.Tensor.dot")
def mv(call: Call, input: Value, other: Value) -> Value:
    """A matrix, or a vector, times a vector."""
    dtype = result_dtype(input, other)
    a, b = ranked(input), ranked(other)
    if a is None or b is None or b.rank != 1 or a.rank not in (1, 2):
        return Tensor(Unranked("the operands are not known"), dtype, "torch")
    left, right = tuple(dims_of(a)), tuple(dims_of(b))
    if surely_differ(left[-1], right[0]):
        report(InnerMismatch(op="mv" if len(left) == 2 else "dot", left=left, right=right), blame=("input", "other"))
    return Tensor(Shape(left[:-1]), dtype, "torch")


@function("torch.outer")
def outer(call: Call, input: Value, vec2: Value) -> Value:
    """Every element of one vector times every element of the other."""
    a, b = ranked(input), ranked(vec2)
    if a is None or b is None or a.rank != 1 or b.rank != 1:
        return unranked(input)
    return Tensor(Shape((dims_of(a)[0], dims_of(b)[0])), result_dtype(input, vec2), "torch")


@function("torch.einsum")
def einsum(call: Call, equation: Value, *operands: Value) -> Value:
    """Sums of products along named axes; RuntimeError where a letter has two lengths."""
    given = operands[0] if len(operands) == 1 and isinstance(operands[0], (tuple, list)) else operands
    dtypes = {x.dtype if isinstance(x, Tensor) else None for x in given}
    dtype = dtypes.pop() if len(dtypes) == 1 else None
    tensors = [ranked(x) for x in given]
    if not isinstance(equation, str) or any(x is None for x in tensors):
        return Tensor(Unranked("an operand is not known"), dtype, "torch")
    shapes = [tuple(dims_of(x)) for x in tensors if x is not None]
    terms = equation.replace(" ", "").partition("->")[0].split(",")
    seen: dict[str, Any] = {}
    if len(terms) == len(shapes):
        for number, (term, dims) in enumerate(zip(terms, shapes, strict=True)):
            if "." in term:
                break
            if len(term) != len(dims):
                refuse(TorchWrongRank, "einsum-rank", ("operands",), count=len(term), rank=len(dims), number=number)
                return Tensor(Unranked("the equation does not fit"), dtype, "torch")
            for letter, n in zip(term, dims, strict=True):
                if letter not in seen or seen[letter] == 1:
                    seen[letter] = n
                elif surely_differ(n, seen[letter]) and surely_differ(n, 1):
                    refuse(
                        TorchShapeMismatch,
                        "einsum-length",
                        ("operands",),
                        letter=letter,
                        size=n,
                        number=number,
                        seen=seen[letter],
                    )
                    return Tensor(Unranked("the equation does not fit"), dtype, "torch")
    mixed = any("." in term for term in terms) or any(
        n == 1 and seen[letter] != 1
        for term, dims in zip(terms, shapes, strict=False)
        for letter, n in zip(term, dims, strict=False)
    )
    if mixed and any(n == 1 for dims in shapes for n in dims) and len(shapes) > 1:
        return Tensor(Unranked("axes of length 1 are broadcast"), dtype, "torch")
    found = contracted(equation, shapes)
    return Tensor(Unranked("the equation is not followed") if found is None else found, dtype, "torch")
