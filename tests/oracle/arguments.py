"""What the constructors of Keras layers are given in random programs: by an argument's name, usual and odd values."""

from __future__ import annotations

import re
from typing import Any

Domain = tuple[list[Any], list[Any]]


class Code(str):
    """A value that is written as it is."""

    def __repr__(self) -> str:
        return str(self)


def _codes(*texts: str) -> list[Any]:
    return [Code(re.sub(r"\b(?=[A-Z]\w*\()", "keras.layers.", text)) for text in texts]


WHATEVER: list[Any] = [0, -1, None, 2, 1.5, "foo", (), (1, 2), [3], (1, 2, 3, 4), True]
"""Values that hardly any argument is made for."""

UNIT = ([0, 1, 2, 3, 4, 8], [0, -1, None, 2.5, "3", (2,), True])
LENGTH: Domain = ([1, 2, 3, 4, 5, 8], [0, -1, None, 2.5, "3", (2,), True])
SWITCH: Domain = ([True, False], [None, 0, 1, "yes"])
RATE: Domain = ([0.0, 0.2, 0.5, 0.9], [1, 1.0, 0, -0.1, 1.5, 2, None, "0.5", (0.1, 0.2)])
FACTOR: Domain = (
    [0.1, 0.5, 1.0, (0.1, 0.4), (0.0, 1.0)],
    [0, 1, -0.5, 1.5, 3, (-0.2, 0.3), (0.4, 0.1), (0.1,), (0.1, 0.2, 0.3), None, "0.1", [0.1, 0.2], (2, 3)],
)
SIGNED: Domain = ([0.1, 0.5, (-0.2, 0.3), (-0.5, -0.1)], [0, 1, -0.5, 1.5, (0.4, 0.1), (0.1,), None, "0.1", (-2, 2)])
PER_AXIS: Domain = (
    [1, 2, 3, (1, 2), (2, 2), (2, 1), (1,), (2,), (1, 2, 1), (2, 2, 2)],
    [0, -1, None, 1.5, "2", (0, 1), (), (1, 2, 3, 4), [2, 1]],
)
PADS: list[Any] = [
    1, 2, 0, (1, 1), (0, 2), (1, 2), ((1, 1), (0, 2)), ((1, 0), (0, 1)), ((1, 1), (0, 0), (1, 2)), (1, 0, 1), (2, 1, 1),
]  # fmt: skip
ODD_PADS: list[Any] = [-1, None, 1.5, "1", (1,), (), (1, -1), ((1, 2), 1), ((1,), (1,)), ((1, 2, 3), (1, 2)), [1, 2], 5]
INTERPOLATIONS: Domain = (["bilinear", "nearest"], ["bicubic", "lanczos3", "foo", None, "Bilinear", 1])
FILLS: Domain = (["reflect", "constant", "nearest", "wrap"], ["foo", None, "mirror", 1])
AXES: Domain = ([-1, 1, 2, -2], [0, 3, 5, -5, None, (1, 2), [1], [-1, -2], (), "a", 1.5, (1, 1), (0,)])
IDENTIFIER: Domain = (["zeros", "ones", "glorot_uniform"], ["foo", None, 3])
REGULARIZER: Domain = ([None, "l2", "L1"], ["foo", 3])
CONSTRAINT: Domain = ([None, "non_neg", "unit_norm"], ["foo", 3])

