"""Sections 2 and 3 of the law: log groups, metric filters and what they publish."""

from __future__ import annotations

from typing import Any

from tests.reference import arns, patterns
from tests.reference.reading import Evidence
from tests.reference.simulation import Publisher
from tests.reference.states import BROKEN, NOT_BROKEN, NOT_OK, OK, UNKNOWN, State, all_of

CALL = "logs-describe-metric-filters"
Group = tuple[str, str, str]
CLASSES = ("INFREQUENT_ACCESS", "ESSENTIALS", "DELIVERY")


def captured(evidence: Evidence, account: str, region: str) -> list[dict[str, Any]]:
    """The filters that are shown for a place, with what they publish (L4)."""
    return [item for item in listed(evidence, account, region) if "metricTransformations" in item]


def listed(evidence: Evidence, account: str, region: str) -> list[dict[str, Any]]:
    """The same with those of which it was cut away what they publish (X6)."""
    return evidence.items(account, region, CALL, "metricFilters")


def _listed(evidence: Evidence, group: Group) -> dict[str, Any] | None:
    for item in evidence.items(group[0], group[1], "logs-describe-log-groups", "logGroups"):
        if item["logGroupName"] == group[2]:
            return item
    return None


def missing(evidence: Evidence, account: str, region: str) -> bool:
    """Whether filters of a place may be missing, in part or in whole (V3); a count above those shown proves it (L3)."""
    if not evidence.complete(account, region, CALL):
        return True
    shown = listed(evidence, account, region)
    if any("metricTransformations" not in item for item in shown):
        return True  # X6
    return any(
        item.get("metricFilterCount", 0) > sum(f["logGroupName"] == item["logGroupName"] for f in shown)
        for item in evidence.items(account, region, "logs-describe-log-groups", "logGroups")
    )


def more(evidence: Evidence, group: Group) -> bool:
    """Whether ``group`` may have filters that are not shown (L3, V3)."""
    shown = [f for f in listed(evidence, group[0], group[1]) if f["logGroupName"] == group[2]]
    item = _listed(evidence, group)
    count = item.get("metricFilterCount") if item else None
    if count is not None and count > len(shown):
        return True
    if count == 0:
        return False
    return not evidence.complete(group[0], group[1], CALL)


def log_group(evidence: Evidence, group: Group) -> State:
    """L1 and L2."""
    item = _listed(evidence, group)
    if item is None:
        gone = evidence.complete(group[0], group[1], "logs-describe-log-groups")
        contradicted = any(f["logGroupName"] == group[2] for f in listed(evidence, group[0], group[1]))
        answer = evidence.get(group[0], group[1], "logs-describe-log-groups")
        if answer is not None and answer.doubtful:
            return UNKNOWN  # V3: a file in a wrong place tells it otherwise
        if not gone:
            return OK
        return NOT_BROKEN if contradicted else BROKEN  # a listed filter proves its group, and the listing denies it
    kind = item.get("logGroupClass", "STANDARD")
    return OK if kind == "STANDARD" else BROKEN if kind in CLASSES else UNKNOWN


def own(metric_filter: dict[str, Any]) -> State:
    """L6 and L7, whatever the pattern is."""
    transformed = bool(metric_filter.get("applyOnTransformedLogs"))
    selected = bool(metric_filter.get("fieldSelectionCriteria"))
    return UNKNOWN if transformed or selected else OK


def says_equal(metric_filter: dict[str, Any], required: list[str]) -> State:
    """Plain ``verdict``: the pattern is equal in meaning to an accepted one."""
    if "filterPattern" not in metric_filter:
        return UNKNOWN  # X6
    equal = any(patterns.equal(metric_filter.get("filterPattern", ""), pattern) for pattern in required)
    if metric_filter.get("applyOnTransformedLogs"):
        return OK if equal else NOT_OK  # L6: the pattern runs on fields that nobody shows
    return OK if equal else BROKEN


def transformation(metric_filter: dict[str, Any]) -> dict[str, Any]:
    """L9: exactly one."""
    return dict(metric_filter["metricTransformations"][0])


def publisher(metric_filter: dict[str, Any], *, is_own: bool, elsewhere: bool = False) -> Publisher:
    """What the filter publishes (M3 to M5)."""
    shape = transformation(metric_filter)
    try:
        value = float(shape["metricValue"])
    except ValueError:
        value = None
    broad = patterns.everything(metric_filter.get("filterPattern", "{ $.x = 1 }")) and not is_own
    untransformed = "filterPattern" in metric_filter and not metric_filter.get("applyOnTransformedLogs")
    silent = untransformed and not is_own and patterns.nothing(metric_filter["filterPattern"])
    default = shape.get("defaultValue")
    number = None if default is None else float(default)
    return Publisher(value, number, broad, is_own, shape.get("unit", "None"), elsewhere, silent)


def counts_along(own: dict[str, Any], other: dict[str, Any]) -> bool:
    """V3, T18: whether ``other`` may count an event that ``own`` counts."""
    if "filterPattern" not in own or "filterPattern" not in other or other.get("applyOnTransformedLogs"):
        return True
    return patterns.shared(own["filterPattern"], other["filterPattern"])


def delivering(evidence: Evidence, account: str, region: str, name: str) -> int:
    """How many trails name a log group (T18)."""
    return len(
        {
            trail["TrailARN"]
            for _, _, _, answer in evidence.of_call("cloudtrail-describe-trails")
            for trail in answer.lists.get("trailList", [])
            if arns.log_group(str(trail.get("CloudWatchLogsLogGroupArn", ""))) == (account, region, name)
        }
    )


def metric(metric_filter: dict[str, Any]) -> tuple[str, str]:
    """Namespace and name (M1)."""
    shape = transformation(metric_filter)
    return shape["metricNamespace"], shape["metricName"]


def dimensioned(metric_filter: dict[str, Any]) -> bool:
    """Whether the filter publishes only metrics with dimensions (M1, M2, L8)."""
    return bool(transformation(metric_filter).get("dimensions") or metric_filter.get("emitSystemFieldDimensions"))


def fits_dimensions(metric_filter: dict[str, Any], dimensions: list[dict[str, str]]) -> State:
    """M1, M2, L8: whether an alarm on ``dimensions`` sees what the filter publishes."""
    emitted = set(metric_filter.get("emitSystemFieldDimensions") or [])
    if transformation(metric_filter).get("dimensions"):
        return BROKEN
    if emitted:
        return UNKNOWN if {d["Name"] for d in dimensions} == emitted else BROKEN
    return BROKEN if dimensions else OK


def units(publishers: list[Publisher], wanted: str | None) -> State:
    """M5: an alarm without unit over publishers of different units is unpredictable."""
    arriving = {p.unit for p in publishers if not p.silent or p.default is not None}
    return UNKNOWN if wanted is None and len(arriving) > 1 else all_of([])
