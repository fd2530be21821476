"""Rows of tables drawn once for all workbooks of a result.

Most rows of one framework's workbook stand in those of the others, too; drawing one (words, escapes, height, look of
each cell) takes ten times as long as asking for its values. Where a row stands, what its cells link to and the
numbers of its styles are the workbook's own, and are filled in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import orjson

from auditor.reports.excel.heights import LINE, height, per_line
from auditor.reports.excel.sheet_data import drawn_cell, letters, row_text
from auditor.reports.excel.style import Look, body_look
from auditor.reports.excel.text import Value, cell_value
from auditor.workpaper import Column, Kind, mark_tone, tone

MOST_KEPT = 64_000_000
"""Bytes of rows that are kept: those of a workbook of some four hundred accounts. Others are drawn each time."""
_BESIDE = 300  # bytes that a row takes besides its text


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row without its number and the numbers of its styles. ``linking`` are the places, from 0, and the texts of the
    cells that may lead elsewhere.
    """

    text: bytes
    looks: tuple[Look, ...]
    linking: tuple[tuple[int, str], ...]


class DrawnRows:
    """The rows of one result's tables, by what their columns hold."""

    def __init__(self) -> None:
        self._of: dict[tuple[object, ...], dict[bytes, DrawnRow]] = {}
        self._looks: dict[tuple[Look, ...], tuple[Look, ...]] = {}
        self._left = MOST_KEPT

    def of(self, columns: Sequence[Column], lines: int) -> TableRows:
        """Those of a table with these columns, whose rows show so many lines of their texts at most (0: all)."""
        form = (lines, *((column.kind, column.width, column.detail, bool(column.link)) for column in columns))
        return TableRows(self, columns, lines, self._of.setdefault(form, {}))

    def keep(self, key: bytes, row: DrawnRow, rows: dict[bytes, DrawnRow]) -> DrawnRow:
        """The row, which is kept if there is room for it."""
        self._left -= len(row.text) + _BESIDE
        if self._left > 0:
            looks = self._looks.setdefault(row.looks, row.looks)
            row = rows[key] = DrawnRow(row.text, looks, row.linking)
        return row


class TableRows:
    """The rows of tables with the same columns."""

    def __init__(
        self,
        drawn: DrawnRows,
        columns: Sequence[Column],
        lines: int,
        kept: dict[bytes, DrawnRow],
    ) -> None:
        self._drawn = drawn
        self._columns = columns
        self._letters = letters(len(columns))
        self._room = [per_line(column.width, column.kind is Kind.CODE) for column in columns]
        self._highest = lines * LINE + 3 if lines else None
        self._kept = kept

    def row(self, values: Sequence[object]) -> DrawnRow:
        """The row of these values, one for each column."""
        try:  # JSON, since 1, 1.0 and True are equal and written in different ways
            key = hashlib.sha256(orjson.dumps(values, default=str)).digest()
        except TypeError:  # no text that JSON can hold, or a number that is too long
            return self._draw(values)
        row = self._kept.get(key)
        return self._drawn.keep(key, self._draw(values), self._kept) if row is None else row

    def _draw(self, values: Sequence[object]) -> DrawnRow:
        cells, texts, looks, linking = [], [], [], []
        for place, column in enumerate(self._columns):
            value = cell_value(values[place], column.kind)
            if isinstance(value, str):
                if column.link:
                    linking.append((place, value))
                if not column.detail:
                    texts.append((value, self._room[place]))
            cells.append(drawn_cell(self._letters[place], value))
            looks.append(body_look(value, column.kind, _tone(column, value)))
        high = height(texts)
        text = row_text(cells, high if self._highest is None else min(high, self._highest))
        return DrawnRow(text, tuple(looks), tuple(linking))


def _tone(column: Column, value: Value) -> str:
    if not isinstance(value, str) or column.kind not in (Kind.VERDICT, Kind.MARK):
        return ""
    if value == "–":
        return ""
    return tone(value) if column.kind is Kind.VERDICT else mark_tone(value)


@lru_cache(maxsize=1)
def drawn_rows(result: int) -> DrawnRows:
    """The rows drawn for a result, by the ``id`` of its document: a row is found by all that it shows, so that one of
    another result would be the right one, too.
    """
    return DrawnRows()
