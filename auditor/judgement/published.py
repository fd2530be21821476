"""A control's rule as published, evaluated literally on an account's entities: the answer ``as_published``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.errors import AuditorError
from auditor.gsl import Outcome, Rule, evaluate, known_fields, parse
from auditor.patterns import relate
from auditor.text import one_line
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


def judge_entities(rule: Rule, entities: Any, as_of: str | None) -> Outcome:
    """The outcome of a rule on entities of any type, taken as their JSON says: an unknown field is absent."""
    return evaluate(rule, entities, now=moment(as_of), pattern_equal=pattern_equal)


def read_entities(path: str | Path) -> list[Any]:
    """The entities in a JSON file: a list, or one object.

    Raises:
        AuditorError: the file cannot be read or holds neither.
    """
    remedy = "Give a JSON list of entities."
    try:
        document = json.loads(Path(path).read_bytes())
    except OSError as error:
        raise AuditorError(f"cannot be read ({error.strerror}).", file=str(path), remedy=remedy) from None
    except (ValueError, RecursionError) as error:
        raise AuditorError(f"is no JSON ({one_line(str(error), 200)}).", file=str(path), remedy=remedy) from None
    entities = document if isinstance(document, list) else [document]
    wrong = next((place for place, entity in enumerate(entities) if not isinstance(entity, dict)), None)
    if wrong is not None:
        raise AuditorError("is no entity.", file=str(path), pointer=f"/{wrong}", remedy="Each entity is an object.")
    return entities


def outcome_facts(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON: result, the entities that made it so, readings it depends on, explanation."""
    return {
        "result": outcome.result,
        "items": [
            {
                "index": item.index,
                "label": item.label,
                "relevant": item.relevant,
                "valid": item.valid,
                "excluded": item.excluded,
                "complies": item.complies,
            }
            for item in outcome.items
        ],
        "readings": [{"name": one.name, "taken": one.taken, "other": one.other} for one in outcome.readings],
        "explanation": list(outcome.explanation),
    }


def uses_time(rule: Rule) -> bool:
    """Whether the rule asks what is before or after now."""
    return any(f" {name}(" in str(rule) for name in ("before", "after"))


def moment(as_of: str | None) -> datetime:
    """A date (its last second) or time as a moment in UTC; the beginning of time where none is known."""
    if as_of is None:
        return datetime.min.replace(tzinfo=UTC)
    time = datetime.fromisoformat(as_of if len(as_of) > len("2026-09-30") else f"{as_of}T23:59:59+00:00")
    return time if time.tzinfo else time.replace(tzinfo=UTC)
