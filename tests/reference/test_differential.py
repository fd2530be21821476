"""Both judges on the same random bundles: a sample here, ``REFERENCE_BUNDLES`` many (100,000) with ``-m long``."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hypothesis import given

from tests.examples import examples
from tests.reference import comparison, generator, judge
from tests.reference.comparison import Disagreement, Tally
from tests.reference.recipes import Recipe

SHOWN = 5
SHARE = 1000


def _told(tally: Tally) -> str:
    """The first disagreements of each kind, shrunk, with their bundles."""
    lines = [f"{len(tally.disagreements)} disagreements in {tally.bundles} bundles, {dict(tally.verdicts)}"]
    seen = set()
    for disagreement in sorted(tally.disagreements, key=lambda d: d.product):
        if len(seen) == SHOWN:
            break
        small = comparison.shrink(disagreement)
        kind = small.expected, small.product, tuple(name for name, _ in small.recipe.changes)
        if kind not in seen:
            seen.add(kind)
            lines += [repr(small), json.dumps(generator.build(small.recipe, comparison.ids(0)), indent=1)]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(2))
def test_a_sample_of_random_bundles(seed: int) -> None:
    tally = comparison.run(150, seed)
    assert not tally.disagreements, _told(tally)
    assert len(tally.cautious) <= tally.findings / 50
    assert min(tally.verdicts[verdict] for verdict in ("PASS", "FAIL", "INCONCLUSIVE")) > tally.findings / 8


@given(generator.recipes())
@examples(80)
def test_random_bundles_that_shrink(recipe: Recipe) -> None:
    tally = Tally()
    comparison.compare([recipe], tally)
    assert not tally.disagreements, _told(tally)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("part", range(int(os.environ.get("REFERENCE_BUNDLES", "100000")) // SHARE))
def test_many_random_bundles(part: int) -> None:
    """Half an hour to an hour on two cores; ``REFERENCE_SEED`` chooses other bundles."""
    tally = comparison.run(SHARE, int(os.environ.get("REFERENCE_SEED", "20261130")) + part)
    assert not tally.disagreements, _told(tally)
    assert len(tally.cautious) <= tally.findings / 50


@pytest.mark.parametrize("case", comparison.cautious_cases(), ids=lambda case: case["title"])
def test_known_caution_is_still_known(case: dict[str, Any]) -> None:
    """The product answers INCONCLUSIVE where the reference proves FAIL; a case that is mended leaves the list."""
    recipe = comparison.recipe_for(case["control"], strict="--strict" in case["arguments"])
    (account,) = case["expected"]
    expected = judge.judge(case["captures"], case["control"], recipe.arguments)[account]
    finding = comparison.audit(case["captures"], recipe)[account]
    what = case.get("what", "verdict")
    assert getattr(expected, what) == {"FAIL"}
    assert finding[what] == "INCONCLUSIVE"
    assert finding["reason_code"] in case["reason_codes"]


def test_a_disagreement_is_found_and_shrunk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison itself: a product that answers PASS whatever it is shown is caught, with nothing superfluous."""
    real = comparison.audit

    def careless(*arguments: object) -> dict[str, dict[str, object]]:
        return {account: finding | {"verdict": "PASS"} for account, finding in real(*arguments).items()}  # type: ignore[arg-type]

    monkeypatch.setattr(comparison, "audit", careless)
    recipe = Recipe("plain", 1, (("trail_selectors", 5), ("filter_place", 1), ("further_publisher", 3)))
    tally = Tally()
    comparison.compare([recipe], tally)
    found: list[Disagreement] = [comparison.shrink(d) for d in tally.disagreements if d.what == "verdict"]
    assert [(d.product, len(d.recipe.changes)) for d in found] == [("PASS", 1)]
