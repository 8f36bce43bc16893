"""Modules of Keras 1 and 2 that Keras 3 has no more: most old programs end at their imports."""

from __future__ import annotations

from ...rule import REGISTRY

LAYERS = """
advanced_activations convolutional convolutional_recurrent core embeddings experimental local merge noise normalization
pooling recurrent wrappers
"""
UTILS = "conv_utils data_utils generic_utils io_utils layer_utils losses_utils np_utils training_utils vis_utils"

REGISTRY.gone["keras"] = frozenset(
    (
        *(f"keras.layers.{name}" for name in LAYERS.split()),
        *(f"keras.utils.{name}" for name in UTILS.split()),
        "keras.backend.tensorflow_backend",
        "keras.engine",
        "keras.objectives",
        "keras.preprocessing.text",
        "keras.wrappers.scikit_learn",
    )
)
