"""What all tests share: who may judge, and what a whole run says of itself."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from typing import Any

import pytest
from oracle.process import Worker, missing, worker

collect_ignore = [
    "fuzz",
    "fixtures",
    "data",
    "python",
    "programs",
    "projects",
    "problems",
    "questions",
    "oracle",
    "files.py",
    "judges.py",
    "shadow.py",
    "typist.py",
    "verdicts.py",
]
"""What is no test: looking for doctests there would import helpers under a second name."""

REQUIRED = "SHAPELENS_REQUIRE_JUDGES"
"""Set in CI: a judge that is not installed is a failure, not a skip."""


@pytest.fixture(scope="session")
def judge() -> Callable[[str], Worker]:
    """``judge("torch")`` is a worker of that framework, or skips the test where it is not installed."""

    def ask(framework: str) -> Worker:
        if absent := missing(framework):
            message = f"{' and '.join(absent)}: not installed"
            pytest.fail(message) if os.environ.get(REQUIRED) else pytest.skip(message)
        return worker(framework)

    return ask


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail what ``--dist loadgroup`` has torn out of its group, which it does not tell.

    pytest-xdist hands the group on at the end of a test's id, if pytest lets it (9.2 does not).
    """
    is_grouped = getattr(item.config.option, "loadgroup", False) and item.get_closest_marker("xdist_group")
    if is_grouped and "@" not in item.nodeid.rpartition("]")[2]:
        pytest.fail(f"this pytest-xdist keeps no groups together with pytest {pytest.__version__}", pytrace=False)


def pytest_configure(config: pytest.Config) -> None:
    os.environ["SHAPELENS_CACHE_DIR"] = tempfile.mkdtemp(prefix="shapelens-")  # nothing is remembered from other runs


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many edits were compared, warm with cold, in all processes together."""
    passed = terminalreporter.getreports("passed")
    compared = sum(value for report in passed for name, value in report.user_properties if name == "compared")
    if compared:
        terminalreporter.write_line(f"{compared:,} edits compared, warm with cold")
