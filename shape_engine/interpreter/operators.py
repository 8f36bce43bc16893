"""Operators, comparisons, truth and subscripts: Python's own values here, tensors by their rules."""

from __future__ import annotations

import ast
import operator
from dataclasses import replace
from typing import Any

from ..dim import bounds, is_dim, is_symbolic, surely_differ, surely_equal, surely_less
from ..rule import MISSING, REGISTRY
from ..value import (
    Assumed,
    BoundMethod,
    Class,
    Dict,
    Function,
    Instance,
    Known,
    List,
    Module,
    Namespace,
    OtherDict,
    Partial,
    Range,
    Set,
    Slice,
    Stream,
    Tensor,
    Unknown,
    Value,
    View,
    objects_in,
)  # fmt: skip
from .core import Interpreter
from .join import same
from .limits import HUGE, LONG_TEXT, MAX_BITS, MAX_TEXT, bounded, fit, format_fits

TENSOR_CLASSES = {"keras": "keras.KerasTensor", "tf": "tf.Tensor", "numpy": "numpy.ndarray", "torch": "torch.Tensor"}
KIND_ORDER = ("keras", "torch", "tf", "numpy")
MISSING_KEY = Unknown("a key that is not there")

SYMBOLIC_STEPS = 8  # what arithmetic on symbolic lengths counts

BINARY: dict[type, tuple[str, Any]] = {
    ast.Add: ("__add__", operator.add),
    ast.Sub: ("__sub__", operator.sub),
    ast.Mult: ("__mul__", operator.mul),
    ast.Div: ("__truediv__", operator.truediv),
    ast.FloorDiv: ("__floordiv__", operator.floordiv),
    ast.Mod: ("__mod__", operator.mod),
    ast.Pow: ("__pow__", operator.pow),
    ast.MatMult: ("__matmul__", operator.matmul),
    ast.BitAnd: ("__and__", operator.and_),
    ast.BitOr: ("__or__", operator.or_),
    ast.BitXor: ("__xor__", operator.xor),
    ast.LShift: ("__lshift__", operator.lshift),
    ast.RShift: ("__rshift__", operator.rshift),
}
UNARY: dict[type, tuple[str, Any]] = {
    ast.USub: ("__neg__", operator.neg),
    ast.UAdd: ("__pos__", operator.pos),
    ast.Invert: ("__invert__", operator.invert),
}
COMPARE: dict[type, tuple[str, Any]] = {
    ast.Eq: ("__eq__", operator.eq),
    ast.NotEq: ("__ne__", operator.ne),
    ast.Lt: ("__lt__", operator.lt),
    ast.LtE: ("__le__", operator.le),
    ast.Gt: ("__gt__", operator.gt),
    ast.GtE: ("__ge__", operator.ge),
}


def binary(it: Interpreter, op: type, left: Value, right: Value, node: ast.AST) -> Value:
    """``left op right``."""
    dunder, function = BINARY[op]
    left, right = plain_member(it, it.resolve(left)), plain_member(it, it.resolve(right))
    kind = tensor_kind(left, right)
    if kind is not None:
        return tensor_operation(it, kind, dunder, (left, right), node)
    it.step()
    if isinstance(left, (int, float, complex, str, bytes)) and isinstance(right, (int, float, complex, str, bytes)):
        return bounded(it, _constants(op, function, left, right))
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        if op in (ast.Add, ast.Mult) and (isinstance(left, (List, tuple)) or isinstance(right, (List, tuple))):
            return Unknown("a sequence with an unknown part")
        return left if isinstance(left, Unknown) else right
    if is_dim(left) and is_dim(right):
        it.step(SYMBOLIC_STEPS)
        return _symbolic(function, left, right)
    if isinstance(left, Instance) or isinstance(right, Instance):
        return _instances(it, dunder, left, right, node)
    sequence = _sequences(it, op, left, right)
    if sequence is not MISSING:
        return bounded(it, sequence)
    return Unknown(f"{dunder.strip('_')} of values that are not followed")


