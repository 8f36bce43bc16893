"""The texts of Keras 3 about settings, inputs and models, by the ``why`` of the problem."""

from __future__ import annotations

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
    "attention-length": (
        "ValueError",
        "Received an invalid value for argument `{name}`, expected a positive integer. Received: {name}={value}",
    ),
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
    "rnn-units": (
        "ValueError",
        "Received an invalid value for argument `units`, expected a positive integer, got {value}.",
    ),
    "rnn-cudnn": (
        "ValueError",
        "Invalid valid received for argument `use_cudnn`. Expected one of {{'auto', True, False}}. "
        "Received: use_cudnn={value}",
    ),
    "rnn-stateful": (
        "ValueError",
        "When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size: sequence.shape={q0}",
    ),
    "rnn-batch": (
        "ValueError",
        "If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the initial "
        "state. \n- Expected batch size: {q0}\n- Received batch size: {value}",
    ),
    "rnn-cell-call": ("ValueError", "Argument `cell` should have a `call` method. Received: cell={value}"),
    "rnn-cell-state-size": (
        "ValueError",
        "The RNN cell should have a `state_size` attribute (single integer or list of integers, one integer per RNN "
        "state). Received: cell={value}",
    ),
    "rnn-cells-call": (
        "ValueError",
        "All cells must have a `call` method. Received cell without a `call` method: {value}",
    ),
    "rnn-cells-state-size": (
        "ValueError",
        "All cells must have a `state_size` attribute. Received cell without a `state_size`: {value}",
    ),
    "conv-lstm-spatial": (
        "ValueError",
        "ConvLSTM layers only support static input shapes for the spatial dimension. Received invalid input shape: "
        "input_shape={value}",
    ),
    "conv-lstm-strides": (
        "ValueError",
        "Specifying `strides > 1` is not compatible with `dilation_rate > 1`. Please provide `strides=1` or "
        "`dilation_rate=1`. Received: strides={q0} and dilation_rate={q1}",
    ),
    "conv-lstm-channels": (
        "ValueError",
        "The channel dimension of the inputs (last axis) should be defined. Found None. Full input shape received: "
        "input_shape={value}",
    ),
    "bidirectional-layer": (
        "ValueError",
        "Please initialize `Bidirectional` layer with a `keras.layers.Layer` instance. Received: {value}",
    ),
    "bidirectional-backward": (
        "ValueError",
        "`backward_layer` need to be a `keras.layers.Layer` instance. Received: {value}",
    ),
    "bidirectional-mode": (
        "ValueError",
        'Invalid merge mode. Received: {value}. Merge mode should be one of {{"sum", "mul", "ave", "concat", None}}',
    ),
    "bidirectional-directions": (
        "ValueError",
        "Forward layer and backward layer should have different `go_backwards` value. Received: "
        "forward_layer.go_backwards {q0}, backward_layer.go_backwards={q1}",
    ),
    "bidirectional-alike": (
        "ValueError",
        'Forward layer and backward layer are expected to have the same value for attribute "{q0}", got "{q1}" for '
        'forward layer and "{q2}" for backward layer',
    ),
    "wrapper-layer": (
        "ValueError",
        "Layer {value} supplied to Wrapper isn't a supported layer type. Please ensure wrapped layer is a valid Keras "
        "layer.",
    ),
    "time-distributed-layer": (
        "ValueError",
        "Please initialize `TimeDistributed` layer with a `keras.layers.Layer` instance. Received: {value}",
    ),
    "time-distributed-rank": (
        "ValueError",
        "`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, received: {value}",
    ),
    "time-distributed-mask-rank": (
        "ValueError",
        "The `mask` passed to the `TimeDistributed` layer must be at least 2D (e.g., `(batch_size, timesteps)`), but it "
        "has {q0} dimension(s) with shape {value}.",
    ),
    "time-distributed-mask": (
        "ValueError",
        "The `mask` passed to the `TimeDistributed` layer has a shape {value} that is incompatible with the input shape "
        "{q0}. The first two dimensions of the mask (batch size and timesteps) must match the input's first two "
        "dimensions. Expected mask shape prefix: ({q1}, {q2}).",
    ),
    "spectral-iterations": (
        "ValueError",
        "`power_iterations` should be greater than zero. Received: `power_iterations={value}`",
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
    "loss-reduction": (
        "ValueError",
        "Invalid value for argument `reduction`. Expected one of {{?}}. Received: reduction={value}",
    ),
    "loss-q": ("ValueError", "q must be in the interval (0, 1)"),
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
    "metric-squeeze": "Cannot squeeze axis=-1, because the dimension is not 1.",
    "metric-top-k": (
        "Shape must be rank 1 but is rank 0 for '{{{{node in_top_k/InTopKV2}}}} = InTopKV2[T=DT_INT32](...)' with input "
        "shapes: {q0}, [], []."
    ),
    "metric-rank": (
        "{q0} expects 2D inputs with shape (batch_size, output_dim). Received input shapes: y_pred.shape={first} and "
        "y_true.shape={second}."
    ),
    "loss-sparse-axis": "Only axis=-1 is currently supported. Received: axis={q0}",
    "loss-ctc-target": (
        "Targets `y_true` are expected to be a tensor of shape `(batch_size, max_length)` in integer format. "
        "Received: y_true.shape={first}"
    ),
    "loss-ctc-output": (
        "Logits `y_pred` are expected to be a tensor of shape `(batch_size, max_length, num_classes)`. "
        "Received: y_pred.shape={first}"
    ),
    "dot-axis-0": (
        "Cannot perform batch_dot over axis 0. If your inputs are not batched, add a dummy batch dimension to your inputs "
        "using keras.ops.expand_dims(x, 0)"
    ),
    "normalized-axis": "Axis {q0} is out of bounds for input shape {each}. Received: axis={q1}",
    "unit-normalization-axis": "Axis {q0} is out of bounds for input shape {each}.",
    "group-normalization-open": (
        "Axis {q0} of input tensor should have a defined dimension but the layer received an input with shape {each}."
    ),
}
"""Text by the ``why`` of RefusedInputs; all of them are ValueErrors."""

