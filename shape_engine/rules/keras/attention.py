"""Attention, and the projections along an equation that it is made of (keras/src/layers/attention, core/einsum_dense.py)."""

from __future__ import annotations

import re
from typing import Any

from ...dim import Dim, Symbol, derived, is_dim, is_dynamic, is_symbolic, surely_differ, surely_equal, surely_less
from ...evidence import report
from ...problems import RefusedInputs, UnknownLength
from ...rule import layer, phase
from ...shape import AnyShape, Shape
from ...value import Unknown
from .arguments import identifiers
from .common import (
    NO_RANK,
    as_dim,
    checked_length,
    dropped_out,
    is_integer,
    python_error,
    refuse,
    shape_of,
    undecided,
)
from .lora import adapted
from .machine import CONTEXT, MACHINE, Spec

EQUATION = re.compile(r"(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?")


@layer("keras.layers.MultiHeadAttention", machine=MACHINE, neutral=("softmax_robust_masking",), shapes=None, takes="floats", remembers=True, **CONTEXT)  # fmt: skip
def multi_head_attention(
    query: Any,
    value: Any,
    key: Any = None,
    query_mask: Any = None,
    value_mask: Any = None,
    key_mask: Any = None,
    attention_mask: Any = None,
    return_attention_scores: Any = False,
    training: Any = None,
    use_causal_mask: Any = False,
    *,
    num_heads: Any,
    output_shape: Any = None,
    attention_axes: Any = None,
    sliding_window: Any = None,
    name: str,
    eager: bool,
    version: tuple[int, ...],
    kernel_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    built_for: tuple[Any, ...] = (),
) -> Any:
    """As long as the query; its features stay, too, unless ``output_shape`` tells others.

    With numbers a later call is followed where its ranks and features are those of the first.
    """
    shape = shape_of(query)
    if not isinstance(return_attention_scores, bool):
        return Unknown("whether the scores are returned")
    keys, values = shape_of(value if key is None else key), shape_of(value)
    if shape is None or len(shape) < 3 or keys is None or values is None or len(keys) != len(values):
        return _maybe_scores(NO_RANK, NO_RANK, return_attention_scores)
    if unequal_lengths(values, keys) and not eager:
        report(RefusedInputs("attention-keys", (), quoted=(values, keys)), blame=("key", "value"))
    if any(map(surely_differ, keys[:-1], values[:-1])) or surely_differ(shape[0], values[0]):
        return _maybe_scores(NO_RANK, NO_RANK, return_attention_scores)
    given = (shape, values) if key is None else (shape, values, keys)
    refused = kernel_initializer is None or bias_initializer is None or any(is_dynamic(s[-1]) for s in given)
    attended = attention_axes in (None, 1, (1,), [1])
    refused = refused or (eager and sliding_window is not None and not (len(shape) == 3 and attended))  # as its mask
    axes = attention_axes if isinstance(attention_axes, (tuple, list)) else ()
    of_features = any(isinstance(axis, int) and axis >= len(shape) - 1 for axis in axes)
    refused = refused or (eager and of_features)  # TensorFlow refuses a label twice
    if refused or (eager and not (_like(given, built_for) and _aligned(shape, keys, attention_axes))):
        return _maybe_scores(NO_RANK, NO_RANK, return_attention_scores)
    heads = as_dim(num_heads, "num_heads", name)
    traced = eager or version < (3,)
    scores = _scores(shape, keys, attention_axes, heads) if traced else Shape((shape[0], heads, shape[1], shape[1]))
    if undecided(output_shape):
        return _maybe_scores(NO_RANK, scores, return_attention_scores)
    if not output_shape:
        return _maybe_scores(shape, scores, return_attention_scores)
    last = output_shape if isinstance(output_shape, (list, tuple)) else (output_shape,)
    result = Shape((*shape[:-1], *(as_dim(dim, "output_shape", name, axis) for axis, dim in enumerate(last))))
    return _maybe_scores(result, scores, return_attention_scores)


def _aligned(query: Shape, keys: Shape, attention_axes: Any) -> bool:
    """Whether query and keys have as many axes, equally long where they are not attended over."""
    if len(query) != len(keys):
        return False
    if attention_axes is None:
        return True
    axes = attention_axes if isinstance(attention_axes, (tuple, list)) else (attention_axes,)
    rest = [n for n in range(len(query) - 1) if n not in axes]
    return all(surely_equal(query[n], keys[n]) for n in rest)


