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
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
EDITORS = Path(os.environ.get("SHAPELENS_EDITORS") or CACHE / "shapelens-editors")
NODE, CODE_SERVER, CHROMIUM = (EDITORS / name / "bin" for name in ("node", "code-server", "chromium"))
PATIENCE = 60_000  # milliseconds
SIZE = (1280, 800)
TEXT = ":is(.editor-instance, .notebook-editor)"

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
        self.page.wait_for_selector(f"{TEXT} .view-line")

    def command(self, title: str) -> None:
        """Run a command from the palette."""
        self.page.keyboard.press("F1")
        box = self.page.locator(".quick-input-widget input")
        box.fill(f">{title}")
        self.page.locator(".quick-input-list .monaco-list-row.focused", has_text=title).wait_for()
        self.page.keyboard.press("Enter")

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the cursor there."""
        self.page.keyboard.press("Control+g")
        box = self.page.locator(".quick-input-widget input")
        box.fill(f":{line}:{column}")
        self.page.keyboard.press("Enter")
        self.page.locator(".quick-input-widget").wait_for(state="hidden")

    def lines(self) -> list[str]:
        """The lines that are drawn, hints included, from the top."""
        lines = self.page.locator(f"{TEXT} .view-line").evaluate_all(
            "all => all.map(line => [line.getBoundingClientRect().top, line.textContent])"
        )
        return [plain(text) for _, text in sorted(lines)]

    def shows(self, number: int, text: str) -> None:
        """Wait until a line reads so, hints included (the text is not scrolled)."""
        self.wait(lambda: self.lines()[number - 1] == text, lambda: f"line {number} is {self.lines()[number - 1]!r}")

    def squiggles(self) -> int:
        """How many stretches are underlined."""
        return self.page.locator(f"{TEXT} :is(.squiggly-error, .squiggly-warning)").count()

    def hover(self, text: str, within: str = "") -> str:
        """Hold the mouse over a text (in a line that contains ``within``), and read the card."""
        card = self.page.locator(".monaco-hover:visible .hover-contents")
        self.page.mouse.move(SIZE[0] / 2, SIZE[1] - 10)
        card.first.wait_for(state="hidden")
        x, y = self.wait(
            lambda: self.place(text, within), lambda: f"{text!r} is not drawn, but {self.lines()}", self.redraw
        )
        self.page.mouse.move(x - 4, y)
        self.page.mouse.move(x, y, steps=3)
        card.first.wait_for()
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
        found = self.page.evaluate(_PLACE, [text, within or text])
        return (found[0], found[1]) if found else None

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

    def redraw(self) -> None:
        """Have the editor lay out and draw its lines, as it does when the cursor goes to the top.

        Once, on a busy machine, lines that had been drawn were not found for two minutes, until the next key.
        """
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Control+Home")

    def wait(
        self, true: Callable[[], Any], otherwise: str | Callable[[], str], help_it: Callable[[], None] | None = None
    ) -> Any:
        """Wait until something is the case, and give what it is; ``help_it`` is done once, when that takes long."""
        rounds = PATIENCE // 50
        for number in range(rounds):
            if result := true():
                return result
            if number == rounds // 6 and help_it is not None:
                help_it()
            self.page.wait_for_timeout(50)
        raise AssertionError(otherwise() if callable(otherwise) else otherwise)

    def picture(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=file)


def plain(text: str) -> str:
    """The editor draws blanks as U+00A0, and marks ends of hints with zero-width characters."""
    return text.replace("\u00a0", " ").replace("\u200c", "").replace("\u200b", "")


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


_PLACE = """([text, within]) => {
  for (const line of document.querySelectorAll(':is(.editor-instance, .notebook-editor) .view-line')) {
    const kept = line.textContent.split('').map((c, at) => [c === '\\u00a0' ? ' ' : c, at]).filter(([c]) => !'\\u200b\\u200c'.includes(c));
    const whole = kept.map(([c]) => c).join('');
    if (!whole.includes(within)) continue;
    let start = whole.indexOf(text, within.includes(text) ? whole.indexOf(within) : 0);
    if (start < 0) continue;
    start = kept[start][1];
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() && start >= walker.currentNode.length) start -= walker.currentNode.length;
    const range = document.createRange();
    range.setStart(walker.currentNode, start);
    range.setEnd(walker.currentNode, start + 1);
    const box = range.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }
}"""
