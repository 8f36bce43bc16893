"""Python's built-in functions and types."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..dim import is_dim, is_symbolic
from ..rule import MISSING, ClassRule, class_rule, function
from ..shape import Shape
from ..value import (
    Assumed,
    BoundMethod,
    Class,
    Deque,
    Dict,
    Float,
    Function,
    Instance,
    Known,
    List,
    Module,
    Namespace,
    OtherDict,
    Partial,
    Range,
    Row,
    Set,
    Slice,
    Stream,
    Tensor,
    Unknown,
    Value,
    View,
)  # fmt: skip
from .calls import call_value
from .collections_ import dict_items, iterate, put, rounds
from .core import MAX_UNROLL, module_scope
from .describe import text_of
from .expressions import distinct, new_container
from .generators import LOST, Give, Where, suspended, take
from .imports import lost_name, refuse_lost
from .objects import (
    Attributes,
    attribute_names,
    delete_attribute,
    find_attribute,
    find_method,
    is_subclass,
    set_attribute,
    special_method,
)
from .operators import TENSOR_CLASSES, is_plain, plain_member, truth
from .refusals import refuse_length

NUMBERS = (int, float)


@class_rule("builtins.object")
class Object(ClassRule):
    """The root of all classes."""


@function("builtins.len", raw=True)
def len_(call: Any, value: Value) -> Value:
    it = call.it
    value = it.resolve(value)
    refuse_length(it, value, call.node)
    if isinstance(value, (tuple, str, bytes)):
        return len(value)
    if isinstance(value, View):
        value = value.mapping
    if isinstance(value, (List, Set, Dict)):
        items = it.get(value.id, ".items")
        return len(items) if isinstance(items, tuple) else it.fresh()
    if isinstance(value, Class):
        members = it.get(value.id, ".members")
        return len(members) if isinstance(members, tuple) else it.fresh()
    if isinstance(value, Tensor):
        if isinstance(value.shape, Shape):
            return value.shape[0] if value.shape else Unknown("the length of a number")
        return it.fresh()
    if isinstance(value, Range):
        items = iterate(it, value)
        if items is not None:
            return len(items)
        return value.stop - value.start if value.step == 1 else it.fresh()
    if isinstance(value, Instance):
        method = special_method(it, value, "__len__")
        if method is not MISSING:
            return call_value(it, method, [], {}, call.node)
        items = iterate(it, value)
        return it.fresh() if items is None else len(items)
    return it.fresh()


@function("builtins.range", raw=True)
def range_(call: Any, *args: Value) -> Value:
    args = tuple(plain_member(call.it, call.it.resolve(arg)) for arg in args)
    if not 1 <= len(args) <= 3 or not all(map(is_dim, args)):
        return Unknown("a range of unknown length")
    start, stop, step = (0, args[0], 1) if len(args) == 1 else (args[0], args[1], args[2] if len(args) == 3 else 1)
    return Range(start, stop, step)


@function("builtins.enumerate", raw=True)
def enumerate_(call: Any, iterable: Value, start: Value = 0) -> Value:
    if not isinstance(start, int):
        return _unknown_items(call, iterable)
    if isinstance(iterable, Stream):
        return suspended(call.it, Rows((Counted(start), iterable)))
    items = iterate(call.it, iterable)
    if items is None:
        return _each_of(call.it, (Counted(start), iterable))
    return new_container(call.it, Stream, tuple((start + n, item) for n, item in enumerate(items)))


@function("builtins.zip", raw=True)
def zip_(call: Any, *iterables: Value, strict: Value = False) -> Value:
    it = call.it
    if any(isinstance(iterable, Stream) for iterable in iterables):
        return suspended(it, Rows(iterables))
    items = [endless(iterable) or iterate(it, iterable) for iterable in iterables]
    if any(part is None for part in items) or (items and all(isinstance(part, range) for part in items)):
        return _each_of(it, iterables)
    return new_container(it, Stream, tuple(zip(*items, strict=False)))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Counted:
    """The numbers from one on."""

    start: int


@dataclass(frozen=True)
class Rows:
    """``zip``: each row takes an item of every iterable in turn, until one has none; ``map`` calls something on it."""

    iterables: tuple[Any, ...]
    function: Value = MISSING
    where: Where | None = None
    node: Any = field(compare=False, default=None)

    def run(self, it: Any, give: Give) -> None:
        for row in self._rows(it):
            if row is LOST or self.where is None:
                give(row)
                continue
            with self.where.entered(it):
                result = call_value(it, self.function, list(row), {}, self.node)
            give(result)

    def _rows(self, it: Any) -> Iterator[Any]:
        sources: list[Any] = []
        for iterable in self.iterables:
            numbers = itertools.count(iterable.start) if isinstance(iterable, Counted) else endless(iterable)
            sources.append(iter(numbers) if numbers is not None else rounds(it, iterable))
        if None in sources:
            yield LOST
            return
        for _ in range(MAX_UNROLL):
            row: list[Value] = []
            for source in sources:
                item = next(source, END)
                if item is END:
                    return
                if item is MISSING:
                    yield LOST
                    return
                row.append(item)
            yield tuple(row)
        yield LOST


END = object()


def endless(value: Value) -> range | None:
    """A long range, such as ``itertools.count()``, as Python's own, which is lazy."""
    if isinstance(value, Range) and all(isinstance(part, int) for part in (value.start, value.stop, value.step)):
        numbers = range(value.start, value.stop, value.step or 1)  # type: ignore[arg-type]
        return numbers if numbers.stop >= 2**62 else None
    return None


