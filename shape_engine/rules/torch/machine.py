"""What all modules of PyTorch share: construction, weights, the call, attributes, train and eval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter
from typing import Any, TypeVar

from ...evidence import Record, collect
from ...rule import REGISTRY, Call, ClassRule, FunctionRule, LayerRule, layer
from ...shape import Shape, Unranked, product
from ...value import Assumed, BoundMethod, Instance, Known, Made, Tensor, Unknown, Value
from .binding import bind
from .checks import STATE, default_dtype, dim_of, dtype_of, is_unknown, tensor_of
from .members import KEPT, remember

F = TypeVar("F", bound=Callable[..., Any])

MODULE = "torch.nn.Module"
UNTOLD = "...*"
"""Stands among the weights of a module for others that are not told."""


def module(
    target: str, *, neutral: tuple[str, ...] = (), bases: tuple[str, ...] = (MODULE,), **fixed: Any
) -> Callable[[F], F]:
    """Register the rule of a module class, and its ``forward``.

    ``fixed`` may hold ``init``, the class whose ``__init__`` a TypeError names, where it is inherited,
    and ``owner``, likewise for ``forward``.
    """

    def register(function: F) -> F:
        layer(target, machine=MACHINE, neutral=neutral, bases=bases, training=True, **fixed)(function)
        REGISTRY.add(FunctionRule(f"{target}.forward", _forward_of(target), "torch", True, {}))
        return function

    return register


class Machine(ClassRule):
    """``torch.nn.Module`` around the shape rule of one class."""

    kept = KEPT

    def layer_init(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> None:
        """Bind, check in the order of ``__init__``, keep the settings and the weights."""
        name = rule.fixed.get("init", rule.name)
        parameters = constructor_parameters(rule)
        sites = tuple((n, call.argument_site(n)) for n in kwargs) + tuple(
            (p.name, call.argument_site(i)) for i, p in enumerate(parameters[: len(args)])
        )
        with collect() as record:
            given = ((), {}) if rule.fixed.get("ignores_arguments") else (args, kwargs)
            if "popped" in rule.fixed:  # an argument that __init__(*args, **kwargs) takes out before it binds
                extra, place = rule.fixed["popped"]
                given = ((*args[:place], *args[place + 1 :]), {n: v for n, v in kwargs.items() if n != extra})
            bound = bind(f"{name}.__init__", parameters, *given)
            if bound is not None:
                settings = {p.name: _setting(call, p, bound[p.name]) for p in parameters}
                settings |= rule.run("constructor", settings) or {}
        call.set(obj, ".site", call.site)
        call.set(obj, ".sites", sites)
        call.set(obj, ".failed", bool(record.reports))
        if record.reports:
            call.find(record.reports[0], "torch", blame=dict(sites))
        if bound is None:
            return
        with collect():
            weights = rule.run("build", settings) or {}
        call.set(obj, ".settings", tuple((n, _immutable(v)) for n, v in settings.items()))
        call.set(obj, ".weights", tuple((n, tuple(shape)) for n, shape in weights.items()))
        call.set(obj, ".dtype", dtype_of(settings.get("dtype"), default_dtype(call)))

    def layer_call(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> Value:
        """``module(*args)``: a subclass of the user's may have its own ``forward``."""
        if not isinstance(obj.cls, Known):
            return call.invoke(call.attribute(obj, "forward"), args, kwargs)
        return self.forward(rule, call, obj, args, kwargs)

    def forward(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> Value:
        """``Conv2d.forward``: the checks of the call, and the shape that it gives."""
        stored = call.get(obj, ".settings")
        if not isinstance(stored, tuple):
            return Unknown(f"the arguments of {rule.name} are not known")
        settings = dict(stored)
        # at the call, ``dtype`` is that of the weights, whatever the constructor was told
        state = {"training": _training(call, obj), "dtype": _dtype(call, obj)}
        result: Value = None
        with collect() as record:
            bound = bind(f"{rule.fixed.get('owner', rule.name)}.forward", rule.inputs, args, kwargs)
            if bound is not None:
                inputs = {n: call.thaw(self._decided(rule, call, n, settings, v)) for n, v in bound.items()}
                first = next(iter(inputs.values()), None)
                if isinstance(first, Assumed) and rule.phases.get("assume") is None:
                    return first if rule.fixed.get("keeps") else Unknown(f"{first.name} is not known")
                result = self._run(rule, {**settings, **state}, inputs, record)
        if bound is None:
            inputs = {}
        tensors = tuple(x for x in inputs.values() if isinstance(x, Tensor))
        made = self._made(rule, call, obj, tensors, settings, state)
        if record.reports and not call.get(obj, ".failed"):
            blame = {**dict(call.get(obj, ".sites", ())), **{n: x for n, x in inputs.items() if isinstance(x, Tensor)}}
            call.find(record.reports[0], "torch", blame=blame, made=made)
        if bound is None:
            return Unknown(f"{rule.name} was called wrongly")
        return call.freeze(_signed(result, tensors, made))

    def layer_set(self, call: Call, obj: Instance, name: str, value: Value) -> None:
        """A module of the user's that derives from a layer owns others, too."""
        remember(call, obj, name, value)

    def layer_get(self, rule: LayerRule, call: Call, obj: Instance, name: str) -> Value:
        """Settings, weights and the methods of ``Module``."""
        weights = call.get(obj, ".weights", ())
        settings = call.get(obj, ".settings", ())
        if not isinstance(weights, tuple) or not isinstance(settings, tuple):
            return Unknown(f"the arguments of {rule.name} are not known")
        for weight, shape in weights:
            if weight == name:
                return Tensor(Shape(shape), call.get(obj, ".dtype"), "torch")
        known = dict(settings)
        if name in ("weight", "bias"):
            unknown = is_unknown(known.get(name)) or name not in known
            return Unknown(f"{name} of {rule.name} is not known") if unknown else None
        if name in known:
            return known[name]
        if name == "forward":
            return BoundMethod(Known(f"{rule.target}.forward"), obj)
        return module_attribute(call, obj, name)

    def _decided(self, rule: LayerRule, call: Call, name: str, settings: Mapping[str, Any], value: Value) -> Value:
        """What an assumed input is; undecided until now, it becomes what the module wants."""
        value = call.resolve(value)
        if not isinstance(value, Assumed) or name != rule.inputs[0].name:
            return value
        wanted = rule.run("assume", settings)
        if wanted is None:
            return value
        if isinstance(wanted, Unranked):
            return call.assume(value, Tensor(wanted, None, "torch"))
        dims = (call.symbol(dim) if isinstance(dim, str) else dim for dim in wanted)
        return call.assume(value, Tensor(Shape(dims), None, "torch"))

    def _run(self, rule: LayerRule, settings: Mapping[str, Any], inputs: Mapping[str, Any], record: Record) -> Value:
        given: list[Any] = list(inputs.values())
        x = given[0] if given else None
        tensor = tensor_of(x)
        if tensor is None or (isinstance(x, Tensor) and x.kind != "torch"):
            rule.run("refuse", settings, x)
            return Unknown(f"{rule.name} was called with something that is no tensor of PyTorch")
        given[0] = tensor
        return rule.run("call", settings, *given)

    def _made(
        self,
        rule: LayerRule,
        call: Call,
        obj: Instance,
        inputs: tuple[Tensor, ...],
        settings: Mapping[str, Any],
        state: Mapping[str, Any],
    ) -> Made:
        weights = call.get(obj, ".weights", ())
        facts = {
            "class": rule.name, "name": "", "flavour": "torch", "weights": weights, "params": parameter_count(weights),
            "site": call.get(obj, ".site"), "sites": dict(call.get(obj, ".sites", ())),
        }  # fmt: skip
        return Made(rule.target, call.site, inputs, tuple({**settings, **state}.items()), facts)


MACHINE = Machine()


def constructor_parameters(rule: LayerRule) -> list[Parameter]:
    """The constructor's parameters in its order: the settings, then the neutral ones."""
    neutral = [Parameter(n, Parameter.KEYWORD_ONLY, default=None) for n in rule.neutral]
    return [*rule.settings.values(), *neutral]


def parameter_count(weights: Any) -> Any:
    """How many numbers the weights hold."""
    if not isinstance(weights, tuple) or any(name == UNTOLD for name, _ in weights):
        return None
    return sum((product(shape) for _, shape in weights), 0)


def module_attribute(call: Call, obj: Instance, name: str) -> Value:
    """An attribute that every module has; Unknown for the rest."""
    if REGISTRY.find(f"{MODULE}.{name}") is not None:
        return BoundMethod(Known(f"{MODULE}.{name}"), obj)
    if name == "training":
        return call.get(obj, ".training", True)
    return Unknown(f"the attribute {name} is not modelled")


def _forward_of(target: str) -> Callable[..., Any]:
    def forward(call: Call, self: Instance, *args: Value, **kwargs: Value) -> Value:
        rule = REGISTRY.find(target)
        if not isinstance(rule, LayerRule) or not isinstance(self, Instance):
            return Unknown("forward of something unknown")
        return MACHINE.forward(rule, call, self, args, kwargs)

    return forward


def _training(call: Call, obj: Instance) -> Value:
    """Whether the module surely trains; not known once eval() was called on something that cannot be walked."""
    return call.get(obj, ".training", True) if call.get(STATE, ".training") is None else Unknown("eval was called")


def _dtype(call: Call, obj: Instance) -> Value:
    """The dtype of the weights; not known where autocast may change it, or something unknown was cast."""
    return call.get(obj, ".dtype") if call.get(STATE, ".dtype") is None else None


def _setting(call: Call, parameter: Parameter, value: Value) -> Value:
    value = call.thaw(call.resolve(value))
    if parameter.annotation in ("Dim", "Dim | None") and is_unknown(value):
        return dim_of(value, (call.site, parameter.name))
    return value


def _immutable(value: Any) -> Value:
    if isinstance(value, (list, tuple)) and not isinstance(value, Shape):
        return tuple(map(_immutable, value))
    if isinstance(value, (dict, set)):
        return Unknown("a dict as a setting")
    return value


def _signed(value: Any, inputs: tuple[Tensor, ...], made: Made) -> Any:
    """The result with its origin; a bare shape becomes a tensor of the input's dtype."""
    if isinstance(value, (Shape, Unranked)):
        return Tensor(value, inputs[0].dtype if inputs else None, "torch", made)
    if isinstance(value, Tensor):
        return Tensor(value.shape, value.dtype, "torch", made, value.name, value.constant)
    if isinstance(value, tuple):
        return tuple(_signed(item, inputs, made) for item in value)
    return value
