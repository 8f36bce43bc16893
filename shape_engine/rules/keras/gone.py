"""Names of Keras 1 and 2 that Keras 3 has no more: most old programs end at their imports.

``tf.keras`` holds some of them still (keras/_tf_keras/keras), and Keras 2 those that went with Keras 3.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import REGISTRY, Lost
from ...wording import lost_names

MODULES = {
    "layers": "advanced_activations convolutional convolutional_recurrent core embeddings local merge noise "
    "normalization pooling recurrent wrappers",
    "utils": "conv_utils data_utils generic_utils io_utils layer_utils losses_utils np_utils training_utils vis_utils",
    "backend": "tensorflow_backend",
    "wrappers": "scikit_learn",
    "": "engine objectives",
}
"""Modules of Keras 1 and 2.x."""

ONE = {
    "layers": "AtrousConvolution1D AtrousConvolution2D ConvRecurrent2D CuDNNGRU CuDNNLSTM Highway MaxoutDense Merge "
    "ParametricSoftplus Recurrent SReLU TimeDistributedDense TimeDistributedMerge",
    "models": "Graph",
    "optimizers": "adadelta adagrad adam adam_v2 adamax gradient_descent_v2 nadam rmsprop sgd TFOptimizer",
    "utils": "HDF5Matrix multi_gpu_model print_summary visualize_util",
    "backend": "control_flow_ops get_session get_variable_shape identity image_dim_ordering set_image_dim_ordering "
    "set_session tf theano_backend",
    "": "initializations",
}
"""What went before Keras 2 ended."""

TWO = {
    "applications": "RegNetX002 RegNetX004 RegNetX006 RegNetX008 RegNetX016 RegNetX032 RegNetX040 RegNetX064 "
    "RegNetX080 RegNetX120 RegNetX160 RegNetX320 RegNetY002 RegNetY004 RegNetY006 RegNetY008 RegNetY016 RegNetY032 "
    "RegNetY040 RegNetY064 RegNetY080 RegNetY120 RegNetY160 RegNetY320 ResNetRS101 ResNetRS152 ResNetRS200 "
    "ResNetRS270 ResNetRS350 ResNetRS420 ResNetRS50 regnet resnet_rs",
    "backend": "function in_test_phase in_train_phase learning_phase learning_phase_scope local_conv1d local_conv2d "
    "manual_variable_initialization normalize_batch_in_training placeholder print_tensor random_binomial reset_uids "
    "set_learning_phase",
    "callbacks": "BaseLogger experimental",
    "layers": "AbstractRNNCell DenseFeatures LocallyConnected1D LocallyConnected2D experimental",
    "metrics": "MeanRelativeError MeanTensor",
    "models": "experimental model_from_config model_from_yaml",
    "optimizers": "experimental",
    "optimizers.legacy": "Adadelta Adamax Nadam",
    "utils": "SidecarEvaluator experimental",
    "": "estimator experimental",
}
"""What Keras 2 had to its end."""

KEPT = {
    "backend": "abs all any arange argmax argmin batch_dot batch_flatten batch_get_value batch_normalization "
    "batch_set_value bias_add binary_crossentropy cast cast_to_floatx categorical_crossentropy clip concatenate constant "
    "conv1d conv2d conv2d_transpose conv3d cos count_params ctc_batch_cost ctc_decode ctc_label_dense_to_sparse cumprod "
    "cumsum depthwise_conv2d dot dropout dtype elu equal eval exp expand_dims eye flatten foldl foldr gather get_value "
    "gradients greater greater_equal hard_sigmoid in_top_k int_shape is_sparse l2_normalize less less_equal log map_fn "
    "max maximum mean min minimum moving_average_update ndim not_equal one_hot ones ones_like permute_dimensions pool2d "
    "pool3d pow prod random_bernoulli random_normal random_normal_variable random_uniform random_uniform_variable relu "
    "repeat repeat_elements reshape resize_images resize_volumes reverse rnn round separable_conv2d set_value shape "
    "sigmoid sign sin softmax softplus softsign sparse_categorical_crossentropy spatial_2d_padding spatial_3d_padding "
    "sqrt square squeeze stack std stop_gradient sum switch tanh temporal_padding tile to_dense transpose truncated_normal update "
    "update_add update_sub var variable zeros zeros_like",
    "layers": "RandomHeight RandomWidth ThresholdedReLU",
    "losses": "KLD MAE MAPE MSE MSLE Reduction kld kullback_leibler_divergence logcosh mae mape mse msle",
    "metrics": "KLD MAE MAPE MSE MSLE kld kullback_leibler_divergence logcosh mae mape mse msle",
    "preprocessing": "text",
    "preprocessing.image": "DirectoryIterator ImageDataGenerator Iterator NumpyArrayIterator apply_affine_transform "
    "apply_brightness_shift apply_channel_shift random_brightness random_channel_shift random_rotation random_shear "
    "random_shift random_zoom",
    "preprocessing.sequence": "TimeseriesGenerator make_sampling_table skipgrams",
}
"""What is left of Keras 2 in ``tf.keras``."""

TENSORFLOW_1 = {
    "losses": "absolute_difference add_loss compute_weighted_loss cosine_distance get_losses get_regularization_loss "
    "get_regularization_losses get_total_loss hinge_loss huber_loss log_loss mean_pairwise_squared_error "
    "mean_squared_error sigmoid_cross_entropy softmax_cross_entropy sparse_softmax_cross_entropy",
    "metrics": "accuracy auc average_precision_at_k false_negatives_at_thresholds false_positives_at_thresholds "
    "mean_absolute_error mean_cosine_distance mean_iou mean_per_class_accuracy mean_squared_error percentage_below "
    "precision precision_at_k precision_at_thresholds recall recall_at_k recall_at_thresholds root_mean_squared_error",
}
"""What ``tf.losses`` and ``tf.metrics`` had before they were those of Keras."""


def _whole(*tables: dict[str, str]) -> Iterator[str]:
    for table in tables:
        for module, names in table.items():
            yield from (f"keras.{module}.{name}" if module else f"keras.{name}" for name in names.split())


def _lost(root: str, *tables: dict[str, str]) -> dict[str, Lost]:
    """The names of the tables with what asking for them prints, where the package is spelled like this."""
    found = {}
    for path in _whole(*tables):
        module, _, name = path.rpartition(".")
        spelled = f"?{module}" if root == "tensorflow.keras" else root + module.removeprefix("keras")
        old = name in TENSORFLOW_1.get(module.rpartition(".")[2], "").split()
        now = f"tf.compat.v1.{path.removeprefix('keras.')}" if old and root == "tensorflow.keras" else ""
        found[path] = Lost(lost_names.no_attribute(spelled, name), now=now)
    return found


_EXPERIMENTAL = {name for name in _whole(TWO) if name.endswith(".experimental")}

REGISTRY.gone |= {
    "keras": frozenset((*_whole(MODULES), *_EXPERIMENTAL, "keras.preprocessing.text")),
    "tensorflow.keras": frozenset((*_whole(MODULES), *_EXPERIMENTAL)),
    "tf_keras": frozenset((*_whole(MODULES), "keras.wrappers")),
}
REGISTRY.lost |= {
    "keras": _lost("keras", MODULES, ONE, TWO, KEPT),
    "tensorflow.keras": _lost("tensorflow.keras", MODULES, ONE, TWO, TENSORFLOW_1),
    "tf_keras": _lost("tf_keras", MODULES, ONE),
}
