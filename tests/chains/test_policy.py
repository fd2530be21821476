"""Rules S4, S5: which policies let CloudWatch through, and which statement and condition decide.

Data: policies.json, made of what is published and of each operator on keys that are there, absent and unknown.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.chains.policy import Decision, Request, decide

OWNER = "111122223333"
TOPIC = f"arn:aws:sns:us-east-1:{OWNER}:alerts"
KEY = f"arn:aws:kms:us-east-1:{OWNER}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
DATA = json.loads(Path(__file__).with_name("policies.json").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = DATA["cases"]
ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": TOPIC}


def request(action: str = "sns:Publish", account: str = OWNER, organization: str = "") -> Request:
    resource = TOPIC if action.startswith("sns:") else KEY
    alarm = f"arn:aws:cloudwatch:us-east-1:{account}:alarm:ssm-actions"
    return Request(action, resource, alarm, account, organization)


def decisions(case: dict[str, Any], policy: Any) -> list[Decision]:
    """What is decided of each action that a publication needs, what refuses first."""
    actions = ("sns:Publish",) if case.get("service", "sns") == "sns" else ("kms:Decrypt", "kms:GenerateDataKey")
    account, organization = case.get("alarm_account", OWNER), case.get("organization", "")
    found = [decide(policy, request(action, account, organization)) for action in actions]
    return sorted(found, key=lambda one: (False, None, True).index(one.allowed))


every_case = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])


@every_case
def test_policy(case: dict[str, Any]) -> None:
    worst, *_ = decisions(case, json.dumps(case["policy"]))
    assert worst.allowed is case["allowed"], worst.detail
    assert case.get("why", "") in worst.detail
    assert bool(worst.detail) is (worst.allowed is not True), "what refuses or is open says why"
    assert case["source"]


@every_case
def test_a_policy_that_is_no_text_but_an_object_decides_the_same(case: dict[str, Any]) -> None:
    policy = case["policy"]
    assert decisions(case, policy) == decisions(case, json.dumps(policy))
    if len(policy["Statement"]) == 1:
        assert decisions(case, policy | {"Statement": policy["Statement"][0]}) == decisions(case, policy)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("{", "ends too early", id="S5 cut short"),
        pytest.param("", "not one JSON document", id="S5 empty"),
        pytest.param("{} {}", "not one JSON document", id="S5 two documents"),
        pytest.param("[]", "no JSON object", id="S5 a list"),
        pytest.param("[" * 100_000, "levels deep", id="S5 too deep"),
        pytest.param('{"Statement": []', "too early", id="S5 no end"),
        pytest.param('{"Statement": "x"}', "no Statement", id="S5 a statement that is a text"),
        pytest.param('{"Statement": [], "Statement": []}', "twice", id="S5 a name twice"),
    ],
)
def test_s5_what_is_no_policy_decides_nothing(text: str, why: str) -> None:
    decision = decide(text, request())
    assert decision.allowed is None
    assert why in decision.detail


def test_s5_a_long_number_is_a_text_like_any_other() -> None:
    policy = json.dumps({"Statement": ALLOW | {"Condition": {"NumericEquals": {"aws:SourceVpc": 0}}}})
    assert decide(policy.replace(" 0}", f" {'9' * 400}}}"), request()).allowed is None


def test_s5_many_unseen_keys_are_read_one_by_one() -> None:
    conditions = {f"aws:RequestTag/{number}": ["a", "b", "c"] for number in range(40)}
    both = [ALLOW | {"Condition": {operator: conditions}} for operator in ("StringEquals", "StringNotEquals")]
    assert decide({"Statement": both}, request()).allowed is None


def test_s5_wildcards_are_read_in_good_time() -> None:
    pattern = "*a" * 2_000 + "b"
    policy = {"Statement": ALLOW | {"Condition": {"StringLike": {"aws:SourceArn": pattern}}}}
    assert decide(policy, Request("sns:Publish", TOPIC, "a" * 2_000, OWNER)).allowed is False
