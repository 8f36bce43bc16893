"""Functions for networks other than convolutions (keras/src/ops/nn.py)."""

from __future__ import annotations

from typing import Any

from ....dim import is_dim, is_dynamic, surely_differ, surely_no_multiple
from ....dtypes import dtype_name
from ....formulas.join import from_front
from ....formulas.window import per_axis, windows
from ....rule import Call, function
from ....shape import AnyShape, Shape, product
from ....value import Tensor, Unknown, Value
from ..symbolic import common, floating, is_symbolic_call, result, results, tensor
from .checks import OPEN, apart, out_of_bounds, refuse, unlike
from .convolution import channels_last
from .elementwise import network_dtype


@function("keras.ops.batch_normalization")
def batch_normalization(
    call: Call,
    x: Any,
    mean: Any,
    variance: Any,
    axis: Value,
    offset: Any = None,
    scale: Any = None,
    epsilon: Value = 1e-3,
) -> Value:
    """Mean, variance, offset and scale are vectors along the axis."""
    x = tensor(call, x)
    given = {"mean": mean, "variance": variance, "offset": offset, "scale": scale}
    vectors = {name: tensor(call, value) for name, value in given.items() if value is not None}
    if isinstance(x.shape, Shape) and type(axis) is int and from_front(axis, len(x.shape)) is not None:
        wanted = Shape((x.shape[axis],))
        for name, vector in vectors.items():
            if isinstance(vector.shape, Shape) and unlike(vector.shape, wanted):
                quoted = (name, tuple(wanted), tuple(vector.shape))
                refuse(call, "batch_normalization", "norm-vector", [x, vector], name, "x", quoted=quoted)
                break
    return result(call, "BatchNorm", x.shape, x.dtype, x, *vectors.values())


@function("keras.ops.binary_crossentropy")
def binary_crossentropy(call: Call, target: Any, output: Any, from_logits: Value = False) -> Value:
    """A loss for each entry."""
    y, x = tensor(call, target), tensor(call, output)
    if isinstance(y.shape, Shape) and isinstance(x.shape, Shape) and unlike(y.shape, x.shape):
        refuse(call, "binary_crossentropy", "loss-shape", [y, x], "target", "output")
    return result(call, "BinaryCrossentropy", x.shape, x.dtype, y, x)


@function("keras.ops.categorical_crossentropy")
def categorical_crossentropy(
    call: Call, target: Any, output: Any, from_logits: Value = False, axis: Value = -1
) -> Value:
    """A loss for each row; a symbolic one always loses the last axis."""
    y, x = tensor(call, target), tensor(call, output)
    shape: AnyShape = OPEN
    if isinstance(y.shape, Shape) and isinstance(x.shape, Shape):
        if unlike(y.shape, x.shape):
            refuse(call, "categorical_crossentropy", "loss-shape", [y, x], "target", "output")
        elif not x.shape:
            refuse(call, "categorical_crossentropy", "loss-scalars", [y, x], "target", "output")
        if x.shape and (place := from_front(-1 if is_symbolic_call((y, x)) else axis, len(x.shape))) is not None:
            shape = Shape((*x.shape[:place], *x.shape[place + 1 :]))
    return result(call, "CategoricalCrossentropy", shape, x.dtype, y, x)


@function("keras.ops.sparse_categorical_crossentropy")
def sparse_categorical_crossentropy(
    call: Call, target: Any, output: Any, from_logits: Value = False, axis: Value = -1
) -> Value:
    """A loss for each label, which has the shape of the output without the classes."""
    y, x = tensor(call, target), tensor(call, output)
    shape: AnyShape = OPEN
    if isinstance(y.shape, Shape) and isinstance(x.shape, Shape) and x.shape:
        if out_of_bounds(call, [axis], len(x.shape), y, x) or type(axis) is not int:
            return result(call, "SparseCategoricalCrossentropy", OPEN, x.dtype, y, x)
        place = axis % len(x.shape)
        shape = Shape((*x.shape[:place], *x.shape[place + 1 :]))
        labels = Shape(y.shape[:-1]) if len(y.shape) == len(x.shape) and y.shape[-1] == 1 else y.shape
        if unlike(labels, shape):
            refuse(call, "sparse_categorical_crossentropy", "loss-sparse-shape", [y, x], "target", "output")
    return result(call, "SparseCategoricalCrossentropy", shape, x.dtype, y, x)


