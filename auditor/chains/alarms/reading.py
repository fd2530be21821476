"""An alarm as it is evaluated: its settings, the series it reads, who publishes into them (A11, A13, A14, M1, M5)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.chains.alarms.maths import PLAIN, Maths, read_maths
from auditor.chains.alarms.settings import Settings, read_settings
from auditor.chains.alarms.watched_metrics import Watched, watched_by
from auditor.chains.metric import dimensions_of
from auditor.chains.model import Arrivals, Metric, Publisher
from auditor.evidence.item import Item
from auditor.rules.steering import ALARM_STATISTIC_UNKNOWN

Arriving = Callable[[Metric], Arrivals]


@dataclass(frozen=True, slots=True)
class Own:
    """The filter whose event is asked about, and the metric it publishes into."""

    metric: Metric
    publisher: Publisher


@dataclass(frozen=True, slots=True)
class Series:
    """A metric as an alarm reads it, in ``unit`` and for the values ``of`` its dimensions: all series that agree in
    these have points together.

    ``own`` is the filter whose event is asked about, if it publishes here, ``publishers`` are the others.
    ``publishers_known``: what they publish is all that arrives; else nobody shows what does. ``shown``: every filter
    that can is captured.
    """

    metric: Metric
    of: tuple[tuple[str, str], ...]
    unit: str | None
    statistic: str
    percentile: float | None
    own: Publisher | None
    publishers: tuple[Publisher, ...]
    publishers_known: bool = True
    shown: bool = True

    @property
    def identity(self) -> Hashable:
        """What the series of one metric have in common."""
        return self.metric, self.of, self.unit


@dataclass(frozen=True, slots=True)
class AlarmReading:
    """An alarm as it is evaluated: ``maths`` make its value of ``series``; ``names`` are their ids there, by number.

    ``copies``: how often the filter whose event is asked about may count it (T18).
    """

    settings: Settings
    series: tuple[Series, ...]
    maths: Maths = PLAIN
    names: tuple[tuple[str, int], ...] = (("", 0),)
    copies: int = 1

    @property
    def own(self) -> Series:
        """The series of the metric into which the filter publishes whose event is asked about."""
        return next(series for series in self.series if series.own is not None)

    @property
    def own_group(self) -> str:
        """The log group of that filter; ``""`` if no event is asked about."""
        return next((series.own.log_group for series in self.series if series.own is not None), "")

    @property
    def further(self) -> tuple[Publisher, ...]:
        """The other filters that publish into any of the series."""
        return tuple(dict.fromkeys(publisher for series in self.series for publisher in series.publishers))

    @property
    def nameless(self) -> AlarmReading:
        """The alarm without the names that decide nothing, so that many alarms are one. Filters have numbers for names,
        as they stand in :attr:`further`."""
        numbers = {publisher: str(number) for number, publisher in enumerate(self.further)}
        own_group = self.own_group
        metrics: dict[Hashable, Metric] = {}
        renamed = []
        for series in self.series:
            metric = metrics.setdefault(series.identity, Metric("", "", "", str(len(metrics))))
            own = replace(series.own, filter_name="", log_group="own") if series.own is not None else None
            publishers = tuple(
                [
                    Publisher(  # not replace(): of thousands of filters alike each is renamed for each
                        numbers[publisher],
                        publisher.value,
                        publisher.default,
                        publisher.unit,
                        "own" if publisher.log_group == own_group else "",
                        publisher.busy,
                        publisher.disputed,
                        publisher.doubtful,
                        publisher.silent,
                        publisher.along,
                    )
                    for publisher in series.publishers
                ]
            )
            renamed.append(replace(series, metric=metric, of=(), unit=None, own=own, publishers=publishers))
        return replace(self, series=tuple(renamed))

    @property
    def by_own_group(self) -> AlarmReading:
        """The alarm without the filters of other log groups, of which nobody says that anything arrives in them."""
        group = self.own_group
        near = [
            replace(
                series, publishers=tuple(publisher for publisher in series.publishers if publisher.log_group == group)
            )
            for series in self.series
        ]
        return replace(self, series=tuple(near))

    @property
    def without_busy(self) -> AlarmReading:
        """The alarm without the filters that count, or may count, nearly every event."""
        quiet = [
            replace(series, publishers=tuple(publisher for publisher in series.publishers if publisher.busy is False))
            for series in self.series
        ]
        return replace(self, series=tuple(quiet))

    @property
    def as_captured(self) -> AlarmReading:
        """The alarm as if no filter were missing where some are captured."""
        series = [
            replace(series, publishers_known=series.publishers_known or bool(series.publishers))
            for series in self.series
        ]
        return replace(self, series=tuple(series))

    @property
    def as_judged(self) -> AlarmReading:
        """The alarm as if no filter counted nearly every event, and none were missing where some are captured."""
        calm = [
            replace(series, publishers=tuple(replace(publisher, busy=False) for publisher in series.publishers))
            for series in self.as_captured.series
        ]
        return replace(self, series=tuple(calm))

    def counted(self, copies: int, along: Mapping[Publisher, int]) -> AlarmReading:
        """The alarm with how often the filter whose event is asked about, and others, may count it."""
        series = [
            replace(
                series,
                publishers=tuple(replace(other, along=along.get(other, 0)) for other in series.publishers),
            )
            for series in self.series
        ]
        return replace(self, series=tuple(series), copies=copies)

    @property
    def repeated(self) -> bool:
        """Whether one event may be counted more than once."""
        return self.copies > 1 or any(publisher.along for publisher in self.further)

    @property
    def moments(self) -> int:
        """In how many minutes one event may be counted: trails deliver their copies each for itself."""
        group = self.own_group
        elsewhere = [publisher.along for publisher in self.further if publisher.log_group != group]
        return self.copies + sum(elsewhere)

    @property
    def unseen(self) -> bool:
        """Whether a series has data that nobody shows."""
        return not all(series.publishers_known for series in self.series)


def read_alarm(
    item: Item, account_id: str, region: str, arriving: Arriving, own: Own | None = None
) -> AlarmReading | str:
    """An alarm of an account and region as it is evaluated, or the reason code why it is not."""
    if item.get("MetricName") and item.get("Metrics"):
        return "alarm-settings-unclear"  # exactly one of them (A11)
    watched = {watched_metric.entry: watched_metric for watched_metric in watched_by(item, account_id)}
    if "" in watched or not item.get("Metrics"):
        alone = watched[""].item if "" in watched else item
        settings = read_settings(alone)
        if isinstance(settings, str) or "" not in watched:
            return settings if isinstance(settings, str) else "alarm-settings-unclear"
        return AlarmReading(settings, (_series(watched[""], settings, region, arriving, own),))
    maths = "alarm-promql" if item.get("EvaluationCriteria") else read_maths(item)
    if isinstance(maths, str):
        return maths
    if not all(name in watched for name in maths.series):
        return "alarm-settings-unclear"
    return _with_maths([watched[name] for name in maths.series], maths, region, arriving, own)


def _with_maths(
    watched: list[Watched], maths: Maths, region: str, arriving: Arriving, own: Own | None
) -> AlarmReading | str:
    numbers: dict[Series, int] = {}
    names: dict[str, int] = {}
    chosen: Settings | None = None
    for watched_metric in watched:
        settings = read_settings({name: value for name, value in watched_metric.item.items() if name != "Metrics"})
        publishes = own is not None and watched_metric.metric(region) == own.metric
        if isinstance(settings, str) and (publishes or own is None or settings != ALARM_STATISTIC_UNKNOWN):
            return settings
        series = _series(watched_metric, settings, region, arriving, own)
        names[watched_metric.entry] = numbers.setdefault(series, len(numbers))
        if not isinstance(settings, str) and (publishes or chosen is None):
            chosen = settings
    if chosen is None:
        return "alarm-settings-unclear"
    return AlarmReading(replace(chosen, expression=maths.text), tuple(numbers), maths, tuple(names.items()))


def _series(watched: Watched, settings: Settings | str, region: str, arriving: Arriving, own: Own | None) -> Series:
    """A metric with whoever publishes into it; data of another unit than the alarm names are not seen (M5)."""
    metric = watched.metric(region)
    unit = watched.item.get("Unit")
    arrivals = arriving(metric)
    own_publisher = own.publisher if own is not None and own.metric == metric else None
    others = arrivals.publishers if own_publisher is None else arrivals.beside(own_publisher)
    in_unit = others if unit is None else tuple(other for other in others if other.disputed or other.unit == unit)
    publishers_known = own_publisher is not None or (
        arrivals.shown and bool(others) and not (unit is None and _units_mixed(others))
    )
    identity = (metric, tuple(sorted(dimensions_of(watched.item).items())), unit)
    if isinstance(settings, str):  # a statistic whose value nobody can tell
        return Series(*identity, "Sum", None, None, in_unit, publishers_known=False, shown=arrivals.shown)
    return Series(
        *identity, settings.statistic, settings.percentile, own_publisher, in_unit, publishers_known, arrivals.shown
    )


def _units_mixed(publishers: Sequence[Publisher]) -> bool:
    return len({publisher.unit for publisher in publishers if publisher.speaks and not publisher.disputed}) > 1
