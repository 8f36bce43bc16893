"""The graph of symbolic tensors: which inputs an output depends on, and what it is for other inputs.

A symbolic tensor's ``made`` tells the layer that gave it and the tensors that went in, so the graph needs
no place of its own.  Follows Function._run_through_graph in keras/src/ops/function.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...dim import Dim, Symbol, is_dynamic, substitute, surely_differ, surely_equal, surely_less, symbols
from ...rule import Call
from ...shape import Shape, Unranked
from ...value import Instance, Known, Made, Tensor, tensors_in
from ..structures import mapped

Key = Any


def key_of(x: Tensor) -> Key:
    """What tells a node of the graph: how its tensor came to be."""
    return x.made if x.made is not None else x


def nodes(outputs: Sequence[Tensor], inputs: Sequence[Tensor]) -> list[Tensor]:
    """The tensors between inputs and outputs, each after those that it is made from; the inputs are not among them."""
    stop = {key_of(x) for x in inputs}
    done: set[Key] = set()
    order: list[Tensor] = []
    stack = [(x, False) for x in reversed(outputs)]
    while stack:
        x, finished = stack.pop()
        key = key_of(x)
        if finished:
            order.append(x)
            continue
        if key in done or key in stop:
            continue
        done.add(key)
        stack.append((x, True))
        if x.made is not None:
            stack.extend((before, False) for before in reversed(x.made.inputs))
    return order


def disconnected(outputs: Sequence[Tensor], inputs: Sequence[Tensor]) -> int | None:
    """Which output surely depends on a symbolic input that is not among ``inputs``; None if none does."""
    for position, output in enumerate(outputs):
        for x in nodes([output], inputs):
            if x.made is not None and x.made.by == "keras.Input":
                return position
    return None


def layer_of(x: Tensor) -> Instance | None:
    """The layer that gave a tensor."""
    found = (x.made.facts or {}).get("layer") if x.made is not None else None
    return found if isinstance(found, Instance) else None


def layers_between(outputs: Sequence[Tensor], inputs: Sequence[Tensor]) -> list[Instance]:
    """The layers of a model: by depth, the farthest from the outputs first, as Keras lists them."""
    order = nodes(outputs, inputs)
    found: dict[Instance, int] = {}
    depths: dict[Key, int] = {}
    layer_depths: dict[Instance, int] = {}
    for x in [*reversed(order), *inputs]:
        key, layer = key_of(x), layer_of(x)
        depth = depths.setdefault(key, 0)
        if layer is not None:
            depth = max(depth, layer_depths.get(layer, 0))
            layer_depths[layer] = depth
        depths[key] = depth
        if x.made is not None and key not in {key_of(i) for i in inputs}:
            for before in x.made.inputs:
                depths[key_of(before)] = max(depth + 1, depths.get(key_of(before), 0))
    for number, layer in enumerate(_visited(outputs, inputs)):
        found.setdefault(layer, number)
    for x in inputs:
        layer = layer_of(x)
        if layer is None:
            continue
        if x.made is not None and x.made.by == "keras.Input":
            found.setdefault(layer, -1)
        elif not any(layer_of(node) == layer for node in order):
            found.pop(layer, None)
    return sorted(found, key=lambda layer: (-layer_depths.get(layer, 0), found[layer]))


def _visited(outputs: Sequence[Tensor], inputs: Sequence[Tensor]) -> Iterator[Instance]:
    """The layers in the order in which Keras meets them, going from the outputs backwards."""
    stop = {key_of(x) for x in inputs}
    seen: set[Key] = set()
    stack = list(reversed(outputs))
    while stack:
        x = stack.pop()
        key = key_of(x)
        if key in seen:
            continue
        seen.add(key)
        layer = layer_of(x)
        if layer is not None:
            yield layer
        if key not in stop and x.made is not None:
            stack.extend(reversed(x.made.inputs))


def substitution(inputs: Sequence[Tensor], given: Sequence[Tensor]) -> dict[Any, Dim]:
    """What the open lengths of a model's inputs are for the tensors that it is given."""
    found: dict[Any, Dim] = {}
    for x, new in zip(inputs, given, strict=False):
        if isinstance(x.shape, Shape) and isinstance(new.shape, Shape) and len(x.shape) == len(new.shape):
            for dim, actual in zip(x.shape, new.shape, strict=True):
                if isinstance(dim, Symbol):
                    found.setdefault(dim, actual)
    return found


