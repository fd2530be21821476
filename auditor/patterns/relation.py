"""The relation of two patterns, with events that prove it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from auditor.patterns.atoms import Words
from auditor.patterns.budget import UndecidableError
from auditor.patterns.errors import PatternSyntaxError
from auditor.patterns.formula import EVENT_NAME
from auditor.patterns.match import Event
from auditor.patterns.parse import parse
from auditor.patterns.question import Question
from auditor.patterns.readings import JSON_TEXT, READINGS, touched
from auditor.patterns.syntax import Pattern
from auditor.verdict import Relation

_KINDS = ((True, False), (False, True), (True, True))
"""What the left and the right pattern do with an event that only the left, only the right, or both count."""


_UNNAMED = "-"
"""Stands for the names that no pattern mentions: no event is called so, and nothing but ``*`` fits it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The relation of the left pattern to the right one.

    ``left_only``, ``right_only`` and ``both`` are events (a JSON object, or the text of a raw message) that
    only the left one, only the right one, or both count; None if there is none. ``missed`` are the event
    names of which the right one counts events and the left one none of those; ``added`` the other way round;
    empty where this holds of names that no pattern mentions too, since a list would read as all there is.
    ``assumptions`` names the readings under whose alternative the relation would be another one; ``error``
    says for *unparsable* which side does not parse and why, for *undecidable* what was too large.
    """

    relation: Relation
    left_only: Event | None = None
    right_only: Event | None = None
    both: Event | None = None
    missed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    error: str = ""


def relate(left: Pattern | str, right: Pattern | str) -> Comparison:
    """How the events that ``left`` counts stand to those that ``right`` counts; never raises on bad patterns."""
    parsed: list[Pattern] = []
    for side, pattern in (("left", left), ("right", right)):
        try:
            parsed.append(parse(pattern) if isinstance(pattern, str) else pattern)
        except PatternSyntaxError as error:
            return Comparison(Relation.UNPARSABLE, error=f"{side} pattern: {error}")
    return decided(parsed[0], parsed[1])


@lru_cache(maxsize=65536)
def decided(left: Pattern, right: Pattern) -> Comparison:
    """``relate`` for parsed patterns, each pair of trees once."""
    try:
        question = Question([left, right])
    except UndecidableError as error:
        return Comparison(Relation.UNDECIDABLE, error=str(error))
    left_only, right_only, both = (_answer(question, wanted) for wanted in _KINDS)
    relation = relation_of(left_only.known, right_only.known, both.known)
    events = (left_only.event, right_only.event, both.event)
    if relation is Relation.UNDECIDABLE:
        return Comparison(relation, *events, error=left_only.error or right_only.error or both.error)
    missed, added = _names(question, right_only.event, left_only.event)
    return Comparison(relation, *events, missed, added, tuple(_assumptions(left, right, relation, events)))


@dataclass(frozen=True, slots=True)
class _Answer:
    """An event, or that there is none, or why that was not found out."""

    event: Event | None = None
    error: str = ""

    @property
    def known(self) -> bool | None:
        return None if self.error else self.event is not None


def _answer(question: Question, wanted: tuple[bool, bool]) -> _Answer:
    if wanted[0] != wanted[1] and question.same(0, 1):
        return _Answer()
    try:
        return _Answer(question.find(wanted))
    except UndecidableError as error:
        return _Answer(error=str(error))


def relation_of(left_only: bool | None, right_only: bool | None, both: bool | None) -> Relation:
    """The relation that follows from which of the three kinds of events exist (None: not found out).

    A pattern that counts nothing is disjoint from every other; two such are equal.
    """
    if left_only and right_only and both:
        return Relation.OVERLAPPING
    if both is False:
        if left_only or right_only:
            return Relation.DISJOINT
        if left_only is False and right_only is False:
            return Relation.EQUAL
    if None in (left_only, right_only, both):
        return Relation.UNDECIDABLE
    if not left_only and not right_only:
        return Relation.EQUAL
    return Relation.BROADER if left_only else Relation.NARROWER


def _names(
    question: Question, right_only: Event | None, left_only: Event | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The event names of which only the right pattern, and only the left one, counts events."""
    if any(pattern.kind != "json" for pattern in question.patterns):
        return (), ()
    tests = [
        part.test
        for place in (0, 1)
        for part in question.node(place).tests()
        if part.place == EVENT_NAME and part.test is not None
    ]
    names = frozenset().union(*(test.strings for test in tests if isinstance(test, Words)))
    known: dict[tuple[bool, ...], tuple[bool, bool]] = {}
    missed, added = [], []
    for name in sorted(names):
        # Names that pass the same tests are alike for both patterns.
        alike = tuple([test.accepts(name) for test in tests])
        if alike not in known:
            known[alike] = _only(question, name, right_only is not None, left_only is not None)
        if known[alike][0]:
            missed.append(name)
        if known[alike][1]:
            added.append(name)
    if missed or added:
        any_missed, any_added = _only(question, _UNNAMED, bool(missed), bool(added))
        missed, added = [] if any_missed else missed, [] if any_added else added
    return tuple(missed), tuple(added)


def _only(question: Question, name: str, ask_right: bool, ask_left: bool) -> tuple[bool, bool]:
    """Whether only the right, and only the left pattern counts events of this name."""
    here = question.named(name)
    try:
        if not (ask_right or ask_left) or question.exists((True, True), here):
            return False, False
        return (
            ask_right and question.exists((None, True), here),
            ask_left and question.exists((True, None), here),
        )
    except UndecidableError:
        return False, False


def _assumptions(left: Pattern, right: Pattern, relation: Relation, events: Sequence[Event | None]) -> Iterator[str]:
    """The readings under whose alternative the relation is another one."""
    concerned = touched(left) | touched(right)
    for name in READINGS:
        if name in concerned and _relation_under(left, right, events, frozenset([name])) is not relation:
            yield name
    kinds = {left.kind, right.kind}
    mixed = "json" in kinds and kinds & {"terms", "delimited"}
    if mixed and _relation_under(left, right, events, free_text=True) is not relation:
        yield JSON_TEXT


def _relation_under(
    left: Pattern,
    right: Pattern,
    events: Sequence[Event | None],
    readings: frozenset[str] = frozenset(),
    free_text: bool = False,
) -> Relation:
    """The relation under other readings; ``events`` of the readings taken may serve again."""
    try:
        question = Question([left, right], readings, free_text)
    except UndecidableError:
        return Relation.UNDECIDABLE
    if question.same(0, 1):
        return Relation.EQUAL
    found: list[bool | None] = []
    for wanted, event in zip(_KINDS, events, strict=True):
        try:
            serves = event is not None and question.confirmed(event, wanted)
            found.append(serves or question.exists(wanted))
        except UndecidableError:
            found.append(None)
    return relation_of(*found)
