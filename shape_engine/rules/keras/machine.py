"""What all layers of Keras share: construction, names, building, calling, attributes.

The order of the checks is Keras 3's own (keras/src/layers/layer.py, keras/src/ops/operation.py,
keras/src/layers/input_spec.py).  A layer's rule only says what is particular to it, in phases:

* ``constructor(*, settings)`` checks and returns the settings that Keras stores differently;
* ``spec(shape, *, settings)`` gives a :class:`Spec`; ``shape`` is None until the layer is built;
* ``build(shape, *, settings)`` checks and returns the weights as ``{name: shape}``;
* the rule's function gets the tensors of the call and returns a shape, a tensor, or a structure of them.

Besides its settings a phase may ask for what the machine knows, by declaring ``version``, ``eager``,
``name`` or ``cls`` after the ``*`` and ``**CONTEXT`` in its decorator.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from ...dim import Symbol, is_dim, is_dynamic, is_symbolic, surely_differ
from ...evidence import Record, Report, collect, report
from ...problems import (
    BadSetting,
    ChannelMismatch,
    MissingBatchAxis,
    NotATensor,
    PythonError,
    WrongArguments,
    WrongInputCount,
    WrongRank,
)
from ...rule import MISSING, Call, LayerRule
from ...shape import Shape, Unranked, product
from ...value import Assumed, BoundMethod, Class, Function, Instance, Known, Made, Tensor, Unknown, Value, tensors_in
from ...wording import Frame
from ...wording.keras import tensor_text
from .arguments import identifier

CONTEXT: dict[str, Any] = {"version": (3, 15, 1), "eager": False, "name": "", "cls": ""}
"""What a phase may ask of the machine, with the defaults for a run without one."""

BASE_SETTINGS = ("name", "dtype", "trainable", "autocast", "activity_regularizer", "input_dim", "input_shape")
"""The keyword arguments of Layer itself."""

GLOBAL = Instance(("keras", 0), Known("keras.config"))
"""The place in the store for Keras' global state: ".dtype_policy", ".floatx", ".image_data_format"."""


@dataclass(frozen=True)
class Spec:
    """Which input a layer accepts (InputSpec): its rank, and the lengths of some axes."""

    ndim: int | None = None
    min_ndim: int | None = None
    max_ndim: int | None = None
    axes: tuple[tuple[int, Any], ...] = ()
    inputs: int = 1

    @property
    def rank(self) -> int | None:
        """The rank of an input about which nothing else is known."""
        return self.ndim if self.ndim is not None else self.min_ndim


@dataclass(frozen=True)
class Kept:
    """A list, dict or set among the settings, in a form that the store can compare."""

    kind: str
    items: tuple[Any, ...]


