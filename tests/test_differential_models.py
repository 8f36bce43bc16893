"""Random models with random data and loss: predict, and a step of fit, against the real framework.

Set SHAPELENS_SEED to repeat a run and SHAPELENS_MODELS to change how many models are drawn.
"""

from __future__ import annotations

import os
import secrets

import pytest
from oracle import graphs, models
from verdicts import SILENT, WRONG, listing, report, table, verdict

SEED = int(os.environ.get("SHAPELENS_SEED") or secrets.randbelow(2**32))
COUNT = 100
DRAWN = {"chains": models.draw, "graphs": graphs.draw}
SILENCE = {"chains": 0.05, "graphs": 0.15}


@pytest.mark.slow
@pytest.mark.parametrize("kind", DRAWN)
def test_random_models(kind, judge, capsys):
    worker = judge("keras")
    count = int(os.environ.get("SHAPELENS_MODELS") or COUNT)
    verdicts = [verdict(program, worker) for program in DRAWN[kind](SEED, count)]
    with capsys.disabled():
        print(table(kind, SEED, verdicts))
    report(kind, verdicts)
    wrong = [v for v in verdicts if v.kind == WRONG]
    assert not wrong, f"SHAPELENS_SEED={SEED}: {len(wrong)} of {count} differ\n{listing(wrong)}"
    silent = [v for v in verdicts if v.kind == SILENT]
    assert len(silent) <= SILENCE[kind] * count, f"SHAPELENS_SEED={SEED}: silent on {len(silent)}\n{listing(silent)}"
