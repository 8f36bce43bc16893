"""Diagonals, stacks, choices of elements, and other functions that put elements elsewhere (aten TensorShape.cpp)."""

from __future__ import annotations

from ...dim import is_dim
from ...formulas.broadcast import broadcast
from ...rule import REGISTRY, Call, FunctionRule, alias, function
from ...shape import Shape, product
from ...value import Row, Tensor, Unknown, Value
from .checks import axis_of, dims_of, dtype_of, fresh, is_int, like, ranked, sizes, unranked
from .elementwise import broadcast_shape, result_dtype


@function("torch.Tensor.type_as")
def type_as(call: Call, input: Value, other: Value) -> Value:
    """The same numbers in another dtype."""
    return Tensor(input.shape, getattr(other, "dtype", None), "torch") if isinstance(input, Tensor) else unranked(input)


@function("torch.Tensor.new")
def new(call: Call, input: Value, *size: Value) -> Value:
    """An empty tensor of these sizes, or a tensor of these numbers."""
    dims = sizes(size)
    if size and dims is not None and (len(size) > 1 or is_dim(size[0])) and all(map(is_dim, dims)):
        return Tensor(Shape(dims), getattr(input, "dtype", None), "torch")
    return unranked(input)


@function("torch.diag")
@function("torch.Tensor.diag")
def diag(call: Call, input: Value, diagonal: Value = 0) -> Value:
    """A vector's matrix, a matrix' diagonal."""
    x = ranked(input)
    if x is None or not is_int(diagonal) or len(dims_of(x)) not in (1, 2):
        return unranked(input)
    if len(dims_of(x)) == 1:
        side = dims_of(x)[0] + abs(diagonal)
        return like(x, (side, side))
    return _diagonal(x, 0, 1, diagonal)


@function("torch.diagonal")
@function("torch.Tensor.diagonal")
def diagonal(call: Call, input: Value, offset: Value = 0, dim1: Value = 0, dim2: Value = 1) -> Value:
    """Two axes become one, the last."""
    x = ranked(input)
    if x is None or not is_int(offset):
        return unranked(input)
    first, second = axis_of(dim1, len(dims_of(x)), ("dim1",)), axis_of(dim2, len(dims_of(x)), ("dim2",))
    return (
        unranked(input) if first is None or second is None or first == second else _diagonal(x, first, second, offset)
    )


def _diagonal(x: Tensor, first: int, second: int, offset: int) -> Tensor:
    rows, columns = dims_of(x)[first], dims_of(x)[second]
    rest = [dim for axis, dim in enumerate(dims_of(x)) if axis not in (first, second)]
    if not isinstance(rows, int) or not isinstance(columns, int):
        return like(x, (*rest, rows if rows == columns and not offset else fresh("diagonal", rows, columns, offset)))
    return like(x, (*rest, max(0, min(rows + min(offset, 0), columns - max(offset, 0)))))


@function("torch.vstack", least=2, axis=0)
@function("torch.row_stack", least=2, axis=0)
@function("torch.hstack", least=1, axis=1)
@function("torch.dstack", least=3, axis=2)
@function("torch.column_stack", least=2, axis=1)
def stacked(call: Call, tensors: Value, *, out: Value = None, least: int, axis: int) -> Value:
    """One after the other along an axis, after axes of 1 were added."""
    cat = REGISTRY.find("torch.cat")
    parts = [ranked(x) for x in tensors] if isinstance(tensors, (tuple, list)) else []
    if not parts or not isinstance(cat, FunctionRule) or cat.function is None:
        return unranked(None)
    grown: list[Tensor] = []
    for x in parts:
        if x is None or (len(dims_of(x)) < least and (axis == 2 or len(dims_of(x)) != 1)):
            return unranked(None)
        dims = dims_of(x)
        if len(dims) < least:
            dims = Shape((*dims, 1) if axis else (1, *dims))
        grown.append(like(x, dims))
    return cat.function(call, grown, 0 if len(dims_of(grown[0])) == 1 else axis)


@function("torch.broadcast_to")
@function("torch.Tensor.broadcast_to")
def broadcast_to(call: Call, input: Value, *size: Value) -> Value:
    """The shape that is asked for."""
    dims = sizes(size)
    x = ranked(input)
    if dims is None or x is None or not all(is_dim(n) for n in dims) or -1 in dims:
        return unranked(input)
    fitted = broadcast(dims_of(x), Shape(dims))
    return unranked(input) if fitted is None else like(x, fitted)


@function("torch.addmm")
@function("torch.baddbmm")
def added_product(call: Call, input: Value, first: Value, second: Value, **kwargs: Value) -> Value:
    """A product of matrices, and something added to it."""
    a, b = ranked(first), ranked(second)
    if a is None or b is None or len(dims_of(a)) != len(dims_of(b)) or len(dims_of(a)) not in (2, 3):
        return unranked(first)
    return like(a, (*dims_of(a)[:-1], dims_of(b)[-1]))


@function("torch.spmm")
@function("torch.sparse.mm")
@function("torch.hspmm")
def sparse_product(call: Call, mat1: Value, mat2: Value) -> Value:
    """A product of two matrices."""
    a, b = ranked(mat1), ranked(mat2)
    if a is None or b is None or len(dims_of(a)) != 2 or len(dims_of(b)) != 2:
        return unranked(mat2)
    return like(b, (dims_of(a)[0], dims_of(b)[1]))


