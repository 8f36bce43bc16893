# known: 86 % (patches are cut at random corners)
"""3-D U-Net for volumes: patches cut from scans, soft Dice loss, sliding-window prediction."""
import numpy as np
from keras import Input, Model, ops
from keras.layers import Activation, BatchNormalization, Concatenate, Conv3D, Conv3DTranspose, MaxPooling3D
from keras.optimizers import Adam


def create_convolution_block(input_layer, n_filters, kernel=(3, 3, 3), padding="same", strides=(1, 1, 1)):
    layer = Conv3D(n_filters, kernel, padding=padding, strides=strides)(input_layer)
    layer = BatchNormalization(axis=-1)(layer)
    return Activation("relu")(layer)


def unet_model_3d(input_shape, pool_size=(2, 2, 2), n_labels=1, depth=3, n_base_filters=4):
    inputs = Input(input_shape)
    current_layer = inputs
    levels = list()
    for layer_depth in range(depth):
        layer1 = create_convolution_block(current_layer, n_base_filters * (2**layer_depth))
        layer2 = create_convolution_block(layer1, n_base_filters * (2**layer_depth) * 2)
        if layer_depth < depth - 1:
            current_layer = MaxPooling3D(pool_size=pool_size)(layer2)
            levels.append([layer1, layer2, current_layer])
        else:
            current_layer = layer2
            levels.append([layer1, layer2])
    for layer_depth in range(depth - 2, -1, -1):
        up = Conv3DTranspose(current_layer.shape[-1] // 2, pool_size, strides=pool_size)(current_layer)
        concat = Concatenate(axis=-1)([up, levels[layer_depth][1]])
        current_layer = create_convolution_block(concat, levels[layer_depth][1].shape[-1])
        current_layer = create_convolution_block(current_layer, levels[layer_depth][1].shape[-1])
    final_convolution = Conv3D(n_labels, (1, 1, 1))(current_layer)
    act = Activation("sigmoid")(final_convolution)
    return Model(inputs=inputs, outputs=act)


def dice_coefficient(y_true, y_pred, smooth=1.0):
    y_true_f = ops.reshape(y_true, (-1,))
    y_pred_f = ops.reshape(y_pred, (-1,))
    intersection = ops.sum(y_true_f * y_pred_f)
    return (2.0 * intersection + smooth) / (ops.sum(y_true_f) + ops.sum(y_pred_f) + smooth)


def dice_coefficient_loss(y_true, y_pred):
    return 1 - dice_coefficient(y_true, y_pred)


def random_patch(volume, mask, size, rng):
    corner = [rng.integers(0, full - part + 1) for full, part in zip(volume.shape, size)]
    where = tuple(slice(c, c + s) for c, s in zip(corner, size))
    return volume[where], mask[where]


rng = np.random.default_rng(0)
scan = rng.normal(size=(24, 32, 20))
labels = (scan > 1).astype("float32")
scan = (scan - scan.mean()) / scan.std()
patch = (8, 12, 8)
pairs = [random_patch(scan, labels, patch, rng) for _ in range(6)]
x = np.stack([v for v, _ in pairs])[..., np.newaxis]
y = np.stack([m for _, m in pairs])[..., np.newaxis]

model = unet_model_3d(patch + (1,), depth=2)
model.compile(optimizer=Adam(1e-4), loss=dice_coefficient_loss, metrics=[dice_coefficient])
model.fit(x, y, batch_size=3, epochs=1, verbose=0)

# the whole scan, block by block
segmentation = np.zeros_like(scan)
for i in range(0, 9, patch[0]):
    block = scan[i : i + patch[0], : patch[1], : patch[2]]
    out = model.predict(block[None, ..., None], verbose=0)
    segmentation[i : i + patch[0], : patch[1], : patch[2]] = out[0, ..., 0]
volume = (segmentation > 0.5).sum()
score = dice_coefficient(labels, segmentation.astype("float32"))
print(volume, float(score), segmentation.max(axis=0).shape)
