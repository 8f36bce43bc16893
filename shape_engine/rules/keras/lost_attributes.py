"""Attributes and methods that objects of Keras had in earlier versions, and have no more."""

from __future__ import annotations

from ...evidence import collect, report
from ...problems import PythonError
from ...rule import MISSING, REGISTRY, Call
from ...value import Class, Instance, Known, Unknown, Value
from .state import class_name, flavour_of

LAYERS = (
    "input_shape output_shape get_output_at get_input_at get_input_shape_at get_output_shape_at get_input_mask_at "
    "get_output_mask_at inbound_nodes outbound_nodes batch_input_shape input_mask output_mask updates add_update "
    "get_updates_for get_losses_for dynamic submodules name_scope state_updates"
)
MODELS = (
    "fit_generator predict_generator evaluate_generator predict_classes predict_proba to_yaml reset_states "
    "_make_predict_function uses_learning_phase state_updates updates get_output_at get_input_at get_output_shape_at "
    "get_input_shape_at inbound_nodes outbound_nodes total_loss targets sample_weights container_nodes"
)
OLD = "predict_classes predict_proba uses_learning_phase container_nodes"
OF_LAYERS = frozenset(LAYERS.split())
"""What every layer of Keras 2 has, and no layer of Keras 3."""

OF_MODELS = {"keras": frozenset(MODELS.split()), "tf_keras": frozenset(OLD.split())}
"""Methods and attributes of models, by the Keras that has them no more."""


def lost_attribute(call: Call, obj: Instance, name: str, cls: str | None = None) -> Value:
    """Find the AttributeError, unless a class of the user's, or code that is not followed, may give the attribute."""
    if (
        _known(obj.cls)
        and call.get(obj, ".open") is None
        and not any(call.method(obj, own) is not MISSING for own in (name, "__getattr__", "__getattribute__"))
    ):
        with collect() as record:
            report(PythonError("AttributeError", f"'{cls or class_name(obj)}' object has no attribute '{name}'"))
        call.find(record.reports[0], flavour_of(obj))
    return Unknown(f"{name} of an object that has it no more")


def _known(cls: Value) -> bool:
    """Whether all that a class derives from is the program's, or modelled."""
    if isinstance(cls, Class):
        return all(map(_known, cls.bases))
    return isinstance(cls, Known) and REGISTRY.find(cls.target) is not None


__all__ = ["OF_LAYERS", "OF_MODELS", "lost_attribute"]
