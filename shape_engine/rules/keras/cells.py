"""The cells of recurrent layers: one step in time (keras/src/layers/rnn/lstm.py, gru.py, simple_rnn.py).

A cell is called with the input of the step and the states; it gives its output and the new states.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dim import is_dynamic, surely_differ, surely_equal, surely_less
from ...evidence import collect, report
from ...formulas.broadcast import broadcast
from ...problems import BadSetting, BadWeightShape, BroadcastMismatch, InnerMismatch, UnknownLength
from ...rule import MISSING, Call, layer, phase
from ...shape import AnyShape, Shape
from ...value import BoundMethod, Instance, Known, Tensor, Unknown, Value
from .arguments import identifier, identifiers
from .categories import of_words
from .common import NO_RANK, as_dim, no_floats, python_error, refuse, shape_of, truthy, undecided
from .conv import has_bias
from .inside import Inside
from .machine import CONTEXT, MACHINE

KEYWORDS = ("implementation",)
"""Taken by the constructors, by name only."""

GATES = {"LSTMCell": 4, "GRUCell": 3, "SimpleRNNCell": 1}


class Cell(Inside):
    """What a cell knows of itself, and the products of matrices that it computes."""

    def run(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> Any:
        """One step: the input against ``kernel``, the state against ``recurrent_kernel``, then their sum."""
        kind = obj.cls.target.rpartition(".")[2] if isinstance(obj.cls, Known) else ""
        first, states = next(iter(bound.values()), None), bound.get("states")
        x, given = shape_of(first), list(states) if isinstance(states, (list, tuple)) else [states]
        weights = dict(MACHINE.weights(call, obj))
        odd = any(map(no_floats, given))
        dropped = no_floats(first) and drops(settings)
        if (x is not None and len(x) != 2) or odd or of_words(first) or dropped:
            call.doubt()  # Keras casts no states: which operation refuses them first, hangs on the code path
            return None
        if kind not in GATES or x is None or "kernel" not in weights:
            return MISSING
        traced = call.local.get("step") is True or call.local.get("symbolic") is True
        if kind == "LSTMCell" and len(given) < 2:
            if isinstance(states, Tensor):  # its rows are the states
                rows = shape_of(states)
                row = None if rows is None or len(rows) != 2 or surely_less(rows[0], 2) else rows[1]
                fits = step(x, [Shape((1, row))] if row is not None else [], weights, kind, settings, traced)
                return None if fits is None or row is None else MISSING
            if not isinstance(states, (list, tuple)):
                return None
            python_error("IndexError", f"{type(states).__name__} index out of range", "states")
            return MISSING
        batch = step(x, [shape_of(state) for state in given], weights, kind, settings, traced)
        if isinstance(batch, Unknown):
            call.doubt()
            return None
        return gives(first, batch, states, settings.get("units"), call.get(obj, ".name"), kind)

    def traced(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> Any:
        """The same on open lengths; what does not fit is worded by TensorFlow, with the names of a graph's nodes."""
        states = bound.get("states")
        shapes = [shape_of(state) for state in (states if isinstance(states, (list, tuple)) else [states])]
        if any(shape is None or len(shape) != 2 or is_dynamic(shape[1]) for shape in shapes):
            return None
        with collect() as record:
            result = self.run(call, obj, settings, bound)
        if record.reports:
            call.doubt()
            return None
        return result

    def get(self, call: Call, obj: Instance, settings: dict[str, Any], name: str) -> Value:
        """The sizes of states and output; ``get_initial_state``."""
        units = settings.get("units")
        if name in ("state_size", "output_size") and units is not None:
            double = name == "state_size" and obj.cls == Known("keras.layers.LSTMCell", getattr(obj.cls, "flavour", ""))
            return call.new_list([units, units]) if double else units
        if name == "get_initial_state":
            return BoundMethod(Known("keras.layers.LSTMCell.get_initial_state", MACHINE.of(obj).framework), obj)
        return MISSING


def drops(settings: Mapping[str, Any]) -> bool:
    """Whether parts of the input may be dropped, which is done to floats alone, and whether it is training or not."""
    return settings.get("dropout") not in (0, None)


CELL = Cell()


@layer("keras.layers.LSTMCell", machine=MACHINE, gates=4, keywords=KEYWORDS, inside=CELL, **CONTEXT)
def lstm_cell(inputs: Any, states: Any, training: Any = False, *, units: Any, name: str) -> Any:
    """One step of an LSTM: the output, and the two states."""
    return gives(inputs, None, states, units, name, "LSTMCell")


