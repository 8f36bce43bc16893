"""Multiple inheritance, mixins, super().__init__(**kwargs), __call__, properties."""
import keras
from keras import layers


class ConfigMixin:
    defaults = {"filters": 8, "kernel_size": 3}

    def __init__(self, *args, **kwargs):
        self.settings = {**self.defaults, **{k: kwargs.pop(k) for k in list(kwargs) if k in self.defaults}}
        super().__init__(*args, **kwargs)

    @property
    def filters(self):
        return self.settings["filters"]

    @property
    def kernel_size(self):
        return self.settings["kernel_size"]


class ResidualMixin:
    def add_residual(self, x, y):
        if x.shape[-1] != y.shape[-1]:
            x = self.projection(x)
        return x + y


class Block(ConfigMixin, ResidualMixin, layers.Layer):
    defaults = {**ConfigMixin.defaults, "repeats": 2}

    def build(self, input_shape):
        self.convs = [
            layers.Conv2D(self.filters, self.kernel_size, padding="same") for _ in range(self.settings["repeats"])
        ]
        self.projection = layers.Conv2D(self.filters, 1)

    def call(self, x):
        y = x
        for conv in self.convs:
            y = keras.activations.relu(conv(y))
        return self.add_residual(x, y)


class Stem:
    """Not a layer: callable all the same."""

    def __init__(self, width):
        self.width = width
        self.conv = layers.Conv2D(width, 4, strides=4)

    def __call__(self, x):
        return self.conv(x)

    @classmethod
    def of(cls, config):
        return cls(**config)

    def __len__(self):
        return self.width


inputs = keras.Input((64, 64, 3))
stem = Stem.of({"width": 12})
x = stem(inputs)
x = Block(filters=len(stem) * 2, name="first")(x)
x = Block(kernel_size=5, repeats=1)(x)
model = keras.Model(inputs, x)
gap = layers.GlobalAveragePooling2D()(model.get_layer("first").output)
