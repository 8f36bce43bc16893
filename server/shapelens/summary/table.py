"""The table that ``model.summary()`` of the model's own Keras prints, and what must be said with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from shape_engine import render
from shape_engine.models import Model
from shape_engine.snapshot import Place
from shape_engine.value import Span

from . import keras2, keras3
from .cells import paper

Home = Callable[[Place], Place]
"""A place as the client knows it: what the engine takes for one text may be the cells of a notebook."""


def as_it_is(place: Place) -> Place:
    """A place in a file of its own."""
    return place


def table(model: Model, columns: int | None = None, nested: bool = False, home: Home = as_it_is) -> str:
    """The text for a terminal of so many columns; ``nested`` shows the layers of models inside, too.

    It is the model as built, before training, which adds a row for what the optimizer keeps.  Keras 2 does not look at
    the terminal.
    """
    from rich.text import Text

    summary = model.summary
    columns = columns or shutil.get_terminal_size().columns
    if summary.flavour == "keras":
        text = keras3.printed(summary, columns, nested)
    else:
        text = keras2.printed(summary, nested)
    console, out = paper(columns)
    if summary.doubt:
        console.print(Text(f"Not as printed: {summary.doubt}."))
    for failure in model.failures:
        finding = failure.finding
        console.print(Text(f"Not built: {line_of(model, finding.span, home)} raises {render.exception(finding)}"))
    return text + out.getvalue()


def line_of(model: Model, span: Span, home: Home) -> str:
    """``line 3``, with the cell's name where there are cells."""
    place = home(Place(model.uri, span))
    return f"{place.name}, line {place.span.line}" if place.name else f"line {place.span.line}"
