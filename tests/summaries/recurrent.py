import keras
from keras import layers

inputs = keras.Input((None,), dtype="int64")
x = layers.Embedding(500, 16)(inputs)
x = layers.Bidirectional(layers.LSTM(8, return_sequences=True))(x)
x = layers.TimeDistributed(layers.Dense(6))(x)
x, *state = layers.LSTM(5, return_sequences=True, return_state=True)(x)
x = layers.GRU(5)(x, initial_state=state[0])
model = keras.Model(inputs, [layers.Dense(1)(x), state[1]])
