"""What people write into a workbook comes back by finding, wherever they have moved it; nothing is lost."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from auditor.reports.excel import render
from auditor.result import AuditResult, ReviewFacts
from auditor.review import carry, read_reviews
from tests.review.conftest import ACCOUNTS, Written, finding_id

ONE, TWO, THREE = ACCOUNTS
TEXTS = [
    "seen in the console",
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "two\nlines",
    "_x003D_1",
    "操作 ✓",
    "-1",
    "\u202ex",
]


def carried(result: AuditResult, *paths: Path) -> tuple[AuditResult, dict[str, ReviewFacts], list[Any]]:
    """The result with the reviews put beside it, what became of them by finding id, and the problems."""
    facts, problems = carry(result.document["findings"], read_reviews(paths))
    document: Any = {**result.document, "review": facts}
    return AuditResult(document), {one["finding"]: one for one in facts}, problems


def results_of(data: bytes, path: Path) -> dict[str, dict[str, Any]]:
    path.write_bytes(data)
    sheet: Any = openpyxl.load_workbook(path)["Results"]
    header = [cell.value for cell in sheet[4]]
    rows = [dict(zip(header, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(min_row=5)]
    return {row["Finding id"]: row for row in rows}


def sort_rows(written: Written) -> None:
    rows = [[cell.value for cell in row] for row in written.sheet.iter_rows(min_row=5)]
    for number, row in enumerate(reversed(rows), 5):
        for column, value in enumerate(row, 1):
            written.sheet.cell(number, column).value = value


def insert_columns(written: Written) -> None:
    written.sheet.insert_cols(1, 2)
    written.sheet.cell(4, 1).value = "Tested by"
    written.sheet.cell(5, 1).value = "AB"


def insert_rows(written: Written) -> None:
    written.sheet.insert_rows(1, 3)


def move_columns(written: Written) -> None:
    """The comment to the front, the id behind all."""
    sheet, last = written.sheet, written.sheet.max_column
    for header, target in (("Comment", last + 1), ("Finding id", last + 2)):
        column = written.column(header)
        for number in range(4, 8):
            sheet.cell(number, target).value = sheet.cell(number, column).value
        sheet.delete_cols(column)


def hide(written: Written) -> None:
    for dimension in written.sheet.column_dimensions.values():
        dimension.hidden = True
    written.sheet.row_dimensions[5].hidden = True
    written.sheet.sheet_state = "hidden"


def rename(written: Written) -> None:
    written.sheet.title = "Ergebnisse 2026"


def translate(written: Written) -> None:
    """As a translated template: by the names of the cells the columns are known."""
    for header, german in (("Finding id", "Kennung"), ("Auditor's conclusion", "Urteil"), ("Comment", "Bemerkung")):
        written.sheet.cell(4, written.column(header)).value = german


def typeset(written: Written) -> None:
    written.sheet.cell(4, written.column("Auditor's conclusion")).value = "  AUDITOR’S\nconclusion "


def delete_others(written: Written) -> None:
    """Only what identifies a finding, and what people wrote."""
    kept = ("Finding id", "Auditor's conclusion", "Comment", "Basis of the conclusion")
    for column in range(written.sheet.max_column, 0, -1):
        if written.sheet.cell(4, column).value not in kept:
            written.sheet.delete_cols(column)


MOVES: dict[str, Callable[[Written], None]] = {
    "as it is": lambda written: None,
    "sorted": sort_rows,
    "columns inserted": insert_columns,
    "rows inserted above": insert_rows,
    "columns moved": move_columns,
    "all hidden": hide,
    "sheet renamed": rename,
    "headers translated": translate,
    "another apostrophe": typeset,
    "other columns deleted": delete_others,
}


@pytest.mark.parametrize("move", MOVES)
def test_comes_back_wherever_it_was_moved(first: AuditResult, tmp_path: Path, move: str) -> None:
    written = Written(first, tmp_path / "old.xlsx")
    written.conclude(ONE, "Agree", TEXTS[0])
    written.conclude(THREE, "Disagree")
    MOVES[move](written)
    _, facts, problems = carried(first, written.save())
    assert {one: (facts[one]["conclusion"], facts[one]["comment"], facts[one]["status"]) for one in facts
            if facts[one]["conclusion"]} == {
        finding_id(ONE): ("Agree", TEXTS[0], "carried"), finding_id(THREE): ("Disagree", "", "carried"),
    }  # fmt: skip
    assert problems == []
    assert f"sheet {written.sheet.title}, cell " in facts[finding_id(ONE)]["where"]


@pytest.mark.parametrize("part", [0, 1, 2])
def test_any_text_comes_back_as_text(first: AuditResult, tmp_path: Path, part: int) -> None:
    """Through two builds; never as a formula, and no longer than it was."""
    texts = dict(zip(map(finding_id, ACCOUNTS), TEXTS[3 * part : 3 * part + 3], strict=False))
    written = Written(first, tmp_path / "old.xlsx")
    for account, text in texts.items():
        written.conclude(account.partition("/")[0], comment=text)
    result, facts, _ = carried(first, written.save())
    (tmp_path / "new.xlsx").write_bytes(render(result, "iso27001-2022"))
    again, facts_again, _ = carried(first, tmp_path / "new.xlsx")
    for finding, text in texts.items():
        shown = "\\u202ex" if text == "\u202ex" else text
        assert facts[finding]["comment"] == text
        assert facts_again[finding]["comment"] == shown
    sheet: Any = openpyxl.load_workbook(tmp_path / "new.xlsx")["Results"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=5) for cell in row} <= {"s", "n", "inlineStr"}
    assert again.document["review"]


def test_what_changed_is_marked_and_no_longer_stands(first: AuditResult, changed: AuditResult, tmp_path: Path) -> None:
    written = Written(first, tmp_path / "old.xlsx")
    for account in ACCOUNTS:
        written.conclude(account, "Agree", f"tried {account}")
    result, facts, problems = carried(changed, written.save())
    assert {one: fact["status"] for one, fact in facts.items()} == {
        finding_id(ONE): "evidence_changed", finding_id(TWO): "carried", finding_id(THREE): "carried",
    }  # fmt: skip
    assert facts[finding_id(ONE)]["changed"] == ["Metric filter"]
    assert problems == []
    rows = results_of(render(result, "iso27001-2022"), tmp_path / "new.xlsx")
    one, two = rows[finding_id(ONE)], rows[finding_id(TWO)]
    assert (one["Auditor's conclusion"], one["Comment"]) == (None, None)
    assert one["Review"].startswith(
        "evidence changed, conclude again: Metric filter changed since 2026-09-28; was PASS"
    )
    assert "Agree: tried 111122223333" in one["Earlier conclusions"]
    assert (two["Auditor's conclusion"], two["Comment"]) == ("Agree", "tried 222233334444")
    review: Any = openpyxl.load_workbook(tmp_path / "new.xlsx")["Review"]
    assert [row[1].value for row in review.iter_rows(min_row=5)] == [finding_id(ONE)]


def test_what_waits_is_kept_until_somebody_concludes(first: AuditResult, changed: AuditResult, tmp_path: Path) -> None:
    """Three builds: concluded, changed, still waiting; then concluded anew."""
    written = Written(first, tmp_path / "1.xlsx")
    written.conclude(ONE, "Agree", "tried")
    second, _, _ = carried(changed, written.save())
    third, facts, _ = carried(changed, Written(second, tmp_path / "2.xlsx").save())
    assert facts[finding_id(ONE)]["status"] == "evidence_changed"
    assert "Agree: tried" in facts[finding_id(ONE)]["earlier"]
    again = Written(third, tmp_path / "3.xlsx")
    again.conclude(ONE, "Follow up", "the new filter")
    _, facts, _ = carried(changed, again.save())
    one = facts[finding_id(ONE)]
    assert (one["status"], one["conclusion"], one["comment"]) == ("carried", "Follow up", "the new filter")
    assert "Agree: tried" in one["earlier"]


def test_of_several_workbooks_the_one_that_was_worked_in_counts(first: AuditResult, tmp_path: Path) -> None:
    """All were written with a conclusion; in one it was altered, in one taken out."""
    written = Written(first, tmp_path / "1.xlsx")
    written.conclude(ONE, "Agree", "tried")
    written.conclude(TWO, "Agree")
    written.conclude(THREE, "Agree")
    second, _, _ = carried(first, written.save())
    one, two = Written(second, tmp_path / "a.xlsx"), Written(second, tmp_path / "b.xlsx")
    one.conclude(ONE, "Disagree")
    two.sheet.cell(two.row(TWO), two.column("Auditor's conclusion")).value = None
    _, facts, problems = carried(second, one.save(), two.save())
    assert (facts[finding_id(ONE)]["conclusion"], facts[finding_id(ONE)]["comment"]) == ("Disagree", "tried")
    assert finding_id(TWO) not in facts
    assert facts[finding_id(THREE)]["conclusion"] == "Agree"
    assert problems == []


def test_conclusions_that_differ_are_both_kept_and_neither_stands(first: AuditResult, tmp_path: Path) -> None:
    one, two = Written(first, tmp_path / "a.xlsx"), Written(first, tmp_path / "b.xlsx")
    one.conclude(ONE, "Agree", "mine")
    two.conclude(ONE, "Disagree", "yours")
    two.conclude(TWO, comment="only a comment")
    one.conclude(TWO, "Agree")
    result, facts, (problem,) = carried(first, one.save(), two.save())
    assert facts[finding_id(ONE)]["status"] == "conflicting"
    assert "Agree (a.xlsx, sheet Results, cell " in problem.problem
    assert "Disagree (b.xlsx, sheet Results, cell " in problem.problem
    assert (problem.file, problem.code) == ("a.xlsx", "review-conflicting")
    row = results_of(render(result, "iso27001-2022"), tmp_path / "new.xlsx")[finding_id(ONE)]
    assert row["Auditor's conclusion"] is None
    assert "Agree: mine" in row["Earlier conclusions"]
    assert "Disagree: yours" in row["Earlier conclusions"]
    assert (facts[finding_id(TWO)]["conclusion"], facts[finding_id(TWO)]["comment"]) == ("Agree", "only a comment")


def test_own_columns_and_notes_come_back_and_stand_in_the_next_build(first: AuditResult, tmp_path: Path) -> None:
    written = Written(first, tmp_path / "old.xlsx")
    insert_columns(written)
    written.sheet.cell(6, 5).comment = Comment("is this the right account?", "AB")
    result, _, problems = carried(first, written.save())
    assert problems == []
    rows = list(results_of(render(result, "iso27001-2022"), tmp_path / "new.xlsx").values())
    assert [row["Tested by"] for row in rows] == ["AB", None, None]
    assert [row["Notes on cells"] for row in rows] == [None, "is this the right account?", None]
    again, _, _ = carried(first, tmp_path / "new.xlsx")
    assert render(again, "iso27001-2022") != b""
    third = results_of(render(again, "iso27001-2022"), tmp_path / "3.xlsx")
    assert [row["Tested by"] for row in third.values()] == ["AB", None, None]


def test_an_inserted_column_with_a_header_of_ours_is_told_apart(first: AuditResult, tmp_path: Path) -> None:
    """Excel mends a workbook, or refuses it, whose table has two columns of one name."""
    written = Written(first, tmp_path / "old.xlsx")
    last = written.sheet.max_column
    for place, header in enumerate(("Comment", "verdict", "Mine", "MINE"), last + 1):
        written.sheet.cell(4, place).value = header
        written.sheet.cell(5, place).value = f"in {header}"
    result, _, problems = carried(first, written.save())
    assert problems == []
    rows = results_of(render(result, "iso27001-2022"), tmp_path / "new.xlsx")
    headers = [str(header).casefold() for header in next(iter(rows.values()))]
    assert len(headers) == len(set(headers))
    row = next(row for row in rows.values() if row["Mine"])
    assert (row["Comment (own)"], row["verdict (own)"], row["Mine"]) == ("in Comment", "in verdict", "in Mine\nin MINE")


def lose_the_account(written: Written) -> None:
    written.sheet.cell(5, written.column("Finding id")).value = "999999999999/ssm-actions@default"


def erase_what_identifies(written: Written) -> None:
    for header in ("Finding id", "Account id", "Control id"):
        written.sheet.cell(5, written.column(header)).value = None


def write_below(written: Written) -> None:
    written.sheet.cell(5, written.column("Comment")).value = None
    written.sheet.cell(20, 2).value = "tried"


def write_on_the_cover(written: Written) -> None:
    written.sheet.cell(5, written.column("Comment")).value = None
    written.book["Cover"]["B4"].comment = Comment("tried", "AB")


def write_beside_a_test(written: Written) -> None:
    written.sheet.cell(5, written.column("Comment")).value = None
    sheet = written.book["Completeness"]
    column = next(cell.column for cell in sheet[4] if cell.value == "Auditor's re-performance")
    sheet.cell(5, column).value = "tried"


UNPLACED = {
    "another finding": (lose_the_account, "sheet Results, cell I5", "999999999999/ssm-actions@default"),
    "nothing identifies it": (erase_what_identifies, "sheet Results, cell ", "stands beside no finding"),
    "below the table": (write_below, "sheet Results, cell ", "stands beside no finding"),
    "a note elsewhere": (write_on_the_cover, "sheet Cover, cell B4", "stands beside no finding"),
    "a column of another sheet": (write_beside_a_test, "sheet Completeness, cell ", "stands beside no finding"),
}


@pytest.mark.parametrize("case", UNPLACED)
def test_what_cannot_be_placed_is_told_and_kept(first: AuditResult, tmp_path: Path, case: str) -> None:
    move, place, why = UNPLACED[case]
    written = Written(first, tmp_path / "old.xlsx")
    written.conclude(written.sheet.cell(5, written.column("Account id")).value, comment="tried")
    move(written)
    result, facts, (problem,) = carried(first, written.save())
    assert (problem.file, problem.code) == ("old.xlsx", "review-unplaced")
    assert place in problem.pointer
    assert why in problem.problem
    assert "tried" in problem.problem
    (fact,) = facts.values()
    assert fact["status"] == "unplaced"
    (tmp_path / "new.xlsx").write_bytes(render(result, "iso27001-2022"))
    review: Any = openpyxl.load_workbook(tmp_path / "new.xlsx")["Review"]
    assert any("tried" in str(cell.value) for cell in review[5])
    _, again, _ = carried(first, tmp_path / "new.xlsx")
    assert [("tried" in one["comment"], one["status"]) for one in again.values()] == [(True, "unplaced")]


def test_without_an_id_account_and_control_place_it(first: AuditResult, tmp_path: Path) -> None:
    """A spreadsheet program made a number of the account, which lost its zero."""
    written = Written(first, tmp_path / "old.xlsx")
    written.conclude(THREE, "Agree")
    row = written.row(THREE)
    written.sheet.cell(row, written.column("Account id")).value = 12345678901
    written.sheet.cell(row, written.column("Finding id")).value = None
    _, facts, problems = carried(first, written.save())
    assert facts[finding_id(THREE)]["status"] == "carried"
    assert problems == []


def test_without_its_basis_a_conclusion_does_not_simply_stand(first: AuditResult, tmp_path: Path) -> None:
    written = Written(first, tmp_path / "old.xlsx")
    written.conclude(ONE, "Agree")
    written.sheet.delete_cols(written.column("Basis of the conclusion"))
    _, facts, _ = carried(first, written.save())
    assert facts[finding_id(ONE)]["status"] == "evidence_changed"
    assert facts[finding_id(ONE)]["changed"] == ["what the conclusion rested on is not in the workbook"]


@pytest.mark.spreadsheet
def test_survives_a_save_by_libreoffice(first: AuditResult, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    written = Written(first, tmp_path / "old.xlsx")
    for move in (sort_rows, insert_columns, rename):
        move(written)
    for account, text in zip(ACCOUNTS, TEXTS, strict=False):
        written.conclude(account, "Agree", text)
    before = read_reviews([written.save()])[0].records
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "lo"), "old.xlsx"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    after = read_reviews([tmp_path / "lo" / "old.xlsx"])[0].records
    assert before == after
    assert {record.comment for record in after} == set(TEXTS[:3])
