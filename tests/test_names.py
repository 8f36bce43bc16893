"""Modules of the user's are found as Python would find them; frameworks and installed packages are not."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from shape_engine.snapshot import PENDING, Located
from shapelens.environment import Environment
from shapelens.names import JediNames, path_of, read_source


@pytest.fixture
def tree(tmp_path):
    """Makes files from {"path": "text"} and returns the folder."""

    def make(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return make


def place(root: Path, located: Located | None) -> str | None:
    """Where a module was found, below the folder."""
    if located is None:
        return None
    path = path_of(located.uri)
    assert path is not None
    return path.relative_to(root).as_posix()


def locate(root: Path, importer: str, module: str, level: int = 0, **options) -> str | None:
    names = JediNames(root, blocking=True, **options)
    return place(root, names.locate(module, (root / importer).as_uri(), level))


FILES = {
    "train.py": "",
    "utils.py": "",
    "models/__init__.py": "",
    "models/unet.py": "",
    "models/blocks/__init__.py": "",
    "models/blocks/conv.py": "",
    "loose/parts/head.py": "",
    "src/package/__init__.py": "",
    "src/package/core.py": "",
    "tests/test_core.py": "",
    "project/main.py": "",
    "project/utils.py": "",
    "project/helpers/tools.py": "",
    "stubbed.pyi": "",
    "both.py": "",
    "both.pyi": "",
}


@pytest.mark.parametrize(
    ("importer", "module", "level", "expected"),
    [
        ("train.py", "utils", 0, "utils.py"),
        ("train.py", "models", 0, "models/__init__.py"),
        ("train.py", "models.unet", 0, "models/unet.py"),
        ("train.py", "models.blocks.conv", 0, "models/blocks/conv.py"),
        ("models/blocks/conv.py", "models.unet", 0, "models/unet.py"),
        ("models/blocks/conv.py", "utils", 0, "utils.py"),
        ("models/blocks/conv.py", "unet", 0, None),
        ("models/blocks/conv.py", "", 1, "models/blocks/__init__.py"),
        ("models/blocks/conv.py", "conv", 1, "models/blocks/conv.py"),
        ("models/blocks/conv.py", "unet", 2, "models/unet.py"),
        ("models/blocks/__init__.py", "conv", 1, "models/blocks/conv.py"),
        ("models/blocks/__init__.py", "blocks.conv", 2, "models/blocks/conv.py"),
        ("models/unet.py", "nothing", 1, None),
        ("models/unet.py", "x", 99, None),
        ("train.py", "loose", 0, "loose"),
        ("train.py", "loose.parts", 0, "loose/parts"),
        ("train.py", "loose.parts.head", 0, "loose/parts/head.py"),
        ("loose/parts/head.py", "", 1, "loose/parts"),
        ("tests/test_core.py", "package.core", 0, "src/package/core.py"),
        ("project/main.py", "utils", 0, "project/utils.py"),
        ("project/main.py", "helpers.tools", 0, "project/helpers/tools.py"),
        ("project/helpers/tools.py", "utils", 0, "project/utils.py"),
        ("train.py", "stubbed", 0, "stubbed.pyi"),
        ("train.py", "both", 0, "both.py"),
        ("train.py", "absent", 0, None),
        ("train.py", "models.absent", 0, None),
        ("train.py", "utils.absent", 0, None),
        ("train.py", "os", 0, None),
        ("train.py", "sys", 0, None),
    ],
)
def test_a_module_is_found(tree, importer, module, level, expected):
    assert locate(tree(FILES), importer, module, level) == expected


def test_a_package_says_that_it_is_one(tree):
    root = tree(FILES)
    names = JediNames(root, blocking=True)
    importer = (root / "train.py").as_uri()
    located = [names.locate(module, importer, 0) for module in ("models", "loose", "utils")]
    assert [found is not None and found.package for found in located] == [True, True, False]


def test_a_file_beside_the_script_hides_the_standard_library_and_a_folder_does_not(tree):
    root = tree({"a.py": "", "random.py": "", "statistics/data.txt": "", "sys.py": "", "sub/b.py": ""})
    assert locate(root, "a.py", "random") == "random.py"
    assert locate(root, "sub/b.py", "random") is None
    assert locate(root, "a.py", "statistics") is None
    assert locate(root, "a.py", "sys") is None


def test_something_compiled_is_no_text(tree):
    root = tree({"a.py": "", "fast.so": "", "typed.so": "", "typed.pyi": "", "pure.pyd": "", "pure.py": ""})
    assert locate(root, "a.py", "fast") is None
    assert locate(root, "a.py", "typed") == "typed.pyi"
    assert locate(root, "a.py", "pure") == "pure.py"


def test_changes_of_the_search_path_are_followed(tree):
    text = 'import os, sys\nsys.path.append(os.path.join(os.path.dirname(__file__), "..", "shared"))\nimport tool\n'
    root = tree({"app/main.py": text, "shared/tool.py": "", "shared/pack/__init__.py": "", "shared/pack/a.py": ""})
    assert locate(root, "app/main.py", "tool") == "shared/tool.py"
    assert locate(root, "app/main.py", "pack.a") == "shared/pack/a.py"
    assert locate(root, "app/main.py", "absent") is None


def test_the_editors_text_counts_where_a_document_is_open(tree):
    root = tree({"app/main.py": "", "shared/tool.py": ""})
    opened = 'import sys\nsys.path.insert(0, "../shared")\n'
    assert locate(root, "app/main.py", "tool") is None
    assert locate(root, "app/main.py", "tool", text_of=lambda uri: opened) == "shared/tool.py"


def test_jedi_answers_later_and_says_so(tree):
    root = tree({"app/main.py": 'import sys\nsys.path.append("../shared")\n', "shared/tool.py": ""})
    importer = (root / "app/main.py").as_uri()
    told: list[frozenset[str]] = []
    heard = threading.Event()

    def found(uris: frozenset[str]) -> None:
        told.append(uris)
        heard.set()

    names = JediNames(root, found=found)
    assert names.locate("tool", importer, 0) is PENDING
    assert names.locate("tool", importer, 0) in (PENDING, Located("tool", (root / "shared/tool.py").as_uri()))
    assert heard.wait(60)
    assert told == [frozenset({importer})]
    assert names.locate("tool", importer, 0) == Located("tool", (root / "shared/tool.py").as_uri())
    names.close()


def test_a_failure_of_jedis_is_logged_and_means_unknown(tree, monkeypatch, caplog):
    root = tree({"main.py": "import sys\nsys.path.append('x')\n"})

    def fail(*args):
        raise RuntimeError("inside jedi")

    monkeypatch.setattr("shapelens.names.ask_jedi", fail)
    assert locate(root, "main.py", "tool") is None
    assert "inside jedi" in caplog.text


@pytest.fixture
def environment(tree):
    root = tree(
        {
            "site/site-packages/lib/__init__.py": "",
            "site/site-packages/single.py": "",
            "elsewhere/mine/__init__.py": "",
            "work/a.py": "",
            "work/lib/data.txt": "",
            "work/single/__init__.py": "",
        }
    )
    return root, Environment(root / "site", "setting", (root / "site/site-packages",), editable=(root / "elsewhere",))


def test_installed_packages_are_followed_only_where_asked(environment):
    root, found = environment

    def where(module: str, installed: bool) -> str | None:
        names = JediNames(root / "work", found, blocking=True, installed=installed)
        return place(root, names.locate(module, (root / "work/a.py").as_uri(), 0))

    assert where("lib", False) is None  # the folder lib/ is no package, the installed one is
    assert where("lib", True) == "site/site-packages/lib/__init__.py"
    assert where("single", False) == where("single", True) == "work/single/__init__.py"
    assert where("mine", False) == "elsewhere/mine/__init__.py"


SHADOWS = {
    "script.py": "",
    "data/torch/readme.txt": "",
    "a/torch.py": "",
    "a/main.py": "",
    "b/torch/__init__.py": "",
    "b/main.py": "",
    "c/torch/readme.txt": "",
    "c/main.py": "",
    "d/pack/__init__.py": "",
    "d/pack/torch.py": "",
    "d/pack/main.py": "",
    "e/torch/__init__.py": "",
    "e/torch/nn/modules/conv.py": "",
    "e/main.py": "",
    "f/site-packages/keras/__init__.py": "",
    "f/site-packages/keras/user.py": "",
}


@pytest.mark.parametrize(
    ("importer", "name", "expected"),
    [
        ("script.py", "torch", False),
        ("a/main.py", "torch", True),
        ("a/main.py", "keras", False),
        ("b/main.py", "torch", True),
        ("b/torch/__init__.py", "torch", True),
        ("c/main.py", "torch", False),  # a folder without __init__ hides nothing that is installed
        ("d/pack/main.py", "torch", False),  # d/pack is a package: import torch looks in d
        ("e/main.py", "torch", False),  # a checkout of the framework
        ("f/site-packages/keras/user.py", "keras", False),
    ],
)
def test_a_file_of_the_users_called_like_a_framework(tree, importer, name, expected):
    root = tree(SHADOWS)
    assert JediNames(root).shadows((root / importer).as_uri(), name) is expected


def test_a_relative_import_is_never_the_framework(tree):
    assert locate(tree(SHADOWS), "d/pack/main.py", "torch", 1) == "d/pack/torch.py"


def test_answers_are_kept_until_files_change(tree):
    root = tree({"a.py": "", "sub/b.py": ""})
    names = JediNames(root, blocking=True)
    importer = (root / "a.py").as_uri()
    other = (root / "sub/b.py").as_uri()
    assert names.locate("tool", importer, 0) is None
    assert names.locate("fool", other, 0) is None
    tree({"tool.py": "x = 1\n"})
    assert names.locate("tool", importer, 0) is None
    assert names.invalidate([(root / "unrelated.txt").as_uri()]) == frozenset()
    assert names.invalidate([root / "tool.py"]) == {importer}
    assert place(root, names.locate("tool", importer, 0)) == "tool.py"
    (root / "tool.py").unlink()
    assert names.invalidate([(root / "tool.py").as_uri()]) == {importer}
    assert names.locate("tool", importer, 0) is None
    assert names.invalidate() == {importer, other}


def test_a_new_package_is_found_by_any_of_its_files(tree):
    root = tree({"a.py": ""})
    names = JediNames(root, blocking=True)
    importer = (root / "a.py").as_uri()
    assert names.locate("pack.core", importer, 0) is None
    tree({"pack/__init__.py": "", "pack/core.py": ""})
    assert names.invalidate([root / "pack" / "__init__.py"]) == {importer}
    assert place(root, names.locate("pack.core", importer, 0)) == "pack/core.py"


def test_a_folder_that_becomes_a_package_names_its_modules_anew(tree):
    root = tree({"nets/deep.py": "", "nets/shallow.py": ""})
    names = JediNames(root, blocking=True)
    importer = (root / "nets" / "deep.py").as_uri()
    assert names.locate("shallow", importer, 1).name == "shallow"
    tree({"nets/__init__.py": ""})
    assert names.invalidate([root / "nets" / "__init__.py"]) == {importer}
    assert names.locate("shallow", importer, 1).name == "nets.shallow"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("x = 'é'\n".encode(), "x = 'é'\n"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        ("# coding: latin-1\nx = 'é'\n".encode("latin-1"), "# coding: latin-1\nx = 'é'\n"),
        (b"x = 1\r\ny = 2\r\n", "x = 1\r\ny = 2\r\n"),
        (b"x = '\xff'\n", None),
        (b"# coding: no-such-thing\n", None),
        (b"", ""),
    ],
)
def test_a_text_is_decoded_as_python_does(tmp_path, data, expected):
    path = tmp_path / "m.py"
    path.write_bytes(data)
    assert read_source(path) == expected
    assert JediNames(tmp_path).read(path.as_uri()) == expected


def test_what_is_read(tmp_path):
    names = JediNames(tmp_path)
    path = tmp_path / "m é.py"
    assert names.read(path.as_uri()) is None
    path.write_text("x = 1\n")
    assert names.read(path.as_uri()) == "x = 1\n"
    path.write_text("x = 22\n")
    assert names.read(path.as_uri()) == "x = 22\n"
    assert names.read(tmp_path.as_uri()) == ""
    assert names.read("untitled:Untitled-1") is None


def test_documents_without_a_file_import_from_the_workspace(tree):
    root = tree({"utils.py": "", "notebooks/book.ipynb": "", "notebooks/near.py": ""})
    names = JediNames(root, blocking=True)
    assert place(root, names.locate("utils", "untitled:Untitled-1", 0)) == "utils.py"
    cell = (root / "notebooks/book.ipynb").as_uri().replace("file:", "vscode-notebook-cell:") + "#W0"
    assert place(root, names.locate("near", cell, 0)) == "notebooks/near.py"


def test_the_editors_spelling_of_a_uri_is_used(tree):
    root = tree({"a.py": "", "b.py": ""})
    names = JediNames(root, uri_of=lambda path: f"editor:{path.name}")
    assert names.locate("b", (root / "a.py").as_uri(), 0) == Located("b", "editor:b.py")
