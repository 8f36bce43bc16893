"""A VGG trained on augmented pictures: augmentation inside the model, checkpoints, fine-tuning of the last block."""
import os
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow.keras import Sequential
from tensorflow.keras.callbacks import ModelCheckpoint
from tensorflow.keras.layers import *

cfg = {"A": [8, "M", 12, "M", 16, 16, "M"], "B": [8, 8, "M", 12, 12, "M"]}

augmentation = Sequential(
    [RandomFlip("horizontal_and_vertical"), RandomContrast(0.2), RandomCrop(32, 32)], name="augmentation"
)


def vgg(name, classes=4, dense=24):
    model = Sequential(name=f"vgg_{name}")
    model.add(Input((36, 36, 3)))
    model.add(augmentation)
    for v in cfg[name]:
        if v == "M":
            model.add(MaxPooling2D(2, 2))
        else:
            model.add(Conv2D(v, 3, padding="same", activation="relu"))
    model.add(Flatten())
    model.add(Dense(dense, activation="relu"))
    model.add(Dropout(0.5))
    model.add(Dense(dense, activation="relu"))
    model.add(Dense(classes, activation="softmax"))
    return model


X = np.random.rand(24, 36, 36, 3).astype(np.float32)
y = np.random.randint(0, 4, size=24)
split = int(0.75 * len(X))
indices = np.random.permutation(len(X))
train_idx, val_idx = indices[:split], indices[split:]
X_train, X_val = X[train_idx], X[val_idx]
y_train, y_val = y[train_idx], y[val_idx]

model = vgg("A")
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "best.weights.h5")
    checkpoint = ModelCheckpoint(path, save_best_only=True, save_weights_only=True, monitor="val_loss")
    model.fit(X_train, y_train, validation_data=(X_val, y_val), epochs=1, callbacks=[checkpoint], verbose=0)
    model.load_weights(path)

for layer in model.layers[:-4]:
    layer.trainable = False
model.compile(optimizer=tf.keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
loss = model.train_on_batch(X_train[:6], y_train[:6])

# test-time augmentation
votes = np.array([model.predict(X_val, verbose=0) for _ in range(3)])
mean_vote = votes.mean(axis=0)
predicted = mean_vote.argmax(axis=1)
accuracy = np.mean(predicted == y_val)
extractor = tf.keras.Model(model.inputs, model.layers[-4].output)
features = extractor(X_val)
print(loss, accuracy, votes.shape, features.shape)
