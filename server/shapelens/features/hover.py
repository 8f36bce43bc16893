"""Hover: the card of the value or the problem under the mouse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from ..guard import answers
from ..to_lsp import overlap

if TYPE_CHECKING:
    from ..server import Server
    from ..session import Session


def register(server: Server, session: Session) -> None:
    """Answer hovers."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    @answers(lambda: None)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        client, uri = session.client, params.text_document.uri
        document = session.documents.get(uri)
        if document is None:
            return None
        text = document.text
        place = line, column = text.from_client(params.position, client.encoding)
        document = await session.settled(uri)
        analysed = document.analysed if document is not None else None
        if analysed is None or analysed.text.source != text.source:
            return None  # the position is one of a text that is gone
        snapshot = analysed.snapshot

        def word() -> tuple[object, str] | None:
            from shape_engine import render

            card = render.card(snapshot, line, column)
            if card is None:
                return None
            told = client.draws_problems and any(overlap(finding.span, place, place) for finding in snapshot.findings)
            words = "\n".join(card.lines) if told else card.text
            return (card.span, words) if words.strip() else None

        found = await session.answers.run(word)
        if found is None:
            return None
        span, words = found
        return types.Hover(markup(words, client.markdown), text.range(span, client.encoding))  # type: ignore[arg-type]


def markup(words: str, markdown: bool) -> types.MarkupContent:
    """Plain text with aligned columns: fenced for clients that draw markdown (a table shows as raw pipes in some)."""
    if not markdown:
        return types.MarkupContent(types.MarkupKind.PlainText, words)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", words)), default=0))
    return types.MarkupContent(types.MarkupKind.Markdown, f"{fence}text\n{words}\n{fence}")
