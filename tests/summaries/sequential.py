import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(10, name="a_rather_long_name_for_a_layer_that_has_to_be_wrapped_or_cut"),
    ],
    name="small[cnn]",
)
