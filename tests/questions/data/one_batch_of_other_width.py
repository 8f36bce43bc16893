"""train_on_batch of a discriminator with flat pictures."""
import numpy as np
from keras import Input, layers, models

discriminator = models.Sequential([Input((28, 28, 1)), layers.Flatten(), layers.Dense(1, activation="sigmoid")])
discriminator.compile(loss="binary_crossentropy", optimizer="adam")
fakes = np.random.rand(16, 784)  #~ fakes = np.random.rand(16, 784).reshape(16, 28, 28, 1)
discriminator.train_on_batch(fakes, np.zeros((16, 1)))  #!
