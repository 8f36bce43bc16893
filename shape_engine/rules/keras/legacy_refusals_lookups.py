"""What the constructors of Keras 2 refuse: vocabularies, and layers that look words up in them.

Follows tf_keras/src/layers/preprocessing/{index_lookup,string_lookup,integer_lookup,text_vectorization}.py.
"""

from __future__ import annotations

from typing import Any

from ...rule import phase
from ...value import Function
from . import lookups as lookups  # the classes
from .common import constructor, is_plain
from .legacy_refusals import no_option, refused
from .lookups import MODES, mode_of, reserved
from .text_vectorization import MASK, OOV, TOKEN, text_vectorization

RESTORING = (
    "If restoring a model and `{0}` is a custom callable, please ensure the callable is registered as a custom object. "
    "See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details. "
)
LENGTH = "`output_sequence_length` must"


@constructor("StringLookup", "IntegerLookup", phase="tf_keras.before")
def lookup_before() -> None:
    """All is told once the class is known, which some texts name."""


@constructor("StringLookup", phase="tf_keras.after")
def string_lookup_after(
    *, max_tokens: Any, num_oov_indices: Any, mask_token: Any, oov_token: Any, vocabulary: Any, idf_weights: Any,
    invert: Any, output_mode: Any, sparse: Any, pad_to_max_tokens: Any, cls: str,
) -> None:  # fmt: skip
    """As for every lookup.  In Keras 2 ``encoding`` stands before ``invert``: arguments by position are not followed."""
    if not isinstance(invert, bool):
        return
    if _refuses(cls, max_tokens, pad_to_max_tokens, num_oov_indices, output_mode, invert, sparse, idf_weights) is False:
        _vocabulary(
            vocabulary, str, max_tokens, num_oov_indices, mask_token, oov_token, invert, output_mode, idf_weights
        )


@constructor("IntegerLookup", phase="tf_keras.after")
def integer_lookup_after(
    *, max_tokens: Any, num_oov_indices: Any, mask_token: Any, oov_token: Any, vocabulary: Any, vocabulary_dtype: Any,
    idf_weights: Any, invert: Any, output_mode: Any, sparse: Any, pad_to_max_tokens: Any, cls: str,
) -> None:  # fmt: skip
    """Whole numbers; then the same numbers in other words first."""
    if not isinstance(vocabulary_dtype, str):
        return
    if vocabulary_dtype in ("string", "bool", "float16", "float32", "float64", "bfloat16"):
        text = f"`vocabulary_dtype` must be an integer dtype. Received: {vocabulary_dtype}"
        refused("ValueError", text, "vocabulary_dtype")
    elif not vocabulary_dtype.removeprefix("u").startswith("int"):
        return
    elif isinstance(max_tokens, (int, float)) and max_tokens <= 1:
        text = "If `max_tokens` is set for `IntegerLookup`, it must be greater than 1."
        refused("ValueError", f"{text} Received: max_tokens={max_tokens}.", "max_tokens")
    elif _is_count(max_tokens) and isinstance(num_oov_indices, (int, float)) and num_oov_indices < 0:
        text = "The value of `num_oov_indices` argument for `IntegerLookup` must >= 0."
        refused("ValueError", f"{text} Received num_oov_indices={num_oov_indices}.", "num_oov_indices")
    elif not isinstance(invert, bool):
        return
    elif (
        _refuses(cls, max_tokens, pad_to_max_tokens, num_oov_indices, output_mode, invert, sparse, idf_weights) is False
    ):
        _vocabulary(
            vocabulary, int, max_tokens, num_oov_indices, mask_token, oov_token, invert, output_mode, idf_weights
        )


