"""What the join makes: trails as they serve an account, and the tails behind a log group, link by link.

Nothing here knows a control. A link's state comes with a reason code; the sentences stand in
``rules/reasons.json``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TypedDict, Unpack

from auditor.evidence.item import Item
from auditor.rules import steering
from auditor.verdict import Link, State

TAIL_LINKS: tuple[Link, ...] = (Link.METRIC_FILTER, Link.METRIC, Link.ALARM, Link.TOPIC, Link.SUBSCRIPTION)


@dataclass(frozen=True, slots=True)
class Source:
    """A place in the evidence: number of the capture and JSON pointer within its file."""

    capture: int
    pointer: str


@dataclass(frozen=True, slots=True)
class Need:
    """A capture that would settle a question: the call and the place it must be made in."""

    call_id: str
    account_id: str
    region: str = ""
    resource: str = ""


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Something the captures do not show (rule V5). ``material``: the usual reading may not hold."""

    code: str
    material: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkState:
    """The state of one link: reason code with its facts, where it was read, what would settle it."""

    state: State
    code: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    needs: tuple[Need, ...] = ()
    open_points: tuple[OpenPoint, ...] = ()
    remarks: tuple[tuple[str, Mapping[str, str]], ...] = ()

    @property
    def reached(self) -> bool:
        """Whether there was anything to judge; behind what is broken or not shown at all there is nothing."""
        return self.code != steering.NOT_REACHED

    @property
    def lacks_alarms(self) -> bool:
        """Whether what is missing is a whole listing of alarms."""
        return self.code in steering.ALARM_LISTING_GAPS

    def needing(self, *needs: Need) -> LinkState:
        """The state, to be settled by these captures."""
        return replace(self, needs=needs)

    def strict(self) -> LinkState:
        """The state under ``--strict``: a material open point makes the link unknown (rule V5)."""
        material = [point for point in self.open_points if point.material]
        if not material or self.state is State.UNKNOWN:
            return self
        point = material[0]
        return replace(self, state=State.UNKNOWN, code=point.code, facts=point.facts, needs=point.needs)


def ok(*sources: Source, open_points: tuple[OpenPoint, ...] = ()) -> LinkState:
    """A link that holds."""
    return LinkState(State.OK, sources=sources, open_points=open_points)


def broken(code: str, *sources: Source, **facts: str) -> LinkState:
    """A link that the captures show to be broken."""
    return LinkState(State.BROKEN, code, MappingProxyType(facts), sources)


def unknown(code: str, *sources: Source, **facts: str) -> LinkState:
    """A link that the captures do not show."""
    return LinkState(State.UNKNOWN, code, MappingProxyType(facts), sources)


def joined(first: LinkState, second: LinkState) -> LinkState:
    """Two findings about one link as one: broken before unknown before ok, the first before the second."""
    worse = next(
        (link for state in (State.BROKEN, State.UNKNOWN) for link in (first, second) if link.state is state),
        first,
    )
    return LinkState(
        worse.state,
        worse.code,
        worse.facts,
        tuple(dict.fromkeys((*first.sources, *second.sources))),
        (*first.needs, *second.needs),
        (*first.open_points, *second.open_points),
        (*first.remarks, *second.remarks),
    )


NOT_REACHED = LinkState(State.UNKNOWN, steering.NOT_REACHED)


@dataclass(frozen=True, slots=True)
class LogGroup:
    """A log group's identity (rules T4, T5)."""

    partition: str
    account_id: str
    region: str
    name: str

    @property
    def arn(self) -> str:
        """The group's ARN without the trailing ``:*``."""
        return f"arn:{self.partition}:logs:{self.region}:{self.account_id}:log-group:{self.name}"


@dataclass(frozen=True, slots=True)
class Selector:
    """What one event selector takes (rules T14, T15). ``read_only`` None: both; ``unknown``: not decidable."""

    read_only: bool | None = None
    excluded_sources: frozenset[str] = frozenset()
    fields: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    unknown: str = ""

    @property
    def takes_all(self) -> bool:
        """Whether it surely takes every management event: an advanced one with no condition but the category (T15)."""
        category = [(field, operator) for field, operator, _ in self.fields] == [("eventCategory", "Equals")]
        return category and not self.unknown and "Management" in self.fields[0][2]

    @property
    def of_others(self) -> bool:
        """Whether it takes other events than management events: those of data, or of network activity (T14, T15)."""
        return any(
            field == "eventCategory" and operator == "Equals" and "Management" not in values
            for field, operator, values in self.fields
        )


