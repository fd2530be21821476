"""A sheet with one table: title, purpose, tickmarks, the Excel table, drop-downs, links."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.table import Table, TableStyleInfo

from auditor.reports.excel.heights import UPRIGHT, height, per_line
from auditor.reports.excel.page import pages_wide, set_up
from auditor.reports.excel.rows import drawn_rows
from auditor.reports.excel.sheet_data import SheetData
from auditor.reports.excel.style import Styles
from auditor.reports.excel.text import Value, cell_text
from auditor.text import count
from auditor.workpaper import TICKMARKS_IN_SHORT, Column, Kind, Sheet, View
from auditor.workpaper.meanings import meaning
from auditor.workpaper.review import NAME_PREFIX, NAMED
from auditor.workpaper.wording import framework_in_words

HEADER_ROW = 4
ONE_PAGE = 100  # rows of a portrait sheet that are printed on one page
MAX_ROWS = 1_048_576  # Excel's limit
PROMPT = 255  # characters that Excel shows of one
_EMPTY = (None, "", "–")
BOLD, BUTTON = 0.9, 2.5  # what bold type and the filter button leave of a header's width


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet with its records drawn, so that other sheets can link to its rows."""

    sheet: Sheet
    columns: tuple[Column, ...]
    records: list[Any]
    rows: dict[str, int]  # key → first row in the workbook
    printed: int  # rows, from the first on


def fill(sheet: Sheet, view: View) -> Filled:
    """The records of ``sheet`` and the row of each key."""
    records = list(sheet.records(view))[: MAX_ROWS - HEADER_ROW - 1]
    columns = tuple(_folded_if_empty(column, records) for column in sheet.columns(view))
    rows: dict[str, int] = {}
    if sheet.key:
        key = next(column.value for column in columns if column.name == sheet.key)
        for row, record in enumerate(records, HEADER_ROW + 1):
            rows.setdefault(str(key(record)), row)
    printed = len(records) if sheet.printed is None else sum(map(sheet.printed, records))
    return Filled(sheet, columns, records, rows, printed if printed <= sheet.paper else 0)


def _folded_if_empty(column: Column, records: Sequence[Any]) -> Column:
    """A column without any value takes no room: names and owners that nobody gave, waivers where there are none."""
    if column.kind is Kind.INPUT or any(column.value(record) not in _EMPTY for record in records):
        return column
    return replace(column, detail=True)


def write_table(
    worksheet: Any, styles: Styles, filled: Filled, view: View, targets: Mapping[str, Filled], number: int
) -> SheetData:
    """Makes ``worksheet`` the sheet of ``filled`` and returns its rows; ``number`` makes the table's name unique."""
    columns, data = filled.columns, SheetData()
    last_row = HEADER_ROW + len(filled.records)
    width = sum(column.width for column in columns if not column.detail)
    upright = filled.sheet.portrait and pages_wide(width, upright=True) == 1
    wide = pages_wide(width, upright=upright)
    set_up(worksheet, view, upright=upright, wide=wide, high=math.ceil(len(filled.records) / ONE_PAGE) * upright)
    worksheet.freeze_panes = f"{get_column_letter(filled.sheet.frozen + 1)}{HEADER_ROW + 1}"
    worksheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    if filled.printed < len(filled.records):
        worksheet.print_area = f"A1:{get_column_letter(len(columns))}{HEADER_ROW + filled.printed}"
    if wide > 1:
        worksheet.print_title_cols = f"A:{get_column_letter(filled.sheet.frozen)}"
    for position, column in enumerate(columns, 1):
        letter = get_column_letter(position)
        worksheet.column_dimensions[letter] = ColumnDimension(
            worksheet, index=letter, width=column.width, customWidth=True, outlineLevel=int(column.detail),
            hidden=column.detail,
        )  # fmt: skip
    note = styles.plain("note")
    data.append([(filled.sheet.title, styles.plain("title"))], 24)
    data.append([(filled.sheet.purpose, note)], 15)
    about = [TICKMARKS_IN_SHORT if filled.sheet.tickmarks else _size(filled, view), _on_paper(filled), _folded(columns)]
    data.append([(" · ".join(filter(None, about)), note)], 15)
    data.append([(cell_text(column.header), styles.head(column.upright)) for column in columns], _head_height(columns))
    rows = drawn_rows(id(view.document)).of(columns, filled.sheet.lines)
    for record in filled.records:
        row = rows.row([column.value(record) for column in columns])
        linked: tuple[int, ...] = ()
        for place, text in row.linking:
            if target := "" if data.full else _target(columns[place], record, text, targets):
                data.link(place + 1, target)
                linked += (place,)
        data.place(row.text, styles.row(row.looks, linked))
    if filled.sheet.tallied:
        _tally(data, styles, filled)
    _table(worksheet, columns, last_row, number)
    _choices(worksheet, columns, last_row)
    _prompts(worksheet, filled.sheet.title, columns)
    return data


