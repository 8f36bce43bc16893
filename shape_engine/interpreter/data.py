"""Data as text, and data drawn by chance: the modules json and random."""

from __future__ import annotations

import json
from typing import Any

from ..rule import function
from ..value import List, Unknown, Value
from .collections_ import freeze, item_of, iterate, thaw
from .expressions import new_container
from .operators import is_plain

MAX_TEXT = 200_000


@function("json.loads", raw=True)
def loads(call: Any, text: Value, **options: Value) -> Value:
    """A text that the program holds itself."""
    if not isinstance(text, str) or options or len(text) > MAX_TEXT:
        return Unknown("data from a text that is not known")
    try:
        return freeze(call.it, json.loads(text))
    except (ValueError, RecursionError):
        return Unknown("a text that is no JSON")


@function("json.dumps", raw=True)
def dumps(call: Any, data: Value, **options: Value) -> Value:
    """The text of plain data."""
    plain = thaw(call.it, data)
    settings = {name: thaw(call.it, value) for name, value in options.items()}
    if not _is_data(plain) or not all(map(is_plain, settings.values())):
        return Unknown("a text with an unknown part")
    try:
        return json.dumps(plain, **settings)
    except (TypeError, ValueError):
        return Unknown("a text of something that is no data")


@function("random.choice", raw=True)
def choice(call: Any, sequence: Value) -> Value:
    """One of the items: what holds of them all."""
    items = iterate(call.it, sequence)
    return call.it.join_all(list(items)) if items else item_of(call.it, sequence)


@function("random.sample", raw=True)
@function("random.choices", raw=True)
def sample(call: Any, population: Value, k: Value = 1, **options: Value) -> Value:
    """So many of the items, in any order."""
    items = iterate(call.it, population)
    if not items or not isinstance(k, int) or not 0 <= k <= 512 or not set(options) <= {"weights", "cum_weights"}:
        return Unknown("items drawn from something that is not known")
    return new_container(call.it, List, (call.it.join_all(list(items)),) * k)


@function("random.shuffle", raw=True)
def shuffle(call: Any, items: Value) -> None:
    """The same items in another order: at each place something that holds of them all."""
    held = call.it.get(items.id, ".items") if isinstance(items, List) else None
    if isinstance(held, tuple) and held:
        call.it.set(items.id, ".items", (call.it.join_all(list(held)),) * len(held))


@function("random.randint", raw=True)
@function("random.randrange", raw=True)
def number(call: Any, *bounds: Value) -> Value:
    """Some number."""
    return call.it.fresh(least=-(2**62))


@function("random.seed", raw=True)
def seed(call: Any, *args: Value, **kwargs: Value) -> None:
    """Nothing that matters for shapes."""


def _is_data(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, (str, int, float, bool, type(None))) and _is_data(x) for key, x in value.items())
    if isinstance(value, (list, tuple)):
        return all(map(_is_data, value))
    return value is None or isinstance(value, (str, int, float, bool))
