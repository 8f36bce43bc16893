"""One branch of a block goes down by two, the others do not."""
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import Conv2D, MaxPooling2D, concatenate


def inception(x, filters):
    one = Conv2D(filters, 1, padding="same", activation="relu")(x)
    three = Conv2D(filters, 3, padding="same", activation="relu")(x)
    pool = MaxPooling2D(3, strides=2, padding="same")(x)  #~ pool = MaxPooling2D(3, strides=1, padding="same")(x)
    return concatenate([one, three, Conv2D(filters, 1)(pool)], axis=-1)  #!


inputs = Input((56, 56, 64))
block = inception(inputs, 32)
model = Model(inputs, block)
