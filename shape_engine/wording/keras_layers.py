"""What Keras 3 says about layers other than convolutions, about inputs, and about models."""

from __future__ import annotations

from typing import Any

from ..dim import is_dynamic
from ..problems import (
    BadModel,
    BroadcastMismatch,
    CroppedAway,
    DisconnectedModel,
    IndexOutOfRange,
    InnerMismatch,
    JoinMismatch,
    ModelInputMismatch,
    ModelInputRank,
    PoolTooBig,
    RefusedInputs,
    RefusedSetting,
    ReshapeMismatch,
    TooManyIndices,
    UndefinedShape,
    WrongModelInputs,
)
from ..shape import Shape
from . import Raised, Version, words
from .keras import exactly, said, type_name, value_error


@words(RefusedSetting, "keras")
def refused_setting(problem: RefusedSetting, version: Version) -> Raised:
    """The constructors (and for GroupNormalization ``build``) of the layers in core, reshaping, normalization, merging."""
    if problem.why == "pool-padding-eager":  # TensorFlow goes on to print its own definition of the operation
        return Raised("InvalidArgumentError", None, exact=False)
    kind, text = SETTINGS[problem.why]
    facts = {
        "name": problem.name,
        "value": said(problem.value),
        "type": type_name(problem.value),
        "layer": problem.layer,
        "repr": said((problem.value,))[1:-2],
    }
    quoted = {f"q{n}": said(item) for n, item in enumerate(problem.quoted)}
    return Raised(kind, text.format(**facts, **quoted), exactly(problem.value, *problem.quoted))


@words(RefusedInputs, "keras")
def refused_inputs(problem: RefusedInputs, version: Version) -> Raised:
    """The ``build`` of merging layers, and a few checks of axes."""
    shapes = problem.shapes[0] if problem.of == "one" and len(problem.shapes) == 1 else list(problem.shapes)
    quoted = {f"q{n}": said(item) for n, item in enumerate(problem.quoted)}
    each = ", ".join(map(said, problem.shapes))
    quoted |= dict(zip(("first", "second"), map(said, problem.shapes), strict=False))
    text = INPUTS[problem.why].format(shapes=said(shapes), each=each, **quoted)
    return value_error(text, *problem.shapes, *problem.quoted)


@words(BroadcastMismatch, "keras")
def broadcast_mismatch(problem: BroadcastMismatch, version: Version) -> Raised:
    """Merging layers; operators and functions on symbolic tensors; TensorFlow itself when it is eager."""
    left, right = problem.shapes[:2]
    if problem.op == "merge":
        text = f"Inputs have incompatible shapes. Received shapes {said(left)} and {said(right)}"
        return value_error(text, left, right)
    if problem.op.startswith("loss "):  # the graph's node is printed, with the tensor that the model gives
        pair = f"{said(left[-1])} and {said(right[-1])}"
        shown = ", ".join(
            f"[{','.join('?' if is_dynamic(dim) else said(dim) for dim in shape)}]" for shape in (left, right)
        )
        node = f"{{{{node compile_loss/{problem.op[5:]}/sub}}}} = Sub[T=DT_FLOAT](data_1, ...)"
        text = f"Dimensions must be equal, but are {pair} for '{node}' with input shapes: {shown}."
        return value_error(text, left[-1], right[-1])
    if problem.op == "Add":
        text = f"Incompatible shapes: {_brackets(left)} vs. {_brackets(right)} [Op:AddV2] name: "
        return Raised("InvalidArgumentError", text, exactly(left, right))
    one, other = _failing_pair(left, right)
    return value_error(
        f"Cannot broadcast shape, the failure dim has value {said(one)}, which cannot be broadcasted to {said(other)}. "
        f"Input shapes are: {said(_as_list(left))} and {said(_as_list(right))}.",
        left,
        right,
    )


@words(InnerMismatch, "keras")
def inner_mismatch(problem: InnerMismatch, version: Version) -> Raised:
    """compute_matmul_output_shape in keras/src/ops/operation_utils.py: a vector is shown as a matrix."""
    left = (1, *problem.left) if len(problem.left) == 1 else problem.left
    right = (*problem.right, 1) if len(problem.right) == 1 else problem.right
    return value_error(
        "Inner dimensions (`x1.shape[-1]` and `x2.shape[-2]`) must be equal, but received "
        f"`x1.shape={said(tuple(left))}` and `x2.shape={said(tuple(right))}`.",
        left,
        right,
    )


