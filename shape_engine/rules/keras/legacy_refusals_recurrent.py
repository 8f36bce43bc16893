"""What the constructors of Keras 2 refuse: recurrent layers, their cells, and what wraps a layer.

Follows tf_keras/src/layers/rnn/{lstm,gru,simple_rnn,base_conv_lstm,base_rnn,stacked_rnn_cells,bidirectional,time_distributed}.py.
A recurrent layer makes its cell first, and takes its own name after that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...dim import surely_less
from ...evidence import collect, report
from ...problems import LegacyRefusal
from ...rule import phase
from ...value import Class, Function, Instance, Known
from ...wording import raised
from .arguments import int_tuple
from .bidirectional import MERGE, bidirectional
from .cells import gru_cell, lstm_cell, simple_cell
from .common import is_plain
from .convolutional_recurrent import conv_lstm
from .legacy_refusals import refused
from .legacy_settings import identifiers
from .legacy_shared import data_format_of, padding_of
from .printed import layer_type
from .recurrent import gru, lstm, simple_rnn
from .rnn import rnn, stacked_cells
from .wrappers import time_distributed

OF_CELLS = (
    "activation", "recurrent_activation", "kernel_initializer", "recurrent_initializer", "bias_initializer",
    "kernel_regularizer", "recurrent_regularizer", "bias_regularizer", "kernel_constraint", "recurrent_constraint",
    "bias_constraint",
)  # fmt: skip
"""Settings that name objects, in the order in which a cell looks at them."""


@phase(lstm_cell, "tf_keras.before")
@phase(gru_cell, "tf_keras.before")
@phase(simple_cell, "tf_keras.before")
def units_before(*, units: Any) -> bool:
    """``if units <= 0: raise``; whether it is surely refused."""
    if isinstance(units, str):
        refused("TypeError", "'<=' not supported between instances of 'str' and 'int'", "units")
        return True
    if isinstance(units, int) and surely_less(units, 1):
        text = "Received an invalid value for argument `units`, expected a positive integer, got"
        refused("ValueError", f"{text} {units}.", "units")
        return True
    return False


@phase(lstm_cell, "tf_keras.after")
@phase(gru_cell, "tf_keras.after")
@phase(simple_cell, "tf_keras.after")
def cell_after(
    *, activation: Any, recurrent_activation: Any = None, kernel_initializer: Any, recurrent_initializer: Any,
    bias_initializer: Any, kernel_regularizer: Any, recurrent_regularizer: Any, bias_regularizer: Any,
    kernel_constraint: Any, recurrent_constraint: Any, bias_constraint: Any,
) -> None:  # fmt: skip
    """Objects must be known by name."""
    given = locals()
    in_words(lambda: identifiers(**{name: given[name] for name in OF_CELLS}))


@phase(lstm, "tf_keras.before")
@phase(gru, "tf_keras.before")
@phase(simple_rnn, "tf_keras.before")
def sequence_before(
    *, units: Any, activation: Any, recurrent_activation: Any = None, kernel_initializer: Any,
    recurrent_initializer: Any, bias_initializer: Any, kernel_regularizer: Any, recurrent_regularizer: Any,
    bias_regularizer: Any, kernel_constraint: Any, recurrent_constraint: Any, bias_constraint: Any,
) -> None:  # fmt: skip
    """What the cell refuses."""
    given = locals()
    if not units_before(units=units):
        cell_after(**{name: given[name] for name in OF_CELLS})


@phase(conv_lstm, "tf_keras.before")
def conv_lstm_before(
    *, kernel_size: Any, strides: Any, padding: Any, data_format: Any, dilation_rate: Any, activation: Any,
    recurrent_activation: Any, kernel_initializer: Any, recurrent_initializer: Any, bias_initializer: Any,
    kernel_regularizer: Any, recurrent_regularizer: Any, bias_regularizer: Any, kernel_constraint: Any,
    recurrent_constraint: Any, bias_constraint: Any, spatial: int,
) -> None:  # fmt: skip
    """What the cell refuses: windows, then names of objects."""
    given = locals()

    def settings() -> None:
        int_tuple(kernel_size, spatial, "kernel_size")
        int_tuple(strides, spatial, "strides", allow_zero=True)
        padding_of(padding)
        data_format_of(data_format)
        int_tuple(dilation_rate, spatial, "dilation_rate")
        identifiers(**{name: given[name] for name in OF_CELLS})

    in_words(settings)


@phase(rnn, "tf_keras.before")
def rnn_before(*, cell: Any) -> None:
    """A cell has a ``call`` and a ``state_size``; several are stacked."""
    if isinstance(cell, (list, tuple)):
        stacked_before(cells=cell)
    elif is_plain(cell):
        text = "Argument `cell` should have a `call` method. The RNN was passed: cell="
        refused("ValueError", f"{text}{cell}", "cell")
    elif _has_no_state(cell):
        text = "The RNN cell should have a `state_size` attribute (tuple of integers, one integer per RNN state). Received: "
        refused("ValueError", f"{text}cell={_shown(cell)}", "cell")


@phase(stacked_cells, "tf_keras.before")
def stacked_before(*, cells: Any) -> None:
    """Each cell has a ``call`` and a ``state_size``."""
    for cell in cells if isinstance(cells, (list, tuple)) else ():
        if is_plain(cell):
            text = f"All cells must have a `call` method. Received cell without a `call` method: {cell}"
            refused("ValueError", text, "cells", "cell")
            return
        if _has_no_state(cell):
            text = "All cells must have a `state_size` attribute. Received cell without a `state_size`: "
            refused("ValueError", f"{text}{_shown(cell)}", "cells", "cell")
            return
        if not isinstance(cell, Instance) or not isinstance(cell.cls, Known):
            return


@phase(time_distributed, "tf_keras.before")
def time_distributed_before(*, layer: Any) -> None:
    """A layer."""
    if _is_no_layer(layer):
        text = "Please initialize `TimeDistributed` layer with a `tf.keras.layers.Layer` instance. Received: "
        refused("ValueError", f"{text}{_shown(layer)}", "layer")


@phase(bidirectional, "tf_keras.before")
def bidirectional_before(*, layer: Any, merge_mode: Any, backward_layer: Any) -> None:
    """Layers, and one of five modes.  A list in place of the backward layer may be weights, given by position."""
    if _is_no_layer(layer):
        text = "Please initialize `Bidirectional` layer with a `tf.keras.layers.Layer` instance. Received: "
        refused("ValueError", f"{text}{_shown(layer)}", "layer")
    elif not isinstance(layer, Instance) or not isinstance(layer.cls, Known):
        return
    elif isinstance(backward_layer, (bool, int, float, str)):
        text = "`backward_layer` need to be a `tf.keras.layers.Layer` instance. Received: "
        refused("ValueError", f"{text}{backward_layer}", "backward_layer")
    elif is_plain(merge_mode) and merge_mode not in (*MERGE, None):
        text = f"Invalid merge mode. Received: {merge_mode}. Merge mode should be one of "
        refused("ValueError", f'{text}{{"sum", "mul", "ave", "concat", None}}', "merge_mode")


def in_words(check: Callable[[], Any]) -> None:
    """Report the first thing that a check finds in the words of Keras 2, if it is sure of them."""
    with collect() as record:
        check()
    for found in record.reports[:1]:
        words = raised(found.problem, "tf_keras", (2,))
        if words.type is not None and words.text is not None and words.exact:
            report(LegacyRefusal(words.type, words.text), blame=found.blame)


def _has_no_state(cell: Any) -> bool:
    """Whether this is a layer of Keras that surely is no cell."""
    if not isinstance(cell, Instance) or not isinstance(cell.cls, Known):
        return False
    place, _, name = cell.cls.target.rpartition(".")
    return place == "keras.layers" and not any(part in name for part in ("Cell", "RNN", "LSTM", "GRU"))


def _is_no_layer(value: Any) -> bool:
    """Whether this is surely no layer: a number, a text, a function, a class."""
    return is_plain(value) or isinstance(value, (Function, Class, Known))


def _shown(value: Any) -> Any:
    """How Python prints it; where it lies is not known."""
    if isinstance(value, Instance):
        return f"<{layer_type(value)} object at 0x?>"
    return "?" if isinstance(value, (Function, Class, Known)) else value
