"""StringLookup and IntegerLookup: words and numbers as places in a vocabulary.

Follows keras/src/layers/preprocessing/{index_lookup,string_lookup,integer_lookup}.py.  How many words there are is
known if the vocabulary is written out; after ``adapt`` it is a symbol.
"""

from __future__ import annotations

from typing import Any

from ...dim import Dim, Symbol, derived, surely_less
from ...evidence import report
from ...problems import RefusedInputs
from ...rule import Call, function, layer
from ...shape import AnyShape, Shape
from ...value import Instance, Tensor, Unknown, Value
from .categories import changed, encoded, listed, of_words, one_hot, one_of, raise_in_method
from .common import NO_RANK, as_dim, constructor, python_error, refuse, shape_of, truthy, undecided
from .machine import CONTEXT, MACHINE
from .state import keep

MODES = ("int", "one_hot", "multi_hot", "count", "tf_idf")


@layer("keras.layers.StringLookup", machine=MACHINE, anything=True, keeps_arrays=True, casts=False, adapted=None, keywords=("oov_method", "vocabulary_size", "has_input_vocabulary"), ignored=("trainable", "dtype"), **CONTEXT)  # fmt: skip
@layer("keras.layers.IntegerLookup", machine=MACHINE, anything=True, keeps_arrays=True, casts=False, adapted=None, keywords=("vocabulary_size", "has_input_vocabulary"), ignored=("trainable", "dtype"), **CONTEXT)  # fmt: skip
def lookup(
    inputs: Any,
    *,
    max_tokens: Any,
    num_oov_indices: Any,
    mask_token: Any,
    oov_token: Any,
    vocabulary: Any,
    invert: Any,
    output_mode: Any,
    pad_to_max_tokens: Any,
    name: str,
    eager: bool,
    cls: str,
    adapted: Any = None,
) -> Any:
    """Places, or vectors as long as the vocabulary; as long as that is not known the length is left open."""
    if eager and cls == "IntegerLookup" and of_words(inputs):
        return NO_RANK  # not cast, in TensorFlow's words
    if cls == "StringLookup" and isinstance(inputs, (bool, int, float)):
        return NO_RANK  # nor is a number
    if eager and cls == "StringLookup" and isinstance(inputs, Tensor) and inputs.dtype not in (None, "string"):
        return NO_RANK  # no numbers are cast to words: what is said of it hangs on what else is looked at before
    shape = shape_of(listed(inputs))
    if shape is None or not isinstance(output_mode, str) or (not eager and isinstance(inputs, (list, tuple))):
        return NO_RANK
    if eager and truthy(pad_to_max_tokens) and vocabulary is None and adapted is None:
        return NO_RANK  # a table that is not there yet
    depth = depth_of(max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, output_mode, pad_to_max_tokens, adapted, name)  # fmt: skip
    if output_mode == "int":
        known = adapted is not None or vocabulary is not None
        if eager and (invert is not False or num_oov_indices == 0):
            return NO_RANK  # refused for some inputs
        return Tensor(shape, "int64" if invert is False else None, "") if known or not eager else NO_RANK
    if not eager:
        return Tensor(looked_up(shape, output_mode, depth, name), "float32", "")
    if num_oov_indices == 0:
        return NO_RANK  # refused where a word is not in the vocabulary
    if depth is None:
        report(RefusedInputs("lookup-unset", (), quoted=(output_mode,)), blame=("inputs",))
        return NO_RANK
    if output_mode == "tf_idf":
        return Tensor(encoded(shape, "count", depth), "float32", "")
    return Tensor(encoded(shape, output_mode, depth), "int64", "")


