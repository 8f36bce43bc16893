"""Repairs of ``compile``: losses and metrics by another name, for another kind of labels, or not there yet."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from ..problems import BadModel, BroadcastMismatch
from ..rule import REGISTRY
from ..snapshot import Edit, Fix
from .scene import Scene, before, ends, repairs

METRICS = {
    "sparse_categorical_accuracy": "categorical_accuracy",
    "categorical_accuracy": "sparse_categorical_accuracy",
    "binary_accuracy": "accuracy",
    "mean_squared_error": "accuracy",
}
FOR_TWO_CLASSES = ("Precision", "Recall", "AUC", "BinaryAccuracy", "TruePositives", "FalsePositives")


@repairs(BadModel)
def name_of_a_loss(problem: BadModel, scene: Scene) -> Iterator[Fix]:
    """A loss whose name is misspelt."""
    if problem.why != "loss-identifier" or not problem.quoted or not isinstance(problem.quoted[0], str):
        return
    known = [target.removeprefix("keras.losses.") for target in REGISTRY.rules if target.startswith("keras.losses.")]
    for close in get_close_matches(problem.quoted[0], filter(str.islower, known), 3, 0.7):
        yield from _strings(scene, problem.quoted[0], close)


@repairs(BadModel)
def key_of_a_loss(problem: BadModel, scene: Scene) -> Iterator[Fix]:
    """A loss for an output that has another name."""
    if problem.why == "loss-keys" and len(problem.quoted) == 2:
        names, given = problem.quoted
        if isinstance(names, (list, tuple)) and isinstance(given, (list, tuple)):
            missing = [name for name in names if isinstance(name, str) and name not in given]
            odd = [name for name in given if isinstance(name, str) and name not in names]
            if len(missing) == len(odd) == 1:
                yield from _strings(scene, odd[0], missing[0])


@repairs(BadModel)
def compiled_first(problem: BadModel, scene: Scene) -> Iterator[Fix]:
    """A model that is trained before it is compiled."""
    call = scene.call
    if problem.why != "not-compiled" or call is None or not isinstance(call.func, ast.Attribute):
        return
    statement = scene.statement(call)
    if statement is not None:
        span = scene.span(statement)
        model = scene.text(scene.own(call.func.value, call))
        line = f'{model}.compile(optimizer="adam", loss="mse")'
        yield Fix(f"Compile it first: {line}", (Edit(before(span), f"{line}\n{' ' * span.column}"),))


@repairs(BroadcastMismatch)
def metric_of_the_other_kind(problem: Any, scene: Scene) -> Iterator[Fix]:
    """A metric for labels of another kind than the loss has."""
    for call in scene.calls():
        node = scene.argument(call, "metrics", "weighted_metrics") if ends(call, "compile") else None
        if not isinstance(node, (ast.List, ast.Tuple)):
            continue
        for item in node.elts:
            scene.own(item, node)
            if isinstance(item, ast.Constant) and item.value in METRICS:
                text = METRICS[item.value]
                yield Fix(f"Another metric: {text}", (Edit(scene.span(item), f'"{text}"'),))
            elif isinstance(item, ast.Call) and any(ends(item, name) for name in FOR_TWO_CLASSES):
                yield Fix('Another metric: "accuracy"', (Edit(scene.span(item), '"accuracy"'),))


def _strings(scene: Scene, old: str, new: str) -> Iterator[Fix]:
    """Every ``compile`` with another text in the place of this one."""
    for call in scene.calls():
        if ends(call, "compile"):
            for node in ast.walk(call):
                if isinstance(node, ast.Constant) and node.value == old:
                    yield Fix(f"Did you mean {new}?", (Edit(scene.span(scene.own(node, call)), f'"{new}"'),))
