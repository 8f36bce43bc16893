"""Attention, AdditiveAttention and GroupQueryAttention.

Follows keras/src/layers/attention/{attention,additive_attention,grouped_query_attention}.py.
"""

from __future__ import annotations

from typing import Any

from ...dim import derived, is_dim, is_dynamic, surely_differ, surely_equal, surely_no_multiple
from ...evidence import report
from ...formulas.broadcast import broadcast
from ...problems import BadWeightShape, RefusedInputs, UnknownLength
from ...rule import alias, layer, phase
from ...shape import AnyShape, Shape
from ...value import Tensor, Unknown
from .arguments import identifiers
from .attention import given_shapes, sliding, unequal_lengths
from .common import (
    NO_RANK,
    as_dim,
    constructor,
    dropped_out,
    no_shape,
    python_error,
    refuse,
    shape_of,
    shapes_in,
    tracked_type,
    truthy,
    undecided,
)
from .machine import CONTEXT, MACHINE, python_shape


@layer("keras.layers.Attention", machine=MACHINE, takes="floats", additive=False, **CONTEXT)
@layer("keras.layers.AdditiveAttention", machine=MACHINE, takes="floats", additive=True, keywords=("score_mode", "seed"), **CONTEXT)  # fmt: skip
def attention(
    inputs: Any,
    mask: Any = None,
    training: Any = False,
    return_attention_scores: Any = False,
    use_causal_mask: Any = False,
    *,
    eager: bool,
    version: tuple[int, ...],
    cls: str,
    weights: tuple[Any, ...] = (),
    traced: bool = False,
) -> Any:
    """As long as the query, with the features of the value.  A symbolic call compares no lengths."""
    if not isinstance(return_attention_scores, bool):
        return Unknown("whether the scores are returned")
    whole = _refused(inputs, cls, printed=False)
    if not whole and isinstance(mask, Tensor):
        report(RefusedInputs("attention-mask", (), quoted=(cls, mask)), blame=("mask",))
    shapes = None if whole else shapes_in(inputs)
    if not shapes or any(len(shape) < 2 for shape in shapes):
        return (NO_RANK, NO_RANK) if return_attention_scores else NO_RANK
    query, value, key = shapes[0], shapes[1], shapes[2] if len(shapes) > 2 else shapes[1]
    if eager and any(len(dims) == 1 and not surely_equal(dims[0], query[-1]) for _, dims in weights):
        return (NO_RANK, NO_RANK) if return_attention_scores else NO_RANK  # a scale for other features
    result: AnyShape = Shape((*query[:-1], value[-1]))
    scores: AnyShape = Shape((*query[:-1], key[-2]))
    if eager or traced or version < (3,):
        result, scores = _attended(query, value, key)
    return (result, scores) if return_attention_scores else result


@constructor("Attention")
def attention_constructor(
    *, use_scale: Any = False, score_mode: Any = "dot", dropout: Any = 0.0, seed: Any = None
) -> None:
    """A rate, then the way in which scores are computed."""
    if isinstance(dropout, (str, list, tuple, dict)) or dropout is None:
        text = f"'>' not supported between instances of '{tracked_type(dropout)}' and 'int'"
        python_error("TypeError", text, "dropout")
    elif isinstance(score_mode, (str, int, float, type(None))) and score_mode not in ("dot", "concat"):
        refuse("score_mode", score_mode, "attention-mode")


@constructor("AdditiveAttention")
def additive_attention_constructor(
    *, use_scale: Any = True, dropout: Any = 0.0, score_mode: Any = "dot", seed: Any = None
) -> None:
    """As for Attention."""
    attention_constructor(score_mode=score_mode, dropout=dropout)


@phase(attention, "build")
def attention_build(
    shapes: Any, *, use_scale: Any, score_mode: Any, additive: bool, cls: str, name: str, path: str
) -> dict[str, tuple[Any, ...]]:
    """A list of two or three tensors; a scale, which additive attention has for each feature."""
    if _refused(shapes, cls, printed=True) or not isinstance(shapes, list):
        return {}
    if not additive:
        names = [("scale", truthy(use_scale)), ("concat_score_weight", score_mode == "concat")]
        return {weight: () for weight, wanted in names if wanted}
    if not truthy(use_scale):
        return {}
    query = shapes[0]
    features = query[-1] if isinstance(query, Shape) and query else derived("features", name)
    if is_dynamic(features):
        report(UnknownLength(query, (features,), f"{path}/scale"), blame=("inputs",))
    return {"scale": (features,)}


