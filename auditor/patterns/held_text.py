"""A text of any length of which a part is held in memory: read on by lines, by JSON values and by what begins it."""

from __future__ import annotations

import re
from collections.abc import Callable
from json import JSONDecodeError

from auditor.patterns.match import JSON

ITEM_LIMIT = 1 << 24
"""Characters of one event within a list; CloudTrail's largest have 1 MB."""

DOCUMENT_LIMIT = 1 << 30
"""Characters of another JSON document that spans lines; it is read as a whole."""

LINE_LIMIT = 1 << 28
"""Characters of one line."""

_CHUNK = 1 << 18
_START = 256  # characters in which the start of a document stands
_LONGEST_TOKEN = 12  # characters of -Infinity or \\ud800 that the end of what is held may cut
_BLANK = re.compile(r"\s*")
_BLANKS_OF_LINE = re.compile(r"[^\S\n]*")
_TEXT = re.compile(r"\S")


class TooLongError(Exception):
    """A line, event or document past its limit."""


class BrokenOffError(Exception):
    """JSON that is none from some place on (``ended`` False), or that ends too early."""

    def __init__(self, *, ended: bool) -> None:
        super().__init__("the JSON breaks off")
        self.ended = ended


class HeldText:
    """The part of a text that is held in memory, and the place up to which it was read.

    ``read`` gives its next characters, at most about so many, or ``""`` at the end.
    """

    def __init__(self, read: Callable[[int], str]) -> None:
        self._read = read
        self._text = ""
        self._at = 0
        self._damage: Exception | None = None

    def _fill(self, size: int = 0) -> bool:
        """Hold ``size`` characters more, or all that are left; False at the end of the text.

        An error of reading is raised once what stands before it was read.
        """
        if self._damage is not None:
            raise self._damage
        parts, left = [self._text[self._at :]], size or _CHUNK
        try:
            while left > 0 and (more := self._read(left)):
                parts.append(more)
                left -= len(more)
        except Exception as error:
            if len(parts) == 1:
                raise
            self._damage = error
        self._text, self._at = "".join(parts), 0
        return len(parts) > 1

    def starts(self, start: re.Pattern[str]) -> re.Match[str] | None:
        """How the text goes on with ``start``, None if it does not; nothing is read."""
        while len(self._text) - self._at < _START and self._fill():
            pass
        return start.match(self._text, self._at)

    def read(self, count: int = 1) -> None:
        """Read so many characters that are held."""
        self._at += count

    def next(self) -> str:
        """The next character that is not blank, ``""`` at the end; blanks are read, it is not."""
        while True:
            match = _BLANK.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def skip_blanks(self) -> None:
        """Read the blanks up to the end of the line."""
        match = _BLANKS_OF_LINE.match(self._text, self._at)
        assert match is not None
        self._at = match.end()

    def skip_blank_lines(self) -> None:
        """Read the lines that hold nothing; blanks before the text of a line are left."""
        while True:
            match = _TEXT.search(self._text, self._at)
            self._at = max(self._at, self._text.rfind("\n", self._at, match.start() if match else None) + 1)
            if self._at < len(self._text) or not self._fill():
                return

    def value(self, limit: int = 0, ahead: int = 0, before: str = "") -> tuple[object, str, int]:
        """The JSON value that comes after ``ahead`` characters, its text, and how many characters lead to its end;
        nothing is read. ``before`` is put before it.

        Raises BrokenOffError, and TooLongError past ``limit`` characters.
        """
        size = _CHUNK
        while True:
            whole = None
            source, start = (self._text, self._at + ahead) if not before else (before + self._text[self._at :], 0)
            try:
                value, end = JSON.raw_decode(source, start)
            except JSONDecodeError as error:
                # What is wrong far from the end of what is held stays wrong, whatever comes.
                cut = error.msg.startswith("Unterminated string") or error.pos >= len(source) - _LONGEST_TOKEN
                at_end = error.msg.startswith("Unterminated string") or error.pos >= len(source)
                if not cut:
                    raise BrokenOffError(ended=False) from None
            except (ValueError, RecursionError):
                raise BrokenOffError(ended=False) from None
            else:
                # A number at the end of what is held may go on.
                whole = value, source[start:end], end - start + ahead - len(before)
                if end < len(source):
                    return whole
            if len(self._text) - self._at > (limit or ITEM_LIMIT):
                raise TooLongError
            if not self._fill(size):
                if whole is not None:
                    return whole
                raise BrokenOffError(ended=at_end)
            size *= 2

    def line(self) -> str | None:
        """The next line without its end, None if there is none; it is not read. Raises TooLongError."""
        searched = self._at
        while (end := self._text.find("\n", searched)) < 0:
            remaining = len(self._text) - self._at
            if remaining >= LINE_LIMIT:
                raise TooLongError
            if not self._fill(max(_CHUNK, remaining)):
                end = len(self._text)
                if end == self._at:
                    return None
                break
            searched = remaining
        if end - self._at >= LINE_LIMIT:
            raise TooLongError
        return self._text[self._at : end]

    def read_line(self, line: str) -> None:
        """Read the line that :meth:`line` gave, with its end."""
        self._at = min(self._at + len(line) + 1, len(self._text))
