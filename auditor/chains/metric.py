"""The metric link: an alarm watches the very metric that the filter publishes, and its value can count (M1–M6)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from auditor.chains.model import LinkState, Publisher, Source, broken, ok, unknown
from auditor.verdict import State

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?")


def number(text: Any) -> float | None:
    """A metric value as a number: ``"1"``, ``"1.0"``, ``"1e0"``; None for ``$.field`` or anything else (M3)."""
    if isinstance(text, bool) or not _NUMBER.fullmatch(str(text)):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def dimensions_of(item: Mapping[str, Any]) -> dict[str, str]:
    """The dimensions an alarm (or a metric of its maths) names."""
    return {entry.get("Name", ""): entry.get("Value", "") for entry in item.get("Dimensions") or ()}


def metric_link(
    filter_item: Mapping[str, Any],
    alarm_dimensions: Mapping[str, str],
    alarm_unit: str | None,
    publishers: Sequence[Publisher],
    filter_source: Source,
    alarm_source: Source,
) -> LinkState:
    """Whether an alarm of the same account, region, namespace and name watches what the filter publishes.

    Rules M1 (dimensions), M2, L8 (system field dimensions), M3 (value), M5 (unit), M6 (units of other publishers).
    """
    transformation = (filter_item.get("metricTransformations") or [{}])[0]
    sources = (filter_source, alarm_source)
    facts = {
        "filter": str(filter_item.get("filterName", "")),
        "metric": f"{transformation.get('metricNamespace')}/{transformation.get('metricName')}",
        "dimensions": ", ".join(f"{name}={value}" for name, value in sorted(alarm_dimensions.items())) or "none",
    }
    dimensions = transformation.get("dimensions") or {}
    if dimensions:
        names = ", ".join(sorted(dimensions))
        return broken("filter-has-dimensions", *sources, filter_dimensions=names, **facts)
    system = [str(name) for name in filter_item.get("emitSystemFieldDimensions") or ()]
    facts |= {"filter_dimensions": ", ".join(system)} if system else {}
    if system and set(alarm_dimensions) != set(system):
        return broken("system-dimensions", *sources, **facts)
    if alarm_dimensions and not system:
        return broken("alarm-has-dimensions", *sources, **facts)
    value = transformation.get("metricValue")
    if number(value) is None:
        return broken("value-not-constant", *sources, value=str(value), **facts)
    unit = str(transformation.get("unit") or "None")
    if alarm_unit is not None and alarm_unit != unit:
        return broken("unit-differs", *sources, alarm_unit=alarm_unit, unit=unit, **facts)
    if system:
        return unknown("system-dimensions-one-source", *sources, **facts)
    if alarm_unit is None and any(publisher.unit != unit for publisher in publishers):
        return unknown("units-mixed", *sources, unit=unit, **facts)
    return ok(*sources)


def near_miss(filter_item: Mapping[str, Any], alarm_item: Mapping[str, Any], *sources: Source) -> LinkState:
    """An alarm that names the metric, but in another namespace (rule V2)."""
    transformation = (filter_item.get("metricTransformations") or [{}])[0]
    return LinkState(
        State.BROKEN,
        "namespace-differs",
        {
            "metric": str(transformation.get("metricName")),
            "namespace": str(transformation.get("metricNamespace")),
            "alarm_namespace": str(alarm_item.get("Namespace")),
            "alarm": str(alarm_item.get("AlarmName")),
            "filter": str(filter_item.get("filterName", "")),
        },
        sources,
    )