OF_NAME: dict[str, Domain] = {
    "units": LENGTH,
    "filters": LENGTH,
    "input_dim": LENGTH,
    "output_dim": LENGTH,
    "num_heads": LENGTH,
    "key_dim": LENGTH,
    "head_dim": LENGTH,
    "num_query_heads": ([2, 4, 6], [0, -1, None, 2.5, "3", 1, True]),
    "num_key_value_heads": ([1, 2], [0, -1, None, 2.5, "3", 4, 5]),
    "sliding_window": ([None, 1, 3], [0, -1, "a", 1.5]),
    "depth_multiplier": ([1, 2, 3], [0, -1, None, 2.5, "2"]),
    "output_padding": ([None, 1, 0], [2, -1, (1, 0), (0, 1), "1"]),
    "value_dim": LENGTH,
    "num_bins": ([1, 2, 3, 5], [0, -1, None, 2.5, "3"]),
    "num_tokens": ([1, 2, 3, 5], [0, -1, None, 2.5, "3"]),
    "groups": ([1, 2, 3], [0, -1, -2, 5, None, 2.0, "2"]),
    "n": ([1, 2, 3, 5], [0, -1, None, 2.5, "3", (2,), True]),
    "height": ([1, 2, 3, 5, 8, 12], [0, -1, None, 2.5, "3", (2,)]),
    "width": ([1, 2, 3, 5, 8, 12], [0, -1, None, 2.5, "3", (2,)]),
    "bins": ([2, 16, 256], [0, -1, None, 2.5, "3"]),
    "num_ops": ([1, 2], [0, -1, None, 20, "2"]),
    "num_chains": ([1, 2], [0, -1, None, "2"]),
    "chain_depth": ([1, 2], [0, -1, None, "2"]),
    "max_number": ([1, 2, 5], [0, -1, None, "2"]),
    "pool_size": PER_AXIS,
    "kernel_size": PER_AXIS,
    "strides": PER_AXIS,
    "dilation_rate": PER_AXIS,
    "size": PER_AXIS,
    "output_size": PER_AXIS,
    "tile_grid_size": ([(2, 2), (1, 3), (4, 4)], [2, (0, 1), (2,), None, "a", (1.5, 2)]),
    "padding": (["valid", "same"], ["VALID", "Same", "causal", "foo", None, 1, (1, 1)]),
    "cropping": (PADS, ODD_PADS),
    "data_format": (["channels_last", "channels_first", None], ["foo", "CHANNELS_LAST", 3, "NHWC"]),
    "axis": AXES,
    "axes": ([1, -1, 2, (1, 1), (2, 1), (1, 2), (-1, -1), [2, 2]], [0, 3, -4, None, (1,), (1, 2, 1), "a", 1.5, (0, 0)]),
    "shared_axes": ([None, [1], [1, 2], (2,), 1], [[0], [5], [-1], "a", 2, [1, 1], 1.5]),
    "attention_axes": ([None, 1, (1,), (1, 2)], [2, (2,), 5, "a", -1, (0,)]),
    "output_shape": ([None, 3, (4,), (2, 3)], [0, -1, "a", (), 1.5, [2]]),
    "bias_axes": ([None, "c", "d", "bc"], ["z", "a", "", 3]),
    "noise_shape": ([None, (None, 1, 3), (2, 1), (None, 1)], [3, "a", (1,), (0, 1), (1.5, 2), (-1, 2)]),
    "target_shape": (
        [(-1,), (6,), (2, 3), (3, -1), (-1, 2), (1, -1, 1), (12,), (4, 3, 2), ()],
        [5, -1, None, "ab", (0,), (0, -1), (-1, -1), (-2, 3), (None, 3), (None,), [2, -1], (2.0, 3), (1.5,)],
    ),
    "dims": ([(1,), (2, 1), (1, 2), (2, 1, 3), (3, 1, 2), (1, 3, 2, 4)], [(0, 1), (1, 1), 2, None, "ab", (), (2, 3), [2, 1], (-1, 1)]),
    "rate": RATE,
    "dropout": RATE,
    "recurrent_dropout": RATE,
    "stddev": ([0.1, 1.0, 2], [0, -0.1, None, "1"]),
    "seed": ([None, 1, 42], [1.5, "a", -1]),
    "factor": FACTOR,
    "scale": ([0.1, 0.5, (0.1, 0.3), 1.0], [0, -1, 2, None, "a", (0.3, 0.1), (0.1,)]),
    "sigma": ([0.5, 1.0, (0.1, 1.0)], [0, -1, None, "a", (1.0, 0.1)]),
    "height_factor": SIGNED,
    "width_factor": SIGNED,
    "x_factor": FACTOR,
    "y_factor": FACTOR,
    "brightness_factor": FACTOR,
    "contrast_factor": FACTOR,
    "saturation_factor": FACTOR,
    "hue_factor": FACTOR,
    "addition_factor": ([0.0, 5.0, (1.0, 9.0)], [-1, 300, None, "a", (9.0, 1.0)]),
    "threshold_factor": ([0.0, 5.0, (1.0, 9.0)], [-1, 300, None, "a", (9.0, 1.0)]),
    "value_range": ([(0, 255), (0, 1), [0, 1], (0.0, 1.0), (-1, 1)], [(0,), (0, 1, 2), 1, None, "ab", (1, 0), (0, "b")]),
    "interpolation": INTERPOLATIONS,
    "fill_mode": FILLS,
    "fill_value": ([0.0, 1, 0.5], ["a", None, (1, 2)]),
    "mode": (["horizontal", "vertical", "horizontal_and_vertical"], ["foo", None, 1, "Horizontal"]),
    "clip_limit": ([1.0, 4.0], [0, -1, None, "a"]),
    "alpha": ([0.2, 1.0], [0, -1, None, "a", (0.1, 0.2)]),
    "offset": ([0.0, 1, 0.5, [1.0, 2.0, 3.0]], [None, "a", (1, 2)]),
    "mean": ([None, 0.0, [0.0, 1.0, 2.0], [1.0, 2.0]], ["a", (1,), [[1.0, 2.0]]]),
    "variance": ([None, 1.0, [1.0, 1.0, 2.0], [1.0, 2.0]], ["a", (1,), [[1.0, 2.0]]]),
    "activation": ([None, "relu", "softmax", "tanh", "linear"], ["foo", 3, "ReLU", (), "Softmax"]),
    "recurrent_activation": (["sigmoid", "hard_sigmoid", None], ["foo", 3]),
    "max_value": ([None, 6.0, 1], [-1, "a", 0]),
    "negative_slope": ([0.0, 0.1, 1], [-1, None, "a"]),
    "threshold": ([0.0, 1.0], [-1, None, "a"]),
    "momentum": ([0.9, 0.99], [None, "a", -1, 2]),
    "epsilon": ([1e-3, 1e-5], [None, "a", -1]),
    "bin_boundaries": ([[0.0, 1.0], [1, 2, 3], (0.5,)], [None, 3, "ab", [], [2, 1], [[1, 2]]]),
    "output_mode": (["int", "one_hot", "multi_hot", "count"], ["foo", None, "tf_idf", "INT", 1]),
    "mask_value": ([None, 0, 1], ["a", 1.5]),
    "mask_token": ([None], [0, "m", 1.5]),
    "oov_token": ([], ["a", 5, None]),
    "num_oov_indices": ([0, 1, 2], [-1, None, "a", 1.5]),
    "max_tokens": ([None, 3, 10], [0, 1, -1, "a", 1.5]),
    "salt": ([None, 3, [1, 2]], ["a", [1], 1.5, (1, 2, 3)]),
    "ngrams": ([None, 2, (1, 2)], [0, "a", 1.5, (0, 1)]),
    "output_sequence_length": ([None, 3, 7], [0, -1, "a", 1.5]),
    "standardize": ([None, "lower", "strip_punctuation"], ["foo", 3]),
    "split": ([None, "whitespace", "character"], ["foo", 3]),
    "lora_rank": ([], [2, 0, -1]),
    "merge_mode": (["concat", "sum", "mul", "ave", None], ["foo", 3]),
    "name": ([], ["stem", "a/b", 3, None, ""]),
    "dtype": ([], ["float64", "float16", "foo", "int32", "mixed_float16", None, 3, "bool"]),
    "trainable": ([], [False, 1, None, "a"]),
    "foo": ([], [1]),
    "input_shape": ([], [(3,), 3, None]),
    "activity_regularizer": REGULARIZER,
    **dict.fromkeys(
        ("use_bias", "keepdims", "center", "return_sequences", "return_state", "go_backwards", "stateful", "unroll",
         "reset_after", "use_gate", "sparse", "invert", "pad_to_max_tokens", "antialias", "crop_to_aspect_ratio",
         "pad_to_aspect_ratio", "all_ops", "synchronized", "renorm", "normalize", "unit_forget_bias", "mask_zero",
         "use_scale", "zero_output_for_mask", "expand_dims", "tie_weights"),
        SWITCH,
    ),
    **dict.fromkeys(
        ("kernel_initializer", "bias_initializer", "recurrent_initializer", "gamma_initializer", "beta_initializer",
         "alpha_initializer", "moving_mean_initializer", "moving_variance_initializer", "embeddings_initializer"),
        IDENTIFIER,
    ),
    **dict.fromkeys(("kernel_regularizer", "bias_regularizer", "gamma_regularizer", "alpha_regularizer"), REGULARIZER),
    **dict.fromkeys(("kernel_constraint", "bias_constraint", "gamma_constraint", "alpha_constraint"), CONSTRAINT),
}  # fmt: skip
"""By an argument's name: values that a layer is made for, and odd ones."""

