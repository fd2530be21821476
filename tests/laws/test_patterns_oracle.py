"""`relate` against an SMT solver on random pairs; a longer run stands in docs/patterns.md."""

from __future__ import annotations

import pytest

from tests.patterns.oracle import disagreements, pair_of

SHARE = 400


@pytest.mark.parametrize("part", range(5))
def test_z3_agrees(part: int) -> None:
    counts, wrong = disagreements(map(pair_of, range(part * SHARE, (part + 1) * SHARE)))
    assert wrong == []
    assert counts["undecidable"] == 0
    assert counts["given up by z3"] <= SHARE // 20
    assert min(counts[name] for name in ("equal", "broader", "narrower", "overlapping", "disjoint")) >= 10
