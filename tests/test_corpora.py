"""Code that works, read as it is: nothing escapes, the work is bounded, and every finding is a true one.

The packages of ``corpora.txt`` lie in the folder that ``SHAPELENS_CORPORA`` names. The true findings stand in
``data/true_findings.toml``, each with the program that shows it and what that printed.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import random
import shutil
import sys
import sysconfig
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import REQUIRED

from shape_engine import Engine, Settings, Snapshot
from shapelens.names import JediNames, read_source

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MOST_STEPS = 2_000_000  # of a whole file, what it imports not counted
SEED = int(os.environ.get("SHAPELENS_SEED", "0"))
SAMPLE = 100  # files of each half of the standard library
MOST_OPEN = 400  # files that one engine knows: those of a package import each other, and memory is not endless

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "package", ["keras/src", "keras_hub", "keras_cv", "segmentation_models", "timm", "torchvision"]
)
def test_a_package_of_models(package: str) -> None:
    root = root_of(package)
    found: Counter[Claim] = Counter()
    for name, snapshot in analysed(sources(root / package), root):
        assert not snapshot.broken, (name, snapshot.broken)
        found.update((name, finding.span.line, finding.code) for finding in snapshot.findings)
    true = true_findings(package)
    assert not found - true, "not true"
    assert not true - found, "not found"


@pytest.mark.parametrize("part", ["modules", "tests"])
def test_the_standard_library(part: str) -> None:
    """No models; among its tests there are files that are no Python.  Another sample for every seed."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    files = [file for file in sources(folder) if ("test" in file.parts) is (part == "tests")]
    files = sorted(random.Random(f"{SEED} {part}").sample(files, min(SAMPLE, len(files))))
    for name, snapshot in analysed(files, folder):
        assert not snapshot.findings, (name, snapshot.findings)


def test_the_engine_itself() -> None:
    root = Path(__file__).resolve().parent.parent
    for name, snapshot in analysed(sources(root / "shape_engine"), root):
        assert not snapshot.broken, (name, snapshot.broken)
        assert not snapshot.findings, (name, snapshot.findings)


Claim = tuple[str, int, str]
"""A finding: the file, the line, and the kind of problem."""


def true_findings(package: str) -> Counter[Claim]:
    """What is written down as true of the files of a package."""
    with open(Path(__file__).parent / "data" / "true_findings.toml", "rb") as file:
        told = tomllib.load(file).get("finding", [])
    return Counter((one["file"], one["line"], one["code"]) for one in told if one["file"].startswith(f"{package}/"))


def root_of(package: str) -> Path:
    """The folder that holds a package; nothing of it is imported."""
    corpora = os.environ.get("SHAPELENS_CORPORA", "")
    spec = importlib.util.find_spec("keras") if package.startswith("keras/") else None
    root = alone(Path(spec.origin).parent) if spec is not None and spec.origin else Path(corpora)
    if not (corpora or spec) or not (root / package).is_dir():
        message = f"the sources of {package} are not here: see corpora.txt"
        pytest.fail(message) if os.environ.get(REQUIRED) else pytest.skip(message)
    return root


def alone(package: Path) -> Path:
    """A folder that holds nothing but this package: what else is installed beside it is no workspace."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)  # of a link, not of what it leads to
    (folder / package.name).symlink_to(package, target_is_directory=True)
    return folder


def sources(folder: Path) -> list[Path]:
    """The Python files of a folder, but for what is installed inside it."""
    files = sorted(folder.rglob("*.py"))
    return [file for file in files if not {"site-packages", "dist-packages"} & set(file.relative_to(folder).parts)]


def analysed(files: list[Path], root: Path) -> Iterator[tuple[str, Snapshot]]:
    """Every file as an editor shows it when it is opened, its imports found below the root."""
    assert files
    for number, file in enumerate(files):
        text = read_source(file)
        if text is None:
            continue  # in no encoding that Python knows
        if number % MOST_OPEN == 0:
            engine = Engine(JediNames(root, blocking=True), Settings())
        uri = file.as_uri()
        snapshot = engine.update(uri, 1, text)
        engine.close(uri)
        name = file.relative_to(root).as_posix()
        assert not snapshot.errors, f"{name}: {snapshot.errors[0]}"
        assert snapshot.work.steps <= MOST_STEPS, name
        yield name, snapshot
