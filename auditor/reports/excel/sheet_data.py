"""The rows of a worksheet as XML.

openpyxl makes everything around them (styles, tables, validations, charts, properties). The rows are written here:
a cell can only be a string or a number, so that no text from evidence can become a formula or a link to another
file; and it takes a fifth of the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from auditor.reports.excel.text import Value

MAX_LINKS = 65_530  # Excel's limit for one sheet
Cell = tuple[Value, int]  # value, style id


class SheetData:
    """Rows from top to bottom, and links to other sheets."""

    def __init__(self) -> None:
        self._rows: list[str] = []
        self._links: list[str] = []
        self._letters: list[str] = []

    def append(self, cells: Sequence[Cell], height: float) -> None:
        """One row of ``height`` points; a value of None leaves a cell with its style only."""
        number = len(self._rows) + 1
        while len(self._letters) < len(cells):
            self._letters.append(get_column_letter(len(self._letters) + 1))
        drawn = [_cell(f"{letter}{number}", *cell) for letter, cell in zip(self._letters, cells, strict=False)]
        self._rows.append(f'<row r="{number}" ht="{height:g}" customHeight="1">{"".join(drawn)}</row>')

    def link(self, column: int, location: str) -> None:
        """Lets the cell in ``column`` (from 1) of the next row lead to ``location`` (``'Results'!A5``)."""
        reference = f"{get_column_letter(column)}{len(self._rows) + 1}"
        self._links.append(f'<hyperlink ref="{reference}" location={quoteattr(location)}/>')

    @property
    def full(self) -> bool:
        """Whether no further link is possible."""
        return len(self._links) >= MAX_LINKS

    @property
    def rows(self) -> str:
        """The element ``sheetData``."""
        return f"<sheetData>{''.join(self._rows)}</sheetData>"

    @property
    def links(self) -> str:
        """The element ``hyperlinks``, ``""`` without any."""
        return f"<hyperlinks>{''.join(self._links)}</hyperlinks>" if self._links else ""


def _cell(reference: str, value: Value, style: int) -> str:
    if value is None:
        return f'<c r="{reference}" s="{style}"/>'
    if isinstance(value, str):
        text = f'<t xml:space="preserve">{escape(value)}</t>'
        return f'<c r="{reference}" s="{style}" t="inlineStr"><is>{text}</is></c>'
    number = to_excel(value) if isinstance(value, date) else value  # type: ignore[no-untyped-call]
    return f'<c r="{reference}" s="{style}"><v>{number}</v></c>'
