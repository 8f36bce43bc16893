"""A list of problems that are known and not to be told again, in a file that a project keeps.

A problem is known by its file, its code, its source and the function or class around it, not by its line: it stays known
when lines move. Of two that are alike in all of this, the list says how many there are.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from shapelens.cli import Misuse
from shapelens.commands.reports import Report, key_of, name_in

Key = tuple[str, str, str, str]
FIELDS = ("file", "code", "symbol", "source")


class Baseline:
    """Takes what is known out of reports, and collects all that they say for the next list."""

    def __init__(self, file: Path, known: Counter[Key]):
        self.file, self.left = file, Counter(known)
        self.folder = file.absolute().parent
        self.found: Counter[Key] = Counter()
        self.files: set[str] = set()
        self._known = known

    @classmethod
    def read(cls, file: Path, *, new: bool = False) -> Baseline:
        """The list in a file; an empty one, if the file is to be written."""
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            known = Counter({tuple(one[name] for name in FIELDS): int(one["count"]) for one in data["problems"]})
        except FileNotFoundError:
            if not new:
                raise Misuse(f"no such baseline: {file} (--write-baseline makes one)") from None
            known = Counter()
        except OSError as error:
            raise Misuse(f"{file}: {error.strerror or error}") from None
        except (ValueError, LookupError, TypeError):
            raise Misuse(f"{file}: this is no baseline of shapelens") from None
        return cls(file, known)

    def take(self, report: Report) -> tuple[Report, int]:
        """The report without what is known, and how much that was."""
        name = name_in(report.path, self.folder)
        self.files.add(name)
        gone = []
        for number, record in enumerate(report.records):
            key = (name, *key_of(record))
            self.found[key] += 1
            if self.left[key] > 0:
                self.left[key] -= 1
                gone.append(number)
        return report.without(gone), len(gone)

    def stale(self) -> list[str]:
        """What the list knows and is there no more, in words: of files that were checked, or that are gone."""
        return [
            f"{file}: {code}{f' in {symbol}' if symbol else ''}{f' ({count} times)' if count > 1 else ''}: {source}"
            for (file, code, symbol, source), count in sorted(self.left.items())
            if count > 0 and self._is_sure(file)
        ]

    def write(self) -> int:
        """Write the list anew; what it says of files that were not checked, and that are there, stays."""
        kept = Counter({key: count for key, count in self._known.items() if not self._is_sure(key[0])})
        listed = kept + self.found
        problems = [dict(zip(FIELDS, key, strict=True)) | {"count": count} for key, count in sorted(listed.items())]
        data: dict[str, Any] = {"version": 1, "problems": problems}
        try:
            self.file.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            raise Misuse(f"{self.file}: {error.strerror or error}") from None
        return listed.total()

    def _is_sure(self, file: str) -> bool:
        return file in self.files or not (self.folder / file).exists()
