"""compile, fit, evaluate, predict, summary and saving: what a model does with data.

Follows keras/src/trainers and keras/src/backend/tensorflow/trainer.py, in the order of its refusals: not compiled,
the data itself, the model's inputs, its layers, loss, metrics; then what only the running step finds out.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from ...dim import substitute
from ...evidence import Record, collect, report
from ...problems import BadModel, OperandMismatch
from ...rule import Call, function
from ...shape import Shape
from ...value import Assumed, Class, Instance, Stream, Tensor, Unknown, Value
from ..datasets import rows_in_all
from .batches import Batches, Given, batches_of, split_at, unpacked
from .callbacks import run_callbacks
from .compiled import argument, check_compile, check_optimizer, compute_loss, remember
from .compiled_metrics import compute_metrics
from .inputs import leaves, parameters_of
from .machine import MACHINE
from .results import evaluated, history_of, of_a_batch, optimizer_of
from .state import is_float
from .steps import (
    forget_traces,
    invoked,
    output_of,
    quietly_so_far,
    raises,
    ranks_of,
    remember_trace,
    traced_before,
)
from .trainer_arguments import bound, tell
from .user_layers import user_method


@function("keras.Model.compile", raw=True)
def compile_model(call: Call, self: Instance, *args: Value, **kwargs: Value) -> None:
    """Remembers losses and metrics: ``fit`` compares what the model gives with what it should give."""
    given = bound(call, self, "compile", args, kwargs)
    if MACHINE.of(self).framework == "keras":
        with collect() as record:
            check_compile(call, given)
        MACHINE.of(self).tell(call, record, self, {})
        call.set(self, "optimizer", optimizer_of(call, given.get("optimizer", "rmsprop")))
    else:
        with collect() as record:
            check_optimizer(call, given, "tf_keras")
        tell(call, record, self)
    remember(call, self, given)
    forget_traces(call, self)


@function("keras.Model.fit", raw=True)
def fit(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``model.fit(x, y)``: the data against the model, and the labels against its output and loss."""
    given = bound(call, self, "fit", args, kwargs)
    if MACHINE.of(self).framework != "keras":
        from . import legacy_training

        legacy_training.check_data(call, self, given, training=True)
        return Unknown("a history of numbers")
    if _may_run(call, self, given):
        _fit(call, self, given)
    run_callbacks(call, self, given, "train")
    return history_of(call, self, given)


