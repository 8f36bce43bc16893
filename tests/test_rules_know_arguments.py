"""Each rule against the real constructor: the alarm for a forgotten argument and for a new framework version."""

from __future__ import annotations

import ast
from collections.abc import Iterator
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
    known = [(p.name, p.kind.name, repr(p.default) if p.default is not p.empty else "") for p in signature.parameters.values()]
    if isinstance(found, type) and any(kind == "VAR_KEYWORD" for _, kind, _ in known):
        for base in found.__mro__[1:-1]:  # what **kwargs hands on
            if "__init__" in vars(base):
                known += [(name, "INHERITED", "") for name in inspect.signature(base.__init__).parameters]
    return known

def spellings(target):
    yield target
    if target.startswith("tensorflow.Tensor."):  # what only some tensors have
        yield target.replace("tensorflow.Tensor.", "tensorflow.python.framework.ops.EagerTensor.")
        yield target.replace("tensorflow.Tensor.", "tensorflow.Variable.")

    if target.startswith("keras."):  # what the builders of keras.applications import
        yield target.replace("keras.", "keras.src.", 1)

def ask(target):
    for spelling in spellings(target):
        try:
            return parameters(spelling)
        except AttributeError:
            pass
    return "missing"

{target: ask(target) for target in TARGETS}
"""

GONE = {
    "keras.layers.LayerNormalization": {"rms_scaling"},
    "numpy.asfarray": None,
    "numpy.float_": None,
    "numpy.product": None,
    "numpy.ndarray.newbyteorder": None,
    **{f"keras.Model.{method}_generator": None for method in ("fit", "evaluate", "predict")},
    "keras.Model.reset_states": None,
    **{target: None for target in REGISTRY.rules if target.startswith("tf.compat.v1.layers.")},  # only with Keras 2
}
"""Arguments, or None for the whole thing, that the newest version no longer has but older ones had."""

UNNAMED = {"keras.layers.Layer.build_wrapper"}
"""Functions that live inside others, so that no name leads to them."""

PER_RANK = {"keras.layers.Cropping2D", "keras.layers.Cropping3D"}
"""Rules that serve several ranks and fill in the default of each themselves."""

JUDGES = {"tensorflow": "keras", "numpy": "keras"}
BASE_LAYER = {"name", "dtype", "trainable", "autocast", "activity_regularizer", "input_shape", "input_dim", "kwargs"}
"""What every Keras layer takes; the machine of the framework deals with it."""
BASE_MODULE = {"device", "dtype"}


def layers(framework: str) -> list[LayerRule]:
    return [r for t, r in REGISTRY.rules.items() if isinstance(r, LayerRule) and t.startswith(framework + ".")]


def functions(framework: str) -> list[FunctionRule]:
    """All but the special methods: those are called by operators, never by name."""
    found = [r for t, r in REGISTRY.rules.items() if isinstance(r, FunctionRule) and t.startswith(framework + ".")]
    return [rule for rule in found if not rule.target.endswith("__")]


def real(judge, framework: str, targets: list[str], package: str | None = None) -> dict[str, Any]:
    """The parameters (name, kind, printed default) of each target in the installed framework."""
    package = package or {"tf": "tensorflow"}.get(framework, framework)
    spelled = {target: package + target.removeprefix(framework) for target in targets}
    code = f"TARGETS = {list(spelled.values())!r}\nimport {package}\n{ASK.strip()}"
    answer = judge(JUDGES.get(package, package)).value(code)
    return {target: answer[spelled[target]] for target in targets}


def test_gone_is_not_forgotten():
    """Only names of rules stand in the lists of exceptions."""
    assert GONE.keys() | PER_RANK <= REGISTRY.rules.keys()


@pytest.mark.parametrize("framework", ["keras", "torch"])
def test_a_layer_rule_knows_every_argument_of_the_real_constructor(framework, judge):
    rules = layers(framework)
    assert len(rules) >= 4
    signatures = real(judge, framework, [rule.target for rule in rules])
    older = real(judge, framework, [rule.target for rule in rules], package="tf_keras") if framework == "keras" else {}
    signatures |= {target: older[target] for target in older if signatures[target] == "missing"}  # ended with Keras 2
    shared = BASE_LAYER if framework == "keras" else BASE_MODULE
    wrong = []
    for rule in rules:
        signature = signatures[rule.target]
        if signature == "missing" or signature is None:
            wrong.append(f"{rule.target}: no such class")
            continue
        names = [name for name, kind, _ in signature if kind in ("POSITIONAL_OR_KEYWORD", "KEYWORD_ONLY")]
        inherited = {name for name, kind, _ in signature if kind == "INHERITED"}
        known = set(rule.settings) | set(rule.neutral)
        if forgotten := [name for name in names if name not in known | shared]:
            wrong.append(f"{rule.target}: has never heard of {forgotten}")
        before = older.get(rule.target) or "missing"
        history = (
            {n for n, kind, _ in before if kind in ("POSITIONAL_OR_KEYWORD", "KEYWORD_ONLY")}
            if before != "missing"
            else set()
        )
        history |= GONE.get(rule.target) or set()
        if forgotten := [name for name in history if name not in known | shared]:
            wrong.append(f"{rule.target} of Keras 2: has never heard of {forgotten}")
        if invented := [name for name in known if name not in names and name not in shared | history | inherited]:
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
    if framework == "keras":
        gone = [target for target, signature in signatures.items() if signature == "missing"]
        signatures |= real(judge, framework, gone, package="tf_keras")
    wrong = []
    for rule in rules:
        signature = signatures[rule.target]
        if signature == "missing":
            if rule.target not in GONE and rule.target not in UNNAMED:
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
            if kind in ("POSITIONAL_OR_KEYWORD", "KEYWORD_ONLY") and name not in (*named, "self")
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
    for name, kind, default in signature:
        parameter = rule.settings.get(name)
        if parameter is None or kind == "INHERITED":
            continue
        ours = repr(parameter.default) if parameter.default is not parameter.empty else ""
        if rule.target in PER_RANK and ours == "None":
            continue
        if ours != "MISSING" and not _same_default(ours, default):
            differ.append(f"{rule.target}: {name}={ours or 'required'}, really {default or 'required'}")
    return differ


def _same_default(ours: str, default: str) -> bool:
    """Equal, or one number for all axes where the constructor repeats it."""
    if ours == default:
        return True
    try:
        one, each = ast.literal_eval(ours), ast.literal_eval(default)
    except (ValueError, SyntaxError):
        return False
    return isinstance(one, int) and isinstance(each, tuple) and set(_numbers(each)) == {one}


def _numbers(value: Any) -> Iterator[int]:
    for item in value:
        yield from _numbers(item) if isinstance(item, tuple) else [item]
