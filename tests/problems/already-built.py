"""A layer inside of another is built twice, and would make its weights twice."""
import keras


class Scale(keras.layers.Layer):
    def build(self, input_shape):
        self.dense = keras.layers.Dense(4)
        self.dense.build(input_shape)
        self.dense.build(input_shape)  #~ self.built = True #!

    def call(self, x):
        return self.dense(x)


y = Scale()(keras.Input((3,)))
