"""Repairs between layers: what the layer before should give, or what belongs between two."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from ..problems import BroadcastMismatch, RefusedInputs, RefusedSetting, WrongRank
from ..shape import Shape
from ..snapshot import Edit, Fix
from ..value import Span
from .scene import SIMPLE, Scene, before, ends, kind_of, lacks_one, repairs, shortened, with_one_more

RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
CONVOLUTIONS = ("Conv1D", "Conv2D", "Conv3D", "SeparableConv2D")


@repairs(WrongRank)
def whole_sequence(problem: WrongRank, scene: Scene) -> Iterator[Fix]:
    """A layer that needs a sequence stands behind a recurrent one that gives its last state only."""
    if isinstance(problem.shape, Shape):
        yield from _all_steps(scene)


@repairs(RefusedSetting)
def steps_for_each(problem: RefusedSetting, scene: Scene) -> Iterator[Fix]:
    """The same for ``TimeDistributed``, which reports the shape that it refuses."""
    if problem.why == "time-distributed-rank":
        yield from _all_steps(scene)


def _all_steps(scene: Scene) -> Iterator[Fix]:
    for call in reversed(list(scene.calls_before(scene.call, scene.constructor))):
        if ends_in_recurrence(call):
            edits = scene.setting(call, "return_sequences", "True")
            if edits:
                yield Fix("Give the whole sequence: return_sequences=True", edits)


@repairs(WrongRank)
def axis_of_length_one(problem: WrongRank, scene: Scene) -> Iterator[Fix]:
    """The data lack one axis at their end: the features of a series, the channels of an image."""
    node = scene.input
    if node is None or not lacks_one(problem) or not isinstance(node, SIMPLE):
        return
    source = scene.text(node)
    if kind_of(scene) in ("tf", "numpy", "torch"):
        yield Fix(f"Add an axis: {shortened(source)}[..., None]", (Edit(scene.span(node), f"{source}[..., None]"),))


@repairs(WrongRank)
def length_one_in_the_input(problem: WrongRank, scene: Scene) -> Iterator[Fix]:
    """An ``input_shape=(20,)`` where a series needs ``(20, 1)``."""
    if not lacks_one(problem):
        return
    for call in scene.calls():
        node = scene.argument(call, "input_shape", "shape", position=0 if ends(call, "Input") else None)
        if isinstance(node, ast.Tuple) and node.elts:
            yield Fix("Give the input one more axis, of length 1", (with_one_more(scene, node),))


@repairs(WrongRank)
def no_flatten(problem: WrongRank, scene: Scene) -> Iterator[Fix]:
    """A Flatten before a layer that needs the axes which it takes away."""
    for call in reversed(list(scene.calls_before(scene.call, scene.constructor))):
        if not ends(call, "Flatten"):
            continue
        around = scene.parent(call)
        if isinstance(around, ast.Call) and ends(around, "add"):
            statement = scene.statement(scene.own(around, call))
            if statement is not None:
                span = scene.span(statement)
                whole = Span(span.line, 0, span.end_line + 1, 0)
                yield Fix("Take the Flatten away", (Edit(whole, ""),))
        elif isinstance(around, ast.Call) and around.func is call and len(around.args) == 1:
            inner = scene.text(scene.own(around.args[0], call))
            yield Fix("Take the Flatten away", (Edit(scene.span(scene.own(around, call)), inner),))
        elif isinstance(around, (ast.List, ast.Tuple)) and call in around.elts[:-1]:
            after = scene.span(scene.own(around.elts[around.elts.index(call) + 1], call))
            span = scene.span(call)
            yield Fix("Take the Flatten away", (Edit(Span(span.line, span.column, after.line, after.column), ""),))


@repairs(RefusedInputs)
@repairs(BroadcastMismatch)
def same_size(problem: Any, scene: Scene) -> Iterator[Fix]:
    """Two tensors of which one went through a convolution without padding, or with other filters."""
    shapes = [shape for shape in problem.shapes if isinstance(shape, Shape)]
    if len(shapes) == 1 and isinstance(problem.shapes[0], tuple):
        shapes = [shape for shape in problem.shapes[0] if isinstance(shape, Shape)]
    if len(shapes) > 2:
        shapes = [shapes[0], next((shape for shape in shapes if shape[1:] != shapes[0][1:]), shapes[1])]
    if len(shapes) != 2 or len(shapes[0]) != len(shapes[1]) or len(shapes[0]) < 3:
        return
    convolutions = [call for call in reversed(list(scene.calls())) if any(ends(call, name) for name in CONVOLUTIONS)]
    if shapes[0][:-1] != shapes[1][:-1]:
        for call in convolutions:
            if scene.argument(call, "padding") is None:
                edits = scene.setting(call, "padding", '"same"')
                if edits:
                    yield Fix('Keep the size: padding="same"', edits)
        for call in reversed(list(scene.calls())):
            steps = scene.argument(call, "strides")
            if steps is not None and scene.text(steps) != "1":
                yield Fix("Keep the size: strides=1", (Edit(scene.span(steps), "1"),))
    if shapes[0][-1] != shapes[1][-1]:
        for call in convolutions:
            node = scene.argument(call, "filters", position=0)
            for old, new in ((shapes[0][-1], shapes[1][-1]), (shapes[1][-1], shapes[0][-1])):
                if isinstance(node, ast.Constant) and node.value == old and isinstance(new, int):
                    yield Fix(f"As many filters as beside: {new}", (Edit(scene.span(node), str(new)),))
        yield from told(scene, shapes[1][-1], shapes[0][-1], "As wide as beside")
        yield from told(scene, shapes[0][-1], shapes[1][-1], "As wide as beside")


def told(scene: Scene, now: Any, wanted: Any, title: str) -> Iterator[Fix]:
    """Layers and models of the user's, and functions that make them, that are told this number."""
    if not isinstance(wanted, int):
        return
    for call in reversed(list(scene.calls())):
        name = getattr(call.func, "id", "")
        if name == "Dense" or not name[:1].isupper():
            continue
        for node in (*call.args, *(keyword.value for keyword in call.keywords)):
            if isinstance(node, ast.Constant) and node.value == now != wanted:
                yield Fix(f"{title}: {wanted}", (Edit(scene.span(scene.own(node, call)), str(wanted)),))


