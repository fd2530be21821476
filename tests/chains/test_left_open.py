"""Rules V3, X7, T3, T12, L1, S7, A10–A13: evidence that is there and says something else is not dropped."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.chains.chain import PASS, PLACE, TOPIC, Audit, outcome
from tests.textbook import ACCOUNT, REGION, alarm, metric_filter, textbook, trail

FILTERS = f"{PLACE}/logs-describe-metric-filters.json"

PROMQL = {"EvaluationCriteria": {"PromQLCriteria": {"Query": "sum(SsmActions) > 0"}}}
PLAIN = ("MetricName", "Namespace", "Statistic", "Dimensions", "Period", "Threshold", "ComparisonOperator")
BY_PROMQL = alarm(name="by-query", **dict.fromkeys((*PLAIN, "EvaluationPeriods"), None), **PROMQL)
UNREAD = [{"Id": "q1", "Expression": "SELECT MAX (SsmActions) FROM Audit", "ReturnData": True}]


@pytest.mark.parametrize(
    ("alarms", "expected"),
    [
        pytest.param([BY_PROMQL], ("INCONCLUSIVE", "alarm", "alarm-promql"), id="A11 PromQL alone"),
        pytest.param([alarm(), BY_PROMQL], PASS, id="A11 PromQL beside a whole chain"),
        pytest.param(
            [alarm(Threshold=2.0), BY_PROMQL], ("INCONCLUSIVE", "alarm", "alarm-promql"), id="A11 PromQL beside a break"
        ),
        pytest.param(
            [alarm(name="q", **dict.fromkeys((*PLAIN, "EvaluationPeriods")), Metrics=UNREAD)],
            ("INCONCLUSIVE", "alarm", "alarm-metrics-insights"),
            id="A13 a query that is not read",
        ),
        pytest.param(
            [{**BY_PROMQL, "AlarmActions": []}], ("FAIL", "topic", "no-action"), id="A11 PromQL, without action"
        ),
    ],
)
def test_an_alarm_by_query_may_watch_any_metric(audit: Audit, alarms: list[Any], expected: tuple[str, ...]) -> None:
    assert outcome(audit(textbook(alarms=alarms))) == expected


@pytest.mark.parametrize("names", [("SsmActions", "Other"), ("Other", "SsmActions"), ("SsmActions", "SsmActions")])
def test_a11_an_alarm_has_a_metric_or_maths_and_never_both(audit: Audit, names: tuple[str, str]) -> None:
    stat = {"Metric": {"Namespace": "Audit", "MetricName": names[1]}, "Period": 300, "Stat": "Sum"}
    both = alarm(MetricName=names[0], Metrics=[{"Id": "m1", "MetricStat": stat, "ReturnData": True}])
    assert outcome(audit(textbook(alarms=[both]))) == ("INCONCLUSIVE", "alarm", "alarm-settings-unclear")


def test_v3_no_query_sees_what_is_never_published(audit: Audit) -> None:
    assert (
        audit(textbook(filters=[metric_filter(transformation={"metricValue": "$.bytes"})], alarms=[BY_PROMQL]))[
            "verdict"
        ]
        == "FAIL"
    )


def test_v3_an_alarm_in_the_wrong_folder_leaves_open_what_its_own_place_lacks(audit: Audit) -> None:
    astray = {f"{ACCOUNT}/eu-west-1/cloudwatch-describe-alarms.json": {"MetricAlarms": [alarm()]}}
    assert outcome(audit(textbook(alarms=[]) | astray)) == ("INCONCLUSIVE", "alarm", "alarms-unusable")
    own = {f"{ACCOUNT}/eu-west-1/cloudwatch-describe-alarms.json": {"MetricAlarms": [alarm(region="eu-west-1")]}}
    assert outcome(audit(textbook(alarms=[]) | own)) == ("FAIL", "alarm", "no-alarm")


NOWHERE_TRAILS = {"trailList": [trail(CloudWatchLogsLogGroupArn=None)]}
NOWHERE_FILTERS = {"metricFilters": [metric_filter("{$.eventName=Other}")]}
READ_ONLY = {
    "TrailARN": trail()["TrailARN"],
    "EventSelectors": [{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}],
}
FAILED_ACTION = {
    "AlarmHistoryItems": [
        {
            "AlarmName": "ssm-actions",
            "Timestamp": "2026-09-02T00:00:00Z",
            "HistoryItemType": "Action",
            "HistoryData": json.dumps({"actionState": "Failed", "notificationResource": TOPIC}),
        }
    ]
}


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        pytest.param("trails.json", NOWHERE_TRAILS, "trail-contradictory", id="T3 a copy without a place"),
        pytest.param(
            f"{ACCOUNT}/describe-trails.json", NOWHERE_TRAILS, "trail-contradictory", id="T3 one without a region"
        ),
        pytest.param("selectors.json", READ_ONLY, "selectors-miss-events", id="T14 selectors name their trail"),
        pytest.param("history.json", FAILED_ACTION, "alarm-history-contradictory", id="S7 a history without a place"),
        pytest.param(
            f"{ACCOUNT}/{REGION}/sns-list-subscriptions-by-topic/{REGION}-alerts.json",
            {"Subscriptions": []},
            "subscriptions-contradictory",
            id="N4 T12 a region before the topic's name",
        ),
        pytest.param(
            f"{ACCOUNT}/{REGION}/sns-list-subscriptions-by-topic/alerts_{ACCOUNT}.json",
            {"Subscriptions": []},
            "subscriptions-contradictory",
            id="N4 T12 the account behind the topic's name",
        ),
        pytest.param(
            f"{ACCOUNT}/{REGION}/sns-list-subscriptions-by-topic/other.json",
            {"Subscriptions": []},
            "holds",
            id="N4 other",
        ),
    ],
)
def test_what_lies_in_no_place_or_has_more_in_its_name(audit: Audit, path: str, content: Any, code: str) -> None:
    assert audit(textbook() | {path: content})["reason_code"] == code


@pytest.mark.parametrize(
    ("content", "points"),
    [
        pytest.param(NOWHERE_FILTERS, ["further-publishers-not-shown"], id="V3 filters of an unknown region"),
        pytest.param(textbook()[FILTERS], [], id="V3 a copy of those that are placed"),
        pytest.param({"metricFilters": []}, [], id="V3 none"),
    ],
)
def test_a_listing_of_an_unknown_region_may_be_another_of_each(audit: Audit, content: Any, points: list[str]) -> None:
    finding = audit(textbook() | {f"{ACCOUNT}/logs-describe-metric-filters.json": content})
    assert finding["verdict"] == "PASS"
    assert [point["code"] for point in finding["open_points"] if point["material"]] == points


def test_l1_a_filter_that_is_told_twice_proves_its_group_all_the_same(audit: Audit) -> None:
    groups = {f"{PLACE}/logs-describe-log-groups.json": {"logGroups": [{"logGroupName": "other"}]}}
    files = textbook(filters=[metric_filter(), metric_filter("{$.eventName=Other}")]) | groups
    assert outcome(audit(files))[0] == "INCONCLUSIVE"
    assert outcome(audit(textbook(filters=[]) | groups)) == ("FAIL", "log_group", "log-group-missing")


BY_KEY = {"KmsMasterKeyId": "alias/aws/sns"}
NAMED_INSIDE = {
    "sns-get-topic-attributes/alerts": lambda inside: {"Attributes": {"TopicArn": inside} | BY_KEY},
    "cloudtrail-get-event-selectors/main": lambda inside: READ_ONLY | {"TrailARN": inside},
}


@pytest.mark.parametrize("name", NAMED_INSIDE)
@pytest.mark.parametrize("inside", ["true", "ARN:AWS:SNS:X", TOPIC + "x", f"{trail()['TrailARN']}x"])
def test_x7_a_file_named_after_one_thing_that_names_another_inside(audit: Audit, name: str, inside: str) -> None:
    files = textbook() | {f"{PLACE}/{name}.json": NAMED_INSIDE[name](inside)}
    assert audit(files)["verdict"] == "INCONCLUSIVE"


def test_x7_another_accounts_topic_of_the_same_name_is_named_right(audit: Audit) -> None:
    foreign = {"Attributes": {"TopicArn": f"arn:aws:sns:{REGION}:999988887777:alerts"} | BY_KEY}
    assert outcome(audit(textbook() | {f"{PLACE}/sns-get-topic-attributes/alerts.json": foreign})) == PASS


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        pytest.param({"EvaluationState": "EVALUATION_FAILURE"}, "holds", id="A12 a failure that passes"),
        pytest.param({"EvaluationState": "NEW_STATE"}, "alarm-evaluation-error", id="A12 a state that is not known"),
        pytest.param({"ThresholdMetricId": "ad1"}, "alarm-settings-unclear", id="A11 two thresholds"),
        pytest.param(
            {"Statistic": None, "ExtendedStatistic": "p90", "EvaluateLowSampleCountPercentile": "evaluate"},
            "holds",
            id="A10 low samples evaluated",
        ),
        pytest.param(
            {"Statistic": None, "ExtendedStatistic": "p90", "EvaluateLowSampleCountPercentile": "IGNORE"},
            "alarm-settings-unclear",
            id="A10 a word that is not known",
        ),
    ],
)
def test_settings_that_are_not_known(audit: Audit, settings: dict[str, Any], code: str) -> None:
    assert audit(textbook(alarms=[alarm(**settings)]))["reason_code"] == code


def test_x3_alarms_told_by_name_and_state_contradict_nothing(audit: Audit) -> None:
    stub = {name: alarm()[name] for name in ("AlarmName", "AlarmArn", "StateValue")}
    path = f"{PLACE}/cloudwatch-describe-alarms-children.json"
    assert outcome(audit(textbook() | {path: {"MetricAlarms": [stub], "CompositeAlarms": []}})) == PASS
