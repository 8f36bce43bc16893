"""Layers whose class the text defines: keras.layers.Layer as a base, and subclasses of modelled layers.

Follows Layer.__call__, Layer._maybe_build and Operation.symbolic_call: a symbolic call runs the user's
``call`` on tensors of the backend, and gives symbolic tensors back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from inspect import Parameter
from typing import Any

from ...evidence import collect, report
from ...problems import PythonError, WrongArguments
from ...rule import MISSING, Call, ClassRule, LayerRule, alias, class_rule
from ...value import BoundMethod, Class, Function, Instance, Made, Tensor, Unknown, Value, shape_from, tensors_in
from ...wording import Frame, Version
from ...wording.keras import argument_text, quoted, said, tensor_text
from .graph import outputs_of, pattern_of
from .inputs import bind, check_spec, converted, mixed_nest, parameters_of, refused_leaf
from .inside import inside_of
from .machine import MACHINE, Machine, quiet
from .methods import all_params, layer_attribute
from .state import (
    BACKEND_KIND,
    BASE_SETTINGS,
    GLOBAL,
    auto_name,
    class_name,
    keep,
    layers_inside,
    python_shape,
    remember_call,
    shapes_of,
)
from .weights import set_trainable

NO_ARGUMENT = (
    "For a `build()` method with more than one argument, all arguments should have a `_shape` suffix and match an argument "
    "from `call()`. E.g. `build(self, foo_shape, bar_shape)`  For layer '{layer}', received `build()` argument "
    "`{name}_shape`, but `call()` does not have argument `{name}`."
)
EMPTY = "<class 'inspect._empty'>"


@class_rule("keras.layers.Layer")
class Layer(ClassRule):
    """keras.layers.Layer itself; its objects are those of classes that derive from it."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """``super().__init__(**kwargs)``: only the base's own keyword arguments are taken."""
        machine = MACHINE.of(obj)
        given = {name: call.thaw(call.resolve(value)) for name, value in kwargs.items()}
        base = {name: given.pop(name) for name in BASE_SETTINGS if name in given}
        with collect() as record:
            if args:
                counts = (1, 1, len(args) + 1)
                report(WrongArguments("too-many", "Layer.__init__", counts=counts), blame=("arguments",))
            machine.init_base(call, obj, {**base, ".unrecognized": given}, class_name(obj))
        call.set(obj, ".settings", ())
        call.set(obj, ".broken", bool(record.reports))
        machine.remember_sites(call, obj, {name: call.argument_site(name) for name in kwargs})
        machine.tell(call, record, obj, {})

    def call(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """``layer(x)``: see call_user."""
        own = user_method(call, obj, "call")
        if own is None:
            return Unknown(f"{class_name(obj)} has no call that is known")
        return call_user(MACHINE.of(obj), None, call, obj, own, args, kwargs)

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """What Layer defines: see methods.py."""
        return layer_attribute(MACHINE.of(obj), None, call, obj, name)

    def set(self, call: Call, obj: Instance, name: str, value: Value) -> None:
        """Remember layers inside, for counting weights, and what is accepted."""
        if name == "input_spec":
            from .foreign_layers import specified

            specified(call, obj, value)
        attribute_set(call, obj, name, value)

    def of_class(self, call: Call, cls: Value, name: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """``Class.from_config(config)`` calls the class with what the config holds."""
        from .serialization import class_made

        return class_made(call, cls, name, args)


def attribute_set(call: Call, obj: Instance, name: str, value: Value, *, tracks: bool = True) -> None:
    """``layer.name = value``: whether it is trained, or something that it keeps; with ``tracks`` also layers inside."""
    if name == "trainable":
        set_trainable(call, obj, value)
    elif tracks:
        track(call, obj, value)
    if isinstance(value, Unknown):
        call.set(obj, ".draws", Unknown("what a layer keeps"))  # perhaps a generator of random numbers


def track(call: Call, obj: Instance, value: Value) -> None:
    """Remember the layers in a value as layers inside of ``obj``."""
    items = call.iterate(value) if not isinstance(value, (Instance, Tensor, str, Unknown)) else (value,)
    known = layers_inside(call, obj)
    if known is None:
        return
    for item in items or ():
        if isinstance(item, Instance) and call.get(item, ".built") is not None and item not in known:
            known = (*known, item)
    if known:
        call.set(obj, ".layers", known)


def user_method(call: Call, obj: Instance, name: str) -> Value | None:
    """The bound method of this name, if the user's class defines it."""
    if not isinstance(obj.cls, Class):
        return None
    found = call.attribute(obj, name)
    return found if isinstance(found, BoundMethod) and isinstance(found.function, Function) else None


def call_user(
    machine: Machine,
    rule: LayerRule | None,
    call: Call,
    obj: Instance,
    own: Value,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    parameters: Sequence[Parameter] | None = None,
) -> Value:
    """``layer(x)`` where the user's class defines ``call``: check, build once, run it under its frame."""
    values = [converted(call, obj, value) for value in args]
    named = {name: converted(call, obj, value) for name, value in kwargs.items()}
    parameters = parameters_of(own) if parameters is None else parameters
    bound: dict[str, Any] | None = None
    with collect() as record:
        refused = refused_leaf(call, values)
        if refused is not None:
            report(refused, blame=("inputs",))
        elif parameters is not None:
            bound = bind(parameters, values, named)
            if bound is not None and not mixed_nest(call, bound):
                bound = check_spec(call, machine.spec(call, obj), machine.name(call, obj), bound)
    machine.tell(call, record, obj, bound or {})
    if record.reports and bound is None:
        return Unknown("the call is refused")
    taken = {str(position): value for position, value in enumerate(values)} | named if bound is None else bound
    inputs = tuple(tensors_in([*values, *named.values()]))
    symbolic = any(x.symbolic for x in inputs)
    unbuilt = any(call.get(inner, ".built") is not True for inner in layers_inside(call, obj) or ())
    call.local["raised"] = bool(record.reports)
    tried = build_user(machine, rule, call, obj, taken) and unbuilt  # Keras runs ``call`` once to build what is inside
    refused_before = call.local.get("raised") is True
    names = {parameter.name for parameter in parameters} if parameters is not None else None
    if names is not None and "training" not in names and not any(p.kind is p.VAR_KEYWORD for p in parameters or ()):
        named.pop("training", None)
    frozen, frozen_named = [call.freeze(value) for value in values], {k: call.freeze(v) for k, v in named.items()}
    if not symbolic:
        arguments = eager_arguments(call, parameters, values, named)
        name = machine.name(call, obj)
        frame = Frame(class_name(obj), name, "call", arguments, framework=machine.framework)
        with machine.scope(call, obj), call.inside(frame), quiet(call, refused_before):
            result = call.invoke(own, frozen, frozen_named)
        call.set(obj, ".built", True)
        for _ in tensors_in(call.thaw(result)) if tried and machine.framework == "keras" else ():
            auto_name(call, "KerasTensor", machine.framework)
        return result
    with quiet(call, refused_before):
        result = symbolic_call(machine, rule, call, obj, own, parameters, values, named, taken)
    call.set(obj, ".built", True)
    return named_result(call, machine, obj, result, (values, named), tried)


def build_user(
    machine: Machine, rule: LayerRule | None, call: Call, obj: Instance, arguments: Mapping[str, Any]
) -> bool:
    """Run the user's ``build`` once, or the modelled one; True if the class has none."""
    if call.get(obj, ".built") is True:
        return False
    own, first = call.method(obj, "build"), next(iter(arguments.values()), None)
    call.set(obj, ".build_shape", keep(python_shape(shapes_of(first))))
    if own is not MISSING:
        with machine.scope(call, obj):
            invoke_on_shapes(machine, call, own, arguments)
        call.set(obj, ".built", True)
        return False
    call.set(obj, ".built", True)
    settings = machine.settings(call, obj)
    if rule is None or settings is None or "build" not in rule.phases:
        return True
    with collect() as record:
        for name in getattr(inside_of(rule), "arguments", ()):
            if (
                machine.framework == "keras"
                and arguments
                and name not in arguments
                and not all(map(str.isdigit, arguments))
            ):
                report(PythonError("ValueError", NO_ARGUMENT.format(layer=class_name(obj), name=name)))
        machine.build(rule, call, obj, settings, shapes_of(first))
    machine.tell(call, record, obj, {"inputs": first})
    return False


def invoke_on_shapes(machine: Machine, call: Call, method: Value, arguments: Mapping[str, Any]) -> Value:
    """Call ``build`` or ``compute_output_shape``: with the shape of the first input, or, if it takes several, with
    those of the arguments that ``call`` has under their names (``x_shape`` is that of ``x``)."""
    taken = [p for p in parameters_of(method) or () if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    if machine.framework != "keras" or len(taken) <= 1:
        return call.invoke(method, [call.freeze(python_shape(shapes_of(next(iter(arguments.values()), None))))])
    shapes: dict[str, Value] = {}
    for name in (parameter.name for parameter in taken):
        argument = name.removesuffix("_shape")
        if argument == name or argument not in arguments:
            call.doubt()
            return Unknown(f"no argument of the call is called {argument}")
        value = arguments[argument]
        if argument != "mask" and not isinstance(value, (bool, int, float, str, type(None))):
            shapes[name] = call.freeze(python_shape(shapes_of(value)))
    if any(parameter.default is parameter.empty and parameter.name not in shapes for parameter in taken):
        call.doubt()
    return call.invoke(method, [], shapes)


def symbolic_call(
    machine: Machine,
    rule: LayerRule | None,
    call: Call,
    obj: Instance,
    own: Value,
    parameters: Sequence[Parameter] | None,
    values: list[Any],
    named: dict[str, Any],
    taken: Mapping[str, Any],
) -> Value:
    """What a symbolic call gives: by compute_output_shape if the class has one, else by running ``call``."""
    arguments, outermost = symbolic_arguments(parameters, values, named, call.version(machine.framework)), True
    if machine.framework != "keras":
        from .legacy import call_arguments

        arguments, outermost = call_arguments(parameters, values, named), call.local.get("symbolic") is not True
    frame = Frame(class_name(obj), machine.name(call, obj), "call", arguments, outermost, machine.framework)
    first = next((x for x in (*values, *named.values()) if isinstance(x, (Tensor, list, tuple, dict))), None)
    own_shape = user_method(call, obj, "compute_output_shape")
    settings = machine.settings(call, obj)
    with machine.scope(call, obj, symbolic=True), ExitStack() as stack:
        stack.enter_context(call.inside(frame))
        if own_shape is not None:
            dtype = call.get(obj, ".dtype")
            dtype = dtype if isinstance(dtype, str) else None
            shapes = call.thaw(invoke_on_shapes(machine, call, own_shape, taken))
            return call.freeze(tensors_of(shapes, dtype, (obj.id, call.site)))
        if rule is not None and settings is not None and "compute_output_shape" in rule.phases:
            with collect() as record:
                context = {**settings, **machine.context(call, obj, rule)}
                shape = machine.run(rule, "compute_output_shape", context, shapes_of(first))
            machine.tell(call, record, obj, {"inputs": first})
            return Tensor(shape, call.get(obj, ".dtype"), "tf")
        stack.enter_context(
            call.inside(Frame(class_name(obj), machine.name(call, obj), "infer", framework=machine.framework))
        )
        kind = BACKEND_KIND.get(call.backend(), "tf")
        inside = [call.freeze(_with_kind(value, kind)) for value in values]
        return call.invoke(own, inside, {key: call.freeze(_with_kind(value, kind)) for key, value in named.items()})


def tensors_of(shapes: Any, dtype: str | None, origin: Any) -> Any:
    """Tensors for what ``compute_output_shape`` gives: a shape, or a structure of shapes."""
    if isinstance(shapes, dict):
        return {key: tensors_of(shape, dtype, (origin, key)) for key, shape in shapes.items()}
    if isinstance(shapes, (list, tuple)) and any(isinstance(item, (list, tuple, dict)) for item in shapes):
        return type(shapes)(tensors_of(shape, dtype, (origin, place)) for place, shape in enumerate(shapes))
    return Tensor(shape_from(shapes, origin), dtype, "tf")


def named_result(
    call: Call, machine: Machine, obj: Instance, result: Value, arguments: tuple[list[Any], dict[str, Any]], twice: bool
) -> Value:
    """The symbolic tensors for what a symbolic call computed: a node of the graph, by this layer.

    Traced ``twice``, every tensor takes two names.
    """
    values, named = arguments
    inputs = tuple(tensors_in([*values, *named.values()]))
    weights = machine.weights(call, obj)
    facts = {
        "class": class_name(obj),
        "name": machine.name(call, obj),
        "flavour": machine.framework,
        "weights": weights,
        "params": all_params(call, obj),
        "site": call.get(obj, ".site"),
        "sites": {},
        "layer": obj,
        "pattern": pattern_of(values, named),
    }

    def symbolic(x: Tensor, path: tuple[Any, ...]) -> Tensor:
        if twice:
            auto_name(call, "KerasTensor", machine.framework)
        made = Made("keras.layers.Layer", call.site, inputs, (), {**facts, "output": path})
        return replace(x, kind="keras", made=made, name=auto_name(call, "KerasTensor", machine.framework))

    thawed = call.thaw(result)
    if next(tensors_in(thawed), None) is None:
        return result
    outputs = call.freeze(outputs_of(thawed, symbolic))
    remember_call(call, obj, outputs)
    if call.get(obj, ".output") is None:
        call.set(obj, ".input", call.freeze(next(iter((*values, *named.values())), None)))
        call.set(obj, ".output", outputs)
    return outputs


def eager_arguments(
    call: Call, parameters: Sequence[Parameter] | None, values: Sequence[Any], named: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    """The arguments of the user's ``call`` as the wrapper prints them: defaults included."""
    how = call.version("keras"), call.backend()
    if parameters is None:
        return ()
    printed: list[tuple[str, str]] = []
    rest = list(values)
    for parameter in parameters:
        name = parameter.name
        if parameter.kind is parameter.VAR_POSITIONAL:
            printed.append((name, argument_text(tuple(rest), *how) if rest else EMPTY))
            rest = []
        elif parameter.kind is parameter.VAR_KEYWORD:
            others = {key: value for key, value in named.items() if key not in {p.name for p in parameters}}
            printed.append((name, argument_text(others, *how) if others else EMPTY))
        elif rest and parameter.kind is not parameter.KEYWORD_ONLY:
            printed.append((name, argument_text(rest.pop(0), *how)))
        elif name in named:
            printed.append((name, argument_text(named[name], *how)))
        else:
            printed.append((name, said(call.thaw(parameter.default))))
    return tuple(printed)


def symbolic_arguments(
    parameters: Sequence[Parameter] | None, values: Sequence[Any], named: Mapping[str, Any], version: Version
) -> tuple[tuple[str, str], ...]:
    """The arguments of ``symbolic_call(*args, **kwargs)``, with the ``training`` that Keras fills in."""
    kwargs = dict(named)
    for parameter in parameters or ():
        if parameter.name == "training" and "training" not in kwargs and isinstance(parameter.default, bool):
            kwargs["training"] = parameter.default
        if (
            parameter.name == "mask"
            and parameter.default is None
            and len(list(tensors_in([*values, *named.values()]))) == 1
        ):
            kwargs.setdefault("mask", None)
    args = argument_text(tuple(values), version) if values else EMPTY
    if len(values) == 1 and isinstance(values[0], Tensor):
        args = f"({quoted(tensor_text(values[0], version))},)"
    return ("args", args), ("kwargs", argument_text(kwargs, version) if kwargs else EMPTY)


def _with_kind(value: Any, kind: str) -> Any:
    if isinstance(value, Tensor) and value.symbolic:
        return replace(value, kind=kind, name=None)
    if isinstance(value, list):
        return [_with_kind(item, kind) for item in value]
    if isinstance(value, tuple):
        return tuple(_with_kind(item, kind) for item in value)
    if isinstance(value, dict):
        return {key: _with_kind(item, kind) for key, item in value.items()}
    return value


alias("keras.layers.Layer", "keras.Layer")

__all__ = ["GLOBAL", "Layer", "call_user", "named_result", "track", "user_method"]