@function("keras.ops.ctc_loss")
def ctc_loss(
    call: Call, target: Any, output: Any, target_length: Any, output_length: Any, mask_index: Value = 0
) -> Value:
    """A loss for each row of labels."""
    names = ("target", "output", "target_length", "output_length")
    values = [tensor(call, value) for value in (target, output, target_length, output_length)]
    y, x = values[:2]
    if all(isinstance(value.shape, Shape) and value.shape for value in values):
        for one, other in ((0, 1), (2, 0), (3, 1)):
            if apart(values[one].shape[0], values[other].shape[0]):  # type: ignore[index]
                pair = [values[one], values[other]]
                refuse(call, "ctc_loss", "ctc-rows", pair, names[one], quoted=(names[one], names[other]))
                break
    shape = Shape(y.shape[:1]) if isinstance(y.shape, Shape) and y.shape else OPEN
    return result(call, "CTCLoss", shape, floating(x.dtype), *values)


@function("keras.ops.ctc_decode")
def ctc_decode(
    call: Call, inputs: Any, sequence_lengths: Any, strategy: Value = "greedy", beam_width: Value = 100,
    top_paths: Value = 1, merge_repeated: Value = True, mask_index: Value = 0,
) -> Value:  # fmt: skip
    """The likeliest labels, and how likely they are; eagerly as long as the longest."""
    x, lengths = tensor(call, inputs), tensor(call, sequence_lengths)
    if not isinstance(x.shape, Shape) or len(x.shape) != 3 or strategy not in ("greedy", "beam_search"):
        return Unknown("labels")
    paths = 1 if strategy == "greedy" else top_paths if is_dim(top_paths) else call.symbol()
    symbolic = is_symbolic_call((x, lengths))
    longest = x.shape[1] if symbolic else call.symbol()
    shapes = Shape((paths, x.shape[0], longest)), Shape((x.shape[0], paths))
    return results(call, "CTCDecode", [(shapes[0], "int32"), (shapes[1], floating(x.dtype))], x, lengths)


@function("keras.ops.dot_product_attention")
def dot_product_attention(
    call: Call, query: Any, key: Any, value: Any, bias: Any = None, mask: Any = None, scale: Value = None,
    is_causal: Value = False, flash_attention: Value = None, attn_logits_soft_cap: Value = None,
) -> Value:  # fmt: skip
    """Values weighted by how queries fit keys; (batch, length, heads, size) all of them."""
    q, k, v = (tensor(call, x) for x in (query, key, value))
    if attn_logits_soft_cap is not None:
        call.doubt()
    shape: AnyShape = q.shape
    if not is_symbolic_call((q, k, v)):
        known = all(isinstance(x.shape, Shape) for x in (q, k, v))
        shape = OPEN
        if known and any(len(x.shape) != 4 for x in (q, k, v)):  # type: ignore[arg-type]
            shapes = tuple(tuple(x.shape) for x in (q, k, v))  # type: ignore[arg-type]
            refuse(call, "dot_product_attention", "attention-rank", [q, k, v], "query", quoted=shapes, always=True)
        elif known:
            one, two, three = q.shape, k.shape, v.shape
            pairs = [(one[0], two[0]), (one[2], two[2]), (one[3], two[3]), (two[1], three[1]), (two[2], three[2])]  # type: ignore[index]
            if any(surely_differ(a, b) for a, b in pairs):
                call.doubt()
            shape = Shape((*one[:3], three[3]))  # type: ignore[index]
    return result(call, "DotProductAttention", shape, q.dtype, q, k, v)


