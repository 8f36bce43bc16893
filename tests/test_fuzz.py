"""Programs that nobody wrote, in a row: spliced, mutated, broken.  The long search is ``fuzz/fuzz_engine.py``.

SHAPELENS_SEED chooses what is tried.
"""

from __future__ import annotations

import os

import pytest
from fuzz.checks import check
from fuzz.mutate import session
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

SEED = int(os.environ.get("SHAPELENS_SEED", "0"))
QUIET = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])


@pytest.mark.slow
@seed(SEED)
@settings(QUIET, max_examples=120)
@given(st.randoms(use_true_random=True))
def test_mutated_programs_break_nothing(rng):
    texts = session(rng)
    try:
        check(texts)
    except AssertionError as error:
        pytest.fail(f"{error}\n\nafter these texts:\n\n" + "\n======\n".join(texts))


@pytest.mark.slow
@seed(SEED)
@settings(QUIET, max_examples=150)
@given(st.lists(st.one_of(st.binary(max_size=120).map(lambda data: data.decode("utf-8", "surrogateescape")), st.text(max_size=120)), min_size=1, max_size=3))  # fmt: skip
def test_any_text_breaks_nothing(texts):
    check(texts)
