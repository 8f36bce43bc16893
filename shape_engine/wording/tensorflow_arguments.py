"""What TensorFlow raises for single arguments, each function in its own words."""

from __future__ import annotations

from dataclasses import replace

from ..problems import BadArgument
from . import Raised, Version, words
from .tensorflow import eager, graph, listed, python, shaped, unequal

NUMBERS = {
    "float32": 1, "float64": 2, "int32": 3, "uint8": 4, "int16": 5, "int8": 6, "complex64": 8, "int64": 9,
    "bfloat16": 14, "uint16": 17, "complex128": 18, "float16": 19, "uint32": 22, "uint64": 23,
}  # fmt: skip
"""The numbers of dtypes (core/framework/types.proto), which some texts print in place of their names."""


@words(BadArgument, "tensorflow")
def bad_argument(problem: BadArgument, version: Version) -> Raised:
    """Single cases, each with its own words."""
    op, what, value, shape = problem.op, problem.what, problem.value, problem.shape
    match op, what:
        case "Reshape", "negative size":
            return eager(problem, op, f"Size {problem.axis} must be non-negative, not {value}")
        case "Tile", "negative":
            return eager(problem, op, f"Expected multiples[{problem.axis}] >= 0, but got {value}")
        case _, "no pairs":
            return eager(problem, op, f"paddings must be a matrix with 2 columns: {shaped(shape)}")
        case "Pad", "negative":
            return eager(problem, op, f"Paddings must be non-negative: {value[0]} {value[1]}")
        case "EnsureShape", _:
            wanted = ",".join("?" if dim is None else str(dim) for dim in value)
            text = f"Shape of tensor input {shaped(shape)} is not compatible with expected shape [{wanted}]."
            return eager(problem, op, text)
        case "Slice", "begin":
            return eager(problem, op, f"Expected begin[{problem.axis}] in [0, {value[1]}], but got {value[0]}")
        case "convert", _:
            text = f"Cannot convert {value} to EagerTensor of dtype {what}"
            return Raised("TypeError", None, exact=False) if problem.graph else python(problem, "TypeError", text)
        case "scalar_mul", _:
            text = f"The input scalar must be a 0-D value. Received shape {listed(shape)}."
            return python(problem, "ValueError", text)
        case "Bitcast", _:
            first, other = (NUMBERS.get(name, "?") for name in value)
            return eager(problem, op, f"Cannot bitcast from {first} to {other}")
        case "clip", _:
            return python(problem, "ValueError", f"Shapes {listed(shape)} and {listed(value)} are incompatible")
        case "AddN", _:
            text = (
                "Inputs to operation AddN of type AddN must have the same size and shape.  "
                f"Input 0: {shaped(shape)} != input {problem.axis}: {shaped(value)}"
            )
            return eager(problem, op, text)
        case (("Conv2D" | "MaxPool" | "AvgPool"), "negative size"):
            size, length, reach, stride = value
            text = (
                f"Computed output size would be negative: {size} [input_size: {length}, "
                f"effective_filter_size: {reach}, stride: {stride}]"
            )
            kernel = op if op == "MaxPool" else f"__MklNative{op}" if op == "Conv2D" else "__MklNativeAvgPool"
            subtracted = f"Negative dimension size caused by subtracting {reach} from {length}"
            return graph(problem, subtracted) or eager(problem, op, text, kernel=kernel)
        case "Slice", "lengths":
            text = (
                f"Expected begin and size arguments to be 1-D tensors of size {len(shape)}, but got shapes "
                f"[{value[0]}] and [{value[1]}] instead."
            )
            return eager(problem, op, text)
        case "Slice", _:
            return eager(problem, op, f"Expected size[{problem.axis}] in [0, {value[1]}], but got {value[0]}")
        case "boolean_mask", _:
            return python(problem, "ValueError", f"Shapes {listed(shape)} and {listed(value)} are incompatible")
        case "TopKV2", _:
            return eager(problem, op, f"input must have at least k columns. Had {value[0]}, needed {value[1]}")
        case "BiasAdd", "rank":
            return eager(problem, op, f"Input tensor must be at least 2D: {shaped(shape)}")
        case "BiasAdd", "bias":
            return eager(problem, op, f"Biases must be 1D: {shaped(shape)}")
        case "BiasAdd", _:
            text = (
                "Must provide as many biases as the last dimension of the input tensor: "
                f"{shaped(value)} vs. {shaped(shape)}"
            )
            return graph(problem, unequal(shape[-1], value[0])) or eager(problem, op, text)
        case "assign", _:
            text = (
                f"Cannot assign value to variable ' {what}:0': Shape mismatch.The variable shape "
                f"{listed(shape)}, and the assigned value shape {listed(value)} are incompatible."
            )
            return python(problem, "ValueError", text if what else None)
        case (("AssignAddVariableOp" | "AssignSubVariableOp"), _):
            text = (
                f"Cannot update variable with shape {shaped(shape)} using a Tensor with shape {shaped(value)}, "
                "shapes must be equal."
            )
            return eager(problem, op, text)
        case "set_shape", _:
            return python(
                problem,
                "ValueError",
                f"Tensor's shape {listed(shape)} is not compatible with supplied shape {listed(value)}.",
            )
        case "image", "rank":
            return python(problem, "ValueError", f"'image' (shape {listed(shape)}) must have either 3 or 4 dimensions.")
        case "image", "not grey":
            return python(problem, "ValueError", "Last dimension of a grayscale image should be size 1.")
        case (("RGBToHSV" | "HSVToRGB"), _):
            found = eager(problem, op, f"input must have 3 channels but input only has {value} channels.")
            return replace(found, type="FailedPreconditionError")
        case "uniform", _:
            return python(problem, "ValueError", f"Must specify maxval for integer dtype tf.{what}")
        case "DepthwiseConv2dNative", _:
            text = f"input depth must be evenly divisible by filter depth: {value[0]} vs {value[1]}"
            return eager(problem, op, text, kernel=f"__MklNative{op}")
        case "image", "not positive":
            return python(problem, "ValueError", value)
        case "resize", "rank":
            return python(problem, "ValueError", "'images' must have either 3 or 4 dimensions.")
        case "resize", "size":
            return python(problem, "ValueError", "'size' must be a 1-D Tensor of 2 elements: new_height, new_width")
        case "Conv2D", "depth":
            text = f"input depth must be evenly divisible by filter depth: {value[0]} vs {value[1]}"
            graph_text = f"Depth of input ({value[0]}) is not a multiple of input depth of filter ({value[1]})"
            return graph(problem, graph_text) or eager(problem, op, text, kernel="__MklNativeConv2D")
        case "Conv2D", "groups":
            text = f"output depth must be evenly divisible by number of groups: {value[0]} vs {value[1]}"
            graph_text = f"Depth of output ({value[0]}) is not a multiple of the number of groups ({value[1]})"
            return graph(problem, graph_text) or eager(problem, op, text, kernel="__MklNativeConv2D")
        case "session", "feed":
            text = f"Cannot feed value of shape {tuple(shape)} for Tensor ?, which has shape ?"
            return Raised("ValueError", text, exact=False)
        case "Conv2D", "filter":
            return eager(problem, op, f"filter must be 4-dimensional: {shaped(shape)}", kernel="__MklNativeConv2D")
        case (("MaxPool" | "AvgPool"), "rank"):
            kernel = "__MklNativeAvgPool" if op == "AvgPool" else op
            return eager(problem, op, "Input must be 4 or 5-dimensional", kernel=kernel)
        case "SoftmaxCrossEntropyWithLogits", _:
            text = f"logits and labels must be broadcastable: logits_size={shaped(value)} labels_size={shaped(shape)}"
            return eager(problem, op, text)
        case "sparse cross entropy", "rank":
            text = (
                f"`labels.shape.rank` must equal `logits.shape.rank - 1`. Received: labels.shape={listed(shape)} of rank "
                f"{len(shape)} and logits.shape={listed(value)} of rank {len(value)}"
            )
            return python(problem, "ValueError", text)
        case "sparse cross entropy", _:
            text = (
                "`labels.shape` must equal `logits.shape` except for the last dimension. Received: "
                f"labels.shape={listed(shape)} and logits.shape={listed(value)}"
            )
            return python(problem, "ValueError", text)
        case "sigmoid cross entropy", _:
            text = f"`logits` and `labels` must have the same shape, received ({listed(value)} vs {listed(shape)})."
            return python(problem, "ValueError", text)
        case "dropout", _:
            text = f"`rate` must be a scalar tensor or a float in the range [0, 1). Received: rate={value}"
            return python(problem, "ValueError", text)
    return Raised(None, None, exact=False)
