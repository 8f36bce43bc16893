"""CategoryEncoding, Discretization, Hashing and HashedCrossing: numbers and words as categories.

Follows keras/src/layers/preprocessing/{category_encoding,discretization,hashing,hashed_crossing}.py and
``encode_categorical_inputs`` in keras/src/utils/numerical_utils.py.
"""

from __future__ import annotations

from typing import Any

from ...dim import Dim, is_dynamic, is_symbolic, surely_differ, surely_equal, surely_less
from ...dtypes import SIGNED, UNSIGNED
from ...evidence import collect, report
from ...problems import RefusedInputs
from ...rule import Call, function, layer, phase
from ...shape import AnyShape, Shape
from ...value import Instance, Tensor, Unknown, Value
from .common import NO_RANK, as_dim, is_integer, python_error, refuse, shape_of, shapes_in, truthy, undecided
from .machine import CONTEXT, MACHINE
from .state import NAME_AND_DTYPE

MODES = ("int", "one_hot", "multi_hot", "count")
CATEGORIES = (*SIGNED, *UNSIGNED, "string")
"""What is hashed with others."""
SMALL = ("int8", "int16", "uint8", "uint16", "uint32", "uint64")


@layer("keras.layers.CategoryEncoding", machine=MACHINE, anything=True, keeps_arrays=True, takes="words", **CONTEXT)
def category_encoding(
    inputs: Any, count_weights: Any = None, *, num_tokens: Any, output_mode: Any, sparse: Any = False, name: str,
    eager: bool, dtype: Any,
) -> Any:  # fmt: skip
    """A vector of 0 and 1, or of counts.  A symbolic call replaces the last axis, whatever is on it."""
    shape, depth = shape_of(listed(inputs)), as_dim(num_tokens, "num_tokens", name)
    if shape is None or not isinstance(output_mode, str) or (eager and of_words(inputs)):
        return NO_RANK
    if not eager and isinstance(inputs, (list, tuple)):
        python_error("AttributeError", f"'{type(inputs).__name__}' object has no attribute 'shape'", "inputs")
        return NO_RANK
    if eager and output_mode != "one_hot" and getattr(inputs, "dtype", None) in SMALL:
        return NO_RANK  # what counts takes whole numbers of 32 and 64 bits only
    if eager and sparse is not False and getattr(inputs, "dtype", None) not in ("int32", "int64"):
        return NO_RANK  # nor does it look at others one by one
    if eager and output_mode != "one_hot" and dtype not in (None, "int32", "int64", "float32", "float64"):
        return NO_RANK  # nor does it give any others
    if eager:
        if count_weights is not None and output_mode != "count":
            shown = Unknown("an array") if isinstance(count_weights, Tensor) else count_weights
            report(RefusedInputs("count-weights", (), quoted=(shown,)), blame=("count_weights",))
        return Tensor(encoded(shape, output_mode, depth), dtype if count_weights is None else None, "")
    if not shape:
        return Shape((depth,))
    return one_hot(shape, depth) if output_mode == "one_hot" else Shape((*shape[:-1], depth))


@phase(category_encoding, "constructor")
def category_encoding_constructor(
    *, num_tokens: Any = None, output_mode: Any = "multi_hot", sparse: Any = False
) -> dict[str, Any]:
    """A mode, and at least one category."""
    if output_mode == "binary":
        output_mode = "multi_hot"
    if isinstance(output_mode, (str, int, float, list, tuple, type(None))) and output_mode not in MODES[1:]:
        refuse("output_mode", output_mode, "category-mode")
    elif num_tokens is None:
        refuse("num_tokens", num_tokens, "category-none")
    elif isinstance(num_tokens, str):
        python_error("TypeError", "'<' not supported between instances of 'str' and 'int'", "num_tokens")
    elif not undecided(num_tokens) and surely_less(num_tokens, 1):
        refuse("num_tokens", num_tokens, "category-count")
    return {"output_mode": output_mode}


