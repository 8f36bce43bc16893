"""Triplets: a distance layer, a model with train_step and test_step, cosine similarity of the result."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import Model, layers, metrics, optimizers

target_shape = (24, 20)

base = tf.keras.Sequential(
    [
        layers.Input(target_shape + (3,)),
        layers.Conv2D(6, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(8, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(16, activation="relu"),
        layers.BatchNormalization(),
        layers.Dense(8),
    ]
)
embedding = Model(base.inputs, base.layers[-1].output, name="Embedding")


class DistanceLayer(layers.Layer):
    """Computes the distances between the anchor and the positive and the negative embeddings."""

    def call(self, anchor, positive, negative):
        ap_distance = tf.reduce_sum(tf.square(anchor - positive), -1)
        an_distance = tf.reduce_sum(tf.square(anchor - negative), -1)
        return (ap_distance, an_distance)


anchor_input = layers.Input(name="anchor", shape=target_shape + (3,))
positive_input = layers.Input(name="positive", shape=target_shape + (3,))
negative_input = layers.Input(name="negative", shape=target_shape + (3,))
distances = DistanceLayer()(embedding(anchor_input), embedding(positive_input), embedding(negative_input))
siamese_network = Model(inputs=[anchor_input, positive_input, negative_input], outputs=distances)


class SiameseModel(Model):
    def __init__(self, siamese_network, margin=0.5):
        super().__init__()
        self.siamese_network = siamese_network
        self.margin = margin
        self.loss_tracker = metrics.Mean(name="loss")

    def call(self, inputs):
        return self.siamese_network(inputs)

    def train_step(self, data):
        with tf.GradientTape() as tape:
            loss = self._compute_loss(data)
        gradients = tape.gradient(loss, self.siamese_network.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.siamese_network.trainable_weights))
        self.loss_tracker.update_state(loss)
        return {"loss": self.loss_tracker.result()}

    def test_step(self, data):
        loss = self._compute_loss(data)
        self.loss_tracker.update_state(loss)
        return {"loss": self.loss_tracker.result()}

    def _compute_loss(self, data):
        ap_distance, an_distance = self.siamese_network(data)
        loss = ap_distance - an_distance
        loss = tf.maximum(loss + self.margin, 0.0)
        return loss

    @property
    def metrics(self):
        return [self.loss_tracker]


def preprocess_triplets(anchor, positive, negative):
    return tuple(tf.image.resize(tf.image.convert_image_dtype(p, tf.float32), target_shape) for p in (anchor, positive, negative))


pictures = np.random.randint(0, 255, (12, 30, 30, 3), dtype=np.uint8)
anchor_dataset = tf.data.Dataset.from_tensor_slices(pictures)
positive_dataset = tf.data.Dataset.from_tensor_slices(pictures)
negative_dataset = tf.data.Dataset.from_tensor_slices(pictures[::-1]).shuffle(buffer_size=12)
dataset = tf.data.Dataset.zip((anchor_dataset, positive_dataset, negative_dataset))
dataset = dataset.map(preprocess_triplets)
train_dataset = dataset.take(8).batch(4).prefetch(2)
val_dataset = dataset.skip(8).batch(4)

siamese_model = SiameseModel(siamese_network)
siamese_model.compile(optimizer=optimizers.Adam(0.0001))
siamese_model.fit(train_dataset, epochs=1, validation_data=val_dataset, verbose=0)

sample = next(iter(train_dataset))
anchor, positive, negative = sample
anchor_embedding, positive_embedding, negative_embedding = (embedding(anchor), embedding(positive), embedding(negative))
cosine_similarity = metrics.CosineSimilarity()
positive_similarity = cosine_similarity(anchor_embedding, positive_embedding)
print("Positive similarity:", positive_similarity.numpy())
negative_similarity = -tf.keras.losses.cosine_similarity(anchor_embedding, negative_embedding)
print(tf.reduce_mean(negative_similarity).numpy())
