"""A model in a step of training: what it gives for a batch, and what is refused on the way.

Follows keras/src/backend/tensorflow/trainer.py: the step is traced, so lengths may be open, and what the layers'
computations refuse is TensorFlow's to word.  Only what Keras itself checks before a layer computes is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ...evidence import collect
from ...rule import MISSING, Call
from ...shape import Shape, Unranked
from ...value import Class, Instance, Known, Tensor, Unknown, Value, Wrapped, tensors_in
from ...wording.keras import said
from .functional import check_shapes, matched, model_frame, rank_adjusted
from .graph import Arguments, run
from .inputs import bind, check_spec, leaves
from .machine import MACHINE, word_as_traced
from .methods import rule_of
from .sequential import build as build_sequential
from .state import reopen
from .user_layers import user_method


def raises(call: Call) -> bool:
    """Whether something has been raised, told or not, since ``quietly_so_far``."""
    return call.local.get("told") is True


def quietly_so_far(call: Call) -> None:
    """Begin to listen for exceptions."""
    call.local["told"] = False


def ranks_of(*structures: Any) -> tuple[int, ...] | Unknown:
    """The numbers of axes of what a step is called with: what matters of a trace to those that follow."""
    found = []
    for leaf in leaves(list(structures)):
        if isinstance(leaf, Tensor) and isinstance(leaf.shape, Shape):
            found.append(len(leaf.shape))
        elif leaf is not None:
            return Unknown("what a step was traced with")
    return tuple(found)


def traced_before(call: Call, model: Instance, step: str) -> Value:
    """``ranks_of`` the step's arguments the last time, None before the first time.

    Once it has been traced, TensorFlow leaves the lengths open that differ (reduce_retracing): what is refused then, is
    refused in other words, or not before the step runs.
    """
    return call.get(model, f".traced {step}")


def remember_trace(call: Call, model: Instance, step: str, ranks: Value) -> None:
    """The step has been traced, or may have been."""
    call.set(model, f".traced {step}", ranks)


def forget_traces(call: Call, model: Instance) -> None:
    """``compile`` makes new functions."""
    for step in ("train", "test", "predict"):
        call.set(model, f".traced {step}", None)


def output_of(call: Call, model: Instance, x: Any, training: bool, eager: bool = False) -> Any:
    """What the model gives for a batch (a thawed structure of tensors); None where it raises, or where it is not known."""
    graph = _graph(call, model, x)
    if graph is not None and user_method(call, model, "call") is None:
        return _through_graph(call, model, graph, x, training)
    if not isinstance(model.cls, Class):
        return None
    result = invoked(call, model, [call.freeze(x)], {"training": training}, eager)
    found = call.thaw(call.resolve(result))
    known = [leaf for leaf in leaves(found) if isinstance(leaf, Tensor)]
    return found if known and len(known) == len(leaves(found)) and not raises(call) else None


def invoked(call: Call, function: Value, args: Sequence[Value], kwargs: dict[str, Value], eager: bool) -> Value:
    """A call of the user's code inside of a step, traced unless the step is ``eager``."""
    with in_step(call, not eager):
        return call.invoke(function if eager else Wrapped("traced", function), args, kwargs)


@contextmanager
def in_step(call: Call, traced: bool = True) -> Iterator[None]:
    """A step is under way: what layers refuse is told as the trace, or the eager step, tells it."""
    before = call.local.get("step")
    call.local["step"] = traced
    try:
        yield
    finally:
        call.local["step"] = before is True


def _graph(call: Call, model: Instance, x: Any) -> tuple[Any, Any] | None:
    """The inputs and outputs of a functional or Sequential model, which is built for the batch if need be."""
    kind = call.get(model, ".model")
    if kind == "functional":
        inputs, outputs = reopen(call.get(model, ".inputs")), reopen(call.get(model, ".outputs"))
    elif kind == "sequential" and call.get(model, ".unknown") is not True:
        first = next((leaf for leaf in leaves(x) if isinstance(leaf, Tensor)), None)
        if call.get(model, ".graph") is None and first is not None and isinstance(first.shape, Shape) and first.shape:
            build_sequential(call, model, Shape((call.symbol(dynamic=True), *first.shape[1:])))
        graph = call.get(model, ".graph")
        if not isinstance(graph, tuple):
            return None
        inputs, outputs = graph[0], call.thaw(graph[1])
    else:
        return None
    known = all(isinstance(leaf, Tensor) for leaf in (*leaves(inputs), *leaves(outputs)))
    return (inputs, outputs) if known and leaves(outputs) else None


