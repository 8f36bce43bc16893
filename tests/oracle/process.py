"""Worker processes: one per framework, started when first asked, started again after a crash."""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

WORKER = Path(__file__).with_name("worker.py")
SURROUNDINGS = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "TF_ENABLE_ONEDNN_OPTS": "1"}
"""Environment variables that make TensorFlow one and the same on every machine.  Whether it uses oneDNN, which convolves
channels first, and what its kernels print, would else hang on the instructions of the CPU."""
PACKAGES = {  # what must be installed for a judge to speak
    "keras": ("keras", "tensorflow"),
    "tf": ("tensorflow",),
    "tf_keras": ("tf_keras", "tensorflow"),
    "torch": ("torch",),
    "numpy": ("numpy",),
    "sklearn": ("sklearn", "tensorflow"),
    "pandas": ("pandas", "tensorflow"),
    "images": ("PIL", "cv2", "tensorflow"),
    "python": ("torch",),  # the language itself, tried on PyTorch
}
PATIENCE = 180.0  # seconds for one program, the first import of TensorFlow on a busy machine included

Outcome = dict[str, Any]


def missing(framework: str) -> list[str]:
    """The packages that the judge for this framework needs and that are not installed."""
    return [package for package in PACKAGES[framework] if importlib.util.find_spec(package) is None]


@cache
def worker(framework: str) -> Worker:
    """The worker for a framework; "keras", "tf", "numpy" and what reads data share one, to import TensorFlow once."""
    if framework in ("tf", "numpy", "sklearn", "pandas", "images") and not missing("keras"):
        return worker("keras")
    if framework == "python":
        return worker("torch")
    return Worker()


class Worker:
    """A process that runs programs on whatever frameworks they import."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        atexit.register(self.close)

    def run(
        self, code: str, *, sizes: Mapping[str, Any] | None = None, claimed: Iterable[int] = (), stop: bool = True
    ) -> list[Outcome]:
        """What happens when the program runs; ``[{"kind": "crash", ...}]`` if it takes the process down."""
        process = self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        request = {"code": code, "sizes": dict(sizes or {}), "claimed": sorted(claimed), "stop": stop}
        alarm = threading.Timer(PATIENCE, process.kill)
        alarm.start()
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            alarm.cancel()
        if answer:
            return json.loads(answer)
        self._process = None
        return [{"line": None, "kind": "crash", "returncode": process.wait()}]

    def value(self, code: str) -> Any:
        """The value of the program's last expression as plain Python; raises if the program does."""
        *_, last = self.run(code)
        assert last.get("last"), f"{code}\n{last}"
        return plain(last)

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            environment = {**os.environ, **SURROUNDINGS}
            environment.pop("PYTHONPATH", None)
            self._process = subprocess.Popen(
                [sys.executable, str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env=environment,
                cwd=tempfile.gettempdir(),
            )
        return self._process


def plain(outcome: Outcome) -> Any:
    """An outcome as Python: shapes as tuples, lists and tuples as tuples, dicts as dicts."""
    match outcome["kind"]:
        case "shape":
            return tuple(outcome["shape"])
        case "items":
            return tuple(map(plain, outcome["items"]))
        case "dict":
            return {key: plain(item) for key, item in outcome["items"]}
        case "value":
            return outcome["value"] if "value" in outcome else outcome["repr"]
    raise AssertionError(outcome)