def in_place(it: Interpreter, op: type, current: Value, right: Value, node: ast.AST) -> Value:
    """``current op= right``: what the target is afterwards; what can change is changed where it is."""
    from .collections_ import call_method, forget

    current, right = it.resolve(current), it.resolve(right)
    if isinstance(current, Unknown):
        forget(it, current, "it may be changed by an operator")
        return current
    if isinstance(current, List) and op is ast.Add:
        call_method(it, current, "extend", [right], {})
        return current
    if isinstance(current, (List, Set, Dict)):
        result = binary(it, op, current, right, node)
        known = type(result) is type(current)
        it.set(current.id, ".items", it.get(result.id, ".items") if known else Unknown("changed by an operator"))
        return current
    if isinstance(current, Instance):
        from .calls import call_value
        from .objects import find_method

        method = find_method(it, current, "__i" + BINARY[op][0][2:])
        if method is not MISSING:
            return call_value(it, method, [right], {}, node)
    result = binary(it, op, current, right, node)
    if isinstance(current, Tensor) and current.kind in ("numpy", "torch"):
        from .memory import renewed, wrote

        if not isinstance(result, Tensor):
            wrote(it, current)
            return replace(current, constant=None, made=None)
        # the array stays the one that it was: another shape or dtype would be an exception
        shape = current.shape if current.ranked else result.shape
        kept = replace(result, shape=shape, dtype=current.dtype, kind=current.kind)
        return renewed(it, current, kept, it.site(node))
    return result


def unary(it: Interpreter, op: type, value: Value, node: ast.AST) -> Value:
    """``not value``, ``-value``, ``+value``, ``~value``."""
    value = it.resolve(value)
    if op is ast.Not:  # whatever it is, it has a truth
        holds = truth(it, value)
        return Unknown("a condition that is not known") if holds is None else not holds
    dunder, function = UNARY[op]
    value = plain_member(it, value)
    if isinstance(value, Tensor):
        return tensor_operation(it, value.kind, dunder, (value,), node)
    if isinstance(value, (int, float, complex)) or (is_symbolic(value) and op is not ast.Invert):
        try:
            return function(value)
        except TypeError:
            return Unknown("an operation that Python refuses")
    if isinstance(value, Instance):
        return _instances(it, dunder, value, MISSING, node)
    return value if isinstance(value, Unknown) else Unknown("an operator on an unknown value")


def compare(it: Interpreter, op: type, left: Value, right: Value, node: ast.AST) -> Value:
    """``left op right`` for a comparison, ``is`` or ``in``: True, False, a tensor, or Unknown."""
    left, right = it.resolve(left), it.resolve(right)
    if op in (ast.Is, ast.IsNot):
        answer = identical(left, right)
    elif op in (ast.In, ast.NotIn):
        answer = contains(it, right, left)
    else:
        kind = tensor_kind(left, right)
        if kind is not None:
            return tensor_operation(it, kind, COMPARE[op][0], (left, right), node)
        left, right = plain_member(it, left), plain_member(it, right)
        if isinstance(left, Instance) or isinstance(right, Instance):
            found = _compared(it, op, left, right, node)
            if found is not MISSING:
                return found
        answer = ordered(it, op, left, right)
    if answer is None:
        return Unknown("a comparison that is not known")
    return not answer if op in (ast.IsNot, ast.NotIn) else answer


SET_METHODS = {
    ast.BitOr: "union",
    ast.BitAnd: "intersection",
    ast.Sub: "difference",
    ast.BitXor: "symmetric_difference",
}
REFLECTED = {"__lt__": "__gt__", "__gt__": "__lt__", "__le__": "__ge__", "__ge__": "__le__"}


def _compared(it: Interpreter, op: type, left: Value, right: Value, node: ast.AST) -> Value:
    """A comparison by a method of the user's, MISSING if they define none."""
    from .calls import call_value
    from .objects import special_method

    dunder = COMPARE[op][0]
    for obj, other, name in ((left, right, dunder), (right, left, REFLECTED.get(dunder, dunder))):
        if not isinstance(obj, Instance):
            continue
        method = special_method(it, obj, name)
        if method is MISSING and name == "__ne__":
            method = special_method(it, obj, "__eq__")
            if method is not MISSING:
                holds = truth(it, call_value(it, method, [other], {}, node))
                return Unknown("a comparison that is not known") if holds is None else not holds
        if method is not MISSING:
            return call_value(it, method, [other], {}, node)
    return MISSING


def _same_fields(it: Interpreter, left: Instance, right: Instance) -> bool | None:
    """Equality of two objects without ``__eq__``: of dataclasses by their fields, else identity."""
    if left == right:
        return True
    names = it.get(left.id, ".fields")
    if not isinstance(names, tuple) or it.get(right.id, ".fields") is MISSING:
        return False if isinstance(left.cls, Class) and isinstance(right.cls, Class) else None
    if left.cls != right.cls:
        return False
    answers = [equal(it, it.get(left.id, name), it.get(right.id, name)) for name in names]
    return False if False in answers else None if None in answers else True


