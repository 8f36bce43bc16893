"""Recurrent models of every day: a bidirectional classifier of texts, a tagger, windows of a time series, video."""
import keras
import numpy as np
from keras import layers

VOCAB, MAXLEN, CLASSES = 200, 12, 4


def classifier(kind="lstm", depth=2, units=16):
    cells = {"lstm": layers.LSTM, "gru": layers.GRU, "rnn": layers.SimpleRNN}
    layer = cells[kind]
    inputs = keras.Input(shape=(None,), dtype="int32")
    x = layers.Embedding(VOCAB, 32, mask_zero=True)(inputs)
    for n in range(depth):
        x = layers.Bidirectional(layer(units, return_sequences=n < depth - 1, dropout=0.1))(x)
    x = layers.Dense(units, activation="relu")(x)
    outputs = layers.Dense(CLASSES, activation="softmax")(x)
    return keras.Model(inputs, outputs, name=f"{kind}_classifier")


texts = np.random.randint(1, VOCAB, size=(10, MAXLEN))
labels = np.random.randint(0, CLASSES, size=(10,))
for kind in ("lstm", "gru", "rnn"):
    model = classifier(kind)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    probabilities = model(texts)
    total = model.count_params()

model.fit(texts, labels, epochs=1, batch_size=5, verbose=0)
predicted = model.predict(texts, verbose=0)
best = np.argmax(predicted, axis=1)

tagger = keras.Sequential(
    [
        keras.Input((MAXLEN,)),
        layers.Embedding(VOCAB, 16),
        layers.SpatialDropout1D(0.1),
        layers.Bidirectional(layers.GRU(8, return_sequences=True), merge_mode="sum"),
        layers.TimeDistributed(layers.Dense(9, activation="softmax")),
    ]
)
tags = tagger(texts)
shape = tagger.output_shape


def windows(series, past, future):
    xs, ys = [], []
    for start in range(len(series) - past - future + 1):
        xs.append(series[start : start + past])
        ys.append(series[start + past : start + past + future, 0])
    return np.array(xs), np.array(ys)


series = np.stack([np.sin(np.arange(60) / 5), np.cos(np.arange(60) / 7), np.arange(60) / 60], axis=1)
mean, std = series.mean(axis=0), series.std(axis=0)
normal = (series - mean) / std
x_train, y_train = windows(normal, 20, 5)

forecaster = keras.Sequential()
forecaster.add(keras.Input((x_train.shape[1], x_train.shape[2])))
forecaster.add(layers.Conv1D(8, 3, padding="causal", activation="relu"))
forecaster.add(layers.LSTM(16, return_sequences=True))
forecaster.add(layers.LSTM(8))
forecaster.add(layers.RepeatVector(5))
forecaster.add(layers.LSTM(8, return_sequences=True))
forecaster.add(layers.TimeDistributed(layers.Dense(1)))
forecaster.add(layers.Reshape((5,)))
forecaster.compile(loss="mse", optimizer="adam")
forecaster.fit(x_train, y_train, epochs=1, verbose=0)
forecast = forecaster.predict(x_train[-1:], verbose=0)


class Encoder(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.embedding = layers.Embedding(VOCAB, 8)
        self.gru = layers.GRU(units, return_sequences=True, return_state=True)

    def call(self, tokens, state=None):
        x = self.embedding(tokens)
        output, state = self.gru(x, initial_state=state)
        return output, state


class Attention(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.w1, self.w2, self.v = layers.Dense(units), layers.Dense(units), layers.Dense(1)

    def call(self, query, values):
        query = keras.ops.expand_dims(query, 1)
        score = self.v(keras.ops.tanh(self.w1(query) + self.w2(values)))
        weights = keras.ops.softmax(score, axis=1)
        return keras.ops.sum(weights * values, axis=1), weights


class Decoder(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.embedding = layers.Embedding(VOCAB, 8)
        self.gru = layers.GRU(units, return_sequences=True, return_state=True)
        self.attention = Attention(units)
        self.out = layers.Dense(VOCAB)

    def call(self, tokens, hidden, memory):
        context, weights = self.attention(hidden, memory)
        x = self.embedding(tokens)
        x = keras.ops.concatenate([keras.ops.expand_dims(context, 1), x], axis=-1)
        output, state = self.gru(x)
        output = keras.ops.reshape(output, (-1, output.shape[2]))
        return self.out(output), state, weights


encoder, decoder = Encoder(24), Decoder(24)
memory, hidden = encoder(texts)
token = texts[:, :1]
for step in range(3):
    logits, hidden, weights = decoder(token, hidden, memory)
    token = keras.ops.expand_dims(keras.ops.argmax(logits, axis=-1), 1)

frames = keras.Input(shape=(None, 16, 20, 1))
x = layers.ConvLSTM2D(8, (5, 5), padding="same", return_sequences=True, activation="relu")(frames)
x = layers.BatchNormalization()(x)
x = layers.ConvLSTM2D(8, (3, 3), padding="same", return_sequences=True)(x)
movie = layers.Conv3D(1, (3, 3, 3), activation="sigmoid", padding="same")(x)
predictor = keras.Model(frames, movie)
new_frames = predictor(np.zeros((1, 4, 16, 20, 1), dtype="float32"))


class PeepholeCell(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = [units, units]

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], 4 * self.units), name="kernel")
        self.recurrent = self.add_weight(shape=(self.units, 4 * self.units), name="recurrent")

    def call(self, inputs, states):
        h, c = states
        z = keras.ops.matmul(inputs, self.kernel) + keras.ops.matmul(h, self.recurrent)
        i, f, g, o = keras.ops.split(z, 4, axis=-1)
        c = keras.ops.sigmoid(f) * c + keras.ops.sigmoid(i) * keras.ops.tanh(g)
        h = keras.ops.sigmoid(o) * keras.ops.tanh(c)
        return h, [h, c]


stack = layers.RNN([PeepholeCell(12), layers.GRUCell(6)], return_sequences=True)
steps = stack(np.zeros((2, 7, 3), dtype="float32"))
stateful = keras.Sequential([keras.Input(batch_shape=(2, 7, 3)), layers.LSTM(5, stateful=True), layers.Dense(1)])
for chunk in range(2):
    value = stateful(np.zeros((2, 7, 3), dtype="float32"))
for one in stateful.layers:
    if hasattr(one, "reset_state"):
        one.reset_state()
