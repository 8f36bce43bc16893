"""Losses, metrics, optimizers and training against the real constructors and functions: their arguments, their order, their names."""

from __future__ import annotations

import pytest

import shape_engine  # noqa: F401  (registers every rule)
from shape_engine.rules.keras.losses import BY_NAME, CLASSES, LOSSES
from shape_engine.rules.keras.metrics import BY_NAME as METRIC_NAMES
from shape_engine.rules.keras.metrics import METRICS
from shape_engine.rules.keras.optimizers import OWN, SCHEDULES, order_of
from shape_engine.rules.keras.trainer_arguments import KERAS_2, KERAS_3

ASK = """
import inspect, keras
{name: list(inspect.signature(getattr(keras.MODULE, name)).parameters) for name in dir(keras.MODULE)
 if callable(getattr(keras.MODULE, name)) and not name.startswith("_")}
"""
NAMES = """
from keras.src import losses, metrics
[sorted(losses.ALL_OBJECTS_DICT), sorted(metrics.ALL_OBJECTS_DICT)]
"""


def test_losses_have_the_arguments_of_the_real_ones(judge):
    real = judge("keras").value(ASK.replace("MODULE", "losses").strip())
    for name, loss in LOSSES.items():
        assert list(real[name]) == ["y_true", "y_pred", *loss.options], name
        assert list(real[loss.cls]) == list(loss.arguments), loss.cls


def test_metrics_have_the_arguments_of_the_real_ones(judge):
    real = judge("keras").value(ASK.replace("MODULE", "metrics").strip())
    differ = {
        name: real[name]
        for name, metric in METRICS.items()
        if name in real and [one for one in real[name] if one != "kwargs"] != list(metric.order or ("name", "dtype"))
    }
    assert not differ
    forgotten = {name for name in real if name[0].isupper()} - set(METRICS) - {"Metric"}
    assert not forgotten


def test_names_are_those_of_the_real_ones(judge):
    losses, metrics = judge("keras").value(NAMES.strip())
    extra = {"Loss", "LossFunctionWrapper"}
    ours = set(BY_NAME) | {name for name, function in CLASSES.items() if function in BY_NAME}
    assert ours == set(losses) - extra
    assert set(METRIC_NAMES) <= set(metrics), set(METRIC_NAMES) - set(metrics)


OPTIMIZERS = """
import inspect, PACKAGE as package
parameters = lambda module, name: [
    (p.name, p.default is p.empty) for p in inspect.signature(getattr(module, name)).parameters.values()
    if p.kind is p.POSITIONAL_OR_KEYWORD and p.name != "self"]
[{name: parameters(package.optimizers, name) for name in dir(package.optimizers) if name[0].isupper()},
 {name: parameters(package.optimizers.schedules, name) for name in dir(package.optimizers.schedules) if name[0].isupper()},
 {name: parameters(package.Model, name) for name in METHODS}]
"""


@pytest.mark.parametrize("package", ["keras", "tf_keras"])
def test_optimizers_and_training_have_the_arguments_of_the_real_ones(judge, package):
    methods = KERAS_3 if package == "keras" else KERAS_2
    question = OPTIMIZERS.replace("PACKAGE", package).replace("METHODS", repr(list(methods)))
    optimizers, schedules, trainer = judge("keras").value(question.strip())
    for name in OWN:
        if name in optimizers:
            assert tuple(one for one, _ in optimizers[name]) == order_of(name, package), name
    others = {"Optimizer", "LossScaleOptimizer", "MultiOptimizer", "OptimizerMap"}
    assert set(optimizers) - set(OWN) <= others
    for name, (needed, order) in SCHEDULES.items():
        assert [one for one, _ in schedules[name]] == order.split(), name
        assert sum(must for _, must in schedules[name]) == needed, name
    for name, order in methods.items():
        assert [one for one, _ in trainer[name]] == order.split(), name