@words(JoinMismatch, "keras")
def join_mismatch(problem: JoinMismatch, version: Version) -> Raised:
    """Concatenate.compute_output_spec of keras/src/ops/numpy.py; TensorFlow itself when it is eager."""
    if problem.op == "ConcatV2":
        position, shapes = problem.position, problem.shapes
        first, other = _brackets(shapes[0]), _brackets(shapes[position])
        if problem.at is None:
            text = f"ConcatOp : Ranks of all input tensors should match: shape[0] = {first} vs. shape[{position}] = {other}"
        else:
            text = f"ConcatOp : Dimension {problem.at} in both shapes must be equal: shape[0] = {first} vs. "
            text += f"shape[{position}] = {other}"
        return Raised("InvalidArgumentError", f"{text} [Op:ConcatV2] name: concat", exactly(*shapes))
    if problem.op == "stack":
        text = "Every value in `x` must have the same shape. But found element of shape "
        shown = said(problem.shapes[problem.position])
        text = f"{text}{shown},  which is different from the first element's shape {said(problem.shapes[0])}."
        return value_error(text, *problem.shapes)
    text = "Every value in `xs` must have the same shape except on the `axis` dim. But found element of shape "
    shown = said(problem.shapes[problem.position])
    text = f"{text}{shown}, which is different from the first element's shape {said(problem.shapes[0])}."
    return value_error(text, *problem.shapes)


@words(ReshapeMismatch, "keras")
def reshape_mismatch(problem: ReshapeMismatch, version: Version) -> Raised:
    """compute_reshape_output_shape in keras/src/ops/operation_utils.py."""
    name = "target_shape" if problem.op == "Reshape" else "newshape"
    received = f"Received: input_shape={said(tuple(problem.shape))}, {name}={said(tuple(problem.target))}"
    text = "The total size of the tensor must be unchanged"
    if problem.gaps:
        text += f", however, the input size cannot by divided by the specified dimensions in {name}"
    return value_error(f"{text}. {received}", problem.shape, problem.target)


@words(PoolTooBig, "keras")
def pool_too_big(problem: PoolTooBig, version: Version) -> Raised:
    """compute_pooling_output_shape in keras/src/ops/operation_utils.py; open spatial lengths have become -1 there."""
    shape = problem.shape if isinstance(problem.shape, Shape) else Shape(())
    spatial = range(1, len(shape) - 1) if problem.channels_last else range(2, len(shape))
    dims = [-1 if axis in spatial and is_dynamic(dim) else dim for axis, dim in enumerate(shape)]
    return value_error(
        f"Computed output size would be zero or negative. Received: `inputs.shape={array_text(dims)}`, "
        f"`pool_size={array_text(problem.kernel)}`, `strides={said(problem.strides)}`, `padding={said(problem.padding)}`.",
        shape,
        problem.kernel,
        problem.strides,
    )


@words(CroppedAway, "keras")
def cropped_away(problem: CroppedAway, version: Version) -> Raised:
    """keras/src/layers/reshaping/cropping1d.py, cropping2d.py, cropping3d.py."""
    name = "input_shape" if problem.symbolic else "inputs.shape"
    if problem.of == "Cropping1D":
        start, cropping = (
            "`cropping` parameter of `Cropping1D` layer must be smaller than the input length.",
            problem.cropping[0],
        )
    else:
        start = "Values in `cropping` argument should be smaller than the corresponding spatial dimension of the input."
        cropping = problem.cropping
    return value_error(
        f"{start} Received: {name}={said(problem.shape)}, cropping={said(cropping)}", problem.shape, cropping
    )


@words(ModelInputMismatch, "keras")
def model_input_mismatch(problem: ModelInputMismatch, version: Version) -> Raised:
    """assert_input_compatibility with the shapes of a Functional model's inputs."""
    start = (
        f"Input {problem.index} with name '{problem.name}' of layer '{problem.layer}' is incompatible with the layer: "
    )
    if version < (3, 13):
        start = f'Input {problem.index} of layer "{problem.layer}" is incompatible with the layer: '
    text = f"{start}expected shape={said(problem.expected)}, found shape={said(problem.actual)}"
    return value_error(text, problem.expected, problem.actual)


