"""The rows of a CSV of any size: multi-line cells, repeated headers, resaved in a spreadsheet, or damaged."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from auditor.claims.text_stream import TextStream

SEPARATORS = (";", ",", "\t", "|")
CELL_LIMIT = 1 << 20  # characters; a finding of Security Hub, which a cell may hold, has 240,000
_PATIENCE, _SHORT = 100, 1 << 13  # open quotation marks after which cells are taken to be short
_HEADER_LINES = 20  # lines in which the header is looked for

Note = Callable[[str, str], None]  # place, what is wrong


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row by column, and the line on which it begins."""

    line: int
    cells: Sequence[str]


class _Lines:
    """The lines of a text, numbered, of which those of the row at hand can be read again."""

    def __init__(self, lines: Iterator[str | None], note: Note) -> None:
        self._lines, self._note = lines, note
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._next()
        self.number += 1
        self.taken.append(line)
        return line

    def _next(self) -> str:
        while (line := next(self._lines)) is None:
            self.number += 1
            self._note(f"line {self.number}", "is longer than any row of a table; it was left out")
        return line

    def back_to_second(self) -> str:
        """The first line of the row at hand; those after it are read again."""
        first, *later = self.taken
        self._again.extendleft(reversed(later))
        self.number -= len(later)
        self.taken = []
        return first


def table_rows(text: TextStream, separator: str, whole: Callable[[Sequence[str]], bool], note: Note) -> Iterator[Row]:
    """The rows from the first line on, without empty ones.

    A quotation mark that is not closed costs the row in which it stands, told to ``note``, and none after it.
    ``whole``: whether cells are a row's, asked of those that span lines.
    """
    before, damaged = csv.field_size_limit(CELL_LIMIT), 0
    try:
        lines = _Lines(text.lines(), note)
        while True:
            line = lines.number + 1
            reader = csv.reader(lines, delimiter=separator, strict=True)
            try:
                for cells in reader:
                    if len(lines.taken) > 1 and not whole(cells):
                        raise csv.Error
                    if any(cell.strip() for cell in cells):
                        yield Row(line, cells)
                    lines.taken.clear()
                    line = lines.number + 1
                return
            except csv.Error:
                damaged += 1
                if damaged == _PATIENCE:
                    csv.field_size_limit(_SHORT)
                first = lines.back_to_second()
                # csv refuses half of a line end and long cells without quotation marks, too
                cells = first.rstrip("\r\n").split(separator)
                if any(len(cell) > CELL_LIMIT for cell in cells):
                    note(f"line {line}", "has a cell longer than any of a table; it was left out")
                elif any(cell.strip() for cell in cells):
                    if '"' in first and not _closes(first):
                        note(f"line {line}", "has a quotation mark that is not closed; it was read by its separators")
                    elif any("\r" in cell for cell in cells):
                        note(f"line {line}", "has half of a line end in a cell; it was read by its separators")
                    yield Row(line, [cell.strip('"') for cell in cells])
    finally:
        csv.field_size_limit(before)


def _closes(line: str) -> bool:
    return line.count('"') % 2 == 0


def separators_of(head: str) -> Iterator[tuple[str, str]]:
    """Each of the first lines with each separator that it has, the most frequent one first."""
    for line in head.splitlines()[:_HEADER_LINES]:
        for mark in sorted((mark for mark in SEPARATORS if mark in line), key=line.count, reverse=True):
            yield line, mark


def columns_of(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of a header row: without quotation marks and blanks, in upper case."""
    return tuple(cell.strip().strip('"\ufeff').strip().upper() for cell in cells)
