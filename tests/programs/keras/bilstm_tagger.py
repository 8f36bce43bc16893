"""Named entities with a bidirectional LSTM: words and characters, TimeDistributed, masks and sample weights."""
import keras
import numpy as np
from keras.layers import LSTM, Bidirectional, Concatenate, Conv1D, Dense, Dropout, Embedding
from keras.layers import GlobalMaxPooling1D, Input, TimeDistributed

WORDS, CHARS, TAGS = 60, 30, 7
MAX_LEN, MAX_CHARS = 8, 9


def char_cnn():
    chars = Input((MAX_CHARS,), dtype="int32")
    x = Embedding(CHARS, 5)(chars)
    x = Conv1D(6, 3, padding="same", activation="tanh")(x)
    return keras.Model(chars, GlobalMaxPooling1D()(x), name="char_cnn")


word_in = Input(shape=(MAX_LEN,), name="words", dtype="int32")
emb_word = Embedding(input_dim=WORDS, output_dim=10, mask_zero=True)(word_in)
char_in = Input(shape=(MAX_LEN, MAX_CHARS), name="chars", dtype="int32")
char_enc = TimeDistributed(char_cnn())(char_in)
x = Concatenate()([emb_word, char_enc])
x = Dropout(0.3)(x)
x = Bidirectional(LSTM(units=8, return_sequences=True))(x)
x = Bidirectional(LSTM(units=6, return_sequences=True), merge_mode="sum")(x)
out = TimeDistributed(Dense(TAGS, activation="softmax"), name="tags")(x)
model = keras.Model([word_in, char_in], out)
model.compile(optimizer="nadam", loss="sparse_categorical_crossentropy", metrics=["acc"], weighted_metrics=[])

rng = np.random.default_rng(1)
lengths = rng.integers(3, MAX_LEN, size=20)
X_word = np.zeros((20, MAX_LEN), dtype="int32")
X_char = np.zeros((20, MAX_LEN, MAX_CHARS), dtype="int32")
y = np.zeros((20, MAX_LEN), dtype="int32")
for i, length in enumerate(lengths):
    X_word[i, :length] = rng.integers(1, WORDS, length)
    X_char[i, :length] = rng.integers(1, CHARS, (length, MAX_CHARS))
    y[i, :length] = rng.integers(1, TAGS, length)
weights = (X_word > 0).astype("float32")

model.fit([X_word, X_char], np.expand_dims(y, -1), sample_weight=weights, batch_size=10, epochs=1, verbose=0)
y_pred = model.predict([X_word, X_char], verbose=0)
tags = np.argmax(y_pred, axis=-1)
f1 = []
for tag in range(1, TAGS):
    predicted, actual = (tags == tag) * weights, (y == tag) * weights
    tp = np.sum(predicted * actual)
    f1.append(2 * tp / max(1, np.sum(predicted) + np.sum(actual)))
first = [(int(w), int(t)) for w, t in zip(X_word[0], tags[0]) if w]
print(np.mean(f1), first, y_pred.shape)
