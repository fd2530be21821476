"""The alarm link of one filter and one alarm: its settings judged, and what its history settles (A1–A14, M6)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace

from auditor.arn import parse_arn
from auditor.chains.alarms.history import History, lone_trip, quiet_flip, with_present_settings
from auditor.chains.alarms.maths import PLAIN
from auditor.chains.alarms.reading import AlarmReading, Arriving, Own, read_alarm
from auditor.chains.alarms.settings import MINUTE
from auditor.chains.alarms.tripping import Trip, needs_more_datapoints, spoilt_by_others, trips, waits_for_samples
from auditor.chains.model import NOT_REACHED, LinkState, Need, OpenPoint, Source, broken, joined, ok, unknown
from auditor.chains.repeats import Repeats
from auditor.evidence.call_ids import DESCRIBE_ALARM_HISTORY, DESCRIBE_METRIC_FILTERS
from auditor.evidence.item import Item
from auditor.rules.steering import (
    ALARM_ANOMALY_BELOW,
    ALARM_COUNTED_AGAIN,
    ALARM_LATE,
    ALARM_MATHS_RATE,
    ALARM_STATISTIC_UNKNOWN,
)
from auditor.text import listing

# Kinds of evaluation for which one event is known to change nothing; all others that are not evaluated are unknown.
_BROKEN_CODES = (ALARM_ANOMALY_BELOW, "alarm-maths-across-accounts", "alarm-maths-search", ALARM_MATHS_RATE)
# Why an event does not trip an alarm that may count more than once.
_OF_COUNTS = ("alarm-threshold", "alarm-datapoints", "alarm-default-pulls-down")
# Kinds of evaluation that make each datapoint of the data of its own period, whatever its value.
_POINT_BY_POINT = (ALARM_STATISTIC_UNKNOWN, "alarm-anomaly")


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as an account and region hold it: ``item`` as exported, ``source`` where."""

    item: Item
    account_id: str
    region: str
    source: Source

    @property
    def facts(self) -> dict[str, str]:
        """Its name and ARN, for reasons."""
        return {"alarm": str(self.item.get("AlarmName", "")), "arn": str(self.item.get("AlarmArn", ""))}


def alarm_link(
    alarm: Alarm,
    own: Own,
    metric: LinkState,
    arriving: Arriving,
    history: History,
    outcomes: dict[Hashable, Trip],
    repeats: Repeats,
) -> tuple[LinkState, LinkState]:
    """The states of the metric and the alarm link: does one event, from rest, change the alarm to ALARM?

    ``own`` is the filter whose event it is, ``metric`` the state of the metric link so far (not broken), ``arriving``
    tells who publishes into a metric. The link is the worst of all its rules. ``outcomes`` keeps what alarms of these
    captures come to for filters that are alike. ``repeats`` tells how often an event may be counted: once where that is
    enough.
    """
    reading = read_alarm(alarm.item, alarm.account_id, alarm.region, arriving, own)
    if isinstance(reading, str) or all(series.own is None for series in reading.series):
        link = _unread(alarm, own, arriving, reading if isinstance(reading, str) else "alarm-maths-not-decided")
    else:
        outcome = _outcome(alarm, own, reading, arriving, outcomes)
        again = repeats.of(own, reading) if outcome.holds is False and outcome.code in _OF_COUNTS else None
        if again is not None and (outcome_again := trips(again)).holds is None:
            reading, outcome = again, outcome_again
        if outcome.holds is False and outcome.metric:
            value = _facts(alarm, reading, own)
            return broken("value-too-small", *metric.sources, alarm.source, **value), NOT_REACHED
        link = _judged(alarm, own, reading, outcome, history)
    state = str(alarm.item.get("EvaluationState") or "")
    if state not in ("", "EVALUATION_FAILURE"):  # PARTIAL_DATA, EVALUATION_ERROR, or one that A12 does not know
        error = unknown("alarm-evaluation-error", alarm.source, evaluation_state=state, **alarm.facts)
        link = joined(link, error)
    return metric, link


