"""Definitions: functions, classes and their decorators."""

from __future__ import annotations

import ast
from typing import Any

from ..rule import REGISTRY
from ..value import Class, Code, Function, Known, Namespace, Scope, Unknown, Value, Wrapped
from . import scopes
from .collections_ import iterate
from .core import Frame, Interpreter
from .expressions import evaluate, make_function
from .limits import bounded
from .records import complete, make_dataclass
from .statements import execute_block, executes


@executes(ast.FunctionDef, ast.AsyncFunctionDef)
def function_definition(it: Interpreter, node: ast.FunctionDef) -> bool:
    function = make_function(it, node, node.name)
    it.definitions.append((it.frame.scope, function))
    scopes.assign(it, node.name, _decorate(it, node, function))
    return True


@executes(ast.ClassDef)
def class_definition(it: Interpreter, node: ast.ClassDef) -> bool:
    bases: list[Value] = []
    for base in node.bases:
        value = evaluate(it, base)
        if isinstance(base, ast.Starred):
            bases.extend(iterate(it, value) or [Unknown("unknown bases")])
        else:
            bases.append(value)
    for keyword in node.keywords:
        evaluate(it, keyword.value)
    frame = it.frame
    above = bounded(it, tuple(base for base in bases if base != Known("builtins.object")))
    cls = Class(
        it.new_id(),
        node.name,
        (above,) if isinstance(above, Unknown) else above,
        Code(frame.unit, node.name, node, it.span(node), frame.scope.module),
    )
    node.__dict__.setdefault("_method_spans", [it.span(s) for s in node.body if isinstance(s, ast.FunctionDef)])
    inner = Frame(Scope(cls.id, scopes.class_names(node), frame.scope, frame.scope.module), frame.unit)
    it.frames.append(inner)
    outer_definitions, it.definitions = it.definitions, []
    try:
        execute_block(it, node.body)
    finally:
        it.frames.pop()
        it.definitions = outer_definitions
    complete(it, node, cls)
    it.definitions.append((frame.scope, cls))
    scopes.assign(it, node.name, _decorate(it, node, cls))
    return True


def _decorate(it: Interpreter, node: Any, value: Value) -> Value:
    from .calls import Transparent, call_value
    from .signatures import Wraps

    for decorator in reversed(node.decorator_list):
        if (
            isinstance(decorator, ast.Attribute)
            and decorator.attr == "setter"
            and isinstance(decorator.value, ast.Name)
        ):
            it.set(it.frame.scope.id, f".setter {decorator.value.id}", value)
            return scopes.lookup(it, decorator.value.id)
        wrapper = evaluate(it, decorator)
        if isinstance(wrapper, Unknown) and isinstance(decorator, ast.Call):  # @torch.no_grad()
            made_by = evaluate(it, decorator.func)
            wrapper = made_by if isinstance(made_by, Known) and made_by.target in SEEN_THROUGH else wrapper
        if isinstance(wrapper, Namespace):  # functions of modules that have no rule
            wrapper = Known(wrapper.path, wrapper.flavour)
        if isinstance(wrapper, Transparent):
            continue
        if isinstance(wrapper, Wraps) and isinstance(value, Function):
            wrapper.note(it, value)
            continue
        if isinstance(wrapper, Known) and wrapper.target in WRAPPERS and isinstance(value, (Function, Wrapped)):
            value = Wrapped(WRAPPERS[wrapper.target], value.function if isinstance(value, Wrapped) else value)
            continue
        if isinstance(wrapper, Known) and wrapper.target in ("dataclasses.dataclass",) and isinstance(value, Class):
            keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
            make_dataclass(it, node, value, {k.arg: evaluate(it, k.value) for k in keywords if k.arg})
            continue
        if isinstance(wrapper, Known) and (wrapper.target in SEEN_THROUGH):
            continue
        if isinstance(wrapper, Known) and REGISTRY.find(wrapper.target) is None:
            value = Unknown(f"decorated by {wrapper.target}, which is not modelled")
            continue
        value = call_value(it, wrapper, [value], {}, decorator)
    return value


WRAPPERS = {
    "tf.function": "traced",
    "builtins.staticmethod": "staticmethod",
    "builtins.classmethod": "classmethod",
    "builtins.property": "property",
    "functools.cached_property": "property",
    "abc.abstractproperty": "property",
    "abc.abstractclassmethod": "classmethod",
    "abc.abstractstaticmethod": "staticmethod",
    "contextlib.contextmanager": "contextmanager",
}
SEEN_THROUGH = frozenset({
    "abc.abstractmethod", "typing.overload", "typing.override", "typing.final", "functools.lru_cache", "functools.cache",
    "functools.total_ordering", "typing.no_type_check", "torch.no_grad",
    "torch.inference_mode", "torch.jit.script", "torch.jit.script_if_tracing", "torch.jit._script_if_tracing",
    "torch.jit.ignore", "torch.jit.unused", "torch.jit.export", "torch.jit._overload_method", "torch.fx.wrap",
    "torch.compile", "torch.compiler.disable",
})  # fmt: skip
