"""A table of a format that is known: told by its header, which may stand again, in other columns, further down."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.claims.formats import powerpipe
from auditor.claims.formats.form import Cells, TableFormat
from auditor.claims.formats.registry import TABLES
from auditor.claims.sink import Sink
from auditor.claims.table_rows import Row, columns_of, separators_of, table_rows
from auditor.claims.text_stream import TextStream

_HEADER = 1 << 17  # characters of a header
_FIRST = ("AUTH_METHOD", "ASSESSMENT_START_TIME", "PROFILE", "PROVIDER")  # with which Prowler's headers begin


@dataclass(frozen=True, slots=True)
class Table:
    """What separates the cells of a table, and whether it has a header."""

    separator: str
    has_header: bool


def table_of(head: str) -> Table | None:
    """The table that begins so, None if it is of no format that is known."""
    lines = [
        (next(csv.reader([line], delimiter=mark), []), mark)
        for line, mark in separators_of(head)
        if len(line) < _HEADER
    ]
    for cells, mark in lines:
        if _form_of(columns_of(cells)) is not None:
            return Table(mark, True)
    for cells, mark in lines:
        if powerpipe.headerless(cells) is not None:
            return Table(mark, False)
    return None


def _form_of(columns: Sequence[str]) -> TableFormat | None:
    names = set(columns)
    return next((form for form in TABLES if form.columns <= names), None)


class TableReader:
    """Reads the rows of one table into a sink."""

    def __init__(self, table: Table, sink: Sink) -> None:
        self._table, self._sink = table, sink
        self._form: TableFormat | None = None
        self._columns: dict[str, int] = {}
        self._width = 0
        self._names: set[str] = set().union(_FIRST, *(form.columns for form in TABLES))

    def read(self, text: TextStream) -> None:
        """All rows. One that has too few cells is read, unless the file ends in it."""
        short: Cells | None = None
        for row in table_rows(text, self._table.separator, self._is_whole, self._damaged):
            if self._is_header(row) or self._form is None:
                continue
            if short is not None:
                self._form.read(short, self._sink)
                short = None
            cells = Cells(self._columns, row.cells, f"line {row.line}")
            if len(row.cells) < self._width and self._table.has_header:
                short = cells
            else:
                self._form.read(cells, self._sink)
        if short is not None:
            what = "the file ends within this row."
            remedy = "The row is no claim. Ask for the file again. What is not in it counts as not said."
            self._sink.problem(short.place, what, remedy, "claims-damaged", broken=True)

    def _is_header(self, row: Row) -> bool:
        """Whether the row is a header, by which those after it are read."""
        if self._form is not None and columns_of(row.cells[:1])[0] not in self._names:
            return False
        columns = columns_of(row.cells)
        form = _form_of(columns)
        if form is not None:
            self._form, self._width = form, len(columns)
            self._columns = {name: at for at, name in reversed(list(enumerate(columns)))}
            self._names.add(columns[0])
            return True
        if self._form is None and not self._table.has_header:
            fixed = powerpipe.headerless(row.cells)
            if fixed is not None:
                self._form, self._columns = powerpipe.FORMATS[0], {name: at for at, name in enumerate(fixed)}
        return False

    def _is_whole(self, cells: Sequence[str]) -> bool:
        return not self._width or len(cells) == self._width

    def _damaged(self, place: str, what: str) -> None:
        self._sink.problem(place, f"{what}.", "Ask for the file again.", "claims-damaged")
