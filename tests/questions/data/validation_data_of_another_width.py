"""The validation set was not encoded like the training set."""
import numpy as np
from tensorflow.keras import Input, Sequential
from tensorflow.keras.layers import Dense

x_train, y_train = np.zeros((90, 30)), np.zeros((90, 1))
x_val, y_val = np.zeros((10, 28)), np.zeros((10, 1))  #~ x_val, y_val = np.zeros((10, 30)), np.zeros((10, 1))
model = Sequential([Input((30,)), Dense(10, activation="relu"), Dense(1, activation="sigmoid")])
model.compile("adam", loss="binary_crossentropy")
history = model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=1, verbose=0)  #!
