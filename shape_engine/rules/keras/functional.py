"""Functional models: keras.Model(inputs, outputs), and what happens when one is called.

Follows keras/src/models/functional.py, keras/src/ops/function.py and keras/src/layers/input_spec.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

from ...dim import is_dynamic, is_symbolic, surely_differ, surely_equal
from ...evidence import collect, report
from ...problems import (
    BadModel,
    DisconnectedModel,
    ModelInputMismatch,
    ModelInputRank,
    WrongArguments,
    WrongModelInputs,
)
from ...rule import Call
from ...shape import Shape
from ...value import Assumed, Instance, Known, Made, Tensor, Unknown, Value, tensors_in
from ...wording import Frame
from ...wording.keras import argument_text, quoted, said, tensor_repr, tensor_text
from .graph import Arguments, disconnected, invoked, layer_of, layers_between, nodes, outputs_of, run, same_lengths
from .input_layer import INPUT_LAYER, make_input
from .inputs import bind, leaves
from .machine import MACHINE
from .methods import rule_of
from .state import BACKEND_KIND, auto_name, class_name, flavour_of, is_float, keep, remember_call, reopen

EMPTY = "<class 'inspect._empty'>"


def functional_init(call: Call, obj: Instance, given: Mapping[str, Value]) -> None:
    """``Functional.__init__(inputs, outputs, name)``: check the tensors, and that inputs lead to outputs."""
    machine = MACHINE.of(obj)
    inputs, outputs = call.thaw(call.resolve(given.get("inputs"))), call.thaw(call.resolve(given.get("outputs")))
    with collect() as record:
        own_class = class_name(obj)
        cls = "Functional" if own_class == "Model" else own_class
        base = {name: call.thaw(given[name]) for name in ("name", "trainable") if given.get(name) is not None}
        machine.init_base(call, obj, base, cls if machine.framework == "keras" else "model")
        _check_tensors("inputs", inputs)
        _check_tensors("outputs", outputs)
        flat_inputs, flat_outputs = leaves(inputs), leaves(outputs)
        known = all(isinstance(x, Tensor) for x in (*flat_inputs, *flat_outputs))
        if not flat_inputs or not flat_outputs:
            why = "no-outputs" if flat_inputs else "no-inputs"
            report(BadModel(why, quoted=(_shown(inputs), _shown(outputs))), blame=("inputs", "outputs"))
        elif known and not record.reports:
            position = disconnected(flat_outputs, flat_inputs)
            accepted = call.version("keras") < (3, 9)
            if position is not None and not accepted and all(x.ranked for x in flat_outputs):
                report(DisconnectedModel(_paths(outputs)[position]), blame=("outputs", "inputs"))
            layers = [_clone(call, obj, x) for x in flat_inputs if not _is_input(x)]
            layers += layers_between(flat_outputs, flat_inputs)
            repeated = call.repeated([call.get(layer, ".name") for layer in layers])
            if repeated is not None:
                report(BadModel("repeated-name", quoted=repeated), blame=("outputs",))
            call.set(obj, ".layers", tuple(layers))
    call.set(obj, ".model", "functional")
    call.set(obj, ".inputs", keep(inputs))
    call.set(obj, ".outputs", keep(outputs))
    call.set(obj, ".settings", ())
    call.set(obj, ".broken", bool(record.reports) or not known)
    call.set(obj, ".built", True)
    machine.remember_sites(call, obj, {name: call.argument_site(name) for name in given})
    sites = {"inputs": next(tensors_in(inputs), None), "outputs": next(tensors_in(outputs), None)}
    if record.reports and machine.framework == "keras":
        call.find(record.reports[0], "keras", blame={k: v for k, v in sites.items() if v is not None})


def functional_call(call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    """``model(x)``: the check of exact shapes, then the graph on the new tensors, wrapped as Keras wraps it."""
    machine = MACHINE.of(obj)
    if machine.framework != "keras":
        from . import legacy_models

        return legacy_models.functional_call(call, obj, args, kwargs)
    expected, outputs = reopen(call.get(obj, ".inputs")), reopen(call.get(obj, ".outputs"))
    bound = bound_arguments(call, obj, args, kwargs)
    if bound is None:
        with collect() as record:
            report(WrongArguments("missing", names=("inputs",)), blame=("arguments",))
        machine.tell(call, record, obj, {})
    if bound is None or not all(isinstance(x, Tensor) for x in (*leaves(expected), *leaves(outputs))):
        return Unknown("what the model gives is not known")
    flat_expected = leaves(expected)
    with collect() as record:
        given = matched(call, obj, expected, flat_expected, bound["inputs"])
        fits = given is not None and not record.reports
        if fits and call.local.get("plainly") != obj.id:
            fits = check_shapes(call, obj, expected, flat_expected, given or [])
    machine.tell(call, record, obj, bound)
    if given is None or not fits:
        given = [as_expected(call, x) for x in flat_expected]
        return finish(call, obj, run(call, flat_expected, given, outputs, given[0].kind), bound)
    return call_graph(call, obj, flat_expected, given, expected, outputs, bound)


def call_graph(
    call: Call,
    obj: Instance,
    inputs: Sequence[Tensor],
    given: list[Tensor],
    struct: Any,
    outputs: Any,
    bound: Mapping[str, Any],
) -> Value:
    """Run the graph under the model's frame: ``Functional.call`` and, symbolically, ``compute_output_spec``."""
    machine = MACHINE.of(obj)
    symbolic = any(x.symbolic for x in given)
    with framed(call, obj, bound, symbolic), machine.surrounding(call):
        if symbolic:
            result = infer(call, inputs, given, outputs)
        else:
            with collect() as record:
                pairs = enumerate(zip(given, inputs, strict=True))
                adjusted = [rank_adjusted(x, ref, n, struct) for n, (x, ref) in pairs]
            machine.tell(call, record, obj, bound)
            if record.reports:
                result = run(call, inputs, [as_expected(call, x) for x in inputs], outputs, given[0].kind)
            else:
                result = run(call, inputs, adjusted, outputs, given[0].kind, invoked(call))
    return finish(call, obj, result, bound)


