"""The metric filter link, apart from the pattern's meaning: which filters a group has, what they run on (L4–L9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.chains.model import LinkState, LogGroup, Need, Source, broken, ok, unknown
from auditor.evidence import Response


def metric_filter_link(item: Mapping[str, Any], group: LogGroup, source: Source) -> LinkState:
    """Whether the pattern runs on plain CloudTrail events and on all of them (L6, L7)."""
    facts = {
        "filter": str(item.get("filterName", "")),
        "log_group": group.name,
        "account": group.account_id,
        "region": group.region,
    }
    if item.get("applyOnTransformedLogs"):
        needs = (Need("logs:GetTransformer", group.account_id, group.region, group.name),)
        return unknown("filter-on-transformed-logs", source, **facts).needing(*needs)
    if item.get("fieldSelectionCriteria"):
        return unknown("filter-selects-sources", source, criteria=str(item["fieldSelectionCriteria"]), **facts)
    return ok(source)


def no_filter(group: LogGroup, response: Response, twin: str) -> LinkState:
    """No metric filter on the trail's log group; ``twin`` names a group of the same name elsewhere (T5)."""
    sources = [Source(number, "/metricFilters") for number in response.captures]
    facts = {"log_group": group.name, "account": group.account_id, "region": group.region}
    if twin:
        return broken("no-metric-filter-twin", *sources, twin=twin, **facts)
    return broken("no-metric-filter", *sources, **facts)


def gap_code(what: str, response_code: str) -> str:
    """The reason code of an answer that is not complete: ``filters-not-captured``, ``alarms-truncated`` …"""
    known = {
        "not_captured": "not-captured",
        "truncated": "truncated",
        "refused": "refused",
        "contradictory": "contradictory",
        "narrowed": "narrowed",
        "out_of_period": "out-of-period",
    }
    return f"{what}-{known.get(response_code, 'unusable')}"


def filters_gap(group: LogGroup, response: Response) -> LinkState:
    """The filters of the group's account and region are not (all) in the bundle (V3)."""
    sources = [Source(number, "") for number in response.captures]
    need = Need("logs:DescribeMetricFilters", group.account_id, group.region)
    return unknown(
        gap_code("filters", response.code),
        *sources,
        log_group=group.name,
        account=group.account_id,
        region=group.region,
        detail=response.detail,
    ).needing(need)
