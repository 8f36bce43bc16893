"""What ``compile`` remembers, and the losses of a compiled model on its outputs.

Follows CompileLoss in keras/src/trainers/compile_utils.py: a structure of losses against the
structure of outputs, one output after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...evidence import report
from ...problems import BadModel, PythonError
from ...rule import MISSING, REGISTRY, Call, ClassRule
from ...shape import Shape
from ...value import Assumed, Instance, Known, Tensor, Unknown, Value
from .graph import layer_of
from .inputs import leaves
from .loss_objects import apply_function, found_loss, loss_of
from .losses import BY_NAME, Setting
from .methods import rule_of
from .metrics import kinds_of
from .state import layers_inside, reopen
from .steps import raises
from .summary import every_layer

ARGUMENTS = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics", "run_eagerly")
OPTIMIZERS = frozenset(
    (
        *("adadelta", "adafactor", "adagrad", "adam", "adamw", "adamax", "ftrl", "lamb", "lion", "lossscaleoptimizer"),
        *("muon", "nadam", "optimizer", "rmsprop", "sgd", "schedulefreeadamw", "multioptimizer"),
    )
)
"""``keras.optimizers.get`` by name, which looks at no capitals."""


def check_compile(call: Call, given: Mapping[str, Value]) -> None:
    """The refusals of ``compile``: an optimizer that does not exist, metrics and weights that are no structure."""
    check_optimizer(call, given, "keras")
    for name in ("metrics", "weighted_metrics"):
        value = call.thaw(call.resolve(given.get(name)))
        if isinstance(value, (str, Known, Instance)) and value != "":
            shown = value if isinstance(value, str) else Unknown("an object")
            kind = "<class 'str'>" if isinstance(value, str) else "?"
            report(BadModel("compile-metrics", quoted=(name, shown, kind)), blame=(name,))
    weights = call.thaw(call.resolve(given.get("loss_weights")))
    if weights and isinstance(weights, (str, int)):
        report(
            BadModel("compile-weights", quoted=(weights, f"<class '{type(weights).__name__}'>")),
            blame=("loss_weights",),
        )


def check_optimizer(call: Call, given: Mapping[str, Value], framework: str) -> None:
    """``keras.optimizers.get``: a name, or an optimizer of the same Keras."""
    optimizer = call.resolve(given.get("optimizer", "rmsprop"))
    refused: Any = MISSING
    if isinstance(optimizer, str):
        refused = optimizer if optimizer.lower() not in OPTIMIZERS else MISSING
    elif isinstance(optimizer, (int, float, tuple)) or (optimizer is None and framework != "keras"):
        refused = optimizer
    elif isinstance(optimizer, Known) and isinstance(REGISTRY.find(optimizer.target), ClassRule):
        refused = f"<class '?.{optimizer.target.rpartition('.')[2]}'>"
    elif isinstance(optimizer, Instance) and isinstance(optimizer.cls, Known):
        ours = optimizer.cls.target.startswith("keras.optimizers.") and optimizer.cls.flavour == framework
        wrapped = framework != "keras" and not optimizer.cls.target.startswith("keras.")
        refused = MISSING if ours or wrapped else f"<?.{optimizer.cls.target.rpartition('.')[2]} object at ?>"
    if refused is not MISSING:
        report(BadModel("optimizer-identifier", quoted=(refused,)), blame=("optimizer",))


def remember(call: Call, model: Instance, given: Mapping[str, Value]) -> None:
    """What ``fit`` needs of the arguments of ``compile``."""
    for name in ARGUMENTS:
        call.set(model, f".compile {name}", call.resolve(given.get(name)))
    call.set(model, ".compiled", True)


def argument(call: Call, model: Instance, name: str) -> Any:
    """An argument of ``compile``, thawed."""
    return call.thaw(call.resolve(call.get(model, f".compile {name}")))


def compute_loss(call: Call, model: Instance, y: Any, y_pred: Any, weight: Any, stage: str) -> bool:
    """CompileLoss on the outputs; False where it is refused (with a report) or not known."""
    loss, names = argument(call, model, "loss"), output_names(call, model)
    if loss is None:
        return _without_loss(call, model)
    if isinstance(loss, (Unknown, Assumed)):
        return False
    if not _nested(y_pred) and not _nested(y):
        known = (
            _fit_keys(loss, y_pred, names)
            and _fit_weights(call, model, loss, y_pred, names)
            and _single(call, loss, y, y_pred, weight, names, stage)
        )
        return known and _multiply(call, model, loss)
    if y is None:
        return False
    y = _filled(y, y_pred, loss)
    pairs = pairs_of(y, y_pred, names)
    if pairs is None:
        alone = not _nested(loss) and len(leaves(y)) == 1
        if alone and isinstance(y_pred, (list, tuple)):
            report(BadModel("loss-path", quoted=((0,),)), blame=("y", "x"))
        elif not alone:
            report(BadModel("loss-structure", quoted=(stars(y), stars(y_pred))), blame=("y", "x"))
        return False
    if not _fit_keys(loss, y_pred, names) or not _fit_weights(call, model, loss, y_pred, names):
        return False
    losses = _losses(loss, y_pred, names)
    if losses is None or len(losses) != len(pairs):
        return False
    weights = _weights(weight, len(pairs))
    if weights is None:
        return False
    for (target, output), one, own in zip(pairs, losses, weights, strict=True):
        if one is not None and not apply_loss(call, one, target, output, own, stage):
            return False
    return _multiply(call, model, loss)


def apply_loss(call: Call, loss: Any, target: Any, output: Any, weight: Any, stage: str) -> bool:
    """One loss on one output."""
    if not isinstance(output, Tensor):
        return False
    if target is None:
        if isinstance(loss, (str, Known)) or (isinstance(loss, Instance) and isinstance(loss.cls, Known)):
            report(PythonError("ValueError", "None values not supported."), blame=("y", "x"))
        return False
    if not isinstance(target, Tensor):
        return False
    if isinstance(loss, str) and loss.lower() in ("crossentropy", "ce"):
        kinds = kinds_of(target.shape, output.shape)
        if kinds is None:
            return False
        loss = "binary_crossentropy" if kinds[0] else f"{'sparse_' if kinds[1] else ''}categorical_crossentropy"
    found = found_loss(call, loss)
    if found is None or isinstance(found, (bool, int, float)):
        report(BadModel("loss-identifier", quoted=(loss,)), blame=("y", "x"))
        return False
    if isinstance(found, (Unknown, Assumed)):
        return False
    name = loss if isinstance(loss, str) else None
    setting = Setting(f"compile_loss/{name or _name(call, found)}", stage)
    target, output = replace(target, dtype="float32"), replace(output, dtype="float32")
    if isinstance(found, Instance):
        result = loss_of(call, found, target, output, weight, setting)
    else:
        result = apply_function(call, found, target, output, weight, setting)
    return isinstance(result, Tensor) and not raises(call)


def output_names(call: Call, model: Instance) -> list[str] | None:
    """``model.output_names`` of a functional model: the names of the layers that give the outputs."""
    if call.get(model, ".model") == "functional":
        outputs = leaves(reopen(call.get(model, ".outputs")))
    elif call.get(model, ".model") == "sequential" and isinstance(call.get(model, ".graph"), tuple):
        outputs = leaves(call.thaw(call.get(model, ".graph")[1]))
    else:
        return None
    names = []
    for output in outputs:
        layer = layer_of(output) if isinstance(output, Tensor) else None
        name = call.plain(call.get(layer, ".name")) if layer is not None else None
        if not isinstance(name, str) or "?" in name:
            return None
        names.append(name)
    return names


def _without_loss(call: Call, model: Instance) -> bool:
    """No loss at all is refused, unless a layer adds one, or is regularized."""
    known = isinstance(model.cls, Known) and layers_inside(call, model)
    layers = [pair for pair in every_layer(call, model) if pair[0] != model] if known else []
    names = {name for layer, _ in layers for name, _ in call.get(layer, ".sites") or ()}
    plain = all(isinstance(layer.cls, Known) and rule_of(call, layer) for layer, _ in layers)
    if layers and plain and not any("regularizer" in name for name in names):
        report(BadModel("no-loss"), blame=("y", "x"))
    return False


def _fit_keys(loss: Any, y_pred: Any, names: list[str] | None) -> bool:
    """A dict of losses is for the outputs by their names."""
    if not isinstance(loss, dict) or isinstance(y_pred, dict):
        return True
    if names is not None and set(loss) != set(names):
        report(BadModel("loss-keys", quoted=(names, list(loss))), blame=("y", "x"))
    return names is not None and set(loss) == set(names)


def _fit_weights(call: Call, model: Instance, loss: Any, y_pred: Any, names: list[str] | None) -> bool:
    """One of ``loss_weights`` for each loss."""
    weights = argument(call, model, "loss_weights")
    if weights is None:
        return True
    if isinstance(weights, (Unknown, Assumed)) or any(isinstance(one, (Unknown, Assumed)) for one in leaves(weights)):
        return False
    if isinstance(loss, dict) and isinstance(weights, dict) and names is not None and not isinstance(y_pred, dict):
        absent = [name for name in names if name not in weights]
        if absent and set(names) == set(loss):
            report(PythonError("KeyError", repr(absent[0])), blame=("y", "x"))
            return False
    count, own = len(leaves(loss)), len(leaves(weights))
    if count != own and _nested(weights):
        report(BadModel("loss-weights", quoted=(count, len(weights))), blame=("y", "x"))
    return count == own


def _multiply(call: Call, model: Instance, loss: Any) -> bool:
    """The losses times their weights, which may not be names: ``compile("adam", "mse", ["mae"])``."""
    texts = any(isinstance(weight, str) for weight in leaves(argument(call, model, "loss_weights")))
    if texts and all(one is not None for one in leaves(loss)):
        report(BadModel("weight-type"), blame=("y", "x"))
    return not texts


def _filled(y: Any, y_pred: Any, loss: Any) -> Any:
    """Targets for the outputs that have a loss, with None for the others."""
    if not isinstance(loss, (list, tuple)) or not isinstance(y_pred, (list, tuple)) or isinstance(y, dict):
        return y
    flat, wanted = leaves(y), [one is not None for one in loss]
    if len(flat) == len(y_pred) or len(flat) != sum(wanted) or len(loss) != len(y_pred):
        return y
    rest = iter(flat)
    return [next(rest) if one else None for one in wanted]


def _single(call: Call, loss: Any, y: Any, y_pred: Any, weight: Any, names: list[str] | None, stage: str) -> bool:
    losses: list[Any] = [loss]
    if isinstance(loss, (list, tuple)):
        losses = list(loss)
    elif isinstance(loss, dict):
        losses = list(loss.values())
    if _nested(weight) or any(_nested(one) or isinstance(one, (Unknown, Assumed)) for one in losses):
        return False
    return all(apply_loss(call, one, y, y_pred, weight, stage) for one in losses if one is not None)


def _losses(loss: Any, y_pred: Any, names: list[str] | None) -> list[Any] | None:
    """One loss for each output, in the order of the outputs; None where that is not followed, or refused."""
    count = len(leaves(y_pred))
    if isinstance(loss, dict):
        if isinstance(y_pred, dict):
            absent = [key for key, one in loss.items() if one is not None and key not in y_pred]
            if len(absent) == 1:
                _refuse_path(absent[0], [one for key, one in loss.items() if key in y_pred])
                return None
            return [loss.get(key) for key in sorted(y_pred, key=str)] if not absent else None
        return [loss[name] for name in names or ()]
    if isinstance(loss, (list, tuple)):
        if isinstance(y_pred, dict) or any(_nested(one) for one in loss):
            return None
        if type(loss) is list and type(y_pred) is list:  # each by its position
            behind = [index for index in range(count, len(loss)) if loss[index] is not None]
            if behind:
                _refuse_path(behind[0], loss[:count])
                return None
            return [*loss, *[None] * count][:count]
        return list(loss) if len(loss) == count else None
    return [loss] * count


def _refuse_path(key: Any, before: list[Any]) -> None:
    """A loss for an output that is not there, if those before it are known by name."""
    if all(one is None or (isinstance(one, str) and one in BY_NAME) for one in before):
        report(BadModel("loss-path", quoted=((key,),)), blame=("y", "x"))


def pairs_of(y: Any, y_pred: Any, names: list[str] | None) -> list[tuple[Any, Any]] | None:
    """The targets beside their outputs, as CompileLoss.call sorts them; None where the structures differ."""
    if not _nested(y_pred):
        flat = leaves(y)
        return [(flat[0], y_pred)] if len(flat) == 1 else None
    if isinstance(y_pred, dict):
        keys = sorted(y_pred, key=str)
        if any(_nested(y_pred[key]) for key in keys):
            return None
        if isinstance(y, dict):
            return [(y[key], y_pred[key]) for key in keys] if set(y) == set(keys) else None
        flat = leaves(y)
        return (
            [(target, y_pred[key]) for target, key in zip(flat, keys, strict=True)] if len(flat) == len(keys) else None
        )
    outputs = list(y_pred)
    if isinstance(y, dict):
        if names is None or set(names) != set(y):
            return None
        targets = [y[name] for name in names]
    else:
        targets = list(y) if _nested(y) else [y]
    if len(targets) != len(outputs) or any(map(_nested, (*targets, *outputs))):
        return None
    return list(zip(targets, outputs, strict=True))


def _weights(weight: Any, count: int) -> list[Any] | None:
    if weight is None:
        return [None] * count
    if isinstance(weight, (list, tuple)) and len(weight) == count:
        return list(weight)
    return None if _nested(weight) else [weight] * count


def _name(call: Call, loss: Value) -> str:
    if isinstance(loss, Known):
        return loss.target.rpartition(".")[2]
    name = call.get(loss, ".name") if isinstance(loss, Instance) else None
    code = getattr(getattr(loss, "function", loss), "code", None)
    return name if isinstance(name, str) else getattr(code, "name", "?")


def stars(structure: Any, star: str = "*") -> Any:
    """The structure with a star for each leaf, as the message prints it."""
    if isinstance(structure, (list, tuple)) and not isinstance(structure, Shape):
        return type(structure)(stars(item, star) for item in structure)
    if isinstance(structure, dict):
        return {key: stars(item, star) for key, item in structure.items()}
    return star


def _nested(value: Any) -> bool:
    return isinstance(value, (list, tuple, dict)) and not isinstance(value, Shape)


__all__ = ["apply_loss", "argument", "check_compile", "compute_loss", "output_names", "pairs_of", "remember", "stars"]
