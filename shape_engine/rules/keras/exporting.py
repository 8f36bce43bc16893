"""namex, with which Keras and its libraries give what they export its public name; it stays what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...rule import Call, ClassRule, class_rule
from ...value import Instance, Unknown, Value


@class_rule("namex.export")
class Export(ClassRule):
    """``@namex.export(package, path)``: gives back the class or function that it decorates."""

    def call(self, call: Call, obj: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        return args[0] if len(args) == 1 else Unknown("a decorator without a function")
