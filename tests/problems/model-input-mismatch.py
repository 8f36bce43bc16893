"""A model for pictures is given one picture without a batch axis."""
import numpy as np
import keras
from keras import layers

model = keras.Sequential([keras.Input((32, 32, 3)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(10)])
picture = np.zeros((32, 32, 3))
scores = model.predict(picture, verbose=0)  #~ scores = model.predict(picture[None], verbose=0) #!
