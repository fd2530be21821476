"""The points that a statistic makes of the samples which may arrive in one period (A1, A10).

Sets of possible values, never one of them: each kind of sample has a range of values and a range of numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Range = tuple[float, float]
ANY_VALUE: Range = (-math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of one origin in a period: each lies between ``low`` and ``high``, ``least`` to ``most`` of them come."""

    low: float
    high: float
    least: float
    most: float

    @property
    def exact(self) -> bool:
        """Whether number and value are known, and there are few enough to count."""
        return self.low == self.high and self.least == self.most < math.inf


@dataclass(frozen=True, slots=True)
class Points:
    """What a series may have in a period: ``gap`` perhaps no point, ``range`` the value of one; None: never one."""

    gap: bool
    range: Range | None


NO_POINT = Points(True, None)
ANY_POINT = Points(True, ANY_VALUE)


def points_of(statistic: str, percentile: float | None, samples: Sequence[Samples]) -> Points:
    """The points of a statistic over these samples."""
    coming = [one for one in samples if one.most > 0]
    if not coming:
        return NO_POINT
    gap = not any(one.least > 0 for one in coming)
    if percentile is not None:
        return _percentile(percentile, coming, gap)
    return Points(gap, _STATISTICS[statistic](coming))


def _sample_count(coming: Sequence[Samples]) -> Range:
    return max(sum(one.least for one in coming), 1), sum(one.most for one in coming)


def _sum(coming: Sequence[Samples]) -> Range:
    high = -_least_sum([Samples(-one.high, -one.low, one.least, one.most) for one in coming])
    return _least_sum(coming), high


def _least_sum(coming: Sequence[Samples]) -> float:
    if any(one.low < 0 for one in coming) or any(one.least > 0 for one in coming):
        return sum(_times(one.low, one.most if one.low < 0 else one.least) for one in coming)
    return min(one.low for one in coming)  # one sample at least, or there is no point


def _times(value: float, number: float) -> float:
    return 0.0 if 0 in (value, number) else value * number


def _maximum(coming: Sequence[Samples]) -> Range:
    certain = [one.low for one in coming if one.least > 0]
    low = max(certain) if certain else min(one.low for one in coming)
    return low, max(one.high for one in coming)


def _minimum(coming: Sequence[Samples]) -> Range:
    low, high = _maximum([Samples(-one.high, -one.low, one.least, one.most) for one in coming])
    return -high, -low


def _average(coming: Sequence[Samples]) -> Range:
    high = -_least_average([Samples(-one.high, -one.low, one.least, one.most) for one in coming])
    return _least_average(coming), high


def _least_average(coming: Sequence[Samples]) -> float:
    """The least average: of the samples that must come, and of as many smaller ones as may."""
    if any(one.low == -math.inf for one in coming):
        return -math.inf
    number = sum(one.least for one in coming)
    if number == 0 or math.isinf(number):
        return min(one.low for one in coming)
    total = sum(_times(one.low, one.least) for one in coming)
    for one in sorted(coming, key=lambda one: one.low):
        further = one.most - one.least
        if further <= 0 or one.low >= total / number:
            continue
        if math.isinf(further):
            return one.low
        total, number = total + one.low * further, number + further
    return total / number


def _percentile(percentile: float, coming: Sequence[Samples], gap: bool) -> Points:
    """A percentile lies between the samples; over negative values there is none (A10)."""
    if any(one.high < 0 and one.least > 0 for one in coming):
        return NO_POINT
    negative = any(one.low < 0 for one in coming)
    usable = [one for one in coming if one.high >= 0]
    if not usable:
        return NO_POINT
    low, high = max(min(one.low for one in usable), 0.0), max(one.high for one in usable)
    if len(usable) > 1 and not negative and all(one.exact for one in usable):
        smallest = min(usable, key=lambda one: one.low)
        rank = percentile / 100 * sum(one.least for one in usable)
        if rank <= smallest.least:  # by nearest rank; other readings lie between
            high = low
    return Points(gap or negative, (low, high))


_STATISTICS: Mapping[str, Callable[[Sequence[Samples]], Range]] = {
    "SampleCount": _sample_count,
    "Sum": _sum,
    "Maximum": _maximum,
    "Minimum": _minimum,
    "Average": _average,
}
