"""Code that nothing calls: analysed with its defaults, and parameters that may be anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from ..dim import ANY_SIGN
from ..rule import MISSING
from ..value import Class, Function, Instance, Known, OpenKeywords, Stream, Tensor, Unknown, Value, Wrapped
from .calls import call_instance, call_value, instantiate
from .core import Interpreter
from .generators import drain
from .knowledge import declared, with_stated_shape
from .objects import mro, user_classes

ENTRY_POINTS = ("call", "forward", "__call__")


def probe(it: Interpreter, definition: Value, called: frozenset[Any] = frozenset()) -> None:
    """Run a function, or the methods of a class that nobody calls, as if somebody called them."""
    if isinstance(definition, Function):
        _finish(it, call_value(it, definition, *_arguments(it, definition), None))
    elif isinstance(definition, Class):
        _probe_class(it, definition, called)


def _probe_class(it: Interpreter, cls: Class, called: frozenset[Any]) -> None:
    init = _own_or_inherited(it, cls, "__init__")
    args, kwargs = _arguments(it, init, skip=1) if isinstance(init, Function) else ([], {})
    obj = instantiate(it, cls, args, kwargs, None)
    if not isinstance(obj, Instance):
        return
    definition: Any = cls.code.node if cls.code else None
    methods = [s.name for s in definition.body if hasattr(s, "args")] if definition is not None else []
    for entry in ENTRY_POINTS:
        if entry in methods and any(isinstance(base, Known) for base in mro(it, cls)):
            method = it.get(cls.id, entry)
            if isinstance(method, Function) and not _executed(it, method, called):
                call_instance(it, obj, *_arguments(it, method, skip=1), None)
    guessed = _any_state(it, obj)
    for name in methods:
        method = it.get(cls.id, name)
        how = ""
        if isinstance(method, Wrapped):
            how, method = method.how, method.function
        if isinstance(method, Function) and not _executed(it, method, called):
            first = [] if how == "staticmethod" else [cls if how == "classmethod" else obj]
            args, kwargs = _arguments(it, method, skip=len(first))
            unlikely = guessed or name in _uses(definition)  # by a method that did not get there with this state
            if unlikely:
                it.catching.append(frozenset({"*"}))
            _finish(it, call_value(it, method, [*first, *args], kwargs, None))
            if unlikely:
                it.catching.pop()


def _any_state(it: Interpreter, obj: Instance) -> bool:
    """An object after any calls of its methods: what those that have not run assign is not known.

    True if there is such a thing: what is found then is not claimed, since methods may hang together.
    """
    guessed = False
    for code in [cls.code for cls in user_classes(it, obj.cls) if cls.code is not None]:
        definition: Any = code.node
        for method in definition.body:
            if hasattr(method, "args") and (code.unit, it.span(method, code.unit)) not in it.executed:
                for name in _assigned(method):
                    it.set(obj.id, name, Unknown(f"{method.name} may have set {name}"))
                    guessed = True
    return guessed


def _uses(definition: Any) -> frozenset[str]:
    """The attributes of ``self`` that a class reads; computed once a node."""
    found = definition.__dict__.get("_uses")
    if found is None:
        found = definition._uses = frozenset(name for name, context in _of_self(definition) if context is ast.Load)
    return found


def _assigned(method: Any) -> frozenset[str]:
    """The attributes of ``self`` that a method assigns; computed once a node."""
    found = method.__dict__.get("_assigned")
    if found is None:
        found = method._assigned = frozenset(name for name, context in _of_self(method) if context is not ast.Load)
    return found


def _of_self(node: ast.AST) -> Iterator[tuple[str, type]]:
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "self":
            yield part.attr, type(part.ctx)


def _finish(it: Interpreter, result: Value) -> None:
    """Ask a generator for all that it gives."""
    if isinstance(result, Stream):
        drain(it, result)


def _executed(it: Interpreter, function: Function, called: frozenset[Any]) -> bool:
    code = (function.code.unit, function.code.span)
    return code in it.executed or code in called


def _own_or_inherited(it: Interpreter, cls: Class, name: str) -> Value:
    for base in mro(it, cls):
        if isinstance(base, Class):
            value = it.get(base.id, name)
            if value is not MISSING:
                return value
        else:
            return MISSING
    return MISSING


def _arguments(it: Interpreter, function: Function, skip: int = 0) -> tuple[list[Value], dict[str, Value]]:
    """Something for each parameter without a default."""
    arguments = getattr(function.code.node, "args", None)
    if arguments is None:
        return [], {}
    defaults = dict(function.defaults)
    it.local["defaults"] = (*it.local.get("defaults", ()), *defaults.values())
    args: list[Value] = []
    for parameter in [*arguments.posonlyargs, *arguments.args][skip:]:
        if parameter.arg in defaults:
            break
        args.append(_anything(it, parameter, function))
    kwargs = {p.arg: _anything(it, p, function) for p in arguments.kwonlyargs if p.arg not in defaults}
    return args, kwargs if arguments.kwarg is None else OpenKeywords(kwargs)


def _anything(it: Interpreter, parameter: Any, function: Function) -> Value:
    from .expressions import evaluate

    annotation = parameter.annotation
    origin = ("stated", (function.code.unit, function.code.span))
    remark = getattr(parameter, "shape_remark", None)
    if remark is not None:
        value = with_stated_shape(it, Unknown(), remark, origin)
        if isinstance(value, Tensor):
            return value
    if annotation is not None:
        annotation = _unquoted(annotation)
        array = declared(it, annotation, origin)
        if array is not None:
            return array
        with it.silence():
            kind = evaluate(it, annotation)
            parts = _row(it, annotation)
        if kind == Known("builtins.int"):
            return it.fresh(parameter.arg, least=ANY_SIGN)
        if parts is not None:
            return tuple(it.fresh(f"{parameter.arg}_{n}", least=ANY_SIGN) for n in range(parts))
        if isinstance(kind, Known) and kind.target in ("builtins.str", "builtins.bool", "builtins.float"):
            return Unknown(f"the parameter {parameter.arg}")
    return it.assume(parameter.arg)


def _unquoted(annotation: ast.expr) -> ast.expr:
    """What stands in an annotation that is written as a text."""
    if not isinstance(annotation, ast.Constant) or not isinstance(annotation.value, str):
        return annotation
    try:
        return ast.parse(annotation.value.strip(), mode="eval").body
    except SyntaxError:
        return annotation


def _row(it: Interpreter, annotation: ast.expr) -> int | None:
    """How many numbers ``tuple[int, int]`` holds; None for any other annotation."""
    from .expressions import evaluate

    if not isinstance(annotation, ast.Subscript) or not isinstance(annotation.slice, ast.Tuple):
        return None
    kind, parts = evaluate(it, annotation.value), annotation.slice.elts
    rows = kind in (Known("builtins.tuple"), Known("typing.Tuple")) and not any(
        isinstance(p, ast.Constant) for p in parts
    )
    return len(parts) if rows and all(evaluate(it, part) == Known("builtins.int") for part in parts) else None
