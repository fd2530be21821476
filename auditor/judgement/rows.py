"""Chain rows for one control variant: each trail of an account with each tail, its filter's pattern judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from auditor.arn import parse_arn
from auditor.catalogue import Control, Event, Variant
from auditor.chains import Chains, LinkState, Tail, TrailPath, takes
from auditor.chains.model import NOT_REACHED, TAIL_LINKS, Need
from auditor.chains.trail import ANY
from auditor.judgement.relations import ANY_EVENT, PatternRelation, alternatives, missed_names, relation_to
from auditor.text import count
from auditor.verdict import LINKS, Link, Relation, State


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an account: the variant's patterns, the events to notice, and by which reading.

    ``parts``, where there are any, holds for each event the part of the recommended pattern that it is noticed by: of
    any call, those of each alternative are noticed by whichever filter counts them.
    """

    accepted: tuple[str, ...]
    objective_pattern: str
    events: tuple[Event, ...]
    covers: bool  # filters judged by what they notice, not by equality
    strict: bool
    parts: tuple[str, ...] = ()
    _relations: dict[str, PatternRelation] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The events as (eventSource, eventName), of any call with the part of the pattern for a name."""
        parts = self.parts or [event.name for event in self.events]
        return tuple((event.source, part or event.name) for event, part in zip(self.events, parts, strict=True))

    def relation(self, found: str) -> PatternRelation:
        """How a found pattern stands to the accepted ones."""
        relation = self._relations.get(found)
        if relation is None:
            relation = relation_to(found, self.accepted, self.objective_pattern, self.pairs)
            self._relations[found] = relation
        return relation


def question(control: Control, variant: Variant, *, covers: bool, strict: bool) -> Question:
    """The question that a control variant asks; the objective is judged on the control's recommended pattern."""
    recommended = control.variants.get("default", variant).patterns[0].pattern
    accepted = tuple(accepted.pattern for accepted in variant.patterns)
    if not covers:
        return Question(accepted, recommended, control.events, covers, strict)
    asked = [
        (event, part)
        for event in control.events
        for part in (alternatives(recommended) if (event.source, event.name) == ANY_EVENT else [""])
    ]
    events, parts = (tuple(one) for one in zip(*asked, strict=True))
    return Question(accepted, recommended, events, covers, strict, parts)


@dataclass(frozen=True, slots=True)
class Row:
    """One chain as the question sees it.

    ``links`` are its seven link states. ``events`` holds per event of the question the states of the trail
    (does it deliver the event) and of the filter (does it notice it) where they differ from ``links``.
    ``states`` are those of the whole chain, per event: broken if any link is, else unknown if any is, else ok.
    """

    path: TrailPath
    tail: Tail | None
    relation: PatternRelation | None
    links: dict[Link, LinkState]
    events: tuple[Mapping[Link, LinkState], ...]
    states: tuple[State, ...] = field(init=False)

    def __post_init__(self) -> None:
        usual = _worst(self.links)
        states = tuple(_worst({**self.links, **differing}) if differing else usual for differing in self.events)
        object.__setattr__(self, "states", states)

    @property
    def alike(self) -> bool:
        """Whether the chain treats every event of the question alike."""
        return not any(self.events)

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
        relation = self.relation
        return relation is None or (
            relation.relation is Relation.EQUAL and all(relation.noticed) and not relation.everything
        )

    def link(self, link: Link, event: int) -> LinkState:
        """The state of a link for one event."""
        return self.events[event].get(link) or self.links[link]

    def first(self, event: int, state: State) -> Link | None:
        """The first link in chain order that has this state for the event (rule V2)."""
        return next((link for link in LINKS if self.link(link, event).state is state), None)


def _worst(links: Mapping[Link, LinkState]) -> State:
    states = {link.state for link in links.values()}
    return next(state for state in (State.BROKEN, State.UNKNOWN, State.OK) if state in states)