@words(ModelInputRank, "keras")
def model_input_rank(problem: ModelInputRank, version: Version) -> Raised:
    """Functional._adjust_input_rank; an eager tensor is printed with its values."""
    text = (
        f"Invalid input shape for input {problem.value or '?'} with name '{problem.name}' and path '{problem.path}'. Expected shape "
        f"{said(problem.expected)}, but input has incompatible shape {said(problem.actual)}"
    )
    return Raised("ValueError", text, bool(problem.value) and exactly(problem.expected, problem.actual))


@words(WrongModelInputs, "keras")
def wrong_model_inputs(problem: WrongModelInputs, version: Version) -> Raised:
    """assert_input_compatibility with the names of a Functional model's inputs."""
    names = list(problem.names)
    if problem.missing:
        text = f'Missing data for input "{problem.missing}". You passed a data dictionary with keys {said(list(problem.given))}. '
        return value_error(f"{text}Expected the following keys: {said(names)}")
    example = ", ".join(f"'{name}': ..." for name in names)
    return value_error(
        f'Layer "{problem.layer}" expects {len(names)} named input(s) with keys {said(names)}, but it received '
        f"{problem.count} input tensors. Pass inputs as a dict, e.g. `layer({{{example}}})`."
    )


@words(DisconnectedModel, "keras")
def disconnected_model(problem: DisconnectedModel, version: Version) -> Raised:
    """Function._run_through_graph, from 3.14 on; before, Function.__init__."""
    if version < (3, 14):
        return Raised("ValueError", "`inputs` not connected to `outputs`")
    return Raised("ValueError", f"Output with path `{problem.path}` is not connected to `inputs`")


@words(BadModel, "keras")
def bad_model(problem: BadModel, version: Version) -> Raised:
    """keras/src/models/sequential.py, functional.py, model.py, and keras/src/layers/core/input_layer.py."""
    kind, text = MODELS[problem.why]
    quoted = {f"q{n}": said(item) for n, item in enumerate(problem.quoted)}
    exact = exactly(*problem.quoted) and not any(isinstance(item, str) and "?" in item for item in problem.quoted)
    return Raised(kind, text.format(model=problem.model, **quoted), exact)


@words(UndefinedShape, "keras")
def undefined_shape(problem: UndefinedShape, version: Version) -> Raised:
    """The properties of Sequential: input_shape, output_shape, inputs, outputs."""
    what = problem.name.replace("_", " ")
    return Raised("AttributeError", f"Sequential model '{problem.layer}' has no defined {what} yet.")


def array_text(values: Any) -> str:
    """Numbers as NumPy prints a one-dimensional array: as wide as the widest, but not if one of them is None."""
    texts = [said(value) for value in values]
    width = 0 if "None" in texts else max(map(len, texts), default=0)
    return f"[{' '.join(text.rjust(width) for text in texts)}]"


def _brackets(shape: Any) -> str:
    return f"[{','.join(said(dim) for dim in shape)}]"


def _as_list(shape: Any) -> Any:
    return list(shape) if isinstance(shape, (tuple, list)) else shape


def _failing_pair(left: Any, right: Any) -> tuple[Any, Any]:
    from ..formulas.broadcast import clash

    rank = max(len(left), len(right))
    axis = clash(left, right)
    padded = [(1,) * (rank - len(shape)) + tuple(shape) for shape in (left, right)]
    return (padded[0][axis], padded[1][axis]) if axis is not None else (None, None)


_RATE = "Invalid value received for argument `{name}`. Expected a float value between 0 and 1. Received: {name}={value}"
_NOISE = "Invalid value received for argument `noise_shape`. "
_LENGTH = "`{name}` must be a positive integer. Received: {name}={value} (of type {type})."
_DOT = "Invalid format for argument `axes`: "
_PERMUTE = (
    "Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must be consecutive and start "
    "from 1. Received dims={value}"
)
_NEGATIVE = "Each dimension in `{name}` must be a non-negative integer, or `-1` for a single unknown dimension. Received: {name}={value}."

