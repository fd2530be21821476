"""The rule that decides: a control holds if every obligation is met by a chain whose links are all ok.

It is a monotone function of link states: an *and* over obligations of an *or* over chains of an *and* over links. So
one pass over the order broken < unknown < ok, with the worst link, the best chain and the worst obligation, gives what
two passes would: with every unknown taken as broken it is still true → PASS; with every unknown taken as ok it is still
false → FAIL; otherwise INCONCLUSIVE.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditor.chains import LinkState
from auditor.judgement.calls import Calls, heard_in, may_lead
from auditor.judgement.jointly import Joint
from auditor.judgement.leading import Answer, Led, wherever_led
from auditor.judgement.nearest import example
from auditor.judgement.rows import Row
from auditor.judgement.unmet import Unmet
from auditor.judgement.wanting import wanted
from auditor.rules.steering import FILTER_MISSES_EVENT
from auditor.text import listing
from auditor.verdict import LINKS, Decided, Link, State, Verdict

_GOODNESS = {State.BROKEN: 0, State.UNKNOWN: 1, State.OK: 2}


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and what decided it.

    ``row`` is the chain that gets furthest for an obligation that is not met (rule V2), ``links`` those that it has for
    it, ``link`` the first of them that is broken or unknown, ``state`` that link's state. ``proving`` are the chains a
    PASS rests on.
    ``unmet`` are the regions whose obligations are not met. ``wanting`` are the unknown link states on which an
    INCONCLUSIVE hangs: once all of them are known, so is the verdict.
    """

    verdict: Decided
    row: Row | None
    link: Link | None
    state: LinkState | None
    proving: tuple[Row, ...]
    unmet: tuple[str, ...]
    wanting: tuple[LinkState, ...]
    links: Mapping[Link, LinkState] = field(default_factory=dict)


def decide(
    parts: Sequence[Calls],
    rows: Sequence[Row],
    regions: Sequence[str],
    account_id: str,
    objective: str | None = None,
    listed: Sequence[str] = (),
) -> Decision:
    """Judge one account: ``parts`` the watched calls, ``rows`` its chains, ``regions`` those it must be heard in.

    ``objective`` is the recommended pattern where filters may notice calls together (V1), else None; ``listed`` are the
    regions that a whole listing of the account shows.

    Raises:
        ValueError: no calls or no region, of which everything would be true.
    """
    if not regions or not parts:
        raise ValueError("a question needs at least one region and one event, or everything would hold")
    everywhere = [row for row in rows if row.path.regions is None]
    own: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for region in row.path.regions or ():
            own[region].append(row)
    places = [heard_in(part, parts, tuple(regions)) for part in parts]
    leading = [may_lead(part, tuple(regions), tuple(listed)) for part in parts]
    places_heard = [(where, tuple(led.items())) for where, led in zip(places, leading, strict=True)]
    numbers = _telling_apart(places_heard, rows)
    groups: dict[tuple[int, ...], tuple[list[str], list[Row]]] = {}  # regions that the same chains serve
    for region in dict.fromkeys(place for number in numbers for place in places[number]):
        local = own.get(region, [])
        groups.setdefault(tuple(map(id, local)), ([], local))[0].append(region)
    joint = None if objective is None else Joint(objective, everywhere)
    wide = {number: _best(everywhere, number) for number in numbers}
    unmet: list[Unmet] = []
    proving: dict[int, Row] = {}

    def answers(number: int, heard: tuple[str, ...], local: Sequence[Row]) -> list[Answer]:
        (wide_state, wide_row), (local_state, local_row) = wide[number], _best(local, number)
        whole = [row for row in (wide_row, local_row) if row is not None]
        if whole:
            return [[min(whole, key=_preferred)]]
        best = max(wide_state, local_state, key=_GOODNESS.__getitem__)
        chains = [(row, row.parts[number]) for row in (*everywhere, *local) if not row.aside]
        alone = Unmet(parts[number], heard, best, chains)
        return [alone] if joint is None else list(joint.answer(alone, number, local))

    def taken(given: Sequence[Answer]) -> None:
        for answer in given:
            if isinstance(answer, Unmet):
                unmet.append(answer)
            else:
                proving.update((id(row), row) for row in answer)

    for names, local in groups.values():
        for number in numbers:
            heard = tuple(name for name in names if name in places[number])
            if heard:
                taken(answers(number, heard, local))
    for number in numbers:
        for partition, candidates in leading[number].items():
            wherever = [row for row in rows if row.path.regions is not None and row.path.multi_region]
            each = [answers(number, (place,), own.get(place, []) if place else wherever) for place in candidates]
            taken(wherever_led(number, each, Led(partition, candidates, account_id, len(parts))))
    return _decision(unmet, list(proving.values()), account_id, rows)


