"""From a rule and entities to an outcome: scope, condition, exclusion; once more for each open reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from auditor.gsl.calls import PatternEqual, Surroundings
from auditor.gsl.explain import because, label, separate_items, summary, unmet_names
from auditor.gsl.expressions import Evaluator
from auditor.gsl.logic import More, Truth, Unevidenced, all_of, any_of, known_value, negate
from auditor.gsl.names import ITEMS, Fields, check
from auditor.gsl.outcome import EntityOutcome, Outcome, Result, result_of
from auditor.gsl.readings import READINGS, Choice
from auditor.gsl.regexes import Allowance
from auditor.gsl.syntax import AllOf, AnyOf, Expression, ListStep, Not, Path, Rule, Value, values_of

Entities = Sequence[Mapping[str, object] | Unevidenced | More] | Unevidenced


def evaluate(
    rule: Rule, entities: Entities, *, now: datetime, pattern_equal: PatternEqual, fields: Fields | None = None
) -> Outcome:
    """The outcome of ``rule`` over all entities of its type.

    ``entities`` is UNEVIDENCED where no capture says which there are, and holds a ``More`` where there may be further
    ones. ``now`` has a time zone (UTC without one) and comes from the evidence, never from the clock.
    ``pattern_equal`` compares a found filter pattern with the required one. ``fields`` (``known_fields()``) makes
    unknown entity types and fields errors; without it an unknown field is absent.

    Raises:
        GslNameError: the rule uses an unknown name, or one whose meaning is not established.
    """
    if rule.kind == "placeholder":
        return Outcome("pass", (), (), ("A placeholder for a requirement that is checked by hand: it always holds.",))
    check(rule, fields)
    evaluation = _Evaluation(rule, entities, now, pattern_equal)
    choice = Choice()
    truth = evaluation.truth(choice)
    readings = tuple(
        reading
        for name, reading in READINGS.items()
        if name in choice.touched and evaluation.truth(Choice(frozenset({name}))) is not truth
    )
    items = evaluation.items()
    explanation = [*evaluation.explain(items)]
    for expression in (rule.where, rule.condition, rule.exclude):
        explanation += [] if expression is None else separate_items(expression)
    explanation += [] if fields is not None else unmet_names(rule, evaluation.entities)
    if evaluation.allowance.left < 0:
        explanation.append("Unknown is what a regular expression finds that takes more steps than one rule may spend.")
    explanation += [
        f"Depends on the reading {reading.name}: {reading.taken}; if {reading.other}, the result is another."
        for reading in readings
    ]
    return Outcome(result_of(truth), items, readings, tuple(explanation))


def decide(rule: Rule, entities: Entities, *, now: datetime, pattern_equal: PatternEqual) -> Result:
    """The result alone that :func:`evaluate` gives for a rule whose names ``check`` has passed."""
    if rule.kind == "placeholder":
        return "pass"
    return result_of(_Evaluation(rule, entities, now, pattern_equal).truth(Choice()))


class _Evaluation:
    """One rule over one list of entities, under any choice of readings."""

    def __init__(self, rule: Rule, entities: Entities, now: datetime, pattern_equal: PatternEqual) -> None:
        self._rule = rule
        whole = known_value(entities)
        self.entities: Any = whole if isinstance(whole, Unevidenced) else list(whole)
        self._now = now if now.tzinfo else now.replace(tzinfo=UTC)
        self._pattern_equal = cache(pattern_equal)
        self.allowance = Allowance()
        self._condition = Not(_condition_of(rule)) if rule.negated else _condition_of(rule)

    def truth(self, choice: Choice) -> Truth:
        """Whether the rule holds under a choice of readings."""
        evaluator = self._evaluator(choice)
        if self._rule.is_list:
            return evaluator.truth(self._condition, {ITEMS: self.entities})
        if isinstance(self.entities, Unevidenced):
            return None
        return all_of(self._complies(evaluator, entity) for entity in self.entities)

    def _complies(self, evaluator: Evaluator, entity: object) -> Truth:
        """Not in scope, or excluded, or the condition holds (docs/gsl.md, Three-valued evaluation)."""
        rule = self._rule
        outside = False if rule.where is None else negate(evaluator.truth(rule.where, entity))
        if outside:
            return True
        excluded = False if rule.exclude is None else evaluator.truth(rule.exclude, entity)
        return True if excluded else any_of((outside, excluded, evaluator.truth(self._condition, entity)))

    def items(self) -> tuple[EntityOutcome, ...]:
        """What the rule says of each entity, and why."""
        if isinstance(self.entities, Unevidenced):
            return ()
        evaluator = self._evaluator(Choice())
        judge = self._counted if self._rule.is_list else self._judged
        return tuple(judge(evaluator, index, entity) for index, entity in enumerate(self.entities))

    def explain(self, items: tuple[EntityOutcome, ...]) -> tuple[str, ...]:
        """What was tested, in counts; of a ``List<>`` rule also what its condition found."""
        rule = self._rule
        lines = tuple(summary(rule.entity, rule.is_list, self.entities, items, self._now))
        if not rule.is_list:
            return lines
        return (*lines, because(self._condition, {ITEMS: self.entities}, self._evaluator(Choice())))

    def _evaluator(self, choice: Choice) -> Evaluator:
        return Evaluator(Surroundings(self._now, self._pattern_equal, choice, self.allowance))

    def _judged(self, evaluator: Evaluator, index: int, entity: object) -> EntityOutcome:
        rule = self._rule
        relevant = True if rule.where is None else evaluator.truth(rule.where, entity)
        valid = evaluator.truth(self._condition, entity)
        excluded = False if rule.exclude is None else evaluator.truth(rule.exclude, entity)
        reason = self._because(self._deciding(relevant, valid, excluded), entity, evaluator)
        return EntityOutcome(index, self._label(index), relevant, valid, excluded, reason)

    def _deciding(self, relevant: Truth, valid: Truth, excluded: Truth) -> Expression:
        """The part of the rule that settles an entity, or that leaves it open."""
        where, exclude = self._rule.where, self._rule.exclude
        if where is not None and (relevant is False or (relevant is None and valid is False)):
            return where
        if exclude is not None and (excluded or (excluded is None and valid is False)):
            return exclude
        return self._condition

    def _counted(self, evaluator: Evaluator, index: int, entity: object) -> EntityOutcome:
        """Of an entity of a ``List<>`` rule: whether it is among the items that the condition asks for."""
        steps = [step.condition for step in _steps_on_items(self._rule.condition)]
        if not steps:
            return EntityOutcome(index, self._label(index), True, True, False, "")
        condition = steps[0] if len(steps) == 1 else AnyOf(tuple(steps))
        reason = self._because(condition, entity, evaluator)
        return EntityOutcome(index, self._label(index), True, evaluator.truth(condition, entity), False, reason)

    def _because(self, part: Expression, entity: object, evaluator: Evaluator) -> str:
        """Why, unless nothing at all is known of the entity: then its label says so."""
        return "" if isinstance(known_value(entity), Unevidenced) else because(part, entity, evaluator)

    def _label(self, index: int) -> str:
        return label(self.entities[index], index)


def _condition_of(rule: Rule) -> Expression:
    assert rule.condition is not None
    return rule.condition


def _steps_on_items(expression: Expression | None) -> list[ListStep]:
    match expression:
        case None:
            return []
        case AllOf(parts) | AnyOf(parts):
            return [step for part in parts for step in _steps_on_items(part)]
        case Not(part):
            return _steps_on_items(part)
    steps = []
    for value in values_of(expression):
        match value:
            case Value(Path(name), (ListStep() as step, *_)) if name == ITEMS:
                steps.append(step)
    return steps
