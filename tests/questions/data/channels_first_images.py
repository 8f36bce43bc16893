"""Images of PyTorch's layout for a model of Keras' layout."""
import numpy as np
import keras
from keras import layers

images = np.random.rand(8, 3, 32, 32)  #~ images = np.random.rand(8, 3, 32, 32).transpose(0, 2, 3, 1)
inputs = keras.Input((32, 32, 3))
x = layers.Conv2D(8, 3, strides=2)(inputs)
x = layers.GlobalMaxPooling2D()(x)
model = keras.Model(inputs, layers.Dense(5)(x))
scores = model.predict(images, verbose=0)  #!
