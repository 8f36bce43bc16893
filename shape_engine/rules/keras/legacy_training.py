"""fit, evaluate and predict of Keras 2 for one array and its labels.

Follows tf_keras/src/engine/training.py and tf_keras/src/losses.py.  Everything runs in a traced function: batches have
an open size, unless the last one is full too, and labels with one axis get a second one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext, suppress
from typing import Any

from ...dim import surely_differ
from ...evidence import collect, report
from ...problems import BadModel, RefusedInputs
from ...rule import Call, function
from ...shape import Shape
from ...value import Class, Instance, Known, Tensor, Unknown, Value
from ...wording import Frame
from .batches import batch_size, check_cardinality, unpacked
from .compiled import argument
from .graph import layer_of
from .inputs import leaves
from .losses import BY_NAME, NotKnown, same_rank, surely_other
from .machine import MACHINE
from .state import is_float, reopen
from .steps import quietly_so_far, raises, ranks_of, remember_trace, traced_before

OPERATIONS = {
    "mean_squared_error": ("SquaredDifference", True),
    "mean_absolute_error": ("Sub", True),
    "mean_absolute_percentage_error": ("Sub", False),
    "mean_squared_logarithmic_error": ("SquaredDifference", True),
    "cosine_similarity": ("Mul", False),
    "huber": ("Sub", True),
    "log_cosh": ("Sub", True),
    "kl_divergence": ("RealDiv", False),
    "poisson": ("Mul", False),
    "hinge": ("Mul", False),
    "binary_crossentropy": ("Mul", False),
}
"""By loss: the operation that meets target and output, and whether the output stands first."""

_TRACED = Frame("", "", "traced", framework="tf_keras")


def check_data(call: Call, model: Instance, given: Mapping[str, Any], training: bool) -> None:
    """The first exception of ``fit``: not compiled, lengths that differ, data against the model, labels against its output."""
    if call.get(model, ".compiled") is None and not isinstance(model.cls, Class):
        with collect() as record:
            report(BadModel("not-compiled"))
        MACHINE.of(model).tell(call, record, model, {})
        return
    odd = ("validation_split", "sample_weight", "class_weight", "steps_per_epoch", "steps")
    name = "train" if training else "test"
    if any(given.get(option) not in (None, 0, 0.0) for option in odd):
        remember_trace(call, model, name, Unknown("data that are not followed"))
        return
    size = given.get("batch_size")
    going_on = _step(call, model, given.get("x"), given.get("y"), size, name)
    held_out = given.get("validation_data")
    parts = unpacked(held_out) if held_out is not None and going_on and given.get("epochs", 1) != 0 else None
    if parts is not None and parts[2] is None:
        _step(call, model, parts[0], parts[1], given.get("validation_batch_size") or size, "test")


@function("keras.Model.fit_generator", raw=True, method="fit")
@function("keras.Model.evaluate_generator", raw=True, method="evaluate")
@function("keras.Model.predict_generator", raw=True, method="predict")
def on_generator(call: Call, self: Instance, generator: Value, *args: Value, method: str, **kwargs: Value) -> Value:
    """``model.fit_generator(generator, steps_per_epoch, epochs)`` is ``fit``."""
    order = ("steps_per_epoch", "epochs", "verbose", "callbacks") if method == "fit" else ("steps", "callbacks")
    given = dict(zip(order, args, strict=False)) | kwargs
    return call.invoke(call.attribute(self, method), [generator], given)


def predicted(call: Call, model: Instance, x: Any, size: Any = None) -> Value:
    """``predict(x)`` for one array: the outputs as arrays, one row for each row of ``x``."""
    from .training import as_arrays

    if not isinstance(x, Tensor) or not _whole(x.shape):
        return Unknown("what a model predicts")
    assert isinstance(x.shape, Shape)
    quietly_so_far(call)
    before = traced_before(call, model, "predict")
    with call.caught() if before is not None else nullcontext():
        result = traced(call, model, _batch(call, x, size), False)
    if not raises(call):
        remember_trace(call, model, "predict", ranks_of(x))
    elif before is not None:
        call.doubt()
        return Unknown("what a model predicts")
    return call.freeze(as_arrays(call.thaw(result), x.shape[0]))


def traced(call: Call, model: Instance, batch: Tensor, training: bool) -> Value:
    """The model's call on a batch, as the traced function of ``fit`` or ``predict`` makes it."""
    outer = call.local.get("symbolic")
    call.local["symbolic"] = True
    try:
        with call.inside(_TRACED):
            return call.invoke(model, [batch], {"training": training})
    finally:
        call.local["symbolic"] = outer is True