@function("builtins.reversed", raw=True)
def reversed_(call: Any, iterable: Value) -> Value:
    items = iterate(call.it, iterable)
    return new_container(call.it, Stream, tuple(reversed(items)) if items is not None else Unknown("reversed"))


@function("builtins.sorted", raw=True)
def sorted_(call: Any, iterable: Value, key: Value = None, reverse: Value = False) -> Value:
    items = iterate(call.it, iterable)
    if items is None:
        return new_container(call.it, List, Unknown("sorted in an unknown order"))
    keys = list(items) if key is None else [call.invoke(key, [item]) for item in items]
    return new_container(call.it, List, in_order(call.it, items, keys, reverse))


def in_order(it: Any, items: Sequence[Value], keys: Sequence[Value], reverse: Value) -> Any:
    """The items sorted by their keys; Unknown where that is not known."""
    keys = _deciding([plain_member(it, key) for key in keys])
    if not isinstance(reverse, bool) or not all(map(is_plain, keys)):
        return Unknown("sorted in an unknown order")
    try:
        order = sorted(range(len(items)), key=lambda n: keys[n], reverse=reverse)
    except TypeError:
        return Unknown("sorted in an order that Python refuses")
    return tuple(items[n] for n in order)


def _deciding(keys: list[Value]) -> list[Value]:
    """The keys without the parts that are never compared: tuples whose first items differ are sorted by these."""
    rows = len(keys) > 1 and all(type(key) is tuple and key and is_plain(key[0]) for key in keys)
    firsts = [key[0] for key in keys] if rows else []
    return firsts if rows and not any(a == b for n, a in enumerate(firsts) for b in firsts[:n]) else keys


@function("builtins.map", raw=True)
def map_(call: Any, func: Value, *iterables: Value) -> Value:
    return suspended(call.it, Rows(iterables, func, Where.here(call.it), call.node))


@dataclass(frozen=True)
class Kept:
    """``filter``."""

    function: Value
    iterable: Value
    where: Where
    node: Any = field(compare=False)

    def run(self, it: Any, give: Give) -> None:
        items = rounds(it, self.iterable)
        for item in (MISSING,) if items is None else items:
            keep = None if item is MISSING else self._keeps(it, item)
            if keep is not False:
                give(item if keep else LOST)

    def _keeps(self, it: Any, item: Value) -> bool | None:
        if self.function is None:
            return truth(it, item)
        with self.where.entered(it):
            return truth(it, call_value(it, self.function, [item], {}, self.node))


@function("builtins.filter", raw=True)
def filter_(call: Any, func: Value, iterable: Value) -> Value:
    return suspended(call.it, Kept(func, iterable, Where.here(call.it), call.node))


@function("builtins.list", raw=True)
def list_(call: Any, iterable: Value = ()) -> Value:
    items = iterate(call.it, iterable)
    return new_container(call.it, List, items if items is not None else Unknown("made of something of unknown length"))


@function("builtins.tuple", raw=True)
def tuple_(call: Any, iterable: Value = ()) -> Value:
    items = iterate(call.it, iterable)
    return Unknown("made of something of unknown length") if items is None else tuple(items)


