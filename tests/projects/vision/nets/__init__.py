from .deep import Deep, make
from .deep import HEADS as heads
from . import shallow

__all__ = ["Deep", "make", "heads", "shallow"]
