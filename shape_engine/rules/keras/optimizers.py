"""Optimizers and schedules of learning rates: what their constructors refuse, and what of them a program reads.

Follows keras/src/optimizers (base_optimizer.py first) and tf_keras/src/optimizers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...evidence import collect, report
from ...problems import PythonError, RefusedOptimizer
from ...rule import MISSING, REGISTRY, Call, ClassRule, class_rule, function
from ...shape import Shape
from ...value import BoundMethod, Class, Instance, Known, Tensor, Unknown, Value
from .arguments import python_binding
from .lost_attributes import lost_attribute
from .state import BACKEND_KIND, auto_name, class_name, flavour_of, keep, reopen

COMMON = "weight_decay clipnorm clipvalue global_clipnorm use_ema ema_momentum ema_overwrite_frequency"
REST = {"keras": "loss_scale_factor gradient_accumulation_steps name", "tf_keras": "jit_compile name"}
BETAS = "beta_1 beta_2 epsilon"
OWN = {
    "Adadelta": "rho epsilon",
    "Adafactor": "beta_2_decay epsilon_1 epsilon_2 clip_threshold relative_step",
    "Adagrad": "initial_accumulator_value epsilon",
    "Adam": f"{BETAS} amsgrad",
    "AdamW": "",
    "Adamax": BETAS,
    "Ftrl": "learning_rate_power initial_accumulator_value l1_regularization_strength l2_regularization_strength "
    "l2_shrinkage_regularization_strength beta",
    "Lamb": BETAS,
    "Lion": "beta_1 beta_2",
    "Muon": "adam_beta_1 adam_beta_2 adam_weight_decay epsilon",
    "Nadam": BETAS,
    "RMSprop": "rho momentum epsilon centered",
    "SGD": "momentum nesterov",
    "ScheduleFreeAdamW": f"{BETAS} warmup_steps",
}
"""By class: its parameters between ``learning_rate`` and the common ones."""
LAST = {
    "Muon": "exclude_layers exclude_embeddings muon_a muon_b muon_c adam_lr_ratio momentum ns_steps nesterov rms_rate",
}
SCHEDULES = {
    "CosineDecay": (2, "initial_learning_rate decay_steps alpha name warmup_target warmup_steps"),
    "CosineDecayRestarts": (2, "initial_learning_rate first_decay_steps t_mul m_mul alpha name"),
    "ExponentialDecay": (3, "initial_learning_rate decay_steps decay_rate staircase name"),
    "InverseTimeDecay": (3, "initial_learning_rate decay_steps decay_rate staircase name"),
    "PiecewiseConstantDecay": (2, "boundaries values name"),
    "PolynomialDecay": (2, "initial_learning_rate decay_steps end_learning_rate power cycle name"),
}
"""By class: how many of its parameters must be given, and all of them."""

OLD = ("decay", "gradient_aggregator", "gradient_transformers")
GONE = "decay get_gradients get_weights weights get_updates get_slot add_slot _decayed_lr"
GONE_WITH_2 = "minimize lr compute_gradients aggregate_gradients _get_hyper _set_hyper"
LOST = {"keras": frozenset(f"{GONE} {GONE_WITH_2}".split()), "tf_keras": frozenset(GONE.split())}
"""What optimizers had in earlier versions."""


def order_of(name: str, flavour: str) -> tuple[str, ...]:
    """The parameters of an optimizer's constructor."""
    rest = f"{REST[flavour]} {LAST.get(name, '')}".split()
    if name == "AdamW":
        return tuple(f"learning_rate weight_decay {BETAS} amsgrad {COMMON.partition(' ')[2]}".split() + rest)
    own = (
        OWN[name].replace("epsilon", "epsilon adaptive_epsilon")
        if (name, flavour) == ("Adam", "tf_keras")
        else OWN[name]
    )
    return tuple(f"learning_rate {own} {COMMON}".split() + rest)


