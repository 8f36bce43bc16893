"""DenseNet-BC by hand: dense blocks, transitions, global pooling; a tf.data pipeline with augmentation in map."""
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

GROWTH = 6
AUTOTUNE = tf.data.AUTOTUNE


def bn_rl_conv(x, filters, kernel=1, strides=1):
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    return layers.Conv2D(filters, kernel, strides=strides, padding="same", use_bias=False)(x)


def dense_block(x, repetition):
    for _ in range(repetition):
        y = bn_rl_conv(x, 4 * GROWTH)
        y = bn_rl_conv(y, GROWTH, 3)
        x = layers.concatenate([y, x])
    return x


def transition_layer(x):
    x = bn_rl_conv(x, keras.backend.int_shape(x)[-1] // 2)
    return layers.AvgPool2D(2, strides=2, padding="same")(x)


def densenet(input_shape, n_classes, repetitions=(1, 2)):
    inp = layers.Input(input_shape)
    x = layers.Conv2D(2 * GROWTH, 7, strides=2, padding="same")(inp)
    x = layers.MaxPool2D(3, strides=2, padding="same")(x)
    for repetition in repetitions:
        d = dense_block(x, repetition)
        x = transition_layer(d)
    x = layers.GlobalAveragePooling2D()(d)
    output = layers.Dense(n_classes, activation="softmax")(x)
    return keras.Model(inp, output)


def augment(image, label):
    image = tf.image.random_flip_left_right(image)
    image = tf.image.resize_with_crop_or_pad(image, 40, 40)
    image = tf.image.random_crop(image, size=[36, 36, 3])
    image = tf.image.random_brightness(image, max_delta=0.1)
    return image, tf.one_hot(label, 4)


images = tf.random.uniform((18, 36, 36, 3))
labels = tf.random.uniform((18,), maxval=4, dtype=tf.int32)
dataset = tf.data.Dataset.from_tensor_slices((images, labels))
train = dataset.take(12).shuffle(12).map(augment, num_parallel_calls=AUTOTUNE).batch(6).prefetch(AUTOTUNE)
test = dataset.skip(12).map(lambda i, y: (i, tf.one_hot(y, 4))).batch(6)

model = densenet((36, 36, 3), 4)
model.compile(optimizer="adam", loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=["accuracy"])
model.fit(train, validation_data=test, epochs=1, verbose=0)
results = model.evaluate(test, return_dict=True, verbose=0)
for pictures, targets in test:
    probabilities = model(pictures, training=False)
    hits = tf.equal(tf.argmax(probabilities, axis=1), tf.argmax(targets, axis=1))
    print(tf.reduce_mean(tf.cast(hits, tf.float32)).numpy())
print(results, probabilities.shape)
