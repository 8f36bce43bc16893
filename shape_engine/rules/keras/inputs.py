"""What a layer of Keras is called with: conversion to tensors, binding, the input spec.

Follows Layer.__call__ (keras/src/layers/layer.py) and keras/src/layers/input_spec.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from inspect import Parameter, Signature
from typing import Any

from ...dim import is_dynamic, is_symbolic, surely_differ
from ...evidence import collect, report
from ...problems import (
    ChannelMismatch,
    MissingBatchAxis,
    ModelInputMismatch,
    NotATensor,
    WrongArguments,
    WrongInputCount,
    WrongRank,
)
from ...rule import Call
from ...shape import Shape, Unranked
from ...value import Assumed, Function, Instance, Tensor, Unknown, Value
from .printed import layer_repr, layer_type
from .state import ASSUMED_NAMES, BACKEND_KIND, Spec, auto_name, flavour_of, fresh_shape, is_float

SHORTER = {"int64": "int32", "uint64": "uint32", "float64": "float32", "complex128": "complex64"}
"""JAX has no 64-bit numbers unless it is told so."""


def converted(call: Call, obj: Instance, value: Value) -> Any:
    """An argument as the layer sees it: thawed, arrays as tensors of the backend, floats in the layer's dtype."""
    return _map(lambda leaf: _convert_leaf(call, obj, leaf), call.thaw(call.resolve(value)))


def refused_leaf(call: Call, values: Any) -> NotATensor | None:
    """The first positional argument, or part of one, that is surely no tensor."""
    for leaf in leaves(values):
        refused = None if leaf is None else not_a_tensor(call, leaf)
        if refused is not None:
            return refused
    return None


def bind(parameters: Sequence[Parameter], values: Sequence[Any], named: Mapping[str, Any]) -> dict[str, Any] | None:
    """``inspect.Signature.bind`` as Keras uses it; reports WrongArguments and gives None.

    ``training`` is dropped where the layer does not take it.
    """
    if not named and len(values) <= len(parameters):  # nearly always; a Signature takes ten times as long
        rest = parameters[len(values) :]
        if all(parameter.default is not Parameter.empty for parameter in rest):
            given = {parameter.name: value for parameter, value in zip(parameters, values, strict=False)}
            return given | {parameter.name: parameter.default for parameter in rest}
    plain = [parameter.replace(annotation=Parameter.empty) for parameter in parameters]
    names = {parameter.name for parameter in plain}
    try:
        bound = Signature(plain).bind(*values, **{k: v for k, v in named.items() if k != "training" or k in names})
    except TypeError as error:
        report(_binding_problem(str(error)), blame=("arguments",))
        return None
    bound.apply_defaults()
    return dict(bound.arguments)


def mixed_nest(call: Call, bound: Mapping[str, Any]) -> bool:
    """Whether some argument holds tensors beside other things (CallSpec refuses that)."""
    for value in bound.values():
        if isinstance(value, (list, tuple, dict)) and not isinstance(value, Shape):
            flat = leaves(value)
            if any(isinstance(x, Tensor) for x in flat) and any(not_a_tensor(call, x) for x in flat if x is not None):
                return True
    return False


def check_spec(call: Call, spec: Spec | None, layer: str, bound: dict[str, Any]) -> dict[str, Any] | None:
    """``assert_input_compatibility`` for the first argument; decides what an unknown input is.

    Reports NotATensor, WrongInputCount, WrongRank, MissingBatchAxis, ChannelMismatch.  Returns the
    arguments with the input repaired, or None where nothing can be said about them.
    """
    first = next(iter(bound), None)
    if first is None or spec is None:
        return bound
    value = bound[first]
    if value is None and spec.inputs == 1:
        report(NotATensor("None", "NoneType", layer), blame=(first,))
        return None
    if isinstance(value, (list, tuple, dict)) and not isinstance(value, Shape):
        flat = leaves(value)
        if len(flat) != spec.inputs and not any(isinstance(x, (Unknown, Assumed)) for x in flat):
            report(WrongInputCount(spec.inputs, tuple(flat), layer), blame=(first,))
            return None
        if None in [x for x in flat if not isinstance(x, Tensor)]:
            report(NotATensor("None", "NoneType", layer), blame=(first,))
            return None
        with collect() as record:
            for x in flat[:1] if spec.inputs == 1 else ():
                if isinstance(x, Tensor):
                    check_tensor(x, spec, layer, first, call)
        for found in record.reports[:1]:
            report(found.problem, blame=found.blame)
            return None
        return bound
    refused = not_a_tensor(call, value)
    if refused is not None:
        report(replace(refused, layer=layer), blame=(first,))
        return None
    x = decided(call, value, spec)
    return {**bound, first: check_tensor(x, spec, layer, first, call) if isinstance(x, Tensor) else x}


