"""A pattern as a condition in SQL that is true of every event that the pattern counts.

The condition is an upper bound. Patterns know ``&&`` and ``||`` alone, which keep bounds; what a single condition
denies (``!=``) is denied here only where the equality is exact, and is widened to every such value where it is not.
SQL's unknown counts as false, as it does in the formulas of patterns: no condition is negated as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.patterns.numbers import Number
from auditor.patterns.readings import touched
from auditor.patterns.sql import literals
from auditor.patterns.sql.dialects import Dialect
from auditor.patterns.syntax import (
    NUMBER,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Everything,
    Fields,
    Glob,
    Is,
    NotExists,
    Numeral,
    Pattern,
    Regex,
    Selector,
    Terms,
    Value,
)

WIDENED = {
    "reads-text": "reads the text of the message as it was written, which a query does not see: selects every event",
    "number-text": "compares the text of a number: selects every number",
    "number-rounding": "compares a number: selects its neighbours in double precision too",
    "number-unequal": "a number may equal it in another spelling: selects every number",
    "selector": "reads a member that the dialect cannot surely address: its condition is taken as true",
    "regex": "is an expression that engines read differently: selects every text and number",
    "null-or-absent": "null and absent are not surely told apart: selects both",
    "surrogate": "holds half a surrogate pair, which no text in UTF-8 has: selects every text",
    "repeated-members": "an object that has a member twice is selected, whatever it holds",
}
"""Why a sieve selects more than its pattern counts, by code."""

_ALWAYS, _NEVER = "TRUE", "FALSE"
_DIGITS = frozenset("0123456789.-")


@dataclass(frozen=True, slots=True)
class Sieve:
    """``where`` is true of each event that ``pattern`` counts, over columns by the number of a member in ``Members``.

    ``widened``: codes of WIDENED, empty where it is true of no other event without repeated members.
    """

    pattern: Pattern
    where: str
    widened: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether it selects exactly what the pattern counts."""
        return not self.widened

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The readings of undocumented behaviour that its selection follows."""
        return tuple(sorted(touched(self.pattern)))


class Members:
    """The members of an event that conditions look at, numbered from 1 in the order in which they are met."""

    def __init__(self) -> None:
        self.numbers: dict[Selector, int] = {}

    def number(self, selector: Selector) -> int:
        """The number of a member, from which the names of its columns follow."""
        return self.numbers.setdefault(selector, len(self.numbers) + 1)


def sieve(pattern: Pattern, dialect: Dialect, members: Members) -> Sieve:
    """The condition of a pattern in a dialect; what it looks at is numbered in ``members``."""
    match pattern.root:
        case Everything():
            bound = _Bound(_ALWAYS)
        case Terms():
            bound = _Bound(_ALWAYS, frozenset({"reads-text"}))
        case Fields(fields):
            bound = _Bound(_ALWAYS, frozenset({"reads-text"} if fields else ()))
        case _:
            bound = _Compiler(dialect, members).bound(pattern.root)
    return Sieve(pattern, bound.sql, tuple(code for code in WIDENED if code in bound.widened))


@dataclass(frozen=True, slots=True)
class _Bound:
    """An upper bound in SQL, and why it is not exact."""

    sql: str
    widened: frozenset[str] = frozenset()


def _widen(code: str, sql: str = _ALWAYS) -> _Bound:
    return _Bound(sql, frozenset({code}))


@dataclass(frozen=True, slots=True)
class _Compiler:
    dialect: Dialect
    members: Members

    def bound(self, condition: Condition) -> _Bound:
        match condition:
            case AllOf(parts):
                return _both([self.bound(part) for part in parts])
            case AnyOf(parts):
                return _either(self._alternatives(parts))
        if self.dialect.path(condition.selector) is None:
            return _widen("selector")
        number = self.members.number(condition.selector)
        kind, text, double = f"kind{number}", f"text{number}", f"number{number}"
        match condition:
            case NotExists() if self.dialect.nulls:
                return _Bound(f"{kind} IS NULL")
            case NotExists() | Is(_, "NULL") if not self.dialect.nulls:
                return _widen("null-or-absent", f"({kind} IS NULL OR {kind} = 'null')")
            case Is(_, constant):
                return _Bound(f"{kind} = '{constant.lower()}'")
            case Compare(_, "=", value):
                return _either([self._text(text, value), _number(kind, double, value)])
            case Compare(_, "!=", value):
                return _either([self._other_text(text, kind, value), _other_number(kind, value)])
            case Compare(_, operator, Numeral(written)):
                return _order(kind, double, operator, written)
        raise AssertionError(condition)

    def _alternatives(self, parts: Sequence[Condition]) -> list[_Bound]:
        """The bounds of alternatives, those that ask one member for single texts together in one list."""
        listed: dict[Selector, list[str]] = {}
        bounds: list[_Bound | Selector] = []
        for part in parts:
            if isinstance(part, Compare) and part.operator == "=" and self._is_listed(part):
                if part.selector not in listed:
                    bounds.append(part.selector)
                assert isinstance(part.value, Glob)
                listed.setdefault(part.selector, []).append(self._literal(part.value.pieces[0]))
            else:
                bounds.append(self.bound(part))
        return [
            each if isinstance(each, _Bound) else _listed(f"text{self.members.number(each)}", listed[each])
            for each in bounds
        ]

    def _is_listed(self, part: Compare) -> bool:
        value = part.value
        return (
            isinstance(value, Glob)
            and len(value.pieces) == 1
            and not _may_fit_a_number(value)
            and literals.is_writable(value.pieces[0])
            and self.dialect.path(part.selector) is not None
        )

    def _literal(self, text: str) -> str:
        return literals.literal(text, self.dialect.of_bytes)

    def _text(self, text: str, value: Value) -> _Bound:
        """Of a text: whether it equals the value."""
        exact = self._test(text, value)
        if exact is not None:
            return _Bound(exact)
        return _widen("regex" if isinstance(value, Regex) else "surrogate", f"{text} IS NOT NULL")

    def _other_text(self, text: str, kind: str, value: Value) -> _Bound:
        """Of a text: whether it does not."""
        exact = self._test(text, value)
        if exact == _NEVER:
            return _Bound(f"{kind} = 'text'")
        if exact is not None:
            return _Bound(_NEVER if exact == f"{text} IS NOT NULL" else f"NOT ({exact})")
        return _widen("regex" if isinstance(value, Regex) else "surrogate", f"{text} IS NOT NULL")

    def _test(self, text: str, value: Value) -> str | None:
        """The condition, unknown of what is no text, that a text fits a value; None if it cannot be written."""
        match value:
            case Numeral(written):
                return f"{text} = {self._literal(written)}"
            case Glob(("", "")):
                return f"{text} IS NOT NULL"
            case Glob(pieces):
                if not all(map(literals.is_writable, pieces)):
                    return None
                if len(pieces) == 1:
                    return f"{text} = {self._literal(pieces[0])}"
                return f"{text} LIKE {self._literal(literals.like(value))} ESCAPE '{literals.ESCAPE}'"
            case Regex(_, branches):
                if not branches:
                    return _NEVER
                source = literals.regular_expression(value)
                if source is None:
                    return None
                return self.dialect.search.format(text=text, regex=self._literal(source))


def _number(kind: str, double: str, value: Value) -> _Bound:
    """Of a number: whether it equals the value."""
    if isinstance(value, Numeral):
        near = literals.neighbours(value.text)
        if near is None:
            return _widen("number-rounding", f"{kind} = 'number'")
        return _widen("number-rounding", f"({kind} = 'number' AND {double} BETWEEN {near[0]} AND {near[1]})")
    if isinstance(value, Glob) and value.pieces == ("", ""):
        return _Bound(f"{kind} = 'number'")
    if isinstance(value, Regex) and not value.branches:
        return _Bound(_NEVER)
    return _widen("number-text", f"{kind} = 'number'") if _may_fit_a_number(value) else _Bound(_NEVER)


def _other_number(kind: str, value: Value) -> _Bound:
    """Of a number: whether it does not."""
    if isinstance(value, Glob) and value.pieces == ("", ""):
        return _Bound(_NEVER)
    every = f"{kind} = 'number'"
    if isinstance(value, Numeral):
        return _widen("number-unequal", every)
    if isinstance(value, Regex) and not value.branches:
        return _Bound(every)
    return _widen("number-text", every) if _may_fit_a_number(value) else _Bound(every)


def _order(kind: str, double: str, operator: str, written: str) -> _Bound:
    near = literals.neighbours(written)
    if near is None:
        return _widen("number-rounding", f"{kind} = 'number'")
    bound = f"{double} <= {near[1]}" if operator in ("<", "<=") else f"{double} >= {near[0]}"
    return _widen("number-rounding", f"({kind} = 'number' AND ({double} IS NULL OR {bound}))")


def _may_fit_a_number(value: Value) -> bool:
    """Whether the text of a number can fit."""
    if not isinstance(value, Glob):
        return True
    if len(value.pieces) > 1:
        return all(set(piece) <= _DIGITS for piece in value.pieces)
    (piece,) = value.pieces
    return set(piece) <= _DIGITS and NUMBER.fullmatch(piece) is not None and Number.parse(piece).plain() == piece


def _listed(text: str, wanted: Sequence[str]) -> _Bound:
    single = list(dict.fromkeys(wanted))
    return _Bound(f"{text} = {single[0]}" if len(single) == 1 else f"{text} IN ({', '.join(single)})")


def _both(bounds: Iterable[_Bound]) -> _Bound:
    parts = list(bounds)
    if any(part.sql == _NEVER for part in parts):
        return _Bound(_NEVER)
    return _joined(parts, " AND ", neutral=_ALWAYS)


def _either(bounds: Iterable[_Bound]) -> _Bound:
    parts = list(bounds)
    if any(part == _Bound(_ALWAYS) for part in parts):
        return _Bound(_ALWAYS)
    if any(part.sql == _ALWAYS for part in parts):
        return _Bound(_ALWAYS, frozenset(code for part in parts for code in part.widened))
    return _joined(parts, " OR ", neutral=_NEVER)


def _joined(parts: Sequence[_Bound], sign: str, *, neutral: str) -> _Bound:
    widened = frozenset(code for part in parts for code in part.widened)
    sqls = list(dict.fromkeys(part.sql for part in parts if part.sql != neutral))
    if len(sqls) < 2:
        return _Bound(sqls[0] if sqls else neutral, widened)
    return _Bound(f"({sign.join(sqls)})", widened)
