"""A folder of the user's that exists in memory only."""

from __future__ import annotations

from shape_engine.snapshot import PENDING, Located

ROOT = "file:///project/"


class Files:
    """Modules by path ("blocks", "package/__init__", "package/deep"); what is edited in them is up to the test."""

    def __init__(self, texts: dict[str, str] | None = None, **more: str):
        self.texts = {**(texts or {}), **more}
        self.pending: set[str] = set()

    def uri(self, path: str) -> str:
        return f"{ROOT}{path}.py"

    def path(self, uri: str) -> str:
        return uri.removeprefix(ROOT).removesuffix(".py")

    def locate(self, module: str, importer: str, level: int) -> Located | None:
        if level:
            folders = self.path(importer).split("/")[:-level]
            module = ".".join([*folders, *([module] if module else [])])
        if module in self.pending:
            return PENDING
        path = module.replace(".", "/")
        if f"{path}/__init__" in self.texts:
            return Located(module, self.uri(f"{path}/__init__"), package=True)
        return Located(module, self.uri(path)) if path in self.texts else None

    def read(self, uri: str) -> str | None:
        return self.texts.get(self.path(uri))

    def shadows(self, importer: str, name: str) -> bool:
        return name in self.texts
