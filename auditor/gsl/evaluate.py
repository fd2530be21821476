"""From a rule and entities to an outcome: scope, condition, exclusion; once more for each open reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from auditor.gsl.calls import PatternEqual, Surroundings
from auditor.gsl.explain import because, label, separate_items, summary
from auditor.gsl.expressions import Evaluator
from auditor.gsl.logic import Truth, Unevidenced, all_of, any_of, known
from auditor.gsl.names import Fields, check
from auditor.gsl.outcome import EntityOutcome, Outcome, result_of
from auditor.gsl.readings import READINGS, Choice
from auditor.gsl.syntax import AllOf, AnyOf, Expression, ListStep, Not, Path, Rule, Value, values_of

Entities = Sequence[Mapping[str, Any] | Unevidenced] | Unevidenced

ITEMS = "items"
"""The one field of the object on which the condition of a ``List<>`` rule is evaluated."""


def evaluate(
    rule: Rule, entities: Entities, *, now: datetime, pattern_equal: PatternEqual, fields: Fields | None = None
) -> Outcome:
    """The outcome of ``rule`` over all entities of its type.

    ``entities`` is UNEVIDENCED where no capture says which there are. ``now`` has a time zone (UTC without one)
    and comes from the evidence, never from the clock. ``pattern_equal`` compares a found filter pattern with the
    required one. ``fields`` (``known_fields()``) makes unknown entity types and fields errors; without it an
    unknown field is absent.

    Raises:
        GslNameError: the rule uses an unknown name, or one whose meaning is not established.
    """
    if rule.kind == "placeholder":
        return Outcome("pass", (), (), ("A placeholder for a requirement that is checked by hand: it always holds.",))
    check(rule, fields)
    moment = now if now.tzinfo else now.replace(tzinfo=UTC)
    evaluation = _Evaluation(rule, known(entities), moment, cache(pattern_equal))
    truth, items, choice = evaluation.run(frozenset())
    readings = tuple(
        reading
        for name, reading in READINGS.items()
        if name in choice.touched and evaluation.run(frozenset({name}))[0] is not truth
    )
    explanation = [*evaluation.explain(truth, items)]
    for expression in (rule.where, rule.condition, rule.exclude):
        explanation += [] if expression is None else separate_items(expression)
    explanation += [
        f"Depends on the reading {one.name}: {one.taken}; if {one.other}, the result is another." for one in readings
    ]
    return Outcome(result_of(truth), items, readings, tuple(explanation))


class _Evaluation:
    """One rule over one list of entities, under any choice of readings."""

    def __init__(self, rule: Rule, entities: Entities, now: datetime, pattern_equal: PatternEqual) -> None:
        self._rule = rule
        self._entities: Entities = entities if isinstance(entities, Unevidenced) else [known(one) for one in entities]
        self._now = now
        self._pattern_equal = pattern_equal

    def run(self, turned: frozenset[str]) -> tuple[Truth, tuple[EntityOutcome, ...], Choice]:
        """Whether the rule holds with the readings ``turned`` round, what it says of each entity, and its choices."""
        choice = Choice(turned)
        evaluator = self._evaluator(choice)
        if self._rule.is_list:
            whole = self._judge(evaluator, 0, {ITEMS: self._entities})
            return whole.complies, self._matching(evaluator), choice
        if isinstance(self._entities, Unevidenced):
            return None, (), choice
        items = tuple(self._judge(evaluator, index, entity) for index, entity in enumerate(self._entities))
        return all_of(item.complies for item in items), items, choice

    def explain(self, truth: Truth, items: tuple[EntityOutcome, ...]) -> tuple[str, ...]:
        """Why the rule holds, does not, or is not decided: the entities first, then what decided each."""
        evaluator = self._evaluator(Choice())
        lines = list(summary(self._rule.entity, self._rule.is_list, self._entities, items, self._now))
        condition = self._condition()
        if self._rule.is_list:
            return (*lines, because(condition, {ITEMS: self._entities}, evaluator))
        if isinstance(self._entities, Unevidenced):
            return tuple(lines)
        for item in items:
            if item.complies is truth and truth is not True:
                entity = self._entities[item.index]
                undecided = next(
                    (
                        part
                        for part, state in ((self._rule.where, item.relevant), (self._rule.exclude, item.excluded))
                        if part is not None and state is None and item.valid is not None
                    ),
                    condition,
                )
                lines.append(f"{item.label}: {because(undecided, entity, evaluator)}")
        return tuple(lines)

    def _evaluator(self, choice: Choice) -> Evaluator:
        return Evaluator(Surroundings(self._now, self._pattern_equal, choice))

    def _condition(self) -> Expression:
        assert self._rule.condition is not None
        return Not(self._rule.condition) if self._rule.negated else self._rule.condition

    def _judge(self, evaluator: Evaluator, index: int, entity: Any) -> EntityOutcome:
        rule = self._rule
        return EntityOutcome(
            index,
            label(entity, index),
            True if rule.where is None else evaluator.truth(rule.where, entity),
            evaluator.truth(self._condition(), entity),
            False if rule.exclude is None else evaluator.truth(rule.exclude, entity),
        )

    def _matching(self, evaluator: Evaluator) -> tuple[EntityOutcome, ...]:
        """For a ``List<>`` rule: of each entity whether it is among the items that the condition asks for."""
        if isinstance(self._entities, Unevidenced):
            return ()
        steps = list(_steps_on_items(self._rule.condition))
        return tuple(
            EntityOutcome(
                index,
                label(entity, index),
                True,
                any_of(evaluator.truth(step.condition, entity) for step in steps) if steps else True,
                False,
            )
            for index, entity in enumerate(self._entities)
        )


def _steps_on_items(expression: Expression | None) -> list[ListStep]:
    match expression:
        case None:
            return []
        case AllOf(parts) | AnyOf(parts):
            return [step for part in parts for step in _steps_on_items(part)]
        case Not(part):
            return _steps_on_items(part)
    found = []
    for value in values_of(expression):
        match value:
            case Value(Path("items"), (ListStep() as step, *_)):
                found.append(step)
    return found