@phase(text_vectorization, "tf_keras.before")
def text_vectorization_before(
    *, standardize: Any, split: Any, ngrams: Any, output_mode: Any, output_sequence_length: Any, ragged: Any
) -> None:
    """Ways by their names, whole numbers, and what goes together."""
    length, mode = output_sequence_length, mode_of(output_mode)
    if not _is_way(standardize, ("lower_and_strip_punctuation", "lower", "strip_punctuation"), "standardize"):
        return
    if not _is_way(split, ("whitespace", "character"), "split") or not is_plain(mode):
        return
    if no_option(mode, ("int", "count", "multi_hot", "tf_idf"), "TextVectorization", none=True):
        return
    whole = ngrams if isinstance(ngrams, tuple) else (ngrams,)
    if not is_plain(ngrams) or not is_plain(length):
        return
    if ngrams is not None and not all(isinstance(n, int) for n in whole):
        text = f"`ngrams` must be None, an integer, or a tuple of integers. Received: ngrams={ngrams}"
        refused("ValueError", text, "ngrams")
    elif mode == "int" and length is not None and not isinstance(length, int):
        text = f"{LENGTH} be either None or an integer when `output_mode` is 'int'."
        refused("ValueError", f"{text} Received: output_sequence_length={length}", "output_sequence_length")
    elif mode != "int" and length is not None:
        text = f"{LENGTH} not be set if `output_mode` is not 'int'. Received output_sequence_length={length}."
        refused("ValueError", text, "output_sequence_length", "output_mode")
    elif ragged is True and mode != "int":
        text = "`ragged` must not be true if `output_mode` is `'int'`. Received: ragged=True and output_mode="
        refused("ValueError", f"{text}{mode}", "ragged", "output_mode")
    elif ragged is True and length is not None:
        text = f"{LENGTH} not be set if ragged is True. Received: ragged=True and output_sequence_length={length}"
        refused("ValueError", text, "ragged", "output_sequence_length")


@phase(text_vectorization, "tf_keras.after")
def text_vectorization_after(
    *, max_tokens: Any, output_mode: Any, pad_to_max_tokens: Any, vocabulary: Any, idf_weights: Any, sparse: Any
) -> None:
    """What the lookup inside refuses."""
    mode = "int" if output_mode is None else output_mode
    if _refuses("StringLookup", max_tokens, pad_to_max_tokens, OOV, mode, False, sparse, idf_weights) is False:
        _vocabulary(vocabulary, str, max_tokens, OOV, MASK, TOKEN, False, mode, idf_weights)


def _refuses(
    cls: str, max_tokens: Any, pad: Any, oov: Any, mode: Any, invert: bool, sparse: Any, weights: Any
) -> bool | None:
    """``IndexLookup.__init__`` up to its base's: whether it raises, None where that is not known."""
    mode = mode_of(mode)
    if isinstance(max_tokens, str):
        refused("TypeError", "'<=' not supported between instances of 'str' and 'int'", "max_tokens")
    elif isinstance(max_tokens, (int, float)) and max_tokens <= 1:
        refused(
            "ValueError",
            f"If set, `max_tokens` must be greater than 1. Received: max_tokens={max_tokens}",
            "max_tokens",
        )
    elif not _is_count(max_tokens) or not isinstance(pad, bool):
        return None
    elif pad and max_tokens is None:
        text = "If pad_to_max_tokens is True, must set `max_tokens`. Received: max_tokens=None"
        refused("ValueError", text, "pad_to_max_tokens")
    elif isinstance(oov, (int, float)) and oov < 0:
        text = f"`num_oov_indices` must be greater than or equal to 0. Received: num_oov_indices={oov}"
        refused("ValueError", text, "num_oov_indices")
    elif not isinstance(oov, (int, float)):
        return None
    elif no_option(mode, MODES, cls):
        return True
    elif not isinstance(mode, str) or not isinstance(sparse, bool) or not is_plain(weights):
        return None
    elif invert and mode != "int":
        text = f"`output_mode` must be `'int'` when `invert` is true. Received: output_mode={mode}"
        refused("ValueError", text, "output_mode", "invert")
    elif sparse and mode == "int":
        text = "`sparse` may only be true if `output_mode` is `'one_hot'`, `'multi_hot'`, `'count'` or `'tf_idf'`."
        refused("ValueError", f"{text} Received: sparse=True and output_mode=int", "sparse", "output_mode")
    elif weights is not None and mode != "tf_idf":
        text = "`idf_weights` should only be set if `output_mode` is `'tf_idf'`."
        refused("ValueError", f"{text} Received: idf_weights={weights} and output_mode={mode}", "idf_weights")
    else:
        return False
    return True


