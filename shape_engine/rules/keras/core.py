"""Dense, Embedding, activations: layers that keep the shape, or change its last axis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...dim import is_dynamic, surely_less
from ...evidence import report
from ...formulas.broadcast import broadcast
from ...formulas.contract import projected
from ...problems import UnknownLength
from ...rule import layer, phase
from ...shape import Shape
from ...value import Known, Tensor
from .arguments import identifier, identifiers
from .common import (
    NO_RANK,
    as_dim,
    checked_length,
    kept,
    python_error,
    refuse,
    shape_of,
)
from .lora import adapted
from .machine import CONTEXT, MACHINE, Spec


@layer("keras.layers.Dense", machine=MACHINE, neutral=("lora_alpha", "quantization_config"), **CONTEXT)
def dense(inputs: Any, training: Any = None, *, units: Any, name: str, eager: bool) -> Any:
    """The last axis becomes ``units``; follows keras/src/layers/core/dense.py."""
    shape = shape_of(inputs)
    if eager and isinstance(inputs, Tensor) and inputs.dtype == "string":
        return NO_RANK  # refused in words that depend on the rank
    return NO_RANK if shape is None else projected(shape, as_dim(units, "units", name))


@phase(dense, "constructor")
def dense_constructor(
    *,
    units: Any,
    activation: Any = None,
    use_bias: Any = True,
    kernel_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    lora_rank: Any = None,
) -> None:
    """Objects must be known by name."""
    identifiers(
        activation=activation,
        kernel_initializer=kernel_initializer,
        bias_initializer=bias_initializer,
        kernel_regularizer=kernel_regularizer,
        bias_regularizer=bias_regularizer,
        kernel_constraint=kernel_constraint,
        bias_constraint=bias_constraint,
    )


@phase(dense, "before")
def dense_before(*, units: Any) -> None:
    """Units must be a positive int."""
    checked_length(units, "units", "dense-units", "Dense")


@phase(dense, "spec")
def dense_spec(shape: Any) -> Spec:
    """Rank 2 at least; a built layer fixes the last axis."""
    if not isinstance(shape, Shape) or not shape or is_dynamic(shape[-1]):
        return Spec(min_ndim=2, more=True)
    return Spec(min_ndim=2, axes=((-1, shape[-1]),), more=True)


@phase(dense, "build")
def dense_build(
    shape: Any,
    *,
    units: Any,
    use_bias: Any,
    kernel_constraint: Any = None,
    lora_rank: Any = None,
    name: str,
    path: str,
) -> dict[str, tuple[Any, ...]]:
    """A kernel (features, units), a bias (units,)."""
    if not isinstance(shape, Shape) or not shape:
        return {}
    kernel = (shape[-1], as_dim(units, "units", name))
    if is_dynamic(shape[-1]):
        report(UnknownLength(shape, kernel, f"{path}/kernel"), blame=("inputs",))
    weights = {"kernel": kernel, "bias": kernel[1:]} if use_bias is True or use_bias == 1 else {"kernel": kernel}
    return {**weights, **adapted(lora_rank, kernel, "kernel", kernel_constraint)}


@layer("keras.layers.Embedding", machine=MACHINE, neutral=("embeddings_initializer", "embeddings_regularizer", "mask_zero", "weights", "lora_alpha", "quantization_config", "input_length", "sparse"), builds_once=True, takes="words", casts=False, **CONTEXT)  # fmt: skip
def embedding(inputs: Any, *, input_dim: Any, output_dim: Any, name: str, eager: bool) -> Any:
    """A vector for each entry; follows keras/src/layers/core/embedding.py.  Known entries must be rows of the table."""
    shape = shape_of(inputs)
    if eager and isinstance(input_dim, int) and isinstance(inputs, Tensor):
        for place, entry in _entries(inputs):
            if isinstance(entry, int) and not 0 <= entry < input_dim:
                refuse("inputs", entry, "embedding-index", "Embedding", ",".join(map(str, place)), input_dim)
                break
    return NO_RANK if shape is None else Shape((*shape, as_dim(output_dim, "output_dim", name)))


def _entries(x: Tensor) -> Iterator[tuple[tuple[int, ...], Any]]:
    """The numbers of a small array, and where they stand; of a large one full of ones the first."""
    if x.constant is not None:
        yield from _within(x.constant)
    elif x.made is not None and x.made.by.endswith(".ones") and isinstance(x.shape, Shape):
        yield from [((0,) * len(x.shape), 1)] if all(surely_less(0, dim) for dim in x.shape) else []


def _within(constant: Any, place: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    if isinstance(constant, tuple):
        for n, item in enumerate(constant):
            yield from _within(item, (*place, n))
    else:
        yield place, constant


@phase(embedding, "constructor")
def embedding_constructor(
    *, input_dim: Any, output_dim: Any, embeddings_constraint: Any = None, lora_rank: Any = None
) -> None:
    """Nothing more is checked than before the base's constructor."""


