"""Repairs of arguments under the names that older versions of Keras gave them."""

from __future__ import annotations

from collections.abc import Iterator

from ..problems import RefusedOptimizer, WrongArguments
from ..snapshot import Edit, Fix
from ..value import Span
from .scene import Scene, repairs

NAMES = {
    "border_mode": "padding",
    "subsample": "strides",
    "subsample_length": "strides",
    "filter_length": "kernel_size",
    "nb_filter": "filters",
    "output_dim": "units",
    "pool_length": "pool_size",
    "stride": "strides",
    "p": "rate",
    "init": "kernel_initializer",
    "W_regularizer": "kernel_regularizer",
    "W_constraint": "kernel_constraint",
    "b_regularizer": "bias_regularizer",
    "bias": "use_bias",
    "nb_epoch": "epochs",
    "lr": "learning_rate",
    "input": "inputs",
    "output": "outputs",
    "batch_input_shape": "batch_shape",
    "samples_per_epoch": "steps_per_epoch",
    "inner_activation": "recurrent_activation",
}


@repairs(WrongArguments)
def name_of_today(problem: WrongArguments, scene: Scene) -> Iterator[Fix]:
    """The argument's name today."""
    yield from _renamed(problem.names, scene)


@repairs(RefusedOptimizer)
def name_in_optimizer(problem: RefusedOptimizer, scene: Scene) -> Iterator[Fix]:
    """The same, for what no optimizer takes."""
    if problem.why == "arguments" and isinstance(problem.value, dict):
        yield from _renamed(tuple(problem.value), scene)


def _renamed(names: tuple[str, ...], scene: Scene) -> Iterator[Fix]:
    for call in {id(one): one for one in (scene.call, scene.constructor) if one is not None}.values():
        for keyword in call.keywords:
            new = NAMES.get(keyword.arg or "")
            if keyword.arg in names and new is not None:
                span = scene.span(scene.own(keyword, call))
                name = Span(span.line, span.column, span.line, span.column + len(keyword.arg))
                yield Fix(f"Its name today: {new}", (Edit(name, new),))
