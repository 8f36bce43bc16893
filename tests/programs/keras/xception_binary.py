"""Image classification from scratch: a small Xception, augmentation layers, class weights, one score."""
import numpy as np
import keras
from keras import layers
from tensorflow import data as tf_data

image_size = (36, 44)
batch_size = 6

pictures = np.random.uniform(0, 255, (18, *image_size, 3)).astype("float32")
cats_or_dogs = np.random.randint(0, 2, 18)
train_ds = tf_data.Dataset.from_tensor_slices((pictures[:12], cats_or_dogs[:12])).batch(batch_size)
val_ds = tf_data.Dataset.from_tensor_slices((pictures[12:], cats_or_dogs[12:])).batch(batch_size)

data_augmentation_layers = [
    layers.RandomFlip("horizontal"),
    layers.RandomRotation(0.1),
    layers.RandomZoom(0.2),
]


def data_augmentation(images):
    for layer in data_augmentation_layers:
        images = layer(images)
    return images


augmented_train_ds = train_ds.map(lambda x, y: (data_augmentation(x), y)).prefetch(tf_data.AUTOTUNE)
for images, _ in train_ds.take(1):
    augmented_images = data_augmentation(images)
    first = np.array(augmented_images[0]).astype("uint8")


def make_model(input_shape, num_classes):
    inputs = keras.Input(shape=input_shape)

    # Entry block
    x = layers.Rescaling(1.0 / 255)(inputs)
    x = layers.Conv2D(8, 3, strides=2, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)

    previous_block_activation = x  # Set aside residual

    for size in [12, 16]:
        x = layers.Activation("relu")(x)
        x = layers.SeparableConv2D(size, 3, padding="same")(x)
        x = layers.BatchNormalization()(x)

        x = layers.Activation("relu")(x)
        x = layers.SeparableConv2D(size, 3, padding="same")(x)
        x = layers.BatchNormalization()(x)

        x = layers.MaxPooling2D(3, strides=2, padding="same")(x)

        # Project residual
        residual = layers.Conv2D(size, 1, strides=2, padding="same")(previous_block_activation)
        x = layers.add([x, residual])  # Add back residual
        previous_block_activation = x  # Set aside next residual

    x = layers.SeparableConv2D(20, 3, padding="same")(x)
    x = layers.GlobalAveragePooling2D()(x)
    units = 1 if num_classes == 2 else num_classes
    x = layers.Dropout(0.25)(x)
    # We specify activation=None so as to return logits
    outputs = layers.Dense(units, activation=None)(x)
    return keras.Model(inputs, outputs)


model = make_model(input_shape=image_size + (3,), num_classes=2)
model.compile(
    optimizer=keras.optimizers.Adam(3e-4),
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[keras.metrics.BinaryAccuracy(name="acc"), keras.metrics.AUC(from_logits=True)],
)
model.fit(augmented_train_ds, epochs=1, validation_data=val_ds, class_weight={0: 1.0, 1: 2.0}, verbose=0)

img_array = keras.ops.expand_dims(pictures[0], 0)  # Create batch axis
predictions = model.predict(img_array, verbose=0)
score = float(keras.ops.sigmoid(predictions[0][0]))
print(f"This image is {100 * (1 - score):.2f}% cat and {100 * score:.2f}% dog.")
