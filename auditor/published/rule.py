"""A control's rule as published, evaluated literally on an account's entities: the answer ``as_published``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from auditor.errors import AuditorError
from auditor.gsl import More, Outcome, Reading, Result, Rule, calls_of, check, decide, evaluate, known_fields, parse
from auditor.patterns import at_a_glance, relate
from auditor.published.entity_filters import UNEVIDENCED
from auditor.verdict import Decided, Relation, Verdict

VERDICTS: dict[Result, Decided] = {"pass": Verdict.PASS, "fail": Verdict.FAIL, "unknown": Verdict.INCONCLUSIVE}


SUBSCRIBER_FIELD = "hasSNSSubscriber"
SUBSCRIBER = Reading(
    "sns-subscriber",
    "hasSNSSubscriber speaks of the topics that alarms on the trail's metric filters notify",
    "it speaks of the trail's own notification topic",
)
"""Of which topic the field speaks is not documented (docs/gsl.md)."""


@lru_cache(maxsize=8192)
def pattern_equal(actual: str, required: str) -> bool | None:
    """Whether two filter patterns are equal in meaning; None: not decided (docs/gsl.md)."""
    if at_a_glance(actual, required) is not None:
        return False
    comparison = relate(actual, required)
    if comparison.differs:
        return False
    return None if comparison.relation is Relation.UNDECIDABLE else comparison.relation is Relation.EQUAL


def judge_rule(rule: Rule, entities: Sequence[Any], as_of: str | None) -> Outcome:
    """The outcome of a rule on an account's entities.

    ``as_of`` (ISO date or time) is "now" for ``before`` and ``after``. Raises ``GslNameError`` for an entity,
    field or function that the evidence does not provide or whose meaning is not established.
    """
    now = moment(as_of)
    outcome = evaluate(rule, entities, now=now, pattern_equal=pattern_equal, fields=known_fields())
    if SUBSCRIBER_FIELD not in rule.text or outcome.result == "unknown":
        return outcome
    others = [_other_subscriber(entity) for entity in entities]
    if decide(rule, others, now=now, pattern_equal=pattern_equal) == outcome.result:
        return outcome
    line = f"Depends on the reading {SUBSCRIBER.name}: {SUBSCRIBER.taken}; if {SUBSCRIBER.other}, it may be another."
    return replace(outcome, readings=(*outcome.readings, SUBSCRIBER), explanation=(*outcome.explanation, line))


def _other_subscriber(entity: Any) -> Any:
    """The trail under the other reading: without a topic of its own nobody is subscribed, with one it is open."""
    if isinstance(entity, More):
        return entity
    return {**entity, SUBSCRIBER_FIELD: UNEVIDENCED if entity.get("snsTopicArn") else "false"}


def as_published(rule: str, entities: Sequence[Any], as_of: str | None) -> Decided:
    """The verdict of a control's published rule text."""
    return VERDICTS[decide(rule_of(rule), entities, now=moment(as_of), pattern_equal=pattern_equal)]


@lru_cache(maxsize=1024)
def rule_of(text: str) -> Rule:
    """The rule of a text, all of whose names the evidence provides. Raises ``GslError``."""
    rule = parse(text)
    if rule.kind == "posture":
        check(rule, known_fields())
    return rule


def judge_entities(rule: Rule, entities: Any, as_of: str | None) -> Outcome:
    """The outcome of a rule on entities of any type, taken as their JSON says: an unknown field is absent.

    Raises:
        GslNameError: the rule uses a name whose meaning is not established.
        AuditorError: the entities nest too deeply.
    """
    try:
        return evaluate(rule, entities, now=moment(as_of), pattern_equal=pattern_equal)
    except RecursionError:
        raise AuditorError("the entities nest too deeply.", remedy="Give the part that the rule asks for.") from None


def uses_time(rule: Rule) -> bool:
    """Whether the rule asks what is before or after now."""
    parts = (rule.where, rule.condition, rule.exclude)
    calls = (call for part in parts if part is not None for call in calls_of(part))
    return any(call.name in ("before", "after") for call in calls)


def moment(as_of: str | None) -> datetime:
    """A date (its last second) or time as a moment in UTC; the beginning of time where none is known."""
    if as_of is None:
        return datetime.min.replace(tzinfo=UTC)
    time = datetime.fromisoformat(as_of if len(as_of) > len("2026-09-30") else f"{as_of}T23:59:59+00:00")
    return time if time.tzinfo else time.replace(tzinfo=UTC)
