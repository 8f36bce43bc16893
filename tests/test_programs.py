"""Whole programs in the style of real ones: what the engine shows of every expression is what happens when it runs.

``tests/programs/<framework>/*.py`` are run under the framework with every expression witnessed, as
``benchmarks/coverage.py`` does.  Nothing may be wrong, and no program may be found faulty.  A program whose first
line has ``# known: 90 %`` is one of which so much less is known: it uses what is not modelled, and says what.
With ``# needs: package`` in the first line, a program runs where the package is installed.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from pathlib import Path

import pytest
from conftest import REQUIRED

FOLDER = Path(__file__).resolve().parent / "programs"
FRAMEWORKS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
FLOOR = 97.0
"""The share, in percent, of the observed expressions of a program that must be known."""


def coverage_tool():
    """``benchmarks/coverage.py``, under a name of its own: ``coverage`` is also a package."""
    path = FOLDER.parent.parent / "benchmarks" / "coverage.py"
    spec = importlib.util.spec_from_file_location("benchmark_coverage", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault(spec.name, importlib.util.module_from_spec(spec))
    spec.loader.exec_module(module)
    return module


def floor(text: str) -> float:
    """What the first line of a program asks for."""
    stated = re.match(r"# known: (\d+) %", text)
    return float(stated[1]) if stated else FLOOR


def can_run(text: str) -> bool:
    """Whether what the first line asks for is installed; where all judges are required, everything has to be."""
    needed = re.match(r"# needs: (\w+)", text)
    return needed is None or REQUIRED in os.environ or importlib.util.find_spec(needed[1]) is not None


@pytest.mark.slow
@pytest.mark.parametrize("framework", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in FRAMEWORKS])
def test_what_is_shown_is_what_happens(framework, judge, capsys):
    judge(framework)  # or skip
    tool = coverage_tool()
    programs = [p for p in sorted((FOLDER / framework).glob("*.py")) if can_run(p.read_text(encoding="utf-8"))]
    assert programs
    coverages = tool.measure([tool.Job(program) for program in programs], group=12)
    with capsys.disabled():
        print(f"\n{tool.table(coverages)}")
    assert not [one.error for one in coverages if one.error]
    assert not [one.name for one in coverages if one.findings]
    wrong = [
        (one.name, v.place, v.text, v.real, v.shown) for one in coverages for v in one.verdicts if v.kind == tool.WRONG
    ]
    assert not wrong
    for program, one in zip(programs, coverages, strict=True):
        share = 100 * one.count(tool.RIGHT) / len(one.verdicts)
        assert share >= floor(program.read_text(encoding="utf-8")), (one.name, share)
