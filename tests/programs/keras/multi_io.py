"""Several inputs and outputs by name, models that call models, outputs reused as inputs."""
import keras
import numpy as np
from keras import layers

num_tags, num_words, num_departments = 12, 1000, 4
title = keras.Input(shape=(20,), name="title")
body = keras.Input(shape=(100,), name="body")
tags = keras.Input(shape=(num_tags,), name="tags")
inputs = {t.name: t for t in (title, body, tags)}


def encode(text, width):
    features = layers.Embedding(num_words, width)(text)
    return layers.GlobalAveragePooling1D()(layers.Conv1D(width // 2, 3)(features))


x = layers.concatenate([encode(title, 64), encode(body, 32), tags])
priority = layers.Dense(1, name="priority")(x)
department = layers.Dense(num_departments, name="department")(x)
model = keras.Model(inputs=[title, body, tags], outputs={"priority": priority, "department": department})
extractor = keras.Model([title, body, tags], [x, model.output["department"]])
results = model([np.zeros((5, 20)), np.zeros((5, 100)), np.zeros((5, num_tags))])
p, d = results["priority"], results["department"]
features, again = extractor([title, body, tags])


def get_model():
    inputs = keras.Input(shape=(16,))
    return keras.Model(inputs, layers.Dense(1)(inputs))


members = [get_model() for _ in range(3)]
ensemble_in = keras.Input((16,))
votes = [member(ensemble_in) for member in members]
ensemble = keras.Model(ensemble_in, layers.average(votes))
score = ensemble(np.ones((7, 16), "float32"))
first, (second, third) = votes[0], votes[1:]
joined = layers.Concatenate()([first, second, third])
