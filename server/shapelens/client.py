"""What the editor at the other end can do, read once from its ``initialize`` request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder, get_capability


@dataclass(frozen=True)
class Client:
    """The client's abilities that change what we answer."""

    name: str = "unknown client"
    encoding: str = "utf-16"
    pull: bool = False
    diagnostic_refresh: bool = False
    related: bool = False
    links: bool = False
    fades: bool = False
    markdown: bool = False
    hints: bool = False
    hint_refresh: bool = False
    hint_details: frozenset[str] = frozenset()  # what of a hint it asks for later: "tooltip", "label.location"
    actions: bool = False
    preferred: bool = False
    versioned_edits: bool = False
    shows_documents: bool = False
    configuration: bool = False
    configuration_dynamic: bool = False
    watches_files: bool = False
    shows_versions: bool = False
    lenses: bool = False
    shows_summaries: bool = False

    @property
    def draws_problems(self) -> bool:
        """Whether diagnostics stand beside a hover anyway: VS Code, what is built from it, and Emacs' eldoc with eglot."""
        return any(word in self.name.lower() for word in ("code", "codium", "cursor", "windsurf", "eglot"))

    @classmethod
    def of(cls, params: types.InitializeParams) -> Client:
        """The client that sent this request."""

        def can(what: str) -> bool:
            return bool(get_capability(params.capabilities, what, False))

        formats = get_capability(params.capabilities, "text_document.hover.content_format", None) or ()
        known = [f for f in formats if f in (types.MarkupKind.Markdown, types.MarkupKind.PlainText)]
        info = params.client_info
        tags = get_capability(params.capabilities, "text_document.publish_diagnostics.tag_support.value_set", None)
        tags = tags or get_capability(params.capabilities, "text_document.diagnostic.tag_support.value_set", None)
        return cls(
            name=" ".join(filter(None, (info.name, info.version))) if info else cls.name,
            encoding=types.PositionEncodingKind(
                ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
            ).value,
            pull=get_capability(params.capabilities, "text_document.diagnostic", None) is not None,
            diagnostic_refresh=can("workspace.diagnostics.refresh_support"),
            related=can("text_document.publish_diagnostics.related_information")
            or can("text_document.diagnostic.related_information"),
            links=can("text_document.publish_diagnostics.code_description_support")
            or can("text_document.diagnostic.code_description_support"),
            fades=types.DiagnosticTag.Unnecessary in (tags or ()),
            markdown=bool(known) and known[0] == types.MarkupKind.Markdown,
            hints=get_capability(params.capabilities, "text_document.inlay_hint", None) is not None,
            hint_refresh=can("workspace.inlay_hint.refresh_support"),
            hint_details=frozenset(
                get_capability(params.capabilities, "text_document.inlay_hint.resolve_support.properties", None) or ()
            )
            & {"tooltip", "label.location"},
            actions=get_capability(params.capabilities, "text_document.code_action.code_action_literal_support", None)
            is not None,
            preferred=can("text_document.code_action.is_preferred_support"),
            versioned_edits=can("workspace.workspace_edit.document_changes"),
            shows_documents=can("window.show_document.support"),
            configuration=can("workspace.configuration"),
            configuration_dynamic=can("workspace.did_change_configuration.dynamic_registration"),
            watches_files=can("workspace.did_change_watched_files.dynamic_registration"),
            shows_versions=bool(_inside(params.capabilities.experimental, "shapelens", "versions")),
            lenses=get_capability(params.capabilities, "text_document.code_lens", None) is not None,
            shows_summaries=bool(_inside(params.capabilities.experimental, "shapelens", "showSummary")),
        )


def _inside(value: Any, *names: str) -> Any:
    """What stands below these names in what the protocol leaves open; None if it is not there."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
    return value
