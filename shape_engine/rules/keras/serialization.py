"""Layers and models as plain data, and made anew from it: ``get_config``, ``from_config``, ``serialize``, ``to_json``.

Follows keras/src/layers/layer.py, keras/src/ops/operation.py, keras/src/models/{model,sequential,functional}.py and
keras/src/saving/serialization_lib.py.  The data is a Config: of what is in it only a part is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dim import is_symbolic
from ...evidence import report
from ...problems import PythonError
from ...rule import MISSING, Call, ClassRule, alias, class_rule, function
from ...value import Class, Instance, Known, Unknown, Value
from .cloning import clone_model
from .common import undecided
from .holding import anew, is_layer
from .machine import MACHINE
from .methods import rule_of
from .state import MIXED, flavour_of, layers_inside

AS_GIVEN = frozenset(
    (
        *("units", "filters", "padding", "data_format", "groups", "rate", "epsilon", "momentum", "input_dim"),
        *("output_dim", "num_heads", "key_dim", "use_bias", "return_sequences", "return_state", "go_backwards"),
        *("stateful", "unroll", "n", "axes", "center", "num_bins", "depth_multiplier", "interpolation"),
    )
)
"""The settings that are written down as they were given."""

AS_TUPLES = frozenset({"kernel_size", "strides", "dilation_rate", "pool_size", "size", "target_shape", "dims"})
"""The settings that are written down as tuples, if they are kept as such."""


@class_rule("keras.config", "builtins.dict")
class Config(ClassRule):
    """What ``get_config`` gives for a layer or a model; with ``.whole`` the dict of its class around that."""

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """A method of dicts."""
        return Unknown(f"{name} of a configuration")

    def item(self, call: Call, obj: Instance, key: Value) -> Value:
        """What is known by this key."""
        key, of = call.resolve(key), call.get(obj, ".of")
        if call.get(obj, ".changed") is True or not isinstance(key, str) or not isinstance(of, Instance):
            return Unknown("an entry of a configuration")
        if call.get(obj, ".whole") is True:
            return config_of(call, of) if key == "config" else Unknown("an entry of a configuration")
        if key == "name":
            return call.plain(call.get(of, ".name"))
        if key == "trainable":
            return call.get(of, ".trainable")
        return _entry(MACHINE.settings(call, of) or {}, key)

    def set_item(self, call: Call, obj: Instance, key: Value, value: Value) -> None:
        """Another entry: what is made of it is not followed."""
        call.set(obj, ".changed", True)

    def delete_item(self, call: Call, obj: Instance, key: Value) -> None:
        """One entry less."""
        call.set(obj, ".changed", True)

    def forget(self, call: Call, obj: Instance) -> None:
        """It may be changed."""
        call.set(obj, ".changed", True)


@class_rule("keras.json", "builtins.str")
class Json(ClassRule):
    """What ``to_json`` gives."""

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """A method of texts."""
        return Unknown(f"{name} of a text")


@function("keras.layers.Layer.get_config", raw=True)
def get_config(call: Call, self: Instance) -> Value:
    """The settings; for a class of the user's that asks by ``super()``, what all layers have."""
    if not isinstance(self.cls, Class):
        return config_of(call, self)
    asked = call.method(self, "get_config") is not MISSING
    if rule_of(call, self) is not None or not asked or flavour_of(self) != "keras":
        return Unknown("a configuration")
    if call.get(self, ".model") is not None or call.get(self, ".regularized") is not None:
        return Unknown("a configuration")
    policy = call.new(Known("keras.config", "keras"))
    call.set(policy, ".policy", _policy(call, self))
    name = call.plain(call.get(self, ".name"))
    return call.new_dict({"name": name, "trainable": call.get(self, ".trainable"), "dtype": policy})


@function("keras.Model.get_config", raw=True)
def get_model_config(call: Call, self: Instance) -> Value:
    """The layers and how they are put together; a class of the user's tells what it will."""
    return config_of(call, self) if isinstance(self.cls, Known) else Unknown("a configuration")


@function("keras.Model.to_json", raw=True)
def to_json(call: Call, self: Instance, **kwargs: Value) -> Value:
    """The same as a text."""
    if not isinstance(self.cls, Known):
        return Unknown("a model of the user's as a text")
    return _written(call, "keras.json", self)


