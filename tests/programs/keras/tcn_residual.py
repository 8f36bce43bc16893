"""A temporal convolutional network: causal dilated blocks, quantised audio as classes, generation step by step."""
import keras
import numpy as np
from keras import layers, ops


def mu_law(audio, channels=16):
    mu = channels - 1
    compressed = np.sign(audio) * np.log1p(mu * np.abs(audio)) / np.log1p(mu)
    return ((compressed + 1) / 2 * mu + 0.5).astype("int32")


class ResidualBlock(layers.Layer):
    def __init__(self, filters, kernel_size, dilation, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.convs = [
            layers.Conv1D(filters, kernel_size, padding="causal", dilation_rate=dilation, activation="relu")
            for _ in range(2)
        ]
        self.drops = [layers.SpatialDropout1D(dropout) for _ in range(2)]
        self.match = None

    def build(self, input_shape):
        if input_shape[-1] != self.filters:
            self.match = layers.Conv1D(self.filters, 1)
        self.built = True

    def call(self, inputs, training=None):
        x = inputs
        for conv, drop in zip(self.convs, self.drops):
            x = drop(conv(x), training=training)
        shortcut = inputs if self.match is None else self.match(inputs)
        return ops.relu(x + shortcut)


channels, length = 16, 40
t = np.linspace(0, 20 * np.pi, 400)
wave = np.sin(t) * 0.6 + 0.1 * np.random.randn(t.size)
codes = mu_law(np.clip(wave, -1, 1), channels)
starts = np.arange(0, len(codes) - length - 1, 16)
X = np.stack([codes[s : s + length] for s in starts])
y = np.stack([codes[s + 1 : s + length + 1] for s in starts])
X_onehot = np.eye(channels, dtype="float32")[X]

inputs = keras.Input((None, channels))
h = layers.Conv1D(12, 1)(inputs)
for dilation in (1, 2, 4):
    h = ResidualBlock(12 if dilation < 4 else 20, 2, dilation, dropout=0.05, name=f"block_{dilation}")(h)
logits = layers.Conv1D(channels, 1)(h)
model = keras.Model(inputs, logits)
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
model.fit(X_onehot, y, validation_split=0.2, epochs=1, batch_size=8, verbose=0)

receptive_field = 1 + 2 * sum([1, 2, 4])
seed = X_onehot[:1, -receptive_field:]
for _ in range(3):
    out = model.predict(seed, verbose=0)
    last = out[:, -1, :]
    p = np.exp(last - last.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    nxt = p.argmax(axis=-1)
    seed = np.concatenate([seed[:, 1:], np.eye(channels, dtype="float32")[nxt][:, None, :]], axis=1)
print(seed.shape, seed.argmax(-1)[0, -3:])