class Machine:
    """The life of a layer of Keras 3.  One object serves all layers; state is in the store."""

    framework = "keras"

    # ---- construction

    def layer_init(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> None:
        """``Layer.__init__``: bind, check, name, remember.  A report leaves the layer ".broken"."""
        with collect() as record:
            given, sites = self.bind_settings(rule, call, obj, args, kwargs)
            base = {name: given.pop(name) for name in (*BASE_SETTINGS, ".unrecognized") if name in given}
            self.init_base(rule, call, obj, base)
            settings = self.defaults(rule) | given
            changed = rule.run("constructor", {**settings, **self.context(call, obj)})
            settings |= changed or {}
        self.set_state(call, obj, rule, settings, sites, broken=bool(record.reports))
        self.tell(call, record, obj, {})

    def bind_settings(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The constructor's arguments by name, thawed, and where they stand; reports what does not bind."""
        hidden = rule.fixed.get("keywords", ())
        order = [name for name in (*rule.settings, *rule.neutral) if name not in BASE_SETTINGS or name in rule.settings]
        needed = [name for name, parameter in rule.settings.items() if parameter.default is parameter.empty]
        function = f"{rule.name}.__init__"
        given: dict[str, Any] = {}
        sites: dict[str, Any] = {}
        if len(args) > len(order):
            counts = (len(needed) + 1, len(order) + 1, len(args) + 1)
            report(WrongArguments("too-many", function, counts=counts), blame=("arguments",))
        for position, (name, value) in enumerate(zip(order, args, strict=False)):
            given[name], sites[name] = call.thaw(call.resolve(value)), call.argument_site(position)
        unrecognized: dict[str, Any] = {}
        for name, value in kwargs.items():
            if name in given:
                report(WrongArguments("repeated", function, (name,)), blame=(name,))
                continue
            sites[name] = call.argument_site(name)
            thawed = call.thaw(call.resolve(value))
            if name in order or name in hidden or name in BASE_SETTINGS:
                given[name] = thawed
            else:
                unrecognized[name] = thawed
        missing = tuple(name for name in needed if name not in given)
        if missing:
            report(WrongArguments("missing", function, missing), blame=("arguments",))
        if unrecognized:
            given[".unrecognized"] = unrecognized
        return given, sites

    def init_base(self, rule: LayerRule | None, call: Call, obj: Instance, given: Mapping[str, Any]) -> None:
        """``Operation.__init__`` and ``Layer.__init__``: name, dtype policy, keyword arguments, trainable."""
        version = call.version(self.framework)
        name = given.get("name")
        if name is None:
            name = auto_name(call, class_name(obj, rule))
        elif isinstance(name, str) and "/" in name or isinstance(name, (bool, int, float, tuple, list, dict)):
            report(BadSetting("name", name, "name"), blame=("name",))
        elif not isinstance(name, str):
            name = Unknown("name")
        compute, variable = self.policy(call, given.get("dtype"))
        if isinstance(given.get("activity_regularizer"), (str, int, float)):
            identifier("regularizer", given["activity_regularizer"], "activity_regularizer")
        unrecognized = given.get(".unrecognized") or {}
        if unrecognized:
            problem = WrongArguments(
                "unrecognized",
                "Layer.__init__",
                tuple(unrecognized),
                tuple(map(_frozen, unrecognized.values())),
                layer=class_name(obj, rule),
            )
            report(problem, blame=tuple(unrecognized))
        trainable = given.get("trainable", True)
        if (
            version >= (3, 15)
            and (trainable is None or isinstance(trainable, (int, float, str, tuple)))
            and not isinstance(trainable, bool)
        ):
            report(BadSetting("trainable", trainable, "trainable"), blame=("trainable",))
        call.set(obj, ".name", name if isinstance(name, (str, Unknown)) else Unknown("name"))
        call.set(obj, ".dtype", compute)
        call.set(obj, ".variable_dtype", variable)
        call.set(obj, ".autocast", given.get("autocast", True) is not False)
        call.set(obj, ".trainable", trainable if isinstance(trainable, bool) else Unknown("trainable"))
        call.set(obj, ".input_shape", _keep(given.get("input_shape", _input_dim(given))))
        call.set(obj, ".built", False)

    def policy(self, call: Call, dtype: Any) -> tuple[str | None, str | None]:
        """The dtypes of a policy: what is computed with, and what weights are stored in."""
        if dtype is None:
            dtype = call.get(GLOBAL, ".dtype_policy") or "float32"
        if isinstance(dtype, Known):
            dtype = dtype.target.rpartition(".")[2]
        if isinstance(dtype, type):
            dtype = dtype.__name__
        if isinstance(dtype, Instance):
            dtype = call.get(dtype, ".policy")
        if not isinstance(dtype, str):
            return None, None
        if dtype in MIXED:
            return MIXED[dtype]
        if dtype not in DTYPES and not dtype.startswith(("int8_from", "float8_from", "int4_from", "gptq", "awq")):
            report(BadSetting("dtype", dtype, "dtype"), blame=("dtype",))
            return None, None
        return (dtype, dtype) if dtype in DTYPES else (None, None)

    def defaults(self, rule: LayerRule) -> dict[str, Any]:
        """The settings that the constructor fills in itself."""
        return {name: Unknown(name) if p.default is p.empty else p.default for name, p in rule.settings.items()}

    def set_state(
        self,
        call: Call,
        obj: Instance,
        rule: LayerRule,
        settings: Mapping[str, Any],
        sites: Mapping[str, Any],
        broken: bool,
    ) -> None:
        """Remember a constructed layer."""
        call.set(obj, ".rule", rule.target)
        call.set(obj, ".settings", tuple((name, _keep(value)) for name, value in settings.items()))
        call.set(obj, ".sites", tuple(sites.items()))
        call.set(obj, ".site", call.site)
        call.set(obj, ".broken", broken)
        with collect():
            call.set(obj, ".spec", rule.run("spec", {**settings, **self.context(call, obj)}, None))

    # ---- calling

    def layer_call(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> Value:
        """``Layer.__call__``: convert, bind, check the spec, build, then the layer's own function."""
        own = user_method(call, obj, "call")
        if own is not None:
            return self.call_user(rule, call, obj, own, args, kwargs)
        settings = self.settings(call, obj)
        if settings is None:
            return Unknown(f"{class_name(obj, rule)} was not initialised")
        with collect() as record:
            bound = self.bind_call(rule, call, obj, args, kwargs)
            if bound is not None:
                bound = self.check_spec(call, obj, bound)
        self.tell(call, record, obj, bound or {})
        if bound is None:
            return self.guess(rule, call, obj, settings, args)
        refused = bool(record.reports) | self.build_once(rule, call, obj, settings, bound)
        return self.run_call(rule, call, obj, settings, bound, refused)

    def bind_call(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> dict[str, Any] | None:
        """The arguments of a call by name, converted to tensors; None where they are refused."""
        parameters = [p.replace(annotation=p.empty) for p in rule.inputs]
        names = [p.name for p in parameters]
        values = [self.convert(call, obj, value) for value in args]
        named = {name: self.convert(call, obj, value) for name, value in kwargs.items()}
        for leaf in _leaves(values):
            refused = not_a_tensor(call, leaf)
            if refused is not None and leaf is not None:
                report(replace(refused, layer=self.name(call, obj)), blame=(names[0] if names else "inputs",))
                return None
        if "training" not in names:
            named.pop("training", None)
        try:
            bound = inspect.Signature(parameters).bind(*values, **named)
        except TypeError as error:
            report(_binding_problem(str(error)), blame=("arguments",))
            return None
        bound.apply_defaults()
        return dict(bound.arguments)

    def convert(self, call: Call, obj: Instance, value: Value) -> Any:
        """An argument as the layer sees it: thawed, arrays as tensors, floats in the layer's dtype."""
        thawed = _resolve(call, call.thaw(call.resolve(value)))
        return self.convert_tree(call, obj, thawed)

    def convert_tree(self, call: Call, obj: Instance, value: Any) -> Any:
        """The same for every tensor inside lists, tuples and dicts."""
        if isinstance(value, Tensor):
            return self.convert_tensor(call, obj, value)
        if isinstance(value, list):
            return [self.convert_tree(call, obj, item) for item in value]
        if isinstance(value, tuple) and not isinstance(value, Shape):
            return tuple(self.convert_tree(call, obj, item) for item in value)
        if isinstance(value, dict):
            return {key: self.convert_tree(call, obj, item) for key, item in value.items()}
        return value

    def convert_tensor(self, call: Call, obj: Instance, x: Tensor) -> Tensor:
        """``DTypePolicy.convert_input``: arrays become tensors of the backend, floats are cast."""
        compute = call.get(obj, ".dtype")
        if x.kind in ("numpy", "torch"):
            x = replace(x, kind=BACKEND_KIND.get(call.backend(), "tf"))
        if call.get(obj, ".autocast", True) and is_float(x.dtype) and x.dtype != compute:
            if compute is None or is_float(compute):
                name = None if x.kind == "keras" else x.name
                x = replace(x, dtype=compute, name=name)
        return x

    def check_spec(self, call: Call, obj: Instance, bound: dict[str, Any]) -> dict[str, Any] | None:
        """``assert_input_compatibility`` for the first argument; decides what an unknown input is.

        Returns the arguments, the input repaired where it was refused.
        """
        spec: Spec | None = call.get(obj, ".spec")
        first = next(iter(bound), None)
        if first is None:
            return bound
        value = bound[first]
        name = self.name(call, obj)
        if value is None and spec is not None:
            if call.version(self.framework) >= (3, 4):
                report(NotATensor("None", "NoneType", name), blame=(first,))
            return None
        if spec is None:
            return bound
        if isinstance(value, (list, tuple, dict)):
            flat = _leaves(value)
            if len(flat) != spec.inputs and all(isinstance(x, Tensor) for x in flat):
                report(WrongInputCount(spec.inputs, tuple(flat), name), blame=(first,))
                return None
            return bound
        x = self.decide(call, value, spec)
        if isinstance(x, Tensor):
            x = check_tensor(x, spec, name, first, call)
        return {**bound, first: x}

    def decide(self, call: Call, value: Any, spec: Spec) -> Any:
        """An unknown input as a tensor of the rank that the layer needs."""
        if isinstance(value, Tensor) and value.ranked or spec.rank is None:
            return value
        if isinstance(value, Assumed):
            names = ASSUMED_NAMES.get(spec.rank, ())
            shape = Shape(call.symbol(name) for name in names) if names else _fresh(call, spec.rank)
            return call.assume(value, Tensor(shape, None, "", name=None))
        if isinstance(value, Tensor):
            return replace(value, shape=_fresh(call, spec.rank))
        if isinstance(value, Unknown):
            return Tensor(_fresh(call, spec.rank), None, "")
        return value

    def build_once(
        self, rule: LayerRule, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]
    ) -> bool:
        """Build the layer if this is its first call; tells whether that was refused."""
        if call.get(obj, ".built") is True:
            return False
        first = next(iter(bound.values()), None)
        with collect() as record:
            self.build(rule, call, obj, settings, shapes_of(first))
        self.tell(call, record, obj, bound)
        return bool(record.reports)

    def build(self, rule: LayerRule, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> None:
        """``Layer.build``: the weights, and the spec of a built layer."""
        context = {**settings, **self.context(call, obj)}
        weights = rule.run("build", context, shape) or {}
        call.set(obj, ".weights", tuple((name, _weight(shape)) for name, shape in weights.items()))
        call.set(obj, ".built", True)
        call.set(obj, ".build_shape", shape if isinstance(shape, Shape) else None)
        call.set(obj, ".spec", rule.run("spec", context, shape))

    def run_call(
        self,
        rule: LayerRule,
        call: Call,
        obj: Instance,
        settings: dict[str, Any],
        bound: Mapping[str, Any],
        refused: bool = False,
    ) -> Value:
        """The layer's own ``call``, wrapped as Keras wraps it; the result has the layer's dtype.

        After a ``refused`` input or build the call would not have come so far: what it reports is dropped.
        """
        inputs = tuple(tensors_in(list(bound.values())))
        eager = all(x.kind == "tf" for x in inputs)
        context = {**settings, **self.context(call, obj), "eager": eager}
        made = self.made(rule, call, obj, context, inputs)
        frame = self.frame(call, obj, rule, bound, symbolic=any(x.symbolic for x in inputs))
        with collect() as record:
            result = rule.run("call", context, *bound.values())
        if not refused:
            with call.inside(frame):
                self.tell(call, record, obj, bound, made)
        result = self.dress(call, obj, result, inputs, made)
        if call.get(obj, ".output") is None and any(x.symbolic for x in inputs):
            call.set(obj, ".input", call.freeze(next(iter(bound.values()))))
            call.set(obj, ".output", result)
        return result

    def dress(self, call: Call, obj: Instance, result: Any, inputs: tuple[Tensor, ...], made: Made) -> Value:
        """Tensors for the shapes that a rule returned."""
        if isinstance(result, (Shape, Unranked)):
            result = Tensor(result, call.get(obj, ".dtype"), "")
        if isinstance(result, Tensor):
            kind = result.kind or kind_of(inputs, call)
            name = auto_name(call, "KerasTensor") if kind == "keras" and result.name is None else result.name
            return replace(result, kind=kind, name=name, made=result.made or made)
        if isinstance(result, list):
            return call.freeze([self.dress(call, obj, item, inputs, made) for item in result])
        if isinstance(result, tuple):
            return tuple(self.dress(call, obj, item, inputs, made) for item in result)
        if isinstance(result, dict):
            return call.freeze({key: self.dress(call, obj, item, inputs, made) for key, item in result.items()})
        return Unknown("no shape is known") if result is None else result

    def guess(
        self, rule: LayerRule, call: Call, obj: Instance, settings: dict[str, Any], args: Sequence[Value]
    ) -> Value:
        """After a refused call: what the layer gives for an input that it accepts."""
        spec: Spec | None = call.get(obj, ".spec")
        if spec is None or spec.rank is None or len(rule.inputs) != 1:
            return Unknown("the call is refused")
        x = Tensor(_fresh(call, spec.rank), None, "")
        with collect():
            result = rule.run("call", {**settings, **self.context(call, obj)}, x)
        if not isinstance(result, Shape):
            return Unknown("the call is refused")
        inputs = tuple(tensors_in([_resolve(call, call.thaw(call.resolve(value))) for value in args]))
        return Tensor(result, call.get(obj, ".dtype"), kind_of(inputs, call))

    # ---- classes of the user

    def call_user(
        self,
        rule: LayerRule | None,
        call: Call,
        obj: Instance,
        own: Value,
        args: Sequence[Value],
        kwargs: Mapping[str, Value],
    ) -> Value:
        """A layer whose class the text defines: build it once, then run its ``call``."""
        values = [call.freeze(self.convert(call, obj, value)) for value in args]
        named = {name: call.freeze(self.convert(call, obj, value)) for name, value in kwargs.items()}
        thawed = [call.thaw(value) for value in values]
        with collect() as record:
            for leaf in _leaves(thawed):
                refused = not_a_tensor(call, leaf)
                if refused is not None and leaf is not None:
                    report(replace(refused, layer=self.name(call, obj)), blame=("inputs",))
                    break
        self.tell(call, record, obj, {})
        if call.get(obj, ".built") is not True:
            self.build_user(rule, call, obj, thawed, named)
        accepted = parameters_of(own)
        if accepted is not None and "training" not in accepted:
            named.pop("training", None)
        inputs = tuple(tensors_in([*thawed, *(call.thaw(value) for value in named.values())]))
        bound = dict(zip(accepted or ("inputs",), thawed, strict=False)) | {k: call.thaw(v) for k, v in named.items()}
        frame = self.frame(call, obj, rule, bound, symbolic=any(x.symbolic for x in inputs))
        with call.inside(frame):
            result = call.invoke(own, values, named)
        call.set(obj, ".built", True)
        return result

    def build_user(
        self, rule: LayerRule | None, call: Call, obj: Instance, thawed: list[Any], named: Mapping[str, Value]
    ) -> None:
        """Run the user's ``build(input_shape)``, or the modelled one of a class that only overrides ``call``."""
        call.set(obj, ".built", True)
        first = thawed[0] if thawed else next((call.thaw(value) for value in named.values()), None)
        shape = shapes_of(first)
        own = user_method(call, obj, "build")
        if own is not None:
            call.invoke(own, [call.freeze(python_shape(shape))], {})
            return
        settings = self.settings(call, obj)
        if rule is not None and settings is not None and "build" in rule.phases:
            with collect() as record:
                self.build(rule, call, obj, settings, shape)
            self.tell(call, record, obj, {"inputs": first})

    # ---- attributes

    def layer_get(self, rule: LayerRule, call: Call, obj: Instance, name: str) -> Value:
        """An attribute that the layer's class defines: see layer_attributes."""
        from .attributes import layer_attribute

        return layer_attribute(self, rule, call, obj, name)

    # ---- small things

    def settings(self, call: Call, obj: Instance) -> dict[str, Any] | None:
        """The settings of a constructed layer by name."""
        kept = call.get(obj, ".settings")
        return None if kept is None else {name: _open(value) for name, value in kept}

    def context(self, call: Call, obj: Instance) -> dict[str, Any]:
        """The values of CONTEXT for this layer."""
        return {
            "version": call.version(self.framework),
            "name": self.name(call, obj),
            "cls": class_name(obj),
            "eager": False,
        }

    def name(self, call: Call, obj: Instance) -> str:
        """The layer's name; "?" where it is not known."""
        name = call.get(obj, ".name")
        return name if isinstance(name, str) else "?"

    def made(
        self, rule: LayerRule, call: Call, obj: Instance, settings: Mapping[str, Any], inputs: tuple[Tensor, ...]
    ) -> Made:
        """How the result of this call comes to be."""
        weights = call.get(obj, ".weights") or ()
        facts = {
            "class": class_name(obj, rule),
            "name": self.name(call, obj),
            "flavour": self.framework,
            "weights": weights,
            "params": params_of(weights) if call.get(obj, ".built") is True else None,
            "site": call.get(obj, ".site"),
            "sites": dict(call.get(obj, ".sites") or ()),
        }
        return Made(rule.target, call.site, inputs, tuple(settings.items()), facts)

    def frame(
        self, call: Call, obj: Instance, rule: LayerRule | None, bound: Mapping[str, Any], symbolic: bool
    ) -> Frame:
        """The frame of a call, with the arguments as the wrapper prints them."""
        if symbolic:
            printed = ", ".join(
                repr(tensor_text(x)) if isinstance(x, Tensor) else tensor_text(x) for x in list(bound.values())[:1]
            )
            arguments: tuple[tuple[str, str], ...] = (("args", f"({printed},)"), ("kwargs", EMPTY))
        else:
            arguments = tuple((name, tensor_text(x)) for name, x in bound.items())
        return Frame(class_name(obj, rule), self.name(call, obj), "call", arguments, symbolic)

    def tell(
        self, call: Call, record: Record, obj: Instance, bound: Mapping[str, Any], made: Made | None = None
    ) -> None:
        """Make a finding of the first report, unless the layer could not even be constructed."""
        if not record.reports:
            return
        quiet = call.get(obj, ".broken") is True and call.get(obj, ".site") != call.site
        if quiet:
            return
        first: Report = record.reports[0]
        blame: dict[str, Any] = dict(call.get(obj, ".sites") or ())
        blame |= {name: next(tensors_in(value), None) for name, value in bound.items()}
        call.find(first, self.framework, blame=blame, made=made)


MACHINE = Machine()
"""The machine of every layer of Keras 3."""


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
        if least is not None and rank == least - 1:
            report(MissingBatchAxis(shape, layer, least, most), blame=(blame,))
            return replace(x, shape=Shape((call.symbol(), *shape)), made=None)
        report(WrongRank(shape, layer, least, most), blame=(blame,))
        return replace(x, shape=_fresh(call, spec.rank or rank), made=None)
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
    if isinstance(leaf, Instance) and isinstance(leaf.cls, Known) and call.get(leaf, ".settings") is not None:
        built, name = call.get(leaf, ".built"), call.get(leaf, ".name")
        cls = leaf.cls.target.rpartition(".")[2]
        return NotATensor(f"<{cls} name={name if isinstance(name, str) else '?'}, built={built is True}>", f"?.{cls}")
    return None


def auto_name(call: Call, cls: str) -> str:
    """The name that Keras gives by itself: "conv2d", then "conv2d_1".  KerasTensors are counted likewise."""
    prefix = snake_case(cls)
    count = call.count(f"keras:{prefix}")
    return prefix if count == 0 else f"{prefix}_{count}"


def snake_case(name: str) -> str:
    """``to_snake_case`` in keras/src/utils/naming.py: "Conv2DTranspose" is "conv2d_transpose"."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def class_name(obj: Instance, rule: LayerRule | None = None) -> str:
    """The name of an object's own class, the user's if it is one."""
    if isinstance(obj.cls, Class):
        return obj.cls.name
    if rule is not None:
        return rule.name
    return obj.cls.target.rpartition(".")[2] if isinstance(obj.cls, Known) else "?"


def user_method(call: Call, obj: Instance, name: str) -> Value | None:
    """The bound method of this name, if the user's class defines it."""
    if not isinstance(obj.cls, Class):
        return None
    found = call.attribute(obj, name)
    return found if isinstance(found, BoundMethod) and isinstance(found.function, Function) else None


def parameters_of(method: Value) -> tuple[str, ...] | None:
    """The parameters of a user's method after ``self``; None if it takes any keyword."""
    function = method.function if isinstance(method, BoundMethod) else method
    if not isinstance(function, Function):
        return None
    arguments = getattr(function.code.node, "args", None)
    if arguments is None or arguments.kwarg is not None:
        return None
    named = [a.arg for a in (*arguments.posonlyargs, *arguments.args)][1:]
    return (*named, *(a.arg for a in arguments.kwonlyargs))


def kind_of(inputs: tuple[Tensor, ...], call: Call) -> str:
    """Whose tensor comes out: symbolic if any input is, else the backend's; "" where nobody knows."""
    kinds = {x.kind for x in inputs}
    if "keras" in kinds:
        return "keras"
    if "" in kinds or not kinds:
        return ""
    return BACKEND_KIND.get(call.backend(), "tf")


def shapes_of(value: Any) -> Any:
    """The shapes of a tensor, or of a structure of tensors."""
    if isinstance(value, Tensor):
        return value.shape
    if isinstance(value, list):
        return [shapes_of(item) for item in value]
    if isinstance(value, tuple):
        return tuple(shapes_of(item) for item in value)
    if isinstance(value, dict):
        return {key: shapes_of(item) for key, item in value.items()}
    return None if value is None else Unranked("the input is not known")


def python_shape(shape: Any) -> Any:
    """A shape as ``build`` receives it: a tuple with None for what is left open."""
    if isinstance(shape, Shape):
        return tuple(None if is_dynamic(dim) else dim for dim in shape)
    if isinstance(shape, Unranked):
        return Unknown(shape.reason)
    if isinstance(shape, list):
        return [python_shape(item) for item in shape]
    if isinstance(shape, tuple):
        return tuple(python_shape(item) for item in shape)
    if isinstance(shape, dict):
        return {key: python_shape(item) for key, item in shape.items()}
    return shape


def params_of(weights: Sequence[tuple[str, Any]]) -> Any:
    """How many numbers these weights hold; None where a length is not known."""
    total: Any = 0
    for _, shape in weights:
        if not isinstance(shape, tuple) or not all(map(is_dim, shape)):
            return None
        total = total + product(shape)
    return total


def is_float(dtype: str | None) -> bool:
    """Whether a dtype is a floating one; an unknown dtype is taken for one."""
    return dtype is None or "float" in dtype


def _binding_problem(text: str) -> WrongArguments:
    name = re.findall(r"'([^']*)'", text)
    if text.startswith("missing"):
        return WrongArguments("missing", names=tuple(name[-1:]))
    if text.startswith("got an unexpected"):
        return WrongArguments("unexpected", names=tuple(name[-1:]))
    if text.startswith("multiple"):
        return WrongArguments("repeated", names=tuple(name[-1:]))
    return WrongArguments("too-many")


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)) and not isinstance(value, Shape):
        return [leaf for item in value for leaf in _leaves(item)]
    if isinstance(value, dict):
        return [leaf for key in sorted(value, key=str) for leaf in _leaves(value[key])]
    return [value]


def _resolve(call: Call, value: Any) -> Any:
    if isinstance(value, Assumed):
        return call.resolve(value)
    if isinstance(value, list):
        return [_resolve(call, item) for item in value]
    if isinstance(value, tuple) and not isinstance(value, Shape):
        return tuple(_resolve(call, item) for item in value)
    if isinstance(value, dict):
        return {key: _resolve(call, item) for key, item in value.items()}
    return value


def _fresh(call: Call, rank: int) -> Shape:
    return Shape(call.symbol() for _ in range(rank))


def _weight(shape: Any) -> tuple[Any, ...]:
    return tuple(dim if is_dim(dim) else Symbol(None, ("weight", axis)) for axis, dim in enumerate(shape))


def _input_dim(given: Mapping[str, Any]) -> Any:
    return None if given.get("input_dim") is None else (given["input_dim"],)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) and value else value


def _keep(value: Any) -> Any:
    if isinstance(value, list):
        return Kept("list", tuple(map(_keep, value)))
    if isinstance(value, (set, frozenset)):
        return Kept("set", tuple(sorted(map(_keep, value), key=repr)))
    if isinstance(value, dict):
        return Kept("dict", tuple((_keep(key), _keep(item)) for key, item in value.items()))
    if isinstance(value, tuple) and not isinstance(value, Shape):
        return tuple(map(_keep, value))
    return value


def _open(value: Any) -> Any:
    if isinstance(value, Kept):
        items = [_open(item) for item in value.items]
        return {"list": list, "set": set, "dict": dict}[value.kind](items)
    if isinstance(value, tuple) and not isinstance(value, Shape):
        return tuple(map(_open, value))
    return value


EMPTY = "<class 'inspect._empty'>"
MIXED = {"mixed_float16": ("float16", "float32"), "mixed_bfloat16": ("bfloat16", "float32")}
DTYPES = frozenset(
    "bool uint8 uint16 uint32 uint64 int8 int16 int32 int64 float16 bfloat16 float32 float64 float8_e4m3fn float8_e5m2"
    " complex64 complex128 string int float half double".split()
)
BACKEND_KIND = {"tensorflow": "tf", "torch": "torch", "jax": "jax", "numpy": "numpy"}
ASSUMED_NAMES = {
    2: ("batch", "features"),
    3: ("batch", "steps", "channels"),
    4: ("batch", "height", "width", "channels"),
    5: ("batch", "depth", "height", "width", "channels"),
}

__all__ = [
    "BASE_SETTINGS", "CONTEXT", "GLOBAL", "MACHINE", "MISSING", "Callable", "Machine", "PythonError", "Spec", "auto_name",
    "class_name", "nullcontext", "params_of", "python_shape", "shapes_of", "snake_case", "user_method",
]  # fmt: skip