@layer("keras.layers.Discretization", machine=MACHINE, anything=True, adapted=None, base=NAME_AND_DTYPE, **CONTEXT)
def discretization(
    inputs: Any, *, bin_boundaries: Any, num_bins: Any, output_mode: Any, name: str, eager: bool, adapted: Any = None
) -> Any:
    """The number of a bin, or a vector; symbolically the second axis is left out where bins are counted."""
    shape = shape_of(listed(inputs))
    if shape is None or not isinstance(output_mode, str) or (not eager and isinstance(inputs, (list, tuple))):
        return NO_RANK
    kind = "int32" if output_mode == "int" else "float32"
    if eager and (isinstance(bin_boundaries, (str, int, float, dict)) or of_words(inputs) or _unsorted(bin_boundaries)):
        return NO_RANK
    if eager and bin_boundaries is None and adapted is None:
        report(RefusedInputs("not-adapted", ()), blame=("inputs",))
        return NO_RANK
    if output_mode == "int":
        return Tensor(shape, kind, "")
    depth = bins_of(bin_boundaries, num_bins, name)
    if eager:
        return Tensor(encoded(shape, output_mode, depth), kind, "")
    if output_mode == "one_hot":
        return Tensor(one_hot(shape, depth) if shape else Shape((depth,)), kind, "")
    return Tensor(Shape((shape[0], *shape[2:], depth)) if len(shape) >= 2 else Shape((depth,)), kind, "")


def _unsorted(boundaries: Any) -> bool:
    """Whether boundaries surely do not ascend, which a kernel refuses."""
    known = isinstance(boundaries, (list, tuple)) and all(isinstance(item, (int, float)) for item in boundaries)
    return known and list(boundaries) != sorted(boundaries)


@phase(discretization, "constructor")
def discretization_constructor(
    *,
    bin_boundaries: Any = None,
    num_bins: Any = None,
    epsilon: Any = 0.01,
    output_mode: Any = "int",
    sparse: Any = False,
) -> None:
    """Either boundaries, or how many bins are to be found."""
    if truthy(sparse) and output_mode == "int":
        refuse("sparse", sparse, "discretization-sparse", "", output_mode)
    elif one_of(output_mode, MODES, "output_mode", "Discretization"):
        if isinstance(num_bins, (str, list, tuple, dict)):
            kind = type(num_bins).__name__
            python_error("TypeError", f"'<' not supported between instances of '{kind}' and 'int'", "num_bins")
        elif not undecided(num_bins) and num_bins is not None and surely_less(num_bins, 0):
            refuse("num_bins", num_bins, "discretization-bins")
        elif num_bins is not None and bin_boundaries is not None and not undecided(bin_boundaries):
            if not undecided(num_bins):
                refuse("num_bins", num_bins, "discretization-both", "", bin_boundaries)
        elif num_bins is None and bin_boundaries is None:
            refuse("num_bins", num_bins, "discretization-none")


@function("keras.layers.Discretization.adapt", raw=True)
def adapt_discretization(call: Call, self: Instance, data: Value, steps: Value = None) -> None:
    """Boundaries are found, as many as the constructor says."""
    settings = MACHINE.settings(call, self) or {}
    if settings.get("num_bins") is None and "num_bins" in settings:
        raise_in_method(call, self, "discretization-adapt")
    changed(call, self, adapted=True)


@layer("keras.layers.Hashing", machine=MACHINE, anything=True, keeps_arrays=True, whole=True, policy=None, **CONTEXT)
def hashing(
    inputs: Any, *, num_bins: Any, mask_value: Any, output_mode: Any, name: str, eager: bool, dtype: Any
) -> Any:
    """The number of a bin, or a vector; symbolically the last axis is replaced by the vector."""
    if (not eager and isinstance(inputs, (list, tuple))) or isinstance(num_bins, float):
        return NO_RANK  # Keras asks the list for its shape, TensorFlow wants whole numbers
    if eager and mask_value is not None and not isinstance(mask_value, str if of_words(inputs) else int):
        return NO_RANK  # TensorFlow compares numbers with numbers, and words with words
    if eager and mask_value is not None and getattr(inputs, "dtype", None) == "bool":
        return NO_RANK  # nor truth values with numbers
    shape, depth = shape_of(listed(inputs)), as_dim(num_bins, "num_bins", name)
    if shape is None or not isinstance(output_mode, str):
        return NO_RANK
    if output_mode == "int":
        return Tensor(shape, dtype if dtype in ("int32", "int64") else "int64", "")
    if not eager:
        return Shape((*shape[:-1], depth))
    if output_mode == "one_hot" and not shape:
        python_error("IndexError", "tuple index out of range", "inputs")
        return NO_RANK
    if output_mode == "one_hot" and len(shape) > 2 and not surely_differ(shape[-1], 1):
        return NO_RANK if is_symbolic(shape[-1]) else _squeezed_twice(shape, depth, dtype)
    return Tensor(encoded(shape, output_mode, depth), dtype, "")


