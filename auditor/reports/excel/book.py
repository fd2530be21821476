"""From the result to the bytes of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.pagebreak import Break

from auditor.reports.excel.chart import stacked_bars
from auditor.reports.excel.package import set_properties, to_bytes
from auditor.reports.excel.prose import write_cover, write_scope, write_sign_off
from auditor.reports.excel.style import Styles
from auditor.reports.excel.table import HEADER_ROW, Filled, fill, name_headers, write_table
from auditor.result import AuditResult
from auditor.text import count
from auditor.workpaper import (
    COVER,
    OVERVIEW_TABLES,
    OVERVIEW_TITLES,
    RESULTS,
    SCOPE,
    SIGN_OFF,
    SUMMARY,
    TABLES,
    TITLES,
    Sheet,
    View,
    overview,
    view,
)

ONE_PAGE = 12  # requirements whose table and chart share a page
_PROSE = {SCOPE: write_scope, SIGN_OFF: write_sign_off}


def render(result: AuditResult, framework_id: str) -> bytes:
    """The workbook of one framework: the same bytes for the same result. A sheet without content is left out.

    Raises:
        AuditorError: the result does not hold that framework.
    """
    return _book(view(result, framework_id), TABLES, TITLES)


def render_overview(result: AuditResult, framework_id: str) -> bytes:
    """The workbook across frameworks, with the whole evidence index; no framework's id is looked at."""
    return _book(overview(result), OVERVIEW_TABLES, OVERVIEW_TITLES)


def _book(paper: View, tables: Sequence[Sheet], titles: Sequence[str]) -> bytes:
    filled = {sheet.title: fill(sheet, paper) for sheet in tables}
    filled = {title: sheet for title, sheet in filled.items() if sheet.records}
    book, sheets = Workbook(write_only=True), []
    styles = Styles(book)
    for number, title in enumerate(titles, 1):
        if title == COVER:
            sheets.append(write_cover(book.create_sheet(title), styles, paper, _unprinted(filled.values())))
        elif title in _PROSE:
            sheets.append(_PROSE[title](book.create_sheet(title), styles, paper))
        elif title in filled:
            worksheet, sheet = book.create_sheet(title), filled[title]
            sheets.append(write_table(worksheet, styles, sheet, paper, filled, number))
            if title == RESULTS.title:
                name_headers(book, title, sheet.columns)
            if title == SUMMARY.title:
                _add_chart(worksheet, sheet)
    set_properties(book, paper)
    return to_bytes(book, paper, sheets)


def _unprinted(sheets: Iterable[Filled]) -> list[str]:
    """The sheets of which only the heading is printed, with their rows in words."""
    return [
        f"{sheet.sheet.title} ({count(len(sheet.records), 'row')})"
        for sheet in sheets
        if sheet.printed == 0 and len(sheet.records) > sheet.sheet.paper
    ]


def _add_chart(worksheet: Any, summary: Filled) -> None:
    """The bars of the requirements that are assessed, below the table."""
    last = HEADER_ROW + len(summary.records)
    if len(summary.records) <= ONE_PAGE:
        worksheet.page_setup.fitToHeight = 1
    else:
        worksheet.row_breaks.append(Break(id=last + 1))  # the chart on a page of its own
    if assessed := sum(row.assessed for row in summary.records):
        chart = stacked_bars(worksheet, summary.columns, HEADER_ROW + 1, HEADER_ROW + assessed)
        worksheet.add_chart(chart, f"A{last + 2}")
