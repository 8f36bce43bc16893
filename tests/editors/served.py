"""Programs that are started for tests: they must be there in CI, are waited for, and ended."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from typing import NoReturn

import pytest


def absent(message: str) -> NoReturn:
    """Skip a test whose program is not there; in CI it must be, and the test fails."""
    pytest.fail(message) if os.environ.get("SHAPELENS_REQUIRE_JUDGES") else pytest.skip(message)


def wait_until(up: Callable[[], bool], server: subprocess.Popen[bytes], name: str, patience: int) -> None:
    """Wait until a server is up; RuntimeError if it ends before, or takes longer than ``patience`` milliseconds."""
    end = time.monotonic() + patience / 1000
    while time.monotonic() < end and server.poll() is None:
        if up():
            return
        time.sleep(0.05)
    raise RuntimeError(f"{name} did not start")


def end(server: subprocess.Popen[bytes]) -> None:
    """End a server, kindly at first."""
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
