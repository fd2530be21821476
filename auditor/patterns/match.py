"""The meaning of a filter pattern: would CloudWatch Logs count this event?

Everything that decides relations is checked against this module, so it is written to be read: it knows
nothing of the decision, and walks the tree beside the event.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from auditor.errors import AuditorError
from auditor.patterns import readings as open_to
from auditor.patterns.errors import NumberTooLongError
from auditor.patterns.numbers import LONG, Number, WrittenNumber
from auditor.patterns.parse import parse
from auditor.patterns.readings import fits, fits_leftmost, mixes_optional
from auditor.patterns.syntax import (
    BLANKS,
    AllOf,
    AnyElement,
    AnyMember,
    AnyOf,
    Branch,
    Compare,
    Condition,
    Everything,
    Field,
    Fields,
    Glob,
    Index,
    Is,
    Name,
    NotExists,
    Numeral,
    Pattern,
    Regex,
    Repeat,
    Rest,
    Selector,
    Step,
    Term,
    Terms,
    Value,
    print_condition,
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was written, beside the JSON object that it is."""

    text: str
    record: dict[str, object]


Event = dict[str, Any] | str | Message
"""A message: as it was written, with or without the JSON object that it is, or a parsed JSON object alone."""

Readings = frozenset[str]
AS_TAKEN: Readings = frozenset()
"""No assumption is replaced by its other reading."""

_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def match(pattern: Pattern | str, event: Event) -> bool:
    """Whether CloudWatch Logs counts ``event``.

    Raises PatternSyntaxError if the text is not a pattern, NumberTooLongError for a number in the event that
    has too many digits to be compared with a wildcard or a regular expression.
    """
    return matches(parse(pattern) if isinstance(pattern, str) else pattern, event, AS_TAKEN)


def matching_clause(pattern: Pattern | str, event: Event) -> str | None:
    """The first alternative of the pattern that counts the event, as text; None if it does not count it."""
    parsed = parse(pattern) if isinstance(pattern, str) else pattern
    if not match(parsed, event):
        return None
    root = parsed.root
    if isinstance(root, AnyOf):
        record = message_object(event)
        return next(print_condition(part) for part in root.parts if _holds(part, record, AS_TAKEN))
    return str(parsed) if parsed.kind != "json" else print_condition(root)  # type: ignore[arg-type]


def matches(pattern: Pattern, event: Event, readings: Readings) -> bool:
    """``match`` with the other reading of each assumption in ``readings``."""
    root = pattern.root
    match root:
        case Everything():
            return True
        case Terms(terms):
            return _terms(terms, message_text(event), readings)
        case Fields(fields):
            return _fields(fields, message_text(event), readings)
        case _:
            record = message_object(event)
            return record is not None and _holds(root, record, readings)


def message_object(event: Event) -> dict[str, object] | None:
    """The JSON object that a message is, or None. Of duplicate keys the last one counts."""
    if isinstance(event, Message):
        return event.record
    if not isinstance(event, str):
        return event
    try:
        value = json_value(event)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def json_value(text: str) -> object:
    """The JSON value that a text is, numbers kept exact. Raises ValueError, RecursionError."""
    return JSON.decode(text)


def message_text(event: Event) -> str:
    """The text of a message as it was written; of a JSON object that was not, compact JSON (row 20a).

    Raises AuditorError for nesting too deep.
    """
    if isinstance(event, str):
        return event
    if isinstance(event, Message):
        return event.text
    try:
        return json.dumps(event, separators=(",", ":"), ensure_ascii=False)
    except RecursionError:
        raise AuditorError("an event is nested too deeply", remedy="Leave it out.", code="event-too-deep") from None


def _integer(text: str) -> float:
    return int(text) if len(text) <= LONG else WrittenNumber(text)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


JSON = json.JSONDecoder(parse_float=WrittenNumber, parse_int=_integer, parse_constant=_no_constant)
"""Reads JSON with its numbers kept exact."""


# ---- JSON patterns


