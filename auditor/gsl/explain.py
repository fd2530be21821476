"""Why an expression is true, false or undecided, in one sentence; what was tested, in counts; what looks odd."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from auditor.gsl.expressions import Evaluator
from auditor.gsl.functions import nearest
from auditor.gsl.logic import MARKER, More, Truth, Unevidenced, known_value
from auditor.gsl.outcome import EntityOutcome
from auditor.gsl.syntax import (
    AllOf,
    AnyOf,
    Expression,
    Holds,
    ListStep,
    Not,
    Path,
    Rule,
    Value,
    tests_of,
    values_of,
)
from auditor.gsl.values import lookup
from auditor.text import count, one_line

_WORDS: dict[Truth, str] = {True: "holds", False: "does not hold", None: "is not decided by the evidence"}
_LABELS = ("name", "id", "trailArn")
_SHOWN = 120
_LOOKED_AT = 100  # entities whose names may be meant by one that no entity has


def because(expression: Expression, context: object, evaluator: Evaluator) -> str:
    """The first part of ``expression`` that settles its truth, with the values found."""
    truth = evaluator.truth(expression, context)
    match expression:
        case Not(part):
            return because(part, context, evaluator)
        case AllOf(parts) | AnyOf(parts):
            deciding = [part for part in parts if evaluator.truth(part, context) is truth]
            # Where all parts agree (a true "and", a false "or"), each is needed; the first stands for them.
            return because(deciding[0], context, evaluator)
    facts = "; ".join(
        _value_in_words(value, context, evaluator) for value in values_of(expression) if _names_field(value)
    )
    return f"{one_line(str(expression), _SHOWN)} {_WORDS[truth]}{f' ({facts})' if facts else ''}."


def _names_field(value: Value) -> bool:
    return isinstance(value.operand, Path)


def _value_in_words(value: Value, context: object, evaluator: Evaluator) -> str:
    shown_value = evaluator.value(Value(value.operand), context)
    match value.steps:
        case (ListStep() as step, *_) if isinstance(shown_value, list) and shown_value:
            truths = [evaluator.truth(step.condition, item) for item in shown_value if not isinstance(item, More)]
            undecided = f" and {truths.count(None)} undecided" if None in truths else ""
            return f"{value.operand} is {_shown(shown_value)}: {truths.count(True)} as in the brackets{undecided}"
    return f"{value.operand} is {_shown(shown_value)}"


def _shown(value: object) -> str:
    match value:
        case Unevidenced():
            return "not evidenced"
        case None:
            return "absent"
        case list():
            shown = [item for item in value if not isinstance(item, More)]
            more = "" if len(shown) == len(value) else " and perhaps more"
            return f"a list of {count(len(shown), 'item')}{more}"
        case Mapping():
            return "an object"
    return one_line(repr(value), _SHOWN)


def label(entity: object, index: int) -> str:
    """What to call an entity: its name, id or ARN, else its position; an unevidenced one may say what it stands for."""
    if isinstance(entity, More) and entity.label:
        return one_line(entity.label, _SHOWN)
    if isinstance(entity, Mapping):
        fields = ("label",) if entity.get(MARKER) is True else _LABELS
        for field in fields:
            value = known_value(entity.get(field))
            if isinstance(value, str) and value:
                return one_line(value, _SHOWN)
    unknown = isinstance(known_value(entity), Unevidenced)
    return f"entity {index}, which no capture shows" if unknown else f"entity {index}"


def summary(
    entity: str,
    is_list: bool,
    entities: Sequence[object] | Unevidenced,
    items: tuple[EntityOutcome, ...],
    now: datetime,
) -> Iterator[str]:
    """What was tested, in counts, and at which moment."""
    at = f" (as of {now.isoformat()})" if now.year > 1 else ""  # the year 1: no moment is known, and none is needed
    if isinstance(entities, Unevidenced):
        yield f"Which entities of type {entity} there are is not evidenced{at}."
        return
    if is_list:
        valid = [item.valid for item in items]
        yield (
            f"{entity}: {len(items)} in the list, {valid.count(True)} as asked for, "
            f"{valid.count(None)} not decided{at}."
        )
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


def unmet_names(rule: Rule, entities: Sequence[object] | Unevidenced) -> Iterator[str]:
    """A line for each field that no entity has: it is taken as absent, and may be a slip of the pen."""
    if isinstance(entities, Unevidenced) or not entities:
        return
    contexts: list[object] = [{"items": entities}] if rule.is_list else list(entities)
    lines = (_unmet(part, contexts) for part in (rule.where, rule.condition, rule.exclude) if part is not None)
    yield from dict.fromkeys(line for some in lines for line in some)


def _unmet(expression: Expression, contexts: list[object]) -> Iterator[str]:
    for test in tests_of(expression):
        for place, value in enumerate(values_of(test)):
            if not isinstance(value.operand, Path):
                continue
            values = [lookup(context, value.operand.text) for context in contexts]
            if contexts and all(field_value is None for field_value in values):
                yield _unmet_name(value.operand.text, contexts, compared=place > 0)
            items = [
                known_value(item) for field_value in values if isinstance(field_value, list) for item in field_value
            ]
            for step in value.steps:
                if not isinstance(step, ListStep):
                    break
                yield from _unmet(step.condition, items)


def _unmet_name(path: str, contexts: list[object], compared: bool) -> str:
    above, dot, last = path.rpartition(".")
    objects = (lookup(context, above) if dot else context for context in contexts[:_LOOKED_AT])
    near = nearest(last, sorted({name for object_ in objects if isinstance(object_, Mapping) for name in object_}))
    hint = f" Did you mean {above}{dot}{near}?" if near and near != last else ""
    hint += f" A string stands in single quotes: '{path}'." if compared else ""
    return f"No entity has a value at {path}, which is taken as absent.{hint}"
