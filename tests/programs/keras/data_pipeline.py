"""Input pipelines with tf.data: augmentation, batches of unknown length, windows of a series, generators."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

AUTOTUNE = tf.data.AUTOTUNE
BATCH, SIZE, CLASSES = 16, 24, 5

rng = np.random.default_rng(0)
images = rng.integers(0, 255, size=(70, 30, 28, 3)).astype("uint8")
labels = rng.integers(0, CLASSES, size=(70,))


def preprocess(image, label):
    image = tf.image.resize(tf.cast(image, tf.float32), (SIZE, SIZE))
    image = image / 255.0
    return image, tf.one_hot(label, CLASSES)


def augment(image, label):
    image = tf.image.random_flip_left_right(image)
    image = tf.image.random_brightness(image, 0.1)
    padded = tf.pad(image, [[2, 2], [2, 2], [0, 0]])
    image = tf.image.random_crop(padded, (SIZE, SIZE, 3))
    return image, label


def pipeline(x, y, training):
    ds = tf.data.Dataset.from_tensor_slices((x, y))
    if training:
        ds = ds.shuffle(len(x), seed=1)
    ds = ds.map(preprocess, num_parallel_calls=AUTOTUNE)
    if training:
        ds = ds.map(augment, num_parallel_calls=AUTOTUNE)
    return ds.batch(BATCH).prefetch(AUTOTUNE)


split = int(0.8 * len(images))
train_ds = pipeline(images[:split], labels[:split], True)
val_ds = pipeline(images[split:], labels[split:], False)
steps = len(train_ds)
batch_x, batch_y = next(iter(train_ds))
input_shape = batch_x.shape[1:]

model = keras.Sequential([
    keras.Input(input_shape),
    layers.Conv2D(8, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(),
    layers.Conv2D(16, 3, activation="relu"),
    layers.GlobalAveragePooling2D(),
    layers.Dense(CLASSES, activation="softmax"),
])
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(train_ds, validation_data=val_ds, epochs=1, verbose=0)
scores = [model(x).shape for x, y in val_ds]
total = 0
for step, (x, y) in enumerate(train_ds):
    features = model(x, training=False)
    loss = keras.losses.categorical_crossentropy(y, features)
    total += x.shape[0]

series = np.sin(np.linspace(0, 30, 200)).astype("float32")
window, horizon = 12, 3
windows = tf.data.Dataset.from_tensor_slices(series)
windows = windows.window(window + horizon, shift=2, drop_remainder=True)
windows = windows.flat_map(lambda part: part.batch(window + horizon, drop_remainder=True))
pairs = windows.map(lambda part: (part[:window, tf.newaxis], part[window:]))
batches = pairs.shuffle(100).batch(8, drop_remainder=True)
past, future = next(iter(batches))
forecaster = keras.Sequential([layers.LSTM(6), layers.Dense(horizon)])
forecast = forecaster(past)
error = tf.reduce_mean(tf.square(forecast - future))



def numbers():
    for n in (3, 5, 4, 6):
        yield np.arange(n, dtype="int32")


sequences = tf.data.Dataset.from_generator(
    numbers,
    output_signature=tf.TensorSpec(shape=(None,), dtype=tf.int32),
)
padded = sequences.padded_batch(2, padded_shapes=(8,), drop_remainder=True)
for tokens in padded:
    embedded = layers.Embedding(10, 4)(tokens)
    pooled = tf.reduce_mean(embedded, axis=1)

named = tf.data.Dataset.from_tensor_slices({"image": images, "meta": np.zeros((70, 4), "float32")}).batch(7)
for item in named.take(2):
    image, meta = item["image"], item["meta"]
    joined = tf.concat([tf.reshape(tf.cast(image, tf.float32), (7, -1)), meta], axis=-1)

stacked = np.concatenate([y for x, y in val_ds.as_numpy_iterator()], axis=0)
table = keras.utils.timeseries_dataset_from_array(series[:-1], series[1:], sequence_length=10, batch_size=4)
for inputs, targets in table.take(3):
    last = inputs[:, -1]
