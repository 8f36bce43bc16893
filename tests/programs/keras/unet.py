"""A U-Net: skip connections in a list, reversed; crops computed from shapes."""
from keras import Input, Model, layers


def double_conv(x, filters, *, kernel=3, rate=0.0):
    for _ in range(2):
        x = layers.Conv2D(filters, kernel, padding="same")(x)
        x = layers.LeakyReLU(negative_slope=0.1)(x)
    if rate > 0:
        x = layers.SpatialDropout2D(rate)(x)
    return x


def crop_like(x, reference):
    dh, dw = (x.shape[i] - reference.shape[i] for i in (1, 2))
    if dh == 0 and dw == 0:
        return x
    return layers.Cropping2D(((dh // 2, dh - dh // 2), (dw // 2, dw - dw // 2)))(x)


def unet(height, width, channels=1, base=16, depth=4, out_channels=2):
    inputs = Input((height, width, channels))
    skips = []
    x = inputs
    for level in range(depth):
        x = double_conv(x, base * 2 ** level)
        skips.append(x)
        x = layers.MaxPool2D()(x)
    x = double_conv(x, base << depth, rate=0.3)
    for level, skip in reversed(list(enumerate(skips))):
        filters = base * 2 ** level
        x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
        skip = crop_like(skip, x)
        x = layers.Concatenate()([skip, x])
        x = double_conv(x, filters)
    outputs = layers.Conv2D(out_channels, 1, activation="sigmoid")(x)
    return Model(inputs=inputs, outputs=outputs)


net = unet(128, 96)
odd = unet(100, 76, depth=3, base=8)
mask = odd(Input((100, 76, 1), batch_size=4))
scaled = mask[:, ::2, ::-1, :1]
