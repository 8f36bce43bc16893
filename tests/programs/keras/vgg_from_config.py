"""A VGG from a dict of configurations: numbers are convolutions, "M" is pooling."""
from tensorflow import keras
from tensorflow.keras import layers

CONFIGS = {
    "A": [64, "M", 128, "M", 256, 256, "M", 512, 512, "M"],
    "B": [64, 64, "M", 128, 128, "M", 256, 256, "M"],
}
WEIGHT_DECAY = 5e-4


def make_layers(x, cfg, batch_norm=True):
    for index, v in enumerate(cfg):
        if v == "M":
            x = layers.MaxPooling2D(2, name=f"pool_{index}")(x)
            continue
        x = layers.Conv2D(v, 3, padding="same", kernel_regularizer=keras.regularizers.l2(WEIGHT_DECAY))(x)
        if batch_norm:
            x = layers.BatchNormalization()(x)
        x = layers.Activation("relu", name="relu_%d" % index)(x)
    return x


def vgg(name="A", input_shape=(32, 32, 3), num_classes=10, hidden=(512, 256), dropout=0.5):
    inputs = keras.Input(shape=input_shape)
    x = make_layers(inputs, CONFIGS[name])
    x = layers.Flatten()(x)
    for units in hidden:
        x = layers.Dense(units, activation="relu")(x)
        x = layers.Dropout(dropout)(x)
    outputs = layers.Dense(num_classes, activation="softmax")(x)
    return keras.Model(inputs, outputs, name=f"vgg_{name.lower()}")


if __name__ == "__main__":
    models = {key: vgg(key, num_classes=len(key) * 10) for key in CONFIGS}
    for key, model in models.items():
        print(key, model.output_shape)
        out = model.output
    features = keras.Model(models["A"].input, models["A"].get_layer("pool_9").output)
    maps = features(keras.Input((32, 32, 3), batch_size=5))
