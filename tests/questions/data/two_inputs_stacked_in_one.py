"""A model with two inputs is given one array."""
import numpy as np
from keras import Input, Model, layers

left, right = Input((16,)), Input((4,))
merged = layers.concatenate([layers.Dense(8)(left), layers.Dense(8)(right)])
model = Model(inputs=[left, right], outputs=layers.Dense(1)(merged))
model.compile(loss="mae", optimizer="rmsprop")

a, b, target = np.zeros((30, 16)), np.zeros((30, 4)), np.zeros((30, 1))
both = np.hstack([a, b])  #~ both = [a, b]
model.fit(both, target, verbose=0)  #!
