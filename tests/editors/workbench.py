"""The real workbench of VS Code with the packed extension, for tests, pictures and benchmarks.

code-server runs its extension host; Chromium draws it and is driven by Playwright.  Both are where ``install.sh`` puts them.
Nothing here sleeps: what is not there yet is waited for, until ``PATIENCE`` is at an end.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from editors import served

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Locator, Page

ROOT = Path(__file__).resolve().parents[2]
EXTENSION = ROOT / "editors" / "vscode"
PICTURES = ROOT / "build" / "pictures"
"""Where tests keep what was on the screen."""

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
EDITORS = Path(os.environ.get("SHAPELENS_EDITORS") or CACHE / "shapelens-editors")
NODE, CODE_SERVER, CHROMIUM = (EDITORS / name / "bin" for name in ("node", "code-server", "chromium"))
PATIENCE = 60_000  # milliseconds
SIZE = (1280, 800)
TEXT = ":is(.editor-instance, .notebook-editor)"
LINES = f"{TEXT} .view-line"

QUIET = {
    "workbench.startupEditor": "none",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.colorTheme": "Default Dark Modern",
    "workbench.tips.enabled": False,
    "chat.disableAIFeatures": True,
    "chat.commandCenter.enabled": False,
    "telemetry.telemetryLevel": "off",
    "editor.fontFamily": "DejaVu Sans Mono",
    "editor.minimap.enabled": False,
    "editor.hover.delay": 50,
    "files.autoSave": "off",
    "window.confirmBeforeClose": "never",
}


def missing() -> str | None:
    """What is not installed, in words; None if all is there."""
    for name in ("node", "code-server", "chromium"):
        if not (EDITORS / name / "complete").is_file():
            return f"{name}: not installed (tests/editors/install.sh fetches it)"
    return None


def pack(file: Path) -> Path:
    """Build the extension as its README tells, into a ``.vsix`` file; one process at a time."""
    turns = ROOT / "build" / "packing"
    turns.parent.mkdir(exist_ok=True)
    with turns.open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        return _packed(file)


def _packed(file: Path) -> Path:
    lock = hashlib.sha256((EXTENSION / "package-lock.json").read_bytes()).hexdigest()
    stamp = EXTENSION / "node_modules" / ".lock"
    if not stamp.is_file() or stamp.read_text() != lock:
        _run("npm", "ci", "--no-audit", "--no-fund", cwd=EXTENSION)
        stamp.write_text(lock)
    # Looking for secrets in a thousand files of libraries takes longer than all the rest.
    _run("npm", "run", "package", "--", "--allow-package-all-secrets", "--out", str(file), cwd=EXTENSION)
    return file


def pack_other(folder: Path, file: Path) -> Path:
    """Build another extension, one of a few files; after ``pack``."""
    vsce = EXTENSION / "node_modules" / ".bin" / "vsce"
    options = ("--no-dependencies", "--allow-missing-repository", "--skip-license", "--out", str(file))
    _run(str(vsce), "package", *options, cwd=folder)
    return file


@contextmanager
def workbench(
    home: Path,
    workspace: Path,
    vsix: Sequence[Path],
    settings: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    trusted: bool = True,
) -> Iterator[Workbench]:
    """Start it on a folder, with a profile of its own in ``home``."""
    from playwright.sync_api import sync_playwright

    user = home / "data" / "User"
    user.mkdir(parents=True, exist_ok=True)
    (user / "settings.json").write_text(json.dumps({**QUIET, **(settings or {})}))
    environ = {**os.environ, **(environ or {})}
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "KERAS_BACKEND", "TF_USE_LEGACY_KERAS", "PYTHONPATH", "PYTHONHOME"):
        environ.pop(name, None)
    program = [str(CODE_SERVER / "code-server"), "--config", str(home / "config.yaml")]
    program += ["--user-data-dir", str(home / "data"), "--extensions-dir", str(home / "extensions")]
    _run(*program, *(word for file in vsix for word in ("--install-extension", str(file))), cwd=home)
    port = _free_port()
    options = ["--auth", "none", "--bind-addr", f"127.0.0.1:{port}", "--disable-telemetry", "--disable-update-check"]
    if trusted:
        options.append("--disable-workspace-trust")
    with ExitStack() as stack:
        log = stack.enter_context(open(home / "code-server.log", "wb"))
        server = subprocess.Popen([*program, *options], env=environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        stack.callback(served.end, server)
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=CHROMIUM / "chromium", args=["--no-sandbox"]
        )
        stack.callback(browser.close)
        context = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=f"http://127.0.0.1:{port}")
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        served.wait_until(lambda: _is_healthy(port), server, "code-server", PATIENCE)
        page.goto(f"http://127.0.0.1:{port}/?folder={workspace}")
        bench = Workbench(page, home)
        page.wait_for_selector(".explorer-folders-view .monaco-list-row")
        yield bench


class Workbench:
    """What a person sees of VS Code and does with it."""

    def __init__(self, page: Page, home: Path):
        self.page = page
        self.home = home

    def open(self, name: str) -> None:
        """Open a file that lies directly in the folder."""
        self.page.get_by_role("treeitem", name=name, exact=True).first.dblclick()
        self.page.wait_for_selector(f'.tab.active[aria-label^="{name}"]')
        self.page.wait_for_selector(LINES)

    def command(self, title: str) -> None:
        """Run a command from the palette."""
        box = self._box("F1")
        box.fill(f">{title}")
        self.page.locator(".quick-input-list .monaco-list-row.focused", has_text=title).wait_for()
        self.page.keyboard.press("Enter")

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the cursor there."""
        box = self._box("Control+g")
        box.fill(f":{line}:{column}")
        self.page.keyboard.press("Enter")
        self.page.locator(".quick-input-widget").wait_for(state="hidden")

    def _box(self, key: str) -> Locator:
        """The box that a key opens; the key is lost while the focus is on its way, and is pressed again then."""
        box = self.page.locator(".quick-input-widget input")

        def opened() -> bool:
            self.page.keyboard.press(key)
            soon = time.monotonic() + 2
            while not box.is_visible() and time.monotonic() < soon:
                self.page.wait_for_timeout(50)
            return box.is_visible()

        self.wait(opened, f"{key} opens no box")
        return box

    def lines(self) -> list[str]:
        """The lines that are drawn, hints included, from the top."""
        return [plain(text) for _, text in self._lines()]

    def drawn(self) -> str:
        """What is in front, and the lines that are drawn, for messages."""
        tabs = self.page.locator(".tab.active").all_inner_texts()
        return f"{' and '.join(plain(tab).strip() for tab in tabs) or 'no editor'} with the lines {self.lines()}"

    def shows(self, number: int, text: str) -> None:
        """Wait until a line reads so, hints included (the text is not scrolled)."""
        self.wait(
            lambda: self.lines()[number - 1 : number] == [text],
            lambda: f"line {number} is not {text!r} in {self.drawn()}",
        )

    def squiggles(self) -> int:
        """How many stretches are underlined."""
        return self.page.locator(f"{TEXT} :is(.squiggly-error, .squiggly-warning)").count()

    def hover(self, text: str, within: str = "") -> str:
        """Hold the mouse over a text (in a line that contains ``within``), and read the card.

        The editor asks once for each time that the mouse comes; who came too early comes again.
        """
        return str(self.wait(lambda: self._card(text, within), lambda: f"{text!r} has no card in {self.drawn()}"))

    def _card(self, text: str, within: str) -> str | None:
        from playwright.sync_api import TimeoutError

        card = self.page.locator(".monaco-hover:visible .hover-contents")
        self.page.mouse.move(SIZE[0] / 2, SIZE[1] - 10)
        card.first.wait_for(state="hidden")
        place = self.place(text, within)
        if place is None:
            return None
        self.page.mouse.move(place[0] - 4, place[1])
        self.page.mouse.move(*place, steps=3)
        try:
            card.first.wait_for(timeout=PATIENCE / 10)
        except TimeoutError:
            return None
        return plain("\n".join(card.all_inner_texts()))

    def quick_fixes(self) -> list[str]:
        """What is offered at the cursor."""
        self.page.keyboard.press("Control+.")
        entries = self.page.locator(".action-widget .monaco-list-row.action")
        entries.first.wait_for()
        return [plain(text).strip() for text in entries.all_inner_texts()]

    def choose_fix(self, title: str) -> None:
        """Take one of the quick fixes that are shown."""
        self.page.locator(".action-widget .monaco-list-row.action", has_text=title).first.click()

    def clipboard(self) -> str:
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def place(self, text: str, within: str = "") -> tuple[float, float] | None:
        """Where the middle of a text's first letter is on the screen."""
        for number, raw in self._lines():
            if (start := _find(raw, text, within or text)) is not None:
                found = self.page.evaluate(_PLACE, [LINES, number, raw, start])
                return (found[0], found[1]) if found else None
        return None

    def _lines(self) -> list[tuple[int, str]]:
        """Which of the elements that are lines, and its text as the editor has it, from the top."""
        drawn = self.page.locator(LINES).evaluate_all(
            "all => all.map((line, number) => [line.getBoundingClientRect().top, number, line.textContent])"
        )
        return [(number, text) for _, number, text in sorted(drawn)]

    def web_view(self) -> FrameLocator:
        """The page inside of our panel (a frame in a frame; notebooks have one of their own)."""
        ours = "iframe.webview.ready[src*='extensionId=shapelens.shapelens']"
        return self.page.frame_locator(ours).frame_locator("iframe#active-frame")

    def status(self) -> str:
        """The text of our item in the status bar."""
        item = self.status_item()
        return plain(item.inner_text()).strip() if item.count() else ""

    def status_item(self) -> Locator:
        return self.page.locator("[id^='shapelens.shapelens']:visible").first

    def wait(self, true: Callable[[], Any], otherwise: str | Callable[[], str]) -> Any:
        """Wait until something is the case, and give what it is."""
        end = time.monotonic() + PATIENCE / 1000
        while not (result := true()):
            if time.monotonic() > end:
                raise AssertionError(otherwise() if callable(otherwise) else otherwise)
            self.page.wait_for_timeout(50)
        return result

    def picture(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=file)


def plain(text: str) -> str:
    """The editor draws blanks as U+00A0, and marks ends of hints with zero-width characters."""
    return text.replace("\u00a0", " ").replace("\u200c", "").replace("\u200b", "")


def _find(raw: str, text: str, within: str) -> int | None:
    """The character of a line, as the editor has it, at which a text begins that one reads in it."""
    kept = [at for at, character in enumerate(raw) if plain(character)]
    line = plain(raw)
    if within not in line:
        return None
    start = line.find(text, line.index(within) if text in within else 0)
    return kept[start] if start >= 0 else None


def _run(*command: str, cwd: Path) -> None:
    environ = {**os.environ, "PATH": os.pathsep.join([str(NODE), os.environ["PATH"]])}
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return True
    except OSError:
        return False


_PLACE = """([lines, number, raw, start]) => {
  const line = document.querySelectorAll(lines)[number];
  if (line?.textContent !== raw) return null;  // drawn anew since it was read
  start = [...raw].slice(0, start).join('').length;
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() && start >= walker.currentNode.length) start -= walker.currentNode.length;
  const range = document.createRange();
  range.setStart(walker.currentNode, start);
  range.setEnd(walker.currentNode, start + 1);
  const box = range.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""
