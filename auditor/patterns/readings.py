"""The readings that AWS's documentation leaves open: each a named assumption with the other reading.

The pattern room takes one reading of each (docs/patterns.md gives the sources); a relation that would be
another one under the other reading lists the assumption. Questions of *acceptance* (letter case of keywords,
which characters an unquoted value may hold, quoted names in brackets) are not listed: a pattern found in an
account has been accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from auditor.patterns.syntax import (
    AllOf,
    AnyElement,
    AnyMember,
    AnyOf,
    Compare,
    Condition,
    Fields,
    Glob,
    Is,
    NotExists,
    Numeral,
    Pattern,
    Regex,
    Term,
    Terms,
)

_NUMBER_CHARACTERS = frozenset("0123456789.-+eE")


@dataclass(frozen=True, slots=True)
class Reading:
    """One open question: the reading taken, the other one, and which conditions it can touch."""

    name: str
    taken: str
    other: str
    touches: Callable[[Compare | Is | NotExists], bool] = lambda _: False


def _unequal(condition: Compare | Is | NotExists) -> bool:
    return isinstance(condition, Compare) and condition.operator == "!="


def _equality(condition: Compare | Is | NotExists) -> bool:
    return isinstance(condition, Compare) and condition.operator in ("=", "!=")


def _boolean(condition: Compare | Is | NotExists) -> bool:
    if not isinstance(condition, Compare) or condition.operator not in ("=", "!="):
        return False
    if condition.operator == "!=" or isinstance(condition.value, Regex):
        return True
    return isinstance(condition.value, Glob) and any(fits(condition.value, word) for word in ("true", "false"))


def _ends_fixed(condition: Compare | Is | NotExists) -> bool:
    """Whether a wildcard stands before a piece that must end the text: only there the first place can be wrong."""
    if not isinstance(condition, Compare) or not isinstance(condition.value, Glob):
        return False
    pieces = condition.value.pieces
    return len(pieces) > 1 and bool(pieces[-1])


def _numeral(condition: Compare | Is | NotExists) -> bool:
    return _equality(condition) and isinstance(condition.value, Numeral)  # type: ignore[union-attr]


def _text_on_number(condition: Compare | Is | NotExists) -> bool:
    if not isinstance(condition, Compare) or isinstance(condition.value, Numeral):
        return False
    if not isinstance(condition.value, Glob):
        return True
    pieces = condition.value.pieces
    return pieces != ("", "") and all(set(piece) <= _NUMBER_CHARACTERS for piece in pieces)


def _order(condition: Compare | Is | NotExists) -> bool:
    return isinstance(condition, Compare) and condition.operator not in ("=", "!=")


def _unequal_any(condition: Compare | Is | NotExists) -> bool:
    return _unequal(condition) and any(isinstance(step, AnyElement | AnyMember) for step in condition.selector)


MISSING_NOT_EQUAL = "missing-not-equal"
NULL_NOT_EQUAL = "null-not-equal"
BOOLEAN_TEXT = "boolean-comparison"
LEFTMOST_WILDCARD = "leftmost-wildcard"
NUMERAL_TEXT = "unquoted-number"
NUMBER_TEXT = "quoted-number"
TEXT_ORDER = "text-order"
WILDCARD_NOT_EQUAL = "wildcard-selector-not-equal"
OPTIONAL_TERMS = "optional-terms"
SURPLUS_WORDS = "surplus-words"
JSON_TEXT = "json-text"

CONDITION_READINGS: tuple[Reading, ...] = (
    Reading(
        MISSING_NOT_EQUAL, "!= is false where the field is absent", "!= is true where the field is absent", _unequal
    ),
    Reading(NULL_NOT_EQUAL, "!= is false where the field is null", "!= is true where the field is null", _unequal),
    Reading(
        BOOLEAN_TEXT,
        "= and != are false where the field is true or false",
        "= and != compare the words true and false",
        _boolean,
    ),
    Reading(
        LEFTMOST_WILDCARD,
        "* stands for any characters that let the whole value fit",
        "what follows a * is taken where it first occurs, without a second try",
        _ends_fixed,
    ),
    Reading(
        NUMERAL_TEXT,
        "an unquoted number also equals the text that is written like it",
        "an unquoted number equals numbers only",
        _numeral,
    ),
    Reading(
        NUMBER_TEXT,
        "a text compares with a number's plain decimal text",
        "a text compares with a number as it is written",
        _text_on_number,
    ),
    Reading(
        TEXT_ORDER,
        "<, <=, > and >= are false for a text",
        "<, <=, > and >= compare a text that is a decimal number by its value",
        _order,
    ),
    Reading(
        WILDCARD_NOT_EQUAL,
        "!= with a wildcard selector is true if one selected value differs",
        "!= with a wildcard selector is true if a value is selected and none equals",
        _unequal_any,
    ),
)

OTHER_READINGS: tuple[Reading, ...] = (
    Reading(
        OPTIONAL_TERMS,
        "? terms are ignored beside other terms",
        "? terms count beside other terms: one of them must occur",
    ),
    Reading(
        SURPLUS_WORDS,
        "the last field of a space-delimited pattern takes the rest of the message",
        "a message with more words than fields does not match",
    ),
    Reading(
        JSON_TEXT,
        "an event's text is compact JSON that escapes only what JSON requires",
        "an event's text may be any JSON text of it",
    ),
)

READINGS: dict[str, Reading] = {reading.name: reading for reading in CONDITION_READINGS + OTHER_READINGS}


def fits(glob: Glob, text: str) -> bool:
    """Whether the whole of ``text`` fits a value with wildcards."""
    first, *others = glob.pieces
    if not others:
        return text == first
    *middle, last = others
    if not text.startswith(first) or len(text) < len(first) + len(last) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for piece in middle:
        start = text.find(piece, position, end)
        if start < 0:
            return False
        position = start + len(piece)
    return True


def fits_leftmost(glob: Glob, text: str) -> bool:
    """The same where each piece after a wildcard is taken at its first place, without a second try."""
    first, *others = glob.pieces
    if not others:
        return text == first
    if not text.startswith(first):
        return False
    position = len(first)
    for piece in others:
        start = text.find(piece, position)
        if start < 0:
            return False
        position = start + len(piece)
    return not others[-1] or position == len(text)


def conditions(condition: Condition) -> Iterator[Compare | Is | NotExists]:
    """The single conditions of a formula."""
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from conditions(part)
    else:
        yield condition


def touched(pattern: Pattern) -> frozenset[str]:
    """The assumptions that could matter for what ``pattern`` matches."""
    root = pattern.root
    if isinstance(root, Terms):
        return frozenset([OPTIONAL_TERMS] if mixes_optional(root.terms) else [])
    if isinstance(root, Fields):
        return frozenset([SURPLUS_WORDS] if root.fields else [])
    if pattern.kind == "all":
        return frozenset()
    singles = list(conditions(root))  # type: ignore[arg-type]
    return frozenset(
        reading.name for reading in CONDITION_READINGS if any(reading.touches(single) for single in singles)
    )


def mixes_optional(terms: tuple[Term, ...]) -> bool:
    """Whether ``?`` terms stand beside others."""
    return len({term.sign == "?" for term in terms}) == 2
