"""A script with one main(): whatever is edited, main() runs again, and most of what it calls does what it did."""

import keras
import numpy as np
from model import encoder, head, made


class Run:
    steps = 0

    def __init__(self, batch, size):
        self.batch, self.size = batch, size
        self.history = []

    def data(self):
        x = np.zeros((self.batch * 4, self.size, self.size, 3))
        y = np.arange(self.batch * 4) % 7
        for start in range(4):
            part = x[start * self.batch : (start + 1) * self.batch]
            self.history.append(part.shape[0])
            z = part - part.mean(axis=(1, 2), keepdims=True)
            w = np.concatenate([z, part], axis=-1)
        return x, y, w

    def train(self, model, x, y):
        Run.steps += 1
        model.compile(loss="sparse_categorical_crossentropy")
        try:
            scores = model.predict(x[: self.batch])
            rows = [row for row in scores]
            best = np.stack(rows).argmax(axis=-1)
        except ValueError:
            best = y
        return best + len(self.history)


def build(size, widths=(4, 8)):
    model, shapes = encoder((size, size, 3), widths)
    inputs = keras.Input((size, size, 3))
    x, *skips = model(inputs)
    if len(shapes) > 2:
        x = keras.layers.Concatenate()([x, x])
    outputs = head(x, classes=len(made) + 5)
    return keras.Model(inputs, outputs), skips


def report(values, depth=2):
    total = 0
    for value in values:
        total += value
    if depth:
        return report([*values, total], depth - 1)
    table = np.ones((len(values), total))
    return table.reshape(-1, len(values))


def main(batch=6):
    run = Run(batch, 16)
    x, y, w = run.data()
    model, skips = build(run.size)
    best = run.train(model, x, y)
    again = run.train(model, x + 1, y)
    table = report(made)
    other, _ = build(8, widths=[3])
    late = other(w[..., :3][:, :8, :8])
    return best, again, table, late, Run.steps


if __name__ == "__main__":
    best, again, table, late, steps = main()
    rows = np.zeros((steps, 3))
