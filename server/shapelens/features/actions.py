"""Code actions: repairs that the engine has tried, and the comments that ignore a finding or state a shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from .. import judging, pages, to_lsp
from ..guard import answers

if TYPE_CHECKING:
    from shape_engine import Fix

    from ..documents import Analysed
    from ..positions import Text
    from ..server import Server
    from ..session import Session

QUICKFIX = types.CodeActionKind.QuickFix
OPEN_PAGE = "shapelens.openPage"
REWRITE = types.CodeActionKind.RefactorRewrite


def register(server: Server, session: Session) -> None:
    """Offer actions, to clients that take them as edits."""
    client = session.client
    if not client.actions:
        return

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[QUICKFIX, REWRITE]))
    @answers(list)
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        fixing, rewriting = (_asked(params.context.only, kind) for kind in (QUICKFIX, REWRITE))
        uri = params.text_document.uri
        document = session.documents.get(uri)
        if document is None or not (fixing or rewriting):
            return []
        text = document.text
        first = text.from_client(params.range.start, client.encoding)
        last = text.from_client(params.range.end, client.encoding)
        document = await session.settled(uri)
        analysed = document.analysed if document is not None else None
        if analysed is None or analysed.text.source != text.source:
            return []
        rules = session.options(uri).rules
        offered: list[types.CodeAction] = []
        shown = params.context.diagnostics
        reported = judging.reported(analysed.snapshot, rules)
        here = [one for one in reported if to_lsp.overlap(one.finding.span, first, last)] if fixing else []
        made = _Maker(uri, analysed, text, session)
        for one in here:
            about = [d for d in shown if d.code == one.finding.code and d.range == made.range(one.finding.span)]
            fixes = await _kept(analysed, one.number, session.questions.fixes(uri, analysed, one.number))
            offered += [made.action(fix, QUICKFIX, about) for fix in fixes]
        for one in here:
            about = [d for d in shown if d.code == one.finding.code and d.range == made.range(one.finding.span)]
            fixes = await _kept(analysed, ("ignore", one.number), session.questions.ignoring(uri, analysed, one.number))
            offered += [made.action(fix, QUICKFIX, about) for fix in fixes]
        if params.context.only is None and client.shows_documents:
            documentation = session.options(uri).documentation
            codes = dict.fromkeys(one.finding.code for one in here)
            offered += [_page(code, page) for code in codes if (page := pages.href(code, documentation)) is not None]
        for idle in judging.unused(analysed.snapshot, rules) if fixing else ():
            if to_lsp.overlap(idle.span, first, last):
                about = [d for d in shown if d.code == idle.code and d.range == made.range(idle.span)]
                offered.append(made.action(judging.without(idle, text.line(idle.span.line)), QUICKFIX, about))
        if rewriting and not here and first == last:
            fixes = await _kept(analysed, first, session.questions.stating(uri, analysed, *first))
            offered += [made.action(fix, REWRITE) for fix in fixes]
        return offered

    @server.command(OPEN_PAGE)
    async def open_page(page: str) -> None:
        if page.startswith(("https:", "http:", "file:")):
            outside = not page.startswith("file:")
            params = types.ShowDocumentParams(page, external=outside or None, take_focus=True)
            await server.window_show_document_async(params)


def _page(code: str, page: str) -> types.CodeAction:
    """Opens the page that explains a kind of problem."""
    title = f"Open the page about {code}"
    return types.CodeAction(
        title, types.CodeActionKind.Empty, command=types.Command(title, OPEN_PAGE, arguments=[page])
    )


class _Maker:
    """Makes the protocol's actions for one text."""

    def __init__(self, uri: str, analysed: Analysed, text: Text, session: Session):
        self._uri, self._analysed, self._text, self._client = uri, analysed, text, session.client
        self._documents = session.documents

    def range(self, span: Any) -> types.Range:
        return self._text.range(span, self._client.encoding)

    def action(self, fix: Fix, kind: types.CodeActionKind, about: Iterable[types.Diagnostic] = ()) -> types.CodeAction:
        edits = {
            uri: (document.version, to_lsp.text_edits(edits, document.text, self._client.encoding))
            for uri, edits in self._analysed.by_document(self._uri, fix.edits).items()
            if (document := self._documents.get(uri)) is not None
        }
        return types.CodeAction(
            title=fix.title,
            kind=kind,
            diagnostics=list(about) or None,
            is_preferred=(fix.preferred or None) if self._client.preferred else None,
            edit=_workspace_edit(edits, self._client.versioned_edits),
        )


async def _kept(analysed: Analysed, key: Any, asking: Any) -> list[Fix]:
    """What was asked for one result before is not asked for again."""
    if key in analysed.fixes:
        asking.close()
    else:
        analysed.fixes[key] = await asking
    return analysed.fixes[key]


def _asked(only: Iterable[Any] | None, kind: types.CodeActionKind) -> bool:
    """Whether the client wants this kind: it is named, or a kind that it belongs to is."""
    return only is None or any(f"{kind.value}.".startswith(f"{prefix}.") or not prefix for prefix in _names(only))


def _names(kinds: Iterable[Any]) -> Iterator[str]:
    for kind in kinds:
        yield str(getattr(kind, "value", kind))


def _workspace_edit(
    edits: Mapping[str, tuple[int | None, list[types.TextEdit]]], versioned: bool
) -> types.WorkspaceEdit:
    """The edits of each document, tied to the version that they are for where the client can check it."""
    if not versioned:
        return types.WorkspaceEdit(changes={uri: own for uri, (_, own) in edits.items()})
    changes = [
        types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, version), list(own))
        for uri, (version, own) in edits.items()
    ]
    return types.WorkspaceEdit(document_changes=list(changes))
