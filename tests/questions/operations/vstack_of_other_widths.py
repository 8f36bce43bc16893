"""Rows of different lengths."""
import numpy as np

first, second = np.zeros((3, 5)), np.zeros((2, 4))
table = np.vstack([first, second])  #~ table = np.vstack([first, second[:, :1].repeat(5, axis=1)]) #!
