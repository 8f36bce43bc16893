"""``shapelens check``: the calls that raise, for people and for programs."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shape_engine import render
from shape_engine.snapshot import Finding, Fix, Snapshot
from shape_engine.value import Span
from shapelens import judging
from shapelens.cli import BUG, CLEAN, FOUND
from shapelens.commands.files import Unreadable, find, read, shown, uri_of
from shapelens.commands.output import Writer, print_json, with_progress
from shapelens.commands.session import SHOWN, Session

SYNTAX = "syntax-error"


@dataclass(frozen=True)
class Checked:
    """One file: its name as people say it, its text, and what the engine found."""

    file: str
    text: str
    snapshot: Snapshot
    found: list[tuple[Finding, str, list[Fix]]]  # with its severity and its repairs
    unused: list[judging.Unused]  # comments that ignore nothing


def run(options: argparse.Namespace) -> int:
    """Check every file; print findings as they come, JSON at the end."""
    paths = find(options.paths)
    session = Session(options, paths)
    writer = Writer()
    records: list[dict[str, Any]] = []
    counts: Counter[str] = Counter()
    for path in with_progress(paths, "checking", writer):
        try:
            checked = _check(session, path, fixes=options.output_format != "concise")
        except Unreadable as error:
            print(f"shapelens: {path}: {error}", file=sys.stderr)
            counts["unreadable"] += 1
            continue
        except Exception:  # a bug of ours with one file: say so, go on with the others, and end with 101
            traceback.print_exc()
            print(f"shapelens: {path}: this is a bug of shapelens, please report it", file=sys.stderr)
            counts["crashed"] += 1
            continue
        snapshot = checked.snapshot
        found = len(checked.found) + len(snapshot.broken) + len(checked.unused)
        counts["files"] += bool(found)
        counts["findings"] += found
        if options.output_format == "json":
            records += _records(checked)
        elif options.output_format == "concise":
            _concise(writer, checked)
        else:
            _full(writer, checked)
    if options.output_format == "json":
        print_json(records)
    else:
        print(_summary(counts, len(paths)), file=sys.stderr)
    if counts["crashed"]:
        return BUG
    return FOUND if counts["findings"] or counts["unreadable"] else CLEAN


def _check(session: Session, path: Path, *, fixes: bool) -> Checked:
    text = read(path)
    uri = uri_of(path)
    snapshot = session.snapshot(uri, text)
    found = []
    for one in judging.reported(snapshot, session.options.rules):
        found.append((one.finding, SHOWN.get(one.level, one.level), session.fixes(uri, one.finding) if fixes else []))
    return Checked(shown(uri), text, snapshot, found, judging.unused(snapshot, session.options.rules))


def _records(checked: Checked) -> Iterator[dict[str, Any]]:
    """The findings of a file as data, in the order of the text."""
    uri = checked.snapshot.uri
    records = [_syntax_record(checked.file, span, text) for span, text in checked.snapshot.broken]
    records += [_unused_record(checked.file, idle) for idle in checked.unused]
    for finding, severity, fixes in checked.found:
        raised = finding.raised
        records.append(
            {
                "file": checked.file,
                **_span(finding.span),
                "code": finding.code,
                "severity": severity,
                "message": render.headline(finding, uri),
                "exception": {"type": raised.type, "text": raised.text, "exact": raised.exact},
                "framework": finding.framework,
                "version": ".".join(map(str, finding.version)),
                "related": [
                    {
                        "file": shown(related.place.uri),
                        **_span(related.place.span),
                        "role": related.role,
                        "text": render.related_text(related, finding),
                    }
                    for related in finding.related
                ],
                "fixes": [
                    {
                        "title": fix.title,
                        "edits": [{**_span(edit.span), "text": edit.text} for edit in fix.edits],
                        "preferred": fix.preferred,
                    }
                    for fix in fixes
                ],
            }
        )
    yield from sorted(records, key=lambda record: (record["line"], record["column"]))


def _syntax_record(file: str, span: Span, text: str) -> dict[str, Any]:
    return {
        "file": file,
        **_span(span),
        "code": SYNTAX,
        "severity": "error",
        "message": text,
        "exception": {"type": "SyntaxError", "text": text, "exact": False},
        "framework": "python",
        "version": "",
        "related": [],
        "fixes": [],
    }


def _unused_record(file: str, idle: judging.Unused) -> dict[str, Any]:
    record = _syntax_record(file, idle.span, idle.text)
    nothing = {"type": None, "text": None, "exact": False}
    return record | {"code": idle.code, "severity": SHOWN.get(idle.level, idle.level), "exception": nothing}


def _concise(writer: Writer, checked: Checked) -> None:
    for span, code, text, _ in _items(checked):
        writer.line(*_title(checked.file, span), ": ", (code, "bold red"), " ", text)


def _full(writer: Writer, checked: Checked) -> None:
    lines = checked.text.split("\n")
    for span, code, text, about in _items(checked):
        writer.line((code, "bold red"), ": ", (text, "bold"))
        writer.line(("  --> ", "blue"), *_title(checked.file, span))
        for parts in excerpt(lines, span):
            writer.line(*parts)
        if about is not None:
            finding, fixes = about
            for related in finding.related:
                place = f"{shown(related.place.uri)}:{related.place.span.line}"
                writer.line(("   = ", "blue"), f"{place}: {render.related_text(related, finding)}")
            for line in render.exception(finding).split("\n"):
                writer.line(("   | ", "blue"), line)
            for fix in fixes:
                writer.line(("   fix: ", "green"), fix.title)
        writer.line()


def _items(checked: Checked) -> list[tuple[Span, str, str, tuple[Finding, list[Fix]] | None]]:
    """What to print, in the order of the text: where, which kind, in which words, and the finding and its repairs."""
    items: list[Any] = [(span, SYNTAX, text, None) for span, text in checked.snapshot.broken]
    items += [(idle.span, idle.code, idle.text, None) for idle in checked.unused]
    for finding, _, fixes in checked.found:
        items.append((finding.span, finding.code, render.headline(finding, checked.snapshot.uri), (finding, fixes)))
    return sorted(items, key=lambda item: (item[0].line, item[0].column))


def excerpt(lines: list[str], span: Span) -> Iterator[list[str | tuple[str, str]]]:
    """The lines of a span with carets under it; of a long one, its first three."""
    gutter = len(str(span.end_line))
    for number in range(span.line, min(span.end_line, span.line + 2, len(lines)) + 1):
        text = lines[number - 1]
        start = span.column if number == span.line else len(text) - len(text.lstrip())
        end = span.end_column if number == span.end_line else len(text.rstrip())
        yield [(f"{number:>{gutter + 2}} | ", "blue"), text.expandtabs(4)]
        width = max(1, _cells(text[:end].expandtabs(4)) - _cells(text[:start].expandtabs(4)))
        yield [
            (" " * (gutter + 2) + " | ", "blue"),
            " " * _cells(text[:start].expandtabs(4)),
            ("^" * width, "bold red"),
        ]


def _cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    import unicodedata

    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def _title(file: str, span: Span) -> tuple[str | tuple[str, str], ...]:
    return ((file, "bold"), f":{span.line}:{span.column + 1}")


def _span(span: Span) -> dict[str, int]:
    return {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}


def _summary(counts: Counter[str], checked: int) -> str:
    files = f"{checked} file{'' if checked == 1 else 's'}"
    unread = f"; {counts['unreadable']} could not be read" if counts["unreadable"] else ""
    found = counts["findings"]
    if not found:
        return f"No problems found in {files}{unread}"
    return f"Found {found} problem{'' if found == 1 else 's'} in {counts['files']} of {files}{unread}"