@dataclass(frozen=True, slots=True)
class TrailPath:
    """One trail as it serves one account. ``regions`` None: every region.

    ``selectors`` None: the default ones, all management events. ``gap`` marks a path that only stands for
    what a missing capture could hold.
    """

    trail_arn: str
    name: str
    home_region: str
    multi_region: bool | None
    organization: bool | None
    global_events: bool | None
    regions: frozenset[str] | None
    log_group: LogGroup | None
    trail_link: LinkState
    log_group_link: LinkState
    selectors: tuple[Selector, ...] | None = None
    gap: bool = False

    def serves(self, region: str) -> bool:
        """Whether the trail delivers the calls made in a region (rule T10)."""
        return self.regions is None or region in self.regions


@dataclass(frozen=True, slots=True)
class Publisher:
    """A metric filter as a source of data points (rules M3, M4, M6).

    ``value`` is None if it comes from a field of the event, ``default`` if there is none. ``log_group`` says which
    group in which account and region. ``busy``: whether its pattern counts nearly every event (L10), None if that is
    not known. ``disputed``: captures tell it differently, or against their schema, so that it may publish anything.
    ``doubtful``: it counts what nobody shows, perhaps nothing: its pattern cannot be read, or runs on transformed or
    selected events. ``silent``: it counts nothing that arrives, so that it publishes its default alone, if any.
    ``along``: how often it may count an event of the filter that is asked about.
    """

    filter_name: str
    value: float | None
    default: float | None = None
    unit: str = "None"
    log_group: str = ""
    busy: bool | None = False
    disputed: bool = False
    doubtful: bool = False
    silent: bool = False
    along: int = 0

    @property
    def speaks(self) -> bool:
        """Whether it may publish anything."""
        return not self.silent or self.default is not None

    @property
    def numbers(self) -> tuple[float, ...]:
        """What it publishes, as far as that is known: the value of each match, the default."""
        values = (None if self.silent else self.value, self.default)
        return tuple(number for number in values if number is not None)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the events of a log group come from, as the trails that deliver there say.

    ``accounts``: those that captures show; ``all_accounts``: there are no others. ``region``: the only one, or ``""``;
    ``partition``: that of all of them. ``selectors``: those of each trail, none where one takes every management event.
    """

    accounts: frozenset[str] = frozenset()
    all_accounts: bool = False
    region: str = ""
    partition: str = "aws"
    selectors: tuple[tuple[Selector, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Counting:
    """Whether a filter counts nearly every event that reaches its log group (L10), None if that is not known.

    ``all_of_some``: then it counts those of some account, region or event version, or of some kind of caller, reads and
    writes. ``doubtful``: nobody shows what it counts. ``shared``: further filters publish into its metric.
    """

    everything: bool | None
    all_of_some: bool = False
    doubtful: bool = False
    shared: bool = False

    @property
    def may_hold_alarm(self) -> bool:
        """Whether what it counts may keep its alarm in ALARM, be it beside what others publish there (A6, L10)."""
        beside = self.shared and self.everything is None and not self.doubtful
        return bool(self.everything) or self.all_of_some or beside


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of an account and region, by the names of its dimensions (M1): each value of them is one of its own."""

    account_id: str
    region: str
    namespace: str
    name: str
    dimensions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Arrivals:
    """The captured filters that publish into a metric, each once. ``shown``: no other filter can, all of that account
    and region are captured (V3).

    Of many filters each is asked about with all others beside it; what follows is therefore made once.
    """

    publishers: tuple[Publisher, ...]
    shown: bool

    @cached_property
    def units(self) -> frozenset[str]:
        """The units that filters publish in."""
        return frozenset(publisher.unit for publisher in self.speaking)

    @cached_property
    def speaking(self) -> tuple[Publisher, ...]:
        """The filters that may publish anything."""
        return tuple(publisher for publisher in self.publishers if publisher.speaks)

    def beside(self, own: Publisher) -> tuple[Publisher, ...]:
        """The others beside a filter; one that is disputed stands beside itself, since it may publish anything."""
        place = None if own.disputed else self._places.get(own)
        return self.publishers if place is None else self.publishers[:place] + self.publishers[place + 1 :]

    def likeness(self, own: Publisher) -> tuple[Publisher, bool] | None:
        """The same for filters that differ in their names alone and have others of the same kinds, in the same order
        of kinds, beside them; None for one that does not publish here."""
        place = self._places.get(own)
        return None if place is None else self._likenesses[place]

    @cached_property
    def _places(self) -> dict[Publisher, int]:
        return {publisher: place for place, publisher in enumerate(self.publishers)}

    @cached_property
    def _likenesses(self) -> list[tuple[Publisher, bool]]:
        kinds: set[Publisher] = set()
        likenesses = []
        for publisher in self.publishers:
            kind = replace(publisher, filter_name="")
            likenesses.append((kind, kind in kinds))  # the first of its kind leaves another order behind
            kinds.add(kind)
        return likenesses


