"""The user's Python environment, read as text: which frameworks are installed, and where modules are.

Nothing of an environment is run, imported or executed: versions come from the ``METADATA`` of
``*.dist-info`` folders, paths from the plain lines of ``*.pth`` files, Keras' settings from its json file.
"""

from __future__ import annotations

import json
import os
import re
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import packaging.version

if TYPE_CHECKING:
    from shape_engine.snapshot import Settings
    from shape_engine.wording import Version

BACKENDS = ("tensorflow", "jax", "torch", "numpy", "openvino")
FOLDERS = (".venv", "venv", "env", ".env", ".pixi/envs/default")
"""Where environments are looked for in a workspace."""


@dataclass(frozen=True)
class Environment:
    """An environment and what it says.

    ``origin`` tells how it was found: "setting", "VIRTUAL_ENV", "CONDA_PREFIX", the folder's name, or
    "server".  ``site_packages`` are the folders of installed packages, ``editable`` those that ``.pth``
    files add (packages installed in development mode).
    """

    path: Path
    origin: str
    site_packages: tuple[Path, ...] = ()
    editable: tuple[Path, ...] = ()
    versions: Mapping[str, Version] = field(default_factory=dict)
    backend: str = "tensorflow"
    legacy_keras: bool = False
    channels_first: bool = False

    @cached_property
    def settings(self) -> Settings:
        """What the engine is told (made when asked for: to know an environment must not need the engine)."""
        from shape_engine.snapshot import IMAGE_DATA_FORMAT, Settings

        state = {IMAGE_DATA_FORMAT: "channels_first"} if self.channels_first else {}
        return Settings(versions=self.versions, backend=self.backend, legacy_keras=self.legacy_keras, state=dict(state))

    @property
    def summary(self) -> str:
        """One line for the log."""
        versions = ", ".join(f"{name} {'.'.join(map(str, v))}" for name, v in self.versions.items())
        return f"{self.path} ({self.origin}): {versions or 'no framework installed'}"


def find(
    root: str | os.PathLike[str] | None,
    interpreter: str = "",
    *,
    versions: Mapping[str, str] | None = None,
    backend: str = "",
    legacy_keras: bool | None = None,
    environ: Mapping[str, str] | None = None,
) -> Environment:
    """The environment of a workspace: the setting, the activated one, one in the folder, the server's own.

    ``interpreter`` is a setting: an executable, or an environment's folder, absolute or in the workspace.
    ``versions``, ``backend`` and ``legacy_keras`` are settings too and win over what is installed.
    """
    environ = os.environ if environ is None else environ
    prefix, origin = _prefix(Path(root) if root is not None else None, interpreter, environ)
    sites = _sites(prefix) if origin != "server" else _own_sites()
    installed: dict[str, Version] = {}
    editable: list[Path] = []
    for site in sites:
        for name, version in _installed(site).items():
            installed.setdefault(name, version)
        editable += [path for path in _added_by_pth(site) if path not in sites and path not in editable]
    for name, text in (versions or {}).items():
        if version := parse_version(text):
            installed[name] = version
    legacy = _legacy(installed, environ) if legacy_keras is None else legacy_keras
    if legacy and "tf_keras" not in installed and (2,) <= installed.get("keras", ()) < (3,):
        installed["tf_keras"] = installed["keras"]
    keras = _keras_json(environ)
    chosen = backend or environ.get("KERAS_BACKEND", "") or str(keras.get("backend", ""))
    data_format = keras.get("image_data_format")
    return Environment(
        prefix,
        origin,
        sites,
        tuple(editable),
        versions={name: installed[name] for name in sorted(installed)},
        backend=chosen if chosen in BACKENDS else "tensorflow",
        legacy_keras=legacy,
        channels_first=data_format == "channels_first",
    )


def parse_version(text: str) -> Version:
    """The numbers of a version, without what marks local builds and pre-releases.

    >>> parse_version("2.13.0+cpu"), parse_version("v3.0.0rc1"), parse_version("nightly")
    ((2, 13, 0), (3, 0, 0), ())
    """
    try:
        return packaging.version.Version(text.strip()).release
    except packaging.version.InvalidVersion:
        return ()


def forget() -> None:
    """Read the folders of installed packages again."""
    _INSTALLED.clear()


# --- where it is


def _prefix(root: Path | None, interpreter: str, environ: Mapping[str, str]) -> tuple[Path, str]:
    if interpreter:
        named = Path(os.path.expanduser(interpreter.replace("${workspaceFolder}", str(root or "."))))
        if not named.is_absolute() and root is not None:
            named = root / named
        prefix = prefix_of(named)
        if prefix is not None:
            return prefix, "setting"
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if (named_by := environ.get(variable)) and _sites(Path(named_by)):
            return Path(named_by), variable
    for folder in _upwards(root):
        for name in FOLDERS:
            if _is_environment(folder / name):
                return folder / name, name
    return Path(sys.prefix), "server"


def prefix_of(path: Path) -> Path | None:
    """The environment that an executable or a folder belongs to; links are not followed, because the
    executable of a virtual environment is often a link to another one's."""
    path = Path(os.path.abspath(path))
    candidates = [path] if path.is_dir() else []
    if path.parent.name.lower() in ("bin", "scripts"):
        candidates.append(path.parent.parent)
    elif path.suffix.lower() == ".exe":
        candidates.append(path.parent)
    if path.name.lower() in ("bin", "scripts"):
        candidates.append(path.parent)
    return next((folder for folder in candidates if _sites(folder)), None)


def _upwards(root: Path | None) -> Iterator[Path]:
    """The workspace and the folders around it, up to its repository."""
    if root is None:
        return
    root = Path(os.path.abspath(root))
    yield root
    if any((folder / ".git").exists() for folder in (root, *root.parents)):
        folder = root
        while not (folder / ".git").exists():
            folder = folder.parent
            yield folder


