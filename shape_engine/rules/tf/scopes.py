"""Checks, scopes, settings and nested structures: what gives nothing, or no tensor (check_ops.py, ops.py, util/nest.py)."""

from __future__ import annotations

from typing import Any

from ...dim import is_dynamic, surely_differ
from ...dtypes import NAMES, dtype_name
from ...problems import BadArgument
from ...rule import REGISTRY, Call
from ...shape import Shape
from ...value import Known, Tensor, Unknown, Value, shape_from
from ..arrays import as_dims, number, operand, shape_of
from ..structures import mapped, over, tensors
from .graph import define, report


@define(
    "tf.print",
    "tf.config.run_functions_eagerly",
    "tf.config.set_visible_devices",
    "tf.config.experimental.set_memory_growth",
    "tf.config.experimental.enable_tensor_float_32_execution",
    "tf.config.threading.set_inter_op_parallelism_threads",
    "tf.config.threading.set_intra_op_parallelism_threads",
    "tf.config.optimizer.set_jit",
    "tf.config.set_soft_device_placement",
    "tf.config.experimental_run_functions_eagerly",
    "tf.debugging.assert_shapes",
    "tf.debugging.enable_check_numerics",
    "tf.debugging.disable_check_numerics",
    "tf.debugging.set_log_device_placement",
    "tf.debugging.enable_traceback_filtering",
    "tf.debugging.disable_traceback_filtering",
    "tf.no_op",
    "tf.group",
    "tf.random.set_global_generator",
    "tf.autograph.set_verbosity",
    "tf.autograph.experimental.set_loop_options",
    "tf.compat.v1.logging.set_verbosity",
    "tf.compat.v1.set_random_seed",
    "tf.compat.v1.reset_default_graph",
)
def nothing(call: Call, *args: Value, **_: Value) -> Value:
    """Functions that give nothing."""
    return None


@define("tf.debugging.assert_equal", "tf.assert_equal", "tf.debugging.assert_none_equal", "tf.debugging.assert_near")
@define("tf.debugging.assert_less", "tf.assert_less", "tf.debugging.assert_less_equal")
@define("tf.debugging.assert_greater", "tf.assert_greater", "tf.debugging.assert_greater_equal")
@define("tf.debugging.assert_positive", "tf.debugging.assert_negative", "tf.debugging.assert_non_negative")
@define("tf.debugging.assert_non_positive", "tf.debugging.assert_integer", "tf.debugging.assert_type")
@define("tf.debugging.assert_scalar", "tf.debugging.assert_same_float_dtype", "tf.debugging.assert_proper_iterable")
@define("tf.debugging.Assert", "tf.Assert", "tf.debugging.assert_rank_in")
def asserted(call: Call, *args: Value, **_: Value) -> Value:
    """Checks of numbers: they may raise, which is not followed."""
    return None


@define("tf.debugging.assert_rank", "tf.assert_rank", exactly=True)
@define("tf.debugging.assert_rank_at_least", exactly=False)
def assert_rank(
    call: Call, x: Value, rank: Value, message: Value = None, summarize: Value = None, name: Value = None,
    *, exactly: bool,
) -> Value:  # fmt: skip
    """ValueError for a tensor of another rank."""
    tensor, wanted = operand(x, "tf", call), number(rank)
    if isinstance(tensor.shape, Shape) and type(wanted) is int:
        own = len(tensor.shape)
        if own != wanted if exactly else own < wanted:
            call.doubt()
    return None


@define("tf.name_scope", "tf.device", "tf.control_dependencies", "tf.init_scope", "tf.variable_creator_scope")
@define("tf.summary.create_file_writer", "tf.profiler.experimental.Trace")
@define("tf.CriticalSection", "tf.lookup.KeyValueTensorInitializer")
@define("tf.lookup.TextFileInitializer", "tf.train.Checkpoint", "tf.train.CheckpointManager", "tf.saved_model.load")
@define("tf.load_op_library", "tf.io.gfile.GFile", "tf.io.TFRecordWriter", "tf.data.Options")
def scope(call: Call, *args: Value, **_: Value) -> Value:
    """What code stands in, or objects that are no tensors."""
    return Unknown("an object of TensorFlow's that is not followed")


@define("tf.io.gfile.exists", "tf.io.gfile.isdir", "tf.io.gfile.glob", "tf.io.gfile.listdir", "tf.io.gfile.copy")
@define("tf.io.gfile.makedirs", "tf.io.gfile.mkdir", "tf.io.gfile.remove", "tf.io.gfile.rmtree", "tf.io.gfile.walk")
@define("tf.io.gfile.rename", "tf.io.gfile.stat", "tf.io.gfile.join", "tf.io.gfile.get_registered_schemes")
@define("tf.config.list_physical_devices", "tf.config.list_logical_devices", "tf.config.get_visible_devices")
@define("tf.config.experimental.list_physical_devices", "tf.config.experimental.get_device_details")
@define("tf.test.is_gpu_available", "tf.test.is_built_with_cuda", "tf.test.gpu_device_name")
@define("tf.inside_function", "tf.is_symbolic_tensor", "tf.debugging.is_numeric_tensor", "tf.get_current_name_scope")
@define("tf.autograph.to_code", "tf.type_spec_from_value", "tf.make_ndarray", "tf.make_tensor_proto", "tf.get_logger")
def outside(call: Call, *args: Value, **_: Value) -> Value:
    """What the machine, or the state of the program, tells."""
    return Unknown("what only the running program knows")


