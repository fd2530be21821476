"""Events in a text: JSON documents of any length, item by item, JSON lines and raw log lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from auditor.patterns.match import JSON, Event, json_value, message_text

ITEM_LIMIT = 1 << 24
"""Characters of one event within an array; CloudTrail's largest have 1 MB."""

DOCUMENT_LIMIT = 1 << 30
"""Characters of another JSON document that spans lines; it is read as a whole."""

LINE_LIMIT = 1 << 28
"""Characters of one line."""

_CHUNK = 1 << 18
# The start of what is read item by item: a delivery of CloudTrail, or an array of objects. A log line in brackets
# ("[2026-01-01] …") is neither.
_DELIVERY = re.compile(r'\s*\{\s*"Records"\s*:\s*\[')
_ARRAY = re.compile(r"\s*\[(?=\s*\{)")
_START = 256  # characters in which such a start stands
_BLANK = re.compile(r"\s*")


class TooLongError(Exception):
    """A line, event or document past its limit."""


class BrokenOffError(Exception):
    """An array of events that ends, or is no JSON, after some of them."""


def events_in(read: Callable[[int], str]) -> Iterator[Event]:
    """The events in a text, one after the other. ``read`` gives its next characters, at most about so many, or ``""``
    at the end. Raises TooLongError, BrokenOffError.
    """
    held = _Held(read)
    while True:
        if held.skip(_DELIVERY):
            yield from _items(held)
            held.close_object()
        elif held.skip(_ARRAY):
            yield from _items(held)
        else:
            break
    yield from _lines(held)


class _Held:
    """The part of a text that is held in memory, and the place up to which it was read."""

    def __init__(self, read: Callable[[int], str]) -> None:
        self._read = read
        self._held = ""
        self._at = 0

    def fill(self, size: int = _CHUNK) -> bool:
        """Hold up to ``size`` characters more; False at the end of the text."""
        more = self._read(size)
        if more:
            self._held = self._held[self._at :] + more
            self._at = 0
        return bool(more)

    def skip(self, start: re.Pattern[str]) -> bool:
        """Whether the text goes on with ``start``; if so, it is read."""
        while len(self._held) - self._at < _START and self.fill():
            pass
        found = start.match(self._held, self._at)
        if found is not None:
            self._at = found.end()
        return found is not None

    def next(self) -> str:
        """The next character that is not blank, ``""`` at the end; it is not read."""
        while True:
            found = _BLANK.match(self._held, self._at)
            assert found is not None
            self._at = found.end()
            if self._at < len(self._held):
                return self._held[self._at]
            if not self.fill():
                return ""

    def read(self) -> None:
        """Read one character."""
        self._at += 1

    def value(self, before: str = "") -> Any:
        """The JSON value that comes, ``before`` put before it. Raises BrokenOffError, TooLongError."""
        size = _CHUNK
        while True:
            try:
                source, at = (before + self._held[self._at :], 0) if before else (self._held, self._at)
                value, end = JSON.raw_decode(source, at)
            except (ValueError, RecursionError):
                pass
            else:
                # A number at the end of what is held may go on.
                if end < len(source) or not self.fill(size):
                    self._at = self._at + end - len(before) if before else end
                    return value
                continue
            if len(self._held) - self._at > ITEM_LIMIT:
                raise TooLongError
            if not self.fill(size):
                raise BrokenOffError
            size *= 2

    def close_object(self) -> None:
        """Read what an object holds after its first member."""
        self.value('{"":0')

    def line(self) -> str | None:
        """The next line without its end, None if there is none. Raises TooLongError."""
        searched = self._at
        while (end := self._held.find("\n", searched)) < 0:
            held = len(self._held) - self._at
            if held >= LINE_LIMIT:
                raise TooLongError
            if not self.fill(max(_CHUNK, held)):
                end = len(self._held)
                if end == self._at:
                    return None
                break
            searched = held
        if end - self._at >= LINE_LIMIT:
            raise TooLongError
        line, self._at = self._held[self._at : end], min(end + 1, len(self._held))
        return line.rstrip("\r")

    def rest(self) -> str:
        """All that is left. Raises TooLongError."""
        parts = [self._held[self._at :]]
        length = len(parts[0])
        while length < DOCUMENT_LIMIT and (more := self._read(_CHUNK)):
            parts.append(more)
            length += len(more)
        if length >= DOCUMENT_LIMIT:
            raise TooLongError
        self._held, self._at = "", 0
        return "".join(parts)


def _items(held: _Held) -> Iterator[Event]:
    """The items of an array after its bracket."""
    while (character := held.next()) != "]":
        yield _event(held.value())
        character = held.next()
        if character == ",":
            held.read()
            if held.next() != "]":
                continue
        elif character == "]":
            continue
        raise BrokenOffError
    held.read()


def _lines(held: _Held) -> Iterator[Event]:
    first = held.line()
    while first is not None and (not first or first.isspace()):
        first = held.line()
    if first is None:
        return
    if _json(first) is None and first.lstrip().startswith(("{", "[")):
        # Perhaps a document that spans lines.
        whole = f"{first}\n{held.rest()}"
        value = _json(whole)
        yield from _unpacked(value[0]) if value else _each(whole.split("\n"))
        return
    yield from _each([first])
    yield from _each(iter(held.line, None))


def _each(lines: Iterable[str | None]) -> Iterator[Event]:
    for line in lines:
        if not line or line.isspace():
            continue
        value = _json(line)
        if value and isinstance(value[0], dict | list):
            yield from _unpacked(value[0])
        else:
            yield line.rstrip("\r")


def _json(text: str) -> tuple[Any] | None:
    """The JSON value in a tuple (it may be null), or None."""
    try:
        return (json_value(text),)
    except (ValueError, RecursionError):
        return None


def _unpacked(value: Any) -> Iterator[Event]:
    if isinstance(value, dict) and isinstance(value.get("Records"), list):
        value = value["Records"]
    elif isinstance(value, dict) and (looked_up := _looked_up(value.get("Events"))):
        value = looked_up
    for item in value if isinstance(value, list) else [value]:
        yield _event(item)


def _looked_up(items: Any) -> list[Any]:
    """The records that ``aws cloudtrail lookup-events`` packs into a string of each of its events; none if not so."""
    packed = (
        [item.get("CloudTrailEvent") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    )
    found = [_json(text) for text in packed if isinstance(text, str)]
    whole = isinstance(items, list) and len(found) == len(items) and None not in found
    return [record for one in found if one is not None for record in one] if whole else []


def _event(item: Any) -> Event:
    return item if isinstance(item, dict | str) else message_text(item)
