"""Rule X3: answers that stand without the member that the CLI prints around them, in files that nothing names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import load
from tests.textbook import ACCOUNT, REGION, alarm, metric_filter, subscription, trail, write

PLACE = f"{ACCOUNT}/{REGION}"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
COMPOSITE = {
    "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:all", "AlarmName": "all", "AlarmRule": "ALARM(ssm)",
    "StateValue": "OK",
}  # fmt: skip
GROUP = {"logGroupName": "ct", "arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:ct:*", "storedBytes": 1}
ATTRIBUTES = {"TopicArn": TOPIC, "KmsMasterKeyId": "alias/aws/sns"}
SUBSCRIPTION_ATTRIBUTES = {
    **subscription(), "SubscriptionArn": f"{TOPIC}:5117a628-c30f-56b3-bd6b-559cad52cf4b",
    "PendingConfirmation": "false",
}  # fmt: skip

TOLD: list[tuple[str, Any, set[str]]] = [
    ("x.json", [alarm()], {"cloudwatch:DescribeAlarms ''"}),
    ("x.json", alarm(), {"cloudwatch:DescribeAlarms ''"}),
    ("alarms2.json", alarm(), {"cloudwatch:DescribeAlarms ''"}),
    ("alarms2.json", [alarm(ActionsEnabled="yes")], {"cloudwatch:DescribeAlarms ''"}),
    ("trails2.json", [alarm()], {"cloudwatch:DescribeAlarms ''"}),
    ("x.json", [alarm(), COMPOSITE], {"cloudwatch:DescribeAlarms ''"}),
    ("x.json", [[alarm()], [COMPOSITE], []], {"cloudwatch:DescribeAlarms '/0' '/1'"}),
    ("x.json", f"{json.dumps(alarm())}\n{json.dumps(COMPOSITE)}", {"cloudwatch:DescribeAlarms '#1' '#2'"}),
    ("x.json", {"everything": [alarm()]}, {"cloudwatch:DescribeAlarms '/everything'"}),
    ("x.json", {"describe-alarms": alarm()}, {"cloudwatch:DescribeAlarms '/describe-alarms'"}),
    ("x.json", [trail()], {"cloudtrail:DescribeTrails ''"}),
    ("x.json", {"Trail": trail(), "ResponseMetadata": {"RetryAttempts": 0}}, {"cloudtrail:DescribeTrails '/Trail'"}),
    ("filters2.json", [metric_filter()], {"logs:DescribeMetricFilters ''"}),
    ("groups2.json", [GROUP], {"logs:DescribeLogGroups ''"}),
    ("subs2.json", [subscription()], {"sns:ListSubscriptions ''"}),
    ("sns-list-subscriptions-by-topic/a.json", subscription(), {"sns:ListSubscriptionsByTopic ''"}),
    ("x.json", ATTRIBUTES, {"sns:GetTopicAttributes ''"}),
    ("sns-get-topic-attributes/all.json", [ATTRIBUTES], {"sns:GetTopicAttributes '/0'"}),
    ("x.json", SUBSCRIPTION_ATTRIBUTES, {"sns:GetSubscriptionAttributes ''"}),
    ("x.json", {"value": [alarm()], "Count": 1}, {"cloudwatch:DescribeAlarms '/value'"}),
    ("x.json", {"region": REGION, "data": [alarm()]}, {"cloudwatch:DescribeAlarms '/data'"}),
    ("x.json", [alarm(), trail()], {"cloudwatch:DescribeAlarms ''", "cloudtrail:DescribeTrails ''"}),
]


@pytest.mark.parametrize(("name", "document", "told"), TOLD)
def test_items_tell_their_call(tmp_path: Path, name: str, document: Any, told: set[str]) -> None:
    evidence = load(open_bundle([write({f"{PLACE}/{name}": document}, tmp_path)]))
    assert {" ".join((capture.call.id, *map(repr, capture.page_pointers))) for capture in evidence.captures} == told
    assert {capture.status for capture in evidence.captures} == {"presence_only"}
    assert "not-an-answer" in {problem.code for problem in evidence.problems}
    assert {capture.place.account_id for capture in evidence.captures} == {ACCOUNT}


def test_items_beside_an_answer_are_heard(tmp_path: Path) -> None:
    document = [{"trailList": [trail()]}, alarm()]
    evidence = load(open_bundle([write({f"{PLACE}/x.json": document}, tmp_path)]))
    assert {(capture.call.id, capture.status) for capture in evidence.captures} == {
        ("cloudtrail:DescribeTrails", "captured"),
        ("cloudwatch:DescribeAlarms", "presence_only"),
    }


def test_items_of_which_none_follows_the_schema_are_doubted(tmp_path: Path) -> None:
    evidence = load(open_bundle([write({f"{PLACE}/x.json": [alarm(ActionsEnabled="yes")]}, tmp_path)]))
    assert not evidence.captures
    (doubt,) = (problem for problem in evidence.problems if problem.severity == "note")
    assert doubt.problem.startswith(
        "has members of an answer of cloudwatch describe-alarms, of which no record follows"
    )


@pytest.mark.parametrize(
    "document",
    [
        [alarm(), {"note": "by hand"}],
        [alarm(), "by hand"],
        [{"resourceType": "AWS::CloudTrail::Trail", "configuration": trail(), "tags": {}, "relationships": []}],
        {"configuration": trail(), "relationships": []},
        {"resourceType": "AWS::CloudTrail::Trail", "configuration": trail()},
        {"nothing": 1},
        {"list-trails": [trail()]},
        [{"CheckID": "sns_1", "Status": "FAIL", "Severity": "low", "Region": REGION, **ATTRIBUTES, "Account": ACCOUNT}],
        {"AlarmArn": alarm()["AlarmArn"], "AlarmName": "ssm", "NewStateValue": "ALARM", "OldStateValue": "OK"},
        [{"TrailARN": trail()["TrailARN"], "Name": "main", "HomeRegion": REGION}],
        [{"Id": "queue", "TopicArn": TOPIC, "Events": ["s3:ObjectCreated:*"]}],
    ],
)
def test_lists_of_other_things_are_no_evidence(tmp_path: Path, document: Any) -> None:
    evidence = load(open_bundle([write({f"{PLACE}/x.json": document}, tmp_path)]))
    assert not evidence.captures
    assert [other.what for other in evidence.others] == ["JSON of another kind"]


@pytest.mark.parametrize("name", ["x.json", "alarms2.json"])
@pytest.mark.parametrize("around", ["[{}]", "{}", '{{"all": {}}}'], ids=["list", "alone", "member"])
def test_an_item_with_a_key_twice_is_not_relied_on(tmp_path: Path, name: str, around: str) -> None:
    twice = json.dumps(alarm())[:-1] + ', "ActionsEnabled": false}'
    evidence = load(open_bundle([write({f"{PLACE}/{name}": around.format(twice)}, tmp_path)]))
    (capture,) = evidence.captures
    assert capture.skipped == {(0, "MetricAlarms", 0)}
