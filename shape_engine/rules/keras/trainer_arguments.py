"""What ``compile``, ``fit``, ``evaluate``, ``predict`` and their steps take, in Keras 3 and in Keras 2.

Follows keras/src/trainers/trainer.py, keras/src/backend/*/trainer.py and tf_keras/src/engine/training.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...evidence import Record, collect, report
from ...problems import BadModel
from ...rule import Call
from ...value import Instance, Stream, Value
from .arguments import python_binding
from .machine import MACHINE

TRAINERS = {"tensorflow": "TensorFlowTrainer", "jax": "JAXTrainer", "torch": "TorchTrainer", "numpy": "NumpyTrainer"}
"""The class that defines the methods, by backend."""

_FIT = (
    "x y batch_size epochs verbose callbacks validation_split validation_data shuffle class_weight sample_weight "
    "initial_epoch steps_per_epoch validation_steps validation_batch_size validation_freq"
)
_WORKERS = "max_queue_size workers use_multiprocessing"

KERAS_3 = {
    "compile": "optimizer loss loss_weights metrics weighted_metrics run_eagerly steps_per_execution jit_compile "
    "auto_scale_loss",
    "fit": _FIT,
    "evaluate": "x y batch_size verbose sample_weight steps callbacks return_dict",
    "predict": "x batch_size verbose steps callbacks",
    "train_on_batch": "x y sample_weight class_weight return_dict",
    "test_on_batch": "x y sample_weight return_dict",
}
KERAS_2 = {
    "compile": "optimizer loss metrics loss_weights weighted_metrics run_eagerly steps_per_execution jit_compile "
    "pss_evaluation_shards",
    "fit": f"{_FIT} {_WORKERS}",
    "evaluate": f"x y batch_size verbose sample_weight steps callbacks {_WORKERS} return_dict",
    "predict": f"x batch_size verbose steps callbacks {_WORKERS}",
    "train_on_batch": "x y sample_weight class_weight reset_metrics return_dict",
    "test_on_batch": "x y sample_weight reset_metrics return_dict",
}
OLD = ("cloning", "experimental_run_tf_function", "distribute", "target_tensors", "sample_weight_mode")
"""What ``compile`` of Keras 2 takes among its keyword arguments, for the sake of old programs."""


def bound(
    call: Call, model: Instance, method: str, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> dict[str, Value]:
    """The arguments by name, thawed; iterators stay what they are.  Finds the exception of what does not bind."""
    machine = MACHINE.of(model)
    new = machine.framework == "keras"
    order = (KERAS_3 if new else KERAS_2)[method].split()
    owner = ("Trainer" if method == "compile" else TRAINERS.get(call.backend(), "?")) if new else "Model"
    rest = method == "evaluate" or (method == "compile" and not new)
    needed = () if method in ("compile", "fit", "evaluate") else ("x",)
    with collect() as record:
        found = python_binding(f"{owner}.{method}", order, needed, args, kwargs, open=rest)
        odd = {name: call.thaw(call.resolve(found.pop(name))) for name in list(found) if name not in order}
        if method == "compile":
            odd = {name: value for name, value in odd.items() if name not in OLD}
        if odd and new:
            report(BadModel("unknown-arguments", quoted=(odd,)), blame=tuple(odd))
        elif odd:
            names = set(odd) if method == "compile" else list(odd)
            report(BadModel(f"unknown-arguments-{method}", quoted=(names,)), blame=tuple(odd))
    tell(call, record, model)
    resolved = {name: call.resolve(value) for name, value in found.items()}
    return {name: value if isinstance(value, Stream) else call.thaw(value) for name, value in resolved.items()}


def tell(call: Call, record: Record, model: Instance) -> None:
    """Make a finding of what a call of a trainer refuses, in either Keras."""
    if record.reports:
        call.local["raised"] = True
        call.find(record.reports[0], MACHINE.of(model).framework)


__all__ = ["KERAS_2", "KERAS_3", "bound", "tell"]
