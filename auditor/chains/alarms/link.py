"""The alarm link of one filter and one alarm: its settings judged, and what its history settles (A1–A14, M6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from auditor.arn import parse_arn
from auditor.chains.alarms.history import History, lone_trip, quiet_flip
from auditor.chains.alarms.maths import read_maths
from auditor.chains.alarms.settings import MINUTE, Settings, publisher, read_settings
from auditor.chains.alarms.tripping import Outcome, trips
from auditor.chains.model import NOT_REACHED, LinkState, Need, Publisher, Source, broken, ok, unknown
from auditor.chains.trail import seconds

# Kinds of evaluation for which one event is known to change nothing; all others that are not evaluated are unknown.
_BROKEN_CODES = ("alarm-anomaly-below", "alarm-maths-across-accounts", "alarm-maths-search", "alarm-maths-rate")


def alarm_link(
    filter_item: Mapping[str, Any],
    item: Mapping[str, Any],
    watched_id: str,
    others: Sequence[Publisher],
    metric: LinkState,
    source: Source,
    history: History,
    beside: Sequence[Publisher] = (),
) -> tuple[LinkState, LinkState]:
    """The states of the metric and the alarm link: does one event, from rest, change the alarm to ALARM?

    ``item`` is the alarm as a plain alarm on the filter's metric, ``watched_id`` that metric's entry where it
    does maths; ``metric`` the state of the metric link so far (ok). ``beside`` publish into the maths' other metrics.
    """
    facts = {"alarm": str(item.get("AlarmName", "")), "arn": str(item.get("AlarmArn", ""))}
    state = str(item.get("EvaluationState") or "")
    if state in ("PARTIAL_DATA", "EVALUATION_ERROR"):
        return metric, unknown("alarm-evaluation-error", source, evaluation_state=state, **facts)
    own = publisher(filter_item)
    assert own.value is not None  # metric_link has made sure of it
    settings = _settings(item, watched_id)
    if isinstance(settings, str):
        code = settings
        # With a default value there is a point before: a small enough change per second would show (A13).
        if code == "alarm-maths-rate" and own.default is not None and _small(item, own.value):
            code = "alarm-maths-not-decided"
        made = broken if code in _BROKEN_CODES else unknown
        return metric, made(code, source, **facts)
    outcome = trips(settings, own.value, own.default, others)
    facts |= {"settings": settings.words, "value": f"{own.value:g}"}
    remarks = tuple((code, facts) for code in (*outcome.remarks, *_remarks(item, settings)))
    # What is published on transformed events may count every one (A6), and what captures tell differently anything.
    if outcome.holds and any(other.transformed or other.disputed for other in others):
        return metric, unknown("alarm-other-publisher", source, **facts)
    if outcome.holds and not all(_counts_only(other) for other in beside):
        return metric, unknown("alarm-maths-not-decided", source, **facts)
    if outcome.holds:
        return metric, replace(ok(source), remarks=remarks)
    if outcome.holds is None:
        return metric, _by_history(outcome, item, facts, source, history)
    if outcome.metric:
        return broken("value-too-small", *metric.sources, source, **facts), NOT_REACHED
    return metric, broken(outcome.code, source, **facts)


def _counts_only(other: Publisher) -> bool:
    """Whether a filter on another metric of the maths adds counts and nothing while no event matches (A6, A13)."""
    known = other.value is not None and not other.transformed and not other.disputed
    return known and (other.value or 0) >= 0 and not other.default


def _remarks(item: Mapping[str, Any], settings: Settings) -> Iterator[str]:
    """What a reader should know of an alarm that trips (A9, A12, A13)."""
    if item.get("EvaluationState") == "EVALUATION_FAILURE":
        yield "remark-evaluation-failure"
    if "WallClockWindow" in (item.get("EvaluationWindow") or {}):
        yield "remark-wall-clock"
    if item.get("WarmUpConfiguration"):
        yield "remark-warm-up"
    if settings.maths is not None and settings.maths.others:
        yield "remark-other-series"


def _settings(item: Mapping[str, Any], watched_id: str) -> Settings | str:
    if not watched_id:
        return read_settings(item)
    maths = read_maths(item, watched_id)
    if isinstance(maths, str):
        return maths
    settings = read_settings({name: value for name, value in item.items() if name != "Metrics"})
    return settings if isinstance(settings, str) else replace(settings, maths=maths)


def _small(item: Mapping[str, Any], value: float) -> bool:
    threshold = item.get("Threshold")
    return isinstance(threshold, int | float) and threshold <= value / MINUTE


def _by_history(
    outcome: Outcome, item: Mapping[str, Any], facts: Mapping[str, str], source: Source, history: History
) -> LinkState:
    """An alarm whose settings do not decide, by what it did of late (A5, A7)."""
    arn = parse_arn(facts["arn"])
    if not outcome.history or arn is None:
        return unknown(outcome.code, source, **facts)
    entries = history.of(arn.account_id, arn.region, facts["alarm"])
    need = Need("cloudwatch:DescribeAlarmHistory", arn.account_id, arn.region, facts["alarm"])
    if history.dispute(arn.account_id, arn.region, facts["alarm"]):
        return unknown(outcome.code, source, **facts).needing(need)
    if outcome.code == "alarm-late":
        since = seconds(item.get("AlarmConfigurationUpdatedTimestamp")) or 0.0
        trip = lone_trip(entries, since)
        if trip is not None:
            return replace(ok(source, trip), remarks=(("remark-late", facts),))
    else:
        flip = quiet_flip(entries)
        if flip is not None:
            return broken("alarm-breaching-flipped", source, flip, **facts)
    if entries:  # it was asked, and shows neither
        return unknown(outcome.code, source, entries[-1].source, **facts)
    return unknown(outcome.code, source, **facts).needing(need)
