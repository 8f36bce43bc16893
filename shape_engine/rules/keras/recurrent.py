"""Recurrent layers: a cell along the axis of time (keras/src/layers/rnn/rnn.py, lstm.py, gru.py, simple_rnn.py).

Symbolically Keras computes shapes alone, so that states of other sizes pass; eagerly the cell is called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dim import is_dim, is_dynamic, surely_differ
from ...evidence import report
from ...problems import PythonError, RefusedSetting
from ...rule import MISSING, Call, function, layer, phase
from ...shape import AnyShape, Shape
from ...value import BoundMethod, Class, Instance, Known, Tensor, Unknown, Value
from ..structures import mapped
from .cells import KEYWORDS, cell_settings, checked_units, counted, drops
from .common import NO_RANK, as_dim, no_floats, python_error, refuse, shape_of, truthy, undecided
from .holding import build_inner, hold, is_layer, new_layer
from .inputs import leaves
from .inside import Inside
from .machine import CONTEXT, MACHINE, Spec
from .state import BACKEND_KIND, python_shape

UNROLL = """Cannot unroll a RNN if the time dimension is undefined. 
- If using a Sequential model, specify the time dimension by passing an `Input()` as your first layer.
- If using the functional API, specify the time dimension by passing a `shape` or `batch_shape` argument to your `Input()`."""
NO_CUDNN = (
    "use_cudnn=True was specified, but cuDNN is not supported for this layer configuration with this backend. "
    "Pass use_cudnn='auto' to fallback to a non-cuDNN implementation."
)
STEPS = ("reset_state", "reset_states", "get_initial_state")


class Recurrence(Inside):
    """A cell along the axis of time; ``cell`` is the class of the one that the layer makes itself, if it does."""

    arguments = ("initial_state",)
    listed = True

    def __init__(self, cell: str = ""):
        self.cell = cell

    def before(self, call: Call, obj: Instance, settings: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
        """The cell is given the dtype before the layer has a name; Keras 3 has no ``time_major``."""
        newer(MACHINE.of(obj).framework, settings, base)
        MACHINE.of(obj).policy(call, base.get("dtype"))
        return {}

    def made(self, call: Call, obj: Instance, settings: dict[str, Any]) -> dict[str, Any]:
        """The layer's own cell has a fixed name, so that it takes no number."""
        kept = (
            "return_sequences",
            "return_state",
            "go_backwards",
            "stateful",
            "unroll",
            "use_cudnn",
            "zero_output_for_mask",
        )
        own = {name: value for name, value in settings.items() if name not in kept}
        name = {"LSTMCell": "lstm_cell", "GRUCell": "gru_cell", "SimpleRNNCell": "simple_rnn_cell"}[self.cell]
        cell = new_layer(call, obj, f"keras.layers.{self.cell}", own, name)
        call.set(obj, ".cell", cell)
        hold(call, obj, cell)
        return {}

    def build(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> None:
        """The cell for one step; the states that a stateful layer keeps, for which the batch must be known."""
        if not isinstance(shape, Shape) or not shape:
            return
        call.set(obj, ".fed", shape)
        build_inner(call, obj, call.get(obj, ".cell"), Shape((shape[0], *shape[2:])))
        stateful = settings.get("stateful")
        if truthy(stateful):
            if is_dynamic(shape[0]):
                report(
                    RefusedSetting("stateful", stateful, "rnn-stateful", quoted=(python_shape(shape),)),
                    blame=("stateful",),
                )
            call.set(obj, ".batch", shape[0])

    def run(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> Any:
        """The checks of ``call`` in its order, then the cell on the first step."""
        x, states, mask = next(iter(bound.values()), None), bound.get("initial_state"), bound.get("mask")
        shape, cell = shape_of(x), call.get(obj, ".cell")
        if shape is None or not is_layer(call, cell):
            return MISSING
        stateful, batch = settings.get("stateful"), call.get(obj, ".batch")
        if shape and truthy(stateful) and is_dim(batch) and not is_dynamic(shape[0]) and surely_differ(shape[0], batch):
            report(RefusedSetting("sequences", shape[0], "rnn-batch", quoted=(batch,)), blame=("sequences",))
            return MISSING
        if len(shape) < 3:
            if len(shape) == 2 and not self.cell:
                text = "Index out of range using input dim 2; input has only 2 dims"
                python_error("InvalidArgumentError", text, "sequences")
            return MISSING
        if settings.get("unroll") is True and is_dynamic(shape[1]):
            report(PythonError("ValueError", UNROLL), blame=("unroll", "sequences"))
            return MISSING
        if shape[1] == 0:
            python_error(
                "InvalidArgumentError",
                "slice index 0 of dimension 1 out of bounds. [Op:StridedSlice] name: ",
                "sequences",
            )
            return MISSING
        if shape[0] == 0 or (no_floats(x) and drops(MACHINE.settings(call, cell) or {})):
            call.doubt()  # only floats are dropped
            return NO_RANK
        if settings.get("use_cudnn") is True and self.cell in ("LSTMCell", "GRUCell"):
            report(PythonError("ValueError", NO_CUDNN), blame=("use_cudnn",))
            return MISSING
        given = self.states(call, obj, settings, shape, states)
        if given is None:
            return MISSING
        wanted = 2 if self.cell == "LSTMCell" else 1
        fused = settings.get("use_cudnn") in (True, "auto") and settings.get("recurrent_dropout", 0.0) == 0.0
        if not given:
            python_error("IndexError", "list index out of range", "initial_state")
            return MISSING
        if self.cell == "GRUCell":
            given = given[:1]
        count = len(given)
        if self.cell == "LSTMCell" and len(given) < wanted and fused:
            python_error("IndexError", "list index out of range", "initial_state")
            return MISSING
        if isinstance(mask, Tensor) and not _fits(mask, shape):
            call.doubt()
            return MISSING
        result = self.step(call, cell, x, shape, given, bound.get("training"))
        cells = (MACHINE.settings(call, cell) or {}).get("cells")
        alone = isinstance(cells, (list, tuple)) and len(cells) == 1 and isinstance(given[0], (list, tuple))
        if alone and mask is None and truthy(settings.get("unroll")):  # a stack of one takes the list from its states
            given = tuple(given[0])
            if len(given) > 1 and shape[1] != 1:
                call.doubt()  # the second step finds one of them only
                return NO_RANK
        if self.cell and count > wanted and settings.get("unroll") is not True:
            text = f"Too few leaves for PyTreeSpec; expected: {count}, got: {wanted}."
            python_error("ValueError", text, "initial_state")
        return self.outputs(settings, shape, result, given[:wanted] if self.cell else given)

    def states(
        self, call: Call, obj: Instance, settings: dict[str, Any], shape: Shape, states: Any
    ) -> tuple[Any, ...] | None:
        """The states before the first step: those that are given, or zeros; None where they are not known."""
        if isinstance(states, (list, tuple)):
            return tuple(states)
        if isinstance(states, Tensor):
            return (states,)
        if states is not None:
            return None
        zeros = initial_states(call, obj, shape[0])
        return tuple(zeros) if isinstance(zeros, (list, tuple)) else None

    def step(self, call: Call, cell: Any, x: Any, shape: Shape, states: tuple[Any, ...], training: Any) -> Any:
        """The cell on the first step: its output and the new states (thawed)."""
        now = Tensor(Shape((shape[0], *shape[2:])), x.dtype, x.kind, x.made)
        given = tuple(call.freeze(state) for state in states)
        return call.thaw(call.invoke(cell, [now, given], {"training": call.freeze(training)}))

    def outputs(self, settings: dict[str, Any], shape: Shape, result: Any, given: Sequence[Any]) -> Any:
        """What the layer gives, from what its cell gave; the states keep the structure in which they are ``given``."""
        if not isinstance(result, (list, tuple)) or len(result) != 2 or not isinstance(result[0], Tensor):
            return MISSING
        out, flat = result[0].shape, leaves(result[1])
        if not isinstance(out, Shape) or not out or len(flat) != len(leaves(list(given))):
            return MISSING
        shapes = (found.shape if isinstance(found, Tensor) else NO_RANK for found in flat)
        return arranged(settings, shape, out, mapped(_lists(given), lambda _: next(shapes)))

    def doubtful(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> bool:
        """States of other sizes, other features than the cell was built for, an axis of time that is open or elsewhere."""
        shape, states = shape_of(next(iter(bound.values()), None)), bound.get("initial_state")
        if shape is None or len(shape) < 3 or settings.get("time_major", False) not in (False, None):
            return True
        sizes = state_sizes(settings)
        if states is not None:
            given = list(states) if isinstance(states, (list, tuple)) else [states]
            found = [shape_of(state) for state in given]
            if sizes is None or len(found) != len(sizes):
                return True
            for one, size in zip(found, sizes, strict=True):
                if one is None or len(one) != 2 or surely_differ(one[1], size):
                    return True
                if surely_differ(one[0], shape[0]) or (is_dynamic(shape[0]) and not is_dynamic(one[0])):
                    return True
        batch, fed = call.get(obj, ".batch"), call.get(obj, ".fed")
        return (
            len(shape) != 3
            or (isinstance(fed, Shape) and surely_differ(fed[-1], shape[-1]))
            or (settings.get("unroll") not in (False, None) and is_dynamic(shape[1]))
            or (batch is not None and surely_differ(batch, shape[0]))
            or 0 in shape[:2]
        )

    def get(self, call: Call, obj: Instance, settings: dict[str, Any], name: str) -> Value:
        """The cell, its settings, the states."""
        if name in STEPS:
            return BoundMethod(Known(f"keras.layers.RNN.{name}", MACHINE.of(obj).framework), obj)
        if name == "cell":
            found = call.get(obj, ".cell")
            return Unknown("the cell") if found is None else found
        if name == "state_size":
            sizes = state_sizes(settings)
            return Unknown(name) if sizes is None else call.freeze(list(sizes))
        if name == "states":
            batch = call.get(obj, ".batch")
            if batch is None:
                return None
            zeros = initial_states(call, obj, batch)
            return call.freeze(zeros) if isinstance(zeros, list) else Unknown(name)
        return MISSING


def newer(framework: str, settings: Mapping[str, Any], base: dict[str, Any]) -> None:
    """Keras 3 does not know ``time_major``."""
    if "time_major" in settings and framework == "keras":
        base[".unrecognized"] = {**base.get(".unrecognized", {}), "time_major": settings["time_major"]}


def _fits(mask: Tensor, shape: Shape) -> bool:
    """Whether a mask may be one for this sequence."""
    found = shape_of(mask)
    return found is None or (len(found) == 2 and not any(map(surely_differ, found, shape[:2])))


def arranged(settings: Mapping[str, Any], shape: Shape, out: Shape, states: Sequence[Any]) -> Any:
    """Output and states as the layer returns them: a sequence or its last step, with the states after it."""
    sequences, with_states = settings.get("return_sequences"), settings.get("return_state")
    if undecided(sequences) or undecided(with_states):
        return NO_RANK if with_states in (False, None, 0) else None
    first: AnyShape = Shape((out[0], shape[1], *out[1:])) if sequences else out
    return (first, *states) if with_states else first


def state_sizes(settings: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """``state_size``: the number of entries of each state."""
    if "state_size" in settings:
        sizes = settings["state_size"]
        return tuple(sizes) if isinstance(sizes, (list, tuple)) else None
    units = settings.get("units")
    return (units, units) if "unit_forget_bias" in settings else (units,)


def sequence_shapes(sequences: Any, settings: Mapping[str, Any], output: Any, sizes: Sequence[Any], name: str) -> Any:
    """``RNN.compute_output_shape``: of the input only the batch and the steps count."""
    shape = shape_of(sequences)
    if shape is None or len(shape) < 2:
        return NO_RANK
    states = mapped(_lists(sizes), lambda size: Shape((shape[0], as_dim(size, "units", name))))
    return arranged(settings, shape, Shape((shape[0], as_dim(output, "units", name))), states)


def _lists(structure: Any) -> Any:
    """The structure with lists in place of tuples."""
    return list(map(_lists, structure)) if isinstance(structure, (list, tuple)) else structure


SHARED: dict[str, Any] = {
    "machine": MACHINE,
    "neutral": ("time_major",),
    "keywords": (*KEYWORDS, "zero_output_for_mask"),
    "counts": ("units",),
}


@layer("keras.layers.LSTM", inside=Recurrence("LSTMCell"), takes="floats", **SHARED, **CONTEXT)
def lstm(
    sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = False, *, units: Any,
    return_sequences: Any = False, return_state: Any = False, name: str
) -> Any:  # fmt: skip
    """``units`` entries for each step, or for the last one; then the output and the carry after it."""
    given = {"return_sequences": return_sequences, "return_state": return_state}
    return sequence_shapes(sequences, given, units, (units, units), name)


@phase(lstm, "constructor")
def lstm_constructor(
    *, units: Any, activation: Any = "tanh", recurrent_activation: Any = "sigmoid", use_bias: Any = True,
    kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros",
    unit_forget_bias: Any = True, kernel_regularizer: Any = None, recurrent_regularizer: Any = None,
    bias_regularizer: Any = None, activity_regularizer: Any = None, kernel_constraint: Any = None,
    recurrent_constraint: Any = None, bias_constraint: Any = None, dropout: Any = 0.0, recurrent_dropout: Any = 0.0,
    seed: Any = None, return_sequences: Any = False, return_state: Any = False, go_backwards: Any = False,
    stateful: Any = False, unroll: Any = False, use_cudnn: Any = "auto",
) -> dict[str, Any]:  # fmt: skip
    """After the cell only ``use_cudnn`` is looked at."""
    return checked(units, use_cudnn, recurrent_dropout)


@layer("keras.layers.GRU", inside=Recurrence("GRUCell"), takes="floats", **SHARED, **CONTEXT)
def gru(
    sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = False, *, units: Any,
    return_sequences: Any = False, return_state: Any = False, name: str
) -> Any:  # fmt: skip
    """``units`` entries for each step, or for the last one; then the state after it."""
    given = {"return_sequences": return_sequences, "return_state": return_state}
    return sequence_shapes(sequences, given, units, (units,), name)


@phase(gru, "constructor")
def gru_constructor(
    *, units: Any, activation: Any = "tanh", recurrent_activation: Any = "sigmoid", use_bias: Any = True,
    kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None, recurrent_regularizer: Any = None, bias_regularizer: Any = None,
    activity_regularizer: Any = None, kernel_constraint: Any = None, recurrent_constraint: Any = None,
    bias_constraint: Any = None, dropout: Any = 0.0, recurrent_dropout: Any = 0.0, seed: Any = None,
    return_sequences: Any = False, return_state: Any = False, go_backwards: Any = False, stateful: Any = False,
    unroll: Any = False, reset_after: Any = True, use_cudnn: Any = "auto",
) -> dict[str, Any]:  # fmt: skip
    """After the cell only ``use_cudnn`` is looked at."""
    return checked(units, use_cudnn, recurrent_dropout)


@layer("keras.layers.SimpleRNN", inside=Recurrence("SimpleRNNCell"), takes="floats", ignored=("activity_regularizer",), machine=MACHINE, keywords=("zero_output_for_mask",), counts=("units",), **CONTEXT)  # fmt: skip
def simple_rnn(
    sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = False, *, units: Any,
    return_sequences: Any = False, return_state: Any = False, name: str
) -> Any:  # fmt: skip
    """``units`` entries for each step, or for the last one; then the state after it."""
    given = {"return_sequences": return_sequences, "return_state": return_state}
    return sequence_shapes(sequences, given, units, (units,), name)


@phase(simple_rnn, "constructor")
def simple_rnn_constructor(
    *, units: Any, activation: Any = "tanh", use_bias: Any = True, kernel_initializer: Any = "glorot_uniform",
    recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros", kernel_regularizer: Any = None,
    recurrent_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
    kernel_constraint: Any = None, recurrent_constraint: Any = None, bias_constraint: Any = None, dropout: Any = 0.0,
    recurrent_dropout: Any = 0.0, return_sequences: Any = False, return_state: Any = False, go_backwards: Any = False,
    stateful: Any = False, unroll: Any = False, seed: Any = None,
) -> dict[str, Any]:  # fmt: skip
    """All checks are the cell's."""
    return checked(units, "auto", recurrent_dropout)


@phase(lstm, "before")
def lstm_before(
    *, units: Any, activation: Any, recurrent_activation: Any, kernel_initializer: Any, recurrent_initializer: Any,
    bias_initializer: Any, kernel_regularizer: Any, recurrent_regularizer: Any, bias_regularizer: Any,
    kernel_constraint: Any, recurrent_constraint: Any, bias_constraint: Any, dropout: Any, recurrent_dropout: Any,
) -> None:  # fmt: skip
    """The cell is made before the layer has a name."""
    checked_units(units)
    cell_settings(locals())


@phase(simple_rnn, "before")
def simple_before(
    *, units: Any, activation: Any, kernel_initializer: Any, recurrent_initializer: Any, bias_initializer: Any,
    kernel_regularizer: Any, recurrent_regularizer: Any, bias_regularizer: Any, kernel_constraint: Any,
    recurrent_constraint: Any, bias_constraint: Any, dropout: Any, recurrent_dropout: Any,
) -> None:  # fmt: skip
    """The cell is made before the layer has a name."""
    checked_units(units)
    cell_settings(locals())


phase(gru, "before")(lstm_before)


@phase(lstm, "spec")
@phase(gru, "spec")
@phase(simple_rnn, "spec")
def sequence_spec(shape: Any) -> Spec:
    """Batch, steps and features; a built layer looks at no more."""
    return Spec(ndim=3)


@phase(lstm, "build")
@phase(gru, "build")
@phase(simple_rnn, "build")
def no_weights(shape: Any) -> dict[str, Any]:
    """The weights are those of the cell."""
    return {}


def checked(units: Any, use_cudnn: Any, recurrent_dropout: Any) -> dict[str, Any]:
    """``use_cudnn`` is one of three values."""
    if not undecided(use_cudnn) and use_cudnn not in ("auto", True, False):
        refuse("use_cudnn", use_cudnn, "rnn-cudnn")
    return counted(units, recurrent_dropout)


# Methods.


@function("keras.layers.RNN.reset_state", raw=True)
@function("keras.layers.RNN.reset_states", raw=True)
def reset_state(call: Call, self: Instance) -> None:
    """Zeros in place of the states; no shape changes."""


@function("keras.layers.RNN.get_initial_state", raw=True)
def get_initial_state(call: Call, self: Instance, batch_size: Value) -> Value:
    """Zeros for each state."""
    zeros = initial_states(call, self, call.resolve(batch_size))
    return call.freeze(zeros) if isinstance(zeros, list) else zeros


@function("keras.layers.LSTMCell.get_initial_state", raw=True)
def cell_initial_state(call: Call, self: Instance, batch_size: Value = None) -> Value:
    """Zeros for each state of a cell, in a list."""
    zeros = zeros_of_cell(call, self, call.resolve(batch_size))
    return call.freeze(zeros) if isinstance(zeros, list) else Unknown("the states of a cell")


def initial_states(call: Call, obj: Instance, batch: Any) -> Any:
    """The states of a recurrent layer before its first step: a list of tensors; Unknown where they are not known."""
    cell = call.get(obj, ".cell")
    found = zeros_of_cell(call, cell, batch) if isinstance(cell, Instance) else None
    return Unknown("the states of a cell") if found is None else found


def zeros_of_cell(call: Call, cell: Instance, batch: Any) -> list[Any] | None:
    """``cell.get_initial_state(batch_size)`` as a list; a cell without that method has zeros of its sizes."""
    if isinstance(cell.cls, Class):
        method = call.method(cell, "get_initial_state")
        if method is not MISSING:
            found = call.thaw(call.invoke(method, [], {"batch_size": batch}))
            return list(found) if isinstance(found, (list, tuple)) else [found] if isinstance(found, Tensor) else None
    cells = (MACHINE.settings(call, cell) or {}).get("cells")
    if isinstance(cells, (list, tuple)):
        found = [_zeros_in_stack(call, one, batch) for one in cells]
        return None if None in found else found
    sizes = sizes_of(call, cell)
    if sizes is None or not is_dim(batch):
        return None
    dtype, kind = call.get(cell, ".dtype"), BACKEND_KIND.get(call.backend(), "tf")

    def zeros(size: Any) -> Tensor:
        dim = as_dim(size, "units", call.get(cell, ".name"))
        return Tensor(Shape((batch, dim)), dtype if isinstance(dtype, str) else None, kind)

    return mapped(_lists(sizes), zeros)


def _zeros_in_stack(call: Call, cell: Any, batch: Any) -> Any:
    """The states of one cell of several: a list where the cell has a method that gives one, or several sizes."""
    zeros = zeros_of_cell(call, cell, batch) if isinstance(cell, Instance) else None
    if zeros is None or isinstance(cell.cls, Known) or call.method(cell, "get_initial_state") is not MISSING:
        return zeros
    return zeros[0] if is_dim(call.thaw(call.attribute(cell, "state_size"))) else zeros


def sizes_of(call: Call, cell: Instance) -> list[Any] | None:
    """A cell's ``state_size`` as a list; None where it is not known."""
    found = call.thaw(call.attribute(cell, "state_size"))
    if isinstance(found, (list, tuple)):
        return list(found)
    return [found] if is_dim(found) else None
