"""``shapelens rules``: what is modelled, and where its rule stands."""

from __future__ import annotations

import argparse
import inspect
import os
import re
import sys
from typing import Any

import shape_engine  # noqa: F401  (registers every rule)
from shape_engine.rule import REGISTRY, FunctionRule, LayerRule, Rule
from shapelens.cli import CLEAN, FOUND
from shapelens.commands.output import Writer, columns, print_json


def run(options: argparse.Namespace) -> int:
    """List the rules, or those that NAME means."""
    found = _named(options.name)
    if options.output_format == "json":
        print_json([_record(rule) for rule in found])
        return CLEAN if found else FOUND
    if not found:
        print(f"shapelens: nothing called {options.name} is modelled", file=sys.stderr)
        return FOUND
    writer = Writer()
    if options.name is None or len(found) > 8:
        for line in columns((rule.target, _where(rule)) for rule in found):
            writer.line(line)
    else:
        for rule in found:
            _describe(writer, rule)
    return CLEAN


def _named(name: str | None) -> list[Rule]:
    """The rules of that name, else those whose last part it is, else those that contain it somewhere."""
    rules = sorted(REGISTRY.rules.items())
    if name is None:
        return [rule for _, rule in rules]
    wanted = name.lower()
    if wanted.startswith(("tf.keras.", "tensorflow.keras.")):
        wanted = wanted.partition(".")[2]
    wanted = wanted.replace("np.", "numpy.", 1) if wanted.startswith("np.") else wanted
    spellings: dict[str, list[str]] = {target: [target.lower()] for target, _ in rules}
    for alias, target in REGISTRY.aliases.items():
        spellings.setdefault(target, []).append(alias.lower())
    for fits in (
        lambda text: text == wanted,
        lambda text: text.rpartition(".")[2] == wanted,
        lambda text: wanted in text,
    ):
        if found := [rule for target, rule in rules if any(map(fits, spellings[target]))]:
            return found
    return []


def _describe(writer: Writer, rule: Rule) -> None:
    record = _record(rule)
    writer.line((record["name"], "bold"))
    rows = [("rule", record["where"]), ("about", record["about"])]
    rows += [(name, ", ".join(record[name])) for name in ("called with", "used", "checked", "neutral", "spellings")]
    for line in columns((f"  {name}", text) for name, text in rows if text):
        writer.line(line)
    writer.line()


def _record(rule: Rule) -> dict[str, Any]:
    record: dict[str, Any] = {
        "name": rule.target,
        "where": _where(rule),
        "about": _about(rule),
        "called with": [],
        "used": [],
        "checked": [],
        "neutral": [],
        "spellings": sorted(alias for alias, target in REGISTRY.aliases.items() if target == rule.target),
    }
    if isinstance(rule, LayerRule):
        shaping = _names(rule.function, rule.phases.get("spec"), rule.phases.get("build"))
        record["called with"] = [parameter.name for parameter in rule.inputs]
        record["used"] = [name for name in rule.settings if name in shaping]
        record["checked"] = [name for name in rule.settings if name not in shaping]
        record["neutral"] = [name for name in rule.neutral if name not in rule.settings]
    elif isinstance(rule, FunctionRule):
        stars: dict[Any, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
        found = [stars.get(p.kind, "") + p.name for p in rule.signature.parameters.values() if p.name not in rule.fixed]
        record["called with"] = [name for name in (found[1:] if rule.wants_call else found) if name != "**_"]
    return record


def _names(*functions: Any) -> set[str]:
    """The parameters of the phases of a layer."""
    return {name for function in functions if function is not None for name in inspect.signature(function).parameters}


def _about(rule: Rule) -> str:
    """The first sentence or two of what the rule's author says, without marks for manuals."""
    text = (inspect.getdoc(rule.function or type(rule)) or "").split("\n\n")[0]
    return re.sub(r":\w+:`~?([^`]*)`", r"\1", " ".join(text.split())).replace("``", "")


def _where(rule: Rule) -> str:
    file, _, line = rule.where.rpartition(":")
    relative = os.path.relpath(file)
    return f"{file if relative.startswith('..') else relative}:{line}"
