"""An answer that cannot be read beside the one on which a link rests leaves a material open point (X5, V5)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.textbook import Files, textbook, write

PLACE = "111122223333/us-east-1"
LISTINGS = {
    "trail-listing-unread": f"{PLACE}/cloudtrail-describe-trails",
    "alarm-listing-unread": f"{PLACE}/cloudwatch-describe-alarms",
    "subscription-listing-unread": f"{PLACE}/sns-list-subscriptions-by-topic/alerts",
}
FILTERS = "logs-describe-metric-filters"


def lowered(value: Any) -> Any:
    if isinstance(value, dict):
        return {f"{name[:1].lower()}{name[1:]}": lowered(member) for name, member in value.items()}
    return [lowered(item) for item in value] if isinstance(value, list) else value


FORMS = {
    "cut": lambda text: text[:-40],
    "comma": lambda text: f"{text[:-1]},}}",
    "log line": lambda text: f"INFO asked\n{text}",
    "text in JSON": json.dumps,
    "Python": lambda text: repr(json.loads(text)),
    "other keys": lambda text: json.dumps(lowered(json.loads(text))),
}


def beside(path: str, text: str) -> Files:
    return textbook() | {f"{path} (1).json": text}


def of(tmp_path: Path, files: Files, *, strict: bool = False) -> tuple[str, str, list[str]]:
    (one,) = audit(write(files, tmp_path), controls=["ssm-actions"], strict=strict).document["findings"]
    return one["verdict"], one["reason_code"], [point["code"] for point in one["open_points"] if point["material"]]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", LISTINGS)
def test_v5_what_another_answer_says_is_not_known(tmp_path: Path, code: str, form: str) -> None:
    path = LISTINGS[code]
    files = beside(path, FORMS[form](json.dumps(textbook()[f"{path}.json"], indent=4)))
    assert of(tmp_path / "usual", files) == ("PASS", "holds", [code])
    assert of(tmp_path / "strict", files, strict=True)[:2] == ("INCONCLUSIVE", code)


def test_v5_the_class_of_a_log_group_may_be_told_otherwise(tmp_path: Path) -> None:
    path = f"{PLACE}/logs-describe-log-groups"
    name = textbook()[f"{PLACE}/{FILTERS}.json"]["metricFilters"][0]["logGroupName"]
    arn = f"arn:aws:logs:us-east-1:111122223333:log-group:{name}:*"
    group = {"logGroupName": name, "arn": arn, "creationTime": 1, "storedBytes": 1}
    text = json.dumps({"logGroups": [{**group, "logGroupClass": "STANDARD", "metricFilterCount": 1}]}, indent=4)
    files = beside(path, text[:-20]) | {f"{path}.json": json.loads(text)}
    assert of(tmp_path, files) == ("PASS", "holds", ["log-group-listing-unread"])


@pytest.mark.parametrize(("listed", "points"), [(True, ["topic-listing-unread"]), (False, [])])
def test_s3_the_topics_may_be_listed_otherwise(tmp_path: Path, listed: bool, points: list[str]) -> None:
    path = f"{PLACE}/sns-list-topics"
    topic = textbook()[f"{PLACE}/cloudwatch-describe-alarms.json"]["MetricAlarms"][0]["AlarmActions"][0]
    text = json.dumps({"Topics": [{"TopicArn": topic}]}, indent=4)
    files = beside(path, text[:-10] if listed else "") | {f"{path}.json": json.loads(text)}
    assert of(tmp_path, files) == ("PASS", "holds", points)


def test_v5_further_filters_may_stand_in_what_cannot_be_read(tmp_path: Path) -> None:
    cut = json.dumps(textbook()[f"{PLACE}/{FILTERS}.json"], indent=4)[:-40]
    points = ["filter-listing-unread", "further-publishers-not-shown"]
    assert of(tmp_path, beside(f"{PLACE}/{FILTERS}", cut)) == ("PASS", "holds", points)


@pytest.mark.parametrize("folder", ["", "111122223333/", "us-east-1/", "delivery/"])
@pytest.mark.parametrize(
    ("call", "code"),
    [("cloudtrail-describe-trails", "trail-listing-unread"), (FILTERS, "filter-listing-unread")],
)
def test_v3_what_lies_in_no_account_or_region_may_be_of_each(tmp_path: Path, folder: str, call: str, code: str) -> None:
    cut = json.dumps(textbook()[f"{PLACE}/{call}.json"], indent=4)[:-40]
    assert of(tmp_path, textbook() | {f"{folder}{call}.json": cut}) == ("PASS", "holds", [code])


@pytest.mark.parametrize(
    "text", ["", "An error occurred (Throttling) when calling the DescribeAlarms operation: Rate exceeded"]
)
def test_x5_what_holds_no_answer_leaves_nothing_open(tmp_path: Path, text: str) -> None:
    assert of(tmp_path, beside(LISTINGS["alarm-listing-unread"], text)) == ("PASS", "holds", [])


def test_x5_the_same_in_a_table_of_the_cli_leaves_nothing_open(tmp_path: Path) -> None:
    table = "-------------------\n|  DescribeAlarms  |\n+------------------+\n||  MetricAlarms  ||\n"
    assert of(tmp_path, beside(LISTINGS["alarm-listing-unread"], table)) == ("PASS", "holds", [])
