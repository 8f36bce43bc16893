"""MLP-Mixer: mixing over patches and over channels by permuting, in a subclassed layer, trained in mixed style."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

image_size, patch_size, hidden = 32, 8, 12
num_patches = (image_size // patch_size) ** 2


class MixerLayer(layers.Layer):
    def __init__(self, num_patches, hidden_units, dropout_rate, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.mlp1 = keras.Sequential(
            [
                layers.Dense(units=num_patches, activation="gelu"),
                layers.Dense(units=num_patches),
                layers.Dropout(rate=dropout_rate),
            ]
        )
        self.mlp2 = keras.Sequential(
            [
                layers.Dense(units=num_patches, activation="gelu"),
                layers.Dense(units=hidden_units),
                layers.Dropout(rate=dropout_rate),
            ]
        )
        self.normalize = layers.LayerNormalization(epsilon=1e-6)

    def build(self, input_shape):
        return super().build(input_shape)

    def call(self, inputs):
        x = self.normalize(inputs)
        # [num_batches, hidden_units, num_patches]
        x_channels = tf.transpose(x, perm=(0, 2, 1))
        mlp1_outputs = self.mlp1(x_channels)
        mlp1_outputs = tf.transpose(mlp1_outputs, perm=(0, 2, 1))
        x = mlp1_outputs + inputs
        x_patches = self.normalize(x)
        mlp2_outputs = self.mlp2(x_patches)
        return x + mlp2_outputs


class PatchEmbedding(layers.Layer):
    def __init__(self, patch, width, **kwargs):
        super().__init__(**kwargs)
        self.patch, self.width = patch, width
        self.project = layers.Dense(width)

    def build(self, input_shape):
        _, h, w, c = input_shape
        n = (h // self.patch) * (w // self.patch)
        self.position = self.add_weight(shape=(1, n, self.width), initializer="random_normal", name="position")

    def call(self, images):
        sizes = [1, self.patch, self.patch, 1]
        patches = tf.image.extract_patches(images, sizes=sizes, strides=sizes, rates=[1, 1, 1, 1], padding="VALID")
        patches = tf.reshape(patches, (-1, patches.shape[1] * patches.shape[2], patches.shape[3]))
        return self.project(patches) + self.position


inputs = layers.Input(shape=(image_size, image_size, 3))
x = layers.Rescaling(1 / 255)(inputs)
x = PatchEmbedding(patch_size, hidden)(x)
x = keras.Sequential([MixerLayer(num_patches, hidden, 0.1) for _ in range(2)])(x)
representation = layers.GlobalAveragePooling1D()(x)
logits = layers.Dense(4)(layers.Dropout(rate=0.1)(representation))
mixer = keras.Model(inputs=inputs, outputs=logits)

x_train = np.random.randint(0, 256, size=(20, image_size, image_size, 3)).astype("float32")
y_train = np.random.randint(0, 4, size=(20, 1))
mixer.compile(
    optimizer=keras.optimizers.AdamW(1e-3, weight_decay=1e-4),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["sparse_categorical_accuracy"],
)
mixer.fit(x_train, y_train, batch_size=10, epochs=1, validation_split=0.1, verbose=0)
loss, acc = mixer.evaluate(x_train[:5], y_train[:5], verbose=0)
embed = keras.Model(mixer.input, representation)
vectors = tf.math.l2_normalize(embed.predict(x_train, verbose=0), axis=1)
similarity = tf.matmul(vectors, vectors, transpose_b=True)
similarity = tf.linalg.set_diag(similarity, tf.fill([20], -1.0))
nearest = tf.argmax(similarity, axis=1)
agreement = tf.reduce_mean(tf.cast(tf.gather(y_train, nearest) == y_train, tf.float32))
print(acc, agreement.numpy())