SETTINGS: dict[str, tuple[str, str]] = {
    "dense-units": (
        "ValueError",
        "Received an invalid value for `units`, expected a positive integer. Received: units={value}",
    ),
    "embedding-length": ("ValueError", _LENGTH),
    "relu-max-value": (
        "ValueError",
        "max_value of a ReLU layer cannot be a negative value. Received: max_value={value}",
    ),
    "relu-setting": (
        "ValueError",
        "{name} of a ReLU layer cannot be None or a negative value. Received: {name}={value}",
    ),
    "leaky-relu-slope": (
        "ValueError",
        "The negative_slope value of a Leaky ReLU layer cannot be None or negative value. Expected a float."
        " Received: negative_slope={value}",
    ),
    "dropout-rate": ("ValueError", _RATE),
    "noise-shape-text": (
        "ValueError",
        f"{_NOISE}Expected a tuple or list of integers. Received: noise_shape={{value}}",
    ),
    "noise-shape-iterable": (
        "ValueError",
        f"{_NOISE}Expected an iterable of integers (e.g., a tuple or list). Received: noise_shape={{value}}",
    ),
    "noise-shape-item": (
        "ValueError",
        f"{_NOISE}Expected all elements to be integers or None. Received element at index {{q0}}: {{value}} (type: {{type}})",
    ),
    "noise-shape-sign": (
        "ValueError",
        f"{_NOISE}Expected all dimensions to be positive integers or None. "
        "Received negative or zero value at index {q0}: {value}",
    ),
    "pool-padding": ("ValueError", "Argument `padding` must be either 'valid' or 'same'. Received: padding={value}"),
    "layer-normalization-axis": (
        "TypeError",
        "Expected an int or a list/tuple of ints for the argument 'axis', but received: {repr}",
    ),
    "unit-normalization-setting": (
        "TypeError",
        "Invalid value for `axis` argument: expected an int or a list/tuple of ints. Received: axis={value}",
    ),
    "group-normalization-groups": (
        "ValueError",
        "Received an invalid value for argument `groups`, expected a positive integer (or `-1` for instance normalization). "
        "Received: groups={value}",
    ),
    "group-normalization-many": (
        "ValueError",
        "Number of groups ({value}) cannot be more than the number of channels ({q0}).",
    ),
    "group-normalization-multiple": (
        "ValueError",
        "Number of groups ({value}) must be a multiple of the number of channels ({q0}).",
    ),
    "dot-axes-type": (
        "TypeError",
        "Invalid type for argument `axes`: it should be a list or an int. Received: axes={value}",
    ),
    "dot-axes-count": ("ValueError", f"{_DOT}it should contain two elements. Received: axes={{value}}"),
    "dot-axes-items": ("ValueError", f"{_DOT}list elements should be integers. Received: axes={{value}}"),
    "reshape-negative": ("ValueError", _NEGATIVE),
    "reshape-two-gaps": (
        "ValueError",
        "There must be at most one unknown dimension (-1) in `{name}`. Received: {name}={value}.",
    ),
    "permute-dims": ("ValueError", _PERMUTE),
    "application-shape": (
        "ValueError",
        "When setting `include_top=True` and loading `imagenet` weights, `input_shape` should be {q0}.  "
        "Received: input_shape={value}",
    ),
    "application-rank": ("ValueError", "`input_shape` must be a tuple of three integers."),
    "application-channels": ("ValueError", "The input must have 3 channels; Received `input_shape={value}`"),
    "application-size": ("ValueError", "Input size must be at least {q0}x{q0}; Received: input_shape={value}"),
    "application-open": (
        "ValueError",
        "If `include_top` is True, you should specify a static `input_shape`. Received: input_shape={value}",
    ),
    "embedding-index": ("InvalidArgumentError", "indices[{q0}] = {value} is not in [0, {q1}) [Op:GatherV2]"),
    "softmax-axis": (
        "InvalidArgumentError",
        "`dim` must be in the range [-{q0}, {q0}) where {q0} is the number of dimensions in the input. Received: dim={value}",
    ),
    "squeeze-axis": ("ValueError", "Cannot squeeze axis {value}, because the dimension is not 1."),
    "axis-bounds": ("ValueError", "axis {value} is out of bounds for an array with dimension {q0}."),
    "transpose-length": (
        "ValueError",
        "axis must be a list of the same length as the input shape, expected {q0}, but received {q1}.",
    ),
    "transpose-range": (
        "ValueError",
        "Each axis in `axes` must be an integer in [-{q0}, {q0}). Received: axes={value}.",
    ),
    "transpose-repeated": (
        "ValueError",
        "`axes` must be a valid permutation of the input dimensions (no duplicates). Received: axes={value} for input of "
        "rank {q0}.",
    ),
    "positive-integer": ("ValueError", "Argument `{name}` should be a positive integer. Received: {name}={value}"),
    "cropping-negative": ("ValueError", "`cropping` cannot be negative. Received: cropping={value}."),
}
"""Exception type and text by the ``why`` of RefusedSetting."""


