"""A feature pyramid: layers and tensors in dicts, loops over items, zip and reversed."""
import keras
from keras import layers


class FeaturePyramid(keras.Model):
    def __init__(self, backbone, levels=("c3", "c4", "c5"), width=24, **kwargs):
        super().__init__(**kwargs)
        self.backbone = backbone
        self.levels = list(levels)
        self.lateral = {level: layers.Conv2D(width, 1, name=f"lateral_{level}") for level in self.levels}
        self.smooth = {level: layers.Conv2D(width, 3, padding="same") for level in self.levels}
        self.upsample = layers.UpSampling2D(2)

    def call(self, images, training=None):
        features = dict(zip(self.levels, self.backbone(images)))
        pyramid = {}
        previous = None
        for level in reversed(self.levels):
            x = self.lateral[level](features[level])
            if previous is not None:
                x = x + self.upsample(previous)
            pyramid[level] = previous = x
        return {level: self.smooth[level](x) for level, x in pyramid.items()}


def backbone(shape):
    x = inputs = keras.Input(shape)
    taps = []
    for index, filters in enumerate((8, 16, 32, 64, 64)):
        x = layers.Conv2D(filters, 3, strides=2, padding="same")(x)
        if index >= 2:
            taps.append(x)
    return keras.Model(inputs, taps)


fpn = FeaturePyramid(backbone((128, 192, 3)))
outputs = fpn(keras.Input((128, 192, 3)))
finest = outputs["c3"]
flat = [layers.Reshape((-1, x.shape[-1]))(x) for x in outputs.values()]
everything = layers.Concatenate(axis=1)(flat)
sizes = {level: (x.shape[1], x.shape[2]) for level, x in sorted(outputs.items())}
total = sum(h * w for h, w in sizes.values())
assert everything.shape[1] == total
by_level = keras.ops.split(everything, [sizes["c5"][0] * sizes["c5"][1]], axis=1)
