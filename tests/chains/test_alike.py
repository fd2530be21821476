"""Filters that differ in their names alone come to the same: what one of them came to stands for the others (M6)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from auditor.chains.alarms.history import History
from auditor.chains.alarms.link import Alarm, alarm_link
from auditor.chains.alarms.reading import Own
from auditor.chains.alarms.tripping import Trip
from auditor.chains.lookups import Lookups
from auditor.chains.model import Arrivals, Metric, Publisher, Source, ok
from auditor.chains.publishing import Publishing
from auditor.chains.repeats import Repeats
from auditor.evidence.assembling.assemble import assemble
from auditor.judgement import COUNTS as COUNTS_OF_PATTERNS
from tests.textbook import alarm

METRIC = Metric("111122223333", "us-east-1", "LogMetrics", "SsmActions")
PLACE = (METRIC.account_id, METRIC.region, Source(0, "/MetricAlarms/0"))
COUNTS, SPOILS = Publisher("a", 1.0), Publisher("b", 0.0)
ONCE = Repeats(Publishing(Lookups((), assemble(())[0]), COUNTS_OF_PATTERNS))
HISTORY = History(Lookups((), assemble(())[0]))

kinds = st.builds(
    Publisher,
    filter_name=st.just(""),
    value=st.sampled_from([None, 0.0, 1.0, 2.0]),
    default=st.sampled_from([None, 0.0, 1.0]),
    unit=st.sampled_from(["None", "Count"]),
    log_group=st.sampled_from(["own", "other"]),
    busy=st.sampled_from([False, None, True]),
    disputed=st.sampled_from([False, False, True]),
)


@st.composite
def filters_of_few_kinds(draw: st.DrawFn) -> list[Publisher]:
    """Up to eight filters, each with a name of its own, of at most three kinds."""
    few = draw(st.lists(kinds, min_size=1, max_size=3))
    drawn = draw(st.lists(st.sampled_from(few), min_size=2, max_size=8))
    return [replace(kind, filter_name=f"filter {number}") for number, kind in enumerate(drawn)]


settings = st.fixed_dictionaries(
    {
        "Statistic": st.sampled_from(["Sum", "Average", "Minimum", "Maximum"]),
        "Threshold": st.sampled_from([0.5, 1, 3]),
        "TreatMissingData": st.sampled_from(["notBreaching", "missing", "ignore", "breaching"]),
    },
    optional={"Unit": st.sampled_from(["None", "Count"])},
)


@example([COUNTS, SPOILS, replace(SPOILS, filter_name="c")], {"Statistic": "Average"})
@given(filters_of_few_kinds(), settings)
def test_what_stands_for_filters_alike_is_what_each_comes_to(filters: list[Publisher], changes: dict[str, Any]) -> None:
    watched = Alarm(alarm(MetricName=METRIC.name, Namespace=METRIC.namespace, **changes), *PLACE)
    arrivals = Arrivals(tuple(filters), shown=True)
    shared: dict[Hashable, Trip] = {}
    for publisher in filters:
        asked = (watched, Own(METRIC, publisher), ok(), lambda metric: arrivals, HISTORY)
        assert alarm_link(*asked, shared, ONCE) == alarm_link(*asked, {}, ONCE)


def test_thousands_of_filters_alike_are_judged_twice() -> None:
    watched = Alarm(alarm(MetricName=METRIC.name, Namespace=METRIC.namespace), *PLACE)
    like = Publisher("0", 1.0)
    arrivals = Arrivals(tuple(replace(like, filter_name=str(number)) for number in range(3_000)), shown=True)
    outcomes: dict[Hashable, Trip] = {}
    for publisher in arrivals.publishers:
        alarm_link(watched, Own(METRIC, publisher), ok(), lambda metric: arrivals, HISTORY, outcomes, ONCE)
    assert len(outcomes) == 2, "the first of a kind leaves another order behind, all others the same"