@phase(hashing, "constructor")
def hashing_constructor(
    *,
    num_bins: Any,
    mask_value: Any = None,
    salt: Any = None,
    output_mode: Any = "int",
    sparse: Any = False,
    dtype: Any,
    policy: Any,
) -> None:
    """At least one bin, whole numbers for their indices, a mode, and at most two ints of salt."""
    if isinstance(num_bins, (str, tuple, list, dict)):
        kind = type(num_bins).__name__
        python_error("TypeError", f"'<=' not supported between instances of '{kind}' and 'int'", "num_bins")
    elif num_bins is None or (not undecided(num_bins) and surely_less(num_bins, 1)):
        refuse("num_bins", num_bins, "hashing-bins")
    elif output_mode == "int" and isinstance(dtype, str) and dtype not in ("int32", "int64"):
        refuse("dtype", policy if isinstance(policy, str) else Unknown("policy"), "hashing-dtype")
    elif isinstance(output_mode, (str, int, float, type(None))) and output_mode not in MODES:
        refuse("output_mode", output_mode, "hashing-mode", "", MODES)
    elif truthy(sparse) and output_mode == "int":
        refuse("sparse", sparse, "hashing-sparse", "", output_mode)
    elif not (salt is None or undecided(salt) or is_integer(salt)) and not (
        isinstance(salt, (tuple, list)) and len(salt) == 2
    ):
        refuse("salt", salt, "hashing-salt")


@layer("keras.layers.HashedCrossing", machine=MACHINE, anything=True, keeps_arrays=True, whole=True, base=NAME_AND_DTYPE, ignored="rest", **CONTEXT)  # fmt: skip
def hashed_crossing(inputs: Any, *, num_bins: Any, output_mode: Any, name: str, eager: bool, dtype: Any) -> Any:
    """Two or more features of one entry each; symbolically exactly two, told by their shapes."""
    if isinstance(inputs, Tensor) and eager:
        shown = Unknown("an array")
        report(RefusedInputs("crossing-no-list", (), quoted=(shown,)), blame=("inputs",))
        return NO_RANK
    shapes = shapes_in([listed(item) for item in inputs] if isinstance(inputs, (list, tuple)) else inputs)
    if not isinstance(num_bins, int) or isinstance(num_bins, bool) or num_bins < 1:
        return NO_RANK
    if not shapes or not isinstance(output_mode, str):
        return NO_RANK
    first, depth = shapes[0], as_dim(num_bins, "num_bins", name)
    if not eager:
        if len(shapes) != 2:
            report(RefusedInputs("crossing-two", (), quoted=(type(inputs)(shapes),)), blame=("inputs",))
            return NO_RANK
        if not all(shapes) or _unlike(shapes[0][-1], shapes[1][-1]):
            if all(shapes):
                report(RefusedInputs("crossing-shapes", (), quoted=(type(inputs)(shapes),)), blame=("inputs",))
            return NO_RANK
        if output_mode == "int":
            return Tensor(first, "int64", "")
        return Shape((*first[:-1], depth)) if surely_equal(first[-1], 1) else _one_hot_always(first, depth)
    unknown = (Unknown("tensors"),)
    if len(shapes) < 2:
        report(RefusedInputs("crossing-few", (), quoted=unknown), blame=("inputs",))
    elif len(first) > 2 or (len(first) == 2 and surely_differ(first[-1], 1)):
        report(RefusedInputs("crossing-rank", (), quoted=unknown), blame=("inputs",))
    elif any(len(s) != len(first) or any(map(surely_differ, s, first)) for s in shapes):
        report(RefusedInputs("crossing-unequal", (), quoted=unknown), blame=("inputs",))
    elif any(isinstance(x, Tensor) and x.dtype is not None and x.dtype not in CATEGORIES for x in inputs):
        report(RefusedInputs("crossing-dtype", (), quoted=unknown), blame=("inputs",))
    elif output_mode == "int":
        return Tensor(first, dtype if dtype in ("int32", "int64") else "int64", "")
    else:
        return Tensor(encoded(first, output_mode, depth), dtype, "")
    return NO_RANK


