"""The meaning of expressions: one value or truth for each node of the tree, in a context."""

from __future__ import annotations

from auditor.gsl.calls import Surroundings, call, groups_of, items_of
from auditor.gsl.logic import UNEVIDENCED, Items, Truth, all_of, any_of, known_value, negate
from auditor.gsl.readings import BARE_STRING_WILDCARD, CONTAIN_ALL_EMPTY, ESCAPED_QUOTE
from auditor.gsl.syntax import (
    AllOf,
    AnyOf,
    Call,
    Compare,
    Expression,
    GroupBy,
    Holds,
    Item,
    Like,
    ListStep,
    Not,
    OneOf,
    Path,
    RegexMatch,
    Step,
    Text,
    Value,
)
from auditor.gsl.values import equal, is_open, like, lookup, ordered, plain, says_yes, unequal


class Evaluator:
    """Evaluates the expressions of checked rules (``auditor.gsl.names.check``) under one choice of readings."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._choice = around.choice

    def truth(self, expression: Expression, context: object) -> Truth:
        """The truth of ``expression`` about ``context`` (an entity, or the item of the innermost bracket)."""
        match expression:
            case AllOf(parts):
                return all_of(self.truth(part, context) for part in parts)
            case AnyOf(parts):
                return any_of(self.truth(part, context) for part in parts)
            case Not(part):
                return negate(self.truth(part, context))
            case Holds(Value(Text() as text, ())):
                return self._is_item(known_value(context), self._string(text))
            case Holds(value):
                return says_yes(self.value(value, context), self._choice)
            case Compare(left, operator, right):
                return self._compare(self.value(left, context), operator, self.value(right, context))
            case Like(value, pattern):
                return like(self.value(value, context), self._string(pattern), self._choice)
            case OneOf(value, choices):
                compared = self.value(value, context)
                return any_of(equal(compared, self.value(choice, context), self._choice) for choice in choices)
            case RegexMatch(value, source, flags):
                return self._matches(self.value(value, context), source, flags)
        raise AssertionError(f"a checked rule has no {type(expression).__name__}")

    def value(self, value: Value, context: object) -> object:
        """The operand with its steps applied, from left to right."""
        match value.operand:
            case Path(text):
                result = lookup(context, text)
            case Item():
                result = known_value(context)
            case Text() as text_:
                result = self._string(text_)
            case operand:
                result = operand.value  # type: ignore[union-attr]
        for step in value.steps:
            if result is UNEVIDENCED:
                return result
            result = self._step(step, result)
        return result

    def _string(self, text: Text) -> str:
        if "'" in text.value and not self._choice.taken(ESCAPED_QUOTE):
            return text.value.replace("'", "\\'")
        return text.value

    def _is_item(self, item: object, text: str) -> Truth:
        same = equal(item, text, self._choice)
        if same is False and "%" in text and like(item, text, self._choice) is not False:
            return not self._choice.taken(BARE_STRING_WILDCARD)
        return same

    def _compare(self, left: object, operator: str, right: object) -> Truth:
        if operator == "=":
            return equal(left, right, self._choice)
        if operator == "!=":
            return unequal(left, right, self._choice)
        return ordered(left, operator, right)  # type: ignore[arg-type]

    def _matches(self, value: object, source: str, flags: str) -> Truth:
        if is_open(value):
            return None
        text = plain(value)
        return False if text is None else self._around.allowance.finds(source, flags, text)

    def _step(self, step: Step, operand: object) -> object:
        match step:
            case Call(name, arguments):
                argument_values = tuple([self.value(argument, None) for argument in arguments])
                return call(name, argument_values, operand, self._around)
            case GroupBy(path):
                return groups_of(operand, path.text)
            case ListStep():
                return self._list_step(step, operand)

    def _list_step(self, step: ListStep, operand: object) -> object:
        items = items_of(operand)
        if items is None:
            # IAM documents hold a string or a list under one key; on the string a list step is false, not an error.
            return Items(()) if step.name == "with" else False
        tested = [(item, self.truth(step.condition, item), member) for item, member in items.members]
        if step.name == "with":
            chosen = ((item, all_of((holds, member))) for item, holds, member in tested)
            return Items(tuple((item, member) for item, member in chosen if member is not False))
        if step.name == "contain-all":
            truth = all_of(any_of((holds, negate(member))) for _, holds, member in tested)
            if truth and items.count().low == 0:
                truth = self._all_of_none(items)
        else:
            truth = any_of(all_of((holds, member)) for _, holds, member in tested)
            truth = negate(truth) if step.name == "contain-none" else truth
        return UNEVIDENCED if truth is None else truth

    def _all_of_none(self, items: Items) -> Truth:
        """``contain-all`` where every item satisfies and there may be none."""
        if self._choice.taken(CONTAIN_ALL_EMPTY):
            return True
        return False if items.count().high == 0 else None
