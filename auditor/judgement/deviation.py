"""A FAIL by the letter alone, told of the chains that meet the objective: what they notice is not said to be missed."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from auditor.chains import LinkState
from auditor.judgement.judge import Decision
from auditor.judgement.rows import Row
from auditor.text import listing
from auditor.verdict import Link, State, Verdict

TOGETHER = "filters-meet-objective"


def by_the_letter_alone(decision: Decision, objective: Decision, rows: list[Row]) -> Decision:
    """The decision, of the filter that meets the objective where it fails for a filter's pattern alone (V1, V2).

    Where several filters meet it together, none of them has a fault that could be told of it alone. ``rows`` are the
    chains by the letter.
    """
    if decision.link is not Link.METRIC_FILTER or (decision.verdict, objective.verdict) != (
        Verdict.FAIL,
        Verdict.PASS,
    ):
        return decision
    proving = _needed(sorted(objective.proving, key=lambda row: row.names))
    filters = list(dict.fromkeys((_group(row), _filter(row)) for row in proving))
    by_letter = {_identity(row): row for row in rows}
    failing = [
        row
        for proof in proving
        if (row := by_letter.get(_identity(proof))) is not None and row.links[Link.METRIC_FILTER].state is State.BROKEN
    ]
    row = failing[0] if failing else decision.row
    state = failing[0].links[Link.METRIC_FILTER] if failing else decision.state
    assert state is not None  # the decision has a link
    if len(filters) > 1 or not failing:
        state = _together(state, filters, proving)
    links = {**(row.links if row is not None else decision.links), Link.METRIC_FILTER: state}
    return replace(decision, row=row, state=state, links=links)


def _needed(proving: list[Row]) -> list[Row]:
    """The chains without those whose calls another filter of the same log group counts as well."""
    alone = [row for row in proving if row.relation is not None and row.relation.counts_all_watched]
    return alone[:1] if alone and len(set(map(_group, proving))) == 1 else proving


def _together(state: LinkState, filters: list[tuple[str, str]], proving: list[Row]) -> LinkState:
    names = listing(dict.fromkeys(name for _, name in filters), limit=6)
    sources = dict.fromkeys(source for row in proving for source in row.links[Link.METRIC_FILTER].sources)
    return LinkState(State.BROKEN, TOGETHER, MappingProxyType({"filters": names}), tuple(sources) or state.sources)


def _group(row: Row) -> str:
    return row.path.log_group.arn if row.path.log_group is not None else ""


def _filter(row: Row) -> str:
    return row.tail.filter_name if row.tail is not None else ""


def _identity(row: Row) -> tuple[object, ...]:
    return (row.names, _group(row), row.tail.subscription_arn if row.tail is not None else "")
