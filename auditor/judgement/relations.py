"""The relation of a found pattern to a control's accepted ones, decided once per distinct pair."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from auditor.judgement.ordinary import counts_all_ordinary, counts_nearly_everything
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
from auditor.patterns.syntax import AllOf, AnyOf, Compare, Condition, Glob, Name, Selector
from auditor.text import listing, one_line
from auditor.verdict import Relation, WitnessKind

_RANK = {
    Relation.EQUAL: 0, Relation.NARROWER: 1, Relation.BROADER: 2, Relation.OVERLAPPING: 3,
    Relation.UNDECIDABLE: 4, Relation.UNPARSABLE: 5, Relation.DISJOINT: 6,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nearest:
    """How a found pattern stands to the accepted pattern nearest to it, with all that a report shows of that.

    ``witness`` is an event the filter misses (``witness_kind`` *missed*) or counts beyond the required ones (*added*),
    ``beyond`` one of the latter in both cases; either shows that the patterns are not equal, also where the relation is
    undecidable, and ``error`` says what was not found out then. ``apart`` says that the filter reads no member of an
    event that the required pattern reads.
    """

    relation: Relation
    required: str
    missed: tuple[str, ...]
    added: tuple[str, ...]
    witness: object
    witness_kind: WitnessKind
    beyond: object
    assumptions: tuple[str, ...]
    error: str
    apart: bool

    @property
    def missed_words(self) -> str:
        """What the filter would not notice, in words."""
        return listing(self.missed, limit=6) or example(self.witness if self.witness_kind == "missed" else None)

    @property
    def added_words(self) -> str:
        """What the filter counts beyond the required events, in words."""
        return listing(self.added, limit=6) or example(self.beyond)

    @property
    def differs(self) -> bool:
        """Whether the filter's pattern is known not to be equal to the required one, whatever else is known of them."""
        return self.relation not in (Relation.EQUAL, Relation.UNDECIDABLE) or self.witness_kind != ""

    @property
    def shown_words(self) -> str:
        """What the witness shows of the filter, in words."""
        if self.witness_kind == "missed":
            return f"would not notice {self.missed_words}"
        return f"counts more than the required events: {self.added_words}"


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
        return _nearest(self.filter_pattern, self.accepted, self.events)

    @property
    def sources(self) -> tuple[str, ...]:
        """The event sources by which alone the filter is narrower: it counts of them what is required."""
        if self.relation is not Relation.NARROWER or not self.counts_all_watched:
            return ()
        return _narrowing_sources(self.filter_pattern, self.nearest.required, self.events)

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
        return _RANK[self.relation]


def example(event: object) -> str:
    """An event in words."""
    if event is None:
        return "further events"
    text = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)
    return f"an event such as {one_line(text, 200)}"


@lru_cache(maxsize=1024)
def worth_having(accepted: tuple[str, ...]) -> tuple[str, ...]:
    """The accepted patterns without those that count nearly every event, if any is left: nobody is told to have such
    a filter, nor is another one called narrower than it.
    """
    return tuple(pattern for pattern in accepted if not counts_all_ordinary(parse(pattern))) or accepted


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
    relation = plainly or _nearest(filter_pattern, accepted, events).relation
    notices: tuple[bool | None, ...] = (False,) * len(events)
    everything = False
    # A pattern that shares no event with the only required one notices none of its events, let alone all.
    if accepted != (objective,) or relation is not Relation.DISJOINT:
        if plainly is None:
            notices = _notices(filter_pattern, objective, events)
        everything = bool(counts_nearly_everything(filter_pattern))
    return PatternRelation(relation, notices, everything, filter_pattern, accepted, events)


@lru_cache(maxsize=8192)
def _nearest(filter_pattern: str, accepted: tuple[str, ...], events: tuple[tuple[str, str], ...]) -> Nearest:
    best: Nearest | None = None
    worthwhile = worth_having(accepted)
    for required in accepted:
        comparison = relate(filter_pattern, required)
        if required not in worthwhile and comparison.relation is not Relation.EQUAL:
            continue
        missed_first = comparison.right_only is not None
        witness = comparison.right_only if missed_first else comparison.left_only
        candidate = Nearest(
            relation=comparison.relation,
            required=required,
            missed=tuple(comparison.missed),
            added=tuple(comparison.added),
            witness=_with_source(witness, filter_pattern, required, events) if missed_first else witness,
            beyond=comparison.left_only,
            witness_kind="missed" if missed_first else "added" if comparison.left_only is not None else "",
            assumptions=tuple(comparison.assumptions),
            error=comparison.error.removeprefix("left pattern: not a filter pattern: "),
            apart=_apart(filter_pattern, required),
        )
        if best is None or _RANK[candidate.relation] < _RANK[best.relation]:
            best = candidate
    assert best is not None  # a variant has at least one accepted pattern (schema)
    return best


def _with_source(witness: object, filter_pattern: str, required: str, events: tuple[tuple[str, str], ...]) -> object:
    """A missed event with an event source, as CloudTrail writes it: the control's, if the filter misses that too."""
    if not isinstance(witness, dict) or "eventSource" in witness:
        return witness
    of_name = [source for source, name in events if name == witness.get("eventName")]
    sources = dict.fromkeys(
        source for source in (*of_name, *(event_source for event_source, _ in events)) if source != ANY_EVENT[0]
    )
    for source in (*sources, *((_ELSEWHERE,) if sources else ())):
        event = {"eventSource": source, **witness}
        if match(parse(required), event) and not match(parse(filter_pattern), event):
            return event
    return witness


@lru_cache(maxsize=8192)
def _narrowing_sources(filter_pattern: str, required: str, events: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The control's event sources, if the filter is the required one asked of these alone; else none."""
    sources = tuple(dict.fromkeys(source for source, _ in events if source != ANY_EVENT[0]))
    narrowed = _of_sources(parse(required), sources) if sources else None
    return sources if narrowed is not None and relate(filter_pattern, narrowed).relation is Relation.EQUAL else ()


def _of_sources(pattern: Pattern, sources: Sequence[str]) -> Pattern | None:
    """The pattern asked of events of these sources alone; None if it reads no JSON."""
    if pattern.kind != "json":
        return None
    conditions = tuple(Compare(_SOURCE, "=", Glob((source,))) for source in sources)
    of_one = conditions[0] if len(conditions) == 1 else AnyOf(conditions)
    return Pattern("json", AllOf((cast("Condition", pattern.root), of_one)), "")


@lru_cache(maxsize=8192)
def shares(filter_pattern: str, objective: str) -> bool:
    """Whether a filter may count some of what the recommended pattern counts, so that it may notice it with others."""
    relation = at_a_glance(filter_pattern, objective) or relate(filter_pattern, objective).relation
    return relation not in (Relation.DISJOINT, Relation.UNPARSABLE)


def _apart(filter_pattern: str, required: str) -> bool:
    try:
        read = parse(filter_pattern).selectors()
    except PatternSyntaxError:
        return False
    return bool(read) and read.isdisjoint(parse(required).selectors())


ANY_EVENT = ("*", "*")
_SOURCE: Selector = (Name("eventSource"),)
_NAME: Selector = (Name("eventName"),)
_ELSEWHERE = "other.amazonaws.com"  # in a made-up event, a service that has a call of the same name (T17)


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
