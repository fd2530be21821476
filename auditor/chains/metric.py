"""The metric link: an alarm watches the very metric that the filter publishes, and its value can count (M1–M6)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from auditor.chains.model import LinkState, Source, broken, joined, ok, unknown
from auditor.evidence.item import Item
from auditor.verdict import State

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?")


def number(text: Any) -> float | None:
    """A metric value as a number: ``"1"``, ``"1.0"``, ``"1e0"``; None for ``$.field`` or anything else (M3)."""
    if isinstance(text, bool) or not _NUMBER.fullmatch(str(text)):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def dimensions_of(item: Item) -> dict[str, str]:
    """The dimensions an alarm (or a metric of its maths) names."""
    return {entry.get("Name", ""): entry.get("Value", "") for entry in item.get("Dimensions") or ()}


def metric_link(
    filter_item: Item,
    alarm_item: Item,
    units: Iterable[str],
    filter_source: Source,
    alarm_source: Source,
) -> LinkState:
    """Whether an alarm of the same account, region, namespace and name watches what the filter publishes.

    ``alarm_item`` is the alarm as a plain one on that metric, ``units`` those in which others publish into it. The
    worst of the rules M1 (dimensions), M2, L8 (system field dimensions), M3 (value), M5 (unit), M6 (others' units).
    """
    transformation = (filter_item.get("metricTransformations") or [{}])[0]
    watched = dimensions_of(alarm_item)
    sources = (filter_source, alarm_source)
    facts = {
        "filter": str(filter_item.get("filterName", "")),
        "metric": f"{transformation.get('metricNamespace')}/{transformation.get('metricName')}",
        "dimensions": ", ".join(f"{name}={value}" for name, value in sorted(watched.items())) or "none",
    }
    link = _dimensions(filter_item, transformation, watched, sources, facts)
    value = transformation.get("metricValue")
    if number(value) is None:
        link = joined(link, broken("value-not-constant", *sources, value=str(value), **facts))
    unit, alarm_unit = str(transformation.get("unit") or "None"), alarm_item.get("Unit")
    if alarm_unit is not None and alarm_unit != unit:
        link = joined(link, broken("unit-differs", *sources, alarm_unit=str(alarm_unit), unit=unit, **facts))
    if alarm_unit is None and any(other != unit for other in units):
        link = joined(link, unknown("units-mixed", *sources, unit=unit, **facts))
    return link


def _dimensions(
    filter_item: Item,
    transformation: Item,
    watched: Mapping[str, str],
    sources: tuple[Source, Source],
    facts: Mapping[str, str],
) -> LinkState:
    dimensions = transformation.get("dimensions") or {}
    if dimensions:
        return broken("filter-has-dimensions", *sources, filter_dimensions=", ".join(sorted(dimensions)), **facts)
    system = [str(name) for name in filter_item.get("emitSystemFieldDimensions") or ()]
    if system:
        names = ", ".join(system)
        if set(watched) == set(system):
            return unknown("system-dimensions-one-source", *sources, filter_dimensions=names, **facts)
        return broken("system-dimensions", *sources, filter_dimensions=names, **facts)
    return broken("alarm-has-dimensions", *sources, **facts) if watched else ok(*sources)


def near_miss(filter_item: Item, alarm_item: Item, *sources: Source) -> LinkState:
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


def of_own_fields(alarm: Item) -> bool:
    """Whether an alarm's metric has dimensions that a filter takes from events; those of the system, of which there may
    be one value only, are none (L8).
    """
    dimensions = alarm.get("Dimensions") or ()
    return any(not str(dimension.get("Name", "")).startswith("@aws.") for dimension in dimensions)
