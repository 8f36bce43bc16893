"""A convolutional network on images of 28 x 28, as they come from the file."""
import numpy as np
from tensorflow.keras import Input
from tensorflow.keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from tensorflow.keras.models import Sequential

x_train = np.random.randint(0, 255, (100, 28, 28)) / 255.0
x_train = x_train.reshape(-1, 28 * 28)  #~ x_train = x_train.reshape(-1, 28, 28, 1)
y_train = np.random.randint(0, 10, (100,))

model = Sequential()
model.add(Input((28, 28, 1)))
model.add(Conv2D(32, (3, 3), activation="relu"))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dense(10, activation="softmax"))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=1, verbose=0)  #!
