"""The way to the running code: how the conditions on it, which nobody can answer, were answered.

Conditions may hang together: where ``if new == old: return`` came before, the branch of ``if new == "wide"`` is only for
calls in which ``old`` is another.  What a branch assumes is held against the answers before it: a branch that contradicts
one of them is never run, and in one of which that is not known nothing is claimed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import NamedTuple

from ..syntax import descendants
from ..value import Assumed, Scope, Value
from . import scopes
from .core import Interpreter
from .expressions import evaluate, truth_of
from .knowledge import assume_condition
from .store import Store

Names = dict[str, Value]


class Answer(NamedTuple):
    """A condition without ``not``, how it was answered, and what its names were then."""

    test: ast.expr
    holds: bool
    scope: Scope
    names: Names


class Way(NamedTuple):
    """A branch that reached its end: which one, the state there, and what it assumed of names, with what they were."""

    holds: bool
    end: Store
    assumed: dict[str, tuple[Value, Value]]

    def forgetful(self, it: Interpreter) -> Store:
        """The state without what only this branch assumed."""
        it.store = self.end
        for name, (value, before) in self.assumed.items():
            if scopes.lookup(it, name) is value:
                scopes.assign(it, name, before)
        return it.store


def answered(it: Interpreter, test: ast.expr) -> bool | None:
    """How the same condition was answered before, if all that it asks for is as it was."""
    test, positive = _positive(test, True)
    asked, scope = _names(test), it.frame.scope
    for answer in reversed(it.answers):
        if (
            answer.scope is scope
            and answer.names.keys() == asked
            and _question(test) is not None
            and _question(answer.test) == _question(test)
            and _stands(it, answer, {})
        ):
            return answer.holds is positive
    return None


def take(it: Interpreter, test: ast.expr, holds: bool, run: Callable[[], bool]) -> Way | None:
    """Run the branch for which a condition holds, or does not; None where its end is not reached."""
    before = {name: scopes.lookup(it, name) for name in _names(test)}
    assume_condition(it, test, holds)
    after = {name: scopes.lookup(it, name) for name in before}
    assumed = {name: (after[name], value) for name, value in before.items() if after[name] is not value}
    against = _contradicts(it, before, assumed.keys() | _learn_truth(it, test, holds))
    if against:
        return None
    mark = len(it.answers)
    answer(it, test, holds, before)
    if against is None:
        it.catching.append(frozenset({"*"}))
    try:
        alive = run()
        return Way(holds, it.store, assumed) if alive else None
    finally:
        if against is None:
            it.catching.pop()
        del it.answers[mark:]


def answer(it: Interpreter, test: ast.expr, holds: bool, names: Names | None = None) -> None:
    """In the rest of the block a condition is answered like this; ``names`` is what its names were, if not what they are."""
    test, holds = _positive(test, holds)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) is holds:
        for part in test.values:
            answer(it, part, holds, names)
        return
    asked = _names(test)
    if asked:
        known = {name: scopes.lookup(it, name) if names is None else names[name] for name in asked}
        it.answers.append(Answer(test, holds, it.frame.scope, known))


def _learn_truth(it: Interpreter, test: ast.expr, holds: bool) -> set[str]:
    """A parameter that is asked for as it is: it is true from here on, for whom it is handed to as well."""
    test, holds = _positive(test, holds)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) is holds:
        return set[str]().union(*(_learn_truth(it, part, holds) for part in test.values))
    value = scopes.lookup(it, test.id) if isinstance(test, ast.Name) else None
    if not isinstance(test, ast.Name) or not isinstance(value, Assumed) or it.resolve(value) is not value:
        return set()
    it.set(value.id, "truth", holds)
    return {test.id}


def _contradicts(it: Interpreter, before: Names, learned: set[str]) -> bool | None:
    """Whether what was learned about names contradicts an answer; None where it may."""
    doubt = False
    for one in it.answers if learned else ():
        if one.scope is it.frame.scope and not learned.isdisjoint(one.names) and _stands(it, one, before):
            holds = _once_more(it, one.test)
            if holds is not None and holds is not one.holds:
                return True
            doubt = doubt or holds is None
    return None if doubt else False


def _stands(it: Interpreter, one: Answer, before: Names) -> bool:
    """Whether the names of a condition are what they were, but for what was learned about them."""
    return all((before[n] if n in before else scopes.lookup(it, n)) is value for n, value in one.names.items())


def _once_more(it: Interpreter, test: ast.expr) -> bool | None:
    """The answer to a condition; nothing of what asking does remains."""
    store, it.store = it.store, it.store.fork()
    try:
        with it.silence():
            return truth_of(it, evaluate(it, test))
    finally:
        it.store = store


def _positive(test: ast.expr, holds: bool) -> tuple[ast.expr, bool]:
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, holds = test.operand, not holds
    return test, holds


def _names(test: ast.expr) -> frozenset[str]:
    """The names that a condition asks for themselves, not for an attribute or a call; computed once a node."""
    found: frozenset[str] | None = test.__dict__.get("_asked")
    if found is None:
        nodes = descendants([test])
        beside = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
        beside |= {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        names = (node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in beside)
        found = test.__dict__["_asked"] = frozenset(names)
    return found


def _question(test: ast.expr) -> str | None:
    """What a condition asks, if only another value of one of its names can change the answer; computed once a node."""
    if "_question" not in test.__dict__:
        plain = all(isinstance(node, _PLAIN) for node in descendants([test]))
        test.__dict__["_question"] = ast.dump(test) if plain else None
    found: str | None = test.__dict__["_question"]
    return found


_PLAIN = (ast.Name, ast.Constant, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.cmpop)
