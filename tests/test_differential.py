"""Random programs of the convolution family: what the engine says is what the real framework does.

Set SHAPELENS_SEED to repeat a run and SHAPELENS_PROGRAMS to change how many programs are drawn.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest
from oracle.configurations import draw
from verdicts import SILENT, WRONG, table, verdict

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
    if where := os.environ.get("SHAPELENS_REPORT"):  # a folder, to look through what is silent or wrong
        for kind in (SILENT, WRONG):
            found = sorted((v for v in verdicts if v.kind == kind), key=lambda v: (v.about, len(v.program.text)))
            shown = "\n\n".join(f"--- {v.about}\n{v.program.text}{v.detail}" for v in found)
            Path(where, f"{mode}.{kind}.txt").write_text(shown, encoding="utf-8")
    wrong = sorted((v for v in verdicts if v.kind == WRONG), key=lambda v: len(v.program.text))
    assert not wrong, f"SHAPELENS_SEED={SEED}: {len(wrong)} of {count} differ\n" + "\n".join(
        f"--- {v.about}\n{v.program.text}{v.detail}" for v in wrong[:12]
    )
    silent = [v for v in verdicts if v.kind == SILENT]
    assert len(silent) <= SILENCE[mode] * count, (
        f"SHAPELENS_SEED={SEED}: silent on {len(silent)} of {count}\n"
        + "\n".join(
            f"--- {v.about}\n{v.program.text}{v.detail}" for v in sorted(silent, key=lambda v: len(v.program.text))[:12]
        )
    )
