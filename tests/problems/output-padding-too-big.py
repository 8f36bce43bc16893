"""What is added at the end is less than one stride."""
import keras
from keras import layers

x = keras.Input((8, 8, 4))
y = layers.Conv2DTranspose(4, 3, strides=2, output_padding=2)(x)  #~ y = layers.Conv2DTranspose(4, 3, strides=2, output_padding=1)(x) #!
