"""Sentences are padded to a length, and the model counts another one."""
import numpy as np
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import Dense, Embedding, Flatten
from tensorflow.keras.preprocessing.sequence import pad_sequences

vocabulary, max_length = 5000, 120
sentences = [[4, 10, 7], [88, 2], [15, 3, 9, 27], [1]]
padded = pad_sequences(sentences, maxlen=100, padding="post")  #~ padded = pad_sequences(sentences, maxlen=max_length, padding="post")
labels = np.array([0, 1, 1, 0])

words = Input(shape=(max_length,))
x = Flatten()(Embedding(vocabulary, 16)(words))
model = Model(words, Dense(1, activation="sigmoid")(x))
model.compile("rmsprop", "binary_crossentropy")
model.fit(padded, labels, epochs=2, verbose=0)  #!
