"""Where the modules are that a document imports: the user's own files, never a framework's.

Only this file knows the search order.  Answers come at once: from the cache, from a look at the folders,
or PENDING while a worker thread asks jedi (where the text changes ``sys.path``, which only jedi follows).
"""

from __future__ import annotations

import io
import logging
import os
import re
import sys
import threading
import tokenize
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import unquote, urlsplit

from shape_engine.snapshot import PENDING, Located

from .digests import digest
from .environment import Environment
from .jedi_search import Found, Look, ask_jedi, find_dotted, find_in, look, witnessed
from .notebooks.ipynb import at_home

log = logging.getLogger(__name__)

LARGEST = 5_000_000
"""Longer files are not read as modules."""

FRAMEWORK_SIGNS = {
    "keras": ("src/backend", "src/engine", "engine/base_layer.py", "_tf_keras"),
    "tf_keras": ("src/engine", "src/layers", "protobuf"),
    "tensorflow": ("python/framework", "core/framework", "python/pywrap_tensorflow.py"),
    "torch": ("nn/modules", "_C"),
    "numpy": ("_core", "core/numeric.py"),
}
"""What a folder of this name holds if it is the framework itself (somebody works on the framework)."""


@dataclass(frozen=True)
class _Question:
    """An import as far as its answer depends on it.  ``prelude`` is the text that changes ``sys.path``."""

    folder: Path
    module: str
    level: int
    prelude: str = ""


