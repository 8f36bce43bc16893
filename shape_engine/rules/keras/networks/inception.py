"""InceptionV3 (keras/src/applications/inception_v3.py).

A branch is written as its convolutions in a row: how many filters, the kernel, and whether it strides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....rule import Call, function
from ....value import Value
from .network import Network, classified, made, spelled

REFUSED = 'If using `weights="imagenet"` with `include_top=True`, `classes` should be 1000. Received classes={classes}'
Step = tuple[int, int, int]


@function("keras.applications.InceptionV3")
def inception_v3(
    call: Call, include_top: Any = True, weights: Any = "imagenet", input_tensor: Any = None, input_shape: Any = None,
    pooling: Any = None, classes: Any = 1000, classifier_activation: Any = "softmax", name: Any = "inception_v3",
) -> Value:  # fmt: skip
    """Eleven blocks of branches side by side."""
    given = dict(locals())
    return made(call, given, _body, classified(given), size=299, least=75, refused=REFUSED)


spelled("inception_v3", "InceptionV3")


def _body(net: Network, x: Value) -> Value:
    x = _conv(net, x, 32, 3, 3, strides=(2, 2), padding="valid")
    x = _conv(net, x, 32, 3, 3, padding="valid")
    x = _conv(net, x, 64, 3, 3)
    x = net("MaxPooling2D", x, (3, 3), strides=(2, 2))
    x = _conv(net, x, 80, 1, 1, padding="valid")
    x = _conv(net, x, 192, 3, 3, padding="valid")
    x = net("MaxPooling2D", x, (3, 3), strides=(2, 2))
    for block, pooled in enumerate((32, 64, 64)):
        branches = [[(64, 1, 1)], [(48, 1, 1), (64, 5, 5)], [(64, 1, 1), (96, 3, 3), (96, 3, 3)]]
        x = _block(net, x, branches, pooled, f"mixed{block}")
    x = _narrowing(net, x, [[(384, 3, 3)], [(64, 1, 1), (96, 3, 3), (96, 3, 3)]], "mixed3")
    for block, n in enumerate((128, 160, 160, 192), 4):
        short = [(n, 1, 1), (n, 1, 7), (192, 7, 1)]
        long = [(n, 1, 1), (n, 7, 1), (n, 1, 7), (n, 7, 1), (192, 1, 7)]
        x = _block(net, x, [[(192, 1, 1)], short, long], 192, f"mixed{block}")
    wide = [(192, 1, 1), (192, 1, 7), (192, 7, 1), (192, 3, 3)]
    x = _narrowing(net, x, [[(192, 1, 1), (320, 3, 3)], wide], "mixed8")
    for block in range(2):
        x = _forked(net, x, block)
    return x


def _block(net: Network, x: Value, branches: Sequence[Sequence[Step]], pooled: int, name: str) -> Value:
    ends = [_row(net, x, branch) for branch in branches]
    pool = net("AveragePooling2D", x, (3, 3), strides=(1, 1), padding="same")
    ends.append(_conv(net, pool, pooled, 1, 1))
    return net.joined("Concatenate", ends, axis=net.axis, name=name)


def _narrowing(net: Network, x: Value, branches: Sequence[Sequence[Step]], name: str) -> Value:
    """A block whose branches end with a stride."""
    ends = [_conv(net, _row(net, x, branch[:-1]), *branch[-1], strides=(2, 2), padding="valid") for branch in branches]
    ends.append(net("MaxPooling2D", x, (3, 3), strides=(2, 2)))
    return net.joined("Concatenate", ends, axis=net.axis, name=name)


def _forked(net: Network, x: Value, block: int) -> Value:
    """A block whose branches end in forks."""
    ends = [_conv(net, x, 320, 1, 1)]
    fork = _conv(net, x, 384, 1, 1)
    parts = [_conv(net, fork, 384, 1, 3), _conv(net, fork, 384, 3, 1)]
    ends.append(net.joined("Concatenate", parts, axis=net.axis, name=f"mixed9_{block}"))
    fork = _row(net, x, [(448, 1, 1), (384, 3, 3)])
    parts = [_conv(net, fork, 384, 1, 3), _conv(net, fork, 384, 3, 1)]
    ends.append(net.joined("Concatenate", parts, axis=net.axis))
    pool = net("AveragePooling2D", x, (3, 3), strides=(1, 1), padding="same")
    ends.append(_conv(net, pool, 192, 1, 1))
    return net.joined("Concatenate", ends, axis=net.axis, name=f"mixed{9 + block}")


def _row(net: Network, x: Value, steps: Sequence[Step]) -> Value:
    for filters, rows, columns in steps:
        x = _conv(net, x, filters, rows, columns)
    return x


def _conv(
    net: Network, x: Value, filters: int, rows: int, columns: int, padding: str = "same", **settings: Any
) -> Value:
    x = net.convolved(x, filters, (rows, columns), padding=padding, **settings)
    return net("Activation", net.normalised(x, scale=False), "relu")
