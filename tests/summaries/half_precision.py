import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((16,)),
        layers.Dense(8, dtype="float16"),
        layers.BatchNormalization(dtype="mixed_float16"),
        layers.Dense(3, dtype="float64"),
    ]
)
