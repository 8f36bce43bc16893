"""Attributes: of instances, classes, modules, tensors and everything else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..rule import MISSING, REGISTRY, ClassRule, FunctionRule
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
    Partial,
    Range,
    Row,
    Set,
    Slice,
    Tensor,
    Unknown,
    Value,
    View,
    Wrapped,
)  # fmt: skip
from .core import Interpreter, module_scope
from .expressions import evaluate, evaluates
from .imports import namespace_attribute, refuse_lost, set_lost_name
from .operators import TENSOR_CLASSES

HIDING = ".hiding"  # in an object: it may have an attribute of a name that its class has, too


@dataclass(frozen=True, slots=True)
class Super:
    """``super()``: the attributes of ``obj`` that come after the class ``owner`` in its order of bases."""

    owner: Class
    obj: Value


@dataclass(frozen=True, slots=True)
class Attributes:
    """``vars(obj)``."""

    obj: Instance


def get_attribute(it: Interpreter, owner: Value, name: str, node: Any) -> Value:
    """``owner.name``."""
    found = find_attribute(it, owner, name, node)
    if found is MISSING:
        return Unknown(f"{name} of something that is not known")
    return found


@evaluates(ast.Attribute)
def attribute(it: Interpreter, node: ast.Attribute) -> Value:
    """Evaluate an attribute expression."""
    owner = evaluate(it, node.value)
    refuse_lost(it, owner, node.attr, node)
    return get_attribute(it, owner, node.attr, node)


def find_attribute(it: Interpreter, owner: Value, name: str, node: Any) -> Value:
    """``owner.name``, or MISSING where there surely is no such attribute or none is known."""
    owner = it.resolve(owner)
    if isinstance(owner, Instance):
        return instance_attribute(it, owner, name, node)
    if isinstance(owner, Tensor):
        return _tensor_attribute(it, owner, name, node)
    if isinstance(owner, Known) and owner.target.startswith("builtins.") and name in ("__name__", "__qualname__"):
        return owner.target.removeprefix("builtins.")
    if isinstance(owner, Known) and name.startswith("__") and name.endswith("__"):
        if not isinstance(REGISTRY.find(owner.target), ClassRule):
            return Unknown(f"{name} of {owner.target}")
        if name in ("__name__", "__qualname__"):
            return _target(owner).rpartition(".")[2]
        return BoundMethod(UnboundOf(owner, name), owner)
    if isinstance(owner, (Namespace, Known)):
        return namespace_attribute(it, owner, name)
    if isinstance(owner, Module):
        return module_attribute(it, owner, name)
    if isinstance(owner, Class):
        return _class_attribute(it, owner, name, node)
    if isinstance(owner, Super):
        return _super_attribute(it, owner, name)
    if isinstance(owner, Unknown):
        return Unknown(f"{name} of {owner.reason if len(owner.reason) < 60 else 'an unknown value'}", owner.of)
    if isinstance(owner, Assumed):
        return Unknown(f"{name} of an unknown value")
    if isinstance(owner, Row):
        from .records import row_attribute

        found = row_attribute(it, owner, name, node)
        return BoundMethod(name, owner) if found is MISSING else found
    if isinstance(owner, tuple) and name in ("rank", "ndims"):  # a TensorShape is a tuple here
        return len(owner)
    if isinstance(owner, (List, Dict, Set, View, Attributes, tuple, str)):
        return BoundMethod(name, owner)
    if isinstance(owner, (Range, Slice)) and name in ("start", "stop", "step"):
        return getattr(owner, name)
    if isinstance(owner, Partial):
        from .collections_ import freeze

        parts = {"func": owner.function, "args": owner.args, "keywords": dict(owner.kwargs)}
        return freeze(it, parts[name]) if name in parts else MISSING
    if isinstance(owner, BoundMethod) and name == "__self__":
        return owner.self
    if isinstance(owner, (Function, BoundMethod)):
        from .signatures import innermost, wrapped_by

        function = owner.function if isinstance(owner, BoundMethod) else owner
        if name == "__wrapped__":
            return wrapped_by(it, function)
        if name in ("__name__", "__qualname__") and function is not (inner := innermost(it, function)):
            return find_attribute(it, inner, name, node)
        if name in ("__name__", "__qualname__") and isinstance(function, Function):
            return function.code.name
        return Unknown(f"{name} of a function")
    if isinstance(owner, (int, float, complex)) and name in ("real", "imag", "numerator", "denominator"):
        return getattr(owner, name, MISSING)
    if isinstance(owner, (int, float)) and name in ("is_integer", "bit_length"):
        return BoundMethod(name, owner)
    return MISSING


def set_attribute(it: Interpreter, owner: Value, name: str, value: Value, node: Any) -> None:
    """``owner.name = value``."""
    owner = it.resolve(owner)
    if isinstance(owner, Unknown):
        for one in owner.of:  # it is set on one of them
            if isinstance(one, Instance):
                before = it.get(one.id, name)
                it.set(one.id, name, it.join(before, value) if before is not MISSING else Unknown("it may be set"))
                it.set(one.id, ".open", True)
    elif isinstance(owner, Class):
        it.set(owner.id, name, value)
    elif isinstance(owner, Module):
        it.set(module_scope(owner.uri).id, name, value)
    elif isinstance(owner, Namespace):
        set_lost_name(it, owner, name, value)
    elif isinstance(owner, Instance):
        setter = _property_setter(it, owner, name)
        if setter is not None:
            from .calls import call_value

            call_value(it, setter, [owner, value], {}, node)
            return
        own = find_method(it, owner, "__setattr__")
        if own is not MISSING and not any(
            f.function is own.function for f in it.frames if isinstance(own, BoundMethod)
        ):
            from .calls import call_value

            call_value(it, own, [name, value], {}, node)
            return
        it.set(owner.id, name, value)
        remember_name(it, owner, name)
        rule = known_base(it, owner)
        if rule is not None:
            from .calls import context

            rule.set(context(it, node), owner, name, value)


def is_plain_object(it: Interpreter, obj: Instance) -> bool:
    """Whether an object's class is the user's through and through."""
    return all(isinstance(base, Class) for base in mro(it, obj.cls))


def attribute_names(it: Interpreter, obj: Instance) -> tuple[str, ...] | None:
    """The names in ``vars(obj)`` in order, for the objects that remember them; else None."""
    names = it.get(obj.id, ".names")
    return names if isinstance(names, tuple) else None


def remember_name(it: Interpreter, obj: Instance, name: str) -> None:
    """An attribute was set on an object that remembers the names."""
    names = it.get(obj.id, ".names")
    if isinstance(names, tuple) and name not in names:
        it.set(obj.id, ".names", (*names, name))


def delete_attribute(it: Interpreter, owner: Value, name: str) -> None:
    """``del owner.name``."""
    if isinstance(owner, Namespace):
        set_lost_name(it, owner, name, MISSING)
    if isinstance(owner, (Instance, Class)):
        it.set(owner.id, name, MISSING)
        if isinstance(owner, Instance) and (names := attribute_names(it, owner)) is not None:
            it.set(owner.id, ".names", tuple(other for other in names if other != name))


def mro(it: Interpreter, cls: Value) -> tuple[Value, ...]:
    """A class and its bases in the order in which attributes are looked up; Known and Unknown included."""
    return _order(cls)


def _order(cls: Value) -> tuple[Value, ...]:
    if isinstance(cls, Class):
        return (cls, *cls.above(_above))
    return _order_of_known(cls) if isinstance(cls, Known) else (cls,)


def _above(cls: Class) -> tuple[Value, ...]:
    if len(cls.bases) == 1:
        return _order(cls.bases[0])
    return tuple(_linearize([*(list(_order(base)) for base in cls.bases), list(cls.bases)]))


@lru_cache(maxsize=1024)
def _order_of_known(cls: Known) -> tuple[Value, ...]:
    rule = REGISTRY.find(cls.target)
    bases = rule.bases if isinstance(rule, ClassRule) else ()
    return tuple(dict.fromkeys([cls, *(k for base in bases for k in _order_of_known(Known(base, cls.flavour)))]))


def known_base(it: Interpreter, obj: Instance) -> ClassRule | None:
    """The rule of the first framework class that an object's class derives from."""
    if isinstance(obj.cls, Known):
        rule = REGISTRY.find(obj.cls.target)
        return rule if isinstance(rule, ClassRule) else None
    for cls in mro(it, obj.cls):
        if isinstance(cls, Known):
            rule = REGISTRY.find(cls.target)
            if isinstance(rule, ClassRule):
                return rule
    return None


