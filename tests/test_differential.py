"""Random programs of the convolution family: what the engine says is what the real framework does.

Set SHAPELENS_SEED to repeat a run and SHAPELENS_PROGRAMS to change how many programs are drawn.
"""

from __future__ import annotations

import os
import secrets

import pytest
from oracle.configurations import draw
from verdicts import SILENT, WRONG, listing, report, table, verdict

SEED = int(os.environ.get("SHAPELENS_SEED") or secrets.randbelow(2**32))
COUNTS = {"keras eager": 900, "keras symbolic": 900, "torch": 700}  # 2,500 in all
SILENCE = {"keras eager": 0.03, "keras symbolic": 0.01, "torch": 0.06}
"""How often the engine may be silent: where kernels, not layers, refuse a dtype, a length of zero or a
padding mode, their words depend on the code path that the numbers select."""


@pytest.mark.parametrize("mode", COUNTS, ids=lambda mode: mode.replace(" ", "-"))
def test_random_programs(mode, judge, capsys):
    worker = judge(mode.split()[0])
    count = int(os.environ.get("SHAPELENS_PROGRAMS") or COUNTS[mode])
    verdicts = [verdict(program, worker) for program in draw(mode, SEED, count)]
    with capsys.disabled():
        print(table(mode, SEED, verdicts))
    report(mode, verdicts)
    wrong = [v for v in verdicts if v.kind == WRONG]
    assert not wrong, f"SHAPELENS_SEED={SEED}: {len(wrong)} of {count} differ\n{listing(wrong)}"
    silent = [v for v in verdicts if v.kind == SILENT]
    assert len(silent) <= SILENCE[mode] * count, f"SHAPELENS_SEED={SEED}: silent on {len(silent)}\n{listing(silent)}"
