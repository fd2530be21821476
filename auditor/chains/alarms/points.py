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
    coming = [sample for sample in samples if sample.most > 0]
    if not coming:
        return NO_POINT
    gap = not any(sample.least > 0 for sample in coming)
    if percentile is not None:
        return _percentile(percentile, coming, gap)
    return Points(gap, _STATISTICS[statistic](coming))


def _sample_count(coming: Sequence[Samples]) -> Range:
    return max(sum(sample.least for sample in coming), 1), sum(sample.most for sample in coming)


def _sum(coming: Sequence[Samples]) -> Range:
    high = -_least_sum([Samples(-sample.high, -sample.low, sample.least, sample.most) for sample in coming])
    return _least_sum(coming), high


def _least_sum(coming: Sequence[Samples]) -> float:
    if any(sample.low < 0 for sample in coming) or any(sample.least > 0 for sample in coming):
        return sum(_times(sample.low, sample.most if sample.low < 0 else sample.least) for sample in coming)
    return min(sample.low for sample in coming)  # one sample at least, or there is no point


def _times(value: float, number: float) -> float:
    return 0.0 if 0 in (value, number) else value * number


def _maximum(coming: Sequence[Samples]) -> Range:
    certain = [sample.low for sample in coming if sample.least > 0]
    low = max(certain) if certain else min(sample.low for sample in coming)
    return low, max(sample.high for sample in coming)


def _minimum(coming: Sequence[Samples]) -> Range:
    low, high = _maximum([Samples(-sample.high, -sample.low, sample.least, sample.most) for sample in coming])
    return -high, -low


def _average(coming: Sequence[Samples]) -> Range:
    high = -_least_average([Samples(-sample.high, -sample.low, sample.least, sample.most) for sample in coming])
    return _least_average(coming), high


def _least_average(coming: Sequence[Samples]) -> float:
    """The least average: of the samples that must come, and of as many smaller ones as may."""
    if any(sample.low == -math.inf for sample in coming):
        return -math.inf
    number = sum(sample.least for sample in coming)
    if number == 0 or math.isinf(number):
        return min(sample.low for sample in coming)
    total = sum(_times(sample.low, sample.least) for sample in coming)
    for sample in sorted(coming, key=lambda sample: sample.low):
        further = sample.most - sample.least
        if further <= 0 or sample.low >= total / number:
            continue
        if math.isinf(further):
            return sample.low
        total, number = total + sample.low * further, number + further
    return total / number


def _percentile(percentile: float, coming: Sequence[Samples], gap: bool) -> Points:
    """A percentile lies between the samples; over negative values there is none (A10)."""
    if any(sample.high < 0 and sample.least > 0 for sample in coming):
        return NO_POINT
    negative = any(sample.low < 0 for sample in coming)
    usable = [sample for sample in coming if sample.high >= 0]
    if not usable:
        return NO_POINT
    low, high = max(min(sample.low for sample in usable), 0.0), max(sample.high for sample in usable)
    if len(usable) > 1 and not negative and all(sample.exact for sample in usable):
        smallest = min(usable, key=lambda sample: sample.low)
        rank = percentile / 100 * sum(sample.least for sample in usable)
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