def _side_texts(name: str, end: str) -> dict[str, tuple[str, str]]:
    """ZeroPadding2D and Cropping2D speak of height and width, ZeroPadding3D and Cropping3D of dimensions."""
    either = f"`{name}` should be either an int, a tuple of "
    flat = "(symmetric_height_crop, symmetric_width_crop), or a tuple of 2 tuples of 2 ints ((top_crop, bottom_crop), "
    sides = ", ".join(f"(left_dim{n}_{end}, right_dim{min(n, 2)}_{end})" for n in (1, 2, 3))
    deep = ", ".join(f"symmetric_dim{n}_{end}" for n in (1, 2, 3))
    received = "Received: padding={value}." if name == "padding" else "Received: {value}."
    return {
        f"{name}-count-2": ("ValueError", f"`{name}` should have two elements. Received: {name}={{value}}."),
        f"{name}-count-3": ("ValueError", f"`{name}` should have 3 elements. Received: {{value}}."),
        f"{name}-type-2": ("ValueError", f"{either}2 ints {flat}(left_crop, right_crop)). Received: {name}={{value}}."),
        f"{name}-type-3": (
            "ValueError",
            f"{either}3 ints ({deep}), or a tuple of 3 tuples of 2 ints ({sides}). {received}",
        ),
    }


SETTINGS |= _side_texts("padding", "pad") | _side_texts("cropping", "crop")

INPUTS: dict[str, str] = {
    "merge-no-list": "A merge layer should be called on a list of inputs. Received: input_shape={shapes} (not a list of shapes)",
    "merge-batch": "Cannot merge tensors with different batch sizes. Received tensors with shapes {shapes}",
    "subtract-two": "A `Subtract` layer should be called on exactly 2 inputs. Received: input_shape={shapes}",
    "concatenate-no-list": (
        "A `Concatenate` layer should be called on a list of at least 1 input. Received: input_shape={shapes}"
    ),
    "concatenate-mismatch": (
        "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. "
        "Received: input_shape={shapes}"
    ),
    "dot-two": "A `Dot` layer should be called on a list of 2 inputs. Received: input_shape={shapes}",
    "dot-lengths": (
        "Incompatible input shapes: axis values {q0} (at axis {q1}) != {q2} (at axis {q3}). Full input shapes: {each}"
    ),
    "loss-rank": (
        "Arguments `target` and `output` must have the same rank (ndim). Received: target.shape={first}, output.shape={second}"
    ),
    "loss-shape": (
        "Arguments `target` and `output` must have the same shape. Received: target.shape={first}, output.shape={second}"
    ),
    "loss-sparse-rank": (
        "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape={first}, output.shape={second}"
    ),
    "loss-sparse-shape": (
        "Arguments `target` and `output` must have the same shape up until the last dimension: "
        "target.shape={first}, output.shape={second}"
    ),
    "dot-axis-0": (
        "Cannot perform batch_dot over axis 0. If your inputs are not batched, add a dummy batch dimension to your inputs "
        "using keras.ops.expand_dims(x, 0)"
    ),
    "unit-normalization-axis": "Axis {q0} is out of bounds for input shape {each}.",
    "group-normalization-open": (
        "Axis {q0} of input tensor should have a defined dimension but the layer received an input with shape {each}."
    ),
}
"""Text by the ``why`` of RefusedInputs; all of them are ValueErrors."""

