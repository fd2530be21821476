"""Whether filters notice what a required pattern demands: together, and event by event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from auditor.patterns.engine.atoms import Words
from auditor.patterns.engine.budget import Budget, Shares, UndecidableError
from auditor.patterns.engine.formula import EVENT_NAME, EVENT_SOURCE, Node
from auditor.patterns.engine.question import Question
from auditor.patterns.match import Event
from auditor.patterns.parse import parse
from auditor.patterns.readings import READINGS, touched
from auditor.patterns.syntax import Pattern

Pair = tuple[str, str]
"""eventSource and eventName of an event."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether several patterns together count all that is required.

    ``covered`` is None where that is undecidable. ``missed`` are the pairs of the question (without pairs: the
    event names in the patterns) of which some required event is not counted, ``witness`` is such an event.
    ``assumptions`` names the readings under whose alternative ``covered`` would be another one.
    """

    covered: bool | None
    missed: tuple[Pair, ...] | tuple[str, ...] = ()
    witness: Event | None = None
    assumptions: tuple[str, ...] = ()


def cover(patterns: Sequence[Pattern | str], required: Pattern | str, within: Sequence[Pair] | None = None) -> Coverage:
    """Whether each event that ``required`` counts is counted by one of ``patterns``.

    ``within`` restricts the question to events of these (eventSource, eventName) pairs.
    Raises PatternSyntaxError.
    """
    parsed = tuple(_parsed(pattern) for pattern in patterns)
    try:
        return _covered(parsed, _parsed(required), None if within is None else _pairs(within))
    except UndecidableError:
        return Coverage(None)


@lru_cache(maxsize=16384)
def _covered(patterns: tuple[Pattern, ...], required: Pattern, within: tuple[Pair, ...] | None) -> Coverage:
    question = Question([*patterns, required])
    wanted = (*[False] * len(patterns), True)
    covered, missed, witness = _whole(question, wanted) if within is None else _parts(question, wanted, within)
    concerned = touched(required).union(*map(touched, patterns))
    assumptions = []
    budget = Budget()
    for name in READINGS:
        if name in concerned and _holds([*patterns, required], frozenset([name]), wanted, within, budget) != covered:
            assumptions.append(name)
    return Coverage(covered, missed, witness, tuple(assumptions))


def _whole(question: Question, wanted: tuple[bool, ...]) -> tuple[bool | None, tuple[str, ...], Event | None]:
    try:
        witness = question.find(wanted)
    except UndecidableError:
        return None, (), None
    if witness is None:
        return True, (), None
    names = {
        name
        for place in range(len(wanted))
        for part in question.node(place).tests()
        if part.place == EVENT_NAME and isinstance(part.test, Words)
        for name in part.test.strings
    }
    question.budget.renew()
    missing = {name: _missing(question, wanted, question.named(name)) for name in sorted(names)}
    if None in missing.values():  # a list would read as all there is
        return False, (), witness
    return False, tuple(name for name in missing if missing[name]), witness


def _parts(
    question: Question, wanted: tuple[bool, ...], within: tuple[Pair, ...]
) -> tuple[bool | None, tuple[Pair, ...], Event | None]:
    missing: dict[Pair, bool | None] = {}
    shares = Shares(question.budget, len(within))
    for pair in within:
        shares.begin()
        missing[pair] = _missing(question, wanted, _pair(question, pair))
    missed = tuple(pair for pair in within if missing[pair])
    if not missed:
        return (None if None in missing.values() else True), (), None
    question.budget.renew()
    witness = question.find(wanted, _pair(question, missed[0]), kept=frozenset(["eventSource", "eventName"]))
    return False, missed, witness


def _pair(question: Question, pair: Pair) -> Node:
    source, name = pair
    return question.named(name, source)


def _missing(question: Question, wanted: Sequence[bool | None], where: Node | None) -> bool | None:
    try:
        return question.exists(wanted, where)
    except UndecidableError:
        return None


def _holds(
    patterns: Sequence[Pattern],
    readings: frozenset[str],
    wanted: tuple[bool, ...],
    within: tuple[Pair, ...] | None,
    budget: Budget,
) -> bool | None:
    try:
        question = Question(patterns, readings, budget=budget)
    except UndecidableError:
        return None
    places = [None] if within is None else [_pair(question, pair) for pair in within]
    missing = [_missing(question, wanted, where) for where in places]
    return False if True in missing else None if None in missing else True


@lru_cache(maxsize=65536)
def uncounted(patterns: tuple[Pattern, ...], required: Pattern) -> tuple[bool | None, Event | None]:
    """Whether an event that ``required`` counts is counted by none of the patterns, and such an event.

    As ``cover``, the other way round, where it is not asked which names and assumptions it hangs on. None: undecidable.
    """
    try:
        event = Question([*patterns, required]).find((*[False] * len(patterns), True))
    except UndecidableError:
        return None, None
    return event is not None, event


def noticed(pattern: Pattern | str, required: Pattern | str, pairs: Sequence[Pair]) -> tuple[bool | None, ...]:
    """For each (eventSource, eventName): whether ``pattern`` counts every such event that ``required`` counts.

    True as well where ``required`` counts none. None: undecidable. Raises PatternSyntaxError.
    """
    try:
        return _noticed(_parsed(pattern), _parsed(required), _pairs(pairs))
    except UndecidableError:
        return (None,) * len(pairs)


@lru_cache(maxsize=16384)
def _noticed(pattern: Pattern, required: Pattern, pairs: tuple[Pair, ...]) -> tuple[bool | None, ...]:
    question = Question([pattern, required])
    if question.same(0, 1):
        return (True,) * len(pairs)
    tests = [
        part
        for place in (0, 1)
        for part in question.node(place).tests()
        if part.place in (EVENT_NAME, EVENT_SOURCE) and part.test is not None
    ]
    # Pairs that pass the same tests are alike for both patterns, unless one of them reads the text.
    reads_text = not {pattern.kind, required.kind} <= {"json", "all"}
    classes: dict[tuple[object, ...], list[Pair]] = {}
    for source, name in dict.fromkeys(pairs):
        alike = [part.test.accepts(name if part.place == EVENT_NAME else source) for part in tests if part.test]
        classes.setdefault((source, name) if reads_text else tuple(alike), []).append((source, name))
    counted_by_pair: dict[Pair, bool | None] = {}
    shares = Shares(question.budget, len(classes))
    for members in classes.values():
        shares.begin()
        missing = _missing(question, (False, True), _pair(question, members[0]))
        counted_by_pair |= dict.fromkeys(members, None if missing is None else not missing)
    return tuple(counted_by_pair[pair] for pair in pairs)


def _pairs(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    return tuple((source, name) for source, name in pairs)


def _parsed(pattern: Pattern | str) -> Pattern:
    return parse(pattern) if isinstance(pattern, str) else pattern
