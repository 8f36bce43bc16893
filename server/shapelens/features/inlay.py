"""Inlay hints: shapes behind names, inner calls, layers of a list and what is returned."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from ..guard import answers
from ..positions import SpanLike, Text
from ..projects import path_of
from ..to_lsp import TextOf, excluded
from .diagnostics import Once
from .hover import markup

if TYPE_CHECKING:
    from shape_engine.render import Hint

    from ..client import Client
    from ..documents import Analysed, Document
    from ..server import Server
    from ..session import Session
    from ..settings import InlayHints

AT_ONCE = 0.05  # seconds that an answer may wait for a newer result, if the client can be told later
IN_TIME = 1.0  # the same for clients that cannot


def register(server: Server, session: Session) -> None:
    """Answer requests for hints at once, and tell the client when there are newer ones."""
    client = session.client
    if not client.hints:
        return

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT, types.InlayHintOptions(resolve_provider=bool(client.hint_details)))
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
        if not options.inlay_hints.enabled or excluded(path_of(uri), session.root(uri), options):
            return []
        return await session.answers.run(_job(document, params.range, options.inlay_hints, client))

    def text_of(uri: str) -> Text | None:
        document = session.documents.get(uri)
        return document.text if document is not None else None

    if client.hint_details:

        @server.feature(types.INLAY_HINT_RESOLVE)
        async def details(hint: types.InlayHint) -> types.InlayHint:
            data: Any = hint.data
            document = session.documents.get(data["uri"]) if isinstance(data, dict) else None
            analysed = document.analysed if document is not None and document.fresh else None
            if document is None or analysed is None or analysed.edition != data["edition"]:
                return hint  # it is one of a text that is gone
            return await session.answers.run(lambda: _resolved(hint, analysed, client, text_of))

    if client.hint_refresh:
        refresh = Once(session, lambda: server.workspace_inlay_hint_refresh_async(None))

        def told(document: Document, unasked: bool) -> None:
            if document.hinted and (unasked or document.behind):
                document.behind = False
                refresh.soon()

        session.listeners.append(told)


def _job(
    document: Document, range: types.Range, options: InlayHints, client: Client
) -> Callable[[], list[types.InlayHint]]:
    """What to do in another thread: it gets nothing that changes meanwhile."""
    analysed, text, encoding = document.analysed, document.text, client.encoding
    frozen = replace(document, edits=list(document.edits))
    first = text.from_client(range.start, encoding)
    last = text.from_client(range.end, encoding)

    def work() -> list[types.InlayHint]:
        assert analysed is not None
        drift = sum(abs(edit.new_end[0] - edit.end[0]) for edit in frozen.edits)
        shown = []
        for hint in _wanted(analysed, options, first[0] - drift, last[0] + drift):
            span = frozen.current(hint.span)
            if span is not None and first <= (span.end_line, span.end_column) <= last:
                shown.append((span, hint))
        shown.sort(key=lambda pair: (pair[0].end_line, pair[0].end_column))
        drawing = _Drawing(text, options, client, document.uri, analysed.edition)
        return list(drawing.hints(shown))

    return work


def _wanted(analysed: Analysed, options: InlayHints, first: int, last: int) -> Iterator[Hint]:
    from shape_engine import render

    text = analysed.text
    for hint in render.hints(analysed.snapshot, first, last, text.line, text.count):
        if getattr(options, hint.kind):
            yield hint


class _Drawing:
    """Draws the hints of one text for one client."""

    def __init__(self, text: Text, options: InlayHints, client: Client, uri: str, edition: int):
        self.text, self.options, self.client = text, options, client
        self.uri, self.edition = uri, edition

    def hints(self, shown: list[tuple[SpanLike, Hint]]) -> Iterator[types.InlayHint]:
        """One for each value, or one for each line."""
        encoding = self.client.encoding
        if self.options.placement == "endOfLine":
            lines: dict[int, list[Hint]] = {}
            for span, hint in shown:
                lines.setdefault(span.end_line, []).append(hint)
            for line, group in lines.items():
                yield self._hint(self.text.to_client(line, len(self.text.line(line)), encoding), group, group)
            return
        for span, hint in shown:
            yield self._hint(self.text.to_client(span.end_line, span.end_column, encoding), [hint], [])

    def _hint(self, position: types.Position, group: list[Hint], named: list[Hint]) -> types.InlayHint:
        pieces: list[tuple[str, int | None]] = []  # texts, and the axis that one is the length of
        for hint in group:
            if len(named) > 1:
                pieces.append((f"{', ' if pieces else ''}{hint.name}: ", None))
            elif hint.after_name and not named:
                pieces.append((": ", None))
            pieces += _pieces(hint)
        pieces = _shortened(pieces, self.options.max_length)
        alone = len(group) == 1
        label: str | list[types.InlayHintLabelPart] = "".join(text for text, _ in pieces)
        data: Any = None
        if alone and self.client.hint_details:
            hint, axes = group[0], []
            if "label.location" in self.client.hint_details:
                label = [types.InlayHintLabelPart(text) for text, _ in pieces]
                axes = [axis for _, axis in pieces]
            span = hint.seen.span
            data = {"uri": self.uri, "edition": self.edition, "axes": axes, "kind": hint.kind}
            data["place"] = [span.line, span.column, span.end_line, span.end_column]
        tooltip = None if data else "\n".join(f"{hint.name}: {_whole(hint)}" for hint in group)
        return types.InlayHint(
            position,
            label,
            types.InlayHintKind.Parameter if group[0].kind == "parameters" else types.InlayHintKind.Type,
            tooltip=tooltip,
            padding_left=None if group[0].after_name and not named else True,
            data=data,
        )


def _resolved(given: types.InlayHint, analysed: Analysed, client: Client, text_of: TextOf) -> types.InlayHint:
    """The hint with the reason as its tooltip, and with the place where each length comes from."""
    from shape_engine import render

    data: Any = given.data
    line, column, end_line, end_column = data["place"]
    for hint in render.hints(analysed.snapshot, line, line, analysed.text.line, analysed.text.count):
        span = hint.seen.span
        if (*span, hint.kind) != (line, column, end_line, end_column, data["kind"]):
            continue
        words = "\n".join(render.reason(analysed.snapshot, hint.seen, hint.tensor))
        given.tooltip = markup(words, client.markdown)
        if isinstance(given.label, (list, tuple)):
            for piece, axis in zip(given.label, data["axes"], strict=False):
                place = render.origin(analysed.snapshot, hint.tensor, axis) if axis is not None else None
                text = text_of(place.uri) if place is not None else None
                if place is not None and text is not None:
                    piece.location = types.Location(place.uri, text.range(place.span, client.encoding))
        break
    return given


def _pieces(hint: Hint) -> Iterator[tuple[str, int | None]]:
    """The label cut at its lengths."""
    yield "(", None
    for axis, part in enumerate(hint.parts):
        if axis:
            yield ", ", None
        yield part, axis
    yield ",)" if len(hint.parts) == 1 else ")", None


def _shortened(pieces: list[tuple[str, int | None]], most: int) -> list[tuple[str, int | None]]:
    """As many of the texts as fit, with a mark where some are left out."""
    if not 0 < most < sum(len(text) for text, _ in pieces):
        return pieces
    kept, room = [], most - 1
    for text, axis in pieces:
        if len(text) > room:
            kept.append((text[:room] + "…", axis))
            break
        kept.append((text, axis))
        room -= len(text)
    return kept


def _whole(hint: Hint) -> str:
    from shape_engine import render

    return f"{render.shape(hint.tensor)}  {hint.tensor.dtype or ''}".rstrip()