def is_plain_member(it: Interpreter, value: Value) -> bool:
    """Whether a value is a member of an enum, and equal to nothing but itself."""
    return (
        isinstance(value, Instance)
        and it.get(value.id, "_name_") is not MISSING
        and it.get(value.id, ".plain") is MISSING
    )


PLAIN_BASES = ("builtins.object", "enum.Enum")
"""Classes that derive from nothing, and need no rule."""


def is_subclass(it: Interpreter, cls: Value, other: Value) -> bool | None:
    """Whether ``cls`` derives from ``other``; None where a base is unknown."""
    order = mro(it, cls)
    for one in order:
        if one == other or (isinstance(one, Known) and isinstance(other, Known) and _target(one) == _target(other)):
            return True
    if any(not isinstance(one, (Class, Known)) for one in order):
        return None
    if isinstance(other, Class):  # nothing that the user did not write derives from it
        return False
    if any(
        isinstance(one, Known) and REGISTRY.find(one.target) is None and one.target not in PLAIN_BASES for one in order
    ):
        return None
    return False


def find_method(it: Interpreter, obj: Instance, name: str) -> Value:
    """A method that the user's classes define, bound; MISSING if none does."""
    for cls in mro(it, obj.cls):
        if isinstance(cls, Class):
            value = it.get(cls.id, name)
            if value is not MISSING:
                return _bind(value, obj, cls)
    return MISSING


