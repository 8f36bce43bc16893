# known: 89 % (lengths of pictures are numbers here, not tensors)
"""Super-resolution by sub-pixel convolution: depth_to_space, PSNR in a callback, low and high pictures by tf.image."""
import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers

crop_size = 36
upscale_factor = 3
input_size = crop_size // upscale_factor
batch_size = 4

pictures = np.random.uniform(0, 255, (12, crop_size, crop_size, 3)).astype("float32")
train_ds = tf.data.Dataset.from_tensor_slices(pictures[:8]).batch(batch_size)
valid_ds = tf.data.Dataset.from_tensor_slices(pictures[8:]).batch(batch_size)


def scaling(input_image):
    input_image = input_image / 255.0
    return input_image


def process_input(input, input_size):
    input = tf.image.rgb_to_yuv(input)
    last_dimension_axis = len(input.shape) - 1
    y, u, v = tf.split(input, 3, axis=last_dimension_axis)
    return tf.image.resize(y, [input_size, input_size], method="area")


def process_target(input):
    input = tf.image.rgb_to_yuv(input)
    last_dimension_axis = len(input.shape) - 1
    y, u, v = tf.split(input, 3, axis=last_dimension_axis)
    return y


train_ds = train_ds.map(scaling).map(lambda x: (process_input(x, input_size), process_target(x)))
train_ds = train_ds.prefetch(buffer_size=32)
valid_ds = valid_ds.map(scaling).map(lambda x: (process_input(x, input_size), process_target(x)))
for batch in train_ds.take(1):
    for img in batch[0]:
        low = keras.utils.img_to_array(img)
    for img in batch[1]:
        high = keras.utils.img_to_array(img)


class DepthToSpace(layers.Layer):
    def __init__(self, block_size):
        super().__init__()
        self.block_size = block_size

    def call(self, input):
        batch, height, width, depth = keras.ops.shape(input)
        depth = depth // (self.block_size**2)
        x = keras.ops.reshape(input, [batch, height, width, self.block_size, self.block_size, depth])
        x = keras.ops.transpose(x, [0, 1, 3, 2, 4, 5])
        x = keras.ops.reshape(x, [batch, height * self.block_size, width * self.block_size, depth])
        return x


def get_model(upscale_factor=3, channels=1):
    conv_args = {"activation": "relu", "kernel_initializer": "orthogonal", "padding": "same"}
    inputs = keras.Input(shape=(None, None, channels))
    x = layers.Conv2D(16, 5, **conv_args)(inputs)
    x = layers.Conv2D(8, 3, **conv_args)(x)
    x = layers.Conv2D(channels * (upscale_factor**2), 3, **conv_args)(x)
    outputs = DepthToSpace(upscale_factor)(x)
    return keras.Model(inputs, outputs)


def upscale_image(model, y):
    y = y.astype("float32") / 255.0
    input = np.expand_dims(y, axis=0)
    out = model.predict(input, verbose=0)
    out_img_y = out[0]
    out_img_y *= 255.0
    out_img_y = out_img_y.clip(0, 255)
    return out_img_y.reshape((np.shape(out_img_y)[0], np.shape(out_img_y)[1]))


class ESPCNCallback(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.psnr = []

    def on_epoch_end(self, epoch, logs=None):
        self.prediction = upscale_image(self.model, test_picture)

    def on_test_batch_end(self, batch, logs=None):
        self.psnr.append(10 * math.log10(1 / logs["loss"]))


test_picture = np.random.randint(0, 255, (20, 15, 1))
model = get_model(upscale_factor=upscale_factor)
callback = ESPCNCallback()
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.001), loss=keras.losses.MeanSquaredError())
model.fit(train_ds, epochs=1, callbacks=[callback], validation_data=valid_ds, verbose=0)

shuffler = keras.Sequential(
    [layers.Conv2D(12, 3, padding="same"), layers.Lambda(lambda t: tf.nn.depth_to_space(t, 2)), layers.ReLU(1.0)]
)
low_res, high_res = next(iter(valid_ds))
twice = shuffler(low_res)
fake = model(low_res)
quality = tf.image.psnr(tf.clip_by_value(fake, 0, 1), high_res, max_val=1.0)
bicubic = tf.image.resize(low_res, (crop_size, crop_size), method="bicubic")
similarity = tf.image.ssim(bicubic, high_res, max_val=1.0)
print(callback.prediction.shape, twice.shape, quality.numpy(), similarity.numpy())
