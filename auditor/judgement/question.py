"""What a control variant asks of an account."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.catalogue import Control, Event, Variant
from auditor.judgement.relations import ANY_EVENT, PatternRelation, alternatives, relation_to


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

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The events as (eventSource, eventName), of any call with the part of the pattern for a name."""
        parts = self.parts or [event.name for event in self.events]
        return tuple((event.source, part or event.name) for event, part in zip(self.events, parts, strict=True))

    def relation(self, found: str) -> PatternRelation:
        """How a found pattern stands to the accepted ones."""
        return relation_to(found, self.accepted, self.objective_pattern, self.pairs)


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
