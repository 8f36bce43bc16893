"""Keras 1 wrote kernels as two numbers; the second one is the stride today."""
from keras.layers import Activation, Convolution2D, Input, MaxPooling2D
from keras.models import Sequential

model = Sequential()
model.add(Input((32, 32, 3)))
model.add(Convolution2D(32, 3, 3, activation="relu"))  #~ model.add(Convolution2D(32, (3, 3), activation="relu"))
model.add(Convolution2D(64, 3, 3, activation="relu"))  #~ model.add(Convolution2D(64, (3, 3), activation="relu"))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Convolution2D(64, 3, 3, activation="relu"))  #~ model.add(Convolution2D(64, (3, 3), activation="relu")) #!
model.add(Activation("relu"))
