"""A loss object on logits and labels of a training loop."""
import tensorflow as tf

logits, labels = tf.random.normal((8, 5)), tf.constant([0, 1, 2, 3, 4, 0, 1, 2])
loss_object = tf.keras.losses.CategoricalCrossentropy(from_logits=True)  #~ loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
loss = loss_object(labels, logits)  #!