def special_method(it: Interpreter, obj: Instance, name: str) -> Value:
    """A special method, bound: the user's, or what a rule models for an object of a framework; MISSING if there is none."""
    method = find_method(it, obj, name)
    if method is not MISSING:
        return method
    rule = known_base(it, obj)
    target = "" if rule is None else f"{rule.target}.{name}"
    return BoundMethod(Known(target), obj) if REGISTRY.find(target) is not None else MISSING


def instance_attribute(it: Interpreter, obj: Instance, name: str, node: Any) -> Value:
    """``obj.name``: its own, its classes', or what a framework class gives it."""
    value = it.get(obj.id, name)
    if value is not MISSING:
        return value
    if name == "__class__":
        return obj.cls
    if name == "__dict__":
        return Attributes(obj)
    order = mro(it, obj.cls)
    for cls in order:
        if isinstance(cls, Class):
            value = it.get(cls.id, name)
            if value is not MISSING:
                hiding = MISSING if isinstance(value, (Function, Wrapped)) else it.get(obj.id, HIDING)
                return read_from_class(it, value, obj, cls, node) if hiding is MISSING else hiding
        elif isinstance(cls, Known):
            rule = REGISTRY.find(cls.target)
            if isinstance(rule, ClassRule):
                from .calls import context

                value = rule.get(context(it, node), obj, name)
                if value is not MISSING:
                    return value
        else:
            return Unknown(f"{name} of a class that is not known")
    getter = find_method(it, obj, "__getattr__")
    if getter is not MISSING and not name.startswith("__"):
        from .calls import call_value

        return call_value(it, getter, [name], {}, node)
    if it.get(obj.id, ".open") is not MISSING:
        return Unknown(f"{name} may have been set")
    return Unknown(f"{name} is not set here")


def iterate_instance(it: Interpreter, obj: Instance) -> tuple[Value, ...] | None:
    """The items that a loop over an object sees."""
    from .calls import call_value, context
    from .collections_ import iterate

    method = find_method(it, obj, "__iter__")
    if method is not MISSING:
        result = call_value(it, method, [], {}, None)
        return None if result == obj else iterate(it, result)
    rule = known_base(it, obj)
    if rule is not None:
        return rule.iterate(context(it, None), obj)
    return None


def module_attribute(it: Interpreter, module: Module, name: str) -> Value:
    """A name of a module of the user's; a submodule if the module itself has none."""
    value = it.get(module_scope(module.uri).id, name)
    if value is not MISSING:
        return value
    if name == "__name__":
        return it.get(("name", module.uri), "")
    if name.startswith("__") and name.endswith("__"):
        return Unknown(f"{name} of a module")
    from .imports import submodule

    inside = submodule(it, module, name)
    if isinstance(inside, Module):
        return inside
    make = it.get(module_scope(module.uri).id, "__getattr__")
    if make is not MISSING:
        from .calls import call_value

        return call_value(it, make, [name], {}, None)
    return inside if isinstance(inside, Unknown) else Unknown(f"{module.name} has no {name}")


def user_classes(it: Interpreter, cls: Value) -> Iterator[Class]:
    """The classes of the user's in an order of bases."""
    return (one for one in mro(it, cls) if isinstance(one, Class))


def _target(known: Known) -> str:
    return REGISTRY.aliases.get(known.target, known.target)


