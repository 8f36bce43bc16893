"""Repairs of the data that a model is given: their type, their order, the way round that they stand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from ..problems import BadModel, ModelInputMismatch, RaggedArray, RefusedInputs, WrongModelInputs
from ..shape import Shape
from ..snapshot import Edit, Fix
from .arrays import elements
from .scene import Scene, ends, repairs, shortened


@repairs(BadModel)
def array_of_a_list(problem: BadModel, scene: Scene) -> Iterator[Fix]:
    """Python's own lists, where Keras wants arrays."""
    if problem.why != "data-type" or not scene.knows("np"):
        return
    for name, position in (("x", 0), ("y", 1)):
        node = scene.argument(scene.call, name, position=position)
        if node is not None:
            source = scene.text(node)
            yield Fix(
                f"Make it an array: np.array({shortened(source)})", (Edit(scene.span(node), f"np.array({source})"),)
            )


@repairs(BadModel)
def weights_by_class(problem: BadModel, scene: Scene) -> Iterator[Fix]:
    """Weights of classes in a list: Keras wants to look them up."""
    node = scene.argument(scene.call, "class_weight") if problem.why == "class-weights" else None
    if node is not None:
        text = f"dict(enumerate({scene.text(node)}))"
        yield Fix(f"Weights by class: {shortened(text)}", (Edit(scene.span(node), text),))


@repairs(BadModel)
def samples_in_front(problem: BadModel, scene: Scene) -> Iterator[Fix]:
    """Labels that stand in a row where each sample has one of its own."""
    node = scene.argument(scene.call, "y", position=1) if problem.why == "cardinality" else None
    if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        source = scene.text(node)
        yield Fix(f"One row for each sample: {shortened(source)}.T", (Edit(scene.span(node), f"{source}.T"),))


@repairs(BadModel)
def array_of_arrays(problem: BadModel, scene: Scene) -> Iterator[Fix]:
    """A list of samples, each of which is taken for an input."""
    node = scene.argument(scene.call, "x", position=0) if problem.why == "cardinality" else None
    if node is not None and scene.knows("np") and scene.tensor(node) is None:
        source = scene.text(node)
        yield Fix(f"One array of all: np.array({shortened(source)})", (Edit(scene.span(node), f"np.array({source})"),))


@repairs(BadModel)
def order_of_a_split(problem: BadModel, scene: Scene) -> Iterator[Fix]:
    """``train_test_split`` gives both parts of the data, then both of the labels."""
    for statement in scene.nodes(ast.Assign) if problem.why == "cardinality" else ():
        made, names = statement.value, statement.targets[0]
        split = isinstance(made, ast.Call) and ends(made, "train_test_split")
        if split and isinstance(names, ast.Tuple) and len(names.elts) == 4:
            _, second, third, _ = (scene.own(name, statement) for name in names.elts)
            edits = (Edit(scene.span(second), scene.text(third)), Edit(scene.span(third), scene.text(second)))
            yield Fix("The order in which it gives them: both parts of the data, then both of the labels", edits)


@repairs(RaggedArray)
def padded(problem: RaggedArray, scene: Scene) -> Iterator[Fix]:
    """Sequences of different lengths, padded."""
    node = scene.input
    if node is not None and scene.knows("pad_sequences"):
        assert scene.call is not None
        text = f"pad_sequences({scene.text(node)})"
        yield Fix(f"Pad the sequences: {shortened(text)}", (Edit(scene.span(scene.call), text),))


@repairs(WrongModelInputs)
def one_for_each_input(problem: WrongModelInputs, scene: Scene) -> Iterator[Fix]:
    """The data of all inputs in one array, side by side."""
    node, count = scene.input, len(problem.names)
    tensor = scene.tensor(node) if node is not None else None
    if node is None or tensor is None or not isinstance(tensor.shape, Shape) or problem.count != 1:
        return
    if len(tensor.shape) > 1 and tensor.shape[1] == count:
        text = f"[{', '.join(f'{scene.operand(node)}[:, {n}]' for n in range(count))}]"
        yield Fix(f"One array for each input: {shortened(text)}", (Edit(scene.span(node), text),))


