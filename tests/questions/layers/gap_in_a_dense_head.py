"""GlobalAveragePooling2D after Flatten."""
from tensorflow.keras import Input, Sequential
from tensorflow.keras.layers import Conv2D, Dense, Flatten, GlobalAveragePooling2D, ReLU

model = Sequential([Input((32, 32, 3)), Conv2D(8, 3)])
model.add(Flatten())  #~ model.add(ReLU())
model.add(GlobalAveragePooling2D())  #!
model.add(Dense(10))
