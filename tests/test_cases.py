"""The executed cases: for every recorded program the engine is right or silent, never wrong."""

from __future__ import annotations

import ast
import json
import lzma
import os
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from judges import UNKNOWN, Belief, agrees, at, believe, has_unknown, same_text

from shape_engine import Settings
from shape_engine.wording import Raised

DATA = Path(__file__).parent / "data" / "executed_cases.jsonl.xz"

RIGHT, SILENT, WRONG = "right", "silent", "wrong"

LEAST: dict[str, float] = {
    "keras3_tf": 0.98,
    "keras3_jax": 0.96,
    "keras3.14.1": 0.98,
    "keras3.13.2": 0.98,
    "keras3.12.4": 0.98,
    "keras3.10.0": 0.98,
    "keras3.8.0": 0.98,
    "keras3.6.0": 0.98,
    "keras3.3.3": 0.98,
    "tf_keras": 0.42,
    "keras2.15": 0.43,
    "torch": 0.61,
    "fn": 0.14,
    "other keras": 0.82,
    "other tf_keras": 0.45,
    "other torch": 0.93,
}
"""The share of right answers by set, which must not fall."""


@lru_cache(maxsize=1)
def cases() -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """By set: id, program and outcome."""
    found: dict[str, list[tuple[str, str, dict[str, Any]]]] = defaultdict(list)
    with lzma.open(DATA, "rt", encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            for happened in case["outcomes"]:
                for name in happened["sets"]:
                    found[name].append((case["id"], case["code"], happened["outcome"]))
    return found


def test_every_set_is_tried():
    assert cases().keys() == LEAST.keys()
    assert sum(map(len, cases().values())) > 16_000


@pytest.mark.parametrize("name", LEAST)
def test_executed_cases(name, capsys):
    settings = settings_of(name)
    counts: Counter[str] = Counter()
    shown: dict[str, list[str]] = defaultdict(list)
    for id_, code, outcome in cases()[name]:
        kind, detail = compare(believe(_readable(code, outcome), settings=settings), outcome)
        counts[kind] += 1
        shown[kind].append(f"--- {id_}\n{code}\n{detail}")
    total = sum(counts.values())
    with capsys.disabled():
        print(f"\n{name}: {counts[RIGHT]} of {total} right, {counts[SILENT]} silent, {counts[WRONG]} wrong")
    if where := os.environ.get("SHAPELENS_REPORT"):  # a folder, to look through what is silent or wrong
        for kind in (SILENT, WRONG):
            Path(where, f"{name}.{kind}.txt").write_text("\n".join(shown[kind]), encoding="utf-8")
    assert not counts[WRONG], f"{counts[WRONG]} of {total}\n" + "\n".join(shown[WRONG][:15])
    assert counts[RIGHT] >= LEAST[name] * total, "fewer right than before:\n" + "\n".join(shown[SILENT][:15])


@pytest.mark.parametrize(
    ("framework", "name"),
    [
        ("keras", "keras3_tf"),
        ("torch", "torch"),
        ("keras", "other keras"),
        ("torch", "other torch"),
        ("tf_keras", "tf_keras"),
    ],
)
def test_the_records_are_true(framework, name, judge):
    """An evenly spread sample, run again."""
    worker = judge(framework)
    sample = cases()[name][:: max(1, len(cases()[name]) // 60)]
    differ = []
    for id_, code, recorded in sample:
        *_, outcome = worker.run(code)
        if outcome["kind"] in ("items", "dict"):
            outcome["kind"] = "value"
        same = outcome["kind"] == recorded["kind"]
        if same and recorded["kind"] == "shape":
            same = outcome["shape"] == recorded["shape"]
        if same and recorded["kind"] == "raise":
            now = Raised(outcome["type"], outcome["text"])
            same = now.type == recorded["type"] and same_text(now, recorded["text"], cut=recorded.get("cut", False))
        if not same:
            differ.append(f"--- {id_}\n{code}\nrecorded {recorded}\nnow {outcome}")
    assert not differ, "\n".join(differ)


def settings_of(name: str) -> Settings:
    """The environment in which a set was recorded."""
    if name == "keras3_jax":
        return Settings(backend="jax")
    if name == "keras2.15":
        return Settings(versions={"keras": (2, 15, 0), "tensorflow": (2, 15, 1)})
    if name.startswith("keras3."):
        return Settings(versions={"keras": tuple(map(int, name.removeprefix("keras").split(".")))})
    return Settings()


def compare(belief: Belief, outcome: dict[str, Any]) -> tuple[str, str]:
    """How the engine did on one case."""
    if belief.snapshot.findings:
        predicted = belief.snapshot.findings[0].raised
        detail = f"predicted {predicted.type}: {predicted.text}\nhappened {outcome}"
        if predicted.type is None:
            return RIGHT, "undefined, and no promise made"
        if outcome["kind"] != "raise" or predicted.type != outcome["type"]:
            return WRONG, detail
        if predicted.text is None:
            return SILENT, detail
        if not same_text(predicted, outcome["text"], cut=outcome.get("cut", False)):
            return WRONG, detail
        return (RIGHT if predicted.exact else SILENT), detail
    value = at(belief.value(ast.parse(belief.text).body[-1]), {})
    detail = f"believed {value}\nhappened {outcome}"
    if outcome["kind"] == "raise":
        return (SILENT if has_unknown(value) else WRONG), detail
    if outcome["kind"] == "shape":
        truth = tuple(outcome["shape"])
    else:
        truth = _plain_repr(outcome.get("repr"))
        if truth == UNKNOWN:
            return RIGHT, "runs, and nothing was found"
    if not agrees(value, truth):
        return WRONG, detail
    return (RIGHT if value == truth else SILENT), detail


def _readable(code: str, outcome: dict[str, Any]) -> str:
    """The program, with a list as its last value made a tuple: the items of a list may change later."""
    if outcome["kind"] != "value":
        return code
    tree = ast.parse(code)
    last = tree.body[-1]
    if isinstance(last, ast.Expr) and isinstance(last.value, (ast.ListComp, ast.List)):
        last.value = ast.Call(ast.Name("tuple", ast.Load()), [last.value], [])
        return ast.unparse(ast.fix_missing_locations(tree))
    return code


def _plain_repr(text: str | None) -> Any:
    """The value that a repr stands for where that is a literal, as tuples; UNKNOWN otherwise."""
    try:
        value = ast.literal_eval(text or "")
    except (ValueError, SyntaxError):
        return UNKNOWN
    return _as_tuple(value) if isinstance(value, (list, tuple)) else UNKNOWN


def _as_tuple(value: Any) -> Any:
    return tuple(map(_as_tuple, value)) if isinstance(value, (list, tuple)) else value