@function("keras.saving.serialize_keras_object", raw=True)
def serialize_object(call: Call, obj: Value) -> Value:
    """A layer or model as a dict, its class told beside its configuration."""
    of = call.resolve(obj)
    if not isinstance(of, Instance) or not is_layer(call, of) or not isinstance(of.cls, Known):
        return Unknown("something that is written down")
    made = _written(call, "keras.config", of)
    call.set(made, ".whole", True)
    return made


@function("keras.layers.serialize", raw=True)
def serialize(call: Call, layer: Value) -> Value:
    """The same of a layer."""
    return serialize_object(call, layer)


@function("keras.saving.deserialize_keras_object", raw=True)
def deserialize_object(call: Call, config: Value, custom_objects: Value = None, **kwargs: Value) -> Value:
    """A layer or model from a dict; from a text what is known by that name."""
    config = call.resolve(config)
    whole = isinstance(config, Instance) and call.get(config, ".whole") is True
    return _made(call, config) if whole else Unknown("what was written down")


@function("keras.layers.deserialize", raw=True)
def deserialize(call: Call, config: Value, custom_objects: Value = None) -> Value:
    """The same of a layer; a text or a number is none."""
    config = call.resolve(config)
    if isinstance(config, (str, int, float)):
        text = "`keras.layers.deserialize` was passed a `config` object that is not a `keras.layers.Layer`. Received: "
        report(PythonError("ValueError", f"{text}{config}"), blame=("config",))
    return deserialize_object(call, config)


@function("keras.models.model_from_json", raw=True)
def model_from_json(call: Call, json_string: Value, custom_objects: Value = None) -> Value:
    """A model from what ``to_json`` gave."""
    text = call.resolve(json_string)
    known = isinstance(text, Instance) and text.cls == Known("keras.json", flavour_of(text))
    return _made(call, text) if known else Unknown("a model that was written down")


def config_of(call: Call, of: Instance) -> Value:
    """The configuration of a layer or model of Keras' own."""
    return _written(call, "keras.config", of)


def class_made(call: Call, cls: Value, name: str, args: Sequence[Value]) -> Value:
    """``Class.from_config(config)``: a class of the user's is called with what the config holds."""
    if name != "from_config" or not args:
        return MISSING
    config = call.resolve(args[0])
    if isinstance(config, Instance) and isinstance(config.cls, Known) and config.cls.target == "keras.config":
        of = call.get(config, ".of")
        fits = isinstance(of, Instance) and (of.cls == cls or call.get(of, ".model") is not None)
        return _made(call, config) if fits and call.get(config, ".whole") is not True else Unknown("a layer")
    given = call.thaw(config)
    if not isinstance(given, dict) or not all(isinstance(key, str) for key in given):
        return Unknown("made from a configuration that is not known")
    return call.invoke(cls, [], {key: call.freeze(value) for key, value in given.items()})


def _written(call: Call, target: str, of: Instance) -> Instance:
    made = call.new(Known(target, flavour_of(of)))
    call.set(made, ".of", of)
    call.set(made, ".parts", layers_inside(call, of) or ())
    return made


def _made(call: Call, config: Instance) -> Value:
    """The layer or model that a configuration tells of, made anew; Unknown where it, or that, was changed since."""
    of = call.get(config, ".of")
    doubt = Unknown("made from a configuration that is not followed")
    if not isinstance(of, Instance) or call.get(config, ".changed", False) is not False:
        return doubt
    if call.get(config, ".parts") != (layers_inside(call, of) or ()):
        return doubt
    if call.get(of, ".model") is not None:
        return clone_model(call, of)
    made = anew(call, of, {}, call.get(of, ".name"))
    return doubt if made is None else made


def _entry(settings: Mapping[str, Any], key: str) -> Value:
    value = settings.get(key, MISSING)
    if value is MISSING or undecided(value):
        return Unknown(key)
    if key == "activation":
        return "linear" if value is None else value if isinstance(value, str) else Unknown(key)
    given = key in AS_GIVEN and (isinstance(value, (bool, int, float, str)) or is_symbolic(value))
    whole = key in AS_TUPLES and isinstance(value, tuple) and all(isinstance(part, (int, tuple)) for part in value)
    return value if given or whole else Unknown(key)


def _policy(call: Call, layer: Instance) -> Value:
    """The name of the dtype policy."""
    pair = call.get(layer, ".dtype"), call.get(layer, ".variable_dtype")
    mixed = next((name for name, dtypes in MIXED.items() if dtypes == pair), None)
    return mixed or (pair[0] if isinstance(pair[0], str) and pair[0] == pair[1] else Unknown("a dtype policy"))


alias("keras.models.model_from_json", "keras.src.models.model_from_json")
