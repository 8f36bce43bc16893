"""A convolutional autoencoder: encoder and decoder as models of their own, codes used to find neighbours."""
import numpy as np
from tensorflow.keras.layers import Conv2D, Conv2DTranspose, Dense, Flatten, Input, LeakyReLU, Reshape
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import Adam
from tensorflow.keras import backend as K


class ConvAutoencoder:
    @staticmethod
    def build(width, height, depth, filters=(8, 16), latent_dim=6):
        input_shape = (height, width, depth)
        inputs = Input(shape=input_shape)
        x = inputs
        for f in filters:
            x = Conv2D(f, (3, 3), strides=2, padding="same")(x)
            x = LeakyReLU(negative_slope=0.2)(x)
        volume_size = K.int_shape(x)
        x = Flatten()(x)
        latent = Dense(latent_dim)(x)
        encoder = Model(inputs, latent, name="encoder")

        latent_inputs = Input(shape=(latent_dim,))
        x = Dense(int(np.prod(volume_size[1:])))(latent_inputs)
        x = Reshape((volume_size[1], volume_size[2], volume_size[3]))(x)
        for f in filters[::-1]:
            x = Conv2DTranspose(f, (3, 3), strides=2, padding="same")(x)
            x = LeakyReLU(negative_slope=0.2)(x)
        outputs = Conv2DTranspose(depth, (3, 3), padding="same", activation="sigmoid")(x)
        decoder = Model(latent_inputs, outputs, name="decoder")
        autoencoder = Model(inputs, decoder(encoder(inputs)), name="autoencoder")
        return encoder, decoder, autoencoder


images = np.random.rand(48, 20, 16, 1).astype("float32")
train, test = images[:40], images[40:]

encoder, decoder, autoencoder = ConvAutoencoder.build(16, 20, 1)
autoencoder.compile(loss="mse", optimizer=Adam(learning_rate=1e-3))
history = autoencoder.fit(train, train, validation_data=(test, test), epochs=1, batch_size=20, verbose=0)
print(list(history.history))

decoded = autoencoder.predict(test, verbose=0)
outputs = None
for i in range(4):
    original = (test[i] * 255).astype("uint8")
    recon = (decoded[i] * 255).astype("uint8")
    row = np.hstack([original, recon])
    outputs = row if outputs is None else np.vstack([outputs, row])
print(outputs.shape)

codes = encoder.predict(train, verbose=0)
query = encoder.predict(test[:1], verbose=0)
distances = np.linalg.norm(codes - query, axis=1)
nearest = np.argsort(distances)[:5]
neighbours = train[nearest]
errors = np.mean((test - decoded) ** 2, axis=(1, 2, 3))
threshold = np.quantile(errors, 0.9)
outliers = test[errors > threshold]
halfway = decoder.predict((codes[:1] + codes[1:2]) / 2, verbose=0)
print(neighbours.shape, halfway.squeeze().shape)