class Optimizer(ClassRule):
    """An optimizer: its settings are in the store."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """Binds the arguments and refuses what Keras refuses, in its order."""
        name, flavour = self.target.rpartition(".")[2], flavour_of(obj)
        known = name in OWN and (flavour == "keras" or name not in ("Lamb", "Muon", "ScheduleFreeAdamW"))
        given: dict[str, Any] = {}
        with collect() as record:
            if known:
                order = order_of(name, flavour)
                bound = python_binding(f"{name}.__init__", order, (), args, kwargs, open=True)
                given = {key: call.thaw(call.resolve(value)) for key, value in bound.items()}
                odd = {key: given.pop(key) for key in list(given) if key not in order}
                if flavour == "keras":
                    _refuse(call, name, given, odd)
                else:
                    _refuse_old(call, name, given, odd)
        if record.reports:
            call.find(record.reports[0], flavour)
        call.set(obj, ".options", keep({key: value for key, value in given.items() if key != "learning_rate"}))
        call.set(obj, ".learning_rate", given.get("learning_rate") if known else Unknown("a learning rate"))
        label = given.get("name") if known else Unknown("name")
        if label is None:
            label = (
                auto_name(call, obj.cls.name if isinstance(obj.cls, Class) else name) if flavour == "keras" else name
            )
        call.set(obj, ".name", label)

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """Settings, the variables that count steps and hold the rate, methods."""
        flavour = flavour_of(obj)
        if name in LOST[flavour]:
            return lost_attribute(call, obj, name)
        if name == "name":
            label = call.get(obj, ".name")
            return call.plain(label) if isinstance(label, str) else Unknown("name")
        if name in ("iterations", "learning_rate", "lr"):
            return _variable(call, obj, name)
        if name in METHODS:
            return BoundMethod(Known(f"keras.optimizers.Optimizer.{name}", flavour), obj)
        options = reopen(call.get(obj, ".options"))
        found = options.get(name, MISSING) if isinstance(options, dict) else MISSING
        return Unknown(f"{name} of an optimizer") if found is MISSING else call.freeze(found)

    def set(self, call: Call, obj: Instance, name: str, value: Value) -> None:
        """``optimizer.learning_rate = ...`` writes into the variable; a schedule takes no number."""
        if name != "learning_rate" or isinstance(obj.cls, Class):
            return
        value, before = call.resolve(value), call.get(obj, ".learning_rate")
        call.set(obj, name, MISSING)
        if _is_schedule(before) and isinstance(value, (int, float)) and flavour_of(obj) == "keras":
            with collect() as record:
                report(RefusedOptimizer(name, value, "learning-rate-is-scheduled"), blame=(name,))
            call.find(record.reports[0], "keras")
        elif not isinstance(value, (int, float, Tensor)):
            call.set(obj, ".learning_rate", value)


class LegacyOptimizer(ClassRule):
    """keras.optimizers.legacy: optimizers of Keras 2, and exceptions in Keras 3."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """Keras 3 refuses to make one."""
        if flavour_of(obj) == "keras" and f"keras.optimizers.legacy.{class_name(obj)}" not in REGISTRY.lost["keras"]:
            with collect() as record:
                report(RefusedOptimizer("", None, "legacy"))
            call.find(record.reports[0], "keras")

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """Nothing is followed."""
        return Unknown(f"{name} of an optimizer")


class Schedule(ClassRule):
    """A schedule of learning rates."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """Binds the arguments; Keras 3 wants some steps."""
        name = self.target.rpartition(".")[2]
        if name not in SCHEDULES:
            return
        needed, order = SCHEDULES[name][0], tuple(SCHEDULES[name][1].split())
        with collect() as record:
            bound = python_binding(f"{name}.__init__", order, order[:needed], args, kwargs)
            given = {key: call.thaw(call.resolve(value)) for key, value in bound.items()}
            if flavour_of(obj) == "keras":
                _refuse_schedule(given)
        if record.reports:
            call.find(record.reports[0], flavour_of(obj))
        for key, value in bound.items():
            call.set(obj, key, value)

    def call(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """``schedule(step)``: a number."""
        if self.target.rpartition(".")[2] not in SCHEDULES or len(args) + len(kwargs) != 1:
            return Unknown("a learning rate")
        return _number(call) if flavour_of(obj) == "keras" else Unknown("a learning rate")


METHODS = frozenset({"apply_gradients", "apply"})


@function("keras.optimizers.Optimizer.apply_gradients", raw=True)
def apply_gradients(call: Call, self: Instance, grads_and_vars: Value, *args: Value, **kwargs: Value) -> Value:
    """Keras 3 gives the number of steps that were taken; it refuses to take one without any gradient."""
    pairs = call.iterate(grads_and_vars)
    if pairs is not None and flavour_of(self) == "keras":
        parts = [call.iterate(call.resolve(pair)) for pair in pairs]
        text = "" if pairs else "not enough values to unpack (expected 2, got 0)"
        if pairs and all(part is not None and len(part) == 2 and call.resolve(part[0]) is None for part in parts):
            text = "No gradients provided for any variable."
        if text:
            with collect() as record:
                report(PythonError("ValueError", text), blame=("grads_and_vars",))
            call.find(record.reports[0], "keras")
    return _variable(call, self, "iterations") if flavour_of(self) == "keras" else Unknown("what was done")


@function("keras.optimizers.Optimizer.apply", raw=True)
def apply(call: Call, self: Instance, grads: Value, trainable_variables: Value = None) -> None:
    """Gives nothing."""


def _refuse(call: Call, name: str, given: dict[str, Any], odd: dict[str, Any]) -> None:
    """BaseOptimizer.__init__ of Keras 3, then the class's own checks."""
    odd.pop("decay", None)
    if odd:
        report(RefusedOptimizer("", odd, "arguments"), blame=tuple(odd))
    steps, rate = given.get("gradient_accumulation_steps"), given.get("learning_rate", 0.1)
    if isinstance(steps, (int, float)) and steps and not steps >= 2:
        report(
            RefusedOptimizer("gradient_accumulation_steps", steps, "accumulation"),
            blame=("gradient_accumulation_steps",),
        )
    _refuse_ema(given)
    clips = [given.get(key) for key in ("clipnorm", "clipvalue", "global_clipnorm")]
    if sum(isinstance(clip, (int, float)) for clip in clips) > 1:
        report(RefusedOptimizer("clipnorm", clips[0], "clipping", quoted=tuple(clips)), blame=("clipnorm", "clipvalue"))
    if rate is None or isinstance(rate, (int, str, list, tuple, dict)):
        report(RefusedOptimizer("learning_rate", rate, "learning-rate"), blame=("learning_rate",))
    elif isinstance(rate, Tensor) and rate.dtype not in (None, "float64") and rate.kind in ("tf", "numpy"):
        report(RefusedOptimizer("learning_rate", Unknown("an array"), "learning-rate"), blame=("learning_rate",))
    momentum, beta = given.get("momentum", 0.0), given.get("beta_1", 0.9)
    if name == "SGD" and (isinstance(momentum, (int, str)) or momentum is None or _outside(momentum)):
        report(RefusedOptimizer("momentum", momentum, "momentum"), blame=("momentum",))
    if name == "Lion" and isinstance(beta, (int, float)) and not 0 < beta <= 1:
        report(RefusedOptimizer("beta_1", beta, "beta"), blame=("beta_1",))
    if name == "Ftrl":
        _refuse_signs(given)


