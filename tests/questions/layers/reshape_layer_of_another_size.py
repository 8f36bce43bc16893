"""A Reshape after a Dense, of another number of elements."""
from keras.layers import Conv2DTranspose, Dense, Input, Reshape
from keras.models import Sequential

generator = Sequential()
generator.add(Input((100,)))
generator.add(Dense(7 * 7 * 128))
generator.add(Reshape((7, 7, 256)))  #~ generator.add(Reshape((7, 7, 128))) #!
generator.add(Conv2DTranspose(64, 4, strides=2, padding="same"))
