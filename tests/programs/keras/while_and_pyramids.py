"""Loops with conditions, counters, break and continue, lists filled backwards, sizes halved until small."""
import keras
from keras import layers


def largest_divisor(n, limit):
    best = 1
    for d in range(1, limit + 1):
        if n % d:
            continue
        best = d
    return best


def encoder(size, channels, code):
    x = inputs = keras.Input((size, size, channels))
    width, trail = 8, []
    while x.shape[1] > 4:
        x = layers.Conv2D(width, 4, strides=2, padding="same")(x)
        trail.insert(0, width)
        width = min(width * 2, 64)
        if len(trail) > 10:
            break
    else:
        x = layers.Conv2D(width, 1)(x)
    flat = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(code)(flat), name="encoder"), trail, x.shape[1:]


def decoder(code, trail, start, channels):
    inputs = keras.Input((code,))
    n = 1
    for s in start:
        n *= s
    x = layers.Reshape(start)(layers.Dense(n)(inputs))
    index = 0
    while index < len(trail):
        groups = largest_divisor(trail[index], 4)
        x = layers.Conv2DTranspose(trail[index], 4, 2, padding="same")(x)
        x = layers.GroupNormalization(groups)(x)
        index += 1
    return keras.Model(inputs, layers.Conv2D(channels, 3, padding="same")(x), name="decoder")


enc, trail, start = encoder(64, 3, 20)
dec = decoder(20, trail, start, 3)
image = keras.Input((64, 64, 3))
restored = dec(enc(image))
scales = [image]
while (smaller := layers.AveragePooling2D(2)(scales[-1])).shape[1] >= 8:
    scales.append(smaller)
coarse, fine = scales[-1], scales[0]
restored_again = layers.UpSampling2D(fine.shape[1] // coarse.shape[1])(coarse)