WRAPPED: Domain = (
    _codes("Dense(3)", "Conv1D(2, 2)", "Conv2D(2, 2, padding='same')", "Flatten()", "Dropout(0.5)", "Embedding(5, 2)",
           "LSTM(2)", "BatchNormalization()", "Reshape((-1,))", "MaxPooling1D(2)", "LayerNormalization()", "Rescaling(2)"),
    [3, None, "dense", Code("keras.layers.Dense"), *_codes("LSTMCell(2)", "Dense(0)", "Dense(2, name='a/b')", "Add()")],
)  # fmt: skip
RECURRENT: Domain = (
    _codes("LSTM(2)", "GRU(3, return_sequences=True)", "SimpleRNN(2)", "LSTM(2, return_state=True)", "RNN(LSTMCell(2))",
           "GRU(2, go_backwards=True)", "ConvLSTM1D(2, 2, return_sequences=True)", "LSTM(2, stateful=True)"),
    [3, None, "lstm", Code("keras.layers.LSTM"), *_codes("Dense(3)", "LSTMCell(2)", "TimeDistributed(Dense(2))")],
)  # fmt: skip
CELLS: Domain = (
    _codes("LSTMCell(2)", "GRUCell(3)", "SimpleRNNCell(2)", "StackedRNNCells([LSTMCell(2), GRUCell(3)])",
           "[SimpleRNNCell(2), LSTMCell(3)]", "(GRUCell(2),)", "LSTMCell(2, dropout=0.5)"),
    [3, None, "lstm", (), [], Code("keras.layers.LSTMCell"), *_codes("Dense(3)", "LSTM(2)", "[Dense(2)]")],
)  # fmt: skip
STACKS: Domain = (
    _codes("[LSTMCell(2)]", "[GRUCell(3), LSTMCell(2)]", "(SimpleRNNCell(2), SimpleRNNCell(3))"),
    [3, None, (), [], "ab", *_codes("LSTMCell(2)", "[Dense(3)]", "[LSTM(2)]", "[LSTMCell]")],
)
STEPS: Domain = (
    _codes("[Rescaling(2)]", "[RandomFlip(), Resizing(3, 4)]", "[CenterCrop(2, 3), Rescaling(0.5)]", "[Flatten(), Dense(3)]",
           "(Normalization(mean=0.0, variance=1.0), Dense(2))", "[Dense(2), Dropout(0.5)]", "[Conv2D(2, 2), MaxPooling2D()]"),
    [3, None, (), [], "ab", *_codes("Rescaling(2)", "[Dense]", "[3]", "[Dense(0)]")],
)  # fmt: skip