class Rows:
    """The chain rows of one account after the other for one question.

    An organisation trail, which serves many accounts, is joined with its tails once. Filters that count none of the
    events are left out.
    """

    def __init__(self, asked: Question, chains: Chains) -> None:
        self.asked = asked
        self._chains = chains
        self._shared: dict[str, tuple[TrailPath, list[Row]]] = {}  # by trail; most of its accounts have the same path

    def of(self, paths: Iterable[TrailPath]) -> list[Row]:
        """The rows of an account: ``paths`` its trails and the gaps where one could be."""
        found: list[Row] = []
        for path in paths:
            shared = self._shared.get(path.trail_arn)
            if shared is not None and shared[0] is path:
                found += shared[1]
                continue
            own = list(self._rows(path))
            if path.organization and shared is None:
                self._shared[path.trail_arn] = path, own
            found += own
        return found

    def _rows(self, path: TrailPath) -> Iterable[Row]:
        delivered = Delivered(self.asked, path)
        if path.log_group is None or path.log_group_link.state is State.BROKEN:
            return [_row(self.asked, delivered, None, None)]
        return _behind(self.asked, delivered, self._chains.tails(path.log_group))


class Delivered:
    """Which events of a question a trail delivers."""

    def __init__(self, asked: Question, path: TrailPath) -> None:
        self.path = path
        here = () if path.gap else asked.events
        self.lost = frozenset(number for number, event in enumerate(here) if not _delivers(path, event))
        # A multi-region trail always has them (T11); of another one an older export may not say it.
        silent = path.global_events is None and path.regions is not None
        self.unclear = frozenset(
            number for number, event in enumerate(here) if silent and event.global_service and number not in self.lost
        )
        self.lost_names = ", ".join(dict.fromkeys(_named(asked.events[number]) for number in sorted(self.lost)))


def _named(event: Event) -> str:
    if event.source != ANY:
        return event.name
    return "all calls that read" if event.read_only else "all calls that write"


def _behind(asked: Question, trail: Delivered, tails: Sequence[Tail]) -> list[Row]:
    made: list[Row] = []
    others: dict[str, tuple[Tail, PatternRelation]] = {}  # by filter
    for tail in tails:
        relation = None if tail.filter_pattern is None else asked.relation(tail.filter_pattern)
        if relation is not None and relation.for_other_events and not tail.on_unseen_events:
            others.setdefault(tail.filter_name, (tail, relation))
        else:
            made.append(_row(asked, trail, tail, relation))
    if made or not others:
        return made
    sharing = [(tail, relation) for tail, relation in others.values() if relation.relation is not Relation.DISJOINT]
    if len(sharing) == 1 and not sharing[0][1].apart:
        return [
            _row(asked, trail, tail, sharing[0][1]) for tail in tails if tail.filter_name == sharing[0][0].filter_name
        ]
    return [_row(asked, trail, _none_of(others, sharing), None)]


def _none_of(
    others: Mapping[str, tuple[Tail, PatternRelation]], sharing: Sequence[tuple[Tail, PatternRelation]]
) -> Tail:
    """The filters of a log group that are all for other events, as one broken link."""
    tails = [tail for tail, _ in others.values()]
    group = tails[0].log_group
    facts = {
        "count": count(len(tails), "metric filter"), "log_group": group.name, "account": group.account_id,
        "region": group.region,
    }  # fmt: skip
    if sharing:
        facts |= {"filter": sharing[0][0].filter_name, "missed": sharing[0][1].missed_words}
    sources = dict.fromkeys(source for tail in tails for source in tail.links[Link.METRIC_FILTER].sources)
    code = "filters-for-other-events" if sharing else "no-matching-filter"
    link = LinkState(State.BROKEN, code, facts, tuple(sources)[:20])
    return Tail(group, links=dict.fromkeys(TAIL_LINKS, NOT_REACHED) | {Link.METRIC_FILTER: link})


def _row(asked: Question, trail: Delivered, tail: Tail | None, relation: PatternRelation | None) -> Row:
    path = trail.path
    links = {Link.TRAIL: path.trail_link, Link.LOG_GROUP: path.log_group_link}
    links |= dict(tail.links) if tail is not None else dict.fromkeys(TAIL_LINKS, NOT_REACHED)
    if tail is not None and relation is not None:
        links[Link.METRIC_FILTER] = _judged(tail, relation, links[Link.METRIC_FILTER], asked)
        links[Link.ALARM] = _busy(tail, relation, links[Link.ALARM], asked)
    if asked.strict:
        links = {link: state.strict() for link, state in links.items()}
    return Row(path, tail, relation, links, _for_events(asked, trail, tail, relation, links))


