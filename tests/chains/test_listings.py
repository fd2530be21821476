"""Rule V3: a required listing of the chain that is no whole answer leaves its link open, and the reason says why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.chains.chain import PLACE
from tests.textbook import ACCOUNT, REGION, Files, textbook, write

# By the beginning of the reason's code: file, list, operation and broken link. Each listing has lost its one item, so
# that it would be read as an absence if it counted.
LISTINGS = {
    "trails": ("cloudtrail-describe-trails", "trailList", "DescribeTrails", "trail"),
    "filters": ("logs-describe-metric-filters", "metricFilters", "DescribeMetricFilters", "metric_filter"),
    "alarms": ("cloudwatch-describe-alarms", "MetricAlarms", "DescribeAlarms", "alarm"),
    "subscriptions": (
        "sns-list-subscriptions-by-topic/alerts", "Subscriptions", "ListSubscriptionsByTopic", "subscription",
    ),
}  # fmt: skip


def _recorded(**told: Any) -> Callable[[str, str, str], Files]:
    return lambda path, member, _: {
        path: {member: []},
        "captures.json": [{"file": path, "account_id": ACCOUNT, "region": REGION, **told}],
    }


def _refused(path: str, _: str, operation: str) -> Files:
    return {path: f"An error occurred (AccessDenied) when calling the {operation} operation: not authorized"}


WAYS: dict[str, Callable[[str, str, str], Files]] = {
    "not-captured": lambda *_: {},
    "truncated": lambda path, member, _: {path: {member: [], "NextToken": "more"}},
    "refused": _refused,
    "narrowed": _recorded(arguments=["--query", "*"]),
    "out-of-period": _recorded(ended_at="2025-01-01T00:00:00Z"),
    "unusable": lambda path, member, _: {path: '{"' + member + '": ['},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", LISTINGS)
def test_v3_a_listing_that_is_not_whole_shows_no_absence(tmp_path: Path, what: str, way: str) -> None:
    name, member, operation, link = LISTINGS[what]
    path = f"{PLACE}/{name}.json"
    files = {place: content for place, content in textbook().items() if place != path}
    files |= WAYS[way](path, member, operation)
    assert _told(tmp_path, files) == ("INCONCLUSIVE", link, f"{what}-{way}")


@pytest.mark.parametrize("what", LISTINGS)
def test_v3_two_listings_that_differ_show_no_absence(tmp_path: Path, what: str) -> None:
    name, member, _, link = LISTINGS[what]
    files = textbook() | {f"{PLACE}/again/{name}.json": {member: []}}
    assert _told(tmp_path, files) == ("INCONCLUSIVE", link, f"{what}-contradictory")


def _told(folder: Path, files: Files) -> tuple[str, str | None, str]:
    (finding,) = audit(write(files, folder), controls=["ssm-actions"], period="2026Q3").document["findings"]
    return finding["verdict"], finding["broken_link"], finding["reason_code"]
