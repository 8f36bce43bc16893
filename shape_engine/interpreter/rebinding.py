"""Statements after which names may mean anything: ``exec``, and ``from module import *`` of what cannot be read.

Names of a framework's modules and functions stay what they are: whoever binds ``np`` anew means the same thing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Any

from ..rule import MISSING, function
from ..syntax import FAILURES, children, descendants, parse_module
from ..value import Class, Dict, Function, Instance, Known, Module, Namespace, Scope, Unknown, Value
from . import scopes
from .collections_ import forget
from .core import Frame, Interpreter, module_scope
from .objects import HIDING, Attributes, attribute_names, known_base, user_classes

LONGEST = 10_000  # characters of a text that is run
OPEN = ".open"  # in a module's scope: it may have names that are not known
WRITES_PER_STEP = 16
NOT_RUN = (  # what is told apart by its place in a text, and what needs a call or a loop around it
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda,
    ast.Return, ast.Yield, ast.YieldFrom, ast.Await, ast.Break, ast.Continue, ast.Global, ast.Nonlocal,
)  # fmt: skip


def rebind_perhaps(it: Interpreter, scope: Scope, why: str) -> None:
    """Any name of a module or of a class body may have another value now, and the module any other name."""
    _doubt(it, scope.id, _bound(it, scope), why)


def change_perhaps(it: Interpreter, owner: Value, value: Value, why: str, names: str = "") -> None:
    """Some attribute of an object, a class or a module has another value now, one whose name matches the pattern ``names``."""
    owner = it.resolve(owner)
    if isinstance(owner, Unknown):
        for one in owner.of:
            if isinstance(one, Instance):
                change_perhaps(it, one, value, why, names)
    elif isinstance(owner, Module) or (isinstance(owner, Instance) and owner.cls is None):  # the latter is globals()
        uri = owner.uri if isinstance(owner, Module) else owner.id[0].removeprefix("module ")
        rebind_perhaps(it, module_scope(uri), why)
    elif isinstance(owner, (Class, Instance)):
        known = _attributes(it, owner)
        _doubt(it, owner.id, (name for name in known if not names or re.fullmatch(names, name)), why, value)
    if isinstance(owner, Instance) and owner.cls is not None:
        it.set(owner.id, ".names", Unknown(why))
        it.set(owner.id, HIDING, Unknown(why))
        if (rule := known_base(it, owner)) is not None:
            from .calls import context

            rule.set(context(it, None), owner, "", value)


def _doubt(it: Interpreter, owner: Any, names: Iterable[str], why: str, new: Value = MISSING) -> None:
    doubt = Unknown(why) if new is MISSING else new
    for name in names:
        it.step()
        value = it.get(owner, name)
        if value is not MISSING and not isinstance(value, (Known, Namespace)) and not _is_special(name):
            it.set(owner, name, it.join(value, doubt))
    it.set(owner, OPEN, True)


def _attributes(it: Interpreter, owner: Class | Instance) -> tuple[str, ...]:
    """The names of attributes that an object or a class may have by now, as far as they can be told."""
    names = _written(it, owner.id)
    if isinstance(owner, Instance):
        names.update(attribute_names(it, owner) or ())
    for cls in user_classes(it, owner.cls if isinstance(owner, Instance) else owner):
        definition: Any = None if cls.code is None else cls.code.node
        for node in descendants([definition]) if definition is not None else ():
            it.step()
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                names.add(node.attr)
        if cls == owner and definition is not None:
            names.update(scopes.names_bound(definition.body))
    return tuple(sorted(names))


def leave_unfinished(it: Interpreter, body: list[ast.stmt], why: str) -> None:
    """A unit was not followed to its end: what it may yet have bound or changed, by the functions that it names too."""
    scope, lost = module_scope(it.unit.partition("\n")[0]), Unknown(why)
    for name in scopes.names_bound(body):
        it.set(scope.id, name, lost)
    seen: set[Any] = set()
    parts: list[ast.AST] = list(body)
    for part in parts:  # grows while it is read
        it.step()
        parts += children(part)
        if isinstance(part, ast.Global):
            for name in part.names:
                it.set(scope.id, name, lost)
        if not isinstance(part, ast.Name) or part.id in seen:
            continue
        seen.add(part.id)
        value = it.get(scope.id, part.id)
        forget(it, value, why)
        classes = user_classes(it, value.cls if isinstance(value, Instance) else value)
        codes = [value.code] if isinstance(value, Function) else [one.code for one in classes if one.code is not None]
        parts += [code.node for code in codes if code not in seen]
        seen.update(codes)


def is_open(it: Interpreter, uri: str) -> bool:
    """Whether a module may have names that are not known."""
    return it.get(module_scope(uri).id, OPEN) is not MISSING


@function("builtins.exec", raw=True)
def exec_(call: Any, source: Value, globals: Value = None, locals: Value = None, **other: Value) -> Value:
    """A text that is known is run where the call stands; nothing is said about what is inside."""
    it: Interpreter = call.it
    scope = it.frame.scope
    module = module_scope(scope.module)
    for place in (globals, locals):
        if isinstance(place, Dict):
            it.set(place.id, ".items", Unknown("exec may have set items"))
    if isinstance(globals, Dict):
        return None
    if globals is None and isinstance(source, str) and _run(it, source, call.node):
        return None
    if it.frame.first is not MISSING:
        forget(it, it.frame.first, "exec may have changed it")
    for one in dict.fromkeys((scope, module) if scopes.is_class_scope(scope) else (module,)):
        rebind_perhaps(it, one, "exec may have bound it anew")
    return None


@function("builtins.locals", raw=True)
def locals_(call: Any) -> Value:
    """In a module's body the names of the module."""
    scope = call.it.frame.scope
    return Attributes(Instance(scope.id, None)) if scope.names is None else Unknown("the names of a call")


def _bound(it: Interpreter, scope: Scope) -> tuple[str, ...]:
    """The names that a scope may have by now."""
    if scope.names is not None:
        return tuple(sorted(scope.names))
    here = it.unit.partition("\n")[0] == scope.module
    above = it.get(("bound" if here else "names", scope.module), "")
    return tuple(sorted({*(above if isinstance(above, tuple) else ()), *_written(it, scope.id)}))


def _written(it: Interpreter, owner: Any) -> set[str]:
    """The names that the running unit has written of a scope or an object."""
    store, names = it.store, set[str]()
    while True:
        it.step(1 + len(store.writes) // WRITES_PER_STEP)
        names.update(name for place, name in store.writes if place == owner and name.isidentifier())
        if store.below is None:
            return names
        store = store.below


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _run(it: Interpreter, text: str, node: Any) -> bool:
    """Run a text as if it stood at a node, unless it cannot be told what it does there."""
    from .statements import execute_block

    it.step(len(text) // 16)
    if len(text) > LONGEST or node is None:
        return False
    try:
        body = parse_module(text)
    except SyntaxError:
        return True  # Python refuses it
    except FAILURES:
        return False
    parts = descendants(body)
    if any(isinstance(part, NOT_RUN) for part in parts):
        return False
    scope, bound = it.frame.scope, scopes.names_bound(body)
    if bound and scopes.is_class_scope(scope):
        return False
    if bound and scope.names is not None:  # the variables of a call are out of reach: these names are the text's own
        scope = Scope(it.new_id(), bound, scope, scope.module)
    for part in parts:
        ast.copy_location(part, node)
    it.frames.append(Frame(scope, it.frame.unit, first=it.frame.first))
    try:
        with it.silence():
            execute_block(it, body)
    finally:
        it.frames.pop()
    return True
