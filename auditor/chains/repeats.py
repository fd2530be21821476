"""One event that is counted more than once: by several filters, by the copies of several trails (V3, A1, T18)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from auditor.chains.alarms.reading import AlarmReading, Own
from auditor.chains.model import Metric, Origin, Publisher
from auditor.chains.publishing import Publishing
from auditor.chains.selectors import overlap


class Repeats:
    """Which filters may count an event of another one, and how often each does."""

    def __init__(self, publishing: Publishing) -> None:
        self._publishing = publishing
        self._patterns: dict[Metric, Mapping[Publisher, str | None]] = {}
        self._counting: dict[tuple[str, str, Metric], Mapping[Publisher, int]] = {}
        self._times: dict[tuple[str, str, str], int] = {}

    def of(self, own: Own, reading: AlarmReading) -> AlarmReading | None:
        """An alarm as it is evaluated, with how often one event of a filter may be counted; None: once."""
        pattern, group = self._patterns_into(own.metric).get(own.publisher), own.publisher.log_group
        if pattern is None:
            return None
        copies, along = self._copies(pattern, group, group), dict[Publisher, int]()
        for metric in dict.fromkeys(series.metric for series in reading.series):
            along |= self._along(pattern, group, metric)
        along.pop(own.publisher, None)
        return reading.counted(copies, along) if copies > 1 or along else None

    def together(self, metrics: Iterable[Metric], others: Iterable[Metric]) -> bool:
        """Whether an event may be counted by a filter on one of these metrics and by one on the others."""
        others = tuple(others)
        return any(
            self._along(pattern, own.log_group, other)
            for metric in metrics
            for own, pattern in self._patterns_into(metric).items()
            if pattern is not None
            for other in others
        )

    def _patterns_into(self, metric: Metric) -> Mapping[Publisher, str | None]:
        if metric not in self._patterns:
            self._patterns[metric] = dict(self._publishing.patterns_into(metric))
        return self._patterns[metric]

    def _along(self, pattern: str, group: str, metric: Metric) -> Mapping[Publisher, int]:
        """The filters on a metric that may count an event of a filter on a log group, and how often each may."""
        key = pattern, group, metric
        if key not in self._counting:
            sharing = self._sharing(pattern, metric)
            times = ((publisher, self._copies(pattern, group, publisher.log_group)) for publisher in sharing)
            self._counting[key] = {publisher: number for publisher, number in times if number}
        return self._counting[key]

    def _sharing(self, pattern: str, metric: Metric) -> Iterable[Publisher]:
        """Those that may count each event of the pattern, were they all to arrive.

        What a field of the events holds is no number that would do (M3).
        """
        by_pattern: dict[str, list[Publisher]] = defaultdict(list)
        for publisher, other in self._patterns_into(metric).items():
            if other is None or publisher.disputed or publisher.doubtful:
                yield publisher  # nobody shows what it counts
            elif publisher.value is not None:
                by_pattern[other].append(publisher)
        for other in sorted(self._publishing.counts.along(pattern, tuple(sorted(by_pattern)))):
            yield from by_pattern[other]

    def _copies(self, pattern: str, group: str, other: str) -> int:
        """How many trails may deliver to ``other`` an event that a filter on ``group`` counts (T18): to the same group
        at least one.
        """
        key = pattern, group, other
        if key not in self._times:
            here, there = self._delivering(pattern, group), self._delivering(pattern, other)
            # Each that shares events with another one: three may do so in pairs, so that this may be more than come.
            number = sum(any(_both(origin, first) for first in here if first is not origin) for origin in there)
            self._times[key] = max(1, number) if group == other else number
        return self._times[key]

    def _delivering(self, pattern: str, group: str) -> list[Origin]:
        """Where events that a pattern counts come from, by trail."""
        origins = self._publishing.delivering(group)
        return [origin for origin in origins if not self._publishing.counts.nothing(pattern, origin)]


def _both(origin: Origin, other: Origin) -> bool:
    """Whether two trails may deliver one event: of an account, a region and a kind that both take (T6, T10, T14)."""
    apart = origin.all_accounts and other.all_accounts and origin.accounts.isdisjoint(other.accounts)
    regions = {origin.region, other.region} - {""}
    return not apart and len(regions) < 2 and overlap(origin.selectors, other.selectors)
