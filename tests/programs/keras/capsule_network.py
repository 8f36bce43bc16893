"""Capsules: squashing, routing by agreement in a layer, margin loss, a masked decoder."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import Model, backend as K, layers


def squash(vectors, axis=-1):
    s_squared_norm = tf.reduce_sum(tf.square(vectors), axis, keepdims=True)
    scale = s_squared_norm / (1 + s_squared_norm) / tf.sqrt(s_squared_norm + K.epsilon())
    return scale * vectors


class Length(layers.Layer):
    def call(self, inputs):
        return tf.sqrt(tf.reduce_sum(tf.square(inputs), -1) + K.epsilon())


class Mask(layers.Layer):
    def call(self, inputs):
        inputs, mask = inputs
        masked = inputs * tf.expand_dims(mask, -1)
        return tf.reshape(masked, (-1, inputs.shape[1] * inputs.shape[2]))


class CapsuleLayer(layers.Layer):
    def __init__(self, num_capsule, dim_capsule, routings=3, **kwargs):
        super().__init__(**kwargs)
        self.num_capsule = num_capsule
        self.dim_capsule = dim_capsule
        self.routings = routings

    def build(self, input_shape):
        assert len(input_shape) >= 3, "The input Tensor should have shape=[None, input_num_capsule, input_dim_capsule]"
        self.input_num_capsule = input_shape[1]
        self.input_dim_capsule = input_shape[2]
        self.W = self.add_weight(
            shape=[self.num_capsule, self.input_num_capsule, self.dim_capsule, self.input_dim_capsule],
            initializer="glorot_uniform",
            name="W",
        )
        self.built = True

    def call(self, inputs, training=None):
        inputs_expand = tf.expand_dims(tf.expand_dims(inputs, 1), -1)
        inputs_tiled = tf.tile(inputs_expand, [1, self.num_capsule, 1, 1, 1])
        inputs_hat = tf.squeeze(tf.matmul(self.W, inputs_tiled), axis=-1)
        b = tf.zeros(shape=[tf.shape(inputs)[0], self.num_capsule, 1, self.input_num_capsule])
        for i in range(self.routings):
            c = tf.nn.softmax(b, axis=1)
            outputs = squash(tf.matmul(c, inputs_hat))
            if i < self.routings - 1:
                b += tf.matmul(outputs, inputs_hat, transpose_b=True)
        return tf.squeeze(outputs, axis=2)


n_class = 4
x = layers.Input(shape=(20, 20, 1))
conv1 = layers.Conv2D(8, kernel_size=9, activation="relu", name="conv1")(x)
primary = layers.Conv2D(filters=4 * 6, kernel_size=5, strides=2, name="primarycap_conv2d")(conv1)
primary = layers.Reshape(target_shape=(-1, 4), name="primarycap_reshape")(primary)
primary = layers.Lambda(squash, name="primarycap_squash")(primary)
digitcaps = CapsuleLayer(num_capsule=n_class, dim_capsule=5, name="digitcaps")(primary)
out_caps = Length(name="capsnet")(digitcaps)
y = layers.Input(shape=(n_class,))
masked_by_y = Mask()([digitcaps, y])
decoder = tf.keras.Sequential(
    [layers.Input((5 * n_class,)), layers.Dense(16, activation="relu"), layers.Dense(400), layers.Reshape((20, 20, 1))]
)
train_model = Model([x, y], [out_caps, decoder(masked_by_y)])
eval_model = Model(x, out_caps)


def margin_loss(y_true, y_pred):
    L = y_true * tf.square(tf.maximum(0.0, 0.9 - y_pred)) + 0.5 * (1 - y_true) * tf.square(
        tf.maximum(0.0, y_pred - 0.1)
    )
    return tf.reduce_mean(tf.reduce_sum(L, 1))


images = np.random.rand(12, 20, 20, 1).astype("float32")
onehot = tf.keras.utils.to_categorical(np.random.randint(0, n_class, 12), n_class)
train_model.compile(optimizer="adam", loss=[margin_loss, "mse"], loss_weights=[1.0, 0.392])
train_model.fit([images, onehot], [onehot, images], batch_size=6, epochs=1, verbose=0)
lengths, reconstructions = train_model.predict([images, onehot], verbose=0)
y_pred = eval_model.predict(images, verbose=0)
accuracy = np.sum(np.argmax(y_pred, 1) == np.argmax(onehot, 1)) / onehot.shape[0]
stacked = np.concatenate([images[:3], reconstructions[:3]]).squeeze(-1)
print(accuracy, lengths.max(axis=1), stacked.shape)
