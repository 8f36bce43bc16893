"""What Keras 3 raises, and what it says.  Messages are given without the terminal's codes for bold."""

from __future__ import annotations

import re
from typing import Any

from ..dim import is_dynamic, is_symbolic
from ..problems import (
    AlreadyBuilt,
    BadWeightShape,
    ChannelMismatch,
    KernelRankMismatch,
    NotATensor,
    NotBuilt,
    PythonError,
    UndefinedResult,
    UnknownLength,
    WindowTooBig,
    WrongInputCount,
    WrongRank,
)
from ..shape import Unranked
from ..value import Assumed, Tensor, Unknown
from . import Frame, Raised, Version, words, wraps

NEWEST: Version = (3, 15, 1)

TENSOR_NAMES = {"tensorflow": "tf.Tensor", "jax": "jnp.ndarray", "torch": "torch.Tensor", "numpy": "np.ndarray"}
"""How the wrapper calls a tensor of a backend."""


def said(value: Any) -> str:
    """A fact as Python's ``str`` would print it; "?" for what is not known, None for a length left open."""
    if isinstance(value, str):
        return value
    return _repr(value)


def exactly(*values: Any) -> bool:
    """Whether ``said`` prints these as the framework does: nothing in them is unknown or symbolic."""
    for value in values:
        if isinstance(value, (Unknown, Assumed, Unranked, Tensor)) or (is_symbolic(value) and not is_dynamic(value)):
            return False
        if isinstance(value, (tuple, list, set, frozenset)) and not exactly(*value):
            return False
        if isinstance(value, dict) and not exactly(*value, *value.values()):
            return False
    return True


_NAMELESS = re.compile(r"""['"`]\?['"`/]""")


def value_error(text: str, *facts: Any) -> Raised:
    """A ValueError with this text; exact if the facts that went into it are, and no name in it is unknown."""
    return Raised("ValueError", text, exactly(*facts) and not _NAMELESS.search(text))


def type_name(value: Any) -> str:
    """The name of the class of a native value: "int"."""
    if isinstance(value, tuple):
        return "tuple"
    return "int" if is_symbolic(value) else type(value).__name__


@words(NotATensor, "keras")
def not_a_tensor(problem: NotATensor, version: Version) -> Raised:
    """Layer.__call__, step 2; for keywords and None the check of the input spec."""
    kind = f"(of type <class '{problem.type}'>)"
    if problem.layer is not None and (version >= (3, 4) or problem.value != "None"):
        text = (
            f"Inputs to a layer should be tensors. Got '{problem.value}' {kind} as input for layer '{problem.layer}'."
        )
        return Raised("ValueError", text, "?" not in text)
    text = "Only input tensors may be passed as positional arguments. The following argument value should be passed"
    text = f"{text} as a keyword argument: {problem.value} {kind}"
    return Raised("ValueError", text, "?" not in problem.value and "?" not in problem.type)


@words(WrongInputCount, "keras")
def wrong_input_count(problem: WrongInputCount, version: Version) -> Raised:
    """assert_input_compatibility; the tensors are printed with their values, which are not known here."""
    count = len(problem.inputs)
    if version < (3, 4):
        return Raised(
            "ValueError", f"Layer '{problem.layer}' expected {problem.expected} input(s). Received {count} instead."
        )
    printed = ", ".join(tensor_repr(x, version) for x in problem.inputs)
    return Raised(
        "ValueError",
        f'Layer "{problem.layer}" expects {problem.expected} input(s), but it received {count} input tensors. '
        f"Inputs received: [{printed}]",
        all(x is None or (isinstance(x, Tensor) and exactly(x.shape) and "?" not in printed) for x in problem.inputs),
    )


@words(WrongRank, "keras")
def wrong_rank(problem: WrongRank, version: Version) -> Raised:
    """assert_input_compatibility in keras/src/layers/input_spec.py."""
    rank = "?" if isinstance(problem.shape, Unranked) else len(problem.shape)
    if problem.least == problem.most:
        expected = f"expected ndim={problem.least}, found ndim={rank}. Full shape received: {said(problem.shape)}"
    elif problem.least is not None and problem.most is None:
        expected = f"expected min_ndim={problem.least}, found ndim={rank}. Full shape received: {said(problem.shape)}"
    else:
        expected = f"expected max_ndim={problem.most}, found ndim={rank}"
    return value_error(f"{_incompatible(problem.layer, version)}{expected}", problem.shape)