def _best(rows: Sequence[Row], number: int) -> tuple[State, Row | None]:
    """The best state of chains for a part of the calls, and the whole chain that is told, if there is one."""
    whole = [row for row in rows if row.states[number] is State.OK]
    if whole:
        return State.OK, min(whole, key=_preferred)
    return max((row.states[number] for row in rows), key=_GOODNESS.__getitem__, default=State.BROKEN), None


def _preferred(row: Row) -> tuple[object, ...]:
    """Among whole chains one with fewer open points is told."""
    return row.doubts, row.names


def _telling_apart(heard: Sequence[Hashable], rows: Sequence[Row]) -> Sequence[int]:
    """The calls to ask one by one; where every chain treats them alike, those heard in the same places are as one."""
    if not all(row.alike for row in rows):
        return range(len(heard))
    return sorted({where: number for number, where in reversed(list(enumerate(heard)))}.values())


def _decision(unmet: Sequence[Unmet], proving: Sequence[Row], account_id: str, rows: Sequence[Row]) -> Decision:
    if not unmet:
        return Decision(Verdict.PASS, None, None, None, tuple(proving), (), ())
    worst_state = min((entry.state for entry in unmet), key=_GOODNESS.__getitem__)
    decisive = [entry for entry in unmet if entry.state is worst_state]
    obstacles: list[tuple[int, Row | None, Link, dict[Link, LinkState]]] = []
    missed: list[Unmet] = []
    for entry in decisive:
        furthest = entry.furthest()
        if furthest is None:
            obstacles.append((0, None, Link.TRAIL, {Link.TRAIL: _no_trail(account_id, entry.regions, rows)}))
            continue
        row, link, links = furthest
        obstacles.append((LINKS.index(link), row, link, dict(links)))
        if links[link].code == FILTER_MISSES_EVENT:
            missed.append(entry)
    _, row_, link_, links_ = min(obstacles, key=lambda entry: entry[0])
    if links_[link_].code == FILTER_MISSES_EVENT:
        links_[link_] = replace(links_[link_], facts={**links_[link_].facts, **_missed(missed)})
    named = dict.fromkeys(name for entry in decisive for name in entry.regions)
    inconclusive = worst_state is State.UNKNOWN
    verdict: Decided = Verdict.INCONCLUSIVE if inconclusive else Verdict.FAIL
    wanting = tuple(wanted(decisive)) if inconclusive else ()
    return Decision(verdict, row_, link_, links_[link_], (), tuple(named), wanting, links_)


def _missed(unmet: Sequence[Unmet]) -> dict[str, str]:
    """What the filters do not notice, in words: whatever it is, not what another filter notices."""
    of_any = next((entry for entry in unmet if entry.part.of_any), None)
    if of_any is None:
        return {"missed": listing(dict.fromkeys(entry.part.event.name for entry in unmet), limit=6)}
    return {} if of_any.example is None else {"missed": example(of_any.example)}


def _no_trail(account_id: str, regions: Sequence[str], rows: Sequence[Row]) -> LinkState:
    served = sorted({region for row in rows if not row.path.gap for region in row.path.regions or ()})
    sources = tuple(dict.fromkeys(source for row in rows for source in row.path.trail_link.sources))
    if not served:
        return LinkState(State.BROKEN, "no-trail", {"account": account_id, "evidence": "cloudtrail describe-trails"})
    facts = {
        "account": account_id,
        "regions": listing(sorted(regions), limit=4),
        "served": listing(served, limit=4),
    }
    return LinkState(State.BROKEN, "no-trail-in-region", facts, sources)
