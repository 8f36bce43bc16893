"""The graph of a functional model as Keras lists it: its operations in order, and what is connected to what.

Follows map_graph in keras/src/ops/function.py; a node is one call of an operation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...rule import Call
from ...shape import Shape
from ...value import Instance, Made, Tensor
from .graph import layer_of


@dataclass
class Node:
    """One call: what made it, by which operation, and the tensors of it that the graph uses."""

    made: Made
    operation: Any  # the layer, or, for a function of keras.ops, class, name, and the names of what it gives
    inputs: tuple[Tensor, ...]
    outputs: list[Tensor] = field(default_factory=list)


@dataclass(frozen=True)
class Topology:
    """The operations from inputs to outputs, and the nodes by depth, the farthest from the outputs first."""

    operations: tuple[Any, ...]
    nodes: tuple[tuple[Node, ...], ...]
    order: tuple[Node, ...]

    @property
    def linear(self) -> bool:
        """Whether ``model.summary()`` takes the model for a row of layers: nothing shared, nothing side by side."""
        alone = all(len(level) == 1 and len(level[0].inputs) <= 1 for level in self.nodes)
        layers = [node.operation for level in self.nodes for node in level if isinstance(node.operation, Instance)]
        return alone and len(set(layers)) == len(layers)


def topology(outputs: Sequence[Tensor], inputs: Sequence[Tensor]) -> Topology | None:
    """The graph between symbolic tensors; None where the history of one is not known."""
    stop = {x.made for x in inputs if not _is_input(x)}
    finished: dict[Made, Node] = {}
    order: list[Node] = []
    indices: dict[Any, int] = {}
    for output in outputs:
        waiting = [(output, False)]
        while waiting:
            x, leaving = waiting.pop()
            if x.made is None:
                return None
            key = call_of(x.made)
            if leaving:
                order.append(finished[key])
                continue
            if key in finished or x.made in stop:
                if key in finished and x not in finished[key].outputs:
                    finished[key].outputs.append(x)
                continue
            operation = operation_of(x)
            if operation is None:
                return None
            node = finished[key] = Node(x.made, operation, () if _is_input(x) else x.made.inputs, [x])
            indices.setdefault(operation, len(indices))
            waiting.append((x, True))
            waiting.extend((before, False) for before in reversed(node.inputs))
    depths: dict[int, int] = {}
    heights: dict[Any, int] = {}
    numbers = {id(node): number for number, node in enumerate(order)}
    for node in reversed(order):
        depth = max(depths.get(numbers[id(node)], 0), heights.get(node.operation, 0))
        heights[node.operation] = depths[numbers[id(node)]] = depth
        for before in node.inputs:
            found = finished.get(call_of(before.made)) if before.made is not None and before.made not in stop else None
            if found is not None:
                number = numbers[id(found)]
                depths[number] = max(depth + 1, depths.get(number, 0))
    for x in inputs:  # that no output needs
        layer = layer_of(x)
        if layer is not None and layer not in heights and x.made is not None and _is_input(x):
            heights[layer], indices[layer] = 0, -1
            depths[len(order)] = 0
            order.append(Node(x.made, layer, (), [x]))
    levels: dict[int, list[Node]] = {}
    for number, depth in depths.items():
        levels.setdefault(depth, []).append(order[number])
    operations = sorted(heights, key=lambda one: (-heights[one], indices[one]))
    return Topology(tuple(operations), tuple(tuple(levels[d]) for d in sorted(levels, reverse=True)), tuple(order))


def operation_of(x: Tensor) -> Any:
    """The layer that gave a tensor, or what is noted of the function of keras.ops; None where that is not known."""
    layer = layer_of(x)
    return layer if layer is not None else (x.made.facts or {}).get("operation") if x.made is not None else None


def call_of(made: Made) -> Made:
    """What the outputs of one call have in common."""
    facts = made.facts or {}
    return replace(made, facts={**facts, "output": None}) if facts.get("output") else made


def place_in(call: Call, x: Tensor) -> tuple[int | None, int | None]:
    """Which call of its operation gave a tensor, and which of its outputs it is; None where that is not known."""
    layer = layer_of(x)
    if layer is None:
        names = operation_of(x)[2]  # an operation is called once
        return 0, names.index(x.name) if x.name in names else None
    if _is_input(x):
        return 0, 0
    calls = call.get(layer, ".calls", ())
    if not isinstance(calls, tuple) or call.get(layer, ".again") is True:
        return None, None
    found = [
        (node, position)
        for node, outputs in enumerate(calls)
        for position, output in enumerate(flat(call.thaw(outputs)))
        if output.made == x.made
    ]
    return found[0] if len(found) == 1 else (None, None)


def flat(outputs: Any) -> list[Tensor]:
    """The tensors of a structure in the order of Keras, which goes through a dict by its keys."""
    if isinstance(outputs, dict):
        return [x for key in sorted(outputs, key=str) for x in flat(outputs[key])]
    if isinstance(outputs, (list, tuple)) and not isinstance(outputs, Shape):
        return [x for item in outputs for x in flat(item)]
    return [outputs] if isinstance(outputs, Tensor) else []


def _is_input(x: Tensor) -> bool:
    return x.made is not None and x.made.by == "keras.Input"
