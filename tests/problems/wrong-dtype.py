"""PyTorch takes the mean of floats only."""
import torch

counts = torch.ones(3, 4, dtype=torch.int64)
mean = counts.mean()  #~ mean = counts.float().mean() #!
