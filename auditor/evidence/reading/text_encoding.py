"""Bytes to text, in the encodings in which exports are really saved."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

# The longer mark first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
)
_LONGEST_CHARACTER = 4  # bytes, in UTF-8
_KANA = re.compile("[\u3041-\u30ff]")


@dataclass(frozen=True, slots=True)
class Text:
    """Decoded text; ``guessed_at`` is the first byte that only a guessed code page explains, else None."""

    text: str
    encoding: str
    guessed_at: int | None = None


def read_text(data: bytes) -> Text | None:
    """``data`` as text, or None if it is none.

    Byte order marks decide; then UTF-16 without one by the zero bytes of its first two characters (RFC 4627,
    section 3), then UTF-8, also if its last character is cut off. The rest is taken for an older code page:
    932 if that gives Japanese syllables, which European text almost never looks like, else 1252.
    """
    for mark, name, codec in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], name, codec)
    if b"\0" in data:
        zeros = [byte == 0 for byte in data[:4]]
        if zeros == [False, True, False, True]:
            return _decoded(data, "utf-16-le", "utf-16-le")
        return _decoded(data, "utf-16-be", "utf-16-be") if zeros == [True, False, True, False] else None
    try:
        return Text(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start > len(data) - _LONGEST_CHARACTER:
            return Text(data[: error.start].decode("utf-8"), "utf-8")
        return _older(data, error.start)


def _decoded(data: bytes, name: str, codec: str) -> Text | None:
    try:
        return Text(data.decode(codec, "surrogatepass"), name)
    except UnicodeDecodeError:
        return None


def _older(data: bytes, first: int) -> Text:
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        text = ""
    if _KANA.search(text):
        return Text(text, "cp932", first)
    try:
        return Text(data.decode("cp1252"), "cp1252", first)
    except UnicodeDecodeError:
        return Text(data.decode("latin-1"), "latin-1", first)
