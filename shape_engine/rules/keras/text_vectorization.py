"""TextVectorization: texts as words, and words as places in a vocabulary.

Follows keras/src/layers/preprocessing/text_vectorization.py.  How many words a text has is a symbol.
"""

from __future__ import annotations

from typing import Any

from ...dim import Dim, Symbol, derived, is_dynamic, is_symbolic, surely_differ
from ...evidence import report
from ...problems import RefusedInputs
from ...rule import Call, function, layer, phase
from ...shape import AnyShape, Shape
from ...value import Instance, Tensor, Unknown, Value
from . import lookups
from .categories import encoded, listed, one_of
from .common import NO_RANK, as_dim, is_integer, python_error, refuse, shape_of, undecided
from .lookups import MODES, depth_of, looked_up, mode_of, with_vocabulary
from .machine import CONTEXT, MACHINE

OOV, MASK, TOKEN = 1, "", "[UNK]"
SPECIAL: dict[str, Any] = {"num_oov_indices": OOV, "mask_token": MASK, "oov_token": TOKEN}
"""With what the lookup inside is made."""


@layer("keras.layers.TextVectorization", machine=MACHINE, anything=True, keeps_arrays=True, adapted=None, keywords=("vocabulary_size", "has_input_vocabulary"), **CONTEXT)  # fmt: skip
def text_vectorization(
    inputs: Any,
    *,
    max_tokens: Any,
    split: Any,
    ngrams: Any,
    output_mode: Any,
    output_sequence_length: Any,
    pad_to_max_tokens: Any,
    vocabulary: Any,
    ragged: Any,
    name: str,
    eager: bool,
    adapted: Any = None,
) -> Any:
    """As long as ``output_sequence_length``, or as the longest text; or a vector for each text."""
    if not eager and isinstance(inputs, (list, tuple)):
        python_error("AttributeError", f"'{type(inputs).__name__}' object has no attribute 'shape'", "inputs")
        return NO_RANK
    shape = shape_of(listed(inputs))
    if shape is None or not isinstance(output_mode, str) or undecided(split) or undecided(ragged):
        return NO_RANK
    depth = depth_of(max_tokens, OOV, MASK, TOKEN, vocabulary, output_mode, pad_to_max_tokens, adapted, name)
    if not eager:
        return _symbolic(shape, output_mode, split, output_sequence_length, depth, name)
    if isinstance(inputs, (int, float)) or (isinstance(inputs, Tensor) and inputs.dtype not in (None, "string")):
        return NO_RANK  # numbers are no texts, in TensorFlow's words
    whole = len(shape) > 1 and surely_differ(shape[-1], 1)
    if split is not None and whole:
        report(RefusedInputs("text-shape", (shape,), quoted=(len(shape),)), blame=("inputs",))
        return NO_RANK
    if split is not None and len(shape) > 1 and is_symbolic(shape[-1]):
        return NO_RANK
    known = ragged is False and (split is None or isinstance(split, str)) and (ngrams is None or split is not None)
    texts = Shape(shape[:-1]) if split is not None and len(shape) > 1 else shape
    if output_mode == "int":
        if not known or (adapted is None and vocabulary is None):
            return Unknown("ragged texts") if ragged is not False else NO_RANK
        return Tensor(_words(texts, split, output_sequence_length, name), "int64", "")
    if depth is None:
        report(RefusedInputs("lookup-unset", (), quoted=(output_mode,)), blame=("inputs",))
        return NO_RANK
    if adapted is None and vocabulary is None:
        return NO_RANK  # a table that is not filled, in TensorFlow's words
    if not known or (split is not None and (output_mode == "one_hot" or len(texts) > 1)):
        return NO_RANK
    mode, kind = ("count", "float32") if output_mode == "tf_idf" else (output_mode, "int64")
    result = Shape((*texts, depth)) if split is not None else encoded(texts, mode, depth)
    return Tensor(result, kind, "")


@phase(text_vectorization, "constructor")
def text_vectorization_constructor(
    *,
    max_tokens: Any = None,
    standardize: Any = "lower_and_strip_punctuation",
    split: Any = "whitespace",
    ngrams: Any = None,
    output_mode: Any = "int",
    output_sequence_length: Any = None,
    pad_to_max_tokens: Any = False,
    vocabulary: Any = None,
    idf_weights: Any = None,
    sparse: Any = False,
    ragged: Any = False,
    encoding: Any = "utf-8",
) -> dict[str, Any]:
    """What the lookup inside refuses."""
    mode = mode_of(output_mode)
    lookups.string_lookup_before(
        max_tokens=max_tokens,
        num_oov_indices=1,
        idf_weights=idf_weights,
        invert=False,
        output_mode=mode,
        pad_to_max_tokens=pad_to_max_tokens,
        sparse=sparse,
        salt=None,
    )
    with_vocabulary(vocabulary, max_tokens, OOV, MASK, TOKEN, False, mode, idf_weights)
    return {"output_mode": mode}


