"""Sections 3 and 4 of the law: what arrives in a metric minute by minute, and the states of an alarm on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from tests.reference import maths


@dataclass(frozen=True)
class Publisher:
    """A metric filter as far as a metric sees it: what arrives. ``value`` None: a field of the event (M3)."""

    value: float | None
    default: float | None
    broad: bool = False  # counts nearly every event (A6)
    own: bool = False  # counts the watched events
    unit: str = "None"
    elsewhere: bool = False  # on another log group, of whose traffic nothing is known
    silent: bool = False  # counts nothing, so that its default alone arrives, if any
    along: bool = False  # may count the watched events, too
    surely: bool = False  # and does, in the same minute


@dataclass(frozen=True)
class Series:
    """One statistic of one metric. ``foreign``: not a metric of captured filters. ``hidden``: filters are missing."""

    publishers: tuple[Publisher, ...]
    stat: str
    foreign: bool = False
    hidden: bool = False

    @property
    def own(self) -> bool:
        return any(publisher.own for publisher in self.publishers)


@dataclass(frozen=True)
class Watch:
    """An alarm's settings; ``expression`` is over the ids of ``series``."""

    series: tuple[tuple[str, Series], ...]
    expression: str
    period: int
    evaluation: int
    datapoints: int
    operator: str
    threshold: float
    missing: str = "missing"
    low_samples: str = "evaluate"
    evaluation_state: str = ""
    maths: bool = False
    copies: int = 1  # trails that deliver the watched events to the chain's own group (T18)
    other: str = ""  # PromQL, a band: what is not evaluated (A11, A13)

    @property
    def minutes(self) -> int:
        return max(1, self.period // 60)

    def breaches(self, value: float) -> bool:
        return {
            "GreaterThanOrEqualToThreshold": value >= self.threshold,
            "GreaterThanThreshold": value > self.threshold,
            "LessThanThreshold": value < self.threshold,
            "LessThanOrEqualToThreshold": value <= self.threshold,
        }[self.operator]


# --- what arrives in a period -----------------------------------------------------------------------------------------
def samples(
    series: Series, events: int, event_minutes: int, busy: int, each: int, alone: bool, again: bool = False
) -> list[tuple[float, int]]:
    """Values and how often they come in a period of ``events`` watched events and ``busy`` other minutes (M4).

    ``again``: other filters that surely count the events do.
    """
    found = [(p.value, events) for p in series.publishers if again and p.surely and p.value is not None]
    for publisher in series.publishers:
        if publisher.own:
            found.append((publisher.value or 0.0, events))
            # A10: where a percentile falls between matches and defaults is left open (``alarms``).
            pulled = publisher.default is not None and not (events and series.stat.startswith("p"))
            found.append((publisher.default or 0.0, busy if pulled else 0))
        elif not alone:
            minutes = busy + event_minutes
            found.append(
                (publisher.default or 0.0, minutes if publisher.default is not None and not publisher.broad else 0)
            )
            if publisher.broad and publisher.value is not None:
                found.append((publisher.value, each * minutes + events))
    return [(value, count) for value, count in found if count]


def statistic(stat: str, samples: list[tuple[float, int]]) -> float | None:
    if not samples:
        return None
    count = sum(n for _, n in samples)
    if stat == "SampleCount":
        return count
    if stat == "Maximum":
        return max(value for value, _ in samples)
    if stat == "Minimum":
        return min(value for value, _ in samples)
    total = sum(value * n for value, n in samples)
    return total if stat == "Sum" else total / count  # A10: percentiles are pulled like an average


def value_of(
    watch: Watch,
    events: int,
    event_minutes: int,
    busy: int,
    each: int = 1,
    alone: bool = False,
    foreign: float | None = None,
    again: bool = False,
) -> float | None:
    values = {
        name: foreign if s.foreign else statistic(s.stat, samples(s, events, event_minutes, busy, each, alone, again))
        for name, s in watch.series
    }
    return maths.value(watch.expression, values)


# --- the simulation ---------------------------------------------------------------------------------------------------
def simulate(watch: Watch, minutes: str, state: str = "INSUFFICIENT_DATA", each: int = 1) -> list[str]:
    """States of the alarm after each minute: ``B`` other events were logged, ``E`` also a watched one, ``S`` none.

    The period slides from minute to minute (A9); of the last N datapoints M must breach (A3); gaps as
    TreatMissingData says (A7, A8). Long periods are looked at fifteen times each.
    """
    events, busy = [0], [0]
    for minute in minutes:
        events.append(events[-1] + (minute == "E"))
        busy.append(busy[-1] + (minute == "B"))
    length, stride = watch.minutes, max(1, watch.minutes // 15)
    memory: dict[tuple[int, int], float | None] = {}
    states = []
    for end in range(1, len(minutes) + 1):
        if end % stride and end != len(minutes):
            states.append(state)
            continue
        points = []
        for number in range(watch.evaluation):
            high = max(0, end - number * length)
            low = max(0, high - length)
            key = events[high] - events[low], busy[high] - busy[low]
            if key not in memory:
                memory[key] = value_of(watch, key[0], key[0], key[1], each)
            points.append(memory[key])
        state = _state(watch, points, state)
        states.append(state)
    return states


def _state(watch: Watch, points: list[float | None], before: str) -> str:
    known = [watch.breaches(point) for point in points if point is not None]
    gaps = len(points) - len(known)
    breaching = sum(known) + (gaps if watch.missing == "breaching" else 0)
    if breaching >= watch.datapoints:
        return "ALARM"
    if not known and watch.missing in {"missing", "ignore"}:
        return "INSUFFICIENT_DATA" if watch.missing == "missing" else before
    return "OK"


def busy_minutes(watch: Watch) -> str:
    return "B" * (watch.minutes * (watch.evaluation + 1) + 1)


def silent_minutes(watch: Watch) -> str:
    return "S" * (watch.minutes * (watch.evaluation + 1) + 1 + max(1, watch.minutes // 15))


@cache
def rests(watch: Watch, quiet: bool = False) -> frozenset[str]:
    """States in which an alarm may rest, for the composites above it (C4); ``quiet``: after a long silence (V4)."""
    if watch.other or any(s.foreign for _, s in watch.series):
        return frozenset(["OK"])  # "of any other alarm: OK"
    if maths.functions(watch.expression) - {"IF", "MAX"} or any(
        p.value is None and p.broad for _, s in watch.series for p in s.publishers
    ):
        return frozenset(["OK", "ALARM", "INSUFFICIENT_DATA"])
    if any(s.stat.startswith(("t", "w", "T", "W", "I")) for _, s in watch.series):
        return frozenset(["OK", "ALARM", "INSUFFICIENT_DATA"])  # A10
    if any(s.hidden for _, s in watch.series):
        return frozenset(["OK", "ALARM", "INSUFFICIENT_DATA"])  # V3: somebody else may publish
    minutes = busy_minutes(watch) + (silent_minutes(watch) if quiet else "")
    return frozenset(simulate(watch, minutes, each=each)[-1] for each in (1, 3))


def as_shown(watch: Watch) -> Watch:
    """The watch as if no publisher were missing: the usual case, beside a material open point (V3)."""
    return replace(watch, series=tuple((name, replace(series, hidden=False)) for name, series in watch.series))


@cache
def stands_once_tripped(watch: Watch) -> bool:
    """A8: with ``ignore`` and nothing but matches an alarm keeps the state of its last match."""
    return watch.missing == "ignore" and all(
        p.default is None and not p.broad for _, s in watch.series for p in s.publishers
    )
