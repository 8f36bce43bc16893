# known: 75 % (whether int() raises is not followed)
"""Optional imports, name scopes, strategies, context managers of one's own, finally."""
import contextlib
import os

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

try:
    import a_library_that_is_not_there as extra

    HAS_EXTRA = True
except ImportError:
    extra = None
    HAS_EXTRA = False

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


@contextlib.contextmanager
def scope(names, prefix):
    names.append(prefix)
    yield "/".join(names)
    names.pop()


def block(x, filters, names):
    with scope(names, f"b{filters}") as full:
        with tf.name_scope("conv"):
            x = layers.Conv2D(filters, 3, padding="same", name=full.replace("/", "_"))(x)
        if HAS_EXTRA:
            print(extra.__name__)
        x = layers.BatchNormalization()(x)
    return x


class Timer:
    def __init__(self):
        self.count = 0

    def __enter__(self):
        self.count += 1
        return self

    def __exit__(self, *exc):
        return False


names, timer = ["net"], Timer()
with timer as t, contextlib.suppress(KeyError):
    x = inputs = keras.Input((16, 20, 3))
    for f in (4, 8):
        x = block(x, f, names)
with timer:
    x = layers.Conv2D(4 * timer.count, 1)(x)


def safe_int(text, default=12):
    try:
        return int(text)
    except ValueError:
        return default
    finally:
        names.append("done")


y = layers.Dense(safe_int("24"))(layers.Flatten()(x))
z = layers.Dense(safe_int("many") + len(names))(y)
model = keras.Model(inputs, z)
