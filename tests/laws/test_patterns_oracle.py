"""`relate` against an SMT solver on 40,000 random pairs: the first part in each run, the others in the long set."""

from __future__ import annotations

import pytest

from tests.patterns.oracle import disagreements, pair_of

SHARE = 500
PARTS = range(80)


@pytest.mark.parametrize("part", [pytest.param(part, marks=[pytest.mark.long] * (part > 0)) for part in PARTS])
def test_z3_agrees(part: int) -> None:
    counts, wrong = disagreements(map(pair_of, range(part * SHARE, (part + 1) * SHARE)))
    assert wrong == []
    assert counts["undecidable"] == 0
    assert counts["given up by z3"] <= SHARE // 50
    assert min(counts[name] for name in ("equal", "broader", "narrower", "overlapping", "disjoint")) >= 5