@constructor("StringLookup")
def string_lookup_constructor(
    *,
    max_tokens: Any = None,
    num_oov_indices: Any = 1,
    mask_token: Any = None,
    oov_token: Any = "[UNK]",
    vocabulary: Any = None,
    idf_weights: Any = None,
    invert: Any = False,
    output_mode: Any = "int",
    pad_to_max_tokens: Any = False,
    sparse: Any = False,
    encoding: Any = "utf-8",
    salt: Any = None,
) -> dict[str, Any]:
    """The vocabulary, if there is one."""
    mode = mode_of(output_mode)
    if isinstance(mask_token, (int, float)):
        python_error("TypeError", f"Cannot convert {mask_token} to EagerTensor of dtype string", "mask_token")
    with_vocabulary(vocabulary, max_tokens, num_oov_indices, mask_token, oov_token, invert, mode, idf_weights)
    return {"output_mode": mode}


@constructor("IntegerLookup")
def integer_lookup_constructor(
    *,
    max_tokens: Any = None,
    num_oov_indices: Any = 1,
    mask_token: Any = None,
    oov_token: Any = -1,
    vocabulary: Any = None,
    vocabulary_dtype: Any = "int64",
    idf_weights: Any = None,
    invert: Any = False,
    output_mode: Any = "int",
    sparse: Any = False,
    pad_to_max_tokens: Any = False,
    oov_method: Any = "floormod",
    salt: Any = None,
) -> dict[str, Any]:
    """The vocabulary, if there is one."""
    mode = mode_of(output_mode)
    if isinstance(mask_token, (str, float)):
        python_error("TypeError", f"Cannot convert {mask_token!r} to EagerTensor of dtype int64", "mask_token")
    with_vocabulary(vocabulary, max_tokens, num_oov_indices, mask_token, oov_token, invert, mode, idf_weights)
    return {"output_mode": mode}


@constructor("StringLookup", phase="before")
def string_lookup_before(
    *,
    max_tokens: Any,
    num_oov_indices: Any,
    idf_weights: Any,
    invert: Any,
    output_mode: Any,
    pad_to_max_tokens: Any,
    sparse: Any,
    oov_method: Any = "floormod",
    salt: Any,
) -> None:
    """Nothing but what both classes check."""
    if _counts(max_tokens, num_oov_indices, "lookup-tokens", "lookup-oov", pad_to_max_tokens):
        _modes("StringLookup", oov_method, salt, False, output_mode, invert, sparse, idf_weights)


@constructor("IntegerLookup", phase="before")
def integer_lookup_before(
    *,
    max_tokens: Any,
    num_oov_indices: Any,
    vocabulary_dtype: Any,
    idf_weights: Any,
    invert: Any,
    output_mode: Any,
    sparse: Any,
    pad_to_max_tokens: Any,
    oov_method: Any,
    salt: Any,
) -> None:
    """The same numbers in other words first, and int64 only."""
    if not _counts(max_tokens, num_oov_indices, "integer-lookup-tokens", "integer-lookup-oov", False):
        return
    if isinstance(vocabulary_dtype, str) and vocabulary_dtype != "int64":
        refuse("vocabulary_dtype", vocabulary_dtype, "integer-lookup-dtype")
    elif _counts(max_tokens, num_oov_indices, "", "", pad_to_max_tokens):
        _modes("IntegerLookup", oov_method, salt, True, output_mode, invert, sparse, idf_weights)


@function("keras.layers.StringLookup.adapt", raw=True)
@function("keras.layers.IntegerLookup.adapt", raw=True)
def adapt(call: Call, self: Instance, data: Value, steps: Value = None) -> None:
    """The words of the data become the vocabulary; nobody knows how many there are."""
    settings = MACHINE.settings(call, self) or {}
    if settings.get("vocabulary") is not None and not undecided(settings["vocabulary"]):
        raise_in_method(call, self, "lookup-adapt", MACHINE.name(call, self))
        return
    changed(call, self, adapted=call.symbol("vocabulary"))


@function("keras.layers.StringLookup.set_vocabulary", raw=True)
@function("keras.layers.IntegerLookup.set_vocabulary", raw=True)
def set_vocabulary(call: Call, self: Instance, vocabulary: Value, idf_weights: Value = None) -> None:
    """As the constructor's argument; what it refuses is not told here."""
    changed(call, self, vocabulary=keep(call.thaw(call.resolve(vocabulary))), adapted=None)


