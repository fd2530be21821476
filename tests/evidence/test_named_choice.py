"""Rule X3: a listing whose own name says that something was left out of it proves no absence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import Response, load
from tests.textbook import ACCOUNT, REGION, Files, alarm, metric_filter, trail, write

PLACE = f"{ACCOUNT}/{REGION}"
ALARMS, TRAILS, FILTERS = "cloudwatch:DescribeAlarms", "cloudtrail:DescribeTrails", "logs:DescribeMetricFilters"
GROUPS, SUBSCRIPTIONS, REGIONS = "logs:DescribeLogGroups", "sns:ListSubscriptions", "account:ListRegions"
MEMBER = {
    ALARMS: "MetricAlarms", TRAILS: "trailList", FILTERS: "metricFilters", GROUPS: "logGroups",
    SUBSCRIPTIONS: "Subscriptions", REGIONS: "Regions",
}  # fmt: skip


def response(folder: Path, call: str, name: str, items: list[Any]) -> Response:
    files: Files = {f"{PLACE}/{name}.json": {MEMBER[call]: items}}
    region = "" if call == REGIONS else REGION
    return load(open_bundle([write(files, folder)])).responses.get(call, ACCOUNT, region)


NARROWED = [
    (ALARMS, "describe-alarms--state-value-ALARM", []),
    (ALARMS, "describe-alarms--state-value-ALARM", [alarm(StateValue="OK")]),
    (ALARMS, "describe-alarms_alarmNamePrefix=prod", []),
    (ALARMS, "cloudwatch-describe-alarms-action-prefix-x", []),
    (ALARMS, "describe-alarms--query", []),
    (ALARMS, "describe-alarms-state-ALARM", []),
    (ALARMS, "alarms_INSUFFICIENT_DATA", []),
    (ALARMS, "alarms-in-alarm", [alarm(StateValue="ALARM")]),
    (ALARMS, "alarms/firing", []),
    (ALARMS, "firing-alarms", []),
    (ALARMS, "firing/alarms", []),
    (ALARMS, "state-ALARM/describe-alarms", []),
    (ALARMS, "describe-alarms-ssm-actions", [alarm()]),
    (ALARMS, "composite-alarms", []),
    (ALARMS, "describe-alarms--alarm-types-CompositeAlarm", []),
    (ALARMS, "alarms-disabled", []),
    (ALARMS, "alarms_no_actions", []),
    (ALARMS, "alarms-100-rows", []),
    (TRAILS, "describe-trails--no-include-shadow-trails", []),
    (TRAILS, "org-trails", []),
    (TRAILS, "trails-filtered", []),
    (TRAILS, "multi-region-trails", [trail()]),
    (FILTERS, "metric-filters-sample", [metric_filter()]),
    (FILTERS, "metric-filters-top10", [metric_filter()]),
    (FILTERS, "metric-filters-first-50", [metric_filter()]),
    (FILTERS, "describe-metric-filters--metric-name-SsmActions", [metric_filter()]),
    (FILTERS, "metric-filters-filter-name-prefix-f", []),
    (FILTERS, "logs-describe-metric-filters/SsmActions", [metric_filter()]),
    (FILTERS, "logs-describe-metric-filters/Audit.SsmActions", [metric_filter()]),
    (FILTERS, "metric-filters (ct)", [metric_filter()]),
    (GROUPS, "log-groups-infrequent-access", []),
    (SUBSCRIPTIONS, "sns-list-subscriptions-confirmed", []),
]
WHOLE = [
    (ALARMS, "describe-alarms", []),
    (ALARMS, "alarm", []),
    (ALARMS, "alarms", []),
    (ALARMS, "prod-alarms", []),
    (ALARMS, "alarm/describe-alarms", []),
    (ALARMS, "describe-alarms-ssm-actions", [alarm(), alarm(name="other")]),
    (ALARMS, "acme_active_111122223333_alarms", []),
    (ALARMS, "alarms-2026-09-30", []),
    (ALARMS, "alarms-query-result", []),
    (ALARMS, "describe-alarms--alarm-types-MetricAlarm-CompositeAlarm", []),
    (ALARMS, "metric-and-composite-alarms", []),
    (ALARMS, "alarms-ok", [alarm(StateValue="ALARM")]),
    (ALARMS, "composite-alarms", [alarm()]),
    (TRAILS, "trails_us-east-1", []),
    (TRAILS, "org-trails", [trail(IsOrganizationTrail=False)]),
    (TRAILS, "trails-global", []),
    (FILTERS, "metric-filters", []),
    (FILTERS, "describe-metric-filters (1)", [metric_filter()]),
    (FILTERS, "logs_describe-metric-filters-all", []),
    (FILTERS, "example/metric-filters-final", []),
    (REGIONS, "enabled-regions", [{"RegionName": REGION, "RegionOptStatus": "ENABLED"}]),
]


@pytest.mark.parametrize(("call", "name", "items"), NARROWED)
def test_x3_a_name_that_says_what_was_left_out(tmp_path: Path, call: str, name: str, items: list[Any]) -> None:
    listing = response(tmp_path, call, name, items)
    assert (listing.complete, listing.code, bool(listing.detail)) == (False, "narrowed", True)


@pytest.mark.parametrize(("call", "name", "items"), WHOLE)
def test_x3_a_name_that_says_nothing_of_it(tmp_path: Path, call: str, name: str, items: list[Any]) -> None:
    listing = response(tmp_path, call, name, items)
    assert (listing.complete, listing.code) == (True, "")


def test_x3_a_record_says_better_what_was_asked(tmp_path: Path) -> None:
    entry = {"file": f"{PLACE}/firing-alarms.json", "call": ALARMS, "arguments": ["--region", REGION]}
    write({"captures.json": {"captures": [entry]}}, tmp_path)
    assert response(tmp_path, ALARMS, "firing-alarms", []).complete


def test_x3_what_is_about_one_resource_is_named_after_it(tmp_path: Path) -> None:
    path = f"{PLACE}/sns-list-subscriptions-by-topic/sample.json"
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:sample"
    read = load(open_bundle([write({path: {"Subscriptions": []}}, tmp_path)]))
    assert read.responses.get("sns:ListSubscriptionsByTopic", ACCOUNT, REGION, topic).complete
