"""The packed extension in a workspace that nobody trusts yet, in a light theme; then the page that begins with it.

The workspace says which programs to start as the server: they must not be.  Afterwards it is trusted, and they count.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from editors.test_workbench import NETWORK
from editors.workbench import Workbench

from editors import served
from editors import workbench as real

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("workbench")]

LEGIBLE = 4.5  # the contrast that WCAG 2 asks of text
SETTINGS = {"security.workspace.trust.enabled": True, "workbench.colorTheme": "Default Light Modern"}
CONTRAST = """element => {
  const light = colour => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255);
    const [r, g, b] = parts.map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const style = getComputedStyle(element);
  let back = element;
  const clear = colour => colour === 'transparent' || colour.endsWith(', 0)');
  while (back.parentElement && clear(getComputedStyle(back).backgroundColor)) back = back.parentElement;
  const paper = light(getComputedStyle(back).backgroundColor);
  const ink = light(element instanceof SVGElement ? style.fill : style.color);
  return [(Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05), paper];
}"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The workbench on a folder whose settings name a server and an interpreter of its own, which tell that they ran."""
    if lacking := real.missing():
        served.absent(lacking)
    home = tmp_path_factory.mktemp("restricted")
    project = home / "project"
    (project / ".vscode").mkdir(parents=True)
    (project / "network.py").write_text(NETWORK)
    hostile = project / "hostile.sh"
    hostile.write_text(f"#!/bin/sh\necho \"$0\" >> '{home / 'ran'}'\nexit 1\n")
    hostile.chmod(0o755)
    said = {"shapelens.path": str(hostile), "shapelens.interpreter": str(hostile)}
    (project / ".vscode" / "settings.json").write_text(json.dumps(said))
    with real.workbench(home, project, [real.pack(home / "shapelens.vsix")], SETTINGS, trusted=False) as bench:
        yield bench


def test_what_is_not_trusted_starts_nothing_and_has_its_shapes(bench: Workbench) -> None:
    bench.open("network.py")
    bench.page.get_by_role("button", name="Restricted Mode").first.wait_for()
    bench.wait(lambda: "x: (N, 5408) = layers.Flatten()(x)" in bench.lines(), bench.drawn)
    assert not (bench.home / "ran").exists()


def test_the_summary_is_legible_in_a_light_and_in_a_dark_theme(bench: Workbench) -> None:
    bench.page.locator(".codelens-decoration a", has_text="54,170 params").click()
    page = bench.web_view()
    row, box = page.locator("#rows tr td", has_text="(None, 5408)"), page.locator("#graph svg text").first
    row.wait_for()
    for is_light in True, False:
        bench.wait(
            lambda wanted=is_light: (row.evaluate(CONTRAST)[1] > 0.5) == wanted, f"the page is not light: {is_light}"
        )
        for element in row, box:
            contrast, _ = element.evaluate(CONTRAST)
            assert contrast >= LEGIBLE, (is_light, contrast)
        bench.page.locator(".tab", has_text="network.py").click()
        bench.command("Preferences: Toggle between Light/Dark Themes")


def test_the_walkthrough_opens_and_leads_to_the_example(bench: Workbench) -> None:
    bench.command("Welcome: Open Walkthrough")
    bench.page.locator(".quick-input-widget input").fill("Shapelens")
    bench.page.locator(".quick-input-list .monaco-list-row.focused", has_text="Get Started with Shapelens").wait_for()
    bench.page.keyboard.press("Enter")
    steps = bench.page.locator(".getting-started-step .step-title")
    steps.first.wait_for()
    titles = [real.plain(text) for text in steps.all_inner_texts()]
    assert titles == [
        "See shapes",
        "Ask why",
        "Repair what would raise",
        "See the whole model",
        "Speak for your environment",
    ]
    pictures = bench.page.locator(".getting-started-media img")
    bench.wait(lambda: pictures.count() == 1 and pictures.evaluate("it => it.naturalWidth > 0"), "there is no picture")
    bench.page.get_by_role("button", name="Open Example").click()
    bench.wait(lambda: bench.squiggles() == 1, "the example has no mistake")
    bench.wait(lambda: "y2: (1, 6, 6, 32) = size(x2)" in bench.lines(), bench.drawn)


def test_what_is_trusted_may_choose_the_server(bench: Workbench) -> None:
    assert not (bench.home / "ran").exists()
    bench.command("Workspaces: Manage Workspace Trust")
    bench.page.locator(".workspace-trust-editor").get_by_role("button", name="Trust", exact=True).click()
    bench.wait(lambda: (bench.home / "ran").exists(), "the server of the workspace has not been started")
