"""Does one event, from rest, change an alarm's state to ALARM (rules A1–A10, A13, M6, V4)?

Computed from the settings, not compared with one spelling: the value that one or more events give the datapoint, the
value the alarm idles at, and how it treats minutes without data. A setting that fails in a busy log group is broken,
one that fails only in some hours, or only if something is so that nobody shows, is undecided.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.chains.alarms.composite_rule import STATES
from auditor.chains.alarms.maths import PLAIN
from auditor.chains.alarms.reading import AlarmReading, Series
from auditor.chains.alarms.settings import MINUTE, Settings
from auditor.chains.alarms.worlds import (
    ANY_EVENTS,
    ANY_REST,
    ANYTHING,
    CARRIED,
    MANY,
    REST,
    alone,
    breach,
    breaching_only,
    busy,
    by_itself,
    counted_again,
    present,
)
from auditor.chains.model import Publisher
from auditor.rules.steering import ALARM_COUNTED_AGAIN

_ADDING = ("Sum", "SampleCount", "Maximum")  # with these further samples only add (M6)
_MISSING = ("missing", "notBreaching", "breaching", "ignore")


@dataclass(frozen=True, slots=True)
class Trip:
    """``holds`` True, False or None (not decidable); reason code, remarks, and the link that is to blame."""

    holds: bool | None
    code: str = ""
    metric: bool = False  # the filter's value is to blame, not the alarm
    remarks: tuple[str, ...] = ()
    history: bool = False  # describe-alarm-history would show it
    unseen: bool = False  # the missing capture of metric filters would show it
    publisher: str = ""  # another filter that is to blame


def trips(reading: AlarmReading) -> Trip:
    """Whether one event, and any number of events, take the alarm from rest to ALARM.

    Every rule is asked: one that is broken decides, then one that is undecided. Of several the first names the reason,
    the filter's own value before all others (V2).
    """
    outcome = _trips(reading.nameless)
    if not outcome.publisher:
        return outcome
    return replace(outcome, publisher=reading.further[int(outcome.publisher)].filter_name)


@lru_cache(maxsize=65536)
def _trips(reading: AlarmReading) -> Trip:
    outcomes = [*_datapoint(reading), *_rest(reading), *_few_samples(reading.settings), *_missing(reading)]
    broken = [outcome for outcome in outcomes if outcome.holds is False]
    worst = [outcome for outcome in broken if outcome.metric] or broken
    worst = worst or [outcome for outcome in outcomes if outcome.holds is None]
    return worst[0] if worst else Trip(True, remarks=tuple(_remarks(reading)))


def needs_more_datapoints(settings: Settings) -> bool:
    """Whether one breaching datapoint is not enough, however its value is made (A4)."""
    return settings.datapoints_to_alarm > 1 and settings.missing in ("notBreaching", "ignore")


def _datapoint(reading: AlarmReading) -> Iterator[Trip]:
    """Rules A1, A2, A9, A10, A13, M6: the datapoint breaches for one event and for any number of them."""
    if reading.settings.period < MINUTE:
        yield Trip(None, "alarm-period-short")
    by_one = breach(reading, alone(1))
    if by_one is not True:
        yield _too_small(reading)
        if reading.repeated:
            yield from _pulled_by_others(reading)
        return
    yield from _pulled_by_others(reading)
    if any(breach(reading, alone(number)) is False for number in (2, MANY)):
        yield Trip(False, "alarm-threshold")
    elif any(breach(reading, by_itself(busy(number))) is False for number in (1, 2)):
        again = counted_again(by_itself(busy(1)))
        if reading.repeated and breach(reading, again) is not False:
            yield Trip(None, ALARM_COUNTED_AGAIN)
            return
        helped = all(breach(reading, busy(number)) is not False for number in (1, 2))
        yield _by_others(reading) if helped else Trip(False, "alarm-default-pulls-down")
    elif breach(reading, by_itself(ANY_EVENTS)) is not True:
        yield Trip(None, _own_code(reading))
    elif any(breach(reading, busy(number)) is False for number in (1, 2)):
        yield Trip(False, "alarm-other-publisher")
    elif breach(reading, ANY_EVENTS) is not True:
        yield _by_others(reading)


def _too_small(reading: AlarmReading) -> Trip:
    """One event alone does not breach (A1, A2): in maths it may with what others publish besides (A13)."""
    own = reading.own.own
    assert own is not None  # it is the series of the filter
    value = own.value or 0.0
    if reading.repeated and breach(reading, counted_again(alone(1))) is not False:
        return Trip(None, ALARM_COUNTED_AGAIN)
    carried = breach(reading, CARRIED) is not False and breach(reading, by_itself(CARRIED)) is False
    if reading.maths is not PLAIN and carried:
        return _by_others(reading)
    negative = reading.own.percentile is not None and value < 0
    small = value < 1 and reading.own.statistic != "SampleCount" and breach(_with_value(reading, 1.0), alone(1))
    return Trip(False, "alarm-threshold", metric=bool(negative or small))


def spoilt_by_others(reading: AlarmReading) -> Trip | None:
    """Why the captured filters on an alarm keep an event of any further one from tripping it (A6, M6); None if not."""
    pulling = _pulling(reading)
    if pulling is not None:
        return Trip(False, "alarm-other-publisher", publisher=pulling.filter_name)
    if not reading.settings.breaches(math.inf) or any(series.statistic not in _ADDING for series in reading.series):
        return None  # a further filter could pull it down, and let it rest
    return next((series for series in _rest(reading.as_captured) if series.holds is False), None)


def _pulling(reading: AlarmReading) -> Publisher | None:
    """A filter whose samples pull an average, minimum or percentile to the good side."""
    for series in reading.series:
        if series.statistic in _ADDING:
            continue
        for publisher in series.publishers:
            numbers = publisher.numbers
            negative = series.percentile is not None and any(number < 0 for number in numbers)
            sure = not (publisher.disputed or publisher.doubtful)
            if sure and (negative or not all(map(reading.settings.breaches, numbers))):
                return publisher
    return None


def _with_value(reading: AlarmReading, value: float) -> AlarmReading:
    series = tuple(
        replace(series, own=replace(series.own, value=value)) if series.own is not None else series
        for series in reading.series
    )
    return replace(reading, series=series)


def _own_code(reading: AlarmReading) -> str:
    if reading.maths.steps:
        return "alarm-maths-not-decided"
    if reading.own.percentile is not None and reading.settings.minutes > 1:
        return "alarm-percentile-rank"
    return "alarm-default-same-minute" if reading.settings.minutes == 1 else "alarm-default-pulls-down"


def _by_others(reading: AlarmReading) -> Trip:
    """Undecided, because of what other filters or series nobody shows may add."""
    if reading.unseen:
        return Trip(None, "alarm-series-not-shown", unseen=True)
    return Trip(None, "alarm-maths-not-decided" if reading.maths.steps else "alarm-other-publisher")


def _pulled_by_others(reading: AlarmReading) -> Iterator[Trip]:
    """Rule M6 where samples are weighed against each other; rule V3 where nobody shows whether there are others."""
    for series in reading.series:
        if series.own is None or series.statistic in _ADDING:
            continue
        for publisher in series.publishers:
            if not publisher.disputed and not all(_leaves(reading, series, number) for number in publisher.numbers):
                holds = None if publisher.doubtful else False
                yield Trip(holds, "alarm-other-publisher", publisher=publisher.filter_name)
            elif publisher.disputed or (publisher.value is None and not publisher.silent):
                yield Trip(None, "alarm-other-publisher", publisher=publisher.filter_name)
        if not series.shown:
            yield Trip(None, "further-publishers-not-shown", unseen=True)


def _leaves(reading: AlarmReading, series: Series, number: float) -> bool:
    """Whether a further sample of this value among those of the event leaves the datapoint breaching."""
    if series.percentile is not None and number < 0:
        return False  # a metric with negative values has no percentiles (A10)
    return breach(_with_value(reading, number), alone(1)) is True


def _rest(reading: AlarmReading) -> Iterator[Trip]:
    """Rule A6: the value at which the alarm idles, when every minute is logged and nothing matches."""
    if breach(reading, REST) is True:
        quiet = breach(reading.without_busy, REST) is not True
        culprits = [publisher.filter_name for publisher in reading.further if publisher.busy] if quiet else []
        yield (
            Trip(False, "publisher-counts-everything", publisher=culprits[0])
            if culprits
            else Trip(False, "alarm-always-in-alarm")
        )
    elif breach(reading, ANY_REST) is not False:
        usual = breach(reading.without_busy, ANY_REST) is not False and not reading.unseen
        yield Trip(None, "alarm-idle-unclear") if usual else _by_others(reading)


def _few_samples(settings: Settings) -> Iterator[Trip]:
    if waits_for_samples(settings):
        yield Trip(False, "alarm-low-samples-ignored")


def waits_for_samples(settings: Settings) -> bool:
    """Whether the alarm keeps its state while there are few samples (A10)."""
    return settings.percentile is not None and settings.low_samples == "ignore"


def _missing(reading: AlarmReading) -> Iterator[Trip]:
    """Rules A3–A5, A7, A8: datapoints needed, and what minutes without data do."""
    settings = reading.settings
    if settings.missing not in _MISSING:
        yield Trip(None, "alarm-settings-unclear")
        return
    idle = present(reading, REST)
    if settings.missing == "breaching":
        if idle and settings.datapoints_to_alarm > 1:  # while the group is busy its defaults are data points (A4)
            yield _too_few(reading)
        yield (
            Trip(False, "alarm-breaching")
            if idle is False
            else Trip(None, "alarm-breaching-flips", history=True)
            if idle
            else _by_others(reading)
        )
        return
    if settings.datapoints_to_alarm > 1:
        if (needs_more_datapoints(settings) and not reading.unseen) or idle is True:
            yield _too_few(reading)
        elif idle is None:
            yield _by_others(reading)
        else:
            yield Trip(None, "alarm-late", history=True)
    elif settings.missing == "ignore" and present(reading.by_own_group, REST) is not True:
        stuck = idle is False and breaching_only(reading, ANYTHING)
        yield Trip(False, "alarm-stuck") if stuck else _by_others(reading)


def _too_few(reading: AlarmReading) -> Trip:
    """Rule A4, unless the event comes as often as data points are needed, each time in a minute of its own (T18)."""
    if 1 < reading.settings.datapoints_to_alarm <= reading.moments:
        return Trip(None, ALARM_COUNTED_AGAIN)
    return Trip(False, "alarm-datapoints")


def _remarks(reading: AlarmReading) -> Iterator[str]:
    if reading.settings.missing == "ignore":
        yield "remark-ignore-needs-traffic"
    if reading.settings.period > 3600:
        yield "remark-long-period"


def rest_of(reading: AlarmReading, *, busy: bool = False) -> frozenset[str]:
    """The states in which an alarm may rest (rule C4); ``busy``: while its log groups have events in every minute.

    ``missing`` with a default value is OK while anything is logged, and INSUFFICIENT_DATA in a quiet stretch (V4).
    """
    settings, idle = reading.settings, present(reading, REST)
    if settings.missing not in _MISSING or (
        idle is not False and (settings.period < MINUTE or waits_for_samples(settings))
    ):
        return STATES
    breaches = breach(reading, REST)
    if breaches is True:
        return frozenset({"ALARM"})
    if breaches is None or (not busy and breach(reading, ANY_REST) is not False):
        return STATES
    missing = settings.missing
    quiet = {"breaching": "ALARM", "ignore": "ALARM", "missing": "INSUFFICIENT_DATA"}.get(missing, "OK")
    if idle is False:
        never = missing == "ignore" and present(reading, ANYTHING) is False  # it stays as it is, whatever that is (M5)
        return STATES if never else frozenset({quiet})
    # With a default value an alarm that ignores gaps returns to OK with the next minute of traffic (A8).
    return frozenset({"OK"}) if idle and (busy or missing == "ignore") else frozenset({"OK", quiet})
