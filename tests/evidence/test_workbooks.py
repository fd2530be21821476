"""Workbooks in a bundle are no evidence, but may say who was handed in (rule X9)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from auditor.bundle import open_bundle
from auditor.evidence import Evidence, load
from tests.textbook import textbook, write

OTHER, THIRD = "444455556666", "777788889999"
ALARM = f"arn:aws:cloudwatch:eu-west-1:{OTHER}:alarm:x"


def workbook(*rows: list[object], title: str = "Sheet1", creator: str = "") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    book.properties.creator = creator
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def evidence(folder: Path, name: str, data: bytes) -> Evidence:
    return load(open_bundle([write(textbook() | {name: data}, folder)]))


LISTED = (["Account ID", "Name", "Owner"], [OTHER, "dev", "me"], [THIRD, "test", "me"])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("accounts.xlsx", workbook(*LISTED)),
        ("scope.xlsx", workbook(*LISTED)),
        ("accounts.xlsx", workbook(["Account ID", "Name"], [int(OTHER), "dev"])),
        ("dev/evidence.xlsx", workbook(["a"], title=OTHER)),
        ("dev/evidence.xlsx", workbook(["Alarm", "State"], [ALARM, "OK"])),
    ],
    ids=["named", "by its columns", "numbers", "a sheet's name", "an alarm's ARN"],
)
def test_x9_whom_a_sheet_lists_was_handed_in(tmp_path: Path, name: str, data: bytes) -> None:
    read = evidence(tmp_path, name, data)
    assert OTHER in read.handed_in
    assert name in [problem.file for problem in read.problems]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("costs.xlsx", workbook(["Account", "Amount"], [OTHER, 12])),
        ("findings.xlsx", workbook(["Account", "Check", "Severity"], [OTHER, "a", "high"])),
        ("old.xlsx", workbook(*LISTED, creator="auditor 1.0")),
        ("damaged.xlsx", workbook(*LISTED)[:-200]),
        ("letter.docx", workbook(*LISTED)),
    ],
    ids=["costs", "findings", "of this program", "damaged", "a letter"],
)
def test_x9_other_workbooks_hand_nobody_in(tmp_path: Path, name: str, data: bytes) -> None:
    read = evidence(tmp_path, name, data)
    assert OTHER not in read.handed_in
    assert [(problem.file, problem.severity) for problem in read.problems] == [(name, "note")]


def test_a_bomb_in_a_workbook_costs_nothing(tmp_path: Path) -> None:
    stream = io.BytesIO(workbook(*LISTED))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"0" * 210_000_000)
    assert OTHER not in evidence(tmp_path, "accounts.xlsx", stream.getvalue()).handed_in