@layer("keras.layers.GroupedQueryAttention", machine=MACHINE, shapes=None, **CONTEXT)
def grouped_query_attention(
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
    num_query_heads: Any,
    name: str,
    eager: bool,
    weights: tuple[Any, ...] = (),
) -> Any:
    """The query's shape; a symbolic call compares features and lengths."""
    if not isinstance(return_attention_scores, bool):
        return Unknown("whether the scores are returned")
    shape, values, keys = shape_of(query), shape_of(value), shape_of(value if key is None else key)
    scores: AnyShape = NO_RANK
    result: AnyShape = NO_RANK
    if shape is not None and values is not None and keys is not None and len(shape) == len(values) == len(keys) == 3:
        scores = Shape((shape[0], as_dim(num_query_heads, "heads", name), shape[1], keys[1]))
        result = shape
        if not eager and _other_features(shape[-1], values[-1]):
            quoted = (shape[-1], values[-1], python_shape(shape), python_shape(values))
            report(RefusedInputs("attention-features", (), quoted=quoted), blame=("value", "query"))
        elif not eager and unequal_lengths(values, keys):
            report(RefusedInputs("attention-keys", (), quoted=(values, keys)), blame=("key", "value"))
        elif any(surely_differ(*pair) for pair in ((shape[0], values[0]), (keys[0], values[0]), (keys[1], values[1]))):
            result = scores = NO_RANK
        elif eager:
            built = {name: dims[0] for name, dims in weights}
            pairs = (("query", shape), ("key", keys), ("value", values))
            fit = all(surely_equal(built.get(f"{part}/kernel"), dims[-1]) for part, dims in pairs)
            if not fit or num_query_heads == 0:  # kernels for other features, or for nothing
                result = scores = NO_RANK
    return (result, scores) if return_attention_scores else result


alias("keras.layers.GroupedQueryAttention", "keras.layers.GroupQueryAttention")


