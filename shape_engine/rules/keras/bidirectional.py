"""Bidirectional: a recurrent layer over a sequence, and another one over its reverse.

Follows keras/src/layers/rnn/bidirectional.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...evidence import collect, report
from ...formulas.broadcast import broadcast
from ...formulas.join import concatenated
from ...problems import BroadcastMismatch, LegacyRefusal, RefusedSetting
from ...rule import MISSING, Call, function, layer, phase
from ...shape import AnyShape, Shape, Unranked
from ...value import BoundMethod, Class, Instance, Known, Unknown, Value
from .common import NO_RANK, is_plain, python_error, refuse, shape_of, undecided
from .holding import accepts, anew, build_inner, checked_layer, hold, is_layer, shape_through, surely_no_layer
from .inside import Inside, inside_of
from .machine import CONTEXT, MACHINE
from .masks import may_be_masked
from .methods import rule_of
from .printed import class_repr
from .state import class_name, shapes_of

MERGE = ("sum", "mul", "ave", "concat")
ALIKE = ("stateful", "return_sequences", "return_state")


class Twice(Inside):
    """A recurrent layer made anew for each direction."""

    alone = False

    arguments = ("initial_state",)
    listed = True

    def before(self, call: Call, obj: Instance, settings: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
        """Both must be layers, and the mode one of five."""
        mode, other = settings.get("merge_mode"), settings.get("backward_layer")
        if not checked_layer(call, settings, "layer", "bidirectional-layer") and surely_no_layer(
            call, settings["layer"]
        ):
            return {}
        if other is not None and surely_no_layer(call, other):
            shown = class_repr(other) if isinstance(other, (Class, Known)) else other
            report(RefusedSetting("backward_layer", shown, "bidirectional-backward"), blame=("backward_layer",))
        elif not undecided(mode) and mode is not None and mode not in MERGE:
            refuse("merge_mode", mode, "bidirectional-mode")
        return {}

    def made(self, call: Call, obj: Instance, settings: dict[str, Any]) -> dict[str, Any]:
        """Both directions by the layer's configuration; a backward layer that is given stays itself."""
        layer, other = settings.get("layer"), settings.get("backward_layer")
        if other is None and MACHINE.of(obj).framework == "tf_keras" and _has_no_direction(call, layer):
            report(LegacyRefusal("KeyError", "'go_backwards'"), blame=("layer",))
            return {}
        forward = directed(call, obj, layer, "forward", {})
        backward = other
        if other is None:
            back = {"go_backwards": True}
            backward = directed(call, obj, layer, "backward", back) if forward is not None else None
        one, two = settings_of(call, forward), settings_of(call, backward)
        hold(call, obj, forward, backward)
        call.set(obj, ".forward", forward if forward is not None else Unknown("the layer inside"))
        call.set(obj, ".backward", backward if backward is not None else Unknown("the layer inside"))
        if one is None or two is None:
            return {}
        astray = next((inner for inner, own in ((forward, one), (backward, two)) if "go_backwards" not in own), None)
        if isinstance(astray, Instance):
            text = f"'{class_name(astray)}' object has no attribute 'go_backwards'"
            python_error("AttributeError", text, "backward_layer", "layer")
            return {}
        if MACHINE.of(obj).framework != "tf_keras" or (_is_serialized(one) and _is_serialized(two)):
            verify(one, two)
        return {name: one[name] for name in ALIKE if name in one}

    def build(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> None:
        """First forward, then backward."""
        for way in (".forward", ".backward"):
            build_inner(call, obj, call.get(obj, way), shape)

    def spec(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> Any:
        """That of the layer which it was given."""
        given = settings.get("layer")
        return call.get(given, ".spec") if is_layer(call, given) else None

    def shapes(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> Any:
        """``compute_output_shape`` looks at the forward layer alone."""
        found = shape_through(call, call.get(obj, ".forward"), shape)
        states: tuple[Any, ...] = ()
        given = settings_of(call, call.get(obj, ".forward")) or {}
        mode, with_states = settings.get("merge_mode"), given.get("return_state")
        if undecided(mode) or undecided(with_states) or isinstance(found, Unranked):
            return NO_RANK if with_states in (False, None) and mode is not None else None
        if with_states:
            found, states = found[0], tuple(found[1:])
        if not isinstance(found, Shape):
            return NO_RANK if not with_states else None
        if mode == "concat":
            found = Shape((*found[:-1], found[-1] * 2))
        elif mode is None:
            return (found, found, *states, *states)
        return (found, *states, *states) if with_states else found

    def run(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> Any:
        """Both layers are called, each with its half of the states; their outputs are merged."""
        forward, backward = call.get(obj, ".forward"), call.get(obj, ".backward")
        x, states = bound.get("sequences"), bound.get("initial_state")
        given = settings_of(call, forward)
        if not is_layer(call, forward) or not is_layer(call, backward) or given is None:
            return None
        halves: tuple[Any, Any] = (None, None)
        if isinstance(states, (list, tuple)):
            half = len(states) // 2
            halves = (states[:half], states[half:])
        elif states is not None:
            return None
        mode, with_states = settings.get("merge_mode"), given.get("return_state")
        if undecided(mode) or undecided(with_states):
            return None
        if with_states and settings.get("stateful") is not False and may_be_masked(x):
            call.doubt()  # Bidirectional.compute_mask multiplies a generator
        results = []
        for way, start in zip((forward, backward), halves, strict=True):
            named = {
                "initial_state": call.freeze(start),
                "training": bound.get("training"),
                "mask": call.freeze(bound.get("mask")),
            }
            call.local["raised"] = False
            result = call.thaw(call.invoke(way, [call.freeze(x)], named))
            if call.local.get("raised") is True:
                return self.shapes(call, obj, settings, shape_of(x)) if shape_of(x) is not None else None
            results.append(result)
        outputs = results
        after: tuple[Any, ...] = ()
        if with_states:
            if not all(isinstance(result, (list, tuple)) and result for result in results):
                return None
            outputs, after = [result[0] for result in results], (*results[0][1:], *results[1][1:])
        shapes = [shape_of(output) for output in outputs]
        if shapes[0] is None or shapes[1] is None:
            return None
        states_after = tuple(shapes_of(state) for state in after)
        if mode is None:
            return (shapes[0], shapes[1], *states_after)
        merged = merge(shapes[0], shapes[1], mode)
        return (merged, *states_after) if with_states else merged

    def doubtful(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> bool:
        """Where one of the layers inside is in doubt; states are not followed."""
        if bound.get("initial_state") is not None:
            return True
        x = next(iter(bound.values()), None)
        ways = (call.get(obj, ".forward"), call.get(obj, ".backward"))
        return not all(accepts(call, way, x) for way in ways)

    def get(self, call: Call, obj: Instance, settings: dict[str, Any], name: str) -> Value:
        """The two layers, and what they have in common."""
        if name in ("forward_layer", "backward_layer"):
            found = call.get(obj, f".{name.partition('_')[0]}")
            return Unknown(name) if found is None else found
        if name in ("layer", "states"):
            return Unknown(name)
        if name in ("reset_state", "reset_states"):
            return BoundMethod(Known(f"keras.layers.Bidirectional.{name}", MACHINE.of(obj).framework), obj)
        return MISSING


def merge(one: Shape, other: Shape, mode: Any) -> AnyShape:
    """The outputs of both directions joined along their last axis, or combined entry by entry."""
    if mode == "concat":
        return concatenated([one, other], len(one) - 1) if len(one) == len(other) else NO_RANK
    both = broadcast(one, other)
    if both is None:
        op = "Mul" if mode == "mul" else "Add"
        report(BroadcastMismatch(op, shapes=(one, other)), blame=("backward_layer", "layer"))
        return one
    return both


def settings_of(call: Call, layer: Any) -> dict[str, Any] | None:
    """The settings of a layer inside."""
    return MACHINE.of(layer).settings(call, layer) if is_layer(call, layer) else None


def directed(call: Call, obj: Instance, layer: Any, way: str, change: Mapping[str, Any]) -> Instance | None:
    """The layer of one direction, made anew by the configuration of another; None where that is not followed."""
    settings = settings_of(call, layer)
    if settings is None or "go_backwards" not in settings:
        call.doubt()  # a constructor that is given go_backwards may refuse it
        return None
    name = call.get(layer, ".name")
    if isinstance(name, str):
        name = f"{way}_{name.removeprefix(f'{way}_')}"
    made = anew(call, layer, change, name)
    if made is None:
        call.doubt()
    return made


def _has_no_direction(call: Call, layer: Any) -> bool:
    """Whether a layer that can be made anew has no ``go_backwards`` in its configuration, which Keras 2 asks for."""
    settings, rule = settings_of(call, layer), rule_of(call, layer) if is_layer(call, layer) else None
    if settings is None or rule is None or inside_of(rule) is not None or not isinstance(layer.cls, Known):
        return False
    return _is_serialized(settings) and "go_backwards" not in settings


def _is_serialized(settings: Mapping[str, Any]) -> bool:
    """Whether a configuration surely survives ``get_config`` and ``from_config``: it holds no functions or objects."""
    return all(map(is_plain, settings.values()))


def verify(forward: Mapping[str, Any], backward: Mapping[str, Any]) -> None:
    """``_verify_layer_config``: one direction each, and all else alike."""
    ways = (forward.get("go_backwards"), backward.get("go_backwards"))
    if not any(map(undecided, ways)) and ways[0] == ways[1]:
        report(
            RefusedSetting("backward_layer", ways[1], "bidirectional-directions", quoted=ways),
            blame=("backward_layer", "layer"),
        )
        return
    for name in ALIKE:
        pair = (forward.get(name), backward.get(name))
        if not any(map(undecided, pair)) and pair[0] != pair[1]:
            report(
                RefusedSetting("backward_layer", pair[1], "bidirectional-alike", quoted=(name, *pair)),
                blame=("backward_layer", "layer"),
            )
            return


@layer("keras.layers.Bidirectional", machine=MACHINE, inside=Twice(), neutral=("weights",), **CONTEXT)
def bidirectional(
    sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = None, *, layer: Any,
    merge_mode: Any = "concat", backward_layer: Any = None
) -> AnyShape:  # fmt: skip
    """A recurrent layer over the sequence, and one over its reverse."""
    return NO_RANK


@phase(bidirectional, "build")
def bidirectional_build(shape: Any) -> dict[str, Any]:
    """The weights are those of the layers inside."""
    return {}


@function("keras.layers.Bidirectional.reset_state", raw=True)
@function("keras.layers.Bidirectional.reset_states", raw=True)
def reset_state(call: Call, self: Instance) -> None:
    """Zeros in place of the states, where there are any."""
    settings = MACHINE.of(self).settings(call, self) or {}
    if settings.get("stateful") is False:
        with collect() as record:
            python_error("AttributeError", "Layer must be stateful.")
        MACHINE.of(self).tell(call, record, self, {})
