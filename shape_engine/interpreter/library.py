"""More of the standard library: itertools, collections, copy, operator, os.path, argparse and types."""

from __future__ import annotations

import itertools
import math
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..dim import is_symbolic
from ..rule import MISSING, REGISTRY, ClassRule, alias, class_rule, function
from ..value import (
    BoundMethod,
    Class,
    Deque,
    Dict,
    Function,
    Instance,
    Known,
    List,
    OtherDict,
    Row,
    Set,
    Stream,
    Tensor,
    Unknown,
    Value,
)  # fmt: skip
from .builtins import endless
from .calls import Transparent, call_value
from .collections_ import forget, iterate, put, rounds
from .core import MAX_UNROLL, Interpreter
from .expressions import new_container
from .generators import LOST, Give, Where, suspended
from .join import same
from .objects import attribute_names, remember_name
from .operators import is_plain, truth

MAX_ITEMS = 4096


def _stream(call: Any, items: Any, why: str = "an iterator that is not followed") -> Value:
    return new_container(call.it, Stream, Unknown(why) if items is None else tuple(items))


@function("itertools.chain.from_iterable", raw=True)
def from_iterable(call: Any, iterables: Value) -> Value:
    outer = iterate(call.it, iterables)
    parts = None if outer is None else [iterate(call.it, part) for part in outer]
    return _stream(call, None if parts is None or None in parts else [x for part in parts for x in part or ()])


@dataclass(frozen=True)
class Lazily:
    """One of the functions below that take items one by one, and give some."""

    kind: str
    args: tuple[Any, ...]
    where: Where
    node: Any = field(compare=False)

    def run(self, it: Interpreter, give: Give) -> None:
        def call(function: Value, *args: Value) -> Value:
            with self.where.entered(it):
                return call_value(it, function, args, {}, self.node)

        for item in LAZY[self.kind](it, call, *self.args):
            give(item)


def _lazily(call: Any, kind: str, *args: Any) -> Value:
    return suspended(call.it, Lazily(kind, args, Where.here(call.it), call.node))


def _items_of(it: Interpreter, iterable: Value) -> Iterator[Value]:
    """The items one by one; LOST where they are not known."""
    numbers = endless(iterable)
    items = iter(itertools.islice(numbers, MAX_UNROLL)) if numbers is not None else rounds(it, iterable)
    for item in (MISSING,) if items is None else items:
        yield LOST if item is MISSING else item
    if numbers is not None:
        yield LOST


def _accumulated(it: Interpreter, call: Any, iterable: Value, func: Value, initial: Value) -> Iterator[Value]:
    total: Value = MISSING if initial is None else initial
    if initial is not None:
        yield total
    for item in _items_of(it, iterable):
        total = item if total is MISSING or item is LOST else call(func, total, item)
        yield total


def _sliced(it: Interpreter, call: Any, iterable: Value, start: int, stop: int | None, step: int) -> Iterator[Value]:
    if stop is not None and stop <= 0:
        return
    for position, item in enumerate(_items_of(it, iterable)):
        if item is LOST or (position >= start and (position - start) % step == 0):
            yield item
        if stop is not None and position + 1 >= stop:
            return


def _while(it: Interpreter, call: Any, condition: Value, iterable: Value) -> Iterator[Value]:
    for item in _items_of(it, iterable):
        holds = None if item is LOST else truth(it, call(condition, item))
        if holds is False:
            return
        yield item if holds else LOST


def _cycled(it: Interpreter, call: Any, iterable: Value) -> Iterator[Value]:
    kept = []
    for item in _items_of(it, iterable):
        kept.append(item)
        yield item
    while kept:
        yield from kept


LAZY: dict[str, Callable[..., Iterator[Value]]] = {
    "accumulate": _accumulated,
    "islice": _sliced,
    "takewhile": _while,
    "cycle": _cycled,
}


@function("itertools.accumulate", raw=True)
def accumulate(call: Any, iterable: Value, func: Value = None, *, initial: Value = None) -> Value:
    func = Known("operator.add") if func is None else func
    return _lazily(call, "accumulate", iterable, func, initial)


@function("itertools.islice", raw=True)
def islice(call: Any, iterable: Value, *bounds: Value) -> Value:
    known = all(b is None or (isinstance(b, int) and 0 <= b <= MAX_ITEMS) for b in bounds)
    if not known or not 1 <= len(bounds) <= 3 or (len(bounds) == 3 and bounds[2] == 0):
        forget(call.it, iterable, "a part was taken")
        return _stream(call, None)
    start, stop, step = (0, bounds[0], 1) if len(bounds) == 1 else (*bounds, None)[:3]
    return _lazily(call, "islice", iterable, start or 0, stop, step or 1)


