"""Chain rows for one control variant: each trail of an account with each tail, its filter's pattern judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from auditor.chains import Account, Chains, LinkState, Tail, TrailPath
from auditor.chains.model import NOT_REACHED, TAIL_LINKS, joined
from auditor.judgement.calls import Calls
from auditor.judgement.deferred import Deferred
from auditor.judgement.delivery import Delivery
from auditor.judgement.question import Question
from auditor.judgement.relations import PatternRelation, added_words, missed_names, shares
from auditor.rules.steering import FILTER_MISSES_EVENT, FILTER_UNDECIDABLE
from auditor.text import count, listing
from auditor.verdict import LINKS, Link, Relation, State


@dataclass(frozen=True, slots=True)
class Row:
    """One chain as the question sees it.

    ``links`` are its seven link states. ``parts`` holds per part of the watched calls the states of the trail (does it
    deliver them) and of the filter (does it notice them) where they differ from ``links``. ``states`` are those of the
    whole chain, per part: broken if any link is, else unknown if any is, else ok. ``structural`` is the state of the
    filter apart from its pattern. ``shared``: other filters of the group share events with the required pattern; such
    a filter's own chain is ``aside``, and only what filters notice together rests on it.
    """

    path: TrailPath
    tail: Tail | None
    relation: PatternRelation | None
    links: dict[Link, LinkState]
    parts: tuple[Mapping[Link, LinkState], ...]
    structural: LinkState | None = None
    shared: bool = False
    aside: bool = False
    states: tuple[State, ...] = field(init=False)

    def __post_init__(self) -> None:
        usual = worst(self.links)
        states = tuple(worst({**self.links, **differing}) if differing else usual for differing in self.parts)
        object.__setattr__(self, "states", states)

    @property
    def alike(self) -> bool:
        """Whether the chain treats all watched calls alike."""
        return not any(self.parts)

    @property
    def doubts(self) -> tuple[int, int]:
        """How many open points the chain has: material ones, all."""
        points = [point.material for state in self.links.values() for point in state.open_points]
        return sum(points), len(points)

    @property
    def assumes_much(self) -> bool:
        """Whether a link has a material open point, so that ``--strict`` may judge otherwise (V5)."""
        return any(point.material for state in self.links.values() for point in state.open_points)

    @property
    def by_the_letter(self) -> bool:
        """Whether the objective asks the same of this chain as the letter: there is no pattern, or one that is equal to
        an accepted one and, by the recommended meaning, notices every event of the control and not everything else.
        """
        relation, tail = self.relation, self.tail
        if relation is None:
            return True
        busy = relation.everything or (tail is not None and tail.counting.may_hold_alarm)
        return relation.relation is Relation.EQUAL and all(relation.noticed) and not busy

    @property
    def names(self) -> tuple[tuple[bool, str], ...]:
        """What tells the chain from others, so that the order of files and items decides nothing; what the captures
        show comes before what they could hold.
        """
        tail = self.tail
        behind = (tail.filter_name, tail.alarm_arn, " ".join(tail.composite_arns), tail.topic_arn) if tail else ()
        return tuple((not name, name) for name in (self.path.trail_arn, *behind))

    @property
    def counting(self) -> str | None:
        """The pattern by which the filter counts its part of the calls; None if it is not known, or is none."""
        tail, relation = self.tail, self.relation
        if tail is None or relation is None or relation.relation is Relation.UNPARSABLE or tail.on_unseen_events:
            return None
        return tail.filter_pattern

    def apart(self, part: int) -> State:
        """The state of the chain for one part, whatever the pattern of its filter means."""
        assert self.structural is not None  # a chain with a pattern has it
        return worst({**self.links, **self.parts[part], Link.METRIC_FILTER: self.structural})

    def link(self, link: Link, part: int) -> LinkState:
        """The state of a link for one part of the watched calls."""
        return self.parts[part].get(link) or self.links[link]

    def first(self, part: int, state: State) -> Link | None:
        """The first link in chain order that has this state for the part (rule V2)."""
        return next((link for link in LINKS if self.link(link, part).state is state), None)


def worst(links: Mapping[Link, LinkState]) -> State:
    """The state of a chain with these links."""
    states = {link.state for link in links.values()}
    return next(state for state in (State.BROKEN, State.UNKNOWN, State.OK) if state in states)


class Rows:
    """The chain rows of one account after the other for one question.

    An organisation trail, which serves many accounts, is joined with its tails once. Filters that count none of the
    events are left out.
    """

    def __init__(self, question: Question, chains: Chains) -> None:
        self.question = question
        self._chains = chains
        # By trail; most of its accounts have the same path, and trails that tell the same calls apart.
        self._shared: dict[str, tuple[TrailPath, tuple[Calls, ...], list[Row]]] = {}

    def of(self, account: Account, paths: Iterable[TrailPath], parts: tuple[Calls, ...]) -> list[Row]:
        """The rows of an account: ``paths`` its trails and the gaps where one could be, ``parts`` the watched calls."""
        rows: list[Row] = []
        for path in paths:
            shared = self._shared.get(path.trail_arn)
            if shared is not None and shared[0] is path and shared[1] == parts:
                rows += shared[2]
                continue
            of_path = list(self._rows(Delivery(account, path, parts)))
            if path.organization and path.regions is None and shared is None:
                self._shared[path.trail_arn] = path, parts, of_path
            rows += of_path
        return rows

    def _rows(self, delivery: Delivery) -> Iterable[Row]:
        path = delivery.path
        if path.log_group is None or path.log_group_link.state is State.BROKEN:
            return [_row(self.question, delivery, None, None)]
        return _behind(self.question, delivery, self._chains.tails(path.log_group))


def _behind(question: Question, delivery: Delivery, tails: Sequence[Tail]) -> list[Row]:
    rows: list[Row] = []
    others: list[tuple[Tail, str, Relation]] = []
    for tail in tails:
        pattern = tail.filter_pattern
        other = None if pattern is None or tail.on_unseen_events else question.for_other_events(pattern)
        if pattern is not None and other is not None:
            others.append((tail, pattern, other))
        else:
            rows.append(_row(question, delivery, tail, None if pattern is None else question.relation(pattern)))
    if not others:
        return rows
    sharing = [(tail, pattern) for tail, pattern, _ in others if shares(pattern, question.objective_pattern)]
    if not rows:
        rows = _of_others(question, delivery, tails, others)
    if not sharing:
        return rows
    rows = [replace(row, shared=True) for row in rows]
    if question.covers:
        rows += [
            replace(_row(question, delivery, tail, question.relation(pattern)), aside=True) for tail, pattern in sharing
        ]
    return rows


def _of_others(
    question: Question, delivery: Delivery, tails: Sequence[Tail], others: Sequence[tuple[Tail, str, Relation]]
) -> list[Row]:
    """The chains of a group whose filters are all for other events: of the one that may be meant, or none of them."""
    by_filter: dict[str, tuple[Tail, str, Relation]] = {}
    for tail, pattern, relation in others:
        by_filter.setdefault(tail.filter_name, (tail, pattern, relation))
    sharing = [(tail, pattern) for tail, pattern, relation in by_filter.values() if relation is not Relation.DISJOINT]
    nearest = question.relation(sharing[0][1]) if sharing else None
    if nearest is not None and len(sharing) == 1 and not nearest.nearest.apart:
        return [
            _row(question, delivery, tail, nearest) for tail in tails if tail.filter_name == sharing[0][0].filter_name
        ]
    missed = (sharing[0][0].filter_name, nearest.nearest.missed_words) if nearest is not None else None
    return [_row(question, delivery, _none_of([tail for tail, _, _ in by_filter.values()], missed), None)]


def _none_of(tails: Sequence[Tail], missing: tuple[str, str] | None) -> Tail:
    """The filters of a log group that are all for other events, as one broken link.

    ``missing``: the name of one that shares events with the required pattern, and what it misses.
    """
    group = tails[0].log_group
    facts = {
        "count": count(len(tails), "metric filter"), "log_group": group.name, "account": group.account_id,
        "region": group.region,
    }  # fmt: skip
    if missing:
        facts |= {"filter": missing[0], "missed": missing[1]}
    sources = dict.fromkeys(source for tail in tails for source in tail.links[Link.METRIC_FILTER].sources)
    code = "filters-for-other-events" if missing else "no-matching-filter"
    link = LinkState(State.BROKEN, code, facts, tuple(sources)[:20])
    return Tail(group, links=dict.fromkeys(TAIL_LINKS, NOT_REACHED) | {Link.METRIC_FILTER: link})


def _row(question: Question, delivery: Delivery, tail: Tail | None, relation: PatternRelation | None) -> Row:
    path = delivery.path
    links = {Link.TRAIL: delivery.link, Link.LOG_GROUP: path.log_group_link}
    links |= dict(tail.links) if tail is not None else dict.fromkeys(TAIL_LINKS, NOT_REACHED)
    structural = links[Link.METRIC_FILTER]
    if tail is not None and relation is not None:
        links[Link.METRIC_FILTER] = _judged(tail, relation, links[Link.METRIC_FILTER], question)
        links[Link.ALARM] = _busy(tail, relation, links[Link.ALARM], question)
    if question.strict:
        links = {link: state.strict() for link, state in links.items()}
        structural = structural.strict()
    noticed = relation.noticed if question.covers and relation is not None else None
    return Row(path, tail, relation, links, _for_parts(delivery, noticed, structural, links), structural)


def _judged(tail: Tail, relation: PatternRelation, structural: LinkState, question: Question) -> LinkState:
    """The filter link: what the pattern means, and what it runs on (L6, L7)."""
    if tail.on_unseen_events:
        return structural
    equal = relation.relation is Relation.EQUAL
    if equal and (not question.covers or relation.nearest.required == question.objective_pattern):
        return structural

    def facts() -> dict[str, str]:
        nearest = relation.nearest
        named = {
            "filter": tail.filter_name, "missed": nearest.missed_words, "added": added_words(relation),
            "error": nearest.error, "shown": nearest.shown_words, "log_group": tail.log_group.name,
            "account": tail.log_group.account_id, "region": tail.log_group.region,
            "sources": listing(relation.sources, "or"),
        }  # fmt: skip
        if question.covers and any(noticed is False for noticed in relation.noticed):
            named["missed"] = missed_names(relation, question.pairs)
        elif question.covers:
            named["error"] = nearest.error or "the comparison for some of them takes too many steps"
        return {**structural.facts, **named}

    if question.covers:
        if any(noticed is False for noticed in relation.noticed):
            return replace(structural, state=State.BROKEN, code=FILTER_MISSES_EVENT, facts=Deferred(facts))
        if any(noticed is None for noticed in relation.noticed):
            return replace(structural, state=State.UNKNOWN, code=FILTER_UNDECIDABLE, facts=Deferred(facts))
        return structural
    state = State.BROKEN if _differs(relation) else State.UNKNOWN
    return replace(structural, state=state, code=_code(relation, tail), facts=Deferred(facts))


def _differs(relation: PatternRelation) -> bool:
    undecided = relation.relation in (Relation.EQUAL, Relation.UNDECIDABLE)
    return relation.nearest.differs if undecided else True


def _code(relation: PatternRelation, tail: Tail) -> str:
    """The reason code of a pattern that is not equal; of its own where each of the control's events is counted, and
    nothing keeps the alarm from telling it.
    """
    if relation.relation is Relation.UNDECIDABLE and relation.nearest.differs:
        return "filter-unequal"
    deviates = relation.relation in (Relation.NARROWER, Relation.BROADER, Relation.OVERLAPPING)
    if not deviates or not relation.counts_all_watched or tail.counting.may_hold_alarm:
        return f"filter-{relation.relation.value}"
    return "filter-asks-for-source" if relation.sources else f"filter-{relation.relation.value}-objective-met"


def _busy(tail: Tail, relation: PatternRelation, alarm: LinkState, question: Question) -> LinkState:
    """A filter that counts nearly everything keeps its alarm in ALARM (L10); one that counts nearly everything of one
    account, region or version may, and so may one that counts much beside others on its metric."""
    everything = tail.counting.everything or (relation.everything and not tail.on_unseen_events)
    if not question.covers or not (everything or tail.counting.may_hold_alarm) or not alarm.reached:
        return alarm
    if alarm.state is State.BROKEN and not any(point.material for point in alarm.open_points):
        return alarm
    facts = dict(alarm.facts) | {"filter": tail.filter_name, "alarm": tail.alarm_arn.rpartition(":alarm:")[2]}
    if everything:
        # Whatever alarm stands above it, it is never told of a change (C2): nothing is left open.
        return LinkState(State.BROKEN, "filter-counts-everything", MappingProxyType(facts), alarm.sources)
    return joined(alarm, LinkState(State.UNKNOWN, "filter-counts-all-of-some", MappingProxyType(facts), alarm.sources))


_ALIKE: Mapping[Link, LinkState] = MappingProxyType({})


def _for_parts(
    delivery: Delivery,
    noticed: Sequence[bool | None] | None,
    structural: LinkState,
    links: Mapping[Link, LinkState],
) -> tuple[Mapping[Link, LinkState], ...]:
    trail = delivery.differing(links[Link.TRAIL])
    if not trail and noticed is None:
        return (_ALIKE,) * len(delivery.parts)
    filters = _filter_links(links[Link.METRIC_FILTER], structural)
    parts = []
    for number, part in enumerate(delivery.parts):
        differing = {Link.TRAIL: trail[number]} if number in trail else {}
        if noticed is not None and filters:
            differing[Link.METRIC_FILTER] = filters[noticed[part.number]]
        parts.append(differing)
    return tuple(parts)


def _filter_links(link: LinkState, structural: LinkState) -> Mapping[bool | None, LinkState]:
    """The link of a filter for a part, by whether it notices that, whatever it does with the others; empty where that
    decides nothing.
    """
    if link.code not in (FILTER_MISSES_EVENT, FILTER_UNDECIDABLE):
        return {}
    return {
        True: structural,
        False: replace(link, state=State.BROKEN, code=FILTER_MISSES_EVENT),
        None: replace(link, state=State.UNKNOWN, code=FILTER_UNDECIDABLE),
    }
