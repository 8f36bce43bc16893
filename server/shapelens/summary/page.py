"""One page that needs nothing else: the table and the graph of models, for a browser and for an editor's web view."""

from __future__ import annotations

import html
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from importlib.resources import files
from string import Template
from typing import Any


def page(records: Sequence[Mapping[str, Any]]) -> str:
    """The page for one model, or for several to choose from.

    In a web view a click posts ``{command: "reveal", uri, line, column}``; elsewhere the place is shown.
    """
    title = ", ".join(str(record["name"]) for record in records) or "no model"
    data = json.dumps(list(records), ensure_ascii=False).replace("<", "\\u003c")
    return Template(_asset("page.html")).substitute(
        title=html.escape(title),
        nonce=secrets.token_urlsafe(16),
        style=_asset("page.css"),
        data=data,
        dagre=re.sub(r"//# sourceMappingURL=.*", "", _asset("dagre.min.js")).replace("</script", "<\\/script"),
        script=_asset("page.js"),
    )


def _asset(name: str) -> str:
    return (files(__package__) / "assets" / name).read_text(encoding="utf-8")
