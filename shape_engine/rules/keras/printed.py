"""How Keras 3 prints a layer: ``<Dense name=dense, built=False> (of type <class 'keras.src.layers.core.dense.Dense'>)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...rule import Call
from ...value import Class, Instance, Known, Tensor, Unknown
from ...wording import Version
from ...wording.keras import argument_text, quoted, said, tensor_text
from .masks import may_be_masked
from .state import class_name, flavour_of, snake_case

FOLDERS = {
    "activations": "Activation ELU LeakyReLU PReLU ReLU Softmax",
    "attention": "AdditiveAttention Attention GroupedQueryAttention MultiHeadAttention",
    "convolutional": "Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose DepthwiseConv1D DepthwiseConv2D"
    " SeparableConv1D SeparableConv2D",
    "core": "Dense EinsumDense Embedding Identity InputLayer Lambda Masking ReversibleEmbedding Wrapper",
    "merging": "Add Average Concatenate Dot Maximum Minimum Multiply Subtract",
    "normalization": "BatchNormalization GroupNormalization LayerNormalization RMSNormalization SpectralNormalization"
    " UnitNormalization",
    "pooling": "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPooling1D"
    " AdaptiveMaxPooling2D AdaptiveMaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D"
    " GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D"
    " GlobalMaxPooling3D MaxPooling1D MaxPooling2D MaxPooling3D",
    "regularization": "ActivityRegularization AlphaDropout Dropout GaussianDropout GaussianNoise SpatialDropout1D"
    " SpatialDropout2D SpatialDropout3D",
    "reshaping": "Cropping1D Cropping2D Cropping3D Flatten Permute RepeatVector Reshape UpSampling1D UpSampling2D"
    " UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D",
    "rnn": "Bidirectional ConvLSTM1D ConvLSTM2D ConvLSTM3D GRU GRUCell LSTM LSTMCell RNN SimpleRNN SimpleRNNCell"
    " StackedRNNCells TimeDistributed",
}
"""The folders of keras/src/layers and the classes in them."""

FILES = {
    "LeakyReLU": "leaky_relu", "ReLU": "relu", "PReLU": "prelu", "SpatialDropout1D": "spatial_dropout",
    "SpatialDropout2D": "spatial_dropout", "SpatialDropout3D": "spatial_dropout", "LSTMCell": "lstm", "GRUCell": "gru",
    "SimpleRNNCell": "simple_rnn", "Lambda": "lambda_layer",
}  # fmt: skip
"""The classes whose file is not named after them."""

MODULES = {name: f"keras.src.layers.{folder}" for folder, names in FOLDERS.items() for name in names.split()}

BUILT_AT_ONCE = frozenset(
    (
        *("Activation", "ELU", "LeakyReLU", "ReLU", "Softmax", "Identity", "Masking", "UnitNormalization"),
        *("ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise"),
        *("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"),
        *(name for name in FOLDERS["pooling"].split() if not name.startswith("Adaptive")),
    )
)
"""The layers without weights that their constructor marks as built, since 3.6 at the latest."""


def layer_repr(call: Call, layer: Instance) -> str:
    """``repr(layer)``; "?" in place of what is not known."""
    if flavour_of(layer) != "keras":
        return f"<{layer_type(layer)} object at 0x?>"
    cls, name, built = class_name(layer), call.get(layer, ".name"), call.get(layer, ".built")
    if cls in BUILT_AT_ONCE and not isinstance(layer.cls, Class):
        built = call.version("keras") >= (3, 6) or built
    return f"<{cls} name={name if isinstance(name, str) else '?'}, built={built if isinstance(built, bool) else '?'}>"


def layer_type(layer: Instance) -> str:
    """The class of a layer as ``str`` prints it, without "<class '...'>"."""
    cls = class_name(layer)
    if isinstance(layer.cls, Class) or cls not in MODULES or flavour_of(layer) != "keras":
        return f"?.{cls}"
    return _path(cls)


def _path(name: str) -> str:
    return f"{MODULES[name]}.{FILES.get(name) or snake_case(name)}.{name}"


def class_repr(cls: Class | Known) -> Any:
    """``repr`` of a class of layers."""
    name = cls.target.rpartition(".")[2] if isinstance(cls, Known) else ""
    if not isinstance(cls, Known) or name not in MODULES or cls.flavour != "keras":
        return Unknown("a class")
    return f"<class '{_path(name)}'>"


def symbolic_arguments(
    bound: Mapping[str, Any], version: Version, given: tuple[int, tuple[str, ...]] = (1, ())
) -> tuple[tuple[str, str], ...]:
    """The arguments of ``symbolic_call(*args, **kwargs)`` as the wrapper prints them: by position, and by name."""
    count, names = given

    def text(x: Any) -> str:
        return quoted(tensor_text(x, version)) if isinstance(x, Tensor) else argument_text(x, version)

    if given == (1, ()) and any(isinstance(value, Tensor) for value in list(bound.values())[1:]):
        first = text(next(iter(bound.values())))  # by position, or by name?
        return ("args", f"({first}?"), ("kwargs", "?")
    positional = [text(x) for x in list(bound.values())[:count]]
    args = f"({', '.join(positional)}{',' if count == 1 else ''})" if count else EMPTY
    named = {name: text(bound[name]) for name in names if name in bound and name != "training"}
    training = bound.get("training")
    if isinstance(training, bool):
        named["training"] = f"'{training}'"
    if any(f"{name}_mask" in bound for name in bound) or isinstance(bound.get("mask"), list):
        return ("args", args), ("kwargs", "?")  # Keras fills in the masks of the inputs
    kwargs = f"{{{', '.join(f'{name!r}: {shown}' for name, shown in named.items())}}}" if named else EMPTY
    return ("args", args), ("kwargs", kwargs)


EMPTY = "<class 'inspect._empty'>"
"""What the wrapper prints where there are no arguments of a kind."""


def filled_in(bound: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The keyword arguments of a symbolic call: those that were given by these names, then those that Keras fills in.

    It is "?" where they are more than truth values.
    """
    rest = list(bound.items())[1:]
    if "mask" in bound and may_be_masked(next(iter(bound.values()), None)):
        return "?"
    if any(value is not None and not isinstance(value, bool) for _, value in rest):
        return "?"
    kwargs = {name: str(bound[name]) for name in names if name in bound}
    kwargs |= {"training": str(bound["training"])} if isinstance(bound.get("training"), bool) else {}
    kwargs |= {"mask": "None"} if "mask" in bound else {}
    return said(kwargs) if kwargs else "<class 'inspect._empty'>"
