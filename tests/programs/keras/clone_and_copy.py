# known: 94 % (get_config is not followed)
"""Transfer learning: clone_model, deepcopy of configurations, from_config, frozen layers, popped heads."""
import copy

import keras
from keras import layers

BASE_CONFIG = {"filters": [16, 32], "head": {"units": 10, "activation": "softmax"}, "input_shape": (32, 32, 3)}


def from_config(config):
    model = keras.Sequential(name=config.get("name", "base"))
    model.add(layers.Input(config["input_shape"]))
    for n in config["filters"]:
        model.add(layers.Conv2D(n, 3, activation="relu"))
        model.add(layers.MaxPooling2D())
    model.add(layers.Flatten())
    model.add(layers.Dense(**config["head"]))
    return model


config = copy.deepcopy(BASE_CONFIG)
config["filters"].append(48)
config["head"]["units"] *= 2
config["name"] = "wide"
base, wide = from_config(BASE_CONFIG), from_config(config)
clone = keras.models.clone_model(base)
for layer in clone.layers[:-1]:
    layer.trainable = False
backbone = keras.Model(clone.inputs, clone.layers[-2].output)
image = keras.Input((32, 32, 3))
features = backbone(image, training=False)
logits = layers.Dense(3)(features)
finetuned = keras.Model(image, logits)
dense = layers.Dense(7, name="projection")
twin = layers.Dense.from_config(dense.get_config())
projected = twin(features)
a, b = base(image), wide(image)
shallow = copy.copy(config)
shallow["filters"] = shallow["filters"][:1]
narrow = from_config(shallow)(image)
