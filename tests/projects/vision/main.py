import keras
import torch

import blocks
import nets
from blocks import *
from config import STAGES, WIDTH
from nets import Deep, make

x = keras.Input((32, 32, 3))
y = blocks.stem(x)
for width, stride in STAGES:
    y = block(y, width, stride)
y = Scale()(y)
wrong = keras.layers.Conv2D(WIDTH, 64)(x)

images = torch.zeros(2, 3, 20, 24)
small = make("small")(images)
large = nets.Deep(heads=nets.heads["large"])(images)
head = nets.shallow.Head(WIDTH)(nets.Deep().first(images))


def train(batch):
    return Deep(WIDTH + 1)(batch)


if __name__ == "__main__":
    model = keras.Model(x, y)
    print(model.output.shape, small[0].shape)
