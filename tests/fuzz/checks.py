"""What must hold of every text, whatever it is: no exception, no bug logged, bounded work, warm equals cold."""

from __future__ import annotations

from collections.abc import Iterable

from shadow import URI, fields

from shape_engine import Engine
from shape_engine.interpreter.core import MAX_PROBING, MAX_STEPS


class Broken(AssertionError):
    """The engine did what it must never do."""


def check(texts: Iterable[str]) -> Engine:
    """Read the texts one after the other, as an editor would send them."""
    engine = Engine()
    for version, text in enumerate(texts):
        warm = engine.update(URI, version, text)
        if warm.errors:
            raise Broken(warm.errors[0])
        document = engine.documents[URI]
        steps = [step.result.steps for step in document.timeline.steps if step.result]
        probing = sum(step.result.steps for step in document.probes.values() if step.result)
        if max(steps, default=0) > 1.2 * MAX_STEPS or probing > 1.2 * (MAX_PROBING + MAX_STEPS):
            raise Broken(f"{max(steps, default=0)} steps of a unit, {probing} of probes")
        cold = Engine().update(URI, version, text)
        if cold.errors:
            raise Broken(cold.errors[0])
        told, fresh = fields(warm), fields(cold)
        for name in fresh:
            if told[name] != fresh[name]:
                raise Broken(f"{name}: {told[name]!r:.1500}\n  but cold: {fresh[name]!r:.1500}")
    return engine
