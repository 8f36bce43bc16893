"""``tf.GradientTape``: what it watches, how often it can be asked, and the shapes of what it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...dtypes import COMPLEX, FLOATING
from ...problems import PythonError
from ...rule import MISSING, REGISTRY, Call, ClassRule, class_rule
from ...shape import Shape
from ...value import BoundMethod, Instance, Known, Made, Site, Tensor, Unknown, Value, tensors_in
from .graph import define, report

USED_UP = "A non-persistent GradientTape can only be used to compute one set of gradients (or jacobians)"
NO_TARGET = (
    "Argument `target` should be a list or nested structure of Tensors, Variables or CompositeTensors to be "
    "differentiated, but received None."
)
NONE, ZERO = (Known(f"tf.UnconnectedGradients.{name}") for name in ("NONE", "ZERO"))
FRESH = frozenset(
    (
        *("tf.constant", "tf.zeros", "tf.ones", "tf.fill", "tf.eye", "tf.range", "tf.linspace"),
        *("tf.random.normal", "tf.random.uniform", "tf.random.truncated_normal"),
    )
)
"""What makes a tensor out of numbers alone: no tape watches one of itself."""
SAME = frozenset(("tf.cast", "tf.convert_to_tensor", "tf.Variable", "keras.ops.cast", "keras.ops.convert_to_tensor"))
"""What may give the very tensor that it is given, or a source."""


@class_rule("tf.GradientTape")
class GradientTape(ClassRule):
    """``with tf.GradientTape() as tape``: follows tensorflow/python/eager/backprop.py."""

    def init(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """Whether it can be asked again, and whether it watches the variables that are used."""
        given = dict(zip(("persistent", "watch_accessed_variables"), args, strict=False)) | dict(kwargs)
        call.set(obj, ".persistent", call.resolve(given.get("persistent", False)))
        call.set(obj, ".watches_variables", call.resolve(given.get("watch_accessed_variables", True)))
        call.set(obj, ".watched", ())
        call.set(obj, ".used", False)
        call.set(obj, ".blocks", ())

    def get(self, call: Call, obj: Instance, name: str) -> Value:
        """A method that some rule models."""
        target = f"{self.target}.{name}"
        return BoundMethod(Known(target), obj) if REGISTRY.find(target) is not None else MISSING

    def forget(self, call: Call, obj: Instance) -> None:
        """It may be used up, and may watch anything."""
        for field in (".watched", ".used", ".blocks"):
            call.set(obj, field, Unknown("what was done to a tape"))


@define("tf.GradientTape.__enter__")
def enter(call: Call, self: Value) -> Value:
    """The tape itself."""
    blocks = call.get(self, ".blocks")
    call.set(self, ".blocks", (*blocks, call.get(self, ".with")) if isinstance(blocks, tuple) else blocks)
    return self


@define("tf.GradientTape.watch")
def watch(call: Call, self: Value, tensor: Value) -> Value:
    """Gives nothing."""
    before = call.get(self, ".watched")
    given = _thawed(call, tensor)
    known = isinstance(before, tuple) and not isinstance(given, Unknown)
    after = (*before, *tensors_in([given])) if known else Unknown("what a tape watches")
    call.set(self, ".watched", after)
    return None


@define("tf.GradientTape.reset")
def reset(call: Call, self: Value) -> Value:
    """Forgets what was recorded."""
    call.set(self, ".watched", ())
    call.set(self, ".used", False)
    return None


@define("tf.GradientTape.__exit__")
def leave(call: Call, self: Value, *args: Value) -> Value:
    """Exceptions go on; nothing is given."""
    return None


@define("tf.GradientTape.gradient")
def gradient(
    call: Call,
    self: Value,
    target: Value,
    sources: Value,
    output_gradients: Value = None,
    unconnected_gradients: Value = None,
) -> Value:
    """For each source a tensor of its shape, or None where no tape can have seen it."""
    if not _asked(call, self):
        return Unknown("a tape that is used up")
    if call.resolve(target) is None:
        report(PythonError("TypeError", NO_TARGET), blame=("target",))
        return Unknown("gradients of nothing")
    outside = _is_outside(call, self, target)
    return _each(call, self, sources, unconnected_gradients, lambda x: x.shape, outside)


@define("tf.GradientTape.jacobian")
def jacobian(
    call: Call, self: Value, target: Value, sources: Value, unconnected_gradients: Value = None, **_: Value
) -> Value:
    """For each source a gradient for each number of the target."""
    if not _asked(call, self):
        return Unknown("a tape that is used up")
    y = call.resolve(target)
    if not isinstance(y, Tensor) or not isinstance(y.shape, Shape):
        return Unknown("the jacobian of something that is not followed")
    outer = y.shape
    return _each(
        call,
        self,
        sources,
        unconnected_gradients,
        lambda x: Shape((*outer, *x.shape)) if isinstance(x.shape, Shape) else x.shape,
        _is_outside(call, self, y),
    )


@define("tf.GradientTape.watched_variables")
def watched_variables(call: Call, self: Value) -> Value:
    """The variables that were used."""
    return Unknown("the variables that a tape has seen")


def _asked(call: Call, tape: Value) -> bool:
    """Note that a tape is asked; reports that it was, if it can be asked once only."""
    if call.get(tape, ".used") is True and call.get(tape, ".persistent") is False:
        report(PythonError("RuntimeError", USED_UP))
        return False
    call.set(tape, ".used", True)
    return True


def _is_outside(call: Call, tape: Value, target: Value) -> bool | None:
    """Whether the target was computed where the tape did not record: in the same code, but not in its block.

    None: not known, since that code is half typed.
    """
    blocks, targets = call.get(tape, ".blocks"), list(tensors_in([_thawed(call, target)]))
    if not isinstance(blocks, tuple) or len(blocks) != 1 or not isinstance(blocks[0], Site) or not targets:
        return False
    found = [_stands_outside(call, one.made, blocks[0]) for one in targets]
    return False if False in found else None if None in found else True


def _stands_outside(call: Call, made: Made | None, block: Site) -> bool | None:
    if made is None or made.by in SAME or not isinstance(made.site, Site):
        return False
    inside = made.site.unit == block.unit and made.site.span in block.span
    return False if inside else call.same_code(made.site, block)


def _each(
    call: Call,
    tape: Value,
    sources: Value,
    unconnected: Value,
    shape: Callable[[Tensor], Any],
    outside: bool | None,
) -> Value:
    """What a tape gives for a structure of sources: None for what it has not seen, unless that is to be zeros."""
    sources = _thawed(call, sources)
    if isinstance(sources, Tensor):
        seen = _seen(call, tape, sources) if outside is False else None if outside is None else False
        if seen is False and unconnected in (None, "none", NONE):
            return None
        certain = seen or unconnected in ("zero", ZERO)
        return Tensor(shape(sources), sources.dtype, "tf") if certain else Unknown("whether a tape has seen this")
    if isinstance(sources, dict):
        return call.freeze(
            {key: _each(call, tape, source, unconnected, shape, outside) for key, source in sources.items()}
        )
    if isinstance(sources, (tuple, list)):
        return type(sources)(_each(call, tape, source, unconnected, shape, outside) for source in sources)
    return Unknown("the gradients of something that is not followed")


def _seen(call: Call, tape: Value, x: Tensor) -> bool | None:
    """Whether a tape follows a tensor; None where that is not known."""
    watched, by = call.get(tape, ".watched"), x.made.by if x.made is not None else None
    if x.dtype is not None and x.dtype not in (*FLOATING, "bfloat16", *COMPLEX):
        return False
    if not isinstance(watched, tuple):
        return None
    if x in watched:
        return True
    given = dict(x.made.given) if x.made is not None else {}
    if by in FRESH or _is_copied(x) or (by == "tf.Variable" and given.get("trainable") is False):
        return False
    if by == "tf.Variable" and "trainable" in given and given["trainable"] not in (True, None):
        return None
    return call.get(tape, ".watches_variables") is True or None


def _is_copied(x: Tensor) -> bool:
    """Whether a tensor is made of what a tape has never seen: arrays of NumPy, numbers."""
    made = x.made
    return made is not None and made.by == "tf.convert_to_tensor" and all(y.kind == "numpy" for y in made.inputs)


def _thawed(call: Call, value: Value) -> Any:
    return call.thaw(call.resolve(value))
