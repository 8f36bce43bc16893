import keras
from keras import layers

inner = keras.Sequential([layers.Dense(5), layers.ReLU()])
deep = keras.Sequential([inner, layers.Dense(4)])
model = keras.Sequential([keras.Input((6,)), deep, layers.Dense(3)])
