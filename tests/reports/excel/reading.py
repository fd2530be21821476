"""Reads a workbook back as people see it."""

from __future__ import annotations

from typing import Any

from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook

from auditor.reports.excel.table import HEADER_ROW


def shown(value: Any) -> Any:
    """A cell's value as a spreadsheet program shows it: openpyxl does not decode ``_x005F_``."""
    return unescape(value) if isinstance(value, str) else value


def table(book: Workbook, title: str) -> list[dict[str, Any]]:
    """The rows of a sheet by header."""
    rows = [[shown(value) for value in row] for row in book[title].iter_rows(min_row=HEADER_ROW, values_only=True)]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[0] is not None]
