"""Random models: chains of layers that mostly fit, with predict and a step of fit."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from .configurations import Program

BY_RANK = {
    4: ["Conv2D({n}, {k}, padding={p!r})", "MaxPooling2D({k})", "AveragePooling2D(2)", "BatchNormalization()", "GlobalAveragePooling2D()", "Flatten()", "UpSampling2D(2)", "Reshape((-1, {n}))", "ZeroPadding2D(1)", "Conv2D({n}, {k}, strides=2)"],
    3: ["LSTM({n})", "GRU({n}, return_sequences=True)", "Conv1D({n}, {k})", "MaxPooling1D({k})", "GlobalMaxPooling1D()", "Flatten()", "Dense({n})", "LayerNormalization()", "Permute((2, 1))", "Reshape(({n}, -1))"],
    2: ["Dense({n}, activation='relu')", "Dropout(0.3)", "BatchNormalization()", "RepeatVector({k})", "Reshape((-1, {k}))", "Reshape(({n}, {k}))", "Activation('tanh')"],
}  # fmt: skip
AFTER = {"Global": 2, "Flatten": 2, "LSTM": 2, "Reshape": 3, "RepeatVector": 3}


def draw(seed: int, count: int) -> Iterator[Program]:
    """So many programs, reproducible from the seed."""
    rng = Random(f"keras eager models {seed}")
    for _ in range(count):
        rank = rng.choice([2, 3, 4])
        shape = tuple(rng.choice([4, 6, 7, 9, 12]) for _ in range(rank - 1))
        lines, start = [f"keras.Input({shape})"], rank
        for _ in range(rng.randint(2, 8)):
            known = rank if rng.random() < 0.96 else rng.choice([2, 3, 4])
            layer = rng.choice(BY_RANK[known]).format(
                n=rng.choice([2, 3, 4, 6]), k=rng.choice([2, 2, 3, 4]), p=rng.choice(["valid", "same"])
            )
            lines.append(f"layers.{layer}")
            rank = next((after for name, after in AFTER.items() if layer.startswith(name)), known)
        if rng.random() < 0.8 and rank != 2:
            lines.append("layers.Flatten()")
        lines.append(f"layers.Dense({rng.choice([1, 3, 5])})")
        data = shape if rng.random() < 0.85 else tuple(rng.choice([4, 6, 7, 9]) for _ in range(start - 1))
        labels = rng.choice(["(6, 1)", "(6, 3)", "(6,)", "(6, 5)", "(5, 1)"])
        loss = rng.choice(
            ["mse", "mae", "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy"]
        )
        text = ["import keras", "import numpy as np", "from keras import layers"]
        if rng.random() < 0.5:
            text.append(f"model = keras.Sequential([{', '.join(lines)}])")
        else:
            text.append(f"inputs = x = {lines[0]}")
            text += [f"x = {line}(x)" for line in lines[1:]]
            text.append("model = keras.Model(inputs, x)")
        text.append(f"model.compile('sgd', {loss!r})")
        text.append(f"y = model.predict(np.zeros({(6, *data)}, 'float32'), verbose=0)")
        text.append(f"model.fit(np.zeros({(6, *data)}, 'float32'), np.zeros({labels}), verbose=0)")
        yield Program("keras eager", "model", "\n".join([*text, "y", ""]))
