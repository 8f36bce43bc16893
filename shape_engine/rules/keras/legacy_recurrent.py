"""Recurrent layers of Keras 2: their input spec and their shapes; what else they refuse is not worded.

Follows tf_keras/src/layers/rnn/base_rnn.py, lstm.py, gru.py, simple_rnn.py, bidirectional.py.
"""

from __future__ import annotations

from typing import Any

from ...dim import Symbol, is_dynamic
from ...rule import phase
from ...shape import Shape
from .bidirectional import bidirectional
from .common import NO_RANK
from .machine import Spec
from .recurrent import gru, lstm, sequence_shapes, simple_rnn
from .wrappers import time_distributed


@phase(lstm, "tf_keras.spec")
@phase(gru, "tf_keras.spec")
@phase(simple_rnn, "tf_keras.spec")
def sequence_spec(shape: Any) -> Spec:
    """Rank 3; a built layer keeps the number of features."""
    if not isinstance(shape, Shape) or len(shape) != 3 or is_dynamic(shape[2]):
        return Spec(ndim=3)
    free = Symbol(None, ("batch or steps",), dynamic=True)
    return Spec(ndim=3, shape=(free, free, shape[2]))


@phase(lstm, "tf_keras.call")
def lstm_call(
    inputs: Any, mask: Any = None, training: Any = None, initial_state: Any = None, *, units: Any,
    return_sequences: Any = False, return_state: Any = False, name: str
) -> Any:  # fmt: skip
    """The output, or a list of it and the two states."""
    given = {"return_sequences": return_sequences, "return_state": return_state}
    return sequence_shapes(inputs, given, units, (units, units), name)


@phase(gru, "tf_keras.call")
@phase(simple_rnn, "tf_keras.call")
def one_state_call(
    inputs: Any, mask: Any = None, training: Any = None, initial_state: Any = None, *, units: Any,
    return_sequences: Any = False, return_state: Any = False, name: str
) -> Any:  # fmt: skip
    """The output, or a list of it and the state."""
    given = {"return_sequences": return_sequences, "return_state": return_state}
    return sequence_shapes(inputs, given, units, (units,), name)


@phase(time_distributed, "tf_keras.spec")
def time_distributed_spec(shape: Any) -> Spec | None:
    """A built layer keeps all lengths but the first two."""
    if not isinstance(shape, Shape) or len(shape) < 3:
        return None
    free = Symbol(None, ("batch or steps",), dynamic=True)
    return Spec(ndim=len(shape), shape=(free, free, *shape[2:]))


@phase(bidirectional, "tf_keras.spec")
def of_what_is_inside(shape: Any) -> Spec | None:
    """See Inside.spec."""
    return None


@phase(bidirectional, "tf_keras.call")
def bidirectional_call(
    inputs: Any, training: Any = None, mask: Any = None, initial_state: Any = None, constants: Any = None
) -> Any:
    """By what is inside."""
    return NO_RANK