@phase(lstm_cell, "constructor")
def lstm_cell_constructor(
    *, units: Any, activation: Any = "tanh", recurrent_activation: Any = "sigmoid", use_bias: Any = True,
    kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros",
    unit_forget_bias: Any = True, kernel_regularizer: Any = None, recurrent_regularizer: Any = None,
    bias_regularizer: Any = None, kernel_constraint: Any = None, recurrent_constraint: Any = None,
    bias_constraint: Any = None, dropout: Any = 0.0, recurrent_dropout: Any = 0.0, seed: Any = None,
) -> dict[str, Any]:  # fmt: skip
    """Objects must be known by name, rates must be numbers."""
    return cell_settings(locals())


@layer("keras.layers.GRUCell", machine=MACHINE, keywords=KEYWORDS, inside=CELL, **CONTEXT)
def gru_cell(inputs: Any, states: Any, training: Any = False, *, units: Any, name: str) -> Any:
    """One step of a GRU: the output, which is the new state, too."""
    return gives(inputs, None, states, units, name, "GRUCell")


@phase(gru_cell, "constructor")
def gru_cell_constructor(
    *, units: Any, activation: Any = "tanh", recurrent_activation: Any = "sigmoid", use_bias: Any = True,
    kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None, recurrent_regularizer: Any = None, bias_regularizer: Any = None,
    kernel_constraint: Any = None, recurrent_constraint: Any = None, bias_constraint: Any = None, dropout: Any = 0.0,
    recurrent_dropout: Any = 0.0, reset_after: Any = True, seed: Any = None,
) -> dict[str, Any]:  # fmt: skip
    """Objects must be known by name, rates must be numbers."""
    return cell_settings(locals())


@layer("keras.layers.SimpleRNNCell", machine=MACHINE, gates=1, inside=CELL, **CONTEXT)
def simple_cell(sequence: Any, states: Any, training: Any = False, *, units: Any, name: str) -> Any:
    """One step of a plain recurrent layer: the output, which is the new state, too."""
    return gives(sequence, None, states, units, name, "SimpleRNNCell")


@phase(simple_cell, "constructor")
def simple_cell_constructor(
    *, units: Any, activation: Any = "tanh", use_bias: Any = True, kernel_initializer: Any = "glorot_uniform",
    recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros", kernel_regularizer: Any = None,
    recurrent_regularizer: Any = None, bias_regularizer: Any = None, kernel_constraint: Any = None,
    recurrent_constraint: Any = None, bias_constraint: Any = None, dropout: Any = 0.0, recurrent_dropout: Any = 0.0,
    seed: Any = None,
) -> dict[str, Any]:  # fmt: skip
    """Objects must be known by name, rates must be numbers."""
    return cell_settings(locals())


@phase(lstm_cell, "before")
@phase(gru_cell, "before")
@phase(simple_cell, "before")
def cell_before(*, units: Any) -> None:
    """``if units <= 0: raise``."""
    checked_units(units)


@phase(lstm_cell, "build")
def lstm_build(
    shape: Any, *, units: Any, use_bias: Any = True, unit_forget_bias: Any = True, bias_initializer: Any = "zeros",
    name: str, path: str, gates: int,
) -> dict[str, Any]:  # fmt: skip
    """As ``cell_build``; the bias that forgets nothing at first is made around the initializer, which must be one."""
    weights = cell_build(shape, units=units, use_bias=use_bias, name=name, path=path, gates=gates)
    if bias_initializer is None and "bias" in weights and unit_forget_bias is True:
        python_error("TypeError", "'NoneType' object is not callable", "bias_initializer")
    return weights


@phase(simple_cell, "build")
def cell_build(shape: Any, *, units: Any, use_bias: Any = True, name: str, path: str, gates: int) -> dict[str, Any]:
    """``kernel`` (features, gates * units), ``recurrent_kernel`` (units, gates * units), ``bias`` (gates * units,)."""
    weights, wide = kernels(shape, units, gates, name, path)
    return {**weights, "bias": (wide,)} if weights and has_bias(use_bias) else weights


@phase(gru_cell, "build")
def gru_build(
    shape: Any, *, units: Any, use_bias: Any = True, reset_after: Any = True, name: str, path: str
) -> dict[str, Any]:
    """As for an LSTM, with three gates; a GRU that resets after the product has a bias of two rows."""
    weights, wide = kernels(shape, units, 3, name, path)
    bias = (2, wide) if resets_after(reset_after) else (wide,)
    return {**weights, "bias": bias} if weights and has_bias(use_bias) else weights


def resets_after(setting: Any) -> bool:
    """Whether a GRU's state is reset after the product; it is by default, so also where nobody knows."""
    return undecided(setting) or truthy(setting)


