"""Does one event, from rest, change an alarm's state to ALARM (rules A1–A9, M6, V4)?

Computed from the settings, not compared with one spelling: the value that one or more events give the
datapoint, the value the alarm idles at, and how it treats minutes without data.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.chains.alarms.composite_rule import STATES
from auditor.chains.alarms.maths import Maths
from auditor.chains.alarms.settings import MINUTE, Settings
from auditor.chains.model import Publisher


@dataclass(frozen=True, slots=True)
class Outcome:
    """``holds`` True, False or None (not decidable); reason code, remarks, and the link that is to blame."""

    holds: bool | None
    code: str = ""
    metric: bool = False  # the filter's value is to blame, not the alarm
    remarks: tuple[str, ...] = ()
    history: bool = False  # describe-alarm-history would show it


def trips(settings: Settings, value: float, default: float | None, others: Sequence[Publisher] = ()) -> Outcome:
    """Whether one event, and any number of events, take the alarm from rest to ALARM.

    ``value`` and ``default`` are the filter's metric value and default value; ``others`` publish into the
    same metric. The order of the tests is that of the rules; the first that fails names the reason.
    """
    if settings.period < MINUTE:
        return Outcome(None, "alarm-period-short")
    defaults = [one for one in (default, *(other.default for other in others)) if one is not None]
    datapoint = _datapoint(settings, value, default, others)
    idle = _idle_breaches(settings, defaults)
    if datapoint is not None and datapoint.holds is False:
        return datapoint
    if idle:
        return Outcome(False, "alarm-always-in-alarm")
    if datapoint is not None:
        return datapoint
    if idle is None:
        return Outcome(None, "alarm-idle-unclear")
    if settings.percentile is not None and settings.low_samples == "ignore":
        return Outcome(False, "alarm-low-samples-ignored")
    if settings.maths is not None:
        maths = _maths(settings, settings.maths, value, default)
        if maths is not None:
            return maths
    return _missing(settings, bool(defaults))


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
    if settings.statistic == "SampleCount":
        return _count(settings, others)
    if settings.statistic == "Sum":
        return _sum(settings, value, default, others)
    if others and settings.statistic != "Maximum":
        return Outcome(False, "alarm-other-publisher")
    if not settings.breaches(value):
        return _too_small(settings, value)
    if settings.statistic == "Maximum":
        return _maximum(settings, value, default, others)
    if default is None:
        return None
    if settings.period == MINUTE:
        same = settings.breaches(min(value, default)) and settings.breaches(max(value, default))
        return None if same else Outcome(None, "alarm-default-same-minute")
    return _pulled(settings, value, default, settings.period // MINUTE - 1)


def _too_small(settings: Settings, value: float) -> Outcome:
    return Outcome(False, "alarm-threshold", metric=value < 1 and settings.breaches(1))


def _count(settings: Settings, others: Sequence[Publisher]) -> Outcome | None:
    """SampleCount counts samples whatever their value; other filters' defaults are samples too."""
    if not settings.breaches(math.inf):
        return Outcome(False, "alarm-threshold")
    if settings.breaches(1):
        return None
    helped = any(other.default is not None for other in others)
    return Outcome(None, "alarm-other-publisher") if helped else Outcome(False, "alarm-threshold")


def _sum(settings: Settings, value: float, default: float | None, others: Sequence[Publisher]) -> Outcome | None:
    """k events give k·value; defaults in the other minutes of the period, of this filter and others, add theirs."""
    minutes = settings.period // MINUTE
    many = value * math.inf if value else 0.0
    added = [sign * sum(max(sign * (other.default or 0), 0) for other in others) * minutes for sign in (1, -1)]
    usual = value + (default or 0) * (minutes - 1)
    if not settings.breaches(value):
        if settings.breaches(usual):  # the event alone does not, with the defaults of a busy group it does (V4)
            return Outcome(None, "alarm-default-carries")
        helped = any(settings.breaches(least + one) for least in (value, usual) for one in added if one)
        return Outcome(None, "alarm-other-publisher") if helped else _too_small(settings, value)
    if not settings.breaches(many):
        return Outcome(False, "alarm-threshold")
    if any(other.value is None or other.value < 0 or (other.default or 0) < 0 for other in others):
        return Outcome(None, "alarm-other-publisher")
    if not settings.breaches(usual):
        helped = any(settings.breaches(usual + one) for one in added if one)
        return Outcome(None, "alarm-other-publisher") if helped else Outcome(False, "alarm-default-pulls-down")
    if others and not settings.breaches(math.inf):  # whatever further counts they add
        return Outcome(None, "alarm-other-publisher")
    return None


def _maximum(settings: Settings, value: float, default: float | None, others: Sequence[Publisher]) -> Outcome | None:
    if any(other.value is None for other in others):
        return Outcome(None, "alarm-other-publisher")
    rivals = [one for other in others for one in (other.value, other.default) if one is not None]
    if not all(settings.breaches(max(value, rival)) for rival in rivals):
        return Outcome(False, "alarm-other-publisher")
    if default is None or settings.breaches(max(value, default)):
        return None
    if settings.period == MINUTE:
        return Outcome(None, "alarm-default-same-minute")
    return Outcome(False, "alarm-threshold")


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
        pulled = value > default and rank <= minutes
        return Outcome(False, "alarm-default-pulls-down") if pulled else Outcome(None, "alarm-percentile-rank")
    return None if settings.breaches(worst) else Outcome(False, "alarm-default-pulls-down")


def _idle_breaches(settings: Settings, defaults: Sequence[float]) -> bool | None:
    """Rule A6: the value the alarm idles at, when every minute is logged and nothing matches, breaches.

    None: not then, but when only some of the minutes, or of the filters' groups, are logged.
    """
    if not defaults:
        return False
    minutes = settings.period // MINUTE
    usual: float
    most: float
    if settings.statistic == "SampleCount":
        usual, fewest, most = minutes * len(defaults), 1.0, minutes * len(defaults)
    elif settings.statistic == "Sum":
        usual = sum(defaults) * minutes
        most = sum(max(one, 0) for one in defaults) * minutes or max(defaults)
        fewest = sum(min(one, 0) for one in defaults) * minutes or min(defaults)
    else:
        usual = {"Maximum": max(defaults), "Minimum": min(defaults)}.get(settings.statistic, defaults[0])
        fewest, most = min(defaults), max(defaults)
    if settings.breaches(usual):
        return True
    return None if settings.breaches(fewest) or settings.breaches(most) else False


def _missing(settings: Settings, with_default: bool) -> Outcome:
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
    idle = _idle_breaches(settings, defaults)
    if idle is not False:
        return frozenset({"ALARM"}) if idle else STATES
    quiet = {"breaching": "ALARM", "ignore": "ALARM", "missing": "INSUFFICIENT_DATA"}.get(settings.missing, "OK")
    if not defaults:
        return frozenset({quiet})
    # With a default value an alarm that ignores gaps returns to OK with the next minute of traffic (A8).
    return frozenset({"OK"}) if settings.missing == "ignore" else frozenset({"OK", quiet})
