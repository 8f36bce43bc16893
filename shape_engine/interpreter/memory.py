"""Which arrays share memory: the numbers that are known of one are the truth until something is written there.

An array's value holds its numbers where they are few.  A write (``a[0] = 5``, ``a += 1``, ``a.sort()``, code that
is not known) cannot find the other values that stand for the same memory, so it leaves a mark instead: at the
array, and at all that it was made from without copying.  Whoever reads an array looks for marks on the way that
it came.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..value import Made, Tensor, Unknown, Value
from .core import Interpreter

WRITABLE = frozenset({"numpy", "torch"})
IN_PLACE = frozenset({"fill", "sort", "partition", "put", "resize", "itemset", "setfield", "setflags", "byteswap"})
"""Methods of an ndarray that write into it."""
WRITING = frozenset(
    f"numpy.{name}" for name in ("copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis")
)
"""Functions that write into their first argument."""
SHUFFLING = frozenset({"numpy.random.shuffle", "numpy.random.RandomState.shuffle", "numpy.random.Generator.shuffle"})
COPYING = frozenset(
    (
        *(f"numpy.{name}" for name in ("array", "zeros", "ones", "full", "empty", "arange", "linspace", "concatenate")),
        *(f"numpy.{name}" for name in ("stack", "vstack", "hstack", "copy", "prod", "sum", "cumsum", "cumprod")),
        *(
            "numpy.ndarray.copy",
            "numpy.ndarray.sum",
            "numpy.ndarray.prod",
            "torch.tensor",
            "torch.linspace",
            "torch.Tensor.clone",
        ),
    )
)
"""What surely gives memory of its own."""


def current(it: Interpreter, value: Tensor) -> Tensor:
    """The value without its numbers where something may have been written since they were learned."""
    if value.constant is None or value.kind not in WRITABLE:
        return value
    if type(value.constant) is not tuple and value.made is None:
        return value  # a number
    lost = value.made is None or it.get(EVERYWHERE, "written") is True
    if not lost:
        lost = any(it.get(_place(made), "written") is True for made in _sources(value))
    return replace(value, constant=None) if lost else value


def wrote(it: Interpreter, value: Value) -> None:
    """Something is written into the memory of an array."""
    if not isinstance(value, Tensor) or value.kind not in WRITABLE:
        return
    pending = list(_sources(value))
    if not pending:
        it.set(EVERYWHERE, "written", True)
    met: set[Made] = set()
    while pending:
        made = pending.pop()
        if made in met:
            continue
        met.add(made)
        it.set(_place(made), "written", True)
        later = it.get(_place(made), "later")
        if isinstance(later, Unknown):
            it.set(EVERYWHERE, "written", True)
        elif isinstance(later, tuple):
            pending.extend(later)


def renewed(it: Interpreter, old: Tensor, new: Tensor, site: Any) -> Tensor:
    """The array after an operation in place: the old one's memory, and from now on these numbers."""
    wrote(it, old)
    if new.constant is None or old.made is None:
        return replace(new, constant=None, made=None)
    it.clock.serial += 1
    made = Made("operator.in_place", site, (), (("number", it.clock.serial),))
    for source in _sources(old):
        later = it.get(_place(source), "later")
        it.set(_place(source), "later", (*later, made) if isinstance(later, tuple) else (made,))
    return replace(new, made=made)


EVERYWHERE = (".memory", 0)


def _place(made: Made) -> tuple[str, int]:
    """An owner in the store that stands for the memory that a call gave."""
    return (made.site.unit if made.site is not None else "", -1 - abs(hash(made)))


def _sources(value: Tensor) -> Iterator[Made]:
    """How the array came to be, back to where its memory was made."""
    pending, met = [value], set[Made]()
    while pending:
        made = pending.pop().made
        if made is None or made in met:
            continue
        met.add(made)
        yield made
        if not _copies(made):
            pending.extend(made.inputs)


def _copies(made: Made) -> bool:
    last = made.by.rpartition(".")[2]
    arithmetic = last.startswith("__") and last != "__getitem__"
    return arithmetic or (made.by in COPYING and dict(made.given).get("copy", True) is True)
