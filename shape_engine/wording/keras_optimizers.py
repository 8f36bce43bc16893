"""What the constructors of optimizers and of schedules of learning rates say, in Keras 3 and in Keras 2."""

from __future__ import annotations

from ..problems import RefusedOptimizer
from . import Raised, Version, words
from .keras import exactly, said

NUMBER = (
    "ValueError",
    "Argument `learning_rate` should be float, or an instance of LearningRateSchedule, or a callable (that takes in the "
    "current iteration value and returns the corresponding learning rate value). Received instead: learning_rate={value}",
)
EMA = ("ValueError", "`ema_momentum` must be in the range [0, 1]. Received: ema_momentum={value}")
POSITIVE = ("ValueError", "`{name}` needs to be positive or zero. Received: {name}={value}.")
NEGATIVE = ("ValueError", "`{name}` needs to be negative or zero. Received: {name}={value}.")

KERAS_3 = {
    "arguments": ("ValueError", "Argument(s) not recognized: {value}"),
    "learning-rate": NUMBER,
    "learning-rate-is-scheduled": (
        "TypeError",
        "This optimizer was created with a `LearningRateSchedule` object as its `learning_rate` constructor argument, "
        "hence its learning rate is not settable. If you need the learning rate to be settable, you should instantiate "
        "the optimizer with a float `learning_rate` argument.",
    ),
    "accumulation": (
        "ValueError",
        "`gradient_accumulation_steps` must be an integer >= 2. Received: gradient_accumulation_steps={value}",
    ),
    "ema": EMA,
    "clipping": (
        "ValueError",
        "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: clipnorm={q0}, clipvalue={q1}, "
        "global_clipnorm={q2}",
    ),
    "momentum": ("ValueError", "`momentum` must be a float between [0, 1]."),
    "beta": (
        "ValueError",
        "Argument `beta_1` must be in the [0, 1] range. Otherwise, the optimizer degenerates to SignSGD. Received: "
        "beta_1={value}.",
    ),
    "negative": POSITIVE,
    "positive": NEGATIVE,
    "steps": ("ValueError", "Argument `{name}` must be > 0. Received: {name}={value}"),
    "boundaries": (
        "ValueError",
        "The length of boundaries should be 1 less than the length of values. Received: boundaries={value} of length {q1}, "
        "and values={q0} of length {q2}.",
    ),
    "legacy": (
        "ImportError",
        "`keras.optimizers.legacy` is not supported in Keras 3. When using `tf.keras`, to continue using a "
        "`tf.keras.optimizers.legacy` optimizer, you can install the `tf_keras` package (Keras 2) and set the environment "
        "variable `TF_USE_LEGACY_KERAS=True` to configure TensorFlow to use `tf_keras` when accessing `tf.keras`.",
    ),
}
KERAS_2 = {
    "old-argument": (
        "ValueError",
        "{name} is deprecated in the new {q1} optimizer, please check the docstring for valid arguments, or use the legacy "
        "optimizer, e.g., tf.keras.optimizers.legacy.{q0}.",
    ),
    "argument": (
        "TypeError",
        "{name} is not a valid argument, kwargs should be empty  for `optimizer_experimental.Optimizer`.",
    ),
    "ema": EMA,
    "clipping": (
        "ValueError",
        "At most one of `clipnorm` and `global_clipnorm` can be set. Received: clipnorm={q0}, global_clipnorm={q2}.",
    ),
    "momentum": ("ValueError", "`momentum` must be between [0, 1]."),
    "negative": POSITIVE,
    "positive": NEGATIVE,
}


@words(RefusedOptimizer, "keras")
def refused_in_keras_3(problem: RefusedOptimizer, version: Version) -> Raised:
    """keras/src/optimizers."""
    return _said(problem, KERAS_3)


@words(RefusedOptimizer, "tf_keras")
def refused_in_keras_2(problem: RefusedOptimizer, version: Version) -> Raised:
    """tf_keras/src/optimizers."""
    return _said(problem, KERAS_2)


def _said(problem: RefusedOptimizer, texts: dict[str, tuple[str, str]]) -> Raised:
    kind, text = texts[problem.why]
    quoted = {f"q{n}": said(item) for n, item in enumerate(problem.quoted)}
    text = text.format(name=problem.name, value=said(problem.value), **quoted)
    return Raised(kind, text, exactly(problem.value, *problem.quoted) and "?" not in text)
