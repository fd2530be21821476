"""What the filters of several chains do together with calls that none of them notices alone (V1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from auditor.judgement.rows import Row
from auditor.judgement.together import Notice, counts, noticed_together, read_region
from auditor.judgement.unmet import Links, Unmet
from auditor.patterns import Event
from auditor.verdict import Link, State


def jointly(alone: Unmet, number: int, serving: Sequence[Row], objective: str) -> Iterator[Unmet | Sequence[Row]]:
    """For calls (``number`` their place among the parts) that no chain notices alone: the whole chains that notice them
    together, or what is unmet of them. Region by region where a filter reads it.

    It is asked of the chains that are whole and of those that may be, as the rule that decides asks everywhere.
    """
    counting = [(row, pattern, row.apart(number)) for row in serving if (pattern := row.counting) is not None]
    apart = read_region(pattern for _, pattern, _ in counting)
    for regions in [(region,) for region in alone.regions] if apart else [alone.regions]:
        part = replace(alone, regions=regions)
        yield _Joint(part, number, counting, objective, regions[0] if apart else "").answer() if counting else part


class _Joint:
    """The question about some calls: ``counting`` are the chains with a pattern, and their state apart from it."""

    def __init__(
        self, alone: Unmet, number: int, counting: Sequence[tuple[Row, str, State]], objective: str, region: str
    ) -> None:
        self._alone, self._number, self._counting = alone, number, counting
        self._objective, self._region = objective, region

    def answer(self) -> Unmet | Sequence[Row]:
        alone = self._alone
        if self._by(State.OK).covered:
            return self._needed()
        possible = self._by(State.OK, State.UNKNOWN)
        if possible.covered is not False:
            link = self._held if possible.covered else self._undecided
            chains = [(row, link(row)) for row, _, state in self._counting if state is not State.BROKEN]
            return replace(alone, state=State.UNKNOWN, chains=[*alone.chains, *chains])
        if alone.state is State.UNKNOWN:
            return alone
        counted = self._by(*State)
        if counted.covered and possible.witness is not None:
            # Some filter counts each call, so that what is broken lies elsewhere: for the witness it can be told.
            chains = [(row, self._with(possible.witness, row, pattern)) for row, pattern, _ in self._counting]
            return replace(alone, chains=chains, example=possible.example)
        return replace(alone, example=counted.example)

    def _by(self, *states: State) -> Notice:
        """What the filters of the chains in these states notice."""
        return self._notice(frozenset(pattern for _, pattern, state in self._counting if state in states))

    def _notice(self, patterns: frozenset[str]) -> Notice:
        return noticed_together(patterns, self._objective, self._alone.part, self._region)

    def _needed(self) -> Sequence[Row]:
        """Whole chains of which none can be spared, those with fewer open points rather than others."""
        whole = sorted(
            ((row, pattern) for row, pattern, state in self._counting if state is State.OK),
            key=lambda entry: (entry[0].doubts, entry[0].names),
        )
        kept: dict[str, Row] = {}
        for row, pattern in whole:
            kept.setdefault(pattern, row)
        for pattern in reversed(list(kept)):
            if self._notice(frozenset(kept) - {pattern}).covered:
                del kept[pattern]
        return list(kept.values())

    def _held(self, row: Row) -> Links:
        """The links of a chain whose filter does its part."""
        assert row.structural is not None  # it has a pattern
        return {**row.parts[self._number], Link.METRIC_FILTER: row.structural}

    def _undecided(self, row: Row) -> Links:
        link = row.links[Link.METRIC_FILTER]
        facts = {**link.facts, "filter": row.tail.filter_name if row.tail is not None else ""}
        unknown = replace(link, state=State.UNKNOWN, code="filter-undecidable", facts=facts)
        return {**row.parts[self._number], Link.METRIC_FILTER: unknown}

    def _with(self, witness: Event, row: Row, pattern: str) -> Links:
        """The links of a chain for one call."""
        return self._held(row) if counts(pattern, witness) else row.parts[self._number]
