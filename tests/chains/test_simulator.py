"""Rules A1–A10, M4, M6, V4: what ``trips`` says of one event, against the simulator of the evaluation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from auditor.chains.alarms.reading import AlarmReading, Series
from auditor.chains.alarms.settings import COMPARISONS, Settings
from auditor.chains.alarms.tripping import Trip, trips
from auditor.chains.model import Metric, Publisher
from tests.chains.simulator import EXTRA, Alarm, Source, notified, published, states
from tests.examples import examples

BUSY, THIRD, SILENT = 1, 3, 10**9  # another log event every so many minutes
MANY = 1000  # events in one minute
Case = tuple[Settings, Publisher, list[Publisher]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Settings, the filter whose event is asked for, and other filters on the same metric."""
    statistic = draw(
        st.sampled_from(["Sum"] * 4 + ["SampleCount", "Maximum", "Minimum", "Average", "p50", "p80", "p99"])
    )
    periods = draw(st.integers(1, 4))
    asked = Settings(
        statistic=statistic,
        percentile=float(statistic[1:]) if statistic[0] == "p" else None,
        comparison=draw(st.sampled_from(["GreaterThanOrEqualToThreshold"] * 4 + list(COMPARISONS))),
        threshold=draw(st.sampled_from([-1.0, 0.0, 0.2, 0.5, 1.0, 1.0, 1.0, 1.5, 2.0, 5.0])),
        period=draw(st.sampled_from([60, 120, 300])),
        evaluation_periods=periods,
        datapoints_to_alarm=draw(st.one_of(st.just(1), st.integers(1, periods))),
        missing=draw(st.sampled_from(["missing", "notBreaching", "breaching", "ignore"])),
        low_samples=draw(st.sampled_from([None, "evaluate", "ignore"])),
    )
    defaults = st.sampled_from([None, None, None, -1.0, -0.25, 0.0, 0.25, 1.0, 2.0])
    own = Publisher("own", draw(st.sampled_from([-1.0, 0.0, 0.5, 1.0, 1.0, 1.0, 2.0])), draw(defaults))
    other = st.builds(Publisher, st.just("other"), st.sampled_from([0.0, 1.0]), defaults)
    return asked, own, draw(st.one_of(st.just([]), st.lists(other, max_size=1)))


def alarm_of(asked: Settings) -> Alarm:
    compare = COMPARISONS[asked.comparison][0]
    return Alarm(
        asked.statistic,
        asked.percentile,
        {
            ">=": lambda point: point >= asked.threshold,
            ">": lambda point: point > asked.threshold,
            "<": lambda point: point < asked.threshold,
            "<=": lambda point: point <= asked.threshold,
        }[compare],
        asked.period // 60,
        asked.evaluation_periods,
        asked.datapoints_to_alarm,
        asked.missing,
        asked.low_samples == "ignore",
    )


def second_event_notifies(case: Case, every: int, count: int) -> bool:
    """Whether ``count`` events in one minute notify, long after an earlier event and with other traffic between."""
    asked, own, others = case
    alarm = alarm_of(asked)
    span = (asked.evaluation_periods + EXTRA + 1) * alarm.period
    first, second = span, 3 * span
    sources = [Source(one.value or 0.0, one.default) for one in (own, *others)]
    minutes = published(
        sources, second + alarm.period + 1, lambda minute: minute % every == 0, {first: 1, second: count}
    )
    return notified(alarm, minutes, second)


def ordinary(outcome: Trip) -> Iterator[tuple[int, int]]:
    """Traffic and number of events for which an alarm that holds must notify (V4)."""
    for count in (1, 2, MANY):
        yield BUSY, count
        yield THIRD, count
        # With ``ignore`` a group that stays silent for good never clears the alarm: a remark, no fault (A8).
        if "remark-ignore-needs-traffic" not in outcome.remarks:
            yield SILENT, count


@examples(400)
@given(cases())
def test_a1_to_a10_simulator_agrees(case: Case) -> None:
    asked, own, others = case
    metric = Metric("111122223333", "us-east-1", "Audit", "SsmActions")
    series = Series(metric, (), None, asked.statistic, asked.percentile, own, tuple(others))
    outcome = trips(AlarmReading(asked, (series,)))
    event(f"holds {outcome.holds}")
    if outcome.holds is True:
        failed = [(every, count) for every, count in ordinary(outcome) if not second_event_notifies(case, every, count)]
        assert not failed, f"{asked.words}: silent for (traffic, events) {failed}"
    # What another filter's events do to an average is told by the rule M6, and no event of one is simulated.
    elif outcome.holds is False and outcome.code != "alarm-other-publisher":
        assert not all(
            second_event_notifies(case, every, count) for every in (BUSY, THIRD) for count in (1, 2, MANY)
        ), f"{asked.words}: {outcome.code}, and notifies every time"


BAD, GOOD, GAP = 1.0, 0.0, None

# The tables of the user guide, oldest point first: evaluation periods, datapoints to alarm, states for
# missing, ignore (R: retained), breaching, notBreaching.
TABLES = [
    pytest.param([GOOD, GAP, BAD, GAP, BAD], 3, 3, "OK OK OK OK", id="A4 three of three, two gaps"),
    pytest.param([GAP, GAP, GAP, GAP, GOOD], 3, 3, "OK OK OK OK", id="A4 three of three, one good point"),
    pytest.param([GAP, GAP, GAP, GAP, GAP], 3, 3, "INSUFFICIENT_DATA R ALARM OK", id="A7 A8 three of three, nothing"),
    pytest.param([GOOD, BAD, BAD, GAP, BAD], 3, 3, "ALARM ALARM ALARM ALARM", id="A4 three of three, three bad points"),
    pytest.param([GAP, GAP, BAD, GAP, GAP], 3, 3, "ALARM R ALARM OK", id="A5 three of three, one old bad point"),
    pytest.param([GOOD, GAP, BAD, GAP, BAD], 3, 2, "ALARM ALARM ALARM ALARM", id="A3 two of three, two bad points"),
    pytest.param([GOOD, GOOD, BAD, GOOD, BAD], 3, 2, "ALARM ALARM ALARM ALARM", id="A3 two of three, no gap"),
    pytest.param([GOOD, GAP, BAD, GAP, GAP], 3, 2, "OK OK ALARM OK", id="A4 two of three, one bad point"),
    pytest.param([GAP, GAP, GAP, GAP, GOOD], 3, 2, "OK OK ALARM OK", id="A4 two of three, one good point"),
    pytest.param([GAP, GAP, GAP, BAD, GAP], 3, 2, "ALARM R ALARM OK", id="A5 two of three, one bad point"),
]


@pytest.mark.parametrize(("points", "periods", "datapoints", "expected"), TABLES)
def test_simulator_follows_the_published_tables(
    points: list[float | None], periods: int, datapoints: int, expected: str
) -> None:
    minutes = [[] if point is None else [point] for point in points]
    found = []
    for missing in ("missing", "ignore", "breaching", "notBreaching"):
        alarm = Alarm("Sum", None, lambda point: point >= 1, 1, periods, datapoints, missing)
        found.append(states(alarm, minutes)[-1])
    wanted = expected.split()
    before = Alarm("Sum", None, lambda point: point >= 1, 1, periods, datapoints, "ignore")
    retained = states(before, minutes[:-1])[-1] if len(minutes) > 1 else "INSUFFICIENT_DATA"
    assert found == [retained if state == "R" else state for state in wanted]
