"""The alarm link: does one event, from rest, change the alarm's state to ALARM (rules A1–A12, A15, V4)?

Computed from the settings, not compared with one spelling: the value that one or more events give the
datapoint, the value the alarm idles at, and how it treats minutes without data.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.chains.metric import number
from auditor.chains.metric_maths import Maths
from auditor.chains.model import Publisher

MINUTE = 60  # seconds; metric filters publish at one-minute resolution (M7)
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
    maths: Maths | None = None

    def breaches(self, value: float) -> bool:
        """Whether a datapoint of this value breaches the threshold, by way of the alarm's maths if it does any."""
        return COMPARISONS[self.comparison][1](self.maths.at(value) if self.maths else value, self.threshold)

    def always_breaches(self, least: float) -> bool:
        """Whether every datapoint of at least this value does, whatever counts the other series of the maths have."""
        ends = self.maths.spread(least) if self.maths else (least, math.inf)
        return all(COMPARISONS[self.comparison][1](end, self.threshold) for end in ends)

    @property
    def words(self) -> str:
        """``Sum >= 1 over 300 s, 1 of 1 datapoints, missing data notBreaching``."""
        watched = f"{self.maths.text} of {self.statistic}" if self.maths else self.statistic
        return (
            f"{watched} {COMPARISONS[self.comparison][0]} {self.threshold:g} over {self.period} s, "
            f"{self.datapoints_to_alarm} of {self.evaluation_periods} datapoints, missing data {self.missing}"
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """``holds`` True, False or None (not decidable); reason code, remarks, and the link that is to blame."""

    holds: bool | None
    code: str = ""
    metric: bool = False  # the filter's value is to blame, not the alarm
    remarks: tuple[str, ...] = ()
    history: bool = False  # describe-alarm-history would show it


def read_settings(item: Mapping[str, Any]) -> Settings | str:
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
    datapoints = item.get("DatapointsToAlarm")
    needed = periods if datapoints is None else int(datapoints)
    if not 1 <= needed <= periods:
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


def trips(settings: Settings, value: float, default: float | None, others: Sequence[Publisher] = ()) -> Outcome:
    """Whether one event, and any number of events, take the alarm from rest to ALARM.

    ``value`` and ``default`` are the filter's metric value and default value; ``others`` publish into the
    same metric. The order of the tests is that of the rules; the first that fails names the reason.
    """
    if settings.period < MINUTE:
        return Outcome(None, "alarm-period-short")
    datapoint = _datapoint(settings, value, default, others)
    if datapoint is not None:
        return datapoint
    defaults = [one for one in (default, *(other.default for other in others)) if one is not None]
    if defaults and _idle_breaches(settings, defaults):
        return Outcome(False, "alarm-always-in-alarm")
    if settings.percentile is not None and settings.low_samples == "ignore":
        return Outcome(False, "alarm-low-samples-ignored")
    if settings.maths is not None:
        maths = _maths(settings, settings.maths, value, default)
        if maths is not None:
            return maths
    return _missing(settings, bool(defaults), bool(others))


def _maths(settings: Settings, maths: Maths, value: float, default: float | None) -> Outcome | None:
    """Rule A13: what the other series of the maths may do to the event; None if nothing that matters."""
    if default is not None and (default < 0 or settings.statistic not in ("Sum", "Maximum")):
        return Outcome(None, "alarm-maths-not-decided")
    if not settings.always_breaches(1 if settings.statistic == "SampleCount" else value):
        return Outcome(None, "alarm-maths-not-decided")
    if not maths.others:
        return None
    if settings.breaches(0):  # a point of another series alone, the event's series having none
        return Outcome(False, "alarm-always-in-alarm")
    # Points of the other series end the gaps, which is why these two come to rest, or do not.
    return Outcome(None, "alarm-maths-not-decided") if settings.missing in ("breaching", "ignore") else None


def _datapoint(settings: Settings, value: float, default: float | None, others: Sequence[Publisher]) -> Outcome | None:
    """Rules A1, A2, M6: None if the datapoint breaches for one event and for any number of them."""
    minutes = settings.period // MINUTE - 1  # other minutes of the period that may carry the default
    fails = Outcome(False, "alarm-threshold", metric=value < 1 and settings.breaches(1))
    # SampleCount counts events whatever their value.
    if settings.statistic == "SampleCount":
        return None if settings.breaches(1) and settings.breaches(math.inf) else Outcome(False, "alarm-threshold")
    if not settings.breaches(value):
        return fails
    if settings.statistic == "Sum":
        if value < 0 or not settings.breaches(math.inf if value > 0 else value):
            return Outcome(False, "alarm-threshold")
        if any(other.value is None or other.value < 0 or (other.default or 0) < 0 for other in others):
            return Outcome(None, "alarm-other-publisher")
        worst = value + min(default or 0, 0) * minutes
        return None if settings.breaches(worst) else Outcome(False, "alarm-default-pulls-down")
    if settings.statistic == "Maximum":
        if any(other.value is None for other in others):
            return Outcome(None, "alarm-other-publisher")
        rivals = [one for other in others for one in (other.value, other.default) if one is not None]
        rivals += [] if default is None else [default]
        return (
            None if all(settings.breaches(max(value, rival)) for rival in rivals) else Outcome(False, "alarm-threshold")
        )
    if others:
        return Outcome(False, "alarm-other-publisher")
    if default is None:
        return None
    if settings.period == MINUTE:
        return (
            None
            if settings.breaches(min(value, default)) and settings.breaches(max(value, default))
            else Outcome(None, "alarm-default-same-minute")
        )
    return _pulled(settings, value, default, minutes)


def _pulled(settings: Settings, value: float, default: float, minutes: int) -> Outcome | None:
    """Average, Minimum and percentiles of one event among up to ``minutes`` defaults (A1)."""
    if settings.statistic == "Minimum":
        worst = min(value, default)
    elif settings.statistic == "Average":
        worst = (value + minutes * default) / (1 + minutes)
    elif settings.breaches(default):
        return None
    else:
        # One sample of value among `minutes` of default: by nearest rank the percentile is the value
        # only if its rank passes all the defaults; an interpolating reading lies between.
        rank = (settings.percentile or 0) / 100 * (minutes + 1)
        return Outcome(False, "alarm-default-pulls-down") if rank <= minutes else Outcome(None, "alarm-percentile-rank")
    return None if settings.breaches(worst) else Outcome(False, "alarm-default-pulls-down")


def _idle_breaches(settings: Settings, defaults: Sequence[float]) -> bool:
    """Rule A6: the value the alarm idles at, when something is logged and nothing matches, breaches."""
    minutes = settings.period // MINUTE
    if settings.statistic == "SampleCount":
        return settings.breaches(1) or settings.breaches(minutes * len(defaults))
    if settings.statistic == "Sum":
        total = sum(defaults)
        return any(settings.breaches(one) for one in (*defaults, total, total * minutes))
    return any(settings.breaches(one) for one in defaults)


def _missing(settings: Settings, with_default: bool, with_others: bool) -> Outcome:
    """Rules A3–A5, A7–A9: datapoints needed, and what minutes without data do."""
    missing = settings.missing
    if missing not in ("missing", "notBreaching", "breaching", "ignore"):
        return Outcome(None, "alarm-settings-unclear")
    if missing == "breaching":
        return (
            Outcome(None, "alarm-breaching-flips", history=True) if with_default else Outcome(False, "alarm-breaching")
        )
    if settings.datapoints_to_alarm > 1:
        if missing == "missing" and not with_default:
            return Outcome(None, "alarm-late", history=True)
        return Outcome(False, "alarm-datapoints")
    if missing == "ignore" and not with_default:
        return Outcome(False, "alarm-stuck")
    remarks = []
    if missing == "ignore":
        remarks.append("remark-ignore-needs-traffic")
    if settings.period > 3600:
        remarks.append("remark-long-period")
    return Outcome(True, remarks=tuple(remarks))


def rest_of(settings: Settings, publishers: Sequence[Publisher]) -> frozenset[str]:
    """The states in which an alarm on a metric of these filters may rest (rule C4).

    ``missing`` with a default value is OK while anything is logged, and INSUFFICIENT_DATA in a quiet stretch.
    """
    defaults = [publisher.default for publisher in publishers if publisher.default is not None]
    if defaults and _idle_breaches(settings, defaults):
        return frozenset({"ALARM"})
    quiet = {"breaching": "ALARM", "ignore": "ALARM", "missing": "INSUFFICIENT_DATA"}.get(settings.missing, "OK")
    if not defaults:
        return frozenset({quiet})
    # With a default value an alarm that ignores gaps returns to OK with the next minute of traffic (A8).
    return frozenset({"OK"}) if settings.missing == "ignore" else frozenset({"OK", quiet})


def publisher(row: Mapping[str, Any]) -> Publisher:
    """A metric filter as exported, as a publisher."""
    transformation = (row.get("metricTransformations") or [{}])[0]
    return Publisher(
        filter_name=str(row.get("filterName", "")),
        pattern=str(row.get("filterPattern") or ""),
        value=number(transformation.get("metricValue")),
        default=number(transformation.get("defaultValue")),
        unit=str(transformation.get("unit") or "None"),
    )
