"""Calls of global services in a partition of which it is not known what region records them (T4, T11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from auditor.chains import LinkState, Need, TrailPath
from auditor.chains.model import NOT_REACHED, joined, unknown
from auditor.evidence.call_ids import LIST_REGIONS
from auditor.judgement.rows import Row
from auditor.judgement.unmet import Links, Unmet
from auditor.verdict import LINKS, Link, State

Answer = Unmet | Sequence[Row]  # calls that no chain notices for sure, or the whole chains that notice them


@dataclass(frozen=True, slots=True)
class Led:
    """A partition whose leading region is not known; ``candidates`` are the regions of the account that may lead it, an
    empty text among them where nothing shows which others it can use. ``parts`` is the number of parts of the calls.
    """

    partition: str
    candidates: tuple[str, ...]
    account_id: str
    parts: int

    @property
    def shown(self) -> bool:
        """Whether captures show every region that may lead."""
        return "" not in self.candidates

    @property
    def link(self) -> LinkState:
        """The state of a trail of one region, whichever it is."""
        link = unknown("leading-region-not-known", partition=self.partition, account=self.account_id)
        return link if self.shown else link.needing(Need(LIST_REGIONS, self.account_id))


def wherever_led(number: int, each: Sequence[Sequence[Answer]], led: Led) -> list[Answer]:
    """What is known of calls (``number`` their place among the parts) by the answers for ``each`` candidate.

    They are noticed if they are so wherever they are recorded, unnoticed if they are nowhere, else nobody knows.
    """
    answers = list(chain.from_iterable(each))
    unmet = [answer for answer in answers if isinstance(answer, Unmet)]
    if not unmet:
        return answers
    undecided = [entry for entry in unmet if entry.state is not State.BROKEN]
    if led.shown and len(unmet) == len(answers):
        return [*(undecided or unmet)]
    chains = [
        *((row, _of_one_region(row, row.parts[number], led)) for answer in answers if not isinstance(answer, Unmet)
          for row in answer),
        *((row, _of_one_region(row, links, led)) for entry in unmet for row, links in entry.chains),
        *_unseen(led),
    ]  # fmt: skip
    regions = tuple(filter(None, led.candidates))
    return [replace(unmet[0], regions=regions, state=State.UNKNOWN, chains=chains)]


def _of_one_region(row: Row, links: Links, led: Led) -> Links:
    """The links of a chain, which serves the calls for sure only if its trail is of every region."""
    if row.path.gap or row.path.regions is None or row.path.multi_region:
        return links
    trail = links.get(Link.TRAIL) or row.links[Link.TRAIL]
    return {**links, Link.TRAIL: trail if trail.state is State.BROKEN else joined(led.link, trail)}


def _unseen(led: Led) -> Iterator[tuple[Row, Links]]:
    """A chain that a region which nothing shows could hold (V3)."""
    if not led.shown:
        path = TrailPath("", "", "", None, None, None, None, None, led.link, NOT_REACHED, gap=True)
        links = dict.fromkeys(LINKS, NOT_REACHED) | {Link.TRAIL: led.link}
        yield Row(path, None, None, links, ({},) * led.parts), {}
