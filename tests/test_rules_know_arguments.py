"""Each rule against the real constructor: the alarm for a forgotten argument and for a new framework version."""

from __future__ import annotations

from typing import Any

import pytest

import shape_engine  # noqa: F401  (registers every rule)
from shape_engine.rule import REGISTRY, FunctionRule, LayerRule

ASK = """
import importlib, inspect

def parameters(target):
    path = target.split(".")
    for length in range(len(path) - 1, 0, -1):
        try:
            found = importlib.import_module(".".join(path[:length]))
        except ImportError:
            continue
        for name in path[length:]:
            found = getattr(found, name)
        break
    try:
        signature = inspect.signature(found)
    except (TypeError, ValueError):
        return None
    return [(p.name, p.kind.name, repr(p.default) if p.default is not p.empty else "") for p in signature.parameters.values()]

def ask(target):
    try:
        return parameters(target)
    except AttributeError:
        return "missing"

{target: ask(target) for target in TARGETS}
"""

JUDGES = {"keras": "keras", "torch": "torch", "tf": "keras", "numpy": "keras"}
BASE_LAYER = {"name", "dtype", "trainable", "autocast", "activity_regularizer", "input_shape", "input_dim", "kwargs"}
"""What every Keras layer takes; the machine of the framework deals with it."""
BASE_MODULE = {"device", "dtype"}


def layers(framework: str) -> list[LayerRule]:
    return [r for t, r in REGISTRY.rules.items() if isinstance(r, LayerRule) and t.startswith(framework + ".")]


def functions(framework: str) -> list[FunctionRule]:
    return [r for t, r in REGISTRY.rules.items() if isinstance(r, FunctionRule) and t.startswith(framework + ".")]


def real(judge, framework: str, targets: list[str]) -> dict[str, Any]:
    """The parameters (name, kind, printed default) of each target in the installed framework."""
    spelled = [_spelling(target) for target in targets]
    code = f"TARGETS = {spelled!r}\nimport {_spelling(framework)}\n{ASK.strip()}"
    answer = judge(JUDGES[framework]).value(code)
    return {target: answer[_spelling(target)] for target in targets}


@pytest.mark.parametrize("framework", ["keras", "torch"])
def test_a_layer_rule_knows_every_argument_of_the_real_constructor(framework, judge):
    rules = layers(framework)
    assert len(rules) >= 4
    signatures = real(judge, framework, [rule.target for rule in rules])
    shared = BASE_LAYER if framework == "keras" else BASE_MODULE
    wrong = []
    for rule in rules:
        signature = signatures[rule.target]
        if signature == "missing" or signature is None:
            wrong.append(f"{rule.target}: no such class")
            continue
        names = [name for name, kind, _ in signature if not kind.startswith("VAR_")]
        known = set(rule.settings) | set(rule.neutral)
        if forgotten := [name for name in names if name not in known | shared]:
            wrong.append(f"{rule.target}: has never heard of {forgotten}")
        if invented := [name for name in known if name not in names and name not in shared]:
            wrong.append(f"{rule.target}: there is no {invented}")
        used = [name for name in rule.settings if name in names]
        if used != [name for name in names if name in rule.settings]:
            wrong.append(f"{rule.target}: {used} is not in constructor order")
        wrong += _other_defaults(rule, signature)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("framework", ["keras", "torch", "tf", "numpy"])
def test_a_function_rule_takes_the_arguments_of_the_real_function(framework, judge):
    """Names and order; a rule may take more (a method's object, ``*args``), and have other defaults."""
    rules = functions(framework)
    signatures = real(judge, framework, [rule.target for rule in rules])
    wrong = []
    for rule in rules:
        signature = signatures[rule.target]
        if signature == "missing":
            wrong.append(f"{rule.target}: no such function")
            continue
        if signature is None:
            continue  # written in C, and does not tell
        ours = [p for p in rule.signature.parameters.values() if p.name not in ("call", *rule.fixed)]
        if any(p.kind is p.VAR_KEYWORD for p in ours):
            continue
        named = [p.name for p in ours]
        forgotten = [
            name
            for name, kind, _ in signature
            if kind in ("POSITIONAL_OR_KEYWORD", "KEYWORD_ONLY") and name not in named
        ]
        if forgotten:
            wrong.append(f"{rule.target}: has never heard of {forgotten}")
        if any(kind == "VAR_POSITIONAL" for _, kind, _ in signature) or any(p.kind is p.VAR_POSITIONAL for p in ours):
            continue
        theirs = [name for name, kind, _ in signature if kind == "POSITIONAL_OR_KEYWORD"]
        order = [p.name for p in ours if p.kind is p.POSITIONAL_OR_KEYWORD and p.name in theirs]
        if order != [name for name in theirs if name in order]:
            wrong.append(f"{rule.target}: {order} is not the order of {theirs}")
    assert not wrong, "\n".join(wrong)


def _other_defaults(rule: LayerRule, signature: list[Any]) -> list[str]:
    """Settings whose default differs from the constructor's."""
    differ = []
    for name, _, default in signature:
        parameter = rule.settings.get(name)
        if parameter is None:
            continue
        ours = repr(parameter.default) if parameter.default is not parameter.empty else ""
        if ours != default and ours != "MISSING":
            differ.append(f"{rule.target}: {name}={ours or 'required'}, really {default or 'required'}")
    return differ


def _spelling(target: str) -> str:
    head, dot, rest = target.partition(".")
    return {"tf": "tensorflow"}.get(head, head) + dot + rest
