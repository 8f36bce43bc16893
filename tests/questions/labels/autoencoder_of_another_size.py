"""An autoencoder does not give back the length that it was given."""
import numpy as np
from keras import Input, Model
from keras.layers import Dense

encoding_dim = 32
input_img = Input(shape=(784,))
encoded = Dense(encoding_dim, activation="relu")(input_img)
decoded = Dense(748, activation="sigmoid")(encoded)  #~ decoded = Dense(784, activation="sigmoid")(encoded)
autoencoder = Model(input_img, decoded)
autoencoder.compile(optimizer="adam", loss="binary_crossentropy")
x_train = np.random.rand(100, 784)
autoencoder.fit(x_train, x_train, epochs=1, batch_size=64, verbose=0)  #!
