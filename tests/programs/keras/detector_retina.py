"""A one-stage detector: anchors in NumPy, matched targets, two heads, focal and box losses in one Loss class."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers

NUM_CLASSES = 3
IMAGE = 64
STRIDE = 8
SCALES = [12.0, 24.0]
RATIOS = [0.5, 1.0, 2.0]
NUM_ANCHORS = len(SCALES) * len(RATIOS)


def make_anchors():
    cells = IMAGE // STRIDE
    centers = (np.arange(cells) + 0.5) * STRIDE
    cx, cy = np.meshgrid(centers, centers)
    centers = np.stack([cx, cy], axis=-1).reshape(-1, 1, 2)
    dims = np.array([[s * np.sqrt(r), s / np.sqrt(r)] for s in SCALES for r in RATIOS])
    centers = np.tile(centers, [1, NUM_ANCHORS, 1])
    dims = np.tile(dims[None], [cells * cells, 1, 1])
    return np.concatenate([centers, dims], axis=-1).reshape(-1, 4).astype("float32")


def convert_to_corners(boxes):
    return tf.concat([boxes[..., :2] - boxes[..., 2:] / 2.0, boxes[..., :2] + boxes[..., 2:] / 2.0], axis=-1)


def compute_iou(boxes1, boxes2):
    boxes1_corners = convert_to_corners(boxes1)
    boxes2_corners = convert_to_corners(boxes2)
    lu = tf.maximum(boxes1_corners[:, None, :2], boxes2_corners[:, :2])
    rd = tf.minimum(boxes1_corners[:, None, 2:], boxes2_corners[:, 2:])
    intersection = tf.maximum(0.0, rd - lu)
    intersection_area = intersection[:, :, 0] * intersection[:, :, 1]
    boxes1_area = boxes1[:, 2] * boxes1[:, 3]
    boxes2_area = boxes2[:, 2] * boxes2[:, 3]
    union_area = tf.maximum(boxes1_area[:, None] + boxes2_area - intersection_area, 1e-8)
    return tf.clip_by_value(intersection_area / union_area, 0.0, 1.0)


anchors = make_anchors()


def encode_sample(gt_boxes, cls_ids):
    iou = compute_iou(anchors, gt_boxes)
    max_iou = tf.reduce_max(iou, axis=1)
    matched_gt_idx = tf.argmax(iou, axis=1)
    positive = tf.greater_equal(max_iou, 0.4)
    matched = tf.gather(gt_boxes, matched_gt_idx)
    box_target = tf.concat(
        [(matched[:, :2] - anchors[:, :2]) / anchors[:, 2:], tf.math.log(matched[:, 2:] / anchors[:, 2:])], axis=-1
    )
    classes = tf.cast(tf.gather(cls_ids, matched_gt_idx), tf.float32)
    cls_target = tf.where(positive, classes, -1.0)
    return tf.concat([box_target, tf.expand_dims(cls_target, axis=-1)], axis=-1)


class DetectionLoss(keras.losses.Loss):
    def __init__(self, num_classes, alpha=0.25, gamma=2.0, delta=1.0):
        super().__init__(reduction="sum_over_batch_size", name="DetectionLoss")
        self.num_classes, self.alpha, self.gamma, self.delta = num_classes, alpha, gamma, delta

    def call(self, y_true, y_pred):
        box_labels, box_predictions = y_true[:, :, :4], y_pred[:, :, :4]
        cls_labels = tf.one_hot(tf.cast(y_true[:, :, 4], tf.int32), depth=self.num_classes)
        cls_predictions = y_pred[:, :, 4:]
        positive_mask = tf.cast(tf.greater(y_true[:, :, 4], -1.0), tf.float32)
        ce = tf.nn.sigmoid_cross_entropy_with_logits(labels=cls_labels, logits=cls_predictions)
        probs = tf.nn.sigmoid(cls_predictions)
        pt = tf.where(tf.equal(cls_labels, 1.0), probs, 1 - probs)
        clf_loss = tf.reduce_sum(self.alpha * tf.pow(1.0 - pt, self.gamma) * ce, axis=-1)
        difference = box_labels - box_predictions
        absolute = tf.abs(difference)
        box_loss = tf.where(tf.less(absolute, self.delta), 0.5 * difference**2, absolute - 0.5)
        box_loss = tf.where(tf.equal(positive_mask, 1.0), tf.reduce_sum(box_loss, axis=-1), 0.0)
        normalizer = tf.maximum(tf.reduce_sum(positive_mask, axis=-1), 1.0)
        return (tf.reduce_sum(clf_loss, axis=-1) + tf.reduce_sum(box_loss, axis=-1)) / normalizer


def build_head(output_filters, bias_init):
    head = keras.Sequential([keras.Input(shape=[None, None, 16])])
    head.add(layers.Conv2D(16, 3, padding="same", activation="relu"))
    head.add(layers.Conv2D(output_filters, 3, padding="same", bias_initializer=bias_init))
    return head


image = keras.Input((IMAGE, IMAGE, 3))
x = image
for filters in (8, 12, 16):
    x = layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")(x)
box_outputs = layers.Reshape([-1, 4])(build_head(NUM_ANCHORS * 4, "zeros")(x))
cls_outputs = layers.Reshape([-1, NUM_CLASSES])(
    build_head(NUM_ANCHORS * NUM_CLASSES, keras.initializers.Constant(-np.log((1 - 0.01) / 0.01)))(x)
)
model = keras.Model(image, layers.Concatenate(axis=-1)([box_outputs, cls_outputs]))
model.compile(loss=DetectionLoss(NUM_CLASSES), optimizer=keras.optimizers.SGD(0.01, momentum=0.9))

images, targets = [], []
for _ in range(6):
    boxes = np.random.uniform(10, 50, (4, 4)).astype("float32")
    images.append(np.random.rand(IMAGE, IMAGE, 3))
    targets.append(encode_sample(boxes, np.random.randint(0, NUM_CLASSES, 4)))
images, targets = np.array(images), np.stack(targets)
model.fit(images, targets, batch_size=3, epochs=1, verbose=0)

predictions = model.predict(images[:2], verbose=0)
boxes = predictions[..., :4]
boxes = np.concatenate([boxes[..., :2] * anchors[:, 2:] + anchors[:, :2], np.exp(boxes[..., 2:]) * anchors[:, 2:]], -1)
scores = tf.nn.sigmoid(predictions[..., 4:])
detections = tf.image.combined_non_max_suppression(
    tf.expand_dims(convert_to_corners(boxes), axis=2), scores, 5, 10, iou_threshold=0.5, clip_boxes=False
)
keep = tf.image.non_max_suppression(convert_to_corners(boxes[0]), tf.reduce_max(scores[0], axis=-1), max_output_size=7)
print(detections.nmsed_boxes.shape, detections.valid_detections.shape, keep.shape[0] <= 7)
