"""What Keras 2 (the package tf_keras, and keras before 3) raises, and what it says."""

from __future__ import annotations

from ..problems import (
    BadModel,
    BadSetting,
    BadWeightShape,
    ChannelMismatch,
    GraphChannelMismatch,
    GraphRankMismatch,
    GraphWindowTooBig,
    GroupsDoNotDivide,
    KernelRankMismatch,
    ModelInputMismatch,
    NotATensor,
    NotBuilt,
    NotPositive,
    OutputPaddingTooBig,
    PythonError,
    RefusedInputs,
    RefusedSetting,
    StridesWithDilation,
    UndefinedResult,
    UnknownLength,
    WindowTooBig,
    WrongArguments,
    WrongDtype,
    WrongInputCount,
    WrongRank,
)
from ..shape import Unranked
from ..value import Tensor
from . import Frame, Raised, Version, words, wraps
from .keras import exactly, said, tensor_repr, type_name, value_error
from .keras_settings import not_positive, strides_with_dilation, wrong_arguments
from .keras_tensorflow import DEFINITIONS, KERNEL_NAMES, TAKEN
from .tensorflow import shaped

SCOPE = (
    "Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See "
    "https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details."
)
CONV3D = (
    "half, bfloat16, float, double",
    "T",
    "{{node Conv3D}}; Op<name=Conv3D; signature=input:T, filter:T -> output:T; attr=T:type,allowed=[DT_HALF, "
    "DT_BFLOAT16, DT_FLOAT, DT_DOUBLE]; attr=strides:list(int),min=5; "
    'attr=padding:string,allowed=["SAME", "VALID"]; '
    'attr=data_format:string,default="NDHWC",allowed=["NDHWC", "NCDHW"]; '
    "attr=dilations:list(int),default=[1, 1, 1, 1, 1]>",
)
TAKEN_3D = ("float16", "bfloat16", "float32", "float64")


@wraps("tf_keras")
def wrapped(raised: Raised, frames: tuple[Frame, ...], version: Version) -> Raised:
    """The innermost ``call`` under way adds its name and its arguments (tf_keras/src/utils/traceback_utils.py)."""
    frame = next((frame for frame in reversed(frames) if frame.stage == "call"), None)
    if raised.type is None or raised.text is None:
        return raised
    if not raised.exact and "?" not in raised.text:  # TensorFlow goes on about the node of its graph
        return Raised(raised.type, None, exact=False)
    if any(frame.stage == "traced" for frame in frames):  # the text quotes the frames of the program, too
        inside = wrapped(raised, tuple(frame for frame in frames if frame.stage != "traced"), version)
        text = f"{inside.type}: {inside.text}".replace("\n", "\n    ")
        return Raised(inside.type, f"in user code:\n\n    {text}\n", inside.exact)
    if frame is None:
        return raised
    quote = '"' if frame.symbolic else "'"
    name = f"layer {quote}{frame.name}{quote} (type {frame.cls})"
    arguments = "\n".join(f"  • {key}={value}" for key, value in frame.arguments)
    text = f"Exception encountered when calling {name}.\n\n{raised.text}\n\nCall arguments received by {name}:\n{arguments}"
    return Raised(raised.type, text, raised.exact and "?" not in arguments)


@words(WrongArguments, "tf_keras")
def arguments(problem: WrongArguments, version: Version) -> Raised:
    """Python's own binding, and validate_kwargs in tf_keras/src/utils/generic_utils.py."""
    if problem.why == "first":
        return Raised("ValueError", "The first argument to `Layer.call` must always be passed.")
    if problem.why == "unrecognized":
        return Raised("TypeError", f"('Keyword argument not understood:', {problem.names[0]!r})")
    return wrong_arguments(problem, version)