def substituted(call: Call, x: Tensor, values: Mapping[Any, Dim], kind: str) -> Tensor:
    """A tensor of the graph for other inputs; a length that stays open, or cannot be, is not known."""
    if not isinstance(x.shape, Shape):
        return replace(x, kind=kind, name=None)
    kept = {symbol for dim in values.values() for symbol in symbols(dim)}
    dims: list[Dim] = []
    for dim in x.shape:
        new = substitute(dim, dict(values))
        strange = any(symbol.dynamic and symbol not in kept for symbol in symbols(new))
        dims.append(call.symbol() if strange or (new != dim and surely_less(new, 1)) else new)
    return replace(x, shape=Shape(dims), kind=kind, name=None)


Step = Callable[[Tensor, Instance, "Arguments"], Any]
"""How a node is computed anew: from its tensor, its layer and the new arguments; no tensor: from the lengths alone."""
Arguments = tuple[list[Any], dict[str, Any]]
"""What a layer is called with: by position, and by name."""


def run(
    call: Call,
    inputs: Sequence[Tensor],
    given: Sequence[Tensor],
    outputs: Any,
    kind: str,
    step: Step | None = None,
) -> Any:
    """The outputs (a thawed structure) for other inputs.

    ``step`` computes the nodes that come from layers; for all others, and without it, the new lengths are put
    into the shapes that the graph has.
    """
    values = substitution(inputs, given)
    memo: dict[Key, Tensor] = {key_of(x): new for x, new in zip(inputs, given, strict=False)}
    flat = list(tensors_in(outputs))
    if step is not None:
        results: dict[Key, Any] = {}
        for x in nodes(flat, inputs):
            memo[key_of(x)] = _again(call, x, memo, results, values, kind, step)
    return mapped(outputs, lambda x: _result(call, x, memo, values, kind) if isinstance(x, Tensor) else x)


def invoked(call: Call) -> Step:
    """Nodes by calling their layers, which check what they get."""

    def step(x: Tensor, layer: Instance, arguments: Arguments) -> Any:
        args, kwargs = arguments
        frozen = {name: call.freeze(item) for name, item in kwargs.items()}
        return call.thaw(call.invoke(layer, [call.freeze(item) for item in args], frozen))

    return step


def outputs_of(result: Any, dress: Callable[[Tensor, tuple[Any, ...]], Tensor], path: tuple[Any, ...] = ()) -> Any:
    """What a layer gives (thawed), each tensor dressed; several are told apart by where they stand in it."""
    if isinstance(result, Tensor):
        return dress(result, path)
    if isinstance(result, (list, tuple)) and not isinstance(result, (Shape, Unranked)):
        return type(result)(outputs_of(item, dress, (*path, n)) for n, item in enumerate(result))
    if isinstance(result, dict):
        return {key: outputs_of(item, dress, (*path, key)) for key, item in result.items()}
    return result


def _result(call: Call, x: Tensor, memo: Mapping[Key, Tensor], values: Mapping[Any, Dim], kind: str) -> Tensor:
    found = memo.get(key_of(x))
    if found is not None and (found.rank == x.rank or not found.ranked):  # the latter where it may be refused
        return found
    return substituted(call, x, values, kind)


def _again(
    call: Call,
    x: Tensor,
    memo: Mapping[Key, Tensor],
    results: dict[Key, Any],
    values: dict[Any, Dim],
    kind: str,
    step: Step,
) -> Tensor:
    made, layer = x.made, layer_of(x)
    if made is not None and layer is None:
        batch = _one_batch(x, memo)
        if not batch and _unlike(made.inputs, memo):
            return replace(x, shape=Unranked("an operation on batches of other sizes"), kind=kind, name=None)
        values |= batch
    if made is None or layer is None or made.by == "keras.Input":
        return substituted(call, x, values, kind)
    arguments = [memo.get(key_of(before), before) for before in made.inputs]
    facts = made.facts or {}
    path = facts.get("output", ())
    once = replace(made, facts={**facts, "output": None}) if path else made  # one call for all that it gave
    if once not in results:
        results[once] = step(x, layer, filled(facts.get("pattern"), arguments))
    result = results[once]
    for part in path:
        known = part in result if isinstance(result, dict) else isinstance(result, (list, tuple)) and part < len(result)
        result = result[part] if known else None
    if isinstance(result, Tensor) and (result.ranked or isinstance(layer.cls, Known)):
        return result
    return substituted(call, x, values, kind)  # the user's layer is hard to follow; one of Keras' own may refuse this


