"""Patterns of terms against an SMT solver, and the time that nasty pairs take."""

from __future__ import annotations

import pytest

from tests.patterns.nasty import pairs, slow
from tests.patterns.oracle_texts import disagreements

SHARE = 60
SECONDS = 5


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in (1, 2))])
def test_z3_agrees_on_texts(part: int) -> None:
    counts, wrong = disagreements(range(part * SHARE, (part + 1) * SHARE))
    assert wrong == []
    assert counts["undecidable"] == 0
    assert counts["given up by z3"] <= SHARE // 4
    assert counts["json: undecidable"] <= 2


@pytest.mark.long  # seconds say nothing while the lines that run are counted
def test_no_pair_takes_long() -> None:
    assert list(slow(SECONDS, list(pairs())[::8])) == []
