"""Repairs of names that a framework has no more: today's name, or the module that still has the old ones."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..problems import LostName
from ..snapshot import Edit, Fix
from .scene import Scene, repairs

OLD_TENSORFLOW = "tf.compat.v1."


@repairs(LostName)
def name_of_today(problem: LostName, scene: Scene) -> Iterator[Fix]:
    """The name of the same thing today, spelled as the program spells the module."""
    node = scene.node_at(scene.finding.span, ast.Attribute)
    if node is None or not problem.today or problem.today.startswith(OLD_TENSORFLOW):
        return
    text = _spelled(problem, node, scene)
    if text is not None:
        yield Fix(f"Its name today: {text}", (Edit(scene.span(node), text),))


@repairs(LostName)
def module_of_old_names(problem: LostName, scene: Scene) -> Iterator[Fix]:
    """``import tensorflow.compat.v1 as tf``, and graphs as TensorFlow 1 had them."""
    if not problem.today.startswith(OLD_TENSORFLOW):
        return
    for node in scene.nodes(ast.Import):
        alias, *others = node.names
        if alias.name == "tensorflow" and alias.asname and not others and node.col_offset == 0:
            text = f"import tensorflow.compat.v1 as {alias.asname}\n{alias.asname}.disable_v2_behavior()"
            yield Fix("Import TensorFlow 1's names: tensorflow.compat.v1", (Edit(scene.span(node), text),))


def _spelled(problem: LostName, node: ast.Attribute, scene: Scene) -> str | None:
    builtin = problem.today.removeprefix("builtins.")
    if builtin != problem.today:
        return None if scene.knows(builtin) else builtin
    module, owner = problem.module, scene.own(node.value, node)
    while not problem.today.startswith(f"{module}."):
        module = module.rpartition(".")[0]
        if not module or not isinstance(owner, ast.Attribute):
            return None
        owner = scene.own(owner.value, owner)
    return scene.text(owner) + problem.today.removeprefix(module)
