"""The points that the sources leave open: each a named reading with the one taken and the other.

A result depends on a reading if it changes when that one reading is turned round and all others stay; which
ones do is found by evaluating again.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """One open question of the rule language."""

    name: str
    taken: str
    other: str


CONTAIN_ALL_EMPTY = "contain-all-empty"
ABSENT_NOT_EQUAL = "absent-not-equal"
BARE_FALSE_TEXT = "bare-false-text"
BARE_EMPTY = "bare-empty"
NUMBER_TEXT = "number-text"
LETTER_CASE = "letter-case"
LIKE_DOT = "like-dot"
BARE_STRING_WILDCARD = "bare-string-wildcard"
MONTHS = "months"
PRIVATE_RANGES = "private-ranges"
PATTERN_EQUALITY = "pattern-equality"
ESCAPED_QUOTE = "escaped-quote"

READINGS: dict[str, Reading] = {
    reading.name: reading
    for reading in (
        Reading(CONTAIN_ALL_EMPTY, "contain-all is true on an empty list", "contain-all is false on an empty list"),
        Reading(ABSENT_NOT_EQUAL, "an absent field != any value", "!= is false for an absent field"),
        Reading(BARE_FALSE_TEXT, "a field with the string 'false' says no", "a field with any string says yes"),
        Reading(BARE_EMPTY, "a field with 0, '' or {} says no", "a field with 0, '' or {} says yes"),
        Reading(NUMBER_TEXT, "a number equals the string that is written like it", "a number equals numbers only"),
        Reading(LETTER_CASE, "= compares strings with regard to letter case", "= ignores letter case"),
        Reading(LIKE_DOT, "a dot in like is a dot", "a dot in like stands for any one character"),
        Reading(BARE_STRING_WILDCARD, "% in a bare string in brackets is itself", "% in it is a wildcard, as in like"),
        Reading(MONTHS, "months are calendar months", "a month is thirty days"),
        Reading(
            PRIVATE_RANGES,
            "private is RFC 1918 and RFC 4193, all else is public",
            "public is what IANA lists as globally reachable",
        ),
        Reading(
            PATTERN_EQUALITY,
            "isFilterPatternEqual compares the meaning of the patterns",
            "isFilterPatternEqual compares their texts",
        ),
        Reading(ESCAPED_QUOTE, r"\' in a string is a single quote", r"\' in a string is a backslash and a quote"),
    )
}


class Choice:
    """Which readings are turned round in one evaluation, and which ones mattered for a value in it."""

    __slots__ = ("touched", "turned")

    def __init__(self, turned: frozenset[str] = frozenset()) -> None:
        self.turned = turned
        self.touched: set[str] = set()

    def taken(self, name: str) -> bool:
        """Whether the reading ``name`` is the one taken; asked only where the two would differ."""
        self.touched.add(name)
        return name not in self.turned
