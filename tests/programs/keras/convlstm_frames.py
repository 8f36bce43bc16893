"""Next-frame video prediction with ConvLSTM: moving squares, shifted targets, frames predicted one by one."""
import keras
import numpy as np
from keras import layers

dataset = np.random.rand(20, 10, 24, 24)  # frames first, as the file has them
dataset = np.swapaxes(dataset, 0, 1)
dataset = np.expand_dims(dataset, axis=-1)

# Split into train and validation sets using indexing to optimize memory.
indexes = np.arange(dataset.shape[0])
np.random.shuffle(indexes)
train_index = indexes[: int(0.8 * dataset.shape[0])]
val_index = indexes[int(0.8 * dataset.shape[0]) :]
train_dataset = dataset[train_index]
val_dataset = dataset[val_index]


# We'll define a helper function to shift the frames, where
# `x` is frames 0 to n - 1, and `y` is frames 1 to n.
def create_shifted_frames(data):
    x = data[:, 0 : data.shape[1] - 1, :, :]
    y = data[:, 1 : data.shape[1], :, :]
    return x, y


x_train, y_train = create_shifted_frames(train_dataset[:, :7])
x_val, y_val = create_shifted_frames(val_dataset[:, :7])
print("Training Dataset Shapes: " + str(x_train.shape) + ", " + str(y_train.shape))

inp = layers.Input(shape=(None, *x_train.shape[2:]))
x = layers.ConvLSTM2D(filters=4, kernel_size=(5, 5), padding="same", return_sequences=True, activation="relu")(inp)
x = layers.BatchNormalization()(x)
x = layers.ConvLSTM2D(filters=4, kernel_size=(3, 3), padding="same", return_sequences=True, activation="relu")(x)
x = layers.Conv3D(filters=1, kernel_size=(3, 3, 3), activation="sigmoid", padding="same")(x)
model = keras.models.Model(inp, x)
model.compile(loss=keras.losses.binary_crossentropy, optimizer=keras.optimizers.Adam())

early_stopping = keras.callbacks.EarlyStopping(monitor="val_loss", patience=10)
reduce_lr = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", patience=5)
model.fit(
    x_train,
    y_train,
    batch_size=4,
    epochs=1,
    validation_data=(x_val, y_val),
    callbacks=[early_stopping, reduce_lr],
    verbose=0,
)

example = val_dataset[np.random.choice(range(len(val_dataset)), size=1)[0]]
frames = example[:5, ...]
original_frames = example[5:, ...]
for _ in range(3):
    new_prediction = model.predict(np.expand_dims(frames, axis=0), verbose=0)
    new_prediction = np.squeeze(new_prediction, axis=0)
    predicted_frame = np.expand_dims(new_prediction[-1, ...], axis=0)
    frames = np.concatenate((frames, predicted_frame), axis=0)
error = np.mean((frames[5:] - original_frames[:3]) ** 2, axis=(1, 2, 3))

predicted_videos = []
for sample in val_dataset[:1]:
    new_predictions = np.zeros(shape=(2, *frames[0].shape))
    for i in range(2):
        context = sample[: 3 + i + 1, ...]
        prediction = np.squeeze(model.predict(np.expand_dims(context, axis=0), verbose=0), axis=0)
        new_predictions[i] = np.expand_dims(prediction[-1, ...], axis=0)
    for frame_set in [sample[-2:], new_predictions]:
        current_frames = np.squeeze(frame_set)
        current_frames = current_frames[..., np.newaxis] * np.ones(3)
        current_frames = (current_frames * 255).astype(np.uint8)
        predicted_videos.append(list(current_frames))
print(error.shape, len(predicted_videos), predicted_videos[0][0].shape)