_SHAPE = "Cannot convert '{q0}' to a shape."

MODELS: dict[str, tuple[str, str]] = {
    "not-a-layer": (
        "ValueError",
        "Only instances of `keras.Layer` can be added to a Sequential model. Received: {q0} (of type {q1})",
    ),
    "same-name": (
        "ValueError",
        "All layers added to a Sequential model should have unique names. Name '{q0}' is already the name of a layer in "
        "this model. Update the `name` argument to pass a unique name.",
    ),
    "second-input": (
        "ValueError",
        "Sequential model '{model}' has already been configured to use input shape {q0}. You cannot add a different Input "
        "layer to it.",
    ),
    "no-layers": (
        "ValueError",
        "Sequential model {model} cannot be built because it has no layers. Call `model.add(layer)`.",
    ),
    "other-build-shape": (
        "ValueError",
        "Sequential model '{model}' has already been configured to use input shape {q0}. You cannot build it with "
        "input_shape {q1}",
    ),
    "not-iterable": ("TypeError", "'{q0}' object is not iterable"),
    "bad-inputs": (
        "ValueError",
        "All `inputs` values must be KerasTensors. Received: inputs={q0} including invalid value {q1} of type {q2}",
    ),
    "bad-outputs": (
        "ValueError",
        "All `outputs` values must be KerasTensors. Received: outputs={q0} including invalid value {q1} of type {q2}",
    ),
    "no-inputs": ("ValueError", "`inputs` argument cannot be empty. Received:\ninputs={q0}\noutputs={q1}"),
    "no-outputs": ("ValueError", "`outputs` argument cannot be empty. Received:\ninputs={q0}\noutputs={q1}"),
    "repeated-name": (
        "ValueError",
        'The name "{q0}" is used {q1} times in the model. All operation names should be unique.',
    ),
    "not-compiled": ("ValueError", "You must call `compile()` before using the model."),
    "cardinality": (
        "ValueError",
        "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.{q0}",
    ),
    "no-such-layer": ("ValueError", "No such layer: {q0}. Existing layers are: {q1}."),
    "no-such-index": ("ValueError", "Was asked to retrieve layer at index {q0} but model only has {q1} layers."),
    "no-name-no-index": ("ValueError", "Provide either a layer name or layer index at `get_layer`."),
    "name-and-index": ("ValueError", "Provide only a layer name or a layer index. Received: index={q0}, name={q1}."),
    "unbuilt-count": (
        "ValueError",
        "You tried to call `count_params` on layer '{model}', but the layer isn't built. You can build it manually via: "
        "`layer.build(input_shape)`.",
    ),
    "input-none": ("ValueError", "You must pass a `shape` argument."),
    "input-both": ("ValueError", "You cannot pass both `shape` and `batch_shape` at the same time."),
    "input-batch-both": ("ValueError", "You cannot pass both `batch_size` and `batch_shape` at the same time."),
    "input-shape": ("ValueError", _SHAPE),
    "input-negative": ("ValueError", f"{_SHAPE} Negative dimensions are not allowed."),
    "input-item": ("ValueError", f"{_SHAPE} Found invalid dimension '{{q1}}' of type '<class '{{q2}}'>'. "),
}
"""Exception type and text by the ``why`` of BadModel."""


@words(IndexOutOfRange, "keras")
def index_out_of_range(problem: IndexOutOfRange, version: Version) -> Raised:
    """GetItem.compute_output_spec in keras/src/ops/numpy.py."""
    text = f"Array has shape {said(tuple(problem.shape))} but out-of-bounds index {problem.key} was requested."
    return Raised("ValueError", text, exactly(*problem.shape) and "?" not in problem.key)


@words(TooManyIndices, "keras")
def too_many_indices(problem: TooManyIndices, version: Version) -> Raised:
    """GetItem.compute_output_spec in keras/src/ops/numpy.py."""
    shape = said(tuple(problem.shape))
    text = f"Array has shape {shape} but slice has to many indices. Received: `{problem.key}`"
    return Raised("ValueError", text, exactly(*problem.shape) and "?" not in problem.key)
