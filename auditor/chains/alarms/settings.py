"""The settings of a plain metric alarm that decide, and a metric filter as a publisher (A9–A11, M3–M5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from auditor.chains.metric import number
from auditor.chains.model import Publisher
from auditor.evidence.item import Item

MINUTE = 60  # seconds; metric filters publish at one-minute resolution (M7)
_HOUR, _DAY, _WEEK = 3600, 86_400, 604_800
_PERCENTILE = re.compile(r"p([0-9]{1,2}(?:\.[0-9]{1,10})?|100)")
COMPARISONS: Mapping[str, tuple[str, Callable[[float, float], bool]]] = {
    "GreaterThanOrEqualToThreshold": (">=", lambda value, threshold: value >= threshold),
    "GreaterThanThreshold": (">", lambda value, threshold: value > threshold),
    "LessThanThreshold": ("<", lambda value, threshold: value < threshold),
    "LessThanOrEqualToThreshold": ("<=", lambda value, threshold: value <= threshold),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a plain metric alarm that decide; None = absent in the capture."""

    statistic: str
    percentile: float | None
    comparison: str
    threshold: float
    period: int
    evaluation_periods: int
    datapoints_to_alarm: int
    missing: str
    low_samples: str | None
    expression: str = ""  # of metric maths

    def breaches(self, point: float) -> bool:
        """Whether a datapoint of this value breaches the threshold."""
        return COMPARISONS[self.comparison][1](point, self.threshold)

    @property
    def minutes(self) -> int:
        """How many minutes of data a period holds; at least one."""
        return max(self.period // MINUTE, 1)

    @property
    def words(self) -> str:
        """``Sum >= 1 over 300 s, 1 of 1 datapoints, missing data notBreaching``."""
        watched = f"{self.expression} of {self.statistic}" if self.expression else self.statistic
        return (
            f"{watched} {COMPARISONS[self.comparison][0]} {self.threshold:g} over {self.period} s, "
            f"{self.datapoints_to_alarm} of {self.evaluation_periods} datapoints, missing data {self.missing}"
        )


def read_settings(item: Item) -> Settings | str:
    """The settings of a plain metric alarm, or the reason code why they cannot be read as such."""
    if item.get("EvaluationCriteria"):
        return "alarm-promql"
    statistic, extended = item.get("Statistic"), item.get("ExtendedStatistic")
    if item.get("Metrics"):
        return "alarm-metric-maths"
    if (statistic is None) == (extended is None):
        return "alarm-settings-unclear"
    percentile = None
    if extended is not None:
        matched = _PERCENTILE.fullmatch(str(extended))
        if matched is None:
            return "alarm-statistic-unknown"
        percentile = float(matched.group(1))
    elif statistic not in ("Sum", "SampleCount", "Maximum", "Minimum", "Average"):
        return "alarm-statistic-unknown"
    comparison = item.get("ComparisonOperator")
    if comparison not in COMPARISONS:
        return (
            "alarm-anomaly"
            if "Threshold" in str(comparison) and item.get("ThresholdMetricId")
            else "alarm-settings-unclear"
        )
    threshold, period, periods = item.get("Threshold"), item.get("Period"), item.get("EvaluationPeriods")
    if not isinstance(threshold, int | float) or not isinstance(period, int | float) or not isinstance(periods, int):
        return "alarm-settings-unclear"
    if period % MINUTE and period not in (10, 20, 30):
        return "alarm-settings-unclear"
    if period * periods > (_WEEK if period >= _HOUR else _DAY):
        return "alarm-settings-unclear"  # PutMetricAlarm refuses it (A9)
    datapoints = item.get("DatapointsToAlarm")
    needed = periods if datapoints is None else int(datapoints)
    if not 1 <= needed <= periods or item.get("ThresholdMetricId"):
        return "alarm-settings-unclear"
    if percentile is not None and item.get("EvaluateLowSampleCountPercentile") not in (None, "evaluate", "ignore"):
        return "alarm-settings-unclear"
    return Settings(
        statistic=str(statistic or extended),
        percentile=percentile,
        comparison=str(comparison),
        threshold=float(threshold),
        period=int(period),
        evaluation_periods=periods,
        datapoints_to_alarm=needed,
        missing=str(item.get("TreatMissingData") or "missing"),
        low_samples=item.get("EvaluateLowSampleCountPercentile"),
    )


def publisher(
    item: Item,
    transformation: Item,
    *,
    log_group: str = "",
    busy: bool | None = False,
    disputed: bool = False,
    doubtful: bool = False,
    silent: bool = False,
) -> Publisher:
    """A metric filter as exported, as a publisher by one of its transformations."""
    return Publisher(
        filter_name=str(item.get("filterName", "")),
        value=number(transformation.get("metricValue")),
        default=number(transformation.get("defaultValue")),
        unit=str(transformation.get("unit") or "None"),
        log_group=log_group,
        busy=busy,
        disputed=disputed,
        doubtful=doubtful,
        silent=silent,
    )
