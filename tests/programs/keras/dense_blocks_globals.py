"""A DenseNet of functions with module constants, global counters and nonlocal state."""
import keras
from keras import layers

GROWTH, COMPRESSION, BN_AXIS = 12, 0.5, -1
LAYERS = [2, 3, 2]
counter = 0


def unique(prefix):
    global counter
    counter += 1
    return "%s_%03d" % (prefix, counter)


def make_block(x, n):
    channels = x.shape[BN_AXIS]

    def grow(t):
        nonlocal channels
        y = layers.BatchNormalization(axis=BN_AXIS, name=unique("bn"))(t)
        y = layers.Conv2D(4 * GROWTH, 1, activation="relu", name=unique("conv"))(y)
        y = layers.Conv2D(GROWTH, 3, padding="same", name=unique("conv"))(y)
        channels += GROWTH
        return layers.Concatenate(name=unique("concat"))([t, y])

    for _ in range(n):
        x = grow(x)
    assert x.shape[-1] == channels
    return x


def transition(x, reduction=COMPRESSION):
    x = layers.Conv2D(int(x.shape[BN_AXIS] * reduction), 1, name=unique("conv"))(x)
    return layers.AveragePooling2D(2, strides=2)(x)


inputs = keras.Input((32, 40, 3), name="image")
x = layers.Conv2D(2 * GROWTH, 3, padding="same")(inputs)
for position, n in enumerate(LAYERS):
    x = make_block(x, n)
    last = position == len(LAYERS) - 1
    x = x if last else transition(x)
features = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(units=100 if counter > 20 else 10)(features)
model = keras.Model(inputs, outputs, name=unique("densenet"))
try:
    middle = model.get_layer("conv_003").output
except ValueError:
    middle = inputs
