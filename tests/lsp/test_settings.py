"""Settings: from the editor, from files, and what is said about those that make no sense."""

from pathlib import Path

import pytest

from shapelens import settings
from shapelens.projects import locate
from shapelens.settings import Options, from_editor, line_of, merge, nearest, read


@pytest.mark.parametrize("spelling", ["inlayHints", "inlay-hints", "inlay_hints"])
def test_every_spelling_of_a_name(spelling: str) -> None:
    options, complaints = merge(Options(), {spelling: {"max-length": 7}})
    assert options.inlay_hints.max_length == 7
    assert complaints == ()


@pytest.mark.parametrize(
    ("given", "about"),
    [
        ({"colour": 1}, "unknown setting 'colour'"),
        ({"inlayHints": {"colour": 1}}, "unknown setting 'inlayHints.colour'"),
        ({"inlayHints": True}, "'inlayHints' must be a table of settings"),
        ({"inlayHints": {"placement": "above"}}, "'inlayHints.placement' must be one of afterName, endOfLine"),
        ({"inlayHints": {"maxLength": -1}}, "'inlayHints.maxLength' must be a number, 0 or more"),
        ({"inlayHints": {"enabled": "yes"}}, "'inlayHints.enabled' must be true or false"),
        ({"backend": "mxnet"}, "'backend' must be one of tensorflow, jax, torch, numpy"),
        ({"versions": {"keras": 3}}, "'versions' must have a text for 'keras'"),
        ({"versions": {"theano": "1.0"}}, "'versions' knows no framework 'theano'"),
        ({"rules": {"channel-mismatch": "loud"}}, "'rules' must have one of ignore, hint, info, warn, error for 'channel-mismatch'"),
        ({"exclude": "tests"}, "'exclude' must be a list of texts"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_and_changes_nothing(given: dict, about: str) -> None:
    options, complaints = merge(Options(), given)
    assert [complaint.text for complaint in complaints] == [about]
    assert options == Options()


def test_later_layers_win_key_by_key() -> None:
    options, _ = merge(Options(), {"rules": {"a": "warn", "b": "hint"}, "backend": "jax"})
    options, _ = merge(options, {"rules": {"b": "ignore"}})
    assert options.rules == {"a": "warn", "b": "ignore"}
    assert options.backend == "jax"


@pytest.mark.parametrize(
    "sent",
    [
        {"inlayHints": {"enabled": False}},
        {"shapelens": {"inlayHints": {"enabled": False}}},
        {"settings": {"shapelens": {"inlayHints": {"enabled": False}}}},
        {"shapelens.inlayHints.enabled": False},
        {"inlayHints.enabled": False},
    ],
)
def test_the_shapes_in_which_editors_send_settings(sent: dict) -> None:
    options, complaints = merge(Options(), from_editor(sent))
    assert not options.inlay_hints.enabled
    assert complaints == ()


@pytest.mark.parametrize("sent", [None, [], "x", 3, {}])
def test_an_editor_that_sends_nothing(sent: object) -> None:
    assert from_editor(sent) == {}


def test_the_nearest_file_that_speaks_of_us(tmp_path: Path) -> None:
    inner = tmp_path / "package" / "deep"
    inner.mkdir(parents=True)
    (tmp_path / "shapelens.toml").write_text("backend = 'jax'\n")
    (tmp_path / "package" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert nearest(inner) == tmp_path / "shapelens.toml"
    (tmp_path / "package" / "pyproject.toml").write_text("[tool.shapelens]\nbackend = 'torch'\n")
    found = nearest(inner)
    assert found == tmp_path / "package" / "pyproject.toml"
    config = read(found)
    assert config is not None
    assert config.values == {"backend": "torch"}


def test_a_virtual_document_belongs_to_the_folder_above(tmp_path: Path) -> None:
    folder = tmp_path / ".virtual_documents"
    folder.mkdir()
    (folder / "shapelens.toml").write_text("")
    (tmp_path / "shapelens.toml").write_text("")
    assert nearest(folder) == tmp_path / "shapelens.toml"


def test_the_project_of_a_document(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    uri = (folder / "deep" / "a.py").as_uri()
    assert locate("untitled:1", ()) == (None, None)
    assert locate("untitled:1", (folder,)) == (folder, None)
    assert locate(uri, (folder, tmp_path / "other")) == (folder, None)
    (folder / "setup.py").write_text("")
    assert locate(uri, ()) == (folder, None)
    (tmp_path / "shapelens.toml").write_text("backend = 'jax'\n")
    root, config = locate(uri, (folder,))
    assert root == folder
    assert config is not None
    assert config.values == {"backend": "jax"}
    (folder / "deep" / "shapelens.toml").write_text("")
    assert locate(uri, (folder,))[0] == folder / "deep"


PYPROJECT = """[project]
name = "colour"
colour = "not ours"

[tool.shapelens]
backend = "jax"
colour = 1

[tool.shapelens.inlay-hints]
placement = "above"
"""


def test_complaints_know_their_line(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(PYPROJECT)
    config = read(path)
    assert config is not None
    assert [(line_of(config, c), c.keys[-1]) for c in config.complaints] == [(7, "colour"), (10, "placement")]


def test_a_file_that_does_not_parse(tmp_path: Path) -> None:
    path = tmp_path / "shapelens.toml"
    path.write_text("backend = 'jax'\n= 3\n")
    config = read(path)
    assert config is not None
    assert config.values == {}
    assert [line_of(config, complaint) for complaint in config.complaints] == [2]


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "shapelens.toml"
    path.write_text("backend = 'jax'\n")
    config = read(path)
    assert config is not None
    assert not settings.changed(config)
    path.write_text("backend = 'torch' # longer\n")
    assert settings.changed(config)
    path.unlink()
    assert settings.changed(config)
    assert read(path) is None
