"""What stands for the content of files, where results are remembered."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def digest(path: str | Path, data: bytes | None = None) -> str:
    """What stands for the content of a file; "folder" for a folder, "" for what cannot be read."""
    if data is None:
        try:
            with open(path, "rb") as file:
                data = file.read()
        except IsADirectoryError:
            return "folder"
        except OSError:
            return "folder" if os.path.isdir(path) else ""
    return hashlib.blake2b(data, digest_size=12).hexdigest()