def _holds(condition: Condition, record: object, readings: Readings) -> bool:
    match condition:
        case AllOf(parts):
            return all(_holds(part, record, readings) for part in parts)
        case AnyOf(parts):
            return any(_holds(part, record, readings) for part in parts)
        case NotExists(selector):
            return not _select(record, selector)
        case Is(selector, constant):
            wanted = {"NULL": None, "TRUE": True, "FALSE": False}[constant]
            return any(node is wanted for node in _select(record, selector))
        case Compare(selector, "=", value):
            return any(_equals(node, value, readings) for node in _select(record, selector))
        case Compare(selector, "!=", value):
            return _differs(_select(record, selector), condition, readings)
        case Compare(selector, operator, Numeral(text)):
            bound = Number.parse(text)
            return any(
                number is not None and _ordered(number, operator, bound)
                for number in (_ordinal(node, readings) for node in _select(record, selector))
            )
    raise AssertionError(condition)


def _select(record: object, selector: Selector) -> list[object]:
    """The nodes that a selector finds: none, one, or several through a wildcard."""
    nodes = [record]
    for step in selector:
        nodes = [below for node in nodes for below in _step(node, step)]
    return nodes


def _step(node: object, step: Step) -> Iterable[object]:
    match step, node:
        case Name(key), dict() if key in node:
            return (node[key],)
        case Index(position), list() if position < len(node):
            return (node[position],)
        case AnyMember(), dict():
            return node.values()
        case AnyElement(), list():
            return node
    return ()


def _differs(nodes: list[object], condition: Compare, readings: Readings) -> bool:
    """``!=``: true of a text or number that ``=`` does not match."""
    if not nodes:
        return open_to.MISSING_NOT_EQUAL in readings
    wildcard = any(isinstance(step, AnyElement | AnyMember) for step in condition.selector)
    if wildcard and open_to.WILDCARD_NOT_EQUAL in readings:
        return any(_comparable(node, readings) for node in nodes) and not any(
            _equals(node, condition.value, readings) for node in nodes
        )
    return any(_comparable(node, readings) and not _equals(node, condition.value, readings) for node in nodes)


def _comparable(node: object, readings: Readings) -> bool:
    if node is None:
        return open_to.NULL_NOT_EQUAL in readings
    if isinstance(node, bool):
        return open_to.BOOLEAN_TEXT in readings
    return isinstance(node, str) or (isinstance(node, int | float) and Number.of(node) is not None)


def _equals(node: Any, value: Value, readings: Readings) -> bool:
    if isinstance(node, bool):
        return open_to.BOOLEAN_TEXT in readings and _text_fits(str(node).lower(), value, readings)
    if isinstance(node, str):
        if isinstance(value, Numeral) and open_to.NUMERAL_TEXT in readings:
            return False
        return _text_fits(node, value, readings)
    number = Number.of(node) if isinstance(node, int | float) else None
    if number is None:
        return False
    if isinstance(value, Numeral):
        return number == Number.parse(value.text)
    text = _written(node) if open_to.NUMBER_TEXT in readings else number.plain()
    if text is not None:
        return _text_fits(text, value, readings)
    if isinstance(value, Glob) and value.pieces == ("", ""):
        return True
    if isinstance(value, Glob) and len(value.pieces) == 1:
        return False  # the text of the number is longer than a pattern can be
    raise NumberTooLongError


def _written(number: float) -> str:
    """The text of a number in the message; of one that was not read from a text, Python's."""
    return number.text if isinstance(number, WrittenNumber) else repr(number)


def _text_fits(text: str, value: Value, readings: Readings) -> bool:
    match value:
        case Numeral(written):
            return text == written
        case Glob():
            return (fits_leftmost if open_to.LEFTMOST_WILDCARD in readings else fits)(value, text)
        case Regex(_, branches):
            return any(_occurs_in(text, branch) for branch in branches)


def _occurs_in(text: str, branch: Branch) -> bool:
    """Whether the branch occurs in ``text``: the places where it can stand, item by item."""
    places: Iterable[int] = (0,) if branch.at_start else range(len(text) + 1)
    for item in branch.items:
        places = _ends(text, places, item)
    return len(text) in places if branch.at_end else bool(places)


