"""An LSTM on film reviews: words to numbers by hand, padding, embeddings, and what the model says of new texts."""
import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense, Dropout, Embedding, SpatialDropout1D
from tensorflow.keras.preprocessing.sequence import pad_sequences

texts = [
    "a wonderful film with great actors",
    "boring and far too long",
    "great fun from start to end",
    "the worst film of the year",
    "actors were great but the story was boring",
    "wonderful wonderful wonderful",
] * 4
labels = np.array([1, 0, 1, 0, 0, 1] * 4)

vocabulary = {word: i for i, word in enumerate(sorted({w for t in texts for w in t.split()}), start=1)}
max_features = 40
maxlen = 12
embedding_dim = 8
assert len(vocabulary) < max_features

sequences = [[vocabulary[w] for w in text.split()] for text in texts]
data = pad_sequences(sequences, maxlen=maxlen)
print("Shape of data tensor:", data.shape)
print("Shape of label tensor:", labels.shape)

indices = np.arange(data.shape[0])
np.random.shuffle(indices)
data = data[indices]
labels = labels[indices]
x_train, y_train = data[:18], labels[:18]
x_val, y_val = data[18:], labels[18:]

model = Sequential()
model.add(Embedding(max_features, embedding_dim))
model.add(SpatialDropout1D(0.2))
model.add(LSTM(8, dropout=0.2, return_sequences=True))
model.add(LSTM(6))
model.add(Dropout(0.5))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="rmsprop", metrics=["acc"])
history = model.fit(x_train, y_train, epochs=1, batch_size=9, validation_data=(x_val, y_val), verbose=0)
acc = history.history["acc"]
epochs = range(1, len(acc) + 1)

score, acc = model.evaluate(x_val, y_val, batch_size=3, verbose=0)
new = ["a great story", "boring film"]
encoded = pad_sequences([[vocabulary.get(w, 0) for w in t.split()] for t in new], maxlen=maxlen, padding="post")
probabilities = model.predict(encoded, verbose=0)
for text, p in zip(new, probabilities):
    print(text, "positive" if p[0] > 0.5 else "negative")
embedding_matrix = model.layers[0].get_weights()[0]
great = embedding_matrix[vocabulary["great"]]
similar = embedding_matrix @ great / (np.linalg.norm(embedding_matrix, axis=1) * np.linalg.norm(great) + 1e-8)
print(np.argsort(-similar)[:3], (probabilities > 0.5).astype(int).ravel())
