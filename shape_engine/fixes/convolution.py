"""Repairs of the convolution family: batch and channel axes, windows, channels, groups."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from ..dim import surely_less
from ..formulas.window import per_axis, reach
from ..problems import ChannelMismatch, GroupsDoNotDivide, MissingBatchAxis, WindowTooBig, WrongRank
from ..shape import Shape
from ..snapshot import Edit, Fix
from ..value import Made
from .scene import Scene, ends, kind_of, lacks_one, repairs, shortened, with_one_more


@repairs(MissingBatchAxis)
def add_batch_axis(problem: MissingBatchAxis, scene: Scene) -> Iterator[Fix]:
    """One sample without its batch axis."""
    node = scene.input
    if node is None:
        return
    source, operand, span = scene.text(node), scene.operand(node), scene.span(node)
    kind = kind_of(scene)
    if kind == "keras":
        return
    if kind == "torch":
        yield Fix("Add the batch axis: .unsqueeze(0)", (Edit(span, f"{operand}.unsqueeze(0)"),))
    if kind != "torch" and scene.knows("tf"):
        yield Fix(
            f"Add the batch axis: tf.expand_dims({shortened(source)}, axis=0)",
            (Edit(span, f"tf.expand_dims({source}, axis=0)"),),
        )
    yield Fix(f"Add the batch axis: {shortened(source)}[None, ...]", (Edit(span, f"{operand}[None, ...]"),))


@repairs(WrongRank)
def add_channel_axis(problem: WrongRank, scene: Scene) -> Iterator[Fix]:
    """An ``Input((28, 28))`` where images need channels."""
    if isinstance(problem, MissingBatchAxis):
        return
    maker = scene.maker() or (scene.input if isinstance(scene.input, ast.Call) else None)
    shape = scene.argument(maker, "shape", position=0) if isinstance(maker, ast.Call) else None
    if isinstance(shape, ast.Tuple) and lacks_one(problem):
        yield Fix("Give the input a channel axis of length 1", (with_one_more(scene, shape),))


@repairs(WindowTooBig)
def pad_or_shrink(problem: WindowTooBig, scene: Scene) -> Iterator[Fix]:
    """A kernel that spans more than the input."""
    if problem.padding not in ("same", "causal"):
        edits = scene.setting(scene.constructor, "padding", '"same"')
        if edits:
            yield Fix('Pad the input: padding="same"', edits)
    yield from _channels_in_front(problem, scene)
    fitting = _fitting_kernel(problem, scene.finding.made, scene.finding.framework)
    if fitting is not None:
        for name in ("kernel_size", "pool_size"):
            node = scene.argument(scene.constructor, name) or (
                scene.argument(scene.constructor, position=_position(scene, name))
                if _position(scene, name) is not None
                else None
            )
            if node is not None:
                text = str(fitting[0]) if len(set(fitting)) == 1 else str(tuple(fitting))
                yield Fix(f"A kernel that fits: {name}={text}", (Edit(scene.span(node), text),))
                return


@repairs(ChannelMismatch)
def right_channels(problem: ChannelMismatch, scene: Scene) -> Iterator[Fix]:
    """A layer made for another number of channels."""
    constructor = scene.constructor
    if kind_of(scene) == "torch" and isinstance(problem.actual, int):
        for name in ("in_channels", "in_features"):
            node = scene.argument(constructor, name)
            if node is None and constructor is not None and constructor.args:
                node = scene.argument(constructor, position=0)
            if node is not None:
                yield Fix(
                    f"Make the layer for {problem.actual} channels", (Edit(scene.span(node), str(problem.actual)),)
                )
                break
        return
    yield from other_data_format(problem, scene)
    yield from _other_length(
        scene, scene.argument(scene.maker(), "shape", position=0), problem.actual, problem.expected
    )
    for call in scene.calls_beside(constructor):  # the Input, or the input_shape=, that fixed the channels
        shape = scene.argument(call, "input_shape", "shape", "batch_shape", position=0 if ends(call, "Input") else None)
        yield from _other_length(scene, shape, problem.expected, problem.actual)


def _other_length(scene: Scene, shape: ast.expr | None, old: Any, new: Any) -> Iterator[Fix]:
    """The last length of a literal shape changed, if it is the old one."""
    if isinstance(shape, (ast.Tuple, ast.List)) and shape.elts and isinstance(new, int):
        last = scene.own(shape.elts[-1], shape)
        if isinstance(last, ast.Constant) and last.value == old:
            yield Fix(f"Make the input {new} channel{'s' * (new != 1)} deep", (Edit(scene.span(last), str(new)),))


def other_data_format(problem: ChannelMismatch, scene: Scene) -> Iterator[Fix]:
    """The channels are where the other data format has them."""
    shape = problem.shape
    if isinstance(shape, Shape) and len(shape) > 2 and problem.expected in (shape[1], shape[-1]):
        wanted = "channels_first" if problem.axis in (-1, len(shape) - 1) else "channels_last"
        edits = scene.setting(scene.constructor, "data_format", f'"{wanted}"')
        if edits:
            yield Fix(f'The channels are on the other side: data_format="{wanted}"', edits)


@repairs(GroupsDoNotDivide)
def dividing_groups(problem: GroupsDoNotDivide, scene: Scene) -> Iterator[Fix]:
    """``groups`` and the number of channels or filters do not go together."""
    count, groups = problem.count, problem.groups
    if not isinstance(count, int) or not isinstance(groups, int) or count <= 0 or groups <= 0:
        return
    if problem.of in ("filters", "out_channels"):
        more = -(-count // groups) * groups
        name, position = ("filters", 0) if problem.of == "filters" else ("out_channels", 1)
        edits = scene.setting(scene.constructor, name, str(more), position=position)
        if edits:
            yield Fix(f"{name} that can be divided: {name}={more}", edits)
    for divisor in (d for d in range(min(count, groups), 0, -1) if count % d == 0):
        edits = scene.setting(scene.constructor, "groups", str(divisor))
        if edits:
            yield Fix(f"Groups that divide: groups={divisor}", edits)


def _channels_in_front(problem: WindowTooBig, scene: Scene) -> Iterator[Fix]:
    """The first length behind the batch is so small that it looks like channels."""
    shape, made = problem.shape, scene.finding.made
    told = dict(made.given).get("data_format") if made is not None else None
    if told == "channels_last" and isinstance(shape, Shape) and len(shape) > 2 and shape[1] in (1, 2, 3, 4):
        edits = scene.setting(scene.constructor, "data_format", '"channels_first"')
        if edits:
            yield Fix('The channels come first: data_format="channels_first"', edits)


def _fitting_kernel(problem: WindowTooBig, made: Made | None, framework: str) -> list[int] | None:
    """The largest kernel that fits on every axis, not larger than the one there is."""
    shape = problem.shape
    if not isinstance(shape, Shape):
        return None
    rank = len(problem.strides) or max(len(shape) - 2, 1)
    kernel, dilation = per_axis(problem.kernel, rank)[:rank], per_axis(problem.dilation or 1, rank)
    best: list[int] | None = None
    first = framework == "torch" or (made is not None and dict(made.given).get("data_format") == "channels_first")
    for spatial in [shape] if len(shape) == rank else [shape[2:]] if first else [shape[1:-1]]:
        if len(spatial) != rank:
            continue
        fits: list[int] = []
        for size, k, d in zip(spatial, kernel, dilation, strict=False):
            if not (isinstance(k, int) and isinstance(d, int)):
                return None
            fits.append(min(k, (size - 1) // d + 1) if isinstance(size, int) and surely_less(size, reach(k, d)) else k)
        if all(k > 0 for k in fits) and fits != list(kernel):
            best = fits
            break
    return best


def _position(scene: Scene, name: str) -> int | None:
    """The position of a constructor's parameter, by the layer's rule."""
    from ..rule import REGISTRY, LayerRule

    made = scene.finding.made
    rule = REGISTRY.find(made.by) if made is not None else None
    if isinstance(rule, LayerRule):
        names = list(rule.settings)
        return names.index(name) if name in names else None
    usual = {"keras": {"kernel_size": 1, "pool_size": 0}, "torch": {"kernel_size": 2}}
    return usual.get(scene.finding.framework, {}).get(name)
