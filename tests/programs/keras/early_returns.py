"""Builders with early returns, `assert` as knowledge, conditional layers, None for off, chained comparisons."""
from typing import Optional, Sequence, Union

import keras
from keras import layers


def normalize(kind: Optional[str], axis: int = -1):
    if not kind:
        return lambda x: x
    if kind == "batch":
        return layers.BatchNormalization(axis=axis)
    elif kind.startswith("layer"):
        return layers.LayerNormalization(axis=axis)
    raise NotImplementedError(kind)


def to_pair(value: Union[int, Sequence[int]]):
    if isinstance(value, (list, tuple)):
        assert len(value) == 2, f"expected two values, got {value}"
        return tuple(value)
    return (value,) * 2


def pool(x, kind="max", size=2):
    if size in (None, 1):
        return x
    size = to_pair(size)
    if kind == "max":
        return layers.MaxPooling2D(size)(x)
    if kind == "avg":
        return layers.AveragePooling2D(size)(x)
    return x[:, :: size[0], :: size[1], :]


def block(x, filters, norm=None, dropout=None, kind="max", size=2, skip=False):
    height, width = x.shape[1:-1]
    y = layers.Conv2D(filters, to_pair(3), padding="same", use_bias=norm is None)(x)
    y = normalize(norm)(y)
    if dropout is not None and 0 < dropout < 1:
        y = layers.Dropout(dropout)(y)
    if skip and (x.shape[-1] == filters or filters % x.shape[-1] == 0):
        y = y + (x if x.shape[-1] == filters else layers.Conv2D(filters, 1)(x))
    assert y.shape[1] == height and y.shape[2:3] == (width,)
    return pool(y, kind, size)


inputs = keras.Input((64, 60, 2))
x = block(inputs, 8, "batch")
x = block(x, 16, "layer_norm", dropout=0.1, kind="avg", size=[2, 1], skip=True)
x = block(x, 16, skip=True, size=None)
x = block(x, 20, kind="stride", size=(4, 3))
out = layers.Flatten()(x) if x.shape[1] > 1 else layers.GlobalAveragePooling2D()(x)
n = out.shape[1]
scores = layers.Dense(n if n < 100 else 100)(out)
