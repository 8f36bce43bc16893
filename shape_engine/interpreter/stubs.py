"""Stubs (``.pyi``): they tell names and types of a module whose code is elsewhere, and their bodies do nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from ..value import Function, Instance, Known, Unknown, Value
from .collections_ import forget
from .core import Frame, Interpreter
from .expressions import evaluate
from .knowledge import declared

LEFT_OUT = Unknown("a stub leaves it out")


def is_stub(module: str) -> bool:
    """Whether a document (by its URI) is a stub."""
    return module.endswith(".pyi")


def result_of(it: Interpreter, function: Function, given: Iterable[Value]) -> Value:
    """What a call of a function gives of which only the signature is known: what its annotation says."""
    for value in given:
        forget(it, value, "handed to code of which there is only a stub")
        if isinstance(value, Instance):
            it.set(value.id, ".open", True)
    it.frames.append(Frame(function.scope, function.code.unit, function))
    try:
        return told(it, getattr(function.code.node, "returns", None), function.code.name)
    finally:
        it.frames.pop()


def told(it: Interpreter, annotation: Any, name: str) -> Value:
    """A value of which an annotation is all that is known."""
    if annotation is None:
        return LEFT_OUT
    if isinstance(annotation, ast.Constant) and annotation.value is None:
        return None
    array = declared(it, annotation, ("stub", it.new_id()))
    if array is not None:
        return array
    with it.silence():
        kind = evaluate(it, annotation)
    return (
        it.fresh(name, least=-(2**62)) if kind == Known("builtins.int") else Unknown(f"of {name} there is only a stub")
    )