def _tensor_attribute(it: Interpreter, owner: Tensor, name: str, node: Any) -> Value:
    from .calls import context, guarded

    target = f"{TENSOR_CLASSES[owner.kind]}.{name}"
    rule = REGISTRY.attributes.get(target)
    if rule is not None:
        return guarded(it, target, node, lambda: rule(context(it, node), owner), (owner,))
    if isinstance(REGISTRY.find(target), FunctionRule):
        return BoundMethod(Known(target), owner)
    return Unknown(f"{target} is not modelled")


def _class_attribute(it: Interpreter, owner: Class, name: str, node: Any) -> Value:
    if name in ("__name__", "__qualname__"):
        return owner.name
    if name in ("_fields", "_make", "__members__"):
        from .records import row_names

        names = row_names(it, owner)
        return names if names is not None and name == "_fields" else Unknown(f"{name} of a class")
    for cls in mro(it, owner):
        if isinstance(cls, Class):
            value = it.get(cls.id, name)
            if value is not MISSING:
                if isinstance(value, Wrapped):
                    if value.how == "classmethod":
                        return BoundMethod(value.function, owner)
                    return value.function
                return value
        elif isinstance(cls, Known):
            rule = REGISTRY.find(f"{_target(cls)}.{name}")
            if rule is not None:
                return Known(f"{_target(cls)}.{name}", cls.flavour)
            if isinstance(REGISTRY.find(cls.target), ClassRule):
                return BoundMethod(UnboundOf(cls, name), owner)
    return Unknown(f"{name} of a class that is not followed")


@dataclass(frozen=True, slots=True)
class UnboundOf:
    """A method of a framework class that was looked up on the class: called with the object first."""

    cls: Known
    name: str


@dataclass(frozen=True, slots=True)
class FieldsOf:
    """The ``__init__`` that a dataclass is given."""

    cls: Class


def _super_attribute(it: Interpreter, owner: Super, name: str) -> Value:
    obj = owner.obj
    cls = obj.cls if isinstance(obj, Instance) else obj
    order = mro(it, cls)
    after = order[order.index(owner.owner) + 1 :] if owner.owner in order else order[1:]
    for base in after:
        if isinstance(base, Class):
            value = it.get(base.id, name)
            if value is not MISSING:
                if isinstance(obj, Instance):
                    return read_from_class(it, value, obj, base, None)
                return _bind(value, obj, base)
            if name == "__init__" and it.get(base.id, ".fields") is not MISSING:
                return BoundMethod(FieldsOf(base), obj)
        elif isinstance(base, Known):
            if isinstance(REGISTRY.find(base.target), ClassRule):
                return BoundMethod(UnboundOf(base, name), obj)
            if base.target == "builtins.object":
                continue
            return Unknown(f"{base.target} is not modelled")
        else:
            return Unknown("a method of a class that is not known")
    return BoundMethod(UnboundOf(Known("builtins.object"), name), obj)


def read_from_class(it: Interpreter, value: Value, obj: Value, cls: Class, node: Any) -> Value:
    if isinstance(value, Wrapped) and value.how == "property":
        from .calls import call_value

        return call_value(it, value.function, [obj], {}, node)
    return _bind(value, obj, cls)


def _bind(value: Value, obj: Value, cls: Class) -> Value:
    if isinstance(value, Function):
        return BoundMethod(value, obj)
    if isinstance(value, Wrapped):
        if value.how == "classmethod":
            return BoundMethod(value.function, obj.cls if isinstance(obj, Instance) else obj)
        if value.how in ("staticmethod",):
            return value.function
        if value.how == "contextmanager":
            return BoundMethod(value, obj)
        if value.how == "traced":
            return BoundMethod(value, obj)
        return BoundMethod(value.function, obj)
    return value


def _property_setter(it: Interpreter, obj: Instance, name: str) -> Value | None:
    for cls in user_classes(it, obj.cls):
        value = it.get(cls.id, name)
        if isinstance(value, Wrapped) and value.how == "property":
            setter = it.get(cls.id, f".setter {name}")
            return None if setter is MISSING else setter
        if value is not MISSING:
            return None
    return None


def _linearize(sequences: list[list[Value]]) -> list[Value]:
    """C3; where that is impossible, depth first."""
    result: list[Value] = []
    sequences = [list(sequence) for sequence in sequences if sequence]
    while sequences:
        for sequence in sequences:
            head = sequence[0]
            if not any(head in other[1:] for other in sequences):
                break
        else:
            head = sequences[0][0]
        result.append(head)
        sequences = [[item for item in sequence if item != head] for sequence in sequences]
        sequences = [sequence for sequence in sequences if sequence]
    return result