_METRICS = (
    "\nInvalid `{q0}`. `{q0}` should contain metrics objects and either be a dict or a list matching the output names of the "
    "functional model {q1} or match the output structure of the model: {q2}.\nReceived: {q0}={q3}"
)
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
    "unknown-arguments": ("ValueError", "Arguments not recognized: {q0}"),
    "not-compiled": ("ValueError", "You must call `compile()` before using the model."),
    "cardinality": (
        "ValueError",
        "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.{q0}",
    ),
    "data-with-labels": (
        "ValueError",
        "When providing `x` as a {q0}, `{q1}` should not be passed. Instead, {q2} should be included as part of the {q0}.",
    ),
    "data-type": ("ValueError", "Unrecognized data type: x={q0} (of type {q1})"),
    "weights-of-both": ("ValueError", "You cannot `class_weight` and `sample_weight` at the same time."),
    "weights-of-outputs": (
        "ValueError",
        "For a model with multiple outputs, when providing a single `sample_weight` array, it should only have one scalar "
        "score per sample (i.e. shape `(num_samples,)`). If you want to use non-scalar sample weights, pass a "
        "`sample_weight` argument with one array per model output.",
    ),
    "classes-of-outputs": ("ValueError", "`class_weight` is only supported for Models with a single output."),
    "class-weights": ("AttributeError", "'{q0}' object has no attribute 'get'"),
    "validation-split": (
        "ValueError",
        "Training data contains {q0} samples, which is not sufficient to split it into a validation and training set as "
        "specified by `validation_split={q1}`. Either provide more data, or a different value for the `validation_split` "
        "argument.",
    ),
    "no-loss": ("ValueError", "No loss to compute. Provide a `loss` argument in `compile()`."),
    "loss-keys": ("ValueError", "Expected keys {q0} in loss dict, but found loss.keys()={q1}"),
    "loss-weights": (
        "ValueError",
        "`loss_weights` must match the number of losses, got {q0} losses and {q1} weights.",
    ),
    "compile-weights": (
        "ValueError",
        "Expected `loss_weights` argument to be a float (single output case) or a list, tuple, or dict (multiple output "
        "case). Received instead: loss_weights={q0} of type {q1}",
    ),
    "weight-type": ("ValueError", "dtype='string' is not a valid dtype for Keras type promotion."),
    "loss-path": (
        "KeyError",
        "\"The path: {q0} in the `loss` argument, can't be found in either the model's output (`y_pred`) or in the labels "
        '(`y_true`)."',
    ),
    "loss-structure": (
        "ValueError",
        "y_true and y_pred have different structures.\ny_true: {q0}\ny_pred: {q1}\n",
    ),
    "optimizer-identifier": ("ValueError", "Could not interpret optimizer identifier: {q0}"),
    "metric-identifier": ("ValueError", "Could not interpret metric identifier: {q0}{q1}{q2}"),
    "metric-none": ("ValueError", "Expected metric, received `None`{q1}{q2}"),
    "metrics-count": ("ValueError", f"tuple arity mismatch; expected: {{q4}}, got: {{q5}}; tuple: {{q6}}.{_METRICS}"),
    "metrics-type": ("ValueError", f"Expected an instance of {{q4}}, got {{q5}}.{_METRICS}"),
    "metrics-keys": (
        "ValueError",
        f"dictionary key mismatch; expected key(s): {{q4}}, got key(s): {{q5}}{{q6}}; dict: {{q7}}.{_METRICS}",
    ),
    "compile-metrics": (
        "ValueError",
        "Expected `{q0}` argument to be a list, tuple, or dict. Received instead: {q0}={q1} of type {q2}",
    ),
    "loss-identifier": ("ValueError", "Could not interpret loss identifier: {q0}"),
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
