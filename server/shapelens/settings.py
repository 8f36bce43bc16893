"""What users can set, and where it comes from: the editor, else ``[tool.shapelens]`` of the nearest
``pyproject.toml`` (or ``shapelens.toml``), else the defaults.

Names are told in camelCase by editors and in kebab-case by files; both are read everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

FILES = ("shapelens.toml", "pyproject.toml")
LARGEST = 1_000_000  # bytes; no larger file is taken for a configuration
SEVERITIES = ("ignore", "hint", "info", "warn", "error")
PLACEMENTS = ("afterName", "endOfLine")
MODES = ("off", "openFilesOnly", "workspace")
BACKENDS = ("tensorflow", "jax", "torch", "numpy")
FRAMEWORKS = ("keras", "tf_keras", "tensorflow", "torch", "numpy")
LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class InlayHints:
    """Which shapes are drawn into the text.  ``max_length`` 0 means as long as they are."""

    enabled: bool = True
    variables: bool = True
    parameters: bool = True
    calls: bool = True
    layers: bool = True
    returns: bool = True
    placement: str = field(default="afterName", metadata={"one of": PLACEMENTS})
    max_length: int = 43


@dataclass(frozen=True)
class Options:
    """Everything that can be set.  ``versions`` and ``rules`` map framework and problem names."""

    diagnostic_mode: str = field(default="openFilesOnly", metadata={"one of": MODES})
    inlay_hints: InlayHints = InlayHints()
    rules: Mapping[str, str] = field(default_factory=dict, metadata={"one of": SEVERITIES})
    interpreter: str = ""
    backend: str = field(default="", metadata={"one of": ("", *BACKENDS)})
    legacy_keras: bool | None = None
    versions: Mapping[str, str] = field(default_factory=dict, metadata={"keys": FRAMEWORKS})
    show_syntax_errors: bool = False
    documentation: str = ""
    log_level: str = field(default="", metadata={"one of": ("", *LEVELS)})
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Complaint:
    """A setting that cannot be used: which (path of keys as written), and why."""

    keys: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class ConfigFile:
    """A configuration file as it was when it was read."""

    path: Path
    stamp: tuple[int, int]
    values: Mapping[str, Any]
    complaints: tuple[Complaint, ...] = ()
    source: str = ""


def merge(options: Options, given: Any) -> tuple[Options, tuple[Complaint, ...]]:
    """The options with what is given in place of what they say, and what of it makes no sense.

    >>> options, complaints = merge(Options(), {"inlay-hints": {"maxLength": 20, "colour": "red"}})
    >>> options.inlay_hints.max_length, [c.text for c in complaints]
    (20, ["unknown setting 'inlay-hints.colour'"])
    """
    complaints: list[Complaint] = []
    result = _merge(options, given, (), complaints)
    return result, tuple(complaints)


def from_editor(value: Any) -> dict[str, Any]:
    """The settings in what an editor sends: bare, under "shapelens" (or "settings"), or with dotted names."""
    while isinstance(value, Mapping):
        inner = value.get("shapelens", value.get("settings") if set(value) == {"settings"} else None)
        if not isinstance(inner, Mapping):
            break
        value = inner
    if not isinstance(value, Mapping):
        return {}
    nested: dict[str, Any] = {}
    for name, item in value.items():
        *parents, last = str(name).removeprefix("shapelens.").split(".")
        place = nested
        for parent in parents:
            below = place.setdefault(parent, {})
            place = below if isinstance(below, dict) else place
        place[last] = item
    return nested


def nearest(start: Path) -> Path | None:
    """The configuration file that speaks for a folder: of it, or of the first folder above that has one.

    A ``pyproject.toml`` without ``[tool.shapelens]`` does not count.  JupyterLab keeps its documents in
    a folder ``.virtual_documents`` of their own; they belong to the folder above it.
    """
    for folder in (start, *start.parents):
        if folder.name == ".virtual_documents":
            continue
        for name in FILES:
            path = folder / name
            try:
                if (
                    path.is_file()
                    and path.stat().st_size <= LARGEST
                    and (name != "pyproject.toml" or _speaks_of_us(path))
                ):
                    return path
            except OSError:
                continue
    return None


def read(path: Path) -> ConfigFile | None:
    """What a configuration file says; None if it cannot be read."""
    try:
        status = path.stat()
        if status.st_size > LARGEST:
            return None
        source = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    stamp = (status.st_mtime_ns, status.st_size)
    try:
        values = _toml(source)
    except ValueError as error:
        return ConfigFile(path, stamp, {}, (Complaint((), f"not valid TOML: {error}"),), source)
    if path.name == "pyproject.toml":
        tool = values.get("tool")
        values = tool.get("shapelens", {}) if isinstance(tool, Mapping) else {}
    _, complaints = merge(Options(), values)
    return ConfigFile(path, stamp, values if isinstance(values, Mapping) else {}, complaints, source)


def changed(config: ConfigFile) -> bool:
    """Whether the file is another one than when it was read."""
    try:
        status = config.path.stat()
    except OSError:
        return True
    return (status.st_mtime_ns, status.st_size) != config.stamp


def line_of(config: ConfigFile, complaint: Complaint) -> int:
    """The line (from 1) that a complaint is about, as near as it can be told without a TOML parser."""
    lines = re.split(r"\r\n|\r|\n", config.source)
    if found := re.search(r"\(at line (\d+)", complaint.text):
        return min(int(found[1]), len(lines))
    inside, best = config.path.name != "pyproject.toml", 1
    for number, line in enumerate(lines, 1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            name = header[1].replace('"', "").replace(" ", "")
            inside = config.path.name != "pyproject.toml" or (name + ".").startswith("tool.shapelens.")
            if inside and best == 1:
                best = number
            if inside and complaint.keys and name.split(".")[-len(complaint.keys) :] == list(complaint.keys):
                return number
        elif inside and complaint.keys and re.match(rf"\s*[\w.\"-]*?\b{re.escape(complaint.keys[-1])}\b\"?\s*=", line):
            return number
    return best


def _merge(options: Any, given: Any, path: tuple[str, ...], complaints: list[Complaint]) -> Any:
    if given is None:
        return options
    if not isinstance(given, Mapping):
        complaints.append(Complaint(path, f"'{'.'.join(path) or 'shapelens'}' must be a table of settings"))
        return options
    known = {_plain(item.name): item for item in fields(options)}
    changes: dict[str, Any] = {}
    for key, value in given.items():
        here = (*path, str(key))
        item = known.get(_plain(str(key)))
        if item is None:
            complaints.append(Complaint(here, f"unknown setting '{'.'.join(here)}'"))
            continue
        if value is None:
            continue
        old = changes.get(item.name, getattr(options, item.name))
        if is_dataclass(old):
            changes[item.name] = _merge(old, value, here, complaints)
        elif wrong := "; ".join(_wrong(item.name, item.metadata, value)):
            complaints.append(Complaint(here, f"'{'.'.join(here)}' {wrong}"))
        elif isinstance(value, Mapping):
            changes[item.name] = {**old, **value}
        elif isinstance(value, list):
            changes[item.name] = tuple(value)
        else:
            changes[item.name] = value
    return replace(options, **changes)


def _wrong(name: str, rules: Mapping[str, Any], value: Any) -> Iterator[str]:
    """Why a value is none for a setting."""
    choices = rules.get("one of")
    if name in ("rules", "versions"):
        if not isinstance(value, Mapping):
            yield "must be a table"
            return
        for key, item in value.items():
            if not isinstance(item, str):
                yield f"must have a text for '{key}'"
            elif choices and item not in choices:
                yield f"must have one of {', '.join(choices)} for '{key}'"
            elif name == "versions" and not re.fullmatch(r"\d+(\.\d+)*([a-z.+-].*)?", item):
                yield f"must have a version number for '{key}'"
            if "keys" in rules and key not in rules["keys"]:
                yield f"knows no framework '{key}'"
    elif name in ("include", "exclude"):
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            yield "must be a list of texts"
    elif name == "max_length":
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            yield "must be a number, 0 or more"
    elif choices or name in ("interpreter", "documentation"):
        if not isinstance(value, str):
            yield "must be a text"
        elif choices and value not in choices:
            yield f"must be one of {', '.join(choice for choice in choices if choice)}"
    elif not isinstance(value, bool):
        yield "must be true or false"


def _plain(key: str) -> str:
    """``inlayHints``, ``inlay-hints`` and ``inlay_hints`` are one name."""
    return key.replace("-", "").replace("_", "").lower()


def _speaks_of_us(path: Path) -> bool:
    text = path.read_text(encoding="utf-8", errors="replace")
    return re.search(r"^\s*\[+\s*tool\s*\.\s*\"?shapelens\b|^\s*tool\.shapelens\b", text, re.MULTILINE) is not None


def _toml(source: str) -> dict[str, Any]:
    try:
        import tomllib  # type: ignore[import-not-found]
    except ImportError:  # Python 3.10
        import tomli as tomllib  # type: ignore[no-redef, import-not-found]
    return tomllib.loads(source)
