"""A tensor is stretched along an axis that has a length already."""
import torch

x = torch.zeros(2, 3)
y = x.expand(4, 3)  #~ y = x[:1].expand(4, 3) #!
