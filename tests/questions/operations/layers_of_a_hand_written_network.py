"""A network in NumPy takes its weights the wrong way round."""
import numpy as np


class NeuralNetwork:
    def __init__(self, inputs, hidden, outputs):
        self.w1 = np.random.randn(inputs, hidden)
        self.w2 = np.random.randn(outputs, hidden)  #~ self.w2 = np.random.randn(hidden, outputs)

    def forward(self, x):
        h = np.tanh(np.dot(x, self.w1))
        return np.dot(h, self.w2)  #!


net = NeuralNetwork(3, 4, 1)
scores = net.forward(np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]))
