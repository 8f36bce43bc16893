"""DeepLab-like: dilated branches, image pooling with computed sizes, resizing by shape ratios."""
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def convolution_block(block_input, num_filters=24, kernel_size=3, dilation_rate=1, use_bias=False):
    x = layers.Conv2D(num_filters, kernel_size, dilation_rate=dilation_rate, padding="same", use_bias=use_bias)(block_input)
    x = layers.BatchNormalization()(x)
    return keras.layers.Activation("relu")(x)


def pyramid_pooling(dspp_input, rates=(6, 12)):
    dims = dspp_input.shape
    x = layers.AveragePooling2D(pool_size=(dims[-3], dims[-2]))(dspp_input)
    x = convolution_block(x, kernel_size=1, use_bias=True)
    out_pool = layers.UpSampling2D(
        size=(dims[-3] // x.shape[1], dims[-2] // x.shape[2]),
        interpolation="bilinear",
    )(x)
    outs = [out_pool, convolution_block(dspp_input, kernel_size=1)]
    outs.extend(convolution_block(dspp_input, dilation_rate=rate) for rate in rates)
    x = layers.Concatenate(axis=-1)(outs)
    return convolution_block(x, kernel_size=1)


def deeplab(image_size, num_classes):
    height, width = image_size
    model_input = keras.Input(shape=(height, width, 3))
    low = None
    x = model_input
    for stage, n in enumerate((16, 32, 48)):
        x = convolution_block(layers.MaxPooling2D(2)(x), n)
        if stage == 1:
            low = x
    x = pyramid_pooling(x)
    input_a = layers.UpSampling2D(size=(low.shape[1] // x.shape[1], low.shape[2] // x.shape[2]))(x)
    input_b = convolution_block(low, num_filters=8, kernel_size=1)
    x = layers.Concatenate(axis=-1)([input_a, input_b])
    x = convolution_block(x)
    x = layers.UpSampling2D(size=(height // x.shape[1], width // x.shape[2]), interpolation="bilinear")(x)
    return keras.Model(inputs=model_input, outputs=layers.Conv2D(num_classes, 1, padding="same")(x))


model = deeplab((96, 128), num_classes=5)
prediction = model(tf.zeros((1, 96, 128, 3)))
mask = tf.argmax(tf.squeeze(prediction, axis=0), axis=-1)
resized = tf.image.resize(prediction, [48, 64], method="bilinear")
channel = mask[..., tf.newaxis]
