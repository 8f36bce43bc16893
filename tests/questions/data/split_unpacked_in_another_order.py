"""train_test_split gives both parts of the data before the labels."""
import numpy as np
from keras import Input, Sequential
from keras.layers import Dense
from sklearn.model_selection import train_test_split

X, y = np.random.rand(200, 11), np.random.randint(0, 2, 200)
X_train, y_train, X_test, y_test = train_test_split(X, y, test_size=0.25)  #~ X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25)
model = Sequential([Input((11,)), Dense(16, activation="relu"), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=3, verbose=0)  #!
