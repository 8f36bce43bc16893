"""Inception modules: branches as tuples, recursion over nested tuples, string axes."""
from tensorflow.keras import backend
from tensorflow.keras import layers
from tensorflow.keras.models import Model


def conv2d_bn(x, filters, num_row, num_col, padding="same", strides=(1, 1), name=None):
    if name is not None:
        bn_name, conv_name = name + "_bn", name + "_conv"
    else:
        bn_name = conv_name = None
    bn_axis = 1 if backend.image_data_format() == "channels_first" else 3
    x = layers.Conv2D(filters, (num_row, num_col), strides=strides, padding=padding, name=conv_name)(x)
    x = layers.BatchNormalization(axis=bn_axis, scale=False, name=bn_name)(x)
    return layers.Activation("relu", name=name)(x)


def run(x, spec):
    """A number is a 1x1 convolution, a tuple of ints one convolution, a tuple of specs a chain, a list branches."""
    if isinstance(spec, int):
        return conv2d_bn(x, spec, 1, 1)
    if isinstance(spec, str):
        return getattr(layers, spec)((3, 3), strides=(1, 1), padding="same")(x)
    if isinstance(spec, list):
        return layers.concatenate([run(x, part) for part in spec], axis=-1)
    if all(isinstance(part, int) for part in spec):
        return conv2d_bn(x, *spec)
    head, *tail = spec
    x = run(x, head)
    return run(x, tuple(tail)) if tail else x


MIXED = [64, ([48], (64, 5, 5)), ([64], (96, 3, 3), (96, 3, 3)), ("AveragePooling2D", [32])]
SPLIT = [320, ([384], [(384, 1, 3), (384, 3, 1)])]

img = layers.Input(shape=(75, 91, 3))
x = conv2d_bn(img, 32, 3, 3, strides=(2, 2), padding="valid", name="stem")
x = conv2d_bn(x, 64, 3, 3)
x = layers.MaxPooling2D((3, 3), strides=(2, 2))(x)
for i in range(2):
    x = run(x, MIXED)
mixed = run(x, SPLIT)
pooled = layers.GlobalAveragePooling2D(name="avg_pool")(mixed)
model = Model(img, pooled, name="inception")
stem = model.get_layer("stem").output