@define("tf.TensorShape")
def tensor_shape(call: Call, dims: Value = None) -> Value:
    """A tuple, with None where a length is open; of None the rank is open too."""
    given = call.thaw(dims)
    return tuple(given) if isinstance(given, (list, tuple)) else Unknown("a shape")


@define("tf.dtypes.as_dtype", "tf.as_dtype")
def as_dtype(call: Call, type_value: Value) -> Value:
    """A dtype by its name."""
    name = dtype_name(type_value)
    return Known(f"tf.{name}") if name in NAMES else Unknown("a dtype")


@define("tf.identity_n", "tf.tuple")
def identity_n(call: Call, input: Value = None, *args: Value, **others: Value) -> Value:
    """The tensors themselves."""
    given = call.thaw(others.get("tensors", input))
    return over(given, lambda x: operand(x, "tf", call)) if tensors(given) else Unknown("tensors")


@define("tf.shape_n")
def shape_n(call: Call, input: Value, *args: Value, **_: Value) -> Value:
    """The shape of each tensor."""
    given = call.thaw(input)
    if not isinstance(given, (list, tuple)):
        return Unknown("shapes")
    shapes = [operand(x, "tf", call).shape for x in given]
    if not all(isinstance(shape, Shape) for shape in shapes):
        return Unknown("shapes")
    return [Tensor(Shape((len(shape),)), "int32", "tf", constant=tuple(shape)) for shape in shapes]  # type: ignore[arg-type]


@define("tf.nest.flatten")
def flatten(call: Call, structure: Value, expand_composites: Value = False) -> Value:
    """The leaves in a row; a dict by its sorted keys."""
    found = _flat(call.thaw(structure))
    return Unknown("a structure") if found is None else found


@define("tf.nest.map_structure")
def map_structure(call: Call, func: Value, *structure: Value, **_: Value) -> Value:
    """A function over the leaves of structures."""
    given = [call.thaw(one) for one in structure]
    if len(given) != 1 or _flat(given[0]) is None:
        return Unknown("a function over structures that are not followed")
    return mapped(given[0], lambda leaf: call.thaw(call.invoke(func, (call.freeze(leaf),))))


@define("tf.nest.is_nested")
def is_nested(call: Call, seq: Value) -> Value:
    """Whether this is a list, tuple or dict."""
    given = call.thaw(seq)
    return given if isinstance(given, Unknown) else isinstance(given, (list, tuple, dict))


@define("tf.nest.pack_sequence_as", "tf.nest.assert_same_structure", "tf.hessians", "tf.load_library")
def unmodelled(call: Call, *args: Value, **_: Value) -> Value:
    """What is not followed."""
    return Unknown("a structure that is not followed")


def _flat(value: Any) -> list[Any] | None:
    if isinstance(value, Unknown):
        return None
    if isinstance(value, (list, tuple)) and not isinstance(value, Shape):
        parts = [_flat(item) for item in value]
        return None if None in parts else [leaf for part in parts for leaf in part or ()]
    if isinstance(value, dict):
        try:
            return _flat([value[key] for key in sorted(value)])
        except TypeError:
            return None
    return [value]


@define("tf.zeros_initializer", "tf.ones_initializer", "tf.constant_initializer", "tf.random_normal_initializer")
@define("tf.random_uniform_initializer")
def initializer(call: Call, *args: Value, **_: Value) -> Value:
    """Something that makes tensors of a shape."""
    return Known("tf.zeros_initializer.__call__")


@define("tf.zeros_initializer.__call__")
def initialised(call: Call, shape: Value, dtype: Value = "float32", **_: Value) -> Tensor:
    """A tensor of that shape."""
    return Tensor(as_dims(call, shape), dtype_name(dtype), "tf")


def merged(call: Call, x: Tensor, wanted: Value) -> Tensor:
    """A tensor of which more is told: lengths that are open take what is given.  ValueError where they differ."""
    shape = shape_from(call.thaw(wanted), call.site)
    if not isinstance(x.shape, Shape) or not isinstance(shape, Shape):
        return x if isinstance(x.shape, Shape) else Tensor(shape, x.dtype, "tf", name=x.name)
    pairs = list(zip(x.shape, shape, strict=False))
    if len(x.shape) != len(shape) or any(not is_dynamic(b) and surely_differ(a, b) for a, b in pairs):
        report(BadArgument(op="set_shape", shape=shape_of(x), value=shape), blame=("shape", "x"))
        return x
    return x


REGISTRY.attributes.setdefault("tf.__version__", lambda call, _: ".".join(map(str, call.version("tensorflow"))))
