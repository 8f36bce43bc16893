import keras
from keras import layers

model = keras.Sequential(
    [layers.Conv1D(3, 2), layers.MaxPooling1D(), layers.Flatten(), layers.Dense(2), layers.Dropout(0.5)]
)
