# known: 89 % (lengths are numbers here, not tensors; functions of the old backend)
"""Style by Gram matrices: a small fast-style network with Lambda layers and a frozen network for the loss."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Add, Conv2D, Input, Lambda, MaxPooling2D, UpSampling2D
from tensorflow.keras.models import Model

SIZE = 32


def gram_matrix(x):
    """(batch, h, w, c) -> (batch, c, c)"""
    shape = tf.shape(x)
    features = tf.reshape(x, (shape[0], -1, x.shape[-1]))
    gram = tf.matmul(features, features, transpose_a=True)
    return gram / tf.cast(shape[1] * shape[2] * x.shape[-1], tf.float32)


def instance_norm(x, epsilon=1e-5):
    mean, variance = tf.nn.moments(x, axes=[1, 2], keepdims=True)
    return (x - mean) / tf.sqrt(variance + epsilon)


def reflect_pad(p):
    return Lambda(lambda t: tf.pad(t, [[0, 0], [p, p], [p, p], [0, 0]], mode="REFLECT"))


def transform_net(filters=6):
    inputs = Input((SIZE, SIZE, 3))
    x = Lambda(lambda t: t / 127.5 - 1.0)(inputs)
    x = reflect_pad(4)(x)
    x = Conv2D(filters, 9, activation="relu")(x)
    x = Lambda(instance_norm)(x)
    x = Conv2D(filters * 2, 3, strides=2, padding="same", activation="relu")(x)
    for _ in range(2):
        y = reflect_pad(1)(x)
        y = Conv2D(filters * 2, 3, activation="relu")(y)
        y = Lambda(instance_norm)(y)
        x = Add()([x, y])
    x = UpSampling2D(interpolation="bilinear")(x)
    x = Conv2D(3, 3, padding="same", activation="tanh")(x)
    outputs = Lambda(lambda t: (t + 1) * 127.5, name="image")(x)
    return Model(inputs, outputs)


def loss_net():
    inputs = Input((SIZE, SIZE, 3))
    x = Lambda(lambda t: t[..., ::-1] - tf.constant([103.9, 116.8, 123.7]))(inputs)
    outputs = []
    for i, filters in enumerate([4, 8]):
        x = Conv2D(filters, 3, padding="same", activation="relu", name=f"block{i + 1}_conv")(x)
        outputs.append(x)
        x = MaxPooling2D()(x)
    model = Model(inputs, outputs)
    model.trainable = False
    return model


style_image = np.random.uniform(0, 255, (1, SIZE, SIZE, 3)).astype("float32")
content = np.random.uniform(0, 255, (8, SIZE, SIZE, 3)).astype("float32")
extractor, net = loss_net(), transform_net()
style_targets = [gram_matrix(features) for features in extractor(style_image)]

image = net.output
features = extractor(image)
content_features = extractor(net.input)
grams = [Lambda(gram_matrix)(f) for f in features]
tv = Lambda(lambda t: tf.image.total_variation(t))(image)
difference = Lambda(lambda t: K.mean(K.square(t[0] - t[1]), axis=[1, 2, 3]))([features[-1], content_features[-1]])
trainer = Model(net.input, [*grams, difference, tv])


def gram_loss(target):
    def loss(y_true, y_pred):
        return tf.reduce_mean(tf.square(y_pred - target), axis=[1, 2])

    return loss


def identity(y_true, y_pred):
    return y_pred


dummy = np.zeros((len(content),))
trainer.compile("adam", loss=[gram_loss(t) for t in style_targets] + [identity, identity], loss_weights=[1, 1, 0.1, 1e-6])
trainer.fit(content, [dummy] * 4, batch_size=4, epochs=1, verbose=0)

stylized = net.predict(content[:2], verbose=0)
stylized = np.clip(stylized, 0, 255).astype("uint8")

# the old way: optimise the picture itself
canvas = tf.Variable(content[:1])
optimizer = tf.keras.optimizers.Adam(learning_rate=2.0)
for step in range(2):
    with tf.GradientTape() as tape:
        current = [gram_matrix(f) for f in extractor(canvas)]
        style_loss = tf.add_n([tf.reduce_mean((a - b) ** 2) for a, b in zip(current, style_targets)])
        loss = style_loss + 1e-6 * tf.reduce_sum(tf.image.total_variation(canvas))
    grad = tape.gradient(loss, canvas)
    optimizer.apply_gradients([(grad, canvas)])
    canvas.assign(tf.clip_by_value(canvas, 0.0, 255.0))
print(stylized.shape, float(loss), canvas.shape)
