"""What is seen at a glance is what a comparison says."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from auditor.patterns import PatternSyntaxError, apart, at_a_glance, match, may_count, parse, relate, witness
from auditor.verdict import Relation
from tests.patterns.sampling import delimited, json_pattern, terms

WILD = json.loads((Path(__file__).parent / "data" / "wild.json").read_text("utf-8"))
REFERENCES = sorted(WILD["reference"].values())
SELECTORS = ("$.eventName", "$.eventSource", "$.userIdentity.type", "$.a[*]", "$.a.c")
VALUES = ("x", "x*", "*x", "x*y", "y", '""', "1", '"1"', "1e1", "%x%")


def json_of_few(random: Random) -> str:
    return json_pattern(random, 1, SELECTORS, VALUES)


@pytest.mark.parametrize("part", range(4))
def test_real_pairs(part: int) -> None:
    patterns = sorted({case["pattern"] for case in WILD["patterns"]})[part::12]
    seen = settled = 0
    for pattern in patterns:
        for required in REFERENCES[part::3]:
            answer = at_a_glance(pattern, required)
            if answer is not None:
                settled += 1
                assert relate(pattern, required).relation is answer, (pattern, required)
            seen += 1
    assert settled > seen * 0.7


@pytest.mark.parametrize("part", range(3))
def test_made_pairs(part: int) -> None:
    for seed in range(part * 100, part * 100 + 100):
        random = Random(seed)
        agrees(made(random), made(random))


def agrees(left: str, right: str) -> None:
    answer = at_a_glance(left, right)
    if answer is not None:
        assert relate(left, right).relation is answer, (left, right)
    for one, other in ((left, right), (right, left)):
        event = witness(one)
        assert event is None or match(one, event)
        if event is not None and apart(left, right):
            assert not match(other, event)
        if isinstance(event, dict) and isinstance(name := event.get("eventName"), str):
            assert may_count(one, eventName=name)


def made(random: Random) -> str:
    while True:
        text = random.choice([terms, delimited, *[json_of_few] * 4])(random)
        try:
            return str(parse(text))
        except PatternSyntaxError:
            continue


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        ("{ $.a = x }", "{ $.a = y }", Relation.DISJOINT),
        ("{ $.a = x* }", "{ $.a = y* }", Relation.DISJOINT),
        ("{ $.a = *x }", "{ $.a = *y }", Relation.DISJOINT),
        ("{ $.a = x && $.b = y }", "{ ($.a = z || $.a = y) && $.c = x }", Relation.DISJOINT),
        ("{ $.a = x || $.a = y }", "{ $.a = z* || $.a = w }", Relation.DISJOINT),
        ("{ $.a = x* }", "{ $.a = *y && $.b = 1 }", None),  # no event at hand counts for both
        ("{ $.a = x && $.b.c = y }", "{ $.d = z && $.b.e = w }", Relation.OVERLAPPING),
        ("{ $.a = x }", "Session", Relation.OVERLAPPING),
        ("{ $.a = x }", "{ $.a = x || $.a = y }", None),  # not both have an event of their own
        ("{ $.a = x && $.a = y }", "{ $.b = x }", None),  # the left one counts nothing
        ("{ $.a = x }", "{ $.b = x && $.b = y }", None),
        ("{ $.a = x || $.b = y }", "{ $.a = y && $.b = x }", None),  # no member that both need
        ("{ $.a[*] = x }", "{ $.a[*] = y }", None),  # one of two elements each
        ("{ $.a = x", "{ $.a = y }", None),
    ],
)
def test_by_hand(left: str, right: str, answer: Relation | None) -> None:
    assert at_a_glance(left, right) is answer
    if answer is not None:
        assert relate(left, right).relation is answer


def test_calls_that_a_filter_plainly_does_not_count() -> None:
    pattern = "{ ($.eventName = Start* || $.eventName = Stop) && $.eventSource = ssm.amazonaws.com }"
    assert may_count(pattern, eventName="StartSession", eventSource="ssm.amazonaws.com")
    assert not may_count(pattern, eventName="StopSession", eventSource="ssm.amazonaws.com")
    assert not may_count(pattern, eventName="Stop", eventSource="ec2.amazonaws.com")
    assert may_count("{ $.eventName != Stop }", eventName="Stop")  # not looked at closely
    assert may_count("Start", eventName="Stop")
