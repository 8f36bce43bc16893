"""Every fixture before both judges, and typed in edit by edit."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from judges import (
    UNKNOWN,
    Belief,
    Fixture,
    agrees,
    at,
    believe,
    same_text,
    symbols_for,
    what_happens,
)
from oracle.normalise import normalise
from shadow import after_every_edit, typing_in

from shape_engine.problems import all_problems

FIXTURES = [Fixture(path) for path in sorted(Path(__file__).parent.glob("fixtures/*/*.py"))]
each_fixture = pytest.mark.parametrize("fixture", FIXTURES, ids=str)
COMPARED = 150
"""After so many edits of a fixture that is typed in, at the most, a fresh engine is asked as well."""


def test_there_are_fixtures():
    assert len(FIXTURES) >= 4
    assert {fixture.framework for fixture in FIXTURES} >= {"keras", "torch"}


@each_fixture
def test_the_framework_agrees(fixture, judge):
    judge(fixture.framework)
    for sizes in fixture.sizes:
        happened = what_happens(fixture, sizes)
        assert not happened.crashed, (sizes, happened.crashed)
        wrong = []
        for claim in fixture.claims.values():
            raised = happened.raised.get(claim.line, [])
            if claim.kind == "shape":
                values = happened.values.get(claim.line, [])
                wrong += [(claim.line, f"is {value}, not {claim.text}") for value in values if value != claim.at(sizes)]
                if not values:
                    wrong.append((claim.line, "a claim that no one reached"))
            elif claim.gap and not any(outcome["type"] == claim.text for outcome in raised):
                wrong.append((claim.line, f"should raise {claim.text}, but {raised}"))
            elif not raised and claim.text != "undefined-result":
                wrong.append((claim.line, f"does not raise; should: {claim.text}"))
        surprises = [
            (line, outcome["type"], outcome["text"])
            for line, outcomes in happened.raised.items()
            for outcome in outcomes
            if line not in fixture.claims or fixture.claims[line].kind != "problem"
        ]
        assert not wrong, (sizes, wrong)
        assert not surprises, (sizes, surprises)


@each_fixture
def test_the_exception_is_predicted(fixture, judge):
    judge(fixture.framework)
    for sizes in fixture.sizes:
        happened = what_happens(fixture, sizes)
        predicted = believe(fixture.source, **sizes).findings(fixture)
        wrong = []
        for claim in fixture.claims.values():
            if claim.kind != "problem" or claim.gap:
                continue
            for outcome in happened.raised.get(claim.line, []):
                wrong += [
                    (claim.line, difference)
                    for finding in predicted.get(claim.line, [])
                    if (difference := disagreement(finding.raised, outcome))
                ]
            if not predicted.get(claim.line):
                wrong.append((claim.line, "no finding with numbers for the symbols"))
        assert not wrong, (sizes, wrong)


@each_fixture
def test_the_engine_agrees(fixture):
    codes = {problem.code for problem in all_problems()}
    unknown = {c.text for c in fixture.claims.values() if c.kind == "problem" and not c.gap} - codes
    assert not unknown, f"no problem has such a code: {unknown}"
    belief = believe(fixture.source, **symbols_for(fixture))
    assert not belief.snapshot.broken
    wrong = [difference for sizes in fixture.sizes for difference in differences(fixture, belief, sizes)]
    assert not wrong, wrong


@each_fixture
def test_the_engine_agrees_with_numbers(fixture):
    for sizes in fixture.sizes:
        wrong = differences(fixture, believe(fixture.source, **sizes), sizes)
        assert not wrong, (sizes, wrong)


@each_fixture
def test_typing_it_in(fixture):
    seed = random.Random(str(fixture)).randrange(2**32)
    texts = typing_in(fixture.source, seed=seed)
    for step, warm, cold in after_every_edit(texts, fixture.sizes[0], most=COMPARED, seed=seed):
        assert warm == cold, f"seed {seed}, {step}"


def differences(fixture: Fixture, belief: Belief, sizes: dict) -> list[tuple[int, str]]:
    """Where the engine does not say what the fixture claims, at these sizes."""
    wrong = []
    findings = belief.findings(fixture)
    for claim in fixture.claims.values():
        codes = {finding.code for finding in findings.get(claim.line, [])}
        if claim.kind == "problem":
            expected = set() if claim.gap else {claim.text}
            if codes != expected:
                wrong.append((claim.line, f"findings {codes or 'none'}, not {expected or 'none yet'}"))
            continue
        truth = claim.at(sizes)
        believed = at(belief.value(fixture.statements[claim.line]), sizes)
        if codes:
            wrong.append((claim.line, f"findings {codes} on a line that runs"))
        elif claim.gap:
            if not agrees(believed, truth):
                wrong.append((claim.line, f"{believed} is worse than unknown: it is {truth}"))
            elif believed == truth:
                wrong.append((claim.line, f"no gap any more: {truth}"))
        elif believed != truth:
            wrong.append((claim.line, f"{believed}, not {truth}"))
    for line, others in findings.items():
        if line not in fixture.claims:
            wrong.append((line, f"a finding that nobody claims: {others[0].code} {others[0].raised}"))
    return wrong


def disagreement(predicted, outcome) -> str | None:
    """How a predicted exception differs from the one that was raised; None if it does not."""
    if predicted.type is None:
        return None  # undefined data: nothing was promised
    if predicted.type != outcome["type"]:
        return f"predicted {predicted.type}, raised {outcome['type']}: {outcome['text']}"
    if predicted.text is None:
        return None if not predicted.exact else "predicted no text"
    if not same_text(predicted, outcome["text"]):
        return f"predicted text\n{normalise(predicted.text)}\nraised with text\n{normalise(outcome['text'])}"
    return None


def test_unknown_is_no_shape():
    assert not agrees((1, 2), (1, 3))
    assert not agrees((1, 2), (1, 2, 3))
    assert agrees((1, UNKNOWN), (1, 2))
    assert agrees(UNKNOWN, (1, 2))