@words(BadSetting, "tf_keras")
def bad_setting(problem: BadSetting, version: Version) -> Raised:
    """tf_keras/src/utils/conv_utils.py, Layer.__init__, and the functions ``get`` of objects by name."""
    name, value = problem.name, problem.value
    start = f"The `{name}` argument must be a tuple of {problem.axes} integers. Received: {said(value)}"
    match problem.why:
        case "not-a-tuple":
            return value_error(start, value)
        case "not-ints":
            item = problem.bad[0]
            return value_error(f"{start}including element {said(item)} of type <class '{type_name(item)}'>", value)
        case "not-positive" | "negative":
            sign = "> 0" if problem.why == "not-positive" else ">= 0"
            bad = said(set(problem.bad))
            return value_error(f"{start} including {bad} that does not satisfy the requirement `{sign}`.", value)
        case "not-a-number":
            sign = "<" if name in ("strides", "output_padding") else "<="
            kind = type_name(problem.bad[0])
            return Raised("TypeError", f"'{sign}' not supported between instances of '{kind}' and 'int'")
        case "not-a-string":
            return Raised("AttributeError", f"'{type_name(value)}' object has no attribute 'lower'")
        case "not-an-option" if name == "data_format":
            options = '"channels_first", "channels_last"'
            return value_error(f"The `data_format` argument must be one of {options}. Received: {said(value)}", value)
        case "not-an-option":
            options = '"valid", "same" (or "causal", only for `Conv1D)'
            text = f"The `padding` argument must be a list/tuple or one of {options}. Received: {said(value)}"
            return value_error(text, value)
        case "zero":
            return value_error(f"The argument `{name}` cannot contains 0(s). Received: {said(value)}", value)
        case "units":
            text = (
                f"Received an invalid value for `{name}`, expected a positive integer. Received: {name}={said(value)}"
            )
            return value_error(text, value)
        case "causal":
            return Raised("ValueError", "Causal padding is only supported for `Conv1D`and `SeparableConv1D`.")
        case "not-interpreted":
            return _not_interpreted(problem.options[0], value)
        case "bidirectional-directions" if isinstance(problem, RefusedSetting):
            one, other = problem.quoted
            text = "Forward layer and backward layer should have different `go_backwards` value."
            text += f"forward_layer.go_backwards = {said(one)},backward_layer.go_backwards = {said(other)}"
            return value_error(text, one, other)
        case "bidirectional-alike" if isinstance(problem, RefusedSetting):
            attribute, one, other = problem.quoted
            text = "Forward layer and backward layer are expected to have the same value for attribute "
            text += f'"{attribute}", got "{said(one)}" for forward layer and "{said(other)}" for backward layer'
            return value_error(text, one, other)
        case "name" | "trainable":
            kind = "string" if problem.why == "name" else "boolean"
            text = f"Expected `{name}` argument to be a {kind}, but got: {said(value)}"
            return Raised("TypeError", text, exactly(value))
        case "dtype":
            text = f"Cannot convert the argument `type_value`: {said(value)!r} to a TensorFlow DType."
            return Raised("TypeError", text, exactly(value))
    return Raised(None, None, exact=False)


words(NotPositive, "tf_keras")(not_positive)
words(StridesWithDilation, "tf_keras")(strides_with_dilation)


@words(GroupsDoNotDivide, "tf_keras")
def groups_do_not_divide(problem: GroupsDoNotDivide, version: Version) -> Raised:
    """Conv._validate_init and Conv.build."""
    groups, count = problem.groups, problem.count
    if problem.of == "filters":
        return value_error(
            "The number of filters must be evenly divisible by the number of groups. "
            f"Received: groups={said(groups)}, filters={said(count)}",
            groups,
            count,
        )
    return value_error(
        "The number of input channels must be evenly divisible by the number of groups. Received groups="
        f"{said(groups)}, but the input has {said(count)} channels (full input shape is {said(problem.shape)}).",
        groups,
        count,
        problem.shape,
    )


@words(OutputPaddingTooBig, "tf_keras")
def output_padding_too_big(problem: OutputPaddingTooBig, version: Version) -> Raised:
    """The constructors of the transposed convolutions."""
    strides, padding = problem.strides, problem.output_padding
    text = "Strides must be greater than output padding. "
    return value_error(
        f"{text}Received strides={said(strides)}, output_padding={said(padding)}.", problem.strides, padding
    )


@words(NotATensor, "tf_keras")
def not_a_tensor(problem: NotATensor, version: Version) -> Raised:
    """assert_input_compatibility in tf_keras/src/engine/input_spec.py."""
    kind = f"(of type <class '{problem.type}'>)"
    text = f"Inputs to a layer should be tensors. Got '{problem.value}' {kind} as input for layer '{problem.layer}'."
    return Raised("TypeError", text, "?" not in text)


@words(WrongInputCount, "tf_keras")
def wrong_input_count(problem: WrongInputCount, version: Version) -> Raised:
    """assert_input_compatibility; symbolic inputs are printed as the placeholders of a graph."""
    count, exact, shown = len(problem.inputs), True, []
    for number, x in enumerate(problem.inputs):
        if isinstance(x, Tensor) and x.symbolic:
            name = "Placeholder" if number == 0 else f"Placeholder_{number}"
            shown.append(f"<tf.Tensor '{name}:0' shape={said(x.shape)} dtype={x.dtype or '?'}>")
        else:
            shown.append(tensor_repr(x, version))
        exact = exact and isinstance(x, Tensor) and exactly(x.shape) and "?" not in shown[-1]
    text = f'Layer "{problem.layer}" expects {problem.expected} input(s), but it received {count} input tensors. '
    return Raised("ValueError", f"{text}Inputs received: [{', '.join(shown)}]", exact and "?" not in problem.layer)


