"""The reference against cases that people decided by hand, and its parts against examples of the law."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.reference import composites, maths, patterns, policies
from tests.reference.judge import Arguments, judge

FOLDER = Path(__file__).parents[1] / "acceptance" / "cases"
# Of the third hunt, which looked at records and contradictions, those that the reference's reading of files reaches.
WITHIN_REACH = (
    "truth2-",
    "field-v-",
    "t2-v-",
    "speakers-",
    "chain-leading-",
    "chain-delivery-",
    *(f"evidence-{n:02d}" for n in (1, 2, 3, 4, 6, 13, 14, 16, 19, 28, 30)),
    *(f"vouching-{n}" for n in range(32, 49)),
)
CASES = [
    case
    for kind in ("truth", "verdict", "evidence", "speakers", "chain", "vouching")
    for case in json.loads((FOLDER / f"{kind}.json").read_text("utf-8"))["cases"]
    if case["id"].startswith(WITHIN_REACH)
]


def _expected(case: dict[str, Any]) -> dict[str, set[str]]:
    expected = case["expected"]
    if "account" in expected:
        return {expected["account"]: set(expected.get("verdict_in", [expected.get("verdict")]))}
    return {
        account: set(item.get("verdict_in", [item.get("verdict")]))
        for account, item in expected.items()
        if account.isdigit()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_cases_decided_by_hand(case: dict[str, Any]) -> None:
    words = case.get("arguments", [])
    regions = ("us-east-1",) if "scope.json" in case.get("extra_files", {}) else ()
    day = words[words.index("--captured-on") + 1] if "--captured-on" in words else None
    arguments = Arguments("--strict" in words, regions, captured_on=day)
    found = judge(case["captures"], case.get("control", "ssm-actions"), arguments)
    for account, allowed in _expected(case).items():
        judgement = found[account]
        answer = judgement.objective if "covers" in words else judgement.verdict
        assert answer & allowed
        assert len(answer) == 1 or case.get("judgement_call")


@pytest.mark.parametrize(
    ("rule", "states", "holds"),
    [
        ("ALARM(a) OR ALARM(b)", {"a": "OK", "b": "ALARM"}, True),
        ('ALARM("a") AND NOT ALARM(b)', {"a": "ALARM", "b": "ALARM"}, False),
        ("AT_LEAST(60%, NOT OK, (a, b))", {"a": "ALARM", "b": "OK"}, False),
        ("(OK(a) OR FALSE) AND TRUE", {"a": "OK"}, True),
        ("ALARM(arn:aws:cloudwatch:us-east-1:111122223333:alarm:a)", {"a": "ALARM"}, True),
    ],
)
def test_rules_of_composites(rule: str, states: dict[str, str], holds: bool) -> None:
    tree = composites.parse(rule)
    assert tree is not None
    assert tree.holds(states) is holds


def test_a_rule_that_cannot_be_read() -> None:
    assert composites.parse("ALARM(a) XOR ALARM(b)") is None


@pytest.mark.parametrize(
    ("expression", "series", "value"),
    [
        ("m1+m2", {"m1": 1.0, "m2": None}, 1.0),
        ("m1+m2", {"m1": None, "m2": None}, None),
        ("IF(m2>0,m1,0)", {"m1": 1.0, "m2": None}, None),
        ("MAX([m1,m2])*2", {"m1": 1.0, "m2": 3.0}, 6.0),
        ("m1*2-m1", {"m1": 4.0}, 4.0),
    ],
)
def test_metric_maths(expression: str, series: dict[str, float | None], value: float | None) -> None:
    assert maths.value(expression, series) == value


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("{ $.a = x || $.a = y }", '{ ($.a = "y") || ($.a = "x") }', True),
        ("{ $.a != x }", "{ $.a != x && $.b NOT EXISTS }", False),
        ("{ $.a = x* }", "{ $.a = x }", False),
        ("", "{ $.a = * || $.a != * }", False),
    ],
)
def test_patterns(left: str, right: str, same: bool) -> None:
    assert patterns.equal(left, right) is same


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ({"StringEquals": {"aws:SourceAccount": "111122223333"}}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, False),
        (
            {
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
            False,
        ),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:111122223333:alarm:*"}}, True),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, None),
        ({"StringEqualsIfExists": {"aws:PrincipalAccount": "111122223333"}}, None),
    ],
)
def test_conditions_of_policies(condition: dict[str, Any], answer: bool | None) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*", "Condition": condition}
    request = policies.Request(
        ("sns:Publish",),
        "arn:aws:sns:us-east-1:111122223333:t",
        "arn:aws:cloudwatch:us-east-1:111122223333:alarm:a",
        "111122223333",
    )
    assert policies.allowed({"Statement": [statement]}, request) == {answer}
