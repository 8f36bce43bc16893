"""A training script: argparse defaults, a main function, pathlib noise, compile and fit."""
import argparse
import json
import os
from pathlib import Path

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


def parse_args(argv=None):
    parser = argparse.ArgumentParser(description="train")
    parser.add_argument("--hidden-units", type=int, default=48)
    parser.add_argument("--layers", type=int, nargs="+", default=[32, 16])
    parser.add_argument("--image_size", default=28, type=int)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--no-bn", dest="bn", action="store_false")
    parser.add_argument("--arch", choices=["cnn", "mlp"], default="cnn")
    return parser.parse_args(argv if argv is not None else [])


def create_model(args):
    inputs = keras.Input((args.image_size, args.image_size, 1))
    x = inputs
    if args.arch == "cnn":
        for n in args.layers:
            x = layers.Conv2D(n, 3, activation="relu")(x)
            if args.bn:
                x = layers.BatchNormalization()(x)
    x = layers.Flatten()(x)
    x = layers.Dense(args.hidden_units, activation="relu")(x)
    outputs = layers.Dense(10)(x)
    return keras.Model(inputs, outputs)


def load_data(size, n=24):
    rng = np.random.default_rng(0)
    x = rng.random((n, size, size)).astype("float32")
    y = rng.integers(0, 10, size=(n,))
    return x[..., np.newaxis], y


def main():
    args = parse_args()
    out_dir = Path(os.environ.get("OUT", "/tmp")) / "run"
    log_name = os.path.join(str(out_dir), "log.json")
    x_train, y_train = load_data(args.image_size)
    model = create_model(args)
    model.compile(keras.optimizers.Adam(args.lr), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    history = model.fit(x_train, y_train, batch_size=8, epochs=1, verbose=0)
    print(json.dumps({"loss": [float(v) for v in history.history["loss"]], "log": os.path.basename(log_name)})[:20])
    predictions = model.predict(x_train[:5], verbose=0)
    labels = np.argmax(predictions, axis=-1)
    one = model(x_train[:1])
    return labels, one


if __name__ == "__main__":
    labels, one = main()