def _outcome(alarm: Alarm, own: Own, reading: AlarmReading, arriving: Arriving, outcomes: dict[Hashable, Trip]) -> Trip:
    likeness = arriving(own.metric).likeness(own.publisher)
    if likeness is None:
        return trips(reading)
    key = (alarm.source, own.metric, likeness)
    if key not in outcomes:
        outcomes[key] = trips(reading)
    return outcomes[key]


def fails_anyway(alarm: Alarm, arriving: Arriving) -> LinkState | None:
    """Why one event does not trip an alarm whatever filter it is of (A4, A6, A10, M6); None if that depends on it."""
    reading = read_alarm(alarm.item, alarm.account_id, alarm.region, arriving)
    if isinstance(reading, str):
        return broken(reading, alarm.source, **alarm.facts) if reading == ALARM_ANOMALY_BELOW else None
    facts = alarm.facts | {"settings": reading.settings.words}
    if reading.maths is not PLAIN:
        return None
    if needs_more_datapoints(reading.settings):
        return broken("alarm-datapoints", alarm.source, **facts)
    if waits_for_samples(reading.settings):
        return broken("alarm-low-samples-ignored", alarm.source, **facts)
    culprit = spoilt_by_others(reading)
    return None if culprit is None else broken(culprit.code, alarm.source, other=culprit.publisher, **facts)


def _facts(alarm: Alarm, reading: AlarmReading, own: Own) -> dict[str, str]:
    return alarm.facts | {"settings": reading.settings.words, "value": f"{own.publisher.value or 0:g}"}


def _judged(alarm: Alarm, own: Own, reading: AlarmReading, outcome: Trip, history: History) -> LinkState:
    facts = _facts(alarm, reading, own)
    if outcome.holds:
        remarks = tuple((code, facts) for code in (*outcome.remarks, *_remarks(alarm.item, reading)))
        return replace(ok(alarm.source, open_points=_further(reading, facts)), remarks=remarks)
    facts |= {"other": outcome.publisher or listing((publisher.filter_name for publisher in reading.further), limit=3)}
    if outcome.holds is False:
        return broken(outcome.code, alarm.source, **facts)
    if outcome.history:
        link = _by_history(outcome, alarm, facts, history, reading.settings.breaches)
        return replace(link, open_points=_further(reading, facts))
    facts |= _not_shown(reading)
    if outcome.code == ALARM_COUNTED_AGAIN:
        facts["again"] = _again(reading)
    link = unknown(outcome.code, alarm.source, **facts)
    return link.needing(*_needs(reading)) if outcome.unseen else link


def _again(reading: AlarmReading) -> str:
    """What may count an event again, in words."""
    filters = [publisher.filter_name for publisher in reading.further if publisher.along]
    trails = [f"{reading.copies} trails that deliver it"] if reading.copies > 1 else []
    named = [f"{'filter' if len(filters) == 1 else 'filters'} {listing(filters, limit=3)}"] if filters else []
    return " and ".join((*trails, *named))


def _not_shown(reading: AlarmReading) -> dict[str, str]:
    """The series whose data nobody shows, and where the filters are missing that may publish into one, for reasons."""
    missing = next((series.metric for series in reading.series if not series.shown), None)
    metrics = dict.fromkeys(
        f"{series.metric.namespace}/{series.metric.name}" for series in reading.series if not series.publishers_known
    )
    facts = {"series": listing(metrics, limit=3)} if metrics else {}
    return facts | ({"metric_account": missing.account_id, "metric_region": missing.region} if missing else {})


def _needs(reading: AlarmReading) -> list[Need]:
    """The captures of metric filters that would show who else publishes into the series (V3)."""
    places = dict.fromkeys(
        (series.metric.account_id, series.metric.region) for series in reading.series if not series.shown
    )
    return [Need(DESCRIBE_METRIC_FILTERS, account, region) for account, region in places]


