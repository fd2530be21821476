"""Where a capture comes from: record, content, path, siblings, scope, in this order; contradictions are problems."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.chains import Need, file_for
from auditor.engagement.scope import ScopeEntry
from auditor.evidence import CaptureContext, Evidence, load
from tests.textbook import ACCOUNT, alarm, metric_filter, subscription, trail, write

FILTERS = {"metricFilters": [metric_filter()]}
ALARMS = {"MetricAlarms": [alarm()], "CompositeAlarms": []}
TRAILS = {"trailList": [trail()]}


def evidence(folder: Path, files: dict[str, Any], **options: Any) -> Evidence:
    return load(open_bundle([write(files, folder)]), CaptureContext(**options))


def places(found: Evidence) -> dict[str, tuple[str, str, str]]:
    return {c.file: (c.place.account_id, c.place.region, c.place_source) for c in found.captures}


@pytest.mark.parametrize(
    ("path", "account", "region"),
    [
        ("111122223333/us-east-1/logs-describe-metric-filters.json", "111122223333", "us-east-1"),
        ("prod_111122223333_eu-west-1_filters.json", "111122223333", "eu-west-1"),
        ("111122223333-us-gov-west-1-describe-metric-filters.json", "111122223333", "us-gov-west-1"),
        ("q3/acme 111122223333/ap-southeast-2/metric-filters.json", "111122223333", "ap-southeast-2"),
        ("012345678901/mx-central-1/logs-describe-metric-filters.json", "012345678901", "mx-central-1"),
        ("us-east-1/111122223333/logs-describe-metric-filters.json", "111122223333", "us-east-1"),
        ("bundle-999988887777/111122223333/us-east-1/logs-describe-metric-filters.json", "111122223333", "us-east-1"),
        ("111122223333/US-East-1/logs-describe-metric-filters.json", "111122223333", "us-east-1"),
        ("1111222233334/us-east-1/logs-describe-metric-filters.json", "", "us-east-1"),
    ],
)
def test_path(tmp_path: Path, path: str, account: str, region: str) -> None:
    found = evidence(tmp_path, {path: FILTERS})
    assert places(found) == {path: (account, region, "path")}


def test_content_places_alarms(tmp_path: Path) -> None:
    found = evidence(tmp_path, {"alarms.json": ALARMS})
    assert places(found)["alarms.json"] == (ACCOUNT, "us-east-1", "content")


def test_siblings_of_a_folder_place_what_is_silent(tmp_path: Path) -> None:
    files = {"client/alarms.json": ALARMS, "client/filters.json": FILTERS, "client/trails.json": TRAILS}
    found = places(evidence(tmp_path, files))
    assert found["client/filters.json"] == (ACCOUNT, "us-east-1", "siblings")
    assert found["client/trails.json"] == (ACCOUNT, "us-east-1", "siblings")


def test_siblings_that_disagree_tell_nothing(tmp_path: Path) -> None:
    other = {"MetricAlarms": [alarm("444455556666")], "CompositeAlarms": []}
    files = {"a-alarms.json": ALARMS, "b-alarms.json": other, "filters.json": FILTERS}
    found = evidence(tmp_path, files)
    assert places(found)["filters.json"] == ("", "us-east-1", "siblings")
    assert [problem.code for problem in found.problems] == ["unplaced"]


def test_the_same_name_stem_is_nearer_than_the_folder(tmp_path: Path) -> None:
    other = {"MetricAlarms": [alarm("444455556666")], "CompositeAlarms": []}
    files = {"a-alarms.json": ALARMS, "b-alarms.json": other, "a-filters.json": FILTERS, "b-filters.json": FILTERS}
    found = places(evidence(tmp_path, files))
    assert found["a-filters.json"][0] == ACCOUNT
    assert found["b-filters.json"][0] == "444455556666"


def test_cloudmapper_names_accounts_by_folder(tmp_path: Path) -> None:
    files = {
        "account-data/prod/us-east-1/sts-get-caller-identity.json": {
            "UserId": "AIDA", "Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/audit"
        },
        "account-data/prod/eu-west-1/logs-describe-metric-filters.json": FILTERS,
        "account-data/prod/us-east-1/cloudtrail-describe-trails.json": TRAILS,
    }  # fmt: skip
    found = places(evidence(tmp_path, files))
    assert found["account-data/prod/eu-west-1/logs-describe-metric-filters.json"] == (ACCOUNT, "eu-west-1", "siblings")


def test_the_capture_record_is_believed(tmp_path: Path) -> None:
    record = [
        {"file": "f.json", "call": "logs:DescribeMetricFilters", "account_id": ACCOUNT, "region": "eu-west-1",
         "arguments": ["logs", "describe-metric-filters"], "ended_at": "2026-09-28T08:00:00Z"}
    ]  # fmt: skip
    found = evidence(tmp_path, {"captures.json": record, "f.json": FILTERS})
    assert places(found) == {"f.json": (ACCOUNT, "eu-west-1", "record")}
    assert found.captures[0].captured_at == "2026-09-28T08:00:00Z"


def test_content_against_path_is_a_problem_of_that_capture(tmp_path: Path) -> None:
    found = evidence(tmp_path, {"444455556666/us-east-1/cloudwatch-describe-alarms.json": ALARMS})
    assert found.captures[0].status == "misplaced"
    (problem,) = found.problems
    assert ACCOUNT in problem.problem
    assert "444455556666" in problem.problem


def test_two_regions_in_one_file_are_named(tmp_path: Path) -> None:
    mixed = {"MetricAlarms": [alarm(), alarm(region="eu-west-1")], "CompositeAlarms": []}
    found = evidence(tmp_path, {f"{ACCOUNT}/us-east-1/cloudwatch-describe-alarms.json": mixed})
    assert found.captures[0].status == "misplaced"
    assert "eu-west-1 and us-east-1" in found.problems[0].problem


def test_the_scope_places_by_name(tmp_path: Path) -> None:
    entry = ScopeEntry(ACCOUNT, "payments", "", "", (), True, "")
    found = evidence(tmp_path, {"payments/us-east-1/filters.json": FILTERS}, scope=(entry,))
    assert places(found) == {"payments/us-east-1/filters.json": (ACCOUNT, "us-east-1", "scope")}


def test_a_topics_own_name_places_nothing(tmp_path: Path) -> None:
    path = f"{ACCOUNT}/us-east-1/sns-list-subscriptions-by-topic/444455556666-eu-west-1.json"
    (capture,) = evidence(tmp_path, {path: {"Subscriptions": []}}).captures
    assert capture.place.account_id == ACCOUNT
    assert capture.place.resource == f"arn:aws:sns:us-east-1:{ACCOUNT}:444455556666-eu-west-1"


def test_another_accounts_topic_is_placed_by_its_arn(tmp_path: Path) -> None:
    path = f"{ACCOUNT}/us-east-1/sns-list-subscriptions-by-topic/alerts.json"
    (capture,) = evidence(tmp_path, {path: {"Subscriptions": [subscription("444455556666")]}}).captures
    assert (capture.place.account_id, capture.status) == ("444455556666", "captured")


TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"
TRAIL = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/all-regions"


@pytest.mark.parametrize(
    ("call", "resource", "answer"),
    [
        ("cloudtrail:DescribeTrails", "", {"trailList": []}),
        ("cloudwatch:DescribeAlarms", "", {"MetricAlarms": [], "CompositeAlarms": []}),
        ("logs:DescribeMetricFilters", "", {"metricFilters": []}),
        ("sns:ListSubscriptionsByTopic", TOPIC, {"Subscriptions": []}),
        ("cloudtrail:GetTrailStatus", TRAIL, {"IsLogging": True}),
        ("cloudwatch:DescribeAlarmHistory", "cpu > 80% / minute", {"AlarmHistoryItems": []}),
    ],
)
def test_an_empty_answer_saved_as_asked_tells_its_place(
    tmp_path: Path, call: str, resource: str, answer: dict[str, Any]
) -> None:
    file = file_for(Need(call, ACCOUNT, "us-east-1", resource))
    found = evidence(tmp_path, {file: answer})
    assert [
        (capture.call.id, capture.place.account_id, capture.place.region, capture.place.resource)
        for capture in found.captures
    ] == [(call, ACCOUNT, "us-east-1", resource)]
    assert not found.problems


def test_a_resource_named_as_cloudmapper_does_is_the_resource(tmp_path: Path) -> None:
    file = f"{ACCOUNT}/us-east-1/sns-list-subscriptions-by-topic/arn%3Aaws%3Asns%3Aus-east-1%3A{ACCOUNT}%3Aalerts"
    found = evidence(tmp_path, {file: {"Subscriptions": []}})
    assert [capture.place.resource for capture in found.captures] == [TOPIC]


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("prod_metric-filters.json", ACCOUNT),
        ("dev_metric-filters.json", ""),
        ("metric-filters.json", ACCOUNT),
    ],
)
def test_x9_another_owners_alias_is_not_given_by_elimination(tmp_path: Path, name: str, account: str) -> None:
    found = evidence(tmp_path, {"prod_describe-alarms.json": ALARMS, name: FILTERS})
    assert places(found)[name][0] == account


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("us-east-1_logs-describe-metric-filters.json", "misplaced"),
        ("444455556666_logs-describe-metric-filters.json", "misplaced"),
        ("eu-west-1_logs-describe-metric-filters.json", "captured"),
        ("logs-describe-metric-filters-trail-us-east-1.json", "captured"),
    ],
)
def test_x9_a_files_own_name_that_says_another_place(tmp_path: Path, name: str, status: str) -> None:
    found = evidence(tmp_path, {f"{ACCOUNT}/eu-west-1/{name}": FILTERS})
    assert [capture.status for capture in found.captures] == [status]


def test_x9_the_bundles_own_name_says_another_account(tmp_path: Path) -> None:
    for root, status in ((ACCOUNT, "captured"), ("555566667777", "misplaced")):
        found = evidence(tmp_path / root, {"us-east-1/cloudwatch-describe-alarms.json": ALARMS})
        assert [capture.status for capture in found.captures] == [status]


def test_l6_a_transformer_of_another_place_is_of_neither(tmp_path: Path) -> None:
    group = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:ct"
    answer = {"logGroupIdentifier": group, "transformerConfig": [{"parseJSON": {}}]}
    for region, status in (("eu-west-1", "captured"), ("us-east-1", "misplaced")):
        found = evidence(tmp_path / region, {f"{ACCOUNT}/{region}/logs-get-transformer/ct.json": answer})
        (capture,) = found.captures
        assert (capture.status, "eu-west-1" in {place.region for place in capture.possible_places}) == (status, True)
