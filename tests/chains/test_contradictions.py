"""Corroborating captures that cannot be relied on leave their link unknown; they are not as if they were absent.

Three ways each: two captures that differ, one that breaks its schema, one that the capture record places elsewhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.chains.chain import ALARM_ARN, PLACE, TOPIC
from tests.chains.corroborating import (
    CASES,
    ENCRYPTED,
    EVERYONE,
    KEY,
    PLAIN,
    SUBSCRIBED,
    Case,
    acted,
    key_policy,
    subscribed,
    topic,
)
from tests.textbook import ACCOUNT, REGION, Files, alarm, metric_filter, subscription, textbook, trail, write

by_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def judged(folder: Path, files: Files) -> tuple[str, str | None]:
    """Verdict and broken link of the account; others that a record names have a finding of their own (X9)."""
    findings = audit(write(files, folder), controls=["ssm-actions"]).document["findings"]
    (finding,) = [finding for finding in findings if finding["account_id"] == ACCOUNT]
    return finding["verdict"], finding["broken_link"]


@by_case
def test_v3_one_good_capture_passes(tmp_path: Path, case: Case) -> None:
    files, path, good, _, _ = case
    assert judged(tmp_path, files | {f"{PLACE}/{path}.json": good}) == ("PASS", None)


@by_case
def test_v3_two_captures_that_differ_decide_nothing(tmp_path: Path, case: Case) -> None:
    files, path, good, bad, link = case
    both = {f"{PLACE}/{path}.json": good, f"{PLACE}/again/{path}.json": bad}
    assert judged(tmp_path, files | both) == ("INCONCLUSIVE", link)


@by_case
def test_v3_two_captures_that_agree_are_one(tmp_path: Path, case: Case) -> None:
    files, path, good, _, _ = case
    both = {f"{PLACE}/{path}.json": good, f"{PLACE}/again/{path}.json": good}
    assert judged(tmp_path, files | both) == ("PASS", None)


@by_case
@pytest.mark.parametrize(
    "spoiled", ["| IsLogging |  True |\n", {"Comment": "the members are cut out"}], ids=["table", "cut"]
)
def test_x5_an_answer_that_cannot_be_read_is_not_absent(tmp_path: Path, case: Case, spoiled: Any) -> None:
    files, path, _, _, link = case
    assert judged(tmp_path, files | {f"{PLACE}/{path}.json": spoiled}) == ("INCONCLUSIVE", link)


@by_case
def test_x5_a_capture_that_breaks_its_schema_is_not_absent(tmp_path: Path, case: Case) -> None:
    files, path, good, _, link = case
    broken = dict.fromkeys(good, 5)
    assert judged(tmp_path, files | {f"{PLACE}/{path}.json": broken}) == ("INCONCLUSIVE", link)


@by_case
def test_x5_nor_does_a_good_one_beside_it_mend_it(tmp_path: Path, case: Case) -> None:
    files, path, good, _, link = case
    broken = dict.fromkeys(good, 5)
    if path in ("sns-list-topics", "logs-describe-log-groups"):
        link = ""  # the good listing holds it, whatever the other does not say
    both = {f"{PLACE}/{path}.json": good, f"{PLACE}/again/{path}.json": broken}
    assert judged(tmp_path, files | both) == (("INCONCLUSIVE", link) if link else ("PASS", None))


@by_case
def test_v3_a_capture_that_its_record_places_elsewhere_is_not_absent(tmp_path: Path, case: Case) -> None:
    files, path, good, _, link = case
    record = [
        {"file": f"{PLACE}/{path}.json", "call": "x:Y", "account_id": account, "region": REGION}
        for account in (ACCOUNT, "999988887777")
    ]
    told = {f"{PLACE}/{path}.json": good, "captures.json": record}
    assert judged(tmp_path, files | told) == ("INCONCLUSIVE", link)


def test_s4_key_policies_under_two_spellings_of_the_key_are_compared(tmp_path: Path) -> None:
    record = [
        {"file": f"{PLACE}/{name}.json", "call": "kms:GetKeyPolicy", "account_id": ACCOUNT, "region": REGION,
         "resource": resource}
        for name, resource in (("one", KEY), ("two", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY}"))
    ]  # fmt: skip
    policies = {f"{PLACE}/one.json": key_policy(EVERYONE), f"{PLACE}/two.json": key_policy()}
    assert judged(tmp_path, ENCRYPTED | policies | {"captures.json": record}) == ("INCONCLUSIVE", "topic")


def test_n1_attributes_that_say_pending_contradict_a_confirmed_listing(tmp_path: Path) -> None:
    path = f"{PLACE}/sns-get-subscription-attributes/0.json"
    pending = {path: subscribed(PendingConfirmation="true")}
    assert judged(tmp_path / "pending", PLAIN | pending) == ("INCONCLUSIVE", "subscription")
    assert judged(tmp_path / "confirmed", PLAIN | {path: subscribed(PendingConfirmation="false")}) == ("PASS", None)


def test_n1_a_further_subscription_that_nothing_contradicts_is_enough(tmp_path: Path) -> None:
    second = subscription(SubscriptionArn=f"{TOPIC}:6d2e89e6-b579-4b31-bd76-c25f6bb6ce7f", Endpoint="ops@example.com")
    files = textbook(subscriptions=[subscription(), second])
    pending = {f"{PLACE}/sns-get-subscription-attributes/0.json": subscribed(PendingConfirmation="true")}
    assert judged(tmp_path, files | pending) == ("PASS", None)


def test_n1_attributes_of_another_topics_subscription_contradict_the_listing(tmp_path: Path) -> None:
    other = subscribed() | {"Attributes": {"SubscriptionArn": SUBSCRIBED, "TopicArn": f"{TOPIC}2"}}
    files = PLAIN | {f"{PLACE}/sns-get-subscription-attributes/0.json": other}
    assert judged(tmp_path, files) == ("INCONCLUSIVE", "subscription")


@pytest.mark.parametrize(
    ("path", "operation", "link"),
    [
        pytest.param("sns-get-topic-attributes/alerts", "GetTopicAttributes", "topic", id="S3 attributes"),
        pytest.param("cloudtrail-get-trail-status/main", "GetTrailStatus", "trail", id="T12 status"),
    ],
)
def test_s3_a_resource_that_aws_does_not_know_contradicts_the_listing(
    tmp_path: Path, path: str, operation: str, link: str
) -> None:
    error = f"An error occurred (NotFound) when calling the {operation} operation: it does not exist"
    assert judged(tmp_path, PLAIN | {f"{PLACE}/{path}.json": error}) == ("INCONCLUSIVE", link)


def test_s3_attributes_not_found_and_no_listing_is_a_deleted_topic(tmp_path: Path) -> None:
    error = "An error occurred (NotFound) when calling the GetTopicAttributes operation: Topic does not exist"
    files = {path: content for path, content in PLAIN.items() if "by-topic" not in path}
    files |= {
        f"{PLACE}/sns-get-topic-attributes/alerts.json": error,
        f"{PLACE}/sns-list-subscriptions.json": {"Subscriptions": [subscription()]},
    }
    assert judged(tmp_path, files) == ("FAIL", "topic")


def test_s7_a_later_history_only_adds_to_an_earlier_one(tmp_path: Path) -> None:
    path = "cloudwatch-describe-alarm-history/ssm-actions.json"
    files = PLAIN | {f"{PLACE}/{path}": {"AlarmHistoryItems": []}, f"{PLACE}/again/{path}": acted("Succeeded")}
    assert judged(tmp_path, files) == ("PASS", None)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"alarms": [alarm(AlarmArn=f"{ALARM_ARN}other")]}, id="M1 the alarm's name"),
        pytest.param({"trails": [trail(HomeRegion="eu-west-1")]}, id="T3 the trail's home region"),
        pytest.param({"trails": [trail(Name="other")]}, id="T3 the trail's name"),
    ],
)
def test_an_item_whose_name_contradicts_its_arn_is_no_evidence(tmp_path: Path, wrong: dict[str, Any]) -> None:
    result = audit(write(textbook(**wrong), tmp_path), controls=["ssm-actions"]).document
    assert [finding["verdict"] for finding in result["findings"]] == ["INCONCLUSIVE"]
    (told,) = [problem for problem in result["problems"] if problem["code"] == "disagreement"]
    assert told["pointer"].startswith(("/MetricAlarms/0/", "/trailList/0/"))


def test_s1_attributes_whose_owner_is_not_the_topics_are_no_evidence(tmp_path: Path) -> None:
    files = PLAIN | {f"{PLACE}/sns-get-topic-attributes/alerts.json": topic(Owner="999988887777")}
    assert judged(tmp_path, files) == ("INCONCLUSIVE", "topic")


TRAILS = f"{PLACE}/cloudtrail-describe-trails.json"
AGAIN = f"{PLACE}/again/cloudtrail-describe-trails.json"
SHADOW = f"{ACCOUNT}/eu-west-1/cloudtrail-describe-trails.json"


@pytest.mark.parametrize(
    ("home", "verdict"),
    [
        pytest.param([trail(CloudWatchLogsLogGroupArn=None)], "INCONCLUSIVE", id="T3 told differently at home"),
        pytest.param([trail(HasCustomEventSelectors=True)], "INCONCLUSIVE", id="T9 custom selectors told differently"),
        pytest.param(
            [trail(IncludeGlobalServiceEvents=False)], "INCONCLUSIVE", id="T11 global events told differently"
        ),
        pytest.param([trail()], "PASS", id="T3 told alike"),
    ],
)
@pytest.mark.parametrize("again", [AGAIN, f"a/{TRAILS}"])  # after the first capture, and before it
def test_a_shadow_does_not_settle_what_the_home_region_tells_differently(
    tmp_path: Path, again: str, home: list[dict[str, Any]], verdict: str
) -> None:
    files = PLAIN | {again: {"trailList": home}, SHADOW: {"trailList": [trail()]}}
    assert judged(tmp_path, files)[0] == verdict


def test_t9_an_older_shadow_that_leaves_members_out_contradicts_nothing(tmp_path: Path) -> None:
    older = trail(HasCustomEventSelectors=None, IncludeGlobalServiceEvents=None)
    files = {path: content for path, content in PLAIN.items() if path != TRAILS}
    shadows = {SHADOW: {"trailList": [older]}, SHADOW.replace("eu-west-1", "eu-west-2"): {"trailList": [trail()]}}
    document = audit(write(files | shadows, tmp_path), controls=["ssm-actions"]).document
    assert "trail-contradictory" not in {one["reason_code"] for one in document["findings"]}


FILTERS = f"{PLACE}/logs-describe-metric-filters.json"


def publishing(value: Any = "0", pattern: Any = "{ $.eventName = X }", **more: Any) -> dict[str, Any]:
    """Another filter that publishes into the metric."""
    told = metric_filter(filterName="other", transformation={"metricValue": value} | more)
    return told | {"filterPattern": pattern}


AVERAGE = textbook(alarms=[alarm(Statistic="Average")])


@pytest.mark.parametrize(
    ("files", "others", "again", "verdict"),
    [
        pytest.param(AVERAGE, [publishing()], None, "FAIL", id="M6 one listing"),
        pytest.param(AVERAGE, [publishing()], [publishing("0.1")], "INCONCLUSIVE", id="M6 told differently"),
        pytest.param(AVERAGE, [publishing()], [], "INCONCLUSIVE", id="M6 listed in one"),
        pytest.param(AVERAGE, [publishing(pattern=7)], None, "INCONCLUSIVE", id="M6 against its schema"),
        pytest.param(
            PLAIN,
            [publishing(pattern="")],
            [publishing(pattern="{ $.a = b }")],
            "INCONCLUSIVE",
            id="A6 told differently",
        ),
        # Twice 0.1 a minute would reach 1 in five minutes.
        pytest.param(PLAIN, [publishing(defaultValue=0.1)], [publishing(defaultValue=0.1)], "PASS", id="M6 held twice"),
    ],
)
def test_another_publisher_that_captures_tell_differently_is_not_absent(
    tmp_path: Path, files: Files, others: list[Any], again: list[Any] | None, verdict: str
) -> None:
    own = metric_filter()
    told = files | {FILTERS: {"metricFilters": [own, *others]}}
    if again is not None:
        told[f"again/{FILTERS}"] = {"metricFilters": [own, *again]}
    assert judged(tmp_path, told)[0] == verdict


BY_TOPIC = f"{PLACE}/sns-list-subscriptions-by-topic/alerts.json"
PENDING = subscription(SubscriptionArn="PendingConfirmation")
ELSEWHERE = subscription(SubscriptionArn="PendingConfirmation", Endpoint="ops@example.com")


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        pytest.param(
            {f"{PLACE}/again/sns-list-subscriptions-by-topic/alerts.json": {"Subscriptions": [PENDING]}},
            "INCONCLUSIVE",
            id="N3 the topic's own listings differ",
        ),
        pytest.param(
            {BY_TOPIC: {"Subscriptions": [PENDING], "NextToken": "t"}},
            "INCONCLUSIVE",
            id="N3 a part of it says pending",
        ),
        pytest.param(
            {BY_TOPIC: {"Subscriptions": [ELSEWHERE], "NextToken": "t"}}, "PASS", id="N3 another endpoint is pending"
        ),
        pytest.param(
            {BY_TOPIC: "", f"999988887777/{REGION}/sns-list-subscriptions.json": {"Subscriptions": [PENDING]}},
            "INCONCLUSIVE",
            id="N3 two requesters differ",
        ),
        pytest.param(
            {f"999988887777/{REGION}/sns-list-subscriptions.json": {"Subscriptions": [PENDING]}},
            "INCONCLUSIVE",
            id="N3 the topic's own whole listing and a requester's differ",
        ),
        pytest.param(
            {f"999988887777/{REGION}/sns-list-subscriptions.json": {"Subscriptions": [ELSEWHERE]}},
            "PASS",
            id="N3 a requester's listing of another endpoint",
        ),
    ],
)
def test_a_requesters_listing_does_not_settle_what_others_contradict(tmp_path: Path, more: Files, verdict: str) -> None:
    files = PLAIN | {f"{PLACE}/sns-list-subscriptions.json": {"Subscriptions": [subscription()]}} | more
    document = audit(write(files, tmp_path), controls=["ssm-actions"]).document
    assert {f["verdict"] for f in document["findings"] if f["account_id"] == ACCOUNT} == {verdict}


@pytest.mark.parametrize("call", ["sns-get-topic-attributes", "sns-get-subscription-attributes"])
def test_x7_a_broken_capture_that_names_no_resource_may_be_about_any(tmp_path: Path, call: str) -> None:
    assert judged(tmp_path / "here", PLAIN | {f"{PLACE}/{call}.json": {"Attributes": 5}})[0] == "INCONCLUSIVE"
    elsewhere = {f"{ACCOUNT}/eu-west-1/{call}.json": {"Attributes": 5}}
    assert judged(tmp_path / "elsewhere", PLAIN | elsewhere)[0] == "PASS"


@pytest.mark.parametrize(
    ("options", "day", "verdict"),
    [
        pytest.param([], "28", "PASS", id="X1 pages of a program that repeats its arguments"),
        pytest.param([], "27", "INCONCLUSIVE", id="X1 calls of two days"),
        pytest.param(["--max-items", "1"], "28", "INCONCLUSIVE", id="X3 a call told to stop, and another"),
    ],
)
def test_a_recorded_answer_that_another_left_a_token_for(
    tmp_path: Path, options: list[str], day: str, verdict: str
) -> None:
    files = textbook()
    alarms = files.pop(f"{ACCOUNT}/{REGION}/cloudwatch-describe-alarms.json")
    pages = {
        f"{ACCOUNT}/{REGION}/cloudwatch-describe-alarms-1.json": {**alarms, "NextToken": "t"},
        f"{ACCOUNT}/{REGION}/cloudwatch-describe-alarms-2.json": {"MetricAlarms": [], "CompositeAlarms": []},
    }
    types = ["--alarm-types", "MetricAlarm", "CompositeAlarm"]
    records = [
        {
            "file": file, "call": "cloudwatch:DescribeAlarms", "account_id": ACCOUNT, "region": REGION,
            "arguments": [*types, *more], "started_at": f"2026-09-{date}T10:00:00Z",
        }
        for file, date, more in zip(pages, (day, "28"), (options, []), strict=True)
    ]  # fmt: skip
    folder = write(files | pages | {"captures.json": {"captures": records}}, tmp_path)
    (finding,) = audit(folder, controls=["ssm-actions"], frameworks=["iso27001-2022"]).document["findings"]
    assert finding["verdict"] == verdict


OF_ONE = {name: case for name, case in CASES.items() if "/" in case[1]}
UNREADABLE = '{"IsLogging": false, "LatestDel'


@pytest.mark.parametrize("where", [f"{PLACE}/", f"{ACCOUNT}/", ""], ids=["in its place", "in its account", "nowhere"])
@pytest.mark.parametrize("case", OF_ONE.values(), ids=OF_ONE)
def test_t12_what_names_the_call_alone_and_cannot_be_read_may_be_of_its_only_one(
    tmp_path: Path, case: Case, where: str
) -> None:
    files, path, good, _, link = case
    beside = {f"{PLACE}/{path}.json": good, f"{where}{path.split('/')[0]}.json": UNREADABLE}
    assert judged(tmp_path, files | beside) == ("INCONCLUSIVE", link)


@pytest.mark.parametrize("case", OF_ONE.values(), ids=OF_ONE)
def test_t12_what_names_the_call_alone_in_another_account_is_that_ones(tmp_path: Path, case: Case) -> None:
    files, path, good, _, _ = case
    beside = {f"{PLACE}/{path}.json": good, f"444455556666/{REGION}/{path.split('/')[0]}.json": UNREADABLE}
    assert judged(tmp_path, files | beside) == ("PASS", None)


def test_t12_what_names_the_call_alone_and_cannot_be_read_mends_no_bad_status(tmp_path: Path) -> None:
    folder = f"{PLACE}/cloudtrail-get-trail-status"
    files = textbook() | {f"{folder}/main.json": {"IsLogging": False}, f"{folder}.json": UNREADABLE}
    assert judged(tmp_path, files) == ("FAIL", "trail")
