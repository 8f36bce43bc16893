"""ImageDataGenerator on folders and arrays, pictures read one by one, and a user's own PyDataset."""
import os
import tempfile

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.preprocessing import image as image_tools
from tensorflow.keras.preprocessing.image import ImageDataGenerator, img_to_array, load_img

HEIGHT, WIDTH = 20, 22
root = tempfile.mkdtemp()
names = ["cat", "dog", "fish"]
for number, name in enumerate(names):
    os.makedirs(os.path.join(root, name))
    for k in range(6):
        pixels = np.random.rand(25, 27, 3) * 255
        keras.utils.save_img(os.path.join(root, name, f"{k}.png"), pixels)

train_datagen = ImageDataGenerator(rescale=1.0 / 255, rotation_range=10, zoom_range=0.1, validation_split=0.5)
train_generator = train_datagen.flow_from_directory(
    root, target_size=(HEIGHT, WIDTH), batch_size=9, class_mode="categorical", classes=names, subset="training"
)
val_generator = train_datagen.flow_from_directory(
    root, target_size=(HEIGHT, WIDTH), batch_size=9, class_mode="categorical", classes=names, subset="validation"
)
x_batch, y_batch = next(train_generator)
channels = x_batch.shape[-1]

inputs = keras.Input((HEIGHT, WIDTH, 3))
x = layers.Conv2D(8, 3, strides=2, activation="relu")(inputs)
x = layers.Flatten()(x)
outputs = layers.Dense(len(names), activation="softmax")(x)
model = keras.Model(inputs, outputs)
model.compile("adam", "categorical_crossentropy")
model.fit(train_generator, validation_data=val_generator, epochs=1, verbose=0)

picture = load_img(os.path.join(root, "cat", "0.png"), target_size=(HEIGHT, WIDTH))
array = img_to_array(picture)
batch = np.expand_dims(array, axis=0)
prediction = model.predict(batch / 255.0, verbose=0)
best = np.argmax(prediction, axis=1)
again = image_tools.img_to_array(image_tools.array_to_img(array))

photos = np.random.rand(40, HEIGHT, WIDTH, 3)
targets = keras.utils.to_categorical(np.arange(40) % 3, 3)
flow = ImageDataGenerator(horizontal_flip=True).flow(photos, targets, batch_size=8)
first_x, first_y = next(flow)
for count, (some_x, some_y) in enumerate(flow):
    if count == 3:
        break
    guess = model(some_x)


class Augmented(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y, self.batch_size = x, y, batch_size

    def __len__(self):
        return int(np.ceil(len(self.x) / self.batch_size))

    def __getitem__(self, index):
        low = index * self.batch_size
        high = min(low + self.batch_size, len(self.x))
        part = self.x[low:high]
        noisy = part + np.random.normal(0, 0.1, part.shape)
        return noisy.astype("float32"), self.y[low:high]


dataset = Augmented(photos, targets, 16)
batches = len(dataset)
noisy_x, noisy_y = dataset[0]
model.fit(dataset, epochs=1, verbose=0)
scores = model.predict(noisy_x, verbose=0)
