"""keras.datasets: what the engine says of them, against the framework's own code on files of the documented sizes."""

from __future__ import annotations

import ast

from judges import at, believe

SPLIT = """
import importlib, os, tempfile
import numpy as np, keras

def loaded(name, x, y, **settings):
    path = os.path.join(tempfile.mkdtemp(), "data.npz")
    np.savez(path, x=x, y=y, x_train=x, y_train=y, x_test=x, y_test=y)
    module = importlib.import_module("keras.src.datasets." + name)
    module.get_file = lambda *args, **kwargs: path
    return [[str(part.shape) for part in pair] for pair in module.load_data(**settings)]

def lists(rows):
    found = np.empty(rows, dtype=object)
    found[:] = [[1, 2, 3][: 1 + n % 3] for n in range(rows)]
    return found

[
    loaded("boston_housing", np.zeros((506, 13)), np.zeros(506)),
    loaded("boston_housing", np.zeros((506, 13)), np.zeros(506), test_split=0.35),
    loaded("california_housing", np.zeros((20640, 8)), np.zeros(20640)),
    loaded("california_housing", np.zeros((20640, 8)), np.zeros(20640), version="small", test_split=0.15),
    loaded("imdb", lists(25000), np.zeros(25000, int), num_words=1000),
    loaded("reuters", lists(11228), np.zeros(11228, int), test_split=0.3),
]
"""
CALLS = [
    "boston_housing.load_data()",
    "boston_housing.load_data(test_split=0.35)",
    "california_housing.load_data()",
    'california_housing.load_data(version="small", test_split=0.15)',
    "imdb.load_data(num_words=1000)",
    "reuters.load_data(test_split=0.3)",
]
DOCUMENTED = ("mnist", "fashion_mnist", "cifar10", "cifar100")


def shapes(call: str) -> list[list[str]]:
    """What the engine says of a call: the shapes of both pairs."""
    belief = believe(f"from keras.datasets import *\nfrom keras import datasets\nfound = datasets.{call}\n")
    return [[str(part) for part in pair] for pair in at(belief.value(ast.parse(belief.text).body[-1]), {})]


def test_splits_are_those_of_the_framework(judge):
    real = judge("keras").value(SPLIT.strip())
    assert [shapes(call) for call in CALLS] == [[list(pair) for pair in found] for found in real]


def test_images_are_as_documented(judge):
    code = f"import keras\n[getattr(keras.datasets, name).load_data.__doc__ for name in {DOCUMENTED!r}]"
    for name, text in zip(DOCUMENTED, judge("keras").value(code), strict=True):
        for part in (part for pair in shapes(f"{name}.load_data()") for part in pair):
            assert part in text