def _judged(tail: Tail, relation: PatternRelation, structural: LinkState, asked: Question) -> LinkState:
    """The filter link: what the pattern means, and what it runs on (L6, L7)."""
    if tail.on_unseen_events:
        return structural
    facts = dict(structural.facts) | {
        "filter": tail.filter_name, "missed": relation.missed_words, "added": relation.added_words,
        "error": relation.error, "log_group": tail.log_group.name, "account": tail.log_group.account_id,
        "region": tail.log_group.region,
    }  # fmt: skip
    equal = relation.relation is Relation.EQUAL
    if equal and (not asked.covers or relation.required == asked.objective_pattern):
        return structural
    if asked.covers:
        if any(seen is False for seen in relation.noticed):
            facts["missed"] = missed_names(relation, asked.pairs)
            return replace(structural, state=State.BROKEN, code="filter-misses-event", facts=MappingProxyType(facts))
        if any(seen is None for seen in relation.noticed):
            return replace(structural, state=State.UNKNOWN, code="filter-undecidable", facts=MappingProxyType(facts))
        return structural
    code = f"filter-{relation.relation.value}"
    state = State.UNKNOWN if relation.relation is Relation.UNDECIDABLE else State.BROKEN
    return replace(structural, state=state, code=code, facts=MappingProxyType(facts))


def _busy(tail: Tail, relation: PatternRelation, alarm: LinkState, asked: Question) -> LinkState:
    """A filter that counts nearly everything keeps its alarm in ALARM (L10)."""
    if not asked.covers or not relation.everything or alarm.code == NOT_REACHED.code or alarm.state is State.BROKEN:
        return alarm
    facts = dict(alarm.facts) | {"filter": tail.filter_name, "alarm": tail.alarm_arn.rpartition(":alarm:")[2]}
    return replace(alarm, state=State.BROKEN, code="filter-counts-everything", facts=MappingProxyType(facts))


_ALIKE: Mapping[Link, LinkState] = MappingProxyType({})


def _for_events(
    asked: Question,
    trail: Delivered,
    tail: Tail | None,
    relation: PatternRelation | None,
    links: dict[Link, LinkState],
) -> tuple[Mapping[Link, LinkState], ...]:
    state = links[Link.TRAIL].state
    lost = trail.lost if state is not State.BROKEN else frozenset()
    unclear = trail.unclear if state is State.OK else frozenset()
    noticed = relation.noticed if asked.covers and tail is not None and relation is not None else None
    if not lost and not unclear and noticed is None:
        return (_ALIKE,) * len(asked.events)
    found = []
    for number, event in enumerate(asked.events):
        differing: dict[Link, LinkState] = {}
        if number in lost:
            differing[Link.TRAIL] = _lost(trail, event, links[Link.TRAIL])
        elif number in unclear:
            differing[Link.TRAIL] = _unclear(trail, links[Link.TRAIL])
        if noticed is not None and tail is not None:
            differing |= _notices(links[Link.METRIC_FILTER], tail, noticed[number])
        found.append(differing)
    return tuple(found)


def _lost(trail: Delivered, event: Event, link: LinkState) -> LinkState:
    """The trail link for an event that the trail does not deliver (T11, T14, T15)."""
    globally = event.global_service and trail.path.global_events is False
    code = "global-events-lost" if globally else "selectors-miss-events"
    facts = {"trail": trail.path.trail_arn, "events": trail.lost_names}
    return replace(link, state=State.BROKEN, code=code, facts=facts, open_points=())


def _unclear(trail: Delivered, link: LinkState) -> LinkState:
    """The trail link for an event of a global service where the capture does not say whether the trail has them."""
    arn = parse_arn(trail.path.trail_arn)
    account = arn.account_id if arn else ""
    facts = {"trail": trail.path.trail_arn, "account": account, "region": trail.path.home_region}
    need = Need("cloudtrail:DescribeTrails", account, trail.path.home_region)
    return replace(
        link, state=State.UNKNOWN, code="global-events-not-shown", facts=facts, needs=(need,), open_points=()
    )


def _notices(link: LinkState, tail: Tail, seen: bool | None) -> dict[Link, LinkState]:
    """For one event a filter holds if it notices that event, whatever it does with the others."""
    if link.code not in ("filter-misses-event", "filter-undecidable"):
        return {}
    if seen:
        structural = tail.links[Link.METRIC_FILTER]
        return {Link.METRIC_FILTER: structural}
    if seen is None:
        return {Link.METRIC_FILTER: replace(link, state=State.UNKNOWN, code="filter-undecidable")}
    return {Link.METRIC_FILTER: replace(link, state=State.BROKEN, code="filter-misses-event")}


def _delivers(path: TrailPath, event: Event) -> bool:
    if event.global_service and path.global_events is False:
        return False
    return takes(path.selectors, event.source, event.name, event.read_only)
