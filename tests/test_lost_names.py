"""What the tables of lost names say against the packages that are there."""

from __future__ import annotations

import pytest

from shape_engine import Settings
from shape_engine.rule import REGISTRY

PACKAGES = {
    "keras": "keras",
    "tensorflow.keras": "keras._tf_keras.keras",
    "tf_keras": "tf_keras",
    "tensorflow": "tensorflow",
    "numpy": "numpy",
}
TODAY = {"tf": "tensorflow"}
ASK = """
import functools, importlib

def is_there(name):
    module, _, last = name.rpartition(".")
    try:
        return hasattr(importlib.import_module(module), last)
    except ImportError:
        return False

def imports(name):
    try:
        return bool(importlib.import_module(name))
    except ImportError:
        return False

def resolves(name):
    first, *rest = name.split(".")
    try:
        functools.reduce(getattr, rest, importlib.import_module(first))
    except AttributeError:
        return False
    return True

[name for name in NAMES if QUESTION(name)]
"""


@pytest.mark.parametrize("root", PACKAGES)
def test_lost_names_are_nowhere(judge, root):
    for question, table in ("is_there", REGISTRY.lost), ("imports", REGISTRY.gone):
        names = sorted(
            f"{PACKAGES[root]}.{name.partition('.')[2]}" for name in table.get(root, ()) if _applies(root, name)
        )
        found = judge("keras").value(ASK.replace("NAMES", repr(names)).replace("QUESTION", question).strip())
        assert not found, question


def test_what_tf_keras_keeps_is_there(judge):
    kept = REGISTRY.lost["keras"].keys() - REGISTRY.lost["tensorflow.keras"].keys()
    names = sorted(PACKAGES["tensorflow.keras"] + name.removeprefix("keras") for name in kept)
    found = judge("keras").value(ASK.replace("NAMES", repr(names)).replace("QUESTION", "is_there").strip())
    assert sorted(found) == names


@pytest.mark.parametrize("root", PACKAGES)
def test_names_of_today_are_there(judge, root):
    now = {lost.now for name, lost in REGISTRY.lost.get(root, {}).items() if lost.now and _applies(root, name)}
    names = sorted(
        f"{TODAY.get(package, package)}.{rest}" for name in now for package, _, rest in [name.partition(".")] if rest
    )
    missing = judge("keras").value(ASK.replace("NAMES", repr(names)).replace("if QUESTION", "if not resolves").strip())
    assert not missing


def _applies(root: str, name: str) -> bool:
    """Whether the newest version of the package, which is the one that is there, lacks the name."""
    lost = REGISTRY.lost[root].get(name)
    return lost is None or lost.in_version(Settings().version(root))
