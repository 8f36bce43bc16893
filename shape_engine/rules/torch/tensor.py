"""``torch.Tensor``: attributes, subscripts, products and reductions (aten IndexingUtils, LinearAlgebra, ReduceOps)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...dim import is_dim, is_symbolic, surely_differ
from ...evidence import report
from ...formulas.broadcast import broadcast, clash
from ...formulas.contract import einsum as contracted
from ...formulas.contract import inner_clash
from ...formulas.contract import matmul as product_of
from ...formulas.indexing import Fancy, entries, indexed, outside, sliced
from ...formulas.join import known
from ...formulas.reduce import reduced
from ...problems import BroadcastMismatch, IndexOutOfRange, InnerMismatch, MaskMismatch, TooManyIndices
from ...problems_torch import TorchRefusal, TorchShapeMismatch, TorchWrongDtype, TorchWrongRank
from ...rule import Call, attribute, function
from ...shape import Shape, Unranked, product
from ...value import Assumed, Known, Slice, Tensor, Unknown, Value
from .checks import DTYPES, FLOATING, INTEGRAL, SCALAR_NAMES, axis_of, fresh, is_int, like, refuse
from .elementwise import pairwise, result_dtype
from .manipulation import ranked, unranked


@attribute("torch.Tensor.shape")
def shape(call: Call, x: Tensor) -> Value:
    """A torch.Size, which is a tuple."""
    return tuple(x.shape) if isinstance(x.shape, Shape) else Unknown(x.shape.reason or "the rank is not known")


@attribute("torch.Tensor.ndim")
def ndim(call: Call, x: Tensor) -> Value:
    """How many axes."""
    return Unknown("the rank is not known") if x.rank is None else x.rank


@attribute("torch.Tensor.dtype")
def dtype(call: Call, x: Tensor) -> Value:
    """torch.float32 and the like."""
    return Known(f"torch.{x.dtype}") if f"torch.{x.dtype}" in DTYPES else Unknown("the dtype is not known")


@attribute("torch.Tensor.device")
def device(call: Call, x: Tensor) -> Value:
    """Some device."""
    return Known("torch.device.instance")


@attribute("torch.Tensor.data")
@attribute("torch.Tensor.real")
def data(call: Call, x: Tensor) -> Value:
    """The same numbers."""
    return replace(x, made=None) if x.dtype not in ("complex64", "complex128") else Unknown("a part of complex numbers")


@function("torch.Tensor.size")
def size(call: Call, x: Value, dim: Value = None) -> Value:
    """All lengths, or that of one axis."""
    tensor = ranked(x)
    if tensor is None or tensor.rank is None:
        return Unknown("the rank is not known")
    if dim is None:
        return tuple(tensor.shape)  # type: ignore[arg-type]
    axis = axis_of(dim, tensor.rank, ("dim", "x"))
    return Unknown("the axis is not known") if axis is None or not tensor.rank else tensor.shape[axis]  # type: ignore[index]


@function("torch.Tensor.dim")
@function("torch.Tensor.ndimension")
def dim(call: Call, x: Value) -> Value:
    """How many axes."""
    return x.rank if isinstance(x, Tensor) and x.rank is not None else Unknown("the rank is not known")


@function("torch.Tensor.numel")
@function("torch.numel")
@function("torch.Tensor.nelement")
def numel(call: Call, input: Value) -> Value:
    """How many elements."""
    x = ranked(input)
    return Unknown("the shape is not known") if x is None else product(x.shape)  # type: ignore[arg-type]


@function("torch.Tensor.__len__")
def length(call: Call, x: Value) -> Value:
    """The length of the first axis."""
    tensor = ranked(x)
    return Unknown("the shape is not known") if tensor is None or not tensor.rank else tensor.shape[0]  # type: ignore[index]


@function("torch.Tensor.numpy")
def numpy(call: Call, x: Value, **kwargs: Value) -> Value:
    """The same array for NumPy."""
    tensor = ranked(x)
    return Unknown("the shape is not known") if tensor is None else Tensor(tensor.shape, tensor.dtype, "numpy")


@function("torch.Tensor.item")
@function("torch.Tensor.tolist")
@function("torch.Tensor.backward")
@function("torch.Tensor.get_device")
@function("torch.Tensor.data_ptr")
def number(call: Call, x: Value, *args: Value, **kwargs: Value) -> Value:
    """Something that depends on the numbers."""
    return Unknown("the numbers of a tensor are not followed")


@function("torch.Tensor.is_floating_point")
@function("torch.is_floating_point")
def is_floating_point(call: Call, input: Value) -> Value:
    """Whether the dtype holds fractions."""
    known_dtype = isinstance(input, Tensor) and input.dtype is not None
    return input.dtype in FLOATING if known_dtype else Unknown("the dtype is not known")


@function("torch.is_tensor")
def is_tensor(call: Call, obj: Value) -> Value:
    """Whether it is a tensor of PyTorch."""
    if isinstance(obj, Tensor):
        return obj.kind == "torch"
    return Unknown("not known") if isinstance(obj, (Unknown, Assumed)) else False


@function("torch.Tensor.__getitem__")
def getitem(call: Call, x: Value, key: Value) -> Value:
    """``x[key]``: ints, slices, None, Ellipsis; one or several arrays of indices; a mask.

    Numbers are taken out one by one, before arrays of indices, which therefore land elsewhere than in NumPy.
    """
    tensor = ranked(x)
    if tensor is None or tensor.rank is None or not isinstance(tensor.shape, Shape):
        return unranked(x)
    given = [_entry(entry) for entry in entries(key)]
    if any(entry is MISSED for entry in given):
        return unranked(tensor, "an index is not known")
    count = sum(map(_consumed, given))
    if count > tensor.rank:
        if tensor.rank == 0 and (not all(map(is_dim, given)) or (len(given) == 1 and given != [0])):
            return unranked(tensor)
        if given == [0]:
            refuse(TorchRefusal, "index-scalar", ("key",))
        else:
            report(TooManyIndices(count=count, shape=tuple(tensor.shape)), blame=("key", "x"))
        return unranked(tensor)
    if any(isinstance(entry, Slice) and is_int(entry.step) and entry.step <= 0 for entry in given):
        refuse(TorchRefusal, "slice-step", ("key",))
        return unranked(tensor)
    dims, rest, axis = list(tensor.shape), [], 0
    for position, entry in enumerate(given):
        if is_dim(entry):
            if outside(entry, dims[axis]):
                problem = IndexOutOfRange(index=entry, axis=position, length=dims[axis], shape=tuple(tensor.shape))
                report(problem, blame=("key", "x"))
            del dims[axis]
            continue
        rest.append(entry)
        axis += tensor.rank - count if entry is ... else _consumed(entry)
    found = indexed(Shape(dims), tuple(rest))
    if isinstance(found.problem, MaskMismatch):
        report(_as_masked(found.problem, dims, rest, tensor.rank - count), blame=("key", "x"))
    elif found.problem is not None:
        report(found.problem, blame=("key", "x"))
    return unranked(tensor, "the subscript is not followed") if found.shape is None else like(tensor, found.shape)


def _as_masked(problem: MaskMismatch, dims: list[Any], key: list[Any], open_axes: int) -> MaskMismatch:
    """The mismatch as PyTorch meets it: slices and new axes are dealt with before the mask is looked at."""
    shape: list[Any] = []
    axis, place = 0, problem.axis
    for entry in key:
        taken = open_axes if entry is ... else _consumed(entry)
        if axis <= problem.axis < axis + taken:
            place = len(shape) + problem.axis - axis
        if entry is None:
            shape.append(1)
        elif isinstance(entry, Slice):
            shape.append(sliced(dims[axis], entry.start, entry.stop, entry.step))
        else:
            shape.extend(dims[axis : axis + taken])
        axis += taken
    return replace(problem, shape=(*shape, *dims[axis:]), axis=place)


def _consumed(entry: Any) -> int:
    """How many axes an entry of a key takes up."""
    if isinstance(entry, Fancy) and entry.mask:
        return len(entry.shape)
    return 0 if entry is None or entry is ... else 1


MISSED: Any = object()


def _entry(entry: Value) -> Any:
    if entry is None or entry is ... or isinstance(entry, Slice):
        return entry
    if isinstance(entry, bool):
        return MISSED
    if is_dim(entry) or is_symbolic(entry):
        return entry
    if isinstance(entry, (list, tuple)):
        if entry and all(is_int(item) for item in entry):
            return Fancy(Shape((len(entry),)), elements=tuple(entry))
        return MISSED
    if isinstance(entry, Tensor) and isinstance(entry.shape, Shape) and entry.dtype is not None:
        if entry.shape == () and entry.dtype in INTEGRAL:
            return fresh("index", entry.made)
        if entry.dtype in ("bool", "uint8"):
            return Fancy(entry.shape, mask=True) if entry.shape else MISSED
        return Fancy(entry.shape) if entry.dtype in INTEGRAL else MISSED
    return MISSED


@function("torch.matmul")
@function("torch.Tensor.matmul")
@function("torch.Tensor.__matmul__")
def matmul(call: Call, input: Value, other: Value) -> Value:
    """Products of vectors, matrices and batches of them; RuntimeError where they do not fit."""
    dtype = result_dtype(input, other)
    a, b = ranked(input), ranked(other)
    if a is None or b is None or a.rank is None or b.rank is None:
        return Tensor(Unranked("the rank of an operand is not known"), dtype, "torch")
    left, right = tuple(a.shape), tuple(b.shape)  # type: ignore[arg-type]
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
    left, right = tuple(a.shape), tuple(b.shape)  # type: ignore[arg-type]
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
    left, right = tuple(a.shape), tuple(b.shape)  # type: ignore[arg-type]
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
    left, right = tuple(a.shape), tuple(b.shape)  # type: ignore[arg-type]
    if surely_differ(left[-1], right[0]):
        report(InnerMismatch(op="mv" if len(left) == 2 else "dot", left=left, right=right), blame=("input", "other"))
    return Tensor(Shape(left[:-1]), dtype, "torch")


@function("torch.outer")
def outer(call: Call, input: Value, vec2: Value) -> Value:
    """Every element of one vector times every element of the other."""
    a, b = ranked(input), ranked(vec2)
    if a is None or b is None or a.rank != 1 or b.rank != 1:
        return unranked(input)
    return Tensor(Shape((a.shape[0], b.shape[0])), result_dtype(input, vec2), "torch")  # type: ignore[index]


@function("torch.einsum")
def einsum(call: Call, equation: Value, *operands: Value) -> Value:
    """Sums of products along named axes; RuntimeError where a letter has two lengths."""
    given = operands[0] if len(operands) == 1 and isinstance(operands[0], (tuple, list)) else operands
    dtypes = {x.dtype if isinstance(x, Tensor) else None for x in given}
    dtype = dtypes.pop() if len(dtypes) == 1 else None
    tensors = [ranked(x) for x in given]
    if not isinstance(equation, str) or any(x is None for x in tensors):
        return Tensor(Unranked("an operand is not known"), dtype, "torch")
    shapes = [tuple(x.shape) for x in tensors if x is not None]  # type: ignore[arg-type]
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


@function("torch.sum")
@function("torch.Tensor.sum")
@function("torch.prod")
@function("torch.Tensor.prod")
def total(
    call: Call, input: Value, dim: Value = None, keepdim: Value = False, *, dtype: Value = None, axis: Value = None
) -> Value:
    """Sums: whole numbers and truth values give int64."""
    kind = input.dtype if isinstance(input, Tensor) else None
    return _reduce(
        input,
        dim if axis is None else axis,
        keepdim,
        "int64" if kind in (*INTEGRAL, "bool") and dtype is None else kind if dtype is None else None,
    )


@function("torch.mean")
@function("torch.Tensor.mean")
def mean(
    call: Call, input: Value, dim: Value = None, keepdim: Value = False, *, dtype: Value = None, axis: Value = None
) -> Value:
    """RuntimeError for whole numbers."""
    kind = input.dtype if isinstance(input, Tensor) else None
    if kind in (*INTEGRAL, "bool") and dtype is None:
        refuse(TorchWrongDtype, "mean-dtype", ("input",), type=SCALAR_NAMES[str(kind)])
    return _reduce(input, dim if axis is None else axis, keepdim, kind if dtype is None else None)


@function("torch.std")
@function("torch.Tensor.std")
@function("torch.var")
@function("torch.Tensor.var")
def deviation(
    call: Call, input: Value, dim: Value = None, *args: Value, keepdim: Value = False, **kwargs: Value
) -> Value:
    """Spread around the mean."""
    if args or isinstance(dim, bool):
        return unranked(input)
    if getattr(input, "dtype", None) in (*INTEGRAL, "bool"):
        refuse(TorchWrongDtype, "std-dtype", ("input",))
        return unranked(input)
    return _reduce(input, dim, keepdim, getattr(input, "dtype", None))


@function("torch.amax")
@function("torch.Tensor.amax")
@function("torch.amin")
@function("torch.Tensor.amin")
def extreme(call: Call, input: Value, dim: Value = (), keepdim: Value = False) -> Value:
    """The largest or the smallest, along some axes."""
    return _reduce(input, None if dim in ((), []) else dim, keepdim, getattr(input, "dtype", None))


@function("torch.norm")
@function("torch.Tensor.norm")
@function("torch.logsumexp")
@function("torch.Tensor.logsumexp")
def norm(call: Call, input: Value, *args: Value, dim: Value = None, keepdim: Value = False, **kwargs: Value) -> Value:
    """Lengths of vectors; only with keyword arguments."""
    return (
        unranked(input)
        if args and dim is None and len(args) != 0
        else _reduce(input, dim, keepdim, getattr(input, "dtype", None))
    )


@function("torch.any")
@function("torch.Tensor.any")
@function("torch.all")
@function("torch.Tensor.all")
def holds(call: Call, input: Value, dim: Value = None, keepdim: Value = False) -> Value:
    """Whether something holds along some axes."""
    return _reduce(input, dim, keepdim, "bool" if getattr(input, "dtype", None) not in ("uint8", None) else None)


@function("torch.argmax")
@function("torch.Tensor.argmax")
@function("torch.argmin")
@function("torch.Tensor.argmin")
def position(call: Call, input: Value, dim: Value = None, keepdim: Value = False) -> Value:
    """Where the largest or smallest is."""
    if isinstance(input, Tensor) and isinstance(input.shape, Shape) and 0 in input.shape:
        return Unknown("the largest of nothing")
    return _reduce(input, dim, keepdim, "int64")


@function("torch.max")
@function("torch.Tensor.max")
@function("torch.min")
@function("torch.Tensor.min")
@function("torch.median")
@function("torch.Tensor.median")
def largest(call: Call, input: Value, dim: Value = None, keepdim: Value = False, *, other: Value = None) -> Value:
    """One number; along an axis (values, indices); of two tensors the larger of each pair."""
    dtype = getattr(input, "dtype", None)
    if isinstance(input, Tensor) and isinstance(input.shape, Shape) and 0 in input.shape:
        return Unknown("the largest of nothing")
    second = other if other is not None else dim
    if isinstance(second, Tensor):
        return pairwise(input, second, result_dtype(input, second))
    if dim is None:
        return _reduce(input, None, False, dtype)
    if not is_int(dim):
        return Unknown("the axis is not known")
    return _reduce(input, dim, keepdim, dtype), _reduce(input, dim, keepdim, "int64")


@function("torch.sort")
@function("torch.Tensor.sort")
def sort(call: Call, input: Value, dim: Value = -1, descending: Value = False, **kwargs: Value) -> Value:
    """(values, indices)."""
    x = ranked(input)
    if x is None or x.rank is None:
        return (unranked(input), unranked(None))
    axis_of(dim, x.rank)
    return x, Tensor(x.shape, "int64", "torch")


@function("torch.argsort")
@function("torch.Tensor.argsort")
def argsort(call: Call, input: Value, dim: Value = -1, *args: Value, **kwargs: Value) -> Value:
    """The order of the elements along an axis."""
    x = ranked(input)
    return unranked(None) if x is None else Tensor(x.shape, "int64", "torch")


@function("torch.topk")
@function("torch.Tensor.topk")
def topk(call: Call, input: Value, k: Value, dim: Value = -1, *args: Value, **kwargs: Value) -> Value:
    """The k largest along an axis: (values, indices)."""
    x = ranked(input)
    if x is None or not x.rank or not is_dim(k):
        return (unranked(input), unranked(None))
    axis = axis_of(dim, x.rank)
    if axis is None:
        return (unranked(input), unranked(None))
    shape = Shape((*x.shape[:axis], k, *x.shape[axis + 1 :]))  # type: ignore[misc, index]
    return Tensor(shape, x.dtype, "torch"), Tensor(shape, "int64", "torch")


def _reduce(input: Value, dim: Value, keepdim: Value, dtype: str | None) -> Value:
    if dim is None and not isinstance(input, Assumed) and keepdim is False:
        return Tensor(Shape(()), dtype, "torch")
    x = ranked(input)
    if x is None or x.rank is None or not isinstance(keepdim, bool):
        return Tensor(Unranked("the rank of an operand is not known"), dtype, "torch")
    if dim is None or dim == () or dim == []:
        return Tensor(reduced(x.shape, None, keepdim), dtype, "torch")  # type: ignore[arg-type]
    places = [axis_of(axis, x.rank, ("dim", "input")) for axis in (dim if isinstance(dim, (tuple, list)) else (dim,))]
    if any(place is None for place in places):
        return Tensor(Unranked("the axes are not known"), dtype, "torch")
    if not x.rank:
        return Tensor(Shape(()), dtype, "torch")
    if len(set(places)) < len(places):
        twice = next(place for number, place in enumerate(places) if place in places[:number])
        refuse(TorchRefusal, "repeated-dim", ("dim",), axis=twice)
        return Tensor(Unranked("an axis is named twice"), dtype, "torch")
    return Tensor(reduced(x.shape, [p for p in places if p is not None], keepdim), dtype, "torch")  # type: ignore[arg-type]
