"""List repetition, starred unpacking, slices of lists with negative bounds, tuples built by arithmetic."""
from tensorflow.keras import Input, Model, layers

DEPTHS = [2] * 2 + [1]
WIDTHS = [8 * 2**i for i in range(len(DEPTHS))]
KERNELS = (3,) * 2 + (5,)
first, *middle, last = zip(DEPTHS, WIDTHS, KERNELS)


def unit(x, width, kernel, *extra, pool=None):
    x = layers.Conv1D(width, kernel, padding="same")(x)
    for layer in extra:
        x = layer(x)
    return layers.MaxPooling1D(pool)(x) if pool else x


inputs = Input((96, 5))
x = inputs
trail = [x]
for depth, width, kernel in [first, *middle, last]:
    for repeat in range(depth)[::-1]:
        x = unit(x, width, kernel, *[layers.ReLU(), layers.BatchNormalization()][: 1 + (repeat > 0)], pool=2 if not repeat else None)
    trail.append(x)
*_, before, final = trail
up = layers.UpSampling1D(before.shape[1] // final.shape[1])(final)
joined = layers.Concatenate()([before, up])
tail = trail[-2:]
odd, even = trail[1::2], trail[::2]
sums = [t.shape[-1] for t in trail][1:]
head = layers.Dense(sum(sums[:-1]))(layers.GlobalAveragePooling1D()(joined))
matrix = [[0] * 3 for _ in range(2)]
for i, row in enumerate(matrix):
    row[i] = WIDTHS[i]
    matrix[i][-1] += i
columns = list(map(list, zip(*matrix)))
flat = layers.Dense(sum(map(sum, columns)))(head)
model = Model(inputs, [flat, *tail])
a, b, c = model.outputs
part = c[:, -4:, :-1]
(p, q), r = (a[:, :2], b[:, 0]), c[..., None]
