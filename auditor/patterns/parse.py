"""From the text of a filter pattern to its tree: which kind it is, then the grammar of that kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from auditor.patterns.advice import advice
from auditor.patterns.errors import PatternSyntaxError
from auditor.patterns.grammar import STEP, NotAcceptedError, parser, regex_of, selector_of, unquote
from auditor.patterns.syntax import (
    BLANKS,
    LENGTH_LIMIT,
    AnyElement,
    AnyMember,
    Everything,
    Fields,
    Kind,
    Pattern,
    Rest,
    Root,
    Term,
    Terms,
)

WILDCARD_SELECTORS, WILDCARDS_IN_SELECTOR, REGEXES = 3, 1, 2
"""Quotas of a JSON or space-delimited pattern (CloudWatch Logs user guide, filter and pattern syntax)."""

_QUOTA = "AWS's quota; several filters may publish into one metric."

_BLANK_PATTERN = re.compile(rf'"[{BLANKS}]*"')
"""AWS writes the pattern that counts every event as two double quotes, with a blank between them or without."""

_SELECTOR_START = re.compile(rf"\${STEP}*\.?", re.DOTALL)
_TERM = re.compile(r'([-?]?)([A-Za-z0-9_]+|"(?:[^"\\]|\\.)*"|%[^%]*%)(?=\s|$)', re.DOTALL)

_EXPECTED: tuple[tuple[str, str], ...] = (
    ("QUOTED", "a value"),
    ("BARE", "a number"),
    ("EQUALITY", "an operator (=, !=, <, <=, >, >=, IS NULL, IS TRUE, IS FALSE or NOT EXISTS)"),
    ("SELECTOR", "a selector such as $.eventName"),
    ("WORD", "the name of a field or ..."),
)


@lru_cache(maxsize=8192)
def parse(text: str) -> Pattern:
    """The pattern that ``text`` is. Raises PatternSyntaxError.

    The first character that is not blank tells the kind: ``{`` JSON, ``[`` space-delimited, none the empty
    pattern, any other unstructured terms. Quotation marks round nothing but blanks are the empty pattern too.
    """
    if len(text) > LENGTH_LIMIT:
        raise PatternSyntaxError(
            text,
            LENGTH_LIMIT + 1,
            f"the end of the pattern after {LENGTH_LIMIT:,} characters",
            "Use wildcards, or several filters that publish into one metric.",
        )
    stripped = text.strip(BLANKS)
    kind: Kind = (
        "all"
        if not stripped or _BLANK_PATTERN.fullmatch(stripped)
        else "json"
        if stripped.startswith("{")
        else "delimited"
        if stripped.startswith("[")
        else "terms"
    )
    try:
        return Pattern(kind, _root(text, kind), text)
    except NotAcceptedError as error:
        offset, expected, remedy = error.offset, error.expected, error.advice
    except UnexpectedInput as error:
        offset, expected = _place(text, error)
        remedy = advice(text, offset, kind)
    raise PatternSyntaxError(text, offset + 1, expected, remedy)


def _root(text: str, kind: Kind) -> Root:
    if kind == "all":
        return Everything()
    if kind == "terms":
        return Terms(tuple(_terms(text)))
    root: Root = parser().parse(text, start="json" if kind == "json" else "fields")  # type: ignore[assignment]
    _check_quotas(text, kind)
    if isinstance(root, Fields) and sum(isinstance(item, Rest) for item in root.fields) > 1:
        raise NotAcceptedError(text.rindex("..."), "... once only")
    return root


def _terms(text: str) -> Iterator[Term]:
    position = len(text) - len(text.lstrip(BLANKS))
    while position < len(text):
        hit = _TERM.match(text, position)
        if hit is None:
            raise _bad_term(text, position)
        sign, word = hit.groups()
        if word.startswith("%"):
            yield Term(sign, regex_of(word[1:-1], hit.start(2) + 1))  # type: ignore[arg-type]
        else:
            yield Term(sign, unquote(word) if word.startswith('"') else word)  # type: ignore[arg-type]
        position = hit.end() + len(text[hit.end() :]) - len(text[hit.end() :].lstrip(BLANKS))


def _bad_term(text: str, position: int) -> NotAcceptedError:
    if text[position] in "-?":
        position += 1
    hit = re.compile(r"[A-Za-z0-9_]+").match(text, position)
    offset = hit.end() if hit and hit.end() < len(text) else position
    return NotAcceptedError(
        offset, "a term: letters, digits and _, or a text in double quotes", advice(text, offset, "terms")
    )


def _check_quotas(text: str, kind: Kind) -> None:
    """Raises NotAcceptedError at the first selector or regular expression past AWS's quotas."""
    if "*" not in text and "%" not in text:
        return
    wildcards = regexes = 0
    for token in parser().lex(text) if kind == "json" else ():
        offset = token.start_pos or 0
        if token.type == "SELECTOR":
            stars = sum(isinstance(step, AnyElement | AnyMember) for step in selector_of(token.value))
            wildcards += stars > 0
            if stars > WILDCARDS_IN_SELECTOR:
                raise NotAcceptedError(offset, "one wildcard in a selector", _QUOTA)
            if wildcards > WILDCARD_SELECTORS:
                raise NotAcceptedError(offset, f"{WILDCARD_SELECTORS} selectors with wildcards at most", _QUOTA)
        elif token.type == "REGEX":
            regexes += 1
            if regexes > REGEXES:
                raise NotAcceptedError(offset, f"{REGEXES} regular expressions at most", _QUOTA)


def _place(text: str, error: UnexpectedInput) -> tuple[int, str]:
    """Where the text stops being a pattern, and in words what could have stood there."""
    accepted: set[str] = set()
    offset = len(text)
    if isinstance(error, UnexpectedCharacters):
        offset, accepted = cast("int", error.pos_in_stream), set(error.allowed)
    elif isinstance(error, UnexpectedToken):
        accepted = set(error.accepts or error.expected)
        if error.token.type != "$END":
            offset = error.token.start_pos or 0
    if "SELECTOR" in accepted and text.startswith("$", offset):
        broken = _SELECTOR_START.match(text, offset)
        return (broken.end() if broken else offset), "the name of a field, as in $.eventName"
    for terminal, words in _EXPECTED:
        if terminal in accepted:
            return offset, words
    if "$END" in accepted:
        return offset, "the end of the pattern"
    return offset, f"&&, || or {_closing(text[:offset])}"


def _closing(before: str) -> str:
    """The bracket that closes what is open at the end of ``before``."""
    plain = re.sub(r'"(?:[^"\\]|\\.)*"|%[^%]*%', "", before, flags=re.DOTALL)
    if plain.count("(") > plain.count(")"):
        return ")"
    return "}" if plain.lstrip(BLANKS).startswith("{") else ", or ]"
