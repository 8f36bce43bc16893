"""Model summaries: a lens over each model with what goes in, comes out and how many parameters it has, and two commands.

``shapelens.summary`` answers with everything that is known of a document's models.  ``shapelens.showSummary`` is what
a lens does: clients that have a panel for it say so (capability ``experimental.shapelens.showSummary``) and handle it
themselves; to the others the server shows a Markdown text.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from ..documents import Place
from ..guard import answers

if TYPE_CHECKING:
    from shape_engine.models import Found, Model

    from ..documents import Analysed
    from ..server import Server
    from ..session import Session

SUMMARY = "shapelens.summary"
SHOW = "shapelens.showSummary"
WIDTH = 100


def register(server: Server, session: Session) -> None:
    """Answer the commands, and offer lenses to clients that draw them."""
    client = session.client

    async def found_in(uri: str, analysed: Analysed) -> list[Found]:
        """The models of a document; those of a notebook that stand in this cell."""
        found = await session.questions.models(uri, analysed)
        if analysed.told is None:
            return found
        index, joined = analysed.told.index, analysed.told.joined
        return [one for one in found if joined.cell(one.span.line)[0] == index]

    async def told(argument: Any) -> dict[str, Any] | None:
        given = _plain(argument)
        document = await session.complete(str(given.get("uri")))
        analysed = document.analysed if document is not None else None
        if document is None or analysed is None:
            return None
        wanted = chosen(await found_in(document.uri, analysed), given, analysed.above)
        described = await session.questions.summaries(document.uri, analysed, wanted)
        return await session.answers.run(lambda: answer(described, analysed)) if described else None

    @server.command(SUMMARY)
    @answers(lambda: None)
    async def summary(*arguments: Any) -> dict[str, Any] | None:
        return await told(arguments[0] if arguments else None)

    if not client.shows_summaries:

        @server.command(SHOW)
        @answers(lambda: None)
        async def show(*arguments: Any) -> dict[str, Any] | None:
            found = await told(arguments[0] if arguments else None)
            if found is None:
                text = "Shapelens knows no model here"
                server.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
                return None
            path = await session.answers.run(lambda: written(_plain(arguments[0]), found["markdown"]))
            if client.shows_documents:
                params = types.ShowDocumentParams(path.as_uri(), external=False, take_focus=True)
                await server.window_show_document_async(params)
            else:
                text = f"{found['title']}\n{path}"
                server.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
            return {"title": found["title"], "markdown": found["markdown"], "path": str(path)}

    if not client.lenses:
        return

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=True))
    @answers(list)
    async def lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        uri = params.text_document.uri
        document = await session.settled(uri)
        analysed = document.analysed if document is not None else None
        if document is None or analysed is None:
            return []
        placed = []
        for one in await found_in(uri, analysed):
            line, column = one.span.line - analysed.above, one.span.column
            span = document.current(Place(line, column, line, column))
            if span is not None:
                data = {"uri": uri, "name": one.name, "line": line}
                placed.append(types.CodeLens(document.text.range(span, client.encoding), data=data))
        return placed

    @server.feature(types.CODE_LENS_RESOLVE)
    async def resolve(lens: types.CodeLens) -> types.CodeLens:
        given = _plain(lens.data)
        lens.command = types.Command(await titled(given) or "model summary", SHOW, arguments=[given])
        return lens

    @answers(str)
    async def titled(given: dict[str, Any]) -> str:
        from ..summary import title

        document = session.documents.get(given.get("uri", ""))
        analysed = document.analysed if document is not None else None
        if analysed is None:
            return ""
        wanted = chosen(await found_in(given["uri"], analysed), given, analysed.above)
        described = await session.questions.summaries(given["uri"], analysed, wanted)
        return title(described[0].summary) if described else ""


def chosen(found: list[Found], given: dict[str, Any], above: int = 0) -> list[Found]:
    """The models that are asked for: all, those at a line, or the last of a name (that of the line, if it is there).

    ``above`` lines stand above the document in the text that the engine knows.
    """
    name, line = given.get("name"), given.get("line")
    here = [one for one in found if line is None or one.span.line == line + above]
    if name is None:
        return here
    return ([one for one in here if one.name == name] or [one for one in found if one.name == name])[-1:]


def answer(described: list[Model], analysed: Analysed) -> dict[str, Any]:
    """What the command answers: a title, the page, a Markdown text, and the data of each model."""
    from ..summary import record
    from ..summary.page import page

    def home(place: Any) -> Any:
        inside = analysed.told is not None and place.uri == described[0].uri
        return analysed.told.joined.place(place) if inside and analysed.told is not None else place

    records = [record(model, WIDTH, home) for model in described]
    return {
        "title": ", ".join(one["name"] for one in records),
        "html": page(records),
        "markdown": "\n".join(f"# {one['name']}\n\n{one['title']}\n\n```text\n{one['table']}```\n" for one in records),
        "models": records,
    }


def written(given: dict[str, Any], markdown: str) -> Path:
    """The file in our cache that holds a summary, for editors that show files only."""
    from platformdirs import user_cache_path

    uri = str(given.get("uri"))
    label = re.sub(r"\W+", "-", f"{Path(uri).stem}-{given.get('name') or 'models'}")
    folder = user_cache_path("shapelens") / "summaries" / hashlib.sha256(uri.encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{label}.md"
    path.write_text(markdown, encoding="utf-8")
    return path


def _plain(given: Any) -> dict[str, Any]:
    """The argument of a command as a dict, however the protocol's library read it."""
    if isinstance(given, dict):
        return given
    fields = getattr(given, "_asdict", None)
    if fields is not None:
        return dict(fields())
    return dict(vars(given)) if hasattr(given, "__dict__") else {}
