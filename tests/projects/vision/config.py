from dataclasses import dataclass

WIDTH = 8
KERNEL = 3
STAGES = [(8, 1), (16, 2), (32, 2)]


@dataclass
class Config:
    width: int = WIDTH
    kernel: int = KERNEL
    classes: int = 10


def scaled(width, factor=2):
    return width * factor