@function("itertools.cycle", raw=True)
def cycle(call: Any, iterable: Value) -> Value:
    return _lazily(call, "cycle", iterable)


@function("itertools.zip_longest", raw=True)
def zip_longest(call: Any, *iterables: Value, fillvalue: Value = None) -> Value:
    parts = [iterate(call.it, iterable) for iterable in iterables]
    return _stream(call, None if None in parts else itertools.zip_longest(*parts, fillvalue=fillvalue))  # type: ignore[arg-type]


@function("itertools.pairwise", raw=True)
def pairwise(call: Any, iterable: Value) -> Value:
    items = iterate(call.it, iterable)
    return _stream(call, None if items is None else itertools.pairwise(items))


@function("itertools.starmap", raw=True)
def starmap(call: Any, func: Value, iterable: Value) -> Value:
    rows = iterate(call.it, iterable)
    arguments = None if rows is None else [iterate(call.it, row) for row in rows]
    if arguments is None or None in arguments:
        return _stream(call, None)
    return _stream(call, [call.invoke(func, list(row or ())) for row in arguments])


def _selection(name: str) -> None:
    @function(f"itertools.{name}", raw=True)
    def rule(call: Any, iterable: Value, r: Value = None) -> Value:
        items = iterate(call.it, iterable)
        if items is None or not (r is None or isinstance(r, int)) or len(items) > 12:
            return _stream(call, None)
        size = len(items) if r is None else r
        count = math.perm(len(items), size) if name == "permutations" else 2 ** len(items)
        return _stream(call, getattr(itertools, name)(items, size) if size >= 0 and count <= MAX_ITEMS else None)


for _name in ("combinations", "permutations"):
    _selection(_name)


@function("itertools.takewhile", raw=True)
def takewhile(call: Any, condition: Value, iterable: Value) -> Value:
    return _lazily(call, "takewhile", condition, iterable)


@function("itertools.groupby", raw=True)
def groupby(call: Any, iterable: Value, key: Value = None) -> Value:
    items = iterate(call.it, iterable)
    if items is None:
        return _stream(call, None)
    keys = list(items) if key is None else [call.invoke(key, [item]) for item in items]
    if not all(map(is_plain, keys)):
        return _stream(call, None)
    groups = itertools.groupby(range(len(items)), lambda n: keys[n])
    return _stream(call, [(k, _stream(call, [items[n] for n in where])) for k, where in groups])


@function("collections.defaultdict", raw=True)
def defaultdict(call: Any, factory: Value = None, *args: Value, **kwargs: Value) -> Value:
    made = _mapping(call, "defaultdict", args, kwargs)
    call.it.set(made.id, ".factory", factory)
    return made


@function("collections.OrderedDict", raw=True)
def ordered_dict(call: Any, *args: Value, **kwargs: Value) -> Value:
    return _mapping(call, "OrderedDict", args, kwargs)


@function("collections.Counter", raw=True)
def counter(call: Any, *args: Value, **kwargs: Value) -> Value:
    it = call.it
    if not args or isinstance(args[0], Dict):
        return _mapping(call, "Counter", args, kwargs)
    items = iterate(it, args[0])
    pairs: Any = ()
    if items is None or not all(map(is_plain, items)) or kwargs:
        pairs = Unknown("counted in something that is not known")
    else:
        for item in items:
            before = next((n for key, n in pairs if same(key, item)), 0)
            pairs = put(pairs, item, before + 1)
    return new_container(it, lambda new: OtherDict(new, "Counter"), pairs)  # type: ignore[arg-type]