def _step(call: Call, model: Instance, data: Any, labels: Any, size: Any, name: str) -> bool:
    machine = MACHINE.of(model)
    quietly_so_far(call)
    with collect() as record:
        check_cardinality(data, labels)
    machine.tell(call, record, model, {"x": _first(data), "y": _first(labels)})
    if record.reports:
        return False
    before = traced_before(call, model, name)
    if before is not None or not isinstance(data, Tensor) or not _whole(data.shape):
        remember_trace(call, model, name, Unknown("a step that is not known"))
        return False
    batch = _batch(call, data, size)
    output = traced(call, model, batch, name == "train")
    if raises(call) or not isinstance(output, Tensor) or not _whole(output.shape):
        if not raises(call):
            remember_trace(call, model, name, Unknown("a step that is not known"))
        return False
    if isinstance(labels, Tensor) and _whole(labels.shape):
        assert isinstance(labels.shape, Shape)
        assert isinstance(batch.shape, Shape)
        assert isinstance(output.shape, Shape)
        target = Shape((batch.shape[0], *(labels.shape[1:] or (1,))))
        with collect() as record, call.inside(_TRACED):
            with suppress(NotKnown):
                _check_loss(call, model, target, output.shape)
            machine.tell(call, record, model, {"y": labels})
        if record.reports:
            return False
    remember_trace(call, model, name, ranks_of(data, labels))
    return True


def _check_loss(call: Call, model: Instance, target: Shape, output: Shape) -> None:
    """What the loss compares: exact shapes, or element by element."""
    name, logits = _loss(call, model)
    target, output = same_rank(target, output, expand=False)
    if name == "categorical_crossentropy":
        if len(target) != len(output) or surely_other(target, output):
            report(RefusedInputs("loss-shape", (target, output)), blame=("y",))
        return
    if name == "sparse_categorical_crossentropy" or name not in OPERATIONS or logits:
        return
    if name == "binary_crossentropy":
        activation = _activation(call, model)
        if activation in ("sigmoid", "softmax"):
            if len(target) == len(output) and surely_other(target, output):
                report(RefusedInputs("loss-logits", (output, target)), blame=("y",))
            return
        if activation not in (None, "linear", "relu", "tanh"):
            return
    op, turned = OPERATIONS[name]
    pair = (output, target) if turned else (target, output)
    if len(target) != len(output):
        return
    apart = [(a, b) for a, b in zip(pair[0][1:], pair[1][1:], strict=True) if surely_differ(a, b) and 1 not in (a, b)]
    if apart:
        report(RefusedInputs("loss-node", pair, op, apart[0]), blame=("y",))


def _loss(call: Call, model: Instance) -> tuple[str, bool]:
    """The function that the loss is, and whether it is told to take logits."""
    loss = argument(call, model, "loss")
    if isinstance(loss, str):
        return BY_NAME.get(loss, ""), False
    if isinstance(loss, Known):
        return loss.target.rpartition(".")[2], False
    if isinstance(loss, Instance) and isinstance(loss.cls, Known):
        options = reopen(call.get(loss, ".options"))
        name = call.get(loss, ".fn")
        if isinstance(name, str) and isinstance(options, dict):
            return name, options.get("from_logits", False) is not False
    return "", False


def _activation(call: Call, model: Instance) -> Any:
    """The activation of the layer that gives the output; Unknown where that is not a name."""
    graph = call.get(model, ".graph")
    outputs = leaves(call.thaw(graph[1]) if isinstance(graph, tuple) else reopen(call.get(model, ".outputs")))
    output = outputs[0] if len(outputs) == 1 else None
    if not isinstance(output, Tensor) or output.made is None or layer_of(output) is None:
        return Unknown("an activation")
    if output.made.by not in ("keras.layers.Dense", "keras.layers.Activation") and "Conv" not in output.made.by:
        return Unknown("an activation")
    return dict(output.made.given).get("activation", Unknown("an activation"))


def _batch(call: Call, data: Tensor, size: Any) -> Tensor:
    """A batch of an array in the traced function; an array with one axis gets a second one."""
    assert isinstance(data.shape, Shape)
    length, _ = batch_size(call, data.shape[0], size, None)
    dtype = "float32" if is_float(data.dtype) else data.dtype
    return Tensor(Shape((length, *(data.shape[1:] or (1,)))), dtype, "tf", data.made)


def _first(structure: Any) -> Tensor | None:
    return next((leaf for leaf in leaves(structure) if isinstance(leaf, Tensor)), None)


def _whole(shape: Any) -> bool:
    return isinstance(shape, Shape) and len(shape) > 0


__all__ = ["check_data", "predicted", "traced"]