@function("keras.layers.StringLookup.vocabulary_size", raw=True)
@function("keras.layers.IntegerLookup.vocabulary_size", raw=True)
def vocabulary_size(call: Call, self: Instance) -> Value:
    """How many places there are, those for the mask and for unknown words among them."""
    size = size_of(MACHINE.settings(call, self) or {}, MACHINE.name(call, self))
    return Unknown("the size of the vocabulary") if size is None else size


@function("keras.layers.StringLookup.get_vocabulary", raw=True)
@function("keras.layers.IntegerLookup.get_vocabulary", raw=True)
def get_vocabulary(call: Call, self: Instance, include_special_tokens: Value = True) -> Value:
    """The words in order, if they were written out."""
    words = words_of(MACHINE.settings(call, self) or {}, include_special_tokens)
    return Unknown("the vocabulary") if words is None else call.new_list(words)


def size_of(settings: dict[str, Any], name: str) -> Any:
    """How many places a lookup's vocabulary has; None while there is none."""
    if settings.get("adapted") is not None:
        return settings["adapted"]
    oov, mask, token = (settings.get(fact) for fact in ("num_oov_indices", "mask_token", "oov_token"))
    return count_of(oov, mask, token, settings.get("vocabulary"), settings.get("output_mode"), name)


def words_of(settings: dict[str, Any], special: Any) -> list[Any] | None:
    """The words of a vocabulary that is written out, those for masks and for what is unknown in front."""
    words, oov = settings.get("vocabulary"), settings.get("num_oov_indices")
    if not isinstance(words, (list, tuple)) or not isinstance(oov, int) or not isinstance(special, bool):
        return None
    front = reserved(oov, settings.get("mask_token"), settings.get("oov_token"), settings.get("output_mode"))
    if front is None:
        return None
    rest = list(words[len(front) :] if list(words[: len(front)]) == front else words)
    return front + rest if special else rest


def depth_of(
    max_tokens: Any, oov: Any, mask: Any, token: Any, vocabulary: Any, mode: Any, pad: Any, adapted: Any, name: str
) -> Dim | None:
    """How long the vectors are; None where there is no vocabulary yet."""
    if truthy(pad):
        return as_dim(max_tokens, "max_tokens", name)
    if pad is not False:
        return derived("vocabulary", name)
    return adapted if adapted is not None else count_of(oov, mask, token, vocabulary, mode, name)


def count_of(oov: Any, mask: Any, token: Any, vocabulary: Any, mode: Any, name: str) -> Dim | None:
    """The words of a vocabulary, and the places that are reserved."""
    if vocabulary is None:
        return None
    front = reserved(oov, mask, token, mode)
    if front is None or not isinstance(vocabulary, (list, tuple)):
        return derived("vocabulary", name)
    found = list(vocabulary[: len(front)]) == front
    return len(vocabulary) if found else len(front) + len(vocabulary)


def reserved(oov: Any, mask: Any, token: Any, mode: Any) -> list[Any] | None:
    """What stands in front of the words: a place for the mask, and some for unknown words."""
    if not isinstance(oov, int) or not isinstance(mode, str) or undecided(mask) or undecided(token):
        return None
    return [mask] * (mask is not None and mode == "int") + [token] * oov


def looked_up(shape: Shape, mode: str, depth: Dim | None, name: str) -> AnyShape:
    """IndexLookup.compute_output_shape: a length that is not known is left open."""
    length = Symbol(None, ("vocabulary", name), dynamic=True) if depth is None else depth
    if not shape:
        return Shape((length,))
    return one_hot(shape, length) if mode == "one_hot" else Shape((*shape[:-1], length))


