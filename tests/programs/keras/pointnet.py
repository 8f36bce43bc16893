"""Point cloud classification with PointNet: T-nets with an orthogonal regulariser, shared by Conv1D of width 1."""
import keras
import numpy as np
from keras import layers, ops
from tensorflow import data as tf_data

NUM_POINTS = 64
NUM_CLASSES = 5
BATCH_SIZE = 4


def parse_dataset(num_points=64):
    train_points, train_labels, test_points, test_labels = [], [], [], []
    for i in range(NUM_CLASSES):
        for _ in range(2):
            train_points.append(np.random.randn(num_points, 3) * (i + 1))
            train_labels.append(i)
        test_points.append(np.random.randn(num_points, 3))
        test_labels.append(i)
    return np.array(train_points), np.array(test_points), np.array(train_labels), np.array(test_labels)


train_points, test_points, train_labels, test_labels = parse_dataset(NUM_POINTS)


def augment(points, label):
    points += keras.random.uniform(points.shape, -0.005, 0.005, dtype="float64")
    return points, label


train_dataset = tf_data.Dataset.from_tensor_slices((train_points, train_labels))
test_dataset = tf_data.Dataset.from_tensor_slices((test_points, test_labels))
train_dataset = train_dataset.shuffle(len(train_points)).map(augment).batch(BATCH_SIZE)
test_dataset = test_dataset.shuffle(len(test_points)).batch(BATCH_SIZE)


def conv_bn(x, filters):
    x = layers.Conv1D(filters, kernel_size=1, padding="valid")(x)
    x = layers.BatchNormalization(momentum=0.0)(x)
    return layers.Activation("relu")(x)


def dense_bn(x, filters):
    x = layers.Dense(filters)(x)
    x = layers.BatchNormalization(momentum=0.0)(x)
    return layers.Activation("relu")(x)


class OrthogonalRegularizer(keras.regularizers.Regularizer):
    def __init__(self, num_features, l2reg=0.001):
        self.num_features = num_features
        self.l2reg = l2reg
        self.eye = ops.eye(num_features)

    def __call__(self, x):
        x = ops.reshape(x, (-1, self.num_features, self.num_features))
        xxt = ops.tensordot(x, x, axes=(2, 2))
        xxt = ops.reshape(xxt, (-1, self.num_features, self.num_features))
        return ops.sum(self.l2reg * ops.square(xxt - self.eye))


def tnet(inputs, num_features):
    # Initialise bias as the identity matrix
    bias = keras.initializers.Constant(np.eye(num_features).flatten())
    reg = OrthogonalRegularizer(num_features)
    x = conv_bn(inputs, 8)
    x = conv_bn(x, 16)
    x = layers.GlobalMaxPooling1D()(x)
    x = dense_bn(x, 12)
    x = layers.Dense(
        num_features * num_features, kernel_initializer="zeros", bias_initializer=bias, activity_regularizer=reg
    )(x)
    feat_T = layers.Reshape((num_features, num_features))(x)
    # Apply affine transformation to input features
    return layers.Dot(axes=(2, 1))([inputs, feat_T])


inputs = keras.Input(shape=(NUM_POINTS, 3))
x = tnet(inputs, 3)
x = conv_bn(x, 6)
x = tnet(x, 6)
x = conv_bn(x, 12)
x = layers.GlobalMaxPooling1D()(x)
x = dense_bn(x, 16)
x = layers.Dropout(0.3)(x)
outputs = layers.Dense(NUM_CLASSES, activation="softmax")(x)
model = keras.Model(inputs=inputs, outputs=outputs, name="pointnet")
model.compile(
    loss="sparse_categorical_crossentropy",
    optimizer=keras.optimizers.Adam(learning_rate=0.001),
    metrics=["sparse_categorical_accuracy"],
)
model.fit(train_dataset, epochs=1, validation_data=test_dataset, verbose=0)

data = test_dataset.take(1)
points, labels = list(data)[0]
points = points[:8, ...]
labels = labels[:8, ...]
preds = model.predict(points, verbose=0)
preds = ops.argmax(preds, -1)
points = points.numpy()
for i in range(2):
    xs, ys, zs = points[i, :, 0], points[i, :, 1], points[i, :, 2]
    print(int(preds[i]), int(labels.numpy()[i]), xs.shape, ys.max(), zs.min())
