"""keras.Input and InputLayer: where a symbolic model starts.

Follows keras/src/layers/core/input_layer.py and standardize_shape of keras/src/backend/common/variables.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...dim import is_dim, is_symbolic, surely_less
from ...evidence import collect, report
from ...problems import BadModel
from ...rule import MISSING, Call, ClassRule, alias, class_rule, function
from ...shape import AnyShape, Shape, Unranked
from ...value import Instance, Known, Made, Tensor, Unknown, Value
from .machine import MACHINE
from .state import auto_name, flavour_of, python_shape

INPUT_LAYER = "keras.layers.InputLayer"
PARAMETERS = ("shape", "batch_size", "dtype", "sparse", "ragged", "batch_shape", "name", "tensor", "optional")
LAYER_PARAMETERS = (
    "shape",
    "batch_size",
    "dtype",
    "sparse",
    "ragged",
    "batch_shape",
    "input_tensor",
    "optional",
    "name",
)


@function("keras.Input", raw=True)
def keras_input(call: Call, *args: Value, **kwargs: Value) -> Value:
    """``keras.Input(shape)``: the symbolic tensor of a new InputLayer."""
    given = dict(zip(PARAMETERS, args, strict=False)) | kwargs
    given["input_tensor"] = given.pop("tensor", None)
    obj = call.new(Known(INPUT_LAYER, getattr(call, "flavour", "") or "keras"))
    sites = [(name, call.argument_site(n)) for n, name in enumerate(PARAMETERS[: len(args)])]
    sites += [(name, call.argument_site(name)) for name in kwargs]
    tensor = make_input(
        call, obj, {name: call.thaw(call.resolve(value)) for name, value in given.items()}, tuple(sites)
    )
    if MACHINE.of(obj).framework != "keras" and call.get(obj, ".broken") is True:
        return Unknown("this version of Keras may refuse the call")
    return tensor


alias("keras.Input", "keras.layers.Input", "keras.engine.input_layer.Input")


@class_rule(INPUT_LAYER, "keras.layers.Layer")
class InputLayer(ClassRule):
    """A layer that holds the symbolic input of a model."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        given = dict(zip(LAYER_PARAMETERS, args, strict=False)) | dict(kwargs)
        thawed = {name: call.thaw(call.resolve(value)) for name, value in given.items()}
        if "input_shape" in thawed:
            thawed["shape"] = thawed.pop("input_shape")
        if "batch_input_shape" in thawed:
            thawed["batch_shape"] = thawed.pop("batch_input_shape")
        make_input(call, obj, thawed, ())

    def call(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        return Unknown("an InputLayer is not called")

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        output = call.get(obj, ".output")
        if name in ("output", "input"):
            return Unknown("the input") if output is None else output
        if name in ("batch_shape", "shape") and isinstance(output, Tensor):
            shape = python_shape(output.shape)
            return shape if name == "batch_shape" or not isinstance(shape, tuple) else shape[1:]
        if name == "dtype" and isinstance(output, Tensor):
            return output.dtype if output.dtype is not None else Unknown("dtype")
        if name in ("name", "built", "trainable"):
            return call.get(obj, f".{name}")
        if name in ("weights", "variables", "trainable_weights", "non_trainable_weights"):
            return call.new_list([])
        return MISSING


def make_input(call: Call, obj: Instance, given: Mapping[str, Any], sites: tuple[Any, ...]) -> Tensor:
    """Initialise an InputLayer from its thawed arguments; gives its symbolic tensor."""
    flavour = flavour_of(obj)
    with collect() as record:
        name = given.get("name")
        if name is None:  # InputLayer of Keras 2 numbers by get_uid: input_1 is the first
            name = auto_name(call, "InputLayer") if flavour == "keras" else call.number("input#", flavour)
        shape, dtype = _batch_shape(call, given)
    label = name if isinstance(name, str) else None
    tensor_name = label if given.get("name") is not None else auto_name(call, "KerasTensor", flavour)
    source = given.get("input_tensor")
    facts = {"class": "InputLayer", "name": label or "?", "flavour": flavour, "weights": (), "params": 0, "layer": obj}
    facts |= {"site": call.site, "sites": dict(sites)}
    made = Made("keras.Input", call.site, (), (("shape", shape),), facts)
    if isinstance(source, Tensor):
        tensor = replace(source, made=replace_origin(source, made), name=source.name or tensor_name)
    else:
        tensor = Tensor(shape, dtype, "keras", made, tensor_name)
    for key, value in (("name", label or Unknown("name")), ("output", tensor), ("built", True), ("trainable", True)):
        call.set(obj, f".{key}", value)
    for key in ("settings", "weights", "layers"):
        call.set(obj, f".{key}", ())
    call.set(obj, ".dtype", dtype)
    call.set(obj, ".variable_dtype", dtype)
    call.set(obj, ".site", call.site)
    call.set(obj, ".sites", sites)
    call.set(obj, ".broken", bool(record.reports))
    MACHINE.of(obj).tell(call, record, obj, {})
    return tensor


def replace_origin(source: Tensor, made: Made) -> Made:
    """``Input(tensor=x)``: x keeps its own history."""
    return source.made if source.made is not None else made


def standard_shape(call: Call, value: Any, blame: str) -> AnyShape:
    """What Keras makes of an iterable of lengths; reports what it refuses."""
    if isinstance(value, Shape):
        return value
    if isinstance(value, (Unranked, Unknown)):
        return Unranked("the shape of the input is not known")
    if isinstance(value, Tensor):
        return Unranked("the shape of the input is computed")
    if is_dim(value) or isinstance(value, float):
        report(BadModel("input-shape", quoted=(value,)), blame=(blame,))
        return Unranked("the shape of the input is refused")
    shown = value
    if isinstance(value, str):
        value = tuple(value)
    if not isinstance(value, (tuple, list)):
        return Unranked("the shape of the input is not known")
    dims: list[Any] = []
    for dim in value:
        if dim is None:
            dims.append(call.symbol(dynamic=True))
        elif isinstance(dim, (str, float, tuple, list)):
            kind = type(dim).__name__
            report(BadModel("input-item", quoted=(shown, dim, kind)), blame=(blame,))
            dims.append(call.symbol())
        elif is_dim(dim) or isinstance(dim, bool):
            if surely_less(dim, 0):
                report(BadModel("input-negative", quoted=(value,)), blame=(blame,))
                dims.append(call.symbol())
            else:
                dims.append(int(dim) if isinstance(dim, int) else dim)
        else:
            dims.append(call.symbol())
    return Shape(dims)


def _batch_shape(call: Call, given: Mapping[str, Any]) -> tuple[AnyShape, str | None]:
    shape, batch_shape, batch_size = given.get("shape"), given.get("batch_shape"), given.get("batch_size")
    dtype = _dtype(given.get("dtype"))
    source = given.get("input_tensor")
    if isinstance(source, Tensor):
        return source.shape, source.dtype
    if shape is not None and batch_shape is not None:
        report(BadModel("input-both"), blame=("shape", "batch_shape"))
    elif batch_size is not None and batch_shape is not None:
        report(BadModel("input-batch-both"), blame=("batch_size", "batch_shape"))
    elif shape is None and batch_shape is None:
        report(BadModel("input-none"), blame=("shape",))
        return Unranked("the shape of the input is not given"), dtype
    if shape is None:
        return standard_shape(call, batch_shape, "batch_shape"), dtype
    rest = standard_shape(call, shape, "shape")
    if not isinstance(rest, Shape):
        return rest, dtype
    if batch_size is None:
        batch: Any = call.symbol(dynamic=True)
    else:
        batch = batch_size if is_dim(batch_size) or is_symbolic(batch_size) else call.symbol()
    return Shape((batch, *rest)), dtype


def _dtype(value: Any) -> str | None:
    if value is None:
        return "float32"
    if isinstance(value, str):
        return {"float": "float32", "int": "int32"}.get(value, value)
    if isinstance(value, Known):
        name = value.target.rpartition(".")[2]
        return {"float": "float32", "int": "int64", "bool_": "bool"}.get(name, name)
    return None
