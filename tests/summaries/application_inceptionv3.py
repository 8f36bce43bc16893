import keras

model = keras.applications.InceptionV3(weights=None)
