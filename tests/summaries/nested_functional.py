import keras
from keras import layers

a = keras.Input((4,))
inner = keras.Model(a, layers.Add()([layers.Dense(3)(a), layers.Dense(3)(a)]), name="inner")
one, two = keras.Input((4,)), keras.Input((4,))
model = keras.Model([one, two], layers.Subtract()([inner(one), inner(two)]))