def infer(call: Call, inputs: Sequence[Tensor], given: Sequence[Tensor], outputs: Any) -> Any:
    """``compute_output_spec``: known at once for the model's own shapes, else by what every layer computes.

    The layers' specs are not looked at, and what they report is wrapped by the model alone.
    """
    pairs = list(zip(inputs, given, strict=False))
    if all(
        isinstance(x.shape, Shape) and isinstance(new.shape, Shape) and same_lengths(x.shape, new.shape)
        for x, new in pairs
    ):
        return run(call, inputs, given, outputs, "keras")

    def step(x: Tensor, layer: Instance, arguments: Arguments) -> Any:
        rule = rule_of(call, layer)
        machine = MACHINE.of(layer)
        settings = machine.settings(call, layer)
        if rule is None or settings is None or not isinstance(layer.cls, Known):
            return None
        with collect() as record:
            values = list((bind(rule.inputs, *arguments) or {}).values())
            if not values:
                return None
            result = machine.run(rule, "call", {**settings, **machine.context(call, layer, rule)}, *values)
        machine.tell(call, record, layer, {"inputs": values[:1]}, x.made)
        shape = result.shape if isinstance(result, Tensor) else result
        return replace(x, shape=shape, name=None) if isinstance(shape, Shape) else None

    return run(call, inputs, given, outputs, "keras", step)


