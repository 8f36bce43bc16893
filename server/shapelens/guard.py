"""Mistakes of ours cost one answer, not the session: they are logged, and the user is not nagged."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

log = logging.getLogger(__name__)


def guarded(function: F) -> F:
    """A handler of a notification that logs what goes wrong."""

    @wraps(function)
    def call(*args: Any) -> Any:
        try:
            return function(*args)
        except Exception:
            log.exception("%s failed", function.__qualname__)
            return None

    return call  # type: ignore[return-value]


def answers(otherwise: Callable[[], Any]) -> Callable[[Callable[..., Awaitable[T]]], Callable[..., Awaitable[T]]]:
    """A handler of a request that answers ``otherwise()`` where it fails."""

    def decorate(function: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
        @wraps(function)
        async def call(*args: Any) -> T:
            try:
                return await function(*args)
            except Exception:
                log.exception("%s failed", function.__qualname__)
                return otherwise()

        return call

    return decorate
