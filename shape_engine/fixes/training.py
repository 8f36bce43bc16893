"""Repairs of training calls: data against the model, labels against its output and loss."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from ..dim import surely_differ
from ..problems import (
    BroadcastMismatch,
    ChannelMismatch,
    MissingBatchAxis,
    ModelInputMismatch,
    RefusedInputs,
    WrongRank,
)
from ..shape import Shape
from ..snapshot import Edit, Fix
from ..value import Span
from .layers import between, ends_in_recurrence, told
from .scene import Scene, ends, name_of, repairs, shortened

SWAPPED = {
    "categorical_crossentropy": "sparse_categorical_crossentropy",
    "CategoricalCrossentropy": "SparseCategoricalCrossentropy",
    "sparse_categorical_crossentropy": "categorical_crossentropy",
    "SparseCategoricalCrossentropy": "CategoricalCrossentropy",
    "binary_crossentropy": "sparse_categorical_crossentropy",
    "BinaryCrossentropy": "SparseCategoricalCrossentropy",
}
TRAINING = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")


@repairs(RefusedInputs)
@repairs(BroadcastMismatch)
def labels_and_output(problem: Any, scene: Scene) -> Iterator[Fix]:
    """The labels do not fit what the model gives: another loss, another last layer, or other labels."""
    shapes = [shape for shape in problem.shapes if isinstance(shape, Shape)]
    if not _trains(scene) or len(shapes) != 2:
        return
    target, output = shapes
    yield from _other_loss(scene)
    if len(output) > len(target) or (target and len(output) > 2):
        yield from _flattened(scene)
        for call in scene.calls():
            node = scene.argument(call, "return_sequences")
            if ends_in_recurrence(call) and node is not None:
                yield Fix("Give the last state only: return_sequences=False", (Edit(scene.span(node), "False"),))
    if target and output and isinstance(target[-1], int):
        yield from _other_units(scene, output[-1], target[-1])
    yield from _one_hot(scene, output)


@repairs(ModelInputMismatch)
def shape_of_the_data(problem: ModelInputMismatch, scene: Scene) -> Iterator[Fix]:
    """A model that was made for other data: one sample without its batch, or another ``input_shape``."""
    actual, expected = problem.actual, problem.expected
    if not isinstance(actual, Shape) or not isinstance(expected, Shape):
        return
    node = scene.input
    if node is not None and len(actual) == len(expected) - 1:
        tensor = scene.tensor(node)
        whole = tensor.shape if tensor is not None and isinstance(tensor.shape, Shape) else actual
        if _agree(actual, expected[1:]) or _agree(whole, expected[1:]):
            yield from _indexed(scene, node, "[None, ...]", "Add the batch axis")
        if _agree(Shape((*actual, 1)), expected):
            yield from _indexed(scene, node, "[..., None]", "Add an axis")
    if node is not None and len(actual) == len(expected) - 2 and _agree(Shape((*actual, 1)), expected[1:]):
        yield from _indexed(scene, node, "[None, ..., None]", "Add the batch axis and one of channels")
    if node is not None and len(actual) == len(expected) + 1:
        yield from _indexed(scene, node, "[0]", "Take one")
    wanted = tuple(actual[1:])
    if all(isinstance(dim, int) for dim in wanted):
        yield from _other_input(scene, wanted)


@repairs(ChannelMismatch)
def length_of_the_data(problem: ChannelMismatch, scene: Scene) -> Iterator[Fix]:
    """The same where the first layer refuses the data for one of its lengths."""
    if _trains(scene) and isinstance(problem.shape, Shape) and len(problem.shape) > 1:
        wanted = tuple(problem.shape[1:])
        if all(isinstance(dim, int) for dim in wanted):
            yield from _other_input(scene, wanted)


@repairs(WrongRank)
def sample_or_shape(problem: WrongRank, scene: Scene) -> Iterator[Fix]:
    """The same where a layer of the model refuses the data."""
    if not _trains(scene) or not isinstance(problem.shape, Shape) or isinstance(problem, MissingBatchAxis):
        return
    node = scene.input
    if node is not None:
        yield from _indexed(scene, node, "[None, ...]", "Add the batch axis")
        yield from _indexed(scene, node, "[..., None]", "Add an axis")
    yield from _flattened(scene)


@repairs(RefusedInputs)
def other_kind_of_loss(problem: RefusedInputs, scene: Scene) -> Iterator[Fix]:
    """A loss that is called by hand, for labels of the other kind."""
    if not problem.why.startswith("loss-") or _trains(scene):
        return
    for call in scene.calls():
        if name_of(call.func) in SWAPPED:
            yield from _renamed(scene, scene.own(call.func, call))


def _renamed(scene: Scene, function: Any) -> Iterator[Fix]:
    """The loss for the other kind of labels; by a plain name only where the document knows it."""
    span, name = scene.span(function), SWAPPED[name_of(function)]
    if isinstance(function, ast.Attribute):
        last = Span(span.end_line, span.end_column - len(function.attr), span.end_line, span.end_column)
        yield Fix(f"Another loss: {name}", (Edit(last, name),))
    elif scene.knows(name):
        yield Fix(f"Another loss: {name}", (Edit(span, name),))


def _agree(one: Any, other: Any) -> bool:
    """Whether two shapes may be the same."""
    return len(one) == len(other) and not any(map(surely_differ, one, other))


def _trains(scene: Scene) -> bool:
    return scene.call is not None and any(ends(scene.call, name) for name in TRAINING)


def _other_loss(scene: Scene) -> Iterator[Fix]:
    for call in scene.calls():
        if not ends(call, "compile"):
            continue
        node = scene.argument(call, "loss", position=1)
        if isinstance(node, ast.Constant) and node.value in SWAPPED:
            text = SWAPPED[node.value]
            yield Fix(f"Another loss: {text}", (Edit(scene.span(node), f'"{text}"'),))
            continue
        function: Any = scene.own(node.func, call) if isinstance(node, ast.Call) else node
        if name_of(function) in SWAPPED:
            yield from _renamed(scene, function)


def _other_units(scene: Scene, now: Any, wanted: int) -> Iterator[Fix]:
    """As many units in the last layer as the labels have columns."""
    for call in _last_layers(scene, "Dense"):
        node = scene.argument(call, "units", position=0)
        if isinstance(node, ast.Constant) and node.value == now != wanted:
            yield Fix(f"As many units as labels: {wanted}", (Edit(scene.span(node), str(wanted)),))
    yield from told(scene, now, wanted, "As many classes as labels")


def _one_hot(scene: Scene, output: Shape) -> Iterator[Fix]:
    """Class numbers turned into one column for each class."""
    node = scene.argument(scene.call, "y", position=1)
    if node is None or not isinstance(output[-1] if output else None, int):
        return
    name = next(
        (f"{module}.to_categorical" for module in ("keras.utils", "utils") if scene.knows(module.split(".")[0])), ""
    )
    name = "to_categorical" if scene.knows("to_categorical") else name
    if not name and scene.knows("tf"):
        name = "tf.keras.utils.to_categorical"
    if name:
        source = scene.text(node)
        text = f"{name}({source}, {output[-1]})"
        yield Fix(f"One column for each class: {shortened(text)}", (Edit(scene.span(node), text),))


def _other_input(scene: Scene, wanted: tuple[Any, ...]) -> Iterator[Fix]:
    """The shape of the data in the place of the one that the model was made for."""
    text = f"({', '.join(map(str, wanted))}{',' * (len(wanted) == 1)})"
    for call in scene.calls():
        node = scene.argument(call, "input_shape", "shape", position=0 if ends(call, "Input") else None)
        if isinstance(node, (ast.Tuple, ast.List)):
            yield Fix(f"Make the model for the data: {text}", (Edit(scene.span(node), text),))
            deeper = f"{text.rstrip(',)')}, 1)"
            yield Fix(
                f"Make the model for the data, one number at each place: {deeper}", (Edit(scene.span(node), deeper),)
            )
        dim = scene.argument(call, "input_dim")
        if dim is not None and len(wanted) == 1:
            yield Fix(f"Make the model for the data: {wanted[0]}", (Edit(scene.span(dim), str(wanted[0])),))


def _indexed(scene: Scene, node: ast.expr, index: str, title: str) -> Iterator[Fix]:
    if scene.tensor(node) is None:
        return  # a dataset, or something else without axes
    yield Fix(
        f"{title}: {shortened(scene.text(node))}{index}", (Edit(scene.span(node), f"{scene.operand(node)}{index}"),)
    )


def _flattened(scene: Scene) -> Iterator[Fix]:
    """A Flatten before one of the last layers."""
    for call in _last_layers(scene, "Dense"):
        fix = between(scene, call, "Flatten")
        if fix is not None:
            yield fix


def _last_layers(scene: Scene, name: str) -> list[ast.Call]:
    """The constructors of layers of a class, those that stand last first."""
    return [call for call in reversed(list(scene.calls())) if ends(call, name)]
