"""Runs the rule that made a tensor again, under observation: the steps that led to its shape."""

from __future__ import annotations

from typing import Any

from ..dim import Symbol
from ..evidence import Step, observe
from ..rule import REGISTRY, FunctionRule, LayerRule
from ..value import Dict, List, Made, Set


class CannotReplay(Exception):
    """The rule asks its caller for something that is gone by now."""


def replayed(made: Made | None) -> list[Step]:
    """The steps of the rule's pure call; none where the rule depends on more than its arguments."""
    rule = REGISTRY.find(made.by) if made is not None else None
    if made is None or rule is None or any(isinstance(value, (List, Dict, Set)) for _, value in made.given):
        return []
    with observe() as record:
        try:
            if isinstance(rule, LayerRule):
                rule.run("call", dict(made.given), *made.inputs)
            elif isinstance(rule, FunctionRule):
                given = dict(made.given)
                arguments = rule.signature.bind_partial(
                    **{k: v for k, v in given.items() if k in rule.signature.parameters}
                )
                if rule.wants_call:
                    arguments.arguments = {"call": _Replay(), **arguments.arguments}
                rule.function(*arguments.args, **{**arguments.kwargs, **rule.fixed})
        except CannotReplay:
            pass
    return record.steps


class _Replay:
    """The part of Call that needs no interpreter."""

    def symbol(self, name: str | None = None, *, dynamic: bool = False) -> Any:
        return Symbol(name, ("replay",), dynamic=dynamic)

    def __getattr__(self, name: str) -> Any:
        raise CannotReplay(name)
