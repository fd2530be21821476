"""The workbook of a comparison: one table a sheet, every text a string."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo

from auditor.comparison.words import counts, quarter_in_words, settings
from auditor.reports.excel.heights import height, per_line
from auditor.reports.excel.package import created
from auditor.reports.excel.page import pages_wide
from auditor.reports.excel.text import cell_text
from auditor.result import ComparedFinding, Comparison
from auditor.workpaper import NOTHING, TONES, tone
from auditor.workpaper.changes import GROUPS

_HEADER = 4
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Sheet:
    title: str
    purpose: str
    columns: tuple[tuple[str, int], ...]  # header, width
    rows: Sequence[Sequence[object]]


def render(comparison: Comparison) -> bytes:
    """The workbook: the same bytes for the same comparison. A sheet without content is left out."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = [sheet for sheet in _sheets(comparison) if sheet.rows]
    for number, sheet in enumerate(sheets, 1):
        _write(book.create_sheet(sheet.title), sheet, number)
    as_of = comparison["quarters"][-1]["as_of"]
    names = [quarter["name"] for quarter in comparison["quarters"]]
    book.properties.title = cell_text(f"Comparison of {' and '.join(names)}")[:255]
    book.properties.creator = book.properties.lastModifiedBy = "auditor"
    book.properties.created = book.properties.modified = created(as_of)
    return _fixed(book, as_of)


def _sheets(comparison: Comparison) -> Iterator[_Sheet]:
    headings = {key: heading for key, heading, _ in GROUPS}
    quarters = comparison["quarters"]
    days = [quarter["as_of"] or quarter["name"] for quarter in quarters]
    yield _Sheet(
        "Comparison",
        f"Then: {quarter_in_words(quarters[-2])}. Now: {quarter_in_words(quarters[-1])}.",
        (("What", 46), ("Number", 12), ("What it means", 80)),
        [
            *((*counted, meaning) for counted, meaning in zip(counts(comparison), _meanings(), strict=True)),
            *(("Before reading", None, remark) for remark in comparison["remarks"]),
        ],
    )  # fmt: skip
    yield _Sheet(
        "Findings",
        "Findings that are not as they were, that still fail, or that still could not be concluded.",
        (("What became of it", 20), ("Account id", 14), ("Account name", 16), ("Control", 26), ("Then", 14),
         ("Now", 14), ("Since", 11), ("Reason then", 44), ("Reason now", 44), ("Captures that came or went", 40)),
        [
            (_became(headings[entry["group"]], entry), entry["account_id"], entry["account_name"], entry["control"],
             entry["before"], entry["after"], entry["since"], entry["reason_before"], entry["reason_after"],
             "\n".join(entry["evidence"]))
            for key in headings
            for entry in sorted(comparison["findings"], key=lambda entry: entry.get("letter", False))
            if entry["group"] == key
        ],
    )  # fmt: skip
    yield _Sheet(
        "Settings",
        "Settings of the chains that changed, field by field; patterns by what they count.",
        (("Account id", 14), ("Link", 13), ("Field", 16), ("What changed", 44), ("Then", 40), ("Now", 40),
         ("Relation", 12), ("Event that shows it", 30), ("Concerns", 16), ("Findings", 36)),
        [
            (setting.account_id, setting.change["link"], setting.change["field"], setting.change["words"],
             _json(setting.change["before"]), _json(setting.change["after"]), setting.change.get("relation"),
             _json(setting.change.get("witness")), setting.extent, ", ".join(setting.findings))
            for setting in settings(comparison)
        ],
    )  # fmt: skip
    yield _Sheet(
        "Population",
        "Accounts that joined or left.",
        (("Account id", 15), ("Account name", 30), ("What", 10), ("Why", 80)),
        [(entry["account_id"], entry["name"], entry["what"], entry["why"]) for entry in comparison["population"]],
    )
    yield _Sheet(
        "Open points",
        "Open points of findings whose verdict stays: closed by further captures, or newly open.",
        (("Finding", 50), ("Closed", 60), ("New", 60)),
        [
            (entry["finding"], "\n".join(entry["closed"]), "\n".join(entry["opened"]))
            for entry in comparison["open_points"]
        ],
    )
    yield _Sheet(
        "History",
        "The verdict of every finding in every quarter, and since when it has the last one.",
        (("Finding", 50), *((f"{number}: {day}", 20) for number, day in enumerate(days, 1)), ("Since", 14)),
        [(entry["finding"], *entry["verdicts"], entry["since"]) for entry in comparison["history"]],
    )


