"""The test set was not cut to the columns that were kept."""
import numpy as np
from tensorflow import keras

train, test = np.random.rand(100, 30), np.random.rand(20, 30)
keep = train.std(axis=0) > 0
train, columns = train[:, :10], 10
test = test[:, :12]  #~ test = test[:, :columns]
model = keras.Sequential([keras.Input((columns,)), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(train, np.zeros((100, 1)), verbose=0)
model.evaluate(test, np.zeros((20, 1)), verbose=0)  #!
