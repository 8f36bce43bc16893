# known: 95 % (the batch's length is a number here, not a tensor)
"""A variational autoencoder: multi-output encoder, sampling layer, nested models."""
import keras
from keras import layers, ops


class Sampling(layers.Layer):
    """Uses (z_mean, z_log_var) to sample z."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(1337)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        batch = ops.shape(z_mean)[0]
        dim = ops.shape(z_mean)[1]
        epsilon = keras.random.normal(shape=(batch, dim), seed=self.seed_generator)
        return z_mean + ops.exp(0.5 * z_log_var) * epsilon


latent_dim = 2
encoder_inputs = keras.Input(shape=(28, 28, 1))
x = encoder_inputs
for f in [32, 64]:
    x = layers.Conv2D(f, 3, activation="relu", strides=2, padding="same")(x)
shape_before = x.shape[1:]
x = layers.Flatten()(x)
x = layers.Dense(16, activation="relu")(x)
z_mean = layers.Dense(latent_dim, name="z_mean")(x)
z_log_var = layers.Dense(latent_dim, name="z_log_var")(x)
z = Sampling()([z_mean, z_log_var])
encoder = keras.Model(encoder_inputs, [z_mean, z_log_var, z], name="encoder")

latent_inputs = keras.Input(shape=(latent_dim,))
units = shape_before[0] * shape_before[1] * shape_before[2]
x = layers.Dense(units, activation="relu")(latent_inputs)
x = layers.Reshape(tuple(shape_before))(x)
for f in reversed([32, 64]):
    x = layers.Conv2DTranspose(f, 3, activation="relu", strides=2, padding="same")(x)
decoder = keras.Model(latent_inputs, layers.Conv2D(1, 3, padding="same")(x), name="decoder")


class VAE(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder

    def call(self, data):
        z_mean, z_log_var, z = self.encoder(data)
        reconstruction = self.decoder(z)
        kl_loss = -0.5 * (1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var))
        kl_loss = ops.mean(ops.sum(kl_loss, axis=1))
        self.add_loss(kl_loss)
        return reconstruction


vae = VAE(encoder, decoder, name="vae")
image = keras.Input((28, 28, 1))
again = vae(image)
autoencoder = keras.Model(image, again)
*_, last = encoder(image)