@function("builtins.set", raw=True)
@function("builtins.frozenset", raw=True)
def set_(call: Any, iterable: Value = ()) -> Value:
    items = iterate(call.it, iterable)
    return new_container(call.it, Set, Unknown("made of something unknown") if items is None else distinct(list(items)))


@function("builtins.dict", raw=True)
def dict_(call: Any, *args: Value, **kwargs: Value) -> Value:
    pairs: Any = ()
    for source in args[:1]:
        known = dict_items(call.it, source)
        if known is None:
            rows = iterate(call.it, source)
            if rows is None or not all(isinstance(row, tuple) and len(row) == 2 for row in rows):
                return new_container(call.it, Dict, Unknown("made of something unknown"))
            known = tuple((row[0], row[1]) for row in rows)
        pairs = known
    for key, value in kwargs.items():
        pairs = put(pairs, key, value)
    return new_container(call.it, Dict, pairs)


@function("builtins.str", raw=True)
def str_(call: Any, value: Value = "") -> Value:
    text = text_of(call.it, value)
    return Unknown("a text") if text is MISSING else text


@function("builtins.repr", raw=True)
def repr_(call: Any, value: Value) -> Value:
    text = text_of(call.it, value, quoted=True)
    return Unknown("a text") if text is MISSING else text


@function("builtins.isinstance", raw=True)
def isinstance_(call: Any, value: Value, kinds: Value) -> Value:
    value = call.it.resolve(value)
    options = kinds if isinstance(kinds, tuple) else (kinds,)
    answers = [_is_a(call, value, kind) for kind in options]
    return True if True in answers else Unknown("a type that is not known") if None in answers else False


@function("builtins.issubclass", raw=True)
def issubclass_(call: Any, cls: Value, kinds: Value) -> Value:
    options = kinds if isinstance(kinds, tuple) else (kinds,)
    answers = [is_subclass(call.it, cls, kind) for kind in options]
    return True if True in answers else Unknown("a type that is not known") if None in answers else False


@function("builtins.callable", raw=True)
def callable_(call: Any, value: Value) -> Value:
    if isinstance(value, (Function, BoundMethod, Class, Known, Partial)):
        return True
    if value is None or isinstance(value, (int, float, str, tuple, List, Dict, Set)) or is_symbolic(value):
        return False
    return Unknown("whether it can be called")


@function("builtins.type", raw=True)
def type_(call: Any, *args: Value) -> Value:
    if len(args) != 1:
        return Unknown("a class made at run time")
    value = call.it.resolve(args[0])
    if isinstance(value, Instance):
        return value.cls
    if isinstance(value, Tensor):
        return Known(TENSOR_CLASSES[value.kind])
    if isinstance(value, Row):
        return value.of
    if isinstance(value, (Deque, OtherDict)):
        return Known(f"collections.{value.kind if isinstance(value, OtherDict) else 'deque'}")
    if value is None:
        return Known("builtins.NoneType")
    if isinstance(value, Float):
        return Known("builtins.float")
    for kind in (bool, int, float, str, tuple):
        if type(value) is kind:
            return Known(f"builtins.{kind.__name__}")
    return {List: Known("builtins.list"), Dict: Known("builtins.dict"), Set: Known("builtins.set")}.get(
        type(value), Unknown("a type")
    )


@function("builtins.getattr", raw=True)
def getattr_(call: Any, owner: Value, name: Value, default: Value = MISSING) -> Value:
    if not isinstance(name, str):
        return Unknown("an attribute with an unknown name")
    if default is MISSING:
        refuse_lost(call.it, owner, name, call.node)
        found = find_attribute(call.it, owner, name, call.node)
    elif lost_name(call.it, owner, name) is not None:
        return default
    else:
        with call.caught():
            found = find_attribute(call.it, owner, name, call.node)
    if (found is MISSING or isinstance(found, Unknown)) and default is not MISSING:
        absent = found is MISSING or (isinstance(found, Unknown) and found.reason.endswith("is not set here"))
        return default if absent else Unknown(f"{name} of something that is not known")
    if default is not MISSING and not _is_complete(call, owner):
        return Unknown(f"{name} of a module that may be half done")
    return Unknown(f"{name} of something that is not known") if found is MISSING else found


