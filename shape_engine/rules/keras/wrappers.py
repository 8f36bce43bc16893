"""Layers around one other layer: TimeDistributed, SpectralNormalization and their base.

Follows keras/src/layers/rnn/time_distributed.py and keras/src/layers/core/wrapper.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dim import is_dynamic, surely_differ, surely_less
from ...evidence import collect, report
from ...problems import InnerMismatch, RefusedSetting
from ...rule import Call, layer, phase
from ...shape import AnyShape, Shape
from ...value import Instance, Known, Tensor, Unknown
from .common import NO_RANK, python_error, refuse, shape_of
from .holding import accepts, build_inner, checked_layer, hold, is_layer, shape_through
from .inputs import check_spec
from .inside import Inside
from .machine import CONTEXT, MACHINE, Spec
from .methods import rule_of
from .state import is_float, python_shape


class Around(Inside):
    """A wrapper: one layer inside, built for what the wrapper is built for."""

    alone = False

    why = "wrapper-layer"

    def before(self, call: Call, obj: Instance, settings: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
        """The layer must be one."""
        return {} if checked_layer(call, settings, "layer", self.why) else {"layer": Unknown("layer")}

    def made(self, call: Call, obj: Instance, settings: dict[str, Any]) -> dict[str, Any]:
        """The layer is the wrapper's own from now on."""
        hold(call, obj, settings.get("layer"))
        return {}

    def inner_shape(self, shape: Any) -> Any:
        """What the layer inside is built for."""
        return shape

    def build(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> None:
        """``Wrapper.build``."""
        inner = self.inner_shape(shape)
        if isinstance(inner, Shape) and inner and is_layer(call, settings.get("layer")):
            call.set(settings["layer"], ".step_features", inner[-1])
        if inner is not None:
            build_inner(call, obj, settings.get("layer"), inner)


class Bare(Around):
    """``Wrapper`` itself has no ``call`` whose arguments could tell a shape: ``build`` is given None."""

    def build(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> None:
        """What a class of the user's with a ``call`` is built for; else each layer has its own trouble with None."""
        if isinstance(obj.cls, Known):
            call.doubt()
        else:
            super().build(call, obj, settings, shape)


# TimeDistributed.


class OverTime(Around):
    """A layer for each step."""

    why = "time-distributed-layer"

    def inner_shape(self, shape: Any) -> Any:
        """Without the axis of time; reports what has no such axis."""
        if isinstance(shape, Shape) and len(shape) < 3:
            report(RefusedSetting("inputs", python_shape(shape), "time-distributed-rank"), blame=("inputs",))
            return None
        return Shape((shape[0], *shape[2:])) if isinstance(shape, Shape) else shape

    def shapes(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> Any:
        """The layer's shape for one step, with the axis of time put back."""
        if len(shape) < 3:
            return NO_RANK
        found = shape_through(call, settings.get("layer"), Shape((shape[0], *shape[2:])))
        return over_time(found, shape[1])

    def doubtful(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> bool:
        """Where the layer may refuse one step."""
        x: Any = next(iter(bound.values()), None)
        shape = shape_of(x)
        if shape is None or len(shape) < 3 or 0 in shape[:2]:
            return True
        return not accepts(call, settings.get("layer"), Tensor(Shape((shape[0], *shape[2:])), x.dtype, x.kind))

    def run(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> Any:
        """``layer.call`` for the first step: without the check of its input."""
        x: Any = bound.get("inputs")
        inner: Any = settings.get("layer")
        mask = shape_of(bound.get("mask"))
        shape = shape_of(x)
        if shape is None or len(shape) < 3 or not is_layer(call, inner):
            return None
        if mask is not None and len(mask) < 2:
            report(
                RefusedSetting("mask", tuple(mask), "time-distributed-mask-rank", quoted=(len(mask),)), blame=("mask",)
            )
            return NO_RANK
        if mask is not None and any(
            not is_dynamic(a) and not is_dynamic(b) and surely_differ(a, b)
            for a, b in zip(shape, mask[:2], strict=False)
        ):
            quoted = (tuple(shape), shape[0], shape[1])
            report(RefusedSetting("mask", tuple(mask), "time-distributed-mask", quoted=quoted), blame=("mask",))
            return NO_RANK
        if shape[1] == 0:
            python_error("ValueError", "axis 1 is out of bounds for an array with dimension 1.", "inputs")
            return NO_RANK
        now = Tensor(Shape((shape[0], *shape[2:])), x.dtype, x.kind, x.made)
        weights = MACHINE.of(inner).weights_inside(call, inner, rule_of(call, inner))
        if not x.symbolic and weights and is_float(x.dtype) and x.dtype != call.get(inner, ".dtype"):
            call.doubt()  # nothing casts floats on the way in
            return NO_RANK
        if call.get(inner, ".model") is None and not _accepts(call, inner, now):
            return NO_RANK
        result = call.thaw(call.invoke(call.attribute(inner, "call"), [now]))
        return over_time(shape_of(result), shape[1]) if isinstance(result, Tensor) else None


def _accepts(call: Call, layer: Instance, x: Tensor) -> bool:
    """Whether a layer computes with such an input: its ``call`` runs without the check of the spec."""
    machine = MACHINE.of(layer)
    with collect() as record:
        check_spec(call, machine.spec(call, layer), machine.name(call, layer), {"inputs": x})
    if not record.reports and _as_built(call, layer, x):
        return True
    kernel = dict(machine.weights(call, layer)).get("kernel", ())
    shape = shape_of(x)
    if (
        layer.cls == Known("keras.layers.Dense", machine.framework)
        and shape is not None
        and len(shape) == len(kernel) == 2
    ):
        report(InnerMismatch("MatMul", tuple(shape), tuple(kernel)), blame=("inputs",))
    else:
        call.doubt()  # TensorFlow words it
    return False


def _as_built(call: Call, layer: Instance, x: Tensor) -> bool:
    """Whether a layer with weights gets as many features as it was first built for."""
    shape, built = shape_of(x), call.get(layer, ".step_features")
    last = shape[-1] if shape else None
    return (
        built is None
        or not surely_differ(built, last)
        or not MACHINE.of(layer).weights_inside(call, layer, rule_of(call, layer))
    )


def over_time(shape: Any, steps: Any) -> AnyShape:
    """The shape of one step with the steps after the batch."""
    if not isinstance(shape, Shape) or not shape:
        return NO_RANK
    return Shape((shape[0], steps, *shape[1:]))


@layer("keras.layers.TimeDistributed", machine=MACHINE, inside=OverTime(), **CONTEXT)
def time_distributed(inputs: Any, training: Any = None, mask: Any = None, *, layer: Any) -> AnyShape:
    """The layer for each step of the second axis."""
    return NO_RANK


@layer("keras.layers.Wrapper", machine=MACHINE, inside=Bare(), **CONTEXT)
def wrapper(inputs: Any, *, layer: Any) -> AnyShape:
    """The base of wrappers cannot be called itself."""
    return NO_RANK


@phase(time_distributed, "build")
@phase(wrapper, "build")
def wrapper_build(shape: Any) -> dict[str, Any]:
    """The weights are those of the layer inside."""
    return {}


# SpectralNormalization.


class Spectral(Around):
    """A layer whose kernel is normalised before each call."""

    def shapes(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> Any:
        """The layer's own."""
        return shape_through(call, settings.get("layer"), shape)

    def build(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> None:
        """A vector as long as the kernel's last axis; the spec of the layer inside."""
        inner: Any = settings.get("layer")
        super().build(call, obj, settings, shape)
        if not is_layer(call, inner) or not isinstance(inner.cls, Known):
            return
        weights = dict(MACHINE.of(inner).weights(call, inner))
        kernel = weights.get("kernel", weights.get("embeddings"))
        if kernel is None:
            if isinstance(shape, Shape) and rule_of(call, inner) is not None and call.get(inner, ".model") is None:
                kind = inner.cls.target.rpartition(".")[2]
                python_error("ValueError", f"{kind} object has no attribute 'kernel' nor 'embeddings'", "layer")
            return
        call.set(obj, ".weights", (("vector_u", (1, kernel[-1])),))

    def run(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> Any:
        """The layer itself is called."""
        inner = settings.get("layer")
        if not is_layer(call, inner) or not isinstance(bound.get("inputs"), Tensor):
            return None
        result = call.thaw(call.invoke(inner, [call.freeze(bound.get("inputs"))]))
        return result.shape if isinstance(result, Tensor) else None


@layer("keras.layers.SpectralNormalization", machine=MACHINE, inside=Spectral(), **CONTEXT)
def spectral_normalization(inputs: Any, training: Any = False, *, layer: Any, power_iterations: Any = 1) -> AnyShape:
    """The layer inside with another kernel."""
    return NO_RANK


@phase(spectral_normalization, "constructor")
def spectral_constructor(*, layer: Any, power_iterations: Any = 1) -> None:
    """At least one iteration."""
    if isinstance(power_iterations, (int, float)) and surely_less(power_iterations, 1):
        refuse("power_iterations", power_iterations, "spectral-iterations")


@phase(spectral_normalization, "spec")
def spectral_spec(shape: Any) -> Spec | None:
    """Once built, the length of the last axis."""
    return Spec(min_ndim=1, axes=((-1, shape[-1]),)) if isinstance(shape, Shape) and shape else None


@phase(spectral_normalization, "build")
def spectral_build(shape: Any) -> dict[str, Any]:
    """See Spectral."""
    return {}
