"""The methods of Python's own containers and strings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..rule import MISSING
from ..value import Deque, Dict, List, OtherDict, Row, Set, Stream, Unknown, Value, View, objects_in
from .collections_ import Pairs, dict_items, get_item, iterate, put
from .core import Interpreter
from .expressions import distinct, new_container
from .join import same
from .limits import LONG_TEXT, MAX_TEXT, format_fits
from .objects import Attributes, attribute_names, remember_name
from .operators import is_plain

TEXT_METHODS = frozenset(
    [
        "capitalize",
        "casefold",
        "center",
        "count",
        "endswith",
        "find",
        "index",
        "isalnum",
        "isalpha",
        "isdecimal",
        "isdigit",
        "isidentifier",
        "islower",
        "isnumeric",
        "isspace",
        "istitle",
        "isupper",
        "ljust",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rfind",
        "rindex",
        "rjust",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "upper",
        "zfill",
        "join",
        "format",
    ]
)


def call(it: Interpreter, owner: Value, name: str, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
    """Run a method; MISSING where the type has none of this name."""
    if isinstance(owner, Attributes):
        return _attributes(it, owner, name, args, kwargs)
    if isinstance(owner, List):
        return _list(it, owner, name, args, kwargs)
    if isinstance(owner, Dict):
        return _dict(it, owner, name, args, kwargs)
    if isinstance(owner, Set):
        return _set(it, owner, name, args)
    if isinstance(owner, Row) and name in ("_replace", "_asdict"):
        from .records import row_method

        return row_method(it, owner, name, kwargs)
    if isinstance(owner, tuple):
        return _tuple(it, owner, name, args)
    if isinstance(owner, str):
        return _text(it, owner, name, args, kwargs)
    if isinstance(owner, int) and name == "bit_length" and not args:
        return owner.bit_length()
    if isinstance(owner, float) and name == "is_integer" and not args:
        return owner.is_integer()
    return MISSING


def _list(it: Interpreter, owner: List, name: str, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
    if isinstance(owner, Stream):
        return _stream(it, owner, name)
    items = it.get(owner.id, ".items")
    if not isinstance(items, tuple):
        if isinstance(items, Unknown) and objects_in(*args):
            it.set(owner.id, ".items", Unknown(items.reason, objects_in(items, *args)))
        elif isinstance(items, Unknown) and name == "clear" and not args:
            it.set(owner.id, ".items", ())
        return (
            None
            if name in ("append", "extend", "insert", "remove", "clear", "sort", "reverse")
            else Unknown("a list that is not known", objects_in(items))
        )

    def become(changed: Any) -> None:
        if isinstance(owner, Deque) and isinstance(changed, tuple):
            changed = _within(it, owner, changed, left=name in ("appendleft", "extendleft"))
        it.set(owner.id, ".items", changed)

    match name, args:
        case "appendleft", [item] if isinstance(owner, Deque):
            become((item, *items))
        case "popleft", [] if isinstance(owner, Deque) and items:
            become(items[1:])
            return items[0]
        case "rotate", _ if isinstance(owner, Deque) and items and all(isinstance(a, int) for a in args):
            by = (args[0] if args else 1) % len(items)
            become(items[-by:] + items[:-by] if by else items)
        case "append", [item]:
            become((*items, item))
        case "extend", [more]:
            added = iterate(it, more)
            become(Unknown("extended by something that is not known") if added is None else items + tuple(added))
        case "insert", [position, item] if isinstance(position, int):
            changed = list(items)
            changed.insert(position, item)
            become(tuple(changed))
        case "pop", _:
            position = args[0] if args else -1
            if not isinstance(position, int) or not -len(items) <= position < len(items):
                become(Unknown("popped at an unknown position"))
                return Unknown("popped at an unknown position")
            changed = list(items)
            popped = changed.pop(position)
            become(tuple(changed))
            return popped
        case "clear", []:
            become(())
        case "copy", []:
            return new_container(it, List, items)
        case "reverse", []:
            become(tuple(reversed(items)))
        case "index", [item]:
            return next((n for n, other in enumerate(items) if same(item, other)), Unknown("not in the list"))
        case "count", [item]:
            return sum(same(item, other) for other in items)
        case "sort", _:
            from .builtins import in_order
            from .calls import call_value

            by = kwargs.get("key")
            keys = items if by is None else [call_value(it, by, [item], {}, None) for item in items]
            become(in_order(it, items, keys, kwargs.get("reverse", False)))
        case "remove", [item]:
            from .operators import equal

            answers = [equal(it, item, other) for other in items]
            if None in answers[: answers.index(True)] if True in answers else True:
                become(Unknown("something was removed"))
            else:
                position = answers.index(True)
                become(items[:position] + items[position + 1 :])
        case _:
            become(Unknown(f"changed by {name}"))
            return Unknown(f"list.{name}") if name in dir(list) else MISSING
    return None


def _stream(it: Interpreter, owner: Stream, name: str) -> Value:
    """What a generator does with what is sent is not followed: only that it goes on."""
    from .generators import LOST, abandon, take

    if name in ("__next__", "send"):
        item = take(it, owner)
        return Unknown("the end of an iterator") if item is MISSING or item is LOST else item
    if name == "__iter__":
        return owner
    abandon(it, owner)
    if name == "close":
        it.set(owner.id, ".items", ())
        return None
    return Unknown(f"{name} of an iterator")


def _within(it: Interpreter, owner: Deque, items: tuple[Value, ...], *, left: bool) -> Any:
    limit = it.get(owner.id, ".maxlen")
    if limit is None or limit is MISSING:
        return items
    if not isinstance(limit, int):
        return Unknown("a deque of unknown length")
    return items[:limit] if left else items[max(len(items) - limit, 0) :]


def _dict(it: Interpreter, owner: Dict, name: str, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
    pairs = dict_items(it, owner)

    def become(changed: Any) -> None:
        it.set(owner.id, ".items", changed)

    match name, args:
        case "get", [key, *rest]:
            return get_item(it, pairs, key, rest[0] if rest else kwargs.get("default"))
        case "keys", []:
            return View(owner, 0)
        case "values", []:
            return View(owner, 1)
        case "items", []:
            return View(owner, None)
        case "copy", []:
            if isinstance(owner, OtherDict):
                return Unknown("a copy of a special mapping")
            return new_container(it, Dict, Unknown("a mapping that is not known") if pairs is None else pairs)
        case "popitem", [] if pairs:
            become(pairs[:-1])
            return pairs[-1]
        case "move_to_end", [key] if pairs is not None and isinstance(owner, OtherDict):
            found = [pair for pair in pairs if same(pair[0], key)]
            become((*(pair for pair in pairs if not same(pair[0], key)), *found))
            return None
        case "most_common", _ if isinstance(owner, OtherDict) and owner.kind == "Counter":
            return _most_common(it, pairs, args)
        case "setdefault", [key, *rest]:
            found = get_item(it, pairs, key, MISSING if pairs is None else Unknown("absent"))
            if isinstance(found, Unknown) and found.reason == "absent" and pairs is not None:
                value = rest[0] if rest else None
                become(put(pairs, key, value))
                return value
            return found
        case "pop", [key, *rest]:
            if pairs is None or isinstance(key, Unknown):
                become(Unknown("a key was popped"))
                return Unknown("popped from a mapping that is not known")
            found = get_item(it, pairs, key, rest[0] if rest else MISSING)
            become(tuple(pair for pair in pairs if not same(pair[0], key)))
            return found
        case "update", _ if not (isinstance(owner, OtherDict) and owner.kind == "Counter"):
            become(_updated(it, pairs, args, kwargs))
            return None
        case "clear", []:
            become(())
            return None
    become(Unknown(f"changed by {name}"))
    return Unknown(f"dict.{name}") if name in dir(dict) or isinstance(owner, OtherDict) else MISSING


def _most_common(it: Interpreter, pairs: Pairs | None, args: Sequence[Value]) -> Value:
    counted = pairs is not None and all(isinstance(count, int) for _, count in pairs)
    if not counted or (args and not isinstance(args[0], int)):
        return Unknown("the most common of items that are not known")
    ordered = sorted(pairs or (), key=lambda pair: pair[1], reverse=True)
    return new_container(it, List, tuple(ordered[: args[0]] if args else ordered))


def _updated(it: Interpreter, pairs: Pairs | None, args: Sequence[Value], kwargs: dict[str, Value]) -> Any:
    more: list[tuple[Value, Value]] = list(kwargs.items())
    for arg in args[:1]:
        extra = dict_items(it, arg)
        if extra is None and not isinstance(arg, Dict):
            rows = iterate(it, arg)
            if rows is not None and all(isinstance(row, tuple) and len(row) == 2 for row in rows):
                extra = tuple((row[0], row[1]) for row in rows)
        if extra is None:
            return Unknown("updated from something that is not known")
        more = [*extra, *more]
    result: Any = Unknown("a mapping that is not known") if pairs is None else pairs
    for key, value in more:
        if isinstance(result, tuple):
            result = put(result, key, value)
    return result


def _attributes(
    it: Interpreter, owner: Attributes, name: str, args: Sequence[Value], kwargs: dict[str, Value]
) -> Value:
    """The methods of ``vars(obj)``."""
    names = attribute_names(it, owner.obj)
    match name, args:
        case "update", _:
            more = _updated(it, (), args, kwargs)
            if not isinstance(more, tuple) or not all(isinstance(key, str) for key, _ in more):
                from .rebinding import change_perhaps

                change_perhaps(it, owner.obj, Unknown("an unknown update"), "an unknown update")
                return None
            for key, value in more:
                it.set(owner.obj.id, key, value)
                remember_name(it, owner.obj, key)
            return None
        case "get", [str() as key, *rest]:
            found = it.get(owner.obj.id, key)
            absent = it.get(owner.obj.id, ".open") is MISSING
            return found if found is not MISSING else (rest[0] if rest else None) if absent else Unknown("an attribute")
        case (("items" | "keys" | "values" | "copy"), []) if names is not None:
            pairs = tuple((key, it.get(owner.obj.id, key)) for key in names)
            copied = new_container(it, Dict, pairs)
            return copied if name == "copy" else View(copied, {"keys": 0, "values": 1}.get(name))
    return Unknown("the attributes of an object")


def _set(it: Interpreter, owner: Set, name: str, args: Sequence[Value]) -> Value:
    items = iterate(it, owner)
    if items is None:
        return Unknown("a set that is not known")
    match name, args:
        case "add", [item]:
            it.set(owner.id, ".items", distinct([*items, item]))
            return None
        case (("discard" | "remove"), [item]) if all(map(is_plain, (item, *items))):
            it.set(owner.id, ".items", tuple(other for other in items if not same(item, other)))
            return None
        case "copy", []:
            return new_container(it, Set, items)
        case "update", _:
            more = [iterate(it, arg) for arg in args]
            known = all(part is not None for part in more)
            it.set(
                owner.id,
                ".items",
                distinct([*items, *(x for part in more for x in part or ())])
                if known
                else Unknown("a set that is not known"),
            )
            return None
        case "clear", []:
            it.set(owner.id, ".items", ())
            return None
        case (("union" | "intersection" | "difference" | "symmetric_difference"), _):
            return _combined(it, items, name, args)
        case (("issubset" | "issuperset" | "isdisjoint"), [other]):
            others = iterate(it, other)
            if others is None or not all(map(is_plain, (*items, *others))):
                return Unknown("a comparison of sets that are not known")
            return getattr(set(items), name)(others)
    it.set(owner.id, ".items", Unknown(f"changed by {name}"))
    return Unknown(f"set.{name}") if name in dir(set) else MISSING


def _combined(it: Interpreter, items: tuple[Value, ...], name: str, args: Sequence[Value]) -> Value:
    more = [iterate(it, arg) for arg in args]
    if not all(part is not None and all(map(is_plain, part)) for part in (items, *more)):
        return new_container(it, Set, Unknown("a set that is not known"))
    return new_container(it, Set, tuple(getattr(set(items), name)(*more)))


def _tuple(it: Interpreter, owner: tuple[Value, ...], name: str, args: Sequence[Value]) -> Value:
    match name, args:
        case "index", [item]:
            return next((n for n, other in enumerate(owner) if same(item, other)), Unknown("not in the tuple"))
        case "count", [item]:
            return sum(same(item, other) for other in owner)
        case "as_list", []:  # a TensorShape is a tuple here
            return new_container(it, List, owner)
        case "is_fully_defined", []:
            return None not in owner
        case "concatenate", [tuple() as other]:
            return (*owner, *other)
        case (("numel" | "num_elements"), []) if None not in owner:
            from ..shape import product

            return product(owner)
    return MISSING


def _text(it: Interpreter, owner: str, name: str, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
    if name not in TEXT_METHODS:
        return Unknown(f"str.{name}") if name in dir(str) else MISSING
    if name == "format":
        from .operators import plain_member

        args = [plain_member(it, arg) for arg in args]
        if any(isinstance(arg, tuple) and not is_plain(arg) for arg in (*args, *kwargs.values())):
            return Unknown("a text with an unknown part")
    if name == "join" and args:
        parts = iterate(it, args[0])
        if parts is not None and all(isinstance(part, str) for part in parts):
            size = sum(map(len, parts)) + len(owner) * len(parts)
            return owner.join(parts) if size <= MAX_TEXT else LONG_TEXT
        return Unknown("a text with an unknown part")
    simple = (str, int, float, bool, type(None), tuple)
    if not all(isinstance(arg, simple) for arg in (*args, *kwargs.values())):
        return Unknown("a text with an unknown part")
    if name in ("center", "ljust", "rjust", "zfill") and any(isinstance(a, int) and a > MAX_TEXT for a in args):
        return LONG_TEXT
    if name == "format" and not format_fits(owner, (*args, *kwargs.values())):
        return LONG_TEXT
    if name == "replace" and len(args) > 1 and all(isinstance(arg, str) for arg in args[:2]):
        old, new = args[:2]
        if len(owner) + owner.count(old) * len(new) > MAX_TEXT:
            return LONG_TEXT
    try:
        result = getattr(owner, name)(*args, **kwargs)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError):
        return Unknown("a text operation that Python refuses")
    return new_container(it, List, tuple(result)) if isinstance(result, list) else result
