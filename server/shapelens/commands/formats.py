"""The formats of ``check --output-format``: for people, for programs, and for what shows the results of CI.

A format is fed one report after the other, and then told that there are no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from shapelens import __version__, pages
from shapelens.commands.files import shown
from shapelens.commands.output import Writer, excerpt, print_json
from shapelens.commands.reports import CRASHED, Record, Report, fingerprints, in_file, name_in, place


class Format:
    """What all formats share."""

    fixes = False
    """Whether it shows repairs, which take time to be tried."""
    data = True
    """Whether programs read it: then a summary for people would be noise."""

    def __init__(self, writer: Writer, documentation: str = ""):
        self.writer, self.documentation = writer, documentation
        self.folder = Path.cwd()

    def add(self, report: Report) -> None:
        """Take a file's report."""
        raise NotImplementedError

    def end(self) -> None:
        """There are no more reports."""


class Concise(Format):
    """One line for a problem."""

    data = False

    def add(self, report: Report) -> None:
        for one in report.records:
            self.writer.line(*_title(report.file, one), ": ", (one["code"], "bold red"), " ", one["message"])


class Full(Format):
    """The source, where numbers come from, the exception, and repairs."""

    fixes, data = True, False

    def add(self, report: Report) -> None:
        lines = report.lines() if report.records else {}
        writer = self.writer
        for one in report.records:
            writer.line((one["code"], "bold red"), ": ", (one["message"], "bold"))
            writer.line(("  --> ", "blue"), *_title(report.file, one))
            for parts in excerpt(
                lines.get(one.get("cell"), []), one["line"], one["column"], one["end_line"], one["end_column"]
            ):
                writer.line(*parts)
            for related in one["related"]:
                where = place(related, shown(related["file"])).rpartition(":")[0]
                writer.line(("   = ", "blue"), f"{where}: {related['text']}")
            for line in one["said"].split("\n") if one["said"] else ():
                writer.line(("   | ", "blue"), line)
            for fix in one["fixes"]:
                writer.line(("   fix: ", "green"), fix["title"])
            writer.line()


class Json(Format):
    """An array of records, in our own terms."""

    fixes = True

    def __init__(self, writer: Writer, documentation: str = ""):
        super().__init__(writer, documentation)
        self.records: list[Record] = []

    def add(self, report: Report) -> None:
        for one in report.records:
            related = [{**other, "file": shown(other["file"])} for other in one["related"]]
            told = {key: value for key, value in one.items() if key not in ("source", "symbol")}
            self.records.append({"file": report.file, **told, "related": related})

    def end(self) -> None:
        print_json(self.records)


