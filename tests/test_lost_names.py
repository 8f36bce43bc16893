"""What the tables of lost names say against the packages that are there."""

from __future__ import annotations

import pytest

import shape_engine  # noqa: F401  (registers every rule)
from shape_engine.rule import REGISTRY

PACKAGES = {"keras": "keras", "tensorflow.keras": "keras._tf_keras.keras", "tf_keras": "tf_keras"}
ASK = """
import importlib

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

[name for name in NAMES if QUESTION(name)]
"""


@pytest.mark.judged("keras")
@pytest.mark.parametrize("root", PACKAGES)
def test_lost_names_are_nowhere(judge, root):
    for question, table in ("is_there", REGISTRY.lost), ("imports", REGISTRY.gone):
        names = sorted(PACKAGES[root] + name.removeprefix("keras") for name in table[root])
        found = judge("keras").value(ASK.replace("NAMES", repr(names)).replace("QUESTION", question).strip())
        assert not found, question


@pytest.mark.judged("keras")
def test_what_tf_keras_keeps_is_there(judge):
    kept = REGISTRY.lost["keras"] - REGISTRY.lost["tensorflow.keras"]
    names = sorted(PACKAGES["tensorflow.keras"] + name.removeprefix("keras") for name in kept)
    found = judge("keras").value(ASK.replace("NAMES", repr(names)).replace("QUESTION", "is_there").strip())
    assert sorted(found) == names
