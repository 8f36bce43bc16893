"""Repairs of what is done to arrays: reshaping, joining, matrix products, operators of two shapes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from ..problems import BadSize, BroadcastMismatch, InnerMismatch, JoinMismatch, RefusedInputs, ReshapeMismatch
from ..shape import Shape
from ..snapshot import Edit, Fix
from .scene import Scene, ends, repairs, shortened

SHAPES = ("target_shape", "shape", "newshape")


@repairs(ReshapeMismatch)
@repairs(BadSize)
def right_product(problem: Any, scene: Scene) -> Iterator[Fix]:
    """A target with another number of elements: one of its lengths is computed, or left to the framework."""
    target = _target(scene)
    if target is None:
        return
    lengths = [scene.own(node, target) for node in target.elts]
    numbers = [ast.literal_eval(node) if _is_number(node) else None for node in lengths]
    have = elements(problem.shape)
    for at in reversed(range(len(lengths))):
        others = [n for position, n in enumerate(numbers) if position != at]
        if have is not None and all(isinstance(n, int) and n > 0 for n in others):
            rest = _product(others)
            if rest and have % rest == 0:
                text = str(have // rest)
                yield Fix(f"{text} instead of {scene.text(lengths[at])}", (Edit(scene.span(lengths[at]), text),))
    if -1 not in numbers:
        for node in reversed(lengths):
            yield Fix(f"Leave it to the framework: -1 instead of {scene.text(node)}", (Edit(scene.span(node), "-1"),))
    else:
        for node, number in zip(lengths, numbers, strict=True):
            if number != -1 and have is not None:
                yield Fix(f"-1 instead of {scene.text(node)} alone", tuple(_only_open(scene, lengths, node)))


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


@repairs(InnerMismatch)
def transposed(problem: InnerMismatch, scene: Scene) -> Iterator[Fix]:
    """A matrix that stands the wrong way round."""
    for node in _operands(scene):
        source = scene.text(node)
        simple = isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
        turned = f"{source}.T" if simple else f"({source}).T"
        tensor = scene.tensor(node)
        if tensor is not None and tensor.kind == "tf":
            turned = f"tf.transpose({source})"
        yield Fix(f"Turn it round: {shortened(turned)}", (Edit(scene.span(node), turned),))


@repairs(BroadcastMismatch)
def added_axis(problem: BroadcastMismatch, scene: Scene) -> Iterator[Fix]:
    """A vector that lacks the axis along which it is to be repeated."""
    known = [isinstance(shape, Shape) and elements(shape) is not None for shape in problem.shapes]
    if not all(known):
        return
    ranks = [len(shape) for shape in problem.shapes if isinstance(shape, Shape)]
    nodes = _operands(scene)
    if len(nodes) != 2 or len(ranks) != 2:
        return
    order = (0, 1) if ranks[0] <= ranks[1] else (1, 0)
    for at in order:
        source = scene.text(nodes[at])
        if isinstance(nodes[at], (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
            text = f"{source}[..., None]"
            yield Fix(f"Add an axis: {shortened(source)}[..., None]", (Edit(scene.span(nodes[at]), text),))


def elements(shape: Any) -> int | None:
    """How many elements an array of this shape has; None where that is not known."""
    dims = list(shape) if isinstance(shape, (Shape, tuple)) else [None]
    return _product(dims) if all(isinstance(dim, int) for dim in dims) else None


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
        if call is None:
            continue
        for position in (None, 0, 1):
            node = (
                scene.argument(call, *SHAPES) if position is None else scene.argument(call, *SHAPES, position=position)
            )
            if isinstance(node, (ast.Tuple, ast.List)) and node.elts:
                return node
    return None


def _only_open(scene: Scene, lengths: list[Any], node: Any) -> Iterator[Edit]:
    for other in lengths:
        if other is node:
            yield Edit(scene.span(other), "-1")
        elif scene.text(other) == "-1":
            return


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


def _is_number(node: ast.AST) -> bool:
    try:
        return isinstance(ast.literal_eval(node), int)  # type: ignore[arg-type]
    except (ValueError, TypeError, SyntaxError):
        return False


def _product(numbers: list[Any]) -> int:
    total = 1
    for number in numbers:
        total *= number
    return total
