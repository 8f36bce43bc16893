"""ConvLSTM1D, ConvLSTM2D and ConvLSTM3D: an LSTM whose products are convolutions (keras/src/layers/rnn/conv_lstm.py)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...axes import Axes
from ...dim import is_dynamic, surely_differ, surely_less
from ...evidence import report
from ...problems import BadWeightShape, ModelInputMismatch, RefusedSetting
from ...rule import MISSING, Call, layer, phase
from ...shape import AnyShape, Shape
from ...value import Instance, Known, Value, tensors_in
from .arguments import data_format_of, int_tuple, padding_of, surely_above_one
from .cells import cell_settings
from .common import NO_RANK, is_no_seed, no_floats, no_shape, python_error, refuse, shape_of, truthy
from .conv import conv_output_shape, has_bias
from .machine import CONTEXT, MACHINE, Spec, python_shape
from .recurrent import Recurrence, arranged

CELL_NAME = "conv_lstm_cell"
CHECKED = (
    "kernel_size", "strides", "padding", "data_format", "dilation_rate", "activation", "recurrent_activation",
    "kernel_initializer", "recurrent_initializer", "bias_initializer", "kernel_regularizer", "recurrent_regularizer",
    "bias_regularizer", "kernel_constraint", "recurrent_constraint", "bias_constraint", "dropout", "recurrent_dropout",
)  # fmt: skip
"""What the cell checks itself, in its order."""


class ConvRecurrence(Recurrence):
    """The cell is no layer of its own here: its weights are the layer's, under the cell's name."""

    arguments = ("initial_state",)

    def before(self, call: Call, obj: Instance, settings: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
        """The cell is made before the layer has a name: its dtype, its seed, then its own settings."""
        MACHINE.of(obj).policy(call, base.get("dtype"))
        if is_no_seed(settings.get("seed")):
            refuse("seed", settings["seed"], "seed")
        kernel = obj.cls.target if isinstance(obj.cls, Known) else ""
        found = re.search(r"ConvLSTM([123])D$", kernel)
        if found is not None:
            cell_checks(**{name: settings.get(name) for name in CHECKED}, spatial=int(found[1]))
        return {}

    def made(self, call: Call, obj: Instance, settings: dict[str, Any]) -> dict[str, Any]:
        """Nothing is made that a program could see."""
        return {}

    def build(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> None:
        """What the cell was built for, and the batch that a stateful layer keeps."""
        if not isinstance(shape, Shape) or len(shape) < 3:
            return
        call.set(obj, ".step", Shape((call.symbol(dynamic=True), *shape[2:])))
        if truthy(settings.get("stateful")):
            if is_dynamic(shape[0]):
                problem = RefusedSetting("stateful", True, "rnn-stateful", quoted=(python_shape(shape),))
                report(problem, blame=("stateful",))
            call.set(obj, ".batch", shape[0])
            names = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate")
            given = {name: settings.get(name) for name in names}
            conv_output_shape(Shape((shape[0], *shape[2:])), **given, spatial=len(shape) - 3)  # of the states' zeros

    def run(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> Any:
        """The cell was built for one size of image, and takes no other; all else is the rule's to tell."""
        shape, step = shape_of(next(iter(bound.values()), None)), call.get(obj, ".step")
        if shape is None or not isinstance(step, Shape) or len(step) + 1 != len(shape):
            return MISSING
        first = next(tensors_in(list(bound.values())), None)
        if no_floats(first):
            call.doubt()  # a convolution that a kernel refuses, in words of the node
            return None
        if bound.get("initial_state") is not None or bound.get("mask") is not None:
            call.doubt()
        batch = call.get(obj, ".batch")
        if truthy(settings.get("stateful")) and batch is not None and surely_differ(shape[0], batch):
            report(RefusedSetting("sequences", shape[0], "rnn-batch", quoted=(batch,)), blame=("sequences",))
        if 0 in shape or settings.get("filters") == 0:
            call.doubt()
            return None
        for wanted, found in zip(step[1:], shape[2:], strict=True):
            if surely_differ(wanted, found):
                now = Shape((shape[0], *shape[2:]))
                report(ModelInputMismatch(step, now, 0, "None", CELL_NAME), blame=("sequences",))
                return MISSING
        return MISSING

    def doubtful(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> bool:
        """Another size of image than the layer was built for, and states that are given."""
        shape, step = shape_of(next(iter(bound.values()), None)), call.get(obj, ".step")
        if shape is None or bound.get("initial_state") is not None or 0 in shape[:2]:
            return True
        return isinstance(step, Shape) and any(map(surely_differ, step[1:], shape[2:]))

    def get(self, call: Call, obj: Instance, settings: dict[str, Any], name: str) -> Value:
        """The cell is not shown."""
        if name in ("cell", "states", "get_initial_state", "state_size"):
            from ...value import Unknown

            return Unknown(name)
        return super().get(call, obj, settings, name)


@layer("keras.layers.ConvLSTM1D", machine=MACHINE, spatial=1, inside=ConvRecurrence(), keywords=("unroll", "zero_output_for_mask"), **CONTEXT)  # fmt: skip
@layer("keras.layers.ConvLSTM2D", machine=MACHINE, spatial=2, inside=ConvRecurrence(), keywords=("unroll", "zero_output_for_mask"), **CONTEXT)  # fmt: skip
@layer("keras.layers.ConvLSTM3D", machine=MACHINE, spatial=3, inside=ConvRecurrence(), keywords=("unroll", "zero_output_for_mask"), **CONTEXT)  # fmt: skip
def conv_lstm(
    sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = False, *, filters: Any,
    kernel_size: Any, strides: Any, padding: Any, data_format: Any, dilation_rate: Any, return_sequences: Any = False,
    return_state: Any = False, spatial: int
) -> Any:  # fmt: skip
    """A convolution of each image; ``filters`` channels for each step, or for the last one."""
    shape = shape_of(sequences)
    if shape is None or len(shape) < 3:
        return NO_RANK
    image: AnyShape = conv_output_shape(
        Shape((shape[0], *shape[2:])), filters=filters, kernel_size=kernel_size, strides=strides, padding=padding,
        data_format=data_format, dilation_rate=dilation_rate, spatial=spatial,
    )  # fmt: skip
    given = {"return_sequences": return_sequences, "return_state": return_state}
    return arranged(given, shape, image, (image, image)) if isinstance(image, Shape) else NO_RANK


@phase(conv_lstm, "constructor")
def conv_lstm_constructor(
    *, filters: Any, kernel_size: Any, strides: Any = 1, padding: Any = "valid", data_format: Any = None,
    dilation_rate: Any = 1, activation: Any = "tanh", recurrent_activation: Any = "sigmoid", use_bias: Any = True,
    kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros",
    unit_forget_bias: Any = True, kernel_regularizer: Any = None, recurrent_regularizer: Any = None,
    bias_regularizer: Any = None, activity_regularizer: Any = None, kernel_constraint: Any = None,
    recurrent_constraint: Any = None, bias_constraint: Any = None, dropout: Any = 0.0, recurrent_dropout: Any = 0.0,
    seed: Any = None, return_sequences: Any = False, return_state: Any = False, go_backwards: Any = False,
    stateful: Any = False, spatial: int,
) -> dict[str, Any]:  # fmt: skip
    """The settings as the cell keeps them; it has refused already what it refuses."""
    return _settings(kernel_size, strides, padding, data_format, dilation_rate, spatial)


def cell_checks(
    *, kernel_size: Any, strides: Any, padding: Any, data_format: Any, dilation_rate: Any, activation: Any,
    recurrent_activation: Any, kernel_initializer: Any, recurrent_initializer: Any, bias_initializer: Any,
    kernel_regularizer: Any, recurrent_regularizer: Any, bias_regularizer: Any, kernel_constraint: Any,
    recurrent_constraint: Any, bias_constraint: Any, dropout: Any, recurrent_dropout: Any, spatial: int,
) -> None:  # fmt: skip
    """What the cell's constructor checks after its base's."""
    changed = _settings(kernel_size, strides, padding, data_format, dilation_rate, spatial)
    if surely_above_one(changed["strides"]) and surely_above_one(changed["dilation_rate"]):
        quoted = (changed["strides"], changed["dilation_rate"])
        report(
            RefusedSetting("strides", quoted[0], "conv-lstm-strides", quoted=quoted), blame=("strides", "dilation_rate")
        )
    cell_settings({**locals(), "units": None})


def _settings(
    kernel_size: Any, strides: Any, padding: Any, data_format: Any, dilation_rate: Any, spatial: int
) -> dict[str, Any]:
    return {
        "kernel_size": int_tuple(kernel_size, spatial, "kernel_size"),
        "strides": int_tuple(strides, spatial, "strides", allow_zero=True),
        "padding": padding_of(padding),
        "data_format": data_format_of(data_format),
        "dilation_rate": int_tuple(dilation_rate, spatial, "dilation_rate"),
    }


@phase(conv_lstm, "spec")
def conv_lstm_spec(shape: Any, *, spatial: int) -> Spec:
    """Batch, steps, and an image."""
    return Spec(ndim=spatial + 3)


@phase(conv_lstm, "build")
def conv_lstm_build(
    shape: Any, *, filters: Any, kernel_size: Any, data_format: Any, use_bias: Any = True,
    bias_initializer: Any = "zeros", unit_forget_bias: Any = True, spatial: int,
) -> dict[str, Any]:  # fmt: skip
    """``ConvLSTMCell.build``: all lengths but the batch must be known; a kernel for the image and one for the state."""
    if not isinstance(shape, Shape) or len(shape) != spatial + 3:
        return {}
    step = Shape((shape[0], *shape[2:]))
    axes = Axes.of(step, channels_last=data_format != "channels_first")
    if any(map(is_dynamic, axes.spatial)):
        report(RefusedSetting("sequences", python_shape(step), "conv-lstm-spatial"), blame=("sequences",))
    elif is_dynamic(axes.channels):
        report(RefusedSetting("sequences", python_shape(step), "conv-lstm-channels"), blame=("sequences",))
    elif isinstance(filters, str):
        no_shape((*kernel_size, axes.channels, filters * 4), filters * 4, "filters")
    elif filters is None:
        python_error("TypeError", "unsupported operand type(s) for *: 'NoneType' and 'int'", "filters")
    elif isinstance(filters, (float, tuple)) or surely_less(filters, 0):
        kernel = (*kernel_size, axes.channels, filters * 4)
        report(BadWeightShape(kernel, kernel[-1]), blame=("filters",))
    elif bias_initializer is None and has_bias(use_bias) and unit_forget_bias is True:
        python_error("TypeError", "'NoneType' object is not callable", "bias_initializer")
    wide = filters * 4 if isinstance(filters, int) or hasattr(filters, "terms") else None
    weights = {"kernel": (*kernel_size, axes.channels, wide), "recurrent_kernel": (*kernel_size, filters, wide)}
    return {**weights, "bias": (wide,)} if has_bias(use_bias) else weights
