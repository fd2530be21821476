"""Every section of the language as cases: rule, entities, result and the readings that it depends on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from auditor.gsl import READINGS, UNEVIDENCED, More, evaluate, parse
from tests.gsl.conftest import NOW, cases, same_but_for_blanks

CASES = cases("evaluation.json")


def outcome(rule: str, entities: Any, now: datetime = NOW) -> Any:
    return evaluate(parse(rule), entities, now=now, pattern_equal=same_but_for_blanks)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['section']}: {case['rule']} ({case['why']})"[:120])
def test_result_and_readings(case: dict[str, Any]) -> None:
    found = outcome(case["rule"], case["entities"])
    assert found.result == case["result"], (case["why"], found.explanation)
    assert [reading.name for reading in found.readings] == case.get("readings", [])


def test_each_reading_decides_a_case() -> None:
    assert {name for case in CASES for name in case.get("readings", [])} == set(READINGS)


def test_entities_are_relevant_valid_excluded() -> None:
    rule = "CloudTrail where a should have b exclude c"
    entities = [{"a": True, "b": True}, {"name": "x", "a": True, "c": True}, {}, UNEVIDENCED, {"id": "i", "a": True}]
    found = outcome(rule, entities)
    assert [(one.label, one.relevant, one.valid, one.excluded, one.complies) for one in found.items] == [
        ("entity 0", True, True, False, True),
        ("x", True, False, True, True),
        ("entity 2", False, False, False, True),
        ("entity 3, which no capture shows", None, None, None, None),
        ("i", True, False, False, False),
    ]
    assert found.result == "fail"
    assert found.explanation == (
        "CloudTrail: 5 tested, 3 in scope, 1 in breach, 1 not decided (as of 2026-07-01T00:00:00+00:00).",
    )
    assert [one.because for one in found.items] == [
        "b holds (b is True).",
        "c holds (c is True).",
        "a does not hold (a is absent).",
        "",
        "b does not hold (b is absent).",
    ]


def test_items_of_a_list_rule_are_those_that_count() -> None:
    found = outcome(
        "List<CloudTrail> should have items with [a=1] length() > 1", [{"a": 1}, {"a": 2}, {"a": UNEVIDENCED}]
    )
    assert [one.valid for one in found.items] == [True, False, None]
    assert found.result == "unknown"
    assert found.explanation[0].startswith("CloudTrail: 3 in the list, 1 as asked for, 1 not decided")
    assert "(items is a list of 3 items: 1 as in the brackets and 1 undecided)" in found.explanation[1]
    assert [one.because for one in found.items] == [
        "a = 1 holds (a is 1).",
        "a = 1 does not hold (a is 2).",
        "a = 1 is not decided by the evidence (a is not evidenced).",
    ]


def test_an_unevidenced_entity_may_say_what_it_stands_for() -> None:
    found = outcome("X should have a", [{"$unevidenced": True, "label": "a trail of eu-west-1"}])
    assert [one.label for one in found.items] == ["a trail of eu-west-1"]


@pytest.mark.parametrize(
    ("rule", "entities", "line"),
    [
        ("X should not have fial", [{"fail": 1}], "No entity has a value at fial, which is taken as absent. Did you"),
        ("X should have s.b", [{"s": {"a": 1}}], "No entity has a value at s.b, which is taken as absent."),
        ("X should have s.isLoging", [{"s": {"isLogging": 1}}], "Did you mean s.isLogging?"),
        ("X should not have r = us-east-1", [{"r": "us-east-1"}], "A string stands in single quotes: 'us-east-1'."),
        ("X should have xs contain [kye='a']", [{"xs": [{"key": "a"}]}, {"xs": []}], "Did you mean key?"),
        ("List<X> should have items with [nmae]", [{"name": 1}], "Did you mean name?"),
        ("X where nmae should have name", [{"name": 1}], "Did you mean name?"),
        ("X should have a", [{"a": False}], None),
        ("X should have a", [{}, {"a": UNEVIDENCED}], None),
        ("X should have xs contain [a]", [{"xs": UNEVIDENCED}], None),
        ("X should have a", [], None),
        ("X should have a", UNEVIDENCED, None),
    ],
)
def test_a_field_that_no_entity_has_is_remarked(rule: str, entities: Any, line: str | None) -> None:
    remarks = [one for one in outcome(rule, entities).explanation if "No entity has a value" in one]
    assert len(remarks) == (line is not None)
    assert line is None or line in remarks[0]


def test_without_entities_in_scope_the_explanation_says_why_it_passes() -> None:
    found = outcome("CloudTrail where a should have b", [{}])
    assert found.result == "pass"
    assert "No entity is in scope" in found.explanation[1]


@pytest.mark.parametrize(
    ("rule", "entity", "line"),
    [
        ("X should have a=1 and b=2", {"a": 1, "b": "x\x1b"}, "b = 2 does not hold (b is 'x\\x1b')."),
        ("X should not have a=1 or b=2", {"b": 2}, "b = 2 holds (b is 2)."),
        (
            "X should have o and c",
            {"o": {"p": 1}, "c": UNEVIDENCED},
            "c is not decided by the evidence (c is not evidenced).",
        ),
        (
            "X where a should have b",
            {"a": UNEVIDENCED},
            "a is not decided by the evidence (a is not evidenced).",
        ),
        (
            "X should have o = b",
            {"o": {"p": 1}, "b": []},
            "o = b does not hold (o is an object; b is a list of 0 items).",
        ),
    ],
)
def test_explanation_names_the_part_that_decides(rule: str, entity: dict[str, Any], line: str) -> None:
    assert outcome(rule, [entity]).items[0].because == line


def test_a_reading_is_explained() -> None:
    assert "absent-not-equal" in outcome("X should have a!=1", [{}]).explanation[-1]


def test_a_moment_without_zone_is_utc() -> None:
    rule, entity = "X should have t after(-1,'days')", {"t": "2026-06-30T12:00:00"}
    assert outcome(rule, [entity], NOW.replace(tzinfo=None)).result == outcome(rule, [entity]).result == "pass"


def test_the_pattern_engine_is_asked_once_for_each_pattern() -> None:
    asked = []

    def engine(found: str, required: str) -> bool:
        asked.append((found, required))
        return True

    rule = parse("X should have p isFilterPatternEqual('q')")
    evaluate(rule, [{"p": "r"}, {"p": "r"}, {"p": "s"}], now=NOW, pattern_equal=engine)
    assert sorted(asked) == [("r", "q"), ("s", "q")]


@pytest.mark.parametrize(
    ("condition", "result"),
    [
        ("items", "pass"),
        ("items with [a=1] length() > 0", "pass"),
        ("items length() > 1", "unknown"),
        ("items length() < 9", "unknown"),
        ("items with [a=2] isEmpty()", "unknown"),
        ("items contain-all [a=1]", "unknown"),
        ("items contain-all [a=2]", "fail"),
        ("items with [a=2]", "unknown"),
        ("items groupBy [a] contain [values length() = 1]", "unknown"),
        ("items with [xs]", "unknown"),
        ("items with [xs length() >= 0] length() > 0", "pass"),
        ("items with [xs isEmpty()] length() > 0", "unknown"),
    ],
)
def test_a_list_that_may_hold_more_is_as_long_as_it_may_be(condition: str, result: str) -> None:
    assert outcome(f"List<X> should have {condition}", [{"a": 1, "xs": [More()]}, More()]).result == result


def test_a_rule_over_entities_passes_only_if_there_can_be_no_more() -> None:
    assert outcome("X should have a", [{"a": 1}, More("a trail of eu-west-1")]).result == "unknown"
    assert outcome("X should have a", [{}, More()]).result == "fail"
    assert outcome("X should have a", [More("a trail of eu-west-1")]).items[0].label == "a trail of eu-west-1"


@pytest.mark.parametrize(
    ("condition", "lists"),
    [
        ("xs contain [a] and xs contain [b]", ["xs"]),
        ("c and not (ys with [xs contain-any [a] and xs contain [b]])", ["xs"]),
        ("xs contain [a] or xs contain [b]", []),
        ("xs contain [a] and ys contain [b]", []),
        ("xs contain [a] and xs contain-all [b]", []),
        ("xs contain [a and b]", []),
    ],
)
def test_two_tests_of_one_list_are_remarked(condition: str, lists: list[str]) -> None:
    explanation = outcome(f"X should have {condition}", []).explanation
    assert [line.split()[3] for line in explanation if line.startswith("Two tests of")] == lists


def test_like_with_many_wildcards_is_quick() -> None:
    rule = f"X should have a like '{'%a' * 30}%b'"
    assert outcome(rule, [{"a": "a" * 5000}]).result == "fail"
    assert outcome(rule, [{"a": "a" * 5000 + "b"}]).result == "pass"