@words(WrongRank, "tf_keras")
def wrong_rank(problem: WrongRank, version: Version) -> Raised:
    """assert_input_compatibility."""
    rank = "?" if isinstance(problem.shape, Unranked) else len(problem.shape)
    full = f"found ndim={rank}. Full shape received: {said(problem.shape)}"
    if problem.least == problem.most:
        expected = f"expected ndim={problem.least}, {full}"
    elif problem.least is not None and problem.most is None:
        expected = f"expected min_ndim={problem.least}, {full}"
    else:
        expected = f"expected max_ndim={problem.most}, found ndim={rank}"
    return value_error(f"{_incompatible(problem.layer)}{expected}", problem.shape)


@words(ChannelMismatch, "tf_keras")
def channel_mismatch(problem: ChannelMismatch, version: Version) -> Raised:
    """assert_input_compatibility."""
    return value_error(
        f"{_incompatible(problem.layer)}expected axis {problem.axis} of input shape to have value "
        f"{said(problem.expected)}, but received input with shape {said(problem.shape)}",
        problem.expected,
        problem.shape,
    )


@words(ModelInputMismatch, "tf_keras")
def model_input(problem: ModelInputMismatch, version: Version) -> Raised:
    """assert_input_compatibility with the input spec of a model."""
    start = f'Input {problem.index} of layer "{problem.layer}" is incompatible with the layer: '
    return value_error(
        f"{start}expected shape={said(problem.expected)}, found shape={said(problem.actual)}",
        problem.expected,
        problem.actual,
        problem.layer,
    )


@words(KernelRankMismatch, "tf_keras")
def kernel_rank(problem: KernelRankMismatch, version: Version) -> Raised:
    """The ``build`` of transposed and of depthwise convolutions."""
    of = f"Inputs to `{problem.layer}`" if problem.layer else "Inputs"
    text = f"{of} should have rank {problem.least}. Received input_shape={said(problem.shape)}."
    return value_error(text, problem.shape)


@words(UnknownLength, "tf_keras")
def unknown_length(problem: UnknownLength, version: Version) -> Raised:
    """Conv._get_input_channel and the like."""
    of, axis = problem.operation or ("", "-1")
    if of == "Dense":
        start = "The last dimension of the inputs to a Dense layer should be defined. Found None. Full input shape"
        return value_error(f"{start} received: {said(problem.shape)}", problem.shape)
    inputs = f"inputs to `{of}`" if of else "inputs"
    return value_error(
        f"The channel dimension of the {inputs} should be defined. The input_shape received is {said(problem.shape)}, "
        f"where axis {axis} (0-based) is the channel dimension, which found to be `None`.",
        problem.shape,
    )


@words(BadWeightShape, "tf_keras")
def bad_weight_shape(problem: BadWeightShape, version: Version) -> Raised:
    """``tf.TensorShape`` of what is no number."""
    bad = problem.bad
    text = "Dimension value must be integer or None or have an __index__ method, got value"
    shown = said(bad) if not isinstance(bad, str) else repr(bad)
    return Raised("TypeError", f"{text} '{shown}' with type '<class '{type_name(bad)}'>'", exactly(bad))


@words(WindowTooBig, "tf_keras")
def window_too_big(problem: WindowTooBig, version: Version) -> Raised:
    """Conv.compute_output_shape."""
    return value_error(
        f"One of the dimensions in the output is <= 0 due to downsampling in {problem.layer}. Consider increasing the "
        f"input size. Received input shape [{', '.join(map(said, problem.shape))}] which would produce output shape with "  # type: ignore[arg-type]
        "a zero or negative value in a dimension.",
        problem.shape,
    )


@words(UndefinedResult, "tf_keras")
def undefined_result(problem: UndefinedResult, version: Version) -> Raised:
    """Memory that nobody wrote comes back, or the bias does not fit it: neither can be told."""
    return Raised(None, None, exact=False)


@words(GraphWindowTooBig, "tf_keras")
def graph_window(problem: GraphWindowTooBig, version: Version) -> Raised:
    """The shape inference of TensorFlow's convolutions."""
    text = f"Negative dimension size caused by subtracting {said(problem.span)} from {said(problem.size)}"
    return _in_graph(text, problem.operation, problem.operands, problem.span, problem.size)


