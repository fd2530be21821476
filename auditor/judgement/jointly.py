"""What the filters of several chains do together with calls that none of them notices alone (V1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from auditor.judgement.rows import Row
from auditor.judgement.together import Notice, counts, noticed_together, read_region
from auditor.judgement.unmet import Links, Unmet
from auditor.patterns import Event
from auditor.verdict import Link, State


class Joint:
    """The chains of an account that have a pattern, asked together about calls that none of them notices alone.

    It is asked of the chains that are whole and of those that may be, as the rule that decides asks everywhere.
    """

    def __init__(self, objective: str, everywhere: Sequence[Row]) -> None:
        self._objective = objective
        self._everywhere = [row for row in everywhere if row.counting is not None]
        # By part of the calls and chains: regions mostly differ in gaps alone, which have no pattern.
        self._questions: dict[tuple[int, ...], _About] = {}

    def answer(self, alone: Unmet, number: int, local: Sequence[Row]) -> Iterator[Unmet | Sequence[Row]]:
        """Of calls (``number`` their place among the parts) the whole chains that notice them together, or what is
        unmet of them. Region by region where a filter reads it. ``local`` are the chains of those regions alone.
        """
        counting = [*self._everywhere, *(row for row in local if row.counting is not None)]
        if not counting:
            yield alone
            return
        key = (number, *map(id, counting))
        if key not in self._questions:
            self._questions[key] = _About(number, counting, self._objective)
        about = self._questions[key]
        for regions in [(region,) for region in alone.regions] if about.by_region else [alone.regions]:
            yield about.answer(replace(alone, regions=regions), regions[0] if about.by_region else "")


class _About:
    """The question about one part of the calls and some chains with their state apart from the pattern."""

    def __init__(self, number: int, rows: Sequence[Row], objective: str) -> None:
        self._number, self._objective = number, objective
        self._counting = [(row, row.counting or "", row.apart(number)) for row in rows]
        self.by_region = read_region(pattern for _, pattern, _ in self._counting)
        self._notices: dict[tuple[str, tuple[State, ...]], Notice] = {}

    def answer(self, alone: Unmet, region: str) -> Unmet | Sequence[Row]:
        """What comes of calls that no chain notices alone; ``region``: of those made there."""

        def by(*states: State) -> Notice:
            """What the filters of the chains in these states notice."""
            if (region, states) not in self._notices:
                patterns = frozenset(pattern for _, pattern, state in self._counting if state in states)
                self._notices[region, states] = noticed_together(patterns, self._objective, alone.part, region)
            return self._notices[region, states]

        if by(State.OK).covered:
            return self._needed(alone, region)
        possible = by(State.OK, State.UNKNOWN)
        if possible.covered is not False:
            link = self._as_noticing if possible.covered else self._undecided
            chains = [(row, link(row)) for row, _, state in self._counting if state is not State.BROKEN]
            return replace(alone, state=State.UNKNOWN, chains=[*alone.chains, *chains])
        if alone.state is State.UNKNOWN:
            return alone
        counted = by(*State)
        if counted.covered and possible.witness is not None:
            # Some filter counts each call, so that what is broken lies elsewhere: for the witness it can be told.
            chains = [(row, self._with(possible.witness, row, pattern)) for row, pattern, _ in self._counting]
            return replace(alone, chains=chains, example=possible.example)
        return replace(alone, example=counted.example)

    def _needed(self, alone: Unmet, region: str) -> Sequence[Row]:
        """Whole chains of which none can be spared, those with fewer open points rather than others."""
        whole = sorted(
            ((row, pattern) for row, pattern, state in self._counting if state is State.OK),
            key=lambda entry: (entry[0].doubts, entry[0].names),
        )
        kept: dict[str, Row] = {}
        for row, pattern in whole:
            kept.setdefault(pattern, row)
        for pattern in reversed(list(kept)):
            if noticed_together(frozenset(kept) - {pattern}, self._objective, alone.part, region).covered:
                del kept[pattern]
        return list(kept.values())

    def _as_noticing(self, row: Row) -> Links:
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
        return self._as_noticing(row) if counts(pattern, witness) else row.parts[self._number]
