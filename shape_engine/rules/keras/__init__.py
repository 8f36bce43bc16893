"""The rules for Keras: importing this package registers them all."""

from . import conv as conv
