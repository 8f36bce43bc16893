"""How JupyterLab finds the server: the entry point ``jupyter_lsp_spec_v1`` of the package names ``spec``."""

from __future__ import annotations

import sys
from typing import Any


def spec(manager: Any) -> dict[str, dict[str, Any]]:
    """What jupyter-lsp starts, and for which languages."""
    return {
        "shapelens": {
            "version": 2,
            "argv": [sys.executable, "-m", "shapelens", "server"],
            "languages": ["python"],
            "mime_types": ["text/x-python", "text/x-ipython"],
            "display_name": "Shapelens",
        }
    }
