"""Pooling has made the image smaller than the next kernel."""
from tensorflow.keras import Input, layers, models

model = models.Sequential()
model.add(Input((28, 28, 1)))
model.add(layers.Conv2D(16, (5, 5), activation="relu"))
model.add(layers.MaxPooling2D((6, 6)))  #~ model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Conv2D(32, (5, 5), activation="relu"))  #!