def _like(given: tuple[Shape, ...], first: tuple[Any, ...]) -> bool:
    """Whether query, values and keys have the ranks and features of those that the layer was built for."""
    query, values, keys = (*given, given[1])[:3]
    if len(first) < 2 or not all(isinstance(s, Shape) and s for s in first):
        return False
    pairs = zip((query, values, keys), (*first, first[1])[:3], strict=True)
    return all(len(one) == len(other) and surely_equal(one[-1], other[-1]) for one, other in pairs)


@phase(multi_head_attention, "constructor")
def multi_head_attention_constructor(
    *,
    num_heads: Any,
    key_dim: Any,
    value_dim: Any = None,
    dropout: Any = 0.0,
    use_bias: Any = True,
    output_shape: Any = None,
    attention_axes: Any = None,
    sliding_window: Any = None,
    flash_attention: Any = None,
    kernel_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    use_gate: Any = False,
    seed: Any = None,
) -> None:
    """Objects must be known by name, axes be numbers; windows are positive; flash attention drops nothing."""
    identifiers(
        kernel_initializer=kernel_initializer,
        bias_initializer=bias_initializer,
        kernel_regularizer=kernel_regularizer,
        bias_regularizer=bias_regularizer,
        kernel_constraint=kernel_constraint,
        bias_constraint=bias_constraint,
    )
    if attention_axes and isinstance(attention_axes, (str, float, dict)):
        refuse("attention_axes", attention_axes, "attention-axes")
    sliding(sliding_window)
    if flash_attention is True and isinstance(dropout, (int, float)) and dropout > 0:
        refuse("dropout", dropout, "attention-flash")


@phase(multi_head_attention, "before")
def multi_head_attention_before(*, num_heads: Any, key_dim: Any, value_dim: Any) -> None:
    """All must be positive ints; a value's may be left out."""
    checked_length(num_heads, "num_heads", "attention-length", "MultiHeadAttention")
    checked_length(key_dim, "key_dim", "attention-length", "MultiHeadAttention")
    if value_dim is not None:
        checked_length(value_dim, "value_dim", "attention-value", "MultiHeadAttention")


@phase(multi_head_attention, "build")
def multi_head_attention_build(
    shape: Any,
    *,
    num_heads: Any,
    key_dim: Any,
    value_dim: Any = None,
    use_bias: Any = True,
    output_shape: Any = None,
    use_gate: Any = False,
    dropout: Any = 0.0,
    seed: Any = None,
    attention_axes: Any = None,
    name: str,
    path: str,
    shapes: Any = None,
) -> dict[str, tuple[Any, ...]]:
    """Four projections; keys and values are as long as each other, and may have other features.

    The layer inside that drops out is made here, and refuses a rate that is none.
    """
    _, values, keys = given_shapes(shape, shapes)
    if unequal_lengths(values, keys):
        report(RefusedInputs("attention-keys", (), quoted=(values, keys)), blame=("key", "value"))
    heads, size = as_dim(num_heads, "num_heads", name), as_dim(key_dim, "key_dim", name)
    depth = size if value_dim is None else as_dim(value_dim, "value_dim", name)
    width = shape[-1] if isinstance(shape, Shape) and shape else None
    features = [
        s[-1] if isinstance(s, Shape) and s else derived("features", name, n) for n, s in enumerate((keys, values))
    ]
    kernels: dict[str, tuple[Any, ...]] = {"query": (width, heads, size), "key": (features[0], heads, size)}
    if use_gate is not False:
        kernels["gate"] = (width, heads, depth)
    kernels["value"] = (features[1], heads, depth)
    for part, kernel in kernels.items():
        if is_dynamic(kernel[0]):
            report(UnknownLength(shape, kernel, f"{path}/{part}/kernel"), blame=("key" if part == "key" else "query",))
            break
    dropped_out(dropout, seed)
    axes = attention_axes if isinstance(attention_axes, (tuple, list)) else (attention_axes,)
    rank = len(shape) + 1 if isinstance(shape, Shape) else 0  # with the axis of the heads
    outside = next((axis for axis in axes if isinstance(axis, int) and rank and not -rank <= axis < rank), None)
    if outside is not None:
        alike = all(isinstance(s, Shape) and len(s) + 1 == rank for s in (values, keys))
        text = f"index {outside} is out of bounds for axis 0 with size {rank if alike else '?'}"
        python_error("IndexError", text, "attention_axes", "query")
    last = (width,) if not undecided(output_shape) and not output_shape else output_shape if isinstance(output_shape, (list, tuple)) else (output_shape,)  # fmt: skip
    kernels["attention_output"] = (heads, depth, *last)
    weights: dict[str, tuple[Any, ...]] = {}
    for part, kernel in kernels.items():
        weights[f"{part}/kernel"] = kernel
        if use_bias is not False:
            weights[f"{part}/bias"] = kernel[2 if part == "attention_output" else 1 :]
    return weights


