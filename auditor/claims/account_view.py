"""What a scanner that asks AWS itself would have been told of an account, as far as the captures show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from auditor.evidence import Evidence
from auditor.evidence.call_ids import DESCRIBE_ALARMS, DESCRIBE_METRIC_FILTERS, DESCRIBE_TRAILS
from auditor.evidence.tables import ALARMS, METRIC_FILTERS, TRAILS, Tables


@dataclass(frozen=True, slots=True)
class SeenFilter:
    """A metric filter; the metric is that of its first transformation, the only one that scanners look at."""

    region: str
    log_group: str
    name: str
    pattern: str
    namespace: str
    metric: str


@dataclass(frozen=True, slots=True)
class SeenAlarm:
    """A metric alarm and the metric that it watches."""

    region: str
    name: str
    namespace: str
    metric: str


@dataclass(slots=True)
class AccountView:
    """The trails' log groups (by name), filters and alarms of one account.

    ``whole``: no listing of a captured region is missing or cut, so that what is not there can be told. ``times``:
    when the listings were captured, as far as that is known.
    """

    groups: set[str] = field(default_factory=set)
    foreign_groups: set[str] = field(default_factory=set)  # in another account than this one
    filters: list[SeenFilter] = field(default_factory=list)
    alarms: list[SeenAlarm] = field(default_factory=list)
    whole: bool = True
    times: list[str] = field(default_factory=list)


def account_views(evidence: Evidence, accounts: Iterable[str]) -> Mapping[str, AccountView]:
    """The view of each account."""
    views: dict[str, AccountView] = defaultdict(AccountView)
    tables = Tables(evidence.captures, evidence.responses)
    for capture, _, _, _, item in tables.items(TRAILS):
        arn = str(item.get("CloudWatchLogsLogGroupArn") or "").split(":")
        if len(arn) > 6:
            view = views[capture.place.account_id]
            view.groups.add(arn[6])
            if arn[4] != capture.place.account_id:
                view.foreign_groups.add(arn[6])
    for capture, _, _, _, item in tables.items(METRIC_FILTERS):
        transformations = item.get("metricTransformations")
        first = transformations[0] if isinstance(transformations, list) and transformations else {}
        first = first if isinstance(first, dict) else {}
        views[capture.place.account_id].filters.append(
            SeenFilter(
                capture.place.region, str(item.get("logGroupName") or ""), str(item.get("filterName") or ""),
                str(item.get("filterPattern") or ""), str(first.get("metricNamespace") or ""),
                str(first.get("metricName") or ""),
            )
        )  # fmt: skip
    for capture, _, _, _, item in tables.items(ALARMS):
        if item.get("MetricName"):
            views[capture.place.account_id].alarms.append(
                SeenAlarm(
                    capture.place.region, str(item.get("AlarmName") or ""), str(item.get("Namespace") or ""),
                    str(item["MetricName"]),
                )
            )  # fmt: skip
    for account in accounts:
        view = views[account]
        regions = None
        for call in (DESCRIBE_TRAILS, DESCRIBE_METRIC_FILTERS, DESCRIBE_ALARMS):
            responses = [response for response in evidence.responses.of(call, account) if not response.resource]
            answered = {response.region for response in responses}
            view.whole = view.whole and bool(responses) and all(response.complete for response in responses)
            view.whole = view.whole and (regions is None or answered == regions)
            regions = answered
            view.times += [
                time
                for response in responses
                for number in response.captures
                if (time := evidence.captures[number].captured_at)
            ]
    return views
