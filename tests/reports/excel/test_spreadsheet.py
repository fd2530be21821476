"""Another program opens the workbook: LibreOffice converts it and the same strings come out."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from auditor.reports.excel.table import HEADER_ROW
from auditor.workpaper import visible
from tests.reports.example_result import HOSTILE
from tests.reports.excel.reading import table

pytestmark = pytest.mark.spreadsheet


@pytest.fixture(scope="module")
def converted(book_bytes: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook saved again as xlsx, and the sheet Chains as csv."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("office")
    source = folder / "book.xlsx"
    source.write_bytes(book_bytes)
    sheets = openpyxl.load_workbook(source, read_only=True).sheetnames
    # Filter options of the csv export: comma, quote, UTF-8, …, the sheet by its number.
    export = f"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,{sheets.index('Chains') + 1}"
    for target, place in (("xlsx:Calc MS Excel 2007 XML", folder / "again"), (export, folder / "csv")):
        settings = f"-env:UserInstallation=file://{folder / 'profile'}"
        done = subprocess.run(
            [office, settings, "--headless", "--convert-to", target, "--outdir", str(place), str(source)],
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    return folder


def test_same_strings_come_back(converted: Path, book: Workbook) -> None:
    again = openpyxl.load_workbook(converted / "again" / "book.xlsx")
    assert again.sheetnames == book.sheetnames
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                other = again[sheet.title][cell.coordinate]
                assert other.data_type != "f", (sheet.title, cell.coordinate)
                if isinstance(cell.value, str) and "_x005F_" not in cell.value:
                    assert (other.value or "") == cell.value, (sheet.title, cell.coordinate)


def test_hostile_names_are_shown_as_they_are(converted: Path, book: Workbook) -> None:
    (file,) = (converted / "csv").iterdir()
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    head = rows[HEADER_ROW - 1]
    column, finding = head.index("Filter name"), head.index("Finding no.")
    names = [row[column] for row in rows[HEADER_ROW:] if row[finding] == "F-0015"]
    assert names == [visible(text) for text in HOSTILE.values()]
    assert len(rows) == HEADER_ROW + len(table(book, "Chains"))
