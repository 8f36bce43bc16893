"""Four classes, three units."""
import numpy as np
import keras
from keras.layers import Dense, Input

y = keras.utils.to_categorical(np.array([0, 1, 2, 3] * 10), num_classes=4)
x = np.random.rand(40, 12)
model = keras.Sequential([Input((12,)), Dense(3, activation="softmax")])  #~ model = keras.Sequential([Input((12,)), Dense(4, activation="softmax")])
model.compile(loss=keras.losses.CategoricalCrossentropy(), optimizer=keras.optimizers.SGD(0.1))
model.fit(x, y, verbose=0)  #!
