"""Low-rank adapters: two small weights that are trained in the place of a kernel or a table of vectors.

Follows ``enable_lora`` in keras/src/layers/core/{dense,einsum_dense,embedding}.py and convolutional/base_conv.py.
"""

from __future__ import annotations

from typing import Any

from ...dim import is_dim
from ...evidence import collect, report
from ...problems import BadWeightShape
from ...rule import Call, function
from ...value import Instance, Unknown, Value
from .common import python_error, undecided
from .machine import MACHINE
from .state import is_built

HIDDEN = ("lora_rank", "lora_alpha")
"""What the constructors take by name."""

CONSTRAINED = {
    "kernel": "Lora is incompatible with kernel constraints. In order to enable lora on this layer, remove the "
    "`kernel_constraint` argument.",
    "embeddings": "Lora is incompatible with embedding constraints. In order to enable lora on this layer, remove the "
    "`embeddings_constraint` argument.",
}


def adapted(
    rank: Any, weight: tuple[Any, ...], of: str, constraint: Any, *, tracked: bool = False
) -> dict[str, tuple[Any, ...]]:
    """The two weights beside ``weight``, which is called "kernel" or "embeddings"; none without a rank.

    Reports a constraint and a rank that is no length.  ``tracked``: the shape of the first is made from what TensorFlow
    tracks as the shape of the weight, which refuses in its own words.
    """
    if undecided(rank) or not (is_dim(rank) or isinstance(rank, (bool, float, str, tuple, list))) or not rank:
        return {}
    first, last = (*weight[:-1], rank), (rank, weight[-1])
    if constraint is not None and not undecided(constraint):
        python_error("ValueError", CONSTRAINED[of], "lora_rank", f"{of}_constraint")
    elif not is_dim(rank) and not isinstance(rank, bool):
        kind = "<class 'keras.src.utils.tracking.TrackedList'>" if isinstance(rank, list) else str(type(rank))
        if tracked:
            text = "Dimension value must be integer or None or have an __index__ method, got value "
            python_error("TypeError", f"{text}'{rank!r}' with type '{kind}'", "lora_rank")
        else:
            text = f"Cannot convert '{first}' to a shape. Found invalid dimension '{rank}' of type '{kind}'. "
            python_error("ValueError", text, "lora_rank")
    elif isinstance(rank, int) and rank < 0:
        if tracked:
            python_error("ValueError", f"Dimension {rank} must be >= 0", "lora_rank")
        else:
            report(BadWeightShape(first, rank), blame=("lora_rank",))
    return {f"lora_{of}_a": first, f"lora_{of}_b": last}


@function("keras.layers.Conv1D.enable_lora", raw=True)
@function("keras.layers.Conv2D.enable_lora", raw=True)
@function("keras.layers.Conv3D.enable_lora", raw=True)
@function("keras.layers.Dense.enable_lora", raw=True)
@function("keras.layers.EinsumDense.enable_lora", raw=True)
@function("keras.layers.Embedding.enable_lora", raw=True)
@function("keras.layers.ReversibleEmbedding.enable_lora", raw=True)
def enable_lora(
    call: Call,
    self: Instance,
    rank: Value,
    lora_alpha: Value = None,
    a_initializer: Value = "he_uniform",
    b_initializer: Value = "zeros",
) -> Value:
    """``layer.enable_lora(rank)``: two more weights, once, on a layer that is built."""
    from .methods import rule_of

    rule, weights = rule_of(call, self), dict(MACHINE.weights(call, self))
    of = next((name for name in ("kernel", "embeddings") if name in weights), "kernel")
    text = ""
    if rule is None or "lora_rank" not in rule.settings:
        return Unknown("enable_lora is not modelled")
    settings = MACHINE.settings(call, self) or {}
    constraint = settings.get(f"{of}_constraint")
    with collect() as record:
        if constraint is None and is_built(call, self) is False:
            text = "Cannot enable lora on a layer that isn't yet built."
        elif constraint is None and f"lora_{of}_a" in weights:
            text = "lora is already enabled. This can only be done once per layer."
        if text:
            python_error("ValueError", text, "rank")
        elif of in weights:
            tracked = rule.name.startswith(("Conv", "Einsum")) and call.backend() == "tensorflow"
            more = adapted(call.thaw(call.resolve(rank)), weights[of], of, constraint, tracked=tracked)
            call.set(self, ".weights", (*weights.items(), *more.items()))
    MACHINE.of(self).tell(call, record, self, {})
    return None
