"""SqueezeNet: fire modules from a table, channels first or last by one switch, a callback of one's own."""
import keras
import numpy as np
from keras import backend as K
from keras.layers import Activation, Concatenate, Convolution2D, Dropout, GlobalAveragePooling2D, Input, MaxPooling2D

sq1x1 = "squeeze1x1"
exp1x1 = "expand1x1"
exp3x3 = "expand3x3"
relu = "relu_"


def fire_module(x, fire_id, squeeze=4, expand=8):
    s_id = "fire" + str(fire_id) + "_"
    channel_axis = 1 if K.image_data_format() == "channels_first" else 3
    x = Convolution2D(squeeze, (1, 1), padding="valid", name=s_id + sq1x1)(x)
    x = Activation("relu", name=s_id + relu + sq1x1)(x)
    left = Convolution2D(expand, (1, 1), padding="valid", name=s_id + exp1x1)(x)
    left = Activation("relu", name=s_id + relu + exp1x1)(left)
    right = Convolution2D(expand, (3, 3), padding="same", name=s_id + exp3x3)(x)
    right = Activation("relu", name=s_id + relu + exp3x3)(right)
    return Concatenate(axis=channel_axis, name=s_id + "concat")([left, right])


def SqueezeNet(input_shape=(63, 63, 3), classes=6):
    img_input = Input(shape=input_shape)
    x = Convolution2D(8, (3, 3), strides=(2, 2), padding="valid", name="conv1")(img_input)
    x = Activation("relu", name="relu_conv1")(x)
    x = MaxPooling2D(pool_size=(3, 3), strides=(2, 2), name="pool1")(x)
    fire_id = 2
    for repeats, squeeze, expand in [(2, 4, 8), (1, 6, 12)]:
        for _ in range(repeats):
            x = fire_module(x, fire_id, squeeze, expand)
            fire_id += 1
        x = MaxPooling2D(pool_size=(3, 3), strides=(2, 2), name=f"pool{fire_id}")(x)
    x = Dropout(0.5, name="drop9")(x)
    x = Convolution2D(classes, (1, 1), padding="valid", name="conv10")(x)
    x = Activation("relu", name="relu_conv10")(x)
    x = GlobalAveragePooling2D()(x)
    x = Activation("softmax", name="loss")(x)
    return keras.Model(img_input, x, name="squeezenet")


class Remember(keras.callbacks.Callback):
    def __init__(self, samples):
        super().__init__()
        self.samples = samples
        self.predictions = []

    def on_epoch_end(self, epoch, logs=None):
        self.predictions.append(self.model.predict(self.samples, verbose=0))


def batches(size):
    while True:
        x = np.random.uniform(-1, 1, size=(size, 63, 63, 3))
        y = np.random.randint(6, size=size)
        yield x, y


model = SqueezeNet()
model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
remember = Remember(np.zeros((3, 63, 63, 3)))
model.fit(batches(4), steps_per_epoch=2, epochs=2, callbacks=[remember], verbose=0)
history = np.stack(remember.predictions)
change = np.abs(np.diff(history, axis=0)).max(axis=(1, 2))
fire = keras.Model(model.inputs, model.get_layer("fire3_concat").output)
maps = fire(np.zeros((1, 63, 63, 3)))
weights = model.get_layer("fire2_expand3x3").get_weights()[0]
print(history.shape, change, maps.shape, weights.shape)
