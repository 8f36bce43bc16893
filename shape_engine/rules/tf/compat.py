"""tensorflow.compat.v1: graphs, placeholders, variables, and functions under their old names and with their old arguments.

What TensorFlow 2 still has under the same name is the same rule.  tf.layers needs Keras 2: with Keras 3 it raises.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...dtypes import dtype_name
from ...rule import REGISTRY, Call, alias, class_rule
from ...shape import AnyShape, Shape, Unranked
from ...value import Instance, Tensor, Unknown, Value, shape_from
from ..arrays import operand
from . import creation, image, linalg, nn, reduction, shaping
from .data import Methods
from .graph import GLOBAL, define


@define("tf.compat.v1.disable_eager_execution", "tf.compat.v1.disable_v2_behavior")
def disable_eager_execution(call: Call) -> Value:
    """From now on a graph is built."""
    call.set(GLOBAL, ".graph", True)
    return None


@define("tf.compat.v1.enable_eager_execution", "tf.compat.v1.enable_v2_behavior")
def enable_eager_execution(call: Call, *args: Value, **_: Value) -> Value:
    """From now on numbers are computed at once."""
    call.set(GLOBAL, ".graph", False)
    return None


@class_rule("tf.Graph")
class Graph(Methods):
    """``with tf.Graph().as_default()``: a graph is built inside."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """It holds nothing that is followed."""


@define("tf.Graph.as_default")
def as_default(call: Call, self: Value) -> Value:
    """The graph itself, to be entered."""
    return self


@define("tf.Graph.__enter__")
def enter(call: Call, self: Value) -> Value:
    """A graph is built from now on."""
    call.set(GLOBAL, ".graph", True)
    return self


@define("tf.Graph.__exit__")
def leave(call: Call, self: Value, *args: Value) -> Value:
    """Whether a graph is built outside, is not followed."""
    call.set(GLOBAL, ".graph", Unknown("whether a graph is built"))
    return False


@define("tf.compat.v1.placeholder")
def placeholder(call: Call, dtype: Value, shape: Value = None, name: Value = None) -> Tensor:
    """What is fed later: its lengths of None are open.  Only in a graph."""
    call.set(GLOBAL, ".graph", True)
    given = (
        Unranked("nothing is said of its shape") if shape is None else shape_from(call.thaw(shape), ("fed", call.site))
    )
    return Tensor(given, dtype_name(dtype), "tf")


@define("tf.compat.v1.placeholder_with_default")
def placeholder_with_default(call: Call, input: Value, shape: Value, name: Value = None) -> Tensor:
    """The same with numbers if nothing is fed."""
    x = operand(input, "tf", call)
    return Tensor(shape_from(call.thaw(shape), ("fed", call.site)), x.dtype, "tf")


@define("tf.compat.v1.get_variable")
def get_variable(
    call: Call,
    name: Value,
    shape: Value = None,
    dtype: Value = None,
    initializer: Value = None,
    *args: Value,
    **_: Value,
) -> Tensor:
    """A variable of a shape, or of that of its first value."""
    kind = None if dtype is None else dtype_name(dtype)
    if shape is None:
        first = operand(initializer, "tf", call)
        return Tensor(first.shape, first.dtype if kind is None else kind, "tf")
    return Tensor(shape_from(call.thaw(shape), ("variable", call.site)), kind or "float32", "tf")


@define("tf.compat.v1.assign", "tf.compat.v1.assign_add", "tf.compat.v1.assign_sub")
def assign(call: Call, ref: Value, value: Value, *args: Value, **_: Value) -> Tensor:
    """A variable takes a value."""
    x = operand(ref, "tf", call)
    return Tensor(x.shape, x.dtype, "tf")


@define("tf.compat.v1.to_float", to="float32")
@define("tf.compat.v1.to_double", to="float64")
@define("tf.compat.v1.to_int32", to="int32")
@define("tf.compat.v1.to_int64", to="int64")
def to_dtype(call: Call, x: Value, name: Value = None, *, to: str) -> Tensor:
    """The same numbers as another dtype."""
    return Tensor(operand(x, "tf", call).shape, to, "tf")


OLD_REDUCTIONS = {
    "reduce_sum": "Sum", "reduce_mean": "Mean", "reduce_max": "Max", "reduce_min": "Min", "reduce_prod": "Prod",
    "reduce_any": "Any", "reduce_all": "All", "reduce_logsumexp": "Max",
}  # fmt: skip


def reduce(
    call: Call, input_tensor: Value, axis: Value = None, keepdims: Value = None, name: Value = None,
    reduction_indices: Value = None, keep_dims: Value = None, *, kernel: str,
) -> Value:  # fmt: skip
    """Reductions: the axes and whether they are kept have two names each."""
    axes = reduction_indices if axis is None else axis
    kept = keep_dims if keepdims is None else keepdims
    return reduction.reduction(call, input_tensor, axes, False if kept is None else kept, kernel=kernel, numbers=None)


for _name, _kernel in OLD_REDUCTIONS.items():
    define(f"tf.compat.v1.{_name}", f"tf.compat.v1.math.{_name}", kernel=_kernel)(reduce)


@define("tf.compat.v1.argmax", "tf.compat.v1.math.argmax", kernel="ArgMax")
@define("tf.compat.v1.argmin", "tf.compat.v1.math.argmin", kernel="ArgMin")
def argmax(
    call: Call, input: Value, axis: Value = None, name: Value = None, dimension: Value = None, output_type: Value = "int64",
    *, kernel: str,
) -> Value:  # fmt: skip
    """Where the largest number is."""
    return reduction.argmax(call, input, dimension if axis is None else axis, output_type, kernel=kernel)


@define("tf.compat.v1.arg_max", kernel="ArgMax")
@define("tf.compat.v1.arg_min", kernel="ArgMin")
def arg_max(
    call: Call, input: Value, dimension: Value, output_type: Value = "int64", name: Value = None, *, kernel: str
) -> Value:
    """The same under an older name."""
    return reduction.argmax(call, input, dimension, output_type, kernel=kernel)


@define("tf.compat.v1.expand_dims")
def expand_dims(call: Call, input: Value, axis: Value = None, name: Value = None, dim: Value = None) -> Value:
    """A new axis of length 1."""
    return shaping.expand_dims(call, input, dim if axis is None else axis)


@define("tf.compat.v1.squeeze")
def squeeze(call: Call, input: Value, axis: Value = None, name: Value = None, squeeze_dims: Value = None) -> Value:
    """Axes of length 1 taken out."""
    return shaping.squeeze(call, input, squeeze_dims if axis is None else axis)


@define("tf.compat.v1.shape")
def shape_of(call: Call, input: Value, name: Value = None, out_type: Value = "int32") -> Value:
    """The shape as a tensor."""
    return shaping.shape(call, input)


@define("tf.compat.v1.zeros_like", fill=0)
@define("tf.compat.v1.ones_like", fill=1)
def like(
    call: Call, tensor: Value, dtype: Value = None, name: Value = None, optimize: Value = True, *, fill: int
) -> Value:
    """A tensor like another one."""
    return creation.zeros_like(call, tensor, dtype, fill=fill)


@define("tf.compat.v1.pad")
def pad(
    call: Call, tensor: Value, paddings: Value, mode: Value = "CONSTANT", name: Value = None, constant_values: Value = 0
) -> Value:
    """Cells added on both sides of every axis."""
    return shaping.pad(call, tensor, paddings, mode, constant_values)


@define("tf.compat.v1.boolean_mask")
def boolean_mask(call: Call, tensor: Value, mask: Value, name: Value = None, axis: Value = None) -> Value:
    """The entries where a mask is true."""
    return shaping.boolean_mask(call, tensor, mask, axis)


@define("tf.compat.v1.nn.softmax", "tf.compat.v1.nn.log_softmax")
def softmax(call: Call, logits: Value, axis: Value = None, name: Value = None, dim: Value = None) -> Value:
    """Numbers that sum up to 1."""
    return nn.softmax(call, logits, dim if axis is None else axis)


@define("tf.compat.v1.nn.dropout")
def dropout(
    call: Call, x: Value, keep_prob: Value = None, noise_shape: Value = None, seed: Value = None, name: Value = None,
    rate: Value = None,
) -> Tensor:  # fmt: skip
    """Some numbers set to 0."""
    tensor = operand(x, "tf", call)
    return Tensor(tensor.shape, tensor.dtype, "tf")


@define("tf.compat.v1.nn.conv2d")
def conv2d(
    call: Call, input: Value, filter: Value = None, strides: Value = None, padding: Value = None,
    use_cudnn_on_gpu: Value = True, data_format: Value = "NHWC", dilations: Value = (1, 1, 1, 1), name: Value = None,
    filters: Value = None,
) -> Value:  # fmt: skip
    """A convolution with a given kernel."""
    kernel = filters if filter is None else filter
    return nn.conv(call, input, kernel, strides, padding, data_format, dilations, spatial=2)


@define("tf.compat.v1.nn.max_pool", "tf.compat.v1.nn.avg_pool")
def pool(
    call: Call, value: Value = None, ksize: Value = None, strides: Value = None, padding: Value = None,
    data_format: Value = "NHWC", name: Value = None, input: Value = None,
) -> Value:  # fmt: skip
    """The largest number, or the mean, of every window."""
    return nn.pool(
        call, input if value is None else value, ksize, strides, padding, data_format, kernel="Pool", spatial=0
    )


@define("tf.compat.v1.nn.moments")
def moments(
    call: Call, x: Value, axes: Value, shift: Value = None, name: Value = None, keep_dims: Value = None,
    keepdims: Value = None,
) -> Value:  # fmt: skip
    """Mean and variance."""
    kept = keep_dims if keepdims is None else keepdims
    return reduction.moments(call, x, axes, shift, False if kept is None else kept)


@define("tf.compat.v1.nn.xw_plus_b")
def xw_plus_b(call: Call, x: Value, weights: Value, biases: Value, name: Value = None) -> Value:
    """A matrix product and a bias."""
    return linalg.bias_add(call, linalg.matmul(call, x, weights), biases)


@define("tf.compat.v1.image.resize_images", "tf.compat.v1.image.resize", "tf.compat.v1.image.resize_bilinear")
@define("tf.compat.v1.image.resize_nearest_neighbor", "tf.compat.v1.image.resize_bicubic")
@define("tf.compat.v1.image.resize_area")
def resize(
    call: Call, images: Value, size: Value, method: Value = 0, align_corners: Value = False,
    preserve_aspect_ratio: Value = False, name: Value = None, **_: Value,
) -> Value:  # fmt: skip
    """Images of another height and width."""
    found = image.resize(call, images, size, "bilinear", preserve_aspect_ratio)
    return Tensor(found.shape, None, "tf")


@define("tf.compat.v1.count_nonzero")
def count_nonzero(
    call: Call, input_tensor: Value = None, axis: Value = None, keepdims: Value = None, dtype: Value = "int64",
    name: Value = None, **_: Value,
) -> Value:  # fmt: skip
    """How many numbers are not 0."""
    return reduction.count_nonzero(call, input_tensor, axis, keepdims, dtype)


@define("tf.compat.v1.losses.mean_squared_error", "tf.compat.v1.losses.softmax_cross_entropy")
@define("tf.compat.v1.losses.sigmoid_cross_entropy", "tf.compat.v1.losses.sparse_softmax_cross_entropy")
@define("tf.compat.v1.losses.absolute_difference", "tf.compat.v1.losses.huber_loss", "tf.compat.v1.losses.log_loss")
def loss(call: Call, *args: Value, **others: Value) -> Tensor:
    """One number, if nothing else is asked for."""
    shape: AnyShape = Shape(()) if "reduction" not in others and len(args) < 4 else Unranked("a loss")
    return Tensor(shape, "float32", "tf")


@define("tf.compat.v1.variable_scope", "tf.compat.v1.name_scope", "tf.compat.v1.global_variables_initializer")
@define("tf.compat.v1.local_variables_initializer", "tf.compat.v1.ConfigProto", "tf.compat.v1.GPUOptions")
@define("tf.compat.v1.train.AdamOptimizer", "tf.compat.v1.train.GradientDescentOptimizer", "tf.compat.v1.train.Saver")
@define(
    "tf.compat.v1.train.RMSPropOptimizer", "tf.compat.v1.train.MomentumOptimizer", "tf.compat.v1.trainable_variables"
)
@define("tf.compat.v1.train.AdagradOptimizer", "tf.compat.v1.global_variables", "tf.compat.v1.get_collection")
@define("tf.compat.v1.add_to_collection", "tf.compat.v1.get_default_graph", "tf.compat.v1.get_variable_scope")
@define("tf.compat.v1.summary.scalar", "tf.compat.v1.summary.histogram", "tf.compat.v1.summary.merge_all")
@define("tf.compat.v1.summary.FileWriter", "tf.compat.v1.summary.image", "tf.compat.v1.get_default_session")
def not_followed(call: Call, *args: Value, **_: Value) -> Value:
    """Scopes, collections, optimizers."""
    return Unknown("an object of TensorFlow 1 that is not followed")


RENAMED = {
    "random_normal": "random.normal", "random_uniform": "random.uniform", "truncated_normal": "random.truncated_normal",
    "random_shuffle": "random.shuffle", "log": "math.log", "log1p": "math.log1p", "rsqrt": "math.rsqrt",
    "ceil": "math.ceil", "rint": "math.rint", "is_nan": "math.is_nan", "is_inf": "math.is_inf",
    "is_finite": "math.is_finite", "reciprocal": "math.reciprocal", "erf": "math.erf", "lgamma": "math.lgamma",
    "digamma": "math.digamma", "squared_difference": "math.squared_difference", "floordiv": "math.floordiv",
    "floor_div": "math.floordiv", "floormod": "math.floormod", "mod": "math.mod", "logical_xor": "math.logical_xor",
    "div": "divide", "div_no_nan": "math.divide_no_nan", "lin_space": "linspace", "conj": "math.conj",
    "matrix_inverse": "linalg.inv", "matrix_determinant": "linalg.det", "cholesky": "linalg.cholesky",
    "matrix_diag": "linalg.diag", "matrix_diag_part": "linalg.diag_part", "matrix_band_part": "linalg.band_part",
    "matrix_transpose": "linalg.matrix_transpose", "matrix_solve": "linalg.solve", "trace": "linalg.trace",
    "self_adjoint_eig": "linalg.eigh", "svd": "linalg.svd", "qr": "linalg.qr", "cross": "linalg.cross",
    "segment_sum": "math.segment_sum", "segment_mean": "math.segment_mean", "segment_max": "math.segment_max",
    "unsorted_segment_sum": "math.unsorted_segment_sum", "unsorted_segment_mean": "math.unsorted_segment_mean",
    "unsorted_segment_max": "math.unsorted_segment_max", "bincount": "math.bincount", "real": "math.real",
    "imag": "math.imag", "angle": "math.angle", "cumprod": "math.cumprod", "diag": "linalg.tensor_diag",
    "read_file": "io.read_file", "decode_raw": "io.decode_raw", "multinomial": "random.categorical",
    "reduce_join": "strings.reduce_join", "string_to_number": "strings.to_number", "polygamma": "math.polygamma",
    "extract_image_patches": "image.extract_patches", "log_sigmoid": "math.log_sigmoid", "set_random_seed": "random.set_seed",
    "nn.softmax_cross_entropy_with_logits_v2": "nn.softmax_cross_entropy_with_logits",
    "nn.top_k": "math.top_k", "nn.in_top_k": "math.in_top_k", "invert_permutation": "math.invert_permutation",
    "confusion_matrix": "math.confusion_matrix", "space_to_depth": "nn.space_to_depth", "depth_to_space": "nn.depth_to_space",
    "softmax": "nn.softmax",
}  # fmt: skip
"""Names of TensorFlow 1 for what has another one since."""


def same_names() -> None:
    """Everything else is under tf.compat.v1 what it is under tf."""
    for old, new in RENAMED.items():
        spelling = f"tf.compat.v1.{old}"
        if new and REGISTRY.find(spelling) is None and REGISTRY.find(f"tf.{new}") is not None:
            alias(f"tf.{new}", spelling)
    own = [target for target in REGISTRY.rules if target.startswith("tf.") and not target.startswith("tf.compat.")]
    for target in own:
        spelling = f"tf.compat.v1{target[2:]}"
        if REGISTRY.find(spelling) is None and target.count("__") == 0:
            alias(REGISTRY.aliases.get(target, target), spelling)
