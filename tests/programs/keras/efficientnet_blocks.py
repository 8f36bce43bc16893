"""EfficientNet-style: MBConv blocks with squeeze and excitation, compound scaling, EMA and cosine decay."""
import math

import keras
import numpy as np
from keras import layers, ops

BLOCKS = [
    {"kernel": 3, "repeats": 1, "out": 8, "expand": 1, "strides": 1, "se": 0.25},
    {"kernel": 3, "repeats": 2, "out": 12, "expand": 4, "strides": 2, "se": 0.25},
    {"kernel": 5, "repeats": 1, "out": 20, "expand": 4, "strides": 2, "se": 0.25},
]


def round_filters(filters, width, divisor=4):
    filters *= width
    new = max(divisor, int(filters + divisor / 2) // divisor * divisor)
    if new < 0.9 * filters:
        new += divisor
    return int(new)


def round_repeats(repeats, depth):
    return int(math.ceil(depth * repeats))


def squeeze_excite(x, reduced):
    filters = x.shape[-1]
    se = layers.GlobalAveragePooling2D()(x)
    se = layers.Reshape((1, 1, filters))(se)
    se = layers.Conv2D(reduced, 1, activation="silu")(se)
    se = layers.Conv2D(filters, 1, activation="sigmoid")(se)
    return layers.multiply([x, se])


def mbconv(inputs, *, kernel, out, expand, strides, se, drop=0.0):
    channels = inputs.shape[-1]
    x = inputs
    if expand != 1:
        x = layers.Conv2D(channels * expand, 1, use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.Activation("silu")(x)
    x = layers.DepthwiseConv2D(kernel, strides=strides, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("silu")(x)
    if se:
        x = squeeze_excite(x, max(1, int(channels * se)))
    x = layers.Conv2D(out, 1, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    if strides == 1 and channels == out:
        if drop:
            x = layers.Dropout(drop, noise_shape=(None, 1, 1, 1))(x)
        x = layers.add([x, inputs])
    return x


def efficientnet(width=1.0, depth=1.0, resolution=40, classes=7):
    inputs = keras.Input((resolution, resolution, 3))
    x = layers.Conv2D(round_filters(8, width), 3, strides=2, padding="same", use_bias=False)(inputs)
    for i, config in enumerate(BLOCKS):
        config = dict(config)
        for j in range(round_repeats(config.pop("repeats"), depth)):
            if j > 0:
                config["strides"] = 1
            settings = {**config, "out": round_filters(config["out"], width)}
            x = mbconv(x, drop=0.1 * i, **settings)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(classes)(x))


model = efficientnet(width=1.1, depth=1.2)
x = np.random.normal(size=(10, 40, 40, 3))
y = keras.utils.to_categorical(np.arange(10) % 7)
model.compile(
    optimizer=keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(1e-3, 100), use_ema=True),
    loss=keras.losses.CategoricalFocalCrossentropy(from_logits=True),
)
model.fit(x, y, batch_size=5, verbose=0, sample_weight=np.linspace(0.5, 1.5, len(x)))
scores = ops.softmax(model.predict(x, verbose=0))
best, where = ops.top_k(scores, k=2)
entropy = -ops.sum(scores * ops.log(scores), axis=-1)
print(best.shape, where.shape, ops.convert_to_numpy(entropy).mean())
