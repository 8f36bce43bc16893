"""Runs the rule that made a tensor again, under observation: the steps that led to its shape."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

from ..dim import Symbol
from ..evidence import Step, observe
from ..rule import REGISTRY, FunctionRule, LayerRule
from ..snapshot import NEWEST
from ..value import Dict, List, Made, Set, Tensor, tensors_in
from ..wording import Version


class CannotReplay(Exception):
    """The rule asks its caller for something that is gone by now."""


def replayed(made: Made | None) -> list[Step]:
    """The steps of the rule's pure call; none where the rule depends on more than its arguments."""
    if made is None:
        return []
    with observe() as record:
        result_of(made, made.inputs)
    return record.steps


def result_of(made: Made, tensors: tuple[Tensor, ...]) -> Any:
    """What the rule's pure call gives for these inputs; None where the rule depends on more than its arguments."""
    rule = REGISTRY.find(made.by)
    if any(isinstance(value, (List, Dict, Set)) for _, value in made.given):
        return None
    made, given = replace(made, inputs=tensors), made
    try:
        if isinstance(rule, LayerRule):
            return rule.run("call", dict(made.given), *_inputs(rule, made))
        if isinstance(rule, FunctionRule) and not rule.raw and rule.function is not None:
            if tensors != given.inputs and next(tensors_in([value for _, value in given.given]), None) is not None:
                return None  # the inputs stand among the arguments, too
            arguments = _arguments(rule, made)
            return rule.function(*arguments.args, **arguments.kwargs)
    except CannotReplay:
        pass
    return None


def _inputs(rule: LayerRule, made: Made) -> tuple[Any, ...]:
    """What the layer was called with: a layer of one parameter and several inputs takes a list of them."""
    wanted = rule.inputs
    if len(wanted) == 1 and len(made.inputs) > 1:
        return (list(made.inputs),)
    needed = sum(parameter.default is parameter.empty for parameter in wanted)
    if not needed <= len(made.inputs) <= len(wanted):
        raise CannotReplay(rule.target)
    return made.inputs


def _arguments(rule: FunctionRule, made: Made) -> inspect.BoundArguments:
    """What the function was called with: ``given`` names everything but the arguments that were tensors."""
    given = dict(made.given)
    tensors = list(made.inputs)
    for inside in tensors_in(list(given.values())):
        if inside in tensors:
            tensors.remove(inside)
    arguments: dict[str, Any] = {}
    for name, parameter in rule.signature.parameters.items():
        if name == "call" and rule.wants_call:
            arguments[name] = _Replay()
        elif name in given:
            arguments[name] = given[name]
        elif parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        elif tensors:
            arguments[name] = tensors.pop(0)
        elif parameter.default is parameter.empty:
            raise CannotReplay(rule.target)
    if tensors:
        raise CannotReplay(rule.target)
    return inspect.BoundArguments(rule.signature, arguments)  # type: ignore[arg-type]


class _Replay:
    """The part of Call that needs no interpreter: the values are thawed and resolved already."""

    def symbol(self, name: str | None = None, *, dynamic: bool = False) -> Any:
        return Symbol(name, ("replay",), dynamic=dynamic)

    def version(self, framework: str) -> Version:
        return NEWEST.get(framework, ())

    def thaw(self, value: Any) -> Any:
        return value

    resolve = freeze = thaw

    def __getattr__(self, name: str) -> Any:
        raise CannotReplay(name)
