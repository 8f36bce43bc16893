"""Random programs of the convolution family, valid and invalid: what the differential test draws.

A program is a few lines that construct a layer and call it once or twice, so that the engine and the
framework read the very same text.  About a quarter of the programs get one odd setting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any


@dataclass(frozen=True)
class Program:
    """The text of a program; ``twin`` is the same calls on symbolic inputs (Keras, eager only)."""

    mode: str
    layer: str
    text: str
    twin: str | None = None


def draw(mode: str, seed: int, count: int) -> Iterator[Program]:
    """So many programs of a mode ("keras eager", "keras symbolic", "torch"), reproducible from the seed."""
    rng = Random(f"{mode} {seed}")
    make = {"keras eager": _keras_eager, "keras symbolic": _keras_symbolic, "torch": _torch}[mode]
    for _ in range(count):
        yield make(rng)


# class -> number of spatial axes
CONV = {f"Conv{n}D": n for n in (1, 2, 3)}
TRANSPOSED = {f"Conv{n}DTranspose": n for n in (1, 2, 3)}
SEPARABLE = {f"SeparableConv{n}D": n for n in (1, 2)}
DEPTHWISE = {f"DepthwiseConv{n}D": n for n in (1, 2)}
KERAS = CONV | TRANSPOSED | SEPARABLE | DEPTHWISE
TORCH = {f"Conv{n}d": n for n in (1, 2, 3)} | {"Linear": 0}

ODD_KERAS: dict[str, list[Any]] = {
    "filters": [0, -1, None, 2.5, "4", True],
    "kernel_size": [0, -1, None, 2.5, "3", (3, 0), (), (3, 3, 3, 3), [2, 1]],
    "strides": [0, -1, None, 1.5, (1, 0), "2", (2,), (1, 2, 1)],
    "dilation_rate": [0, -1, None, (1, 0), (2,), 2.0],
    "groups": [0, -1, 5, None, 2.0],
    "padding": ["foo", "SAME", "Valid", "causal", -1, None, 1, (1, 1)],
    "data_format": ["foo", "NHWC", "CHANNELS_LAST", 3],
    "output_padding": [0, 1, 2, -1, (1, 0), (0, 1), "1"],
    "depth_multiplier": [0, -1, None, 2.5, "2"],
    "activation": ["foo", "relu", 3],
    "use_bias": [0, None],
    "name": ["stem", "a/b", 3],
    "foo": [1],
    "input_shape": [(8, 8, 3)],
    "kernel_initializer": ["foo", "zeros"],
    "dtype": ["float64", "float16", "foo"],
    "trainable": [False, 1],
}
ODD_TORCH: dict[str, list[Any]] = {
    "in_channels": [0, -1, None, 2.5, "3"],
    "out_channels": [0, -1, None, 2.5, "4"],
    "kernel_size": [0, -1, None, 2.5, "3", (3, 0), (), (3, 3, 3, 3)],
    "stride": [0, -1, None, (1, 0), (2,), (1, 2, 1)],
    "dilation": [0, -1, None, (1, 0), (2,)],
    "groups": [0, -1, 5, None, 2.0],
    "padding": ["foo", "SAME", "same", "valid", -1, None, 9, (1, 2), (1, 1, 1, 1)],
    "padding_mode": ["foo", "reflect", "circular", "replicate", None],
    "bias": [False, None],
    "foo": [1],
    "strides": [2],
}
ODD_LINEAR: dict[str, list[Any]] = {
    "in_features": [0, -1, None, 2.5, "3"],
    "out_features": [0, -1, None, 2.5, "4"],
    "bias": [False, None],
    "foo": [1],
}


def _keras_eager(rng: Random) -> Program:
    layer, settings, channels, first = _keras_layer(rng)
    shapes = _shapes(rng, KERAS[layer], channels, first)
    dtype = _dtype(rng)
    given = f", dtype={dtype!r}" if dtype else ""
    eager = [f"tf.zeros({_with_numbers(shape)}{given})" for shape in shapes]
    twins = [f"keras.KerasTensor({_with_numbers(shape)}{given})" for shape in shapes]
    return Program("keras eager", layer, _keras_text(layer, settings, eager), _keras_text(layer, settings, twins))


def _keras_symbolic(rng: Random) -> Program:
    layer, settings, channels, first = _keras_layer(rng)
    shapes = _shapes(rng, KERAS[layer], channels, first)
    if rng.random() < 0.25:  # lengths left open
        spatial = slice(2, None) if first else slice(1, -1)
        for shape in shapes:
            shape[spatial] = [None if rng.random() < 0.7 else dim for dim in shape[spatial]]
    if rng.random() < 0.02 and shapes[0]:
        shapes[0][1 if first and len(shapes[0]) > 1 else -1] = None
    dtype = _dtype(rng)
    given = f", dtype={dtype!r}" if dtype else ""
    inputs = []
    for shape in shapes:
        if shape and rng.random() < 0.5:
            inputs.append(f"keras.Input({tuple(shape[1:])}{given})")
        else:
            inputs.append(f"keras.Input(batch_shape={tuple(shape)}{given})")
    return Program("keras symbolic", layer, _keras_text(layer, settings, inputs))


def _torch(rng: Random) -> Program:
    layer = _weighted(rng, (2, "Conv1d"), (4, "Conv2d"), (2, "Conv3d"), (2, "Linear"))
    channels = rng.choice([1, 2, 3, 4, 6, 8])
    expected = channels if rng.random() < 0.85 else rng.choice([1, 2, 3, 4])
    dtype = _dtype(rng)
    given = f", dtype=torch.{dtype}" if dtype else ""
    if layer == "Linear":
        settings: dict[str, Any] = {"in_features": expected, "out_features": rng.choice([1, 2, 5, 8])}
        odd = ODD_LINEAR
        shapes = [
            [rng.choice([0, 1, 2, 3, 5]) for _ in range(rng.choice([0, 1, 1, 1, 2, 3]))] + [channels]
            for _ in range(_calls(rng))
        ]
    else:
        rank = TORCH[layer]
        settings = {"in_channels": expected, "out_channels": rng.choice([1, 2, 3, 4, 6, 8])}
        settings["kernel_size"] = _per_axis(rng, rank, _kernel(rng))
        settings |= _sometimes(rng, 0.4, "stride", lambda: _per_axis(rng, rank, lambda: rng.choice([1, 2, 2, 3])))
        settings |= _sometimes(rng, 0.5, "padding", lambda: _padding_of_torch(rng, rank))
        settings |= _sometimes(rng, 0.2, "dilation", lambda: _per_axis(rng, rank, lambda: rng.choice([1, 2, 3])))
        settings |= _sometimes(rng, 0.2, "groups", lambda: rng.choice([1, 2, channels]))
        settings |= _sometimes(rng, 0.1, "bias", lambda: False)
        settings |= _sometimes(rng, 0.1, "padding_mode", lambda: rng.choice(["reflect", "circular", "replicate"]))
        odd = ODD_TORCH
        shapes = _shapes(rng, rank, channels, first=True)
    _spoil(rng, settings, odd, odd)
    lines = [f"layer = torch.nn.{layer}({_arguments(rng, settings, 3 if layer != 'Linear' else 2)})"]
    lines += [f"y{number} = layer(torch.zeros({_with_numbers(shape)}{given}))" for number, shape in enumerate(shapes)]
    return Program("torch", layer, "\n".join(["import torch", *lines, f"y{len(shapes) - 1}", ""]))


def _keras_layer(rng: Random) -> tuple[str, dict[str, Any], int, bool]:
    family = _weighted(rng, (5, CONV), (2, TRANSPOSED), (2, SEPARABLE), (1.5, DEPTHWISE))
    layer = rng.choice(sorted(family))
    rank = family[layer]
    channels = rng.choice([1, 2, 3, 4, 6, 8])
    settings: dict[str, Any] = {}
    if family is not DEPTHWISE:
        settings["filters"] = rng.choice([1, 2, 3, 4, 6, 8])
    settings["kernel_size"] = _per_axis(rng, rank, _kernel(rng))
    settings |= _sometimes(rng, 0.4, "strides", lambda: _per_axis(rng, rank, lambda: rng.choice([1, 2, 2, 3])))
    paddings = ["same", "same", "same", "valid", *(["causal"] if layer == "Conv1D" else [])]
    settings |= _sometimes(rng, 0.5, "padding", lambda: rng.choice(paddings))
    settings |= _sometimes(rng, 0.3, "data_format", lambda: rng.choice(["channels_first", "channels_last", None]))
    settings |= _sometimes(rng, 0.2, "dilation_rate", lambda: _per_axis(rng, rank, lambda: rng.choice([1, 2, 3])))
    if family is CONV:
        settings |= _sometimes(rng, 0.2, "groups", lambda: rng.choice([1, 2, channels]))
    if family is TRANSPOSED:
        settings |= _sometimes(
            rng, 0.2, "output_padding", lambda: _per_axis(rng, rank, lambda: rng.choice([0, 1, 1, 2]))
        )
    if family is SEPARABLE or family is DEPTHWISE:
        settings |= _sometimes(rng, 0.3, "depth_multiplier", lambda: rng.choice([1, 2, 3]))
    settings |= _sometimes(rng, 0.15, "use_bias", lambda: False)
    settings |= _sometimes(rng, 0.1, "activation", lambda: rng.choice(["relu", "softmax", None]))
    _spoil(rng, settings, ODD_KERAS, ODD_KERAS)
    first = str(settings.get("data_format")).lower() == "channels_first"
    return layer, settings, channels, first


def _keras_text(layer: str, settings: dict[str, Any], inputs: list[str]) -> str:
    positional = ["filters", "kernel_size"] if "filters" in settings else ["kernel_size"]
    given = [repr(settings[name]) for name in positional if name in settings]
    given += [f"{name}={value!r}" for name, value in settings.items() if name not in positional]
    lines = ["import keras", "import tensorflow as tf", f"layer = keras.layers.{layer}({', '.join(given)})"]
    lines += [f"y{number} = layer({value})" for number, value in enumerate(inputs)]
    return "\n".join([*lines, f"y{len(inputs) - 1}", ""])


def _shapes(rng: Random, spatial: int, channels: int, first: bool) -> list[list[Any]]:
    """One or two input shapes, mostly of the right rank and with the right channels."""
    rank = _weighted(rng, (9, spatial + 2), (0.8, spatial + 1), (0.4, spatial + 3), (0.2, spatial))
    small = spatial == 3

    def shape() -> list[Any]:
        lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9] if small else [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 28, 32]
        middle = [rng.choice(lengths[4:] if rng.random() < 0.8 else lengths) for _ in range(max(rank - 2, 0))]
        depth = channels if rng.random() < 0.9 else rng.choice([0, 1, 2, 3, 4, 6, 8])
        batch = _weighted(rng, (8, 1), (2, 2), (0.4, 0), (0.5, 5))
        return ([batch, depth, *middle] if first else [batch, *middle, depth])[:rank]

    return [shape() for _ in range(_calls(rng))]


def _calls(rng: Random) -> int:
    return 2 if rng.random() < 0.3 else 1


def _kernel(rng: Random) -> Callable[[], int]:
    return lambda: rng.choice([1, 1, 2, 2, 3, 3, 3, 3, 4, 5, 7, 11])


def _padding_of_torch(rng: Random, rank: int) -> Any:
    return _weighted(rng, (1.5, "same"), (1, "valid"), (6, _per_axis(rng, rank, lambda: rng.choice([0, 1, 1, 2, 3]))))


def _dtype(rng: Random) -> str | None:
    return _weighted(
        rng, (20, None), (1, "float32"), (0.5, "float64"), (0.5, "float16"), (0.4, "int32"), (0.2, "uint8")
    )


def _per_axis(rng: Random, rank: int, one: Callable[[], int]) -> Any:
    """One value for all axes, a value for each axis, or rarely for another number of axes."""
    chance = rng.random()
    if chance < 0.55:
        return one()
    wanted = rank if chance < 0.97 else rng.choice([1, 2, 3])
    return tuple(one() for _ in range(wanted))


def _spoil(rng: Random, settings: dict[str, Any], odd: dict[str, list[Any]], names: dict[str, list[Any]]) -> None:
    """Give about a quarter of the layers one odd setting, mostly one that they have."""
    if rng.random() > 0.28:
        return
    usual = [name for name in names if name in settings]
    name = rng.choice(usual) if rng.random() < 0.6 else rng.choice(sorted(names))
    settings[name] = rng.choice(odd[name])


def _arguments(rng: Random, settings: dict[str, Any], positional: int) -> str:
    given = [repr(value) if n < positional else f"{name}={value!r}" for n, (name, value) in enumerate(settings.items())]
    return ", ".join(given)


def _sometimes(rng: Random, chance: float, name: str, value: Callable[[], Any]) -> dict[str, Any]:
    return {name: value()} if rng.random() < chance else {}


def _with_numbers(shape: list[Any]) -> str:
    return repr(tuple(shape))


def _weighted(rng: Random, *choices: tuple[float, Any]) -> Any:
    weights, values = zip(*choices, strict=True)
    return rng.choices(values, weights)[0]
