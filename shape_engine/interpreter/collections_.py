"""Lists, tuples, dicts, sets, strings and ranges: their items and their methods."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ..dim import ANY_SIGN, bounds, is_dim, is_symbolic
from ..rule import MISSING
from ..shape import Shape
from ..value import (
    Class,
    Deque,
    Dict,
    Instance,
    Known,
    List,
    OtherDict,
    Range,
    Set,
    Slice,
    Stream,
    Tensor,
    Unknown,
    Value,
    View,
    objects_in,
)
from .core import MAX_UNROLL, Interpreter
from .join import same
from .limits import ITEMS_PER_STEP, MAX_ITEMS

Pairs = tuple[tuple[Value, Value], ...]
MAX_RANGE = 4096


def iterate(it: Interpreter, value: Value) -> tuple[Value, ...] | None:
    """The items of something that can be iterated, in order, or None where they are not known."""
    items = _items(it, value)
    if items is not None and len(items) > ITEMS_PER_STEP:
        if len(items) > MAX_ITEMS:
            return None
        it.step(len(items) // ITEMS_PER_STEP)
    return items


def _items(it: Interpreter, value: Value) -> tuple[Value, ...] | None:
    value = it.resolve(value)
    if isinstance(value, tuple):
        return tuple(value)
    if isinstance(value, Stream):
        from .generators import drain

        return drain(it, value)
    if isinstance(value, (List, Set)):
        items = it.get(value.id, ".items")
        return items if isinstance(items, tuple) else None
    if isinstance(value, View):
        pairs = dict_items(it, value.mapping)
        return None if pairs is None else pairs if value.part is None else tuple(p[value.part] for p in pairs)
    if isinstance(value, Dict):
        pairs = dict_items(it, value)
        return None if pairs is None else tuple(key for key, _ in pairs)
    if isinstance(value, str):
        return tuple(value) if len(value) <= MAX_RANGE else None
    if isinstance(value, Range):
        if all(isinstance(part, int) for part in (value.start, value.stop, value.step)) and value.step:
            numbers = range(value.start, value.stop, value.step)  # type: ignore[arg-type]
            return None if numbers[MAX_RANGE:] else tuple(numbers)
        return None
    if isinstance(value, Tensor):
        return _tensor_items(it, value)
    from .objects import Attributes, attribute_names

    if isinstance(value, Attributes):
        return attribute_names(it, value.obj)
    if isinstance(value, Class):
        members = it.get(value.id, ".members")
        return members if isinstance(members, tuple) else None
    if isinstance(value, Instance):
        from .objects import iterate_instance

        return iterate_instance(it, value)
    return None


def item_of(it: Interpreter, value: Value) -> Value:
    """What one item is of something whose items cannot be listed."""
    value = it.resolve(value)
    if isinstance(value, Stream) and isinstance(sources := it.get(value.id, ".each"), tuple):
        from .builtins import Counted

        return tuple(it.fresh() if isinstance(source, Counted) else item_of(it, source) for source in sources)
    if isinstance(value, Range):
        return it.fresh(least=0 if (bounds(value.start)[0] or 0) >= 0 and value.step == 1 else ANY_SIGN)
    if isinstance(value, Tensor) and isinstance(value.shape, Shape) and value.shape:
        from ..value import Known
        from .calls import call_known
        from .operators import TENSOR_CLASSES

        return call_known(it, Known(f"{TENSOR_CLASSES[value.kind]}.__getitem__"), [value, it.fresh()], {}, None)
    items = iterate(it, value)
    if items:
        return it.join_all(list(items))
    if isinstance(value, Instance):
        from .calls import context
        from .objects import known_base

        rule = known_base(it, value)
        found = MISSING if rule is None or items is not None else rule.any_item(context(it, None), value)
        if found is not MISSING:
            return found
    return Unknown("an item of something that is not known", reachable(it, value))


def reachable(it: Interpreter, value: Value) -> tuple[Any, ...]:
    """The objects that an unknown part of a value may be."""
    if isinstance(value, View):
        value = value.mapping
    inside = it.get(value.id, ".items") if isinstance(value, (List, Dict, Set)) else value
    return objects_in(inside) if isinstance(inside, Unknown) else ()


def dict_items(it: Interpreter, value: Value) -> Pairs | None:
    """The pairs of a Dict, or None."""
    if not isinstance(value, Dict):
        return None
    items = it.get(value.id, ".items")
    return items if isinstance(items, tuple) else None


def put(pairs: Pairs, key: Value, value: Value) -> Any:
    """The pairs with one key set; Unknown when the key is."""
    if isinstance(key, Unknown) or is_symbolic(key):
        return Unknown("a key that is not known")
    position = _position(pairs, key)
    if position is None:
        return (*pairs, (key, value))
    return (*pairs[:position], (pairs[position][0], value), *pairs[position + 1 :])


def put_all(pairs: Pairs, more: Iterable[tuple[Value, Value]]) -> Any:
    """The pairs with many keys set."""
    merged = dict(pairs)
    for key, value in more:
        if isinstance(key, Unknown) or is_symbolic(key):
            return Unknown("a key that is not known")
        merged[key] = value
    return tuple(merged.items())


def _position(pairs: Pairs, key: Value) -> int | None:
    """Where a key is that is equal for Python: 1, 1.0 and True are one."""
    try:
        return [other for other, _ in pairs].index(key)
    except ValueError:
        return None


def get_item(it: Interpreter, pairs: Pairs | None, key: Value, default: Value = MISSING) -> Value:
    """``mapping[key]``."""
    if pairs is None or isinstance(key, Unknown) or is_symbolic(key):
        if pairs and default is MISSING and not isinstance(key, Unknown):
            return Unknown("a key that is not known")
        return Unknown("an item of a mapping that is not known")
    it.step(len(pairs) // ITEMS_PER_STEP)
    position = _position(pairs, key)
    if position is not None:
        return pairs[position][1]
    return Unknown("a key that is not there") if default is MISSING else default


def missing_item(it: Interpreter, mapping: OtherDict, pairs: Pairs, key: Value) -> Value:
    """``mapping[key]`` for a key that is not in it: what a defaultdict or a Counter makes of it."""
    if mapping.kind == "Counter":
        return 0
    factory = it.get(mapping.id, ".factory")
    if mapping.kind != "defaultdict" or factory is MISSING or factory is None:
        return Unknown("a key that is not there")
    from .calls import call_value

    value = call_value(it, factory, [], {}, None)
    it.set(mapping.id, ".items", put(pairs, key, value))
    return value


def sequence_item(it: Interpreter, items: Any, key: Value) -> Value:
    """``items[key]`` of a tuple, string or range: an int or a slice."""
    if isinstance(items, Range):
        listed = iterate(it, items)
        if listed is None:
            return it.fresh() if is_dim(key) else Unknown("a part of a long range")
        items = listed
    if isinstance(key, bool):
        key = int(key)
    if isinstance(key, int):
        try:
            return items[key]
        except IndexError:
            return Unknown("an index outside the sequence")
    if isinstance(key, Slice):
        parts = key.start, key.stop, key.step
        if all(part is None or isinstance(part, int) for part in parts) and key.step != 0:
            part = items[key.start : key.stop : key.step]
            return tuple(part) if isinstance(items, tuple) else part
        return Unknown("a slice with unknown ends")
    if is_symbolic(key) and isinstance(items, tuple) and items and len(items) <= 64:
        return it.join_all(list(items))
    return Unknown("an item at an unknown position")


def store_item(it: Interpreter, container: Value, key: Value, value: Value, node: Any) -> None:
    """``container[key] = value``."""
    from .memory import wrote
    from .objects import Attributes

    container = it.resolve(container)
    if isinstance(container, Tensor):
        wrote(it, container)
    elif isinstance(container, Unknown):
        forget(it, container, "an item may have been set")
    elif isinstance(container, List):
        items = it.get(container.id, ".items")
        if isinstance(items, tuple) and isinstance(key, int) and -len(items) <= key < len(items):
            changed = list(items)
            changed[key] = value
            it.set(container.id, ".items", tuple(changed))
            return
        replaced = iterate(it, value) if isinstance(key, Slice) else None
        if isinstance(items, tuple) and is_constant_slice(key) and replaced is not None:
            changed = list(items)
            try:
                changed[key.start : key.stop : key.step] = replaced
            except ValueError:
                changed = list(items)  # Python refuses
            it.set(container.id, ".items", tuple(changed))
            return
        it.set(container.id, ".items", Unknown("an item was set at an unknown position", objects_in(items, value)))
    elif isinstance(container, Dict):
        pairs = it.get(container.id, ".items")
        if isinstance(pairs, tuple):
            changed_pairs = put(pairs, key, value)
            if isinstance(changed_pairs, Unknown):
                changed_pairs = Unknown(changed_pairs.reason, objects_in(tuple(v for _, v in pairs), value))
            it.set(container.id, ".items", changed_pairs)
        elif isinstance(pairs, Unknown) and objects_in(value):
            it.set(container.id, ".items", Unknown(pairs.reason, objects_in(pairs, value)))
    elif isinstance(container, Attributes):
        given = ([], {key: value}) if isinstance(key, str) else ([Unknown("what an unknown key names")], {})
        call_method(it, container, "update", *given)
    elif isinstance(container, Instance):
        from .calls import call_value, context
        from .objects import find_method, known_base

        method = find_method(it, container, "__setitem__")
        if method is not MISSING:
            call_value(it, method, [key, value], {}, node)
        elif (rule := known_base(it, container)) is not None:
            rule.set_item(context(it, node), container, key, value)


def delete_item(it: Interpreter, container: Value, key: Value) -> None:
    """``del container[key]``."""
    if isinstance(container, Unknown):
        forget(it, container, "an item may have been deleted")
    elif isinstance(container, Dict):
        pairs = it.get(container.id, ".items")
        if isinstance(pairs, tuple):
            known = not isinstance(key, Unknown) and not is_symbolic(key)
            kept = tuple(pair for pair in pairs if not same(pair[0], key))
            it.set(container.id, ".items", kept if known else Unknown("a key was deleted"))
    elif isinstance(container, List):
        items = it.get(container.id, ".items")
        if isinstance(items, tuple) and isinstance(key, int) and -len(items) <= key < len(items):
            kept_items = list(items)
            del kept_items[key]
            it.set(container.id, ".items", tuple(kept_items))
        elif isinstance(items, tuple) and is_constant_slice(key):
            kept_items = list(items)
            del kept_items[key.start : key.stop : key.step]
            it.set(container.id, ".items", tuple(kept_items))
        else:
            it.set(container.id, ".items", Unknown("an item was deleted"))
    elif isinstance(container, Instance):
        from .calls import call_value, context
        from .objects import find_method, known_base

        method = find_method(it, container, "__delitem__")
        if method is not MISSING:
            call_value(it, method, [key], {}, None)
        elif (rule := known_base(it, container)) is not None:
            rule.delete_item(context(it, None), container, key)


def is_constant_slice(key: Value) -> bool:
    """Whether a key is a slice whose three parts are known."""
    return isinstance(key, Slice) and all(p is None or isinstance(p, int) for p in (key.start, key.stop, key.step))


def rounds(it: Interpreter, value: Value) -> Iterator[Value] | None:
    """The items as a loop takes them: one at a time, from what a list or an iterator holds by then.

    None where they cannot be listed; MISSING as an item: from here on they are not known.
    """
    value = it.resolve(value)
    if not isinstance(value, List):
        items = iterate(it, value)
        return None if items is None or len(items) > MAX_UNROLL else iter(items)
    first = it.get(value.id, ".items")
    if isinstance(value, Stream):
        return None if isinstance(first, Unknown) else _taken(it, value)
    return _live(it, value) if isinstance(first, tuple) and len(first) <= MAX_UNROLL else None


def _live(it: Interpreter, value: List) -> Iterator[Value]:
    for position in range(MAX_UNROLL + 1):
        items = it.get(value.id, ".items")
        if not isinstance(items, tuple) or position == MAX_UNROLL:
            yield MISSING
            return
        if position >= len(items):
            return
        yield items[position]


def _taken(it: Interpreter, value: Stream) -> Iterator[Value]:
    from .generators import LOST, pulled

    return (MISSING if item is LOST else item for item in pulled(it, value))


def join_containers(it: Interpreter, a: Value, b: Value) -> Value:
    """Two lists or dicts of the same layout, joined item by item into a new one; else MISSING."""
    if type(a) is not type(b) or not isinstance(a, (List, Dict)) or isinstance(a, (Deque, OtherDict)) or a == b:
        return MISSING
    first, second = it.get(a.id, ".items"), it.get(b.id, ".items")
    if not isinstance(first, tuple) or not isinstance(second, tuple) or len(first) != len(second):
        return MISSING
    from .expressions import new_container

    it.step(1 + len(first) // 4)
    items: Pairs
    if isinstance(a, Dict):
        if any(not same(x[0], y[0]) for x, y in zip(first, second, strict=True)):
            return MISSING
        items = tuple((x[0], it.join(x[1], y[1])) for x, y in zip(first, second, strict=True))
    else:
        items = tuple(it.join(x, y) for x, y in zip(first, second, strict=True))
    joined = new_container(it, type(a), items)
    for one, others in ((joined, (a, b)), (a, (joined,)), (b, (joined,))):  # a change of one may be one of the others
        known = it.get(one.id, ".maybe")
        it.set(one.id, ".maybe", (*known, *others) if isinstance(known, tuple) else others)
    return joined


STORES_PER_STEP = 32  # overlays through which a value is looked up


def forget(it: Interpreter, value: Value, why: str, seen: set[Any] | None = None) -> None:
    """A value was handed to code that nobody can follow: what it holds may have changed, down to the last list.

    Layers and models stay what they are: code that is handed one to look at it is far more common than code
    that takes it apart, and says so by its name.
    """
    from .memory import wrote

    seen = set() if seen is None else seen
    if isinstance(value, Tensor):
        wrote(it, value)
    elif isinstance(value, tuple) and id(value) not in seen:  # one tuple may hold another many times, over and over
        seen.add(id(value))
        for item in value:
            forget(it, item, why, seen)
    elif isinstance(value, (View, Unknown)):
        for one in objects_in(value):
            it.step(1 + it.store.depth // STORES_PER_STEP)
            forget(it, one, why, seen)
    elif isinstance(value, Stream) and value not in seen:
        from .generators import abandon

        seen.add(value)
        abandon(it, value)
    elif isinstance(value, (List, Dict, Set)) and value not in seen:
        seen.add(value)
        items = it.get(value.id, ".items")
        forget(it, items, why, seen)
        it.set(value.id, ".items", Unknown(why, objects_in(items)))
    elif isinstance(value, Instance) and value not in seen:
        seen.add(value)
        from .objects import attribute_names, is_plain_object, known_base

        for name in (attribute_names(it, value) or ()) if is_plain_object(it, value) else ():
            held = it.get(value.id, name)
            forget(it, held, why, seen)
            it.set(value.id, name, Unknown(why, objects_in(held)))
            it.set(value.id, ".open", True)
        if isinstance(value.cls, Known) and (rule := known_base(it, value)) is not None:
            from .calls import context

            rule.forget(context(it, None), value)


def thaw(it: Interpreter, value: Value, depth: int = 0) -> Any:
    """Python lists, dicts and sets for List, Dict and Set, all the way down."""
    value = it.resolve(value)
    if type(value) is Tensor:
        from .memory import current

        return value if value.constant is None else current(it, value)
    if isinstance(value, (List, Dict, Set)):
        items = iterate(it, value) if isinstance(value, Stream) else it.get(value.id, ".items")
        if not isinstance(items, tuple) or depth > 20:
            return items if isinstance(items, Unknown) else Unknown("nested too deeply")
        it.step(1 + len(items) // 4)
        if isinstance(value, Dict):
            try:
                return {thaw(it, key, depth + 1): thaw(it, item, depth + 1) for key, item in items}
            except TypeError:
                return Unknown("a mapping with odd keys")
        thawed = [thaw(it, item, depth + 1) for item in items]
        if isinstance(value, Set):
            try:
                return set(thawed)
            except TypeError:
                return Unknown("a set of odd values")
        return thawed
    if isinstance(value, tuple) and not isinstance(value, Shape):
        return tuple(thaw(it, item, depth + 1) for item in value)
    if isinstance(value, Instance) and isinstance(value.cls, Class):
        from .operators import plain_member

        return plain_member(it, value)
    if isinstance(value, View):
        listed = iterate(it, value)
        return Unknown("a mapping that is not known") if listed is None else [thaw(it, x, depth + 1) for x in listed]
    if isinstance(value, Range):
        listed = iterate(it, value)
        return value if listed is None else range(value.start, value.stop, value.step)  # type: ignore[arg-type]
    return value


def freeze(it: Interpreter, value: Any) -> Value:
    """List, Dict and Set for Python lists, dicts and sets, all the way down."""
    if type(value) in _WHOLE:
        return value
    from .expressions import new_container

    if isinstance(value, list):
        return new_container(it, List, tuple(freeze(it, item) for item in value))
    if isinstance(value, dict):
        return new_container(it, Dict, tuple((key, freeze(it, item)) for key, item in value.items()))
    if isinstance(value, (set, frozenset)):
        return new_container(it, Set, tuple(value))
    if type(value) is tuple:
        return tuple(freeze(it, item) for item in value)
    if isinstance(value, Shape):
        return tuple(value)
    if isinstance(value, range):
        return Range(value.start, value.stop, value.step)
    if value is MISSING:
        return Unknown("not modelled")
    return value


_WHOLE = frozenset((bool, int, float, str, type(None), Tensor, Instance, Unknown))


def _tensor_items(it: Interpreter, value: Tensor) -> tuple[Value, ...] | None:
    if not isinstance(value.shape, Shape) or not value.shape or not isinstance(value.shape[0], int):
        return None
    if value.shape[0] > MAX_UNROLL:
        return None
    from ..value import Known
    from .calls import call_known
    from .operators import TENSOR_CLASSES

    target = Known(f"{TENSOR_CLASSES[value.kind]}.__getitem__")
    return tuple(call_known(it, target, [value, position], {}, None) for position in range(value.shape[0]))


Method = Callable[..., Value]


def call_method(it: Interpreter, owner: Value, name: str, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
    """``owner.name(*args)`` for a list, dict, set, tuple or string; MISSING where there is no such method."""
    from . import methods

    return methods.call(it, owner, name, args, kwargs)
