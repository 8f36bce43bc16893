"""Transfer learning as in the tutorial: MobileNetV2 without its top, feature extraction first, then fine-tuning."""
import numpy as np
import tensorflow as tf

BATCH_SIZE = 4
IMG_SIZE = (32, 32)
IMG_SHAPE = IMG_SIZE + (3,)
class_names = ["cat", "dog"]

images = tf.random.uniform((12, *IMG_SHAPE), maxval=255)
labels = tf.constant([[0.0], [1.0]] * 6)
dataset = tf.data.Dataset.from_tensor_slices((images, labels)).batch(BATCH_SIZE)
train_dataset, validation_dataset = dataset.skip(1), dataset.take(1)
val_batches = tf.data.experimental.cardinality(dataset)
train_dataset = train_dataset.prefetch(buffer_size=tf.data.AUTOTUNE)

data_augmentation = tf.keras.Sequential(
    [tf.keras.layers.RandomFlip("horizontal"), tf.keras.layers.RandomRotation(0.2)]
)
for image, _ in train_dataset.take(1):
    first_image = image[0]
    for i in range(2):
        augmented_image = data_augmentation(tf.expand_dims(first_image, 0))
        picture = augmented_image[0] / 255

preprocess_input = tf.keras.applications.mobilenet_v2.preprocess_input
base_model = tf.keras.applications.MobileNetV2(input_shape=IMG_SHAPE, include_top=False, weights=None, alpha=0.35)
image_batch, label_batch = next(iter(train_dataset))
feature_batch = base_model(image_batch)
print(feature_batch.shape)
base_model.trainable = False

global_average_layer = tf.keras.layers.GlobalAveragePooling2D()
feature_batch_average = global_average_layer(feature_batch)
prediction_layer = tf.keras.layers.Dense(1, activation="sigmoid")
prediction_batch = prediction_layer(feature_batch_average)
print(prediction_batch.shape)

inputs = tf.keras.Input(shape=IMG_SHAPE)
x = data_augmentation(inputs)
x = preprocess_input(x)
x = base_model(x, training=False)
x = global_average_layer(x)
x = tf.keras.layers.Dropout(0.2)(x)
outputs = prediction_layer(x)
model = tf.keras.Model(inputs, outputs)
model.compile(
    optimizer=tf.keras.optimizers.Adam(learning_rate=0.0001),
    loss=tf.keras.losses.BinaryCrossentropy(),
    metrics=[tf.keras.metrics.BinaryAccuracy(threshold=0.5, name="accuracy")],
)
history = model.fit(train_dataset, epochs=1, validation_data=validation_dataset, verbose=0)

# fine-tuning: only the last layers of the base
base_model.trainable = True
fine_tune_at = len(base_model.layers) - 6
for layer in base_model.layers[:fine_tune_at]:
    layer.trainable = False

image_batch, label_batch = next(validation_dataset.as_numpy_iterator())
predictions = model.predict_on_batch(image_batch).flatten()
predictions = tf.where(predictions < 0.5, 0, 1)
print("Predictions:\n", predictions.numpy(), "Labels:\n", label_batch.ravel())
correct = predictions == tf.cast(label_batch[:, 0], tf.int32)
bottleneck = np.concatenate([base_model.predict(x, verbose=0) for x, _ in train_dataset])
flat = bottleneck.reshape(len(bottleneck), -1)
print([class_names[int(i)] for i in predictions], correct.shape, flat.shape)