@words(GraphChannelMismatch, "tf_keras")
def graph_channels(problem: GraphChannelMismatch, version: Version) -> Raised:
    """The shape inference of TensorFlow's convolutions."""
    actual, expected = problem.actual, problem.expected
    if problem.operation not in ("Conv2D", "Conv3D"):
        text = f"Dimensions must be equal, but are {said(actual)} and {said(expected)}"
    elif expected == 0:
        text = "Depth of filter must not be 0"
    elif isinstance(actual, int) and isinstance(expected, int) and actual % expected == 0:
        filters = problem.weight[-1]
        text = f"Depth of output ({said(filters)}) is not a multiple of the number of groups ({actual // expected})"
    else:
        text = f"Depth of input ({said(actual)}) is not a multiple of input depth of filter ({said(expected)})"
    return _in_graph(text, problem.operation, problem.operands, actual, expected)


@words(GraphRankMismatch, "tf_keras")
def graph_rank(problem: GraphRankMismatch, version: Version) -> Raised:
    """The shape inference of convolutions and pooling."""
    rank = len(problem.operands[0]) if problem.operands else "?"
    needed = 5 if "3D" in problem.operation else 4
    return _in_graph(f"Shape must be rank {needed} but is rank {rank}", problem.operation, problem.operands)


@words(WrongDtype, "tf_keras")
def wrong_dtype(problem: WrongDtype, version: Version) -> Raised:
    """What kernels, or the definitions of operations in a graph, say of their dtypes."""
    dtype, expected, operation = problem.dtype, problem.expected, problem.operation
    given, wanted = (KERNEL_NAMES.get(name, name) for name in (dtype, expected))
    if operation == "initializer":
        return Raised("ValueError", f"Expected floating point type, got <dtype: '{dtype}'>.")
    if operation.startswith("graph "):
        return _dtype_in_graph(dtype, expected, operation.removeprefix("graph "))
    if operation == "xla":
        return Raised(None, None, exact=False)
    if operation.endswith(("BackpropInput", "BackpropInputV2")):
        text = f"cannot compute _MklNative{operation} as input #2(zero-based) was expected to be a {wanted} tensor but is a"
        return Raised("InvalidArgumentError", f"{text} {given} tensor [Op:{operation}] name: ")
    if dtype in TAKEN.get(operation, TAKEN_3D):
        text = (
            f"cannot compute {operation} as input #1(zero-based) was expected to be a {given} tensor but is a {wanted}"
        )
        return Raised("InvalidArgumentError", f"{text} tensor [Op:{operation}] name: ")
    allowed, attribute, definition = DEFINITIONS.get(operation, CONV3D)
    text = f"Value for attr '{attribute}' of {given} is not in the list of allowed values: {allowed}\n\t; NodeDef: {definition}"
    return Raised("InvalidArgumentError", f"{text} [Op:{operation}] name: ")


@words(NotBuilt, "tf_keras")
def not_built(problem: NotBuilt, version: Version) -> Raised:
    """Layer.count_params, Layer.input and Layer.output, or a plain missing attribute."""
    match problem.name:
        case "count_params":
            name = problem.layer
            return Raised(
                "ValueError",
                f"You tried to call `count_params` on layer {name}, but the layer isn't built. You can build it manually "
                f"via: `{name}.build(batch_input_shape)`.",
            )
        case "input":
            return Raised("AttributeError", f"Layer {problem.layer} is not connected, no input to return.")
        case "output":
            return Raised("AttributeError", f"Layer {problem.layer} has no inbound nodes.")
    return Raised("AttributeError", f"'{problem.cls}' object has no attribute '{problem.name}'")


