"""What the builders of keras.applications ask of their surroundings: the input's shape, source inputs, files.

Follows keras/src/applications/imagenet_utils.py and get_source_inputs of keras/src/ops/operation_utils.py.
"""

from __future__ import annotations

from typing import Any

from ...dim import is_dim, is_dynamic, surely_differ, surely_less
from ...evidence import report
from ...problems import RefusedSetting
from ...rule import Call, alias, function
from ...shape import Shape
from ...value import Instance, Tensor, Unknown, Value, is_known
from .graph import key_of
from .state import GLOBAL

CHANNELS_FIRST = "channels_first"


@function("keras.applications.imagenet_utils.obtain_input_shape")
def obtain_input_shape(
    call: Call,
    input_shape: Value,
    default_size: Value,
    min_size: Value,
    data_format: Value,
    require_flatten: Value,
    weights: Value = None,
) -> Value:
    """The shape of one image: the given one, checked, or the default of the network."""
    if not all(map(is_known, (default_size, data_format, weights))) or isinstance(input_shape, Unknown):
        return Unknown("the input's shape")
    flat = call.truth(require_flatten)
    given = tuple(input_shape) if isinstance(input_shape, (list, tuple)) and input_shape else None
    channels: Any = 3
    if weights != "imagenet" and given is not None and len(given) == 3:
        channels = given[0] if data_format == CHANNELS_FIRST else given[-1]
    default = _ordered((default_size, default_size), channels, data_format)
    if flat is None:
        return Unknown("the input's shape")
    if weights == "imagenet" and flat:
        if given is not None and (len(given) != 3 or any(map(surely_differ, given, default))):
            report(RefusedSetting("input_shape", given, "application-shape", quoted=(default,)), blame=("input_shape",))
        return default
    if given is None:
        return default if flat else _ordered((None, None), 3, data_format)
    if len(given) != 3:
        report(RefusedSetting("input_shape", given, "application-rank"), blame=("input_shape",))
        return Unknown("the input's shape")
    sizes = given[1:] if data_format == CHANNELS_FIRST else given[:2]
    own = given[0] if data_format == CHANNELS_FIRST else given[-1]
    if weights == "imagenet" and (own is None or surely_differ(own, 3)):
        report(RefusedSetting("input_shape", given, "application-channels"), blame=("input_shape",))
    elif any(is_dim(size) and surely_less(size, min_size) for size in sizes):
        report(RefusedSetting("input_shape", given, "application-size", quoted=(min_size,)), blame=("input_shape",))
    elif flat and None in given:
        report(RefusedSetting("input_shape", given, "application-open"), blame=("input_shape",))
    return given


@function("keras.applications.imagenet_utils.validate_activation", raw=True)
def validate_activation(call: Call, classifier_activation: Value, weights: Value = None) -> None:
    """Whether the activation goes with the weights: no shape depends on it."""


@function("keras.applications.imagenet_utils.preprocess_input")
def preprocess_input(call: Call, x: Any, *args: Value, **kwargs: Value) -> Value:
    """Numbers in another range."""
    return Tensor(x.shape, None, x.kind) if isinstance(x, Tensor) else Unknown("preprocessed images")


MODULES = """
convnext densenet efficientnet efficientnet_v2 inception_resnet_v2 inception_v3 mobilenet mobilenet_v2 mobilenet_v3
nasnet resnet resnet50 resnet_v2 vgg16 vgg19 xception
"""
alias(
    "keras.applications.imagenet_utils.preprocess_input",
    *(f"keras.applications.{module}.preprocess_input" for module in MODULES.split()),
)


@function("keras.applications.imagenet_utils.correct_pad")
def correct_pad(call: Call, inputs: Any, kernel_size: Value) -> Value:
    """The padding that makes a strided convolution start at the corner."""
    kernel = (kernel_size, kernel_size) if is_dim(kernel_size) else kernel_size
    first = 2 if call.get(GLOBAL, ".data_format") == CHANNELS_FIRST else 1
    if not isinstance(inputs, Tensor) or not isinstance(inputs.shape, Shape) or not isinstance(kernel, tuple):
        return Unknown("a padding")
    sizes = inputs.shape[first : first + 2]
    if len(sizes) == 2 and is_dynamic(sizes[0]):
        sizes = Shape((0, 0))
    if not all(isinstance(n, int) for n in (*sizes, *kernel)):
        return Unknown("a padding")
    return tuple((k // 2 - (1 - size % 2), k // 2) for size, k in zip(sizes, kernel, strict=True))


@function("keras.utils.get_source_inputs")
def get_source_inputs(call: Call, tensor: Any) -> Value:
    """The symbolic inputs that a tensor goes back to."""
    if not isinstance(tensor, Tensor):
        return Unknown("the inputs of something unknown")
    found: dict[Any, Tensor] = {}
    queue, seen = [tensor], set()
    while queue:
        x = queue.pop(0)
        if key_of(x) in seen:
            continue
        seen.add(key_of(x))
        if x.made is None:
            return Unknown("the inputs of a tensor whose history is not known")
        if x.made.by == "keras.Input":
            origin = (x.made.facts or {}).get("layer")
            output = call.get(origin, ".output") if isinstance(origin, Instance) else x
            found.setdefault(key_of(x), output if isinstance(output, Tensor) else x)
        queue.extend(x.made.inputs)
    return list(found.values())


alias("keras.utils.get_source_inputs", "keras.ops.operation_utils.get_source_inputs")


@function("keras.utils.get_file", raw=True)
def get_file(call: Call, *args: Value, **kwargs: Value) -> Value:
    """The path of a download."""
    return Unknown("a path")


alias("keras.utils.get_file", "keras.utils.file_utils.get_file")


def _ordered(sizes: tuple[Any, Any], channels: Any, data_format: Any) -> tuple[Any, ...]:
    return (channels, *sizes) if data_format == CHANNELS_FIRST else (*sizes, channels)
