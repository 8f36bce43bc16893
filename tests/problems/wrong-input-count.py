"""A model of two inputs is given one."""
import numpy as np
import keras
from keras import layers

left, right = keras.Input((4,)), keras.Input((3,))
model = keras.Model([left, right], layers.Concatenate()([left, right]))
y = model.predict(np.zeros((8, 4)), verbose=0)  #~ y = model.predict([np.zeros((8, 4)), np.zeros((8, 3))], verbose=0) #!
