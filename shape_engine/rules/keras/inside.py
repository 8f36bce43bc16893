"""What a layer that holds layers tells the machine: a rule with ``inside=`` has an object that sees the call and the layer.

The phases of a rule see settings only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...rule import MISSING, Call
from ...value import Instance, Value


class Inside:
    """What a layer does with the layers that it holds; each method stands for a step of a layer's life."""

    listed = False
    """Whether several outputs are a list in Keras 2 (in Keras 3 they are a tuple)."""

    alone = True
    """Whether a layer of the same settings holds other layers inside: they are not among the settings."""

    arguments: tuple[str, ...] = ()
    """Arguments of ``call`` whose shapes ``build`` takes, too: a class of the user's must keep them."""

    def before(self, call: Call, obj: Instance, settings: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
        """Checks that come before ``Layer.__init__``, which takes ``base``; settings to change."""
        return {}

    def made(self, call: Call, obj: Instance, settings: dict[str, Any]) -> dict[str, Any]:
        """After ``Layer.__init__``: the layers that it makes; settings to change."""
        return {}

    def build(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> None:
        """``build``: the layers inside, and the state that it keeps."""

    def spec(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> Any:
        """What input is accepted, before (``shape`` is None) and after the build; MISSING where the rule tells."""
        return MISSING

    def shapes(self, call: Call, obj: Instance, settings: dict[str, Any], shape: Any) -> Any:
        """What ``compute_output_shape`` gives; MISSING where the rule's function tells."""
        return MISSING

    def traced(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> Any:
        """What a symbolic ``call`` gives where Keras traces it for want of ``compute_output_shape``; MISSING elsewhere."""
        return MISSING

    def run(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> Any:
        """What an eager ``call`` gives; MISSING where the rule's function tells."""
        return MISSING

    def doubtful(self, call: Call, obj: Instance, settings: dict[str, Any], bound: Mapping[str, Any]) -> bool:
        """Whether Keras 2 may refuse these arguments, which is not worded."""
        return False

    def get(self, call: Call, obj: Instance, settings: dict[str, Any], name: str) -> Value:
        """An attribute that the class defines; MISSING if it defines none of this name."""
        return MISSING


def inside_of(rule: Any) -> Inside | None:
    """What a rule says of the layers inside."""
    found = rule.fixed.get("inside") if rule is not None else None
    return found if isinstance(found, Inside) else None
