"""How Keras 3 prints a layer: ``<Dense name=dense, built=False> (of type <class 'keras.src.layers.core.dense.Dense'>)``."""

from __future__ import annotations

from ...rule import Call
from ...value import Class, Instance
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
    return f"{MODULES[cls]}.{FILES.get(cls) or snake_case(cls)}.{cls}"
