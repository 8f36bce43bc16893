"""keras.layers.RNN around any cell, also one of the user's, and StackedRNNCells (keras/src/layers/rnn/rnn.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dim import is_dim
from ...evidence import report
from ...problems import RefusedSetting
from ...rule import MISSING, Call, function, layer, phase
from ...shape import Shape
from ...value import BoundMethod, Class, Instance, Known, Tensor, Unknown, Value
from .common import NO_RANK, undecided
from .holding import build_inner, hold, is_layer, surely_no_layer
from .inside import Inside
from .machine import CONTEXT, MACHINE
from .printed import class_repr, layer_repr
from .recurrent import Recurrence, newer, sequence_shapes, sizes_of, zeros_of_cell
from .state import flavour_of


class AnyCell(Recurrence):
    """The cell is given: a layer, or an object of any class that has ``call`` and ``state_size``."""

    alone = False

    def before(self, call: Call, obj: Instance, settings: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
        """A list of cells is stacked; the cell must have a ``call`` and a ``state_size``."""
        cell = settings.get("cell")
        newer(MACHINE.of(obj).framework, settings, base)
        if isinstance(cell, (list, tuple)) and not cell:
            return {"cell": Unknown("a stack of no cells")}
        if isinstance(cell, (list, tuple)):
            stacked = call.new(Known("keras.layers.StackedRNNCells", flavour_of(obj)))
            rule = STACKED.__dict__["__rules__"][0]
            MACHINE.of(stacked).init(rule, call, stacked, [call.freeze(cell)], {})
            return {"cell": stacked}
        if isinstance(cell, Known) and cell.target.startswith("keras.layers."):  # a class has no sizes
            report(RefusedSetting("cell", _shown(call, cell), "rnn-cell-state-size"), blame=("cell",))
        elif surely_no_layer(call, cell):
            report(RefusedSetting("cell", _shown(call, cell), "rnn-cell-call"), blame=("cell",))
        elif isinstance(cell, Instance) and lacks(call, cell, "state_size"):
            report(RefusedSetting("cell", _shown(call, cell), "rnn-cell-state-size"), blame=("cell",))
        return {}

    def made(self, call: Call, obj: Instance, settings: dict[str, Any]) -> dict[str, Any]:
        """The sizes of the states and of the output, as they are when the layer is made."""
        cell = settings.get("cell")
        call.set(obj, ".cell", cell if isinstance(cell, Instance) else Unknown("the cell"))
        if not isinstance(cell, Instance):
            call.set(obj, ".unknown", True)
            return {"state_size": Unknown("state_size"), "output_size": Unknown("output_size")}
        if is_layer(call, cell):
            hold(call, obj, cell)
        sizes = sizes_of(call, cell)
        return {
            "state_size": Unknown("state_size") if sizes is None else sizes,
            "output_size": Unknown("output_size") if sizes is None else output_size(call, cell, sizes),
        }

    def shapes(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> Any:
        """``compute_output_shape``: by the sizes of the cell."""
        sizes, output = settings.get("state_size"), settings.get("output_size")
        if not isinstance(sizes, (list, tuple)) or undecided(output) or undecided(settings.get("return_state")):
            return NO_RANK if settings.get("return_state") in (False, None) else None
        return sequence_shapes(Tensor(shape, None, "tf"), settings, output, sizes, str(call.get(obj, ".name")))

    def run(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> Any:
        """As for every recurrence; what the cell gives decides."""
        result = super().run(call, obj, settings, bound)
        return None if result is MISSING else result


def lacks(call: Call, cell: Instance, name: str) -> bool:
    """Whether an object surely has no such attribute: a modelled layer that is no cell."""
    if isinstance(cell.cls, Known) and is_layer(call, cell):
        return cell.cls.target.rpartition(".")[2] not in CELLS
    return False


CELLS = {"LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells", "RNN", "LSTM", "GRU", "SimpleRNN"}
"""The classes with a ``state_size``."""


def output_size(call: Call, cell: Instance, sizes: list[Any]) -> Any:
    """``cell.output_size``, or else the first state's size."""
    found: Any = None
    if isinstance(cell.cls, Known) or _has(call, cell, "output_size"):
        found = call.thaw(call.attribute(cell, "output_size"))
    if found is None:
        found = sizes[0] if sizes else None
    return found if is_dim(found) else Unknown("output_size")


def _has(call: Call, cell: Instance, name: str) -> bool:
    """Whether an object of the user's surely has an attribute: Python is not asked where it would raise."""
    if call.get(cell, name, MISSING) is not MISSING:
        return True
    return isinstance(cell.cls, Class) and call.method(cell, name) is not MISSING


