# known: 93 % (the last batch of a PyDataset may have any length)
"""Image segmentation with a U-Net-like architecture; pictures and masks come from a PyDataset."""
import keras
import numpy as np
from keras import layers

img_size = (32, 48)
num_classes = 3
batch_size = 4


class Pets(keras.utils.PyDataset):
    def __init__(self, count, batch_size, img_size, **kwargs):
        super().__init__(**kwargs)
        self.count, self.batch_size, self.img_size = count, batch_size, img_size

    def __len__(self):
        return self.count // self.batch_size

    def __getitem__(self, idx):
        x = np.zeros((self.batch_size,) + self.img_size + (3,), dtype="float32")
        for j in range(self.batch_size):
            x[j] = np.random.rand(*self.img_size, 3)
        y = np.random.randint(0, num_classes, (self.batch_size,) + self.img_size + (1,))
        return x, y


def get_model(img_size, num_classes):
    inputs = keras.Input(shape=img_size + (3,))

    ### [First half of the network: downsampling inputs] ###
    x = layers.Conv2D(8, 3, strides=2, padding="same")(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    previous_block_activation = x  # Set aside residual

    for filters in [16, 24]:
        x = layers.Activation("relu")(x)
        x = layers.SeparableConv2D(filters, 3, padding="same")(x)
        x = layers.BatchNormalization()(x)
        x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
        residual = layers.Conv2D(filters, 1, strides=2, padding="same")(previous_block_activation)
        x = layers.add([x, residual])  # Add back residual
        previous_block_activation = x

    ### [Second half of the network: upsampling inputs] ###
    for filters in [24, 16, 8]:
        x = layers.Activation("relu")(x)
        x = layers.Conv2DTranspose(filters, 3, padding="same")(x)
        x = layers.BatchNormalization()(x)
        x = layers.UpSampling2D(2)(x)
        residual = layers.UpSampling2D(2)(previous_block_activation)
        residual = layers.Conv2D(filters, 1, padding="same")(residual)
        x = layers.add([x, residual])
        previous_block_activation = x

    outputs = layers.Conv2D(num_classes, 3, activation="softmax", padding="same")(x)
    return keras.Model(inputs, outputs)


def dice(y_true, y_pred, smooth=1.0):
    y_true = keras.ops.one_hot(keras.ops.squeeze(y_true, -1), num_classes)
    intersection = keras.ops.sum(y_true * y_pred, axis=[1, 2])
    union = keras.ops.sum(y_true, axis=[1, 2]) + keras.ops.sum(y_pred, axis=[1, 2])
    return keras.ops.mean((2.0 * intersection + smooth) / (union + smooth), axis=-1)


train, val = Pets(8, batch_size, img_size), Pets(4, batch_size, img_size)
model = get_model(img_size, num_classes)
model.compile(optimizer=keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy", metrics=[dice])
model.fit(train, epochs=1, validation_data=val, verbose=0)

val_preds = model.predict(val, verbose=0)
mask = np.argmax(val_preds[0], axis=-1)
mask = np.expand_dims(mask, axis=-1)
x, y = val[0]
per_class = [np.mean((np.argmax(val_preds, axis=-1) == c) == (y[..., 0] == c)) for c in range(num_classes)]
print(mask.shape, per_class)
