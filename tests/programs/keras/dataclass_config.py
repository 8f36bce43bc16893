"""Configurations as a dataclass with defaults, a NamedTuple and an enum."""
import enum
from dataclasses import asdict, dataclass, field, replace
from typing import List, NamedTuple, Optional, Tuple

import keras
from keras import layers


class Pooling(enum.Enum):
    AVG = "avg"
    MAX = "max"
    NONE = None


class Stage(NamedTuple):
    filters: int
    depth: int
    stride: int = 2


@dataclass
class ModelConfig:
    image_size: Tuple[int, int] = (64, 48)
    channels: int = 3
    stages: List[Stage] = field(default_factory=lambda: [Stage(16, 1, 1), Stage(32, 2), Stage(filters=64, depth=1)])
    pooling: Pooling = Pooling.AVG
    num_classes: Optional[int] = 10
    dropout: float = 0.2

    @property
    def input_shape(self):
        return (*self.image_size, self.channels)

    def __post_init__(self):
        self.total_stride = 1
        for stage in self.stages:
            self.total_stride *= stage.stride

    @classmethod
    def tiny(cls, **overrides):
        return cls(stages=[Stage(8, 1)], **overrides)

    @staticmethod
    def names(count):
        return [f"stage{i + 1}" for i in range(count)]


def build(config: ModelConfig) -> keras.Model:
    inputs = layers.Input(config.input_shape)
    x = inputs
    for name, stage in zip(ModelConfig.names(len(config.stages)), config.stages):
        for index in range(stage.depth):
            stride = stage.stride if index == 0 else 1
            x = layers.SeparableConv2D(stage.filters, 3, strides=stride, padding="same", name=f"{name}_{index}")(x)
    if config.pooling is Pooling.AVG:
        x = layers.GlobalAveragePooling2D()(x)
    elif config.pooling == Pooling.MAX:
        x = layers.GlobalMaxPooling2D()(x)
    if config.num_classes is not None:
        x = layers.Dense(config.num_classes)(layers.Dropout(config.dropout)(x))
    return keras.Model(inputs, x)


base = ModelConfig()
full = build(base).output
maps = build(replace(base, pooling=Pooling.NONE, num_classes=None)).output
assert maps.shape[1] == base.image_size[0] // base.total_stride
tiny = build(ModelConfig.tiny(image_size=(20, 31), pooling=Pooling("max"))).output
width = asdict(base)["channels"] + max(stage.filters for stage in base.stages)
wide = layers.Conv2D(width, 1)(maps)
