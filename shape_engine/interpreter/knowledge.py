"""What a program says of its values without computing it: conditions, ``# shape:`` comments, annotations."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import Any

from ..dim import Dim, Symbol, is_one_length, is_symbolic, substitute, symbols
from ..rule import MISSING
from ..shape import Shape, Unranked
from ..syntax import descendants
from ..value import Assumed, Float, Known, Namespace, Tensor, Unknown, Value
from . import scopes
from .core import Interpreter
from .expressions import evaluate
from .objects import is_plain_member

QUESTIONS = frozenset({"len", "int", "size", "dim", "ndimension"})
ARRAYS = {"torch.Tensor": "torch", "numpy.ndarray": "numpy", "tf.Tensor": "tf", "keras.KerasTensor": "keras"}
STATED = re.compile(r"^\(?\s*((?:\w+|\?)\s*(?:,\s*(?:\w+|\?)\s*)*)?,?\s*\)?$")


def assume_condition(it: Interpreter, test: ast.expr, holds: bool) -> None:
    """Learn from a condition that is taken to hold: what is equal to a constant, to a length, or to None."""
    _doubt_numbers(it, test)
    _learn(it, test, holds)


def _learn(it: Interpreter, test: ast.expr, holds: bool) -> None:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        _learn(it, test.operand, not holds)
        return
    if isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.And) is holds:
            for part in test.values:
                _learn(it, part, holds)
        return
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return
    if type(test.ops[0]) not in ((ast.Is, ast.Eq) if holds else (ast.IsNot, ast.NotEq)):
        return
    left, right = test.left, test.comparators[0]
    if not _only_asks(left) or not _only_asks(right):
        return
    with it.silence():
        first, second = evaluate(it, left), evaluate(it, right)
    if isinstance(left, ast.Name) and (
        second is None or isinstance(second, (bool, int, str)) or is_plain_member(it, second)
    ):
        current = scopes.lookup(it, left.id)
        if isinstance(current, (Unknown, Assumed)) or (is_symbolic(current) and second is None):
            scopes.assign(it, left.id, second)
    if type(test.ops[0]) in (ast.Eq, ast.NotEq):
        for one, other, node in ((first, second, left), (second, first, right)):
            _learn_rank(it, node, other)
            _learn_equal(it, one, other)


def _doubt_numbers(it: Interpreter, test: ast.expr) -> None:
    """A number in a condition that is not known may stand there to be told from a list: nothing is refused of it then."""
    for node in descendants([test]):
        if isinstance(node, ast.Name) and isinstance(value := scopes.lookup(it, node.id), Float):
            scopes.assign(it, node.id, Unknown(value.reason, value.of))


def stated_shape(text: str, origin: Any) -> Shape | None:
    """The shape that a comment gives, ``(b, 28, 28, 1)``: a name is the same length wherever it stands.

    >>> print(stated_shape("(b, 28, ?)", "here"))
    (b, 28, ?)
    """
    match = STATED.match(text.strip())
    if match is None:
        return None
    return _shape((match[1] or "").replace(",", " ").split(), origin)


def declared(it: Interpreter, annotation: ast.expr, origin: Any) -> Tensor | None:
    """The array of a jaxtyping annotation, ``Float[Tensor, "b c h w"]``."""
    if not isinstance(annotation, ast.Subscript) or not isinstance(annotation.slice, ast.Tuple):
        return None
    parts = annotation.slice.elts
    if len(parts) != 2 or not isinstance(parts[1], ast.Constant) or not isinstance(parts[1].value, str):
        return None
    with it.silence():
        array = evaluate(it, parts[0])
    target = array.target if isinstance(array, Known) else array.path if isinstance(array, Namespace) else ""
    if target not in ARRAYS:
        return None
    shape = _shape(parts[1].value.split(), origin)
    return Tensor(Unranked("its annotation leaves the rank open") if shape is None else shape, None, ARRAYS[target])


def origin_of(it: Interpreter) -> Any:
    """What makes a name in a ``# shape:`` comment one length: the call, or the module, that it stands in."""
    return ("stated", it.frame.scope.id)


def with_stated_shape(it: Interpreter, value: Value, remark: str, origin: Any) -> Value:
    """A value of which a comment tells the shape; only what is not known by itself is taken from it."""
    shape = stated_shape(remark, origin)
    if shape is None:
        return value
    if isinstance(value, Tensor):
        return value if value.ranked else replace(value, shape=shape)
    kind = _array_kind(it)
    return Tensor(shape, None, kind) if isinstance(value, (Unknown, Assumed)) and kind else value


