"""The real JupyterLab with jupyterlab-lsp and Shapelens beside it, for tests and pictures.

It is installed where ``install.sh`` puts it; Chromium draws it and is driven by Playwright.  Nothing here sleeps.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from editors.user import PRIVATE, program
from lsp.editor import ENVIRONMENT

from editors import served

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 90_000  # milliseconds
SETTINGS: Mapping[str, Any] = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
SQUIGGLE = ".jp-CodeCell .cm-lintRange"


def notebook(*cells: str) -> str:
    """A notebook with these cells; one that begins with ``# `` is prose."""
    made = [
        {"id": f"cell{number}", "cell_type": "markdown", "metadata": {}, "source": text}
        if text.startswith("# ")
        else {
            "id": f"cell{number}",
            "cell_type": "code",
            "metadata": {},
            "source": text,
            "outputs": [],
            "execution_count": None,
        }
        for number, text in enumerate(cells, 1)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    language = {"name": "python", "mimetype": "text/x-python", "file_extension": ".py"}
    metadata = {"kernelspec": kernel, "language_info": language}
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@contextmanager
def lab(home: Path, project: Path, name: str, size: tuple[int, int] = (1000, 640)) -> Iterator[Lab]:
    """Start it on a folder with a notebook in it, with a profile of its own in ``home``."""
    from playwright.sync_api import sync_playwright

    python, chromium = program("jupyterlab", "python"), program("chromium", "chromium")
    for setting, values in SETTINGS.items():
        file = home / "config" / "lab" / "user-settings" / f"{setting}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    environ = {name: value for name, value in ENVIRONMENT.items() if name not in PRIVATE}
    places = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run"}
    environ |= {variable: str(home / place) for variable, place in places.items()}
    environ |= {"HOME": str(home), "IPYTHONDIR": str(home / "ipython")}
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [python, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", "--IdentityProvider.token=", str(project)]
    with ExitStack() as stack:
        log = stack.enter_context(open(home / "lab.log", "wb"))
        server = subprocess.Popen(command, env=environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        stack.callback(served.end, server)
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        stack.callback(browser.close)
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        page.set_default_timeout(PATIENCE)
        served.wait_until(lambda: _answers(port), server, "JupyterLab", PATIENCE)
        page.goto(f"http://127.0.0.1:{port}/lab/tree/{name}?reset")
        page.wait_for_selector(".jp-CodeCell .cm-line")
        yield Lab(page)


class Lab:
    """What a person sees of JupyterLab and does with it."""

    def __init__(self, page: Page):
        self.page = page

    def squiggles(self) -> list[str]:
        """The texts that are underlined."""
        return [str(text) for text in self.page.locator(SQUIGGLE).all_inner_texts()]

    def underlines(self, *texts: str) -> None:
        """Wait until these texts are underlined, and no others."""
        self.wait(lambda: self.squiggles() == list(texts), lambda: f"underlined is {self.squiggles()}")

    def problem(self) -> str:
        """What is told of the first squiggle, with the mouse over it."""
        self.page.locator(SQUIGGLE).first.hover()
        card = self.page.locator(".cm-tooltip-lint .cm-diagnosticText")
        card.first.wait_for()
        return str(card.first.inner_text())

    def card(self, line: str) -> str:
        """The card of the first name in a line, which JupyterLab shows while Control is held and the mouse moves."""
        from playwright.sync_api import TimeoutError

        box = self.page.locator(".jp-CodeCell .cm-line", has_text=line).first.bounding_box()
        assert box is not None
        shown = self.page.locator(".lsp-hover")
        steps = cycle((7, 9, 8, 10))

        def move() -> bool:
            """A move while the answer to the last one is under way makes it forgotten."""
            self.page.mouse.move(box["x"] + next(steps), box["y"] + box["height"] / 2)
            with suppress(TimeoutError):
                shown.first.wait_for(timeout=500)
                return True
            return False

        self.page.mouse.move(box["x"] + box["width"] - 5, box["y"] + 5)
        self.page.keyboard.down("Control")
        try:
            self.wait(move, lambda: f"no card for {line!r}")
        finally:
            self.page.keyboard.up("Control")
        return str(shown.first.inner_text())

    def replace(self, line: str, new: str) -> None:
        """Write another line in the place of one."""
        self.page.locator(".jp-CodeCell .cm-line", has_text=line).first.click()
        self.page.keyboard.press("Home")
        self.page.keyboard.press("Shift+End")
        self.page.keyboard.insert_text(new)

    def wait(self, true: Callable[[], Any], about: Callable[[], str]) -> Any:
        """Wait until something is so."""
        end = time.monotonic() + PATIENCE / 1000
        while not (result := true()):
            assert time.monotonic() < end, about()
            self.page.wait_for_timeout(50)
        return result


def _answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
