"""Space-delimited patterns as languages of whole messages."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

from auditor.patterns.engine.decimals import ordered
from auditor.patterns.engine.languages import FILLER, Language, of_glob, of_regex, samples
from auditor.patterns.engine.machines import Automaton, Outlook, compiled
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

_KNOWN_LIMIT = 50_000  # steps that an automaton remembers

_ALL, _NONE, _DOOMED = "all", "none", "doomed"
"""For the states of a machine: every continuation is accepted, or none; and for a word that its field refuses."""

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
    words = (_word(item) for item in fields.fields if isinstance(item, Field))
    return Language(name, (), automaton=_FieldsAutomaton(fields.fields, exact), likely=" ".join(words))


def _word(item: Field) -> str:
    """A word that may well be such a field."""
    equal = [single for single in _compares(item.condition) if single.operator != "!="] if item.condition else []
    return next((text for single in equal for text in samples(_language(single)) if text), FILLER)


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
        self.start: frozenset[_Place] = frozenset([("gap", 0)])
        self._known: dict[tuple[_Place, str], tuple[_Place, ...]] = {}
        self._equal = [
            [single.operator != "!=" for single in _compares(item.condition)]
            if isinstance(item, Field) and item.condition is not None
            else []
            for item in fields
        ]
        self._plain = [isinstance(item, Field) and _all_hold(item.condition) for item in fields]
        needed = [0 if isinstance(item, Rest) else 1 for item in fields]
        self._to_come = [sum(needed[number:]) for number in range(len(fields) + 1)]

    def characters(self) -> set[Characters]:
        """Blanks, brackets and quotes, and what the fields' machines tell apart."""
        characters = {Characters(frozenset(BLANKS)), *(Characters(frozenset(c)) for c in '[]"')}
        return characters.union(*(machine.characters() for machines in self._machines for machine in machines))

    def step(self, state: frozenset[_Place], character: str) -> frozenset[_Place]:
        """The places after ``character``."""
        places: list[_Place] = []
        for place in state:
            after = self._known.get((place, character))
            if after is None:
                if len(self._known) >= _KNOWN_LIMIT:
                    self._known.clear()
                after = self._known[place, character] = tuple(self._after(place, character))
            places += after
        return frozenset(places)

    def accepts(self, state: frozenset[_Place]) -> bool:
        """Whether the message may end here."""
        return any(self._ends(place) for place in state)

    def dead(self, state: frozenset[_Place]) -> bool:
        """Whether no continuation is accepted."""
        return not state

    def full(self, state: frozenset[_Place]) -> bool:
        """Whether ``...`` takes whatever follows, or the last field does, whose condition holds already."""
        last = len(self._fields) - 1
        ended = one_word = False
        for place in state:
            if place[0] == "tail":
                if self._settled(last, place[3]):
                    if place[1]:
                        return True
                    one_word = True
            elif place[0] == "gap":
                if place[1] == last and isinstance(self._fields[last], Rest):
                    return True
                ended = ended or place[1] > last
            elif place[1] == last:
                if place[3] is None:
                    return True
                ended = ended or self._settled(last, place[3])
        return one_word and ended

    def _settled(self, field: int, inner: Any) -> bool:
        """Whether the condition of a field holds however the word goes on."""
        return all(state is _ALL or state is _NONE for state in inner) and self._passes(field, inner)

    def outlook(self, state: frozenset[_Place]) -> Outlook:
        """What the word at hand lacks, and a character and a blank for each field that is still to come."""
        return Outlook(min(map(self._left, state), default=0), inf, {})

    def _left(self, place: _Place) -> int:
        if place[0] == "gap":
            return self._to_come[place[1]]
        field, inner = (len(self._fields) - 1, place[3]) if place[0] == "tail" else (place[1], place[3])
        lacking = 0 if inner is None else self._lacks(field, inner)
        return lacking if place[0] == "tail" else lacking + self._to_come[field + (inner is not None)]

    def _lacks(self, field: int, inner: Any) -> int:
        """The characters that the conditions of a field lack; of joined conditions only where all must hold."""
        item = self._fields[field]
        if not isinstance(item, Field) or item.condition is None or not self._plain[field]:
            return 0
        return max(
            (
                machine.outlook(state).least
                for equal, machine, state in zip(self._equal[field], self._machines[field], inner, strict=True)
                if equal and state is not _ALL
            ),
            default=0,
        )

    def places(self, state: frozenset[_Place]) -> Iterator[frozenset[_Place]]:
        """Each place alone."""
        return (frozenset([place]) for place in state)

    def within(self, small: frozenset[_Place], large: frozenset[_Place]) -> bool:
        """Whether the places of one state are all among those of the other."""
        return small <= large

    def cost(self, state: frozenset[_Place]) -> int:
        """By the number of places."""
        return 2 + len(state) // 2

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
            elif (inner := self._moved(field, inner, character)) is not _DOOMED:
                yield ("word", field, close, inner)
        else:
            _, more, close, inner = place
            inner = self._moved(len(self._fields) - 1, inner, character)
            if inner is _DOOMED:
                return
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
        inner = self._plainly(field, [machine.start for machine in self._machines[field]])
        moved = _DOOMED if inner is _DOOMED else self._moved(field, inner, character)
        begun = inner if close else moved
        if begun is not _DOOMED:
            yield ("word", field, close, begun)
        if self._takes_rest and field == len(self._fields) - 1 and moved is not _DOOMED:
            yield ("tail", False, close, moved)

    def _moved(self, field: int, inner: Any, character: str) -> object:
        """The states after ``character``; _DOOMED if the field's condition cannot hold any more."""
        if inner is None:
            return None
        return self._plainly(
            field,
            [
                state if state is _ALL or state is _NONE else machine.step(state, character)
                for machine, state in zip(self._machines[field], inner, strict=True)
            ],
        )

    def _plainly(self, field: int, states: list[object]) -> object:
        """The states, with one sign for those that accept every continuation and one for those that accept none."""
        for place, machine in enumerate(self._machines[field]):
            state = states[place]
            if state is not _ALL and state is not _NONE:
                state = states[place] = _ALL if machine.full(state) else _NONE if machine.dead(state) else state
            if self._plain[field] and state is (_NONE if self._equal[field][place] else _ALL):
                return _DOOMED
        return tuple(states)

    def _done(self, field: int, inner: object) -> Iterator[_Place]:
        if inner is None:
            yield ("gap", field)
        elif self._passes(field, inner):
            yield ("gap", field + 1)

    def _passes(self, field: int, inner: Any) -> bool:
        item = self._fields[field]
        assert isinstance(item, Field)
        truths = iter(
            [
                state is _ALL or (state is not _NONE and machine.accepts(state))
                for machine, state in zip(self._machines[field], inner, strict=True)
            ]
        )
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


def _all_hold(condition: Condition | None) -> bool:
    """Whether every single condition must hold."""
    return not isinstance(condition, AnyOf) and not (
        isinstance(condition, AllOf) and any(isinstance(part, AnyOf) for part in condition.parts)
    )


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
