"""ResNet v1 on small pictures: a learning rate schedule, augmentation by layers, top-k accuracy."""
import math

import numpy as np
import tensorflow as tf
from tensorflow.keras.callbacks import LearningRateScheduler, ReduceLROnPlateau
from tensorflow.keras.layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    Input,
    add,
)
from tensorflow.keras.models import Model
from tensorflow.keras.regularizers import l2

n = 1
depth = n * 6 + 2
num_classes = 10


def resnet_layer(inputs, num_filters=8, kernel_size=3, strides=1, activation="relu", batch_normalization=True):
    x = Conv2D(
        num_filters,
        kernel_size=kernel_size,
        strides=strides,
        padding="same",
        kernel_initializer="he_normal",
        kernel_regularizer=l2(1e-4),
    )(inputs)
    if batch_normalization:
        x = BatchNormalization()(x)
    if activation is not None:
        x = Activation(activation)(x)
    return x


def resnet_v1(input_shape, depth, num_classes=10):
    if (depth - 2) % 6 != 0:
        raise ValueError("depth should be 6n+2 (eg 20, 32, 44)")
    num_filters = 8
    num_res_blocks = int((depth - 2) / 6)
    inputs = Input(shape=input_shape)
    x = resnet_layer(inputs=inputs)
    for stack in range(3):
        for res_block in range(num_res_blocks):
            strides = 1
            if stack > 0 and res_block == 0:
                strides = 2  # downsample
            y = resnet_layer(inputs=x, num_filters=num_filters, strides=strides)
            y = resnet_layer(inputs=y, num_filters=num_filters, activation=None)
            if stack > 0 and res_block == 0:
                x = resnet_layer(x, num_filters, 1, strides, activation=None, batch_normalization=False)
            x = add([x, y])
            x = Activation("relu")(x)
        num_filters *= 2
    x = AveragePooling2D(pool_size=8)(x)
    y = Flatten()(x)
    outputs = Dense(num_classes, activation="softmax", kernel_initializer="he_normal")(y)
    return Model(inputs=inputs, outputs=outputs)


def lr_schedule(epoch):
    return 1e-3 if epoch < 80 else 1e-4


x_train = np.random.rand(24, 32, 32, 3).astype("float32")
y_train = np.random.randint(0, num_classes, size=(24, 1))
x_train_mean = np.mean(x_train, axis=0)
x_train -= x_train_mean
labels = tf.one_hot(y_train[:, 0], num_classes)

model = resnet_v1(input_shape=x_train.shape[1:], depth=depth)
model.compile(
    loss="categorical_crossentropy",
    optimizer=tf.keras.optimizers.SGD(lr_schedule(0), momentum=0.9),
    metrics=["accuracy", tf.keras.metrics.TopKCategoricalAccuracy(k=3)],
)
callbacks = [ReduceLROnPlateau(factor=math.sqrt(0.1), patience=5), LearningRateScheduler(lr_schedule)]
augment = tf.keras.Sequential([tf.keras.layers.RandomFlip("horizontal"), tf.keras.layers.RandomTranslation(0.1, 0.1)])
augmented = augment(x_train, training=True)
model.fit(augmented, labels, batch_size=12, epochs=1, callbacks=callbacks, verbose=0)
scores = model.evaluate(x_train, labels, verbose=0)
logits = model.predict(x_train[:5], verbose=0)
top = tf.math.top_k(logits, k=3)
print(scores, top.indices.numpy(), top.values)
