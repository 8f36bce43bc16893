# needs: sklearn
"""Tables from scikit-learn and pandas: splits, scalers, one-hot labels, folds; then a dense network."""
import numpy as np
import pandas as pd
from sklearn.datasets import load_iris, make_regression
from sklearn.decomposition import PCA
from sklearn.model_selection import KFold, train_test_split
from sklearn.preprocessing import LabelEncoder, MinMaxScaler, StandardScaler
from tensorflow import keras
from tensorflow.keras import layers

iris = load_iris()
X, y = iris.data, iris.target
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42, stratify=y)
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)
classes = len(iris.target_names)
onehot = keras.utils.to_categorical(y_train, classes)

model = keras.Sequential([
    keras.Input((X_train.shape[1],)),
    layers.Dense(10, activation="relu"),
    layers.Dense(classes, activation="softmax"),
])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
model.fit(X_train, onehot, epochs=1, verbose=0)
predicted = model.predict(X_test, verbose=0)
wrong = np.sum(predicted.argmax(axis=1) != y_test)

frame = pd.DataFrame(np.random.rand(60, 4), columns=["a", "b", "c", "price"])
frame["kind"] = ["x", "y", "z"] * 20
codes = LabelEncoder().fit_transform(frame["kind"])
prices = frame.pop("price").values.astype("float32")
numbers = frame.drop(columns=["kind"])
normal = (numbers - numbers.mean()) / numbers.std()
features = np.column_stack([normal.values, codes])
features_train, features_val, price_train, price_val = train_test_split(features, prices, test_size=15)
regressor = keras.Sequential([layers.Dense(8, activation="relu"), layers.Dense(1)])
regressor.compile("adam", "mse")
regressor.fit(features_train, price_train, validation_data=(features_val, price_val), epochs=1, verbose=0)

data, target = make_regression(n_samples=50, n_features=12, random_state=0)
data = MinMaxScaler().fit_transform(data)
target = MinMaxScaler().fit_transform(target.reshape(-1, 1))
reduced = PCA(n_components=5).fit_transform(data)
folds = KFold(n_splits=5, shuffle=True, random_state=1)
losses = []
for fold, (train, test) in enumerate(folds.split(reduced)):
    part_x, part_y = reduced[train], target[train]
    small = keras.Sequential([keras.Input((5,)), layers.Dense(4), layers.Dense(1)])
    small.compile("sgd", "mse")
    small.fit(part_x, part_y, epochs=1, verbose=0)
    guess = small.predict(reduced[test], verbose=0)
    losses.append(float(np.mean((guess - target[test]) ** 2)))

closing = pd.DataFrame({"close": np.cumsum(np.random.randn(120)), "volume": np.random.rand(120)})
values = MinMaxScaler().fit_transform(closing[["close"]].values)
steps = 20
X_seq, y_seq = [], []
for i in range(steps, 60):
    X_seq.append(values[i - steps : i, 0])
    y_seq.append(values[i, 0])
X_seq, y_seq = np.array(X_seq), np.array(y_seq)
X_seq = np.reshape(X_seq, (X_seq.shape[0], X_seq.shape[1], 1))
lstm = keras.Sequential([layers.LSTM(8, input_shape=(X_seq.shape[1], 1)), layers.Dense(1)])
lstm.compile("adam", "mean_squared_error")
lstm.fit(X_seq, y_seq, epochs=1, verbose=0)
