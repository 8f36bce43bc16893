"""Padding is "valid" or "same" here; only Conv1D knows "causal"."""
from keras import layers

conv = layers.Conv2D(8, 3, padding="causal")  #~ conv = layers.Conv2D(8, 3, padding="same") #!