def _shown(call: Call, value: Any) -> Any:
    if isinstance(value, (Known, Class)):
        return class_repr(value)
    if is_layer(call, value):
        return layer_repr(call, value)
    return Unknown("a cell") if isinstance(value, (Instance, Tensor)) else value


@layer("keras.layers.RNN", machine=MACHINE, neutral=("time_major",), inside=AnyCell(), **CONTEXT)
def rnn(
    sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = False, *, cell: Any,
    return_sequences: Any = False, return_state: Any = False
) -> Any:  # fmt: skip
    """The output of the cell for each step, or for the last one."""
    return NO_RANK


@phase(rnn, "constructor")
def rnn_constructor(
    *, cell: Any, return_sequences: Any = False, return_state: Any = False, go_backwards: Any = False,
    stateful: Any = False, unroll: Any = False, zero_output_for_mask: Any = False,
) -> None:  # fmt: skip
    """All else is the cell's."""


class Stack(Inside):
    """Cells one above the other."""

    alone = False

    def made(self, call: Call, obj: Instance, settings: dict[str, Any]) -> dict[str, Any]:
        """All cells must have a ``call`` and a ``state_size``."""
        cells = settings.get("cells")
        if not isinstance(cells, (list, tuple)):
            call.set(obj, ".unknown", True)
            return {}
        for cell in cells:
            if surely_no_layer(call, cell):
                report(RefusedSetting("cells", _shown(call, cell), "rnn-cells-call"), blame=("cells",))
                return {}
            if isinstance(cell, Instance) and lacks(call, cell, "state_size"):
                report(RefusedSetting("cells", _shown(call, cell), "rnn-cells-state-size"), blame=("cells",))
                return {}
        hold(call, obj, *cells)
        return {}

    def build(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> None:
        """Each cell for what the one below gives."""
        cells = settings.get("cells")
        if not isinstance(cells, (list, tuple)) or not isinstance(shape, Shape):
            return
        for cell in cells:
            build_inner(call, obj, cell, shape)
            sizes = sizes_of(call, cell) if isinstance(cell, Instance) else None
            size = output_size(call, cell, sizes) if sizes is not None else None
            if not is_dim(size):
                call.set(obj, ".unknown", True)
                return
            shape = Shape((shape[0], size))

    def run(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> Any:
        """One cell after the other, each with its own states: RNN tries them without ``training`` first."""
        cells, states = settings.get("cells"), bound.get("states")
        x: Any = bound.get("inputs")
        if not isinstance(cells, (list, tuple)) or not isinstance(states, (list, tuple)):
            return None
        after: list[Any] = []
        for cell, state in zip(cells, states, strict=False):
            nested = isinstance(state, (list, tuple))
            given = list(state) if nested else [state]
            result = call.thaw(call.invoke(cell, [call.freeze(x), call.freeze(given)]))
            if not isinstance(result, (list, tuple)) or len(result) != 2:
                return None
            x, new = result
            after.append(new[0] if isinstance(new, (list, tuple)) and len(new) == 1 and not nested else new)
        return x, after[0] if len(after) == 1 else after

    def get(self, call: Call, obj: Instance, settings: dict[str, Any], name: str) -> Value:
        """The sizes of all cells."""
        cells = settings.get("cells")
        if name == "get_initial_state":
            return BoundMethod(Known("keras.layers.StackedRNNCells.get_initial_state", MACHINE.of(obj).framework), obj)
        if name not in ("state_size", "output_size"):
            return MISSING
        if not isinstance(cells, (list, tuple)) or not cells or not all(isinstance(cell, Instance) for cell in cells):
            return Unknown(name)
        if name == "output_size":
            sizes = sizes_of(call, cells[-1])
            return Unknown(name) if sizes is None else output_size(call, cells[-1], sizes)
        return call.freeze([call.thaw(call.attribute(cell, "state_size")) for cell in cells])


@layer("keras.layers.StackedRNNCells", machine=MACHINE, inside=Stack(), rest="kwargs", **CONTEXT)
def stacked_cells(inputs: Any, states: Any, training: Any = False, *, cells: Any) -> Any:
    """The cells in a row."""
    return NO_RANK


STACKED = stacked_cells


@phase(rnn, "build")
@phase(stacked_cells, "build")
def nothing_of_its_own(shape: Any) -> dict[str, Any]:
    """The weights are those of the cells."""
    return {}


@function("keras.layers.StackedRNNCells.get_initial_state", raw=True)
def stacked_initial_state(call: Call, self: Instance, batch_size: Value = None) -> Value:
    """The states of each cell."""
    found = zeros_of_cell(call, self, call.resolve(batch_size))
    return Unknown("the states of a cell") if found is None else call.freeze(found)
