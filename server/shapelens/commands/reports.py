"""What ``check`` has to say of one file, as data: it travels between processes, into the cache and into every format.

A record is what ``--output-format json`` prints of a problem, but with absolute paths, and with three fields more:
``said`` (the exception as a person reads it), ``source`` (the lines it is on, without their indentation) and ``symbol``
(the function or class around it).  In a notebook it has a ``cell``, whose lines count from its own first.
"""

from __future__ import annotations

import hashlib
import re
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapelens import judging
from shapelens.commands.files import Unreadable, shown, where
from shapelens.commands.pieces import Piece, pieces, source

if TYPE_CHECKING:
    from shape_engine.snapshot import Finding, Fix
    from shape_engine.value import Span
    from shapelens.commands.session import Session
    from shapelens.judging import Unused

SHOWN: Mapping[str, str] = {"warn": "warning"}
"""Levels as the output names them, where it names them otherwise."""

FAILING = frozenset(("error", "warning"))
"""The severities that make a check fail; "info" and "hint" are remarks."""

UNREADABLE, CRASHED = "unreadable", "crashed"
Record = dict[str, Any]


@dataclass(frozen=True)
class Report:
    """One file: its absolute path, its problems in the order of the text, and what went wrong while it was checked.

    ``failure`` is UNREADABLE or CRASHED, with ``words``; ``errors`` are bugs of ours that cost a statement each.
    """

    path: str
    records: tuple[Record, ...] = ()
    errors: tuple[str, ...] = ()
    failure: str = ""
    words: str = ""

    @property
    def file(self) -> str:
        """The file as people say it."""
        return shown(self.path)

    def lines(self) -> dict[int | None, list[str]]:
        """The lines of the file, for excerpts, by cell (of a file without cells, by None)."""
        try:
            text, joined = source(Path(self.path))
        except Unreadable:
            return {}
        texts = {None: text} if joined is None else {cell.number: cell.text for cell in joined.cells}
        return {cell: re.split(r"\r\n|\r|\n", text) for cell, text in texts.items()}

    def without(self, records: Iterable[int]) -> Report:
        """The report without the problems of these numbers."""
        gone = set(records)
        return replace(self, records=tuple(one for number, one in enumerate(self.records) if number not in gone))


@dataclass
class Counts:
    """What the last line of the output tells."""

    checked: int = 0
    files: int = 0
    findings: int = 0
    failing: int = 0  # those of the findings that are no mere remarks
    known: int = 0  # told by the baseline
    failures: Counter[str] = field(default_factory=Counter)

    def add(self, report: Report) -> None:
        """Take over a file."""
        self.checked += 1
        self.files += bool(report.records)
        self.findings += len(report.records)
        self.failing += sum(one["severity"] in FAILING for one in report.records)
        self.failures[report.failure] += bool(report.failure)

    def __str__(self) -> str:
        files = f"{self.checked} file{'' if self.checked == 1 else 's'}"
        unread = f"; {self.failures[UNREADABLE]} could not be read" if self.failures[UNREADABLE] else ""
        known = f"; {self.known} more in the baseline" if self.known else ""
        if not self.findings:
            return f"No problems found in {files}{known}{unread}"
        return f"Found {self.findings} problem{'' if self.findings == 1 else 's'} in {self.files} of {files}{known}{unread}"


def make(session: Session, path: Path, *, fixes: bool) -> Report:
    """Check one file.  Whatever happens is in the report: a bug of ours must not cost the other files."""
    try:
        found = pieces(session, path)
        records = [record for piece in found for record in _records(session, piece, fixes)]
    except Unreadable as error:
        return Report(str(path), failure=UNREADABLE, words=str(error))
    except Exception:
        return Report(str(path), failure=CRASHED, words=traceback.format_exc())
    return Report(str(path), tuple(records), found[0].snapshot.errors if found else ())


def place(record: Mapping[str, Any], name: str) -> str:
    """A place as people write it, in a file that is called so: ``model.py:3:1``, ``book.ipynb:cell 2:3:1``."""
    cell = f":cell {record['cell']}" if "cell" in record else ""
    return f"{name}{cell}:{record['line']}:{record['column'] + 1}"


