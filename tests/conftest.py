"""What all tests share: who may judge, and where a test that needs a framework runs."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from typing import Any

import pytest
from oracle.process import PACKAGES, Worker, missing, worker

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests of one framework in one process (``--dist loadgroup``): importing TensorFlow is slow.

    A test says what it needs by a parameter or a fixture's folder called like a framework, or by
    ``@pytest.mark.judged("keras")``.
    """
    for item in items:
        mark = item.get_closest_marker("judged")
        framework = mark.args[0] if mark else None
        if framework is None and "judge" in getattr(item, "fixturenames", ()) and hasattr(item, "callspec"):
            names = [str(value).partition("/")[0] for value in item.callspec.params.values()]
            framework = next((name for name in names if name in PACKAGES), None)
        if framework is not None:
            with_keras = ("tf", "numpy", "sklearn", "pandas", "images")
            shared = "keras" if framework in with_keras else {"python": "torch"}.get(framework, framework)
            item.add_marker(pytest.mark.xdist_group(shared))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail what ``--dist loadgroup`` has torn out of its group, which it does not tell.

    pytest-xdist hands the group on at the end of a test's id, if pytest lets it (9.2 does not).
    """
    is_grouped = getattr(item.config.option, "loadgroup", False) and item.get_closest_marker("xdist_group")
    if is_grouped and "@" not in item.nodeid.rpartition("]")[2]:
        pytest.fail(f"this pytest-xdist keeps no groups together with pytest {pytest.__version__}", pytrace=False)


def pytest_configure(config: pytest.Config) -> None:
    os.environ["SHAPELENS_CACHE_DIR"] = tempfile.mkdtemp(prefix="shapelens-")  # nothing is remembered from other runs
    config.addinivalue_line("markers", "judged(framework): asks the real framework")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many edits were compared, warm with cold, in all processes together."""
    passed = terminalreporter.getreports("passed")
    compared = sum(value for report in passed for name, value in report.user_properties if name == "compared")
    if compared:
        terminalreporter.write_line(f"{compared:,} edits compared, warm with cold")
