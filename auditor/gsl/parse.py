"""From the text of a rule to its tree, or to an error in the user's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import cast

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from auditor.gsl.advice import advice, open_brackets
from auditor.gsl.errors import GslSyntaxError
from auditor.gsl.grammar import TokenError, parser
from auditor.gsl.syntax import (
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Expression,
    GroupBy,
    Holds,
    Item,
    ListStep,
    Not,
    Number,
    Rule,
    Text,
    Value,
    values_of,
)

LENGTH_LIMIT, DEPTH_LIMIT = 200_000, 30
"""Characters and nested brackets of a rule; the longest published text has 1,500 characters and depth 4.

A list of 10,000 networks under ``in`` fits.
"""

LOG_SOURCES = ("cloudtrail", "vpcfl")
"""Sources of log queries, which are another language (CloudGuard documentation, logic queries)."""

_STRINGS = re.compile(r"'(?:\\'|[^'])*'")

_WORD = re.compile(r"[A-Za-z_][\w.:-]*(?=\s*\Z)")

_EXPECTED: tuple[tuple[str, str], ...] = (
    ("LIST", "the name of an entity type, such as CloudTrail"),
    ("DOLLAR", "a condition, field or value"),
    ("REGEX", "a regular expression between slashes"),
    ("VERB", "'should'"),
)
"""Terminals of the grammar in the user's words; the first that could have stood there is said."""


@lru_cache(maxsize=1024)
def parse(text: str) -> Rule:
    r"""The rule that ``text`` is.

    Within a string ``\'`` stands for a single quote (not evidenced; see the reading ``escaped-quote``).

    Raises:
        GslSyntaxError: it is no posture rule; a log query is refused as such.
    """
    if text.strip().lower() == "true":
        return Rule("placeholder", "", False, None, False, None, None, text)
    _refuse_excess(text)
    try:
        rule: Rule = parser().parse(text)  # type: ignore[assignment]
        for condition in (rule.where, rule.condition, rule.exclude):
            if condition is not None:
                _check_bare(condition, in_brackets=False)
        return replace(rule, text=text)
    except TokenError as error:
        offset, expected, remedy = error.offset, error.expected, error.advice
    except UnexpectedInput as error:
        offset, expected = _place(text, error)
        remedy = advice(text, offset)
    _refuse_log_query(text)
    raise GslSyntaxError(text, offset, expected, remedy)


def _refuse_excess(text: str) -> None:
    if len(text) > LENGTH_LIMIT:
        raise GslSyntaxError(text, LENGTH_LIMIT, f"the end of the rule after {LENGTH_LIMIT:,} characters")
    opened = open_brackets(text, DEPTH_LIMIT)
    if len(opened) > DEPTH_LIMIT:
        raise GslSyntaxError(text, opened[-1], f"at most {DEPTH_LIMIT} nested brackets")


def _refuse_log_query(text: str) -> None:
    words = _STRINGS.sub("''", text).split()
    if words and words[0] in LOG_SOURCES and "should" not in words:
        raise GslSyntaxError(
            text,
            text.index(words[0]),
            "the name of an entity type",
            f"This is a query over the logs {words[0]!r}, not a posture rule; an entity type starts with a capital.",
        )


def _place(text: str, error: UnexpectedInput) -> tuple[int, str]:
    """Where the text stops being a rule, and in words what could have stood there."""
    accepted: set[str] = set()
    offset = len(text.rstrip())
    if isinstance(error, UnexpectedCharacters):
        offset, accepted = cast("int", error.pos_in_stream), set(error.allowed or ())
    elif isinstance(error, UnexpectedToken):
        accepted = set(error.accepts or error.expected)
        if error.token.type != "$END":
            offset = error.token.start_pos or 0
    if accepted == {"LPAR", "LSQB"} and (word := _WORD.search(text, 0, offset)):
        # A word after a complete value would have to be a function or a list step: what is wrong is the word.
        return word.start(), _next_word(text[: word.start()], set())
    if accepted == {"PATH"} and text[:offset].rstrip().endswith("<"):
        return offset, _EXPECTED[0][1]
    after_verb = "should" in _STRINGS.sub("", text[:offset]).split()
    for terminal, words in _EXPECTED:
        if terminal in accepted and not (terminal == "VERB" and after_verb):
            return offset, words
    return offset, _next_word(text[:offset], accepted)


def _next_word(before: str, accepted: set[str]) -> str:
    """What may follow the text so far, which is complete as far as it goes."""
    opened = open_brackets(before)
    if opened:
        closing = {"(": "')'", "[": "']'"}[before[opened[-1]]]
        if accepted == {"STRING"}:
            return "a string in single quotes"
        return f"{closing} for the bracket opened in column {opened[-1]}, or a comparison, 'and', 'or'"
    if accepted == {"STRING"}:
        return "a string in single quotes"
    if accepted == {"LPAR"}:
        return "'(' and a list of values"
    if "$END" in accepted:
        return "the end of the rule" + ("" if "_EXCLUDE" not in accepted else ", a comparison, 'and', 'or', 'exclude'")
    return "'>'" if "MORETHAN" in accepted else "a comparison, 'and' or 'or'"


def _check_bare(expression: Expression, in_brackets: bool) -> None:
    """Raises TokenError where a literal or ``$`` stands without the brackets that give it a meaning."""
    match expression:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                _check_bare(part, in_brackets)
            return
        case Not(part):
            _check_bare(part, in_brackets)
            return
        case Holds(Value(Text() | Number() | Boolean() as literal, ())):
            if not (in_brackets and isinstance(literal, Text)):
                raise TokenError(literal.offset, "a field", "A value stands on the right of a comparison.")
    for value in values_of(expression):
        if not isinstance(expression, Holds):
            _check_compared(value)
        if isinstance(value.operand, Item) and not in_brackets:
            raise TokenError(value.operand.offset, "a field", "$ stands for an item and only inside [ ].")
        for inner, bracketed in _inside(value, in_brackets):
            _check_bare(inner, bracketed)


def _check_compared(value: Value) -> None:
    """Raises TokenError for a selection of items compared as if it were a number or text."""
    match value.steps:
        case (*_, ListStep("with") | GroupBy() as step):
            raise TokenError(
                step.offset,
                "a value to compare, and this is a list",
                f"A list is compared by its length: {value.operand} … length().",
            )


def _inside(value: Value, in_brackets: bool) -> Iterator[tuple[Expression, bool]]:
    """The expressions within a value, each with whether brackets are round it."""
    for step in (value.operand, *value.steps):
        if isinstance(step, ListStep):
            yield step.condition, True
        elif isinstance(step, Call):
            for argument in step.arguments:
                if argument.steps or isinstance(argument.operand, Item | Call):
                    yield Holds(argument), in_brackets
