"""What a capture record says of a place contradicts itself, its arguments, its caller or the path, or it does not."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import Capture, load
from tests.textbook import ACCOUNT, REGION, alarm, metric_filter, trail, write

OTHER = "999988887777"
FILTERS = f"{ACCOUNT}/{REGION}/logs-describe-metric-filters.json"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
SECOND = trail(Name="second", TrailARN=f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/second")
SUBSCRIPTIONS = f"{ACCOUNT}/{REGION}/sns-list-subscriptions-by-topic/alerts.json"


def caller(account: str) -> str:
    return f"arn:aws:sts::{account}:assumed-role/Audit/audit"


def captured(folder: Path, path: str, content: Any, entry: dict[str, Any]) -> tuple[Capture, list[str]]:
    files = {
        "captures.json": [{"file": path, **entry}],
        path: content,
        f"{ACCOUNT}/{REGION}/cloudwatch-describe-alarms.json": {"MetricAlarms": [alarm()], "CompositeAlarms": []},
        f"{ACCOUNT}/{REGION}/cloudtrail-describe-trails.json": {"trailList": [trail(), SECOND]},
    }
    found = load(open_bundle([write(files, folder)]))
    (capture,) = [capture for capture in found.captures if capture.file == path]
    return capture, [problem.code for problem in found.problems if problem.file == path]


def test_of_several_entries_about_a_file_the_one_with_its_digest_speaks(tmp_path: Path) -> None:
    content = json.dumps({"metricFilters": [metric_filter()]})
    digest = hashlib.sha256(content.encode()).hexdigest()
    entries = [
        {"file": FILTERS, "call": "logs:DescribeMetricFilters", "region": "eu-west-1", "sha256": "0" * 64},
        {"file": FILTERS, "call": "logs:DescribeMetricFilters", "region": REGION, "sha256": digest},
    ]
    for number, records in enumerate(({"captures.json": entries}, {"captures.json": entries[:1]})):
        evidence = load(open_bundle([write({FILTERS: content} | records, tmp_path / str(number))]))
        assert [capture.status for capture in evidence.captures] == ["misplaced" if number else "captured"]


def test_a_record_may_name_by_name_what_the_answer_names_by_arn(tmp_path: Path) -> None:
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm-mute-rule:nights"
    answer = {"AlarmMuteRuleArn": arn, "Status": "ACTIVE", "MuteTargets": {"AlarmNames": ["other"]}}
    path = f"{ACCOUNT}/{REGION}/cloudwatch-get-alarm-mute-rule/nights.json"
    told = {"call": "cloudwatch:GetAlarmMuteRule", "account_id": ACCOUNT, "region": REGION}
    for resource, status in (("nights", "captured"), (arn, "captured"), ("days", "misplaced")):
        capture, _ = captured(tmp_path / status / resource[:3], path, answer, told | {"resource": resource})
        assert capture.status == status


@pytest.mark.parametrize(
    ("entry", "contradicts"),
    [
        ({"account_id": ACCOUNT, "region": REGION, "arguments": ["--region", REGION]}, False),
        ({"arguments": f"--region {REGION}", "caller_arn": caller(ACCOUNT)}, False),
        ({"region": REGION, "arguments": ["--profile", "prod"]}, False),
        ({"region": REGION, "arguments": ["--region", "eu-west-1", f"--region={REGION}"]}, False),
        ({"region": REGION, "arguments": ["--region", "$REGION"]}, False),
        ({"region": REGION, "caller_arn": "me"}, False),
        ({"region": REGION, "arguments": ["--region", "eu-west-1"]}, True),
        ({"region": REGION, "arguments": ["--region=eu-west-1"]}, True),
        ({"region": REGION, "arguments": [f"--region {REGION} --region eu-west-1"]}, True),
        ({"arguments": "--region eu-west-1"}, True),
        ({"region": "eu-west-1"}, True),
        ({"caller_arn": caller(OTHER)}, True),
        ({"account_id": ACCOUNT, "caller_arn": caller(OTHER)}, True),
    ],
)
def test_arguments_and_caller_agree_with_the_place(tmp_path: Path, entry: dict[str, Any], contradicts: bool) -> None:
    told = {"call": "logs:DescribeMetricFilters", **entry}
    capture, problems = captured(tmp_path, FILTERS, {"metricFilters": [metric_filter()]}, told)
    assert capture.status == ("misplaced" if contradicts else "captured")
    assert problems == ["contradictory-place"] * contradicts
    assert contradicts or (capture.place.account_id, capture.place.region) == (ACCOUNT, REGION)


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        ({"topic_arn": TOPIC, "arguments": ["--topic-arn", TOPIC]}, "captured"),
        ({"arguments": ["--topic-arn", TOPIC]}, "captured"),
        ({"topic_arn": TOPIC, "caller_arn": caller(OTHER)}, "captured"),
        ({"topic_arn": TOPIC, "arguments": ["--topic-arn", f"{TOPIC}2"]}, "misplaced"),
        ({"topic_arn": f"{TOPIC}2"}, "misplaced"),
        ({"arguments": ["--topic-arn", f"{TOPIC}2"]}, "misplaced"),
    ],
)
def test_n4_one_topic_is_asked_named_and_saved(tmp_path: Path, entry: dict[str, Any], status: str) -> None:
    told = {"call": "sns:ListSubscriptionsByTopic", **entry}
    capture, _ = captured(tmp_path, SUBSCRIPTIONS, {"Subscriptions": []}, told)
    assert capture.status == status


@pytest.mark.parametrize(
    ("name", "arguments", "status", "resource"),
    [
        ("s.json", ["--name", "main"], "captured", "main"),
        ("s.json", ["--name", f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main"], "captured", "main"),
        ("cloudtrail-get-trail-status/main.json", ["--name", "MAIN"], "captured", "main"),
        ("cloudtrail-get-trail-status/second.json", ["--name", "main"], "misplaced", "main"),
    ],
)
def test_t12_the_trail_that_was_asked_about(
    tmp_path: Path, name: str, arguments: list[str], status: str, resource: str
) -> None:
    told = {"call": "cloudtrail:GetTrailStatus", "arguments": arguments}
    capture, _ = captured(tmp_path, f"{ACCOUNT}/{REGION}/{name}", {"IsLogging": True}, told)
    assert (capture.status, capture.place.resource.rpartition("/")[2]) == (status, resource)


def test_a_call_about_the_account_may_be_sent_to_any_region(tmp_path: Path) -> None:
    path = f"{ACCOUNT}/{REGION}/account-list-regions.json"
    regions = {"Regions": [{"RegionName": REGION, "RegionOptStatus": "ENABLED"}]}
    told = {"call": "account:ListRegions", "region": REGION, "arguments": ["--region", "eu-west-1"]}
    assert captured(tmp_path, path, regions, told)[0].status == "captured"
