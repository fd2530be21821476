"""`auditor audit --review`: what people wrote is never written over, and comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from auditor.cli.program import program
from tests.textbook import ACCOUNT, textbook, write

FEW = ("--control", "ssm-actions", "--framework", "iso27001-2022", "--framework", "hitrust-v11.0.0")


def audit(folder: Path, out: str, *words: object) -> Result:
    told = ["audit", folder / "bundle", "--out", folder / out, *FEW, "--format", "xlsx", "--captured-on", "2026-09-28"]
    return CliRunner().invoke(program, [str(word) for word in (*told, *words)], prog_name="auditor")


def conclude(path: Path, text: str) -> None:
    book: Any = openpyxl.load_workbook(path)
    sheet = book["Results"]
    column = next(cell.column for cell in sheet[4] if cell.value == "Comment")
    sheet.cell(5, column).value = text
    book.save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(textbook(), tmp_path / "bundle")
    assert audit(tmp_path, "q1").exit_code == 0
    conclude(tmp_path / "q1" / "iso27001-2022.xlsx", "tried")
    return tmp_path


def test_a_workbook_that_somebody_worked_in_is_not_written_over(folder: Path) -> None:
    before = (folder / "q1" / "iso27001-2022.xlsx").read_bytes()
    answer = audit(folder, "q1")
    assert answer.exit_code == 2
    assert "iso27001-2022.xlsx: was changed after it was written" in answer.stderr
    again = CliRunner().invoke(program, ["report", str(folder / "q1" / "results.json"), "--out", str(folder / "q1")])
    assert again.exit_code == 2
    assert (folder / "q1" / "iso27001-2022.xlsx").read_bytes() == before


def test_what_was_written_into_one_framework_stands_in_every_one(folder: Path) -> None:
    answer = audit(folder, "q2", "--review", folder / "q1" / "iso27001-2022.xlsx")
    assert answer.exit_code == 0, answer.stderr
    assert "Earlier review: carried over for 1 finding" in answer.stdout
    for name in ("iso27001-2022.xlsx", "hitrust-v11.0.0.xlsx"):
        sheet: Any = openpyxl.load_workbook(folder / "q2" / name)["Results"]
        assert "tried" in [cell.value for cell in sheet[5]]
    (fact,) = json.loads((folder / "q2" / "results.json").read_bytes())["review"]
    assert (fact["finding"], fact["comment"]) == (f"{ACCOUNT}/ssm-actions@default", "tried")


def test_a_folder_of_workbooks_is_read_whole_and_may_be_written_again(folder: Path) -> None:
    conclude(folder / "q1" / "hitrust-v11.0.0.xlsx", "also here")
    paths = [
        path for name in ("iso27001-2022", "hitrust-v11.0.0") for path in ("--review", folder / "q1" / f"{name}.xlsx")
    ]
    assert audit(folder, "q1", *paths[:2]).exit_code == 2
    assert audit(folder, "q1", *paths).exit_code == 0
    answer = audit(folder, "q2", "--review", folder / "q1")
    assert answer.exit_code == 0, answer.stderr
    (fact,) = json.loads((folder / "q2" / "results.json").read_bytes())["review"]
    assert fact["comment"].split("\n") == ["tried", "also here"]


def test_what_cannot_be_placed_is_told_at_once(folder: Path) -> None:
    book: Any = openpyxl.load_workbook(folder / "q1" / "iso27001-2022.xlsx")
    column = next(cell.column for cell in book["Results"][4] if cell.value == "Finding id")
    book["Results"].cell(5, column).value = "999999999999/ssm-actions@default"
    book.save(folder / "q1" / "iso27001-2022.xlsx")
    answer = audit(folder, "q2", "--review", folder / "q1" / "iso27001-2022.xlsx")
    assert answer.exit_code == 0
    assert "iso27001-2022.xlsx sheet Results, cell I5: 'tried' could not be placed" in answer.stderr
