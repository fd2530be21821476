"""What the replay of events watches: the filters that hear of an account's calls, and what each control needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.arn import partition_of
from auditor.catalogue import is_global, is_regional, leading_regions
from auditor.chains import Chains, TrailPath, delivers
from auditor.judgement.question import Question
from auditor.judgement.together import parsed_filter
from auditor.patterns import Pattern
from auditor.result import WatchFacts
from auditor.verdict import Link, State

Record = Mapping[str, Any]
"""An event as CloudTrail recorded it, unchecked: clients hand in whatever a bucket holds."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A metric filter of an account behind the trail that feeds it (None: whatever happens reaches it).

    ``sure``: the captures show that it counts what it matches. ``pattern`` None: whatever a filter counts that the
    captures do not show.
    """

    pattern: Pattern | None
    path: TrailPath | None = None
    sure: bool = True
    name: str = ""

    def hears(self, event: Record) -> bool:
        """Whether the trail delivers the event (rules T10, T11, T14, T15)."""
        return self.path is None or _delivers(self.path, event)


@dataclass(slots=True)
class Watch:
    """One control in one account: what must be noticed, the filters that the account has for it, and its others."""

    account_id: str
    control: str
    required: Pattern
    filters: tuple[Filter, ...]
    others: tuple[Filter, ...] = ()
    counted: int = 0
    noticed: int = 0
    by_others: int = 0
    unsure: int = 0
    beyond: int = 0
    missed: list[dict[str, str]] = field(default_factory=list)

    def document(self) -> WatchFacts:
        """The facts of the result."""
        return {
            "account_id": self.account_id,
            "control": self.control,
            "filters": len(
                {
                    (metric_filter.name, metric_filter.pattern)
                    for metric_filter in self.filters
                    if metric_filter.pattern is not None
                }
            ),
            "required_count": self.counted,
            "noticed_count": self.noticed,
            "noticed_by_others_count": self.by_others,
            "unsure_count": self.unsure,
            "missed_count": self.counted - self.noticed - self.unsure,
            "beyond_count": self.beyond,
            "missed": self.missed,
        }


def filters_of(paths: Iterable[TrailPath], chains: Chains, *, strict: bool) -> tuple[Filter, ...]:
    """All metric filters that hear of an account's calls, and one for whatever the captures do not show.

    A filter behind a trail or log group that the captures show to be broken counts nothing, and is left out; one
    behind an unknown link is not sure.
    """
    filters: dict[tuple[str, str, bool], Filter] = {}
    for path in paths:
        if path.gap:
            filters[(path.trail_arn, ",".join(sorted(path.regions or ())), False)] = Filter(None, path, sure=False)
            continue
        links = [path.trail_link, path.log_group_link]
        for tail in chains.tails(path.log_group) if path.log_group is not None else ():
            states = {(link.strict() if strict else link).state for link in (*links, tail.links[Link.METRIC_FILTER])}
            if State.BROKEN in states:
                continue
            group = tail.log_group
            name = f"{group.account_id}:{group.region}:{group.name}:{tail.filter_name}"
            pattern = None if tail.filter_pattern is None else parsed_filter(tail.filter_pattern)
            if tail.filter_pattern is not None and pattern is None:
                continue
            sure = states == {State.OK} and pattern is not None
            shown = None if tail.on_unseen_events else pattern
            filters.setdefault((path.trail_arn, name, sure), Filter(shown, path, sure, name))
    return tuple(filters.values())


def watch_of(account_id: str, control: str, question: Question, filters: Iterable[Filter]) -> Watch:
    """What to watch for a control in an account that has these filters.

    Those that count none of the control's own events for sure are for other events; they are told apart.

    Raises:
        ValueError: the control's pattern is none.
    """
    required = parsed_filter(question.objective_pattern)
    if required is None:
        raise ValueError(f"the pattern that {control} requires is none")
    for_control: list[Filter] = []
    others: list[Filter] = []
    for metric_filter in filters:
        apart = metric_filter.pattern is not None and question.for_other_events(metric_filter.pattern.text) is not None
        (others if apart else for_control).append(metric_filter)
    return Watch(account_id, control, required, tuple(for_control), tuple(others))


def _delivers(path: TrailPath, event: Record) -> bool:
    source, name = str(event.get("eventSource")), str(event.get("eventName"))
    region = event.get("awsRegion")
    if isinstance(region, str) and not path.serves(region):
        return False
    leading = leading_regions(partition_of(region), source) if isinstance(region, str) else ()
    globally = is_global(source) and (not is_regional(source) or region in leading)
    return any(delivers(path, source, name, read_only, globally=globally) for read_only in _kinds(event))


def _kinds(event: Record) -> Iterator[bool]:
    """Whether the event only reads: as it says, or else either."""
    read_only = event.get("readOnly")
    yield from (read_only,) if isinstance(read_only, bool) else (True, False)
