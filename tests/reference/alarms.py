"""Section 4 of the law: does one event trip the alarm. The simulation decides, and the rules that it cannot show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from tests.reference import maths
from tests.reference.simulation import Publisher, Series, Watch, busy_minutes, silent_minutes, simulate, value_of
from tests.reference.states import ANYTHING, BROKEN, NOT_BROKEN, NOT_OK, OK, UNKNOWN, State, all_of

MANY = (1, 2, 3, 7, 50)  # A1: any number of events in a period


@cache
def trips(watch: Watch, strict: bool) -> State:
    """Whether one event, and any number of them, trips the alarm from rest, again and again (A1 to A13)."""
    if watch.other:
        return BROKEN if watch.other == "lower band" else UNKNOWN  # A11, A13
    states = [_evaluation_state(watch), _functions(watch)]
    own = [series for _, series in watch.series if series.own]
    if any(p.own and p.value is None for series in own for p in series.publishers):
        return BROKEN  # M3
    foreign = any(series.foreign for _, series in watch.series)
    used = maths.names(watch.expression)
    if foreign and any(series.foreign for name, series in watch.series if name in used) and not _independent(watch):
        states.append(_foreign(watch))
        return all_of(states)
    if states[-1] != OK:
        return all_of([*states, _several(watch)])
    if any(_trimmed(series) for series in own):
        mute = watch.missing == "breaching" and value_of(watch, 0, 0, watch.minutes) is None
        return all_of(
            [*states, UNKNOWN, _several(watch), BROKEN if mute else NOT_OK if _recovers(watch) == BROKEN else OK]
        )
    states += [_statistics(watch, series) for series in own]
    states += [_breach(watch), _idle(watch), _several(watch)]
    others = [p for _, series in watch.series if not series.own for p in series.publishers]
    if any(p.value is None for p in others):
        states.append(NOT_BROKEN)  # what a field of another filter's events adds nobody knows
    if any((p.value or 0) < 0 or (p.default or 0) < 0 for p in others):
        states.append(ANYTHING)  # and of an event that both count the law says nothing
    if any(p.broad and p.default is not None for _, series in watch.series for p in series.publishers):
        states.append(ANYTHING)  # M6 counts its default, which M4 never publishes
    if watch.datapoints == 1:
        states += [_recovers(watch)]
    if any(series.hidden and not series.own for _, series in watch.series):
        # Whoever else publishes into another series may also make up for what breaks the alarm.
        states = [*states[:2], NOT_OK if BROKEN in states[2:] else UNKNOWN]
    if watch.operator.startswith("Less") and all_of(states)[0] > 0:
        states.append(ANYTHING)  # A2 says F of a count; a maximum is none
    states.append(_period(watch))
    return all_of([*states, _hidden(watch, strict)])


def _evaluation_state(watch: Watch) -> State:
    """A12."""
    return UNKNOWN if watch.evaluation_state in {"PARTIAL_DATA", "EVALUATION_ERROR"} else OK


def _period(watch: Watch) -> State:
    """A9."""
    return UNKNOWN if watch.period < 60 else OK


def _functions(watch: Watch) -> State:
    """What A13 says of single functions."""
    found = maths.functions(watch.expression)
    states = [OK]
    if found & {"SELECT", "SUM", "RUNNING_SUM", "DATAPOINT_COUNT", "/"}:
        states.append(UNKNOWN)
    if "RATE" in found:
        values = [p.value or 0 for _, series in watch.series for p in series.publishers if p.own]
        slow = all(value / watch.period < watch.threshold for value in values)
        states.append(BROKEN if slow else NOT_OK if watch.threshold >= 1 else ANYTHING)
    if "FILL" in found:
        once = watch.datapoints == watch.evaluation == 1
        states.append(UNKNOWN if once else NOT_OK if watch.datapoints > 1 else NOT_BROKEN)
    return all_of(states)


def _anything(watch: Watch) -> tuple[float | None, ...]:
    """Values that stand for whatever a series holds that no capture shows; None: a gap."""
    size = abs(watch.threshold) + 1
    return None, 0.0, 1.0, size, -size, watch.threshold, 1000 * size, -1000 * size


def _independent(watch: Watch) -> bool:
    """A13: "unless the value does not depend on it"."""
    if maths.functions(watch.expression) - {"IF", "MAX", "SUM"}:
        return False
    found = {
        tuple(value_of(watch, k, min(k, 1), m, foreign=shown) for k in (0, *MANY) for m in (0, 1, watch.minutes - 1))
        for shown in _anything(watch)
    }
    return len(found) == 1


def _foreign(watch: Watch) -> State:
    """A13: a series that no capture shows may hold anything; broken only where nothing it holds lets one event trip."""
    if watch.datapoints > 1 or maths.functions(watch.expression) - {"IF", "MAX", "SUM"}:
        return NOT_OK if watch.datapoints > 1 else UNKNOWN
    for shown in _anything(watch):
        calm = value_of(watch, 0, 0, watch.minutes, foreign=shown)
        tripped = value_of(watch, 1, 1, 0, foreign=shown)
        if (calm is None or not watch.breaches(calm)) and tripped is not None and watch.breaches(tripped):
            return UNKNOWN
    return NOT_OK


def _trimmed(series: Series) -> bool:
    """A10: trimmed means and the like, whose value the simulation does not know."""
    return re.fullmatch(r"Sum|Maximum|Minimum|Average|SampleCount|p\d+(\.\d+)?", series.stat) is None


def _statistics(watch: Watch, series: Series) -> State:
    """M6, A1 and A10: what other publishers and defaults do to Average, Minimum and percentiles."""
    stat = series.stat
    if stat in {"Sum", "Maximum", "SampleCount"}:
        others = [p for p in series.publishers if not p.own]
        if stat == "Sum" and any((p.value or 0) < 0 or (p.default or 0) < 0 for p in others):
            return NOT_OK  # only a non-negative publisher is mere noise
        if any(p.value is None and p.broad for p in others):
            return UNKNOWN  # A6: nobody knows what it publishes all the time
        if stat == "Sum" and watch.minutes == 1 and any(p.own and (p.default or 0) < 0 for p in series.publishers):
            eaten = value_of(watch, 1, 1, 1, alone=True)
            if eaten is None or not watch.breaches(eaten):
                return NOT_BROKEN  # A1 lets only other minutes hold the default, and says of Average why one may
        return NOT_BROKEN if stat != "SampleCount" and any(p.value is None for p in others) else OK
    percentile = re.fullmatch(r"p\d+(\.\d+)?", stat) is not None
    states = [OK]
    for publisher in series.publishers:
        good_default = publisher.default is not None and (
            not watch.breaches(publisher.default) or (percentile and publisher.default < 0)
        )
        if publisher.own:
            if percentile and publisher.value is not None and publisher.value < 0:
                states.append(BROKEN)
            if good_default:
                states.append(UNKNOWN if watch.minutes == 1 else NOT_OK if percentile else OK)
        elif publisher.silent:
            states.append(BROKEN if good_default else OK)  # M6: what arrives decides, not what a pattern counts
        elif publisher.value is None:
            states.append(BROKEN if good_default else UNKNOWN)
        elif good_default or not watch.breaches(publisher.value) or (percentile and publisher.value < 0):
            states.append(BROKEN)
    if percentile and any((p.default or 0) < 0 for p in series.publishers):
        states.append(NOT_OK)  # A10: no percentiles at all, or like one that does not breach
    if percentile and watch.low_samples == "ignore":
        states.append(BROKEN)
    return all_of(states)


def _breach(watch: Watch) -> State:
    """A1, A2: the datapoint breaches for any number of events and of logged minutes beside them."""
    last = watch.minutes - 1
    beside = sorted({0, 1, 2, 3, last - 1, last} & set(range(last + 1)))
    plain = [value_of(watch, k, 1, m, alone=True) for k in MANY for m in beside]
    alone = all(v is not None and watch.breaches(v) for v in plain)
    joined = [value_of(watch, k, 1, m, each) for k in MANY for m in beside for each in (1, 3)]
    together = all(v is not None and watch.breaches(v) for v in joined)
    if alone:
        average = any(s.own and s.stat not in {"Sum", "Maximum", "SampleCount"} for _, s in watch.series)
        return OK if together or average else NOT_OK
    if not together:
        if _repeated(watch):
            again = [value_of(watch, k, 1, m, alone=True, again=True) for k in MANY for m in beside]
            return NOT_BROKEN if all(v is not None and watch.breaches(v) for v in again) else NOT_OK
        return NOT_OK if _field_at_rest(watch) else BROKEN
    return UNKNOWN if len(watch.series) > 1 else NOT_OK


def _repeated(watch: Watch) -> bool:
    """V3, T18: whether one event may be counted again, by another filter or as the copy that another trail delivers."""
    return watch.copies > 1 or any(p.along for _, series in watch.series for p in series.publishers)


def _idle(watch: Watch) -> State:
    """A6: what arrives at rest must not breach by itself; where it does so only now and then: V4."""
    full = [value_of(watch, 0, 0, watch.minutes, each) for each in (1, 3)]
    breaching = [v is not None and watch.breaches(v) for v in full]
    if all(breaching):
        mixed = any(s.own and s.stat.startswith("p") and len(s.publishers) > 1 for _, s in watch.series)
        return NOT_OK if mixed or _field_at_rest(watch) else BROKEN
    if any(breaching):
        return NOT_OK
    some = [value_of(watch, 0, 0, m) for m in {1, 2, watch.minutes - 1} if 1 <= m < watch.minutes]
    return UNKNOWN if any(v is not None and watch.breaches(v) for v in some) else OK


def _field_at_rest(watch: Watch) -> bool:
    """Whether a field of nearly every event is published, so that nobody knows what arrives at rest."""
    return any(p.broad and p.value is None for _, series in watch.series for p in series.publishers)


def _several(watch: Watch) -> State:
    """A4, A5: more than one datapoint."""
    if watch.datapoints == 1:
        return OK
    publishers = [p for _, series in watch.series for p in series.publishers]
    others = any(not p.own for p in publishers)
    if maths.functions(watch.expression) - {"IF", "MAX", "RATE", "FILL"}:
        return NOT_OK  # A13: what reads the whole range may show one event in several datapoints
    if any(p.own and (p.default or 0) < 0 for p in publishers) and any(s.stat.startswith("p") for _, s in watch.series):
        return NOT_OK  # A10: where the default is negative there may be no datapoint at all
    if watch.missing != "missing" or any(p.own and p.default is not None for p in publishers):
        return NOT_OK if _repeated(watch) else BROKEN
    return NOT_OK if others or watch.maths else UNKNOWN


def _recovers(watch: Watch) -> State:
    """V4, A7, A8: from rest to ALARM by one event, back to rest, and to ALARM again; also after a long silence."""
    look = max(1, watch.minutes // 15)
    rest, calm = busy_minutes(watch), "B" * (watch.minutes * watch.evaluation + 2 + look)
    states = simulate(watch, rest + "E" + calm + "E" + calm)
    start = len(rest)
    quiet = states[start - 1] != "ALARM" and states[start + len(calm)] != "ALARM"
    hidden = any(series.hidden for _, series in watch.series)
    if not quiet:
        no_data = value_of(watch, 0, 0, watch.minutes) is None
        rare = any(
            not p.own and p.value is not None and not watch.breaches(p.value)
            for _, s in watch.series
            for p in s.publishers
        )
        excused = no_data and (hidden or (rare and watch.missing == "ignore"))
        return NOT_OK if excused or _field_at_rest(watch) else BROKEN
    states = simulate(watch, rest + silent_minutes(watch))
    if states[-1] == "ALARM":
        return UNKNOWN
    near = _without_elsewhere(watch)
    return OK if near == watch or _recovers(near) == OK else UNKNOWN


def _without_elsewhere(watch: Watch) -> Watch:
    """The watch without the defaults of other log groups, whose traffic need not be that of a trail's (A8)."""
    return replace(
        watch,
        series=tuple(
            (name, replace(s, publishers=tuple(replace(p, default=None) if p.elsewhere else p for p in s.publishers)))
            for name, s in watch.series
        ),
    )