@phase(hashed_crossing, "constructor")
def hashed_crossing_constructor(*, num_bins: Any, output_mode: Any = "int", sparse: Any = False) -> None:
    """Only the mode is checked."""
    one_of(output_mode, MODES[:2], "output_mode", "HashedCrossing")


def encoded(shape: Shape, mode: str, depth: Dim) -> AnyShape:
    """``encode_categorical_inputs`` with numbers: vectors instead of entries, or one vector for the second axis."""
    shape = shape or Shape((1,))
    if mode == "one_hot":
        return one_hot(shape, depth)
    return Shape((depth,)) if len(shape) == 1 else Shape((shape[0], *shape[2:], depth))


def of_words(x: Any) -> bool:
    """Whether these are words, not numbers."""
    return isinstance(x, str) or (isinstance(x, Tensor) and x.dtype == "string")


def listed(x: Any) -> Any:
    """A list of Python's own numbers or words, nested evenly, as the tensor that it is made into."""
    if isinstance(x, (str, int, float)) and not isinstance(x, bool):
        return Tensor(Shape(()), "string" if isinstance(x, str) else None, "tf")
    if not isinstance(x, (list, tuple)) or isinstance(x, Shape) or not x:
        return x
    items = [listed(item) for item in x]
    shape = shape_of(items[0])
    if shape is None or any(not isinstance(item, Tensor) or item.shape != shape for item in items):
        return x
    return Tensor(Shape((len(items), *shape)), items[0].dtype, "tf")


def one_of(value: Any, options: tuple[str, ...], name: str, layer: str, *, none: bool = False) -> bool:
    """``validate_string_arg``: whether a setting is one of these texts; reports another one."""
    if value is None and none:
        return True
    plain = isinstance(value, (str, bool, int, float, type(None)))
    if (plain or (isinstance(value, (list, tuple)) and not undecided(value))) and value not in options:
        refuse(name, value, "unknown-string", layer, options)
        return False
    return True


def changed(call: Call, obj: Instance, **settings: Any) -> None:
    """The settings of a layer are others from now on."""
    kept = call.get(obj, ".settings")
    if isinstance(kept, tuple):
        call.set(obj, ".settings", tuple(({**dict(kept), **settings}).items()))


def raise_in_method(call: Call, obj: Instance, why: str, *quoted: Any) -> None:
    """What a method of a layer raises."""
    with collect() as record:
        report(RefusedInputs(why, (), quoted=quoted))
    MACHINE.of(obj).tell(call, record, obj, {})


def bins_of(boundaries: Any, count: Any, name: str) -> Dim:
    if boundaries is None:
        return as_dim(count, "num_bins", name)
    if isinstance(boundaries, (list, tuple)):
        return len(boundaries) + 1
    shape = shape_of(boundaries)
    return shape[0] + 1 if shape is not None and len(shape) == 1 else as_dim(None, "bins", name)


def one_hot(shape: Shape, depth: Dim) -> AnyShape:
    """A last axis of one entry is replaced, but for the only axis; open ones are not one."""
    if len(shape) < 2 or is_dynamic(shape[-1]) or surely_differ(shape[-1], 1):
        return Shape((*shape, depth))
    return Shape((*shape[:-1], depth)) if surely_equal(shape[-1], 1) else NO_RANK


def _one_hot_always(shape: Shape, depth: Dim) -> AnyShape:
    return Shape((*shape, depth)) if is_dynamic(shape[-1]) or surely_differ(shape[-1], 1) else NO_RANK


def _squeezed_twice(shape: Shape, depth: Dim, dtype: Any) -> Any:
    """Hashing takes a last axis of one entry off, and the encoding another one."""
    return Tensor(encoded(Shape(shape[:-1]), "one_hot", depth), dtype, "")


def _unlike(one: Dim, other: Dim) -> bool:
    """``one != other`` for lengths that may be None."""
    if is_dynamic(one) or is_dynamic(other):
        return is_dynamic(one) != is_dynamic(other) and not (is_symbolic(one) and is_symbolic(other))
    return surely_differ(one, other)