def _tally(data: SheetData, styles: Styles, filled: Filled) -> None:
    """Below the table, apart from it so that no filter takes it for a row: the tickmarks of each column by verdict."""
    data.append([], 9)
    for letter, verdict in (("F", "FAIL"), ("I", "INCONCLUSIVE"), ("P", "PASS")):
        cells: list[tuple[Value, int]] = []
        for position, column in enumerate(filled.columns):
            if column.kind is Kind.MARK:
                number = sum(str(column.value(record) or "").startswith(letter) for record in filled.records)
                cells.append((number, styles.body(number, Kind.COUNT)))
            else:
                label = f"Accounts {verdict}" if position == 1 else ""
                cells.append((label, styles.plain("label" if label else "note")))
        data.append(cells, 15)


def _folded(columns: Sequence[Column]) -> str:
    """Where the columns that are folded away are found."""
    folded = sum(column.detail for column in columns)
    return f"{count(folded, 'further column')}: + above the column letters" if folded else ""


def _size(filled: Filled, view: View) -> str:
    return f"{count(len(filled.records), 'row')}; {framework_in_words(view.framework)}"


def _on_paper(filled: Filled) -> str:
    """What of the rows a printer leaves out."""
    rows, printed = len(filled.records), filled.printed
    if printed == rows:
        return ""
    if printed:
        return f"on paper the first {printed:,}"
    return (
        f"on paper this heading only, {count(rows, 'row')} on the screen: to print some, set a print area of your own"
    )


def _target(column: Column, record: Any, text: str, targets: Mapping[str, Filled]) -> str:
    """Where a cell leads: ``'Results'!A5``, ``""`` if nowhere."""
    if column.link not in targets:
        return ""
    key = column.target(record) if column.target else text.replace(",", " ").split(maxsplit=1)[0]
    row = targets[column.link].rows.get(key)
    return f"'{column.link}'!A{row}" if row else ""


def _table(worksheet: Any, columns: tuple[Column, ...], last_row: int, number: int) -> None:
    last_column = get_column_letter(len(columns))
    name = "".join(filter(str.isalnum, worksheet.title))
    table: Any = Table(displayName=f"T{number}_{name}", ref=f"A{HEADER_ROW}:{last_column}{last_row}")
    # A write-only sheet cannot be asked for its header, so the columns are named by hand.
    table._initialise_columns()
    for column, declared in zip(table.tableColumns, columns, strict=True):
        column.name = cell_text(declared.header)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    worksheet.tables.add(table)


def name_headers(book: Any, title: str, columns: tuple[Column, ...]) -> None:
    """Names the headers of the columns that a review reads: a name follows its cell wherever people move it."""
    for position, column in enumerate(columns, 1):
        if column.name in NAMED:
            name = f"{NAME_PREFIX}{column.name}"
            place = f"'{title}'!${get_column_letter(position)}${HEADER_ROW}"
            book.defined_names[name] = DefinedName(name, attr_text=place)


def _prompts(worksheet: Any, title: str, columns: tuple[Column, ...]) -> None:
    """What a column holds, shown beside its header when that is chosen."""
    for position, column in enumerate(columns, 1):
        if says := meaning(title, column.name):
            prompt = DataValidation(allow_blank=True, showInputMessage=True, prompt=says[:PROMPT])
            prompt.add(f"{get_column_letter(position)}{HEADER_ROW}")
            worksheet.data_validations.append(prompt)


def _choices(worksheet: Any, columns: tuple[Column, ...], last_row: int) -> None:
    """Drop-downs where people choose among words."""
    for position, column in enumerate(columns, 1):
        if column.choices:
            choice = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            choice.error, choice.errorTitle = f"Choose one of: {', '.join(column.choices)}", column.header
            letter = get_column_letter(position)
            choice.add(f"{letter}{HEADER_ROW + 1}:{letter}{last_row}")
            worksheet.data_validations.append(choice)


def _head_height(columns: tuple[Column, ...]) -> float:
    """Bold headers beside a filter button, turned ones in full."""
    level = height((column.header, per_line(column.width * BOLD - BUTTON)) for column in columns if not column.upright)
    return max([level, *(len(column.header) * UPRIGHT for column in columns if column.upright)])
