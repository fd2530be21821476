"""Rules S4–S6, A16: which actions continue the chain, and whether a topic's policy lets alarms in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.chains.topic import policy_allows, sns_actions

OWNER = "111122223333"
OTHER = "444455556666"
TOPIC = f"arn:aws:sns:us-east-1:{OWNER}:alerts"
ALARM = f"arn:aws:cloudwatch:us-east-1:{OWNER}:alarm:ssm-actions"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(**changes: Any) -> dict[str, Any]:
    base = {"Effect": "Allow", "Principal": "*", "Action": "SNS:Publish", "Resource": TOPIC}
    return base | changes


DEFAULT = allow(
    Principal={"AWS": "*"},
    Action=["SNS:GetTopicAttributes", "SNS:Publish", "SNS:Subscribe"],
    Condition={"StringEquals": {"AWS:SourceOwner": OWNER}},
)
TLS_ONLY = allow(Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})


@pytest.mark.parametrize(
    ("statements", "account", "allowed"),
    [
        pytest.param([DEFAULT], OWNER, True, id="S5 default policy, owner's alarm"),
        pytest.param([DEFAULT], OTHER, False, id="S5 default policy, another account's alarm"),
        pytest.param([allow(Principal={"Service": "cloudwatch.amazonaws.com"})], OTHER, True, id="S5 service"),
        pytest.param([allow(Principal={"Service": "events.amazonaws.com"})], OWNER, False, id="S5 other service"),
        pytest.param(
            [allow(Principal={"AWS": f"arn:aws:iam::{OWNER}:root"})], OWNER, False, id="S5 account as principal"
        ),
        pytest.param([allow(Action="sns:*")], OWNER, True, id="S5 wildcard action"),
        pytest.param([allow(Action="sns:Subscribe")], OWNER, False, id="S5 another action"),
        pytest.param([allow(), TLS_ONLY], OWNER, True, id="S5 deny without TLS does not fit"),
        pytest.param([allow(), allow(Effect="Deny")], OWNER, False, id="S5 fitting deny"),
        pytest.param(
            [allow(Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{OWNER}:alarm:*"}})],
            OWNER,
            True,
            id="S5 source ARN holds",
        ),
        pytest.param(
            [allow(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:999988887777:alarm:*"}})],
            OWNER,
            False,
            id="S5 source ARN of another account",
        ),
        pytest.param(
            [allow(Condition={"StringEquals": {"aws:SourceAccount": [OTHER, OWNER]}})],
            OWNER,
            True,
            id="S5 source account",
        ),
        pytest.param(
            [allow(Condition={"StringEquals": {"aws:SourceAccount": f"arn:aws:iam::{OWNER}:root"}})],
            OWNER,
            False,
            id="S5 an ARN as source account matches nothing",
        ),
        pytest.param(
            [allow(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abc"}})],
            OWNER,
            False,
            id="S5 principal key never holds",
        ),
        pytest.param(
            [allow(Condition={"StringEquals": {"aws:SourceOrgID": "o-abc"}})],
            OWNER,
            None,
            id="S5 organisation not shown",
        ),
        pytest.param(
            [allow(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})], OWNER, None, id="S5 other condition"
        ),
        pytest.param([allow(NotPrincipal={"AWS": "x"}, Principal=None)], OWNER, None, id="S5 NotPrincipal"),
        pytest.param([], OWNER, False, id="S5 no statement"),
    ],
)
def test_policy(statements: list[dict[str, Any]], account: str, allowed: bool | None) -> None:
    alarm = ALARM.replace(OWNER, account)
    assert policy_allows(policy(*statements), alarm, account, OWNER) is allowed


def test_s5_policy_that_is_no_json_is_not_decided() -> None:
    assert policy_allows("{", ALARM, OWNER, OWNER) is None


def test_a16_only_sns_topics_continue() -> None:
    actions = [
        "arn:aws:lambda:us-east-1:111122223333:function:f",
        TOPIC,
        "arn:aws:automate:us-east-1:ec2:stop",
        "arn:aws:ssm-incidents::111122223333:response-plan/p",
    ]
    topics, others = sns_actions(actions)
    assert topics == [TOPIC]
    assert len(others) == 3
