"""The extension's package.json says what the server knows, and the rest of it fits together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from shapelens import __version__, settings
from shapelens.settings import Options

ROOT = Path(__file__).resolve().parents[2]
EXTENSION = ROOT / "editors" / "vscode"
PACKAGE = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
LISTED: dict[str, Any] = PACKAGE["contributes"]["configuration"]["properties"]
CLIENTS_OWN = {f"shapelens.{name}" for name in ("path", "args", "importStrategy", "trace.server")}


def known(options: Any = Options, prefix: str = "shapelens.") -> Iterator[tuple[str, Field[Any], Any]]:
    """The server's settings: the name that editors use, and the default."""
    values = options() if isinstance(options, type) else options
    for item in fields(values):
        head, *rest = item.name.split("_")
        name, value = prefix + head + "".join(map(str.capitalize, rest)), getattr(values, item.name)
        if is_dataclass(value):
            yield from known(value, name + ".")
        else:
            yield name, item, value


def test_the_settings_are_those_of_the_server() -> None:
    assert set(LISTED) - CLIENTS_OWN == {name for name, _, _ in known()}
    assert set(LISTED) >= CLIENTS_OWN


@pytest.mark.parametrize(("name", "item", "default"), [pytest.param(*each, id=each[0]) for each in known()])
def test_a_setting_has_the_servers_default_and_choices(name: str, item: Field[Any], default: Any) -> None:
    listed = LISTED[name]
    assert listed["default"] == (list(default) if isinstance(default, tuple) else default)
    choices = item.metadata.get("one of")
    told = listed.get("additionalProperties", listed) if name == "shapelens.rules" else listed
    assert told.get("enum") == (list(choices) if choices else None)
    if "keys" in item.metadata:
        assert tuple(listed["properties"]) == item.metadata["keys"]


def test_the_server_takes_the_defaults() -> None:
    sent = {name: listed["default"] for name, listed in LISTED.items() if name not in CLIENTS_OWN}
    assert settings.merge(Options(), settings.from_editor(sent)) == (Options(), ())


def test_the_extension_does_not_send_what_is_its_own() -> None:
    source = (EXTENSION / "src" / "settings.ts").read_text(encoding="utf-8")
    names = ", ".join(f"'{name}'" for name in ("path", "args", "importStrategy", "trace.server"))
    assert f"new Set([{names}])" in source


def test_what_chooses_a_program_is_restricted() -> None:
    limits = PACKAGE["capabilities"]["untrustedWorkspaces"]
    assert limits["supported"] == "limited"
    choosing = ("path", "args", "interpreter", "importStrategy")
    assert set(limits["restrictedConfigurations"]) == {f"shapelens.{name}" for name in choosing}
    source = (EXTENSION / "src" / "extension.ts").read_text(encoding="utf-8")
    assert set(re.findall(r"'(\w+)'", re.search(r"CHOOSE_THE_SERVER = \[(.*)\]", source)[1])) == set(choosing)  # type: ignore[index]
    assert PACKAGE["capabilities"]["virtualWorkspaces"]["supported"] is False


def test_the_commands_are_registered() -> None:
    source = (EXTENSION / "src" / "extension.ts").read_text(encoding="utf-8")
    for command in PACKAGE["contributes"]["commands"]:
        assert f"registerCommand('{command['command']}'" in source


def test_the_version_and_the_lock() -> None:
    lock = json.loads((EXTENSION / "package-lock.json").read_text(encoding="utf-8"))
    assert PACKAGE["version"] == lock["version"] == __version__
    assert lock["packages"][""]["devDependencies"] == PACKAGE["devDependencies"]
    hosts = {package["resolved"].split("/")[2] for package in lock["packages"].values() if "resolved" in package}
    assert hosts <= {"registry.npmjs.org"}


def test_what_the_walkthrough_names_is_there() -> None:
    commands = {command["command"] for command in PACKAGE["contributes"]["commands"]}
    for step in PACKAGE["contributes"]["walkthroughs"][0]["steps"]:
        for file in (step["media"].get("image"), step["media"].get("markdown")):
            assert file is None or (EXTENSION / file).is_file(), file
        named = set(re.findall(r"\(command:(shapelens\.\w+)", step["description"]))
        assert named <= commands


def test_the_libraries_that_are_packed_are_those_that_the_server_needs() -> None:
    listed = (EXTENSION / "requirements.txt").read_text(encoding="utf-8")
    packed = {line.partition("==")[0] for line in listed.splitlines() if line and not line.startswith("#")}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = re.search(r"^dependencies = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    assert wanted is not None
    direct = set(re.findall(r'^    "([\w-]+)', wanted[1], re.MULTILINE))
    assert direct <= packed
