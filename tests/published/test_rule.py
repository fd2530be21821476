"""Rules are evaluated to the letter, at the moment that the evidence fixes, and refused where they cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.catalogue import load_controls
from auditor.errors import AuditorError
from auditor.gsl import GslNameError, GslSyntaxError, More, parse
from auditor.published.rule import as_published, judge_entities, judge_rule, moment, uses_time
from auditor.verdict import Verdict

TRAIL = {"name": "main", "hasSNSSubscriber": "true", "metricFilters": []}
RULES = [variant.rule for control in load_controls().values() for variant in control.variants.values() if variant.rule]


@pytest.mark.parametrize(
    ("rule", "entities", "verdict"),
    [
        ("CloudTrail should have name", [TRAIL], Verdict.PASS),
        ("CloudTrail should have kmsKeyId", [TRAIL], Verdict.FAIL),
        ("CloudTrail should have name", [TRAIL, More()], Verdict.INCONCLUSIVE),
        ("CloudTrail should have name", [], Verdict.PASS),
        ("true", [], Verdict.PASS),
    ],
)
def test_the_verdict_is_the_rules_result(rule: str, entities: list[Any], verdict: Verdict) -> None:
    assert as_published(rule, entities, None) is verdict


@pytest.mark.parametrize("entities", [[], [TRAIL], [TRAIL, More()], [More()], [{"$unevidenced": True}]])
def test_the_verdict_alone_is_that_of_the_whole_outcome(entities: list[Any]) -> None:
    assert RULES
    for rule in RULES:
        verdict = {Verdict.PASS: "pass", Verdict.FAIL: "fail", Verdict.INCONCLUSIVE: "unknown"}
        assert verdict[as_published(rule, entities, None)] == judge_rule(parse(rule), entities, None).result


def test_a_rule_that_cannot_be_evaluated_is_refused_even_without_entities() -> None:
    with pytest.raises(GslNameError, match="Instance"):
        as_published("Instance should have name", [], None)
    with pytest.raises(GslSyntaxError):
        as_published("CloudTrail should", [], None)


@pytest.mark.parametrize(
    ("rule", "asks"),
    [
        ("X should have t after(-1, 'days')", True),
        ("X where xs contain [t before(1, 'days')] should have a", True),
        ("X should have a exclude not t after(-1, 'days')", True),
        ("List<X> should have items with [xs with [t after(-1, 'days')] length() > 0]", True),
        ("X should have a = 'the day before(' and b", False),
        ("true", False),
    ],
)
def test_only_a_rule_that_asks_for_now_needs_a_moment(rule: str, asks: bool) -> None:
    assert uses_time(parse(rule)) is asks


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-09-30", "2026-09-30T23:59:59+00:00"),
        ("2026-09-30T12:00:00Z", "2026-09-30T12:00:00+00:00"),
        ("2026-09-30T12:00:00", "2026-09-30T12:00:00+00:00"),
        ("2026-09-30T12:00:00+02:00", "2026-09-30T12:00:00+02:00"),
    ],
)
def test_a_date_is_its_last_second_and_a_time_without_zone_is_utc(text: str, iso: str) -> None:
    assert moment(text).isoformat() == iso


def test_entities_that_nest_too_deeply_are_refused_in_words() -> None:
    deep: list[Any] = []
    other: list[Any] = []
    for _ in range(20_000):
        deep, other = [deep], [other]
    with pytest.raises(AuditorError, match="nest too deeply"):
        judge_entities(parse("X should have a = b"), [{"a": deep, "b": other}], None)