def _ends(text: str, places: Iterable[int], item: Repeat) -> list[int]:
    """Where the repeated characters can end that start at one of these places, which rise; so do those found."""
    if item.least == item.most == 1:
        return [place + 1 for place in places if text[place : place + 1] and text[place] in item.characters]
    ends: list[int] = []
    run = 0  # where the run of such characters ends that holds the place at hand
    for start in places:
        run = max(run, start)
        while run < len(text) and text[run] in item.characters:
            run += 1
        first = max(start + item.least, ends[-1] + 1 if ends else 0)
        last = run if item.most is None else min(run, start + item.most)
        ends += range(first, last + 1)
    return ends


def _ordinal(node: object, readings: Readings) -> Number | None:
    """The number that ``<`` and its kin compare; a text has one only under the other reading."""
    if isinstance(node, str) and open_to.TEXT_ORDER in readings:
        return _decimal(node)
    return Number.of(node) if isinstance(node, int | float) and not isinstance(node, bool) else None


def _decimal(text: str) -> Number | None:
    """The number that a text is in plain decimal form, without exponent (strings have none, AWS says)."""
    return Number.parse(text) if _DECIMAL.fullmatch(text) else None


def _ordered(left: Number, operator: str, right: Number) -> bool:
    match operator:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right


# ---- Unstructured terms and space-delimited patterns


def _terms(terms: tuple[Term, ...], text: str, readings: Readings) -> bool:
    optional = [term for term in terms if term.sign == "?"]
    if mixes_optional(terms) and open_to.OPTIONAL_TERMS not in readings:
        optional = []
    return all(_occurs(term, text) != (term.sign == "-") for term in terms if term.sign != "?") and (
        not optional or any(_occurs(term, text) for term in optional)
    )


def _occurs(term: Term, text: str) -> bool:
    if isinstance(term.what, Regex):
        return any(_occurs_in(text, branch) for branch in term.what.branches)
    return term.what in text


def words(message: str) -> list[tuple[int, int, int]]:
    """The words of a message: where each starts, and start and end of its text.

    Blanks divide words; ``[…]`` and ``"…"`` at the start of a word hold one word, whose text is what stands
    between them (to the end of the message if they are not closed).
    """
    spans: list[tuple[int, int, int]] = []
    position = 0
    while True:
        while position < len(message) and message[position] in BLANKS:
            position += 1
        if position == len(message):
            return spans
        start = position
        close = {"[": "]", '"': '"'}.get(message[start])
        if close:
            end = message.find(close, start + 1)
            end = len(message) if end < 0 else end
            spans.append((start, start + 1, end))
            position = min(end + 1, len(message))
        else:
            while position < len(message) and message[position] not in BLANKS:
                position += 1
            spans.append((start, start, position))


def _fields(fields: tuple[Field | Rest, ...], message: str, readings: Readings) -> bool:
    if not fields:
        return True
    places = words(message)
    texts = [message[start:end] for _, start, end in places]
    rest = next((place for place, item in enumerate(fields) if isinstance(item, Rest)), None)
    if rest is None:
        if len(texts) < len(fields):
            return False
        if len(texts) > len(fields):
            if open_to.SURPLUS_WORDS in readings:
                return False
            texts = [*texts[: len(fields) - 1], message[places[len(fields) - 1][0] :]]
        return all(map(_field, fields, texts))
    after = len(fields) - rest - 1
    if len(texts) < rest + after:
        return False
    return all(map(_field, fields[:rest], texts)) and all(map(_field, fields[rest + 1 :], texts[len(texts) - after :]))


def _field(item: Field | Rest, text: str) -> bool:
    assert isinstance(item, Field)
    return item.condition is None or _field_holds(item.condition, text)


def _field_holds(condition: Condition, text: str) -> bool:
    match condition:
        case AllOf(parts):
            return all(_field_holds(part, text) for part in parts)
        case AnyOf(parts):
            return any(_field_holds(part, text) for part in parts)
        case Compare(_, "=", value):
            return _text_fits(text, value, AS_TAKEN)
        case Compare(_, "!=", value):
            return not _text_fits(text, value, AS_TAKEN)
        case Compare(_, operator, Numeral(written)):
            number = _decimal(text)
            return number is not None and _ordered(number, operator, Number.parse(written))
    raise AssertionError(condition)