def with_vocabulary(
    vocabulary: Any, max_tokens: Any, oov: Any, mask: Any, token: Any, invert: Any, mode: Any, weights: Any
) -> None:
    """What ``IndexLookup.__init__`` and ``set_vocabulary`` say of a vocabulary."""
    if mode == "tf_idf" and vocabulary is not None and weights is None:
        refuse("vocabulary", vocabulary, "lookup-weights")
        return
    front = reserved(oov, mask, token, mode)
    if not isinstance(vocabulary, (list, tuple)) or front is None or not all(map(_is_word, vocabulary)):
        return
    words = list(vocabulary)
    rest = words[len(front) :] if words[: len(front)] == front else words
    if not words:
        refuse("vocabulary", vocabulary, "lookup-empty")
    elif len(set(rest)) < len(rest):
        refuse("vocabulary", vocabulary, "lookup-repeated", "", Unknown("as NumPy prints them"))
    elif mask is not None and mask in rest:
        at = max(n for n, word in enumerate(words) if word == mask)
        refuse("vocabulary", vocabulary, "lookup-mask", "", front, mask, [at])
    elif truthy(invert) and token is not None and token in rest:
        at = max(n for n, word in enumerate(words) if word == token)
        refuse("vocabulary", vocabulary, "lookup-token", "", front, token, [at])
    elif isinstance(max_tokens, int) and len(front) + len(rest) > max_tokens:
        refuse("vocabulary", vocabulary, "lookup-many", "", len(front) + len(rest), max_tokens)


def mode_of(mode: Any) -> Any:
    """A mode under its newer name."""
    return {"binary": "multi_hot", "tf-idf": "tf_idf"}.get(mode, mode) if isinstance(mode, str) else mode


def _counts(max_tokens: Any, oov: Any, tokens_why: str, oov_why: str, pad: Any) -> bool:
    """Whether the numbers are accepted."""
    if max_tokens is not None and not undecided(max_tokens):
        if isinstance(max_tokens, (str, list, tuple, dict)):
            text = f"'<=' not supported between instances of '{type(max_tokens).__name__}' and 'int'"
            python_error("TypeError", text, "max_tokens")
            return False
        if max_tokens <= 1 if isinstance(max_tokens, float) else surely_less(max_tokens, 2):
            refuse("max_tokens", max_tokens, tokens_why)
            return False
    if truthy(pad) and max_tokens is None:
        refuse("max_tokens", max_tokens, "lookup-pad")
        return False
    if isinstance(oov, (str, tuple, list, dict, type(None))):
        text = f"'<' not supported between instances of '{type(oov).__name__}' and 'int'"
        python_error("TypeError", text, "num_oov_indices")
        return False
    if isinstance(oov, int) and oov < 0:
        refuse("num_oov_indices", oov, oov_why)
        return False
    return True


def _modes(cls: str, method: Any, salt: Any, integers: bool, mode: Any, invert: Any, sparse: Any, weights: Any) -> None:
    """The rest of what is checked before anything is made."""
    if not one_of(method, ("floormod", "farmhash"), "oov_method", cls):
        return
    if salt is not None and not undecided(salt):
        if integers and method == "floormod":
            refuse("salt", salt, "lookup-salt-method", "", method)
            return
        if not isinstance(salt, int) and not (isinstance(salt, (tuple, list)) and len(salt) == 2):
            refuse("salt", salt, "lookup-salt")
            return
    mode = mode_of(mode)
    if not one_of(mode, MODES, "output_mode", cls) or not isinstance(mode, str):
        return
    if truthy(invert) and mode != "int":
        refuse("output_mode", mode, "lookup-invert")
    elif truthy(sparse) and mode == "int":
        refuse("sparse", sparse, "lookup-sparse", "", mode)
    elif weights is not None and not undecided(weights) and mode != "tf_idf":
        refuse("idf_weights", weights, "lookup-idf", "", mode)


def _is_word(word: Any) -> bool:
    return isinstance(word, (str, int)) and not isinstance(word, bool)