def ordered(it: Interpreter, op: type, left: Value, right: Value) -> bool | None:
    """Equality and order of Python values; None on doubt."""
    if op is ast.Eq:
        return equal(it, left, right)
    if op is ast.NotEq:
        answer = equal(it, left, right)
        return None if answer is None else not answer
    numbers = (int, float)
    if (isinstance(left, numbers) and isinstance(right, numbers)) or (isinstance(left, str) and isinstance(right, str)):
        return bool(COMPARE[op][1](left, right))
    if is_dim(left) and is_dim(right):
        if op in (ast.Lt, ast.GtE):
            if surely_less(left, right):
                return op is ast.Lt
            if surely_equal(left, right) or surely_less(right, left):
                return op is ast.GtE
            return (op is ast.GtE) if surely_less(right, left + 1) else None
        if surely_less(right, left):
            return op is ast.Gt
        if surely_equal(left, right) or surely_less(left, right + 1):
            return op is ast.LtE
        return None
    if isinstance(left, Set) and isinstance(right, Set):
        from .collections_ import iterate

        a, b = iterate(it, left), iterate(it, right)
        if a is None or b is None or not all(map(is_plain, (*a, *b))):
            return None
        return bool(COMPARE[op][1](set(a), set(b)))
    if isinstance(left, tuple) and isinstance(right, tuple) and is_plain(left) and is_plain(right):
        try:
            return bool(COMPARE[op][1](left, right))
        except TypeError:
            return None
    return None


def equal(it: Interpreter, left: Value, right: Value) -> bool | None:
    """``left == right`` for Python values, or None."""
    it.step()
    if (
        isinstance(left, Unknown)
        or isinstance(right, Unknown)
        or isinstance(left, Assumed)
        or isinstance(right, Assumed)
    ):
        return None
    left, right = plain_member(it, left), plain_member(it, right)
    if isinstance(left, View) or isinstance(right, View):
        kinds = (View, Set, Instance)
        return None if isinstance(left, kinds) and isinstance(right, kinds) else False
    if isinstance(left, Instance) or isinstance(right, Instance):
        found = _compared(it, ast.Eq, left, right, ast.Pass())
        if found is not MISSING:
            return truth(it, found)
        if isinstance(left, Instance) and isinstance(right, Instance):
            return _same_fields(it, left, right)
        known = all(
            (isinstance(v, Instance) and it.get(v.id, "_name_") is not MISSING) or is_plain(v) for v in (left, right)
        )
        if known:  # a member of an enum
            return False
        known = all(v is None or not isinstance(v, Instance) or isinstance(v.cls, Class) for v in (left, right))
        return False if known and (left is None or right is None or _is_closed(it, left, right)) else None
    if is_symbolic(left) or is_symbolic(right):
        if surely_equal(left, right):
            return True
        if right is None or left is None:
            return identical(left, right)
        if surely_differ(left, right) or not (is_dim(left) and is_dim(right)):
            return False
        return None
    if isinstance(left, tuple) and isinstance(right, tuple):
        return _equal_items(it, left, right)
    if isinstance(left, (List, Set, Dict)) and type(left) is type(right):
        a, b = it.get(left.id, ".items"), it.get(right.id, ".items")
        if isinstance(a, Unknown) or isinstance(b, Unknown):
            return None
        if isinstance(left, Stream):
            return left == right
        if isinstance(left, List):
            return _equal_items(it, a, b)
        if isinstance(left, Set) and all(is_plain(x) for x in (*a, *b)):
            return set(a) == set(b)
        if type(left) is Dict and all(is_plain(key) for key, _ in (*a, *b)):
            return _equal_pairs(it, a, b)
        return True if same(a, b) else None
    if isinstance(left, Dict) and isinstance(right, Dict) and Dict in (type(left), type(right)):
        a, b = it.get(left.id, ".items"), it.get(right.id, ".items")
        known = isinstance(a, tuple) and isinstance(b, tuple) and all(is_plain(key) for key, _ in (*a, *b))
        return _equal_pairs(it, a, b) if known else None
    if isinstance(left, (List, Dict)) and isinstance(right, (List, Dict)):
        return left == right if Stream in (type(left), type(right)) else None
    if isinstance(left, (Tensor,)) or isinstance(right, (Tensor,)):
        return None
    try:
        return bool(left == right)
    except Exception:  # values of ours compare by content; anything odd is simply not known
        return None