@function("keras.Model.evaluate", raw=True)
def evaluate(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``model.evaluate(x, y)``: as ``fit``."""
    given = bound(call, self, "evaluate", args, kwargs)
    new = MACHINE.of(self).framework == "keras"
    if not new:
        from . import legacy_training

        legacy_training.check_data(call, self, given, training=False)
    elif _may_run(call, self, given):
        data = Given(
            given.get("x"), given.get("y"), given.get("sample_weight"), given.get("batch_size"), given.get("steps")
        )
        _run(call, self, data, training=False, eager=_eagerly(call, self))
    run_callbacks(call, self, given, "test")
    return evaluated(call, self, given) if new else Unknown("what the loss and the metrics are")


@function("keras.Model.train_on_batch", raw=True)
def train_on_batch(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``model.train_on_batch(x, y)``: one step, on all there is."""
    return _on_batch(call, self, bound(call, self, "train_on_batch", args, kwargs), training=True)


@function("keras.Model.test_on_batch", raw=True)
def test_on_batch(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``model.test_on_batch(x, y)``: one step, on all there is."""
    return _on_batch(call, self, bound(call, self, "test_on_batch", args, kwargs), training=False)


@function("keras.Model.predict", raw=True)
def predict(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``model.predict(x)``: the outputs as arrays, one row for each row of ``x``."""
    given = bound(call, self, "predict", args, kwargs)
    x = given.get("x")
    if MACHINE.of(self).framework != "keras":
        from . import legacy_training

        return legacy_training.predicted(call, self, x, given.get("batch_size"))
    quietly_so_far(call)
    with collect() as record:
        batches = batches_of(call, Given(x, None, None, given.get("batch_size"), given.get("steps")), eager=True)
    MACHINE.of(self).tell(call, record, self, _blamed(given))
    if batches is None or record.reports:
        remember_trace(call, self, "predict", Unknown("data that are not known"))
        return Unknown("what a model predicts")
    rows = [leaf.shape[0] for leaf in leaves(x) if isinstance(leaf, Tensor) and isinstance(leaf.shape, Shape)]
    known = rows[0] if rows else rows_in_all(call, x)
    whole = known if known is not None and given.get("steps") is None else call.symbol()
    return _predicted(call, self, batches.x, whole)


@function("keras.Model.predict_on_batch", raw=True)
def predict_on_batch(call: Call, self: Instance, x: Value) -> Value:
    """``model.predict_on_batch(x)``: the outputs as arrays."""
    data = call.thaw(call.resolve(x))
    if MACHINE.of(self).framework != "keras":
        return Unknown("what a model predicts")
    flat = leaves(data)
    if not all(isinstance(leaf, Tensor) and isinstance(leaf.shape, Shape) and leaf.shape for leaf in flat):
        return Unknown("what a model predicts")
    quietly_so_far(call)
    return _predicted(call, self, _whole(data), flat[0].shape[0] if flat else None)


@function("keras.Model.compute_loss", raw=True)
def compute_loss_method(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``self.compute_loss(x, y, y_pred, sample_weight)`` in a step of the user's own."""
    given = _bound(call, ("x", "y", "y_pred", "sample_weight", "training"), args, kwargs)
    known = MACHINE.of(self).framework == "keras" and call.local.get("step") is True
    if known and call.get(self, ".compiled") is True:
        with collect() as record:
            compute_loss(call, self, given.get("y"), given.get("y_pred"), given.get("sample_weight"), "graph")
        MACHINE.of(self).tell(call, record, self, _blamed(given))
    return Tensor(Shape(()), "float32", "tf") if call.backend() == "tensorflow" else Unknown("a loss")


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


@function("keras.Model.get_metrics_result", raw=True)
def unknown_result(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """What nobody knows before running it."""
    return Unknown("what training gives")


def _fit(call: Call, model: Instance, given: dict[str, Any]) -> None:
    data = Given(
        *(given.get(name) for name in ("x", "y", "sample_weight", "batch_size", "steps_per_epoch", "class_weight"))
    )
    validation: Given | None = None
    split, held_out = given.get("validation_split", 0.0), given.get("validation_data")
    if isinstance(split, (Unknown, Assumed)) or isinstance(held_out, (Unknown, Assumed)):
        return
    if split and held_out is None:
        with collect() as record:
            parts = split_at(call, data, split)
        MACHINE.of(model).tell(call, record, model, _blamed(given))
        if parts is None:
            return
        data, validation = parts
    elif held_out is not None:
        found = unpacked(held_out)
        if found is None:
            return
        size = given.get("validation_batch_size") or given.get("batch_size")
        validation = Given(*found, size, given.get("validation_steps"))
    epochs, start = given.get("epochs", 1), given.get("initial_epoch", 0)
    if isinstance(epochs, int) and isinstance(start, int) and start >= epochs:
        return
    eager = _eagerly(call, model)
    going_on = _run(call, model, data, training=True, eager=eager)
    often = given.get("validation_freq", 1) == 1
    if going_on and validation is not None and often and isinstance(epochs, int):
        _run(call, model, validation, training=False, eager=eager, held_out=held_out is not None)


def _on_batch(call: Call, model: Instance, given: dict[str, Any], training: bool) -> Value:
    if MACHINE.of(model).framework != "keras":
        return Unknown("what the loss and the metrics are")
    if _may_run(call, model, given) and given.get("class_weight") is None:
        _step_on(call, model, given, training)
    return of_a_batch(call, model, given)


def _step_on(call: Call, model: Instance, given: dict[str, Any], training: bool) -> None:
    """One step on the arrays that are given, as far as they are known."""
    parts = [given.get(name) for name in ("x", "y", "sample_weight")]
    known = (
        isinstance(leaf, Tensor) and isinstance(leaf.shape, Shape)
        for part in parts
        for leaf in leaves(part)
        if leaf is not None
    )
    if parts[0] is None or not all(known):
        return
    quietly_so_far(call)
    _step(call, model, Batches(*(_whole(part) for part in parts)), training, _eagerly(call, model))


def _may_run(call: Call, model: Instance, given: Mapping[str, Any]) -> bool:
    """Whether the model is compiled; reports where it surely is not."""
    if call.get(model, ".compiled") is True:
        return call.backend() == "tensorflow"
    probed = isinstance(model.cls, Class) and "defaults" in call.local  # nobody is known to call this method
    if call.get(model, ".compiled") is None and user_method(call, model, "compile") is None and not probed:
        with collect() as record:
            report(BadModel("not-compiled"))
        MACHINE.of(model).tell(call, record, model, {})
    return False


def _run(call: Call, model: Instance, data: Given, training: bool, eager: bool, held_out: bool = False) -> bool:
    """The data, then a step on it; False where something is refused or not known."""
    quietly_so_far(call)
    with collect() as record:
        batches = batches_of(call, data, eager)
    MACHINE.of(model).tell(call, record, model, _blamed({"x": data.x, "y": data.y}))
    if record.reports or raises(call):
        return False
    if batches is None:
        remember_trace(call, model, "train" if training else "test", Unknown("data that are not known"))
        return False
    return _step(call, model, replace(batches, held_out=held_out), training, eager)


def _step(call: Call, model: Instance, batches: Batches, training: bool, eager: bool) -> bool:
    """A step, if it is the first of its kind; a later one is told of only where it surely fails as it runs."""
    name = "train" if training else "test"
    before, ranks = traced_before(call, model, name), ranks_of(batches.x, batches.y, batches.weight)
    if before is None or eager:
        going_on = _traced(call, model, batches, training, eager)
        if going_on or not raises(call):
            remember_trace(call, model, name, ranks if going_on else Unknown("a step that is not known"))
        return going_on
    remember_trace(call, model, name, ranks if before == ranks else Unknown("a step that is not known"))
    if before != ranks or user_method(call, model, f"{name}_step") is not None:
        return False
    with call.caught():
        y_pred = output_of(call, model, batches.x, training)
    if raises(call):
        call.doubt()
    if y_pred is None or raises(call):
        return False
    numbers = dict(batches.first)
    y, output, weight = (_with(part, numbers) for part in (batches.y, y_pred, batches.weight))
    with collect() as record:
        going_on = compute_loss(call, model, y, output, weight, "run")
    if record.reports and not isinstance(record.reports[0].problem, OperandMismatch):
        call.doubt()
    _tell_of_labels(call, record, batches)
    return going_on and not record.reports


def _traced(call: Call, model: Instance, batches: Batches, training: bool, eager: bool) -> bool:
    """``train_step`` or ``test_step``: the user's own, or the model, the loss and the metrics."""
    own = user_method(call, model, "train_step" if training else "test_step")
    if own is not None:
        data = tuple(part for part in (batches.x, batches.y, batches.weight) if part is not None)
        whole = data if len(data) > 1 or isinstance(data[0], (list, tuple)) else data[0]
        invoked(call, own, [call.freeze(whole)], {}, eager)
        return not raises(call)
    y_pred = output_of(call, model, batches.x, training, eager)
    if y_pred is None or raises(call):
        return False
    if _own_loss(call, model, batches, y_pred, training, eager):
        return False
    for stage in ["eager"] if eager else ["graph", "run"]:
        y, output, weight = batches.y, y_pred, batches.weight
        if stage == "run":
            if not batches.first:
                break
            numbers = dict(batches.first)
            y, output, weight = (_with(part, numbers) for part in (y, output, weight))
        with collect() as record:
            going_on = compute_loss(call, model, y, output, weight, stage)
            going_on = going_on and compute_metrics(call, model, y, output, stage)
        _tell_of_labels(call, record, batches)
        if not going_on or record.reports or raises(call):
            return False
    return True


def _own_loss(call: Call, model: Instance, batches: Batches, y_pred: Any, training: bool, eager: bool) -> bool:
    """The user's ``compute_loss``, called as ``Trainer._compute_loss`` does; whether there is a method of the user's."""
    own = user_method(call, model, "compute_loss")
    if own is not None:
        parts = [call.freeze(part) for part in (batches.x, batches.y, y_pred, batches.weight)]
        taken = {parameter.name for parameter in parameters_of(own) or ()}
        invoked(call, own, parts, {"training": training} if "training" in taken else {}, eager)
    return own is not None or user_method(call, model, "compute_metrics") is not None


def _tell_of_labels(call: Call, record: Record, batches: Batches) -> None:
    """A finding at the labels, wherever they stand in the call."""
    if not record.reports:
        return
    y = next((leaf for leaf in leaves(batches.y) if isinstance(leaf, Tensor)), None)
    held_out = call.argument_site("validation_data") if batches.held_out else None
    where = held_out or call.argument_site("y") or call.argument_site(1)
    call.find(replace(record.reports[0], blame=("y_true", "y")), "keras", {"y_true": where, "y": y})


def _predicted(call: Call, model: Instance, x: Any, rows: Any) -> Value:
    """What ``predict_step`` gives, as arrays; a step is traced for the numbers of the first batch."""
    if user_method(call, model, "predict_step") is not None or call.backend() != "tensorflow":
        return Unknown("what a model predicts")
    before = traced_before(call, model, "predict")
    with call.caught() if before is not None else nullcontext():
        result = call.thaw(invoked(call, model, [call.freeze(x)], {"training": False}, eager=False))
    if not raises(call):
        remember_trace(call, model, "predict", ranks_of(x))
    elif before is not None:
        call.doubt()
        return Unknown("what a model predicts")
    if raises(call) and call.local.get("doubtful") is True:
        return Unknown("nobody words what raises")
    return call.freeze(as_arrays(result, rows))


def as_arrays(value: Any, rows: Any) -> Any:
    """Outputs of batches as arrays with a row for each sample."""
    if isinstance(value, Tensor):
        shape = Shape((rows, *value.shape[1:])) if isinstance(value.shape, Shape) and value.shape else value.shape
        return replace(value, shape=shape, kind="numpy", name=None)
    if isinstance(value, (list, tuple)) and not isinstance(value, Shape):
        return type(value)(as_arrays(item, rows) for item in value)
    if isinstance(value, Mapping):
        return {key: as_arrays(item, rows) for key, item in value.items()}
    return value


def _eagerly(call: Call, model: Instance) -> bool:
    return argument(call, model, "run_eagerly") is True


def _bound(call: Call, order: tuple[str, ...], args: Any, kwargs: Mapping[str, Value]) -> dict[str, Any]:
    """The arguments by name, thawed; iterators stay what they are."""
    given = {name: call.resolve(value) for name, value in (*zip(order, args, strict=False), *kwargs.items())}
    return {name: value if isinstance(value, Stream) else call.thaw(value) for name, value in given.items()}


def _blamed(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: next((x for x in leaves(value) if isinstance(x, Tensor)), None) for name, value in given.items()}


def _whole(structure: Any) -> Any:
    """All of the data as one batch."""
    if isinstance(structure, (list, tuple)) and not isinstance(structure, Shape):
        return type(structure)(_whole(item) for item in structure)
    if isinstance(structure, dict):
        return {key: _whole(item) for key, item in structure.items()}
    if not isinstance(structure, Tensor):
        return structure
    cast = structure.dtype not in (None, "float32") and is_float(structure.dtype)
    dtype, name = ("float32", "Cast") if cast else (structure.dtype, None)  # the model casts, by a node of that name
    return Tensor(structure.shape, dtype, "tf", structure.made, name)


def _with(structure: Any, numbers: Mapping[Any, Any]) -> Any:
    """The structure with numbers for open lengths."""
    if isinstance(structure, (list, tuple)) and not isinstance(structure, Shape):
        return type(structure)(_with(item, numbers) for item in structure)
    if isinstance(structure, dict):
        return {key: _with(item, numbers) for key, item in structure.items()}
    if isinstance(structure, Tensor) and isinstance(structure.shape, Shape):
        return replace(structure, shape=Shape(substitute(dim, dict(numbers)) for dim in structure.shape))
    return structure


__all__ = ["as_arrays", "evaluate", "fit", "predict"]