def given_shapes(query: Any, shapes: Any) -> tuple[Any, Any, Any]:
    """The shapes of query, value and key with which an attention layer is built; None where they are not known."""
    known = shapes if isinstance(shapes, dict) else {}
    value = known.get("value")
    key = known.get("key")
    return query, value, value if key is None else key


def unequal_lengths(values: Any, keys: Any) -> bool:
    """Whether keys and values have other lengths, as Python compares tuples: an open length equals no number."""
    if not isinstance(values, Shape) or not isinstance(keys, Shape):
        return False
    own, other = values[1:-1], keys[1:-1]
    return len(own) != len(other) or any(
        surely_differ(a, b) or (is_dynamic(a) != is_dynamic(b) and not (is_symbolic(a) and is_symbolic(b)))
        for a, b in zip(own, other, strict=True)
    )


def sliding(window: Any) -> None:
    """A window of at least one."""
    if window is not None and not undecided(window) and (not is_integer(window) or surely_less(window, 1)):
        refuse("sliding_window", window, "attention-window")


def _maybe_scores(result: AnyShape, scores: AnyShape, wanted: bool) -> Any:
    return (result, scores) if wanted else result


def _scores(query: Shape, keys: Shape, attention_axes: Any, heads: Dim) -> AnyShape:
    """One score for each pair of places along the attended axes; the others, and the heads, come first."""
    axes = tuple(range(1, len(query) - 1)) if attention_axes is None else attention_axes
    axes = (axes,) if isinstance(axes, int) else axes
    if not isinstance(axes, (tuple, list)) or len(query) != len(keys):
        return NO_RANK
    if not all(isinstance(axis, int) and 0 <= axis < len(query) - 1 for axis in axes):
        return NO_RANK
    rest = [dim for n, dim in enumerate(query[:-1]) if n not in axes]
    return Shape((*rest, heads, *(query[axis] for axis in axes), *(keys[axis] for axis in axes)))


@layer("keras.layers.EinsumDense", machine=MACHINE, takes="words", neutral=("lora_alpha", "gptq_unpacked_column_size", "quantization_config"), **CONTEXT)  # fmt: skip
def einsum_dense(
    inputs: Any,
    training: Any = None,
    *,
    equation: Any,
    output_shape: Any,
    bias_axes: Any = None,
    name: str,
    eager: bool,
    weights: tuple[Any, ...] = (),
    version: tuple[int, ...] = (3,),
) -> AnyShape:
    """The axes of the equation's result, with lengths of the input and those of ``output_shape``."""
    shape = shape_of(inputs)
    if bias_axes == "" or any(map(is_dynamic, weights[0][1] if weights else ())):
        return NO_RANK
    found = None if shape is None else projection(equation, shape, output_shape, name, eager=eager or version < (3,))
    if eager and found is not None and weights:
        kernel = [found[1].get(label) for label in found[2]]
        if len(kernel) == len(weights[0][1]) and any(map(surely_differ, kernel, weights[0][1])):
            return NO_RANK  # built for other lengths: which kernel of TensorFlow's complains, hangs on the machine
    return NO_RANK if found is None else found[0]