def _is_environment(folder: Path) -> bool:
    return ((folder / "pyvenv.cfg").is_file() or (folder / "conda-meta").is_dir()) and bool(_sites(folder))


def _sites(prefix: Path) -> tuple[Path, ...]:
    """The folders of installed packages below a prefix, on any platform."""
    config = _pyvenv(prefix)
    number = ".".join(config.get("version", config.get("version_info", "")).split(".")[:2])
    found: list[Path] = []

    def add(folder: Path) -> None:
        if folder.is_dir() and all(not _same(folder, other) for other in found):
            found.append(folder)

    for library in ("lib", "lib64", "local/lib"):
        versions = sorted((prefix / library).glob("python3*"), key=lambda p: parse_version(p.name[6:]), reverse=True)
        fitting = [folder for folder in versions if number and folder.name.startswith(f"python{number}")] or versions
        for folder in fitting:
            before = len(found)
            add(folder / "site-packages")
            add(folder / "dist-packages")
            if len(found) > before:
                break
    add(prefix / "lib" / "python3" / "dist-packages")  # Debian's own packages
    add(prefix / "Lib" / "site-packages")  # Windows
    if config.get("include-system-site-packages", "").lower() == "true" and config.get("home"):
        home = Path(config["home"])
        base = home.parent if home.name.lower() in ("bin", "scripts") else home
        if not _same(base, prefix):
            for folder in _sites(base):
                add(folder)
    return tuple(found)


def _own_sites() -> tuple[Path, ...]:
    paths = sysconfig.get_paths()
    return tuple(dict.fromkeys(Path(paths[name]) for name in ("purelib", "platlib") if os.path.isdir(paths[name])))


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _pyvenv(prefix: Path) -> dict[str, str]:
    lines = _text(prefix / "pyvenv.cfg").splitlines()
    return {key.strip().lower(): value.strip() for key, equals, value in (x.partition("=") for x in lines) if equals}


# --- what is in it

DISTRIBUTIONS: Mapping[str, tuple[str, ...]] = {
    "keras": ("keras", "keras_nightly"),
    "tf_keras": ("tf_keras", "tf_keras_nightly"),
    "tensorflow": (
        "tensorflow", "tensorflow_cpu", "tensorflow_intel", "tensorflow_macos", "tensorflow_gpu", "tensorflow_rocm",
        "tensorflow_cpu_aws", "tensorflow_aarch64", "intel_tensorflow", "tf_nightly", "tf_nightly_cpu",
    ),
    "torch": ("torch",),
    "numpy": ("numpy",),
}  # fmt: skip
"""The names under which a framework is installed; the first one that is there counts."""

_DIST_INFO = re.compile(r"(?P<name>.+?)-(?P<version>\d[^-]*)(?:-py[\d.]+)?\.(?:dist|egg)-info", re.IGNORECASE)
_INSTALLED: dict[Path, tuple[int, dict[str, Version]]] = {}


def _installed(site: Path) -> dict[str, Version]:
    """The frameworks in a folder of installed packages; read again when something was installed."""
    try:
        stamp = site.stat().st_mtime_ns
        cached = _INSTALLED.get(site)
        if cached is not None and cached[0] == stamp:
            return cached[1]
        names = os.listdir(site)
    except OSError:
        return {}
    folders: dict[str, tuple[str, str]] = {}
    for entry in names:
        match = _DIST_INFO.fullmatch(entry)
        if match:
            folders[re.sub(r"[-_.]+", "_", match["name"]).lower()] = (entry, match["version"])
    found: dict[str, Version] = {}
    for framework, distributions in DISTRIBUTIONS.items():
        for distribution in distributions:
            if distribution in folders:
                entry, version = folders[distribution]
                found[framework] = _metadata_version(site / entry) or parse_version(version)
                break
    _INSTALLED[site] = stamp, found
    return found


def _metadata_version(folder: Path) -> Version:
    for name in ("METADATA", "PKG-INFO"):
        head = _text(folder / name, 4096).partition("\n\n")[0]
        match = re.search(r"^Version:\s*(\S+)", head, re.MULTILINE)
        if match:
            return parse_version(match[1])
    return ()


def _added_by_pth(site: Path) -> Iterator[Path]:
    """The folders that ``.pth`` files name.  Lines that Python would execute are not looked at."""
    try:
        names = sorted(name for name in os.listdir(site) if name.endswith(".pth"))
    except OSError:
        return
    for name in names:
        for line in _text(site / name).splitlines():
            line = line.strip()
            if line and not line.startswith(("#", "import ", "import\t")) and "\0" not in line:
                path = Path(os.path.normpath(site / line))
                if path.is_dir():
                    yield path


def _legacy(installed: Mapping[str, Version], environ: Mapping[str, str]) -> bool:
    """Whether ``tf.keras`` is Keras 2 (tensorflow/python/util/lazy_loader.py, KerasLazyLoader)."""
    tensorflow, keras = installed.get("tensorflow", ()), installed.get("keras", ())
    if environ.get("TF_USE_LEGACY_KERAS") in ("true", "True", "1"):
        return True
    if tensorflow and tensorflow < (2, 16):
        return True
    return bool(keras) and keras < (3,)


def _keras_json(environ: Mapping[str, str]) -> Mapping[str, object]:
    """Keras' own settings (keras/src/backend/config.py)."""
    folder = environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    try:
        values = json.loads(_text(Path(os.path.expanduser(folder)) / "keras.json") or "{}")
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _text(path: Path, size: int = 65536) -> str:
    """The beginning of a text file; "" if there is none."""
    try:
        if not path.is_file():
            return ""
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            return file.read(size)
    except OSError:
        return ""