def _hidden(watch: Watch, strict: bool) -> State:
    """V3, further publishers: filters of the metric's account and region that no capture shows."""
    hidden = [series for _, series in watch.series if series.hidden]
    if not hidden:
        return OK
    tolerant = all(series.own and series.stat in {"Sum", "Maximum", "SampleCount"} for series in hidden)
    if not tolerant:
        return UNKNOWN
    return UNKNOWN if strict else OK


def best_hidden(watch: Watch, fill: Iterable[str], strict: bool) -> State:
    """Whether a filter that no capture shows can so publish into the series ``fill`` that an event trips the alarm."""
    threshold = watch.threshold
    best = (0, 0)
    for value in (1.0, threshold, threshold + 1, abs(threshold) * 1000 + 1, -abs(threshold) - 1):
        for default in (None, 0.0, threshold - 1, threshold + 1):
            publisher = Publisher(value, default, own=True)
            series = tuple(
                (name, replace(s, publishers=(*s.publishers, publisher)) if name in fill else s)
                for name, s in watch.series
            )
            best = max(best, trips(replace(watch, series=series), strict), key=lambda state: (state[1], state[0]))
    return min(best[0], 1), min(best[1], 1)


def without_other_units(watch: Watch) -> Watch:
    """The watch without publishers whose unit is not that of the chain's own filter (M5)."""
    unit = next((p.unit for _, s in watch.series for p in s.publishers if p.own), "None")
    return replace(
        watch,
        series=tuple(
            (name, replace(s, publishers=tuple(p for p in s.publishers if p.own or not s.own or p.unit == unit)))
            for name, s in watch.series
        ),
    )
