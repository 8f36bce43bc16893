"""Quick fixes: repairs that the engine has tried, as code actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from .. import to_lsp
from ..guard import answers

if TYPE_CHECKING:
    from ..server import Server
    from ..session import Session

QUICKFIX = types.CodeActionKind.QuickFix


def register(server: Server, session: Session) -> None:
    """Offer repairs, to clients that take them as edits."""
    client = session.client
    if not client.actions:
        return

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[QUICKFIX]))
    @answers(list)
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        only = params.context.only
        if only is not None and not any(str(getattr(kind, "value", kind)) in ("", "quickfix") for kind in only):
            return []
        uri = params.text_document.uri
        document = session.documents.get(uri)
        if document is None:
            return []
        text, version = document.text, document.version
        first = text.from_client(params.range.start, client.encoding)
        last = text.from_client(params.range.end, client.encoding)
        document = await session.settled(uri)
        analysed = document.analysed if document is not None else None
        if analysed is None or analysed.text.source != text.source:
            return []
        found: list[types.CodeAction] = []
        for number, finding in enumerate(analysed.snapshot.findings):
            if session.options(uri).rules.get(finding.code) == "ignore":
                continue
            if not to_lsp.overlap(finding.span, first, last):
                continue
            if number not in analysed.fixes:
                analysed.fixes[number] = await session.fixes(uri, analysed, number)
            range = text.range(finding.span, client.encoding)
            about = [d for d in params.context.diagnostics if d.range == range and d.code == finding.code]
            for fix in analysed.fixes[number]:
                edits = to_lsp.text_edits(fix.edits, text, client.encoding)
                found.append(_action(fix, _workspace_edit(uri, version, edits, client.versioned_edits), about, client))
        return found


def _action(fix: Any, edit: types.WorkspaceEdit, about: list[types.Diagnostic], client: Any) -> types.CodeAction:
    return types.CodeAction(
        title=fix.title,
        kind=QUICKFIX,
        diagnostics=about or None,
        is_preferred=(fix.preferred or None) if client.preferred else None,
        edit=edit,
    )


def _workspace_edit(uri: str, version: int | None, edits: list[types.TextEdit], versioned: bool) -> types.WorkspaceEdit:
    """The edits, tied to the version that they are for where the client can check it."""
    if not versioned:
        return types.WorkspaceEdit(changes={uri: edits})
    document = types.OptionalVersionedTextDocumentIdentifier(uri, version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(edits))])