def kernels(shape: Any, units: Any, gates: int, name: str, path: str) -> tuple[dict[str, Any], Any]:
    """The two matrices, and how wide they are."""
    if not isinstance(shape, Shape) or not shape:
        return {}, 0
    if isinstance(units, float):
        report(BadWeightShape((shape[-1], units * gates), units * gates), blame=("units",))
        return {}, 0
    count = as_dim(units, "units", name)
    wide = count * gates
    if is_dynamic(shape[-1]):
        report(UnknownLength(shape, (shape[-1], wide), f"{path}/kernel"), blame=("inputs",))
    return {"kernel": (shape[-1], wide), "recurrent_kernel": (count, wide)}, wide


def checked_units(units: Any) -> None:
    """``if units <= 0: raise``, with Python's own refusal for what is no number."""
    if isinstance(units, (str, tuple, list, dict)) or units is None:
        report(BadSetting("units", units, "not-a-number", bad=(units,)), blame=("units",))
    elif isinstance(units, (int, float)) and units <= 0:
        refuse("units", units, "rnn-units")


def cell_settings(given: dict[str, Any]) -> dict[str, Any]:
    """The checks of a cell's constructor, in its order."""
    identifier("activation function", given["activation"], "activation")
    if "recurrent_activation" in given:
        identifier("activation function", given["recurrent_activation"], "recurrent_activation")
    kinds = ("initializer", "regularizer", "constraint")
    identifiers(
        **{f"{part}_{kind}": given[f"{part}_{kind}"] for kind in kinds for part in ("kernel", "recurrent", "bias")}
    )
    for rate in ("dropout", "recurrent_dropout"):
        if isinstance(given[rate], (str, tuple, list, dict)) or given[rate] is None:
            kind = type(given[rate]).__name__
            python_error("TypeError", f"'>' not supported between instances of '{kind}' and 'float'", rate)
    return counted(given["units"], given["recurrent_dropout"])


def counted(units: Any, recurrent_dropout: Any) -> dict[str, Any]:
    """Units told by a truth value: True is one, but no place to cut gates apart, where they are dropped one by one."""
    if not isinstance(units, bool):
        return {}
    return {"units": int(units) if recurrent_dropout in (0, 0.0) else Unknown("units")}


def step(
    x: Shape, states: list[Any], weights: Mapping[str, Any], kind: str, settings: Mapping[str, Any], traced: bool
) -> Any:
    """The batch of a step's output; reports what TensorFlow says of matrices that do not fit.  None: not known."""
    units: Any = weights["recurrent_kernel"][0]
    rate = settings.get("recurrent_dropout", 0.0)
    apart = kind != "SimpleRNNCell" and (
        (isinstance(rate, (int, float)) and rate > 0) or settings.get("implementation") == 1
    )
    kernel, recurrent = weights["kernel"], weights["recurrent_kernel"]
    wide, inner = (units, units) if apart else (kernel[1], recurrent[1])
    if kind == "GRUCell" and not apart:
        wide, inner = units, recurrent[1] if resets_after(settings.get("reset_after", True)) else units * 2
    state = states[0] if states else None
    if surely_differ(x[1], kernel[0]):
        report(
            InnerMismatch("MatMul", tuple(x), (kernel[0], units if apart else kernel[1]), graph=traced),
            blame=("inputs", "sequence"),
        )
        return None
    if state is None or len(state) != 2 or surely_equal(x[0], 0):
        return x[0] if state is None else None
    if surely_differ(state[1], recurrent[0]):
        report(InnerMismatch("MatMul", tuple(state), (recurrent[0], inner), graph=traced), blame=("states",))
        return None
    left, right = Shape((x[0], wide)), Shape((state[0], wide))
    both = broadcast(left, right)
    if both is None:
        report(BroadcastMismatch("Add", shapes=(left, right), graph=traced), blame=("states",))
        return None
    if kind == "LSTMCell" and len(states) > 1 and states[1] is not None:
        gate, carry = Shape((both[0], units)), states[1]
        last = broadcast(gate, carry)
        if last is None:
            report(BroadcastMismatch("Mul", shapes=(gate, Shape(carry)), graph=traced), blame=("states",))
            return None
        if len(last) == 2 and units == 1 and not surely_equal(last[1], 1):
            return Unknown("one unit may be repeated")
        return last[0] if len(last) == 2 else None
    return both[0]


def gives(x: Any, batch: Any, states: Any, units: Any, name: Any, kind: str) -> Any:
    """The output of a step and its new states, in the structure of the old ones."""
    shape = shape_of(x)
    if batch is None and shape is not None and len(shape) >= 2:
        batch = shape[0]
    out: AnyShape = (
        NO_RANK if batch is None or (undecided(units) and not name) else Shape((batch, as_dim(units, "units", name)))
    )
    if kind == "LSTMCell":
        return out, [out, out]
    return out, [out] if isinstance(states, (list, tuple)) else out