def _refuse_old(call: Call, name: str, given: dict[str, Any], odd: dict[str, Any]) -> None:
    """``Optimizer.__init__`` of Keras 2, then the class's own checks."""
    odd.pop("is_legacy_optimizer", None)
    odd.pop("lr", None)
    _refuse_ema(given)
    clips = [given.get(key) for key in ("clipnorm", "clipvalue", "global_clipnorm")]
    if all(isinstance(clips[n], (int, float)) for n in (0, 2)):
        report(RefusedOptimizer("clipnorm", clips[0], "clipping", quoted=tuple(clips)), blame=("clipnorm",))
    momentum = given.get("momentum", 0.0)
    for key in list(odd)[:1]:
        package = "TF-Keras" if call.version("keras") >= (3,) else "Keras"
        why = "old-argument" if key in OLD else "argument"
        report(RefusedOptimizer(key, odd[key], why, quoted=(name, package)), blame=(key,))
    if name == "SGD" and _outside(momentum):
        report(RefusedOptimizer("momentum", momentum, "momentum"), blame=("momentum",))
    if name == "Ftrl":
        _refuse_signs(given)


def _refuse_ema(given: dict[str, Any]) -> None:
    if given.get("use_ema") is True and _outside(given.get("ema_momentum", 0.99)):
        report(RefusedOptimizer("ema_momentum", given["ema_momentum"], "ema"), blame=("ema_momentum",))


