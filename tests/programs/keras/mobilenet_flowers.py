"""MobileNet-style: inverted residuals with width multipliers, subclassed blocks, mixed data types on the way in."""
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def make_divisible(v, divisor=4):
    return max(divisor, int(v + divisor / 2) // divisor * divisor)


class InvertedResidual(layers.Layer):
    def __init__(self, filters, stride=1, expansion=2, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.stride, self.expansion = filters, stride, expansion

    def build(self, input_shape):
        channels = input_shape[-1]
        self.expand = keras.Sequential(
            [layers.Conv2D(channels * self.expansion, 1, use_bias=False), layers.BatchNormalization(), layers.ReLU(6.0)]
        )
        self.depthwise = layers.DepthwiseConv2D(3, self.stride, padding="same", use_bias=False)
        self.norm = layers.BatchNormalization()
        self.project = layers.Conv2D(self.filters, 1, use_bias=False)
        self.use_residual = self.stride == 1 and channels == self.filters
        super().build(input_shape)

    def call(self, inputs, training=None):
        x = self.expand(inputs, training=training)
        x = self.depthwise(x)
        x = tf.nn.relu6(self.norm(x, training=training))
        x = self.project(x)
        return inputs + x if self.use_residual else x


class SmallMobileNet(keras.Model):
    TABLE = [(8, 1, 1), (12, 2, 2), (16, 2, 2)]  # filters, repeats, stride

    def __init__(self, num_classes, alpha=1.0):
        super().__init__()
        self.stem = layers.Conv2D(make_divisible(8 * alpha), 3, strides=2, padding="same", activation="relu")
        self.blocks = []
        for filters, repeats, stride in self.TABLE:
            for i in range(repeats):
                self.blocks.append(InvertedResidual(make_divisible(filters * alpha), stride if i == 0 else 1))
        self.pool = layers.GlobalAveragePooling2D(keepdims=True)
        self.head = layers.Conv2D(num_classes, 1)

    def call(self, x, training=False):
        x = self.stem(x)
        for block in self.blocks:
            x = block(x, training=training)
        x = self.head(self.pool(x))
        return tf.squeeze(x, axis=[1, 2])


def decode(image, label):
    image = tf.image.resize(tf.cast(image, tf.float32), (32, 32))
    return image / 127.5 - 1.0, label


raw = tf.cast(tf.random.uniform((12, 50, 40, 3), maxval=256, dtype=tf.int32), tf.uint8)
flowers = tf.data.Dataset.from_tensor_slices((raw, tf.range(12) % 5)).map(decode)
batches = flowers.batch(4, drop_remainder=True)

model = SmallMobileNet(5, alpha=0.75)
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
model.fit(batches, epochs=1, verbose=0)
images, labels = next(iter(batches))
logits = model(images)
confidence = tf.reduce_max(tf.nn.softmax(logits), axis=-1)
print(logits.shape, confidence.numpy(), model.evaluate(batches, verbose=0))