def decided(call: Call, value: Any, spec: Spec) -> Any:
    """An unknown input as a tensor of the rank that the layer needs; anything else as it is."""
    if spec.rank is None or (isinstance(value, Tensor) and value.ranked):
        return value
    kind = BACKEND_KIND.get(call.backend(), "tf")
    if isinstance(value, Assumed):
        return call.assume(value, Tensor(fresh_shape(call, spec.rank, ASSUMED_NAMES.get(spec.rank, ())), None, kind))
    if spec.more:
        return (
            Tensor(Unranked("the rank of the input is not known"), None, kind) if isinstance(value, Unknown) else value
        )
    if isinstance(value, Tensor):
        return replace(value, shape=fresh_shape(call, spec.rank))
    return Tensor(fresh_shape(call, spec.rank), None, kind) if isinstance(value, Unknown) else value


def check_tensor(x: Tensor, spec: Spec, layer: str, blame: str, call: Call) -> Tensor:
    """One tensor against a spec, in the order of input_spec.py; returns it repaired."""
    shape = x.shape
    if not isinstance(shape, Shape):
        return x
    rank = len(shape)
    least = spec.ndim if spec.ndim is not None else spec.min_ndim
    most = spec.ndim if spec.ndim is not None else spec.max_ndim
    if (
        (spec.ndim is not None and rank != spec.ndim)
        or (least is not None and rank < least)
        or (most is not None and rank > most)
    ):
        if spec.ndim is None and most is not None and rank > most:
            least = None if spec.min_ndim is None or rank >= spec.min_ndim else least
        if least is not None and rank == least - 1 and rank > 1 and not is_dynamic(shape[0]):
            report(MissingBatchAxis(shape, layer, least, most), blame=(blame,))
            return replace(x, shape=Shape((call.symbol(), *shape)), made=None)
        report(WrongRank(shape, layer, least, most), blame=(blame,))
        return replace(x, shape=fresh_shape(call, spec.rank or rank), made=None)
    if spec.shape is not None and any(
        not is_dynamic(dim) and not is_dynamic(wanted) and surely_differ(dim, wanted)
        for dim, wanted in zip(shape, spec.shape, strict=False)
    ):
        report(ModelInputMismatch(Shape(spec.shape), shape, layer=layer), blame=(blame,))
        known = zip(shape, spec.shape, strict=False)
        return replace(x, shape=Shape(dim if is_dynamic(wanted) else wanted for dim, wanted in known), made=None)
    for axis, length in spec.axes:
        if -rank <= axis < rank and not is_dynamic(shape[axis]) and surely_differ(shape[axis], length):
            report(ChannelMismatch(shape[axis], length, axis, shape, layer), blame=(blame,))
            position = axis % rank
            return replace(x, shape=Shape((*shape[:position], length, *shape[position + 1 :])), made=None)
    return x


def not_a_tensor(call: Call, leaf: Any) -> NotATensor | None:
    """The problem with an argument that is surely no tensor."""
    if isinstance(leaf, (Tensor, Unknown, Assumed)) or is_symbolic(leaf):
        return None
    if leaf is None:
        return NotATensor("None", "NoneType")
    if isinstance(leaf, (bool, int, float, complex, str, bytes)):
        return NotATensor(str(leaf), type(leaf).__name__)
    if isinstance(leaf, Instance) and call.get(leaf, ".settings") is not None:
        return NotATensor(layer_repr(call, leaf), layer_type(leaf))
    return None


