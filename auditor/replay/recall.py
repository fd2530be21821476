"""Matching the same few calls over and over: patterns are asked by their single conditions, whose answers are
remembered by the value that they look at.

The values of an event say which conditions hold, and few sets of conditions hold of any event: which patterns count
the events of one set is found out once.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.patterns import Message, Pattern, match
from auditor.patterns.errors import NumberTooLongError
from auditor.patterns.readings import fits
from auditor.patterns.syntax import AllOf, AnyOf, Compare, Condition, Glob, Is, Name, NotExists, Selector

REMEMBERED = 65_536
"""Values of one member, or sets of conditions, whose answers are remembered at most."""

Readable = dict[str, object] | Message
"""An event that is a JSON object, with or without the text that it was written as."""

_Single = Compare | Is | NotExists
_ABSENT = object()
_NESTED = object()  # an object or array: conditions on it never ask what it holds


class Recall:
    """The answers of :func:`auditor.patterns.match` for some patterns, in bounded memory.

    Conditions on members under names only (``$.userIdentity.type``) are remembered; numbers are asked about each time,
    and so are patterns with other conditions.
    """

    __slots__ = ("_answers", "_formulas", "_members", "_others", "_patterns", "_remembered")

    def __init__(self, patterns: Sequence[Pattern], remembered: int = REMEMBERED) -> None:
        """``remembered``: how many answers of one kind are."""
        self._patterns = tuple(patterns)
        self._remembered = remembered
        self._others: list[tuple[int, Pattern]] = []
        formulas: list[tuple[int, Condition]] = []
        bits: dict[_Single, int] = {}
        for number, pattern in enumerate(patterns):
            singles = list(_singles(pattern.root)) if pattern.kind == "json" else []  # type: ignore[arg-type]
            if not singles or not all(isinstance(step, Name) for condition in singles for step in condition.selector):
                self._others.append((1 << number, pattern))
                continue
            formulas.append((1 << number, pattern.root))  # type: ignore[arg-type]
            for condition in singles:
                bits.setdefault(condition, 1 << len(bits))
        members: dict[Selector, dict[_Single, int]] = {}
        for condition, bit in bits.items():
            members.setdefault(condition.selector, {})[condition] = bit
        self._members = [_Member(selector, conditions) for selector, conditions in members.items()]
        self._formulas = [(bit, _bound(root, bits)) for bit, root in formulas]
        self._answers: dict[int, int] = {}

    def counted(self, event: Readable) -> int:
        """The patterns that match the event: a bit for each, at its number.

        Raises NumberTooLongError where matching does.
        """
        record = event.record if isinstance(event, Message) else event
        try:
            answer = self._answer(self._holding(record))
        except NumberTooLongError:  # of conditions that no pattern may come to
            return sum(1 << number for number, pattern in enumerate(self._patterns) if match(pattern, event))
        for bit, pattern in self._others:
            if match(pattern, event):
                answer |= bit
        return answer

    def _holding(self, record: dict[str, object]) -> int:
        holding = 0
        for member in self._members:
            value: object = record
            for name in member.path:
                value = value.get(name, _ABSENT) if type(value) is dict else _ABSENT
            kind = type(value)
            if kind is dict or kind is list:
                value = _NESTED
            elif kind is not str and kind is not bool and value is not None and value is not _ABSENT:
                holding |= member.holding(record)
                continue
            remembered = member.bits_of_value.get(value)
            if remembered is None:
                if len(member.bits_of_value) >= self._remembered:
                    member.bits_of_value.clear()
                remembered = member.bits_of_value[value] = (
                    member.of_text(value, record) if isinstance(value, str) else member.holding(record)
                )
            holding |= remembered
        return holding

    def _answer(self, holding: int) -> int:
        answer = self._answers.get(holding)
        if answer is None:
            if len(self._answers) >= self._remembered:
                self._answers.clear()
            answer = sum(bit for bit, formula in self._formulas if _holds(formula, holding))
            self._answers[holding] = answer
        return answer


class _Member:
    """One member of events, and the conditions on it."""

    __slots__ = ("_conditions", "_equal", "_fitting", "bits_of_value", "path")

    def __init__(self, selector: Selector, conditions: dict[_Single, int]) -> None:
        self.path = tuple(step.key for step in selector if isinstance(step, Name))
        self.bits_of_value: dict[object, int] = {}
        self._conditions = [(bit, Pattern("json", condition, "")) for condition, bit in conditions.items()]
        self._equal: dict[str, int] = {}
        self._fitting: list[tuple[int, bool, Glob | Pattern]] = []
        for condition, bit in conditions.items():
            match condition:
                case Compare(_, "=", Glob((text,))):
                    self._equal[text] = bit
                case Compare(_, "=" | "!=" as operator, Glob() as glob):
                    self._fitting.append((bit, operator == "=", glob))
                case Compare():
                    self._fitting.append((bit, True, Pattern("json", condition, "")))

    def holding(self, record: dict[str, object]) -> int:
        """The conditions that hold of an event, a bit for each."""
        return sum(bit for bit, condition in self._conditions if match(condition, record))

    def of_text(self, text: str, record: dict[str, object]) -> int:
        """The same of an event that has this text there: those on null, booleans and absence do not hold."""
        holding = self._equal.get(text, 0)
        for bit, wanted, what in self._fitting:
            if (fits(what, text) if isinstance(what, Glob) else match(what, record)) is wanted:
                holding |= bit
        return holding


_Bound = int | tuple[bool, tuple["_Bound", ...]]
"""A condition's bit; or formulas of which all must hold, or else one."""


def _singles(condition: Condition) -> list[_Single]:
    if isinstance(condition, AllOf | AnyOf):
        return [single for part in condition.parts for single in _singles(part)]
    return [condition]


def _bound(condition: Condition, bits: dict[_Single, int]) -> _Bound:
    if isinstance(condition, AllOf | AnyOf):
        return isinstance(condition, AllOf), tuple(_bound(part, bits) for part in condition.parts)
    return bits[condition]


def _holds(formula: _Bound, holding: int) -> bool:
    if isinstance(formula, int):
        return bool(formula & holding)
    every, parts = formula
    return all(_holds(part, holding) for part in parts) if every else any(_holds(part, holding) for part in parts)
