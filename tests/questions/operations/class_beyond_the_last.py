"""Labels count from one."""
import numpy as np
from tensorflow.keras.utils import to_categorical

labels = np.array([1, 2, 3, 3, 2, 1])
one_hot = to_categorical(labels, num_classes=3)  #~ one_hot = to_categorical(labels - 1, num_classes=3) #!
