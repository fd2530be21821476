"""The rows of a worksheet as XML.

openpyxl makes everything around them (styles, tables, validations, charts, properties). The rows are written here:
a cell can only be a string or a number, so that no text from evidence can become a formula or a link to another
file; and it takes a fifth of the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import chain, zip_longest
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from auditor.reports.excel.text import Value

MAX_LINKS = 65_530  # Excel's limit for one sheet
Cell = tuple[Value, int]  # value, style id
# What no XML can hold stands for the number of a row, for that of a style, and for what stands around each text.
_ROW, _STYLE, _CELL, _OPEN, _CLOSE = "\0", "\1", "\2", "\3", "\4"
_AROUND = {
    _OPEN: f'{_ROW}" s="{_STYLE}" t="inlineStr"><is><t xml:space="preserve">',
    _CLOSE: "</t></is></c>",
    _CELL: '<c r="',
}
_WRITTEN = [(sign.encode(), text.encode()) for sign, text in _AROUND.items()]


class SheetData:
    """Rows from top to bottom, and links to other sheets."""

    def __init__(self) -> None:
        self._rows: list[bytes] = []
        self._links: list[str] = []

    def append(self, cells: Sequence[Cell], height: float) -> None:
        """One row of ``height`` points; a value of None leaves a cell with its style only."""
        drawn = [drawn_cell(letter, value) for letter, (value, _) in zip(letters(len(cells)), cells, strict=True)]
        self.place(row_text(drawn, height), [b"%d" % style for _, style in cells])

    def place(self, row: bytes, styles: Sequence[bytes]) -> None:
        """One row that ``row_text`` has drawn, with the style id of each cell."""
        for sign, around in _WRITTEN:
            row = row.replace(sign, around)
        parts = row.split(_STYLE.encode())
        text = b"".join(chain.from_iterable(zip_longest(parts, styles, fillvalue=b"")))
        self._rows.append(text.replace(_ROW.encode(), b"%d" % (len(self._rows) + 1)))

    def link(self, column: int, location: str) -> None:
        """Lets the cell in ``column`` (from 1) of the next row lead to ``location`` (``'Results'!A5``)."""
        reference = f"{get_column_letter(column)}{len(self._rows) + 1}"
        self._links.append(f'<hyperlink ref="{reference}" location={quoteattr(location)}/>')

    @property
    def full(self) -> bool:
        """Whether no further link is possible."""
        return len(self._links) >= MAX_LINKS

    @property
    def rows(self) -> bytes:
        """The element ``sheetData``."""
        return b"".join([b"<sheetData>", *self._rows, b"</sheetData>"])

    @property
    def links(self) -> bytes:
        """The element ``hyperlinks``, empty without any."""
        return f"<hyperlinks>{''.join(self._links)}</hyperlinks>".encode() if self._links else b""


def letters(number: int) -> list[str]:
    """The letters of the first columns; openpyxl keeps them."""
    return [get_column_letter(column) for column in range(1, number + 1)]


def drawn_cell(letter: str, value: Value) -> str:
    """A cell of the column ``letter``, without its row and style; a value of None leaves its style only."""
    if isinstance(value, str):
        return f"{_CELL}{letter}{_OPEN}{escape(value)}{_CLOSE}"
    reference = f'{_CELL}{letter}{_ROW}" s="{_STYLE}"'
    if value is None:
        return f"{reference}/>"
    number = to_excel(value) if isinstance(value, date) else value  # type: ignore[no-untyped-call]
    return f"{reference}><v>{number}</v></c>"


def row_text(cells: Sequence[str], height: float) -> bytes:
    """A row of ``height`` points, without its number and its styles."""
    return f'<row r="{_ROW}" ht="{height:g}" customHeight="1">{"".join(cells)}</row>'.encode()