def ends_in_recurrence(call: ast.Call) -> bool:
    """Whether the call constructs a recurrent layer."""
    return any(ends(call, name) for name in RECURRENT)


def between(scene: Scene, call: ast.Call, name: str) -> Fix | None:
    """A layer without settings put in front of the one that this call constructs; None where the code has no room.

    The name is spelled as the module spells its neighbour's: ``layers.Flatten()`` before ``layers.Dense(10)``.
    """
    function = scene.own(call.func, call)
    if isinstance(function, ast.Attribute):
        made = f"{scene.text(scene.own(function.value, call))}.{name}()"
    elif scene.knows(name):
        made = f"{name}()"
    else:
        return None
    around = scene.parent(call)
    span = scene.span(call)
    title = f"Put {name}() before {shortened(scene.text(call))}"
    if isinstance(around, (ast.List, ast.Tuple)):
        return Fix(title, (Edit(before(span), f"{made}, "),))
    if isinstance(around, ast.Call) and around.func is call and around.args:
        first = scene.own(around.args[0], call)
        return Fix(title, (Edit(scene.span(first), f"{made}({scene.text(first)})"),))
    if isinstance(around, ast.Call) and ends(around, "add") and around.args == [call]:
        whole = scene.span(scene.own(around, call))
        method = scene.text(scene.own(around.func, call))
        return Fix(title, (Edit(before(whole), f"{method}({made})\n{' ' * whole.column}"),))
    return None
