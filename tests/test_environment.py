"""The user's environment is found and read, on any platform's layout, and nothing of it runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from shape_engine.snapshot import IMAGE_DATA_FORMAT
from shapelens import environment
from shapelens.environment import find, parse_version, prefix_of

NOTHING: dict[str, str] = {"KERAS_HOME": os.devnull}

LAYOUTS = {
    "linux": "lib/python3.11/site-packages",
    "lib64": "lib64/python3.12/site-packages",
    "windows": "Lib/site-packages",
    "debian": "lib/python3/dist-packages",
}


def make(folder: Path, layout: str = LAYOUTS["linux"], config: str = "version = 3.11.7\n", **versions: str) -> Path:
    """A virtual environment with these distributions."""
    site = folder / layout
    site.mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text(config)
    for name, version in versions.items():
        info = site / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nVersion: 9\n")
    return site


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_an_environment_in_the_workspace(tmp_path, layout):
    site = make(tmp_path / ".venv", layout, torch="2.13.0+cpu", numpy="2.4.6")
    found = find(tmp_path, environ=NOTHING)
    assert (found.path, found.origin, found.site_packages) == (tmp_path / ".venv", ".venv", (site,))
    assert found.settings.versions == {"torch": (2, 13, 0), "numpy": (2, 4, 6)}
    assert "torch 2.13.0" in found.summary


def test_the_order_in_which_places_are_looked_at(tmp_path):
    root = tmp_path / "work"
    make(root / "venv", torch="1.0")
    assert find(root, environ=NOTHING).origin == "venv"
    make(root / ".venv", torch="2.0")
    assert find(root, environ=NOTHING).origin == ".venv"
    make(tmp_path / "conda", torch="3.0")
    make(tmp_path / "active", torch="4.0")
    set_by = {**NOTHING, "CONDA_PREFIX": str(tmp_path / "conda")}
    assert find(root, environ=set_by).settings.versions["torch"] == (3, 0)
    set_by["VIRTUAL_ENV"] = str(tmp_path / "active")
    assert find(root, environ=set_by).settings.versions["torch"] == (4, 0)
    make(root / "mine", torch="5.0")
    chosen = find(root, "mine", environ=set_by)
    assert (chosen.origin, chosen.settings.versions["torch"]) == ("setting", (5, 0))
    assert find(root, "gone", environ=set_by).origin == "VIRTUAL_ENV"
    assert find(root, environ={**NOTHING, "VIRTUAL_ENV": str(tmp_path / "gone")}).origin == ".venv"


def test_the_servers_own_is_the_last_resort(tmp_path):
    found = find(tmp_path, environ=NOTHING)
    assert (found.path, found.origin) == (Path(sys.prefix), "server")
    assert found.site_packages
    assert find(None, environ=NOTHING).origin == "server"


def test_the_folders_around_count_up_to_the_repository(tmp_path):
    make(tmp_path / ".venv", torch="1.0")
    inner = tmp_path / "repo" / "notebooks" / "deep"
    inner.mkdir(parents=True)
    assert find(inner, environ=NOTHING).origin == "server"
    (tmp_path / "repo" / ".git").mkdir()
    assert find(inner, environ=NOTHING).origin == "server"
    make(tmp_path / "repo" / "venv", torch="2.0")
    assert find(inner, environ=NOTHING).settings.versions["torch"] == (2, 0)


@pytest.mark.parametrize("name", ["bin/python", "bin", "", "Scripts/python.exe"])
def test_what_a_setting_may_name(tmp_path, name):
    make(tmp_path / "env one", torch="2.0")
    executable = tmp_path / "env one" / name
    assert prefix_of(executable) == tmp_path / "env one"
    assert find(tmp_path, f"${{workspaceFolder}}/env one/{name}", environ=NOTHING).origin == "setting"


def test_a_linked_interpreter_belongs_to_its_own_folder(tmp_path):
    make(tmp_path / "base", torch="1.0")
    make(tmp_path / "env", torch="2.0")
    for name in ("base", "env"):
        (tmp_path / name / "bin").mkdir()
    (tmp_path / "base/bin/python").write_text("")
    (tmp_path / "env/bin/python").symlink_to(tmp_path / "base/bin/python")
    assert find(tmp_path, "env/bin/python", environ=NOTHING).settings.versions["torch"] == (2, 0)


def test_system_packages_count_where_the_environment_includes_them(tmp_path):
    make(tmp_path / "base", torch="1.0", numpy="1.26.4")
    (tmp_path / "base" / "bin").mkdir()
    config = f"home = {tmp_path}/base/bin\ninclude-system-site-packages = {{}}\nversion = 3.11.7\n"
    make(tmp_path / "yes", config=config.format("true"), torch="2.0")
    make(tmp_path / "no", config=config.format("false"), torch="2.0")
    assert find(tmp_path, "yes", environ=NOTHING).settings.versions == {"torch": (2, 0), "numpy": (1, 26, 4)}
    assert find(tmp_path, "no", environ=NOTHING).settings.versions == {"torch": (2, 0)}


def test_the_folder_of_the_environments_own_python_is_taken(tmp_path):
    make(tmp_path / ".venv", "lib/python3.10/site-packages", torch="2.0")
    newer = tmp_path / ".venv/lib/python3.13/site-packages/torch-9.0.dist-info"
    newer.mkdir(parents=True)
    (tmp_path / ".venv/pyvenv.cfg").write_text("version_info = 3.10.4.final.0\n")
    assert find(tmp_path, environ=NOTHING).settings.versions == {"torch": (2, 0)}


@pytest.mark.parametrize("name", ["tensorflow", "tensorflow_cpu", "tensorflow_intel", "tensorflow_macos", "tf_nightly"])
def test_tensorflow_has_many_names(tmp_path, name):
    make(tmp_path / ".venv", **{name: "2.17.0"})
    assert find(tmp_path, environ=NOTHING).settings.versions == {"tensorflow": (2, 17, 0)}


def test_the_metadata_wins_over_the_folders_name(tmp_path):
    site = make(tmp_path / ".venv", keras="3.15.1")
    (site / "keras-3.15.1.dist-info" / "METADATA").write_text("Name: keras\nVersion: 3.15.2\n")
    (site / "torch-2.1.egg-info").mkdir()
    (site / "numpy-1.26.4-py3.11.egg-info").write_text("Version: 1.26.4\n")
    assert find(tmp_path, environ=NOTHING).settings.versions == {
        "keras": (3, 15, 2), "torch": (2, 1), "numpy": (1, 26, 4),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("versions", "environ", "legacy", "tf_keras"),
    [
        ({"keras": "3.15.1", "tensorflow": "2.21.0"}, {}, False, None),
        ({"keras": "3.15.1", "tensorflow": "2.21.0"}, {"TF_USE_LEGACY_KERAS": "1"}, True, None),
        ({"keras": "3.15.1", "tensorflow": "2.21.0"}, {"TF_USE_LEGACY_KERAS": "0"}, False, None),
        ({"keras": "3.15.1", "tensorflow": "2.21.0"}, {"TF_USE_LEGACY_KERAS": "yes"}, False, None),
        ({"keras": "2.15.0", "tensorflow": "2.15.1"}, {}, True, (2, 15, 0)),
        ({"keras": "2.15.0"}, {}, True, (2, 15, 0)),
        ({"tensorflow": "2.12.0"}, {}, True, None),
        ({"tf_keras": "2.21.0", "keras": "3.1.0"}, {"TF_USE_LEGACY_KERAS": "True"}, True, (2, 21, 0)),
        ({}, {}, False, None),
    ],
)
def test_which_keras_tf_keras_is(tmp_path, versions, environ, legacy, tf_keras):
    make(tmp_path / ".venv", **versions)
    settings = find(tmp_path, environ={**NOTHING, **environ}).settings
    assert settings.legacy_keras is legacy
    assert settings.versions.get("tf_keras") == tf_keras


def test_the_backend_and_the_data_format(tmp_path):
    make(tmp_path / ".venv", keras="3.15.1")
    home = tmp_path / "keras home"
    home.mkdir()
    environ = {"KERAS_HOME": str(home)}
    assert find(tmp_path, environ=environ).settings.backend == "tensorflow"
    (home / "keras.json").write_text('{"backend": "torch", "image_data_format": "channels_first"}')
    found = find(tmp_path, environ=environ)
    assert (found.settings.backend, found.settings.state) == ("torch", {IMAGE_DATA_FORMAT: "channels_first"})
    assert find(tmp_path, environ={**environ, "KERAS_BACKEND": "jax"}).settings.backend == "jax"
    assert find(tmp_path, environ={**environ, "KERAS_BACKEND": "jax"}, backend="numpy").settings.backend == "numpy"
    for broken in ("{", "[]", '{"backend": 3, "image_data_format": []}'):
        (home / "keras.json").write_text(broken)
        found = find(tmp_path, environ=environ)
        assert (found.settings.backend, found.settings.state) == ("tensorflow", {})


def test_settings_win_over_what_is_installed(tmp_path):
    make(tmp_path / ".venv", keras="3.15.1", torch="2.0")
    settings = find(tmp_path, versions={"keras": "2.15", "numpy": "junk"}, environ=NOTHING).settings
    assert settings.versions == {"keras": (2, 15), "tf_keras": (2, 15), "torch": (2, 0)}
    assert settings.legacy_keras
    assert not find(tmp_path, versions={"keras": "2.15"}, legacy_keras=False, environ=NOTHING).settings.legacy_keras


def test_an_installation_is_noticed(tmp_path):
    site = make(tmp_path / ".venv", keras="3.15.1")
    assert "torch" not in find(tmp_path, environ=NOTHING).settings.versions
    (site / "torch-2.0.dist-info").mkdir()
    os.utime(site, ns=(1, 1))  # some file systems tell seconds only
    assert find(tmp_path, environ=NOTHING).settings.versions["torch"] == (2, 0)
    environment.forget()
    assert find(tmp_path, environ=NOTHING).settings.versions["torch"] == (2, 0)


def test_packages_in_development_mode(tmp_path):
    site = make(tmp_path / ".venv")
    (tmp_path / "mine" / "src").mkdir(parents=True)
    (site / "__editable__.mine.pth").write_text(f"{tmp_path}/mine/src\n# remark\nimport os; os.abort()\n/gone\n\n")
    (site / "relative.pth").write_text("../../../../mine\n")
    found = find(tmp_path, environ=NOTHING)
    assert found.editable == (tmp_path / "mine" / "src", tmp_path / "mine")


def test_versions():
    assert parse_version("2.21") == (2, 21)
    assert parse_version("3.0.0.dev2024010103") == (3, 0, 0)
    assert parse_version("") == ()