@phase(text_vectorization, "before")
def text_vectorization_before(
    *, standardize: Any, split: Any, ngrams: Any, output_mode: Any, output_sequence_length: Any, ragged: Any
) -> None:
    """Modes by their names, whole numbers, and what goes together."""
    ways = ("lower_and_strip_punctuation", "lower", "strip_punctuation")
    if not one_of(standardize, ways, "standardize", "TextVectorization", none=True):
        return
    if not one_of(split, ("whitespace", "character"), "split", "TextVectorization", none=True):
        return
    mode, length = mode_of(output_mode), output_sequence_length
    if not one_of(mode, MODES, "output_mode", "TextVectorization") or not isinstance(mode, str):
        return
    if isinstance(ngrams, (str, float, list)) or (
        isinstance(ngrams, tuple) and any(isinstance(n, str) for n in ngrams)
    ):
        refuse("ngrams", ngrams, "text-ngrams")
    elif mode == "int" and length is not None and not undecided(length) and not is_integer(length):
        refuse("output_sequence_length", length, "text-length")
    elif mode != "int" and length is not None and not undecided(length):
        refuse("output_sequence_length", length, "text-no-length")
    elif ragged is True and mode != "int":
        refuse("ragged", ragged, "text-ragged", "", mode)


@phase(text_vectorization, "makes")
def text_vectorization_makes() -> tuple[str, ...]:
    """The layers that its constructor makes: they take names."""
    return ("StringLookup",)


@function("keras.layers.TextVectorization.adapt", raw=True)
def adapt(call: Call, self: Instance, data: Value, batch_size: Value = None, steps: Value = None) -> None:
    """The words of the data become the vocabulary."""
    settings = MACHINE.settings(call, self) or {}
    if settings.get("vocabulary") is not None:
        return
    lookups.adapt(call, self, data, steps)


@function("keras.layers.TextVectorization.set_vocabulary", raw=True)
def set_vocabulary(call: Call, self: Instance, vocabulary: Value, idf_weights: Value = None) -> None:
    """As the constructor's argument."""
    lookups.set_vocabulary(call, self, vocabulary, idf_weights)


@function("keras.layers.TextVectorization.vocabulary_size", raw=True)
def vocabulary_size(call: Call, self: Instance) -> Value:
    """How many places there are."""
    size = lookups.size_of({**(MACHINE.settings(call, self) or {}), **SPECIAL}, MACHINE.name(call, self))
    return Unknown("the size of the vocabulary") if size is None else size


@function("keras.layers.TextVectorization.get_vocabulary", raw=True)
def get_vocabulary(call: Call, self: Instance, include_special_tokens: Value = True) -> Value:
    """The words in order, if they were written out."""
    words = lookups.words_of({**(MACHINE.settings(call, self) or {}), **SPECIAL}, include_special_tokens)
    return Unknown("the vocabulary") if words is None else call.new_list(words)


def _symbolic(shape: Shape, mode: str, split: Any, length: Any, depth: Dim | None, name: str) -> Any:
    """TextVectorization.compute_output_shape."""
    if mode == "int":
        if not shape:
            python_error("IndexError", "tuple index out of range", "inputs")
            return NO_RANK
        last = Symbol(None, ("words", name), dynamic=True) if length is None else as_dim(length, "length", name)
        return Tensor(Shape((shape[0], last)), "int64", "")
    if split is not None:
        shape = Shape((*shape, Symbol(None, ("words", name), dynamic=True)))
    elif len(shape) <= 1:
        shape = Shape((*shape, 1))
    return Tensor(looked_up(shape, mode, depth, name), "float32", "")


def _words(texts: Shape, split: Any, length: Any, name: str) -> AnyShape:
    """A place for each word: so many as there are, or as are asked for."""
    if split is None:
        return texts if length is None else Shape((*texts[:-1], as_dim(length, "length", name))) if texts else NO_RANK
    if length is None:
        return Shape((*texts, derived("words", name, dynamic=any(map(is_dynamic, texts)))))
    return Shape((*texts, as_dim(length, "length", name)))