PADDINGS = {f"ZeroPadding{n}D": {"padding": (PADS, ODD_PADS)} for n in (1, 2, 3)}
SCALED = {name: {"scale": SWITCH} for name in ("BatchNormalization", "LayerNormalization")}

OF_LAYER: dict[str, dict[str, Domain]] = {
    **PADDINGS,
    **SCALED,
    "TimeDistributed": {"layer": WRAPPED},
    "Wrapper": {"layer": WRAPPED},
    "SpectralNormalization": {"layer": WRAPPED, "power_iterations": ([1, 2], [0, -1, None, "2", 1.5])},
    "Bidirectional": {"layer": RECURRENT, "backward_layer": ([None], RECURRENT[0] + RECURRENT[1])},
    "RNN": {"cell": CELLS},
    "StackedRNNCells": {"cells": STACKS},
    "Pipeline": {"layers": STEPS},
    "GroupNormalization": {"groups": ([1, 2, 3, -1], [0, 5, None, 2.0, "2", -2]), "scale": SWITCH},
    "Rescaling": {"scale": ([0.5, 1 / 255, 2, [1.0, 2.0, 3.0]], [None, "a", (1, 2)])},
    "RandomRotation": {"factor": SIGNED},
    "RandomBrightness": {"factor": SIGNED},
    "RandomErasing": {"fill_value": ([None, 0.0, 1], ["a", (1, 2)])},
    "Activation": {"activation": (["relu", "softmax", "tanh", "linear", "gelu"], ["foo", 3, None, "ReLU"])},
    "EinsumDense": {
        "equation": (
            ["ab,bc->ac", "abc,cd->abd", "...x,xy->...y", "abc,cde->abde", "abc,bcd->ad"],
            ["ab,bc->acd", "ab->a", "abc", "", None, "ab,bc", "aab,bc->ac", "ab,bc->za", "ab,cd->abcd"],
        ),
        "output_shape": ([3, (4,), (None, 4), (None, 3, 4), (3, 4)], [0, -1, None, "a", (), 1.5, (None, None, None, 2)]),
    },
    "StringLookup": {"vocabulary": ([["a", "b"], ["a", "b", "c"]], [None, [], ["a", "a"], 3, "no_such_file.txt"])},
    "IntegerLookup": {"vocabulary": ([[1, 2], [3, 4, 5]], [None, [], [1, 1], 3, "no_such_file.txt"])},
    "TextVectorization": {
        "vocabulary": ([["a", "b"], ["a", "b", "c"]], [None, [], ["a", "a"], 3]),
        "output_mode": (["int", "multi_hot", "count"], ["foo", None, "tf_idf", "one_hot"]),
    },
    "Discretization": {"num_bins": ([None], [1, 2, 0, -1, "3"]), "bin_boundaries": ([[0.0, 1.0], [1, 2, 3], (0.5,)], [None, 3, "ab", [], [2, 1]])},
    "MixUp": {"alpha": ([0.2, 1.0, (0.1, 0.4)], [0, -1, None, "a", 2, (0.4, 0.1)])},
}  # fmt: skip
"""Where a layer means something else by the name."""
