"""Takes the pictures of README.md, of the walkthrough and of the project's README anew, in the real VS Code.

tests/editors/install.sh && python editors/vscode/pictures.py
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from editors.workbench import Workbench  # noqa: E402

from editors import workbench as real  # noqa: E402

IMAGES = HERE / "images"
SIZE = {"width": 1000, "height": 600}
WIDE = {"width": 1280, "height": 800}
NETWORK = """\
import keras
from keras import layers


def block(x, filters):
    y = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    y = layers.Conv2D(filters, 3, padding="same")(y)
    x = layers.Conv2D(filters, 1)(x)
    return layers.ReLU()(layers.Add()([x, y]))


inputs = keras.Input((64, 64, 3))
x = block(inputs, 16)
x = layers.MaxPooling2D()(x)
x = block(x, 32)
x = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(10, activation="softmax")(x)
model = keras.Model(inputs, outputs, name="small_resnet")
"""


def main() -> None:
    if lacking := real.missing():
        raise SystemExit(lacking)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        home = Path(name)
        project = home / "shapes"
        project.mkdir()
        shutil.copy(ROOT / "examples" / "conv2d.py", project)
        (project / "network.py").write_text(NETWORK, encoding="utf-8")
        with real.workbench(home, project, [real.pack(home / "shapelens.vsix")]) as bench:
            bench.page.set_viewport_size(SIZE)
            bench.command("View: Toggle Primary Side Bar Visibility")
            bench.page.locator(".explorer-folders-view").wait_for(state="hidden")
            _example(bench)
            _summary(bench)
            _icon(bench)


def _example(bench: Workbench) -> None:
    """The three calls: shapes, a derivation, the exception, and the fixes."""
    _go_to_file(bench, "conv2d.py")
    bench.wait(lambda: bench.squiggles() == 1 and bench.status().startswith("Keras"), "nothing is underlined")
    bench.shows(14, "y2: (1, 6, 6, 32) = size(x2)")
    bench.picture(IMAGES / "hints.png")
    bench.hover("y2", within="= size(x2)")
    _faded_in(bench)
    bench.picture(IMAGES / "hover.png")
    bench.hover("x3)", within="rank(x3)")
    _faded_in(bench)
    bench.picture(IMAGES / "exception.png")
    shutil.copy(IMAGES / "exception.png", ROOT / "docs" / "images" / "vscode.png")
    bench.go_to(19, 12)
    bench.quick_fixes()
    bench.picture(IMAGES / "fix.png")
    bench.page.keyboard.press("Escape")


def _summary(bench: Workbench) -> None:
    """A small residual network, and its graph beside it."""
    bench.page.set_viewport_size(WIDE)
    _go_to_file(bench, "network.py")
    bench.page.locator(".codelens-decoration a", has_text="params").last.click()
    bench.web_view().locator("#graph svg").wait_for()
    bench.wait(lambda: any(line.startswith("x: (N, 64, 64, 16)") for line in bench.lines()), "there are no hints")
    bench.picture(IMAGES / "summary.png")


def _icon(bench: Workbench) -> None:
    """The icon as the marketplace wants it."""
    page = bench.page.context.new_page()
    page.set_viewport_size({"width": 128, "height": 128})
    page.set_content(f'<body style="margin: 0">{(IMAGES / "icon.svg").read_text(encoding="utf-8")}</body>')
    page.screenshot(path=IMAGES / "icon.png", omit_background=True)


def _go_to_file(bench: Workbench, name: str) -> None:
    bench.page.keyboard.press("Control+p")
    bench.page.locator(".quick-input-widget input").fill(name)
    bench.page.locator(".quick-input-list .monaco-list-row.focused", has_text=name).wait_for()
    bench.page.keyboard.press("Enter")
    bench.page.wait_for_selector(f'.tab.active[aria-label^="{name}"]')


def _faded_in(bench: Workbench) -> None:
    card = bench.page.locator(".monaco-hover:visible").first
    bench.wait(
        lambda: card.evaluate("card => !card.getAnimations().length && getComputedStyle(card).opacity === '1'"), "?"
    )


if __name__ == "__main__":
    main()
