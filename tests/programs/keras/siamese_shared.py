"""Shared layers and a shared model: two inputs, one tower, distances by Lambda."""
import tensorflow as tf
from tensorflow.keras import Input, Model, Sequential
from tensorflow.keras.layers import Concatenate, Conv1D, Conv2D, Dense, Dot, Embedding, Flatten, Lambda, MaxPooling2D


def tower(input_shape):
    return Sequential(
        [
            Input(input_shape),
            Conv2D(16, 10, activation="relu"),
            MaxPooling2D(),
            Conv2D(32, (7, 5), activation="relu"),
            MaxPooling2D(pool_size=(2, 3)),
            Flatten(),
            Dense(64, activation="sigmoid"),
        ]
    )


shape = (105, 100, 1)
left_input, right_input = Input(shape), Input(shape)
model = tower(shape)
encoded_l = model(left_input)
encoded_r = model(right_input)
L1_layer = Lambda(lambda tensors: tf.abs(tensors[0] - tensors[1]))
L1_distance = L1_layer([encoded_l, encoded_r])
prediction = Dense(1, activation="sigmoid")(L1_distance)
siamese = Model(inputs=[left_input, right_input], outputs=prediction)

cosine = Dot(axes=1, normalize=True)([encoded_l, encoded_r])
merged = Concatenate(axis=-1)([cosine, L1_distance, prediction])

shared_embedding = Embedding(1000, 48)
shared_conv = Conv1D(24, 3, padding="causal")
texts = {name: Input((length,), name=name) for name, length in (("title", 12), ("body", 80))}
encoded = {name: shared_conv(shared_embedding(text)) for name, text in texts.items()}
last = [Lambda(lambda t: t[:, -1, :])(encoded[name]) for name in sorted(encoded)]
both = Concatenate()(last)
text_model = Model(inputs=texts, outputs={"score": Dense(1)(both), "codes": both})
result = text_model({"title": tf.zeros((3, 12)), "body": tf.zeros((3, 80))})
score, codes = result["score"], result["codes"]
