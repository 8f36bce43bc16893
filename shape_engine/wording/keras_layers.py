"""What Keras 3 says about layers other than convolutions, about inputs, and about models."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..dim import is_dynamic, surely_less
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
from .keras_data_texts import INPUT_TYPES, INPUTS, SETTINGS
from .keras_ops_texts import OPS
from .keras_texts import MODELS
from .tensorflow import shaped, unequal

assert not INPUTS.keys() & OPS.keys(), "two texts for one reason"
REFUSALS = INPUTS | OPS
"""Text by the ``why`` of RefusedInputs."""


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
    known = exactly(problem.value, *problem.quoted) and "{?}" not in text  # a set, printed in any order
    return Raised(kind, text.format(**facts, **quoted), known)


@words(RefusedInputs, "keras")
def refused_inputs(problem: RefusedInputs, version: Version) -> Raised:
    """The ``build`` of merging layers, a few checks of axes, and the functions of keras.ops."""
    shapes = problem.shapes[0] if problem.of == "one" and len(problem.shapes) == 1 else list(problem.shapes)
    quoted = {f"q{n}": said(item) for n, item in enumerate(problem.quoted)}
    each = ", ".join(map(said, problem.shapes))
    quoted |= dict(zip(("first", "second"), map(said, problem.shapes), strict=False))
    quoted["list"] = said(list(problem.shapes[0]) if problem.shapes and isinstance(problem.shapes[0], tuple) else [])
    text = REFUSALS[problem.why].format(shapes=said(shapes), each=each, **quoted)
    if problem.why.startswith("loss-ctc") and problem.quoted != ("eager",):  # an open length is printed as a tensor
        return Raised("ValueError", text.partition("shape=")[0] + "shape=?", exact=False)
    raised = value_error(text, *problem.shapes, *problem.quoted)
    return replace(raised, type=INPUT_TYPES.get(problem.why, raised.type))


OPERATIONS = {"Add": "AddV2", "Sub": "Sub", "Mul": "Mul", "scale": "Mul"}
"""What TensorFlow calls what a layer does with numbers."""


@words(BroadcastMismatch, "keras")
def broadcast_mismatch(problem: BroadcastMismatch, version: Version) -> Raised:
    """Merging layers; operators and functions on symbolic tensors; TensorFlow itself when it is eager."""
    left, right = (shape if isinstance(shape, Shape) else Shape(()) for shape in problem.shapes[:2])
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
    if problem.graph:
        return Raised("ValueError", None, exact=False)
    if problem.op in OPERATIONS:
        text = f"Incompatible shapes: {_brackets(left)} vs. {_brackets(right)} [Op:{OPERATIONS[problem.op]}]"
        return Raised("InvalidArgumentError", text + " name: " * (problem.op != "scale"), exactly(left, right))
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
    if problem.op == "MatMul":  # TensorFlow, in a layer that is called eagerly
        text = f"Matrix size-incompatible: In[0]: {_brackets(problem.left)}, In[1]: {_brackets(problem.right)} [Op:MatMul] name: "
        eager = Raised("InvalidArgumentError", text, exactly(problem.left, problem.right))
        node = "for '{{node ?}} = MatMul[T=?](...)' with input shapes:"
        both = f"{shaped(problem.left)}, {shaped(problem.right)}."
        traced = f"{unequal(problem.left[-1], problem.right[0])} {node} {both}"
        return Raised("ValueError", traced, exact=False) if problem.graph else eager
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
    """compute_reshape_output_shape in keras/src/ops/operation_utils.py; TensorFlow where a layer reshapes weights."""
    if problem.graph:
        return Raised("ValueError", None, exact=False)
    if problem.op == "weights":
        wanted = next(dim for dim in problem.target if dim != 1)
        text = f"Input to reshape is a tensor with {said(problem.shape[0])} values, but the requested shape has {said(wanted)}"
        return Raised("InvalidArgumentError", f"{text} [Op:Reshape]", exactly(problem.shape, problem.target))
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
    if problem.graph:
        pairs = zip((shape[axis] for axis in spatial), problem.kernel, strict=False)
        cells, window = next((pair for pair in pairs if surely_less(*pair)), ("?", "?"))
        text = f"Negative dimension size caused by subtracting {said(window)} from {said(cells)} for ?"
        return Raised("ValueError", text, exact=False)
    dims = [-1 if axis in spatial and is_dynamic(dim) else dim for axis, dim in enumerate(shape)]
    return value_error(
        f"Computed output size would be zero or negative. Received: `inputs.shape={array_text(dims, any(map(is_dynamic, shape)))}`, "
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


def array_text(values: Any, objects: bool = False) -> str:
    """Numbers as NumPy prints a one-dimensional array (as wide as the widest, but not as ``objects``), or one."""
    if not isinstance(values, (list, tuple)):
        return said(values)
    texts = [said(value) for value in values]
    width = 0 if objects or "None" in texts else max(map(len, texts), default=0)
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
