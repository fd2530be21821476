"""Rules X3, X7: a listing that is named after a part of its region speaks of that part alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import Response, load
from tests.textbook import ACCOUNT, REGION, Files, alarm, metric_filter, textbook, trail, write

PLACE = f"{ACCOUNT}/{REGION}"
CALL = "logs:DescribeMetricFilters"
WITHOUT = {path: content for path, content in textbook().items() if "metric-filters" not in path}
OWN, OTHER = metric_filter(), metric_filter(logGroupName="app", filterName="z")


def response(folder: Path, files: Files, call: str = CALL) -> Response:
    return load(open_bundle([write(files, folder)])).responses.get(call, ACCOUNT, REGION)


def listed(*items: Any) -> dict[str, Any]:
    return {"metricFilters": list(items)}


@pytest.mark.parametrize(
    ("path", "filters"),
    [
        ("logs-describe-metric-filters/ct.json", [OWN]),
        ("logs-describe-metric-filters/ct.json", []),
        ("logs/describe-metric-filters/ct.json.gz.json", [OWN]),
        ("ct/metric-filters.json", [OWN]),
        ("ct_metric-filters.json", [OWN]),
        ("metric-filters-for-ct.json", [OWN]),
        ("describe-metric-filters--log-group-name-ct.json", [OWN]),
        ("logs-describe-metric-filters-ct.json", [OWN]),
        ("metric_filters_ct.json", []),
    ],
)
def test_a_listing_named_after_a_log_group(tmp_path: Path, path: str, filters: list[Any]) -> None:
    found = response(tmp_path, WITHOUT | {f"{PLACE}/{path}": listed(*filters)})
    assert (found.complete, found.code) == (False, "narrowed")
    assert (found.complete_for("ct"), found.complete_for("app")) == (True, False)


@pytest.mark.parametrize(
    ("path", "filters"),
    [
        ("logs-describe-metric-filters/page1.json", [OWN]),
        ("logs-describe-metric-filters/ct.json", [OWN, OTHER]),
        ("logs-describe-metric-filters/prod.json", [OWN]),
        ("logs-describe-metric-filters.json", [OWN]),
        ("logs-describe-metric-filters-prod.json", []),
        ("logs-describe-metric-filters-all.json", []),
        (f"logs-describe-metric-filters/{REGION}.json", []),
    ],
)
def test_a_listing_that_is_named_after_nothing_that_it_holds(tmp_path: Path, path: str, filters: list[Any]) -> None:
    assert response(tmp_path, WITHOUT | {f"{PLACE}/{path}": listed(*filters)}).complete


def test_an_account_s_own_name_is_no_part(tmp_path: Path) -> None:
    files = {f"{ACCOUNT}/logs-describe-metric-filters/{REGION}_prod.json": listed()}
    assert response(tmp_path, files).complete


def test_several_are_no_contradiction_and_each_proves_absence_for_its_own(tmp_path: Path) -> None:
    folder = f"{PLACE}/logs-describe-metric-filters"
    found = response(tmp_path, WITHOUT | {f"{folder}/ct.json": listed(OWN), f"{folder}/app.json": listed(OTHER)})
    assert (found.code, found.log_groups) == ("narrowed", {"ct", "app"})


def test_one_that_is_cut_proves_nothing_of_its_group(tmp_path: Path) -> None:
    path = f"{PLACE}/logs-describe-metric-filters/ct.json"
    found = response(tmp_path, WITHOUT | {path: listed(OWN) | {"nextToken": "a"}})
    assert (found.code, found.log_groups) == ("truncated", frozenset())


@pytest.mark.parametrize(
    ("arguments", "groups"),
    [
        (["--log-group-name", "ct"], {"ct"}),
        (["--log-group-name=ct", "--region", REGION], {"ct"}),
        (["--log-group-name", "ct", "--filter-name-prefix", "a"], set()),
        (["--log-group-name", "file://group"], set()),
    ],
)
def test_a_record_says_better_which_group_was_asked(tmp_path: Path, arguments: list[str], groups: set[str]) -> None:
    path = f"{PLACE}/logs-describe-metric-filters/app.json"
    record = {"file": path, "account_id": ACCOUNT, "region": REGION, "arguments": arguments}
    found = response(tmp_path, WITHOUT | {path: listed(OWN), "captures.json": [record]})
    assert (found.code, found.log_groups) == ("narrowed", groups)


def test_a_record_without_a_group_outweighs_the_name(tmp_path: Path) -> None:
    path = f"{PLACE}/logs-describe-metric-filters/ct.json"
    record = {"file": path, "account_id": ACCOUNT, "region": REGION, "arguments": ["--region", REGION]}
    assert response(tmp_path, WITHOUT | {path: listed(OWN), "captures.json": [record]}).complete


@pytest.mark.parametrize(
    ("call", "path", "document"),
    [
        ("cloudwatch:DescribeAlarms", "cloudwatch-describe-alarms/prod.json", {"MetricAlarms": []}),
        ("cloudwatch:DescribeAlarms", "cloudwatch-describe-alarms/ssm.json", {"MetricAlarms": [alarm()]}),
        ("cloudtrail:DescribeTrails", "cloudtrail-describe-trails/main.json", {"trailList": [trail()]}),
        ("logs:DescribeLogGroups", "logs-describe-log-groups/app.json", {"logGroups": []}),
    ],
)
def test_other_listings(tmp_path: Path, call: str, path: str, document: Any) -> None:
    assert response(tmp_path, {f"{PLACE}/{path}": document}, call).code == "narrowed"
