"""The rule that decides: a control holds if every obligation is met by a chain whose links are all ok.

It is a monotone function of link states: an *and* over obligations of an *or* over chains of an *and* over links. So
one pass over the order broken < unknown < ok, with the worst link, the best chain and the worst obligation, gives what
two passes would: with every unknown taken as broken it is still true → PASS; with every unknown taken as ok it is still
false → FAIL; otherwise INCONCLUSIVE.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.chains import LinkState
from auditor.judgement.calls import Calls, heard_in
from auditor.judgement.rows import Row
from auditor.text import listing
from auditor.verdict import LINKS, Link, State, Verdict

_GOODNESS = {State.BROKEN: 0, State.UNKNOWN: 1, State.OK: 2}


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and what decided it.

    ``row`` is the chain that gets furthest for an obligation that is not met (rule V2), ``link`` its first
    link that is broken or unknown, ``state`` that link's state. ``proving`` are the chains a PASS rests on.
    ``unmet`` are the regions whose obligations are not met. ``wanting`` are all link states whose evidence
    would settle an INCONCLUSIVE.
    """

    verdict: Verdict
    row: Row | None
    link: Link | None
    state: LinkState | None
    proving: tuple[Row, ...]
    unmet: tuple[str, ...]
    wanting: tuple[LinkState, ...]


def decide(parts: Sequence[Calls], rows: Sequence[Row], regions: Sequence[str], account_id: str) -> Decision:
    """Judge one account: ``parts`` the watched calls, ``rows`` its chains, ``regions`` those it must be heard in."""
    everywhere = [row for row in rows if row.path.regions is None]
    own: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for region in row.path.regions or ():
            own[region].append(row)
    if not regions or not parts:
        raise ValueError("a question needs at least one region and one event, or everything would hold")
    places = [heard_in(part, parts, tuple(regions)) for part in parts]
    numbers = _telling_apart(places, rows)
    groups: dict[tuple[int, ...], tuple[list[str], list[Row]]] = {}
    for region in dict.fromkeys(place for number in numbers for place in places[number]):
        serving = [*everywhere, *own.get(region, [])]
        key = tuple(id(row) for row in serving)
        groups.setdefault(key, ([], serving))[0].append(region)
    unmet: list[tuple[list[str], list[Row], int, State]] = []
    proving: dict[int, Row] = {}
    for names, serving in groups.values():
        for number in numbers:
            here = [name for name in names if name in places[number]]
            if not here:
                continue
            best = max((row.states[number] for row in serving), key=_GOODNESS.__getitem__, default=State.BROKEN)
            if best is State.OK:
                chosen = min((row for row in serving if row.states[number] is State.OK), key=lambda row: row.doubts)
                proving[id(chosen)] = chosen
            else:
                unmet.append((here, serving, number, best))
    return _decision(unmet, list(proving.values()), account_id, rows)


def _telling_apart(places: Sequence[tuple[str, ...]], rows: Sequence[Row]) -> Sequence[int]:
    """The calls to ask one by one; where every chain treats them alike, those heard in the same places are as one."""
    if not all(row.alike for row in rows):
        return range(len(places))
    return sorted({where: number for number, where in reversed(list(enumerate(places)))}.values())


def _decision(
    unmet: list[tuple[list[str], list[Row], int, State]],
    proving: list[Row],
    account_id: str,
    rows: Sequence[Row],
) -> Decision:
    if not unmet:
        return Decision(Verdict.PASS, None, None, None, tuple(proving), (), ())
    worst = min((state for *_, state in unmet), key=_GOODNESS.__getitem__)
    verdict = Verdict.FAIL if worst is State.BROKEN else Verdict.INCONCLUSIVE
    decisive = [entry for entry in unmet if entry[3] is worst]
    found: list[tuple[int, Row | None, Link, LinkState]] = []
    wanting: dict[tuple[str, str], LinkState] = {}
    for regions, serving, number, _ in decisive:
        best = _furthest(serving, number, worst)
        if best is None:
            found.append((0, None, Link.TRAIL, _no_trail(account_id, regions, rows)))
            continue
        row, link = best
        found.append((LINKS.index(link), row, link, row.link(link, number)))
        for open_link in LINKS[LINKS.index(link) :]:  # the client is asked once for all that the chain lacks
            state = row.link(open_link, number)
            if state.state is State.UNKNOWN and state.reached:
                wanting.setdefault((state.code, str(sorted(state.facts.items()))), state)
    _, row_, link_, state_ = min(found, key=lambda entry: entry[0])
    named = dict.fromkeys(name for regions, *_ in decisive for name in regions)
    settled = tuple(wanting.values()) if worst is State.UNKNOWN else ()
    return Decision(verdict, row_, link_, state_, (), tuple(named), settled)


def _furthest(serving: Iterable[Row], event: int, worst: State) -> tuple[Row, Link] | None:
    """The chain that gets furthest for an event (V2); nearer patterns first among equals."""
    best: tuple[tuple[int, bool, int], Row, Link] | None = None
    for row in serving:
        if row.states[event] is not worst:
            continue
        link = row.first(event, worst)
        assert link is not None  # a row in this state has such a link
        relation = row.relation
        key = (LINKS.index(link), not (relation and relation.everything), -(relation.rank if relation else 9))
        if best is None or key > best[0]:
            best = key, row, link
    return None if best is None else (best[1], best[2])


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
