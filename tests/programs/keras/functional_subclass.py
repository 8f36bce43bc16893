"""Model classes that build themselves functionally in __init__, base classes with hooks, class registries."""
import abc

import keras
from keras import layers


class Backbone(keras.Model):
    registry = {}
    stem_filters = 16

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Backbone.registry[cls.__name__.lower()] = cls

    def __init__(self, input_shape=(64, 64, 3), include_top=True, classes=10, **kwargs):
        inputs = layers.Input(shape=input_shape)
        x = self.stem(inputs)
        self_stages = []
        for i, width in enumerate(self.widths()):
            x = self.stage(x, width, index=i)
            self_stages.append(x)
        if include_top:
            x = layers.GlobalAveragePooling2D(name="pool")(x)
            x = layers.Dense(classes, name="head")(x)
        super().__init__(inputs=inputs, outputs=x, **kwargs)
        self.pyramid = {f"P{n + 1}": t for n, t in enumerate(self_stages)}

    def stem(self, x):
        return layers.Conv2D(self.stem_filters, 3, strides=2, padding="same", name="stem")(x)

    @staticmethod
    def widths():
        return (32, 64)

    @abc.abstractmethod
    def stage(self, x, width, index):
        raise NotImplementedError


class Plain(Backbone):
    def stage(self, x, width, index):
        return layers.Conv2D(width, 3, strides=2, padding="same", name=f"stage{index}")(x)


class Separable(Plain):
    stem_filters = 8

    @staticmethod
    def widths():
        return tuple(w // 2 for w in Backbone.widths()) + (48,)

    def stage(self, x, width, index):
        x = super().stage(x, width, index)
        return layers.DepthwiseConv2D(3, padding="same")(x)


nets = {name: cls(name=name) for name, cls in Backbone.registry.items()}
shapes = {name: net.output_shape for name, net in nets.items()}
p2 = nets["separable"].pyramid["P2"]
headless = Separable((96, 80, 3), include_top=False)
maps = headless(keras.Input((96, 80, 3), batch_size=2))
tap = keras.Model(headless.input, list(headless.pyramid.values()))
levels = tap(keras.Input((96, 80, 3)))
top, *others = levels[::-1]
