"""Keras 2: grey images, a network for three channels."""
import numpy as np
import tf_keras as keras
from tf_keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from tf_keras.models import Sequential

img_rows, img_cols = 48, 48
faces = np.random.rand(40, img_rows * img_cols)
faces = faces.reshape(faces.shape[0], img_rows, img_cols, 1)
emotions = keras.utils.to_categorical(np.random.randint(0, 7, 40), 7)

model = Sequential()
model.add(Conv2D(8, (3, 3), activation="relu", input_shape=(img_rows, img_cols, 3)))  #~ model.add(Conv2D(8, (3, 3), activation="relu", input_shape=(img_rows, img_cols, 1)))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.25))
model.add(Flatten())
model.add(Dense(7, activation="softmax"))
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(faces, emotions, batch_size=20, epochs=1, verbose=0)  #!
