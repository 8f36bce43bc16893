"""The engine's data as the protocol's: diagnostics, related places, edits; nothing is decided here about shapes."""

from __future__ import annotations

import tokenize
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from . import pages
from .client import Client
from .documents import Place
from .judging import SYNTAX, UNUSED, known_codes
from .positions import SpanLike, Text
from .settings import Complaint, ConfigFile, Options, line_of

if TYPE_CHECKING:
    from shape_engine import Finding
    from shape_engine.snapshot import Edit

SOURCE = "shapelens"
SEVERITY = {
    "error": types.DiagnosticSeverity.Error,
    "warn": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}

TextOf = Callable[[str], "Text | None"]


def diagnostic(
    finding: Finding, level: str, range: types.Range, uri: str, options: Options, client: Client, text_of: TextOf
) -> types.Diagnostic:
    """A finding as the client can show it.

    The message says everything by itself: not every client shows the related places.
    """
    from shape_engine import render

    found = _problem(range, render.message(finding, uri), level, finding.code, options, client)
    found.related_information = _related(finding, client, text_of) if client.related else None
    return found


def recorded(path: Path, records: list[Any], options: Options, client: Client) -> list[types.Diagnostic]:
    """What the command line found in a file that is not open, as it would be shown if it were open."""
    from shape_engine import render

    text = read_text(path)
    found = []
    for record in records if text is not None else ():
        code = record["code"]
        level = options.rules.get(code) or record["severity"].replace("warning", "warn")
        if level == "ignore" or text is None or (code == SYNTAX and not options.show_syntax_errors):
            continue
        place = Place(record["line"], record["column"], record["end_line"], record["end_column"])
        range = text.range(place, client.encoding)
        if code == SYNTAX:
            found.append(syntax_error(range, record["message"]))
        elif code == UNUSED:
            found.append(unused_ignore(record["message"], level, range, client))
        else:
            words = render.together(record["message"], record["said"])
            found.append(_problem(range, words, level, code, options, client))
    return found


def unused_ignore(words: str, level: str, range: types.Range, client: Client) -> types.Diagnostic:
    """A comment that ignores nothing: faded, where the client does that."""
    tags = [types.DiagnosticTag.Unnecessary] if client.fades else None
    return types.Diagnostic(range, words, SEVERITY[level], UNUSED, source=SOURCE, tags=tags)


def syntax_error(range: types.Range, words: str) -> types.Diagnostic:
    """A piece of text that does not parse."""
    return types.Diagnostic(range, f"SyntaxError: {words}", types.DiagnosticSeverity.Error, SYNTAX, source=SOURCE)


def complaints(config: ConfigFile, client: Client) -> list[types.Diagnostic]:
    """What is wrong in a configuration file: one warning for each setting that cannot be used.

    Not to be called on the event loop: knowing the names of all problems takes the engine.
    """
    text = Text(config.source)
    found = []
    for complaint in (*config.complaints, *_unknown_rules(config)):
        line = line_of(config, complaint)
        whole = text.line(line)
        indent = len(whole) - len(whole.lstrip())
        range = types.Range(
            text.to_client(line, indent, client.encoding), text.to_client(line, len(whole.rstrip()), client.encoding)
        )
        found.append(
            types.Diagnostic(range, complaint.text, types.DiagnosticSeverity.Warning, "configuration", source=SOURCE)
        )
    return found


def text_edits(edits: Iterable[Edit], text: Text, encoding: str) -> list[types.TextEdit]:
    """The edits of a fix, in the client's units."""
    return [types.TextEdit(text.range(edit.span, encoding), edit.text) for edit in edits]


def overlap(span: SpanLike, first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Whether a span and a selection touch."""
    return (span.line, span.column) <= last and first <= (span.end_line, span.end_column)


def excluded(path: Path | None, root: Path | None, options: Options) -> bool:
    """Whether the patterns, which are those of ``.gitignore``, leave a file out."""
    if path is None or not (options.include or options.exclude):
        return False
    from .commands.files import matches

    base = root if root is not None and path.is_relative_to(root) else Path(path.anchor)
    return matches(options.exclude, path, base) or (bool(options.include) and not matches(options.include, path, base))


def read_text(path: Path | None) -> Text | None:
    """The text of a file that is not open, in its declared encoding; None if it cannot be read."""
    if path is None:
        return None
    try:
        with open(path, "rb") as raw:
            encoding, _ = tokenize.detect_encoding(raw.readline)
        return Text(path.read_bytes().decode(encoding, "replace"))
    except (OSError, SyntaxError, LookupError):
        return None


def _problem(
    range: types.Range, words: str, level: str, code: str, options: Options, client: Client
) -> types.Diagnostic:
    """A problem that has a page."""
    link = pages.href(code, options.documentation) if client.links else None
    description = types.CodeDescription(link) if link else None
    return types.Diagnostic(range, words, SEVERITY[level], code, description, source=SOURCE)


def _unknown_rules(config: ConfigFile) -> list[Complaint]:
    rules = config.values.get("rules")
    known = known_codes()
    names = rules if isinstance(rules, Mapping) else ()
    return [Complaint(("rules", name), f"no problem is called '{name}'") for name in names if name not in known]


def _related(finding: Finding, client: Client, text_of: TextOf) -> list[types.DiagnosticRelatedInformation] | None:
    from shape_engine import render

    found = []
    for related in finding.related:
        text = text_of(related.place.uri)
        if text is not None:
            where = types.Location(related.place.uri, text.range(related.place.span, client.encoding))
            found.append(types.DiagnosticRelatedInformation(where, render.related_text(related)))
    return found or None
