"""What frameworks do with shapes, one folder for each: importing this package registers every rule."""

from . import images as images
from . import keras as keras
from . import numpy as numpy
from . import pandas as pandas
from . import sklearn as sklearn
from . import tf as tf
from . import torch as torch