@phase(embedding, "before")
def embedding_before(*, input_dim: Any, output_dim: Any) -> None:
    """Both lengths must be positive ints, and no bools."""
    for name, value in ("input_dim", input_dim), ("output_dim", output_dim):
        if isinstance(value, bool):
            refuse(name, value, "embedding-length")
        else:
            checked_length(value, name, "embedding-length", "Embedding")


@phase(embedding, "build")
def embedding_build(
    shape: Any,
    *,
    input_dim: Any,
    output_dim: Any,
    embeddings_constraint: Any = None,
    lora_rank: Any = None,
    name: str,
) -> dict[str, tuple[Any, ...]]:
    """A table (input_dim, output_dim)."""
    table = (as_dim(input_dim, "input_dim", name), as_dim(output_dim, "output_dim", name))
    return {"embeddings": table, **adapted(lora_rank, table, "embeddings", embeddings_constraint)}


@layer("keras.layers.Activation", machine=MACHINE, takes="floats", **CONTEXT)
def activation(inputs: Any, *, activation: Any, eager: bool) -> Any:
    """A function of each entry; follows keras/src/layers/activations/activation.py."""
    if isinstance(activation, str) and activation != "glu":
        return kept(inputs, shape_of(inputs), eager)
    if activation is None or (isinstance(activation, Known) and not activation.target.endswith(".glu")):
        return kept(inputs, shape_of(inputs), eager)
    return NO_RANK


@phase(activation, "constructor")
def activation_constructor(*, activation: Any) -> None:
    """The function must be known by name."""
    identifier("activation function", activation, "activation")


@layer("keras.layers.Identity", machine=MACHINE, **CONTEXT)
@layer("keras.layers.ActivityRegularization", machine=MACHINE, neutral=("l1", "l2"), takes="words", **CONTEXT)
@layer("keras.layers.Masking", machine=MACHINE, neutral=("mask_value",), takes="words", **CONTEXT)
def unchanged(inputs: Any, *, eager: bool) -> Any:
    """The input as it is (values may be masked or penalised)."""
    return kept(inputs, shape_of(inputs), eager)


@layer("keras.layers.ELU", machine=MACHINE, neutral=("alpha",), takes="floats", **CONTEXT)
def elu(inputs: Any, *, eager: bool) -> Any:
    """A function of each entry; follows keras/src/layers/activations/elu.py."""
    return kept(inputs, shape_of(inputs), eager)


@layer("keras.layers.ReLU", machine=MACHINE, takes="numbers", **CONTEXT)
def relu(inputs: Any, *, negative_slope: Any, eager: bool) -> Any:
    """A function of each entry; follows keras/src/layers/activations/relu.py."""
    if negative_slope and isinstance(inputs, Tensor) and "int" in str(inputs.dtype) and eager:
        return NO_RANK  # such numbers may have no negative, and no fractions
    return kept(inputs, shape_of(inputs), eager)


@phase(relu, "constructor")
def relu_constructor(*, max_value: Any = None, negative_slope: Any = 0.0, threshold: Any = 0.0) -> None:
    """No setting may be negative, and only ``max_value`` may be None."""
    if _negative(max_value):
        refuse("max_value", max_value, "relu-max-value", "ReLU")
    for name, value in ("negative_slope", negative_slope), ("threshold", threshold):
        if value is None or _negative(value):
            refuse(name, value, "relu-setting", "ReLU")


