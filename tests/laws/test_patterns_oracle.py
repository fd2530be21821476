"""`relate` against an SMT solver on 40,000 random pairs, in parts: of the first a sample in each run."""

from __future__ import annotations

import pytest

from tests.patterns.oracle import disagreements, pair_of

SAMPLE = 200
SHARE = 500
PARTS = [(part * SHARE, SHARE) for part in range(80)]


@pytest.mark.parametrize(
    ("first", "number"), [(0, SAMPLE), *(pytest.param(*part, marks=pytest.mark.long) for part in PARTS)]
)
def test_z3_agrees(first: int, number: int) -> None:
    counts, wrong = disagreements(map(pair_of, range(first, first + number)))
    assert wrong == []
    assert counts["undecidable"] == 0
    assert counts["given up by z3"] <= number // 50
    least = min(counts[name] for name in ("equal", "broader", "narrower", "overlapping", "disjoint"))
    assert least >= number // 100