@phase(einsum_dense, "constructor")
def einsum_dense_constructor(
    *,
    equation: Any,
    output_shape: Any,
    activation: Any = None,
    bias_axes: Any = None,
    kernel_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
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


@phase(einsum_dense, "spec")
def einsum_dense_spec(shape: Any) -> Spec | None:
    """A built layer fixes the rank."""
    return Spec(ndim=len(shape)) if isinstance(shape, Shape) else None


@phase(einsum_dense, "build")
def einsum_dense_build(
    shape: Any,
    *,
    equation: Any,
    output_shape: Any,
    bias_axes: Any = None,
    kernel_constraint: Any = None,
    lora_rank: Any = None,
    name: str,
    path: str,
    backend: str = "tensorflow",
) -> dict[str, tuple[Any, ...]]:
    """A kernel along the equation's second operand, a bias along ``bias_axes``."""
    found = projection(equation, shape, output_shape, name) if isinstance(shape, Shape) else None
    if found is None:
        unknown = {"kernel": (derived("kernel", name),)}
        return unknown if bias_axes is None else {**unknown, "bias": (derived("bias", name),)}
    whole, lengths, kernel, result, elided = found
    _check_shared(whole[len(whole) - len(result) - elided :], lengths, result)
    weights: dict[str, tuple[Any, ...]] = {"kernel": tuple(lengths.get(label) for label in kernel)}
    absent = [label for label in bias_axes if label not in result] if isinstance(bias_axes, str) else []
    if absent:
        refuse("bias_axes", absent[0], "einsum-bias", "EinsumDense", result)
    if isinstance(bias_axes, str) and bias_axes and set(bias_axes) <= set(result):
        first = min(map(result.find, bias_axes))
        bias = [lengths.get(label) if label in bias_axes else 1 for label in result[first:]]
        weights["bias"] = (*bias, *[1] * elided)
    elif isinstance(bias_axes, (bool, int, float)):
        python_error("TypeError", f"'{type(bias_axes).__name__}' object is not iterable", "bias_axes")
    elif bias_axes is not None:
        weights["bias"] = (derived("bias", name),)
    for weight, dims in weights.items():
        if any(dim is None or is_dynamic(dim) for dim in dims):
            report(UnknownLength(shape, dims, f"{path}/{weight}"), blame=("inputs", "output_shape"))
            return weights
    tracked = backend == "tensorflow"
    return {**weights, **adapted(lora_rank, weights["kernel"], "kernel", kernel_constraint, tracked=tracked)}


def _check_shared(given: Any, lengths: dict[str, Any], result: str) -> None:
    """A label on both sides has one length: ``output_shape`` may leave it open, but not tell another one."""
    for label, length in lengths.items():
        told = given[result.find(label)] if label in result else None
        known = isinstance(length, int) or is_dynamic(length)
        if isinstance(told, int) and known and (is_dynamic(length) or told != length):
            shown = None if is_dynamic(length) else length
            refuse("output_shape", told, "einsum-shared", "EinsumDense", label, shown)
            return


def projection(
    equation: Any, shape: Shape, output_shape: Any, name: str, *, eager: bool = True
) -> tuple[Shape, dict[str, Any], str, str, int] | None:
    """The result of an equation; the lengths of its labels, the kernel's labels, the result's, and how many axes
    stand for an ellipsis on the right.  None where it does not fit, or is not known.

    A length that ``output_shape`` leaves open is the input's, but symbolic calls of Keras 3 do not say so.
    """
    match = EQUATION.fullmatch(equation) if isinstance(equation, str) else None
    if match is None or undecided(output_shape):
        return None
    left, source, right, kernel, *_, result, _ = match.groups()
    elided = len(shape) - len(source)
    if elided < 0 or (elided and not (left or right)) or (left and right) or not shape:
        return None
    given = list(output_shape) if isinstance(output_shape, (list, tuple)) else [output_shape]
    own = shape[elided:] if left else shape[: len(source)]
    lengths: dict[str, Any] = dict(zip(source, own, strict=True))
    if left and elided:
        kept = list(shape[:elided]) if eager else [shape[0], *reversed(shape[1:elided])]  # as Keras inserts them
    else:
        kept, given = [], [shape[0], *given]
    if len(given) != len(result):
        return None
    dims: list[Dim] = []
    for axis, (label, length) in enumerate(zip(result, given, strict=True)):
        if length is None:
            length = lengths.get(label) if eager else Symbol(None, ("open", name, axis), dynamic=True)
        dim = length if is_dim(length) else derived("length", name, label)
        dims.append(dim)
        lengths.setdefault(label, dim)
    rest = list(shape[len(source) :]) if right else []
    return Shape((*kept, *dims, *rest)), lengths, kernel, result, len(rest)
