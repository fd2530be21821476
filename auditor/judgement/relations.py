"""The relation of a found pattern to a control's accepted ones, decided once per distinct pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from auditor.judgement.nearest import ANY_EVENT, RANK, Nearest, narrowing_sources, nearest_accepted, worth_having
from auditor.judgement.ordinary import counts_nearly_everything
from auditor.patterns import (
    Event,
    Pattern,
    PatternSyntaxError,
    apart,
    at_a_glance,
    match,
    noticed,
    parse,
    relate,
    uncounted,
    witness,
)
from auditor.patterns.syntax import AllOf, Compare, Condition, Glob, Name, Selector
from auditor.text import listing
from auditor.verdict import Relation

_SOURCE: Selector = (Name("eventSource"),)
_NAME: Selector = (Name("eventName"),)


@dataclass(frozen=True, slots=True)
class PatternRelation:
    """How a found pattern stands to the accepted pattern nearest to it, and what it counts of the control (rule V1).

    ``noticed`` says for each of the control's events whether the filter counts it (None: not decided);
    ``everything`` whether it counts every management event, or nearly every one (rule L10).
    """

    relation: Relation
    noticed: tuple[bool | None, ...]
    everything: bool
    filter_pattern: str
    accepted: tuple[str, ...]
    events: tuple[tuple[str, str], ...]

    @property
    def nearest(self) -> Nearest:
        """All that is shown of it; it is compared only then."""
        return nearest_accepted(self.filter_pattern, self.accepted, self.events)

    @property
    def sources(self) -> tuple[str, ...]:
        """The event sources by which alone the filter is narrower: it counts of them what is required."""
        if self.relation is not Relation.NARROWER or not self.counts_all_watched:
            return ()
        return narrowing_sources(self.filter_pattern, self.nearest.required, self.events)

    @property
    def counts_all_watched(self) -> bool:
        """Whether the filter counts each of the control's events, and not nearly every event there is (V1, L10)."""
        return bool(self.noticed) and all(self.noticed) and not self.everything

    @property
    def for_other_events(self) -> bool:
        """Whether the filter is for other events: none of the control's is sure to be counted, though it may share
        some with the required pattern, as every filter for some calls does where failures or a user are watched.
        """
        shares = self.relation in (Relation.OVERLAPPING, Relation.DISJOINT)
        return shares and all(noticed is False for noticed in self.noticed)

    @property
    def rank(self) -> int:
        """Nearness to the required pattern: 0 equal … 6 disjoint."""
        return RANK[self.relation]


@lru_cache(maxsize=8192)
def seen_for_other_events(
    filter_pattern: str, accepted: tuple[str, ...], objective: str, events: tuple[tuple[str, str], ...]
) -> Relation | None:
    """The relation of a filter that is seen to be for other events without a comparison, else None.

    Then ``relation_to`` says the same, and ``for_other_events``.
    """
    relations = {required: at_a_glance(filter_pattern, required) for required in accepted}
    if None in relations.values():
        return None
    if not apart(filter_pattern, objective):
        missed = [witness(objective), *_of_each_pair(objective, events)]
        if any(event is None or match(filter_pattern, event) for event in missed):
            return None
    elif None in _of_each_pair(objective, events) and accepted != (objective,):
        return None  # of a pair of which nothing is required, nothing is missed
    worthwhile = {relations[required] for required in worth_having(accepted)}
    return Relation.OVERLAPPING if Relation.OVERLAPPING in worthwhile else Relation.DISJOINT


@lru_cache(maxsize=1024)
def _of_each_pair(objective: str, events: tuple[tuple[str, str], ...]) -> tuple[Event | None, ...]:
    """Of each source and name an event that the pattern counts; None where there is none, or it is not found."""
    counting = parse(objective)
    examples: list[Event | None] = []
    for source, name in events:
        if source == ANY_EVENT[0]:
            continue
        if counting.kind != "json":
            return (None,)
        pair = (Compare(_SOURCE, "=", Glob((source,))), Compare(_NAME, "=", Glob((name,))))
        examples.append(uncounted((), Pattern("json", AllOf((cast("Condition", counting.root), *pair)), ""))[1])
    return tuple(examples)


@lru_cache(maxsize=8192)
def relation_to(
    filter_pattern: str, accepted: tuple[str, ...], objective: str, events: tuple[tuple[str, str], ...]
) -> PatternRelation:
    """The relation of a filter's pattern to the nearest of ``accepted``; ``objective`` and ``events`` (source, name)
    for what it notices.
    """
    plainly = seen_for_other_events(filter_pattern, accepted, objective, events)
    relation = plainly or nearest_accepted(filter_pattern, accepted, events).relation
    notices: tuple[bool | None, ...] = (False,) * len(events)
    everything = False
    # A pattern that shares no event with the only required one notices none of its events, let alone all.
    if accepted != (objective,) or relation is not Relation.DISJOINT:
        if plainly is None:
            notices = _notices(filter_pattern, objective, events)
        everything = counts_nearly_everything(filter_pattern).everything is True
    return PatternRelation(relation, notices, everything, filter_pattern, accepted, events)


@lru_cache(maxsize=8192)
def shares(filter_pattern: str, objective: str) -> bool:
    """Whether a filter may count some of what the recommended pattern counts, so that it may notice it with others."""
    relation = at_a_glance(filter_pattern, objective) or relate(filter_pattern, objective).relation
    return relation not in (Relation.DISJOINT, Relation.UNPARSABLE)


def _notices(filter_pattern: str, objective: str, events: tuple[tuple[str, str], ...]) -> tuple[bool | None, ...]:
    """Which of the events a filter notices; a text that is no pattern none."""
    try:
        pattern = parse(filter_pattern)
    except PatternSyntaxError:
        return (False,) * len(events)
    named = iter(noticed(pattern, objective, [event for event in events if event[0] != ANY_EVENT[0]]))
    answers = []
    for source, _ in events:
        if source != ANY_EVENT[0]:
            answers.append(next(named))
            continue
        comparison = relate(pattern, objective)
        undecided = comparison.relation is Relation.UNDECIDABLE
        answers.append(
            comparison.counts_all if undecided else comparison.relation in (Relation.EQUAL, Relation.BROADER)
        )
    return tuple(answers)


def missed_names(relation: PatternRelation, events: Sequence[tuple[str, str]]) -> str:
    """The control's own events that the filter does not notice."""
    names = [name for (_, name), counted in zip(events, relation.noticed, strict=True) if not counted and name != "*"]
    return listing(names, limit=6) or relation.nearest.missed_words


def added_words(relation: PatternRelation) -> str:
    """What the filter counts beyond the required events, in words; of nearly every event also what follows (L10)."""
    words = relation.nearest.added_words
    return f"nearly every event ({words}), so that its alarm would stand in ALARM" if relation.everything else words