def _vocabulary(
    vocabulary: Any, kind: type, max_tokens: Any, oov: Any, mask: Any, token: Any, invert: Any, mode: Any, weights: Any
) -> None:  # fmt: skip
    """``IndexLookup.set_vocabulary`` with words that are written out; NumPy prints some of them as it likes."""
    mode = mode_of(mode)
    if vocabulary is not None and is_plain(vocabulary) and mode == "tf_idf" and weights is None:
        refused("ValueError", "`idf_weights` must be set if output_mode is TF_IDF", "idf_weights", "vocabulary")
        return
    front = reserved(oov, mask, token, mode)
    special = all(one is None or type(one) is kind for one in (mask, token))
    if not isinstance(vocabulary, (list, tuple)) or front is None or not special or not isinstance(invert, bool):
        return
    words = list(vocabulary)
    if not all(type(word) is kind for word in words):
        return
    rest = words[len(front) :] if words[: len(front)] == front else words
    shown = front if kind is str else "?"
    unexpected = (
        "Found reserved {0} token at unexpected location in `vocabulary`. Note that passed `vocabulary` does not need to "
        "include the OOV and mask tokens. Either remove all mask and OOV tokens, or include them only at the start of the "
        f"vocabulary in precisely this order: {shown}. Received: "
    )
    if not words:
        text = "Cannot set an empty vocabulary, you passed []."
    elif len(set(rest)) < len(rest):
        text = "The passed vocabulary has at least one repeated term. Please uniquify your dataset. "
        text += "The repeated terms are ?"
    elif mask is not None and mask in rest:
        text = f"{unexpected.format('mask')}mask_token={mask} at vocabulary index [{_last(words, mask)}]"
    elif invert and token is not None and token in rest:
        text = f"{unexpected.format('OOV')}oov_token={token} at vocabulary index [{_last(words, token)}]"
    elif isinstance(max_tokens, int) and len(front) + len(rest) > max_tokens:
        text = "Attempted to set a vocabulary larger than the maximum vocab size. "
        text += f"Passed vocab size is {len(front) + len(rest)}, max vocab size is {max_tokens}."
    elif mode == "tf_idf" and isinstance(weights, (list, tuple)) and len(weights) != len(words):
        text = "`idf_weights` must be the same length as vocabulary. "
        text += (
            f"len(idf_weights) is {len(words)}, len(vocabulary) is {len(weights)}"  # Keras has them the wrong way round
        )
    else:
        return
    refused("ValueError", text, "vocabulary")


def _last(words: list[Any], word: Any) -> int:
    return max(n for n, one in enumerate(words) if one == word)


def _is_count(value: Any) -> bool:
    """Whether a number of words is set, or surely not."""
    return value is None or isinstance(value, (int, float))


def _is_way(value: Any, ways: tuple[str, ...], name: str) -> bool:
    """Whether this is surely a way to treat texts: by its name, a function of the user's, or none."""
    if value is None or isinstance(value, Function) or (isinstance(value, str) and value in ways):
        return True
    if is_plain(value):
        text = f"Unkown value for `{name}` argument of layer TextVectorization. {RESTORING.format(name)}Allowed values are: "
        text += f"`None`, a `Callable`, or one of the following values: {ways}. Received: {value}"
        refused("ValueError", text, name)
    return False
