"""What the constructors of Keras 2 refuse: embeddings, and layers that encode categories.

Follows tf_keras/src/layers/core/embedding.py, preprocessing/*.py, and ``validate_string_arg`` in
tf_keras/src/utils/layer_utils.py.  The phase "tf_keras.before" is what is checked before the base's constructor,
"tf_keras.after" what is checked after it, once the layer has its name.  What else these layers check is not worded:
see ``tell`` in legacy.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...evidence import report
from ...problems import BadSetting, LegacyRefusal, Problem, RefusedSetting, WrongArguments
from ...rule import phase
from .categories import category_encoding, discretization, hashed_crossing, hashing
from .common import is_plain
from .core import embedding
from .preprocessing import normalization

VECTORS = ("int", "one_hot", "multi_hot", "count")
OF_BASE = frozenset({"dtype", "name", "trainable"})
OF_LOOKUP = frozenset({"dtype", "trainable", "oov_method", "salt"})
OF_PICTURES = frozenset({"bounding_box_format", "data_format"})
UNSEEN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("IntegerLookup", "StringLookup", "TextVectorization"), OF_LOOKUP),
    **dict.fromkeys(
        ("RandomBrightness", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom"), OF_PICTURES
    ),
    "RandomContrast": OF_PICTURES | {"value_range"},
}
"""Keyword arguments that Keras 2 refuses, or may, before it looks at others: what else is refused is not told then."""


@phase(embedding, "tf_keras.before")
def embedding_before(*, input_dim: Any, output_dim: Any) -> None:
    """Both lengths are positive."""
    if all(isinstance(value, int) for value in (input_dim, output_dim)) and min(input_dim, output_dim) <= 0:
        text = f"Both `input_dim` and `output_dim` should be positive, Received input_dim = {input_dim} and output_dim = {output_dim}"
        refused("ValueError", text, "input_dim" if input_dim <= 0 else "output_dim")


@phase(category_encoding, "tf_keras.after")
def category_encoding_after(*, num_tokens: Any, output_mode: Any) -> None:
    """One of three modes ("binary" is an old name), and at least one token."""
    if output_mode != "binary" and no_option(output_mode, ("count", "one_hot", "multi_hot"), "CategoryEncoding"):
        return
    if num_tokens is None:
        text = "num_tokens must be set to use this layer. If the number of tokens is not known beforehand, "
        refused("ValueError", f"{text}use the IntegerLookup layer instead.", "num_tokens")
    elif isinstance(num_tokens, str):
        refused("TypeError", "'<' not supported between instances of 'str' and 'int'", "num_tokens")
    elif isinstance(num_tokens, (int, float)) and num_tokens < 1:
        refused("ValueError", f"`num_tokens` must be >= 1. Received: num_tokens={num_tokens}.", "num_tokens")


@phase(discretization, "tf_keras.after")
def discretization_after(*, bin_boundaries: Any, num_bins: Any, output_mode: Any, sparse: Any, cls: str) -> None:
    """Modes, then bins: their number or their bounds."""
    if no_option(output_mode, VECTORS, cls) or _sparse(sparse, output_mode, "'"):
        return
    if isinstance(num_bins, int) and num_bins < 0:
        text = f"`num_bins` must be greater than or equal to 0. You passed `num_bins={num_bins}`"
        refused("ValueError", text, "num_bins")
    elif isinstance(num_bins, int) and is_plain(bin_boundaries) and bin_boundaries is not None:
        text = "Both `num_bins` and `bin_boundaries` should not be set."
        text = f"{text} You passed `num_bins={num_bins}` and `bin_boundaries={bin_boundaries}`"
        refused("ValueError", text, "num_bins", "bin_boundaries")


@phase(hashing, "tf_keras.before")
def hashing_before(*, num_bins: Any) -> None:
    """At least one bin."""
    if isinstance(num_bins, (str, tuple, list, dict)):
        kind = type(num_bins).__name__
        refused("TypeError", f"'<=' not supported between instances of '{kind}' and 'int'", "num_bins")
    elif num_bins is None or (isinstance(num_bins, (int, float)) and num_bins <= 0):
        text = "The `num_bins` for `Hashing` cannot be `None` or non-positive values."
        refused("ValueError", f"{text} Received: num_bins={num_bins}.", "num_bins")


@phase(hashing, "tf_keras.after")
def hashing_after(*, output_mode: Any, sparse: Any, salt: Any = None, cls: str) -> None:
    """Modes, then salt: a number or two."""
    if no_option(output_mode, VECTORS, cls) or _sparse(sparse, output_mode, '"'):
        return
    pair = isinstance(salt, (tuple, list)) and len(salt) == 2
    if salt is not None and is_plain(salt) and not pair and not isinstance(salt, int):
        text = "The `salt` argument for `Hashing` can only be a tuple of size 2 integers, or a single integer."
        refused("ValueError", f"{text} Received: salt={salt}.", "salt")


@phase(hashed_crossing, "tf_keras.after")
def hashed_crossing_after(*, output_mode: Any, cls: str) -> None:
    """One of two modes."""
    no_option(output_mode, ("int", "one_hot"), cls)


@phase(normalization, "tf_keras.after")
def normalization_after(*, mean: Any = None, variance: Any = None) -> None:
    """Both statistics, or none."""
    if is_plain(mean) and is_plain(variance) and (mean is None) != (variance is None):
        text = "When setting values directly, both `mean` and `variance` must be set."
        refused("ValueError", f"{text} Got mean: {mean} and variance: {variance}", "mean", "variance")


def refused(kind: str, text: str, *blame: str) -> None:
    """Report what a constructor of Keras 2 raises."""
    report(LegacyRefusal(kind, text), blame=blame)


def is_refused(problems: Sequence[Problem]) -> bool:
    """Whether a constructor of Keras 2 refuses a setting, and its base nothing that it may see before."""
    of_base = (isinstance(one, WrongArguments) or (type(one) is BadSetting and one.name in OF_BASE) for one in problems)
    return (isinstance(problems[0], LegacyRefusal) or _is_of_directions(problems[0])) and not any(of_base)


def _is_of_directions(problem: Problem) -> bool:
    """Whether two layers of Bidirectional do not go together; one that goes backwards may itself be turned in Keras 2."""
    if not isinstance(problem, RefusedSetting) or problem.quoted == (True, True):
        return False
    return problem.why in ("bidirectional-directions", "bidirectional-alike")


def no_option(mode: Any, allowed: tuple[str, ...], layer: str, *, none: bool = False) -> bool:
    """Whether ``output_mode`` is none of those allowed."""
    if not is_plain(mode) or (none and mode is None) or (isinstance(mode, str) and mode in allowed):
        return False
    text = f"Unkown value for `output_mode` argument of layer {layer}. Allowed values are: "
    text += f"{'`None`, ' if none else ''}or one of the following values: {allowed}. Received: {mode}"
    refused("ValueError", text, "output_mode")
    return True


def _sparse(sparse: Any, mode: Any, mark: str) -> bool:
    """Whether sparse places are asked for; only vectors are sparse.  ``mark``: how the layer quotes."""
    if sparse is not True or mode != "int":
        return False
    names = f"`{mark}one_hot{mark}`, `{mark}multi_hot{mark}`, or `{mark}count{mark}`"
    text = f"`sparse` may only be true if `output_mode` is {names}. Received: sparse=True and output_mode=int"
    refused("ValueError", text, "sparse", "output_mode")
    return True
