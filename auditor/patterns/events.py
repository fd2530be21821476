"""Events from files: CloudTrail deliveries, JSON arrays, JSON lines, raw log lines, gzipped or not."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from auditor.errors import AuditorError
from auditor.patterns.match import Event, json_value, message_text

DOCUMENT_LIMIT = 1 << 30
"""Characters of one JSON document that spans lines; it is read as a whole (a CloudTrail file has a few MB)."""

LINE_LIMIT = 1 << 28
"""Characters of one line."""

_GZIP = b"\x1f\x8b"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_events(path: str | Path) -> Iterator[Event]:
    """The events in a file or in the files of a folder, one after the other, in the order of their paths.

    A file holds one JSON event, a JSON array of them, ``{"Records": […]}``, or one of these on each line, and
    may be gzipped; a line that is not a JSON object is an event too: a raw message. Lines are read one by one.
    Raises AuditorError, naming the file, where it cannot be read.
    """
    for file in event_files(path):
        try:
            with file.open("rb") as stream, _text(stream) as text:
                yield from _events(text)
        except (OSError, EOFError, zlib.error, UnicodeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise AuditorError(
                f"the events cannot be read: {reason}",
                file=str(file),
                remedy="Give a file of JSON events or log lines, or a folder of these.",
                code="events-unreadable",
            ) from None
        except _TooLongError:
            raise AuditorError(
                "a line or document is too long",
                file=str(file),
                remedy="Write one event on each line.",
                code="events-too-long",
            ) from None


def event_files(path: str | Path) -> list[Path]:
    """The files that :func:`read_events` reads: the file itself, or those of the folder, sorted."""
    path = Path(path)
    if not path.is_dir():
        return [path]
    return sorted(
        below
        for below in path.rglob("*")
        if below.is_file() and not below.is_symlink() and not below.name.startswith(".")
    )


class _TooLongError(Exception):
    """A line or document past its limit."""


def _text(stream: IO[bytes]) -> IO[str]:
    if _start(stream) == _GZIP:
        stream = gzip.GzipFile(fileobj=stream)  # type: ignore[assignment]
    encoding = "utf-16" if _start(stream) in _UTF16 else "utf-8-sig"
    return io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="\n")


def _start(stream: IO[bytes]) -> bytes:
    start = stream.read(2)
    stream.seek(0)
    return start


def _events(text: IO[str]) -> Iterator[Event]:
    lines = _lines(text)
    first = next(lines, None)
    if first is None:
        return
    if _json(first) is None and first.lstrip().startswith(("{", "[")):
        # Perhaps a document that spans lines.
        rest = text.read(DOCUMENT_LIMIT)
        if len(rest) == DOCUMENT_LIMIT:
            raise _TooLongError
        whole = f"{first}\n{rest}"
        value = _json(whole)
        yield from _unpacked(value[0]) if value else _each([first, *rest.split("\n")])
        return
    yield from _each([first])
    yield from _each(lines)


def _lines(text: IO[str]) -> Iterator[str]:
    while line := text.readline(LINE_LIMIT):
        if len(line) == LINE_LIMIT:
            raise _TooLongError
        line = line.rstrip("\r\n")
        if line and not line.isspace():
            yield line


def _each(lines: Iterable[str]) -> Iterator[Event]:
    for line in lines:
        value = _json(line)
        if value and isinstance(value[0], dict | list):
            yield from _unpacked(value[0])
        elif line and not line.isspace():
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
    for item in value if isinstance(value, list) else [value]:
        yield item if isinstance(item, dict | str) else message_text(item)