EACH_BY_EACH = frozenset({
    "Add", "Arctan2", "Divide", "DivideNoNan", "Equal", "FloorDivide", "Greater", "GreaterEqual", "Less", "LessEqual",
    "LogicalAnd", "LogicalOr", "LogicalXor", "Maximum", "Minimum", "Mod", "Multiply", "NotEqual", "Power",
    "SquaredDifference", "Subtract", "TrueDivide", "Where",
})  # fmt: skip
"""Operations whose result has the batch of their operands."""


def _one_batch(x: Tensor, memo: Mapping[Key, Tensor]) -> dict[Any, Dim]:
    """What the open batch of such a result is, now that its operands have one and the same, or a single entry."""
    made = x.made
    operation = (made.facts or {}).get("operation") if made is not None else None
    if made is None or operation is None or operation[0] not in EACH_BY_EACH or not isinstance(x.shape, Shape):
        return {}
    whole = [y for y in made.inputs if isinstance(y.shape, Shape) and len(y.shape) == len(x.shape) > 0]
    shapes = [memo.get(key_of(y), y).shape for y in whole if is_dynamic(y.shape[0])]  # type: ignore[index]
    sizes = [shape[0] for shape in shapes if isinstance(shape, Shape) and shape]
    if len(sizes) < len(shapes) or not sizes or not (isinstance(x.shape[0], Symbol) and is_dynamic(x.shape[0])):
        return {}
    many = [size for size in sizes if not surely_equal(size, 1)] or [1]
    return {x.shape[0]: many[0]} if all(surely_equal(size, many[0]) for size in many) else {}


def _unlike(operands: Sequence[Tensor], memo: Mapping[Key, Tensor]) -> bool:
    """Whether tensors that may have been of one batch are surely of several now: what an operation makes of them is open."""
    batches = [x for x in operands if isinstance(x.shape, Shape) and x.shape and is_dynamic(x.shape[0])]
    shapes = [memo.get(key_of(x), x).shape for x in batches]
    sizes = [shape[0] for shape in shapes if isinstance(shape, Shape) and shape]
    return any(surely_differ(sizes[0], size) for size in sizes[1:])


def filled(pattern: Any, arguments: Sequence[Tensor]) -> Arguments:
    """The arguments of a call: the tensors in the places that the pattern gives them."""
    if not isinstance(pattern, tuple):
        return [arguments[0]] if len(arguments) == 1 else [list(arguments)], {}
    named = {part[1]: _fill(part[2], arguments) for part in pattern if part[0] == "named"}
    return [_fill(part, arguments) for part in pattern if part[0] != "named"], named


def pattern_of(values: Sequence[Any], named: Mapping[str, Any] | None = None) -> tuple[Any, ...]:
    """Where the tensors stand in the arguments of a call: ("tensor", n), ("list", ...), ("tuple", ...), ("dict", ...).

    Arguments by name are ("named", name, ...), after the others.
    """
    count = iter(range(1 << 30))
    parts = [_part(value, count) for value in values]
    while parts and parts[-1][0] == "value" and not named:
        parts.pop()
    return (*parts, *(("named", name, _part(value, count)) for name, value in (named or {}).items()))


def _part(value: Any, count: Iterator[int]) -> Any:
    if isinstance(value, Tensor):
        return ("tensor", next(count))
    if isinstance(value, (list, tuple)) and not isinstance(value, Shape):
        return (type(value).__name__, *(_part(item, count) for item in value))
    if isinstance(value, dict):
        return ("dict", *((key, _part(item, count)) for key, item in value.items()))
    return ("value", value)


def _fill(part: Any, arguments: Sequence[Tensor]) -> Any:
    kind, *rest = part
    if kind == "tensor":
        return arguments[rest[0]] if rest[0] < len(arguments) else None
    if kind == "dict":
        return {key: _fill(item, arguments) for key, item in rest}
    if kind in ("list", "tuple"):
        items = [_fill(item, arguments) for item in rest]
        return items if kind == "list" else tuple(items)
    return rest[0]


def same_lengths(a: Shape, b: Shape) -> bool:
    """Whether Keras takes two shapes for equal: open lengths count as None."""
    return len(a) == len(b) and all(
        (is_dynamic(one) and is_dynamic(other)) or one == other for one, other in zip(a, b, strict=True)
    )


__all__ = [
    "Made", "disconnected", "filled", "invoked", "key_of", "layer_of", "layers_between", "nodes", "outputs_of", "pattern_of",
    "run", "same_lengths", "substituted", "substitution",
]  # fmt: skip
