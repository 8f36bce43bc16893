"""Random programs over every Keras layer that has a rule: what the engine says is what the real framework does.

Set SHAPELENS_SEED to repeat a run and SHAPELENS_PROGRAMS to change how many programs are drawn.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter

import pytest
from oracle.layers import draw, layers
from verdicts import RIGHT, SILENT, WRONG, listing, report, table, verdict

SEED = int(os.environ.get("SHAPELENS_SEED") or secrets.randbelow(2**32))
COUNTS = {"keras symbolic": 2000, "keras eager": 1000}
SILENCE = {"keras symbolic": 0.08, "keras eager": 0.16}
"""How often the engine may be silent: with numbers it is TensorFlow's kernels that refuse odd dtypes and settings."""

UNTOLD = {"Wrapper"}
"""A layer that cannot be called: how that ends hangs on the layer inside, and nothing is claimed of it."""


@pytest.mark.slow
@pytest.mark.parametrize("mode", COUNTS, ids=lambda mode: mode.replace(" ", "-"))
def test_random_layers(mode, judge, capsys):
    worker = judge(mode.split()[0])
    count = int(os.environ.get("SHAPELENS_PROGRAMS") or COUNTS[mode])
    verdicts = [verdict(program, worker) for program in draw(mode, SEED, count)]
    with capsys.disabled():
        print(table(mode, SEED, verdicts))
    report(f"layers {mode}", verdicts)
    wrong = [v for v in verdicts if v.kind == WRONG]
    assert not wrong, f"SHAPELENS_SEED={SEED}: {len(wrong)} of {count} differ\n{listing(wrong)}"
    silent = [v for v in verdicts if v.kind == SILENT]
    assert len(silent) <= SILENCE[mode] * count, f"SHAPELENS_SEED={SEED}: silent on {len(silent)}\n{listing(silent)}"
    right = Counter(v.program.layer for v in verdicts if v.kind == RIGHT)
    unknown = set(layers()) - set(right) - UNTOLD
    assert count < 4 * len(layers()) or not unknown, f"nothing is known of {unknown}"
