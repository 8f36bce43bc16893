"""Classes that Python itself completes: dataclasses, named tuples and enums."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..rule import MISSING, function
from ..value import Class, Dict, Function, Instance, Known, Row, Unknown, Value, Wrapped
from .collections_ import freeze, iterate, thaw
from .core import Interpreter
from .expressions import evaluate, new_container
from .join import same
from .limits import ITEMS_PER_STEP
from .objects import attribute_names, find_method, mro, user_classes

NAMED_TUPLES = frozenset({"typing.NamedTuple", "typing_extensions.NamedTuple"})
ENUMS = {"enum.Enum": "", "enum.IntEnum": "number", "enum.StrEnum": "text", "enum.Flag": "flag", "enum.IntFlag": "flag"}


@dataclass(frozen=True)
class Field:
    """``dataclasses.field(...)`` as a class attribute."""

    default: Value = MISSING
    factory: Value = MISSING
    init: bool = True
    keyword: bool = False


@dataclass(frozen=True)
class Auto:
    """``enum.auto()``."""


def complete(it: Interpreter, node: ast.ClassDef, cls: Class) -> None:
    """What Python does with a class once its body has run."""
    for base in mro(it, cls)[1:]:
        if isinstance(base, Known) and base.target in NAMED_TUPLES and base in cls.bases:
            it.set(cls.id, ".row", _annotated(node))
        if isinstance(base, Known) and base.target in ENUMS:
            _make_members(it, node, cls)
            break
    hook = next((h for b in mro(it, cls)[1:] if isinstance(b, Class) and (h := it.get(b.id, "__init_subclass__")) is not MISSING), MISSING)  # fmt: skip
    if hook is not MISSING:
        from .calls import call_value

        kwargs = {k.arg: evaluate(it, k.value) for k in node.keywords if k.arg and k.arg != "metaclass"}
        call_value(it, hook.function if isinstance(hook, Wrapped) else hook, [cls], kwargs, None)


def make_dataclass(it: Interpreter, node: ast.ClassDef, cls: Class, options: Mapping[str, Value]) -> None:
    """``@dataclass``: the fields of this class."""
    it.set(cls.id, ".fields", _annotated(node))
    it.set(cls.id, ".options", tuple(sorted((k, v) for k, v in options.items() if isinstance(v, bool))))


def field_names(it: Interpreter, cls: Value) -> tuple[str, ...] | None:
    """The fields of a dataclass, those of its bases first; None where it is none."""
    names: list[str] = []
    found = False
    for base in reversed(list(user_classes(it, cls))):
        own = it.get(base.id, ".fields")
        if isinstance(own, tuple):
            found = True
            names.extend(name for name in own if name not in names)
    return tuple(names) if found else None


def initialise(
    it: Interpreter, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value], cls: Value = None
) -> None:
    """The ``__init__`` that a dataclass is given; ``cls`` is the one whose it is, if not the object's own."""
    from .calls import call_value

    cls = obj.cls if cls is None else cls
    names = field_names(it, cls) or ()
    settings = {name: _field(it, cls, name) for name in names}
    whole = {name: kind for base in user_classes(it, cls) for name, kind in it.get(base.id, ".options") or ()}
    positional = [n for n in names if settings[n].init and not settings[n].keyword and not whole.get("kw_only")]
    given = {**dict(zip(positional, args, strict=False)), **kwargs}
    it.set(obj.id, ".fields", names)
    it.set(obj.id, ".names", tuple(dict.fromkeys((*(attribute_names(it, obj) or ()), *names))))
    for name in names:
        setting = settings[name]
        value = given.get(name, MISSING) if setting.init else MISSING
        if value is MISSING:
            value = setting.default
        if value is MISSING and setting.factory is not MISSING:
            value = call_value(it, setting.factory, [], {}, None)
        it.set(obj.id, name, Unknown(f"{name} is not given") if value is MISSING else value)
    after = find_method(it, obj, "__post_init__")
    if after is not MISSING:
        call_value(it, after, [], {}, None)


