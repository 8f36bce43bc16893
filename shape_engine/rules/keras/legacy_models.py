"""Calls of Sequential and functional models of Keras 2.

Follows tf_keras/src/engine/functional.py, sequential.py and data_adapter.py.  A model that knows its input checks exact
shapes, as an input spec, but only where no KerasTensor comes in; then every layer is called.  A Sequential
model without an input calls its layers in a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...evidence import collect, report
from ...problems import WrongArguments, WrongInputCount
from ...rule import Call
from ...shape import Shape
from ...value import Assumed, Instance, Tensor, Unknown, Value, tensors_in
from ...wording import Frame
from .functional import as_expected, bound_arguments, check_shapes, finish, input_names, model_class, rank_adjusted
from .graph import Arguments, invoked, run
from .inputs import leaves
from .legacy import DOUBT, printed
from .machine import MACHINE
from .sequential import is_input, stack
from .state import BACKEND_KIND, reopen

NO_MODEL = "what the model gives is not known"


def model_frame(call: Call, obj: Instance, bound: Mapping[str, Any], symbolic: bool) -> Frame:
    """The frame of a model's call: ``call(self, inputs, training=None, mask=None)``."""
    arguments = tuple((name, printed(value)) for name, value in bound.items())
    machine = MACHINE.of(obj)
    outermost = symbolic and call.local.get("symbolic") is not True
    return Frame(model_class(obj), machine.name(call, obj), "call", arguments, outermost, machine.framework)


def functional_call(call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    """``model(x)`` of a functional model."""
    expected, outputs = reopen(call.get(obj, ".inputs")), reopen(call.get(obj, ".outputs"))
    bound = _bound(call, obj, args, kwargs)
    if bound is None or not all(isinstance(x, Tensor) for x in (*leaves(expected), *leaves(outputs))):
        return Unknown(NO_MODEL)
    return _through_graph(call, obj, expected, outputs, bound, True)


def sequential_call(call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    """``model(x)`` of a Sequential model."""
    bound = _bound(call, obj, args, kwargs)
    if bound is None or call.get(obj, ".unknown") is True:
        return Unknown(NO_MODEL)
    graph = call.get(obj, ".graph")
    call.set(obj, ".built", True)
    if isinstance(graph, tuple):
        source, output = graph[0], call.thaw(graph[1])
        if not isinstance(source, Tensor) or not all(isinstance(x, Tensor) for x in leaves(output)):
            return Unknown(NO_MODEL)
        return _through_graph(call, obj, source, output, bound, call.get(obj, ".deferred") is not True)
    layers = [layer for layer in stack(call, obj) if not is_input(layer)]
    if not layers:
        return Unknown("a model without layers")
    symbolic = any(x.symbolic for x in tensors_in(bound["inputs"]))
    x: Value = call.freeze(bound["inputs"])
    with call.inside(model_frame(call, obj, bound, symbolic)), MACHINE.of(obj).scope(call, obj, symbolic):
        for layer in layers:
            x = call.invoke(layer, [x]) if isinstance(layer, Instance) else Unknown("a layer that is not known")
    return finish(call, obj, call.thaw(x), bound)


def _bound(call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> dict[str, Any] | None:
    bound = bound_arguments(call, obj, args, kwargs)
    if bound is None:
        with collect() as record:
            report(WrongArguments("first"), blame=("arguments",))
        MACHINE.of(obj).tell(call, record, obj, {})
        return None
    bound["inputs"] = _on_backend(call, bound["inputs"])
    return bound


def _through_graph(
    call: Call, obj: Instance, struct: Any, outputs: Any, bound: dict[str, Any], explicit: bool
) -> Value:
    """The check of exact shapes, unless the input was only inferred, then the layers."""
    machine, expected = MACHINE.of(obj), leaves(struct)
    flat = _flat(call, struct, bound["inputs"])
    if flat is None:
        return Unknown(NO_MODEL)
    nested = call.local.get("symbolic") is True
    with collect() as record:
        if len(flat) != len(expected):
            if any(isinstance(x, (Unknown, Assumed)) for x in flat):
                return Unknown(NO_MODEL)
            report(WrongInputCount(len(expected), tuple(flat), machine.name(call, obj)), blame=("inputs",))
        given = [_given(call, x, ref) for x, ref in zip(flat, expected, strict=False)]
        symbolic = any(isinstance(x, Tensor) and x.symbolic for x in given)
        if explicit and not record.reports and None not in given and (nested or not symbolic):
            check_shapes(call, obj, struct, expected, given)  # type: ignore[arg-type]
    if (symbolic and not nested and len(flat) != len(expected)) or None in given:
        return Unknown(NO_MODEL)
    machine.tell(call, record, obj, bound)
    tensors = [x for x in given if x is not None]
    if record.reports:
        like = [as_expected(call, x) for x in expected]
        return finish(call, obj, run(call, expected, like, outputs, like[0].kind), bound)
    doubts: list[Instance] = []

    again = invoked(call)

    def step(x: Tensor, layer: Instance, arguments: Arguments) -> Any:
        result = again(x, layer, arguments)
        if not any(True for _ in tensors_in(result)):
            doubts.append(layer)
        return result

    with call.inside(model_frame(call, obj, bound, symbolic)), machine.scope(call, obj, symbolic):
        with collect():
            pairs = enumerate(zip(tensors, expected, strict=True))
            adjusted = [rank_adjusted(x, ref, n, struct) for n, (x, ref) in pairs]
        result = run(call, expected, adjusted, outputs, "keras" if symbolic else tensors[0].kind, step)
    return Unknown(DOUBT) if doubts else finish(call, obj, result, bound)


def _flat(call: Call, struct: Any, value: Any) -> list[Any] | None:
    """The inputs in the model's order; a dict by the names of the inputs."""
    if not isinstance(value, dict):
        return leaves(value)
    names = input_names(call, struct)
    return [value[name] for name in names] if all(name in value for name in names) else None


def _given(call: Call, x: Any, ref: Tensor) -> Tensor | None:
    """An input in the dtype that the model wants; an unknown one has the shape that it wants."""
    if isinstance(x, Assumed):
        return call.assume(x, as_expected(call, ref))
    if not isinstance(x, Tensor):
        return None
    if not isinstance(x.shape, Shape):
        return replace(as_expected(call, ref), kind=x.kind)
    return replace(x, dtype=ref.dtype)


def _on_backend(call: Call, value: Any) -> Any:
    """Arrays become tensors."""
    if isinstance(value, Tensor) and value.kind in ("numpy", "torch"):
        return replace(value, kind=BACKEND_KIND.get(call.backend(), "tf"))
    if isinstance(value, list):
        return [_on_backend(call, item) for item in value]
    if isinstance(value, tuple) and not isinstance(value, Shape):
        return tuple(_on_backend(call, item) for item in value)
    return {key: _on_backend(call, item) for key, item in value.items()} if isinstance(value, dict) else value