@repairs(WrongModelInputs)
def name_of_the_input(problem: WrongModelInputs, scene: Scene) -> Iterator[Fix]:
    """A key of the data that is no name of an input, where one name is missing."""
    strange = [name for name in problem.given if name not in problem.names]
    if not problem.missing or len(strange) != 1:
        return
    for literal in scene.nodes(ast.Dict):
        for key in literal.keys:
            if isinstance(key, ast.Constant) and key.value == strange[0]:
                edit = Edit(scene.span(scene.own(key, literal)), f'"{problem.missing}"')
                yield Fix(f'The name of the input: "{problem.missing}"', (edit,))


@repairs(ModelInputMismatch)
def batches_of_a_dataset(problem: ModelInputMismatch, scene: Scene) -> Iterator[Fix]:
    """A dataset of single samples, or of batches of batches."""
    node, actual, expected = scene.input, problem.actual, problem.expected
    if node is None or not isinstance(actual, Shape) or not isinstance(expected, Shape):
        return
    if scene.made_by(node) != "tf.data.Dataset":
        return
    if len(actual) == len(expected) - 1:
        text = f"{scene.operand(node)}.batch(32)"
        yield Fix(f"Make batches: {shortened(text)}", (Edit(scene.span(node), text),))
    for call in scene.calls() if len(actual) == len(expected) + 1 else ():
        if ends(call, "batch") and isinstance(call.func, ast.Attribute):
            inner = scene.text(scene.own(call.func.value, call))
            yield Fix("Take the batches of batches away", (Edit(scene.span(call), inner),))


@repairs(ModelInputMismatch)
def other_order(problem: ModelInputMismatch, scene: Scene) -> Iterator[Fix]:
    """Two inputs that were swapped, in the call or where the list was made."""
    node = scene.input
    if isinstance(node, ast.Name):
        node = scene.assigned(node.id)
    if isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == 2:
        first, second = (scene.own(one, node) for one in node.elts)
        one, other = scene.text(first), scene.text(second)
        edits = (Edit(scene.span(first), other), Edit(scene.span(second), one))
        yield Fix(f"The other order: {shortened(other)}, {shortened(one)}", edits)


@repairs(ModelInputMismatch)
def reshaped(problem: ModelInputMismatch, scene: Scene) -> Iterator[Fix]:
    """As many numbers in a sample as the model wants, in another shape."""
    node, actual, expected = scene.input, problem.actual, problem.expected
    if node is None or not isinstance(actual, Shape) or not isinstance(expected, Shape):
        return
    have, want = elements(Shape(actual[1:])), elements(Shape(expected[1:]))
    if have is not None and have == want and isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        source, shape = scene.text(node), ", ".join(map(str, expected[1:]))
        text = f"{source}.reshape(-1, {shape})"
        yield Fix(f"Reshape the samples: {shortened(text)}", (Edit(scene.span(node), text),))


@repairs(RefusedInputs)
def class_numbers(problem: Any, scene: Scene) -> Iterator[Fix]:
    """One-hot labels, where the loss wants the numbers of the classes."""
    if not problem.why.startswith("loss-sparse") or not scene.knows("np"):
        return
    node = scene.argument(scene.call, "validation_data")
    wanted = [scene.own(node.elts[1], node)] if isinstance(node, ast.Tuple) and len(node.elts) > 1 else []
    labels = scene.argument(scene.call, "y", position=1)
    for one in (labels, *wanted):
        tensor = scene.tensor(one) if one is not None else None
        if one is not None and tensor is not None and isinstance(tensor.shape, Shape) and len(tensor.shape) > 1:
            text = f"np.argmax({scene.text(one)}, axis=-1)"
            yield Fix(f"Numbers of classes: {shortened(text)}", (Edit(scene.span(one), text),))
