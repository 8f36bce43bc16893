"""A custom training loop: tf.function, GradientTape, tf.data-like lists of batches, metrics in a dict."""
import numpy as np
import tensorflow as tf

BATCH, STEPS = 8, 3


def build_model(num_inputs, hidden=(20, 12), num_outputs=3):
    model = tf.keras.Sequential()
    model.add(tf.keras.layers.InputLayer(shape=(num_inputs,)))
    for units in hidden:
        model.add(tf.keras.layers.Dense(units, activation=tf.nn.relu))
    model.add(tf.keras.layers.Dense(num_outputs))
    return model


model = build_model(num_inputs=5)
optimizer = tf.keras.optimizers.SGD(learning_rate=0.1)


@tf.function
def predict(x):
    return tf.nn.softmax(model(x))


def train_step(x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        one_hot = tf.one_hot(y, logits.shape[-1])
        per_example = tf.reduce_sum(tf.square(one_hot - tf.nn.softmax(logits)), axis=1)
        loss = tf.reduce_mean(per_example)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss, logits


data = np.random.rand(BATCH * STEPS, 5).astype(np.float32)
labels = np.arange(BATCH * STEPS) % 3
history = {"loss": [], "accuracy": []}
for epoch in range(2):
    for step in range(STEPS):
        batch = slice(step * BATCH, (step + 1) * BATCH)
        loss, logits = train_step(tf.constant(data[batch]), labels[batch])
        correct = tf.equal(tf.argmax(logits, axis=-1), labels[batch])
        history["loss"].append(loss)
        history["accuracy"].append(tf.reduce_mean(tf.cast(correct, tf.float32)))
probabilities = predict(tf.constant(data))
losses = tf.stack(history["loss"])
curve = tf.reshape(losses, (2, STEPS))
best = tf.reduce_max(probabilities, axis=1, keepdims=True)