def _further(reading: AlarmReading, facts: Mapping[str, str]) -> tuple[OpenPoint, ...]:
    """The material open point of a metric into which filters may publish that nobody shows (V3, V5)."""
    if all(series.shown for series in reading.series):
        return ()
    further_facts = {**facts, **_not_shown(reading)}
    return (OpenPoint("further-publishers-not-shown", True, further_facts, tuple(_needs(reading))),)


def _unread(alarm: Alarm, own: Own, arriving: Arriving, code: str) -> LinkState:
    """An alarm that is not evaluated; some of its settings decide all the same (A4, A13)."""
    item, arrivals = alarm.item, arriving(own.metric)
    # Where other points are published there is one before: a small enough change per second would show (A13).
    sparse = arrivals.shown and all(
        publisher.default is None and publisher.busy is False for publisher in arrivals.publishers
    )
    if code == ALARM_MATHS_RATE and not sparse and _small(item, own.publisher.value or 0):
        code = "alarm-maths-not-decided"
    needed = item.get("DatapointsToAlarm") or item.get("EvaluationPeriods")
    several = isinstance(needed, int) and needed > 1 and item.get("TreatMissingData") in ("notBreaching", "ignore")
    if code in _BROKEN_CODES:
        return broken(code, alarm.source, **alarm.facts)
    if code == ALARM_STATISTIC_UNKNOWN and item.get("TreatMissingData") == "breaching" and sparse:
        words = {"settings": "missing data breaching", "value": "1"}
        return broken("alarm-breaching", alarm.source, **words, **alarm.facts)
    if code in _POINT_BY_POINT and several:
        words = {"settings": f"{needed} of {item.get('EvaluationPeriods')} datapoints", "value": "1"}
        return broken("alarm-datapoints", alarm.source, **words, **alarm.facts)
    return unknown(code, alarm.source, **alarm.facts)


def _remarks(item: Item, reading: AlarmReading) -> Iterator[str]:
    """What a reader should know of an alarm that trips (A9, A12, A13)."""
    if item.get("EvaluationState") == "EVALUATION_FAILURE":
        yield "remark-evaluation-failure"
    if "WallClockWindow" in (item.get("EvaluationWindow") or {}):
        yield "remark-wall-clock"
    if item.get("WarmUpConfiguration"):
        yield "remark-warm-up"
    if any(series.own is None for series in reading.series):
        yield "remark-other-series"


def _small(item: Item, value: float) -> bool:
    threshold = item.get("Threshold")
    return isinstance(threshold, int | float) and threshold <= value / MINUTE


def _by_history(
    outcome: Trip, alarm: Alarm, facts: Mapping[str, str], history: History, breaches: Callable[[float], bool]
) -> LinkState:
    """An alarm whose settings do not decide, by what it did of late (A5, A7)."""
    source = alarm.source
    arn = parse_arn(facts["arn"])
    if arn is None:
        return unknown(outcome.code, source, **facts)
    entries = history.of(arn.account_id, arn.region, facts["alarm"])
    need = Need(DESCRIBE_ALARM_HISTORY, arn.account_id, arn.region, facts["alarm"])
    if history.dispute(arn.account_id, arn.region, facts["alarm"]):
        return unknown(outcome.code, source, **facts).needing(need)
    of_late = with_present_settings(entries, alarm.item)
    if outcome.code == ALARM_LATE:
        trip = lone_trip(of_late, breaches)
        if trip is not None:
            return replace(ok(source, trip), remarks=(("remark-late", facts),))
    else:
        flip = quiet_flip(of_late)
        if flip is not None:
            return broken("alarm-breaching-flipped", source, flip, **facts)
    if entries:  # it was asked, and shows neither
        return unknown(outcome.code, source, entries[-1].source, **facts)
    return unknown(outcome.code, source, **facts).needing(need)