@phase(grouped_query_attention, "constructor")
def grouped_query_attention_constructor(
    *,
    head_dim: Any,
    num_query_heads: Any,
    num_key_value_heads: Any,
    dropout: Any = 0.0,
    use_bias: Any = True,
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
    """Heads that share keys evenly, then windows, objects by name, and no dropout with flash attention."""
    if num_key_value_heads == 0 and isinstance(num_query_heads, int):
        python_error("ZeroDivisionError", "integer modulo by zero", "num_key_value_heads")
        return
    counts = not undecided(num_query_heads) and not undecided(num_key_value_heads)
    if counts and not (_is_number(num_query_heads) and _is_number(num_key_value_heads)):
        kinds = type(num_query_heads).__name__, type(num_key_value_heads).__name__
        text = f"unsupported operand type(s) for %: '{kinds[0]}' and '{kinds[1]}'"
        if isinstance(num_query_heads, str):
            text = "not all arguments converted during string formatting"
        python_error("TypeError", text, "num_query_heads", "num_key_value_heads")
        return
    if counts and surely_no_multiple(num_query_heads, num_key_value_heads):
        refuse("num_query_heads", num_query_heads, "attention-heads")
        return
    sliding(sliding_window)
    identifiers(
        kernel_initializer=kernel_initializer,
        bias_initializer=bias_initializer,
        kernel_regularizer=kernel_regularizer,
        bias_regularizer=bias_regularizer,
        kernel_constraint=kernel_constraint,
        bias_constraint=bias_constraint,
    )
    if head_dim is None or isinstance(head_dim, (tuple, list, dict)):
        text = f"float() argument must be a string or a real number, not '{tracked_type(head_dim)}'"
        python_error("TypeError", text, "head_dim")
    elif head_dim == 0 and isinstance(head_dim, int):
        python_error("ZeroDivisionError", "float division by zero", "head_dim")
    elif flash_attention is True and isinstance(dropout, (int, float)) and dropout > 0:
        refuse("dropout", dropout, "attention-flash")


def _is_number(value: Any) -> bool:
    return is_dim(value) or isinstance(value, (bool, float))


@phase(grouped_query_attention, "build")
def grouped_query_attention_build(
    shape: Any,
    *,
    head_dim: Any,
    num_query_heads: Any,
    num_key_value_heads: Any,
    use_bias: Any,
    use_gate: Any,
    dropout: Any = 0.0,
    seed: Any = None,
    kernel_initializer: Any = "glorot_uniform",
    bias_initializer: Any = "zeros",
    name: str,
    path: str,
    shapes: Any = None,
) -> dict[str, tuple[Any, ...]]:
    """Projections of the query to all heads, of keys and values to fewer."""
    for setting, initializer in (("kernel_initializer", kernel_initializer), ("bias_initializer", bias_initializer)):
        if initializer is None:
            python_error("AttributeError", "type object 'NoneType' has no attribute 'from_config'", setting)
            return {}
    known = list(given_shapes(shape, shapes))
    if any(isinstance(s, Shape) and len(s) < 3 for s in known):
        return {}
    # The equations name three axes: of more, the third is taken for the features.
    widths = [s[2] if isinstance(s, Shape) else derived("features", name, n) for n, s in enumerate(known)]
    heads, few = as_dim(num_query_heads, "heads", name), as_dim(num_key_value_heads, "few", name)
    size = as_dim(head_dim, "size", name)
    kernels = {"query": (widths[0], heads, size), "key": (widths[2], few, size)}
    if use_gate is True:
        kernels["gate"] = (widths[0], heads, size)
    kernels["value"] = (widths[1], few, size)
    kernels["attention_output"] = (heads, size, shape[-1] if isinstance(shape, Shape) else widths[0])
    for part, kernel in kernels.items():
        given = (kernel[0], num_key_value_heads if part in ("key", "value") else num_query_heads, head_dim)
        if isinstance(head_dim, str):
            no_shape((None if is_dynamic(given[0]) else given[0], *given[1:]), head_dim, "head_dim")
            return {}
        bad = next((n for n in given[1:] if isinstance(n, float) or (isinstance(n, int) and n < 0)), None)
        if bad is not None and part != "attention_output":
            report(BadWeightShape(given, bad), blame=("head_dim", "num_query_heads", "num_key_value_heads"))
            return {}
        if part != "attention_output" and is_dynamic(kernel[0]):
            report(UnknownLength(shape, kernel, f"{path}/{part}/kernel"), blame=("query",))
            break
    dropped_out(dropout, seed)
    weights: dict[str, tuple[Any, ...]] = {}
    for part, kernel in kernels.items():
        weights[f"{part}/kernel"] = kernel
        if use_bias is not False:
            weights[f"{part}/bias"] = kernel[2 if part == "attention_output" else 1 :]
    return weights


def _refused(inputs: Any, cls: str, *, printed: bool) -> bool:
    """``_validate_inputs``: whether these are surely no list of two or three; reports it."""
    one = isinstance(inputs, (Tensor, Shape))
    if one or (isinstance(inputs, (tuple, dict)) and not isinstance(inputs, Shape)):
        shown = python_shape(inputs) if printed else Unknown("tensors")
        report(RefusedInputs("attention-no-list", (), quoted=(cls, shown)), blame=("inputs",))
        return True
    if isinstance(inputs, list) and not 2 <= len(inputs) <= 3:
        report(RefusedInputs("attention-count", (), quoted=(cls, len(inputs))), blame=("inputs",))
        return True
    return False


def _attended(query: Shape, value: Shape, key: Shape) -> tuple[AnyShape, AnyShape]:
    """Two products of matrices; nothing where they do not fit."""
    if (
        not len(query) == len(value) == len(key)
        or surely_differ(query[-1], key[-1])
        or surely_differ(key[-2], value[-2])
    ):
        return NO_RANK, NO_RANK
    batch = broadcast(query[:-2], key[:-2])
    whole = None if batch is None else broadcast(batch, value[:-2])
    if batch is None or whole is None:
        return NO_RANK, NO_RANK
    return Shape((*whole, query[-2], value[-1])), Shape((*batch, query[-2], key[-2]))


def _other_features(query: Any, value: Any) -> bool:
    """Whether Python finds two lengths unequal; open ones are None."""
    return (
        surely_differ(query, value)
        or (isinstance(query, int) and is_dynamic(value))
        or (isinstance(value, int) and is_dynamic(query))
    )