def check_shapes(call: Call, obj: Instance, struct: Any, expected: Sequence[Tensor], given: Sequence[Tensor]) -> bool:
    """assert_input_compatibility with the model's input spec: exact shapes but for the batch, a last 1 is put aside."""
    machine = MACHINE.of(obj)
    name, names = machine.name(call, obj), input_names(call, struct)
    for index, (x, ref) in enumerate(zip(given, expected, strict=True)):
        if not isinstance(x.shape, Shape) or not isinstance(ref.shape, Shape):
            continue
        found = Shape(x.shape[:-1]) if x.shape and x.shape[-1] == 1 else x.shape
        spec = Shape((call.symbol(dynamic=True), *ref.shape[1:])) if ref.shape else ref.shape
        compared = spec[:-1] if spec and spec[-1] == 1 else spec
        for wanted, dim in zip(compared, found, strict=False):
            if not is_dynamic(wanted) and not is_dynamic(dim) and surely_differ(wanted, dim):
                shown = found if machine.framework == "keras" else x.shape
                report(ModelInputMismatch(spec, shown, index, names[index], name), blame=("inputs",))
                return False
    return True


def bound_arguments(
    call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> dict[str, Any] | None:
    """The arguments of ``call(inputs, training=None, mask=None, **kwargs)``, thawed."""
    values = [_resolved(call, call.thaw(call.resolve(value))) for value in args]
    named = {name: _resolved(call, call.thaw(call.resolve(value))) for name, value in kwargs.items()}
    bound = dict(zip(("inputs", "training", "mask"), values, strict=False))
    bound |= {name: named[name] for name in ("inputs", "training", "mask") if name in named}
    if "inputs" not in bound:
        return None
    return {"inputs": bound["inputs"], "training": bound.get("training"), "mask": bound.get("mask")}


def framed(call: Call, obj: Instance, bound: Mapping[str, Any], symbolic: bool) -> AbstractContextManager[None]:
    """The model's call is under way; nothing wraps what ``model.call(x)`` raises."""
    if call.local.get("plainly") == obj.id:
        call.local["plainly"] = None
        return nullcontext()
    return call.inside(model_frame(call, obj, bound, symbolic))


def model_frame(call: Call, obj: Instance, bound: Mapping[str, Any], symbolic: bool) -> Frame:
    """The frame of a model's call with its arguments as the wrapper prints them."""
    cls, name = model_class(obj), MACHINE.of(obj).name(call, obj)
    if MACHINE.of(obj).framework != "keras":
        from . import legacy_models

        return legacy_models.model_frame(call, obj, bound, symbolic)
    if symbolic:
        first = bound["inputs"]
        args = f"({quoted(tensor_text(first))},)" if isinstance(first, Tensor) else f"({argument_text(first)},)"
        known = {key: argument_text(bound[key]) for key in ("training",) if bound.get(key) is not None}
        kwargs = said({**known, "mask": "None"})
        return Frame(cls, name, "call", (("args", args), ("kwargs", kwargs)), symbolic=True)
    first, kept = bound["inputs"], call.get(obj, ".model") == "functional"  # such a model converts nothing
    arrays = [x for x in tensors_in(first) if x.kind == "numpy"] if kept else []
    if arrays:
        bound = {**bound, "inputs": Unknown("arrays, printed in full")}
    elif bound.get("mask") is None and not isinstance(first, Tensor):
        bound = {**bound, "mask": _for_each(first)}
    arguments = tuple((key, argument_text(value)) for key, value in bound.items())
    return Frame(cls, name, "call", (*arguments, ("kwargs", EMPTY)))


def _for_each(inputs: Any) -> Any:
    """No mask for each input, in their structure."""
    if isinstance(inputs, (list, tuple)):
        return type(inputs)(map(_for_each, inputs))
    if isinstance(inputs, dict):
        return {key: _for_each(item) for key, item in inputs.items()}
    return None


def model_class(obj: Instance) -> str:
    """The class that messages name: a plain Model with inputs and outputs is a Functional."""
    name = class_name(obj)
    return "Functional" if name == "Model" else name


def finish(call: Call, obj: Instance, result: Any, bound: Mapping[str, Any]) -> Value:
    """The outputs of a model, one taken out of a list; each remembers the model as the layer that gave it."""
    if isinstance(result, (list, tuple)) and len(result) == 1:
        result = result[0]
    inputs = tuple(tensors_in(bound.get("inputs")))
    machine = MACHINE.of(obj)

    def dressed(x: Tensor, path: tuple[Any, ...]) -> Tensor:
        name = auto_name(call, "KerasTensor", machine.framework) if x.kind == "keras" else None
        return replace(x, made=model_made(call, obj, inputs, bound, path), name=name)

    outputs = call.freeze(outputs_of(result, dressed))
    if any(x.symbolic for x in inputs):
        remember_call(call, obj, outputs)
    return outputs


def model_made(
    call: Call, obj: Instance, inputs: tuple[Tensor, ...], bound: Mapping[str, Any], path: tuple[Any, ...]
) -> Made:
    """How an output of a model's call comes to be; ``path`` tells where it stands among the outputs."""
    from .graph import pattern_of
    from .summary import count

    target = "keras.Sequential" if class_name(obj) == "Sequential" else "keras.Model"
    facts = {
        "class": model_class(obj),
        "name": MACHINE.of(obj).name(call, obj),
        "flavour": MACHINE.of(obj).framework,
        "weights": (),
        "params": count(call, obj),
        "site": call.get(obj, ".site"),
        "sites": {},
        "layer": obj,
        "pattern": pattern_of([bound.get("inputs")]),
        "output": path,
    }
    return Made(target, call.site, inputs, (), facts)


def as_expected(call: Call, x: Tensor) -> Tensor:
    """An eager input of the shape that the model was made for."""
    shape = (
        Shape(call.symbol() if is_dynamic(dim) else dim for dim in x.shape) if isinstance(x.shape, Shape) else x.shape
    )
    return Tensor(shape, x.dtype, BACKEND_KIND.get(call.backend(), "tf"))


def input_names(call: Call, struct: Any) -> list[str]:
    """The names of a model's inputs: the keys of a dict, else those of the layers."""
    if isinstance(struct, dict):
        return sorted(map(str, struct))
    return [_input_name(call, x) for x in leaves(struct)]


def _input_name(call: Call, x: Any) -> str:
    layer = layer_of(x) if isinstance(x, Tensor) else None
    if layer is None:
        return "?"
    if not _is_input(x):
        return f"{x.name or '?'}CLONE"
    name = call.get(layer, ".name")
    return name if isinstance(name, str) else "?"


def _is_input(x: Any) -> bool:
    return isinstance(x, Tensor) and x.made is not None and x.made.by == "keras.Input"


def _clone(call: Call, obj: Instance, x: Tensor) -> Instance:
    """The InputLayer that stands for a tensor in the middle of a graph from which a model starts."""
    layer = call.new(Known(INPUT_LAYER, flavour_of(obj)))
    make_input(call, layer, {"batch_shape": x.shape, "dtype": x.dtype, "name": f"{x.name or '?'}CLONE"}, ())
    return layer


def matched(call: Call, obj: Instance, struct: Any, expected: Sequence[Tensor], value: Any) -> list[Tensor] | None:
    """The tensors for the model's inputs, in order; reports a wrong number, None where they are not known."""
    names, label = input_names(call, struct), MACHINE.of(obj).name(call, obj)
    if isinstance(value, dict) and all(names) and "?" not in names:
        for name in names:
            if name not in value:
                report(
                    WrongModelInputs(tuple(names), tuple(map(str, value)), len(value), label, name), blame=("inputs",)
                )
                return None
        flat = [leaf for name in names for leaf in leaves(value[name])]
    else:
        flat = leaves(value)
    if len(flat) != len(expected):
        if not any(isinstance(x, (Unknown, Assumed)) for x in flat):
            report(WrongModelInputs(tuple(names), (), len(flat), label), blame=("inputs",))
        return None
    found: list[Tensor] = []
    for x, ref in zip(flat, expected, strict=True):
        tensor = _as_tensor(call, x, ref)
        if tensor is None:
            return None
        found.append(tensor)
    return found


def _as_tensor(call: Call, x: Any, ref: Tensor) -> Tensor | None:
    """An input as a tensor of the backend, of the dtype that the model wants; an unknown one has the shape it wants."""
    if isinstance(x, Assumed):
        return call.assume(x, as_expected(call, ref))
    if not isinstance(x, Tensor):
        return None
    kind = BACKEND_KIND.get(call.backend(), "tf") if x.kind in ("numpy", "torch") else x.kind
    if not isinstance(x.shape, Shape):
        return replace(as_expected(call, ref), kind=kind)
    dtype = ref.dtype if is_float(x.dtype) or kind != x.kind else x.dtype
    return replace(x, kind=kind, dtype=dtype)


def rank_adjusted(x: Tensor, ref: Tensor, index: int, struct: Any, value: str = "") -> Tensor:
    """Functional._adjust_input_rank: a last axis of length 1 is taken off or added; reports any other rank.

    ``value`` is how the tensor is printed, where that is known.
    """
    if not isinstance(x.shape, Shape) or not isinstance(ref.shape, Shape) or len(x.shape) == len(ref.shape):
        return x
    if len(x.shape) == len(ref.shape) + 1 and not surely_differ(x.shape[-1], 1):
        return replace(x, shape=Shape(x.shape[:-1]))
    if len(x.shape) == len(ref.shape) - 1 and surely_equal(ref.shape[-1], 1):
        return replace(x, shape=Shape((*x.shape, 1)))
    value = tensor_repr(x) if x.symbolic else value
    report(
        ModelInputRank(ref.shape, x.shape, index, ref.name or "?", path=_paths(struct)[index], value=value),
        blame=("inputs",),
    )
    return x


def _check_tensors(name: str, value: Any) -> None:
    for leaf in leaves(value):
        if isinstance(leaf, (Unknown, Assumed, Instance)) or (isinstance(leaf, Tensor) and not surely_eager(leaf)):
            continue
        kind = "?" if isinstance(leaf, (Tensor, Instance)) else f"<class '{type(leaf).__name__}'>"
        report(BadModel(f"bad-{name}", quoted=(_shown(value), _shown(leaf), kind)), blame=(name,))
        return


def surely_eager(x: Tensor) -> bool:
    """Whether a tensor goes back to arrays that the program made; what a parameter holds is only assumed.

    Where a length is not known, a symbolic tensor may have been among the operands.
    """
    if x.symbolic:
        return False
    sources = [end for end in nodes([x], []) if end.made is None or not end.made.inputs]
    known = all(isinstance(end.shape, Shape) and not any(map(is_symbolic, end.shape)) for end in (x, *sources))
    return known and all(
        end.made is not None and end.made.by.startswith(("tf.", "numpy.", "keras.ops.")) for end in sources
    )


def _shown(value: Any) -> str:
    """``str`` of an argument, symbolic tensors included; "?" where it is not known."""
    if isinstance(value, Tensor):
        return tensor_repr(value) if value.symbolic else "?"
    return "?" if isinstance(value, Instance) else said(value)


def _paths(struct: Any, path: str = "") -> list[str]:
    """The path of each leaf as Keras prints it: "", "0", "a.1"."""
    if isinstance(struct, (list, tuple)) and not isinstance(struct, Shape):
        return [found for n, item in enumerate(struct) for found in _paths(item, f"{path}.{n}" if path else str(n))]
    if isinstance(struct, dict):
        return [
            found
            for key in sorted(struct, key=str)
            for found in _paths(struct[key], f"{path}.{key}" if path else str(key))
        ]
    return [path]


def _resolved(call: Call, value: Any) -> Any:
    if isinstance(value, list):
        return [_resolved(call, item) for item in value]
    if isinstance(value, tuple) and not isinstance(value, Shape):
        return tuple(_resolved(call, item) for item in value)
    if isinstance(value, dict):
        return {key: _resolved(call, item) for key, item in value.items()}
    return call.resolve(value) if isinstance(value, Assumed) else value