@function("builtins.setattr", raw=True)
def setattr_(call: Any, owner: Value, name: Value, value: Value) -> Value:
    if isinstance(name, str):
        set_attribute(call.it, owner, name, value, call.node)
    else:
        from .rebinding import change_perhaps

        change_perhaps(call.it, owner, value, "setattr may have set it", _pattern(call.node))
    return None


def _pattern(node: Any) -> str:
    """What a name that ``setattr`` is given matches, as far as its f-string tells: ``f"conv{i}"``; else ""."""
    name = node.args[1] if isinstance(node, ast.Call) and len(node.args) > 1 else None
    if not isinstance(name, ast.JoinedStr):
        return ""
    parts = (part.value if isinstance(part, ast.Constant) else None for part in name.values)
    return "".join(".*" if part is None else re.escape(str(part)) for part in parts)


@function("builtins.delattr", raw=True)
def delattr_(call: Any, owner: Value, name: Value) -> Value:
    if isinstance(name, str):
        delete_attribute(call.it, call.it.resolve(owner), name)
    else:
        from .rebinding import change_perhaps

        change_perhaps(call.it, owner, Unknown("it may be deleted"), "delattr may have deleted it", _pattern(call.node))
    return None


@function("builtins.vars", raw=True)
def vars_(call: Any, *args: Value) -> Value:
    found = find_attribute(call.it, args[0], "__dict__", call.node) if args else MISSING
    return Unknown("the variables of a scope") if found is MISSING else found


@function("builtins.ord", raw=True)
def ord_(call: Any, text: Value) -> Value:
    return ord(text) if isinstance(text, (str, bytes)) and len(text) == 1 else Unknown("a character")


@function("builtins.chr", raw=True)
def chr_(call: Any, code: Value) -> Value:
    return chr(code) if isinstance(code, int) and 0 <= code < 0x110000 else Unknown("a character")


@function("builtins.hasattr", raw=True)
def hasattr_(call: Any, owner: Value, name: Value) -> Value:
    owner = call.it.resolve(owner)
    if isinstance(owner, Float) and isinstance(name, str):
        return hasattr(0.0, name)
    if not isinstance(name, str) or isinstance(owner, (Unknown, Assumed)):
        return Unknown("whether an attribute is there")
    if lost_name(call.it, owner, name) is not None:
        return False
    with call.caught():
        found = find_attribute(call.it, owner, name, call.node)
    if found is MISSING:
        return False
    if isinstance(found, Unknown):
        if isinstance(owner, Instance) and isinstance(owner.cls, Known) and attribute_names(call.it, owner) is not None:
            return False
        surely_not = (
            isinstance(owner, Instance) and isinstance(owner.cls, Class) and found.reason.endswith("is not set here")
        )
        return (
            False
            if surely_not and all(isinstance(b, Class) for b in _bases(call, owner))
            else Unknown("whether an attribute is there")
        )
    return True if _is_complete(call, owner) else Unknown("whether a module that may be half done has an attribute")


def _is_complete(call: Any, owner: Value) -> bool:
    """Whether what is known of a value's attributes was there when the running code asked for them."""
    owner = call.it.resolve(owner)
    return not isinstance(owner, Module) or call.it.program.is_complete(owner.uri)


@function("builtins.id", raw=True)
@function("builtins.hash", raw=True)
def id_(call: Any, value: Value) -> Value:
    return Unknown("a number that differs from run to run")


@function("builtins.print", raw=True)
def print_(call: Any, *args: Value, **kwargs: Value) -> Value:
    return None


@function("builtins.iter", raw=True)
def iter_(call: Any, value: Value, *rest: Value) -> Value:
    if isinstance(value, Stream):
        return value
    if isinstance(value, Instance) and not rest and find_method(call.it, value, "__iter__") is MISSING:
        method = special_method(call.it, value, "__iter__")
        if method is not MISSING:
            return call.invoke(method, [])
    items = None if rest else iterate(call.it, value)
    return Unknown("an iterator") if items is None else new_container(call.it, Stream, items)


@function("builtins.globals", raw=True)
def globals_(call: Any) -> Value:
    """The names of the module, as a mapping."""
    return Attributes(Instance(module_scope(call.it.frame.scope.module).id, None))