def row_names(it: Interpreter, cls: Value) -> tuple[str, ...] | None:
    """The fields of a named tuple's class, or None."""
    for base in user_classes(it, cls):
        names = it.get(base.id, ".row")
        if isinstance(names, tuple):
            return names
    return None


def make_row(it: Interpreter, cls: Class, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    """``Point(1, y=2)``."""
    names = row_names(it, cls) or ()
    given = {**dict(zip(names, args, strict=False)), **kwargs}
    values = [given.get(name, _inherited(it, cls, name)) for name in names]
    if len(args) > len(names) or MISSING in values or not given.keys() <= set(names):
        return Unknown(f"{cls.name} is not made like this")
    return Row(values, cls, names)


def row_attribute(it: Interpreter, row: Row, name: str, node: Any) -> Value:
    """``row.name``: a field, what the class defines, or a method of named tuples; MISSING for those of tuples."""
    if name in row.names:
        return row[row.names.index(name)]
    if name == "_fields":
        return row.names
    if name == "__class__":
        return row.of
    for cls in user_classes(it, row.of):
        value = it.get(cls.id, name)
        if value is not MISSING:
            from .objects import read_from_class

            return read_from_class(it, value, row, cls, node)
    return MISSING


def row_method(it: Interpreter, row: Row, name: str, kwargs: Mapping[str, Value]) -> Value:
    """``_replace`` and ``_asdict``; MISSING for others."""
    if name == "_asdict":
        return new_container(it, Dict, tuple(zip(row.names, row, strict=True)))
    if name == "_replace" and kwargs.keys() <= set(row.names):
        return row.like(kwargs.get(field, value) for field, value in zip(row.names, row, strict=True))
    return MISSING


def find_member(it: Interpreter, cls: Class, value: Value) -> Value:
    """``Size(64)``; MISSING where the class is no enum."""
    members = it.get(cls.id, ".members")
    if not isinstance(members, tuple):
        return MISSING if members is MISSING else members
    if value in members:
        return value
    for member in members:
        own = it.get(member.id, "value")
        if same(own, value):
            return member
    return Unknown("a value that no member of the enum has")


def _make_members(it: Interpreter, node: ast.ClassDef, cls: Class) -> None:
    names = [
        target.id
        for statement in node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name) and not target.id.startswith("_")
    ]
    if not names:
        return
    plain = "".join(ENUMS.get(b.target, "") for b in mro(it, cls) if isinstance(b, Known))
    bases = {b.target for b in mro(it, cls) if isinstance(b, Known)}
    mixed = {"builtins.int": "number", "builtins.str": "text"}
    plain = plain or next((mixed[b] for b in bases if b in mixed), "")
    own = {s.name for b in user_classes(it, cls) for s in getattr(b.code and b.code.node, "body", ()) if isinstance(s, ast.FunctionDef)}  # fmt: skip
    odd = plain == "flag" or bool(own & {"__new__", "_generate_next_value_", "_missing_"}) or bool(node.keywords)
    odd = odd or bool(bases - ENUMS.keys() - mixed.keys() - {"enum.ReprEnum", "builtins.object"})
    members: list[Instance] = []
    for name in dict.fromkeys(names):
        it.step(1 + len(members) // ITEMS_PER_STEP)
        value = it.get(cls.id, name)
        if isinstance(value, (Function, Wrapped, Class)):
            continue
        if odd:
            it.set(cls.id, name, Unknown("a member of an enum that is not followed"))
            continue
        if isinstance(value, Auto):
            numbers = [n for member in members if isinstance(n := it.get(member.id, "value"), int)]
            value = name.lower() if plain == "text" else max(numbers, default=0) + 1
        alias = next((m for m in members if same(it.get(m.id, "value"), value)), None)
        if alias is not None:
            it.set(cls.id, name, alias)
            continue
        member = Instance(it.new_id(), cls)
        for field, content in (("name", name), ("_name_", name), ("value", value), ("_value_", value)):
            it.set(member.id, field, content)
        if plain:
            it.set(member.id, ".plain", value)
        members.append(member)
        it.set(cls.id, name, member)
        start = find_method(it, member, "__init__")
        if start is not MISSING:
            from .calls import call_value

            call_value(it, start, list(value) if isinstance(value, tuple) else [value], {}, None)
    it.set(cls.id, ".members", Unknown("the members of an enum that is not followed") if odd else tuple(members))


def _annotated(node: ast.ClassDef) -> tuple[str, ...]:
    return tuple(
        s.target.id
        for s in node.body
        if isinstance(s, ast.AnnAssign)
        and isinstance(s.target, ast.Name)
        and not ast.unparse(s.annotation).startswith(("ClassVar", "typing.ClassVar"))
    )


def _inherited(it: Interpreter, cls: Value, name: str) -> Value:
    for base in user_classes(it, cls):
        value = it.get(base.id, name)
        if value is not MISSING:
            return value
    return MISSING


def _field(it: Interpreter, cls: Value, name: str) -> Field:
    value = _inherited(it, cls, name)
    return value if isinstance(value, Field) else Field(value)


def _fields_of(call: Any, value: Value) -> tuple[str, ...] | None:
    return field_names(call.it, value.cls if isinstance(value, Instance) else value)


@function("dataclasses.field", raw=True)
def field(
    call: Any, *, default: Value = MISSING, default_factory: Value = MISSING, init: Value = True, kw_only: Value = False, **options: Value
) -> Value:  # fmt: skip
    return Field(default, default_factory, init is not False, kw_only is True)


@function("dataclasses.asdict", raw=True)
def asdict(call: Any, value: Value) -> Value:
    return _contents(call, value, "dict")


@function("dataclasses.astuple", raw=True)
def astuple(call: Any, value: Value) -> Value:
    return _contents(call, value, "tuple")


def _contents(call: Any, value: Value, how: str) -> Value:
    it = call.it
    names = _fields_of(call, value) if isinstance(value, Instance) else None
    if names is None:
        if isinstance(value, Instance):
            return Unknown("a copy of an object")
        return freeze(it, thaw(it, value))
    items = tuple((name, _contents(call, it.get(value.id, name), how)) for name in names)
    return new_container(it, Dict, items) if how == "dict" else tuple(item for _, item in items)


@function("dataclasses.replace", raw=True)
def replace(call: Any, value: Value, **changes: Value) -> Value:
    names = _fields_of(call, value) if isinstance(value, Instance) else None
    if names is None:
        return Unknown("a changed copy of an object that is not followed")
    kept = {n: call.it.get(value.id, n) for n in names if _field(call.it, value.cls, n).init}
    return call.invoke(value.cls, [], {**kept, **changes})


@function("dataclasses.fields", raw=True)
def fields(call: Any, value: Value) -> Value:
    names = _fields_of(call, value)
    if names is None:
        return Unknown("the fields of something that is not followed")
    found = []
    for name in names:
        one = call.new(Known("dataclasses.Field"))
        call.set(one, "name", name)
        found.append(one)
    return tuple(found)


@function("dataclasses.is_dataclass", raw=True)
def is_dataclass(call: Any, value: Value) -> Value:
    known = isinstance(value, (Instance, Class))
    return _fields_of(call, value) is not None if known else Unknown("whether it is a dataclass")


@function("enum.auto", raw=True)
def auto(call: Any) -> Value:
    return Auto()


@function("enum.unique", raw=True)
def unique(call: Any, cls: Value) -> Value:
    return cls


@function("collections.namedtuple", raw=True)
def namedtuple(call: Any, name: Value, fields: Value, *, defaults: Value = (), **options: Value) -> Value:
    it = call.it
    names = fields.replace(",", " ").split() if isinstance(fields, str) else iterate(it, fields)
    values = iterate(it, defaults) if defaults is not None else ()
    if names is None or values is None or not all(isinstance(n, str) for n in names) or not isinstance(name, str):
        return Unknown("a named tuple whose fields are not known")
    cls = Class(it.new_id(), name, (Known("typing.NamedTuple"),))
    it.set(cls.id, ".row", tuple(names))
    for field_name, value in zip(reversed(list(names)), reversed(values), strict=False):
        it.set(cls.id, field_name, value)
    return cls
