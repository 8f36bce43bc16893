"""What features ask of the engine about a result that they hold, answered in the engine's thread."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from .documents import Analysed
from .projects import Project
from .schedule import Worker

if TYPE_CHECKING:
    from shape_engine import Engine, Fix
    from shape_engine.models import Found, Model

T = TypeVar("T")


class Questions:
    """Questions to the engine of a document's project; ``program`` gives both, and the URI that the engine knows."""

    def __init__(self, worker: Worker, program: Callable[[str], tuple[str, Project | None]]):
        self._worker = worker
        self._program = program

    def fixes(self, uri: str, analysed: Analysed, number: int) -> Coroutine[Any, Any, list[Fix]]:
        """The repairs of a finding of a result, each tried by the engine."""
        finding = analysed.finding(number)
        return self._fixes(uri, analysed, lambda engine, program: engine.fixes(program, finding))

    def ignoring(self, uri: str, analysed: Analysed, number: int) -> Coroutine[Any, Any, list[Fix]]:
        """The comment that ignores a finding of a result, if there is a place for it."""
        finding = analysed.finding(number)
        return self._fixes(uri, analysed, lambda engine, program: filter(None, [engine.ignoring(program, finding)]))

    def stating(self, uri: str, analysed: Analysed, line: int, column: int) -> Coroutine[Any, Any, list[Fix]]:
        """The comments that state the shape of what is not known at a place."""
        line += analysed.above
        return self._fixes(uri, analysed, lambda engine, program: engine.stating(program, line, column))

    def models(self, uri: str, analysed: Analysed) -> Coroutine[Any, Any, list[Found]]:
        """The models of a document, of which nothing is computed yet; their places are those that the engine knows."""
        return self._ask(uri, analysed, lambda engine, program: engine.models(program))

    def summaries(self, uri: str, analysed: Analysed, found: Iterable[Found]) -> Coroutine[Any, Any, list[Model]]:
        """All that is known of some models of a document."""
        return self._ask(
            uri, analysed, lambda engine, program: filter(None, [engine.summary(program, one) for one in found])
        )

    def _fixes(
        self, uri: str, analysed: Analysed, ask: Callable[[Engine, str], Iterable[Fix]]
    ) -> Coroutine[Any, Any, list[Fix]]:
        """Repairs for a result, at their places in the document."""
        return self._ask(uri, analysed, lambda engine, program: map(analysed.at_home, ask(engine, program)))

    def _ask(
        self, uri: str, analysed: Analysed, ask: Callable[[Engine, str], Iterable[T]]
    ) -> Coroutine[Any, Any, list[T]]:
        """Ask about a result; nothing comes if the engine has gone on, and the result is one of a text that is gone."""
        program, project = self._program(uri)

        def run() -> list[T]:
            engine = project.engine if project is not None else None
            if engine is None or engine.text(program) != analysed.source:
                return []
            return list(ask(engine, program))

        return self._worker.run(run)
