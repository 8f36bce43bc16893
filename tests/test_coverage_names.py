"""docs/coverage.md says what is true: of the rules and fixtures that are here, and of the framework's names."""

from __future__ import annotations

import ast

from test_coverage_tool import benchmark

tool = benchmark("coverage_names")
PAGE = tool.PAGE.read_text(encoding="utf-8")


def test_the_page_is_fresh():
    fresh = tool.page(*tool.written(PAGE))
    assert fresh == PAGE, "stale: python benchmarks/coverage_names.py --write"


def test_the_names_are_those_of_the_framework(judge):
    version, names = judge("keras").value(tool.question())
    assert tool.written(PAGE) == (version, {module: list(found) for module, found in names.items()})


def test_a_claim_counts_for_the_names_that_its_statement_uses():
    tree = ast.parse(
        "import keras\nimport tensorflow as tf\nfrom keras import layers, ops as o\n"
        "dense = layers.Convolution1D(3, 2)\ndense(o.exp(tf.keras.Input((3, 4))))\ny = o.exp\n"
    )
    meanings = dict(tool.bindings(tree))
    used = set(tool.targets(tree.body[4], meanings))
    assert used == {"keras.layers.Conv1D", "keras.ops.exp", "keras.Input", "keras.ops", "tf", "keras"}
    assert "y" not in meanings
