"""Who may import whom.  Each line of ALLOWED is an invariant of ARCHITECTURE.md."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import shape_engine  # noqa: F401  (registers every rule)
from shape_engine.rule import REGISTRY, LayerRule

ROOT = Path(__file__).parents[1]
FRAMEWORKS = {"keras", "tf_keras", "tensorflow", "torch", "jax"}
PROTOCOL = {"pygls", "lsprotocol", "jedi", "shapelens", "rich", "pytest"}

BASE = {
    "description",
    "dim",
    "shape",
    "axes",
    "value",
    "dtypes",
    "evidence",
    "problems",
    "wording",
    "formulas",
    "rule",
    "snapshot",
}
ALLOWED: dict[str, set[str]] = {  # part of shape_engine -> the parts it may import (itself, always)
    "dim": set(),
    "shape": {"dim"},
    "axes": {"dim", "shape"},
    "value": {"dim", "shape"},
    "syntax": set(),
    "dtypes": {"dim", "value"},
    "problems": {"dim", "shape", "axes"},
    "evidence": {"problems"},
    "wording": {"dim", "dtypes", "shape", "problems", "value", "formulas"},
    "formulas": {"dim", "shape", "value", "dtypes", "evidence", "problems"},
    "snapshot": {"dim", "shape", "value", "problems", "wording", "evidence"},
    "description": {"value"},
    "rule": {"value", "description", "evidence", "wording"},
    "rules": BASE - {"snapshot"},
    "interpreter": BASE | {"syntax"},  # never rules: it has never heard of Conv2D
    "incremental": {"value", "syntax"},  # for Span alone: it has never heard of shapes
    "render": BASE | {"syntax"},
}
TOP = {"engine", "document", "ledger", "sharing", "assembly", "models", "fixes", "__init__"}
"""The composition may import everything in shape_engine."""
FACADE = {"snapshot", "render", "dim", "shape", "value", "rule", "fixes", "problems", "models", "description"}
"""What the server may import: of ``problems`` it needs the codes that settings name."""


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def part_of(path: Path) -> str:
    """The module or package of shape_engine that a file belongs to."""
    return path.relative_to(ROOT / "shape_engine").parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """The absolute dotted name of everything that a file imports, imports inside functions too."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = ".".join(package[: len(package) - node.level + 1])
                module = f"{base}.{node.module}" if node.module else base
            else:
                module = node.module or ""
            if node.level and not node.module:
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, module


@pytest.mark.parametrize("path", sources("shape_engine"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_part_of_the_engine_imports_only_what_it_may(path):
    part = part_of(path)
    assert part in ALLOWED or part in TOP, f"{part} is not in the table: say what it may import"
    for line, name in imports(path):
        where = f"{path.relative_to(ROOT)}:{line}: {name}"
        root, _, rest = name.partition(".")
        if root != "shape_engine":
            assert root in sys.stdlib_module_names, f"{where}: the engine needs nothing but the standard library"
            continue
        imported = rest.partition(".")[0]
        if part in ALLOWED and imported:
            assert imported in ALLOWED[part] | {part}, where


@pytest.mark.parametrize("path", sources("shape_engine/rules"), ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_of_one_framework_import_no_rules_of_another(path):
    parts = path.relative_to(ROOT / "shape_engine/rules").parts
    others = {folder.name for folder in (ROOT / "shape_engine/rules").iterdir() if folder.is_dir()} - {parts[0]}
    for line, name in imports(path):
        if name.startswith("shape_engine.rules."):
            assert name.split(".")[2] not in others or len(parts) == 1, f"{path}:{line}: {name}"


@pytest.mark.parametrize("path", sources("server"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_server_imports_no_framework_and_only_the_facade(path):
    """Rules, wording, formulas and the interpreter are none of its business."""
    for line, name in imports(path):
        root, _, rest = name.partition(".")
        where = f"{path.relative_to(ROOT)}:{line}: {name}"
        assert root not in FRAMEWORKS, where
        if name == "shape_engine.wording":  # for the name of a type
            continue
        if root == "shape_engine" and rest:
            assert rest.partition(".")[0] in FACADE, where


def test_incremental_knows_spans_but_no_shapes():
    for path in sources("shape_engine/incremental"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 2 and node.module != "syntax":
                assert {alias.name for alias in node.names} <= {"Span"}, f"{path}:{node.lineno}"


def test_the_interpreter_names_no_layer():
    """Targets of rules stand in rules/, as literal strings."""
    for path in sources("shape_engine/interpreter") + sources("shape_engine/incremental"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.fullmatch(r"(keras\.layers|torch\.nn)\.[A-Z]\w*", node.value), f"{path}:{node.lineno}"


def test_every_target_is_a_literal_string():
    """Searching for "keras.layers.Conv2D" finds its rule, and exactly one."""
    layers = [target for target, rule in REGISTRY.rules.items() if isinstance(rule, LayerRule)]
    assert layers
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources("shape_engine/rules"))
    assert not [target for target in layers if len(re.findall(rf'^@\w+\("{re.escape(target)}"', text, re.M)) != 1]
