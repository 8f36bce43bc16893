"""Generators that build layers, itertools, enumerate with a start, zip of unequal lists, nested comprehensions."""
import itertools

from keras import Input, Sequential, layers


def widths(start, factor=2):
    width = start
    while True:
        yield width
        width *= factor


def conv_stack(filters, kernels):
    for f, k in zip(filters, kernels):
        yield layers.Conv1D(f, k, padding="same")
        yield layers.LayerNormalization()
        yield layers.Activation("gelu")


def tower(length, channels, depth):
    yield Input((length, channels))
    for i, width in enumerate(itertools.islice(widths(8), depth), start=1):
        yield from conv_stack([width, width], (3, 5))
        if i < depth:
            yield layers.AveragePooling1D(2)
    yield layers.GlobalMaxPooling1D()


model = Sequential(list(tower(64, 4, 3)))
code = model.outputs[0]
x = Input((64, 4))
for layer in conv_stack((6, 7, 8), (3, 1)):
    x = layer(x)
pairs = [(a, b) for a, b in itertools.product((4, 8), (1, 3)) if a != b]
branches = [layers.Conv1D(f, k, padding="same", dilation_rate=r)(x) for (f, k), r in zip(pairs, itertools.cycle([1, 2]))]
merged = layers.concatenate(branches)
pyramid = list(itertools.accumulate([merged] * 3, lambda t, _: layers.MaxPooling1D()(t)))
grid = [[layers.Dense(n * m)(p) for n in (1, 2)] for m, p in enumerate(pyramid, 1)]
flat = list(itertools.chain.from_iterable(grid))
last = flat[-1]
first_wide = next(t for t in flat if t.shape[-1] > 2)
