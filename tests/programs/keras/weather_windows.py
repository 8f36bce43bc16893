"""Forecasting with the windows of the TensorFlow tutorial: a WindowGenerator, baselines, an autoregressive LSTM."""
import numpy as np
import tensorflow as tf

hours = np.arange(300)
table = np.stack(
    [np.sin(hours * 2 * np.pi / 24), np.cos(hours * 2 * np.pi / 24), np.random.randn(300), hours / 300.0], axis=1
).astype(np.float32)
columns = ["T", "p", "rh", "wv"]
n = len(table)
train_df, val_df, test_df = table[: int(n * 0.7)], table[int(n * 0.7) : int(n * 0.9)], table[int(n * 0.9) :]
num_features = table.shape[1]
train_mean, train_std = train_df.mean(axis=0), train_df.std(axis=0)
train_df, val_df, test_df = ((part - train_mean) / train_std for part in (train_df, val_df, test_df))


class WindowGenerator:
    def __init__(self, input_width, label_width, shift, label_columns=None):
        self.label_columns = label_columns
        self.column_indices = {name: i for i, name in enumerate(columns)}
        self.input_width, self.label_width, self.shift = input_width, label_width, shift
        self.total_window_size = input_width + shift
        self.input_slice = slice(0, input_width)
        self.label_start = self.total_window_size - self.label_width
        self.labels_slice = slice(self.label_start, None)

    def split_window(self, features):
        inputs = features[:, self.input_slice, :]
        labels = features[:, self.labels_slice, :]
        if self.label_columns is not None:
            labels = tf.stack([labels[:, :, self.column_indices[name]] for name in self.label_columns], axis=-1)
        # Slicing doesn't preserve static shape information, so set the shapes manually.
        inputs.set_shape([None, self.input_width, None])
        labels.set_shape([None, self.label_width, None])
        return inputs, labels

    def make_dataset(self, data):
        data = np.array(data, dtype=np.float32)
        ds = tf.keras.utils.timeseries_dataset_from_array(
            data=data,
            targets=None,
            sequence_length=self.total_window_size,
            sequence_stride=1,
            shuffle=False,
            batch_size=32,
        )
        return ds.map(self.split_window)

    @property
    def train(self):
        return self.make_dataset(train_df)

    @property
    def val(self):
        return self.make_dataset(val_df)

    @property
    def example(self):
        result = getattr(self, "_example", None)
        if result is None:
            result = next(iter(self.train))
            self._example = result
        return result


class Baseline(tf.keras.Model):
    def __init__(self, label_index=None):
        super().__init__()
        self.label_index = label_index

    def call(self, inputs):
        if self.label_index is None:
            return inputs
        result = inputs[:, :, self.label_index]
        return result[:, :, tf.newaxis]


class FeedBack(tf.keras.Model):
    def __init__(self, units, out_steps):
        super().__init__()
        self.out_steps = out_steps
        self.units = units
        self.lstm_cell = tf.keras.layers.LSTMCell(units)
        self.lstm_rnn = tf.keras.layers.RNN(self.lstm_cell, return_state=True)
        self.dense = tf.keras.layers.Dense(num_features)

    def warmup(self, inputs):
        x, *state = self.lstm_rnn(inputs)
        prediction = self.dense(x)
        return prediction, state

    def call(self, inputs, training=None):
        predictions = []
        prediction, state = self.warmup(inputs)
        predictions.append(prediction)
        for _ in range(1, self.out_steps):
            x = prediction
            x, state = self.lstm_cell(x, states=state, training=training)
            prediction = self.dense(x)
            predictions.append(prediction)
        predictions = tf.stack(predictions)
        predictions = tf.transpose(predictions, [1, 0, 2])
        return predictions


single = WindowGenerator(input_width=12, label_width=12, shift=1, label_columns=["T"])
baseline = Baseline(label_index=single.column_indices["T"])
baseline.compile(loss=tf.keras.losses.MeanSquaredError(), metrics=[tf.keras.metrics.MeanAbsoluteError()])
performance = baseline.evaluate(single.val, verbose=0)
example_inputs, example_labels = single.example
print("Baseline:", baseline(example_inputs).shape, example_labels.shape, performance)

conv_model = tf.keras.Sequential(
    [tf.keras.layers.Conv1D(8, 3, padding="causal", activation="relu"), tf.keras.layers.Dense(1)]
)
conv_model.compile(loss="mse", optimizer="adam", metrics=["mae"])
conv_model.fit(single.train, validation_data=single.val, epochs=1, verbose=0)

multi_window = WindowGenerator(input_width=12, label_width=6, shift=6)
feedback_model = FeedBack(units=8, out_steps=6)
prediction, state = feedback_model.warmup(multi_window.example[0])
feedback_model.compile(loss="mse", optimizer="adam")
feedback_model.fit(multi_window.train, epochs=1, verbose=0)
forecast = feedback_model(multi_window.example[0])
recent = conv_model.predict(test_df[np.newaxis, -12:], verbose=0)
denormalized = recent[0, :, 0] * train_std[0] + train_mean[0]
print(prediction.shape, len(state), forecast.shape, denormalized.shape)