@words(ChannelMismatch, "keras")
def channel_mismatch(problem: ChannelMismatch, version: Version) -> Raised:
    """assert_input_compatibility in keras/src/layers/input_spec.py."""
    return value_error(
        f"{_incompatible(problem.layer, version)}expected axis {problem.axis} of input shape to have value "
        f"{said(problem.expected)}, but received input with shape {said(problem.shape)}",
        problem.expected,
        problem.shape,
    )


@words(KernelRankMismatch, "keras")
def kernel_rank_mismatch(problem: KernelRankMismatch, version: Version) -> Raised:
    """compute_conv_output_shape in keras/src/ops/operation_utils.py."""
    return value_error(
        f"Kernel shape must have the same length as input, but received kernel of shape {said(problem.kernel)} and "
        f"input of shape {said(problem.shape)}.",
        problem.kernel,
        problem.shape,
    )


@words(WindowTooBig, "keras")
def window_too_big(problem: WindowTooBig, version: Version) -> Raised:
    """compute_conv_output_shape in keras/src/ops/operation_utils.py; zero was accepted before 3.14."""
    dilation = "[" + " ".join(map(said, problem.dilation)) + "]"
    facts = (problem.shape, problem.kernel, problem.dilation, problem.strides)
    text = f"Received `inputs shape={said(problem.shape)}`, `kernel shape={said(problem.kernel)}`, `dilation_rate={dilation}`"
    if version < (3, 14):
        return value_error(f"Computed output size would be negative. {text}.", *facts)
    return value_error(
        f"Computed output size would be zero or negative. {text}, `strides={said(problem.strides)}`, "
        f"`padding={said(problem.padding)}`.",
        *facts,
    )


@words(UndefinedResult, "keras")
def undefined_result(problem: UndefinedResult, version: Version) -> Raised:
    """Memory that nobody wrote comes back, or some error about its shape: neither can be told."""
    return Raised(None, None, exact=False)


@words(UnknownLength, "keras")
def unknown_length(problem: UnknownLength, version: Version) -> Raised:
    """The variable's initialisation, or the arithmetic with None on the way to it."""
    if problem.operation:
        sign, left, right = problem.operation
        return Raised("TypeError", f"unsupported operand type(s) for {sign}: '{left}' and '{right}'")
    return value_error(
        "Shapes used to initialize variables must be fully-defined (no `None` dimensions). "
        f"Received: shape={said(problem.weight)} for variable path='{problem.path.removeprefix('/')}'",
        problem.weight,
        Unknown("a name") if "?" in problem.path else problem.path,
    )


@words(BadWeightShape, "keras")
def bad_weight_shape(problem: BadWeightShape, version: Version) -> Raised:
    """standardize_shape in keras/src/backend/common/variables.py."""
    start = f"Cannot convert '{said(problem.weight)}' to a shape. "
    bad = problem.bad
    if isinstance(bad, tuple) and version < (3, 13):
        return Raised("ValueError", "Invalid dtype: tuple")
    if isinstance(bad, int) and not isinstance(bad, bool):
        return value_error(f"{start}Negative dimensions are not allowed.", problem.weight)
    if version < (3, 13):
        return value_error(
            f"{start}Found invalid entry '{said(bad)}' of type '<class '{type_name(bad)}'>'. ", problem.weight
        )
    return value_error(
        f"{start}Found invalid dimension '{said(bad)}' of type '<class '{type_name(bad)}'>'. ", problem.weight
    )


@words(AlreadyBuilt, "keras")
def already_built(problem: AlreadyBuilt, version: Version) -> Raised:
    """Layer._lock_state."""
    return Raised(
        "ValueError",
        "You cannot add new elements of state (variables or sub-layers) to a layer that is already built. All state must "
        "be created in the `__init__()` method or in the `build()` method.",
    )


@words(NotBuilt, "keras")
def not_built(problem: NotBuilt, version: Version) -> Raised:
    """BaseConv.kernel, Layer.count_params, Operation.input and .output, or a plain missing attribute."""
    name = problem.name
    match name:
        case "kernel" if problem.cls in ("Conv1D", "Conv2D", "Conv3D", "Dense"):
            return Raised("AttributeError", "You must build the layer before accessing `kernel`.")
        case "count_params":
            return Raised(
                "ValueError",
                f"You tried to call `count_params` on layer '{problem.layer}', but the layer isn't built. You can build it "
                "manually via: `layer.build(input_shape)`.",
            )
        case "input" | "output":
            text = f"The layer {problem.layer} has never been called and thus has no defined {name}."
            return Raised("AttributeError", text)
    return Raised("AttributeError", f"'{problem.cls}' object has no attribute '{name}'")


@words(PythonError, "keras")
def python_error(problem: PythonError, version: Version) -> Raised:
    """What Python itself says."""
    return Raised(problem.type, problem.text, "?" not in problem.text)


