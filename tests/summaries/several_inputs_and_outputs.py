import keras
from keras import layers

title = keras.Input((12,), name="title", dtype="int32")
picture = keras.Input((16, 16, 3), name="picture")
unused = keras.Input((2,), name="unused")
words = layers.Embedding(100, 8, name="words")(title)
words = layers.LSTM(6)(words)
seen = layers.Flatten()(layers.Conv2D(2, 5, strides=2)(picture))
both = layers.Concatenate()([words, seen])
kind = layers.Dense(4, name="kind")(both)
price = layers.Dense(1, name="price")(both)
model = keras.Model({"title": title, "picture": picture, "unused": unused}, {"kind": kind, "price": price})
