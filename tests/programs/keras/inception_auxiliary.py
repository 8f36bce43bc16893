"""GoogLeNet in small: inception modules, two auxiliary heads, weighted losses."""
import numpy as np
from keras.layers import (
    AveragePooling2D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Input,
    MaxPooling2D,
    concatenate,
)
from keras.models import Model
from keras.optimizers import SGD


def inception_module(
    x, filters_1x1, filters_3x3_reduce, filters_3x3, filters_5x5_reduce, filters_5x5, filters_pool_proj, name=None
):
    conv_1x1 = Conv2D(filters_1x1, (1, 1), padding="same", activation="relu")(x)

    conv_3x3 = Conv2D(filters_3x3_reduce, (1, 1), padding="same", activation="relu")(x)
    conv_3x3 = Conv2D(filters_3x3, (3, 3), padding="same", activation="relu")(conv_3x3)

    conv_5x5 = Conv2D(filters_5x5_reduce, (1, 1), padding="same", activation="relu")(x)
    conv_5x5 = Conv2D(filters_5x5, (5, 5), padding="same", activation="relu")(conv_5x5)

    pool_proj = MaxPooling2D((3, 3), strides=(1, 1), padding="same")(x)
    pool_proj = Conv2D(filters_pool_proj, (1, 1), padding="same", activation="relu")(pool_proj)
    return concatenate([conv_1x1, conv_3x3, conv_5x5, pool_proj], axis=3, name=name)


def auxiliary(x, name, classes):
    x = AveragePooling2D((3, 3), strides=2)(x)
    x = Conv2D(4, (1, 1), padding="same", activation="relu")(x)
    x = Flatten()(x)
    x = Dense(12, activation="relu")(x)
    x = Dropout(0.7)(x)
    return Dense(classes, activation="softmax", name=name)(x)


classes = 5
input_layer = Input(shape=(48, 64, 3))
x = Conv2D(8, (7, 7), padding="same", strides=(2, 2), activation="relu", name="conv_1_7x7_2")(input_layer)
x = MaxPooling2D((3, 3), padding="same", strides=(2, 2), name="max_pool_1_3x3_2")(x)
x = inception_module(x, 4, 6, 8, 2, 4, 4, name="inception_3a")
x = MaxPooling2D((3, 3), padding="same", strides=(2, 2))(x)
x = inception_module(x, 6, 6, 10, 2, 5, 5, name="inception_4a")
x1 = auxiliary(x, "auxilliary_output_1", classes)
x = inception_module(x, 6, 8, 12, 3, 6, 6, name="inception_4b")
x2 = auxiliary(x, "auxilliary_output_2", classes)
x = inception_module(x, 8, 8, 16, 3, 6, 6, name="inception_5a")
x = GlobalAveragePooling2D(name="avg_pool")(x)
x = Dropout(0.4)(x)
x = Dense(classes, activation="softmax", name="output")(x)
model = Model(input_layer, [x, x1, x2], name="inception_v1")

X_train = np.random.random((16, 48, 64, 3))
y_train = np.eye(classes)[np.random.choice(classes, 16)]
model.compile(
    loss=["categorical_crossentropy"] * 3,
    loss_weights=[1, 0.3, 0.3],
    optimizer=SGD(learning_rate=0.01, momentum=0.9, nesterov=False),
    metrics=[["accuracy"], ["accuracy"], ["accuracy"]],
)
history = model.fit(X_train, [y_train, y_train, y_train], epochs=1, batch_size=8, verbose=0)
main, first, second = model.predict(X_train[:3], verbose=0)
ensemble = np.mean([main, first, second], axis=0)
features = Model(model.input, model.get_layer("avg_pool").output).predict(X_train, verbose=0)
module = Model(inputs=model.input, outputs=model.get_layer("inception_4b").output)
maps = module.predict(X_train[:2], verbose=0)
heat = maps.mean(axis=-1)
print(ensemble.argmax(-1), features.shape, heat.shape)
