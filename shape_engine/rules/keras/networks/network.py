"""What all networks of ``keras.applications`` share: their arguments, their input, and the layers at their end.

Follows keras/src/applications.  No weights are read: ``weights="imagenet"`` only decides which arguments are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ....evidence import report
from ....problems import PythonError
from ....rule import Call, alias
from ....shape import Shape
from ....value import Known, Tensor, Unknown, Value, is_known
from ..applications import CHANNELS_FIRST, get_source_inputs, obtain_input_shape
from ..state import GLOBAL

CLASSES = "If using `weights='imagenet'` with `include_top=True`, `classes` should be 1000.  Received classes={classes}"


class Network:
    """A network that grows: each call adds a layer and gives the tensor behind it."""

    def __init__(self, call: Call, flavour: str):
        self.call, self.flavour = call, flavour
        self.first = call.get(GLOBAL, ".data_format") == CHANNELS_FIRST
        self.axis = 1 if self.first else 3  # of the channels

    def __call__(self, layer: str, x: Value, *args: Value, **settings: Value) -> Value:
        target = layer if "." in layer else f"keras.layers.{layer}"
        made = self.call.invoke(Known(target, self.flavour), args, settings)
        return self.call.invoke(made, [x])

    def plus(self, x: Value, other: Value) -> Value:
        """What ``+`` gives for two tensors, or for a tensor and a number."""
        return self.call.invoke(Known("keras.ops.add", self.flavour), [x, other])

    def joined(self, layer: str, parts: Sequence[Value], **settings: Value) -> Value:
        """A layer that takes several tensors."""
        return self(layer, self.call.new_list(parts), **settings)

    def normalised(self, x: Value, name: str | None = None, **settings: Value) -> Value:
        """Batch normalisation along the channels."""
        return self("BatchNormalization", x, axis=self.axis, name=name, **settings)

    def convolved(self, x: Value, filters: int, kernel: Any, name: str | None = None, **settings: Value) -> Value:
        """A convolution, without bias unless told."""
        return self("Conv2D", x, filters, kernel, name=name, **{"use_bias": False, **settings})

    def channels(self, x: Value) -> Any:
        """How many channels a tensor has."""
        return (
            x.shape[self.axis] if isinstance(x, Tensor) and isinstance(x.shape, Shape) and len(x.shape) == 4 else None
        )

    def pooled(self, x: Value, pooling: Value, names: tuple[str | None, str | None]) -> Value:
        """The end of a network without its top."""
        if pooling == "avg":
            return self("GlobalAveragePooling2D", x, name=names[0])
        return self("GlobalMaxPooling2D", x, name=names[1]) if pooling == "max" else x


def made(
    call: Call,
    given: dict[str, Any],
    body: Callable[[Network, Value], Value],
    top: Callable[[Network, Value], Value],
    *,
    size: int = 224,
    least: int = 32,
    pools: tuple[str | None, str | None] = (None, None),
    refused: str = CLASSES,
    shaped: Callable[[], Value] | None = None,
) -> Value:
    """The model: the arguments are checked, then input, body, and top or pooling are put together.

    ``given`` are the arguments of the constructor by name; ``refused`` is the text where the classes are not ImageNet's.
    ``shaped`` gives the shape of an image where a network has rules of its own for that.
    """
    include_top, weights, classes = call.truth(given["include_top"]), given["weights"], given["classes"]
    flavour = getattr(call, "flavour", "keras") or "keras"
    if flavour != "keras" or include_top is None or not is_known(weights) or not is_known(given["pooling"]):
        return Unknown("a network that is not followed")
    if weights == "imagenet" and include_top and classes != 1000:
        if isinstance(classes, int):
            report(PythonError("ValueError", refused.format(classes=classes)), blame=("classes",))
        return Unknown("the classes are not those of the weights")
    net = Network(call, flavour)
    data_format = CHANNELS_FIRST if net.first else "channels_last"
    if shaped is not None:
        shape = shaped()
    else:
        shape = obtain_input_shape(call, given["input_shape"], size, least, data_format, include_top, weights)
    tensor = given["input_tensor"]
    if isinstance(shape, Unknown) or not (tensor is None or (isinstance(tensor, Tensor) and tensor.kind == "keras")):
        return Unknown("the input of a network")
    image = call.invoke(Known("keras.Input", flavour), [], {"shape": shape}) if tensor is None else tensor
    x = body(net, image)
    x = top(net, x) if include_top else net.pooled(x, given["pooling"], pools)
    inputs = image if tensor is None else get_source_inputs(call, tensor)
    name = given["name"]
    settings = {"name": name(image) if callable(name) else name}
    return call.invoke(Known("keras.Model", flavour), [call.freeze(inputs), x], settings)


def classified(
    given: dict[str, Any], pool: str | None = "avg_pool", dropout: float | None = None
) -> Callable[[Network, Value], Value]:
    """The usual top: the mean over all places, and a score for each class."""

    def top(net: Network, x: Value) -> Value:
        x = net("GlobalAveragePooling2D", x, name=pool)
        if dropout:
            x = net("Dropout", x, dropout, name="top_dropout")
        return net("Dense", x, given["classes"], activation=given["classifier_activation"], name="predictions")

    return top


def spelled(module: str, *names: str) -> None:
    """The other places where a network is found: ``keras.applications.vgg16.VGG16``."""
    for name in names:
        alias(f"keras.applications.{name}", f"keras.applications.{module}.{name}")


def divisible(value: float, divisor: int = 8) -> int:
    """The nearest multiple that is not much less."""
    rounded = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * value else rounded


__all__ = ["CLASSES", "Network", "classified", "divisible", "made", "spelled"]