def _mapping(call: Any, kind: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> OtherDict:
    rule = REGISTRY.find("builtins.dict")
    assert rule is not None
    assert rule.function is not None
    plain = rule.function(call, *args, **kwargs)
    return new_container(call.it, lambda new: OtherDict(new, kind), call.it.get(plain.id, ".items"))  # type: ignore[arg-type]


@function("collections.deque", raw=True)
def deque(call: Any, iterable: Value = (), maxlen: Value = None) -> Value:
    items = iterate(call.it, iterable)
    if isinstance(items, tuple) and isinstance(maxlen, int):
        items = items[max(len(items) - maxlen, 0) :]
    known = items is not None and (maxlen is None or isinstance(maxlen, int))
    made = new_container(call.it, Deque, items if known else Unknown("made of something of unknown length"))
    call.it.set(made.id, ".maxlen", maxlen)
    return made


@function("copy.copy", raw=True)
def copy(call: Any, value: Value) -> Value:
    it = call.it
    if isinstance(value, (List, Dict, Set)) and not isinstance(value, (Stream, Deque, OtherDict)):
        return new_container(it, type(value), it.get(value.id, ".items"))
    if isinstance(value, Instance):
        return _copied(it, value, {}, deep=False)
    return value if _is_immutable(value) else Unknown("a copy of an object")


@function("copy.deepcopy", raw=True)
def deepcopy(call: Any, value: Value, memo: Value = None) -> Value:
    return _deep(call.it, value, {})


def _deep(it: Interpreter, value: Value, done: dict[Any, Value]) -> Value:
    it.step()
    value = it.resolve(value)
    if isinstance(value, tuple):
        items = [_deep(it, item, done) for item in value]
        return value.like(items) if isinstance(value, Row) else tuple(items)
    if isinstance(value, (List, Dict, Set)) and not isinstance(value, (Stream, Deque, OtherDict)):
        if value not in done:
            made = done[value] = new_container(it, type(value), Unknown("a copy under way"))
            items = it.get(value.id, ".items")
            it.set(made.id, ".items", _deep(it, items, done) if isinstance(items, tuple) else items)
        return done[value]
    if isinstance(value, Instance):
        return _copied(it, value, done, deep=True)
    return value if _is_immutable(value) or isinstance(value, Unknown) else Unknown("a deep copy of an object")


def _copied(it: Interpreter, obj: Instance, done: dict[Any, Value], *, deep: bool) -> Value:
    """A copy of an object of the user's, or of one of a framework that says what it holds."""
    from .objects import find_method, known_base, mro

    if obj in done:
        return done[obj]
    names = attribute_names(it, obj)
    rule = known_base(it, obj) if deep else None
    kept = () if rule is None else rule.kept or getattr(getattr(rule, "machine", None), "kept", ())
    if kept and names is None:
        own = it.get(obj.id, ".own")
        names = own if isinstance(own, tuple) else ()
    plain = bool(kept) or (isinstance(obj.cls, Class) and all(isinstance(base, Class) for base in mro(it, obj.cls)))
    special = ("__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__new__")
    if names is None or not plain or any(find_method(it, obj, name) is not MISSING for name in special):
        return Unknown("a copy of an object")
    if it.get(obj.id, "_name_") is not MISSING:
        return obj  # members of enums are not copied
    made = done[obj] = Instance(it.new_id(), obj.cls)
    if isinstance(obj.cls, Class):
        it.set(made.id, ".names", names)
    for hidden in kept:
        value = it.get(obj.id, hidden)
        if value is not MISSING:
            it.set(made.id, hidden, _deep(it, value, done) if hidden == ".children" else value)
    fields = it.get(obj.id, ".fields")
    if fields is not MISSING:
        it.set(made.id, ".fields", fields)
    for name in names:
        value = it.get(obj.id, name)
        if value is not MISSING:
            it.set(made.id, name, _deep(it, value, done) if deep else value)
    return made


def _is_immutable(value: Value) -> bool:
    return (
        is_plain(value)
        or is_symbolic(value)
        or isinstance(value, (Function, Class, Known, Tensor, tuple))
        or value is ...
    )


@class_rule("operator.itemgetter")
class ItemGetter(ClassRule):
    """``itemgetter(1)``: called, the item; of several keys a tuple."""

    def init(self, call: Any, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        call.set(obj, ".wanted", tuple(args))

    def call(self, call: Any, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        import ast

        from .operators import subscript

        wanted = call.get(obj, ".wanted", ())
        found = tuple(subscript(call.it, args[0], key, call.node or ast.Pass()) for key in wanted) if args else ()
        return found[0] if len(found) == 1 else found


@class_rule("operator.attrgetter")
class AttributeGetter(ItemGetter):
    """``attrgetter("a.b")``."""

    def call(self, call: Any, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        from .objects import get_attribute

        found = []
        for path in call.get(obj, ".wanted", ()):
            value = args[0] if args and isinstance(path, str) else Unknown("an attribute")
            for name in path.split(".") if isinstance(path, str) else ():
                value = get_attribute(call.it, value, name, call.node)
            found.append(value)
        return found[0] if len(found) == 1 else tuple(found)


@function("functools.lru_cache", raw=True)
def lru_cache(call: Any, maxsize: Value = 128, typed: Value = False) -> Value:
    return maxsize if isinstance(maxsize, (Function, BoundMethod, Class)) else Transparent()


@function("builtins.dict.fromkeys", raw=True)
def fromkeys(call: Any, iterable: Value, value: Value = None) -> Value:
    keys = iterate(call.it, iterable)
    pairs: Any = () if keys is not None else Unknown("keys that are not known")
    for key in keys or ():
        pairs = put(pairs, key, value) if isinstance(pairs, tuple) else pairs
    return new_container(call.it, Dict, pairs)


def _path(name: str) -> None:
    @function(f"os.path.{name}", raw=True)
    def rule(call: Any, *args: Value) -> Value:
        if not args or not all(isinstance(arg, str) for arg in args):
            return Unknown("a path")
        return getattr(posixpath, name)(*args)


for _name in ("basename", "dirname", "split", "splitext"):
    _path(_name)


@class_rule("types.SimpleNamespace")
class SimpleNamespace(ClassRule):
    """An object with the attributes that it is given."""

    def init(self, call: Any, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        call.set(obj, ".names", ())
        for name, value in kwargs.items():
            call.set(obj, name, value)
            remember_name(call.it, obj, name)


@class_rule("argparse.Namespace")
class ParsedArguments(SimpleNamespace):
    """What ``parse_args()`` gives: the defaults, since a document is run without arguments."""


@class_rule("argparse.ArgumentParser")
class ArgumentParser(ClassRule):
    """Remembers what ``add_argument`` declares: (name, default) pairs under ".defaults"."""

    def init(self, call: Any, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        known = not kwargs.keys() & {"parents", "argument_default"}
        call.set(obj, ".defaults", () if known else Unknown("options from elsewhere"))

    def get(self, call: Any, obj: Instance, name: str) -> Value:
        target = f"argparse.ArgumentParser.{name}"
        return MISSING if REGISTRY.find(target) is None else BoundMethod(Known(target), obj)


@function("argparse.ArgumentParser.add_argument", raw=True)
def add_argument(call: Any, parser: Value, *flags: Value, **options: Value) -> Value:
    dest, default = options.get("dest"), options.get("default")
    action, kind = options.get("action", "store"), options.get("type")
    if not flags or not all(isinstance(flag, str) for flag in flags) or not (dest is None or isinstance(dest, str)):
        return _declare(call, parser, None, Unknown("an option with an unknown name"))
    optional = flags[0].startswith("-")
    name = dest or (next((f for f in flags if f.startswith("--")), flags[0]).lstrip("-") if optional else flags[0])
    if action == "help" or action == "version":
        return Unknown("an option")
    if not optional or options.get("required", False) is not False:
        value: Value = Unknown("an argument that must be given")
    elif action in ("store_true", "store_false") and "default" not in options:
        value = action == "store_false"
    elif (
        action == "store_const"
        or action in ("store", "append", "store_true", "store_false", "count")
        or isinstance(action, Known)
    ):
        value = call.invoke(kind, [default]) if isinstance(default, str) and kind is not None else default
    else:
        value = Unknown("an option with an action of its own")
    return _declare(call, parser, name.replace("-", "_"), value)


@function("argparse.ArgumentParser.add_argument_group", raw=True)
def add_argument_group(call: Any, parser: Value, *args: Value, **options: Value) -> Value:
    return parser


alias("argparse.ArgumentParser.add_argument_group", "argparse.ArgumentParser.add_mutually_exclusive_group")


@function("argparse.ArgumentParser.set_defaults", raw=True)
def set_defaults(call: Any, parser: Value, **defaults: Value) -> Value:
    for name, value in defaults.items():
        _declare(call, parser, name, value)
    return None


def _declare(call: Any, parser: Value, name: str | None, value: Value) -> Value:
    if isinstance(parser, Instance):
        declared = call.get(parser, ".defaults", ())
        known = isinstance(declared, tuple) and name is not None
        call.set(parser, ".defaults", put(declared, name, value) if known else Unknown("options that are not known"))
    return Unknown("an option")


@function("argparse.ArgumentParser.parse_args", raw=True)
def parse_args(call: Any, parser: Value, args: Value = None, namespace: Value = None) -> Value:
    given = () if args is None else iterate(call.it, args)
    declared = call.get(parser, ".defaults", ()) if isinstance(parser, Instance) else MISSING
    if given != () or namespace is not None or not isinstance(declared, tuple):
        return Unknown("parsed arguments")
    return call.invoke(Known("argparse.Namespace"), [], dict(declared))


@function("argparse.ArgumentParser.parse_known_args", raw=True)
def parse_known_args(call: Any, parser: Value, args: Value = None, namespace: Value = None) -> Value:
    return parse_args(call, parser, args, namespace), new_container(call.it, List, ())