class JediNames:
    """Implements ``shape_engine.snapshot.Names`` for a workspace and an environment.

    ``found`` is called, in a worker's thread, with the URIs of documents whose PENDING questions have
    been answered.  With ``blocking`` nothing is ever PENDING (for the command line).  ``installed`` tells
    to follow imports into installed packages too, not only into the workspace and packages installed
    in development mode.  ``uri_of`` gives the URI of a file (an editor's own spelling of it, for files
    that are open there); ``text_of`` the text of an open document, None for others.
    """

    def __init__(
        self,
        root: str | os.PathLike[str] | None,
        environment: Environment | None = None,
        *,
        found: Callable[[frozenset[str]], None] | None = None,
        blocking: bool = False,
        installed: bool = False,
        extra: Sequence[str | os.PathLike[str]] = (),
        uri_of: Callable[[Path], str] | None = None,
        text_of: Callable[[str], str | None] | None = None,
    ):
        self.root = Path(os.path.abspath(root)) if root is not None else None
        self.sites = environment.site_packages if environment else ()
        self._extra = (*(Path(os.path.abspath(path)) for path in extra), *(environment.editable if environment else ()))
        self._found, self._blocking, self._installed = found, blocking, installed
        self._uri_of = uri_of or (lambda path: path.as_uri())
        self._text_of = text_of or (lambda uri: None)
        self._lock = threading.Lock()
        self._jedi = threading.Lock()  # jedi is not made for several threads
        self._answers: dict[_Question, Located | None] = {}
        self._askers: dict[_Question, set[str]] = {}
        self._waiting: dict[_Question, Path] = {}
        self._shadows: dict[tuple[Path, str], bool] = {}
        self._texts: dict[Path, tuple[tuple[int, int], str | None]] = {}
        self._asked: dict[str, set[_Question]] = {}
        self._looks: dict[_Question, frozenset[Look]] = {}  # what the answers hang on
        self._shadow_looks: dict[Path, set[Look]] = {}
        self.digests: dict[str, str] = {}  # of the files that were read, by their paths
        self._queue: SimpleQueue[_Question | None] = SimpleQueue()
        self._worker: threading.Thread | None = None

    # what the engine asks

    def locate(self, module: str, importer: str, level: int) -> Located | None:
        """The module that the import means; None if it is none of the user's; PENDING if jedi is asked."""
        path = self._importer(importer)
        prelude = "" if level else self._prelude(importer, path)
        folder = path if path.suffix not in (".py", ".pyi") and path.is_dir() else path.parent  # a package of no file
        question = _Question(folder, module, level, prelude)
        with self._lock:
            self._askers.setdefault(question, set()).add(importer)
            if self._blocking:
                self._asked.setdefault(importer, set()).add(question)
            if question in self._answers:
                return self._answers[question]
            if question in self._waiting:
                return PENDING
        with witnessed() as seen:
            answer, sure = self._look(question)
            if not sure:
                if not self._blocking:
                    self._ask_later(question, path)
                    return PENDING
                answer = self._ask(question, path)
        with self._lock:
            self._answers[question] = answer
            self._looks[question] = frozenset(seen)
        return answer

    def read(self, uri: str) -> str | None:
        """The text of a module as Python would decode it; None if it cannot be read.

        A package without ``__init__`` has no text: "".
        """
        path = path_of(uri)
        return None if path is None else self._read(path)

    # what the server tells and asks

    def shadows(self, importer: str, name: str) -> bool:
        """Whether ``import name`` (a framework's name) in that document means a file of the user's.

        True for a ``torch.py`` or a package ``torch/`` beside the script, or at the top of the
        workspace; a mere folder of that name is none, and a checkout of the framework is the framework.
        """
        path = self._importer(importer)
        key = (path.parent, name)
        with self._lock:
            known = self._shadows.get(key)
        if known is not None:
            return known
        with witnessed() as seen:
            answer = self._is_shadowed(path.parent, name)
        with self._lock:
            self._shadows[key] = answer
            self._shadow_looks.setdefault(key[0], set()).update(seen)
        return answer

    def asked(self, importer: str) -> int:
        """A number that grows with every question about what a document imports."""
        return len(self._asked.get(importer, ())) + len(self._shadow_looks.get(self._importer(importer).parent, ()))

    def evidence(self, importer: str) -> tuple[frozenset[Look], frozenset[str]]:
        """What folders had to say for a document's imports to mean what they mean, and which files these are.

        Looks are told where nothing is PENDING (``blocking``).
        """
        looks, files = set(self._shadow_looks.get(self._importer(importer).parent, ())), set()
        for question in self._asked.get(importer, ()):
            looks |= self._looks.get(question, frozenset())
            answer = self._answers.get(question)
            if answer is not None and (path := path_of(answer.uri)) is not None:
                files.add(str(path))
        return frozenset(looks), frozenset(files)

    def invalidate(self, paths: Iterable[str | os.PathLike[str]] | None = None) -> frozenset[str]:
        """Files were created, deleted or changed (paths or URIs; None: anything may have).

        The URIs of the documents that have to ask again are returned.
        """
        asking: set[str] = set()
        with self._lock:
            if paths is None:
                stale = list(self._answers)
                self._texts.clear()
            else:
                changed = [path for path in map(_as_path, paths) if path is not None]
                for path in changed:
                    self._texts.pop(path, None)
                names = {part for path in changed for part in (path.stem, *path.parts)}
                packages = {path.parent for path in changed if path.stem == "__init__"}  # where a search begins, too
                stale = [
                    question
                    for question in self._answers
                    if not question.module
                    or names.intersection(question.module.split("."))
                    or not packages.isdisjoint((question.folder, *question.folder.parents))
                ]
            for question in stale:
                del self._answers[question]
                asking |= self._askers.pop(question, set())
            self._shadows.clear()
        return frozenset(asking)

    def close(self) -> None:
        """Let the worker end."""
        self._found = None
        self._queue.put(None)

    # how answers are found

    def _look(self, question: _Question) -> tuple[Located | None, bool]:
        """The answer that the folders give, and whether it is the last word."""
        name = question.module
        if question.level:
            return self._relative(question), True
        top = name.partition(".")[0]
        if not top.isidentifier() or top in sys.builtin_module_names:
            return None, True
        home = _top_folder(question.folder)
        if top in sys.stdlib_module_names:
            own = find_in(top, [home])
            if own is None or own.file is None:
                return None, True  # Python's own
        folders = self._folders(question.folder)
        own = find_in(top, folders)
        if own is None:
            return None, not question.prelude
        if own.file is None and not self._installed:
            package = find_in(top, self.sites)
            if package is not None and package.file is not None:
                return None, True  # a folder of data gives way to an installed package of its name
        return self._located(name, find_dotted(name, folders)), True

    def _relative(self, question: _Question) -> Located | None:
        folder = question.folder
        for _ in range(question.level - 1):
            if folder == folder.parent:
                return None
            folder = folder.parent
        package = ".".join(folder.relative_to(_top_folder(folder)).parts)
        name = ".".join(part for part in (package, question.module) if part)
        if question.module:
            return self._located(name, find_dotted(question.module, [folder]))
        own = look(folder.parent, folder.name)
        init = folder / own if own.startswith("__init__") else None
        return self._located(name, Found(init, (folder,)))

    def _in_sites(self, path: Path) -> bool:
        return any(site in path.parents for site in self.sites)

    def _located(self, name: str, found: Found | None) -> Located | None:
        if found is None:
            return None
        place = Path(os.path.normpath(found.place))
        return Located(name, self._uri_of(place), bool(found.folders))

    def _folders(self, folder: Path) -> list[Path]:
        """Where absolute imports of a file in this folder are looked for, the first place first: what
        Python has when the file is run, then the folders up to the workspace's, each with its ``src``."""
        home = _top_folder(folder)
        folders = [home]
        if self.root is not None and (self.root == home or self.root in home.parents):
            current = home
            while True:
                folders += [current, current / "src"]
                if current == self.root:
                    break
                current = current.parent
        elif self.root is not None:
            folders += [self.root, self.root / "src"]
        folders += self._extra
        folders += [Path(p) for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if os.path.isabs(p)]
        if self._installed:
            folders += self.sites
        return list(dict.fromkeys(folders))

    def _is_shadowed(self, folder: Path, name: str) -> bool:
        places = [_top_folder(folder)]
        if self.root is not None:
            places += [self.root, self.root / "src"]
        for place in dict.fromkeys(places):
            if place in self.sites or place.name in ("site-packages", "dist-packages"):
                continue
            found = find_in(name, [place])
            if found is not None and found.file is not None:
                signs = FRAMEWORK_SIGNS.get(name, ())
                return not any(_has(place / name / sign) for sign in signs)
        return False

    def _importer(self, uri: str) -> Path:
        path = path_of(uri)
        return path if path is not None else (self.root or Path.cwd()) / "untitled.py"

    def _prelude(self, uri: str, path: Path) -> str:
        """The beginning of a text up to its last change of ``sys.path``, "" if there is none."""
        text = self._text_of(uri)
        if text is None:
            text = self._read(path)
        if not text or "sys.path" not in text:
            return ""
        ends = [match.end() for match in _SYS_PATH.finditer(text, 0, 20_000)]
        return text[: ends[-1]] + "\n" if ends else ""

    def _read(self, path: Path) -> str | None:
        try:
            if path.is_dir():
                self.digests[str(path)] = digest(path)
                return ""
            state = path.stat()
        except OSError:
            self.digests[str(path)] = ""
            return None
        stamp = (state.st_mtime_ns, state.st_size)
        with self._lock:
            cached = self._texts.get(path)
        if cached is not None and cached[0] == stamp:
            return cached[1]
        text = read_source(path, self.digests) if state.st_size <= LARGEST else None
        with self._lock:
            self._texts[path] = stamp, text
        return text

    # jedi's thread

    def _ask_later(self, question: _Question, importer: Path) -> None:
        with self._lock:
            if question in self._waiting:
                return
            self._waiting[question] = importer
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="names", daemon=True)
                self._worker.start()
        self._queue.put(question)

    def _work(self) -> None:
        askers: set[str] = set()
        while (question := self._queue.get()) is not None:
            with self._lock:
                importer = self._waiting[question]
            answer = self._ask(question, importer)
            with self._lock:
                del self._waiting[question]
                self._answers[question] = answer
                askers |= self._askers.get(question, set())
            if self._queue.empty():
                if self._found is not None:
                    self._found(frozenset(askers))
                askers = set()

    def _ask(self, question: _Question, importer: Path) -> Located | None:
        folders = self._folders(question.folder)
        try:
            with self._jedi:
                found = ask_jedi(question.module, importer, self.root or question.folder, folders, question.prelude)
        except Exception:  # a mistake of jedi's must not end the thread: the module is then not known
            log.exception("jedi failed on import %s in %s", question.module, importer)
            return None
        if found is not None and not self._installed and self._in_sites(found.place):
            return None
        return self._located(question.module, found)


