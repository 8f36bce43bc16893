"""Keras 1 called the padding border_mode."""
from keras import Input
from keras.layers import Conv2D, Flatten
from keras.models import Sequential

model = Sequential()
model.add(Input((28, 28, 1)))
model.add(Conv2D(16, (3, 3), border_mode="same"))  #~ model.add(Conv2D(16, (3, 3), padding="same")) #!
model.add(Flatten())
