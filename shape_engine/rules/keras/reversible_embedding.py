"""ReversibleEmbedding: from numbers to vectors, and back (keras/src/layers/core/reversible_embedding.py)."""

from __future__ import annotations

from typing import Any

from ...dim import surely_differ
from ...rule import layer, phase
from ...shape import Shape
from ...value import Tensor
from .common import NO_RANK, as_dim, python_error, shape_of, undecided
from .core import embedding, embedding_before
from .lora import adapted
from .machine import CONTEXT, MACHINE


@layer("keras.layers.ReversibleEmbedding", machine=MACHINE, neutral=("embeddings_initializer", "embeddings_regularizer", "mask_zero", "reverse_dtype", "logit_soft_cap"), keywords=("weights", "lora_rank", "lora_alpha", "quantization_config"), builds_once=True, casts=False, takes="words", **CONTEXT)  # fmt: skip
def reversible_embedding(
    inputs: Any, reverse: Any = False, *, input_dim: Any, output_dim: Any, name: str, eager: bool
) -> Any:
    """A vector for each entry, or with ``reverse`` a score for each row of the table; symbolically unchecked."""
    shape = shape_of(inputs)
    words = isinstance(inputs, Tensor) and inputs.dtype == "string"
    if shape is None or undecided(reverse) or (eager and words):
        return NO_RANK
    if not reverse:
        return embedding(inputs, input_dim=input_dim, output_dim=output_dim, name=name, eager=eager)
    if not shape or (eager and (len(shape) < 2 or surely_differ(shape[-1], as_dim(output_dim, "output_dim", name)))):
        return NO_RANK
    return Shape((*shape[:-1], as_dim(input_dim, "input_dim", name)))


@phase(reversible_embedding, "before")
def reversible_embedding_before(*, input_dim: Any, output_dim: Any) -> None:
    """As for Embedding."""
    embedding_before(input_dim=input_dim, output_dim=output_dim)


@phase(reversible_embedding, "constructor")
def reversible_embedding_constructor(
    *,
    input_dim: Any,
    output_dim: Any,
    tie_weights: Any = True,
    embeddings_constraint: Any = None,
    lora_rank: Any = None,
) -> None:
    """Nothing more is checked."""


@phase(reversible_embedding, "build")
def reversible_embedding_build(
    shape: Any,
    *,
    input_dim: Any,
    output_dim: Any,
    tie_weights: Any,
    embeddings_constraint: Any = None,
    lora_rank: Any = None,
    name: str,
) -> dict[str, tuple[Any, ...]]:
    """A table, and a second one for the way back unless the first serves for it; low rank locks the layer before."""
    table = (as_dim(input_dim, "input_dim", name), as_dim(output_dim, "output_dim", name))
    lora = adapted(lora_rank, table, "embeddings", embeddings_constraint)
    if tie_weights:
        return {"embeddings": table, **lora}
    if lora:
        python_error("ValueError", "None", "tie_weights", "lora_rank")
    return {"embeddings": table, **(lora or {"reverse_embeddings": table[::-1]})}
