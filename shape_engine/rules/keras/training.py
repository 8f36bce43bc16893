"""compile, fit, evaluate, predict, summary and saving: what a model does with data.

Follows keras/src/trainers and keras/src/backend/tensorflow/trainer.py: ``fit`` traces the model for batches
of open size, ``predict`` runs it on the first batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...dim import is_dynamic, surely_differ
from ...evidence import collect, report
from ...formulas.broadcast import clash
from ...problems import BadModel, BroadcastMismatch, RefusedInputs
from ...rule import Call, function
from ...shape import Shape
from ...value import Class, Instance, Known, Tensor, Unknown, Value
from ...wording.keras import said
from .functional import check_shapes, model_frame, rank_adjusted
from .graph import Arguments, run
from .inputs import bind, check_spec
from .machine import MACHINE
from .methods import rule_of
from .models import graph_of
from .sequential import build as build_sequential
from .state import is_float, reopen

BATCH = 32


@function("keras.Model.predict", raw=True)
def predict(call: Call, self: Instance, x: Value, batch_size: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``model.predict(x)``: the outputs as arrays, one row for each row of ``x``."""
    data = call.thaw(call.resolve(x))
    if not isinstance(data, Tensor) or not isinstance(data.shape, Shape) or not data.shape:
        return Unknown("what a model predicts")
    rows = data.shape[0]
    if MACHINE.of(self).framework != "keras":
        from . import legacy_models

        return call.freeze(_as_arrays(call.thaw(legacy_models.traced(call, self, data, False)), rows))
    size = call.resolve(batch_size)
    size = BATCH if size is None else size
    first = min(rows, size) if isinstance(rows, int) and isinstance(size, int) else call.symbol()
    batch = Tensor(Shape((first, *data.shape[1:])), data.dtype, "tf", data.made)
    result = call.thaw(call.invoke(self, [batch], {"training": False}))
    return call.freeze(_as_arrays(result, rows))


@function("keras.Model.predict_on_batch", raw=True)
def predict_on_batch(call: Call, self: Instance, x: Value) -> Value:
    """``model.predict_on_batch(x)``: the outputs as arrays."""
    return predict(call, self, x)


@function("keras.Model.compile", raw=True)
def compile_model(
    call: Call, self: Instance, optimizer: Value = "rmsprop", loss: Value = None, *args: Value, **kwargs: Value
) -> None:
    """Remembers the loss: ``fit`` compares what the model gives with what it should give."""
    loss = call.resolve(loss)
    call.set(self, ".loss", loss if loss is None or isinstance(loss, str) else Unknown("a loss"))
    call.set(self, ".compiled", True)


