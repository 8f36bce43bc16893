"""PixelCNN: masked convolutions as layers around Conv2D, binarised pictures, pixels sampled one by one."""
import keras
import numpy as np
from keras import layers, ops

num_classes = 10
input_shape = (12, 12, 1)
n_residual_blocks = 2

x, test = np.random.rand(20, 12, 12), np.random.rand(4, 12, 12)
data = np.concatenate((x, test), axis=0)
# Round all pixel values less than 33% of the max 256 value to 0, anything above this value gets rounded up to 1
data = np.where(data < (0.33 * 1), 0, 1)
data = data.astype(np.float32)


class PixelConvLayer(layers.Layer):
    def __init__(self, mask_type, **kwargs):
        super().__init__()
        self.mask_type = mask_type
        self.conv = layers.Conv2D(**kwargs)

    def build(self, input_shape):
        # Build the conv2d layer to initialize kernel variables
        self.conv.build(input_shape)
        # Use the initialized kernel to create the mask
        kernel_shape = ops.shape(self.conv.kernel)
        self.mask = np.zeros(shape=kernel_shape)
        self.mask[: kernel_shape[0] // 2, ...] = 1.0
        self.mask[kernel_shape[0] // 2, : kernel_shape[1] // 2, ...] = 1.0
        if self.mask_type == "B":
            self.mask[kernel_shape[0] // 2, kernel_shape[1] // 2, ...] = 1.0

    def call(self, inputs):
        self.conv.kernel.assign(self.conv.kernel * self.mask)
        return self.conv(inputs)


class ResidualBlock(keras.layers.Layer):
    def __init__(self, filters, **kwargs):
        super().__init__(**kwargs)
        self.conv1 = keras.layers.Conv2D(filters=filters, kernel_size=1, activation="relu")
        self.pixel_conv = PixelConvLayer(
            mask_type="B", filters=filters // 2, kernel_size=3, activation="relu", padding="same"
        )
        self.conv2 = keras.layers.Conv2D(filters=filters, kernel_size=1, activation="relu")

    def call(self, inputs):
        x = self.conv1(inputs)
        x = self.pixel_conv(x)
        x = self.conv2(x)
        return keras.layers.add([inputs, x])


inputs = keras.Input(shape=input_shape, batch_size=8)
x = PixelConvLayer(mask_type="A", filters=8, kernel_size=7, activation="relu", padding="same")(inputs)
for _ in range(n_residual_blocks):
    x = ResidualBlock(filters=8)(x)
for _ in range(2):
    x = PixelConvLayer(mask_type="B", filters=8, kernel_size=1, strides=1, activation="relu", padding="valid")(x)
out = keras.layers.Conv2D(filters=1, kernel_size=1, strides=1, activation="sigmoid", padding="valid")(x)
pixel_cnn = keras.Model(inputs, out)
pixel_cnn.compile(optimizer=keras.optimizers.RMSprop(0.0005), loss="binary_crossentropy")
data = data[..., None]
pixel_cnn.fit(x=data, y=data, batch_size=8, epochs=1, verbose=0)

batch = 8
pixels = np.zeros(shape=(batch,) + (pixel_cnn.input_shape)[1:])
batch, rows, cols, channels = pixels.shape
for row in range(1):
    for col in range(3):
        for channel in range(channels):
            probs = pixel_cnn.predict(pixels, verbose=0)[:, row, col, channel]
            pixels[:, row, col, channel] = ops.ceil(probs - keras.random.uniform(probs.shape))


def deprocess_image(x):
    # Stack the single channeled black and white image to rgb values.
    x = np.stack((x, x, x), 2)
    x *= 255.0
    return np.clip(x, 0, 255).astype("uint8")


pictures = [deprocess_image(np.squeeze(pic, -1)) for pic in pixels[:4]]
top = np.hstack(pictures[:2])
print(np.vstack([top, np.hstack(pictures[2:])]).shape)