@words(BadModel, "tf_keras")
def bad_model(problem: BadModel, version: Version) -> Raised:
    """Model.fit and the check of its data in tf_keras/src/engine/data_adapter.py."""
    if problem.why == "not-compiled":
        text = "You must compile your model before training/testing. Use `model.compile(optimizer, loss)`."
        return Raised("RuntimeError", text)
    if problem.why == "cardinality":
        lines = "".join(f"  {line}\n" for line in problem.quoted[0].replace("'", "").splitlines())
        text = f"Data cardinality is ambiguous:\n{lines}Make sure all arrays contain the same number of samples."
        return value_error(text, *problem.quoted)
    if problem.why == "unknown-arguments-compile":
        text = (
            f"Invalid keyword argument(s) in `compile()`: ({said(problem.quoted[0])},). Valid keyword arguments include "
            '"cloning", "experimental_run_tf_function", "distribute", "target_tensors", or "sample_weight_mode".'
        )
        return Raised("TypeError", text)
    if problem.why == "unknown-arguments-evaluate":
        return Raised("TypeError", f"Invalid keyword arguments: {said(problem.quoted[0])}")
    if problem.why == "optimizer-identifier":
        if isinstance(problem.quoted[0], str) and "<" not in problem.quoted[0]:
            return Raised("ValueError", f"Unknown optimizer: {problem.quoted[0]!r}. {SCOPE}")
        text = f"Could not interpret optimizer identifier: {said(problem.quoted[0])}"
        return Raised("ValueError", text, "?" not in text)
    return Raised(None, None, exact=False)


@words(RefusedInputs, "tf_keras")
def refused_inputs(problem: RefusedInputs, version: Version) -> Raised:
    """The ``build`` of merging layers; the losses that ``fit`` traces."""
    shapes = problem.shapes
    listed = said(list(shapes))
    match problem.why:
        case "merge-no-list":
            text = "A merge layer should be called on a list of inputs. Received: input_shape="
            return value_error(f"{text}{said(shapes[0])} (not a list of shapes)", *shapes)
        case "merge-batch":
            text = f"Cannot merge tensors with different batch sizes. Got tensors with shapes {listed}"
        case "merge-shapes":
            text = f"Inputs have incompatible shapes. Received shapes {said(shapes[0])} and {said(shapes[1])}"
        case "subtract-two":
            text = f"A `Subtract` layer should be called on exactly 2 inputs. Received: input_shape={listed}"
        case "loss-shape":
            text = f"Shapes {said(shapes[0])} and {said(shapes[1])} are incompatible"
        case "loss-logits":
            text = f"`logits` and `labels` must have the same shape, received ({said(shapes[0])} vs {said(shapes[1])})."
        case "loss-node":
            one, other = problem.quoted
            text = f"Dimensions must be equal, but are {said(one)} and {said(other)}"
            return _in_graph(text, problem.of, shapes, one, other)
        case "concatenate-no-list":
            text = "A `Concatenate` layer should be called on a list of at least 1 input. Received: input_shape="
            text += said(shapes[0])
        case "concatenate-mismatch":
            text = "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. "
            text += f"Received: input_shape={listed}"
        case _:
            return Raised(None, None, exact=False)
    return value_error(text, *shapes)


@words(PythonError, "tf_keras")
def python_error(problem: PythonError, version: Version) -> Raised:
    """What Python itself says."""
    return Raised(problem.type, problem.text, "?" not in problem.text)


def _not_interpreted(kind: str, value: object) -> Raised:
    if isinstance(value, str):
        if kind == "activation function":
            return Raised("ValueError", f"Unknown activation function {value!r} cannot be deserialized.")
        return Raised("ValueError", f"Unknown {kind}: {value!r}. {SCOPE}")
    of = "constraint function" if kind == "constraint" else kind
    error = "TypeError" if kind == "activation function" else "ValueError"
    return Raised(error, f"Could not interpret {of} identifier: {said(value)}", exactly(value))


def _in_graph(text: str, operation: str, operands: tuple[object, ...], *facts: object) -> Raised:
    """A text of shape inference, followed by the node; its name and attributes are not told."""
    if not operands:
        return Raised("ValueError", None, exact=False)
    shapes = ", ".join(map(shaped, operands))
    whole = f"{text} for '{{{{node {operation}}}}} = {operation}[...]' with input shapes: {shapes}."
    return Raised("ValueError", whole, exactly(operands, *facts))


def _dtype_in_graph(dtype: str, expected: str, operation: str) -> Raised:
    if "Backprop" in operation:
        text = (
            f"Input 'out_backprop' of '{operation}' Op has type {dtype} that does not match type {expected} of argument"
        )
        return Raised("TypeError", f"{text} 'filter'.")
    taken = TAKEN.get(operation, TAKEN_3D)
    if dtype in taken:
        text = f"Input 'filter' of '{operation}' Op has type {expected} that does not match type {dtype} of argument 'input'."
        return Raised("TypeError", text)
    allowed = ", ".join(taken)
    text = f"Value passed to parameter 'input' has DataType {dtype} not in list of allowed values: {allowed}"
    return Raised("TypeError", text)


def _incompatible(layer: str) -> str:
    return f'Input 0 of layer "{layer}" is incompatible with the layer: '
