"""Which public names are modelled, and how many claims of the fixtures judge them: docs/coverage.md.

    python benchmarks/coverage_names.py           # print the totals
    python benchmarks/coverage_names.py --write   # write the page, the names asked of the installed keras

The names of ``keras`` are what the installed framework exports; those of ``tf`` are the ones that published code
calls most (``tests/data/tf_names.txt``, ranked).  A name is *modelled* if the registry has a rule for it.  A *judged
claim* is a line of a fixture, ``#:`` or ``#!`` and no known gap, whose statement uses the name: written out, through
an import, or through a variable to which an object of the class was assigned.  Such a line was confirmed by the
framework itself.  Other spellings of one rule share their claims.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "server"), str(ROOT / "tests")]

from judges import Fixture  # noqa: E402

from shape_engine.interpreter.imports import canonical  # noqa: E402
from shape_engine.rule import REGISTRY  # noqa: E402

PAGE = ROOT / "docs" / "coverage.md"
RANKED = ROOT / "tests" / "data" / "tf_names.txt"
MODULES = ("layers", "ops", "ops.numpy", "ops.nn", "ops.image", "ops.linalg", "losses")
SPEAKS = {"keras", "tf", "numpy", "python"}
"""The folders of fixtures in which ``keras`` means Keras 3."""

HEAD = """\
# Coverage: public names

Written by `python benchmarks/coverage_names.py --write`; a test fails when this page is stale. Names of `keras` are what
Keras {version} exports; names of `tf` are the 150 that published code calls most, in that order. *Modelled*: there is a
rule. *Claims*: lines of the fixtures that use the name and that the framework has confirmed, shapes and exceptions.

"""
NAMES_OF_KERAS = """
import importlib, inspect, keras

def public(path):
    module = importlib.import_module("keras." + path)
    return sorted(n for n in dir(module) if not n.startswith("_") and not inspect.ismodule(getattr(module, n)))

[keras.__version__, {path: public(path) for path in PATHS}]
"""


def question() -> str:
    """The program whose last value is the version of keras and its public names by module."""
    return f"PATHS = {MODULES!r}\n{NAMES_OF_KERAS.strip()}"


def ranked() -> list[str]:
    """The names of TensorFlow, the most frequent first."""
    return [line.split()[0] for line in RANKED.read_text(encoding="utf-8").splitlines()]


def page(version: str, names: dict[str, list[str]]) -> str:
    """The whole page, for the public names of keras by module."""
    claimed = claims()
    sections = {f"keras.{module}": [f"keras.{module}.{name}" for name in found] for module, found in names.items()}
    sections["tf"] = ranked()
    rows, tables = [], []
    for section, targets in sections.items():
        known = [target for target in targets if is_modelled(target)]
        counts = {target: claimed[REGISTRY.aliases.get(target, target)] for target in targets}
        judged = sum(counts[target] > 0 for target in known)
        rows.append((section, len(targets), len(known), judged))
        tables.append(f"\n## {section}\n\n| name | modelled | claims |\n|---|---|---:|\n")
        tables += [f"| {t} | {'yes' if t in known else 'no'} | {counts[t] or ''} |\n" for t in targets]
    rows.append(("all", *(sum(column) for column in list(zip(*rows, strict=True))[1:])))
    totals = "| names | public | modelled | share | with claims | share |\n|---|---:|---:|---:|---:|---:|\n"
    for section, total, known, judged in rows:
        totals += f"| {section} | {total} | {known} | {known / total:.1%} | {judged} | {judged / total:.1%} |\n"
    return HEAD.format(version=version) + totals + "".join(tables)


def written(text: str) -> tuple[str, dict[str, list[str]]]:
    """The version of keras and its names by module, read back from a page."""
    names: dict[str, list[str]] = {module: [] for module in MODULES}
    section = ""
    for line in text.splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ").removeprefix("keras.")
        elif line.startswith("| keras.") and section in names:
            names[section].append(line.split()[1].rpartition(".")[2])
    version = re.search(r"^Keras (\S+) exports", text, re.M)
    return version[1] if version else "", names


def is_modelled(target: str) -> bool:
    return REGISTRY.find(target) is not None or target in REGISTRY.attributes


def claims() -> Counter[str]:
    """How many judged claims there are for each target."""
    found: Counter[str] = Counter()
    for path in sorted((ROOT / "tests" / "fixtures").glob("*/*.py")):
        fixture = Fixture(path)
        if fixture.framework not in SPEAKS:
            continue
        meanings = dict(bindings(fixture.tree))
        for claim in fixture.claims.values():
            if not claim.gap:
                found.update(set(targets(fixture.statements[claim.line], meanings)))
    return found


def bindings(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What names mean: imports, and variables to which an object of a class is assigned."""
    meanings: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name if alias.asname else alias.name.partition(".")[0]
                meanings[alias.asname or root] = canonical(root, False, (3,))[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                meanings[alias.asname or alias.name] = canonical(f"{node.module}.{alias.name}", False, (3,))[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
            target = meaning(node.value.func, meanings)
            if target is not None and target.rpartition(".")[2][:1].isupper():
                meanings.setdefault(node.targets[0].id, target)
    yield from meanings.items()


def targets(statement: ast.stmt, meanings: dict[str, str]) -> Iterator[str]:
    """The targets that a statement uses; of a definition or a loop only the last line is meant, so none."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.With, ast.If, ast.Try)):
        return
    for node in ast.walk(statement):
        if isinstance(node, (ast.Name, ast.Attribute)):
            target = meaning(node, meanings)
            if target is not None:
                yield REGISTRY.aliases.get(target, target)


def meaning(node: ast.expr, meanings: dict[str, str]) -> str | None:
    """The canonical name that a chain of attributes spells."""
    if isinstance(node, ast.Name):
        return meanings.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = meaning(node.value, meanings)
        if owner is not None:
            spelling = f"{owner}.{node.attr}"
            return "keras" + spelling.removeprefix("tf.keras") if spelling.startswith("tf.keras") else spelling
    return None


def totals(text: str) -> Iterable[str]:
    """The lines of the page before its first section."""
    return text.partition("\n## ")[0].splitlines()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="ask the installed keras, and write the page")
    args = parser.parse_args()
    if args.write:
        from oracle.process import worker

        version, names = worker("keras").value(question())
        text = page(version, {module: list(found) for module, found in names.items()})
        PAGE.write_text(text, encoding="utf-8")
    else:
        text = page(*written(PAGE.read_text(encoding="utf-8")))
    print("\n".join(line for line in totals(text) if line.startswith("|")))


if __name__ == "__main__":
    main()
