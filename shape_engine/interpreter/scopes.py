"""Names and where they are bound: Python's scoping rules."""

from __future__ import annotations

import ast
from typing import Any, ClassVar

from ..rule import MISSING, REGISTRY
from ..syntax import children, descendants
from ..value import Known, Scope, Unknown, Value
from .core import Interpreter

MODULE_NAMES = {
    "__doc__": None,
    "__file__": Unknown("__file__"),
    "__spec__": None,
    "Ellipsis": ...,
}


def lookup(it: Interpreter, name: str) -> Value:
    """The value of a name as the running code sees it."""
    scope: Scope | None = it.frame.scope
    while scope is not None:
        if scope.names is None or name in scope.names:
            value = it.get(scope.id, name)
            if value is not MISSING:
                return value
            if scope.names is not None and not is_class_scope(scope):
                return Unknown(f"{name} has no value yet")
        scope = scope.parent
    if name in it.settings.assume:
        return it.settings.assume[name]
    if name == "__name__":
        return it.get(("name", it.frame.scope.module), "")
    if name == "__package__":
        return _package(it)
    if name in MODULE_NAMES:
        return MODULE_NAMES[name]
    if REGISTRY.find(f"builtins.{name}") is not None:
        return Known(f"builtins.{name}")
    if name in BUILTIN_NAMES:
        return Known(f"builtins.{name}")
    return Unknown(f"{name} is not defined here")


def _package(it: Interpreter) -> Value:
    """``__package__``: the module itself where it is one."""
    module = it.frame.scope.module
    name = it.get(("name", module), "")
    if not isinstance(name, str) or name == "__main__":
        return Unknown("__package__")
    return name if module.endswith("/__init__.py") else name.rpartition(".")[0]


def assign(it: Interpreter, name: str, value: Value) -> None:
    """Bind a name in the scope that the running code binds it in."""
    it.set(binding_scope(it, name).id, name, value)


def binding_scope(it: Interpreter, name: str) -> Scope:
    """The scope in which an assignment to the name takes effect."""
    scope = it.frame.scope
    while scope.names is not None and name not in scope.names and scope.parent is not None:
        scope = scope.parent
    return scope


def is_class_scope(scope: Scope) -> bool:
    """Whether names of this scope are invisible to the functions inside it."""
    return scope.names is not None and "__class_body__" in scope.names


def local_names(node: Any) -> frozenset[str]:
    """The names that a function's own body binds (its parameters included), computed once a node."""
    cached = node.__dict__.get("_local_names")
    if cached is None:
        collector = _Binder()
        arguments = node.args
        for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            collector.bound.add(parameter.arg)
        for extra in (arguments.vararg, arguments.kwarg):
            if extra is not None:
                collector.bound.add(extra.arg)
        for statement in node.body if isinstance(node.body, list) else [node.body]:
            collector.visit(statement)
        cached = node._local_names = frozenset(collector.bound - collector.elsewhere)
    return cached


def class_names(node: ast.ClassDef) -> frozenset[str]:
    """The names that a class body binds, and the mark of a class scope."""
    return names_bound(node.body) | {"__class_body__"}


def names_bound(body: list[ast.stmt]) -> frozenset[str]:
    """The names that statements bind where they stand."""
    collector = _Binder()
    for statement in body:
        collector.visit(statement)
    return frozenset(collector.bound - collector.elsewhere)


def comprehension_names(node: Any) -> frozenset[str]:
    """The loop variables of a comprehension."""
    collector = _Binder()
    for generator in node.generators:
        collector.visit(generator.target)
    return frozenset(collector.bound)


def has_yield(node: Any) -> bool:
    """Whether a function is a generator."""
    cached = node.__dict__.get("_has_yield")
    if cached is None:
        finder = _YieldFinder()
        for statement in node.body if isinstance(node.body, list) else [node.body]:
            finder.visit(statement)
        cached = node._has_yield = finder.found
    return cached


class _Walker:
    """A visitor like ``ast.NodeVisitor`` that looks its methods up once a type: most nodes of a tree have none."""

    _methods: ClassVar[dict[type, str]] = {}

    def __init_subclass__(cls) -> None:
        names = (name for base in reversed(cls.__mro__) for name in vars(base) if name.startswith("visit_"))
        cls._methods = {getattr(ast, name.removeprefix("visit_")): name for name in names}

    def visit(self, node: ast.AST) -> None:
        method = self._methods.get(type(node))
        if method is None:
            self.generic_visit(node)
        else:
            getattr(self, method)(node)

    def generic_visit(self, node: ast.AST) -> None:
        methods, inside = self._methods, children(node)
        for child in inside:  # grows while it is read
            method = methods.get(type(child))
            if method is None:
                inside += children(child)
            else:
                getattr(self, method)(child)


class _Binder(_Walker):
    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.elsewhere: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.bound.add(node.id)

    def visit_FunctionDef(self, node: Any) -> None:
        self.bound.add(node.name)

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        pass

    def _comprehension(self, node: Any) -> None:
        for child in descendants([node]):
            if isinstance(child, ast.NamedExpr):
                self.bound.add(child.target.id)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def _import(self, node: Any) -> None:
        for alias in node.names:
            self.bound.add(alias.asname or alias.name.partition(".")[0])

    visit_Import = visit_ImportFrom = _import

    def visit_Global(self, node: Any) -> None:
        self.elsewhere.update(node.names)

    visit_Nonlocal = visit_Global

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.bound.add(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: Any) -> None:
        if node.name:
            self.bound.add(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: Any) -> None:
        if node.name:
            self.bound.add(node.name)

    def visit_MatchMapping(self, node: Any) -> None:
        if node.rest:
            self.bound.add(node.rest)
        self.generic_visit(node)


class _YieldFinder(_Walker):
    found = False

    def visit_Yield(self, node: Any) -> None:
        self.found = True

    visit_YieldFrom = visit_Yield

    def visit_FunctionDef(self, node: Any) -> None:
        pass

    visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = visit_FunctionDef


BUILTIN_NAMES = frozenset(name for name in dir(__import__("builtins")) if not name.startswith("_"))