def leaves(value: Any) -> list[Any]:
    """The parts of a structure of lists, tuples and dicts, in the order of tree.flatten."""
    if isinstance(value, (list, tuple)) and not isinstance(value, Shape):
        return [leaf for item in value for leaf in leaves(item)]
    if isinstance(value, dict):
        return [leaf for key in sorted(value, key=str) for leaf in leaves(value[key])]
    return [value]


def parameters_of(method: Value) -> list[Parameter] | None:
    """The parameters of a user's method after ``self``; None where they are not known."""
    function = getattr(method, "function", method)
    arguments = getattr(function.code.node, "args", None) if isinstance(function, Function) else None
    if arguments is None or not isinstance(function, Function):
        return None
    defaults = {name for name, _ in function.defaults}

    def parameter(name: str, kind: Any) -> Parameter:
        if name in defaults:
            return Parameter(name, kind, default=dict(function.defaults)[name])
        return Parameter(name, kind)

    found = [parameter(a.arg, Parameter.POSITIONAL_ONLY) for a in arguments.posonlyargs]
    found += [parameter(a.arg, Parameter.POSITIONAL_OR_KEYWORD) for a in arguments.args]
    if arguments.vararg is not None:
        found.append(Parameter(arguments.vararg.arg, Parameter.VAR_POSITIONAL))
    found += [parameter(a.arg, Parameter.KEYWORD_ONLY) for a in arguments.kwonlyargs]
    if arguments.kwarg is not None:
        found.append(Parameter(arguments.kwarg.arg, Parameter.VAR_KEYWORD))
    return found[1:]


def _convert_leaf(call: Call, obj: Instance, leaf: Any) -> Any:
    leaf = call.resolve(leaf) if isinstance(leaf, Assumed) else leaf
    if not isinstance(leaf, Tensor):
        return leaf
    compute = call.get(obj, ".dtype")
    if leaf.kind in ("numpy", "torch"):
        cast = leaf.kind == "numpy" and (3,) <= call.version("keras") < (3, 4) and isinstance(compute, str)
        leaf = replace(leaf, kind=BACKEND_KIND.get(call.backend(), "tf"), dtype=compute if cast else leaf.dtype)
    if call.backend() == "jax" and leaf.dtype in SHORTER:
        leaf = replace(leaf, dtype=SHORTER[leaf.dtype])
    casts = call.get(obj, ".autocast", True) is True and is_float(leaf.dtype) and leaf.dtype != compute
    if casts and (compute is None or (isinstance(compute, str) and compute != "string")):
        return replace(leaf, dtype=compute, name=_name_of_cast(call, obj, leaf))
    return leaf


def _name_of_cast(call: Call, obj: Instance, x: Tensor) -> Any:
    """Before Keras 3.5 a symbolic tensor is given the other dtype; from then on there is a new one."""
    if not x.symbolic or flavour_of(obj) != "keras":
        return None
    return auto_name(call, "KerasTensor") if call.version("keras") >= (3, 5) else x.name


def _map(function: Any, value: Any) -> Any:
    if isinstance(value, list):
        return [_map(function, item) for item in value]
    if isinstance(value, tuple) and not isinstance(value, Shape):
        return tuple(_map(function, item) for item in value)
    if isinstance(value, dict):
        return {key: _map(function, item) for key, item in value.items()}
    return function(value)


def _binding_problem(text: str) -> WrongArguments:
    name = re.findall(r"'([^']*)'", text)
    if text.startswith("missing"):
        return WrongArguments("missing", names=tuple(name[-1:]))
    if text.startswith("got an unexpected"):
        return WrongArguments("unexpected", names=tuple(name[-1:]))
    if text.startswith("multiple"):
        return WrongArguments("repeated", names=tuple(name[-1:]))
    return WrongArguments("too-many")
