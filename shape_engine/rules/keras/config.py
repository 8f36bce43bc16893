"""Keras' global settings: keras.config, keras.backend, keras.mixed_precision."""

from __future__ import annotations

from typing import Any

from ...rule import Call, alias, attribute, function
from ...value import Instance, Unknown
from .state import GLOBAL


@function("keras.config.set_image_data_format")
def set_image_data_format(call: Call, data_format: Any) -> None:
    """From now on what ``data_format=None`` means."""
    known = data_format in ("channels_first", "channels_last")
    call.set(GLOBAL, ".data_format", data_format if known else Unknown("data_format"))


@function("keras.config.image_data_format")
def image_data_format(call: Call) -> Any:
    """What ``data_format=None`` means."""
    return call.get(GLOBAL, ".data_format") or "channels_last"


@function("keras.config.set_dtype_policy")
def set_dtype_policy(call: Call, policy: Any) -> None:
    """From now on what ``dtype=None`` means."""
    if isinstance(policy, Instance):
        policy = call.get(policy, ".policy")
    call.set(GLOBAL, ".dtype_policy", policy if isinstance(policy, str) else Unknown("dtype"))


@function("keras.config.dtype_policy", raw=True)
def dtype_policy(call: Call) -> Any:
    """The policy that is set, by a name that is not followed further."""
    return Unknown("a policy of dtypes")


@function("keras.config.set_floatx")
def set_floatx(call: Call, value: Any) -> None:
    """The dtype of tensors and layers for which none is given."""
    call.set(GLOBAL, ".floatx", value if isinstance(value, str) else Unknown("floatx"))
    if call.get(GLOBAL, ".dtype_policy") is None:
        call.set(GLOBAL, ".dtype_policy", value if isinstance(value, str) else Unknown("floatx"))


@function("keras.config.floatx")
def floatx(call: Call) -> Any:
    """The dtype of tensors for which none is given."""
    return call.get(GLOBAL, ".floatx") or "float32"


@attribute("keras.__version__")
def version(call: Call, _: None) -> Any:
    """The version that Keras 3 says of itself."""
    return ".".join(map(str, call.version("keras"))) if call.flavour == "keras" else Unknown("a version of Keras 2")


alias("keras.config.set_image_data_format", "keras.backend.set_image_data_format")
alias("keras.config.image_data_format", "keras.backend.image_data_format")
alias(
    "keras.config.set_dtype_policy", "keras.mixed_precision.set_global_policy", "keras.mixed_precision.set_dtype_policy"
)
alias("keras.config.dtype_policy", "keras.mixed_precision.global_policy", "keras.mixed_precision.dtype_policy")
alias("keras.config.set_floatx", "keras.backend.set_floatx")
alias("keras.config.floatx", "keras.backend.floatx")
