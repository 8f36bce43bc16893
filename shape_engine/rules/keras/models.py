"""keras.Model and keras.Sequential as classes: construction, calling, attributes, methods.

Follows keras/src/models/model.py; what the three kinds of models do when they are called is in
functional.py, sequential.py and, for classes of the user, user_layers.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...description import Summary
from ...evidence import collect, report
from ...problems import BadModel
from ...rule import MISSING, Call, ClassRule, alias, class_rule, function
from ...shape import Shape
from ...value import BoundMethod, Class, Instance, Known, Tensor, Unknown, Value, tensors_in
from . import sequential as seq
from .functional import bound_arguments, finish, functional_call, functional_init, model_class
from .lost_attributes import OF_LAYERS, OF_MODELS, lost_attribute
from .machine import MACHINE
from .methods import layer_attribute, shape_argument
from .results import metrics_names
from .serialization import class_made
from .state import BASE_SETTINGS, class_name, is_built, layers_inside, python_shape, reopen, shapes_of
from .summary import count, summary
from .user_layers import attribute_set, call_user, user_method
from .weights import LISTS, weight_list

SEQUENTIAL_ONLY = frozenset({"add", "pop"})
METHODS = frozenset(
    (
        *(
            "get_layer",
            "summary",
            "count_params",
            "build",
            "call",
            "compute_output_shape",
            "compile",
            "fit",
            "evaluate",
        ),
        *("predict", "predict_on_batch", "train_on_batch", "test_on_batch", "save", "save_weights", "load_weights"),
        *("to_json", "export", "reset_metrics", "compile_from_config", "get_metrics_result", "reset_states"),
        *("fit_generator", "evaluate_generator", "predict_generator"),
        *("compute_loss", "get_config"),
    )
)
SHAPES = frozenset({"input_shape", "output_shape", "inputs", "outputs"})
UNKNOWN = frozenset(
    (
        *(
            "optimizer",
            "loss",
            "metrics",
            "metrics_names",
            "history",
            "losses",
            "input_spec",
            "input_names",
            "run_eagerly",
        ),
        *(
            "output_names",
            "compiled",
            "dtype_policy",
            "from_config",
            "path",
        ),
        *(
            "stateless_call",
            "add_loss",
            "compute_metrics",
            "compiled_loss",
            "compiled_metrics",
            "stop_training",
        ),
        *("train_function", "test_function", "predict_function", "state_updates", "updates", "operations", "quantize"),
        *(
            "supports_masking",
            "jit_compile",
            "distribute_strategy",
            "activity_regularizer",
            "add_metric",
            "loss_tracker",
        ),
        *("train_step", "test_step", "predict_step", "make_train_function", "compute_mask", "save_own_variables"),
    )
)


@class_rule("keras.Model", "keras.layers.Layer")
class Model(ClassRule):
    """A functional model, or the base of a class of the user's."""

    class_methods = frozenset({"from_config"})

    def describe(self, call: Call, obj: Instance) -> Summary:
        return summary(call, obj)

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """``Model(inputs, outputs)`` is functional; anything else initialises a layer."""
        if len(args) == 2 or (len(args) == 1 and "outputs" in kwargs) or {"inputs", "outputs"} <= set(kwargs):
            given = dict(zip(("inputs", "outputs", "name"), args, strict=False)) | dict(kwargs)
            functional_init(call, obj, given)
            return
        machine = MACHINE.of(obj)
        given = {name: call.thaw(call.resolve(value)) for name, value in kwargs.items()}
        base = {name: given.pop(name) for name in BASE_SETTINGS if name in given}
        with collect() as record:
            machine.init_base(call, obj, {**base, ".unrecognized": given}, class_name(obj))
        call.set(obj, ".settings", ())
        call.set(obj, ".broken", bool(record.reports))
        machine.remember_sites(call, obj, {name: call.argument_site(name) for name in kwargs})
        machine.tell(call, record, obj, {})

    def call(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """``model(x)``."""
        own = user_method(call, obj, "call")
        if own is not None:
            return call_user(MACHINE.of(obj), None, call, obj, own, args, kwargs)
        if call.get(obj, ".model") == "functional":
            return functional_call(call, obj, args, kwargs)
        return Unknown(f"{class_name(obj)} has no call that is known")

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """Attributes and methods of Model, then those of Layer."""
        return model_attribute(call, obj, name)

    def of_class(self, call: Call, cls: Value, name: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """``Model.from_config(config)``."""
        return class_made(call, cls, name, args)

    def set(self, call: Call, obj: Instance, name: str, value: Value) -> None:
        """Remember layers inside."""
        attribute_set(call, obj, name, value, tracks=call.get(obj, ".model") != "functional")


@class_rule("keras.Sequential", "keras.Model")
class Sequential(Model):
    """Layers in a row."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        seq.sequential_init(call, obj, args, kwargs)

    def call(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        own = user_method(call, obj, "call")
        if own is not None:
            return call_user(MACHINE.of(obj), None, call, obj, own, args, kwargs)
        return seq.sequential_call(call, obj, args, kwargs)

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        if name in SEQUENTIAL_ONLY:
            return BoundMethod(Known(f"keras.Sequential.{name}", MACHINE.of(obj).framework), obj)
        if name in SHAPES and call.get(obj, ".model") == "sequential":
            return seq.sequential_shape(call, obj, name)
        if name in ("input", "output") and call.get(obj, ".model") == "sequential":
            return seq.sequential_node(call, obj, name)
        return model_attribute(call, obj, name)

    def set(self, call: Call, obj: Instance, name: str, value: Value) -> None:
        attribute_set(call, obj, name, value, tracks=call.get(obj, ".model") != "sequential")


alias("keras.Model", "keras.models.Model", "keras.Functional", "keras.models.Functional", "keras.engine.training.Model")
alias("keras.Sequential", "keras.models.Sequential", "keras.engine.sequential.Sequential")


def model_attribute(call: Call, obj: Instance, name: str) -> Value:
    """``model.name`` for what Model defines; MISSING where there is no such attribute."""
    machine = MACHINE.of(obj)
    if name in OF_MODELS[machine.framework]:
        kind = call.get(obj, ".model")
        return lost_attribute(call, obj, name, model_class(obj) if kind == "functional" else None)
    if name in METHODS:
        return BoundMethod(Known(f"keras.Model.{name}", machine.framework), obj)
    if name == "layers":
        inside = layers_inside(call, obj)
        return Unknown("the layers") if inside is None else call.new_list(list(inside))
    if name in LISTS:
        return weight_list(call, obj, name)
    if call.get(obj, ".model") == "functional":
        if name in ("input", "output"):
            return call.freeze(reopen(call.get(obj, f".{name}s")))
        if name in SHAPES:
            struct = reopen(call.get(obj, ".inputs" if name.startswith("input") else ".outputs"))
            if name in ("inputs", "outputs"):
                return call.new_list(list(tensors_in(struct)))
            shape = python_shape(shapes_of(struct))
            if isinstance(shape, (list, tuple)) and len(shape) == 1 and isinstance(struct, (list, tuple)):
                shape = shape[0]
            return call.freeze(shape) if shape is not None else Unknown(name)
    if machine.framework == "keras" and call.get(obj, ".compiled") is True and isinstance(obj.cls, Known):
        if name == "metrics_names":
            return metrics_names(call, obj)
        if name in ("loss", "loss_weights"):
            return call.get(obj, f".compile {name}")
    if name in UNKNOWN or name in OF_LAYERS:
        return Unknown(name)
    return layer_attribute(machine, None, call, obj, name)


@function("keras.Sequential.add", raw=True)
def add(call: Call, self: Instance, layer: Value, rebuild: Value = True) -> Value:
    """``model.add(layer)``: raises if the model has an input and the layer does not fit."""
    seq.add(call, self, layer)
    graph = call.get(self, ".graph")
    silent = MACHINE.of(self).framework != "keras" and isinstance(graph, tuple) and isinstance(graph[1], Unknown)
    return Unknown("this version of Keras may refuse the call") if silent else None


@function("keras.Sequential.pop", raw=True)
def pop(call: Call, self: Instance, rebuild: Value = True) -> Value:
    """``model.pop()``."""
    return seq.pop(call, self)


@function("keras.Model.build", raw=True)
def build(call: Call, self: Instance, input_shape: Value = None) -> None:
    """``model.build(input_shape)``: a Sequential builds its layers, a functional model is built already."""
    if call.get(self, ".model") == "sequential":
        seq.build(call, self, call.thaw(call.resolve(input_shape)))
    elif call.get(self, ".model") != "functional":
        shape = shape_argument(call, input_shape)
        own = user_method(call, self, "call")
        tensor = Tensor(shape, "float32", "keras") if isinstance(shape, Shape) else None
        if own is not None and tensor is not None:
            call_user(MACHINE.of(self), None, call, self, own, [tensor], {})
        call.set(self, ".built", True)


@function("keras.Model.call", raw=True)
def call_plainly(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``model.call(x)``, ``super().call(x)``: as ``model(x)``, without its checks."""
    if MACHINE.of(self).framework == "keras":
        call.local["plainly"] = self.id
    if call.get(self, ".model") == "sequential":
        return seq.sequential_call(call, self, args, kwargs)
    if call.get(self, ".model") == "functional":
        return functional_call(call, self, args, kwargs)
    return Unknown("call of a model that has none")


@function("keras.Model.compute_output_shape", raw=True)
def compute_output_shape(call: Call, self: Instance, input_shape: Value) -> Value:
    """``model.compute_output_shape(shape)``."""
    from .graph import run

    shape = shape_argument(call, input_shape)
    source, output = graph_of(call, self)
    if source is None or not isinstance(shape, Shape):
        return Unknown("the shape that a model gives")
    result = run(call, [source], [Tensor(shape, source.dtype, "keras")], output, "keras")
    return call.freeze(python_shape(shapes_of(result)))


@function("keras.Model.get_layer", raw=True)
def get_layer(call: Call, self: Instance, name: Value = None, index: Value = None) -> Value:
    """``model.get_layer(name)`` or ``(index=...)``."""
    name, index = call.resolve(name), call.resolve(index)
    found = layers_inside(call, self)
    if found is None or isinstance(name, Unknown) or isinstance(index, Unknown):
        return Unknown("a layer of a model")
    names = [call.plain(call.get(layer, ".name")) for layer in found]
    result: Value = MISSING
    with collect() as record:
        if name is not None and index is not None:
            report(BadModel("name-and-index", quoted=(index, name)), blame=("name", "index"))
        elif isinstance(index, int):
            if index >= len(found):
                report(BadModel("no-such-index", quoted=(index, len(found))), blame=("index",))
            else:
                result = found[index] if -len(found) <= index else MISSING
        elif isinstance(name, str):
            result = next((layer for layer, own in zip(found, names, strict=True) if own == name), MISSING)
            if result is MISSING and all(isinstance(own, str) for own in names) and not isinstance(self.cls, Class):
                report(BadModel("no-such-layer", quoted=(name, names)), blame=("name",))
        elif name is None and index is None:
            report(BadModel("no-name-no-index"))
    MACHINE.of(self).tell(call, record, self, {})
    return Unknown("a layer that is not there") if result is MISSING else result


@function("keras.Model.count_params", raw=True)
def count_params(call: Call, self: Instance) -> Value:
    """``model.count_params()``: ValueError before the model is built."""
    known = layers_inside(call, self) is not None
    if is_built(call, self) is False and not isinstance(self.cls, Class) and known:
        with collect() as record:
            report(BadModel("unbuilt-count", MACHINE.of(self).name(call, self)))
        MACHINE.of(self).tell(call, record, self, {})
        return Unknown("the weights of a model that is not built")
    total = count(call, self)
    return Unknown("the number of weights") if total is None else total


def graph_of(call: Call, model: Instance) -> tuple[Tensor | None, Any]:
    """The one input of a built model, and its thawed outputs; (None, None) for any other."""
    graph = call.get(model, ".graph")
    if isinstance(graph, tuple) and isinstance(graph[0], Tensor):
        return graph[0], call.thaw(graph[1])
    inputs = list(tensors_in(reopen(call.get(model, ".inputs"))))
    if len(inputs) == 1:
        return inputs[0], reopen(call.get(model, ".outputs"))
    return None, None


__all__ = ["Model", "Sequential", "bound_arguments", "finish", "graph_of", "model_attribute"]
