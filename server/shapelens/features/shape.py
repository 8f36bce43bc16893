"""The bare shape at a place, for a command that copies it: a request of ours beside the protocol's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from ..guard import answers

if TYPE_CHECKING:
    from ..server import Server
    from ..session import Session

REQUEST = "shapelens/shape"


def register(server: Server, session: Session) -> None:
    """Answer with the text, or null; the parameters are those of a hover."""

    @server.feature(REQUEST)
    @answers(lambda: None)
    async def shape(params: Any) -> str | None:
        uri = params.textDocument.uri
        document = session.documents.get(uri)
        if document is None:
            return None
        text = document.text
        position = types.Position(params.position.line, params.position.character)
        line, column = text.from_client(position, session.client.encoding)
        document = await session.settled(uri)
        analysed = document.analysed if document is not None else None
        if analysed is None or analysed.text.source != text.source:
            return None  # the position is one of a text that is gone

        def word() -> str | None:
            from shape_engine import render

            seen = analysed.snapshot.at(line, column)
            tensor = seen.tensor if seen is not None else None
            return render.shape(tensor.shape) if tensor is not None else None

        return await session.answers.run(word)
