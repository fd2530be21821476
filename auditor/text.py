"""Text for people: evidence made safe for one line of a terminal, counts in words, JSON pointers."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

_POSITION = re.compile(r"[0-9]{1,18}")


def one_line(text: str, limit: int = 400) -> str:
    """``text`` on one line without control, bidirectional or surrogate characters, cut at ``limit`` characters.

    >>> one_line("a\\x1b[31mb\\nc")
    'a\\\\x1b[31mb c'
    """
    if len(text) <= limit and text.isprintable():
        return text
    cleaned = "".join(_printable(character) for character in text[: limit + 1])
    return cleaned if len(text) <= limit else cleaned[: limit - 1] + "…"


def _printable(character: str) -> str:
    if character in "\n\r\t":
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        code = ord(character)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return character


def path_name(path: str | os.PathLike[str]) -> str:
    """The last name of a path, which is all that a report tells of it; what is no UTF-8 in it is escaped.

    >>> path_name("clients/prod.zip")
    'prod.zip'
    """
    name = Path(path).name
    return one_line(as_utf_8(Path(os.path.realpath(path)).name if name in ("", "..") else name))


def as_utf_8(text: str) -> str:
    """A name or argument that the system handed in, read as UTF-8 whatever the locale; as it is if it is none."""
    try:
        return os.fsencode(text).decode("utf-8")
    except UnicodeError:
        return text


def count(number: int, noun: str, plural: str | None = None) -> str:
    """``1 account``, ``2 accounts``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listing(words: Iterable[str], conjunction: str = "and", limit: int | None = None) -> str:
    """``a, b and c``; with ``limit`` the rest is counted: ``a, b and 3 more``."""
    items = list(words)
    if limit is not None and len(items) > limit:
        items = [*items[:limit], f"{len(items) - limit} more"]
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def position(part: str) -> int | None:
    """The position in a list that a part of a JSON pointer is; None if it is none, however many digits it has.

    >>> position("3"), position("\u00b2")
    (3, None)
    """
    return int(part) if _POSITION.fullmatch(part) else None


def pointer(*parts: str | int) -> str:
    """An RFC 6901 JSON pointer.

    >>> pointer("metricFilters", 3, "a/b")
    '/metricFilters/3/a~1b'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
