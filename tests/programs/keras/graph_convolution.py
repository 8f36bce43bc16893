# known: 91 % (a layer sees one large graph and batches of small ones; nodes are picked by a mask)
"""Graph convolution with a dense adjacency: one graph with masks for nodes, and batches of small graphs."""
import keras
import numpy as np
from keras import layers, ops

N, F, CLASSES = 30, 12, 4
rng = np.random.default_rng(3)
A = (rng.random((N, N)) < 0.15).astype("float32")
A = np.maximum(A, A.T)
X = rng.normal(size=(N, F)).astype("float32")
y = rng.integers(0, CLASSES, N)


def normalize_adjacency(a):
    a_tilde = a + np.eye(a.shape[-1])
    degree = a_tilde.sum(axis=-1)
    d_inv_sqrt = np.diag(np.power(degree, -0.5))
    return (d_inv_sqrt @ a_tilde @ d_inv_sqrt).astype("float32")


class GraphConv(layers.Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        features, adjacency = input_shape
        self.kernel = self.add_weight(shape=(features[-1], self.units), initializer="glorot_uniform", name="kernel")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def call(self, inputs):
        features, adjacency = inputs
        support = ops.matmul(features, self.kernel)
        output = ops.matmul(adjacency, support) + self.bias
        return self.activation(output)

    def compute_output_shape(self, input_shape):
        features, _ = input_shape
        return (*features[:-1], self.units)


A_hat = normalize_adjacency(A)
features_in, adjacency_in = keras.Input((F,), name="features"), keras.Input((N,), name="adjacency")
h = GraphConv(8, "relu")([features_in, adjacency_in])
h = layers.Dropout(0.5)(h)
node_logits = GraphConv(CLASSES)([h, adjacency_in])
model = keras.Model([features_in, adjacency_in], node_logits)
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), weighted_metrics=["accuracy"])

train_mask = np.zeros(N, dtype=bool)
train_mask[rng.permutation(N)[:15]] = True
# the whole graph is one batch, in its order
model.fit([X, A_hat], y, sample_weight=train_mask.astype("float32"), batch_size=N, shuffle=False, epochs=2, verbose=0)
logits = model.predict([X, A_hat], batch_size=N, verbose=0)
test_accuracy = (logits.argmax(-1) == y)[~train_mask].mean()

# many graphs of one size
G, n = 10, 7
graphs = (rng.random((G, n, n)) < 0.3).astype("float32")
graphs = np.maximum(graphs, graphs.transpose(0, 2, 1))
node_features = rng.normal(size=(G, n, F))
degrees = graphs.sum(axis=-1, keepdims=True)
targets = degrees.mean(axis=1)
nodes, adjacency = keras.Input((n, F)), keras.Input((n, n))
h = nodes
for units in (10, 6):
    h = GraphConv(units, "tanh")([h, adjacency])
readout = layers.Concatenate()([layers.GlobalAveragePooling1D()(h), layers.GlobalMaxPooling1D()(h)])
graph_model = keras.Model([nodes, adjacency], layers.Dense(1)(readout))
graph_model.compile("adam", "mae")
graph_model.fit((node_features, graphs), targets, batch_size=5, verbose=0)
error = np.abs(graph_model.predict((node_features, graphs), verbose=0) - targets)
print(test_accuracy, error.max(), node_logits.shape, readout.shape)
