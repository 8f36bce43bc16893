"""What a module of PyTorch owns: its children and its parameters, by name, in the order in which they were set."""

from __future__ import annotations

from ...rule import REGISTRY, Call, ClassRule
from ...value import Assumed, Instance, Known, Tensor, Unknown, Value

Child = tuple[str, Value]
KEPT = (
    ".children", ".parameters", ".weights", ".settings", ".dtype", ".training", ".site", ".sites", ".failed", ".own",
    ".uncertain", ".pattern",
)  # fmt: skip
"""What a module holds beside its attributes: with these it is copied."""
PARAMETERS = ("torch.nn.Parameter", "torch.nn.parameter.Parameter")


def children(call: Call, obj: Instance) -> tuple[Child, ...] | None:
    """The modules that an object owns, by name (None for one that was taken away); None where they are not known."""
    found = call.get(obj, ".children", ())
    return found if isinstance(found, tuple) else None


def is_module(value: Value) -> bool:
    """Whether a value surely is a module: an object of a class of torch.nn, or of the user's."""
    if not isinstance(value, Instance):
        return False
    if not isinstance(value.cls, Known):
        return True
    return isinstance(REGISTRY.find(value.cls.target), ClassRule) and value.cls.target.startswith(
        ("torch.nn.", "einops.layers.torch.")
    )


def remember(call: Call, obj: Instance, name: str, value: Value) -> None:
    """An attribute was set: a module becomes a child, a parameter one of the parameters."""
    if not name:
        call.set(obj, ".uncertain", True)
        return
    if isinstance(obj.cls, Known):
        own = call.get(obj, ".own", ())
        call.set(obj, ".own", own if name in own else (*own, name))
    if isinstance(value, (Unknown, Assumed)):
        call.set(obj, ".uncertain", True)  # it may be a module, or a parameter
        return
    if isinstance(value, Tensor) and value.made is not None and value.made.by in PARAMETERS:
        add_parameter(call, obj, name)
        return
    known = children(call, obj)
    if known is not None and (is_module(value) or any(child == name for child, _ in known)):
        call.set(obj, ".children", put_child(known, name, value if is_module(value) else None))


def set_attribute(call: Call, obj: Instance, name: str, value: Value) -> None:
    """``obj.name = value`` as one of the methods that register something does it."""
    call.set(obj, name, value)
    field = ".own" if isinstance(obj.cls, Known) else ".names"
    names = call.get(obj, field, ())
    if isinstance(names, tuple) and name not in names:
        call.set(obj, field, (*names, name))


def add_parameter(call: Call, obj: Instance, name: str) -> None:
    """A tensor of this name is one of the module's own parameters."""
    names, weights = call.get(obj, ".parameters", ()), call.get(obj, ".weights", ())
    if isinstance(names, tuple) and isinstance(weights, tuple) and name not in names and name not in dict(weights):
        call.set(obj, ".parameters", (*names, name))


def put_child(known: tuple[Child, ...], name: str, module: Value) -> tuple[Child, ...]:
    """The children when one of them is set: in its old place, or at the end."""
    if any(child == name for child, _ in known):
        return tuple((child, module if child == name else old) for child, old in known)
    return (*known, (name, module))
