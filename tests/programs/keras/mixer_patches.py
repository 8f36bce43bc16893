# known: 94 % (the batch's length is a number here, not a tensor)
"""An MLP-Mixer and a vision transformer's patches: reshapes by computed numbers, ops and layers."""
import keras
from keras import layers, ops


class Patches(layers.Layer):
    def __init__(self, patch_size, **kwargs):
        super().__init__(**kwargs)
        self.patch_size = patch_size

    def call(self, images):
        batch = ops.shape(images)[0]
        height, width, channels = images.shape[1:]
        rows, columns = height // self.patch_size, width // self.patch_size
        x = ops.reshape(images, (batch, rows, self.patch_size, columns, self.patch_size, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (batch, rows * columns, self.patch_size**2 * channels))

    def get_config(self):
        return {**super().get_config(), "patch_size": self.patch_size}


class PatchEncoder(layers.Layer):
    def __init__(self, num_patches, dim):
        super().__init__()
        self.num_patches = num_patches
        self.projection = layers.Dense(units=dim)
        self.position = layers.Embedding(input_dim=num_patches, output_dim=dim)

    def call(self, patch):
        positions = ops.expand_dims(ops.arange(start=0, stop=self.num_patches, step=1), axis=0)
        return self.projection(patch) + self.position(positions)


def mlp(x, hidden_units, dropout_rate):
    for units in hidden_units:
        x = layers.Dense(units, activation=keras.activations.gelu)(x)
        x = layers.Dropout(dropout_rate)(x)
    return x


def mixer_block(x, token_dim, channel_dim):
    tokens, channels = x.shape[1:]
    y = layers.Permute((2, 1))(layers.LayerNormalization()(x))
    y = layers.Permute((2, 1))(mlp(y, [token_dim, tokens], 0.1))
    x = layers.Add()([x, y])
    return x + mlp(layers.LayerNormalization()(x), (channel_dim, channels), 0.1)


image_size, patch_size, dim = 72, 6, 40
num_patches = (image_size // patch_size) ** 2
inputs = keras.Input((image_size, image_size, 3))
patches = Patches(patch_size)(inputs)
x = PatchEncoder(num_patches, dim)(patches)
for _ in range(2):
    x = mixer_block(x, 2 * num_patches, 4 * dim)
representation = layers.Flatten()(layers.LayerNormalization(epsilon=1e-6)(x))
logits = layers.Dense(10)(mlp(representation, hidden_units=[64, 32], dropout_rate=0.5))
model = keras.Model(inputs=inputs, outputs=logits)
