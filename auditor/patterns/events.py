"""Events from files: CloudTrail deliveries, JSON arrays, JSON lines, raw log lines, gzipped or not."""

from __future__ import annotations

import codecs
import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from auditor.errors import AuditorError
from auditor.patterns.documents import events_in
from auditor.patterns.held_text import BrokenOffError, TooLongError
from auditor.patterns.match import Event

_GZIP = b"\x1f\x8b"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_events(path: str | Path) -> Iterator[Event]:
    """The events in a file or in the files of a folder, one after the other, in the order of their paths.

    A file holds one JSON event, a JSON array of them, ``{"Records": […]}`` or another envelope that AWS puts events in
    (see :mod:`auditor.patterns.envelopes`), or one of these on each line, and may be gzipped; a line that is not a
    JSON object is an event too: a raw message. Arrays are read item by item, and lines one by one. Events are
    :class:`Message` or the raw text. Raises AuditorError, naming the file, where it cannot be read.
    """
    for file in event_files(path):
        try:
            with file.open("rb") as stream:
                yield from stream_events(stream, str(file))
        except OSError as error:
            raise _unreadable(error.strerror or str(error), str(file)) from None


def stream_events(stream: IO[bytes], name: str) -> Iterator[Event]:
    """The events in the bytes of one file, as :func:`read_events` reads them.

    ``stream`` can be sought and has ``read1``. Raises AuditorError naming the file ``name``, after the events that
    stand before the damage.
    """
    try:
        yield from events_in(_text(stream))
    except (OSError, EOFError, zlib.error, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _unreadable(reason, name) from None
    except BrokenOffError:
        raise _unreadable("the JSON breaks off", name) from None
    except TooLongError:
        raise AuditorError(
            "a line or document is too long",
            file=name,
            remedy="Write one event on each line.",
            code="events-too-long",
        ) from None


def event_files(path: str | Path, passed: Callable[[Path], None] | None = None) -> Iterator[Path]:
    """The files that :func:`read_events` reads: the file itself, or those of the folder, folder by folder and sorted.

    Hidden files are left out, and links and special files; ``passed`` is told of the latter.
    """
    path = Path(path)
    if not path.is_dir():
        yield path
        return
    with os.scandir(path) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from event_files(entry.path, passed)
        elif entry.name.startswith("."):
            continue
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)
        elif passed is not None:
            passed(Path(entry.path))


def _unreadable(reason: str, name: str) -> AuditorError:
    return AuditorError(
        f"the events cannot be read: {reason.removesuffix('.')}.",
        file=name,
        remedy="Give a file of JSON events or log lines, or a folder of these.",
        code="events-unreadable",
    )


def _text(stream: IO[bytes]) -> Callable[[int], str]:
    """What gives the next characters of a file. Bytes are decoded as they come, so that none before damage is lost."""
    if _start(stream) == _GZIP:
        stream = gzip.GzipFile(fileobj=stream)  # type: ignore[assignment]
    encoding = "utf-16" if _start(stream) in _UTF16 else "utf-8-sig"
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")

    def read(size: int) -> str:
        while data := stream.read1(size):  # type: ignore[attr-defined]
            if text := decoder.decode(data):
                return text
        text = decoder.decode(b"", final=True)
        decoder.reset()
        return text

    return read


def _start(stream: IO[bytes]) -> bytes:
    start = stream.read(2)
    stream.seek(0)
    return start
