"""What AWS's services and commands wrap around events: each form opened to the messages in it, as they were written.

``{"Records": […]}`` of CloudTrail's files, ``aws cloudtrail lookup-events``, ``aws logs filter-log-events`` and
``get-log-events``, ``get-query-results`` and the exports of Logs Insights, lines of export tasks, payloads of
subscription filters, and events as EventBridge hands them on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from auditor.patterns.match import JSON, Event, Message, json_value

Messages = list[Event]
Opener = Callable[[Any, str], Messages | None]
"""The messages in a JSON value with this text, or None if the value is of another form."""

_LOG_EVENT = {"logStreamName", "timestamp", "message", "ingestionTime", "eventId", "id"}
_EXPORTED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (?=\{)", re.ASCII)
_SPACE = re.compile(r"\s*")


def opened(value: object, text: str) -> Iterator[Event]:
    """The messages in a JSON document with this text: those of each item of a list, of an envelope, or itself."""
    if isinstance(value, list):
        for item, written in _elements(value, text):
            yield from item_opened(item, written)
    else:
        yield from item_opened(value, text)


def item_opened(value: object, text: str) -> Iterator[Event]:
    """The messages in an item of a list: of an envelope, or the item itself; a text is a message."""
    if isinstance(value, dict):
        for opener in _ENVELOPES:
            messages = opener(value, text)
            if messages is not None:
                yield from messages
                return
    yield _written(value, text)


def message(text: str) -> Event:
    """A message by its text, read as JSON if it is an object."""
    try:
        value = json_value(text)
    except (ValueError, RecursionError):
        return text
    return Message(text, value) if isinstance(value, dict) else text


def line_message(line: str) -> Event:
    """The message that a line holds which is no JSON object or list: of a JSON string with an object the object (as
    ``jq .message`` prints it), of a record that an export task put its time before the record.
    """
    if line.startswith('"'):
        with suppress(ValueError):
            text = json_value(line)
            event = message(text) if isinstance(text, str) else line
            return event if isinstance(event, Message) else line
    if time := _EXPORTED.match(line):
        event = message(line[time.end() :])
        # Messages of applications may begin with a time of their own.
        if isinstance(event, Message) and "eventVersion" in event.record and "eventName" in event.record:
            return event
    return line


def _written(value: object, text: str) -> Event:
    """A JSON value as the message that it is: of a text the text itself."""
    return Message(text, value) if isinstance(value, dict) else message(value) if isinstance(value, str) else text


def log_event(item: Any, text: str) -> Messages | None:
    """One event of ``filter-log-events`` or ``get-log-events``."""
    whole = isinstance(item, dict) and item.keys() <= _LOG_EVENT and isinstance(item.get("message"), str)
    return [message(item["message"])] if whole else None


def lookup_event(item: object, text: str) -> Messages | None:
    """One event of ``lookup-events``, whose record is packed into a string."""
    record = item.get("CloudTrailEvent") if isinstance(item, dict) else None
    event = message(record) if isinstance(record, str) else None
    return [event] if isinstance(event, Message) else None


def insights_row(item: object, text: str) -> Messages | None:
    """One row of ``get-query-results``: its ``@message``; one without is no event, and stays the text that it is."""
    if not isinstance(item, list) or not item or not all(isinstance(cell, dict) and "field" in cell for cell in item):
        return None
    message_text = next((cell.get("value") for cell in item if cell["field"] == "@message"), None)
    return [message(message_text) if isinstance(message_text, str) else text]


def _records(value: dict[str, object], text: str) -> Messages | None:
    records = value.get("Records")
    if not isinstance(records, list):
        return None
    return [_written(record, written) for record, written in _elements(records, _member(text, "Records"))]


def _listed(member: str, item_of: Opener) -> Opener:
    """The form of an answer that lists items of one form in a member."""

    def opener(value: dict[str, object], text: str) -> Messages | None:
        items = value.get(member)
        if not isinstance(items, list) or (not items and len(value) == 1):
            return None
        of_items = [item_of(item, written) for item, written in _elements(items, _member(text, member))]
        return None if None in of_items else [event for messages in of_items for event in messages or ()]

    return opener


def _single_log_event(value: dict[str, object], text: str) -> Messages | None:
    # Messages of applications have a timestamp and a message of their own.
    return log_event(value, text) if "ingestionTime" in value else None


def _subscription(value: dict[str, object], text: str) -> Messages | None:
    events = value.get("logEvents")
    if not isinstance(value.get("messageType"), str) or not isinstance(events, list):
        return None
    if value["messageType"] != "DATA_MESSAGE":  # a check that the destination is there
        return []
    return _listed("logEvents", log_event)(value, text)


def _exported_row(value: dict[str, object], text: str) -> Messages | None:
    message_text = value.get("@message")
    if isinstance(message_text, str):
        return [message(message_text)]
    return [Message(_member(text, "@message"), message_text)] if isinstance(message_text, dict) else None


def _bridged(value: dict[str, object], text: str) -> Messages | None:
    detail = value.get("detail")
    if "detail-type" not in value or not isinstance(detail, dict) or "eventName" not in detail:
        return None
    return [Message(_member(text, "detail"), detail)]


LISTS: dict[str, Opener] = {"events": log_event, "Events": lookup_event, "results": insights_row}
"""The members that list the events of an answer, with the form of their items."""

_ENVELOPES: tuple[Opener, ...] = (
    _records,
    *(_listed(member, item_of) for member, item_of in LISTS.items()),
    _subscription,
    lookup_event,
    _single_log_event,
    _exported_row,
    _bridged,
)


def _elements(values: list[object], text: str) -> Iterator[tuple[object, str]]:
    """The elements of a list with this text, each with its own."""
    at = text.index("[") + 1
    for value in values:
        start = after_blanks(text, at)
        _, end = JSON.raw_decode(text, start)
        yield value, text[start:end]
        at = after_blanks(text, end) + 1  # a comma, or the bracket


def _member(text: str, name: str) -> str:
    """The text of a member of the object with this text; of several of one name the last counts."""
    at, member_text = text.index("{") + 1, ""
    while text[start := after_blanks(text, at)] == '"':
        key, end = JSON.raw_decode(text, start)
        start = after_blanks(text, after_blanks(text, end) + 1)
        _, end = JSON.raw_decode(text, start)
        member_text = text[start:end] if key == name else member_text
        at = after_blanks(text, end) + 1
        if text[at - 1] != ",":
            break
    return member_text


def after_blanks(text: str, at: int) -> int:
    """The place of the next character that is not blank."""
    blanks = _SPACE.match(text, at)
    assert blanks is not None
    return blanks.end()