def _through_graph(call: Call, model: Instance, graph: tuple[Any, Any], x: Any, training: bool) -> Any:
    """Functional.__call__ on the batch: the number of inputs, exact shapes, ranks, then layer by layer."""
    machine = MACHINE.of(model)
    struct, outputs = graph
    functional = call.get(model, ".model") == "functional"
    expected = leaves(struct)
    with collect() as record:
        given = matched(call, model, struct, expected, x) if functional else _first(x)
        if given is not None and functional and not record.reports:
            check_shapes(call, model, struct, expected, given)
    machine.tell(call, record, model, {"x": next(tensors_in(x), None)})
    if record.reports or given is None:
        return None
    bound = {"inputs": x, "training": training, "mask": None}
    with call.inside(model_frame(call, model, bound, symbolic=False)):
        with collect() as record:
            adjusted = [
                rank_adjusted(tensor, ref, n, struct, _printed(tensor, n))
                for n, (tensor, ref) in enumerate(zip(given, expected, strict=True))
            ]
        machine.tell(call, record, model, {"x": given[0]})
        if record.reports:
            return None
        return _through_layers(call, expected, adjusted, outputs, training)


def _first(x: Any) -> list[Tensor] | None:
    """A Sequential model takes the first of several tensors."""
    flat = [leaf for leaf in leaves(x) if isinstance(leaf, Tensor)]
    return flat[:1] or None


def _printed(x: Tensor, index: int) -> str:
    name = f"data_{index}" if index else "data"
    if x.name == "Cast":
        name = "?" if index else "Cast"
    return f'Tensor("{name}:0", shape={said(x.shape)}, dtype={x.dtype or "?"})'


def _through_layers(call: Call, inputs: Sequence[Tensor], given: Sequence[Tensor], outputs: Any, training: bool) -> Any:
    """The layers' input specs along the graph; the first refusal is told."""
    refused = False

    def step(x: Tensor, layer: Instance, arguments: Arguments) -> Any:
        nonlocal refused
        rule, machine = rule_of(call, layer), MACHINE.of(layer)
        settings = machine.settings(call, layer)
        if refused or rule is None or settings is None or not isinstance(layer.cls, Known):
            return None
        with collect():
            bound = bind(rule.inputs, *arguments) or {}
        if "training" in bound and "training" not in arguments[1]:
            bound["training"] = training
        values = list(bound.values())
        if not values:
            return None
        with collect() as record:
            if isinstance(values[0], Tensor):
                check_spec(call, machine.spec(call, layer), machine.name(call, layer), {"inputs": values[0]})
        machine.tell(call, record, layer, {"inputs": values[0]})
        refused = bool(record.reports)
        with in_step(call), collect() as record:
            result = machine.run_inside(rule, call, layer, settings, bound, refused, framed=True)
            if result is MISSING:
                context = {**settings, **machine.context(call, layer, rule), "eager": True}
                result = machine.run(rule, "call", context, *values)
        if record.reports and not refused and word_as_traced(record):
            with call.inside(machine.frame(call, layer, rule, bound, tuple(tensors_in(values)))):
                machine.tell(call, record, layer, {"inputs": values[0]})
        shape = result.shape if isinstance(result, Tensor) else result
        refused = refused or bool(record.reports) or raises(call) or isinstance(shape, Unranked)
        return replace(x, shape=shape, kind="tf", name=None) if isinstance(shape, Shape) else None

    result = run(call, inputs, given, outputs, "tf", step)
    if refused or not all(isinstance(x, Tensor) and isinstance(x.shape, Shape) for x in leaves(result)):
        return None
    return result


__all__ = [
    "forget_traces", "invoked", "output_of", "quietly_so_far", "raises", "ranks_of", "remember_trace", "traced_before",
]  # fmt: skip
