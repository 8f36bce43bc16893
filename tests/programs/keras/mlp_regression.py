"""A multilayer perceptron on a table: standardise, fit with callbacks, k-fold validation."""
import numpy as np
import keras
from keras import layers, regularizers

FEATURES = 13


def load_houses(n=120, seed=7):
    rng = np.random.RandomState(seed)
    data = rng.randn(n, FEATURES)
    weights = rng.rand(FEATURES)
    prices = data @ weights + 0.1 * rng.randn(n)
    return (data[:100], prices[:100]), (data[100:], prices[100:])


(train_data, train_targets), (test_data, test_targets) = load_houses()

mean = train_data.mean(axis=0)
std = train_data.std(axis=0)
train_data -= mean
train_data /= std
test_data = (test_data - mean) / std


def build_model(units=(16, 8), dropout=0.2):
    model = keras.models.Sequential()
    model.add(layers.Input((train_data.shape[1],)))
    for width in units:
        model.add(layers.Dense(width, activation="relu", kernel_regularizer=regularizers.l2(1e-4)))
        model.add(layers.BatchNormalization())
        model.add(layers.Dropout(dropout))
    model.add(layers.Dense(1))
    model.compile(optimizer=keras.optimizers.RMSprop(1e-3), loss="mse", metrics=["mae"])
    return model


k = 2
fold = len(train_data) // k
all_scores = []
for i in range(k):
    val_data = train_data[i * fold : (i + 1) * fold]
    val_targets = train_targets[i * fold : (i + 1) * fold]
    partial_data = np.concatenate([train_data[: i * fold], train_data[(i + 1) * fold :]], axis=0)
    partial_targets = np.concatenate([train_targets[: i * fold], train_targets[(i + 1) * fold :]], axis=0)
    model = build_model()
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=1, restore_best_weights=True)
    model.fit(
        partial_data,
        partial_targets,
        validation_data=(val_data, val_targets),
        epochs=1,
        batch_size=25,
        callbacks=[stop],
        verbose=0,
    )
    val_mse, val_mae = model.evaluate(val_data, val_targets, verbose=0)
    all_scores.append(val_mae)
print("mean absolute error:", np.mean(all_scores))

predictions = model.predict(test_data, verbose=0)
residuals = predictions.flatten() - test_targets
rmse = np.sqrt(np.mean(residuals**2))
order = np.argsort(np.abs(residuals))[::-1]
worst = test_data[order[:3]]
kernel, bias = model.layers[0].get_weights()
importance = np.abs(kernel).sum(axis=1)
print(rmse, worst.shape, importance.argmax())
