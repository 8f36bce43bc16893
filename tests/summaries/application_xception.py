import keras

model = keras.applications.Xception(weights=None)
