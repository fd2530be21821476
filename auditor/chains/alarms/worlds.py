"""What an alarm's value may be in one period: at rest, with the watched event, with and without other traffic (V4).

A world says what happens in the period; everything that it leaves open is allowed. Whatever holds for all values in a
world that leaves much open holds however it really is.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from auditor.chains.alarms.maths_values import Evaluation, Value, absent
from auditor.chains.alarms.points import ANY_POINT, NO_POINT, Points, Range, Samples, points_of
from auditor.chains.alarms.reading import AlarmReading, Series
from auditor.chains.model import Publisher

_SPLIT = 8  # metrics that may or may not have a point: beyond, their gaps are not told apart from zeros
_ADDING_UP = ("Sum", "SampleCount")
MANY = 1e15


class Traffic(Enum):
    """The other events of the log groups: none, in every minute, or in any number of minutes."""

    NONE = 0
    EVERY = 1
    ANY = 2


class Others(Enum):
    """What other filters publish: nothing, what comes of traffic by itself, or any matches besides."""

    NOTHING = 0
    IDLE = 1
    ANY = 2


@dataclass(frozen=True, slots=True)
class World:
    """``events`` is how often the watched event comes, at least and at most. ``unseen``: series that nobody shows may
    have data. ``again``: the event may be counted by other filters, too, and as often as its copies come (T18)."""

    events: Range
    traffic: Traffic
    others: Others
    unseen: bool = True
    again: bool = False


def alone(events: float) -> World:
    """The event and nothing else."""
    return World((events, events), Traffic.NONE, Others.NOTHING, unseen=False)


def counted_again(world: World) -> World:
    """The world in which the event is counted by whoever may count it, as often as it may be delivered."""
    return replace(world, again=True)


def busy(events: float) -> World:
    """The event in a group that has other events in every minute."""
    return World((events, events), Traffic.EVERY, Others.IDLE)


CARRIED = World((1, 1), Traffic.ANY, Others.IDLE)
ANY_EVENTS = World((1, math.inf), Traffic.ANY, Others.ANY)
REST = World((0, 0), Traffic.EVERY, Others.IDLE)
ANY_REST = World((0, 0), Traffic.ANY, Others.IDLE)
ANYTHING = World((0, math.inf), Traffic.ANY, Others.ANY)


def by_itself(world: World) -> World:
    """The world without what other filters publish."""
    return replace(world, others=Others.NOTHING, unseen=False)


def breach(reading: AlarmReading, world: World) -> bool | None:
    """Whether the alarm has a breaching point in a world: always, never, or None: in some of its cases."""
    outcomes: set[bool] = set()
    for present, (low, high) in _outcomes(reading, world):
        if present is not True:
            outcomes.add(False)
        if present is not False:
            outcomes |= {reading.settings.breaches(low), reading.settings.breaches(high)}
    return next(iter(outcomes)) if len(outcomes) == 1 else None


def present(reading: AlarmReading, world: World) -> bool | None:
    """Whether the alarm has a point in a world, breaching or not; None: in some of its cases."""
    presences = {point for point, _ in _outcomes(reading, world)}
    return next(iter(presences)) if len(presences) == 1 else None


def breaching_only(reading: AlarmReading, world: World) -> bool:
    """Whether every point that the alarm can have in a world breaches."""
    return all(
        reading.settings.breaches(low) and reading.settings.breaches(high)
        for point, (low, high) in _outcomes(reading, world)
        if point is not False
    )


def _outcomes(reading: AlarmReading, world: World) -> Iterator[tuple[bool | None, Range]]:
    """Whether there is a point, and the range of its value, for each choice of the metrics that have points."""
    points = [_points(series, world, reading) for series in reading.series]
    open_metrics: dict[Hashable, None] = {}
    for series, point in zip(reading.series, points, strict=True):
        if point.gap and point.range is not None:
            open_metrics[series.identity] = None
    if len(open_metrics) > _SPLIT:
        yield None, (-math.inf, math.inf)
        return
    for choice in itertools.product((False, True), repeat=len(open_metrics)):
        having = dict(zip(open_metrics, choice, strict=True))
        values: list[Value] = []
        ranges: list[Range] = []
        for number, (series, point) in enumerate(zip(reading.series, points, strict=True)):
            present_now = point.range is not None and (not point.gap or having[series.identity])
            values.append(Value((0.0, 0.0), {number: 1.0}) if present_now else absent())
            ranges.append(point.range if present_now and point.range is not None else (0.0, 0.0))
        names = {name: values[number] for name, number in reading.names}
        evaluation = Evaluation(names, ranges)
        for name, node in reading.maths.steps:
            evaluation.add(name, node)
        yield evaluation.result(reading.maths.watched)


def _points(series: Series, world: World, reading: AlarmReading) -> Points:
    minutes, group = reading.settings.minutes, reading.own_group
    if not series.publishers_known:
        return ANY_POINT if world.unseen else NO_POINT
    samples: list[Samples] = []
    if series.own is not None:
        samples += _of_own(series, series.own, world, minutes, reading.copies if world.again else 1)
    if world.again:
        counting = (publisher for publisher in series.publishers if publisher.along)
        samples += [_of_event(publisher, world.events[1]) for publisher in counting]
    if world.others is not Others.NOTHING:
        for publisher in series.publishers:
            samples += _of_other(publisher, world, minutes, publisher.log_group == group)
    return points_of(series.statistic, series.percentile, samples)


def _of_event(publisher: Publisher, events: float) -> Samples:
    """The samples of another filter that may count the event, too."""
    if publisher.disputed or publisher.value is None:  # a doubtful one's field may be a number
        return Samples(-math.inf, math.inf, 0, math.inf)
    return Samples(publisher.value, publisher.value, 0, events * publisher.along)


def _of_own(series: Series, own: Publisher, world: World, minutes: int, copies: int) -> Iterator[Samples]:
    """The samples of the filter whose event is asked about: its matches, and its default in other minutes."""
    value = own.value or 0.0
    least, most = world.events
    yield Samples(value, value, least, most * copies)
    if own.default is None or world.traffic is Traffic.NONE:
        return
    spare: float = minutes - 1 if least else minutes
    if not spare and world.traffic is Traffic.ANY:
        # Any number of streams deliver into one group, so that the event's own minute may hold the default, too (A1).
        if series.statistic not in _ADDING_UP:
            spare = math.inf
        elif series.statistic == "Sum" and own.default < 0:
            spare = 1
    yield Samples(own.default, own.default, spare if world.traffic is Traffic.EVERY else 0, spare)


def _of_other(publisher: Publisher, world: World, minutes: int, same_group: bool) -> Iterator[Samples]:
    """The samples of another filter: of a pattern that counts nearly every event they come with the traffic."""
    if publisher.disputed:
        yield Samples(-math.inf, math.inf, 0, math.inf)
        return
    every = world.traffic is Traffic.EVERY
    if not publisher.silent and (publisher.busy or publisher.busy is None or world.others is Others.ANY):
        low, high = (-math.inf, math.inf) if publisher.value is None else (publisher.value, publisher.value)
        least = minutes if publisher.busy and every and publisher.value is not None else 0
        yield Samples(low, high, least, math.inf)
    if publisher.default is not None and not (publisher.busy and every):
        # Other groups have their own traffic; at rest they are taken to be as busy as this one (A6).
        sure = every and publisher.busy is False and (same_group or world.events == (0, 0))
        yield Samples(publisher.default, publisher.default, minutes if sure else 0, minutes)