@function("builtins.next", raw=True)
def next_(call: Any, iterator: Value, default: Value = MISSING) -> Value:
    if isinstance(iterator, Instance):
        method = special_method(call.it, iterator, "__next__")
        if method is not MISSING:
            found = call.invoke(method, [])
            return Unknown("the next of an iterator") if isinstance(found, Unknown) else found
    if isinstance(iterator, Stream):
        item = take(call.it, iterator)
        if item is not MISSING:
            return item
        return Unknown("the end of an iterator") if default is MISSING else default
    from .collections_ import item_of

    return item_of(call.it, iterator)


@function("builtins.slice", raw=True)
def slice_(call: Any, *args: Value) -> Value:
    if not args or len(args) > 3:
        call.doubt()  # Python refuses it
        return Unknown("a slice of nothing")
    start, stop, step = (None, args[0], None) if len(args) == 1 else (*args, None, None)[:3]
    return Slice(start, stop, step)


def _each_of(it: Any, iterables: tuple[Any, ...]) -> Stream:
    """Rows of what cannot be listed: what one row is, is known as far as one item of each is."""
    stream = new_container(it, Stream, Unknown("rows of something of unknown length"))
    it.set(stream.id, ".each", iterables)
    return stream


def _unknown_items(call: Any, iterable: Value) -> Value:
    return Unknown("a loop over something of unknown length")


def _bases(call: Any, obj: Instance) -> list[Value]:
    from .objects import mro

    return [base for base in mro(call.it, obj.cls) if base != Known("builtins.object")]


def _is_a(call: Any, value: Value, kind: Value) -> bool | None:
    if isinstance(value, Float):
        value = 0.0  # as good as any
    if isinstance(value, (Unknown, Assumed)) or isinstance(kind, (Unknown, Assumed)):
        return None
    if isinstance(kind, tuple):
        answers = [_is_a(call, value, one) for one in kind]
        return True if True in answers else None if None in answers else False
    if isinstance(value, Instance):
        return is_subclass(call.it, value.cls, kind)
    target = kind.target if isinstance(kind, Known) else kind.path if isinstance(kind, Namespace) else ""
    if isinstance(value, Row) and (isinstance(kind, Class) or target.startswith("typing.")):
        return is_subclass(call.it, value.of, kind) if isinstance(kind, Class) else None
    if isinstance(kind, Class):
        return False
    if isinstance(value, (Stream, Deque, OtherDict, View)):
        special = value.kind if isinstance(value, OtherDict) else "deque" if isinstance(value, Deque) else ""
        if isinstance(value, OtherDict) and target == "builtins.dict":
            return True
        if special and target == f"collections.{special}":
            return True
        return False if target in _PYTHON_TYPES and target.startswith("builtins.") else None
    if isinstance(value, Tensor):
        if target == TENSOR_CLASSES[value.kind] or target in (
            "keras.KerasTensor",
            "tf.Tensor",
            "numpy.ndarray",
            "torch.Tensor",
        ):
            return target == TENSOR_CLASSES[value.kind]
        return False if target.startswith("builtins.") else None
    names = _PYTHON_TYPES.get(target)
    if names is None:
        return (
            None
            if target.startswith(("typing.", "collections.", "numbers."))
            else False
            if target.partition(".")[0] in ("keras", "torch", "tf")
            else None
        )
    if is_symbolic(value):
        if target == "builtins.int":
            return None if any(s.name is None for s in _symbols(value)) else True
        return False
    if isinstance(value, (Module, Namespace)):
        return False
    return isinstance(value, names)


def _symbols(value: Any) -> Any:
    from ..dim import symbols

    return symbols(value)


_PYTHON_TYPES: dict[str, Any] = {
    "builtins.int": int, "builtins.float": float, "builtins.bool": bool, "builtins.str": str, "builtins.bytes": bytes,
    "builtins.tuple": tuple, "builtins.list": List, "builtins.dict": Dict, "builtins.set": Set, "builtins.complex": complex,
    "builtins.range": Range, "builtins.slice": Slice, "builtins.type": (Class, Known),
    "collections.abc.Sequence": (tuple, List, str), "collections.abc.Mapping": Dict, "collections.abc.Callable": (Function, BoundMethod),
    "collections.abc.Iterable": (tuple, List, Dict, Set, str), "math.inf": float,
    "numbers.Number": (int, float, complex), "numbers.Integral": int,
}  # fmt: skip