def _is_closed(it: Interpreter, *values: Value) -> bool:
    """Whether the classes of these objects are the user's through and through."""
    from .objects import mro

    return all(isinstance(base, Class) for v in values if isinstance(v, Instance) for base in mro(it, v.cls))


def identical(left: Value, right: Value) -> bool | None:
    """``left is right``."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, (Unknown, Assumed)):
            return None
        if one is None and is_symbolic(other):
            # a length that nobody knows may be None in the framework; one with a name is an int
            return None if any(s.name is None for s in _symbols(other)) else False
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        if not isinstance(left, Tensor) or not isinstance(right, Tensor):
            return False
        # symbolic tensors that came to be otherwise are two
        apart = left.symbolic and right.symbolic and None not in (left.made, right.made) and left.made != right.made
        return True if left is right else False if apart else None
    if isinstance(left, (tuple, str, float, bytes)) or (
        isinstance(left, int) and not isinstance(left, bool) and not -6 < left < 257
    ):
        return None if same(left, right) else False
    return same(left, right)


def contains(it: Interpreter, container: Value, item: Value) -> bool | None:
    """``item in container``."""
    from .collections_ import iterate

    if isinstance(container, str):
        return item in container if isinstance(item, str) else None
    if isinstance(container, Instance):
        return _instance_contains(it, container, item)
    if isinstance(container, View) and container.part == 0:
        container = container.mapping
    if isinstance(container, Class):
        container = it.get(container.id, ".members")
    if isinstance(container, Stream):
        return _searched(it, container, item)
    items = iterate(it, container)
    if items is None:
        return None
    answers = [equal(it, item, other) for other in items]
    if True in answers:
        return True
    return None if None in answers else False


def _searched(it: Interpreter, stream: Stream, item: Value) -> bool | None:
    """``item in iterator``: it takes items until it finds one."""
    from .generators import LOST, abandon, pulled

    for other in pulled(it, stream):
        holds = None if other is LOST else equal(it, item, other)
        if holds is None:
            abandon(it, stream)
        if holds is not False:
            return holds
    return False


def truth(it: Interpreter, value: Value) -> bool | None:
    """``bool(value)``, or None where it is not known."""
    value = it.resolve(value)
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes, tuple)):
        return bool(value)
    if is_symbolic(value):
        least, greatest = bounds(value)
        if (least is not None and least > 0) or (greatest is not None and greatest < 0):
            return True
        return None
    if isinstance(value, View):
        value = value.mapping
    if isinstance(value, Stream):
        return True
    if isinstance(value, (List, Set, Dict)):
        items = it.get(value.id, ".items")
        return None if isinstance(items, Unknown) else bool(items)
    if isinstance(value, Range):
        return surely_less(value.start, value.stop) if value.step == 1 and is_dim(value.stop) else None
    if isinstance(value, (Function, Class, Module, Namespace, Known, BoundMethod, Partial, Slice)):
        return True
    if isinstance(value, Instance):
        return _instance_truth(it, value)
    if value is ...:
        return True
    if isinstance(value, Assumed):
        answer = it.get(value.id, "truth")
        return answer if isinstance(answer, bool) else None
    return None


def subscript(it: Interpreter, container: Value, key: Value, node: ast.AST) -> Value:
    """``container[key]``."""
    from .collections_ import call_method, dict_items, get_item, missing_item, sequence_item
    from .objects import Attributes

    container = it.resolve(container)
    key = plain_member(it, it.resolve(key)) if not isinstance(container, Dict) else it.resolve(key)
    if isinstance(container, Tensor):
        return tensor_operation(it, container.kind, "__getitem__", (container, key), node)
    if isinstance(container, (tuple, str, bytes, Range)):
        return sequence_item(it, container, key)
    if isinstance(container, List):
        items = it.get(container.id, ".items")
        if not isinstance(items, tuple):
            return Unknown("an item of a list that is not known", items.of if isinstance(items, Unknown) else ())
        result = sequence_item(it, items, key)
        if isinstance(key, Slice) and isinstance(result, tuple):
            from .expressions import new_container

            return new_container(it, List, result)
        return result
    if isinstance(container, Dict):
        pairs = dict_items(it, container)
        if (
            isinstance(container, OtherDict)
            and pairs is not None
            and not (isinstance(key, Unknown) or is_symbolic(key))
        ):
            found = get_item(it, pairs, key, MISSING_KEY)
            return missing_item(it, container, pairs, key) if found is MISSING_KEY else found
        found = get_item(it, pairs, key)
        if (
            isinstance(found, Unknown)
            and not found.of
            and (pairs is None or isinstance(key, Unknown) or is_symbolic(key))
        ):
            inside = it.get(container.id, ".items") if pairs is None else tuple(value for _, value in pairs)
            return Unknown(found.reason, objects_in(inside))
        return found
    if isinstance(container, Attributes):
        found = call_method(it, container, "get", [key], {})
        return Unknown("an attribute that is not there") if found is None else found
    if isinstance(container, Instance):
        return _instance_item(it, container, key, node)
    if isinstance(container, Class) and isinstance(key, str) and it.get(container.id, ".members") is not MISSING:
        member = it.get(container.id, key)
        return Unknown("no member of the enum") if member is MISSING else member
    if isinstance(container, (Known, Class)):
        return container  # Optional[int], list[int], Generic[T]: the class itself
    return Unknown("an item of something that is not known", objects_in(container))


def plain_member(it: Interpreter, value: Value) -> Value:
    """The number or text that a member of an IntEnum or StrEnum is; any other value as it is."""
    if isinstance(value, Instance) and isinstance(value.cls, Class):
        plain = it.get(value.id, ".plain")
        return value if plain is MISSING else plain
    return value


def tensor_kind(*values: Value) -> str | None:
    """Whose operator runs when these values meet; None when no tensor is among them."""
    kinds = {value.kind for value in values if isinstance(value, Tensor)}
    return next((kind for kind in KIND_ORDER if kind in kinds), None)


def tensor_operation(it: Interpreter, kind: str, dunder: str, values: tuple[Value, ...], node: ast.AST) -> Value:
    """An operator or subscript of a tensor, by its rule."""
    from .calls import call_known

    target = f"{TENSOR_CLASSES[kind]}.{dunder}"
    if REGISTRY.find(target) is None:
        return Unknown(f"{target} is not modelled")
    return call_known(it, Known(target), list(values), {}, node)


def _constants(op: type, function: Any, left: Any, right: Any) -> Value:
    if op is ast.Pow:
        if isinstance(left, int) and isinstance(right, int) and abs(left).bit_length() * max(right, 1) > MAX_BITS:
            return HUGE
    elif op is ast.LShift:
        if not isinstance(right, int) or right > MAX_BITS:
            return HUGE
    elif op is ast.Mult:
        for one, other in ((left, right), (right, left)):
            if isinstance(one, (str, bytes)) and isinstance(other, int) and len(one) * other > MAX_TEXT:
                return LONG_TEXT
    elif op is ast.Mod and isinstance(left, (str, bytes)):
        if not isinstance(right, (int, float, str)):
            return Unknown("a formatted text")
        if not format_fits(left, [right]):
            return LONG_TEXT
    try:
        return function(left, right)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return Unknown("an operation that Python refuses")


def _symbolic(function: Any, left: Any, right: Any) -> Value:
    try:
        return function(left, right)
    except (TypeError, ZeroDivisionError):
        return Unknown("arithmetic on a length that is not known")


def _sequences(it: Interpreter, op: type, left: Value, right: Value) -> Value:
    from .collections_ import iterate
    from .expressions import distinct, new_container

    if op is ast.Add:
        if isinstance(left, tuple) and isinstance(right, tuple):
            return tuple(left) + tuple(right)
        if type(left) is List and type(right) is List:
            a, b = it.get(left.id, ".items"), it.get(right.id, ".items")
            unknown = isinstance(a, Unknown) or isinstance(b, Unknown)
            return new_container(it, List, Unknown("a sequence with an unknown part") if unknown else a + b)
    if op is ast.Mult:
        for one, count in ((left, right), (right, left)):
            if isinstance(one, (tuple, List)) and is_dim(count):
                items = iterate(it, one)
                known = isinstance(count, int) and items is not None and fit(items, count)
                repeated: Any = (
                    tuple(items) * count
                    if known and items is not None
                    else Unknown("repeated an unknown number of times")
                )
                return new_container(it, List, repeated) if isinstance(one, List) else repeated
    if op is ast.Mod and isinstance(left, str) and isinstance(right, Dict):
        from .collections_ import dict_items

        pairs = dict_items(it, right)
        if pairs is None or not all(is_plain(x) for pair in pairs for x in pair):
            return Unknown("a formatted text")
        if not format_fits(left, [value for _, value in pairs]):
            return LONG_TEXT
        try:
            return left % dict(pairs)
        except (TypeError, ValueError, KeyError):
            return Unknown("a formatted text")
    if op is ast.Mod and isinstance(left, str) and isinstance(right, tuple) and is_plain(right):
        try:
            return left % right if format_fits(left, right) else LONG_TEXT
        except (TypeError, ValueError):
            return Unknown("a formatted text")
    if isinstance(left, (Set, View)) and isinstance(right, (Set, View)) and op in SET_METHODS:
        items = iterate(it, left)
        if items is None:
            return new_container(it, Set, Unknown("a set that is not known"))
        from .collections_ import call_method

        copied = left if isinstance(left, Set) else new_container(it, Set, distinct(list(items)))
        return call_method(it, copied, SET_METHODS[op], [right], {})
    if type(left) is Dict and isinstance(right, Dict) and op is ast.BitOr:
        from .collections_ import dict_items, put

        first, second = dict_items(it, left), dict_items(it, right)
        if first is None or second is None:
            return new_container(it, Dict, Unknown("a mapping that is not known"))
        for key, value in second:
            first = put(first, key, value)
        return new_container(it, Dict, first)
    return MISSING


def _instances(it: Interpreter, dunder: str, left: Value, right: Value, node: ast.AST) -> Value:
    from .calls import call_value
    from .objects import special_method

    if isinstance(left, Instance):
        method = special_method(it, left, dunder)
        if method is not MISSING:
            return call_value(it, method, [] if right is MISSING else [right], {}, node)
    if isinstance(right, Instance):
        method = special_method(it, right, "__r" + dunder[2:])
        if method is not MISSING:
            return call_value(it, method, [left], {}, node)
    return Unknown("an operator of an object that is not followed")


def _instance_truth(it: Interpreter, value: Instance) -> bool | None:
    from .calls import call_value
    from .objects import find_method, known_base, mro

    plain = plain_member(it, value)
    if plain is not value:
        return truth(it, plain)
    for dunder in ("__bool__", "__len__"):
        method = find_method(it, value, dunder)
        if method is not MISSING:
            found = call_value(it, method, [], {}, None)
            return None if isinstance(found, Instance) else truth(it, found)
    rule = known_base(it, value)
    if rule is not None:
        from .calls import context

        items = rule.iterate(context(it, None), value)
        return True if items is None else bool(items) or None
    return True if all(isinstance(base, Class) for base in mro(it, value.cls)) else None


def _instance_contains(it: Interpreter, container: Instance, item: Value) -> bool | None:
    from .calls import call_value
    from .objects import find_method

    method = find_method(it, container, "__contains__")
    return None if method is MISSING else truth(it, call_value(it, method, [item], {}, None))


def _instance_item(it: Interpreter, container: Instance, key: Value, node: ast.AST) -> Value:
    from .calls import call_value, context
    from .objects import find_method, known_base

    method = find_method(it, container, "__getitem__")
    if method is not MISSING:
        return call_value(it, method, [key], {}, node)
    rule = known_base(it, container)
    if rule is not None:
        found = rule.item(context(it, node), container, key)
        if found is not MISSING:
            return found
    return Unknown("an item of an object that is not followed")


def _equal_items(it: Interpreter, left: tuple[Value, ...], right: tuple[Value, ...]) -> bool | None:
    if len(left) != len(right):
        return False
    answers = [equal(it, a, b) for a, b in zip(left, right, strict=True)]
    if False in answers:
        return False
    return None if None in answers else True


def _equal_pairs(it: Interpreter, left: Any, right: Any) -> bool | None:
    if len(left) != len(right):
        return False
    others = dict(right)
    if any(key not in others for key, _ in left):
        return False
    answers = [equal(it, value, others[key]) for key, value in left]
    return False if False in answers else None if None in answers else True


def is_plain(value: Value) -> bool:
    """Whether a value is a constant of Python's, through and through."""
    if isinstance(value, tuple):
        return all(map(is_plain, value))
    return value is None or isinstance(value, (bool, int, float, str, bytes))


def _symbols(value: Any) -> Any:
    from ..dim import symbols

    return symbols(value)
