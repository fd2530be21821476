"""Texts, numbers and regular expressions as SQL that reads the same in every dialect."""

from __future__ import annotations

import json
import re
from math import inf, isfinite, nextafter

from auditor.patterns.syntax import Branch, Characters, Glob, Regex, Repeat

ESCAPE = "!"
"""The escape of LIKE: a backslash would be one of Spark's literals too."""

REPEATS = 200
"""Repetitions that an expression may count in all: RE2 takes 1,000 and less for wide sets; more is widened."""

_PLAIN = re.compile(r"(?!.*(?:--|/\*|\*/))[A-Za-z0-9 ._:/*@%!+,=-]*")
_UNBOUNDED = {0: "*", 1: "+"}


def is_writable(text: str) -> bool:
    """Whether a text can stand in UTF-8: a lone surrogate cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def literal(text: str, of_bytes: str) -> str:
    """A text as an SQL expression that no character of it can end.

    Letters, digits and signs that mean nothing to any dialect or client are quoted; anything else is written in
    hexadecimal digits, which the dialect's ``of_bytes`` (with ``{digits}``) decodes from UTF-8. Quotation marks and
    backslashes are read differently by each, Spark puts variables in place of ``${…}`` even between quotation marks,
    and clients look for ``;``, ``?`` and comments before the engine reads the statement.
    """
    if _PLAIN.fullmatch(text):
        return f"'{text}'"
    return of_bytes.format(digits=text.encode("utf-8").hex().upper())


def like(glob: Glob) -> str:
    """The pattern of LIKE with the escape ``!`` that a value with wildcards is."""
    pieces = (
        "".join(ESCAPE + character if character in "%_!" else character for character in piece) for piece in glob.pieces
    )
    return "%".join(pieces)


def neighbours(written: str) -> tuple[str, str] | None:
    """The doubles just below and just above a number, as literals; None if it has no double.

    Between them lies the double of every number equal to it, whichever way an engine rounds.
    """
    value = float(written)
    low, high = nextafter(value, -inf), nextafter(value, inf)
    return (f"{low:.17e}", f"{high:.17e}") if isfinite(low) and isfinite(high) else None


def comment(text: str) -> str:
    """A text on one line of ASCII, which no character of it can end, and no variable of Spark."""
    return json.dumps(text).replace("${", "$\\u007b").replace(";", "\\u003b")


def regular_expression(regex: Regex) -> str | None:
    """The expression as RE2, Java and Joni read it alike, to be searched for; None if it is not surely the same.

    Characters beyond ASCII are written differently by each, and long repetitions are refused by some.
    """
    items = [item for branch in regex.branches for item in branch.items]
    counted = sum(item.least if item.most is None else item.most for item in items if item.least != 1 or item.most != 1)
    sets = {item.characters for item in items}
    if counted > REPEATS or any(character >= "\x80" for each in sets for character in each.members):
        return None
    if Characters(frozenset()) in sets:
        return None
    return "|".join(map(_branch, regex.branches))


def _branch(branch: Branch) -> str:
    inside = "".join(map(_repeat, branch.items))
    start, end = "\\A" * branch.at_start, "\\z" * branch.at_end
    return f"(?:{start}{inside}{end})"


def _repeat(item: Repeat) -> str:
    letters = _set(item.characters)
    if item.least == item.most == 1:
        return letters
    if item.most is None:
        return letters + _UNBOUNDED.get(item.least, f"{{{item.least},}}")
    return f"{letters}{{{item.least},{item.most}}}"


def _set(characters: Characters) -> str:
    if not characters.members:
        return "(?s:.)"
    members = sorted(characters.members)
    if not characters.negated and len(members) == 1 and members[0].isalnum():
        return members[0]
    listed = "".join(f"\\x{ord(character):02x}" for character in members)
    return f"[{'^' * characters.negated}{listed}]"
