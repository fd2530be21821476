"""A control's rule as published, evaluated literally on an account's entities: the answer ``as_published``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from auditor.gsl import Outcome, Rule, evaluate, known_fields, parse
from auditor.patterns import relate
from auditor.verdict import Relation, Verdict

VERDICTS = {"pass": Verdict.PASS, "fail": Verdict.FAIL, "unknown": Verdict.INCONCLUSIVE}


def pattern_equal(found: str, required: str) -> bool | None:
    """Whether two filter patterns are equal in meaning; None: not decided (gsl-reference, section 7)."""
    relation = relate(found, required).relation
    return None if relation is Relation.UNDECIDABLE else relation is Relation.EQUAL


def judge_rule(rule: Rule, entities: Sequence[Any], as_of: str | None) -> Outcome:
    """The outcome of a rule on an account's entities.

    ``as_of`` (ISO date or time) is "now" for ``before`` and ``after``. Raises ``GslNameError`` for an entity,
    field or function that the evidence does not provide or whose meaning is not established.
    """
    return evaluate(rule, entities, now=moment(as_of), pattern_equal=pattern_equal, fields=known_fields())


def as_published(rule: str, entities: Sequence[Any], as_of: str | None) -> Verdict:
    """The verdict of a control's published rule text."""
    return VERDICTS[judge_rule(parse(rule), entities, as_of).result]


def moment(as_of: str | None) -> datetime:
    """A date (its last second) or time as a moment in UTC; the beginning of time where none is known."""
    if as_of is None:
        return datetime.min.replace(tzinfo=UTC)
    time = datetime.fromisoformat(as_of if len(as_of) > len("2026-09-30") else f"{as_of}T23:59:59+00:00")
    return time if time.tzinfo else time.replace(tzinfo=UTC)
