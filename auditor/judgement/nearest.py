"""Of several accepted patterns the one nearest to a found pattern, and what tells the two apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from auditor.judgement.ordinary import counts_nearly_everything
from auditor.patterns import Pattern, PatternSyntaxError, match, parse, relate
from auditor.patterns.syntax import AllOf, AnyOf, Compare, Condition, Glob, Name, Selector
from auditor.text import listing, one_line
from auditor.verdict import Relation, WitnessKind

RANK = {
    Relation.EQUAL: 0, Relation.NARROWER: 1, Relation.BROADER: 2, Relation.OVERLAPPING: 3,
    Relation.UNDECIDABLE: 4, Relation.UNPARSABLE: 5, Relation.DISJOINT: 6,
}  # fmt: skip
"""Nearness to the required pattern."""

ANY_EVENT = ("*", "*")
_SOURCE: Selector = (Name("eventSource"),)
_ELSEWHERE = "other.amazonaws.com"  # in a made-up event, a service that has a call of the same name (T17)


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
    return (
        tuple(pattern for pattern in accepted if counts_nearly_everything(pattern).everything is not True) or accepted
    )


@lru_cache(maxsize=8192)
def nearest_accepted(filter_pattern: str, accepted: tuple[str, ...], events: tuple[tuple[str, str], ...]) -> Nearest:
    """How a found pattern stands to the nearest of ``accepted``; ``events`` (source, name) are the control's."""
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
        if best is None or RANK[candidate.relation] < RANK[best.relation]:
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
def narrowing_sources(filter_pattern: str, required: str, events: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
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


def _apart(filter_pattern: str, required: str) -> bool:
    try:
        read = parse(filter_pattern).selectors()
    except PatternSyntaxError:
        return False
    return bool(read) and read.isdisjoint(parse(required).selectors())
