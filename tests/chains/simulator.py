"""A small simulator of CloudWatch's alarm evaluation, minute by minute: the check of ``auditor/chains/alarms``.

Its own code, from the rules' text and the tables of the user guide (alarm-evaluation, alarms-and-missing-data,
percentiles-with-low-samples): it imports nothing of the product.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

EXTRA = 2  # datapoints retrieved beyond the evaluation periods; AWS does not publish how many


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm's settings; ``period`` in minutes, ``percentile`` where the statistic is one."""

    statistic: str
    percentile: float | None
    breaches: Callable[[float], bool]
    period: int
    periods: int
    datapoints: int
    missing: str
    few_samples_ignored: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A metric filter: what it publishes for a match, and for a minute with traffic and no match."""

    value: float
    default: float | None


Minutes = Sequence[Sequence[float]]  # the samples published in each minute


def published(
    sources: Sequence[Source], length: int, traffic: Callable[[int], bool], events: dict[int, int]
) -> Minutes:
    """The samples of each minute: the first source matches ``events[minute]`` times, the others never (V4, M4)."""
    minutes: list[list[float]] = []
    for minute in range(length):
        samples: list[float] = []
        for number, source in enumerate(sources):
            matches = events.get(minute, 0) if number == 0 else 0
            if matches:
                samples += [source.value] * matches
            elif source.default is not None and (traffic(minute) or minute in events):
                samples.append(source.default)
        minutes.append(samples)
    return minutes


def states(alarm: Alarm, minutes: Minutes) -> list[str]:
    """The alarm's state after each minute, from INSUFFICIENT_DATA on, over a sliding window (A9)."""

    def samples(start: int, end: int) -> list[float]:
        return [sample for minute in minutes[start:end] for sample in minute]

    return states_over(
        alarm,
        len(minutes),
        lambda start, end: statistic_of(alarm.statistic, alarm.percentile, samples(start, end)),
        lambda start, end: _too_few(alarm, samples(start, end)),
    )


def states_over(
    alarm: Alarm,
    length: int,
    point: Callable[[int, int], float | None],
    too_few: Callable[[int, int], bool] = lambda _start, _end: False,
) -> list[str]:
    """The alarm's state after each minute, where ``point`` gives the value for the minutes from start to end."""
    state = "INSUFFICIENT_DATA"
    found = []
    for end in range(1, length + 1):
        lasts = [end - back * alarm.period for back in range(alarm.periods + EXTRA)]
        if not too_few(max(end - alarm.period, 0), end):
            points = [point(max(last - alarm.period, 0), max(last, 0)) for last in lasts]
            state = _evaluate(alarm, points, state)
        found.append(state)
    return found


def notified(alarm: Alarm, minutes: Minutes, event: int) -> bool:
    """Whether the alarm changes to ALARM in the period that follows a minute (actions run on changes only, A6)."""
    return changed(alarm, states(alarm, minutes), event)


def changed(alarm: Alarm, after: Sequence[str], event: int) -> bool:
    """Whether the states of an alarm change to ALARM in the period that follows a minute."""
    return any(
        after[minute] == "ALARM" and after[minute - 1] != "ALARM"
        for minute in range(event, min(event + alarm.period, len(after)))
    )


def _too_few(alarm: Alarm, window: Sequence[float]) -> bool:
    if alarm.percentile is None or not alarm.few_samples_ignored or not window:
        return False
    share = alarm.percentile / 100
    return len(window) < 10 / max(min(1 - share, share), 1e-9)


def statistic_of(statistic: str, percentile: float | None, window: Sequence[float]) -> float | None:
    """The statistic of the samples of a window; None if it has none."""
    if not window:
        return None
    if percentile is not None:  # nearest rank; none over negative values
        if min(window) < 0:
            return None
        rank = max(math.ceil(round(percentile / 100 * len(window), 9)), 1)
        return sorted(window)[rank - 1]
    kinds: dict[str, Callable[[Sequence[float]], float]] = {
        "Sum": math.fsum,
        "SampleCount": len,
        "Maximum": max,
        "Minimum": min,
        "Average": lambda samples: math.fsum(samples) / len(samples),
    }
    return kinds[statistic](window)


def _evaluate(alarm: Alarm, points: Sequence[float | None], before: str) -> str:
    """The state for datapoints, the newest first, by the tables of the user guide."""
    real = [point for point in points if point is not None]
    if len(real) >= alarm.periods:
        real = real[: alarm.periods]
    bad = sum(alarm.breaches(point) for point in real)
    if bad >= alarm.datapoints:
        return "ALARM"
    absent = alarm.periods - len(real)
    if absent and alarm.missing == "breaching" and bad + absent >= alarm.datapoints:
        return "ALARM"
    if not real:
        return {"missing": "INSUFFICIENT_DATA", "ignore": before}.get(alarm.missing, "OK")
    if absent and bad == len(real) and alarm.missing in ("missing", "ignore"):
        if alarm.missing == "ignore":
            return before
        oldest = max(number for number, point in enumerate(points) if point is not None)
        return "ALARM" if oldest + 1 >= alarm.datapoints else before
    return "OK"
