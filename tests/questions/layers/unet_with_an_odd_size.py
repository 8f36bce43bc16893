"""Going down and up again does not lead back to an odd size."""
import keras
from keras import layers

inputs = keras.Input((75, 75, 3))  #~ inputs = keras.Input((76, 76, 3))
down = layers.Conv2D(16, 3, padding="same", activation="relu")(inputs)
middle = layers.Conv2D(32, 3, padding="same", activation="relu")(layers.MaxPooling2D()(down))
up = layers.UpSampling2D()(middle)
merged = layers.concatenate([down, up])  #!
outputs = layers.Conv2D(1, 1, activation="sigmoid")(merged)
model = keras.Model(inputs, outputs)
