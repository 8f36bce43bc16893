from tensorflow.keras.layers import BatchNormalization, Dense
from tensorflow.keras.models import Sequential

model = Sequential()
model.add(Dense(7, input_shape=(3,)))
model.add(BatchNormalization())
model.add(Dense(2, trainable=False))
model.add(Dense(1, use_bias=False))
