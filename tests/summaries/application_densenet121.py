import keras

model = keras.applications.DenseNet121(weights=None)
