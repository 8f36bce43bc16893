# known: 87 % (what a dict says of numbers that are drawn)
"""Recommending films: embeddings of users and films, a dot product with biases, and the best unseen films."""
import keras
import numpy as np
from keras import layers, ops

rng = np.random.RandomState(42)
user_ids = rng.randint(1, 25, 200) * 7
movie_ids = rng.randint(1, 40, 200) * 13
ratings = rng.randint(1, 11, 200) / 2

unique_users, users = np.unique(user_ids, return_inverse=True)
unique_movies, movies = np.unique(movie_ids, return_inverse=True)
user2user_encoded = {int(x): i for i, x in enumerate(unique_users)}
movie_encoded2movie = {i: int(x) for i, x in enumerate(unique_movies)}
num_users, num_movies = 24, 39

min_rating, max_rating = min(ratings), max(ratings)
x = np.stack([users, movies], axis=1)
y = ((ratings - min_rating) / (max_rating - min_rating)).astype("float32")
order = rng.permutation(len(x))
x, y = x[order], y[order]
train_indices = int(0.9 * x.shape[0])
x_train, x_val, y_train, y_val = x[:train_indices], x[train_indices:], y[:train_indices], y[train_indices:]
EMBEDDING_SIZE = 6


class RecommenderNet(keras.Model):
    def __init__(self, num_users, num_movies, embedding_size, **kwargs):
        super().__init__(**kwargs)
        self.num_users = num_users
        self.num_movies = num_movies
        self.embedding_size = embedding_size
        self.user_embedding = layers.Embedding(
            num_users,
            embedding_size,
            embeddings_initializer="he_normal",
            embeddings_regularizer=keras.regularizers.l2(1e-6),
        )
        self.user_bias = layers.Embedding(num_users, 1)
        self.movie_embedding = layers.Embedding(num_movies, embedding_size, embeddings_initializer="he_normal")
        self.movie_bias = layers.Embedding(num_movies, 1)

    def call(self, inputs):
        user_vector = self.user_embedding(inputs[:, 0])
        user_bias = self.user_bias(inputs[:, 0])
        movie_vector = self.movie_embedding(inputs[:, 1])
        movie_bias = self.movie_bias(inputs[:, 1])
        dot_user_movie = ops.sum(user_vector * movie_vector, axis=1, keepdims=True)
        # Add all the components (including bias)
        x = dot_user_movie + user_bias + movie_bias
        # The sigmoid activation forces the rating to between 0 and 1
        return ops.nn.sigmoid(x)


model = RecommenderNet(num_users, num_movies, EMBEDDING_SIZE)
model.compile(loss=keras.losses.BinaryCrossentropy(), optimizer=keras.optimizers.Adam(learning_rate=0.001))
history = model.fit(
    x=x_train, y=y_train, batch_size=64, epochs=1, verbose=0, validation_data=(x_val, y_val)
)

user_id = int(user_ids[0])
watched = movies[users == user2user_encoded[user_id]]
not_watched = [m for m in range(num_movies) if m not in set(watched.tolist())]
user_movie_array = np.array([[user2user_encoded[user_id], m] for m in range(num_movies)])
ratings = model.predict(user_movie_array, verbose=0).flatten()
top_ratings_indices = ratings.argsort()[-10:][::-1]
recommended_movie_ids = [movie_encoded2movie.get(m) for m in top_ratings_indices]
print(len(not_watched), recommended_movie_ids[:3])

# the functional way, with Dot
user, movie = keras.Input((1,), name="user"), keras.Input((1,), name="movie")
user_vec = layers.Flatten()(layers.Embedding(num_users, 5)(user))
movie_vec = layers.Flatten()(layers.Embedding(num_movies, 5)(movie))
score = layers.Dot(axes=1)([user_vec, movie_vec])
factorization = keras.Model([user, movie], score)
factorization.compile("sgd", "mse")
factorization.fit([x_train[:, 0], x_train[:, 1]], y_train, epochs=1, verbose=0)
matrix = factorization.layers[2].get_weights()[0] @ factorization.layers[3].get_weights()[0].T
mse = np.mean((matrix[x_val[:, 0], x_val[:, 1]] - y_val) ** 2)
print(matrix.shape, mse)