@wraps("keras")
def wrapped(raised: Raised, frames: tuple[Frame, ...], version: Version) -> Raised:
    """The innermost ``call`` that is under way adds its name and its arguments, and no other one does.

    Follows inject_argument_info_in_traceback in keras/src/utils/traceback_utils.py.  A frame of stage
    "infer" is a symbolic call that runs the user's ``call`` to learn its shapes: it words the exception
    anew, so that the next frame outside adds its arguments again.
    """
    if raised.type == "InvalidArgumentError" and any(frame.stage == "infer" for frame in frames):
        return Raised("ValueError", None, exact=False)  # a graph is built, no number is computed
    if raised.type is None or raised.text is None:
        return raised
    text, exact, added = raised.text, raised.exact, False
    for frame in reversed(frames):
        if frame.stage == "infer":
            cls, added = frame.cls, False
            text = (
                f"Could not automatically infer the output shape / dtype of '{frame.name}' (of type {cls}). Either the "
                f"`{cls}.call()` method is incorrect, or you need to implement the `{cls}.compute_output_spec() / "
                f"compute_output_shape()` method. Error encountered:\n\n{text}"
            )
        elif frame.stage == "call" and not added:
            name, added = f"{frame.cls}.call()", True
            arguments = "\n".join(f"  • {key}={value}" for key, value in frame.arguments)
            text = f"Exception encountered when calling {name}.\n\n{text}\n\nArguments received by {name}:\n{arguments}"
            exact = exact and "?" not in arguments
    return Raised(raised.type, text, exact)


def quoted(text: str) -> str:
    """``repr`` of a text; the marks in automatic names stay as they are."""
    return repr(text).replace("\\ue000", "\ue000").replace("\\ue001", "\ue001")


def argument_text(value: Any, version: Version = NEWEST, backend: str = "tensorflow") -> str:
    """An argument as the wrapper prints it: tensors in short, ``repr`` of the rest, quoted inside of structures."""
    if isinstance(value, Tensor):
        return tensor_text(value, version, backend)
    if isinstance(value, (list, tuple, dict)):
        return _repr(_short(value, version, backend))
    return _repr(value)


def tensor_text(x: Any, version: Version = NEWEST, backend: str = "tensorflow") -> str:
    """A tensor as the wrapper prints an argument: "tf.Tensor(shape=(1, 28, 28, 1), dtype=float32)"."""
    if isinstance(x, Tensor) and not x.symbolic:
        return f"{TENSOR_NAMES.get(backend, 'array')}(shape={said(x.shape)}, dtype={x.dtype or '?'})"
    return tensor_repr(x, version)


def tensor_repr(x: Any, version: Version = NEWEST) -> str:
    """``repr`` of a tensor; the elements of one that has them are not known."""
    if not isinstance(x, Tensor):
        return _repr(x)
    if x.symbolic:
        shape, dtype, name = said(x.shape), x.dtype or "?", x.name or "?"
        sparse = (
            "sparse=None" if version < (3, 4) else "sparse=False" if version < (3, 9) else "sparse=False, ragged=False"
        )
        return f"<KerasTensor shape={shape}, dtype={dtype}, {sparse}, name={name}>"
    if x.kind != "tf":
        return "?"
    return f"<tf.Tensor: shape={said(x.shape)}, dtype={x.dtype or '?'}, numpy=<values>>"


def _short(value: Any, version: Version, backend: str) -> Any:
    if isinstance(value, list):
        return [_short(item, version, backend) for item in value]
    if isinstance(value, tuple):
        return tuple(_short(item, version, backend) for item in value)
    if isinstance(value, dict):
        return {key: _short(item, version, backend) for key, item in value.items()}
    return argument_text(value, version, backend)


def _incompatible(layer: str, version: Version) -> str:
    if version < (3, 13):
        return f'Input 0 of layer "{layer}" is incompatible with the layer: '
    return f"Input 0 with name 'None' of layer '{layer}' is incompatible with the layer: "


def _repr(value: Any) -> str:
    if isinstance(value, (Unknown, Assumed, Unranked)):
        return "?"
    if isinstance(value, str):
        return quoted(value)
    if is_symbolic(value):
        return "None" if is_dynamic(value) else "?"
    if isinstance(value, tuple):
        return f"({', '.join(map(_repr, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(_repr, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_repr(key)}: {_repr(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Tensor):
        return tensor_repr(value)
    if isinstance(value, (set, frozenset)) and not exactly(value):
        return "{" + ", ".join(map(_repr, value)) + "}"
    return repr(value)
