"""Space-delimited patterns as languages of whole messages."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from auditor.patterns.decimals import ordered
from auditor.patterns.languages import Automaton, Language, compiled, of_glob, of_regex
from auditor.patterns.numbers import Number
from auditor.patterns.readings import conditions
from auditor.patterns.syntax import (
    BLANKS,
    AllOf,
    AnyOf,
    Characters,
    Compare,
    Condition,
    Field,
    Fields,
    Glob,
    Numeral,
    Pattern,
    Regex,
    Rest,
)

_CLOSES = {"[": "]", '"': '"'}

_Place = tuple[Any, ...]
"""Where a reading of the message stands; the first part is its kind:

``("gap", n)``: between words, n fields are done. ``("word", n, close, inner)``: in a word of field n; ``close``
is the character that ends it (``""``: a blank does) and ``inner`` the states of the field's machines, None for
a word that ``...`` takes. ``("tail", more, close, inner)``: the last field takes the rest of the message, which
stands between words (close None) or in one, and has ``more`` than one word.
"""


def fields_language(fields: Fields, exact: bool) -> Language:
    """The messages that a space-delimited pattern counts; ``exact``: not with more words than fields."""
    name = f"fields {Pattern('delimited', fields, '')} {exact}"
    return Language(name, (), automaton=_FieldsAutomaton(fields.fields, exact))


class _FieldsAutomaton:
    """Reads a message and splits it into words on the way; a state is the set of places it can stand at."""

    def __init__(self, fields: tuple[Field | Rest, ...], exact: bool) -> None:
        self._fields = fields
        self._takes_rest = bool(fields) and not exact and not any(isinstance(item, Rest) for item in fields)
        self._machines: list[list[Automaton]] = [
            []
            if isinstance(item, Rest) or item.condition is None
            else [compiled(_language(single)) for single in _compares(item.condition)]
            for item in fields
        ]
        self.start: Hashable = frozenset([("gap", 0)])

    def characters(self) -> set[Characters]:
        """Blanks, brackets and quotes, and what the fields' machines tell apart."""
        found = {Characters(frozenset(BLANKS)), *(Characters(frozenset(c)) for c in '[]"')}
        return found.union(*(machine.characters() for machines in self._machines for machine in machines))

    def step(self, state: Any, character: str) -> Hashable:
        """The places after ``character``."""
        return frozenset(after for place in state for after in self._after(place, character))

    def accepts(self, state: Any) -> bool:
        """Whether the message may end here."""
        return any(self._ends(place) for place in state)

    def dead(self, state: Any) -> bool:
        """Whether no continuation is accepted."""
        return not state

    def full(self, state: Any) -> bool:
        """Not found out: that only costs time."""
        return False

    def _after(self, place: _Place, character: str) -> Iterator[_Place]:
        blank = character in BLANKS
        if place[0] == "gap":
            if blank:
                yield place
            else:
                yield from self._begun(place[1], character)
        elif place[0] == "word":
            _, field, close, inner = place
            if character == close or (not close and blank):
                yield from self._done(field, inner)
            else:
                yield ("word", field, close, self._moved(field, inner, character))
        else:
            _, more, close, inner = place
            inner = self._moved(len(self._fields) - 1, inner, character)
            if close is None:
                begun = not blank
                yield ("tail", more or begun, _CLOSES.get(character, "") if begun else None, inner)
            else:
                ended = character == close or (not close and blank)
                yield ("tail", more, None if ended else close, inner)

    def _begun(self, field: int, character: str) -> Iterator[_Place]:
        """A word begins after ``field`` fields."""
        close = _CLOSES.get(character, "")
        if field < len(self._fields) and isinstance(self._fields[field], Rest):
            yield ("word", field, close, None)
            field += 1
        if field == len(self._fields):
            return
        inner = tuple(machine.start for machine in self._machines[field])
        moved = self._moved(field, inner, character)
        yield ("word", field, close, inner if close else moved)
        if self._takes_rest and field == len(self._fields) - 1:
            yield ("tail", False, close, moved)

    def _moved(self, field: int, inner: Any, character: str) -> Any:
        if inner is None:
            return None
        return tuple(
            machine.step(state, character) for machine, state in zip(self._machines[field], inner, strict=True)
        )

    def _done(self, field: int, inner: Any) -> Iterator[_Place]:
        if inner is None:
            yield ("gap", field)
        elif self._passes(field, inner):
            yield ("gap", field + 1)

    def _passes(self, field: int, inner: Any) -> bool:
        item = self._fields[field]
        assert isinstance(item, Field)
        truths = iter([machine.accepts(state) for machine, state in zip(self._machines[field], inner, strict=True)])
        return item.condition is None or _holds(item.condition, truths)

    def _ends(self, place: _Place) -> bool:
        if place[0] == "tail":
            return place[1] and self._passes(len(self._fields) - 1, place[3])
        if place[0] == "word":
            return any(self._ends(gap) for gap in self._done(place[1], place[3]))
        left = self._fields[place[1] :]
        return all(isinstance(item, Rest) for item in left)


def _holds(condition: Condition, truths: Iterator[bool]) -> bool:
    """The condition, given in order whether the languages of its comparisons accept the word."""
    if isinstance(condition, AllOf):
        parts = [_holds(part, truths) for part in condition.parts]  # each takes its share of the truths
        return all(parts)
    if isinstance(condition, AnyOf):
        parts = [_holds(part, truths) for part in condition.parts]
        return any(parts)
    assert isinstance(condition, Compare)
    return next(truths) != (condition.operator == "!=")


def _compares(condition: Condition) -> Iterator[Compare]:
    for single in conditions(condition):
        assert isinstance(single, Compare)
        yield single


def _language(condition: Compare) -> Language:
    """The words for which a comparison holds; of ``!=`` those for which it does not."""
    value = condition.value
    if condition.operator not in ("=", "!="):
        assert isinstance(value, Numeral)
        return ordered(condition.operator, Number.parse(value.text))
    if isinstance(value, Regex):
        return of_regex(value)
    return of_glob(Glob((value.text,)) if isinstance(value, Numeral) else value)
