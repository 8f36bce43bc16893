"""``shapelens summary``: the models of a file, as their framework would print them, as data, as a page, or drawn."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from shapelens.cli import CLEAN, FOUND, Misuse
from shapelens.commands.files import uri_of
from shapelens.commands.session import one_file


def run(options: argparse.Namespace) -> int:
    """Print, or write, what is asked for."""
    from shapelens.summary import record, table
    from shapelens.summary.table import as_it_is, line_of

    file, name = _parts(options.place)
    session, pieces = one_file(options, file)
    told = next((piece.told for piece in pieces if piece.told is not None), None)
    home = told.joined.place if told is not None else as_it_is
    uri = uri_of(Path(file))
    found = session.engine.models(uri)
    if name:
        found = [one for one in found if one.name == name][-1:]
    models = [model for one in found if (model := session.engine.summary(uri, one)) is not None]
    if not models:
        print(f"shapelens: {file} has no model" + (f" called {name}" if name else ""), file=sys.stderr)
        return FOUND
    if options.format == "svg" and len(models) > 1:
        raise Misuse(f"a drawing holds one model; name one: {', '.join(f'{file}:{m.found.name}' for m in models)}")
    if options.format == "text":
        tables = [table(model, options.columns, options.expand_nested, home) for model in models]
        heads = [f"{m.found.name} ({line_of(m, m.found.span, home)})\n" if len(models) > 1 else "" for m in models]
        text = "\n".join(head + one for head, one in zip(heads, tables, strict=True))
    else:
        records = [record(model, options.columns or 100, home) for model in models]
        text = _formatted(options.format, records)
    if options.output:
        try:
            Path(options.output).write_text(text, encoding="utf-8")
        except OSError as error:
            raise Misuse(f"{options.output}: {error.strerror or error}") from None
    else:
        sys.stdout.write(text)
    return CLEAN


def _formatted(format: str, records: list[dict[str, Any]]) -> str:
    if format == "json":
        import json

        return json.dumps(records, ensure_ascii=False, indent=2) + "\n"
    if format == "html":
        from shapelens.summary.page import page

        return page(records)
    from shapelens.summary.drawing import drawing

    return drawing(records[0])


def _parts(place: str) -> tuple[str, str]:
    """The file, and the name behind the last colon, if there is one."""
    if os.path.exists(place):
        return place, ""
    file, colon, name = place.rpartition(":")
    return (file, name) if colon and name.replace(".", "").replace("_", "").isalnum() else (place, "")
