"""Names of objects in the constructors of Keras 2: activations, initializers, regularizers, constraints.

Follows the functions ``get`` of tf_keras/src/activations.py, initializers, regularizers.py and constraints.py.
"""

from __future__ import annotations

from typing import Any

from ...evidence import report
from ...problems import BadSetting
from ...value import Unknown
from .arguments import IDENTIFIERS

KINDS = {
    "activation": "activation function",
    "initializer": "initializer",
    "regularizer": "regularizer",
    "constraint": "constraint",
}

NEW = frozenset(
    (
        *("celu", "glu", "hard_shrink", "hard_silu", "hard_swish", "hard_tanh", "log_sigmoid", "soft_shrink"),
        *("sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "tanh_shrink", "threshold"),
        *("IdentityInitializer", "OrthogonalInitializer", "STFT", "STFTInitializer", "stft", "constraint"),
    )
)
"""Names that only Keras 3 knows."""

OLD = frozenset(
    (
        *("ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax", "ThresholdedReLU", "deserialize", "get", "serialize"),
        *("RadialConstraint", "maxnorm", "nonneg", "radial_constraint", "unitnorm"),
        *(f"{name}V2" for name in IDENTIFIERS["initializer"]),
    )
)
"""Names that only Keras 2 knows."""


def identifiers(**given: Any) -> None:
    """Check the settings that name objects, in the order in which they are given."""
    for name, value in given.items():
        identifier(name, value)


def identifier(name: str, value: Any) -> Any:
    """One setting; a regularizer may be any text, it is looked up when it is used."""
    kind = KINDS[name.rpartition("_")[2]]
    if isinstance(value, str):
        known = kind == "regularizer" or value in OLD or (value in IDENTIFIERS[kind] and value not in NEW)
    else:
        known = not isinstance(value, (bool, int, float, tuple, list))
    if not known:
        report(BadSetting(name, value, "not-interpreted", options=(kind,)), blame=(name,))
        return Unknown(name)
    return value
