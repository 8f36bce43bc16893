"""``keras.datasets``: the arrays that every copy of these datasets holds (keras/src/datasets); nothing is downloaded."""

from __future__ import annotations

from typing import Any

from ...evidence import report
from ...problems import PythonError
from ...rule import Call, function
from ...shape import Shape
from ...value import Known, Tensor, Unknown, Value
from .applications import CHANNELS_FIRST

BOSTON = 506, 13
CALIFORNIA = {"large": 20640, "small": 600}
REUTERS = 11228
OBJECTS = "object"
"""The dtype of an array of Python lists."""


@function("keras.datasets.mnist.load_data")
@function("keras.datasets.fashion_mnist.load_data")
def mnist(call: Call, path: Value = None, **_: Value) -> Value:
    """Grey images of 28 by 28 pixels."""
    return _pair(60000, 10000, (28, 28), "uint8", (), "uint8")


@function("keras.datasets.cifar10.load_data")
def cifar10(call: Call, **_: Value) -> Value:
    """Images of 32 by 32 pixels in three colours; the labels have an axis of their own."""
    return _pair(50000, 10000, _picture(call), "uint8", (1,), "uint8")


@function("keras.datasets.cifar100.load_data")
def cifar100(call: Call, label_mode: Value = "fine", **_: Value) -> Value:
    """As cifar10.  ValueError for another ``label_mode`` than "fine" and "coarse"."""
    if isinstance(label_mode, str) and label_mode not in ("fine", "coarse"):
        text = f'`label_mode` must be one of `"fine"`, `"coarse"`. Received: label_mode={label_mode}.'
        report(PythonError("ValueError", text), blame=("label_mode",))
    return _pair(50000, 10000, _picture(call), "uint8", (1,), "int64")


@function("keras.datasets.imdb.load_data")
def imdb(
    call: Call, path: Value = "imdb.npz", num_words: Value = None, skip_top: Value = 0, maxlen: Value = None, **_: Value
) -> Value:
    """Reviews as lists of numbers; ``maxlen`` leaves the longer ones out."""
    train, test = (25000, 25000) if maxlen is None and not _ else (call.symbol(), call.symbol())
    return _pair(train, test, (), OBJECTS, (), "int64")


@function("keras.datasets.reuters.load_data")
def reuters(
    call: Call,
    path: Value = "reuters.npz",
    num_words: Value = None,
    skip_top: Value = 0,
    maxlen: Value = None,
    test_split: Value = 0.2,
    **_: Value,
) -> Value:
    """Newswires as lists of numbers."""
    train, test = _split(call, REUTERS if maxlen is None else None, test_split)
    return _pair(train, test, (), OBJECTS, (), "int64")


@function("keras.datasets.boston_housing.load_data")
def boston_housing(call: Call, path: Value = None, test_split: Value = 0.2, seed: Value = 113, **_: Value) -> Value:
    """Houses and their prices."""
    _check_split(call, test_split)
    rows, features = BOSTON
    train, test = _split(call, rows, test_split)
    return _pair(train, test, (features,), "float64", (), "float64")


@function("keras.datasets.california_housing.load_data")
def california_housing(
    call: Call, version: Value = "large", path: Value = None, test_split: Value = 0.2, seed: Value = 113
) -> Value:
    """Districts and their prices."""
    _check_split(call, test_split)
    if isinstance(version, str) and version not in CALIFORNIA:
        text = f"Argument `version` must be one of 'small', 'large'. Received: version={version}"
        report(PythonError("ValueError", text), blame=("version",))
    rows = CALIFORNIA.get(version) if isinstance(version, str) else None
    train, test = _split(call, rows, test_split)
    return _pair(train, test, (8,), None, (), None)


@function("keras.datasets.imdb.get_word_index")
@function("keras.datasets.reuters.get_word_index")
@function("keras.datasets.reuters.get_label_names")
def names(call: Call, *args: Value, **_: Value) -> Value:
    """What the numbers stand for."""
    return Unknown("words and their numbers")


def _pair(
    train: Any, test: Any, sample: tuple[Any, ...], dtype: str | None, label: tuple[Any, ...], labels: str | None
) -> Any:
    """``(x_train, y_train), (x_test, y_test)``."""
    return tuple(
        (Tensor(Shape((rows, *sample)), dtype, "numpy"), Tensor(Shape((rows, *label)), labels, "numpy"))
        for rows in (train, test)
    )


def _picture(call: Call) -> tuple[Any, ...]:
    data_format = call.invoke(Known("keras.config.image_data_format"), [])
    if not isinstance(data_format, str):
        return (call.symbol(), call.symbol(), call.symbol())
    return (3, 32, 32) if data_format == CHANNELS_FIRST else (32, 32, 3)


def _split(call: Call, rows: int | None, test_split: Value) -> tuple[Any, Any]:
    known = isinstance(test_split, (int, float)) and not isinstance(test_split, bool)
    if rows is None or not known or not 0 <= test_split <= 1:
        return call.symbol(), call.symbol()
    train = int(rows * (1 - test_split))
    return train, rows - train


def _check_split(call: Call, test_split: Value) -> None:
    if isinstance(test_split, (int, float)) and not 0 <= test_split < 1:
        text = f"Invalid `test_split` argument: {test_split}. It must be between 0 and 1 (exclusive of 1)."
        if call.version("keras") >= (3,):
            report(PythonError("ValueError", text), blame=("test_split",))
