"""Convolutional autoencoder for image denoising, with the noise made in NumPy, and with GaussianNoise in a model."""
import numpy as np
from keras import layers
from keras.models import Model, Sequential


def preprocess(array):
    """Normalises the supplied array and reshapes it."""
    array = array.astype("float32") / 255.0
    array = np.reshape(array, (len(array), 28, 28, 1))
    return array


def noise(array):
    """Adds random noise to each image in the supplied array."""
    noise_factor = 0.4
    noisy_array = array + noise_factor * np.random.normal(loc=0.0, scale=1.0, size=array.shape)
    return np.clip(noisy_array, 0.0, 1.0)


def pick(array1, array2, n=5):
    indices = np.random.randint(len(array1), size=n)
    return array1[indices, :], array2[indices, :]


train_data = np.random.randint(0, 255, (32, 28, 28))
test_data = np.random.randint(0, 255, (12, 28, 28))
train_data = preprocess(train_data)
test_data = preprocess(test_data)
noisy_train_data = noise(train_data)
noisy_test_data = noise(test_data)
few, noisy_few = pick(train_data, noisy_train_data)

input = layers.Input(shape=(28, 28, 1))
x = layers.Conv2D(8, (3, 3), activation="relu", padding="same")(input)
x = layers.MaxPooling2D((2, 2), padding="same")(x)
x = layers.Conv2D(8, (3, 3), activation="relu", padding="same")(x)
x = layers.MaxPooling2D((2, 2), padding="same")(x)
x = layers.Conv2DTranspose(8, (3, 3), strides=2, activation="relu", padding="same")(x)
x = layers.Conv2DTranspose(8, (3, 3), strides=2, activation="relu", padding="same")(x)
x = layers.Conv2D(1, (3, 3), activation="sigmoid", padding="same")(x)
autoencoder = Model(input, x)
autoencoder.compile(optimizer="adam", loss="binary_crossentropy")
autoencoder.fit(
    x=noisy_train_data,
    y=train_data,
    epochs=1,
    batch_size=16,
    shuffle=True,
    validation_data=(noisy_test_data, test_data),
    verbose=0,
)
predictions = autoencoder.predict(noisy_test_data, verbose=0)
mse = ((predictions - test_data) ** 2).mean()
psnr = 10 * np.log10(1 / mse)
print(psnr, predictions.shape)

flat = Sequential(
    [
        layers.Input((784,)),
        layers.GaussianNoise(0.3),
        layers.Dense(32, activation="relu", activity_regularizer="l1"),
        layers.Dense(784, activation="sigmoid"),
    ]
)
flat.compile("adadelta", "mse")
rows = train_data.reshape(len(train_data), -1)
flat.fit(rows, rows, epochs=1, verbose=0)
restored = flat.predict(rows[:6], verbose=0).reshape(-1, 28, 28)
grid = np.concatenate(list(restored), axis=1)
print(grid.shape)
