import numpy as np

DEPTH = 6
FACTOR = int(np.sqrt(4))
SHAPE = (1, 3, 16, 12)
AREA = int(np.prod(SHAPE[2:]))
