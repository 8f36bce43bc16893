import keras
from keras import layers

shared = layers.Dense(5, name="shared")
left, right = keras.Input((7,), name="left"), keras.Input((7,), name="right")
a, b = shared(left), shared(right)
c = shared(layers.Dense(7)(a))
other = keras.Model(left, a)
model = keras.Model([left, right], layers.Dot(1)([layers.Multiply()([a, b]), c]))
