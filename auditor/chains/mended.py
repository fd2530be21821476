"""What a remedy finds behind the links that it mends, by the rules of the verdict: so that one round mends all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from auditor.chains.alarms.reading import Own, read_alarm
from auditor.chains.alarms.tripping import trips
from auditor.chains.lookups import Lookups
from auditor.chains.metric import metric_link
from auditor.chains.model import Source, Tail
from auditor.chains.publishing import Publishing
from auditor.chains.topic import sns_actions
from auditor.evidence.item import Item
from auditor.verdict import State

# The alarm that remedies put: the settings of every publisher's own remediation (A2, A3).
_PUT: Item = {
    "AlarmName": "", "Statistic": "Sum", "Period": 300, "EvaluationPeriods": 1, "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching",
}  # fmt: skip
_NOWHERE = Source(0, "")


class Needed(StrEnum):
    """What has to change so that the alarm which a remedy puts trips on one event."""

    NOTHING = ""
    FILTER = "filter"  # the filter's value, default value or dimensions
    METRIC = "metric"  # others publish into its metric: it needs one of its own


@dataclass(frozen=True, slots=True)
class Published:
    """What the filter of a chain publishes, and whether its alarm could stay if the filter published 1 per event."""

    value: str
    default: str
    unit: str
    needed: Needed
    alarm_suits: bool


class Mended:
    """Answers about a chain of the bundle with a link mended."""

    def __init__(self, lookups: Lookups, publishing: Publishing) -> None:
        self._lookups = lookups
        self._publishing = publishing

    def published(self, tail: Tail) -> Published | None:
        """What the filter of a chain publishes; None if no filter is known."""
        rows = self._publishing.filters_on(tail.log_group) if tail.filter_name else []
        row = next((row for row in rows if row["item"].get("filterName") == tail.filter_name), None)
        if row is None:
            return None
        own = Own(*self._publishing.own(row))
        plainly = Own(
            replace(own.metric, dimensions=frozenset()), replace(own.publisher, value=1.0, default=None, unit="None")
        )
        needed = Needed.NOTHING if self._trips(own) else Needed.FILTER if self._trips(plainly) else Needed.METRIC
        transformation = (row["item"].get("metricTransformations") or [{}])[0]
        value, default, unit = (transformation.get(name) for name in ("metricValue", "defaultValue", "unit"))
        alarm = tail.alarm_item
        suits = alarm is not None and alarm.get("ActionsEnabled") is not False and self._suits(plainly, alarm)
        return Published(
            str(value or ""), "" if default is None else f"{default:g}" if isinstance(default, int | float) else "",
            str(unit or ""), needed, suits,
        )  # fmt: skip

    def topics(self, tail: Tail) -> list[str]:
        """The topics that the alarm of a chain notifies, or the composite alarm that carries its action."""
        items = [tail.alarm_item] if tail.alarm_item is not None else []
        if tail.composite_arns:
            rows = (row for rows in self._lookups.alarms.composites.values() for row in rows)
            items = [row["item"] for row in rows if row["item"].get("AlarmArn") == tail.composite_arns[-1]]
        return [topic for item in items for topic in sns_actions(item.get("AlarmActions") or ())[0]]

    def _trips(self, own: Own) -> bool:
        return self._suits(own, {**_PUT, "MetricName": own.metric.name, "Namespace": own.metric.namespace})

    def _suits(self, own: Own, alarm: Item) -> bool:
        """Whether an alarm beside the filter sees its metric and trips on one event of it, whatever else arrives."""
        others = [
            publisher.unit
            for publisher in self._publishing.arriving(own.metric).speaking
            if (publisher.log_group, publisher.filter_name) != (own.publisher.log_group, own.publisher.filter_name)
        ]
        transformation = {"metricValue": "1", "unit": own.publisher.unit}
        metric = metric_link({"metricTransformations": [transformation]}, alarm, others, _NOWHERE, _NOWHERE)
        reading = read_alarm(alarm, own.metric.account_id, own.metric.region, self._publishing.arriving, own)
        if (
            isinstance(reading, str)
            or metric.state is not State.OK
            or all(publisher.own is None for publisher in reading.series)
        ):
            return False
        return trips(reading).holds is True