@function("torch.lerp")
def lerp(call: Call, input: Value, end: Value, weight: Value) -> Value:
    """Between two tensors."""
    fitted = broadcast_shape(input, end)
    if isinstance(weight, Tensor):
        fitted = broadcast_shape(Tensor(fitted, None, "torch"), weight)
    return Tensor(fitted, result_dtype(input, end), "torch")


@function("torch.multinomial")
@function("torch.Tensor.multinomial")
def multinomial(
    call: Call,
    input: Value,
    num_samples: Value,
    replacement: Value = False,
    *,
    generator: Value = None,
    out: Value = None,
) -> Value:
    """So many positions in each row."""
    x = ranked(input)
    if x is None or not is_dim(num_samples) or len(dims_of(x)) not in (1, 2):
        return unranked(None)
    return Tensor(Shape((*dims_of(x)[:-1], num_samples)), "int64", "torch")


@function("torch.masked_select")
@function("torch.Tensor.masked_select")
def masked_select(call: Call, input: Value, mask: Value) -> Value:
    """As many as the mask chooses."""
    return Tensor(Shape((fresh("masked_select", call.site),)), getattr(input, "dtype", None), "torch")


@function("torch.Tensor.nonzero")
@function("torch.nonzero")
def nonzero(call: Call, input: Value, *, as_tuple: Value = False, out: Value = None) -> Value:
    """The positions of what is not zero."""
    x = ranked(input)
    if x is None or not isinstance(as_tuple, bool):
        return Unknown("positions")
    count = fresh("nonzero", call.site)
    if as_tuple:
        return tuple(Tensor(Shape((count,)), "int64", "torch") for _ in dims_of(x))
    return Tensor(Shape((count, len(dims_of(x)))), "int64", "torch")


@function("torch.std_mean")
@function("torch.var_mean")
def two_statistics(call: Call, input: Value, dim: Value = None, *args: Value, **kwargs: Value) -> Value:
    """The spread and the mean."""
    rule = REGISTRY.find("torch.mean")
    if (
        not isinstance(rule, FunctionRule)
        or rule.function is None
        or args
        or set(kwargs) - {"keepdim", "unbiased", "correction"}
    ):
        return Unknown("two statistics")
    mean = rule.function(call, input, dim, kwargs.get("keepdim", False))
    return mean, mean


@function("torch.nn.utils.clip_grad_norm_")
def clip_grad_norm(call: Call, parameters: Value, max_norm: Value, *args: Value, **kwargs: Value) -> Value:
    """The norm of all gradients, one number."""
    return Tensor(Shape(()), None, "torch")


@function("torch.autograd.grad")
def grad(call: Call, outputs: Value, inputs: Value, *args: Value, **kwargs: Value) -> Value:
    """A gradient for each input, of its shape."""
    if kwargs.get("is_grads_batched") not in (None, False) or kwargs.get("allow_unused") not in (None, False):
        return Unknown("gradients")
    given = inputs if isinstance(inputs, (tuple, list)) else (inputs,)
    return tuple(Tensor(x.shape, x.dtype, "torch") if isinstance(x, Tensor) else Unknown("a gradient") for x in given)


@function("torch.nn.utils.rnn.pad_sequence")
def pad_sequence(
    call: Call, sequences: Value, batch_first: Value = False, padding_value: Value = 0.0, padding_side: Value = "right"
) -> Value:
    """Sequences of several lengths side by side, as long as the longest."""
    parts = [ranked(x) for x in sequences] if isinstance(sequences, (tuple, list)) else []
    shapes = [dims_of(x) for x in parts if x is not None]
    if not shapes or len(shapes) < len(parts) or not isinstance(batch_first, bool):
        return unranked(None)
    if any(len(s) != len(shapes[0]) or not len(s) or s[1:] != shapes[0][1:] or not is_int(s[0]) for s in shapes):
        return unranked(None)
    longest, first = max(s[0] for s in shapes), parts[0]
    front = (len(shapes), longest) if batch_first else (longest, len(shapes))
    return unranked(None) if first is None else like(first, (*front, *shapes[0][1:]))


@function("torch.ravel")
@function("torch.Tensor.ravel")
def ravel(call: Call, input: Value) -> Value:
    """One axis."""
    x = ranked(input)
    return unranked(input) if x is None else like(x, (product(dims_of(x)),))


@function("torch.kthvalue")
@function("torch.Tensor.kthvalue")
def kthvalue(call: Call, input: Value, k: Value, dim: Value = -1, keepdim: Value = False) -> Value:
    """The k-th smallest along an axis, and where it is."""
    x = ranked(input)
    axis = None if x is None or not len(dims_of(x)) else axis_of(dim, len(dims_of(x)))
    if x is None or axis is None or not isinstance(keepdim, bool):
        return Row((unranked(input), unranked(None)), None, ("values", "indices"))
    dims = (*dims_of(x)[:axis], *((1,) if keepdim else ()), *dims_of(x)[axis + 1 :])
    return Row((like(x, dims), Tensor(Shape(dims), "int64", "torch")), None, ("values", "indices"))


@function("torch.tril_indices")
@function("torch.triu_indices")
def indices_of_a_triangle(call: Call, row: Value, col: Value, *args: Value, **kwargs: Value) -> Value:
    """Two rows: where the elements of a triangle are."""
    return Tensor(Shape((2, fresh("triangle", call.site))), dtype_of(kwargs.get("dtype"), "int64"), "torch")


for _name in ("squeeze", "unsqueeze", "transpose", "t", "swapaxes", "swapdims"):
    alias(f"torch.Tensor.{_name}", f"torch.Tensor.{_name}_")
