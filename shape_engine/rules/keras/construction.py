"""The constructor of every layer of Keras: binding, name, dtype policy, keyword arguments of the base class.

Follows Operation.__init__ (keras/src/ops/operation.py) and Layer.__init__ (keras/src/layers/layer.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...evidence import Record, collect, report
from ...problems import BadSetting, PythonError, WrongArguments
from ...rule import MISSING, Call, LayerRule
from ...value import Assumed, BoundMethod, Class, Instance, Known, Made, OpenKeywords, Tensor, Unknown, Value
from .arguments import identifier
from .inside import inside_of
from .state import BASE_SETTINGS, DTYPES, GLOBAL, MIXED, auto_name, class_name, keep

QUANTIZED = ("int4", "float8", "gptq", "awq")
"""Begin the names of policies that take another one's name, too."""

FOR_THE_BASE = frozenset((*BASE_SETTINGS, ".unrecognized"))


class Construction:
    """The part of the machine that constructs layers."""

    framework = "keras"

    def run(self, rule: LayerRule, phase: str, settings: Mapping[str, Any], *args: Any) -> Any:
        """A phase of the rule."""
        raise NotImplementedError

    def context(self, call: Call, obj: Instance, rule: LayerRule) -> dict[str, Any]:
        """The values of CONTEXT for this layer."""
        raise NotImplementedError

    def tell(
        self, call: Call, record: Record, obj: Instance, bound: Mapping[str, Any], made: Made | None = None
    ) -> None:
        """Make a finding of the first report."""
        raise NotImplementedError

    def init(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> None:
        """Bind the constructor's arguments, check them in Keras' order, remember the layer."""
        with collect() as record:
            given, sites = self.bind_settings(rule, call, args, kwargs)
            own = [name for name in ("input_dim", "input_shape") if name in rule.settings]
            base = {n: given.pop(n) for n in [n for n in given if n in FOR_THE_BASE and n not in own]}
            settings = rule.specification.defaults | given
            self.run(rule, "before", settings)
            if rule.fixed.get("whole") or rule.fixed.get("casts") is False:
                base["autocast"] = False
            if rule.fixed.get("whole") and base.get("dtype") is None and settings.get("output_mode") == "int":
                base["dtype"] = "int64"
            inside = inside_of(rule)
            if inside is not None and not record.reports:
                settings |= inside.before(call, obj, settings, base)
            if record.reports:  # refused before the layer takes a name
                base = {"name": class_name(obj, rule).lower(), **base}
            self.init_base(call, obj, base, class_name(obj, rule))
            if "data_format" in settings and settings["data_format"] is None:
                settings["data_format"] = call.get(GLOBAL, ".data_format") or "channels_last"
            for inner in self.run(rule, "makes", settings) or ():
                auto_name(call, inner, self.framework)
            context = self.context(call, obj, rule)
            settings |= self.run(rule, "constructor", {**settings, **context, "policy": base.get("dtype")}) or {}
            if inside is not None:
                call.set(obj, ".rule", rule.target)
                if not record.reports:
                    settings |= inside.made(call, obj, settings)
        call.set(obj, ".rule", rule.target)
        call.set(obj, ".settings", tuple((name, keep(value)) for name, value in settings.items()))
        call.set(obj, ".broken", bool(record.reports))
        self.remember_sites(call, obj, sites)
        with collect():
            call.set(obj, ".spec", self.spec_of(rule, call, obj, {**settings, **context}, None))
        self.tell(call, record, obj, {})

    def spec_of(self, rule: LayerRule, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> Any:
        """Which input is accepted: as the rule says, or what is inside."""
        inside = inside_of(rule)
        found = MISSING if inside is None else inside.spec(call, obj, settings, shape)
        return self.run(rule, "spec", settings, shape) if found is MISSING else found

    def bind_settings(
        self, rule: LayerRule, call: Call, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The constructor's arguments by name, thawed, and where they stand; reports what does not bind."""
        _, order, needed, _, _ = rule.specification
        hidden = (*rule.fixed.get("keywords", ()), *rule.fixed.get("base", BASE_SETTINGS))
        function = f"{rule.name}.__init__"
        given: dict[str, Any] = {}
        sites: dict[str, Any] = {}
        if len(args) > len(order):
            counts = (len(needed) + 1, len(order) + 1, len(args) + 1)
            report(WrongArguments("too-many", function, counts=counts), blame=("arguments",))
        for position, (name, value) in enumerate(zip(order, args, strict=False)):
            given[name], sites[name] = setting(rule, call, name, value), call.argument_site(position)
        unrecognized: dict[str, Any] = {}
        known = (*order, *hidden)
        for name, value in kwargs.items():
            if name in given:
                report(WrongArguments("repeated", function, (name,)), blame=(name,))
                continue
            if name in rule.fixed.get("ignored", ()) or (rule.fixed.get("ignored") == "rest" and name not in known):
                continue
            sites[name] = call.argument_site(name)
            taken = name in known
            if not taken and "base" in rule.fixed:
                report(WrongArguments("unexpected", function, (name,)), blame=(name,))
                continue
            (given if taken else unrecognized)[name] = setting(rule, call, name, value)
        missing = tuple(name for name in needed if name not in given)
        if missing and not isinstance(kwargs, OpenKeywords):  # those may be among what nobody knows
            report(WrongArguments("missing", function, missing), blame=("arguments",))
        if unrecognized:
            given[".unrecognized"] = unrecognized
        return given, sites

    def init_base(self, call: Call, obj: Instance, given: Mapping[str, Any], cls: str) -> None:
        """``Operation.__init__`` and ``Layer.__init__``: name, dtype policy, keyword arguments, trainable."""
        name = given.get("name")
        if name is None:
            name = auto_name(call, cls, self.framework)
        elif (isinstance(name, str) and "/" in name) or isinstance(name, (bool, int, float, tuple, list, dict)):
            report(BadSetting("name", name, "name"), blame=("name",))
        compute, variable = self.policy(call, given.get("dtype"))
        regularizer = given.get("activity_regularizer")
        if isinstance(regularizer, (str, int, float, list, tuple, set)):
            identifier("regularizer", regularizer, "activity_regularizer")
        call.set(obj, ".regularized", None if regularizer is None else True)
        unrecognized: dict[str, Any] = given.get(".unrecognized") or {}
        if unrecognized:
            values = tuple(unrecognized.values())
            problem = WrongArguments("unrecognized", "Layer.__init__", tuple(unrecognized), values, layer=cls)
            report(problem, blame=tuple(unrecognized))
        trainable = given.get("trainable", True)
        if not isinstance(trainable, (bool, Unknown, Assumed, Tensor)) and call.version(self.framework) >= (3, 15):
            report(BadSetting("trainable", trainable, "trainable"), blame=("trainable",))
        dim = given.get("input_dim")
        call.set(obj, ".name", name if isinstance(name, str) else Unknown("name"))
        call.set(obj, ".dtype", compute)
        call.set(obj, ".variable_dtype", variable)
        call.set(obj, ".autocast", given.get("autocast", True) is not False)
        call.set(obj, ".trainable", trainable if isinstance(trainable, bool) else Unknown("trainable"))
        call.set(obj, ".input_shape", keep(given.get("input_shape") if dim is None else (dim,)))
        call.set(obj, ".built", False)
        if isinstance(obj.cls, Class) and call.method(obj, "build") is not MISSING:  # Keras wraps it, for this object
            call.set(obj, "build", BoundMethod(Known("keras.layers.Layer.build_wrapper", self.framework), obj))

    def policy(self, call: Call, dtype: Any) -> tuple[str | None, str | None]:
        """The dtypes of a policy: what is computed with, and what weights are stored in."""
        if dtype is None:
            dtype = call.get(GLOBAL, ".dtype_policy") or "float32"
        if isinstance(dtype, Instance):
            dtype = call.get(dtype, ".policy")
        if isinstance(dtype, Known):
            dtype = dtype.target.rpartition(".")[2]
        if isinstance(dtype, (int, float, tuple, list)):
            report(BadSetting("dtype", dtype, "dtype-kind"), blame=("dtype",))
        version = call.version(self.framework)
        if (dtype == "int8" and version >= (3, 4)) or (dtype in QUANTIZED and version >= (3, 15)):
            text = "Cannot convert `policy` into a valid pair (`mode`, `source_name`) to instantiate `QuantizedDTypePolicy`."
            report(PythonError("ValueError", f"{text} Received: policy={dtype}"), blame=("dtype",))
            return None, None
        if not isinstance(dtype, str) or dtype.startswith(("int8_from", "int4_from", "float8_from", "gptq", "awq")):
            return None, None
        if dtype in MIXED:
            return MIXED[dtype]
        if dtype not in DTYPES:
            report(BadSetting("dtype", dtype, "dtype"), blame=("dtype",))
            return None, None
        return dtype, dtype

    def remember_sites(self, call: Call, obj: Instance, sites: Mapping[str, Any]) -> None:
        """Where the layer was constructed, and where each of its settings was given."""
        call.set(obj, ".sites", tuple(sites.items()))
        call.set(obj, ".site", call.site)


def setting(rule: LayerRule, call: Call, name: str, value: Value) -> Any:
    """A setting as the phases get it: thawed; what counts something is a number, even where it is not known."""
    value = call.resolve(value)
    if name in rule.fixed.get("counts", ()) and isinstance(value, (Assumed, Unknown)):
        number = call.symbol(value.name if isinstance(value, Assumed) else None)
        if isinstance(value, Assumed):
            call.assume(value, number)
        return number
    return call.thaw(value)
