"""Wide and deep on a table of mixed columns: Normalization, StringLookup and CategoryEncoding in the model."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers

rng = np.random.default_rng(5)
rows = 40
frame = {
    "age": rng.integers(18, 80, rows).astype("float32"),
    "hours": rng.normal(40, 8, rows).astype("float32"),
    "education": rng.choice(["school", "bachelor", "master"], rows),
    "region": rng.choice(["north", "south", "east", "west"], rows),
    "children": rng.integers(0, 4, rows),
}
target = rng.integers(0, 2, rows).astype("float32")
NUMERIC = ["age", "hours"]
STRINGS = {"education": ["school", "bachelor", "master"], "region": ["north", "south", "east", "west"]}


def df_to_dataset(frame, target, shuffle=True, batch_size=8):
    features = {key: value[:, tf.newaxis] for key, value in frame.items()}
    ds = tf.data.Dataset.from_tensor_slices((features, target))
    if shuffle:
        ds = ds.shuffle(buffer_size=len(target))
    return ds.batch(batch_size).prefetch(batch_size)


def get_normalization_layer(name, dataset):
    normalizer = layers.Normalization(axis=None)
    feature_ds = dataset.map(lambda x, y: x[name])
    normalizer.adapt(feature_ds)
    return normalizer


train_ds = df_to_dataset({k: v[:32] for k, v in frame.items()}, target[:32])
val_ds = df_to_dataset({k: v[32:] for k, v in frame.items()}, target[32:], shuffle=False)
[(train_features, label_batch)] = train_ds.take(1)
print("Every feature:", list(train_features.keys()))
print("A batch of ages:", train_features["age"].shape)

all_inputs = {}
encoded_features = []
for header in NUMERIC:
    numeric_col = keras.Input(shape=(1,), name=header)
    normalization_layer = get_normalization_layer(header, train_ds)
    encoded_features.append(normalization_layer(numeric_col))
    all_inputs[header] = numeric_col

wide = []
for header, vocabulary in STRINGS.items():
    categorical_col = keras.Input(shape=(1,), name=header, dtype="string")
    index = layers.StringLookup(vocabulary=vocabulary)
    encoding = layers.CategoryEncoding(num_tokens=index.vocabulary_size(), output_mode="one_hot")
    encoded = encoding(index(categorical_col))
    encoded_features.append(encoded)
    wide.append(encoded)
    all_inputs[header] = categorical_col

children = keras.Input(shape=(1,), name="children", dtype="int64")
children_index = layers.IntegerLookup(vocabulary=[0, 1, 2, 3], output_mode="one_hot")
wide.append(children_index(children))
all_inputs["children"] = children

deep = layers.concatenate(encoded_features)
for units in (16, 8):
    deep = layers.Dense(units, activation="relu")(deep)
    deep = layers.Dropout(0.3)(deep)
wide = layers.concatenate(wide)
output = layers.Dense(1, activation="sigmoid")(layers.concatenate([wide, deep]))
model = keras.Model(all_inputs, output)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy", keras.metrics.AUC(name="auc")])
model.fit(train_ds, epochs=1, validation_data=val_ds, verbose=0)

sample = {"age": 35.0, "hours": 42.0, "education": "master", "region": "west", "children": 2}
input_dict = {name: tf.convert_to_tensor([[value]]) for name, value in sample.items()}
prob = model.predict(input_dict, verbose=0)
print(f"This person had a {100 * float(prob[0][0]):.1f} percent probability.")
loss, accuracy, auc = model.evaluate(val_ds, verbose=0)
predictions = model.predict(val_ds, verbose=0).flatten()
ranking = np.argsort(-predictions)
print(auc, frame["age"][32:][ranking][:3])
