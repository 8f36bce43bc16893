import keras

model = keras.applications.EfficientNetB0(weights=None)
