"""What all layers of Keras share: construction, names, building, calling.

The order of the checks is Keras 3's own (keras/src/layers/layer.py, keras/src/ops/operation.py).  A
layer's rule only says what is particular to it, in phases:

* ``before(*, settings)`` checks what the constructor checks before it calls its base's;
* ``constructor(*, settings)`` checks, and returns the settings that Keras stores differently;
* ``spec(shape, *, settings)`` gives a :class:`Spec`; ``shape`` is None until the layer is built;
* ``build(shape, *, settings)`` checks and returns the weights as ``{name: shape}``;
* ``compute_output_shape(shape, *, settings)``, where Keras has one that differs from the call;
* the rule's function gets the tensors of the call and returns a shape, a tensor, or a structure of them.

Besides its settings a phase may ask for what the machine knows: see CONTEXT in state.py; the decorator
of the rule then has ``**CONTEXT``.  A phase named "tf_keras.build" replaces "build" for Keras 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

from ...evidence import Record, collect, report
from ...problems import BroadcastMismatch, PythonError, RefusedSetting, ReshapeMismatch
from ...rule import MISSING, Call, LayerRule
from ...shape import Shape, Unranked
from ...value import Class, Instance, Made, Tensor, Unknown, Value, tensors_in
from ...wording import Frame
from ...wording.keras import argument_text
from ..structures import mapped
from .construction import Construction
from .doubts import may_be_float, strange
from .graph import pattern_of
from .inputs import bind, check_spec, converted, mixed_nest, refused_leaf
from .inside import inside_of
from .masks import MADE, makes_mask, mask_of, may_be_masked
from .printed import filled_in, symbolic_arguments
from .state import (
    CONTEXT,
    GLOBAL,
    Spec,
    auto_name,
    class_name,
    flavour_of,
    fresh_shape,
    freshened,
    keep,
    kind_of,
    params_of,
    python_shape,
    remember_call,
    reopen,
    shapes_of,
    weight_shape,
)


class Machine(Construction):
    """The life of a layer of Keras 3.  One object serves all layers; state is in the store."""

    framework = "keras"

    # What LayerRule asks for.

    def layer_init(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> None:
        """``Layer.__init__``: bind, name, check, remember.  A report leaves the layer ".broken"."""
        self.of(obj).init(rule, call, obj, args, kwargs)

    def layer_call(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> Value:
        """``Layer.__call__``: the user's own ``call`` if there is one, else the rule's."""
        machine = self.of(obj)
        if isinstance(obj.cls, Class):
            from .user_layers import call_user, user_method

            own = user_method(call, obj, "call")
            if own is not None:
                return call_user(machine, rule, call, obj, own, args, kwargs)
        return machine.call(rule, call, obj, args, kwargs)

    def layer_get(self, rule: LayerRule, call: Call, obj: Instance, name: str) -> Value:
        """An attribute that the framework's class defines."""
        from .methods import layer_attribute

        return layer_attribute(self.of(obj), rule, call, obj, name)

    def layer_set(self, call: Call, obj: Instance, name: str, value: Value) -> None:
        """A layer of the user's that derives from this one remembers layers inside."""
        from .user_layers import attribute_set

        attribute_set(call, obj, name, value)

    def layer_of_class(self, call: Call, cls: Value, name: str, args: Sequence[Value]) -> Value:
        """``Class.from_config(config)``."""
        from .serialization import class_made

        return class_made(call, cls, name, args)

    def of(self, obj: Instance) -> Machine:
        """The machine of the Keras that the object belongs to."""
        return MACHINES.get(flavour_of(obj), self)

    # Calling.

    def call(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> Value:
        """Convert, bind, check the spec, build, then the layer's own function."""
        settings = self.settings(call, obj)
        if settings is None:
            return Unknown(f"{class_name(obj, rule)} whose construction is not known")
        with collect() as record:
            given = bound = self.bind_call(rule, call, obj, args, kwargs)
            if bound is not None:
                bound = check_spec(call, self.spec(call, obj), self.name(call, obj), bound)
        if record.reports:
            inputs = tuple(tensors_in(list((given or {}).values())))
            made = self.made(rule, call, obj, {**settings, **self.context(call, obj, rule)}, inputs)
            self.tell(call, record, obj, given or {}, made)
        if bound is None:
            return self.guess(rule, call, obj, settings, args)
        refused = self.build_once(rule, call, obj, settings, bound) or bool(record.reports)
        return self.run_call(rule, call, obj, settings, bound, refused)

    def bind_call(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> dict[str, Any] | None:
        """The arguments of a call by name, converted to tensors; None where they are refused."""
        change = _as_given if rule.fixed.get("keeps_arrays") else converted
        values = [change(call, obj, value) for value in args]
        named = {name: change(call, obj, value) for name, value in kwargs.items()}
        blame = (rule.inputs[0].name if rule.inputs else "inputs",)
        if not values and "inputs" in named and blame == ("data",):  # the name that TFDataLayer.__call__ has for it
            values = [named.pop("inputs")]
        call.local["given"] = (obj.id, len(values), tuple(named))
        odd = next((x.dtype for x in tensors_in(values) if str(x.dtype).startswith("complex")), None)
        if odd is not None and call.version(self.framework) < (3, 4):
            report(PythonError("ValueError", f"Invalid dtype: {odd}"), blame=blame)
        if rule.fixed.get("loose"):
            return {rule.inputs[0].name: next(iter([*values, *named.values()]), None)}
        refused = None if rule.fixed.get("anything") else refused_leaf(call, values)
        if refused is not None:
            report(refused, blame=blame)
            return None
        bound = bind(rule.inputs, values, named)
        return None if bound is None or mixed_nest(call, bound) else bound

    def build_once(
        self, rule: LayerRule, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]
    ) -> bool:
        """Build the layer if this is its first call; tells whether that was refused."""
        if call.get(obj, ".built") is True:
            return False
        shape = shapes_of(next(iter(bound.values()), None))
        if isinstance(obj.cls, Class) and call.method(obj, "build") is not MISSING:
            call.invoke(call.attribute(obj, "build"), [call.freeze(python_shape(shape))])
            return False
        call.local["raised"] = False
        if rule.fixed.get("remembers"):
            call.set(obj, ".built_for", tuple(x.shape for x in tensors_in(list(bound.values()))))
        with collect() as record:
            self.build(rule, call, obj, settings, shape, {name: shapes_of(value) for name, value in bound.items()})
        if not record.reports:
            return inside_of(rule) is not None and call.local.get("raised") is True  # a layer inside told it
        if record.reports:
            inputs = tuple(tensors_in(list(bound.values())))
            self.tell(
                call,
                record,
                obj,
                bound,
                self.made(rule, call, obj, {**settings, **self.context(call, obj, rule)}, inputs),
            )
        return bool(record.reports)

    def build(
        self,
        rule: LayerRule,
        call: Call,
        obj: Instance,
        settings: dict[str, Any],
        shape: Any,
        shapes: Mapping[str, Any] | None = None,
    ) -> None:
        """``Layer.build``: the weights, and the spec of a built layer; ``shapes`` are those of all arguments of a call."""
        context = {**settings, **self.context(call, obj, rule), "shapes": shapes or {}}
        weights = self.run(rule, "build", context, shape) or {}
        call.set(obj, ".weights", tuple((name, weight_shape(dims)) for name, dims in weights.items()))
        inside = inside_of(rule)
        if inside is not None:
            inside.build(call, obj, settings, shape)
        call.set(obj, ".built", True)
        call.set(obj, ".build_shape", keep(python_shape(shape)))
        if "built_on" in rule.fixed:
            call.set(obj, ".built_on", shape)
        call.set(obj, ".spec", self.spec_of(rule, call, obj, context, shape))

    def run_call(
        self,
        rule: LayerRule,
        call: Call,
        obj: Instance,
        settings: dict[str, Any],
        bound: Mapping[str, Any],
        refused: bool = False,
        framed: bool = True,
    ) -> Value:
        """The layer's own ``call``, wrapped as Keras wraps it; the result has the layer's dtype.

        After a ``refused`` input or build the call would not have come so far: what it reports is dropped.  Only
        ``layer(x)`` is ``framed``; nothing wraps what ``layer.call(x)`` raises.
        """
        inputs = tuple(tensors_in(list(bound.values())))
        context = {**settings, **self.context(call, obj, rule), "eager": self.eager(call, inputs)}
        made = self.made(rule, call, obj, context, inputs, pattern_of(list(bound.values())))
        with collect() as record:
            takes, inside = rule.fixed.get("takes"), inside_of(rule) is not None
            numbers = (
                ()
                if takes is None
                else [x for name, value in bound.items() if "mask" not in name for x in tensors_in(value)]
            )
            dtype = context["dtype"]
            if takes is not None:
                odd = strange(takes, settings, dtype, inside or self.weights(call, obj), numbers, context["eager"])
            elif may_be_float(dtype) or ("spatial" in rule.fixed and not inside):
                odd = False  # convolutions look themselves at what they draw their kernels as
            else:
                odd = inside or bool(self.weights(call, obj))
            if odd:
                call.doubt()
                result = Unranked("TensorFlow may refuse such numbers")
            else:
                result = self.run_inside(rule, call, obj, settings, bound, refused, framed)
            if result is MISSING:
                result = self.run(rule, "call", context, *bound.values())
        if not refused and record.reports and call.local.get("step") is True and not word_as_traced(record):
            call.doubt()
            call.local["told"] = True
        elif not refused and record.reports:
            with call.inside(self.frame(call, obj, rule, bound, inputs)) if framed else nullcontext():
                self.tell(call, record, obj, bound, made)
        result = self.dress(call, obj, result, inputs, made, named=not refused and not record.reports)
        if rule.target in MADE and any(x.symbolic for x in inputs) and makes_mask(rule.target, settings):
            for _ in range(MADE[rule.target]):
                auto_name(call, "KerasTensor", self.framework)
        if any(x.symbolic for x in inputs):
            remember_call(call, obj, result)
            if call.get(obj, ".output") is None:
                call.set(obj, ".input", call.freeze(next(iter(bound.values()))))
                call.set(obj, ".output", call.freeze(result))
        return result

    def run_inside(
        self,
        rule: LayerRule,
        call: Call,
        obj: Instance,
        settings: dict[str, Any],
        bound: Mapping[str, Any],
        refused: bool,
        framed: bool,
    ) -> Any:
        """What the layers inside make of a call; MISSING where the rule's function tells.

        Symbolically only shapes are computed; eagerly, or traced, the layers inside are called.
        """
        inside = inside_of(rule)
        if inside is None:
            return MISSING
        inputs = tuple(tensors_in(list(bound.values())))
        frame = self.frame(call, obj, rule, bound, inputs)
        with call.inside(frame) if framed else nullcontext(), quiet(call, refused):
            if any(x.symbolic for x in inputs):
                first = next(iter(bound.values()), None)
                found = inside.traced(call, obj, settings, bound)
                if found is not MISSING:
                    return found
                shape = first.shape if isinstance(first, Tensor) else None
                return inside.shapes(call, obj, settings, shape) if isinstance(shape, Shape) else MISSING
            with self.scope(call, obj):
                return inside.run(call, obj, settings, bound)

    def dress(
        self,
        call: Call,
        obj: Instance,
        result: Any,
        inputs: tuple[Tensor, ...],
        made: Made | None,
        named: bool = True,
        path: tuple[Any, ...] = (),
    ) -> Value:
        """Tensors for the shapes that a rule returned; where the call raises, Keras makes (and names) none.

        Several outputs are told apart by where they stand in the result.
        """
        if isinstance(result, (Shape, Unranked)):
            result = Tensor(result, call.get(obj, ".dtype"), "")
        if isinstance(result, Tensor):
            result = freshened(call, result, inputs, made)
            kind = result.kind or kind_of(inputs, call)
            name = auto_name(call, "KerasTensor", self.framework) if kind == "keras" and named else result.name
            if path and made is not None:
                made = replace(made, facts={**(made.facts or {}), "output": path})
            return Tensor(result.shape, result.dtype, kind, result.made or made, name, result.constant)
        if isinstance(result, (list, tuple)):
            items = [self.dress(call, obj, x, inputs, made, named, (*path, n)) for n, x in enumerate(result)]
            return tuple(items) if isinstance(result, tuple) else call.freeze(items)
        if isinstance(result, dict):
            pairs = {key: self.dress(call, obj, x, inputs, made, named, (*path, key)) for key, x in result.items()}
            return call.freeze(pairs)
        return Unknown("no shape is known") if result is None else result

    def guess(
        self, rule: LayerRule, call: Call, obj: Instance, settings: dict[str, Any], args: Sequence[Value]
    ) -> Value:
        """After a refused call: what the layer gives for an input that it accepts."""
        spec = self.spec(call, obj)
        needed = [parameter for parameter in rule.inputs if parameter.default is parameter.empty]
        if spec is None or spec.rank is None or len(needed) != 1:
            return Unknown("the call is refused")
        with collect():
            x = Tensor(fresh_shape(call, spec.rank), None, "tf")
            result = self.run(rule, "call", {**settings, **self.context(call, obj, rule)}, x)
        inputs = tuple(tensors_in([call.thaw(call.resolve(value)) for value in args]))
        return (
            self.dress(call, obj, result, inputs, None, named=False)
            if isinstance(result, (Shape, tuple))
            else Unknown("refused")
        )

    # Small things.

    def run(self, rule: LayerRule, phase: str, settings: Mapping[str, Any], *args: Any) -> Any:
        """A phase of the rule, in the form for this Keras if there is one."""
        special = f"{self.framework}.{phase}"
        return rule.run(special if special in rule.phases else phase, settings, *args)

    def describe_layer(self, rule: LayerRule, call: Call, obj: Instance) -> Made | None:
        """The layer as a call of it would be made."""
        settings = self.settings(call, obj)
        return (
            None if settings is None else self.made(rule, call, obj, {**settings, **self.context(call, obj, rule)}, ())
        )

    def settings(self, call: Call, obj: Instance) -> dict[str, Any] | None:
        """The settings of a constructed layer by name."""
        kept = call.get(obj, ".settings")
        return {name: reopen(value) for name, value in kept} if type(kept) is tuple else None

    def spec(self, call: Call, obj: Instance) -> Spec | None:
        """What input the layer accepts now."""
        spec = call.get(obj, ".spec")
        return spec if isinstance(spec, Spec) else None

    def weights(self, call: Call, obj: Instance) -> tuple[tuple[str, Any], ...]:
        """The weights of a built layer: names and shapes."""
        weights = call.get(obj, ".weights")
        return weights if isinstance(weights, tuple) else ()

    def weights_inside(self, call: Call, obj: Instance, rule: LayerRule | None = None) -> tuple[tuple[str, Any], ...]:
        """The weights, those of layers inside included; None for a number that is not known."""
        weights = self.weights(call, obj)
        layers = call.get(obj, ".layers") if inside_of(rule) is not None else ()
        for layer in layers if isinstance(layers, tuple) else ():
            if isinstance(layer, Instance) and call.get(layer, ".model") is None:
                weights += self.weights_inside(call, layer, rule)
        return weights

    def context(self, call: Call, obj: Instance, rule: LayerRule) -> dict[str, Any]:
        """The values of CONTEXT for this layer; those that few rules ask for are looked up for these only."""
        name = self.name(call, obj)
        found = {
            "version": call.version(self.framework),
            "name": name,
            "path": self.path(call, obj, name),
            "cls": class_name(obj),
            "dtype": call.get(obj, ".dtype"),
            "backend": call.backend(),
            "eager": False,
        }
        for name in rule.specification.asked & RARE.keys():
            found[name] = RARE[name](self, call, obj)
        return found

    def name(self, call: Call, obj: Instance) -> str:
        """The layer's name; "?" where it is not known."""
        name = call.get(obj, ".name")
        return name if isinstance(name, str) else "?"

    def path(self, call: Call, obj: Instance, name: str | None = None) -> str:
        """The layer's name below those of the layers that are being built or called around it."""
        name = self.name(call, obj) if name is None else name
        scope = call.local.get("scope")
        if not isinstance(scope, tuple) or not scope:
            return name
        return scope[0] if scope[1] == obj.id else f"{scope[0]}/{name}"

    def eager(self, call: Call, inputs: Sequence[Tensor]) -> bool:
        """Whether numbers are computed now: no input is symbolic, and no symbolic call is under way."""
        return call.local.get("symbolic") is not True and not any(x.symbolic for x in inputs)

    def made(
        self,
        rule: LayerRule,
        call: Call,
        obj: Instance,
        settings: Mapping[str, Any],
        inputs: tuple[Tensor, ...],
        pattern: tuple[Any, ...] = (),
    ) -> Made:
        """How the result of this call comes to be; ``pattern`` tells where the inputs stood in the arguments."""
        weights, sites = self.weights_inside(call, obj, rule), call.get(obj, ".sites")
        facts = {
            "class": class_name(obj, rule),
            "name": settings["name"] if "name" in settings else self.name(call, obj),
            "flavour": self.framework,
            "weights": weights,
            "params": params_of(weights) if call.get(obj, ".built") is True else None,
            "site": call.get(obj, ".site"),
            "sites": dict(sites) if isinstance(sites, tuple) else {},
            "layer": obj,
            "pattern": pattern,
        }
        return Made(rule.target, call.site, inputs, tuple(settings.items()), facts)

    def frame(
        self, call: Call, obj: Instance, rule: LayerRule | None, bound: Mapping[str, Any], inputs: Sequence[Tensor]
    ) -> Frame:
        """The frame of a call, with the arguments as the wrapper prints them."""
        cls, name = class_name(obj, rule), self.name(call, obj)
        first = next(iter(bound.values()), None)
        if "mask" in bound and bound["mask"] is None and isinstance(first, list):  # Keras fills in a mask for each
            bound = {**bound, "mask": [None] * len(first)}
        if any(x.symbolic for x in inputs):
            arguments = symbolic_arguments(bound, call.version(self.framework), self.given(call, obj))
            if inside_of(rule) is not None:
                arguments = (arguments[0], ("kwargs", filled_in(bound, self.given(call, obj)[1])))
            return Frame(cls, name, "call", arguments, symbolic=True, framework=self.framework)
        version, backend = call.version(self.framework), call.backend()
        if "mask" in bound and bound["mask"] is None and (first := next(iter(bound.values()), None)) is not None:
            found: Any = mask_of(first)
            if found is None and may_be_masked(first):
                found = Unknown("a mask that came with the input")
            bound = {**bound, "mask": found}
        if rule is not None and rule.fixed.get("keeps_arrays"):
            bound = {name: mapped(value, _shown_by_numbers) for name, value in bound.items()}
        arguments = tuple((key, argument_text(x, version, backend)) for key, x in bound.items())
        if rule is not None and "rest" in rule.fixed:  # a ``**kwargs`` of call that nothing was given to
            arguments += ((rule.fixed["rest"], "<class 'inspect._empty'>"),)
        return Frame(cls, name, "call", arguments, framework=self.framework)

    def given(self, call: Call, obj: Instance) -> tuple[int, tuple[str, ...]]:
        """How many arguments of the call under way stand by position, and the names of the others."""
        given = call.local.get("given")
        return given[1:] if isinstance(given, tuple) and given[0] == obj.id else (1, ())

    def tell(
        self, call: Call, record: Record, obj: Instance, bound: Mapping[str, Any], made: Made | None = None
    ) -> None:
        """Make a finding of the first report, unless the layer could not even be constructed."""
        if not record.reports or (call.get(obj, ".broken") is True and call.get(obj, ".site") != call.site):
            return
        call.local["raised"] = True
        if call.local.get("quiet") is True:
            return
        sites = call.get(obj, ".sites")
        blame: dict[str, Any] = dict(sites) if isinstance(sites, tuple) else {}
        blame |= {name: next(tensors_in(value), None) for name, value in bound.items()}
        call.find(record.reports[0], self.framework, blame=blame, made=made)

    @contextmanager
    def surrounding(self, call: Call) -> Iterator[None]:
        """A model's graph is run: what it was told about training is told to its layers."""
        outer = call.local.get("inside") is True
        call.local["inside"] = True
        try:
            yield
        finally:
            call.local["inside"] = outer

    @contextmanager
    def scope(self, call: Call, obj: Instance, symbolic: bool = False) -> Iterator[None]:
        """The layer's build or call is under way: variables made inside have paths below its name."""
        outer, graph = call.local.get("scope"), call.local.get("symbolic")
        call.local["scope"] = (self.path(call, obj), obj.id)
        call.local["symbolic"] = graph is True or symbolic
        try:
            yield
        finally:
            call.local["scope"] = outer if isinstance(outer, tuple) else ()
            call.local["symbolic"] = graph is True


def word_as_traced(record: Record) -> bool:
    """Whether it can be told how the trace of a step refuses what was reported first; ``record`` has it so then.

    What Keras looks at itself raises as it always does, and of lengths that differ TensorFlow says a ValueError.
    """
    first = record.reports[0]
    problem = first.problem
    if isinstance(problem, (BroadcastMismatch, ReshapeMismatch)) and problem.op != "Reshape":
        record.reports[0] = replace(first, problem=replace(problem, graph=True))
        return True
    return getattr(problem, "graph", False) is True or isinstance(problem, (RefusedSetting, ReshapeMismatch))


def _as_given(call: Call, obj: Instance, value: Value) -> Any:
    return call.thaw(call.resolve(value))


def _shown_by_numbers(x: Any) -> Any:
    return Unknown("the numbers of an array") if isinstance(x, Tensor) and x.kind == "numpy" else x


@contextmanager
def quiet(call: Call, active: bool) -> Iterator[None]:
    """Nothing that layers report inside is told: the framework would not have come so far."""
    before = call.local.get("quiet")
    call.local["quiet"] = before is True or active
    try:
        yield
    finally:
        call.local["quiet"] = before is True


RARE: dict[str, Callable[[Machine, Call, Instance], Any]] = {
    "layout": lambda machine, call, obj: call.get(GLOBAL, ".data_format") or "channels_last",
    "built_on": lambda machine, call, obj: call.get(obj, ".built_on"),
    "weights": lambda machine, call, obj: machine.weights(call, obj),
    "built_for": lambda machine, call, obj: call.get(obj, ".built_for") or (),
    "traced": lambda machine, call, obj: call.local.get("symbolic") is True and call.backend() == "tensorflow",
    "nested": lambda machine, call, obj: bool(call.local.get("scope")) or call.local.get("inside") is True,
}
"""Facts of a layer's state that few rules ask for, and how each is found."""

MACHINE = Machine()
"""The machine of every layer; it hands over to another one for Keras 2."""

MACHINES: dict[str, Machine] = {"keras": MACHINE}
"""The machines by the flavour of the objects that they serve; legacy.py adds the one for Keras 2."""

__all__ = [
    "CONTEXT", "GLOBAL", "MACHINE", "MACHINES", "MISSING", "Machine", "PythonError", "Spec", "auto_name",
    "class_name", "params_of", "python_shape", "quiet", "shapes_of", "symbolic_arguments",
]  # fmt: skip
