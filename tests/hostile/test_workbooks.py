"""Workbooks made to harm: refused in one line, in little memory and time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from auditor import spreadsheet
from auditor.errors import AuditorError
from auditor.review import read_reviews
from auditor.waivers import read_waivers
from tests.processor import Watch

BOMB = '<!DOCTYPE b [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
) + "]>"  # fmt: skip
OUTSIDE = '<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
STRINGS = "xl/sharedStrings.xml"
HEADER = ["Finding id", "Auditor's conclusion", "Comment"]


def workbook(rows: list[list[Any]]) -> bytes:
    book: Any = openpyxl.Workbook()
    for row in [HEADER, *rows]:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part changed."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            content = source.read(member)
            target.writestr(member, change(content) if member == name else content)
    return changed.getvalue()


def declare(text: str, encoding: str = "utf-8") -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        body = content.decode().replace('<?xml version="1.0"?>', "").replace("<?xml version='1.0'", "<!-- '")
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        return (head + text + body).encode(encoding)

    return change


SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
DECLARING = [
    (part, text, encoding)
    for part in (SHEET, BOOK, "docProps/core.xml")
    for text, encoding in ((BOMB, "utf-8"), (OUTSIDE, "utf-8"), (BOMB, "utf-16"))
]


@pytest.mark.parametrize(("part", "text", "encoding"), DECLARING)
def test_a_document_type_is_refused(tmp_path: Path, part: str, text: str, encoding: str) -> None:
    (tmp_path / "old.xlsx").write_bytes(with_part(workbook([["a", "b", "c"]]), part, declare(text, encoding)))
    for read in (read_waivers, lambda path: read_reviews([path])):
        with pytest.raises(AuditorError, match="declares a document type"):
            read(tmp_path / "old.xlsx")


def test_a_declaration_across_two_reads_is_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "_CHUNK", 16)
    (tmp_path / "old.xlsx").write_bytes(with_part(workbook([]), SHEET, declare(" " * 9 + BOMB)))
    with pytest.raises(AuditorError, match="declares a document type"):
        read_reviews([tmp_path / "old.xlsx"])


@pytest.mark.parametrize("limit", ["MAX_UNPACKED", "MAX_STRINGS", "MAX_MEMBERS"])
def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    (tmp_path / "old.xlsx").write_bytes(workbook([["1/a@b", "Agree", "x"]]))
    with zipfile.ZipFile(tmp_path / "old.xlsx", "a") as archive:
        if STRINGS not in archive.namelist():
            archive.writestr(STRINGS, "<sst/>")
    assert len(read_reviews([tmp_path / "old.xlsx"])[0].records) == 1
    monkeypatch.setattr(spreadsheet, limit, 3)
    with pytest.raises(AuditorError, match="more than a workbook may"):
        read_reviews([tmp_path / "old.xlsx"])


def test_rows_and_columns_far_away_cost_little(tmp_path: Path) -> None:
    def far(content: bytes) -> bytes:
        row = b'<row r="1000000000"><c r="XFD1000000000" t="inlineStr"><is><t>x</t></is></c></row>'
        return content.replace(b"</sheetData>", row + b"</sheetData>")

    (tmp_path / "old.xlsx").write_bytes(with_part(workbook([["1/a@b", "Agree", "x"]]), SHEET, far))
    with Watch() as watch:
        (file,) = read_reviews([tmp_path / "old.xlsx"])
        assert [record.conclusion for record in file.records] == ["Agree"]
    assert watch.seconds < 10


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is no workbook"),
        (b"PK\x03\x04nothing", "is no workbook"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "is an old workbook"),
        (workbook([])[:-400], "is no workbook"),
        (with_part(workbook([]), BOOK, lambda content: content[:50]), "is no workbook that can be read"),
        (with_part(workbook([]), SHEET, lambda content: b"<worksheet"), "is no workbook that can be read"),
    ],
)
def test_a_damaged_workbook_is_one_line(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "old.xlsx").write_bytes(data)
    with pytest.raises(AuditorError, match=words) as caught:
        read_reviews([tmp_path / "old.xlsx"])
    assert str(caught.value).startswith(str(tmp_path / "old.xlsx"))
    assert "\n" not in str(caught.value)


def test_a_workbook_of_something_else_is_refused_with_the_columns(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "old.xlsx")
    with pytest.raises(AuditorError, match="its sheet Results has Finding id, Auditor's conclusion and Comment"):
        read_reviews([tmp_path / "old.xlsx"])
