"""Keras 2 (the package tf_keras, and keras before 3): the life of its layers.

Follows Layer.__init__, Layer.__call__ and Layer._infer_output_signature in tf_keras/src/engine/base_layer.py.
What a layer does is told by the phases "tf_keras.<phase>" of its rule.  For a layer without such phases the
rule of Keras 3 gives the shapes; whatever that would refuse is not known here, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from inspect import Parameter, signature
from typing import Any

from ...dim import is_dim
from ...evidence import Record, collect, report
from ...problems import (
    AlreadyBuilt,
    BadModel,
    BadSetting,
    ChannelMismatch,
    LegacyRefusal,
    MissingBatchAxis,
    ModelInputMismatch,
    NotATensor,
    Problem,
    RefusedInputs,
    WrongArguments,
    WrongInputCount,
    WrongRank,
)
from ...rule import MISSING, REGISTRY, Call, LayerRule
from ...shape import Shape
from ...value import Assumed, Instance, Known, Made, OpenKeywords, Tensor, Unknown, Value, tensors_in
from ...wording import Frame
from ...wording.keras import said
from .common import is_constant
from .inputs import bind, check_spec, converted, leaves
from .inside import inside_of
from .legacy_refusals import UNSEEN, is_refused
from .machine import MACHINES, Machine
from .methods import rule_of
from .state import DTYPES, GLOBAL, MIXED, auto_name, class_name, keep

DOUBT = "what Keras 2 does here is not modelled"

ALLOWED = frozenset({"batch_input_shape", "batch_size", "weights", "implementation", "dynamic"})
"""Keyword arguments of Layer that only Keras 2 knows."""

OF_SPEC = frozenset({ModelInputMismatch, WrongRank, MissingBatchAxis, ChannelMismatch, NotATensor, WrongInputCount})
"""What the check of an input spec finds."""

OF_CONV = frozenset({"groups", "conv_op"})
"""Keyword arguments that the layers derived from ``Conv`` hand on to it."""

FREQUENT = frozenset({
    "BatchNormalization", "Dropout", "Embedding", "GRU", "GaussianNoise", "Hashing", "LSTM", "LeakyReLU", "RepeatVector", "SimpleRNN",
    "UpSampling1D", "UpSampling2D", "ZeroPadding2D",
})  # fmt: skip
"""Layers that need the same arguments in Keras 2 as in Keras 3, and hand on to Layer what they do not know."""

KERAS_1 = frozenset({
    "W_constraint", "W_regularizer", "U_regularizer", "b_constraint", "b_regularizer", "beta_init", "border_mode",
    "consume_less", "dim_ordering", "dropout_U", "dropout_W", "forget_bias_init", "gamma_init", "init", "inner_activation",
    "inner_init", "length", "mode", "output_dim", "p", "return_sequence", "sigma",
})  # fmt: skip
"""Arguments that nothing but Keras 1 has under these names."""

NEWER = frozenset(
    (
        *("keras.ops", "keras.KerasTensor", "keras.Layer", "keras.Functional", "keras.DTypePolicy", "keras.config"),
        *("keras.backend.KerasTensor", "keras.models.Functional", "keras.saving.CustomObjectScope"),
        *("keras.utils.clear_session", "keras.utils.is_keras_tensor", "keras.layers.RMSNormalization"),
        *("keras.mixed_precision.dtype_policy", "keras.mixed_precision.set_dtype_policy"),
        *(f"keras.activations.{name}" for name in ("celu", "hard_shrink", "hard_silu", "hard_swish", "hard_tanh")),
        *(f"keras.activations.{name}" for name in ("leaky_relu", "log_sigmoid", "log_softmax", "relu6", "silu")),
        *(f"keras.activations.{name}" for name in ("soft_shrink", "sparse_plus", "sparse_sigmoid", "sparsemax")),
        *(f"keras.activations.{name}" for name in ("squareplus", "tanh_shrink", "threshold")),
    )
)
"""What Keras 2 does not have."""


class Keras2(Machine):
    """The life of a layer of Keras 2."""

    framework = "tf_keras"

    # Construction.

    def init(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> None:
        """``Layer.__init__``; a layer that Keras 3 would refuse is not known where Keras 2 is not modelled."""
        unseen = UNSEEN.get(rule.name, frozenset())
        call.set(obj, ".unseen", isinstance(kwargs, OpenKeywords) or not unseen.isdisjoint(kwargs))
        super().init(rule, call, obj, args, kwargs)
        if call.get(obj, ".doubtful") is True:
            call.set(obj, ".settings", None)

    def run(self, rule: LayerRule, phase: str, settings: Mapping[str, Any], *args: Any) -> Any:
        """A phase of the rule; "tf_keras.after" is what Keras 2 checks after the base's constructor, where not all is modelled."""
        if phase == "constructor":
            self.run(rule, "after", settings)
        if phase not in ("before", "after"):
            return super().run(rule, phase, settings, *args)
        with collect() as record:
            result = super().run(rule, phase, settings, *args)
        for found in record.reports:
            problem = found.problem
            if isinstance(problem, LegacyRefusal):
                problem = replace(problem, values=tuple(filter(is_constant, map(settings.get, found.blame))))
            report(problem, blame=found.blame)
        return result

    def bind_settings(
        self, rule: LayerRule, call: Call, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Python's binding; ``**kwargs`` go to Layer, those of convolutions to Conv before.

        A setting that only Keras 3 needs has the default of Keras 2.
        """
        own = rule.phases.get("tf_keras.constructor")
        for name, parameter in signature(own).parameters.items() if own is not None else ():
            needed = rule.settings.get(name)
            newer = needed is not None and needed.default is needed.empty and parameter.default is not parameter.empty
            if newer and list(rule.settings).index(name) >= len(args):
                kwargs = {name: parameter.default, **kwargs}
        given, sites = super().bind_settings(rule, call, args, kwargs)
        odd: dict[str, Any] = given.pop(".unrecognized", {})
        odd |= {name: given.pop(name) for name in rule.fixed.get("keywords", ()) if name in given}
        if "Conv" in rule.name:
            given |= {name: odd.pop(name) for name in OF_CONV if name in odd}
        if odd:
            given[".unrecognized"] = odd
        return given, sites

    def init_base(self, call: Call, obj: Instance, given: Mapping[str, Any], cls: str) -> None:
        """``Layer.__init__``: keyword arguments, trainable, name, dtype."""
        odd: dict[str, Any] = {k: v for k, v in (given.get(".unrecognized") or {}).items() if k not in ALLOWED}
        if odd:
            values = tuple(odd.values())
            report(WrongArguments("unrecognized", "Layer.__init__", tuple(odd), values, layer=cls), blame=tuple(odd))
        trainable, name = given.get("trainable", True), given.get("name")
        if not isinstance(trainable, (bool, Unknown, Assumed, Tensor)):
            report(BadSetting("trainable", trainable, "trainable"), blame=("trainable",))
        if name is None or name == "":
            name = auto_name(call, cls, self.framework)
        elif isinstance(name, (bool, int, float, tuple, list, dict)):
            report(BadSetting("name", name, "name"), blame=("name",))
        compute, variable = self.policy(call, given.get("dtype"))
        shape = given.get("input_shape")
        if shape is None and given.get("input_dim") is not None:
            shape = (given["input_dim"],)
        call.set(obj, ".name", name if isinstance(name, str) else Unknown("name"))
        call.set(obj, ".dtype", compute)
        call.set(obj, ".variable_dtype", variable)
        call.set(obj, ".autocast", given.get("autocast", True) is not False)
        call.set(obj, ".trainable", trainable if isinstance(trainable, bool) else Unknown("trainable"))
        whole = given.get(".unrecognized", {}).get("batch_input_shape")
        batch = given.get(".unrecognized", {}).get("batch_size")
        if isinstance(whole, (tuple, list)) and whole:
            batch, shape = whole[0], tuple(whole[1:])
        call.set(obj, ".input_shape", keep(shape))
        call.set(obj, ".batch_size", batch if is_dim(batch) else None)
        call.set(obj, ".built", False)

    def policy(self, call: Call, dtype: Any) -> tuple[str | None, str | None]:
        """The dtypes of a policy: ``tf.as_dtype`` reads a name that is no policy."""
        if dtype is None:
            dtype = call.get(GLOBAL, ".dtype_policy") or "float32"
        if isinstance(dtype, Instance):
            dtype = call.get(dtype, ".policy")
        if isinstance(dtype, Known):
            dtype = dtype.target.rpartition(".")[2]
        if not isinstance(dtype, str):
            return None, None
        if dtype in MIXED:
            return MIXED[dtype]
        if dtype not in DTYPES:
            report(BadSetting("dtype", dtype, "dtype"), blame=("dtype",))
            return None, None
        return dtype, dtype

    # Calling.

    def call(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> Value:
        """``Layer.__call__``, as far as it is modelled: a shape, or nothing is known."""
        if is_modelled(rule):
            return self.call_modelled(rule, call, obj, args, kwargs)
        call.set(obj, ".doubtful", False)
        if "tf_keras.spec" in rule.phases:
            result = self.call_modelled(rule, call, obj, args, kwargs)
        else:
            result = super().call(rule, call, obj, args, kwargs)
        doubtful = call.get(obj, ".doubtful") is True or _empty(call.thaw(result))
        return Unknown(DOUBT) if doubtful else result

    def call_modelled(
        self, rule: LayerRule, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> Value:
        """The input's spec (symbolically only before the build), the build, the layer's ``call``."""
        settings = self.settings(call, obj)
        if settings is None:
            return Unknown(f"{class_name(obj, rule)} whose construction is not known")
        parameters = self.inputs(rule)
        first = parameters[0].name
        values = [_as_tensors(converted(call, obj, value)) for value in args]
        named = {name: converted(call, obj, value) for name, value in kwargs.items()}
        if not values and first in named:
            values = [_as_tensors(named.pop(first))]
        whole_list = values[0] if values and isinstance(values[0], list) else []
        if len(whole_list) > 1 and getattr(inside_of(rule), "listed", False):  # the states behind the sequence
            values = [whole_list[0], *values[1:]]
            named.setdefault("initial_state", whole_list[1:])
        bound: dict[str, Any] | None = None
        with collect() as record:
            if not values:
                report(WrongArguments("first"), blame=("arguments",))
            else:
                symbolic = any(x.symbolic for x in tensors_in([*values, *named.values()]))
                bound = {first: values[0]}
                if not symbolic or call.get(obj, ".built") is not True or call.local.get("symbolic") is True:
                    bound = check_spec(call, self.spec(call, obj), self.name(call, obj), bound)
                else:
                    with collect() as unchecked:  # only decides what is not known yet
                        decided = check_spec(call, self.spec(call, obj), self.name(call, obj), bound)
                    if unchecked.reports:
                        call.set(obj, ".doubtful", True)
                    else:
                        bound = decided
        if record.reports and getattr(inside_of(rule), "listed", False) and named.get("initial_state") is not None:
            call.set(obj, ".doubtful", True)  # the states are looked at before
            return Unknown(DOUBT)
        if record.reports:
            inputs = tuple(tensors_in(values))
            made = self.made(rule, call, obj, {**settings, **self.context(call, obj, rule)}, inputs)
            self.tell(call, record, obj, {first: values[0] if values else None}, made)
        if bound is None:
            return self.guess(rule, call, obj, settings, args)
        refused = self.build_once(rule, call, obj, settings, bound) or bool(record.reports)
        with collect() as record:
            whole = self.bind_rest(rule, parameters, [bound[first], *values[1:]], named)
        if record.reports and not refused:
            self.tell(call, record, obj, bound)
        return self.run_call(rule, call, obj, settings, whole or bound, refused or whole is None)

    def run_inside(
        self, rule: LayerRule, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any],
        refused: bool, framed: bool,
    ) -> Any:  # fmt: skip
        """Layers inside are asked for shapes alone; what they may refuse is not worded."""
        inside = inside_of(rule)
        if inside is None:
            return MISSING
        if inside.doubtful(call, obj, settings, bound):
            call.set(obj, ".doubtful", True)
        first = next(iter(bound.values()), None)
        shape = first.shape if isinstance(first, Tensor) else None
        return inside.shapes(call, obj, settings, shape) if isinstance(shape, Shape) else MISSING

    def dress(
        self, call: Call, obj: Instance, result: Any, inputs: tuple[Tensor, ...], made: Made | None,
        named: bool = True, path: tuple[Any, ...] = (),
    ) -> Value:  # fmt: skip
        """A recurrent layer gives its output and its states in a list."""
        inside = inside_of(rule_of(call, obj)) if isinstance(result, tuple) and not path else None
        if inside is not None and inside.listed and not isinstance(result, Shape):
            result = list(result)
        return super().dress(call, obj, result, inputs, made, named, path)

    def inputs(self, rule: LayerRule) -> list[Parameter]:
        """The parameters of the layer's ``call``, which may differ from those of Keras 3."""
        function = rule.phases.get("tf_keras.call", rule.function)
        found = signature(function).parameters.values() if function is not None else ()
        return [parameter for parameter in found if parameter.kind is Parameter.POSITIONAL_OR_KEYWORD]

    def bind_rest(
        self, rule: LayerRule, parameters: list[Parameter], values: list[Any], named: dict[str, Any]
    ) -> dict[str, Any] | None:
        """The binding of ``call(self, inputs, ...)`` by Python itself; ``training`` is dropped where nobody wants it."""
        names = [parameter.name for parameter in parameters]
        cls = "Conv" if rule.name in ("Conv1D", "Conv2D", "Conv3D") else rule.name
        function = f"{cls}.call"
        if "training" not in names:
            named.pop("training", None)
        odd = next((name for name in named if name not in names), None)
        if odd is not None:
            report(WrongArguments("unexpected", function, (odd,)), blame=("arguments",))
            return None
        if len(values) > len(names):
            counts = (len(names) + 1, len(names) + 1, len(values) + 1)
            report(WrongArguments("too-many", function, counts=counts), blame=("arguments",))
            return None
        return bind(parameters, values, named)

    def context(self, call: Call, obj: Instance, rule: LayerRule) -> dict[str, Any]:
        """Keras 2's phases may also ask for the weights that the layer has, as ``kernels``."""
        version = min(call.version("keras"), call.version(self.framework))  # what is called keras may be Keras 2 itself
        return {**super().context(call, obj, rule), "version": version, "kernels": self.weights(call, obj)}

    def frame(
        self, call: Call, obj: Instance, rule: LayerRule | None, bound: Mapping[str, Any], inputs: Sequence[Tensor]
    ) -> Frame:
        """The frame of a call; tensors are printed alike in graphs and outside of them."""
        symbolic = any(x.symbolic for x in inputs) and call.local.get("symbolic") is not True
        arguments = tuple((key, printed(value)) for key, value in bound.items())
        return Frame(
            class_name(obj, rule), self.name(call, obj), "call", arguments, symbolic=symbolic, framework=self.framework
        )

    def tell(
        self, call: Call, record: Record, obj: Instance, bound: Mapping[str, Any], made: Made | None = None
    ) -> None:
        """Make a finding where Keras 2 is modelled; else remember that nothing is known."""
        reports = [report for report in record.reports if not isinstance(report.problem, AlreadyBuilt)]
        if not reports:
            return
        record.reports[:] = reports
        rule = rule_of(call, obj)
        of_model = call.get(obj, ".model") is not None and _is_of_model(reports[0].problem)
        if is_refused([report.problem for report in reports]) and call.get(obj, ".unseen") is not True:
            del record.reports[1:]  # the others are of Keras 3
            super().tell(call, record, obj, bound, made)
        elif (
            of_model
            or is_modelled(rule)
            or (rule and "tf_keras.spec" in rule.phases and type(reports[0].problem) in OF_SPEC)
            or (rule and _is_of_keras_1(rule, [report.problem for report in reports]))
        ):
            super().tell(call, record, obj, bound, made)
        else:
            call.set(obj, ".doubtful", True)


def _is_of_keras_1(rule: LayerRule, problems: Sequence[Problem]) -> bool:
    """Whether a layer is constructed as in Keras 1, which Keras 2 refuses whatever else it looks at."""
    first = problems[0]
    if not isinstance(first, WrongArguments) or rule.name not in FREQUENT:
        return False
    odd = first.why == "unrecognized" and len(problems) == 1 and KERAS_1.issuperset(first.names)
    return odd or first.why == "missing"


def is_modelled(rule: LayerRule | None) -> bool:
    """Whether all checks and texts of Keras 2 are modelled for a layer."""
    return rule is not None and "tf_keras.constructor" in rule.phases


def _is_of_model(problem: Problem) -> bool:
    """Whether Keras 2 finds this, too, when a model is called."""
    first = isinstance(problem, WrongArguments) and problem.why == "first"
    of_fit = isinstance(problem, BadModel) and problem.why in ("not-compiled", "cardinality")
    of_loss = isinstance(problem, RefusedInputs) and problem.why.startswith("loss-")
    return first or of_fit or of_loss or type(problem) in (ModelInputMismatch, WrongInputCount)


def call_arguments(
    parameters: Sequence[Parameter] | None, values: list[Any], named: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    """The arguments of a user's ``call`` as the wrapper prints them: all parameters, defaults included."""
    given = dict(zip([parameter.name for parameter in parameters or ()], values, strict=False)) | dict(named)
    found: list[tuple[str, str]] = []
    for parameter in parameters or ():
        default = Unknown("a default") if parameter.default is parameter.empty else parameter.default
        found.append((parameter.name, printed(given.get(parameter.name, default))))
    return tuple(found) if parameters is not None else (("?", "?"),)


def printed(value: Any) -> str:
    """An argument as the wrapper of Keras 2 prints it."""
    if isinstance(value, Tensor):
        return f"tf.Tensor(shape={said(value.shape)}, dtype={value.dtype or '?'})"
    if isinstance(value, (list, tuple)) and not isinstance(value, Shape):
        items = ", ".join(repr(printed(item)) for item in value)
        return f"[{items}]" if isinstance(value, list) else f"({items}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {printed(item)!r}" for key, item in value.items()) + "}"
    return said(value) if not isinstance(value, str) else repr(value)


def _as_tensors(value: Any) -> Any:
    """Python's numbers become tensors, alone and inside lists."""
    if isinstance(value, bool):
        return Tensor(Shape(()), "bool", "tf")
    if isinstance(value, (int, float)):
        return Tensor(Shape(()), "int32" if isinstance(value, int) else "float32", "tf")
    if isinstance(value, list):
        return [_as_tensors(item) for item in value]
    if isinstance(value, tuple) and not isinstance(value, Shape):
        return tuple(map(_as_tensors, value))
    return value


def _empty(result: Any) -> bool:
    """Whether some length of a result is not positive: what comes back then was not looked into."""
    shapes = [x.shape for x in leaves(result) if isinstance(x, Tensor) and isinstance(x.shape, Shape)]
    return any(isinstance(dim, int) and dim <= 0 for shape in shapes for dim in shape)


MACHINES["tf_keras"] = Keras2()
REGISTRY.absent["tf_keras"] = NEWER
