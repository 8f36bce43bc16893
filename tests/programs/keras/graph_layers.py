"""Layers on several tensors: tuples in, dicts in, keyword-only arguments, outputs as tuples."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import Model, layers


class GraphConv(layers.Layer):
    def __init__(self, channels, *, activation=None, aggregate="sum", **kwargs):
        super().__init__(**kwargs)
        self.channels, self.aggregate = channels, aggregate
        self.activation = tf.keras.activations.get(activation)

    def build(self, input_shape):
        node_shape, adjacency_shape = input_shape
        assert adjacency_shape[-1] == adjacency_shape[-2]
        self.kernel = self.add_weight(name="kernel", shape=(node_shape[-1], self.channels))

    def call(self, inputs):
        x, a = inputs
        x = tf.matmul(a, tf.matmul(x, self.kernel))
        if self.aggregate == "mean":
            x = x / tf.reduce_sum(a, axis=-1, keepdims=True)
        return self.activation(x), a


class Readout(layers.Layer):
    def call(self, nodes, mask=None):
        return {"sum": tf.reduce_sum(nodes, axis=1), "max": tf.reduce_max(nodes, axis=1)}


class GNN(Model):
    def __init__(self, channels=(16, 8), classes=3):
        super().__init__()
        self.convs = [GraphConv(c, activation="relu", aggregate=("sum", "mean")[i % 2]) for i, c in enumerate(channels)]
        self.readout = Readout()
        self.out = layers.Dense(classes)

    def call(self, data):
        state = (data["nodes"], data["edges"])
        for conv in self.convs:
            state = conv(state)
        nodes, _ = state
        pooled = self.readout(nodes)
        return self.out(tf.concat([pooled["sum"], pooled["max"]], axis=-1)), nodes


rng = np.random.default_rng(1)
nodes = rng.normal(size=(4, 10, 6)).astype("float32")
edges = (rng.random((4, 10, 10)) > 0.5).astype("float32")
edges = np.maximum(edges, edges.transpose(0, 2, 1)) + np.eye(10, dtype="float32")
gnn = GNN()
scores, hidden = gnn({"nodes": nodes, "edges": edges})
degree = edges.sum(axis=-1)
single = gnn.convs[0]((nodes[:1], edges[:1]))[0]
