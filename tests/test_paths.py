"""Findings in branches that nobody knows to be taken: claimed if the branch can be, as far as its function tells."""

from __future__ import annotations

import textwrap

import pytest

from shape_engine import Engine

WRONG = "torch.zeros(2, 4) + torch.zeros(2, 5)"
HEAD = """
import torch
from enum import Enum

class Kind(Enum):
    WIDE = "wide"
    HIGH = "high"
    FLAT = "flat"

def is_wide(kind):
    return kind == Kind.WIDE
"""


@pytest.mark.parametrize(
    "text",
    [
        """
        def each_branch(mode):
            if mode is None:
                return None
            if mode == "a":
                return wrong()  # raises
            elif mode == "b":
                return wrong()  # raises
            return wrong()  # raises
        """,
        """
        def the_same_condition(flag, other):
            if flag:
                if not flag:
                    wrong()
                if flag and other:
                    wrong()  # raises
            else:
                wrong()  # raises
                if flag:
                    wrong()
        """,
        """
        def the_condition_has_changed(flag, other):
            if flag:
                flag = other
                if not flag:
                    wrong()  # raises
        """,
        """
        def handed_on(flag):
            if flag:
                taken(flag, 3)

        def taken(really, number):
            if not really:
                wrong()

        def left_open(flag, other):
            if other:
                if not flag:
                    return None
            taken_or_not(flag)

        def taken_or_not(really):
            if not really:
                wrong()  # raises
        """,
        """
        def both_or_none(old, new):
            if is_wide(old) ^ is_wide(new):
                raise ValueError
            if new == Kind.HIGH and old == Kind.WIDE:
                wrong()
            if old == Kind.FLAT:
                wrong()

        def from_wide(new):
            old = Kind.WIDE
            if is_wide(old) ^ is_wide(new):
                raise ValueError
            if new == Kind.HIGH:
                wrong()
            if new == Kind.WIDE:
                wrong()  # raises
        """,
        """
        def only_until_the_loop_ends(kinds, kind):
            for one in kinds:
                if kind == one:
                    break
            if kind == Kind.HIGH:
                wrong()  # raises

        def after_a_handler(kind, rare):
            try:
                if rare(kind):
                    raise ValueError
            except ValueError:
                pass
            if kind == Kind.HIGH:
                wrong()  # raises
        """,
        """
        def unlike(mode, rare):
            if rare(mode):
                return None
            if mode == "a":
                wrong()
            assert mode != "b"
            if mode == "b":
                wrong()
        """,
    ],
)
def test_a_branch_is_judged_for_calls_that_get_there(text: str) -> None:
    program = HEAD + textwrap.dedent(text).replace("wrong()", WRONG)
    snapshot = Engine().update("file:///paths.py", 1, program)
    told = {number for number, line in enumerate(program.split("\n"), 1) if line.endswith("# raises")}
    assert {finding.span.line for finding in snapshot.findings} == told


def test_a_member_of_an_enum_is_no_text() -> None:
    program = HEAD + "size = 3 if isinstance(Kind.WIDE, str) else 4\nx = torch.zeros(2, size)\n"
    seen = Engine().update("file:///enum.py", 1, program).observations
    assert [str(one.tensor.shape) for one in seen if one.text == "x" and one.tensor is not None] == ["(2, 4)"]
