"""The text of a file as it comes: UTF-8 or UTF-16 with or without mark, whatever ends its lines."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from auditor.claims.sources import DamagedStreamError, Readable

CHUNK = 1 << 16
LINE_LIMIT = 1 << 24  # characters of one line; the longest row of a real table has some hundred thousand
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


class TextStream:
    """A file's text in pieces, with a look at its beginning. What is no text of its encoding is shown replaced.

    ``damage`` is set when the bytes broke off: what stands before it was given.
    """

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self.damage: DamagedStreamError | None = None
        first = self._bytes()
        self._decoder = codecs.getincrementaldecoder(_encoding(first))(errors="replace")
        self._pending = self._decoder.decode(first)
        self._ended = not first

    def _bytes(self) -> bytes:
        parts, size = [], 0
        while size < CHUNK:
            try:
                data = self._stream.read(CHUNK - size)
            except DamagedStreamError as error:
                self.damage = error
                data = b""
            if not data:
                break
            parts.append(data)
            size += len(data)
        return b"".join(parts)

    def head(self) -> str:
        """The first characters, which :meth:`pieces` gives again."""
        return self._pending

    def head_to_line_end(self, most: int) -> str:
        """The first characters as far as the end of the first line, at most about so many."""
        while (
            "\n" not in self._pending.lstrip() and len(self._pending) < most and not self._ended and self.damage is None
        ):
            data = self._bytes()
            self._ended = not data
            self._pending += self._decoder.decode(data, final=not data)
        return self._pending

    def drop(self, count: int) -> None:
        """Leave out so many of the first characters."""
        self._pending = self._pending[count:]

    def pieces(self) -> Iterator[str]:
        """The text, piece by piece."""
        if self._pending:
            yield self._pending
        self._pending = ""
        while not self._ended and self.damage is None:
            data = self._bytes()
            self._ended = not data
            text = self._decoder.decode(data, final=not data)
            if text:
                yield text

    def lines(self) -> Iterator[str | None]:
        """The lines with their ends; None for one that is longer than any real one, which is not held."""
        mark = "\r" if "\r" in self._pending and "\n" not in self._pending else "\n"
        rest, too_long = "", False
        for piece in self.pieces():
            *whole, rest_of_piece = piece.split(mark)
            if whole:
                first = rest + whole[0]
                yield None if too_long or len(first) > LINE_LIMIT else first + "\n"
                too_long = False
                for line in whole[1:]:
                    yield line + "\n"
                rest = rest_of_piece
            elif not too_long:
                rest += rest_of_piece
            if len(rest) > LINE_LIMIT:
                rest, too_long = "", True
        if too_long:
            yield None
        elif rest:
            yield rest


def _encoding(first: bytes) -> str:
    for mark, encoding in _MARKS:
        if first.startswith(mark):
            return encoding
    if len(first) >= 4 and first[1] == 0 and first[0]:
        return "utf-16-le"
    if len(first) >= 4 and first[0] == 0 and first[1]:
        return "utf-16-be"
    return "utf-8"