def _meanings() -> Iterator[str]:
    yield from (meaning for _, _, meaning in GROUPS)
    yield from ("One that several findings share counts once.", "In the population now, not then.",
                "In the population then, not now.")  # fmt: skip


def _became(heading: str, entry: ComparedFinding) -> str:
    return f"{heading}, by the letter only" if entry.get("letter") else heading


def _json(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return orjson.dumps(value).decode()


def _write(worksheet: Any, sheet: _Sheet, number: int) -> None:
    _put(worksheet, 1, 1, sheet.title, Font(name="Arial", size=15, bold=True, color="1F3864"), wrap=False)
    _put(worksheet, 2, 1, sheet.purpose, Font(name="Arial", size=9, italic=True, color="52606D"), wrap=False)
    for position, (header, width) in enumerate(sheet.columns, 1):
        cell = _put(worksheet, _HEADER, position, header, Font(name="Arial", size=9, bold=True, color="FFFFFF"))
        cell.fill = PatternFill("solid", fgColor="1F3864")
        worksheet.column_dimensions[get_column_letter(position)].width = width
    for place, row in enumerate(sheet.rows, _HEADER + 1):
        for position, value in enumerate(row, 1):
            _put_value(worksheet, place, position, value)
    widths = [per_line(width) for _, width in sheet.columns]
    for place, row in enumerate(sheet.rows, _HEADER + 1):
        texts = ((str(value), room) for value, room in zip(row, widths, strict=True) if value is not None)
        worksheet.row_dimensions[place].height = height(texts)
    last = f"{get_column_letter(len(sheet.columns))}{_HEADER + len(sheet.rows)}"
    table = Table(displayName=f"T{number}_{''.join(filter(str.isalnum, sheet.title))}", ref=f"A{_HEADER}:{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    worksheet.add_table(table)
    worksheet.freeze_panes = f"A{_HEADER + 1}"
    worksheet.print_title_rows = f"{_HEADER}:{_HEADER}"
    worksheet.page_setup.orientation, worksheet.page_setup.paperSize = "landscape", 9
    wide = pages_wide(sum(width for _, width in sheet.columns))
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = wide, 0
    worksheet.page_margins.left = worksheet.page_margins.right = 0.3
    worksheet.page_margins.top = worksheet.page_margins.bottom = 0.75
    worksheet.oddHeader.right.text, worksheet.oddFooter.left.text = "&A", "&F"
    worksheet.oddFooter.right.text = "Page &P of &N"
    for part in (worksheet.oddHeader.right, worksheet.oddFooter.left, worksheet.oddFooter.right):
        part.font, part.size = "Arial,Regular", 8
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    worksheet.sheet_view.showGridLines = False


def _put_value(worksheet: Any, row: int, column: int, value: object) -> None:
    if isinstance(value, int):
        worksheet.cell(row, column, value).alignment = Alignment(vertical="top", horizontal="left")
        return
    text = str(value) if value not in (None, "") else NOTHING
    cell = _put(worksheet, row, column, text, Font(name="Arial", size=9))
    if text in TONES:
        ink, paper = TONES[tone(text)]
        cell.font = Font(name="Arial", size=9, bold=True, color=ink)
        cell.fill = PatternFill("solid", fgColor=paper)


def _put(worksheet: Any, row: int, column: int, text: str, font: Font, *, wrap: bool = True) -> Any:
    cell = worksheet.cell(row, column)
    cell.value = cell_text(text)
    cell.data_type = "s"  # whatever it begins with
    cell.number_format = "@"
    cell.font = font
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)
    return cell


def _fixed(book: Workbook, as_of: str | None) -> bytes:
    """The workbook as a file: members with one fixed time."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    book.save(raw)
    modified = created(as_of).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, _MODIFIED.sub(rb"\g<1>" + modified + rb"\g<2>", source.read(name)))
    return fixed.getvalue()
