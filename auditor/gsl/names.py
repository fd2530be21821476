"""Checks the names of a rule before it is evaluated: nothing unknown, nothing without an established meaning."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from auditor.gsl.entity_types import known_types
from auditor.gsl.errors import GslNameError
from auditor.gsl.functions import COMPARISONS, FUNCTIONS, LIST_STEPS, nearest
from auditor.gsl.syntax import (
    Call,
    Expression,
    GroupBy,
    ListStep,
    Path,
    Rule,
    Unestablished,
    Value,
    tests_of,
    values_of,
)
from auditor.text import listing

Fields = Mapping[str, Collection[str]]
"""Field names by entity type, as ``known_fields()`` gives them."""

ITEMS = "items"
"""The one field of the object on which the conditions of a ``List<>`` rule are evaluated."""

GROUP_ITEMS = "values"


@dataclass(frozen=True, slots=True)
class _Context:
    """Where paths start: ``prefix`` in the field table; ``group``: the prefix of the items of a group, if it is one.

    ``whole``: it is the object of a ``List<>`` rule.
    """

    prefix: str
    group: str | None = None
    whole: bool = False


def check(rule: Rule, fields: Fields | None) -> None:
    """Passes if every name of ``rule`` can be evaluated; without ``fields`` any entity type and field can.

    Raises:
        GslNameError: an unknown entity type or field, or a name whose meaning is not established.
    """
    if fields is not None and rule.entity not in fields:
        raise _unknown_entity(rule, fields)
    table = None
    if fields is not None:
        table = _Table(rule, fields[rule.entity])
    checker = _Checker(rule, table)
    for expression in (rule.where, rule.condition, rule.exclude):
        if expression is not None:
            checker.expression(expression, _Context("", whole=rule.is_list))


def _unknown_entity(rule: Rule, fields: Fields) -> GslNameError:
    if rule.entity in known_types():
        return GslNameError(
            rule.text,
            rule.offset,
            rule.entity,
            f"{rule.entity} is an entity type that the evidence does not provide",
            f"It provides {listing(sorted(fields))}; give a JSON list of entities for any other.",
        )
    near = nearest(rule.entity, [*fields, *known_types()])
    advice = f"Did you mean {near}?" if near else f"The evidence provides {listing(sorted(fields))}."
    return GslNameError(rule.text, rule.offset, rule.entity, f"unknown entity type {rule.entity}", advice)


class _Table:
    """The fields of one entity type as a set of places, each with what stands beneath it."""

    def __init__(self, rule: Rule, fields: Collection[str]) -> None:
        self.entity = rule.entity
        start = "items[]." if rule.is_list else ""
        self.places: set[str] = set()
        for name in fields:
            parts = (start + name).split(".")
            self.places.update(".".join(parts[:length]) for length in range(1, len(parts) + 1))

    def has(self, place: str) -> bool:
        """Whether ``place`` is a field, or beneath one whose members are not known."""
        if place in self.places or f"{place}[]" in self.places:
            return True
        parts = place.split(".")
        return any(".".join([*parts[:length], "*"]) in self.places for length in range(1, len(parts)))

    def beneath(self, prefix: str) -> list[str]:
        """The names that a path may have in the context ``prefix``."""
        names = {place[len(prefix) :].removesuffix("[]") for place in self.places if place.startswith(prefix)}
        return sorted(name for name in names if name and "[]" not in name and not name.endswith("*"))

    def list_above(self, place: str) -> str | None:
        """The list that ``place`` runs through without brackets, if that is what is wrong with it."""
        parts = place.split(".")
        above = (".".join(parts[:length]) for length in range(1, len(parts)))
        return next((name for name in above if f"{name}[]" in self.places), None)


class _Checker:
    def __init__(self, rule: Rule, table: _Table | None) -> None:
        self._text = rule.text
        self._entity = rule.entity
        self._table = table

    def expression(self, expression: Expression, context: _Context) -> None:
        for part in tests_of(expression):
            if isinstance(part, Unestablished):
                raise self._gap(part.name, part.offset, COMPARISONS[part.name])
            for place, value in enumerate(values_of(part)):
                self._value(value, context, compared=place > 0)

    def _value(self, value: Value, context: _Context, compared: bool = False) -> None:
        reached = context
        if isinstance(value.operand, Path):
            reached = self._path(value.operand, context, compared)
        elif isinstance(value.operand, Call):
            self._call(value.operand, context)
        for step in value.steps:
            if isinstance(step, Call):
                self._call(step, context)
            elif isinstance(step, GroupBy):
                inner = _Context(f"{reached.prefix}[].") if reached.prefix else reached
                self._path(step.path, inner)
                reached = _Context(reached.prefix, group=reached.prefix)
            else:
                self._list_step(step, reached)

    def _list_step(self, step: ListStep, reached: _Context) -> None:
        if LIST_STEPS[step.name]:
            raise self._gap(step.name, step.offset, LIST_STEPS[step.name])
        inner = reached if reached.group is not None else _Context(f"{reached.prefix}[]." if reached.prefix else "")
        self.expression(step.condition, inner)

    def _call(self, call: Call, context: _Context) -> None:
        if FUNCTIONS[call.name].gap:
            raise self._gap(call.name, call.offset, FUNCTIONS[call.name].gap)
        for argument in call.arguments:
            self._value(argument, context)

    def _path(self, path: Path, context: _Context, compared: bool = False) -> _Context:
        """The place that ``path`` names, as a context for the steps after it; ``compared``: another value with it."""
        if context.whole and path.text != ITEMS:
            raise self._beside_items(path)
        if context.group is not None:
            if path.text != GROUP_ITEMS:
                raise self._gap(path.text, path.offset, f"of a group only the field {GROUP_ITEMS} is known")
            return _Context(context.group)
        place = context.prefix + path.text
        if self._table is None or self._table.has(place):
            return _Context(place)
        raise self._unknown_field(path, context, place, compared)

    def _beside_items(self, path: Path) -> GslNameError:
        near = nearest(path.text, [ITEMS])
        return GslNameError(
            self._text,
            path.offset,
            path.text,
            f"the list of all entities of type {self._entity} has no field {path.text}",
            f"Did you mean {near}?" if near else f"Its one field is {ITEMS}: write {ITEMS} with [{path.text} …].",
        )

    def _unknown_field(self, path: Path, context: _Context, place: str, compared: bool) -> GslNameError:
        assert self._table is not None
        names = self._table.beneath(context.prefix)
        through = self._table.list_above(place)
        if through is not None:
            shown = through[len(context.prefix) :]
            rest = path.text[len(shown) + 1 :]
            called = rest in FUNCTIONS
            advice = f"{shown} is a list: write {shown} {f'{rest}()' if called else f'with [{rest} …]'}."
        else:
            near = nearest(path.text, names)
            advice = f"Did you mean {near}?" if near else f"Known here are {listing(names, limit=8)}."
            if compared:
                quoted = f"A string stands in single quotes: write '{path.text}'."
                advice = f"{advice} {quoted}" if near else quoted
        return GslNameError(
            self._text,
            path.offset,
            path.text,
            f"{self._table.entity} has no field {place.removeprefix('items[].')}",
            advice,
        )

    def _gap(self, name: str, offset: int, gap: str) -> GslNameError:
        return GslNameError(
            self._text, offset, name, f"{name} is known by name only, its meaning is not established ({gap})",
            "The rule is not evaluated, since any result would be a guess.",
        )  # fmt: skip
