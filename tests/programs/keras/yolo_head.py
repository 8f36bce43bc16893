"""A detector: anchors, lists of outputs, meshgrids, boxes decoded by slices with negative bounds."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import Input, Model, layers

ANCHORS = np.array([[10, 13], [16, 30], [33, 23], [30, 61], [62, 45], [59, 119]], np.float32) / 416
MASKS = [[3, 4, 5], [0, 1, 2]]
NUM_CLASSES = 4


def darknet_conv(x, filters, size, strides=1, batch_norm=True):
    if strides == 1:
        padding = "same"
    else:
        x = layers.ZeroPadding2D(((1, 0), (1, 0)))(x)
        padding = "valid"
    x = layers.Conv2D(filters, size, strides=strides, padding=padding, use_bias=not batch_norm)(x)
    return layers.LeakyReLU(negative_slope=0.1)(layers.BatchNormalization()(x)) if batch_norm else x


def output_head(filters, anchors, classes, name=None):
    def head(x_in):
        x = inputs = Input(x_in.shape[1:])
        x = darknet_conv(x, filters * 2, 3)
        x = darknet_conv(x, anchors * (classes + 5), 1, batch_norm=False)
        h, w = x.shape[1:3]
        x = layers.Reshape((h, w, anchors, classes + 5))(x)
        return Model(inputs, x, name=name)(x_in)

    return head


def decode(pred, anchors):
    grid_h, grid_w = pred.shape[1], pred.shape[2]
    box_xy, box_wh, objectness, probs = tf.split(pred, (2, 2, 1, -1), axis=-1)
    grid = tf.meshgrid(tf.range(grid_w), tf.range(grid_h))
    grid = tf.expand_dims(tf.stack(grid, axis=-1), axis=2)
    box_xy = (tf.sigmoid(box_xy) + tf.cast(grid, tf.float32)) / float(max(grid_w, grid_h))
    box_wh = tf.exp(box_wh) * anchors
    corners = tf.concat([box_xy - box_wh / 2, box_xy + box_wh / 2], axis=-1)
    return corners, objectness, probs, pred[..., -NUM_CLASSES:]


x = image = Input((96, 128, 3))
routes = []
for filters in (16, 32, 64, 128):
    x = darknet_conv(x, filters, 3, strides=2)
    routes.append(x)
small = output_head(128, len(MASKS[0]), NUM_CLASSES, "small")(routes[-1])
up = layers.UpSampling2D(2)(darknet_conv(routes[-1], 64, 1))
medium = output_head(64, len(MASKS[1]), NUM_CLASSES, "medium")(layers.Concatenate()([up, routes[-2]]))
yolo = Model(image, (small, medium), name="yolo")
predictions = yolo(tf.zeros((2, 96, 128, 3)))
boxes = [decode(pred, ANCHORS[mask]) for pred, mask in zip(predictions, MASKS)]
flat = [tf.reshape(corners, (2, -1, tf.shape(corners)[-1])) for corners, *_ in boxes]
every = tf.concat(flat, axis=1)
