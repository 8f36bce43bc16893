"""A transformer block adds what attention gives to what it was given."""
import keras
from keras import layers


class TransformerBlock(layers.Layer):
    def __init__(self, width, heads):
        super().__init__()
        self.attention = layers.MultiHeadAttention(heads, width // heads)
        self.forward = keras.Sequential([layers.Dense(4 * width, activation="relu"), layers.Dense(width)])
        self.first, self.second = layers.LayerNormalization(), layers.LayerNormalization()

    def call(self, x):
        x = self.first(x + self.attention(x, x))
        return self.second(x + self.forward(x))  #!


words = keras.Input((30,))
x = layers.Embedding(2000, 64)(words)
x = TransformerBlock(32, 4)(x)  #~ x = TransformerBlock(64, 4)(x)
model = keras.Model(words, layers.Dense(2)(layers.GlobalAveragePooling1D()(x)))
