"""The shape of every tensor while you type: a language server and a command line around ``shape_engine``."""

__version__ = "0.1.0"
