"""Inlay hints: shapes beside the names that are assigned, and beside calls where that is wanted."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from ..guard import answers
from ..positions import SpanLike, Text
from ..projects import path_of
from ..to_lsp import excluded
from .diagnostics import Once

if TYPE_CHECKING:
    from shape_engine import Observation

    from ..documents import Analysed, Document
    from ..server import Server
    from ..session import Session
    from ..settings import InlayHints

AT_ONCE = 0.05  # seconds that an answer may wait for a newer result, if the client can be told later
IN_TIME = 1.0  # the same for clients that cannot
STATEMENT = 24  # lines of a statement that are searched for the shape's literal


@dataclass(frozen=True)
class _Hint:
    """A shape and where it belongs, in the newest text."""

    span: SpanLike
    name: str
    label: str
    dtype: str
    is_call: bool


def register(server: Server, session: Session) -> None:
    """Answer requests for hints at once, and tell the client when there are newer ones."""
    client = session.client
    if not client.hints:
        return

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    @answers(list)
    async def hints(params: types.InlayHintParams) -> list[types.InlayHint]:
        uri = params.text_document.uri
        document = session.documents.get(uri)
        if document is None or not document.is_python:
            return []
        if document.analysed is None:
            await session.settled(uri)
        elif not document.fresh:
            with suppress(asyncio.TimeoutError):  # then the last result, moved along, is better than nothing
                await asyncio.wait_for(session.settled(uri), AT_ONCE if client.hint_refresh else IN_TIME)
        document = session.documents.get(uri)
        if document is None or document.analysed is None:
            return []
        document.hinted, document.behind = True, not document.fresh
        options = session.options(uri)
        if not options.inlay_hints.enabled or excluded(path_of(uri), session.root(uri), options.exclude):
            return []
        return await session.answers.run(_job(document, params.range, options.inlay_hints, client.encoding))

    if client.hint_refresh:
        refresh = Once(session, lambda: server.workspace_inlay_hint_refresh_async(None))

        def told(document: Document, unasked: bool) -> None:
            if document.hinted and (unasked or document.behind):
                document.behind = False
                refresh.soon()

        session.listeners.append(told)


def _job(
    document: Document, range: types.Range, options: InlayHints, encoding: str
) -> Callable[[], list[types.InlayHint]]:
    """What to do in another thread: it gets nothing that changes meanwhile."""
    analysed, text = document.analysed, document.text
    frozen = replace(document, edits=list(document.edits))
    first = text.from_client(range.start, encoding)
    last = text.from_client(range.end, encoding)

    def work() -> list[types.InlayHint]:
        assert analysed is not None
        snapshot = analysed.snapshot
        drift = sum(abs(edit.new_end[0] - edit.end[0]) for edit in frozen.edits)
        near = snapshot.between(first[0] - drift, last[0] + drift)
        found = list(_wanted(near, frozen, analysed, options))
        shown = [hint for hint in found if first <= (hint.span.end_line, hint.span.end_column) <= last]
        return list(_drawn(shown, text, options, encoding))

    return work


def _wanted(near: Any, document: Document, analysed: Analysed, options: InlayHints) -> Iterator[_Hint]:
    from shape_engine import render

    text = analysed.text
    named: set[tuple[int, str]] = set()
    for seen in sorted(near, key=lambda seen: not seen.target):
        if not (options.variables if seen.target else options.calls and _is_call(seen)):
            continue
        label = render.hint(*_at_home(seen, text)) if analysed.snapshot.is_reached(seen) else None
        span = document.current(seen.span) if label else None
        if label is None or span is None:
            continue
        if seen.target:
            named.add((seen.span.line, label))
        elif (seen.span.line, label) in named:
            continue  # the name on this line says it already
        dtype = seen.tensor.dtype if seen.tensor is not None else None
        yield _Hint(span, " ".join(seen.text.split()), label, dtype or "", not seen.target)


def _drawn(hints: list[_Hint], text: Text, options: InlayHints, encoding: str) -> Iterator[types.InlayHint]:
    hints.sort(key=lambda hint: (hint.span.end_line, hint.span.end_column))
    if options.placement == "endOfLine":
        lines: dict[int, list[_Hint]] = {}
        for hint in hints:
            lines.setdefault(hint.span.end_line, []).append(hint)
        for line, group in lines.items():
            labels = [h.label if len(group) == 1 else f"{h.name}: {h.label}" for h in group]
            yield _hint(text.to_client(line, len(text.line(line)), encoding), ", ".join(labels), group, options, True)
        return
    for hint in hints:
        position = text.to_client(hint.span.end_line, hint.span.end_column, encoding)
        yield _hint(position, hint.label if hint.is_call else f": {hint.label}", [hint], options, hint.is_call)


def _hint(
    position: types.Position, label: str, group: list[_Hint], options: InlayHints, apart: bool
) -> types.InlayHint:
    if 0 < options.max_length < len(label):
        label = label[: options.max_length - 1] + "…"
    tooltip = "\n".join(f"{hint.name}: {hint.label}  {hint.dtype}".rstrip() for hint in group)
    return types.InlayHint(position, label, types.InlayHintKind.Type, tooltip=tooltip, padding_left=apart or None)


def _at_home(seen: Observation, text: Text) -> tuple[Observation, str]:
    """The observation in a text of its own statement only, so that searching it does not cost the whole text."""
    line = seen.span.line
    source = "\n".join(text.line(number) for number in range(line, min(line + STATEMENT, text.count) + 1))
    return replace(seen, span=seen.span.moved(1 - line)), source


def _is_call(seen: Observation) -> bool:
    if not seen.text.endswith(")"):
        return False
    try:
        return isinstance(ast.parse(seen.text, mode="eval").body, ast.Call)
    except (SyntaxError, ValueError, RecursionError):
        return False