@function("keras.ops.glu")
def glu(call: Call, x: Any, axis: Value = -1) -> Value:
    """One half of an axis times the sigmoid of the other half."""
    x = tensor(call, x)
    place = from_front(axis, len(x.shape)) if isinstance(x.shape, Shape) else None
    if place is None or not isinstance(x.shape, Shape):
        call.doubt()
        return result(call, "Glu", OPEN, x.dtype, x)
    size = x.shape[place]
    if not is_dynamic(size) and surely_no_multiple(size, 2):
        refuse(call, "glu", "glu-odd", [x], "x", "axis", quoted=(axis,))
    return result(call, "Glu", Shape((*x.shape[:place], size // 2, *x.shape[place + 1 :])), x.dtype, x)


@function("keras.ops.one_hot", cls="OneHot")
def one_hot(
    call: Call, x: Any, num_classes: Value, axis: Value = -1, dtype: Value = None, sparse: Value = False, *, cls: str
) -> Value:
    """A vector for each number."""
    x = tensor(call, x)
    shape = _hot(call, x, num_classes, axis, "one_hot")
    return result(call, cls, shape, "float32" if dtype is None else dtype_name(dtype), x)


@function("keras.ops.multi_hot")
def multi_hot(
    call: Call, inputs: Any, num_classes: Value = None, axis: Value = -1, dtype: Value = None, sparse: Value = False,
    **kwargs: Value,
) -> Value:  # fmt: skip
    """One vector for each row of numbers: the one-hot vectors of a row laid upon each other."""
    x = tensor(call, inputs)
    classes = kwargs.get("num_tokens") if num_classes is None else num_classes
    if classes is None:
        call.doubt()
        return Unknown("how many classes there are is not given")
    shape = _hot(call, x, classes, axis, "multi_hot")
    if isinstance(shape, Shape):
        shape = Shape(shape[-1:]) if len(shape) == 2 else Shape((shape[0], *shape[2:]))
        if not x.symbolic and axis != -1:
            shape = OPEN
    kind = x.dtype if x.symbolic else "float32" if dtype is None else dtype_name(dtype)
    return result(call, "MultiHot", shape, kind, x)


@function("keras.ops.softmax", cls="Softmax")
@function("keras.ops.log_softmax", cls="LogSoftmax")
@function("keras.ops.sparsemax", cls="Sparsemax")
@function("keras.ops.normalize", cls="Normalize")
def along(call: Call, x: Any, axis: Value = -1, *args: Value, cls: str, **kwargs: Value) -> Value:
    """Each entry among those along some axes; the shape stays."""
    x = tensor(call, x)
    axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
    if isinstance(x.shape, Shape) and axis is not None:
        out_of_bounds(call, axes, len(x.shape), x, eager="Softmax" if cls == "Softmax" else "")
    dtype = "float32" if cls == "Normalize" and x.symbolic else network_dtype(x)
    return result(call, cls, x.shape, dtype, x)


@function("keras.ops.psnr")
def psnr(call: Call, x1: Any, x2: Any, max_val: Value) -> Value:
    """How alike two images are: one number."""
    a, b = tensor(call, x1), tensor(call, x2)
    if isinstance(a.shape, Shape) and isinstance(b.shape, Shape):
        if len(a.shape) != len(b.shape):
            refuse(call, "psnr", "psnr-ranks", [a, b], "x2", "x1")
        elif not is_symbolic_call((a, b)):
            common(call, a, b)
    return result(call, "PSNR", Shape(()), None, a, b)


@function("keras.ops.polar")
def polar(call: Call, abs_: Any, angle: Any) -> Value:
    """Complex numbers from lengths and angles."""
    a, b = tensor(call, abs_), tensor(call, angle)
    shape = a.shape if is_symbolic_call((a, b)) else common(call, a, b)
    return result(call, "Polar", shape, None, a, b)


@function("keras.ops.unfold")
def unfold(call: Call, x: Any, kernel_size: Value, dilation: Value = 1, padding: Value = 0, stride: Value = 1) -> Value:
    """Every window of an image as a column: (batch, channels times cells, windows); channels come first."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape):
        return result(call, "Unfold", OPEN, x.dtype, x)
    if len(x.shape) != 4:
        refuse(call, "unfold", "unfold-rank", [x], "x", always=True)
        return result(call, "Unfold", OPEN, x.dtype, x)
    settings = [per_axis(value, 2) for value in (kernel_size, stride, padding, dilation)]
    if not all(len(pair) == 2 and all(map(is_dim, pair)) for pair in settings):
        return result(call, "Unfold", OPEN, x.dtype, x)
    kernel, steps, around, gaps = settings
    batch, channels, *sizes = x.shape
    if x.symbolic and any(map(is_dynamic, (channels, *sizes))):
        call.doubt()
        return result(call, "Unfold", OPEN, x.dtype, x)
    count = product(windows(tuple(sizes), kernel, steps, tuple(2 * n for n in around), gaps))
    return result(call, "Unfold", Shape((batch, channels * kernel[0] * kernel[1], count)), x.dtype, x)


@function("keras.ops.fold")
def fold(
    call: Call,
    x: Any,
    output_size: Value,
    kernel_size: Value,
    dilation: Value = 1,
    padding: Value = 0,
    stride: Value = 1,
) -> Value:
    """The opposite of ``unfold``: windows summed up in an image."""
    x = tensor(call, x)
    if not isinstance(x.shape, Shape):
        return result(call, "Fold", OPEN, x.dtype, x)
    if len(x.shape) != 3:
        refuse(call, "fold", "fold-rank", [x], "x", always=True)
        return result(call, "Fold", OPEN, x.dtype, x)
    kernel, size = per_axis(kernel_size, 2), per_axis(output_size, 2)
    if len(kernel) != 2 or len(size) != 2 or not all(map(is_dim, (*kernel, *size))):
        return result(call, "Fold", OPEN, x.dtype, x)
    cells = kernel[0] * kernel[1]
    if surely_no_multiple(x.shape[1], cells):
        refuse(call, "fold", "fold-channels", [x], "kernel_size", "x", quoted=(x.shape[1], cells))
        return result(call, "Fold", OPEN, x.dtype, x)
    return result(call, "Fold", Shape((x.shape[0], x.shape[1] // cells, *size)), x.dtype, x)


@function("keras.ops.depth_to_space", cls="DepthToSpace")
@function("keras.ops.space_to_depth", cls="SpaceToDepth")
def depth_to_space(call: Call, x: Any, block_size: Value, data_format: Value = "channels_last", *, cls: str) -> Value:
    """Channels spread over blocks of height and width, or the other way round."""
    x, last = tensor(call, x), channels_last(call, data_format)
    of = "depth_to_space" if cls == "DepthToSpace" else "space_to_depth"
    if not isinstance(x.shape, Shape) or last is None or type(block_size) is not int:
        return result(call, cls, OPEN, x.dtype, x)
    if block_size < 2:
        call.doubt()
        return result(call, cls, OPEN, x.dtype, x)
    if len(x.shape) != 4:
        refuse(call, of, f"{of}-rank".replace("_", "-"), [x], "x")
        return result(call, cls, OPEN, x.dtype, x)
    sizes = list(x.shape[1:3] if last else x.shape[2:])
    channels = x.shape[3 if last else 1]
    cells = block_size * block_size
    if cls == "DepthToSpace":
        if surely_no_multiple(channels, cells):
            refuse(call, of, "depth-to-space-channels", [x], "block_size", "x", quoted=(channels, cells))
        channels, sizes = channels // cells, [size * block_size for size in sizes]
    else:
        for name, size in zip(("Height", "Width"), sizes, strict=True):
            if surely_no_multiple(size, block_size):
                refuse(call, of, "space-to-depth-size", [x], "block_size", "x", quoted=(name, size, block_size))
                break
        channels, sizes = channels * cells, [size // block_size for size in sizes]
    dims = (x.shape[0], *sizes, channels) if last else (x.shape[0], channels, *sizes)
    return result(call, cls, Shape(dims), x.dtype, x)


def _hot(call: Call, x: Tensor, classes: Value, axis: Value, of: str) -> AnyShape:
    if not isinstance(x.shape, Shape) or not is_dim(classes):
        return OPEN
    if type(axis) is not int:
        return OPEN
    rank = len(x.shape)
    if x.symbolic and axis != -1 and not 0 <= axis < rank:
        refuse(call, of, "hot-axis", [x], "axis", quoted=(rank, axis))
        return OPEN
    place = from_front(axis, rank + 1)
    if place is None:
        call.doubt()
        return OPEN
    return Shape((*x.shape[:place], classes, *x.shape[place:]))
