"""Repairs of what is done to arrays: reshaping, joining, matrix products, operators of two shapes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from math import prod
from typing import Any

from ..problems import (
    BadArgument,
    BadSize,
    BroadcastMismatch,
    InnerMismatch,
    JoinMismatch,
    NoSuchAxis,
    RefusedInputs,
    ReshapeMismatch,
    UnevenSplit,
)
from ..shape import Shape
from ..snapshot import Edit, Fix
from .scene import SIMPLE, Scene, ends, repairs, shortened

SHAPES = ("target_shape", "shape", "newshape")


@repairs(ReshapeMismatch)
@repairs(BadSize)
def right_product(problem: Any, scene: Scene) -> Iterator[Fix]:
    """A target with another number of elements: one of its lengths is computed, or left to the framework."""
    target = _target(scene)
    if target is None:
        return
    lengths = [scene.own(node, target) for node in target.elts]
    numbers = [_number(node) for node in lengths]
    have = elements(problem.shape)
    for at in reversed(range(len(lengths))):
        others = [n for position, n in enumerate(numbers) if position != at and n is not None and n > 0]
        if have is not None and len(others) == len(lengths) - 1:
            rest = prod(others)
            if have % rest == 0:
                text = str(have // rest)
                yield Fix(f"{text} instead of {scene.text(lengths[at])}", (Edit(scene.span(lengths[at]), text),))
    if -1 not in numbers:
        for node in reversed(lengths):
            yield Fix(f"Leave it to the framework: -1 instead of {scene.text(node)}", (Edit(scene.span(node), "-1"),))


@repairs(JoinMismatch)
def other_axis(problem: Any, scene: Scene) -> Iterator[Fix]:
    """Arrays that can be joined along another axis."""
    yield from _along(scene, scene.call, problem.shapes)


@repairs(RefusedInputs)
def other_axis_of_layer(problem: RefusedInputs, scene: Scene) -> Iterator[Fix]:
    """``Concatenate`` along an axis where the others agree."""
    if problem.why == "concatenate-mismatch":
        shapes = problem.shapes[0] if len(problem.shapes) == 1 else problem.shapes
        yield from _along(scene, scene.constructor, shapes)


@repairs(JoinMismatch)
def joined_as_columns(problem: JoinMismatch, scene: Scene) -> Iterator[Fix]:
    """An array that lacks the axis along which the others are joined."""
    ranks = [len(shape) for shape in problem.shapes if isinstance(shape, tuple)]
    node = scene.call.args[0] if scene.call is not None and scene.call.args else None
    if len(set(ranks)) < 2 or not isinstance(node, (ast.List, ast.Tuple)):
        return
    for item in node.elts:
        own = scene.own(item, scene.call)  # type: ignore[arg-type]
        tensor = scene.tensor(own)
        if tensor is not None and isinstance(tensor.shape, Shape) and len(tensor.shape) < max(ranks):
            for index in ("[..., None]", "[None, ...]"):
                text = f"{scene.operand(own)}{index}"
                yield Fix(f"Add an axis: {shortened(text)}", (Edit(scene.span(own), text),))


@repairs(NoSuchAxis)
def last_axis(problem: NoSuchAxis, scene: Scene) -> Iterator[Fix]:
    """The last axis there is, in the place of one that there is not."""
    node = scene.argument(scene.call, "axis", "dim")
    if node is not None and problem.rank:
        yield Fix("The last axis: -1", (Edit(scene.span(node), "-1"),))


@repairs(UnevenSplit)
def parts_of_one_length(problem: UnevenSplit, scene: Scene) -> Iterator[Fix]:
    """The nearest number of parts that divides the axis."""
    length, parts = problem.shape[problem.axis], problem.sections
    names = ("num_or_size_splits", "indices_or_sections")
    node = scene.argument(scene.call, *names, position=1)
    if node is None or not isinstance(length, int) or not isinstance(parts, int) or length <= 0:
        return
    for count in sorted((n for n in range(2, length + 1) if length % n == 0), key=lambda n: (abs(n - parts), n))[:2]:
        yield Fix(f"Parts of one length: {count}", (Edit(scene.span(node), str(count)),))


@repairs(BadArgument)
def channel_of_a_picture(problem: BadArgument, scene: Scene) -> Iterator[Fix]:
    """A picture without the axis of its channel."""
    node = scene.input
    if problem.op == "resize" and problem.what == "rank" and len(problem.shape) == 2 and node is not None:
        text = f"{scene.operand(node)}[..., None]"
        yield Fix(f"Add the axis of the channel: {shortened(text)}", (Edit(scene.span(node), text),))


@repairs(BadArgument)
def filters_for_the_input(problem: BadArgument, scene: Scene) -> Iterator[Fix]:
    """Filters whose literal shape is made for another number of channels."""
    if problem.op != "Conv2D" or problem.what not in ("depth", "groups") or not isinstance(problem.shape[-1], int):
        return
    channels = problem.shape[-1]
    depth = problem.value[1] if problem.what == "depth" else channels // problem.value[1]
    for literal in scene.nodes((ast.List, ast.Tuple)):
        if len(literal.elts) == 4 and _number(literal.elts[2]) == depth != channels:
            edit = Edit(scene.span(scene.own(literal.elts[2], literal)), str(channels))
            yield Fix(f"Filters for {channels} channels", (edit,))


@repairs(BadArgument)
def shape_of_the_placeholder(problem: BadArgument, scene: Scene) -> Iterator[Fix]:
    """What is fed has as many numbers in a row as its placeholder, in another shape."""
    feeds = scene.argument(scene.call, "feed_dict", position=1)
    if problem.op != "session" or not isinstance(feeds, ast.Dict):
        return
    wanted = problem.value[1:]
    if elements(Shape(problem.shape[1:])) != (elements(Shape(wanted)) or 0):
        return
    for value in feeds.values:
        own = scene.own(value, feeds)
        text = f"{scene.operand(own)}.reshape(-1, {', '.join(map(str, wanted))})"
        yield Fix(f"Reshape the samples: {shortened(text)}", (Edit(scene.span(own), text),))


@repairs(InnerMismatch)
def transposed(problem: InnerMismatch, scene: Scene) -> Iterator[Fix]:
    """A matrix that stands the wrong way round."""
    for node in _operands(scene):
        tensor = scene.tensor(node)
        in_tensorflow = tensor is not None and tensor.kind == "tf"
        turned = f"tf.transpose({scene.text(node)})" if in_tensorflow else f"{scene.operand(node)}.T"
        yield Fix(f"Turn it round: {shortened(turned)}", (Edit(scene.span(node), turned),))


@repairs(BroadcastMismatch)
def added_axis(problem: BroadcastMismatch, scene: Scene) -> Iterator[Fix]:
    """A vector that lacks the axis along which it is to be repeated."""
    ranks = [len(shape) for shape in problem.shapes if isinstance(shape, Shape) and elements(shape) is not None]
    nodes = _operands(scene)
    if len(nodes) != 2 or not len(ranks) == len(problem.shapes) == 2:
        return
    order = (0, 1) if ranks[0] <= ranks[1] else (1, 0)
    for at in order:
        source = scene.text(nodes[at])
        if isinstance(nodes[at], SIMPLE):
            text = f"{source}[..., None]"
            yield Fix(f"Add an axis: {shortened(source)}[..., None]", (Edit(scene.span(nodes[at]), text),))
    few, many = sorted((tuple(shape) for shape in problem.shapes if isinstance(shape, Shape)), key=len)
    if 1 < len(few) < len(many) and few[0] == many[0]:
        index = f"[:, {'None, ' * (len(many) - len(few))}{', '.join(':' * (len(few) - 1))}]"
        node = nodes[order[0]]
        yield Fix(f"Add axes behind the first: {index}", (Edit(scene.span(node), f"{scene.operand(node)}{index}"),))


def elements(shape: Any) -> int | None:
    """How many elements an array of this shape has; None where that is not known."""
    dims: list[Any] = list(shape) if isinstance(shape, (Shape, tuple)) else [None]
    return prod(dims) if all(isinstance(dim, int) for dim in dims) else None


def _along(scene: Scene, call: ast.Call | None, shapes: Any) -> Iterator[Fix]:
    rank = next((len(shape) for shape in shapes if isinstance(shape, (Shape, tuple))), 0)
    now = scene.argument(call, "axis", "dim")
    name = "dim" if scene.finding.framework == "torch" else "axis"
    for axis in (-1, *range(rank)):
        if now is not None:
            yield Fix(f"Join along another axis: {name}={axis}", (Edit(scene.span(now), str(axis)),))
        elif call is not None:
            position = 1 if not ends(call, "Concatenate") else 0
            edits = scene.setting(call, name, str(axis), position=position)
            if edits:
                yield Fix(f"Join along another axis: {name}={axis}", edits)


def _target(scene: Scene) -> ast.Tuple | ast.List | None:
    """The literal shape that is asked for."""
    for call in (scene.constructor, scene.call):
        for position in (None, 0, 1):
            node = scene.argument(call, *SHAPES, position=position)
            if isinstance(node, (ast.Tuple, ast.List)) and node.elts:
                return node
    return None


def _operands(scene: Scene) -> list[Any]:
    """The two sides of the operator, or the first two arguments of the call, that raises."""
    found = scene.node_at(scene.finding.call or scene.finding.span, ast.BinOp)
    if found is not None:
        return [scene.own(found.left, found), scene.own(found.right, found)]
    call = scene.call
    if call is None:
        return []
    nodes = [scene.own(node, call) for node in call.args if not isinstance(node, ast.Starred)]
    if len(nodes) == 1 and isinstance(call.func, ast.Attribute):
        nodes.insert(0, scene.own(call.func.value, call))
    return nodes[:2]


def _number(node: Any) -> int | None:
    """The int that stands there; None for anything else."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return None
    return value if isinstance(value, int) else None