@dataclass(frozen=True, slots=True)
class Tail:
    """What hangs behind a log group: one metric filter, one alarm on its metric, one topic, its subscription.

    ``links`` holds the states of ``metric_filter`` (apart from its pattern, which only a control can judge),
    ``metric``, ``alarm``, ``topic`` and ``subscription``. ``filter_pattern`` None: no filter is known;
    ``counting``: whether it counts nearly every event that reaches its log group (L10); ``filter_created``: the day it
    was created on, ISO 8601, ``""`` if no capture tells it (L5).
    """

    log_group: LogGroup
    filter_name: str = ""
    filter_pattern: str | None = None
    filter_created: str = ""
    counting: Counting = Counting(False)
    metric_namespace: str = ""
    metric_name: str = ""
    alarm_arn: str = ""
    alarm_item: Item | None = None
    composite_arns: tuple[str, ...] = ()
    topic_arn: str = ""
    subscription_arn: str = ""
    protocol: str = ""
    endpoint: str = ""
    links: Mapping[Link, LinkState] = field(default_factory=dict)

    @property
    def broken(self) -> Link | None:
        """The first broken link (rule V2), whatever the pattern of the filter means."""
        return next((link for link in TAIL_LINKS if self.links[link].state is State.BROKEN), None)

    @property
    def on_unseen_events(self) -> bool:
        """Whether the pattern runs on events that the captures do not show, so that nothing follows from it (L6)."""
        return self.links[Link.METRIC_FILTER].code == steering.FILTER_ON_TRANSFORMED_LOGS

    @property
    def of_missing_filter(self) -> bool:
        """Whether it stands for filters that describe-log-groups counts and no listing shows (L3)."""
        return self.links[Link.METRIC_FILTER].code == steering.FILTERS_FEWER_THAN_COUNTED


def tail_links(**states: LinkState) -> dict[Link, LinkState]:
    """The five links of a tail in chain order; those not named are not reached."""
    return {link: states.get(link.value, NOT_REACHED) for link in TAIL_LINKS}


class TailFacts(TypedDict, total=False):
    """What is known of a tail beside its filter and the states of its links."""

    alarm_arn: str
    alarm_item: Item
    composite_arns: tuple[str, ...]
    topic_arn: str
    subscription_arn: str
    protocol: str
    endpoint: str


class _TailGiven(TailFacts, total=False):
    """The same with the states of the links behind the filter."""

    metric: LinkState
    alarm: LinkState
    topic: LinkState
    subscription: LinkState


def tail_with(base: Tail, structural: LinkState, **changes: Unpack[_TailGiven]) -> Tail:
    """``base`` with what is known of the rest; link states among ``given`` become its links."""
    states = {name: value for name, value in changes.items() if isinstance(value, LinkState)}
    fields = {name: value for name, value in changes.items() if name not in states}
    return replace(base, links=tail_links(metric_filter=structural, **states), **fields)  # type: ignore[arg-type]
