"""Answers that a script put into the items of a listing are what they are in files of their own (rule X8)."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.bundle import open_bundle
from auditor.evidence import Capture, load
from auditor.evidence.operations import calls
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


def in_snake_case(value: Any) -> Any:
    if isinstance(value, list):
        return [in_snake_case(element) for element in value]
    if isinstance(value, dict):
        return {re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower(): in_snake_case(v) for name, v in value.items()}
    return value


BAD = {what: (path, answer, listing) for what, path, answer, listing, _ in CASES} | {
    "no filter": (FILTERS, {"metricFilters": []}, GROUPS),
}
OFF = [
    "status off",
    "writes only",
    "key of AWS",
    "none subscribed",
    "pending",
    "filter policy",
    "action failed",
    "no filter",
]

# How a script puts an answer into an item.
WRAPPED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "list": lambda answer: {"Detail": [answer]},
    "text": lambda answer: {"Detail": json.dumps(answer)},
    "in an object": lambda answer: {"Details": {"more": answer, "count": 1}},
    "with its exit code": lambda answer: {"Detail": {"output": answer, "exit": 0}},
    "with the headers": lambda answer: {"Detail": answer | {"ResponseMetadata": {"HTTPStatusCode": 200}}},
    "by account": lambda answer: {"Detail": {ACCOUNT: answer}},
    "under its own name": lambda answer: {next(iter(set(answer) - {"TrailARN"})): answer},
}


@pytest.mark.parametrize(
    ("what", "form"),
    [(what, form) for what in OFF for form in WRAPPED if (what, form) != ("status off", "under its own name")],
)
def test_x8_an_answer_in_an_item_is_heard_through_what_wraps_it(tmp_path: Path, what: str, form: str) -> None:
    path, answer, listing = BAD[what]
    files = merged(path, WRAPPED[form](answer), listing, "")
    bare = merged(path, answer, listing, "Detail")
    assert outcome(files, tmp_path / "wrapped") == outcome(bare, tmp_path / "bare")
    assert outcome(bare, tmp_path / "again")[0] != "PASS"


@pytest.mark.parametrize("what", OFF)
@pytest.mark.parametrize("name", ["", "Detail"])
def test_x8_other_spellings_of_names_prove_nothing_good(tmp_path: Path, what: str, name: str) -> None:
    path, answer, listing = BAD[what]
    assert outcome(merged(path, in_snake_case(answer), listing, name), tmp_path)[0] != "PASS"


@pytest.mark.parametrize("name", ["is_logging", "isLogging", "IS_LOGGING", "Status.IsLogging", "status_IsLogging"])
def test_t12_a_truth_value_is_heard_in_any_spelling(tmp_path: Path, name: str) -> None:
    files = copy.deepcopy(full())
    item_of(files, TRAILS)[name] = False
    assert outcome(files, tmp_path)[3] == "trail-not-logging"


@pytest.mark.parametrize(
    ("path", "beside", "code"),
    [
        (TRAILS, {"statuses": {"main": status(IsLogging=False)}}, "trail-not-logging"),
        (TRAILS, {"statuses": {trail()["TrailARN"]: status(IsLogging=False)}}, "trail-not-logging"),
        (TRAILS, {"get-trail-status": {"main": status(IsLogging=False)}}, "trail-not-logging"),
        (TRAILS, {"Status": status(IsLogging=False)}, "trail-status-contradictory"),
        (TOPICS, {"all": {TOPIC: {"Attributes": attributes(KmsMasterKeyId="alias/aws/sns")}}}, "topic-key-aws-managed"),
        (TOPICS, {"Attributes": {TOPIC: attributes(KmsMasterKeyId="alias/aws/sns")}}, "topic-key-aws-managed"),
        (SELECTORS, {**selectors(), "Status": status(IsLogging=False)}, "trail-not-logging"),
    ],
)
def test_x8_answers_beside_the_list_are_heard(tmp_path: Path, path: str, beside: dict[str, Any], code: str) -> None:
    files = full()
    assert outcome(files | {path: {**files.get(path, {}), **beside}}, tmp_path)[3] == code


ROW = {"trail": trail(), "status": status(IsLogging=False)}


@pytest.mark.parametrize(
    "document",
    [
        ROW,
        [ROW],
        {"trails": [ROW]},
        {"main": ROW},
        trail(EventSelectors=selectors()["EventSelectors"], Status=status(IsLogging=False)),
        {"Accounts": [{"Id": ACCOUNT, "Name": "a", REGION: {"trailList": [trail(Status=status(IsLogging=False))]}}]},
    ],
)
def test_x8_rows_of_items_and_answers_are_heard(tmp_path: Path, document: Any) -> None:
    assert outcome(full() | {f"{PLACE}/enriched.json": document}, tmp_path)[3] == "trail-not-logging"


@pytest.mark.parametrize(
    ("listing", "further", "code"),
    [
        (ALARMS, {"Topics": [{"TopicArn": TOPIC, "Subscriptions": []}]}, "subscriptions-contradictory"),
        (ALARMS, {"Topic": attributes(KmsMasterKeyId="alias/aws/sns")}, "topic-key-aws-managed"),
        (ALARMS, {"Subscriptions": []}, "subscriptions-contradictory"),
        (SUBSCRIPTIONS, {"Topic": {"Attributes": attributes(KmsMasterKeyId="alias/aws/sns")}}, "topic-key-aws-managed"),
        (TRAILS, {"LogGroup": {"metricFilters": []}}, "filters-contradictory"),
        (FILTERS, {"Alarms": [alarm(ActionsEnabled=False)]}, "alarms-contradictory"),
    ],
)
def test_x8_answers_along_the_chain_are_heard(tmp_path: Path, listing: str, further: dict[str, Any], code: str) -> None:
    files = copy.deepcopy(full())
    item_of(files, listing).update(further)
    assert outcome(files, tmp_path)[3] == code


@pytest.mark.parametrize("cut", [{}, {"DisplayName": "x"}, {"SubscriptionsConfirmed": "1"}])
def test_x6_attributes_that_were_cut_show_no_absence(tmp_path: Path, cut: dict[str, str]) -> None:
    files = copy.deepcopy(full())
    item_of(files, TOPICS)["Attributes"] = cut
    assert "topic-attributes-not-captured" in str(outcome(files, tmp_path)[4])


@pytest.mark.parametrize(
    ("listing", "further"),
    [
        (GROUPS, {"metricFilters": 1, "Policy": "none"}),
        (TOPICS, {"Subscriptions": 1, "status": "on", "Type": "Topic"}),
        (FILTERS, {"Alarms": ["ssm-actions"], "Status": {"State": "off"}}),
        (ALARMS, {"Policy": {"Version": "2012-10-17", "Statement": []}, "Status": "disabled", "Tags": [{"Key": "a"}]}),
        (TRAILS, {"Findings": [{"Status": "FAIL", "CheckID": "trail_logging", "Policy": "{}"}]}),
    ],
)
def test_x6_counts_findings_and_words_are_no_answers(tmp_path: Path, listing: str, further: dict[str, Any]) -> None:
    files = copy.deepcopy(full())
    item_of(files, listing).update(further)
    assert outcome(files, tmp_path / "with") == outcome(full(), tmp_path / "without")
    assert len(captures(tmp_path / "with")) == len(full())


def test_every_call_that_scripts_put_into_items_has_a_case() -> None:
    followers = {call.name for call in calls().values() if call.put_into}
    rarely = {"cloudwatch-get-alarm-mute-rule", "logs-get-transformer"}  # which never prove a chain
    shown = {path.split("/")[2].removesuffix(".json") for path, _, _ in BAD.values()}
    assert followers - rarely == shown


def at(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        value = json.loads(value) if isinstance(value, str) else value
        value = value[int(part)] if isinstance(value, list) else value[part.replace("~1", "/").replace("~0", "~")]
    return value


@pytest.mark.parametrize("what", OFF)
@pytest.mark.parametrize("form", [*WRAPPED, "flat", "otherwise spelt", "bare attributes"])
def test_places_of_evidence_are_those_of_the_file(tmp_path: Path, what: str, form: str) -> None:
    path, answer, listing = BAD[what]
    other = {
        "flat": answer,
        "otherwise spelt": in_snake_case(answer),
        "bare attributes": answer.get("Attributes", {"Detail": answer.get("AlarmHistoryItems", answer)}),
    }
    files = merged(path, other[form] if form in other else WRAPPED[form](answer), listing, "")
    document = audit(write(files, tmp_path), controls=["ssm-actions"]).document
    (finding,) = document["findings"]
    assert finding["evidence"]
    for item in finding["evidence"]:
        shown = at(files[item["file"]], item["pointer"])
        assert item["excerpt"] is not None or shown == []


WHOLE_TOPIC = attributes(Policy=json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "SNS:*"}]}))
WHOLE_SUBSCRIPTION = of_subscription(Owner=ACCOUNT, Endpoint="soc@example.com", RawMessageDelivery="false")


@pytest.mark.parametrize(
    ("path", "whole", "listing", "piece", "agrees"),
    [
        (ATTRIBUTES, WHOLE_TOPIC, TOPICS, {"SubscriptionsConfirmed": "1"}, True),
        (ATTRIBUTES, WHOLE_TOPIC, TOPICS, {"Attributes": {"DisplayName": ""}}, True),
        (ATTRIBUTES, WHOLE_TOPIC, TOPICS, {"SubscriptionsConfirmed": "0"}, False),
        (ATTRIBUTES, WHOLE_TOPIC, TOPICS, {"KmsMasterKeyId": "alias/aws/sns"}, False),
        (OF_SUBSCRIPTION, WHOLE_SUBSCRIPTION, SUBSCRIPTIONS, {"RawMessageDelivery": "false"}, True),
        (OF_SUBSCRIPTION, WHOLE_SUBSCRIPTION, SUBSCRIPTIONS, {"FilterPolicy": '{"a": ["b"]}'}, False),
    ],
)
def test_some_attributes_beside_all_of_them_say_nothing_else(
    tmp_path: Path, path: str, whole: dict[str, str], listing: str, piece: dict[str, Any], agrees: bool
) -> None:
    files = copy.deepcopy(full()) | {path: {"Attributes": whole}}
    alone = outcome(files, tmp_path / "alone")
    item_of(files, listing).update(piece)
    beside = outcome(files, tmp_path / "beside")
    assert beside == alone if agrees else beside[0] == "INCONCLUSIVE"


@pytest.mark.parametrize("form", [*WRAPPED, "flat"])
@pytest.mark.parametrize("what", ["status on", "all events", "attributes", "subscribed", "no filter policy"])
def test_x8_what_is_well_is_well_in_any_wrapper(tmp_path: Path, what: str, form: str) -> None:
    path, answer, listing = BAD[what]
    if what == "status on" and form == "under its own name":
        form = "list"
    files = merged(path, answer if form == "flat" else WRAPPED[form](answer), listing, "")
    assert outcome(files, tmp_path / "merged") == outcome(full() | {path: answer}, tmp_path / "alone")
