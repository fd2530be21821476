"""Events in a text, each as it was written: JSON documents of any length, item by item, JSON lines, raw log lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from json import JSONDecodeError

from auditor.patterns import held_text
from auditor.patterns.envelopes import LISTS, Opener, after_blanks, item_opened, line_message, message, opened
from auditor.patterns.held_text import BrokenOffError, HeldText, TooLongError
from auditor.patterns.match import JSON, Event, Message, json_value

# The start of what is read item by item: a delivery of CloudTrail, an answer that lists events, or an array of objects.
# A log line in brackets ("[2026-01-01] …") is none of these.
_DELIVERY = re.compile(r'\s*\{\s*"Records"\s*:\s*\[')
_ANSWER = re.compile(rf'\s*\{{\s*"({"|".join(LISTS)})"\s*:\s*\[\s*(?=[\[{{])')
_ARRAY = re.compile(r"\s*\[(?=\s*\{)")
_FAILURES = 100  # documents over several lines that turn out to be none, after which only lines are read


def events_in(read: Callable[[int], str]) -> Iterator[Event]:
    """The events in a text, one after the other. ``read`` gives its next characters, at most about so many, or ``""``
    at the end. Raises TooLongError, BrokenOffError.
    """
    buffer = HeldText(read)
    while True:
        if start := buffer.starts(_DELIVERY):
            buffer.read(len(start.group()))
            yield from _items(buffer, _record)
            _close_object(buffer)
        elif (start := buffer.starts(_ANSWER)) and _lists(buffer, start, LISTS[start.group(1)]):
            buffer.read(len(start.group()))
            yield from _items(buffer, LISTS[start.group(1)])
            _close_object(buffer)
        elif start := buffer.starts(_ARRAY):
            buffer.read(len(start.group()))
            yield from _items(buffer, lambda item, text: list(item_opened(item, text)))
        else:
            break
    yield from _lines(buffer)


def _record(item: object, text: str) -> list[Event] | None:
    return [message(item)] if isinstance(item, str) else None


def _lists(buffer: HeldText, start: re.Match[str], item_of: Opener) -> bool:
    """Whether the first item after ``start`` is of the form of an answer's items; else it is an event's own member."""
    try:
        item, text, _ = buffer.value(ahead=len(start.group()))
    except (BrokenOffError, TooLongError):
        return False
    return item_of(item, text) is not None


def _items(buffer: HeldText, item_of: Opener) -> Iterator[Event]:
    """The events in the items of an array after its bracket; an item of another form is one itself."""
    while (character := buffer.next()) != "]":
        value, text, end = buffer.value()
        buffer.read(end)
        messages = item_of(value, text)
        yield from [Message(text, value) if isinstance(value, dict) else text] if messages is None else messages
        character = buffer.next()
        if character == ",":
            buffer.read()
            if buffer.next() != "]":
                continue
        elif character == "]":
            continue
        raise BrokenOffError(ended=not character)
    buffer.read()


def _close_object(buffer: HeldText) -> None:
    """Read what an object holds after its first member."""
    _, _, end = buffer.value(before='{"":0')
    buffer.read(end)


def _lines(buffer: HeldText) -> Iterator[Event]:
    failures = 0
    while True:
        buffer.skip_blank_lines()
        line = buffer.line()
        if line is None:
            return
        if line.lstrip()[:1] not in ("{", "["):
            buffer.read_line(line)
            if not line.isspace():
                yield line_message(line.rstrip("\r"))
            continue
        try:
            value = json_value(line)
        except JSONDecodeError as error:
            values = None
            if error.msg == "Extra data":
                values = _values(line)
            elif error.pos >= len(line.rstrip()) - 1 and failures < _FAILURES:
                values = _document(buffer, line)
                failures += values is None
                line = "" if values else line  # which is read already
            if line:
                buffer.read_line(line)
            if values is None:
                yield line.rstrip("\r")
            for value, text in values or ():
                yield from opened(value, text)
        except (ValueError, RecursionError):
            buffer.read_line(line)
            yield line.rstrip("\r")
        else:
            buffer.read_line(line)
            yield from opened(value, line.rstrip("\r"))


def _document(buffer: HeldText, line: str) -> list[tuple[object, str]] | None:
    """The JSON document over several lines that begins with ``line``, which is read; None if there is none.

    Raises BrokenOffError if the text ends before it does.
    """
    indent = len(line) - len(line.lstrip())
    try:
        value, text, end = buffer.value(held_text.DOCUMENT_LIMIT, indent)
    except BrokenOffError as error:
        if error.ended:
            raise
        return None
    buffer.read(end)
    buffer.skip_blanks()
    return [(value, text)]


def _values(line: str) -> list[tuple[object, str]] | None:
    """The JSON objects and arrays that stand on a line one after the other, each with its text; None if it holds
    anything else.
    """
    values: list[tuple[object, str]] = []
    at = after_blanks(line, 0)
    while at < len(line):
        try:
            value, end = JSON.raw_decode(line, at)
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, dict | list):
            return None
        values.append((value, line[at:end]))
        at = after_blanks(line, end)
    return values
