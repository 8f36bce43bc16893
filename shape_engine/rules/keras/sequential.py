"""keras.Sequential: layers in a row, built as soon as the first one knows its input.

Follows keras/src/models/sequential.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...dim import is_dynamic, surely_differ
from ...evidence import collect, report
from ...problems import BadModel, NotBuilt, UndefinedShape, WrongArguments
from ...rule import Call
from ...shape import Shape
from ...value import Assumed, Class, Function, Instance, Known, Tensor, Unknown, Value, tensors_in
from ...wording.keras import tensor_repr
from .functional import bound_arguments, call_graph, check_shapes, finish, framed, infer, model_frame
from .graph import run, same_lengths
from .input_layer import INPUT_LAYER, make_input, standard_shape
from .inputs import converted, refused_leaf
from .machine import MACHINE
from .masks import MADE, makes_mask
from .state import auto_name, class_name, flavour_of, python_shape, reopen, shapes_of


def sequential_init(call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
    """``Sequential(layers=None, trainable=True, name=None)``."""
    given = dict(zip(("layers", "trainable", "name"), args, strict=False)) | dict(kwargs)
    machine = MACHINE.of(obj)
    with collect() as record:
        base: dict[str, Any] = {n: call.thaw(call.resolve(given[n])) for n in ("trainable", "name") if n in given}
        for name in given:
            if name not in ("layers", "trainable", "name"):
                report(WrongArguments("unexpected", "Sequential.__init__", (name,)), blame=(name,))
        machine.init_base(call, obj, base, class_name(obj))
    call.set(obj, ".model", "sequential")
    call.set(obj, ".settings", ())
    call.set(obj, ".broken", False)
    machine.remember_sites(call, obj, {name: call.argument_site(name) for name in kwargs})
    machine.tell(call, record, obj, {})
    _store(call, obj, ())
    layers = call.resolve(given.get("layers"))
    if layers is None or layers is False or layers == 0:
        return
    items = call.iterate(layers)
    if items is None:
        if isinstance(layers, Instance) and is_layer(call, layers):
            with collect() as record:
                report(BadModel("not-iterable", quoted=(class_name(layers),)), blame=("layers",))
            machine.tell(call, record, obj, {})
        call.set(obj, ".unknown", True)
        return
    for item in items:
        add(call, obj, item, rebuild=False)
    if items:
        rebuild(call, obj)


def add(call: Call, obj: Instance, layer: Value, rebuild: bool = True) -> None:
    """``model.add(layer)``: an Input becomes its layer; a first layer with ``input_shape=`` brings one."""
    layers = stack(call, obj)
    call.spend(len(layers) // 16)  # the layers above are looked through
    layer = call.resolve(layer)
    if not layers and isinstance(layer, Instance):
        shape = reopen(call.get(layer, ".input_shape"))
        if isinstance(shape, (tuple, list)):
            layers = (_input_layer(call, obj, {"shape": shape, "batch_size": call.get(layer, ".batch_size")}),)
            _store(call, obj, layers)
    if isinstance(layer, Tensor):
        origin = (layer.made.facts or {}).get("layer") if layer.made is not None else None
        if isinstance(origin, Instance) and is_input(origin):
            layer = origin
    with collect() as record:
        added = _check(call, obj, layers, layer)
    MACHINE.of(obj).tell(call, record, obj, {})
    if not added:
        return
    before = call.get(obj, ".graph")
    _store(call, obj, (*layers, layer))
    call.set(obj, ".built", False)
    call.set(obj, ".graph", None)
    if rebuild:
        if isinstance(before, tuple):
            _extend(call, obj, before, layers, layer)
        else:
            _rebuild(call, obj)


def pop(call: Call, obj: Instance) -> Value:
    """``model.pop()``: the last layer, taken off."""
    layers = stack(call, obj)
    if not layers:
        return Unknown("a layer of an empty model")
    _store(call, obj, layers[:-1])
    call.set(obj, ".graph", None)
    call.set(obj, ".built", False)
    if layers[:-1]:
        _rebuild(call, obj)
    return layers[-1]


def rebuild(call: Call, obj: Instance) -> None:
    """Build the model if it has an input and a layer."""
    _rebuild(call, obj)


def build(call: Call, obj: Instance, shape: Any) -> None:
    """``model.build(input_shape)`` for a thawed shape, or a Shape."""
    layers = stack(call, obj)
    machine = MACHINE.of(obj)
    if not isinstance(shape, Shape):
        with collect():
            shape = standard_shape(call, shape, "input_shape") if isinstance(shape, (tuple, list)) else None
    if not isinstance(shape, Shape):
        return
    with collect() as record:
        if not layers:
            report(BadModel("no-layers", model=machine.name(call, obj)), blame=("input_shape",))
        elif is_input(layers[0]):
            own = call.get(layers[0], ".output")
            if isinstance(own, Tensor) and isinstance(own.shape, Shape) and _other(own.shape, shape):
                quoted = (python_shape(own.shape), python_shape(shape))
                report(BadModel("other-build-shape", machine.name(call, obj), quoted), blame=("input_shape",))
    machine.tell(call, record, obj, {})
    if record.reports or not layers:
        return
    if not is_input(layers[0]):
        dtype = call.get(layers[0], ".dtype") if isinstance(layers[0], Instance) else None
        own = Shape(
            call.symbol(dynamic=True) if is_dynamic(dim) else dim for dim in shape
        )  # the model's, not the caller's
        layers = (_input_layer(call, obj, {"batch_shape": own, "dtype": dtype}), *layers)
        _store(call, obj, layers)
        call.set(obj, ".deferred", True)
    source = call.get(layers[0], ".output")
    x: Value = source
    for layer in layers[1:]:
        x = call.invoke(layer, [x]) if isinstance(layer, Instance) else Unknown("a layer that is not known")
    _finish_graph(call, obj, source, x)


def sequential_call(call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    """``model(x)``: build on the first call, then the layers in a row, without the check of exact shapes."""
    machine = MACHINE.of(obj)
    if machine.framework != "keras":
        from . import legacy_models

        return legacy_models.sequential_call(call, obj, args, kwargs)
    bound = bound_arguments(call, obj, args, kwargs)
    if bound is None:
        return Unknown("a call of a model without input")
    inputs = converted(call, obj, call.freeze(bound["inputs"]))
    bound["inputs"] = inputs
    with collect() as record:
        refused = refused_leaf(call, [inputs])
        if refused is not None:
            report(refused, blame=("inputs",))
    machine.tell(call, record, obj, bound)
    if record.reports or call.get(obj, ".unknown") is True:
        return Unknown("what the model gives is not known")
    first = next(tensors_in(inputs), None)
    if isinstance(inputs, Assumed):
        return _assumed(call, obj, inputs, bound)
    if call.get(obj, ".graph") is None and isinstance(inputs, Tensor) and isinstance(inputs.shape, Shape):
        build(call, obj, inputs.shape)
    graph = call.get(obj, ".graph")
    call.set(obj, ".built", True)
    if not isinstance(graph, tuple) or first is None:
        return _in_a_row(call, obj, inputs, bound)
    source, output = graph
    if not isinstance(output, Tensor) and next(tensors_in(call.thaw(output)), None) is None:
        return _in_a_row(call, obj, inputs, bound)
    given = list(tensors_in(inputs))[:1]
    if given[0].symbolic:
        with collect() as record:
            check_shapes(call, obj, [source], [source], given)
        reports = [
            replace(r, problem=replace(r.problem, layer=call.get(obj, ".functional") or "functional"))  # type: ignore[call-arg]
            for r in record.reports
        ]
        record.reports[:] = reports
        with call.inside(model_frame(call, obj, bound, symbolic=True)):
            machine.tell(call, record, obj, bound)
            if record.reports:
                result = run(call, [source], [source], call.thaw(output), "keras")
            else:
                result = infer(call, [source], given, call.thaw(output))
        result = finish(call, obj, result, bound)
        if call.get(obj, ".output") is None:
            call.set(obj, ".input", call.freeze(inputs))
            call.set(obj, ".output", result)
        return result
    return call_graph(call, obj, [source], given, source, call.thaw(output), bound)


def sequential_shape(call: Call, obj: Instance, name: str) -> Value:
    """``input_shape``, ``output_shape``, ``inputs``, ``outputs``: AttributeError before the model is built."""
    graph = call.get(obj, ".graph")
    if call.get(obj, ".unknown") is True:
        return Unknown(name)
    if not isinstance(graph, tuple):
        layers = stack(call, obj)
        if any(not isinstance(layer, Instance) for layer in layers):
            return Unknown(name)
        with collect() as record:
            report(UndefinedShape(name, MACHINE.of(obj).name(call, obj), class_name(obj)))
        MACHINE.of(obj).tell(call, record, obj, {})
        return Unknown(f"{name} of a model that is not built")
    source, output = graph
    if name == "inputs":
        return call.new_list([source])
    if name == "outputs":
        return call.new_list(list(tensors_in(call.thaw(output))))
    value = source if name == "input_shape" else call.thaw(output)
    shape = python_shape(shapes_of(value))
    return call.freeze(shape) if shape is not None else Unknown(name)


def sequential_node(call: Call, obj: Instance, name: str) -> Value:
    """``input`` and ``output`` of a Sequential: AttributeError before it was called on a symbolic tensor."""
    value = call.get(obj, f".{name}")
    if value is None and call.get(obj, ".unknown") is not True and flavour_of(obj) == "keras":
        with collect() as record:
            report(NotBuilt(name, MACHINE.of(obj).name(call, obj), class_name(obj)))
        MACHINE.of(obj).tell(call, record, obj, {})
    return Unknown(f"the {name} of a model that was not called") if value is None else value


def stack(call: Call, obj: Instance) -> tuple[Value, ...]:
    """What the model is made of, an InputLayer included."""
    found = call.get(obj, ".stack")
    return found if isinstance(found, tuple) else ()


def is_input(layer: Value) -> bool:
    """Whether this is an InputLayer."""
    return isinstance(layer, Instance) and isinstance(layer.cls, Known) and layer.cls.target == INPUT_LAYER


def is_layer(call: Call, value: Value) -> bool:
    """Whether this is an initialised layer or model of Keras."""
    return isinstance(value, Instance) and call.get(value, ".built") is not None


def _check(call: Call, obj: Instance, layers: tuple[Value, ...], layer: Value) -> bool:
    """The refusals of ``add``; tells whether the layer is taken."""
    machine = MACHINE.of(obj)
    if isinstance(layer, (Unknown, Assumed)) or (isinstance(layer, Instance) and not is_layer(call, layer)):
        call.set(obj, ".unknown", True)
        return True
    if not isinstance(layer, Instance):
        printed = tensor_repr(layer) if isinstance(layer, Tensor) and layer.symbolic else call.describe(layer)
        cls = "<class 'keras.src.backend.common.keras_tensor.KerasTensor'>"
        kind = cls if isinstance(layer, Tensor) and layer.symbolic else f"<class '{type(layer).__name__}'>"
        if (
            isinstance(layer, (str, int, float, tuple))
            or layer is None
            or (isinstance(layer, Tensor) and layer.symbolic)
        ):
            report(BadModel("not-a-layer", machine.name(call, obj), (printed, kind)), blame=("layer",))
        elif isinstance(layer, (Known, Class, Function)):
            report(BadModel("not-a-layer", machine.name(call, obj), ("?", "?")), blame=("layer",))
        else:
            call.set(obj, ".unknown", True)
        return False
    name = call.get(layer, ".name")
    others = [call.get(x, ".name") for x in layers if isinstance(x, Instance) and x != layer]
    repeated = call.repeated([name, *others]) if isinstance(name, str) else None
    if repeated is not None and repeated[0] == call.plain(name):
        report(BadModel("same-name", machine.name(call, obj), (name,)), blame=("layer",))
    elif is_input(layer) and layers and is_input(layers[0]):
        own = call.get(layers[0], ".output")
        shape = python_shape(own.shape) if isinstance(own, Tensor) else Unknown("a shape")
        report(BadModel("second-input", machine.name(call, obj), (shape,)), blame=("layer",))
        return False
    return True


def _rebuild(call: Call, obj: Instance) -> None:
    layers = stack(call, obj)
    call.set(obj, ".built", False)
    call.set(obj, ".graph", None)
    if len(layers) < 2 or not isinstance(layers[0], Instance):
        return
    if is_input(layers[0]):
        own = call.get(layers[0], ".output")
        if isinstance(own, Tensor):
            build(call, obj, own.shape)
    else:
        shape = _shape_of_model(call, layers[0])
        if shape is not None:
            build(call, obj, Shape(call.symbol(dynamic=True) if is_dynamic(dim) else dim for dim in shape))


def _shape_of_model(call: Call, layer: Instance) -> Shape | None:
    """The input shape of a built model that is the first layer."""
    graph = call.get(layer, ".graph")
    if isinstance(graph, tuple) and isinstance(graph[0], Tensor) and isinstance(graph[0].shape, Shape):
        return graph[0].shape
    inputs = list(tensors_in(reopen(call.get(layer, ".inputs"))))
    return inputs[0].shape if len(inputs) == 1 and isinstance(inputs[0].shape, Shape) else None


def _extend(call: Call, obj: Instance, graph: tuple[Value, ...], before: tuple[Value, ...], layer: Value) -> None:
    """``add`` to a built model: Keras runs all layers again, here only the new one runs and the names are counted."""
    framework = MACHINE.of(obj).framework
    source, output = graph
    if before and isinstance(before[-1], Instance):
        call.set(before[-1], ".again", True)  # called more often than ".calls" tells, like those before it
    for one in before[1:]:
        name = auto_name(call, "KerasTensor", framework)
        target = call.get(one, ".rule") if isinstance(one, Instance) else None
        if isinstance(target, str) and makes_mask(target, MACHINE.of(one).settings(call, one) or ()):  # type: ignore[arg-type]
            for _ in range(MADE[target]):
                auto_name(call, "KerasTensor", framework)
        output = replace(output, name=name) if isinstance(output, Tensor) else output
    x = call.invoke(layer, [output]) if isinstance(layer, Instance) else Unknown("a layer that is not known")
    _finish_graph(call, obj, source, x)


def _finish_graph(call: Call, obj: Instance, source: Value, output: Value) -> None:
    name = auto_name(call, "Functional", MACHINE.of(obj).framework)
    call.set(obj, ".functional", name)
    call.set(obj, ".graph", (source, output))
    call.set(obj, ".built", True)


def _store(call: Call, obj: Instance, layers: tuple[Value, ...]) -> None:
    call.set(obj, ".stack", layers)
    call.set(obj, ".layers", tuple(x for x in layers if isinstance(x, Instance) and not is_input(x)))


def _input_layer(call: Call, obj: Instance, given: Mapping[str, Any]) -> Instance:
    layer = call.new(Known(INPUT_LAYER, flavour_of(obj)))
    make_input(call, layer, given, ())
    return layer


def _in_a_row(call: Call, obj: Instance, inputs: Any, bound: Mapping[str, Any]) -> Value:
    """Without a graph: the layers one after the other."""
    symbolic = any(x.symbolic for x in tensors_in(inputs))
    x: Value = call.freeze(inputs)
    layers = [layer for layer in stack(call, obj) if not is_input(layer)]
    if not layers:
        return Unknown("a model without layers")
    with framed(call, obj, bound, symbolic), MACHINE.surrounding(call):
        for layer in layers:
            x = call.invoke(layer, [x]) if isinstance(layer, Instance) else Unknown("a layer that is not known")
    return finish(call, obj, call.thaw(x), bound)


def _assumed(call: Call, obj: Instance, inputs: Assumed, bound: Mapping[str, Any]) -> Value:
    """An undecided input of a model in the middle of an undecided function: the first layer decides."""
    return _in_a_row(call, obj, inputs, bound)


def _other(own: Shape, shape: Shape) -> bool:
    """Whether Keras takes the two shapes for different ones, surely."""
    if same_lengths(own, shape):
        return False
    if len(own) != len(shape):
        return True
    return any(surely_differ(a, b) or is_dynamic(a) != is_dynamic(b) for a, b in zip(own, shape, strict=True))
