"""Windows of a series are rows, not steps with features."""
import numpy as np
from keras import Input
from keras.layers import LSTM, Dense
from keras.models import Sequential


def create_dataset(series, look_back):
    xs, ys = [], []
    for i in range(len(series) - look_back):
        xs.append(series[i : i + look_back])
        ys.append(series[i + look_back])
    return np.array(xs), np.array(ys)


look_back = 3
series = np.sin(np.arange(80.0))
trainX, trainY = create_dataset(series, look_back)
trainX, trainY = trainX[:50], trainY[:50]
trainX = trainX.astype("float32")  #~ trainX = np.reshape(trainX, (trainX.shape[0], 1, trainX.shape[1]))
model = Sequential()
model.add(Input(shape=(1, look_back)))
model.add(LSTM(4, return_sequences=True))
model.add(LSTM(4))
model.add(Dense(1))
model.compile(loss="mean_squared_error", optimizer="adam")
model.fit(trainX, trainY, epochs=1, batch_size=10, verbose=0)  #!
