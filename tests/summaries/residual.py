from keras import Input, Model, layers


def block(x, filters):
    y = layers.Conv2D(filters, 3, padding="same")(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    if x.shape[-1] != filters:
        x = layers.Conv2D(filters, 1)(x)
    return layers.Add()([x, y])


inputs = x = Input((32, 32, 3))
for filters in (16, 16, 24):
    x = block(x, filters)
x = layers.GlobalMaxPooling2D()(x)
model = Model(inputs, layers.Dense(5, activation="softmax")(x), name="residual")
