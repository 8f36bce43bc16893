"""A dataset of integer labels, and a loss for one-hot labels."""
import tensorflow as tf

images, labels = tf.zeros((50, 8, 8, 1)), tf.zeros((50,), tf.int32)
train = tf.data.Dataset.from_tensor_slices((images, labels)).batch(20)
model = tf.keras.Sequential([
    tf.keras.Input((8, 8, 1)),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(10, activation="softmax"),
])
model.compile(optimizer="adam", loss="categorical_crossentropy")  #~ model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(train, epochs=1, verbose=0)  #!
