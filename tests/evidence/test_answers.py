"""Rule X8: whose answer a document is, and several answers in one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import Evidence, load
from tests.textbook import ACCOUNT, REGION, alarm, metric_filter, subscription, textbook, trail, write

PLACE = f"{ACCOUNT}/{REGION}"
TRAILS, FILTERS, ALARMS, SUBSCRIPTIONS = textbook().values()
FOUR = {
    "cloudtrail:DescribeTrails",
    "logs:DescribeMetricFilters",
    "cloudwatch:DescribeAlarms",
    "sns:ListSubscriptions",  # by topic, where something says so (N3)
}


def evidence(folder: Path, files: dict[str, Any]) -> Evidence:
    return load(open_bundle([write(files, folder)]))


def lines(*answers: Any) -> str:
    return "\n".join(map(json.dumps, answers))


TOGETHER: dict[str, Any] = {
    "one after the other": lines(TRAILS, FILTERS, ALARMS, SUBSCRIPTIONS),
    "array": [TRAILS, FILTERS, ALARMS, SUBSCRIPTIONS],
    "merged": {**TRAILS, **FILTERS, **ALARMS, **SUBSCRIPTIONS},
    "by operation": {
        "describe-trails": TRAILS, "describe-metric-filters": FILTERS, "describe-alarms": ALARMS,
        "list-subscriptions-by-topic": SUBSCRIPTIONS,
    },
    "by its name in the API": {
        "DescribeTrails": TRAILS, "DescribeMetricFilters": FILTERS, "DescribeAlarms": ALARMS,
        "ListSubscriptionsByTopic": SUBSCRIPTIONS,
    },
    "by command": {
        "aws cloudtrail describe-trails": TRAILS, "logs describe-metric-filters": FILTERS,
        "cloudwatch_describe_alarms": ALARMS, "sns:ListSubscriptionsByTopic": SUBSCRIPTIONS,
    },
    "by noun": {"trails": TRAILS, "metricFilters": FILTERS, "alarms": ALARMS, "subscriptions-by-topic": SUBSCRIPTIONS},
    "by service": {
        "cloudtrail": {"describe-trails": TRAILS}, "logs": {"describe-metric-filters": FILTERS},
        "cloudwatch": {"describe-alarms": ALARMS}, "sns": {"list-subscriptions-by-topic": {"alerts": SUBSCRIPTIONS}},
    },
    "by file name": {
        "cloudtrail-describe-trails.json": TRAILS, "logs-describe-metric-filters.json": FILTERS,
        "cloudwatch-describe-alarms.json": ALARMS, "sns-list-subscriptions-by-topic/alerts.json": SUBSCRIPTIONS,
    },
    "with their commands": [
        {"command": "describe-trails", "output": TRAILS}, {"command": "describe-metric-filters", "output": FILTERS},
        {"command": "describe-alarms", "output": ALARMS},
        {"command": "list-subscriptions-by-topic", "output": SUBSCRIPTIONS},
    ],
}  # fmt: skip


@pytest.mark.parametrize("document", TOGETHER.values(), ids=TOGETHER)
def test_several_answers_in_one_file_are_taken_apart(tmp_path: Path, document: Any) -> None:
    found = evidence(tmp_path, {f"{PLACE}/evidence.json": document})
    assert {response.call.id.removesuffix("ByTopic") for response in found.responses.all() if response.complete} == FOUR
    assert not found.problems
    assert len({(capture.page_pointers, capture.call.id) for capture in found.captures}) == 4


def test_each_has_its_own_pointer(tmp_path: Path) -> None:
    document = {"cloudtrail": {"describe-trails": TRAILS}, "describe-alarms": [{**ALARMS, "NextToken": "a"}, ALARMS]}
    found = evidence(tmp_path, {f"{PLACE}/evidence.json": document})
    assert [capture.page_pointers for capture in found.captures] == [
        ("/cloudtrail/describe-trails",),
        ("/describe-alarms/0", "/describe-alarms/1"),
    ]


def test_the_members_above_an_answer_place_it(tmp_path: Path) -> None:
    document = {ACCOUNT: {REGION: {"get-trail-status": {"main": {"IsLogging": False}}, "describe-trails": TRAILS}}}
    found = evidence(tmp_path, {"all.json": document})
    arn = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main"
    assert [(c.place.account_id, c.place.region, c.place.resource) for c in found.captures] == [
        (ACCOUNT, REGION, arn),
        (ACCOUNT, REGION, ""),
    ]


@pytest.mark.parametrize(
    ("document", "code", "pointer"),
    [
        ({"describe-trails": TRAILS, "describe-alarms": None}, "unreadable", "/describe-alarms"),
        ({"describe-trails": TRAILS, "describe-alarms": json.dumps(ALARMS)[:-1]}, "unreadable", "/describe-alarms"),
        ({"describe-trails": TRAILS, "describe-alarms": {}}, "unreadable", "/describe-alarms"),
        ({"describe-trails": TRAILS, "describe-alarms": [alarm()]}, "presence_only", "/describe-alarms"),
        ([TRAILS, {**ALARMS}, "An error occurred"], "presence_only", "/2"),
        (lines(TRAILS, ALARMS, {"note": "by hand"}), "presence_only", "#3"),
    ],
)
def test_what_is_no_answer_among_answers_is_a_problem(tmp_path: Path, document: Any, code: str, pointer: str) -> None:
    found = evidence(tmp_path, {f"{PLACE}/evidence.json": document})
    assert found.responses.get("cloudwatch:DescribeAlarms", ACCOUNT, REGION).code == code
    assert [problem.pointer for problem in found.problems] == [pointer]


QUEUE = {"Attributes": {"QueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:alerts", "Policy": "{}"}}
NEWS = {"ContactListName": "news", "Topics": [{"TopicName": "news"}]}
UNIT = {"Accounts": [{"Id": "444455556666", "Name": "dev", "Status": "ACTIVE"}]}


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("cloudwatch-describe-alarms-for-metric.json", {"MetricAlarms": []}),
        ("cloudwatch-describe-alarms-for-metric/cpu.json", {"MetricAlarms": [alarm(ActionsEnabled=False)]}),
        ("logs-list-log-groups.json", {"logGroups": []}),
        ("list-log-groups/page1.json", {"logGroups": [{"logGroupName": "other"}]}),
        ("sesv2-get-contact-list.json", NEWS),
        ("sesv2-get-contact-list.json", {"ContactListName": "news", "Topics": []}),
        ("sesv2-list-contact-lists.json", {"Topics": []}),
        ("sqs-get-queue-attributes/alerts.json", QUEUE),
        ("sqs/get-queue-attributes/alerts.json", QUEUE),
        ("sns-get-endpoint-attributes/alerts.json", {"Attributes": {"Enabled": "false"}}),
        ("elbv2-describe-load-balancer-attributes.json", {"Attributes": [{"Key": "a", "Value": "b"}]}),
        ("s3api-get-bucket-policy/alerts.json", {"Policy": '{"Statement": []}'}),
        ("iam-get-policy.json", {"Policy": {"PolicyName": "x"}}),
        ("organizations-list-accounts-for-parent.json", UNIT),
        ("datazone-list-subscriptions.json", {"Subscriptions": []}),
        ("cloudtrail-get-trail.json", {"Trail": {"Name": "main", "HasCustomEventSelectors": True}}),
        ("cloudtrail-list-trails.json", {"Trails": [{"Name": "main"}]}),
        ("cloudwatch-describe-alarms-for-metric.json", ""),
        ("quicksight-list-topics.json", "\nAn error occurred (AccessDenied) when calling the ListTopics operation: no"),
        ("evidence.json", {"describe-alarms-for-metric": {"MetricAlarms": []}}),
    ],
)
def test_the_answer_of_another_operation_is_no_evidence(tmp_path: Path, path: str, document: Any) -> None:
    found = evidence(tmp_path, {f"{PLACE}/{path}": document})
    assert not found.captures
    assert [other.file for other in found.others] == [f"{PLACE}/{path}"]
    assert not [problem for problem in found.problems if problem.severity != "note"]


def test_the_capture_record_says_another_operation(tmp_path: Path) -> None:
    path = f"{PLACE}/alarms.json"
    record = [{"file": path, "call": "cloudwatch:DescribeAlarmsForMetric", "account_id": ACCOUNT, "region": REGION}]
    found = evidence(tmp_path, {path: {"MetricAlarms": []}, "captures.json": record})
    assert not found.captures
    assert found.others[0].what == "answer of cloudwatch describe-alarms-for-metric, which is another operation"


@pytest.mark.parametrize(
    "document",
    [
        {"Topics": [{"TopicName": "news"}, {"TopicName": "more"}]},
        {"ContactListName": "news", "Topics": []},
        {"Attributes": {"QueueArn": "arn:aws:sqs:us-east-1:111122223333:alerts"}},
        {"Items": [{"Id": {"S": "1"}}], "Count": 1},
        {"Policy": {"PolicyName": "x"}},
        {"Policy": '{"Statement": [{"Effect": "Deny", "Action": "s3:*"}]}'},
        {"metricFilters": [{"name": "x"}]},
        {"before": {"MetricAlarms": [alarm()]}, "after": {"MetricAlarms": []}},
        {"regions": ["us-east-1"], "accounts": ["111122223333"]},
        {"cloudtrail:DescribeTrails": "AccessDenied"},
    ],
)
def test_what_no_record_shows_and_nothing_names_is_another_kind(tmp_path: Path, document: Any) -> None:
    found = evidence(tmp_path, {f"{PLACE}/data.json": document})
    assert not found.captures
    assert [other.what for other in found.others] == ["JSON of another kind"]
    about_answers = [problem for problem in found.problems if "names alarms" not in problem.problem]  # X9
    assert {problem.severity for problem in about_answers} <= {"note"}


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("sns-list-topics.json", {"Topics": [{"TopicName": "news"}]}),
        ("logs-describe-metric-filters.json", {"filters": []}),
        ("logs-describe-metric-filters.json", {}),
        ("logs-describe-metric-filters.yaml", "metricFilters:\n- filterName: a\n"),
        ("logs-describe-metric-filters.png", b"\x89PNG\r\n\x1a\n1234"),
        ("logs-describe-metric-filters.pdf", b"%PDF-1.4"),
        ("logs-describe-metric-filters.html", "<html><body><pre>{}</pre></body></html>"),
        ("logs-describe-metric-filters.json.gz", b"\x1f\x8b\x08broken"),
        ("logs-describe-metric-filters.json", ALARMS),
    ],
)
def test_a_file_named_as_a_call_that_cannot_be_used_is_a_problem(tmp_path: Path, path: str, document: Any) -> None:
    found = evidence(tmp_path, {f"{PLACE}/{path}": document})
    assert {problem.file for problem in found.problems} == {f"{PLACE}/{path}"}
    assert {"error", "warning"} & {problem.severity for problem in found.problems}


@pytest.mark.parametrize(
    ("document", "status"), [({"MetricAlarms": []}, []), ({"MetricAlarms": [alarm()]}, ["presence_only"])]
)
def test_a_name_like_that_of_another_operation_proves_no_absence(
    tmp_path: Path, document: Any, status: list[str]
) -> None:
    found = evidence(tmp_path, {f"{PLACE}/alarms-for-metric.json": document})
    assert [capture.status for capture in found.captures] == status


def test_content_with_a_record_of_ours_needs_no_name(tmp_path: Path) -> None:
    broken = subscription(SubscriptionArn=5)
    found = evidence(tmp_path, {f"{PLACE}/data.json": {"Subscriptions": [subscription(), broken]}})
    assert [capture.call.id for capture in found.captures] == ["sns:ListSubscriptions"]


STATUS = {"IsLogging": False}
LISTED = {"metricFilters": [metric_filter()]}
TWO_TRAILS = {"trailList": [trail(), trail(name="audit")]}


@pytest.mark.parametrize(
    ("document", "resources"),
    [
        ({"main": STATUS}, [""]),
        ({"main": STATUS, "audit": STATUS}, ["main", "audit"]),
        ({"trails": [{"Name": "main", "status": STATUS}]}, ["main"]),
        ({"trails": [{"Name": "of-the-account", "status": STATUS}]}, [""]),
        ({ACCOUNT: {REGION: {"main": STATUS}}}, [""]),
        ({"status": STATUS, "filters": LISTED}, ["", ""]),
        ({"main": STATUS, "settings": {"verbose": True}}, []),
        ({"main": STATUS, "hosts": []}, []),
        ({"before": {"MetricAlarms": [alarm()]}, "after": {"MetricAlarms": []}}, []),
    ],
)
def test_x8_an_object_of_nothing_but_answers_is_taken_apart(
    tmp_path: Path, document: Any, resources: list[str]
) -> None:
    found = evidence(tmp_path, {f"{PLACE}/statuses.json": document, f"{PLACE}/trails.json": TWO_TRAILS})
    captures = [capture for capture in found.captures if capture.file.endswith("statuses.json")]
    assert [capture.place.resource.rpartition("/")[2] for capture in captures] == resources