def in_file(record: Record) -> Record:
    """The record for who knows lines of files only: what is in a cell stands at the top of the file, and says where."""
    if "cell" not in record:
        return record
    at = {"line": 1, "column": 0, "end_line": 1, "end_column": 0}
    told = f"{place(record, '').lstrip(':')}: "
    words: Record = {name: told + record[name] for name in ("message", "text") if name in record}
    related = [in_file(one) for one in record.get("related", ())]
    return {**record, **at, **words, "related": related, "fixes": []}


def fingerprints(report: Report, folder: Path) -> Iterator[str]:
    """A name for each problem of a file that stays when lines move: of its code, its source and what is around it."""
    seen: Counter[tuple[str, ...]] = Counter()
    for record in report.records:
        key = (name_in(report.path, folder), *key_of(record))
        seen[key] += 1
        yield hashlib.sha256("\0".join((*key, str(seen[key]))).encode()).hexdigest()[:32]


def key_of(record: Mapping[str, Any]) -> tuple[str, str, str]:
    """What a problem is known by inside its file, wherever it moves."""
    return record["code"], record["symbol"], record["source"]


def name_in(path: str, folder: Path) -> str:
    """A path as it is written in files that other machines read: relative to a folder, with slashes."""
    place = Path(path)
    return place.relative_to(folder).as_posix() if place.is_relative_to(folder) else place.as_posix()


def symbol(lines: list[str], at: int) -> str:
    """The dotted name of the function or class that a line is in, by the indentation, since the text may be broken.

    >>> symbol(["class A:", "    def f(self):", "        return 1"], 2)
    'A.f'
    """
    names: list[str] = []
    depth = len(lines[at]) - len(lines[at].lstrip()) if at < len(lines) else 0
    for line in reversed(lines[:at]):
        if depth == 0:
            break
        match = re.match(r"(\s*)(?:async\s+def|def|class)\s+(\w+)", line)
        if match and len(match[1]) < depth:
            names.append(match[2])
            depth = len(match[1])
    return ".".join(reversed(names))


def _records(session: Session, piece: Piece, fixes: bool) -> list[Record]:
    """The problems of a file or a cell, in the order of the text."""
    snapshot, rules = piece.snapshot, session.options.rules
    records = [_syntax(span, words) for span, words in snapshot.broken]
    records += [_unused(idle) for idle in judging.unused(snapshot, rules)]
    for one in judging.reported(snapshot, rules):
        tried = piece.fixes(session, one.number) if fixes else []
        records.append(_record(snapshot.uri, one.finding, one.level, tried))
    lines = piece.text.split("\n")
    cell = {} if piece.told is None else {"cell": piece.told.cell.number}
    for record in records:
        at = record["line"] - 1
        record["source"] = "\n".join(line.strip() for line in lines[at : record["end_line"]])
        record["symbol"] = symbol(lines, at)
    return [{**cell, **record} for record in sorted(records, key=lambda one: (one["line"], one["column"]))]


def _record(uri: str, finding: Finding, level: str, fixes: list[Fix]) -> Record:
    from shape_engine import render

    raised = finding.raised
    return {
        **_span(finding.span),
        "code": finding.code,
        "severity": SHOWN.get(level, level),
        "message": render.headline(finding, uri),
        "exception": {"type": raised.type, "text": raised.text, "exact": raised.exact},
        "framework": finding.framework,
        "version": ".".join(map(str, finding.version)),
        "related": [
            {
                **where(related.place.uri),
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
        "said": render.exception(finding),
    }


def _syntax(span: Span, words: str) -> Record:
    return {
        **_span(span),
        "code": judging.SYNTAX,
        "severity": "error",
        "message": words,
        "exception": {"type": "SyntaxError", "text": words, "exact": False},
        "framework": "python",
        "version": "",
        "related": [],
        "fixes": [],
        "said": "",
    }


def _unused(idle: Unused) -> Record:
    nothing = {"type": None, "text": None, "exact": False}
    return _syntax(idle.span, idle.text) | {
        "code": idle.code,
        "severity": SHOWN.get(idle.level, idle.level),
        "exception": nothing,
    }


def _span(span: Span) -> dict[str, int]:
    return {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}