@layer("keras.layers.LeakyReLU", machine=MACHINE, neutral=("alpha",), takes="floats", **CONTEXT)
def leaky_relu(inputs: Any, *, eager: bool) -> Any:
    """A function of each entry; follows keras/src/layers/activations/leaky_relu.py."""
    return kept(inputs, shape_of(inputs), eager)


@phase(leaky_relu, "constructor")
def leaky_relu_constructor(*, negative_slope: Any = 0.3) -> None:
    """The slope must not be negative."""
    if negative_slope is None or _negative(negative_slope):
        refuse("negative_slope", negative_slope, "leaky-relu-slope", "LeakyReLU")


@layer("keras.layers.PReLU", machine=MACHINE, takes="floats", **CONTEXT)
def prelu(inputs: Any, *, eager: bool, weights: Any = ()) -> Any:
    """A learned slope for each entry; follows keras/src/layers/activations/prelu.py.

    With numbers the slopes must go with the input; those of an input that the layer was not built for may not.
    """
    shape = shape_of(inputs)
    if shape is None or not weights:
        return NO_RANK
    _, alpha = weights[0]
    return NO_RANK if eager and broadcast(shape, Shape(alpha)) != shape else shape


@phase(prelu, "constructor")
def prelu_constructor(
    *,
    alpha_initializer: Any = "Zeros",
    alpha_regularizer: Any = None,
    alpha_constraint: Any = None,
    shared_axes: Any = None,
) -> dict[str, Any]:
    """``shared_axes`` is one axis or several."""
    shared = (
        [] if shared_axes is None else list(shared_axes) if isinstance(shared_axes, (list, tuple)) else [shared_axes]
    )
    return {"shared_axes": shared}


@phase(prelu, "build")
def prelu_build(shape: Any, *, shared_axes: Any, path: str) -> dict[str, tuple[Any, ...]]:
    """A slope for each entry but along shared axes, where one serves all."""
    if not isinstance(shape, Shape) or not isinstance(shared_axes, list):
        return {}
    alpha = list(shape[1:])
    for axis in shared_axes:
        if isinstance(axis, str):
            python_error("TypeError", "unsupported operand type(s) for -: 'str' and 'int'", "shared_axes")
            return {}
        if isinstance(axis, float):
            python_error("TypeError", "list indices must be integers or slices, not float", "shared_axes")
            return {}
        if isinstance(axis, int) and not -len(alpha) <= axis - 1 < len(alpha):
            python_error("IndexError", "list assignment index out of range", "shared_axes", "inputs")
        if not isinstance(axis, int) or not -len(alpha) <= axis - 1 < len(alpha):
            return {}
        alpha[axis - 1] = 1
    if any(map(is_dynamic, alpha)):
        report(UnknownLength(shape, tuple(alpha), f"{path}/alpha"), blame=("inputs",))
    return {"alpha": tuple(alpha)}


@phase(prelu, "spec")
def prelu_spec(shape: Any, *, shared_axes: Any) -> Spec | None:
    """A built layer fixes the rank, and with shared axes all other axes."""
    if not isinstance(shape, Shape):
        return None
    fixed = range(1, len(shape)) if shared_axes else ()
    axes = tuple((axis, shape[axis]) for axis in fixed if axis not in shared_axes and not is_dynamic(shape[axis]))
    return Spec(ndim=len(shape), axes=axes)


@layer("keras.layers.Softmax", machine=MACHINE, neutral=("robust_masking",), takes="floats", **CONTEXT)
def softmax(inputs: Any, mask: Any = None, *, axis: Any, eager: bool, version: tuple[int, ...]) -> Any:
    """A function along an axis; only eagerly the axis is checked (keras/src/layers/activations/softmax.py)."""
    shape = shape_of(inputs)
    if eager and not isinstance(axis, int):
        return NO_RANK
    checked = (eager or version < (3,)) and mask is None and isinstance(axis, int)
    if shape is not None and checked and not -len(shape) <= axis < len(shape):
        refuse("axis", axis, "softmax-axis", "Softmax", len(shape))
    return kept(inputs, shape, eager)


@phase(softmax, "constructor")
def softmax_constructor(*, axis: Any = -1) -> None:
    """Nothing is checked."""


def _negative(value: Any) -> bool:
    return isinstance(value, (int, float)) and value < 0
