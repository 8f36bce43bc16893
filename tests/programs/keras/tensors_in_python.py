"""Plain TensorFlow: variables, a hand-written network in a dict of weights, comprehension over layers' sizes."""
import tensorflow as tf

SIZES = [12, 32, 16, 3]


def init(sizes, seed=0):
    tf.random.set_seed(seed)
    return [
        {"w": tf.Variable(tf.random.normal([n_in, n_out])), "b": tf.Variable(tf.zeros(n_out))}
        for n_in, n_out in zip(sizes[:-1], sizes[1:])
    ]


def forward(params, x, activation=tf.nn.relu):
    *hidden, last = params
    for layer in hidden:
        x = activation(tf.matmul(x, layer["w"]) + layer["b"])
    return x @ last["w"] + last["b"]


def loss_fn(params, x, y):
    logits = forward(params, x)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)), logits


params = init(SIZES)
x, y = tf.random.uniform((20, SIZES[0])), tf.constant([0, 1, 2, 1] * 5)
variables = [layer[key] for layer in params for key in ("w", "b")]
for epoch in range(2):
    with tf.GradientTape() as tape:
        loss, logits = loss_fn(params, x, y)
    for variable, gradient in zip(variables, tape.gradient(loss, variables)):
        variable.assign_sub(0.1 * gradient)
probabilities = tf.nn.softmax(logits)
top, indices = tf.math.top_k(probabilities, k=2)
picked = tf.gather(x, indices[:, 0])
pairwise = tf.expand_dims(x, 1) - tf.expand_dims(x, 0)
distances = tf.reduce_sum(pairwise**2, axis=-1)
rows = tf.unstack(tf.reshape(distances[:4, :6], (2, 2, 6)), axis=1)
padded = tf.pad(rows[0], [[1, 0], [2, 3]])
