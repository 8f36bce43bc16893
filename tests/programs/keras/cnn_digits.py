"""A convolutional network on digits, from the first tutorials: scale, one-hot, fit, evaluate, look at mistakes."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

num_classes = 10
input_shape = (28, 28, 1)

rng = np.random.default_rng(0)
x_train = rng.integers(0, 256, size=(64, 28, 28)).astype("uint8")
y_train = rng.integers(0, num_classes, size=(64,))
x_test = rng.integers(0, 256, size=(20, 28, 28)).astype("uint8")
y_test = rng.integers(0, num_classes, size=(20,))

# scale images to [0, 1], and give them a channel
x_train = x_train.astype("float32") / 255
x_test = x_test.astype("float32") / 255
x_train = np.expand_dims(x_train, -1)
x_test = np.expand_dims(x_test, -1)
print("x_train shape:", x_train.shape)
print(x_train.shape[0], "train samples")

y_train = keras.utils.to_categorical(y_train, num_classes)
y_test = keras.utils.to_categorical(y_test, num_classes)

model = keras.Sequential(
    [
        keras.Input(shape=input_shape),
        layers.Conv2D(8, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Conv2D(16, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(num_classes, activation="softmax"),
    ]
)
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
history = model.fit(x_train, y_train, batch_size=32, epochs=2, validation_split=0.25, verbose=0)
print("best:", max(history.history["val_accuracy"]))

loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"Test loss: {loss:.3f}, accuracy: {accuracy:.3f}")

probabilities = model.predict(x_test, verbose=0)
predicted = np.argmax(probabilities, axis=1)
actual = np.argmax(y_test, axis=1)
confusion = np.zeros((num_classes, num_classes), dtype=int)
for a, p in zip(actual, predicted):
    confusion[a, p] += 1
per_class = confusion.diagonal() / np.maximum(confusion.sum(axis=1), 1)
print("worst digit:", per_class.argmin())
first = x_test[0]
single = model.predict(first[np.newaxis, ...], verbose=0)[0]
print(single.argmax(), single.max())