@function("keras.Model.fit", raw=True)
def fit(call: Call, self: Instance, x: Value = None, y: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``model.fit(x, y)``: the data against the model, and the labels against its output and loss."""
    check_data(call, self, x, y, training=True)
    return Unknown("a history of numbers")


@function("keras.Model.evaluate", raw=True)
def evaluate(call: Call, self: Instance, x: Value = None, y: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``model.evaluate(x, y)``: as ``fit``."""
    check_data(call, self, x, y, training=False)
    return Unknown("what the loss and the metrics are")


@function("keras.Model.save", raw=True)
@function("keras.Model.save_weights", raw=True)
@function("keras.Model.load_weights", raw=True)
@function("keras.Model.export", raw=True)
@function("keras.Model.reset_metrics", raw=True)
@function("keras.Model.reset_states", raw=True)
@function("keras.Model.compile_from_config", raw=True)
def nothing(call: Call, self: Instance, *args: Value, **kwargs: Value) -> None:
    """Returns None, and changes no shape."""


@function("keras.Model.summary", raw=True)
def summary(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Prints a table; Keras 2 refuses that before the model is built."""
    refused = MACHINE.of(self).framework != "keras" and call.get(self, ".built") is not True
    return Unknown("a model that may not be built") if refused else None


@function("keras.Model.train_on_batch", raw=True)
@function("keras.Model.test_on_batch", raw=True)
@function("keras.Model.to_json", raw=True)
@function("keras.Model.get_metrics_result", raw=True)
def unknown_result(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Numbers that nobody knows before running it."""
    return Unknown("what training gives")


def check_data(call: Call, model: Instance, x: Value, y: Value, training: bool) -> None:
    """The first exception of ``fit``: not compiled, lengths that differ, inputs that do not fit, labels that do not fit."""
    machine = MACHINE.of(model)
    if machine.framework != "keras":
        from . import legacy_models

        legacy_models.check_data(call, model, x, y, training)
        return
    data, labels = call.thaw(call.resolve(x)), call.thaw(call.resolve(y))
    if call.get(model, ".compiled") is None and not isinstance(model.cls, Class):
        with collect() as record:
            report(BadModel("not-compiled"))
        machine.tell(call, record, model, {})
        return
    with collect() as record:
        check_cardinality(data, labels)
    machine.tell(call, record, model, {"x": data, "y": labels})
    if record.reports or not isinstance(data, Tensor) or not isinstance(data.shape, Shape) or not data.shape:
        return
    output = _traced(call, model, data, training)
    if output is None or not isinstance(labels, Tensor) or not isinstance(labels.shape, Shape):
        return
    target = Shape((call.symbol(dynamic=True), *labels.shape[1:]))
    with collect() as record:
        check_loss(call.get(model, ".loss"), target, output)
    machine.tell(call, record, model, {"y": labels})


def check_cardinality(data: Any, labels: Any) -> None:
    """check_data_cardinality in keras/src/trainers/data_adapters/data_adapter_utils.py."""
    sizes = {"x": _sizes(data), "y": _sizes(labels)}
    flat = [size for group in sizes.values() if group is not None for size in group]
    if None in sizes.values() or not flat or not any(surely_differ(flat[0], size) for size in flat[1:]):
        return
    text = "".join(f"'{name}' sizes: {', '.join(map(str, group))}\n" for name, group in sizes.items() if group)
    report(BadModel("cardinality", quoted=(text,)), blame=("y", "x"))


def check_loss(loss: Value, target: Shape, output: Shape) -> None:
    """The losses of keras/src/backend/tensorflow/nn.py, after squeeze_or_expand_to_same_rank of keras/src/losses/loss.py."""
    target, output = same_rank(target, output)
    if loss in ("categorical_crossentropy", "binary_crossentropy"):
        if len(target) != len(output):
            report(RefusedInputs("loss-rank", (target, output)), blame=("y",))
        elif _surely_other(target, output):
            report(RefusedInputs("loss-shape", (target, output)), blame=("y",))
    elif loss == "sparse_categorical_crossentropy":
        if len(target) == len(output) and target[-1] == 1:
            target = Shape(target[:-1])
        if len(target) != len(output) - 1:
            report(RefusedInputs("loss-sparse-rank", (target, output)), blame=("y",))
        elif _surely_other(target, Shape(output[:-1])):
            report(RefusedInputs("loss-sparse-shape", (target, output)), blame=("y",))
    elif loss in ("mse", "mae", "mean_squared_error", "mean_absolute_error") and clash(target, output) is not None:
        report(BroadcastMismatch(f"loss {loss}", shapes=(target, output)), blame=("y",))


def same_rank(one: Shape, other: Shape) -> tuple[Shape, Shape]:
    """A last axis of length 1 is added to a vector, or taken from the shape that has one axis more."""
    if len(one) == len(other) + 1 and one[-1] == 1:
        return (one, Shape((*other, 1))) if len(other) == 1 else (Shape(one[:-1]), other)
    if len(other) == len(one) + 1 and other[-1] == 1:
        return (Shape((*one, 1)), other) if len(one) == 1 else (one, Shape(other[:-1]))
    return one, other


def _traced(call: Call, model: Instance, data: Tensor, training: bool) -> Shape | None:
    """What the model gives for a batch of open size; None where it raises, or where it is not known.

    Only what Keras itself checks before a layer computes is looked at: the rest is TensorFlow's to word.
    """
    machine = MACHINE.of(model)
    assert isinstance(data.shape, Shape)
    if (
        call.get(model, ".model") == "sequential"
        and call.get(model, ".graph") is None
        and call.get(model, ".unknown") is not True
    ):
        build_sequential(call, model, Shape((call.symbol(dynamic=True), *data.shape[1:])))
    source, output = graph_of(call, model)
    if source is None or not isinstance(output, Tensor):
        return None
    dtype = "float32" if is_float(data.dtype) else data.dtype
    batch = Tensor(Shape((call.symbol(dynamic=True), *data.shape[1:])), dtype, "tf", data.made)
    bound = {"inputs": batch, "training": training, "mask": None}
    frame = model_frame(call, model, bound, symbolic=False)
    with collect() as record:
        functional = call.get(model, ".model") == "functional"
        if functional:
            check_shapes(call, model, reopen(call.get(model, ".inputs")), [source], [batch])
    machine.tell(call, record, model, {"x": data})
    if record.reports:
        return None
    with call.inside(frame):
        with collect() as record:
            value = f'Tensor("data:0", shape={said(batch.shape)}, dtype={dtype or "?"})'
            adjusted = rank_adjusted(
                batch, source, 0, reopen(call.get(model, ".inputs")) if functional else source, value
            )
        machine.tell(call, record, model, {"x": data})
        if record.reports:
            return None
        return _through_layers(call, source, adjusted, output)


def _through_layers(call: Call, source: Tensor, batch: Tensor, output: Tensor) -> Shape | None:
    """The layers' input specs along the graph; the first refusal is told."""
    refused = False

    def step(x: Tensor, layer: Instance, given: Arguments) -> Any:
        nonlocal refused
        rule, machine = rule_of(call, layer), MACHINE.of(layer)
        settings = machine.settings(call, layer)
        if refused or rule is None or settings is None or not isinstance(layer.cls, Known):
            return None
        with collect():
            arguments = list((bind(rule.inputs, *given) or {}).values())
        if not arguments:
            return None
        with collect() as record:
            if isinstance(arguments[0], Tensor):
                check_spec(call, machine.spec(call, layer), machine.name(call, layer), {"inputs": arguments[0]})
        machine.tell(call, record, layer, {"inputs": arguments[0]})
        refused = bool(record.reports)
        with collect() as record:
            result = machine.run(rule, "call", {**settings, **machine.context(call, layer)}, *arguments)
        refused = refused or bool(record.reports)
        shape = result.shape if isinstance(result, Tensor) else result
        return replace(x, shape=shape, kind="tf", name=None) if isinstance(shape, Shape) else None

    result = run(call, [source], [batch], output, "tf", step)
    return result.shape if not refused and isinstance(result, Tensor) and isinstance(result.shape, Shape) else None


def _sizes(value: Any) -> list[Any] | None:
    """The numbers of samples of arrays; None where they are not known."""
    if value is None:
        return []
    parts = list(value) if isinstance(value, (list, tuple)) else [value]
    found = [
        part.shape[0] if isinstance(part, Tensor) and isinstance(part.shape, Shape) and part.shape else None
        for part in parts
    ]
    return found if all(isinstance(size, int) for size in found) else None


def _surely_other(one: Shape, other: Shape) -> bool:
    return any(not is_dynamic(a) and not is_dynamic(b) and surely_differ(a, b) for a, b in zip(one, other, strict=True))


def _as_arrays(value: Any, rows: Any) -> Any:
    if isinstance(value, Tensor):
        shape = Shape((rows, *value.shape[1:])) if isinstance(value.shape, Shape) and value.shape else value.shape
        return replace(value, shape=shape, kind="numpy", name=None)
    if isinstance(value, (list, tuple)) and not isinstance(value, Shape):
        return type(value)(_as_arrays(item, rows) for item in value)
    if isinstance(value, Mapping):
        return {key: _as_arrays(item, rows) for key, item in value.items()}
    return value
