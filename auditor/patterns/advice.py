"""The mistakes that people really make in filter patterns, each with its advice.

A mistake is known by the text from the place of the error on (``here``) or by the text before it
(``before``); the first that fits is given. The list follows patterns seen in public code and in reports of
rejected patterns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.patterns.syntax import Kind


@dataclass(frozen=True, slots=True)
class Mistake:
    """``here`` must match at the error, ``before`` must match up to it; ``kinds``: where it can happen. ``unclosed``:
    only where a parenthesis is open; its column stands for ``COLUMN``.
    """

    advice: str
    here: str = ""
    before: str = ""
    kinds: frozenset[Kind] = frozenset({"json"})
    unclosed: bool = False


_JOINT = r"(?:&&|\|\|)"
_ALL: frozenset[Kind] = frozenset({"json", "delimited", "terms"})
_CONDITIONS: frozenset[Kind] = frozenset({"json", "delimited"})

MISTAKES: tuple[Mistake, ...] = (
    Mistake("Escape sequences of another format were left in: write plain double quotes.", r"\\+['\"]", kinds=_ALL),
    Mistake("Single quotes do not quote: write double quotes, or none.", r"'", kinds=_ALL),
    Mistake("Typographic quotes do not quote: write plain double quotes.", "[“”„‟«»‘’]", kinds=_ALL),
    Mistake("Typographic quotes do not quote: write plain double quotes.", "", "[“”„‟«»‘’][^“”]{0,40}$", kinds=_ALL),
    Mistake(
        "A no-break space or another invisible character was pasted in: write a plain blank.",
        "[\u00a0\u200b\ufeff\u2007\u202f]",
        kinds=_ALL,
    ),
    Mistake("Equality is one equals sign: write =, or !=.", r"=", r"[=!]\s*$", kinds=_CONDITIONS),
    Mistake("There is no <>: write !=.", r">", r"<$", kinds=_CONDITIONS),
    Mistake(
        'There is no EXISTS: write = "*" for a field that is a text or number, IS TRUE or IS FALSE for a boolean.',
        r"(?i)(IS\s+)?EXISTS\b",
        r"(?<!NOT)\s*$",
    ),
    Mistake("A blank is missing before NOT EXISTS.", r"(?i)EXISTS\b", r"(?i)NOT\s*$"),
    Mistake("There is no IS NOT: write !=, or name the constants that are left.", r"(?i)IS\s+NOT\b"),
    Mistake("IS takes NULL, TRUE or FALSE: compare texts and numbers with =.", r"(?i)IS\b"),
    Mistake("There is no NOT before a condition: write != or NOT EXISTS after the selector.", r"(?i)NOT\b|!"),
    Mistake("Conditions are joined with && and ||, not with words.", r"(?i)(and|or)\b"),
    Mistake("Conditions are joined with && or ||, not with commas.", r","),
    Mistake("Both signs are needed: write && or ||.", r"[&|](?![&|])", kinds=_CONDITIONS),
    Mistake("There is no =~: write = %regex%, or * as a wildcard.", r"", r"=~\s*$"),
    Mistake(
        "A value with blanks or special characters stands in double quotes.",
        r"[A-Za-z0-9]",
        r"[=<>]\s*[^\s=<>\"%(){}]+\s+$",
        _CONDITIONS,
    ),
    Mistake(
        "A value stands alone: of several write ($.name = A) || ($.name = B).",
        r"\([^)]*\|\|",
        r"=\s*$",
    ),
    Mistake(
        "A value with blanks or special characters stands in double quotes.",
        r"[<\[(!`/:@]",
        r"=\s*[^\s=<>\"%(){}]*$",
        _CONDITIONS,
    ),
    Mistake(
        "A name with special characters is written $['name'].",
        r"\"",
        r"\$[^\s]*\.$",
    ),
    Mistake("A quotation mark is missing at the other end of the value.", r'"', kinds=_ALL),
    Mistake("A percent sign is missing at the other end of the regular expression.", r"%", kinds=_ALL),
    Mistake(
        "A blank splits the name: write the selector without blanks.",
        r"[A-Za-z0-9_-]+\s*(!?=|[<>]|(?i:IS|NOT)\b)",
        r"\$[^\s=]*\s+$",
    ),
    Mistake("A blank follows the dot: write the selector without blanks.", r"\s", r"\$[^\s]*\.$"),
    Mistake("Two dots in a row: write one.", r"\.", r"\.$"),
    Mistake("A selector starts with $. and the name.", r"", r"\$$"),
    Mistake("After [ comes an index such as 0, a * or a name in quotes, then ].", r"\[", r"\$[^\s=]*$"),
    Mistake(
        "The condition is turned round: the selector stands on the left, the value on the right.",
        r"[^\s=(){}]+\s*!?=\s*\$",
    ),
    Mistake("Two joints stand side by side: write one && or ||.", _JOINT, rf"{_JOINT}\s*$"),
    Mistake("A selector starts with $. (such as $.eventName).", r"[A-Za-z_&]", r"(\{|\(|&&|\|\|)\s*$"),
    Mistake("Two groups stand side by side: write && or || between them.", r"\(", r"\)\s*$"),
    Mistake("No condition stands between the braces: write { $.name = value }.", r"\}", r"^\s*\{\s*$"),
    Mistake("Nothing stands in the parenthesis: take it away, or write a condition.", r"[)}]", r"\(\s*$"),
    Mistake("A condition is missing after the last && or ||.", r"[)}]|$", rf"{_JOINT}\s*$"),
    Mistake("The field is compared with nothing: write a value after the operator.", r"[)}]|$", r"(=|<|>)\s*$"),
    Mistake("Nothing is said of the field: write an operator and a value after it.", r"[)}]|$", r"\$[^\s&|=<>]+\s*$"),
    Mistake("There is one parenthesis too many here.", r"\)"),
    Mistake("Nothing may follow the closing brace.", r"\S", r"\}\s*$"),
    Mistake("The parenthesis at column COLUMN is open: write ) where it ends.", r"\}", unclosed=True),
    Mistake(
        "The parenthesis at column COLUMN is open: write ) where it ends. A JSON pattern ends with }.",
        r"$",
        unclosed=True,
    ),
    Mistake("A JSON pattern ends with }.", r"$"),
)

OTHER_KINDS: tuple[Mistake, ...] = (
    Mistake("A JSON pattern stands in braces: { $.name = value }.", r"\$|\(\s*\$", kinds=frozenset({"terms"})),
    Mistake(
        "A stray character stands before the brace; without it this is a JSON pattern.",
        r"\W{1,3}\{",
        kinds=frozenset({"terms"}),
    ),
    Mistake("A term with anything but letters, digits and _ stands in double quotes.", kinds=frozenset({"terms"})),
    Mistake("A space-delimited pattern ends with ].", r"$", kinds=frozenset({"delimited"})),
    Mistake(
        "A blank stands inside the name of a field; names have letters, digits, _ and - only.",
        r"\w",
        kinds=frozenset({"delimited"}),
    ),
)


_WHOLE = re.compile(r'"(?:[^"\\]|\\.)*"|%[^%]*%|[()]')  # texts and expressions, in which a parenthesis is a letter


def _unclosed(before: str) -> list[int]:
    """The columns, from 1, of the parentheses that are open at the end of ``before``."""
    columns: list[int] = []
    for piece in _WHOLE.finditer(before):
        if piece[0] == "(":
            columns.append(piece.start() + 1)
        elif piece[0] == ")" and columns:
            columns.pop()
    return columns


def advice(text: str, offset: int, kind: Kind) -> str:
    """The advice for an error at ``offset`` of ``text``, or ``""``."""
    before = text[:offset]
    unclosed = _unclosed(before)
    for mistake in MISTAKES + OTHER_KINDS:
        if (
            kind in mistake.kinds
            and re.compile(mistake.here).match(text, offset)
            and (not mistake.before or re.search(mistake.before, before))
            and (unclosed or not mistake.unclosed)
        ):
            return mistake.advice.replace("COLUMN", str(unclosed[-1]) if unclosed else "")
    return ""
