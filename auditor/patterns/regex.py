"""The reduced regular expressions of filter patterns: ``%…%`` as alternatives of plain sequences.

AWS documents letters, digits, a few symbols and the operators ``^ $ ? [ ] { } | \\ * + .``; no groups. So an
expression is a set of branches and a branch a sequence of repeated character sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.patterns.syntax import Branch, Characters, Regex, Repeat

PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_#=@/;,- \t\r\n\f\v")
OPERATORS = frozenset("^$?[]{}|\\*+.")

_DIGITS = frozenset("0123456789")
_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_SPACE = frozenset(" \t\n\r\f\v")
_CLASSES = {
    "d": Characters(_DIGITS),
    "D": Characters(_DIGITS, negated=True),
    "w": Characters(_WORD),
    "W": Characters(_WORD, negated=True),
    "s": Characters(_SPACE),
    "S": Characters(_SPACE, negated=True),
}
ANY = Characters(frozenset(), negated=True)

_QUANTIFIER = re.compile(r"([*+?])|\{([0-9]+)?(,)?([0-9]+)?\}")
_HEX = re.compile(r"x([0-9A-Fa-f]{2})")


class RegexError(ValueError):
    """Not a regular expression of filter patterns; ``offset`` into the source, ``expected`` in words."""

    def __init__(self, offset: int, expected: str, advice: str = "") -> None:
        super().__init__(expected)
        self.offset = offset
        self.expected = expected
        self.advice = advice


def parse_regex(source: str) -> Regex:
    """The expression between the percent signs. Raises RegexError."""
    for offset, character in enumerate(source):
        if character not in PLAIN and character not in OPERATORS:
            raise RegexError(
                offset,
                "a character that regular expressions of filter patterns allow",
                "Groups are not supported; write \\x28 and \\x29 for parentheses."
                if character in "()"
                else "Letters, digits, blanks, : _ # = @ / ; , - and ^ $ ? [ ] { } | \\ * + . are allowed; "
                "write any other ASCII character as \\xhh.",
            )
    return Regex(source, tuple(_branches(source)))


def _branches(source: str) -> Iterator[Branch]:
    position = 0
    while True:
        branch, position = _branch(source, position)
        if branch is not None:
            yield branch
        if position >= len(source):
            return
        position += 1  # the bar


def _branch(source: str, position: int) -> tuple[Branch | None, int]:
    """The branch at ``position`` (None if its anchors can never hold) and where it ends."""
    items: list[Repeat] = []
    at_start = at_end = False
    possible = True
    while position < len(source) and source[position] != "|":
        character = source[position]
        if character in "^$":
            if _QUANTIFIER.match(source, position + 1):
                raise RegexError(position + 1, "no quantifier after an anchor")
            position += 1
            if character == "^":
                # What stands before the start of the text can only be empty.
                possible = possible and not any(item.least for item in items)
                items, at_start = [], True
            else:
                at_end = True
            continue
        characters, position = _set(source, position)
        least, most, position = _quantifier(source, position)
        if at_end:
            possible = possible and not least
        else:
            items.append(Repeat(characters, least, most))
    if not possible:
        return None, position
    return Branch(tuple(items), at_start, at_end), position


def _quantifier(source: str, position: int) -> tuple[int, int | None, int]:
    hit = _QUANTIFIER.match(source, position)
    if hit is None:
        return 1, 1, position
    symbol, least, comma, most = hit.groups()
    end = hit.end()
    if source[end : end + 1] == "?":  # a reluctant quantifier finds the same texts
        end += 1
    if _QUANTIFIER.match(source, end):
        raise RegexError(end, "one quantifier only")
    if symbol:
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[symbol]
        return low, high, end
    if least is None and most is None:
        raise RegexError(position + 1, "a number of repetitions such as {2} or {2,5}")
    low = int(least or 0)
    high = (int(most) if most is not None else None) if comma else low
    if high is not None and high < low:
        raise RegexError(position + 1, "a range of repetitions that rises")
    return low, high, end


def _set(source: str, position: int) -> tuple[Characters, int]:
    character = source[position]
    if character == ".":
        return ANY, position + 1
    if character == "\\":
        return _escape(source, position + 1)
    if character == "[":
        return _class(source, position)
    if character in OPERATORS:
        raise RegexError(position, "a character, a class or \\ before an operator that is meant literally")
    return Characters(frozenset(character)), position + 1


def _escape(source: str, position: int) -> tuple[Characters, int]:
    """The set that the escape after a backslash stands for."""
    character = source[position : position + 1]
    if character in _CLASSES:
        return _CLASSES[character], position + 1
    if hexadecimal := _HEX.match(source, position):
        return Characters(frozenset(chr(int(hexadecimal[1], 16)))), hexadecimal.end()
    if not character or character.isalnum():
        raise RegexError(position, "d, D, s, S, w, W, xhh or a symbol after \\")
    return Characters(frozenset(character)), position + 1


def _class(source: str, start: int) -> tuple[Characters, int]:
    """The class ``[…]`` at ``start``: members, ranges and escapes, ``^`` first for all others."""
    position = start + 1
    negated = source.startswith("^", position)
    position += negated
    included = Characters(frozenset())
    while (character := source[position : position + 1]) != "]":
        if not character or character == "[":
            raise RegexError(position, "] at the end of the class")
        first, position = _member(source, position)
        if source.startswith("-", position) and source[position + 1 : position + 2] not in ("]", ""):
            last, end = _member(source, position + 1)
            low, high = _single(first), _single(last)
            if low is None or high is None or low > high:
                raise RegexError(position, "a range of characters that rises")
            first, position = Characters(frozenset(map(chr, range(ord(low), ord(high) + 1)))), end
        included = _union(included, first)
    if position == start + 1 + negated:
        raise RegexError(position, "a member of the class")
    return Characters(included.members, included.negated != negated), position + 1


def _member(source: str, position: int) -> tuple[Characters, int]:
    if source[position] == "\\":
        return _escape(source, position + 1)
    return Characters(frozenset(source[position])), position + 1


def _single(characters: Characters) -> str | None:
    """The only character of the set, or None."""
    if characters.negated or len(characters.members) != 1:
        return None
    return next(iter(characters.members))


def _union(left: Characters, right: Characters) -> Characters:
    if left.negated and right.negated:
        return Characters(left.members & right.members, negated=True)
    if left.negated:
        return Characters(left.members - right.members, negated=True)
    if right.negated:
        return Characters(right.members - left.members, negated=True)
    return Characters(left.members | right.members)
