"""ConvNeXt (keras/src/applications/convnext.py)."""

from __future__ import annotations

from typing import Any, NamedTuple

from ....evidence import report
from ....problems import PythonError
from ....rule import Call, function, layer, phase
from ....shape import Shape
from ....value import Known, Unknown, Value, is_known
from ..applications import CHANNELS_FIRST
from ..common import NO_RANK, shape_of
from ..machine import CONTEXT, MACHINE
from ..state import GLOBAL
from .network import Network, made, spelled

REFUSED = 'If using `weights="imagenet"` with `include_top=True`, `classes` should be 1000. Received classes={classes}'
FIRST = (
    "{title} does not support the `channels_first` image data format. Switch to `channels_last` by editing your local "
    "config file at ~/.keras/keras.json"
)
GAMMA = "keras.src.applications.convnext.LayerScale"
EPSILON = 1e-6


class Widths(NamedTuple):
    """How many blocks each stage has, and how many channels."""

    depths: tuple[int, ...]
    channels: tuple[int, ...]


VARIANTS = {
    "Tiny": Widths((3, 3, 9, 3), (96, 192, 384, 768)),
    "Small": Widths((3, 3, 27, 3), (96, 192, 384, 768)),
    "Base": Widths((3, 3, 27, 3), (128, 256, 512, 1024)),
    "Large": Widths((3, 3, 27, 3), (192, 384, 768, 1536)),
    "XLarge": Widths((3, 3, 27, 3), (256, 512, 1024, 2048)),
}


def _registered(variant: str, widths: Widths) -> None:
    title, label = f"ConvNeXt{variant}", f"convnext_{variant.lower()}"

    @function(f"keras.applications.{title}")
    def convnext(
        call: Call, include_top: Any = True, include_preprocessing: Any = True, weights: Any = "imagenet",
        input_tensor: Any = None, input_shape: Any = None, pooling: Any = None, classes: Any = 1000,
        classifier_activation: Any = "softmax", name: Any = label,
    ) -> Value:  # fmt: skip
        given = dict(locals())
        tops, prepares = call.truth(include_top), call.truth(include_preprocessing)
        if call.get(GLOBAL, ".data_format") == CHANNELS_FIRST:
            report(PythonError("ValueError", FIRST.format(title="ConvNeXt")))
        if not isinstance(name, str) or prepares is None or not is_known(pooling):
            return Unknown("a network that is not followed")

        def body(net: Network, x: Value) -> Value:
            x = _body(net, x, widths, name, prepares)
            if tops is not False:
                return x
            return net("LayerNormalization", net.pooled(x, pooling, (None, None)), epsilon=EPSILON)

        def top(net: Network, x: Value) -> Value:
            x = net("GlobalAveragePooling2D", x, name=f"{name}_head_gap")
            x = net("LayerNormalization", x, epsilon=EPSILON, name=f"{name}_head_layernorm")
            return net("Dense", x, classes, activation=classifier_activation, name=f"{name}_head_dense")

        return made(call, {**given, "pooling": None}, body, top, refused=REFUSED)

    spelled("convnext", title)


for _variant, _widths in VARIANTS.items():
    _registered(_variant, _widths)


def _body(net: Network, x: Value, widths: Widths, name: str, prepares: bool) -> Value:
    if prepares and net.channels(x) == 3:
        mean = net.call.new_list([0.485 * 255, 0.456 * 255, 0.406 * 255])
        variance = net.call.new_list([(part * 255) ** 2 for part in (0.229, 0.224, 0.225)])
        x = net("Normalization", x, mean=mean, variance=variance, name=f"{name}_prestem_normalization")
    for stage, (depth, channels) in enumerate(zip(widths.depths, widths.channels, strict=True)):
        x = _narrowed(net, x, channels, name, stage - 1)
        for block in range(depth):
            x = _block(net, x, channels, f"{name}_stage_{stage}_block_{block}")
    return x


def _narrowed(net: Network, x: Value, channels: int, name: str, number: int) -> Value:
    """The model between two stages: the first one convolves before it normalises."""
    stem = number < 0
    conv, norm, block = (
        (f"{name}_stem_conv", f"{name}_stem_layernorm", f"{name}_stem")
        if stem
        else (f"{name}_downsampling_{part}_{number}" for part in ("conv", "layernorm", "block"))
    )
    size = 4 if stem else 2

    def convolution() -> Value:
        settings = {"kernel_size": size, "strides": size, "name": conv}
        return net.call.invoke(Known("keras.layers.Conv2D", net.flavour), [channels], settings)

    def normalisation() -> Value:
        settings = {"epsilon": EPSILON, "name": norm}
        return net.call.invoke(Known("keras.layers.LayerNormalization", net.flavour), [], settings)

    parts = [convolution(), normalisation()] if stem else [normalisation(), convolution()]
    model = net.call.invoke(Known("keras.Sequential", net.flavour), [net.call.new_list(parts)], {"name": block})
    return net.call.invoke(model, [x])


def _block(net: Network, inputs: Value, channels: int, name: str) -> Value:
    x = net.convolved(inputs, channels, 7, f"{name}_depthwise_conv", padding="same", groups=channels, use_bias=True)
    x = net("LayerNormalization", x, epsilon=EPSILON, name=f"{name}_layernorm")
    x = net("Dense", x, 4 * channels, name=f"{name}_pointwise_conv_1")
    x = net("Activation", x, "gelu", name=f"{name}_gelu")
    x = net("Dense", x, channels, name=f"{name}_pointwise_conv_2")
    x = net(GAMMA, x, 1e-6, channels, name=f"{name}_layer_scale")
    return net.plus(inputs, net("Activation", x, "linear", name=f"{name}_identity"))


@layer("keras.src.applications.convnext.LayerScale", machine=MACHINE, **CONTEXT)
def layer_scale(x: Any, *, init_values: Any, projection_dim: Any) -> Any:
    """A factor for each channel."""
    shape = shape_of(x)
    return shape if isinstance(shape, Shape) and shape and shape[-1] == projection_dim else NO_RANK


@phase(layer_scale, "build")
def layer_scale_build(shape: Any, *, projection_dim: Any) -> dict[str, tuple[Any, ...]]:
    """The factors."""
    return {"variable": (projection_dim,)}
