import keras
from keras import layers

encoder = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(3, 3), layers.Flatten()], name="encoder")
head = keras.Sequential([layers.Dense(6), layers.Dropout(0.1), layers.Dense(2)], name="head")
inputs = keras.Input((8, 8, 1))
model = keras.Model(inputs, head(encoder(inputs)))
