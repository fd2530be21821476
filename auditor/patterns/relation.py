"""The relation of two patterns, with events that prove it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from auditor.patterns.engine.atoms import Fits, Test, Words
from auditor.patterns.engine.budget import Budget, Shares, UndecidableError
from auditor.patterns.engine.formula import EVENT_NAME
from auditor.patterns.engine.languages import EVERY_TEXT
from auditor.patterns.engine.members import member
from auditor.patterns.engine.question import Question
from auditor.patterns.errors import PatternSyntaxError
from auditor.patterns.match import Event
from auditor.patterns.parse import parse
from auditor.patterns.readings import JSON_TEXT, READINGS, touched
from auditor.patterns.syntax import Pattern
from auditor.verdict import Relation

_KINDS = ((True, False), (False, True), (True, True))
"""What the left and the right pattern do with an event that only the left, only the right, or both count."""

_NAMES = ("left_only", "right_only", "both")
_SIDE_WORDS = {
    (True, False): "events that only the left pattern counts",
    (False, True): "events that only the right pattern counts",
    (True, True): "events that both patterns count",
}

_NAMES_STEPS, _ASSUMPTIONS_STEPS = 400_000, 600_000
"""Steps for the names that are listed, and for all other readings."""

_LANGUAGES = 6
"""Languages of event names of which every combination is tried."""


@dataclass(frozen=True, slots=True)
class Relating:
    """The relation of the left pattern to the right one.

    ``left_only``, ``right_only`` and ``both`` are events (a JSON object, or the text of a raw message) that
    only the left one, only the right one, or both count; None if there is none, or if ``open`` names it: then
    it was not found out whether there is one. ``missed`` are the event
    names of which the right one counts events and the left one none of those; ``added`` the other way round;
    empty where this holds of names that no pattern mentions too, or may, since a list would read as all there is.
    ``assumptions`` names the readings under whose alternative the relation would be another one; ``error``
    says for *unparsable* which side does not parse and why, for *undecidable* what was not found out and why.
    """

    relation: Relation
    left_only: Event | None = None
    right_only: Event | None = None
    both: Event | None = None
    missed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    error: str = ""
    open: frozenset[str] = frozenset()

    @property
    def differs(self) -> bool:
        """Whether the patterns are known not to be equal, whatever else is known of them."""
        if self.relation is Relation.UNDECIDABLE:
            return self.left_only is not None or self.right_only is not None
        return self.relation is not Relation.EQUAL

    @property
    def counts_all(self) -> bool | None:
        """Whether the left pattern counts every event that the right one counts; None: not found out."""
        if self.relation is Relation.UNPARSABLE:
            return False
        return None if "right_only" in self.open else self.right_only is None


def relate(left: Pattern | str, right: Pattern | str) -> Relating:
    """How the events that ``left`` counts stand to those that ``right`` counts; never raises on bad patterns."""
    parsed: list[Pattern] = []
    for side, pattern in (("left", left), ("right", right)):
        try:
            parsed.append(parse(pattern) if isinstance(pattern, str) else pattern)
        except PatternSyntaxError as error:
            return Relating(Relation.UNPARSABLE, error=f"{side} pattern: {error}")
    return decided(parsed[0], parsed[1])


@lru_cache(maxsize=65536)
def decided(left: Pattern, right: Pattern) -> Relating:
    """``relate`` for parsed patterns, each pair of trees once."""
    try:
        question = Question([left, right])
    except UndecidableError as error:
        return Relating(Relation.UNDECIDABLE, error=str(error), open=frozenset(_NAMES))
    answers = []
    shares = Shares(question.budget, len(_KINDS))
    for wanted in _KINDS:
        shares.begin()
        answers.append(_answer(question, wanted))
    left_only, right_only, both = answers
    relation = relation_of(left_only.exists, right_only.exists, both.exists)
    events = (left_only.event, right_only.event, both.event)
    unknown = frozenset(name for name, answer in zip(_NAMES, answers, strict=True) if answer.error)
    if relation is Relation.UNDECIDABLE:
        why = next(f"{_SIDE_WORDS[kind]}: {a.error}" for kind, a in zip(_KINDS, answers, strict=True) if a.error)
        return Relating(relation, *events, error=f"it was not found out whether there are {why}", open=unknown)
    missed, added = _names(question, right_only.event, left_only.event)
    return Relating(relation, *events, missed, added, tuple(_assumptions(left, right, relation, events)), open=unknown)


@dataclass(frozen=True, slots=True)
class _Answer:
    """An event, or that there is none, or why that was not found out."""

    event: Event | None = None
    error: str = ""

    @property
    def exists(self) -> bool | None:
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
    if right_only is None and left_only is None:
        return (), ()
    names = frozenset().union(*(test.strings for test in tests if isinstance(test, Words)))
    question.budget.renew(_NAMES_STEPS)
    try:
        return _listed(question, tests, names, right_only is not None, left_only is not None)
    except UndecidableError:
        return (), ()


def _listed(
    question: Question, tests: Sequence[Test], names: frozenset[str], ask_right: bool, ask_left: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    only_by_tests: dict[tuple[bool, ...], tuple[bool, bool]] = {}
    missed, added = [], []
    for name in sorted(names):
        # Names that pass the same tests are alike for both patterns.
        alike = tuple([test.accepts(name) for test in tests])
        if alike not in only_by_tests:
            only_by_tests[alike] = _only(question, name, ask_right, ask_left)
        if only_by_tests[alike][0]:
            missed.append(name)
        if only_by_tests[alike][1]:
            added.append(name)
    other = question.formulas.all_of(
        [
            question.formulas.test(EVENT_NAME, Fits(EVERY_TEXT, numbers=False)),
            question.formulas.test(EVENT_NAME, Words(names, frozenset()), positive=False),
        ]
    )
    ask_right = bool(missed) and question.exists((None, True), other)
    ask_left = bool(added) and question.exists((True, None), other)
    for name in _unnamed(question, tests, names) if ask_right or ask_left else ():
        any_missed, any_added = _only(question, name, ask_right, ask_left)
        missed, added = [] if any_missed else missed, [] if any_added else added
    return tuple(missed), tuple(added)


def _unnamed(question: Question, tests: Sequence[Test], names: frozenset[str]) -> Iterator[str]:
    """A name that no pattern mentions for each combination of the languages that accept it."""
    languages = list(dict.fromkeys(test.language for test in tests if isinstance(test, Fits) and test.strings))
    languages = [language for language in languages if language is not EVERY_TEXT]
    if len(languages) > _LANGUAGES:
        raise UndecidableError("there are too many languages of names to try all combinations")
    for belongs in product((False, True), repeat=len(languages)):
        within = [language for language, holds in zip(languages, belongs, strict=True) if holds]
        outside = [language for language, holds in zip(languages, belongs, strict=True) if not holds]
        name = member(within, outside, names, question.budget)
        if name is not None:
            yield name


def _only(question: Question, name: str, ask_right: bool, ask_left: bool) -> tuple[bool, bool]:
    """Whether only the right, and only the left pattern counts events of this name. Raises UndecidableError."""
    of_name = question.named(name)
    if not (ask_right or ask_left) or question.exists((True, True), of_name):
        return False, False
    return (
        ask_right and question.exists((None, True), of_name),
        ask_left and question.exists((True, None), of_name),
    )


def _assumptions(left: Pattern, right: Pattern, relation: Relation, events: Sequence[Event | None]) -> Iterator[str]:
    """The readings under whose alternative the relation is another one."""
    budget = Budget(_ASSUMPTIONS_STEPS)
    concerned = touched(left) | touched(right)
    for name in READINGS:
        if name in concerned and _relation_under(left, right, events, budget, frozenset([name])) is not relation:
            yield name
    kinds = {left.kind, right.kind}
    mixed = "json" in kinds and kinds & {"terms", "delimited"}
    if mixed and _relation_under(left, right, events, budget, free_text=True) is not relation:
        yield JSON_TEXT


def _relation_under(
    left: Pattern,
    right: Pattern,
    events: Sequence[Event | None],
    budget: Budget,
    readings: frozenset[str] = frozenset(),
    free_text: bool = False,
) -> Relation:
    """The relation under other readings; ``events`` of the readings taken may serve again."""
    try:
        question = Question([left, right], readings, free_text, budget=budget)
    except UndecidableError:
        return Relation.UNDECIDABLE
    if question.same(0, 1):
        return Relation.EQUAL
    exists: list[bool | None] = []
    for kind, event in zip(_KINDS, events, strict=True):
        try:
            exists.append((event is not None and question.confirmed(event, kind)) or question.exists(kind))
        except UndecidableError:
            exists.append(_turned(left, right, readings, free_text, budget, kind))
    return relation_of(*exists)


def _turned(
    left: Pattern, right: Pattern, readings: frozenset[str], free_text: bool, budget: Budget, kind: tuple[bool, bool]
) -> bool | None:
    """The answer with the patterns turned: what a search meets first, and leaves open, hangs on their order."""
    try:
        return Question([right, left], readings, free_text, budget=budget).exists(kind[::-1])
    except UndecidableError:
        return None
