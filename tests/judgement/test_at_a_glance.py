"""A filter that is seen to be for other events is for other events by a comparison too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.catalogue import load_controls
from auditor.judgement.nearest import ANY_EVENT, worth_having
from auditor.judgement.question import question
from auditor.judgement.relations import seen_for_other_events
from auditor.patterns import noticed, relate
from auditor.verdict import Relation

WILD = json.loads((Path(__file__).parents[1] / "patterns" / "data" / "wild.json").read_text("utf-8"))
PATTERNS = sorted({case["pattern"] for case in WILD["patterns"]})
VARIANTS = [(control, variant) for control in sorted(load_controls()) for variant in load_controls()[control].variants]


@pytest.mark.parametrize(("control_id", "variant"), VARIANTS)
def test_what_is_seen_is_what_is_compared(control_id: str, variant: str) -> None:
    control = load_controls()[control_id]
    asked = question(control, control.variants[variant], covers=False, strict=False)
    place = VARIANTS.index((control_id, variant))
    for pattern in PATTERNS[place::30]:
        seen = seen_for_other_events(pattern, asked.accepted, asked.objective_pattern, asked.pairs)
        if seen is None:
            continue
        relations = {required: relate(pattern, required).relation for required in asked.accepted}
        assert {relations[required] for required in worth_having(asked.accepted)} <= {seen, Relation.DISJOINT}, pattern
        assert set(relations.values()) <= {Relation.OVERLAPPING, Relation.DISJOINT}
        named = [pair for pair in asked.pairs if pair != ANY_EVENT]
        if (asked.accepted, seen) != ((asked.objective_pattern,), Relation.DISJOINT):
            assert not any(noticed(pattern, asked.objective_pattern, named)), pattern
        if len(named) < len(asked.pairs):
            assert relate(pattern, asked.objective_pattern).counts_all is False
