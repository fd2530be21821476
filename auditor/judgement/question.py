"""What a control variant asks of an account."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.catalogue import Control, Event, Variant
from auditor.judgement.relations import PatternRelation, relation_to, seen_for_other_events
from auditor.verdict import Relation


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an account: the variant's patterns, the events to notice, and by which reading.

    ``pairs`` are the events as (eventSource, eventName).
    """

    accepted: tuple[str, ...]
    objective_pattern: str
    events: tuple[Event, ...]
    covers: bool  # filters judged by what they notice, together, not by equality
    strict: bool
    pairs: tuple[tuple[str, str], ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pairs", tuple((event.source, event.name) for event in self.events))

    @property
    def objective(self) -> str | None:
        """The recommended pattern where filters may notice events together, else None."""
        return self.objective_pattern if self.covers else None

    def relation(self, filter_pattern: str) -> PatternRelation:
        """How a found pattern stands to the accepted ones."""
        return relation_to(filter_pattern, self.accepted, self.objective_pattern, self.pairs)

    def recommended(self, filter_pattern: str) -> PatternRelation:
        """How a found pattern stands to the control's recommended one."""
        return relation_to(filter_pattern, (self.objective_pattern,), self.objective_pattern, self.pairs)

    def for_other_events(self, filter_pattern: str) -> Relation | None:
        """The relation of a pattern that is for other events, None of one that may be for the control's."""
        plainly = seen_for_other_events(filter_pattern, self.accepted, self.objective_pattern, self.pairs)
        if plainly is not None:
            return plainly
        relation = self.relation(filter_pattern)
        return relation.relation if relation.for_other_events else None


def question(control: Control, variant: Variant, *, covers: bool, strict: bool) -> Question:
    """The question that a control variant asks; the objective is judged on the control's recommended pattern."""
    recommended = control.variants.get("default", variant).patterns[0].pattern
    accepted = tuple(accepted.pattern for accepted in variant.patterns)
    return Question(accepted, recommended, control.events, covers, strict)
