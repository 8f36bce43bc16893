"""compile, fit, evaluate, predict, summary and saving: what a model does with data.

Follows keras/src/trainers and keras/src/backend/tensorflow/trainer.py: ``fit`` traces the model for batches
of open size, ``predict`` runs it on the first batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...rule import Call, function
from ...shape import Shape
from ...value import Instance, Tensor, Unknown, Value

BATCH = 32


@function("keras.Model.predict", raw=True)
def predict(call: Call, self: Instance, x: Value, batch_size: Value = None, *args: Value, **kwargs: Value) -> Value:
    """``model.predict(x)``: the outputs as arrays, one row for each row of ``x``."""
    data = call.thaw(call.resolve(x))
    if not isinstance(data, Tensor) or not isinstance(data.shape, Shape) or not data.shape:
        return Unknown("what a model predicts")
    rows = data.shape[0]
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
@function("keras.Model.save", raw=True)
@function("keras.Model.save_weights", raw=True)
@function("keras.Model.load_weights", raw=True)
@function("keras.Model.export", raw=True)
@function("keras.Model.summary", raw=True)
@function("keras.Model.reset_metrics", raw=True)
@function("keras.Model.reset_states", raw=True)
@function("keras.Model.compile_from_config", raw=True)
def nothing(call: Call, self: Instance, *args: Value, **kwargs: Value) -> None:
    """Returns None, and changes no shape."""


@function("keras.Model.fit", raw=True)
@function("keras.Model.evaluate", raw=True)
@function("keras.Model.train_on_batch", raw=True)
@function("keras.Model.test_on_batch", raw=True)
@function("keras.Model.to_json", raw=True)
@function("keras.Model.get_metrics_result", raw=True)
def unknown_result(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Numbers that nobody knows before running it."""
    return Unknown("what training gives")


def _as_arrays(value: Any, rows: Any) -> Any:
    if isinstance(value, Tensor):
        shape = Shape((rows, *value.shape[1:])) if isinstance(value.shape, Shape) and value.shape else value.shape
        return replace(value, shape=shape, kind="numpy", name=None)
    if isinstance(value, (list, tuple)) and not isinstance(value, Shape):
        return type(value)(_as_arrays(item, rows) for item in value)
    if isinstance(value, Mapping):
        return {key: _as_arrays(item, rows) for key, item in value.items()}
    return value
