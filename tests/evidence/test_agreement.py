"""What an answer says twice must agree, or it is no evidence."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.evidence import calls
from auditor.evidence.assembling.agreement import disagreements

ALARM = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:"
GROUP = "arn:aws-cn:logs:cn-north-1:111122223333:log-group:"
TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts"
MEMBER = "arn:aws:organizations::111122223333:account/o-abcdefghij/"


def places(call: str, page: Any) -> list[str]:
    return [pointer for pointer, _ in disagreements(calls()[call], page)]


@pytest.mark.parametrize(
    ("call", "member", "item", "wrong"),
    [
        ("cloudwatch:DescribeAlarms", "MetricAlarms", {"AlarmName": "a", "AlarmArn": f"{ALARM}a"}, None),
        ("cloudwatch:DescribeAlarms", "MetricAlarms", {"AlarmName": "*", "AlarmArn": f"{ALARM}a"}, "AlarmArn"),
        ("cloudwatch:DescribeAlarms", "MetricAlarms", {"AlarmName": "a", "AlarmArn": f"{ALARM}aa"}, "AlarmArn"),
        ("cloudwatch:DescribeAlarms", "MetricAlarms", {"AlarmName": "b", "AlarmArn": f"{ALARM}a:alarm:b"}, "AlarmArn"),
        ("cloudwatch:DescribeAlarms", "MetricAlarms", {"AlarmName": "a:alarm:", "AlarmArn": f"{ALARM}a:alarm:"}, None),
        ("cloudwatch:DescribeAlarms", "CompositeAlarms", {"AlarmName": "A", "AlarmArn": f"{ALARM}a"}, "AlarmArn"),
        ("cloudwatch:DescribeAlarms", "MetricAlarms", {"AlarmArn": f"{ALARM}a"}, None),
        ("logs:DescribeLogGroups", "logGroups", {"logGroupName": "a/b", "arn": f"{GROUP}a/b:*"}, None),
        ("logs:DescribeLogGroups", "logGroups", {"logGroupName": "a/b", "logGroupArn": f"{GROUP}a/b"}, None),
        ("logs:DescribeLogGroups", "logGroups", {"logGroupName": "a", "arn": f"{GROUP}a/b:*"}, "arn"),
        ("organizations:ListAccounts", "Accounts", {"Id": "012345678901", "Arn": f"{MEMBER}012345678901"}, None),
        ("organizations:ListAccounts", "Accounts", {"Id": "012345678901", "Arn": f"{MEMBER}012345678902"}, "Arn"),
    ],
)  # fmt: skip
def test_a_name_and_its_arn(call: str, member: str, item: dict[str, str], wrong: str | None) -> None:
    assert places(call, {member: [item]}) == ([f"/{member}/0/{wrong}"] if wrong else [])


@pytest.mark.parametrize(("owner", "wrong"), [("111122223333", False), ("999988887777", True)])
def test_a_topic_and_its_owner(owner: str, wrong: bool) -> None:
    page = {"Attributes": {"TopicArn": TOPIC, "Owner": owner}}
    assert places("sns:GetTopicAttributes", page) == (["/Attributes/TopicArn"] if wrong else [])


@pytest.mark.parametrize("page", [{}, {"MetricAlarms": None}, {"MetricAlarms": [5, {"AlarmName": 5, "AlarmArn": []}]}])
def test_what_breaks_its_schema_is_left_to_that(page: Any) -> None:
    assert places("cloudwatch:DescribeAlarms", page) == []
