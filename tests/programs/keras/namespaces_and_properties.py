"""SimpleNamespace and class-attribute configurations, property setters, __getitem__, class methods as factories."""
from types import SimpleNamespace

import keras
from keras import layers


class Config:
    filters = 16
    kernel = (3, 3)
    blocks = 2

    class Head:
        units = [64, 32]
        dropout = 0.25


class SmallConfig(Config):
    filters = Config.filters // 2
    blocks = 1


class Stack:
    def __init__(self, cfg=Config):
        self.cfg = cfg
        self._scale = 1
        self.layers = []

    @property
    def scale(self):
        return self._scale

    @scale.setter
    def scale(self, value):
        self._scale = max(1, int(value))

    @classmethod
    def scaled(cls, factor, **kwargs):
        self = cls(**kwargs)
        self.scale = factor
        return self

    def __getitem__(self, index):
        return self.layers[index]

    def __iter__(self):
        return iter(self.layers)

    def __len__(self):
        return len(self.layers)

    def add(self, layer):
        self.layers.append(layer)
        return self

    def fill(self):
        for i in range(self.cfg.blocks):
            self.add(layers.Conv2D(self.cfg.filters * self.scale * 2**i, self.cfg.kernel)).add(layers.ReLU())
        return self

    def __call__(self, x):
        for layer in self:
            x = layer(x)
        return x


options = SimpleNamespace(size=40, channels=3, **{"classes": 6})
image = keras.Input((options.size, options.size + 4, options.channels))
big, small = Stack.scaled(1.5).fill(), Stack.scaled(2.5, cfg=SmallConfig).fill()
x = big(image)
y = small(image)
z = layers.GlobalMaxPooling2D()(layers.Conv2D(4, 1)(x))
first = big[0](image)
n = len(big) + len(small)
for units in Config.Head.units:
    z = layers.Dropout(Config.Head.dropout)(layers.Dense(units + n)(z))
logits = layers.Dense(options.classes)(z)
setattr(options, "classes", options.classes + 1)
more = layers.Dense(vars(options)["classes"])(z)
