"""Answers that a script put into the items of a listing are what they are in files of their own (rule X8)."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.bundle import open_bundle
from auditor.evidence import Capture, load
from tests.textbook import ACCOUNT, PATTERN, REGION, Files, alarm, metric_filter, subscription, textbook, trail, write

PLACE = f"{ACCOUNT}/{REGION}"
TRAILS = f"{PLACE}/cloudtrail-describe-trails.json"
GROUPS = f"{PLACE}/logs-describe-log-groups.json"
FILTERS = f"{PLACE}/logs-describe-metric-filters.json"
ALARMS = f"{PLACE}/cloudwatch-describe-alarms.json"
TOPICS = f"{PLACE}/sns-list-topics.json"
SUBSCRIPTIONS = f"{PLACE}/sns-list-subscriptions-by-topic/alerts.json"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
SUBSCRIPTION = subscription()["SubscriptionArn"]

Merge = Callable[[Files], dict[str, Any]]


def full() -> Files:
    group = {
        "logGroupName": "ct",
        "arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:ct:*",
        "logGroupClass": "STANDARD",
    }
    return textbook() | {
        GROUPS: {"logGroups": [{**group, "creationTime": 1, "storedBytes": 1, "metricFilterCount": 1}]},
        TOPICS: {"Topics": [{"TopicArn": TOPIC}]},
    }


def status(**changes: Any) -> dict[str, Any]:
    return {"IsLogging": True, "LatestCloudWatchLogsDeliveryTime": "2026-09-28T10:00:00Z"} | changes


def attributes(**changes: Any) -> dict[str, Any]:
    return {"TopicArn": TOPIC, "Owner": ACCOUNT, "SubscriptionsConfirmed": "1", "DisplayName": ""} | changes


def of_subscription(**changes: Any) -> dict[str, Any]:
    base = {"SubscriptionArn": SUBSCRIPTION, "TopicArn": TOPIC, "Protocol": "email", "PendingConfirmation": "false"}
    return base | changes


def selectors(**changes: Any) -> dict[str, Any]:
    base = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
    return {"TrailARN": trail()["TrailARN"], "EventSelectors": [base | changes]}


STATUS = f"{PLACE}/cloudtrail-get-trail-status/main.json"
SELECTORS = f"{PLACE}/cloudtrail-get-event-selectors/main.json"
ATTRIBUTES = f"{PLACE}/sns-get-topic-attributes/alerts.json"
OF_SUBSCRIPTION = f"{PLACE}/sns-get-subscription-attributes/{SUBSCRIPTION.rpartition(':')[2]}.json"
HISTORY = f"{PLACE}/cloudwatch-describe-alarm-history/ssm-actions.json"
SECOND = metric_filter("{ $.x = 1 }", filterName="second", transformation={"metricValue": "0"})
FAILED = {
    "AlarmName": "ssm-actions",
    "AlarmType": "MetricAlarm",
    "Timestamp": "2026-09-28T10:00:00Z",
    "HistoryItemType": "Action",
    "HistorySummary": f"Failed to execute action {TOPIC}",
    "HistoryData": json.dumps({"actionState": "Failed", "notificationResource": TOPIC, "error": "denied"}),
}

# What is said, the file of its own in which it is, the listing into which scripts put it, and under which names.
CASES: list[tuple[str, str, dict[str, Any], str, tuple[str, ...]]] = [
    ("status off", STATUS, status(IsLogging=False), TRAILS, ("", "Status", "TrailStatus", "c7n:TrailStatus")),
    ("status on", STATUS, status(), TRAILS, ("", "Status")),
    ("undelivered", STATUS, status(LatestCloudWatchLogsDeliveryError="AccessDenied"), TRAILS, ("", "Status")),
    ("status of no kind", STATUS, status(IsLogging="no"), TRAILS, ("", "Status")),
    ("writes only", SELECTORS, selectors(ReadWriteType="WriteOnly"), TRAILS, ("", "Selectors")),
    ("all events", SELECTORS, selectors(), TRAILS, ("", "Selectors")),
    (
        "data events",
        SELECTORS,
        {
            "TrailARN": trail()["TrailARN"],
            "AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}],
        },
        TRAILS,
        ("", "Selectors"),
    ),
    ("key of AWS", ATTRIBUTES, {"Attributes": attributes(KmsMasterKeyId="alias/aws/sns")}, TOPICS, ("", "Topic")),
    ("attributes", ATTRIBUTES, {"Attributes": attributes()}, TOPICS, ("", "Topic")),
    ("none subscribed", SUBSCRIPTIONS, {"Subscriptions": []}, TOPICS, ("", "subs")),
    ("subscribed", SUBSCRIPTIONS, {"Subscriptions": [subscription()]}, TOPICS, ("", "subs")),
    (
        "pending",
        SUBSCRIPTIONS,
        {"Subscriptions": [subscription(SubscriptionArn="PendingConfirmation")]},
        TOPICS,
        ("", "subs"),
    ),
    (
        "filter policy",
        OF_SUBSCRIPTION,
        {"Attributes": of_subscription(FilterPolicy='{"a": ["b"]}')},
        SUBSCRIPTIONS,
        ("", "Detail"),
    ),
    ("no filter policy", OF_SUBSCRIPTION, {"Attributes": of_subscription()}, SUBSCRIPTIONS, ("", "Detail")),
    ("action failed", HISTORY, {"AlarmHistoryItems": [FAILED]}, ALARMS, ("", "History")),
]


def item_of(files: Files, listing: str) -> dict[str, Any]:
    item: dict[str, Any] = next(value for value in files[listing].values() if value)[0]
    return item


def merged(path: str, answer: dict[str, Any], listing: str, name: str) -> Files:
    files = copy.deepcopy({name: content for name, content in full().items() if name != path})
    item_of(files, listing).update({name: answer} if name else answer)
    return files


def captures(folder: Path) -> tuple[Capture, ...]:
    return load(open_bundle([folder])).captures


def outcome(files: Files, folder: Path) -> tuple[object, ...]:
    (finding,) = audit(write(files, folder), controls=["ssm-actions"], strict=True).document["findings"]
    points = sorted(point["code"] for point in finding["open_points"])
    return finding["verdict"], finding["objective"], finding["broken_link"], finding["reason_code"], points


@pytest.mark.parametrize(
    ("path", "answer", "listing", "name"),
    [
        pytest.param(path, answer, listing, name, id=f"{what} as {name or 'members'}")
        for what, path, answer, listing, names in CASES
        for name in names
    ],
)
def test_x8_what_stands_in_an_item_is_the_answer_about_it(
    tmp_path: Path, path: str, answer: dict[str, Any], listing: str, name: str
) -> None:
    alone = outcome(full() | {path: answer}, tmp_path / "alone")
    assert outcome(merged(path, answer, listing, name), tmp_path / "merged") == alone


@pytest.mark.parametrize(("name", "content"), [("Status", status(IsLogging=False)), ("IsLogging", False)])
def test_x8_a_bare_list_of_items_is_heard_alike(tmp_path: Path, name: str, content: object) -> None:
    files = full() | {STATUS: status(), f"{PLACE}/trails_and_status.json": [trail(**{name: content})]}
    assert outcome(files, tmp_path)[:4] == ("INCONCLUSIVE", "INCONCLUSIVE", "trail", "trail-status-contradictory")


def test_x8_answers_in_answers_in_items_are_heard(tmp_path: Path) -> None:
    enriched = subscription() | {"Attributes": of_subscription(FilterPolicy='{"a": ["b"]}')}
    files = merged(SUBSCRIPTIONS, {"Subscriptions": [enriched]}, TOPICS, "")
    assert outcome(files, tmp_path)[:1] == ("FAIL",)
    places = {place for capture in captures(tmp_path) for place in capture.page_pointers}
    assert {"/Topics/0", "/Topics/0/Subscriptions/0"} <= places


@pytest.mark.parametrize(
    ("filters", "alarms"),
    [
        ([metric_filter(), SECOND], [alarm(Statistic="Average")]),
        ([metric_filter(PATTERN.replace("StartSession", "Other"))], None),
        ([metric_filter()], [alarm(Statistic="Average")]),
        ([metric_filter()], None),
        ([], None),
    ],
)
def test_x3_filters_in_a_log_group_are_those_of_the_group(
    tmp_path: Path, filters: list[dict[str, Any]], alarms: Iterable[dict[str, Any]] | None
) -> None:
    files = {path: content for path, content in full().items() if path != FILTERS}
    files[ALARMS] = textbook(alarms=alarms)[ALARMS]
    alone = outcome(
        files | {f"{PLACE}/logs-describe-metric-filters/ct.json": {"metricFilters": filters}}, tmp_path / "a"
    )
    item_of(files, GROUPS)["metricFilters"] = filters
    assert outcome(files, tmp_path / "b") == alone


@pytest.mark.parametrize(
    ("listing", "further"),
    [
        (TRAILS, {"Status": "ACTIVE", "Tags": [], "Policy": {"Version": "2012-10-17"}}),
        (TRAILS, {"EventSelectors": None, "Note": {"IsLogged": True}}),
        (TOPICS, {"Tags": [{"Key": "a", "Value": "b"}], "Name": "alerts", "Region": REGION}),
        (GROUPS, {"retentionInDays": 30, "dataProtectionStatus": "DISABLED", "tags": {"Status": "on"}}),
        (SUBSCRIPTIONS, {"Tags": {}, "Id": "1"}),
    ],
)
def test_x6_other_members_of_an_item_are_no_answers(tmp_path: Path, listing: str, further: dict[str, Any]) -> None:
    files = copy.deepcopy(full())
    item_of(files, listing).update(further)
    assert outcome(files, tmp_path / "with") == outcome(full(), tmp_path / "without")
    assert len(captures(tmp_path / "with")) == len(full())


def test_t12_a_piece_of_a_status_is_no_status(tmp_path: Path) -> None:
    files = copy.deepcopy(full()) | {STATUS: status()}
    item_of(files, TRAILS)["LatestCloudWatchLogsDeliveryError"] = "AccessDenied"
    assert outcome(files, tmp_path)[:4] == ("INCONCLUSIVE", "INCONCLUSIVE", "trail", "trail-status-contradictory")


def test_t12_the_status_of_a_trail_in_another_region_is_what_it_is_there(tmp_path: Path) -> None:
    shadow = f"{ACCOUNT}/eu-west-1/cloudtrail-describe-trails.json"
    files = full() | {shadow: {"trailList": [trail()]}}
    alone = files | {f"{ACCOUNT}/eu-west-1/cloudtrail-get-trail-status/main.json": status(IsLogging=False)}
    in_item = files | {shadow: {"trailList": [trail(Status=status(IsLogging=False))]}}
    assert outcome(in_item, tmp_path / "in item") == outcome(alone, tmp_path / "alone")


@pytest.mark.parametrize(
    ("listing", "further", "code"),
    [
        (TOPICS, {"KmsMasterKeyId": "alias/aws/sns"}, "topic-key-aws-managed"),
        (TOPICS, {"SubscriptionsConfirmed": "0"}, "subscriptions-contradict-count"),
        (SUBSCRIPTIONS, {"FilterPolicy": '{"a": ["b"]}'}, "filter-policy-drops"),
        (SUBSCRIPTIONS, {"Attributes": {"FilterPolicy": '{"a": ["b"]}'}}, "filter-policy-drops"),
    ],
)
def test_x3_attributes_without_their_envelope_are_heard(
    tmp_path: Path, listing: str, further: dict[str, Any], code: str
) -> None:
    files = copy.deepcopy(full())
    item_of(files, listing).update(further)
    assert outcome(files, tmp_path)[3] == code
