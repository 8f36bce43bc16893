"""A Dense before a Conv2D, without an image between."""
from keras import Input, Model
from keras.layers import Conv2D, Dense, Reshape

noise = Input((10,))
x = Dense(8 * 8 * 4)(noise)
x = Dense(256)(x)  #~ x = Reshape((8, 8, 4))(x)
x = Conv2D(3, 3, padding="same")(x)  #!
model = Model(noise, x)