class GitHub(Format):
    """Workflow commands, which GitHub shows as annotations of the lines.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions; the escaping is that of
    ``toolkit/packages/core/src/command.ts``.
    """

    KINDS: ClassVar = {"error": "error", "warning": "warning"}

    def add(self, report: Report) -> None:
        for one in map(in_file, report.records):
            facts = {"title": f"shapelens ({one['code']})", "file": name_in(report.path, self.folder)}
            facts |= {"line": one["line"], "endLine": one["end_line"], "col": one["column"] + 1}
            if one["line"] == one["end_line"]:
                facts["endColumn"] = max(one["end_column"], one["column"] + 1)
            told = ",".join(f"{key}={self._property(str(value))}" for key, value in facts.items())
            kind = self.KINDS.get(one["severity"], "notice")
            words = "\n\n".join(part for part in (one["message"], one["said"]) if part)
            self.writer.line(f"::{kind} {told}::{self._data(words)}")

    def _data(self, text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def _property(self, text: str) -> str:
        return self._data(text).replace(":", "%3A").replace(",", "%2C")


class GitLab(Format):
    """A report of GitLab's Code Quality (https://docs.gitlab.com/ci/testing/code_quality, "Code Quality report format")."""

    SEVERITIES: ClassVar = {"error": "major", "warning": "minor"}

    def __init__(self, writer: Writer, documentation: str = ""):
        super().__init__(writer, documentation)
        self.issues: list[dict[str, Any]] = []

    def add(self, report: Report) -> None:
        for record, fingerprint in zip(report.records, fingerprints(report, self.folder), strict=True):
            one = in_file(record)
            self.issues.append(
                {
                    "description": f"{one['code']}: {one['message']}",
                    "check_name": one["code"],
                    "fingerprint": fingerprint,
                    "severity": self.SEVERITIES.get(one["severity"], "info"),
                    "location": {
                        "path": name_in(report.path, self.folder),
                        "lines": {"begin": one["line"], "end": one["end_line"]},
                        "positions": {
                            "begin": {"line": one["line"], "column": one["column"] + 1},
                            "end": {"line": one["end_line"], "column": one["end_column"] + 1},
                        },
                    },
                }
            )

    def end(self) -> None:
        print_json(self.issues)


class JUnit(Format):
    """A test suite for each file, a failed case for each problem; a file without problems is a case that passes."""

    def __init__(self, writer: Writer, documentation: str = ""):
        super().__init__(writer, documentation)
        self.suites: list[str] = []
        self.cases = self.failures = self.errors = 0

    def add(self, report: Report) -> None:
        name = name_in(report.path, self.folder)
        failed = [self._failure(name, one) for one in report.records]
        broken = []
        if report.failure:
            kind = "bug of shapelens" if report.failure == CRASHED else report.failure
            inner = f"<error message={_attribute(report.words.strip().splitlines()[-1])} type={_attribute(kind)}/>"
            broken = [self._case(name, "check", inner)]
        cases = [*failed, *broken] or [self._case(name, "check", "")]
        self.cases, self.failures = self.cases + len(cases), self.failures + len(failed)
        self.errors += len(broken)
        counts = f'tests="{len(cases)}" failures="{len(failed)}" errors="{len(broken)}"'
        self.suites += [f"  <testsuite name={_attribute(name)} {counts}>", *cases, "  </testsuite>"]

    def end(self) -> None:
        counts = f'tests="{self.cases}" failures="{self.failures}" errors="{self.errors}"'
        self.writer.line('<?xml version="1.0" encoding="utf-8"?>')
        self.writer.line(f'<testsuites name="shapelens" {counts}>')
        for line in self.suites:
            self.writer.line(line)
        self.writer.line("</testsuites>")

    def _failure(self, name: str, one: Record) -> str:
        where = place(one, name)
        words = "\n".join(part for part in (where, one["message"], one["said"]) if part)
        inner = f"<failure message={_attribute(one['message'])} type={_attribute(one['code'])}>{_xml(words)}</failure>"
        cell = f"cell {one['cell']}, " if "cell" in one else ""
        return self._case(name, f"{one['code']} at {cell}line {one['line']}, column {one['column'] + 1}", inner)

    def _case(self, name: str, title: str, inner: str) -> str:
        head = f"    <testcase classname={_attribute(name)} name={_attribute(title)}"
        return f"{head}>{inner}</testcase>" if inner else f"{head}/>"


class Sarif(Format):
    """SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0), columns counted in characters."""

    fixes = True
    LEVELS: ClassVar = {"error": "error", "warning": "warning"}

    def __init__(self, writer: Writer, documentation: str = ""):
        super().__init__(writer, documentation)
        self.rules: dict[str, int] = {}
        self.results: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []

    def add(self, report: Report) -> None:
        if report.failure:
            words = report.words.strip().splitlines()[-1]
            where = {"physicalLocation": {"artifactLocation": self._artifact(report.path)}}
            self.notes.append({"level": "error", "message": {"text": words}, "locations": [where]})
        for record, fingerprint in zip(report.records, fingerprints(report, self.folder), strict=True):
            one = in_file(record)
            result: dict[str, Any] = {
                "ruleId": one["code"],
                "ruleIndex": self.rules.setdefault(one["code"], len(self.rules)),
                "level": self.LEVELS.get(one["severity"], "note"),
                "message": {"text": "\n".join(part for part in (one["message"], one["said"]) if part)},
                "locations": [{"physicalLocation": self._physical(report.path, one)}],
                "partialFingerprints": {"shapelens/v1": fingerprint},
            }
            if one["related"]:
                result["relatedLocations"] = [
                    {
                        "id": number,
                        "physicalLocation": self._physical(other["file"], other),
                        "message": {"text": other["text"]},
                    }
                    for number, other in enumerate(one["related"])
                ]
            if one["fixes"]:
                result["fixes"] = [self._fix(report.path, fix) for fix in one["fixes"]]
            self.results.append(result)

    def end(self) -> None:
        run = {
            "tool": {
                "driver": {
                    "name": "shapelens",
                    "semanticVersion": __version__,
                    "rules": [self._rule(code) for code in self.rules],
                }
            },
            "invocations": [{"executionSuccessful": not self.notes, "toolExecutionNotifications": self.notes}],
            "originalUriBaseIds": {"ROOT": {"uri": self.folder.as_uri().rstrip("/") + "/"}},
            "columnKind": "unicodeCodePoints",
            "results": self.results,
        }
        schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
        print_json({"$schema": schema, "version": "2.1.0", "runs": [run]})

    def _rule(self, code: str) -> dict[str, Any]:
        rule: dict[str, Any] = {"id": code}
        page = pages.page(code)
        if page is not None:
            text = page.read_text(encoding="utf-8")
            sentence = re.sub(r"\*(\w+)\*", r"\1", text.split("\n")[2])
            rule |= {"shortDescription": {"text": sentence}, "help": {"text": text, "markdown": text}}
            if self.documentation:
                rule["helpUri"] = pages.href(code, self.documentation)
        return rule

    def _fix(self, path: str, fix: dict[str, Any]) -> dict[str, Any]:
        replacements = [
            {"deletedRegion": _region(edit), "insertedContent": {"text": edit["text"]}} for edit in fix["edits"]
        ]
        changes = [{"artifactLocation": self._artifact(path), "replacements": replacements}]
        return {"description": {"text": fix["title"]}, "artifactChanges": changes}

    def _physical(self, path: str, span: Record) -> dict[str, Any]:
        return {"artifactLocation": self._artifact(path), "region": _region(span)}

    def _artifact(self, path: str) -> dict[str, Any]:
        place = Path(path)
        if place.is_relative_to(self.folder):
            return {"uri": quote(name_in(path, self.folder)), "uriBaseId": "ROOT"}
        return {"uri": place.as_uri()}


FORMATS: dict[str, type[Format]] = {
    "concise": Concise,
    "full": Full,
    "json": Json,
    "github": GitHub,
    "gitlab": GitLab,
    "sarif": Sarif,
    "junit": JUnit,
}


def _region(span: Record) -> dict[str, int]:
    return {
        "startLine": span["line"],
        "startColumn": span["column"] + 1,
        "endLine": span["end_line"],
        "endColumn": span["end_column"] + 1,
    }


def _title(file: str, one: Record) -> Iterator[str | tuple[str, str]]:
    yield file, "bold"
    yield place(one, "")


def _xml(text: str) -> str:
    """Text for XML, which has no word for most control characters."""
    told = re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
    return told.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _attribute(text: str) -> str:
    told = _xml(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f'"{told}"'
