"""A model from a JSON text: nested dicts, lists of layer descriptions, getattr on the layers module."""
import json

import keras
from keras import layers

CONFIG = """
{
  "input": [28, 20, 1],
  "layers": [
    {"type": "Conv2D", "args": {"filters": 8, "kernel_size": [3, 5]}},
    {"type": "MaxPooling2D", "args": {}},
    {"type": "Conv2D", "args": {"filters": 16, "kernel_size": 3, "padding": "same"}, "repeat": 2},
    {"type": "Flatten"},
    {"type": "Dense", "args": {"units": 50, "activation": "relu"}}
  ],
  "classes": 10
}
"""


class Config:
    def __init__(self, **entries):
        self.__dict__.update(entries)

    def get(self, key, default=None):
        return getattr(self, key, default)


def build(config):
    x = inputs = layers.Input(shape=tuple(config.input))
    for entry in config.layers:
        layer = getattr(layers, entry["type"])
        for _ in range(entry.get("repeat", 1)):
            x = layer(**entry.get("args", {}))(x)
    x = layers.Dropout(config.get("dropout", 0.5))(x)
    return keras.Model(inputs, layers.Dense(config.classes)(x))


config = Config(**json.loads(CONFIG))
model = build(config)
logits = model(keras.Input((28, 20, 1)))
text = json.dumps({"classes": 4})
config.classes = json.loads(text)["classes"]
config.layers = config.layers[:1] + config.layers[-2:]
small = build(config).output
