# known: 96 % (how many counts there are depends on the numbers)
"""Several inputs and outputs by name: tickets with a title, a text and tags; dicts of data, of losses, of weights."""
import keras
import numpy as np
from keras import layers

num_tags = 12  # Number of unique issue tags
num_words = 80  # Size of vocabulary obtained when preprocessing text data
num_departments = 4  # Number of departments for predictions

title_input = keras.Input(shape=(None,), name="title")  # Variable-length sequence of ints
body_input = keras.Input(shape=(None,), name="body")
tags_input = keras.Input(shape=(num_tags,), name="tags")

title_features = layers.Embedding(num_words, 8)(title_input)
body_features = layers.Embedding(num_words, 8)(body_input)
title_features = layers.LSTM(10)(title_features)
body_features = layers.LSTM(6)(body_features)
x = layers.concatenate([title_features, body_features, tags_input])
priority_pred = layers.Dense(1, name="priority")(x)
department_pred = layers.Dense(num_departments, name="department")(x)
model = keras.Model(
    inputs=[title_input, body_input, tags_input],
    outputs={"priority": priority_pred, "department": department_pred},
)
model.compile(
    optimizer=keras.optimizers.RMSprop(1e-3),
    loss={
        "priority": keras.losses.BinaryCrossentropy(from_logits=True),
        "department": keras.losses.CategoricalCrossentropy(from_logits=True),
    },
    loss_weights={"priority": 1.0, "department": 0.2},
    metrics={"department": ["accuracy"]},
)

rows = 24
title_data = np.random.randint(num_words, size=(rows, 7))
body_data = np.random.randint(num_words, size=(rows, 15))
tags_data = np.random.randint(2, size=(rows, num_tags)).astype("float32")
priority_targets = np.random.random(size=(rows, 1))
dept_targets = np.random.randint(2, size=(rows, num_departments))
inputs = {"title": title_data, "body": body_data, "tags": tags_data}
targets = {"priority": priority_targets, "department": dept_targets}
history = model.fit(inputs, targets, epochs=1, batch_size=8, verbose=0)

scores = model.evaluate(inputs, targets, return_dict=True, verbose=0)
predictions = model.predict(inputs, verbose=0)
urgent = np.argsort(predictions["priority"][:, 0])[::-1][:5]
for name, array in predictions.items():
    print(name, array.shape, array[urgent].mean(axis=0))
departments = predictions["department"].argmax(axis=1)
counts = np.bincount(departments, minlength=num_departments)
by_department = {d: title_data[departments == d] for d in range(num_departments)}
batch = {name: value[:3] for name, value in inputs.items()}
direct = model(batch)
probability = keras.ops.sigmoid(direct["priority"])
loss = model.train_on_batch(batch, {name: value[:3] for name, value in targets.items()})
print(counts, probability.shape, sorted(scores))
