"""Calls that no chain notices for sure: the chains that could, and the link that decides them (V2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.chains import LinkState
from auditor.judgement.calls import Calls
from auditor.judgement.rows import Row, worst
from auditor.patterns import Event
from auditor.verdict import LINKS, Link, State

Links = Mapping[Link, LinkState]


@dataclass(frozen=True, slots=True)
class Unmet:
    """Calls that no chain notices for sure, in some regions.

    ``chains`` are those that could notice them, each with the links that it has for them where they differ from its
    own. ``example`` is one of the calls that no whole chain notices, if filters were asked together and it is known.
    """

    part: Calls
    regions: tuple[str, ...]
    state: State
    chains: Sequence[tuple[Row, Links]]
    example: Event | None = None

    def furthest(self) -> tuple[Row, Link, Links] | None:
        """The chain that gets furthest, its first link in this state, and all its links; nearer patterns first."""
        best: tuple[tuple[int, bool, int, tuple[tuple[bool, str], ...]], Row, Link, Links] | None = None
        for row, differing in self.chains:
            links = {**row.links, **differing}
            if worst(links) is not self.state:
                continue
            link = next(link for link in LINKS if links[link].state is self.state)
            relation = row.relation
            nearness = (bool(relation and relation.everything), relation.rank if relation else 9)
            key = (-LINKS.index(link), *nearness, row.names)
            if best is None or key < best[0]:
                best = key, row, link, links
        return None if best is None else best[1:]

    def possible(self) -> Iterator[Links]:
        """The links of the chains that could still notice them, those of the one that gets furthest first."""
        furthest = self.furthest()
        if furthest is not None:
            yield furthest[2]
        for row, differing in self.chains:
            links = {**row.links, **differing}
            if worst(links) is State.UNKNOWN:
                yield links
