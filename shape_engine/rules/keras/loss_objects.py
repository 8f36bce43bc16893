"""The losses of Keras 3 as objects and functions that a program calls: construction, calling, weights, reduction.

Follows keras/src/losses/loss.py, LossFunctionWrapper in losses.py, and ``keras.losses.get``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...evidence import collect, report
from ...problems import BadModel, RefusedSetting, WrongArguments
from ...rule import MISSING, REGISTRY, Call, ClassRule, alias, class_rule, function
from ...shape import Shape, Unranked
from ...value import Assumed, Class, Instance, Known, Made, Tensor, Unknown, Value, Wrapped, tensors_in
from ..arrays import operand
from .losses import BY_NAME, CLASSES, COMMON, LOSSES, NotKnown, Setting, same_rank, together
from .state import BACKEND_KIND, auto_name, flavour_of, keep, reopen
from .user_layers import user_method

REDUCTIONS = ("sum_over_batch_size", "sum", None, "none", "mean", "mean_with_sample_weight")


class LossClass(ClassRule):
    """A loss class; its function's name and options are in the store."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """Binds the arguments; refuses what is none of them, and reductions that do not exist."""
        known = CLASSES.get(self.target.rpartition(".")[2])
        loss = LOSSES[known] if known else None
        order = loss.arguments if loss is not None else ("name", "reduction", "dtype")
        given = dict(zip(order, args, strict=False)) | dict(kwargs)
        given = {name: call.thaw(call.resolve(value)) for name, value in given.items()}
        odd = [name for name in given if name not in order]
        with collect() as record:
            cls = self.target.rpartition(".")[2]
            if odd:
                report(WrongArguments("unexpected", f"{cls}.__init__", (odd[0],)), blame=(odd[0],))
            elif given.get("reduction") not in REDUCTIONS and isinstance(given.get("reduction"), (str, int, float)):
                if "reduction" in given:
                    report(RefusedSetting("reduction", given["reduction"], "loss-reduction"), blame=("reduction",))
            elif known == "categorical_generalized_cross_entropy" and not _between(given.get("q", 0.5)):
                report(RefusedSetting("q", given["q"], "loss-q"), blame=("q",))
        if record.reports and flavour_of(obj) == "keras":
            call.find(record.reports[0], "keras")
        options = {name: given.get(name, default) for name, default in (loss.options if loss else {}).items()}
        call.set(obj, ".fn", known)
        call.set(obj, ".options", keep(options))
        call.set(obj, ".reduction", given.get("reduction", "sum_over_batch_size"))
        name = given.get("name")
        if name is None and known is None:
            name = auto_name(call, obj.cls.name if isinstance(obj.cls, Class) else cls)
        call.set(obj, ".name", name if name is not None else known)

    def call(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """``loss(y_true, y_pred, sample_weight=None)``: a number, or one for each sample."""
        given = dict(zip(("y_true", "y_pred", "sample_weight"), args, strict=False)) | dict(kwargs)
        if not {"y_true", "y_pred"} <= set(given):
            return Unknown("a loss without target and output")
        values = {name: call.thaw(call.resolve(value)) for name, value in given.items()}
        silent = flavour_of(obj) != "keras" or call.backend() != "tensorflow"
        with collect() as record:
            result = loss_of(call, obj, values["y_true"], values["y_pred"], values.get("sample_weight"), Setting())
        if record.reports and not silent:
            blame = {name: value for name, value in values.items() if isinstance(value, Tensor)}
            call.find(record.reports[0], "keras", blame=blame)
        if not isinstance(result, Tensor):
            return result
        return replace(result, made=Made(self.target, call.site, tuple(tensors_in(list(values.values())))))

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """``name``, ``reduction``, ``dtype``; everything else is not followed."""
        if name in ("name", "reduction"):
            found = call.get(obj, f".{name}", MISSING)
            return Unknown(name) if found is MISSING else call.plain(found)
        return Unknown(name) if name in ("dtype", "call", "get_config", "from_config", "fn") else MISSING


def loss_of(call: Call, loss: Value, y_true: Any, y_pred: Any, weight: Any, setting: Setting) -> Value:
    """``loss(y_true, y_pred, sample_weight)`` of a Loss object; problems are reported."""
    kind = BACKEND_KIND.get(call.backend(), "tf")
    target, output = _tensor(call, y_true, kind), _tensor(call, y_pred, kind)
    if target is None or output is None:
        return Unknown("a loss of values that are not followed")
    own = user_method(call, loss, "call") if isinstance(loss, Instance) else None
    try:
        if own is not None:
            values = call.thaw(call.resolve(_traced(call, own, [target, output], setting)))
            if not isinstance(values, Tensor) or not isinstance(values.shape, Shape):
                return Unknown("what a loss gives")
            shape = values.shape
        else:
            name, options = call.get(loss, ".fn"), reopen(call.get(loss, ".options"))
            if not isinstance(name, str) or not isinstance(options, dict):
                return Unknown("a loss that is not followed")
            shape = function_shape(name, options, target, output, setting, wrapped=True)
        reduction = call.get(loss, ".reduction")
        return Tensor(weighted(call, shape, weight, reduction, setting), "float32", kind)
    except NotKnown:
        return Unknown("what a loss gives for these")


def function_shape(
    name: str, options: Mapping[str, Any], target: Tensor, output: Tensor, setting: Setting, wrapped: bool = False
) -> Shape:
    """What the function of a loss gives; ``wrapped`` by LossFunctionWrapper, which adapts the number of axes."""
    loss = LOSSES[name]
    if not isinstance(target.shape, Shape) or not isinstance(output.shape, Shape):
        raise NotKnown
    shapes = same_rank(target.shape, output.shape) if wrapped else (target.shape, output.shape)
    unknown = [option for option in ("axis", "ignore_class") if isinstance(options.get(option), (Unknown, Assumed))]
    if unknown:
        raise NotKnown
    return loss.check(*shapes, setting, **options)


def weighted(call: Call, shape: Shape, weight: Any, reduction: Value, setting: Setting) -> Shape:
    """reduce_weighted_values: times the weights, then reduced."""
    if weight is not None:
        factor = _tensor(call, weight, "tf")
        if factor is None or not isinstance(factor.shape, Shape):
            raise NotKnown
        shape = together("Mul", *same_rank(shape, factor.shape), setting)
    if isinstance(reduction, Unknown) or reduction not in REDUCTIONS:
        raise NotKnown
    return shape if reduction in (None, "none") else Shape(())


def apply_function(call: Call, function: Value, target: Tensor, output: Tensor, weight: Any, setting: Setting) -> Value:
    """A function as the loss of a model, wrapped by LossFunctionWrapper: the user's, or one of Keras' own."""
    try:
        if isinstance(function, Known):
            name = REGISTRY.aliases.get(function.target, function.target).rpartition(".")[2]
            shape = function_shape(name, LOSSES[name].options, target, output, setting, wrapped=True)
        else:
            if not isinstance(target.shape, Shape) or not isinstance(output.shape, Shape):
                return Unknown("a loss of tensors that are not known")
            one, other = same_rank(target.shape, output.shape)
            arguments = [replace(target, shape=one), replace(output, shape=other)]
            values = call.thaw(call.resolve(_traced(call, function, arguments, setting)))
            if not isinstance(values, Tensor) or not isinstance(values.shape, Shape):
                return Unknown("what a loss gives")
            shape = values.shape
        return Tensor(weighted(call, shape, weight, "sum_over_batch_size", setting), "float32", output.kind)
    except NotKnown:
        return Unknown("what a loss gives for these")


def found_loss(call: Call, identifier: Value) -> Value:
    """``keras.losses.get``: a Known function, a Loss object, the user's own; None where the name means nothing."""
    if isinstance(identifier, str):
        if identifier in BY_NAME:
            return Known(f"keras.losses.{BY_NAME[identifier]}", "keras")
        known = CLASSES.get(identifier)
        if known is None or known == "categorical_generalized_cross_entropy":
            return None
        identifier = Known(f"keras.losses.{identifier}", "keras")
    if isinstance(identifier, Known) and isinstance(REGISTRY.find(identifier.target), LossClass):
        return call.invoke(identifier, [])
    return identifier


@function("keras.losses.get", raw=True)
def get(call: Call, identifier: Value) -> Value:
    """A loss by its name."""
    identifier = call.resolve(identifier)
    if identifier is None or getattr(call, "flavour", "") == "tf_keras":
        return None if identifier is None else Unknown("a loss")
    found = found_loss(call, identifier)
    if found is None or isinstance(found, (bool, int, float)):
        report(BadModel("loss-identifier", quoted=(identifier,)), blame=("identifier",))
        return Unknown("a loss that does not exist")
    return found if not isinstance(found, (tuple, list)) else Unknown("a loss")


@function("keras.losses.serialize", raw=True)
def serialize(call: Call, loss: Value) -> Value:
    """The name of a loss, or a configuration that is not followed."""
    return Unknown("a serialized loss")


@function("keras.losses.deserialize", raw=True)
def deserialize(call: Call, name: Value, custom_objects: Value = None) -> Value:
    """A loss by its name; one of a configuration is not followed."""
    known = isinstance(call.resolve(name), str) and custom_objects is None
    found = found_loss(call, call.resolve(name)) if known else None
    return Unknown("a loss") if found is None or isinstance(found, (tuple, list)) else found


def _register(name: str) -> None:
    loss = LOSSES[name]
    rule = type(loss.cls, (LossClass,), {"__doc__": f"``keras.losses.{loss.cls}``."})
    class_rule(f"keras.losses.{loss.cls}", "keras.losses.Loss")(rule)
    function(f"keras.losses.{name}")(_caller(name))


def _caller(name: str) -> Callable[..., Value]:
    loss = LOSSES[name]

    def run(call: Call, *args: Any, **kwargs: Any) -> Value:
        options = dict(loss.options) | dict(zip(("y_true", "y_pred", *loss.options), args, strict=False)) | kwargs
        kind = BACKEND_KIND.get(call.backend(), "tf")
        target, output = _tensor(call, options.pop("y_true"), kind), _tensor(call, options.pop("y_pred"), kind)
        if target is None or output is None:
            return Unknown("a loss of values that are not followed")
        quiet = getattr(call, "flavour", "") == "tf_keras" or call.backend() != "tensorflow"
        try:
            with collect() as record:
                shape = function_shape(name, options, target, output, Setting())
        except NotKnown:
            shape = None
        if record.reports and not quiet:
            report(record.reports[0].problem, blame=record.reports[0].blame)
        dtype = output.dtype if output.dtype and "float" in output.dtype else None
        return Tensor(Unranked("refused") if shape is None else shape, dtype, kind)

    parameters = [
        inspect.Parameter(one, inspect.Parameter.POSITIONAL_OR_KEYWORD) for one in ("call", "y_true", "y_pred")
    ]
    parameters += [
        inspect.Parameter(option, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)
        for option, default in loss.options.items()
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__doc__ = f"``keras.losses.{name}(y_true, y_pred)``: one number for each sample."
    return run


def _traced(call: Call, function: Value, arguments: Sequence[Value], setting: Setting) -> Value:
    return call.invoke(function if setting.stage == "eager" else Wrapped("traced", function), arguments)


def _tensor(call: Call, value: Any, kind: str) -> Tensor | None:
    """An argument as a tensor of the backend; None for symbolic ones and for what is not known."""
    value = call.resolve(value)
    if isinstance(value, (Unknown, Assumed, dict, Instance)) or value is None:
        return None
    found = operand(value, kind, call)
    if not isinstance(found, Tensor) or found.symbolic:
        return None
    return replace(found, kind=kind)


def _between(q: Any) -> bool:
    return not isinstance(q, (int, float)) or 0 < q < 1


class_rule("keras.losses.Loss")(LossClass)
alias("keras.losses.Loss", "keras.Loss")
for _name in LOSSES:
    _register(_name)

__all__ = ["COMMON", "LossClass", "apply_function", "found_loss", "get", "loss_of", "weighted"]