def read_source(path: Path, digests: dict[str, str] | None = None) -> str | None:
    """The text of a Python file: BOM and coding cookie are obeyed, line ends are as they are."""
    try:
        data = path.read_bytes()
        if digests is not None:
            digests[str(path)] = digest(path, data)
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (OSError, SyntaxError, UnicodeDecodeError, LookupError):
        return None


def path_of(uri: str) -> Path | None:
    """The file that a URI names (a notebook's for its cells); None if it is no file's.

    >>> path_of("file:///a%20b/c.py").as_posix(), path_of("untitled:Untitled-1")
    ('/a b/c.py', None)
    """
    parts = urlsplit(uri)
    if parts.scheme not in ("file", "vscode-notebook-cell", "vscode-notebook"):
        return None
    path = unquote(parts.path)
    if parts.netloc and parts.scheme == "file" and parts.netloc != "localhost":
        path = f"//{parts.netloc}{path}"
    if os.name == "nt" and re.match(r"/[A-Za-z]:", path):
        path = path[1:]
    return at_home(Path(os.path.normpath(path)))


def _as_path(place: str | os.PathLike[str]) -> Path | None:
    text = os.fspath(place)
    return path_of(text) if "://" in text else Path(os.path.abspath(text))


def _top_folder(folder: Path) -> Path:
    """The folder that holds the outermost package which this folder belongs to."""
    while _is_package(folder) and folder != folder.parent:
        folder = folder.parent
    return folder


def _is_package(folder: Path) -> bool:
    return look(folder.parent, folder.name) == "__init__.py"


def _has(path: Path) -> bool:
    return look(path.parent, path.stem) != ""


_SYS_PATH = re.compile(r"^[^\n#]*\bsys\.path\b[^\n]*", re.MULTILINE)