def _refuse_signs(given: dict[str, Any]) -> None:
    """Ftrl: the power is not positive, the others are not negative."""
    for key in (
        "initial_accumulator_value",
        "learning_rate_power",
        *(k for k in OWN["Ftrl"].split() if k.endswith("strength")),
    ):
        value = given.get(key, 0.0)
        power = key == "learning_rate_power"
        if isinstance(value, (int, float)) and (value > 0 if power else value < 0):
            report(RefusedOptimizer(key, value, "positive" if power else "negative"), blame=(key,))


def _refuse_schedule(given: dict[str, Any]) -> None:
    for key in ("decay_steps", "first_decay_steps"):
        steps = given.get(key, 1)
        if isinstance(steps, (int, float)) and steps <= 0:
            report(RefusedOptimizer(key, steps, "steps"), blame=(key,))
    edges, values = given.get("boundaries"), given.get("values")
    if isinstance(edges, (list, tuple)) and isinstance(values, (list, tuple)) and len(edges) != len(values) - 1:
        quoted = (values, len(edges), len(values))
        report(RefusedOptimizer("boundaries", edges, "boundaries", quoted=quoted), blame=("boundaries", "values"))


def _outside(value: Any) -> bool:
    return isinstance(value, (int, float)) and not 0 <= value <= 1


def _variable(call: Call, obj: Instance, name: str) -> Value:
    """``learning_rate`` or ``iterations``: a variable of one number, unless the user's own code says what it is."""
    if isinstance(obj.cls, Class) or call.backend() != "tensorflow":
        return Unknown(name)
    if name == "iterations":
        return Tensor(Shape(()), "int64", "tf")
    rate = call.get(obj, ".learning_rate", 0.1)
    plain = isinstance(rate, (float, int, Tensor)) or rate is None
    scheduled = isinstance(rate, Instance) and isinstance(rate.cls, Known) and flavour_of(obj) == "keras"
    return _number(call) if plain or scheduled else Unknown("a learning rate")


def _number(call: Call) -> Tensor:
    return Tensor(Shape(()), "float32", BACKEND_KIND.get(call.backend(), "tf"))


def _is_schedule(value: Value) -> bool:
    return isinstance(value, Instance) and isinstance(value.cls, Known) and ".schedules." in value.cls.target


class_rule("keras.optimizers.Optimizer")(Optimizer)
for _name in (*OWN, "LossScaleOptimizer", "MultiOptimizer"):
    class_rule(f"keras.optimizers.{_name}", "keras.optimizers.Optimizer")(type(_name, (Optimizer,), {}))
for _name in ("Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "Optimizer", "RMSprop", "SGD"):
    class_rule(f"keras.optimizers.legacy.{_name}")(type(_name, (LegacyOptimizer,), {}))
class_rule("keras.optimizers.schedules.LearningRateSchedule")(Schedule)
for _name in SCHEDULES:
    class_rule(f"keras.optimizers.schedules.{_name}", "keras.optimizers.schedules.LearningRateSchedule")(
        type(_name, (Schedule,), {})
    )

__all__ = ["OWN", "SCHEDULES", "order_of"]
