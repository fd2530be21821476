"""Texts of a policy compared with texts of a request: wildcards, ARNs, policy variables.

Sources: IAM User Guide, condition operators, policy variables and resource element; rule S5.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

from auditor.chains.policy.three_valued import Truth

_PARTS = 6
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_ESCAPED = ("*", "?", "$")  # ${*}, ${?} and ${$} are the characters themselves


class Wild(Enum):
    """A place where any characters, or any single one, may stand."""

    ANY = "*"
    SINGLE = "?"


Pattern = Sequence[str | Wild]


@lru_cache(maxsize=128)
def pattern_of(text: str, *, wild: bool, variables: bool) -> Pattern | None:
    """The characters and wildcards of a policy's text; None: it has a policy variable, whose value is not known.

    ``variables``: whether the policy's version knows variables at all (2012-10-17; letters in the older one).
    """
    tokens: list[str | Wild] = []
    rest = 0
    for variable in _VARIABLE.finditer(text) if variables else ():
        if variable[1] not in _ESCAPED:
            return None
        tokens += [*_tokens(text[rest : variable.start()], wild), variable[1]]
        rest = variable.end()
    return (*tokens, *_tokens(text[rest:], wild))


def _tokens(text: str, wild: bool) -> list[str | Wild]:
    return [Wild(character) if wild and character in "*?" else character for character in text]


def matches(pattern: Pattern, text: str) -> bool:
    """Whether a text is one of those that the pattern stands for; letter by letter."""
    at = place = 0
    star, tried = -1, 0
    while place < len(text):
        if at < len(pattern) and pattern[at] is Wild.ANY:
            star, tried = at, place
            at += 1
        elif at < len(pattern) and pattern[at] in (Wild.SINGLE, text[place]):
            at, place = at + 1, place + 1
        elif star >= 0:  # let the last star take one character more
            tried += 1
            at, place = star + 1, tried
        else:
            return False
    return all(token is Wild.ANY for token in pattern[at:])


def everything(pattern: Pattern) -> bool:
    """Whether the pattern stands for every text."""
    return bool(pattern) and all(token is Wild.ANY for token in pattern)


def arn_matches(pattern: Pattern, text: str) -> Truth:
    """Whether an ``Arn…`` operator finds the pattern in a text: part by part, no wildcard reaches over a colon.

    None: pattern or text has fewer than six parts, and may be found in another way.
    """
    patterns, parts = _parts(pattern), text.split(":", _PARTS - 1)
    if len(patterns) == len(parts) == _PARTS:
        return all(matches(part, word) for part, word in zip(patterns, parts, strict=True))
    return None if matches(pattern, text) or _completed_matches(patterns, parts) else False


def resource_matches(pattern: Pattern, arn: str) -> Truth:
    """Whether a ``Resource`` names an ARN; None where it does only if a wildcard may reach over a colon.

    One with fewer than six parts stands for every ARN that begins so.
    """
    whole = matches(pattern, arn)
    return whole if whole == _completed_matches(_parts(pattern), arn.split(":", _PARTS - 1)) else None


def _completed_matches(patterns: Sequence[Pattern], parts: Sequence[str]) -> bool:
    completed = [*patterns, *([[Wild.ANY]] * (_PARTS - len(patterns)))]
    return len(parts) == _PARTS and all(matches(part, word) for part, word in zip(completed, parts, strict=True))


def _parts(pattern: Pattern) -> list[Pattern]:
    parts: list[list[str | Wild]] = [[]]
    for token in pattern:
        if token == ":" and len(parts) < _PARTS:
            parts.append([])
        else:
            parts[-1].append(token)
    return list(parts)
