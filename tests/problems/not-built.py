"""A layer has no weights before it knows its input."""
from keras import layers

dense = layers.Dense(4)
start = None  #~ dense.build((None, 3))
print(dense.count_params())  #!
