"""What is reported of what the engine found, and how loudly: rule levels, and ``# shapelens: ignore[code]`` comments.

The editor and the command line ask here, so that they agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shape_engine import Finding, Fix, Snapshot
    from shape_engine.snapshot import Ignore
    from shape_engine.value import Span

SYNTAX = "syntax-error"
UNUSED = "unused-ignore"
OWN_CODES = (UNUSED,)
"""Codes that are no problem's of a framework, but ours; rules can name them too."""
DEFAULTS: Mapping[str, str] = {"undefined-result": "warn", UNUSED: "warn"}
"""The levels of what is no error unless somebody says so."""


@dataclass(frozen=True)
class Reported:
    """A finding to show, by its number in the snapshot, and its level: "hint", "info", "warn" or "error"."""

    number: int
    finding: Finding
    level: str


@dataclass(frozen=True)
class Unused:
    """A comment that ignores nothing: where, why, and at which level that is reported."""

    ignore: Ignore
    codes: tuple[str, ...]  # those that it names for nothing
    text: str
    level: str
    code: str = UNUSED

    @property
    def span(self) -> Span:
        return self.ignore.span


def level(code: str, rules: Mapping[str, str]) -> str:
    """How loudly a kind of problem is reported: "ignore" for not at all."""
    return rules.get(code) or DEFAULTS.get(code, "error")


def reported(snapshot: Snapshot, rules: Mapping[str, str]) -> list[Reported]:
    """The findings that neither a rule's level nor a comment silences, in their order."""
    found = []
    for number, finding in enumerate(snapshot.findings):
        loud = level(finding.code, rules)
        if loud != "ignore" and not any(ignore.covers(finding) for ignore in snapshot.ignores):
            found.append(Reported(number, finding, loud))
    return found


def unused(snapshot: Snapshot, rules: Mapping[str, str]) -> list[Unused]:
    """The comments that ignore nothing, where that is certain: nothing is broken there, and every import is known."""
    loud = level(UNUSED, rules)
    if loud == "ignore" or snapshot.pending or not snapshot.ignores:
        return []
    found = []
    for ignore in snapshot.ignores:
        covered = {finding.code for finding in snapshot.findings if ignore.covers(finding)}
        idle = [code for code in ignore.codes if code not in covered]
        if ignore.certain and (idle or not (covered or ignore.codes)):
            found.append(Unused(ignore, tuple(idle), _why(idle, ignore), loud))
    return found


def _why(idle: list[str], ignore: Ignore) -> str:
    unknown = [code for code in idle if code not in known_codes()]
    if unknown:
        return f"no problem is called {_listed(unknown)}"
    if not ignore.lines:
        return "this comment ignores nothing: no statement begins or ends on its line"
    where = "in this file" if ignore.lines[-1][1] - ignore.lines[0][0] > 1_000_000 else "here"
    return f"this comment ignores nothing: there is no {_listed(idle) if idle else 'problem'} {where}"


def without(idle: Unused, line: str) -> Fix:
    """The edit that takes the comment away, or the codes that it names for nothing; ``line`` is the text of its line."""
    from shape_engine import Fix
    from shape_engine.snapshot import Edit
    from shape_engine.value import Span

    where, codes, left = idle.span, idle.ignore.codes, [code for code in idle.ignore.codes if code not in idle.codes]
    if codes and left:
        return Fix(f"Ignore {', '.join(left)} only", (Edit(where, f"# shapelens: ignore[{', '.join(left)}]"),))
    before = line[: where.column].rstrip()
    rest = line[where.end_column :]
    start = len(before) if not rest.strip() else where.column
    return Fix("Remove the comment", (Edit(Span(where.line, start, where.line, where.end_column), ""),), True)


def known_codes() -> frozenset[str]:
    """The codes of all problems."""
    import shape_engine  # noqa: F401  (defines every problem)
    from shape_engine.problems import all_problems

    return frozenset(problem.code for problem in all_problems()) | set(OWN_CODES)


def _listed(codes: list[str]) -> str:
    *before, last = [f"'{code}'" for code in codes]
    return f"{', '.join(before)} or {last}" if before else last
