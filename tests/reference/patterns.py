"""Filter patterns over finitely many events: what the patterns of the generator mean (docs/patterns.md).

A message is a dict of dotted selectors to values (a text, a number, True, False, None for null, ``OBJECT``); a
selector that is not in it is absent. ``NOT_JSON`` is a message that is no JSON object (row 18).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

OBJECT = ("object",)
NOT_JSON = {"": "not json"}
Message = Mapping[str, Any]
Condition = Callable[[Message], bool]

TOKEN = re.compile(
    r"\s*(?:(\|\||&&|[()])|\$\.([A-Za-z0-9_.-]+)\s*(?:(!=|=)\s*(\"[^\"]*\"|[^\s(){}|&=!<>\",]+)|(NOT\s+EXISTS|IS\s+TRUE|IS\s+FALSE|IS\s+NULL)))"
)
# What every management event of CloudTrail carries as a text (rule L10 asks for them).
ALWAYS = ("eventName", "eventSource", "eventVersion", "eventTime", "awsRegion", "eventID", "eventType")


@cache
def everything(pattern: str) -> bool:
    """Whether every management event satisfies ``pattern`` (L10; rows 18, 20)."""
    if not pattern.strip():
        return True
    domains = {
        name: [v for v in values if name not in ALWAYS or isinstance(v, str)]
        for name, values in domain([pattern]).items()
    }
    return all(matches(pattern, message) for message in product(domains))


@cache
def shared(one: str, other: str) -> bool:
    """Whether some event satisfies both patterns."""
    return any(matches(one, message) and matches(other, message) for message in product(domain([one, other])))


@cache
def nothing(pattern: str) -> bool:
    """Whether no event satisfies ``pattern`` (row 21)."""
    return bool(pattern.strip()) and not any(matches(pattern, message) for message in product(domain([pattern])))


@cache
def equal(found: str, required: str) -> bool:
    """Whether both patterns take the same messages (rows 21, 22: any JSON object, and no JSON at all)."""
    messages: Iterable[Message] = itertools.chain([NOT_JSON], product(domain([found, required])))
    return all(matches(found, message) == matches(required, message) for message in messages)


@cache
def _condition(pattern: str) -> Condition:
    if not pattern.strip():
        return lambda message: True
    text = pattern.strip()
    if not (text.startswith("{") and text.endswith("}")):
        raise ValueError(f"the reference reads JSON patterns only: {pattern}")
    tokens: list[tuple[str, ...]] = []
    place, body = 0, text[1:-1].rstrip()
    while place < len(body):
        match = TOKEN.match(body, place)
        if match is None:
            raise ValueError(f"the reference does not read {body[place:]!r}")
        tokens.append(tuple(group or "" for group in match.groups()))
        place = match.end()
    condition, rest = _or(tokens)
    if rest:
        raise ValueError(f"the reference does not read {rest!r}")
    return condition


def matches(pattern: str, message: Message) -> bool:
    """Whether ``message`` satisfies ``pattern``."""
    if not pattern.strip():
        return True
    return message is not NOT_JSON and _condition(pattern)(message)


def _either(left: Condition, right: Condition) -> Condition:
    return lambda message: left(message) or right(message)


def _both(left: Condition, right: Condition) -> Condition:
    return lambda message: left(message) and right(message)


def _or(tokens: list[tuple[str, ...]]) -> tuple[Condition, list[tuple[str, ...]]]:
    left, rest = _and(tokens)
    while rest and rest[0][0] == "||":
        right, rest = _and(rest[1:])
        left = _either(left, right)
    return left, rest


def _and(tokens: list[tuple[str, ...]]) -> tuple[Condition, list[tuple[str, ...]]]:
    left, rest = _unit(tokens)
    while rest and rest[0][0] == "&&":
        right, rest = _unit(rest[1:])
        left = _both(left, right)
    return left, rest


def _unit(tokens: list[tuple[str, ...]]) -> tuple[Condition, list[tuple[str, ...]]]:
    if tokens[0][0] == "(":
        inner, rest = _or(tokens[1:])
        return inner, rest[1:]
    _, selector, operator, value, test = tokens[0]
    return _test(selector, operator, value, re.sub(r"\s+", " ", test)), tokens[1:]


def _test(selector: str, operator: str, value: str, test: str) -> Condition:
    if test == "NOT EXISTS":
        return lambda message: selector not in message  # rows 6, 7
    if test:
        wanted = {"IS TRUE": True, "IS FALSE": False, "IS NULL": None}[test]
        return lambda message: selector in message and message[selector] is wanted
    expression = re.compile(".*".join(map(re.escape, value.strip('"').split("*"))), re.DOTALL)

    def compare(message: Message) -> bool:
        node = message.get(selector, OBJECT)
        if not isinstance(node, (str, int)) or isinstance(node, bool):
            return False  # rows 1 to 5: absent, null, a flag and a container fail = and != alike
        return (expression.fullmatch(str(node)) is not None) == (operator == "=")  # rows 10, 11, 14

    return compare


def literals(pattern: str) -> dict[str, set[str]]:
    """Selectors of ``pattern`` with the texts it compares them with."""
    found: dict[str, set[str]] = {}
    for _, selector, _, value, _ in TOKEN.findall(pattern):
        if selector:
            found.setdefault(selector, set()).update([value.strip('"')] if value else [])
    return found


def domain(patterns: Iterable[str]) -> dict[str, list[Any]]:
    """For each selector of ``patterns`` the values that can make a difference; ``...`` stands for absent."""
    texts: dict[str, set[str]] = {}
    for pattern in patterns:
        for selector, values in literals(pattern).items():
            known = texts.setdefault(selector, {"Zz9"})
            for value in values:
                pieces = value.split("*")
                for fill in itertools.product(("", "q"), repeat=len(pieces) - 1):
                    known.add("".join(a + b for a, b in zip(pieces, (*fill, ""), strict=True)))
    return {name: [*sorted(values), ..., None, True, False, 7, OBJECT] for name, values in sorted(texts.items())}


def product(domains: Mapping[str, Iterable[Any]]) -> Iterator[Message]:
    """Every message over ``domains``."""
    names = list(domains)
    for values in itertools.product(*(list(domains[name]) for name in names)):
        yield {name: value for name, value in zip(names, values, strict=True) if value is not ...}
