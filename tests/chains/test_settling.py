"""V5: whatever a reason asks for decides: it is asked for, then what it says is felt, and it is asked for no more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.evidence import calls
from tests.chains.chain import PLACE, TOPIC
from tests.chains.corroborating import CASES, ENCRYPTED, EVERYONE, LISTED_RULE, TRANSFORMED, topic
from tests.chains.needs import askable
from tests.textbook import ACCOUNT, REGION, Files, alarm, textbook, trail, write

PLAIN = textbook()
MUTE_RULES = f"{PLACE}/cloudwatch-list-alarm-mute-rules.json"
LETS_IN = {"Statement": [EVERYONE | {"Action": "sns:Publish"}]}
BY_TOPIC = f"{PLACE}/sns-list-subscriptions-by-topic/alerts.json"
LATE = textbook(alarms=[alarm(EvaluationPeriods=3, TreatMissingData="missing")])
CUSTOM = textbook(trails=[trail(HasCustomEventSelectors=True)])


def without(path: str) -> Files:
    return {name: content for name, content in PLAIN.items() if name != path}


def tripped(datapoints: int) -> Files:
    state = {"stateValue": "ALARM", "stateReasonData": {"recentDatapoints": [1.0] * datapoints}}
    entry = {
        "AlarmName": "ssm-actions", "Timestamp": "2026-09-01T10:11:12+00:00", "HistoryItemType": "StateUpdate",
        "HistorySummary": "to ALARM", "HistoryData": json.dumps({"newState": state}),
    }  # fmt: skip
    return {"AlarmHistoryItems": [entry]}


def case(name: str, files: Files | None = None) -> tuple[Files, str, Any, Any]:
    base, path, good, bad, _ = CASES[name]
    return base if files is None else files, f"{PLACE}/{path}.json", good, bad


MONITOR = "222233334444"


def monitored() -> Files:
    """The textbook's account whose metric an alarm of another account watches."""
    metric = {"Namespace": "Audit", "MetricName": "SsmActions", "Dimensions": []}
    entry = {"Id": "m1", "AccountId": ACCOUNT, "MetricStat": {"Metric": metric, "Period": 300, "Stat": "Sum"}}
    own = dict.fromkeys(("Statistic", "MetricName", "Namespace", "Dimensions", "Period"))
    watching = alarm(MONITOR, Metrics=[entry], **own)
    subscribers = f"{MONITOR}/{REGION}/sns-list-subscriptions-by-topic/alerts.json"
    return textbook(alarms=[]) | {
        f"{MONITOR}/{REGION}/cloudwatch-describe-alarms.json": {"MetricAlarms": [watching], "CompositeAlarms": []},
        subscribers: textbook(MONITOR)[subscribers],
    }


def link(account: str) -> Files:
    arn, sink = f"arn:aws:oam:{REGION}:{ACCOUNT}:link/1", f"arn:aws:oam:{REGION}:{account}:sink/1"
    return {"Items": [{"Arn": arn, "SinkArn": sink, "ResourceTypes": ["AWS::CloudWatch::Metric"]}]}


def required(path: str, empty: Files) -> tuple[Files, str, Any, Any]:
    return without(path), path, PLAIN[path], empty


# Per settling call: a bundle that asks for it, its file, what it says when all is well, what when not.
DECIDES: dict[str, tuple[Files, str, Any, Any]] = {
    "cloudtrail:DescribeTrails": required(f"{PLACE}/cloudtrail-describe-trails.json", {"trailList": []}),
    "logs:DescribeMetricFilters": required(f"{PLACE}/logs-describe-metric-filters.json", {"metricFilters": []}),
    "cloudwatch:DescribeAlarms": required(f"{PLACE}/cloudwatch-describe-alarms.json", {"MetricAlarms": []}),
    "sns:ListSubscriptionsByTopic": required(BY_TOPIC, {"Subscriptions": []}),
    "cloudtrail:GetTrailStatus": case("T12 status"),
    "cloudtrail:GetEventSelectors": case("T14 selectors", CUSTOM),
    "logs:DescribeLogGroups": case("L1 log groups"),
    "logs:GetTransformer": case("L6 transformer", TRANSFORMED),
    "cloudwatch:DescribeAlarmHistory": (
        LATE, f"{PLACE}/cloudwatch-describe-alarm-history/ssm-actions.json", tripped(1), tripped(3),
    ),
    "cloudwatch:ListAlarmMuteRules": (
        PLAIN, MUTE_RULES, {"AlarmMuteRuleSummaries": []}, LISTED_RULE[MUTE_RULES],
    ),
    "cloudwatch:GetAlarmMuteRule": case("A17 mute rule"),
    "kms:GetKeyPolicy": case("S4 key policy", ENCRYPTED),
    "sns:GetTopicAttributes": (
        PLAIN, f"{PLACE}/sns-get-topic-attributes/alerts.json",
        topic(Policy=json.dumps(LETS_IN), Owner=ACCOUNT, SubscriptionsConfirmed="1"),
        topic(Policy=json.dumps({"Statement": []})),
    ),
    "sns:ListTopics": (
        PLAIN | {f"{PLACE}/sns-list-topics.json": {"Topics": []}},
        f"{PLACE}/sns-list-topics.json", {"Topics": [{"TopicArn": TOPIC}]}, {"Topics": [{"TopicArn": f"{TOPIC}2"}]},
    ),
    "sns:GetSubscriptionAttributes": case("N6 subscription"),
    "oam:ListLinks": (monitored(), f"{PLACE}/oam-list-links.json", link(MONITOR), link("333344445555")),
}  # fmt: skip

# What the account's transformer does is asked for, but the group's own goes before it and decides (L6_CASES).
NEVER_ALONE = {"logs:DescribeAccountPolicies"}


def judged(folder: Path, files: Files, call_id: str) -> tuple[str, list[str], bool]:
    """Verdict, open points, and whether the finding asks for the call."""
    document = audit(write(files, folder), controls=["ssm-actions"]).document
    (finding,) = (one for one in document["findings"] if one["account_id"] == ACCOUNT)
    asked = [point["command"] or "" for point in finding["open_points"]]
    asked += [request["command"] for request in document["requests"]]
    words = f"aws {calls()[call_id].words} "
    return (
        finding["verdict"],
        sorted(point["code"] for point in finding["open_points"]),
        any(words in f"{one} " for one in asked),
    )


def test_every_settling_call_has_a_case() -> None:
    assert set(DECIDES) | NEVER_ALONE == askable()


@pytest.mark.parametrize("call_id", DECIDES)
def test_v5_what_is_asked_for_decides(tmp_path: Path, call_id: str) -> None:
    files, path, good, bad = DECIDES[call_id]
    before = judged(tmp_path / "before", files, call_id)
    well = judged(tmp_path / "well", files | {path: good}, call_id)
    ill = judged(tmp_path / "ill", files | {path: bad}, call_id)
    assert before[2], "it is not asked for"
    assert (well[0], well[2]) == ("PASS", False)
    assert ill[:2] != well[:2], "nothing that it says is felt"


@pytest.mark.parametrize("call_id", DECIDES)
def test_a_settling_call_has_its_permission(call_id: str) -> None:
    service, _, operation = call_id.partition(":")
    assert calls()[call_id].permission == f"{service}:{operation}"
