"""Every step is to be classified, and there is one step only."""
from tensorflow.keras import Sequential
from tensorflow.keras.layers import LSTM, Bidirectional, Dense, Embedding, Input, TimeDistributed

tagger = Sequential()
tagger.add(Input((40,)))
tagger.add(Embedding(1000, 32))
tagger.add(Bidirectional(LSTM(16)))  #~ tagger.add(Bidirectional(LSTM(16, return_sequences=True)))
tagger.add(TimeDistributed(Dense(9, activation="softmax")))  #!
