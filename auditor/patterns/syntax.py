"""The syntax tree of a filter pattern and its canonical print.

Trees are immutable and compare by meaning of the text: redundant parentheses, blanks and quotation marks
are gone, ``&&`` and ``||`` are flat. ``parse(str(pattern)) == pattern``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

LENGTH_LIMIT = 1024
"""Characters of a filter pattern (PutMetricFilter API reference)."""

BLANKS = " \t\r\n\f\v"

Kind = Literal["json", "terms", "delimited", "all"]
Operator = Literal["=", "!=", "<", "<=", ">", ">="]
Constant = Literal["NULL", "TRUE", "FALSE"]

NAME = re.compile(r"[A-Za-z0-9_-]+")
BARE = re.compile(r"[^ \t\r\n\f\v(){}\[\]&|=!<>\"'%,\\`]+")
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Name:
    """The member ``key`` of an object."""

    key: str


@dataclass(frozen=True, slots=True)
class Index:
    """The element at ``position`` (from 0) of an array."""

    position: int


@dataclass(frozen=True, slots=True)
class AnyElement:
    """``[*]``: every element of an array."""


@dataclass(frozen=True, slots=True)
class AnyMember:
    """``.*``: every member of an object."""


Step = Name | Index | AnyElement | AnyMember
Selector = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Glob:
    """A text with wildcards: ``pieces`` are the literal runs between them (one piece: no wildcard)."""

    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numeral:
    """An unquoted number, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Characters:
    """A set of characters; ``negated``: all but these."""

    members: frozenset[str]
    negated: bool = False

    def __contains__(self, character: str) -> bool:
        return (character in self.members) != self.negated


@dataclass(frozen=True, slots=True)
class Repeat:
    """``least`` to ``most`` (None: any number of) characters of a set."""

    characters: Characters
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Branch:
    """One alternative of a regular expression; AWS has no groups, so it is a plain sequence."""

    items: tuple[Repeat, ...]
    at_start: bool
    at_end: bool


@dataclass(frozen=True, slots=True)
class Regex:
    """``%source%``. A branch whose anchors can never hold is not among ``branches``."""

    source: str
    branches: tuple[Branch, ...] = field(compare=False)


Value = Glob | Numeral | Regex


@dataclass(frozen=True, slots=True)
class Compare:
    """``selector operator value``; ``<`` and its kin take a Numeral."""

    selector: Selector
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Is:
    """``selector IS NULL`` (TRUE, FALSE)."""

    selector: Selector
    constant: Constant


@dataclass(frozen=True, slots=True)
class NotExists:
    """``selector NOT EXISTS``."""

    selector: Selector


@dataclass(frozen=True, slots=True)
class AllOf:
    """``&&`` of two or more."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """``||`` of two or more."""

    parts: tuple[Condition, ...]


Condition = Compare | Is | NotExists | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Term:
    """A term of an unstructured pattern: ``-`` must not occur, ``?`` one of these must, else it must."""

    sign: Literal["", "-", "?"]
    what: str | Regex


@dataclass(frozen=True, slots=True)
class Terms:
    """An unstructured pattern."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a space-delimited pattern; the selector of its conditions is its name.

    A comma after the last field is one more, without a name (``""``): AWS numbers it.
    """

    name: str
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class Rest:
    """``...``: any number of fields."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A space-delimited pattern."""

    fields: tuple[Field | Rest, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """The empty pattern."""


Root = Compare | Is | NotExists | AllOf | AnyOf | Terms | Fields | Everything


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed filter pattern; two are equal if their trees are, whatever their texts."""

    kind: Kind
    root: Root
    text: str = field(compare=False)

    def selectors(self) -> frozenset[Selector]:
        """The members of an event that a JSON pattern reads; empty for the other kinds, which read the whole text."""
        return frozenset(_selectors(self.root)) if self.kind == "json" else frozenset()

    def __str__(self) -> str:
        """The canonical print: spaced for reading, tight where that would pass AWS's length limit."""
        spaced = _print(self.root, " ")
        return spaced if len(spaced) <= LENGTH_LIMIT else _print(self.root, "")


def _selectors(root: Root) -> Iterator[Selector]:
    if isinstance(root, AllOf | AnyOf):
        for part in root.parts:
            yield from _selectors(part)
    elif isinstance(root, Compare | Is | NotExists):
        yield root.selector


def _print(root: Root, blank: str) -> str:
    if isinstance(root, Everything):
        return ""
    if isinstance(root, Terms):
        return " ".join(term.sign + _term(term.what) for term in root.terms)
    if isinstance(root, Fields):
        return f"[{f',{blank}'.join(_field(item, blank) for item in root.fields)}]"
    return f"{{{blank}{print_condition(root, blank)}{blank}}}"


def _field(item: Field | Rest, blank: str) -> str:
    if isinstance(item, Rest):
        return "..."
    return item.name if item.condition is None else print_condition(item.condition, blank, item.name)


def _term(what: str | Regex) -> str:
    if isinstance(what, Regex):
        return f"%{what.source}%"
    return what if re.fullmatch(r"[A-Za-z0-9_]+", what) else _quote(what)


def print_condition(condition: Condition, blank: str = " ", name: str = "") -> str:
    """The text of a condition; ``name`` stands for the selector in a space-delimited pattern."""
    if isinstance(condition, AllOf):
        return f"{blank}&&{blank}".join(
            f"({print_condition(part, blank, name)})" if isinstance(part, AnyOf) else print_condition(part, blank, name)
            for part in condition.parts
        )
    if isinstance(condition, AnyOf):
        return f"{blank}||{blank}".join(print_condition(part, blank, name) for part in condition.parts)
    selector = name or print_selector(condition.selector)
    if isinstance(condition, Is):
        return f"{selector} IS {condition.constant}"
    if isinstance(condition, NotExists):
        return f"{selector} NOT EXISTS"
    return f"{selector}{blank}{condition.operator}{blank}{print_value(condition.value)}"


def print_selector(selector: Selector) -> str:
    """``$.a['b.c'][0].*``"""
    return "$" + "".join(_step(step) for step in selector)


def _step(step: Step) -> str:
    match step:
        case Name(key):
            if NAME.fullmatch(key):
                return f".{key}"
            return f"[{_quote(key)}]" if "'" in key else f"['{key}']"
        case Index(position):
            return f"[{position}]"
        case AnyElement():
            return "[*]"
        case AnyMember():
            return ".*"


def print_value(value: Value) -> str:
    """The shortest text of a value: unquoted where the syntax allows."""
    match value:
        case Numeral(text):
            return text
        case Regex(source):
            return f"%{source}%"
        case Glob(pieces):
            text = "*".join(pieces)
            return text if BARE.fullmatch(text) and not NUMBER.fullmatch(text) else _quote(text)


def _quote(text: str) -> str:
    # A backslash needs its own escape only where it would otherwise start one (docs/patterns.md, row 24).
    quoted = []
    for place, character in enumerate(text):
        starts_escape = character == "\\" and text[place + 1 : place + 2] in ('"', "\\", "")
        quoted.append("\\" + character if character == '"' or starts_escape else character)
    return f'"{"".join(quoted)}"'
