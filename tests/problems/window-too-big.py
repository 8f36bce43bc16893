"""A kernel larger than the picture, after it was halved twice."""
import keras
from keras import layers

x = keras.Input((16, 16, 3))
x = layers.MaxPooling2D()(x)
x = layers.MaxPooling2D()(x)
y = layers.Conv2D(8, 5)(x)  #~ y = layers.Conv2D(8, 5, padding="same")(x) #!
