"""What the tests of a workbench share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from editors.workbench import PICTURES


@pytest.fixture(autouse=True)
def picture(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep what was on the screen when a test of the workbench ended."""
    bench = request.getfixturevalue("bench") if "bench" in request.fixturenames else None
    yield
    if bench is not None:
        bench.picture(PICTURES / f"{request.node.name}.png")
