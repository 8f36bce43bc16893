"""A model class with the wrong number of classes."""
import numpy as np
import keras


class Classifier(keras.Model):
    def __init__(self, classes):
        super().__init__()
        self.hidden = keras.layers.Dense(32, activation="relu")
        self.logits = keras.layers.Dense(classes)

    def call(self, inputs):
        return self.logits(self.hidden(inputs))


model = Classifier(9)  #~ model = Classifier(10)
model.compile("adam", keras.losses.CategoricalCrossentropy(from_logits=True))
model.fit(np.zeros((40, 20)), np.zeros((40, 10)), verbose=0)  #!
