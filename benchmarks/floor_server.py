"""The least that a pygls server can do: it publishes no diagnostics for every change.  A floor to compare with."""

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("floor", "0", text_document_sync_kind=types.TextDocumentSyncKind.Incremental)


def publish(uri: str, version: int | None) -> None:
    """An empty list of diagnostics."""
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, [], version))


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
def opened(params: types.DidOpenTextDocumentParams) -> None:
    publish(params.text_document.uri, params.text_document.version)


@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
def changed(params: types.DidChangeTextDocumentParams) -> None:
    publish(params.text_document.uri, params.text_document.version)


if __name__ == "__main__":
    server.start_io()