def _array_kind(it: Interpreter) -> str | None:
    """Whose arrays a module works with, if that is clear from what it imports."""
    scope = it.frame.scope
    while scope.parent is not None:
        scope = scope.parent
    names = ("torch", "nn", "F", "tf", "tensorflow", "keras", "layers", "np", "numpy")
    roots = set()
    for name in names:
        value = it.get(scope.id, name)
        if isinstance(value, Namespace):
            roots.add(value.path.partition(".")[0])
    if "torch" in roots:
        return "torch" if not roots & {"tf", "keras"} else None
    return "numpy" if roots else None


def _shape(parts: list[str], origin: Any) -> Shape | None:
    dims: list[Dim] = []
    for axis, part in enumerate(parts):
        part = part.rpartition("=")[2]
        if part.isdigit():
            dims.append(int(part))
        elif part.isidentifier() and part != "_" and part != "None":
            dims.append(Symbol(part, origin))
        elif part.startswith(("*", "...")):
            return None
        else:
            dims.append(Symbol(None, (origin, axis, part)))
    return Shape(dims)


def _only_asks(node: ast.expr) -> bool:
    """Whether evaluating an expression once more does nothing."""
    for part in descendants([node]):
        if isinstance(part, ast.Call):
            name = part.func.id if isinstance(part.func, ast.Name) else getattr(part.func, "attr", "")
            if name not in QUESTIONS:
                return False
        elif isinstance(part, (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom, ast.Lambda, ast.ListComp)):
            return False
    return True


def _learn_rank(it: Interpreter, node: ast.expr, rank: Value) -> None:
    """``x.ndim == 4``, ``x.dim() == 4``, ``len(x.shape) == 4``."""
    if not isinstance(rank, int) or isinstance(rank, bool) or not 0 <= rank <= 32:
        return
    subject: Any = None
    if isinstance(node, ast.Attribute) and node.attr == "ndim":
        subject = node.value
    elif (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("dim", "ndimension")
    ):
        subject = node.func.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len" and node.args:
        inner = node.args[0]
        subject = inner.value if isinstance(inner, ast.Attribute) and inner.attr == "shape" else None
    if isinstance(subject, ast.Name):
        value = it.resolve(scopes.lookup(it, subject.id))
        if isinstance(value, Tensor) and not value.ranked:
            scopes.assign(it, subject.id, replace(value, shape=Shape(it.fresh() for _ in range(rank))))


def _learn_equal(it: Interpreter, one: Value, other: Value) -> None:
    """A length that nothing fixed is another one: so it is in everything that the running code can name."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        for a, b in zip(one, other, strict=False) if len(one) == len(other) else ():
            _learn_equal(it, a, b)
            _learn_equal(it, b, a)
        return
    if not is_symbolic(one) or not isinstance(other, int) or isinstance(other, bool):
        return
    unknown = set(symbols(one))
    symbol = unknown.pop() if len(unknown) == 1 else None
    rest = 0 if symbol is None else one - symbol  # of h - 2 == 30: h is 32
    if symbol is None or not isinstance(rest, int) or not is_one_length(symbol) or other - rest < symbol.least:
        return
    lengths: dict[Any, Dim] = {symbol: other - rest}
    scope = it.frame.scope
    names = scope.names if scope.names is not None else [n for o, n in it.store.since(None) if o == scope.id]  # type: ignore[arg-type]
    for name in names:
        value = it.get(scope.id, name)
        if isinstance(value, Assumed):
            decided = it.get(value.id, "is")
            if isinstance(decided, Tensor):
                it.set(value.id, "is", _with(decided, lengths))
        elif value is not MISSING:
            learned = _with(value, lengths)
            if learned is not value:
                it.set(scope.id, name, learned)


def _with(value: Value, lengths: dict[Any, Dim]) -> Value:
    """The value with what is known now in place of symbols; the same object where nothing changes."""
    if isinstance(value, Tensor):
        if not isinstance(value.shape, Shape):
            return value
        shape = Shape(substitute(dim, lengths) for dim in value.shape)
        return value if shape == value.shape else replace(value, shape=shape)
    if is_symbolic(value):
        changed = substitute(value, lengths)
        return value if changed == value else changed
    if type(value) is tuple:
        items = tuple(_with(item, lengths) for item in value)
        return value if all(a is b for a, b in zip(items, value, strict=True)) else items
    return value
