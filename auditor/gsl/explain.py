"""Why an expression is true, false or undecided, in one sentence; and what was tested, in counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from auditor.gsl.expressions import Evaluator
from auditor.gsl.logic import Truth, Unevidenced, known
from auditor.gsl.outcome import EntityOutcome
from auditor.gsl.syntax import AllOf, AnyOf, Expression, Holds, ListStep, Not, Path, Value, values_of
from auditor.text import count, one_line

_WORDS: dict[Truth, str] = {True: "holds", False: "does not hold", None: "is not decided by the evidence"}
_LABELS = ("name", "id", "trailArn")
_SHOWN = 120


def because(expression: Expression, context: Any, evaluator: Evaluator) -> str:
    """The first part of ``expression`` that settles its truth, with the values found."""
    truth = evaluator.truth(expression, context)
    match expression:
        case Not(part):
            return because(part, context, evaluator)
        case AllOf(parts) | AnyOf(parts):
            deciding = [part for part in parts if evaluator.truth(part, context) is truth]
            # Where all parts agree (a true "and", a false "or"), each is needed; the first stands for them.
            return because(deciding[0], context, evaluator)
    found = "; ".join(_found(value, context, evaluator) for value in values_of(expression) if _names_field(value))
    return f"{one_line(str(expression))} {_WORDS[truth]}{f' ({found})' if found else ''}."


def _names_field(value: Value) -> bool:
    return isinstance(value.operand, Path)


def _found(value: Value, context: Any, evaluator: Evaluator) -> str:
    return f"{value.operand} is {_shown(evaluator.value(Value(value.operand), context))}"


def _shown(value: Any) -> str:
    match value:
        case Unevidenced():
            return "not evidenced"
        case None:
            return "absent"
        case list():
            return f"a list of {count(len(value), 'item')}"
        case Mapping():
            return "an object"
    return one_line(repr(value), _SHOWN)


def label(entity: Any, index: int) -> str:
    """What to call an entity: its name, id or ARN, else its position."""
    if isinstance(entity, Mapping):
        for field in _LABELS:
            value = known(entity.get(field))
            if isinstance(value, str) and value:
                return one_line(value, _SHOWN)
    return f"entity {index}" if isinstance(entity, Mapping) else f"entity {index}, which no capture shows"


def summary(
    entity: str,
    is_list: bool,
    entities: Sequence[Any] | Unevidenced,
    items: tuple[EntityOutcome, ...],
    now: datetime,
) -> Iterator[str]:
    """What was tested, in counts, and at which moment."""
    at = f" (as of {now.isoformat()})" if now.year > 1 else ""  # the year 1: no moment is known, and none is needed
    if isinstance(entities, Unevidenced):
        yield f"Which entities of type {entity} there are is not evidenced{at}."
        return
    if is_list:
        yield f"{entity}: {len(items)} in the list, {sum(item.valid is True for item in items)} as asked for{at}."
        return
    states = [item.complies for item in items]
    yield (
        f"{entity}: {len(items)} tested, {sum(item.relevant is True for item in items)} in scope, "
        f"{states.count(False)} in breach, {states.count(None)} not decided{at}."
    )
    if not any(item.relevant is not False for item in items):
        yield "No entity is in scope, and a rule over entities holds where there is none."


def separate_items(expression: Expression) -> Iterator[str]:
    """A line for each list that one condition tests twice, where the tests may hold for two different items."""
    match expression:
        case Not(part):
            yield from separate_items(part)
            return
        case AllOf(parts) | AnyOf(parts):
            if isinstance(expression, AllOf):
                tested = Counter(name for part in parts if (name := _some_item_of(part)))
                for name in (name for name, times in tested.items() if times > 1):
                    yield f"Two tests of {name} are joined by and: they may hold for two different items of it."
            for part in parts:
                yield from separate_items(part)
            return
    for value in values_of(expression):
        for step in value.steps:
            if isinstance(step, ListStep):
                yield from separate_items(step.condition)


def _some_item_of(expression: Expression) -> str | None:
    match expression:
        case Holds(Value(Path(name), (ListStep("with" | "contain" | "contain-any"),))):
            return name
    return None
