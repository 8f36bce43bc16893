"""The methods of Python's own containers and strings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..rule import MISSING
from ..value import Dict, List, Set, Unknown, Value
from .collections_ import Pairs, dict_items, get_item, iterate, put
from .core import Interpreter
from .expressions import distinct, new_container
from .join import same

WIDE = re.compile(r"[\d{]{5,}|\{[^}]*\{")  # a field so wide that formatting it costs memory
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
    if isinstance(owner, List):
        return _list(it, owner, name, args, kwargs)
    if isinstance(owner, Dict):
        return _dict(it, owner, name, args, kwargs)
    if isinstance(owner, Set):
        return _set(it, owner, name, args)
    if isinstance(owner, tuple):
        return _tuple(it, owner, name, args)
    if isinstance(owner, str):
        return _text(it, owner, name, args, kwargs)
    return MISSING


def _list(it: Interpreter, owner: List, name: str, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
    items = it.get(owner.id, ".items")
    if not isinstance(items, tuple):
        return (
            None
            if name in ("append", "extend", "insert", "remove", "clear", "sort", "reverse")
            else Unknown("a list that is not known")
        )

    def become(changed: Any) -> None:
        it.set(owner.id, ".items", changed)

    match name, args:
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
            ordered = _sorted(items, kwargs)
            become(ordered)
        case _:
            become(Unknown(f"changed by {name}"))
            return Unknown(f"list.{name}") if name in dir(list) else MISSING
    return None


def _sorted(items: tuple[Value, ...], kwargs: dict[str, Value]) -> Any:
    if kwargs.get("key") is not None or not all(isinstance(item, (int, float, str)) for item in items):
        return Unknown("sorted in an unknown order")
    try:
        return tuple(sorted(items, reverse=kwargs.get("reverse") is True))
    except TypeError:
        return Unknown("sorted in an unknown order")


def _dict(it: Interpreter, owner: Dict, name: str, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
    pairs = dict_items(it, owner)

    def become(changed: Any) -> None:
        it.set(owner.id, ".items", changed)

    match name, args:
        case "get", [key, *rest]:
            return get_item(it, pairs, key, rest[0] if rest else kwargs.get("default"))
        case "keys", []:
            return _listed(it, pairs, 0)
        case "values", []:
            return _listed(it, pairs, 1)
        case "items", []:
            return _listed(it, pairs, None)
        case "copy", []:
            return new_container(it, Dict, Unknown("a mapping that is not known") if pairs is None else pairs)
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
        case "update", _:
            become(_updated(it, pairs, args, kwargs))
            return None
        case "clear", []:
            become(())
            return None
    return Unknown(f"dict.{name}") if name in dir(dict) else MISSING


def _listed(it: Interpreter, pairs: Pairs | None, part: int | None) -> Value:
    if pairs is None:
        return new_container(it, List, Unknown("a mapping that is not known"))
    return new_container(it, List, tuple(pair if part is None else pair[part] for pair in pairs))


def _updated(it: Interpreter, pairs: Pairs | None, args: Sequence[Value], kwargs: dict[str, Value]) -> Any:
    more: list[tuple[Value, Value]] = list(kwargs.items())
    for arg in args[:1]:
        extra = dict_items(it, arg)
        if extra is None:
            return Unknown("updated from something that is not known")
        more = [*extra, *more]
    result: Any = Unknown("a mapping that is not known") if pairs is None else pairs
    for key, value in more:
        if isinstance(result, tuple):
            result = put(result, key, value)
    return result


def _set(it: Interpreter, owner: Set, name: str, args: Sequence[Value]) -> Value:
    items = iterate(it, owner)
    if items is None:
        return Unknown("a set that is not known")
    match name, args:
        case "add", [item]:
            it.set(owner.id, ".items", distinct([*items, item]))
            return None
        case (("discard" | "remove"), [item]):
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
    it.set(owner.id, ".items", Unknown(f"changed by {name}"))
    return Unknown(f"set.{name}") if name in dir(set) else MISSING


def _tuple(it: Interpreter, owner: tuple[Value, ...], name: str, args: Sequence[Value]) -> Value:
    match name, args:
        case "index", [item]:
            return next((n for n, other in enumerate(owner) if same(item, other)), Unknown("not in the tuple"))
        case "count", [item]:
            return sum(same(item, other) for other in owner)
        case "as_list", []:  # a TensorShape is a tuple here
            return new_container(it, List, owner)
        case "numel", []:
            from ..shape import product

            return product(owner)
    return MISSING


def _text(it: Interpreter, owner: str, name: str, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
    if name not in TEXT_METHODS:
        return Unknown(f"str.{name}") if name in dir(str) else MISSING
    if name == "join" and args:
        parts = iterate(it, args[0])
        if parts is not None and all(isinstance(part, str) for part in parts):
            return owner.join(parts)
        return Unknown("a text with an unknown part")
    simple = (str, int, float, bool, type(None), tuple)
    if not all(isinstance(arg, simple) for arg in (*args, *kwargs.values())) or len(owner) > 100_000:
        return Unknown("a text with an unknown part")
    if name in ("center", "ljust", "rjust", "zfill") and any(isinstance(a, int) and a > 10_000 for a in args):
        return Unknown("a long text")
    if name == "format" and WIDE.search(owner):
        return Unknown("a long text")
    try:
        result = getattr(owner, name)(*args, **kwargs)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError):
        return Unknown("a text operation that Python refuses")
    return new_container(it, List, tuple(result)) if isinstance(result, list) else result
