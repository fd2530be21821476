"""The workbook: sheets, cells that are strings, links, tables, print, properties, the same bytes."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook

from auditor.errors import AuditorError
from auditor.reports.excel import book as excel_book
from auditor.reports.excel import render
from auditor.reports.excel.heights import HIGHEST, LINE, lines_of, per_line
from auditor.reports.excel.page import pages_wide
from auditor.reports.excel.rows import DrawnRows
from auditor.reports.excel.table import HEADER_ROW, Filled, fill
from auditor.result import AuditResult
from auditor.workpaper import TABLES, TITLES, Kind, view, visible
from tests.reports.example_result import (
    HOSTILE,
    REQUIRED,
    example_document,
    example_result,
    large_result,
    passing_result,
)
from tests.reports.excel.reading import shown, table
from tests.sample_results import quarterly

FRAMEWORK = "nist-800-53-r5"
WIDE = {"Results", "Claims", "Review"}  # the first with columns that people inserted
TABLE_TITLES = [sheet.title for sheet in TABLES]
EACH_TABLE = pytest.mark.parametrize("title", TABLE_TITLES)


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_all_sheets_in_order(book: Workbook) -> None:
    assert book.sheetnames == list(TITLES)
    assert all(sheet.sheet_state == "visible" for sheet in book)


def test_sheets_without_content_are_left_out() -> None:
    names = openpyxl.load_workbook(io.BytesIO(render(passing_result(), FRAMEWORK))).sheetnames
    assert not {"Waivers", "Requests", "Remediation", "Problems"} & set(names)
    assert names == [title for title in TITLES if title in names]


def test_unknown_framework() -> None:
    with pytest.raises(AuditorError, match="holds no framework 'none'"):
        render(example_result(), "none")


def test_same_input_same_bytes(book_bytes: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert render(example_result(), FRAMEWORK) == book_bytes
    with zipfile.ZipFile(io.BytesIO(book_bytes)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    dated = openpyxl.load_workbook(io.BytesIO(render(example_result(), FRAMEWORK)))
    assert dated.properties.created == dated.properties.modified == datetime(2026, 1, 1)
    for no_time in ("253402300800", "9" * 30, "-1", "tomorrow", "\u0661"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", no_time)
        assert render(example_result(), FRAMEWORK) == book_bytes


def test_the_loaded_result_gives_the_same_bytes(book_bytes: bytes) -> None:
    assert render(AuditResult.from_json(example_result().to_json()), FRAMEWORK) == book_bytes


def test_no_cell_is_a_formula_and_nothing_leads_out(book_bytes: bytes) -> None:
    for name, data in members(book_bytes).items():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            assert not re.search(rb"<f[ />]", data), name
            assert set(re.findall(rb' t="(\w+)"', data)) <= {b"inlineStr"}, name
        assert b'TargetMode="External"' not in data, name
        assert not re.search(r"externalLink|vbaProject|connections", name)


def test_every_hostile_text_stays_a_string(book: Workbook) -> None:
    rows = [row for row in table(book, "Chains") if row["Finding no."] == "F-0015"]
    assert [row["Filter name"] for row in rows] == [visible(text) for text in HOSTILE.values()]
    assert [row["Filter pattern"] for row in rows] == [visible(text) for text in HOSTILE.values()]
    names = {cell.value: cell for row in book["Results"].iter_rows() for cell in row if isinstance(cell.value, str)}
    cell = names[HOSTILE["command"]]
    assert (cell.data_type, cell.number_format) == ("s", "@")


def test_ids_keep_their_leading_zeros_as_text(book: Workbook) -> None:
    for title in ("Population", "Matrix", "Results", "Evidence"):
        column = next(cell.column for cell in book[title][HEADER_ROW] if cell.value == "Account id")
        cell = book[title].cell(HEADER_ROW + 1, column)
        assert (cell.value, cell.data_type, cell.number_format) == ("012345678901", "s", "@"), title


def test_no_cell_exceeds_the_limit_and_the_cut_is_marked(book: Workbook) -> None:
    texts = [
        cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str)
    ]
    assert max(map(len, texts)) <= 32_767
    assert sum("cut here: " in text and "results.json" in text for text in texts) == 1


def test_times_are_dates_in_utc(book: Workbook) -> None:
    rows = table(book, "Evidence")
    assert rows[0]["Captured at (UTC)"] == datetime(2026, 10, 2, 8, 15, 30)
    assert rows[9]["Captured at (UTC)"] == datetime(2026, 9, 30, 22, 30)
    assert rows[13]["Captured at (UTC)"] == "–"
    column = next(cell.column for cell in book["Evidence"][HEADER_ROW] if cell.value == "Captured at (UTC)")
    assert book["Evidence"].cell(HEADER_ROW + 1, column).number_format == 'yyyy-mm-dd hh:mm:ss "UTC"'


@EACH_TABLE
def test_table_has_filter_frozen_header_and_print_title(title: str, book: Workbook) -> None:
    sheet = book[title]
    (excel_table,) = sheet.tables.values()
    left, top, right, bottom = range_boundaries(excel_table.ref)
    tallies = 4 if title == "Matrix" else 0  # an empty row and three of numbers below the table
    rows = sheet.max_row - HEADER_ROW - tallies
    assert (left, top, right, bottom) == (1, HEADER_ROW, sheet.max_column, HEADER_ROW + rows)
    assert excel_table.autoFilter.ref == excel_table.ref
    assert [column.name for column in excel_table.tableColumns] == [cell.value for cell in sheet[HEADER_ROW]]
    assert sheet.freeze_panes.endswith(str(HEADER_ROW + 1))
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert not sheet.merged_cells.ranges


def test_table_names_are_unique(book: Workbook) -> None:
    names = [name.lower() for sheet in book for name in sheet.tables]
    assert len(set(names)) == len(names) == len(TABLES)


@pytest.mark.parametrize("title", TITLES)
def test_page(title: str, book: Workbook) -> None:
    sheet = book[title]
    upright = title not in TABLE_TITLES or title == "Matrix"
    assert sheet.page_setup.orientation == ("portrait" if upright else "landscape")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    widths = [each.width for each in sheet.column_dimensions.values() if not each.hidden]
    assert sheet.page_setup.fitToWidth == pages_wide(sum(widths), upright=upright)
    assert sum(widths) <= 252 or title in WIDE, "on A4 in landscape it is shrunk below 60 %"
    assert sheet.oddHeader.left.text == "Example && Sons GmbH"
    assert sheet.oddHeader.right.text == "&A"
    assert sheet.HeaderFooter.scaleWithDoc is False
    assert sheet.oddFooter.right.text == "Page &P of &N"
    assert sheet.oddFooter.center.text == f"Bundle {example_document()['bundle']['sha256'][:12]}"


def test_links_lead_to_the_row_they_name(book: Workbook) -> None:
    links = 0
    for sheet in book:
        for row in sheet.iter_rows(min_row=HEADER_ROW + 1):
            for cell in row:
                if cell.hyperlink is None:
                    continue
                links += 1
                found = re.fullmatch(r"'([^']+)'!A(\d+)", cell.hyperlink.location)
                assert found
                assert cell.hyperlink.target is None
                key = book[found[1]].cell(int(found[2]), 1).value
                if sheet.title == "Results" and found[1] == "Controls":
                    assert key == sheet.cell(cell.row, 4).value
                elif sheet.title == "Matrix":
                    account = book["Results"].cell(int(found[2]), 2).value
                    assert account == sheet.cell(cell.row, 1).value
                else:
                    assert key == cell.value
    assert links > 150


def test_verdict_by_word_and_colour(book: Workbook) -> None:
    column = next(cell.column for cell in book["Results"][HEADER_ROW] if cell.value == "Verdict")
    papers = {}
    for row in range(HEADER_ROW + 1, book["Results"].max_row + 1):
        cell = book["Results"].cell(row, column)
        papers[cell.value] = (cell.font.color.rgb[2:], cell.fill.fgColor.rgb[2:])
    assert papers["PASS"] == ("006100", "C6EFCE")
    assert papers["FAIL"] == ("9C0006", "FFC7CE")
    assert papers["INCONCLUSIVE"] == ("7F6000", "FFEB9C")
    assert papers.keys() <= {"PASS", "FAIL", "INCONCLUSIVE", None}, (
        "a verdict is one of three, so that it can be pivoted"
    )


def test_patterns_are_monospaced(book: Workbook) -> None:
    cells = [cell for row in book["Chains"].iter_rows() for cell in row if cell.value == REQUIRED]
    assert {cell.font.name for cell in cells} == {"Courier New"}


def test_conclusion_is_chosen_from_a_list(book: Workbook) -> None:
    (choice,) = (each for each in book["Results"].data_validations.dataValidation if each.type == "list")
    assert choice.formula1 == '"Agree,Disagree,Follow up"'
    column = next(cell for cell in book["Results"][HEADER_ROW] if cell.value == "Auditor's conclusion")
    rows = len(table(book, "Results"))
    assert str(choice.sqref) == f"{column.column_letter}{HEADER_ROW + 1}:{column.column_letter}{HEADER_ROW + rows}"
    written = {row["Finding id"]: (row["Auditor's conclusion"], row["Comment"]) for row in table(book, "Results")}
    carried = written.pop("012345678901/ssm-actions@default")
    assert carried == ("Agree", "=1+1 seen in the console")
    assert set(written.values()) == {(None, None)}


def test_totals_agree_between_sheets(book: Workbook) -> None:
    """The summary counts what the results list."""
    results = table(book, "Results")
    for row in table(book, "Summary"):
        ids = row["Requirement id"]
        own = [one for one in results if ids in one["Requirement ids"].split("\n")[0].split(", ")]
        verdicts = [one["Verdict"].split(",")[0] for one in own]
        assert row["Pass"] == verdicts.count("PASS"), ids
        assert row["Fail"] == verdicts.count("FAIL"), ids
        assert row["Inconclusive"] == verdicts.count("INCONCLUSIVE"), ids
        assert row["of these with open points"] + row["of these without open points"] == row["Pass"], ids


def test_chart_stacks_the_counts_of_what_is_assessed(book: Workbook, book_bytes: bytes) -> None:
    results = [row["Result"].split(",")[0] for row in table(book, "Summary")]
    assessed = sum(result != "NOT ASSESSED" for result in results)
    assert 0 < assessed < len(results)
    assert set(results[assessed:]) == {"NOT ASSESSED"}
    (chart,) = (data for name, data in members(book_bytes).items() if name.startswith("xl/charts/chart"))
    assert b'<grouping val="stacked"' in chart
    columns = re.findall(rb"'Summary'!\$(\w+)\$5:\$\w+\$%d\b" % (HEADER_ROW + assessed), chart)
    assert len(columns) == 8  # categories and values of four series
    titles = re.findall(rb"<tx><v>([^<]+)</v>", chart)
    assert titles == [b"Pass", b"Pass, open points", b"Fail", b"Inconclusive"]


@EACH_TABLE
def test_a_header_says_what_its_column_holds(title: str, book: Workbook) -> None:
    sheet = book[title]
    prompts = {str(each.sqref): each.prompt for each in sheet.data_validations.dataValidation if each.prompt}
    inserted = 3 if title == "Results" else 0  # columns that people inserted
    heads = [cell.coordinate for cell in sheet[HEADER_ROW]]
    assert len(prompts) == len(heads) - inserted
    assert set(prompts) <= set(heads)
    assert all(prompt.endswith(".") for prompt in prompts.values())


def test_on_paper_stand_the_deciding_chains_and_the_open_claims(book: Workbook) -> None:
    verdicts = {row["Finding no."]: row["Verdict"] for row in table(book, "Results")}
    printed = {
        "Chains": lambda row: row["Decides the finding"] == "Yes" and verdicts[row["Finding no."]] != "PASS",
        "Claims": lambda row: (
            row["As its rule predicts"] == "NO" or row["Outcome"].startswith(("over", "under", "muted"))
        ),
    }
    for title, expected in printed.items():
        rows = table(book, title)
        first = [expected(row) for row in rows].count(True)
        assert 0 < first < len(rows)
        assert [expected(row) for row in rows] == [True] * first + [False] * (len(rows) - first)
        assert range_boundaries(book[title].print_area.split("!")[1]) == (
            1, 1, book[title].max_column, HEADER_ROW + first,
        )  # fmt: skip
        assert f"on paper the first {first}" in book[title]["A3"].value
    assert not book["Results"].print_area


def test_properties(book: Workbook, book_bytes: bytes) -> None:
    properties = book.properties
    assert properties.title == "AWS NIST 800-53 Rev 5 attestation – Example & Sons GmbH – 2026-07-01 to 2026-09-30"
    assert properties.creator == "Sample Assurance LLP"
    assert properties.category == "Test of controls workpaper"
    assert properties.created == properties.modified == datetime(2026, 9, 30)
    sha256 = example_document()["bundle"]["sha256"]
    assert properties.keywords == f"nist-800-53-r5, {sha256}"
    custom = {one.name: one.value for one in book.custom_doc_props.props}
    assert custom == {
        "BundleSHA256": sha256,
        "ToolVersion": "0.1.0",
        "AuditPeriod": "2026-07-01 to 2026-09-30",
        "AsOf": "2026-09-30",
        "Framework": "nist-800-53-r5",
        "SchemaVersion": "1",
    }
    assert b"<Company>Sample Assurance LLP</Company>" in members(book_bytes)["docProps/app.xml"]


def test_hostile_engagement_and_framework_stay_text() -> None:
    document = example_document()
    assert document["engagement"]
    for name in document["engagement"]:
        document["engagement"][name] = HOSTILE["script"] + '&"Arial"&72&L' + HOSTILE["right_to_left"] * 20  # type: ignore[literal-required]
    data = render(AuditResult(document), "own-iso")
    (header,) = re.findall(rb"<oddHeader>(.*?)</oddHeader>", members(data)["xl/worksheets/sheet1.xml"])
    text = html.unescape(header.decode())
    assert text.startswith('&L&"Arial,Regular"&8 <script>alert(1)</script>&&"Arial"&&72&&L')
    assert len(re.findall(r"(?<!&)(?:&&)*&[LCR]", text)) == 3
    assert len(text) <= 255
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.properties.title.startswith("ISO/IEC 27001:2022 – Annex A [controls]")
    assert table(book, "Summary")[0]["Requirement id"] == "=1+1"


def test_rows_are_high_enough_for_their_text(book: Workbook) -> None:
    """Every row states its height, the highest is bounded, and long text gets more than one line."""
    for sheet in book:
        heights = [sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1)]
        assert all(height and 9 <= height <= HIGHEST for height in heights), sheet.title
    steps = book["Procedure"].row_dimensions
    assert any(steps[row].height > 30 for row in range(HEADER_ROW + 1, HEADER_ROW + 5))


def test_every_finding_of_many_is_there() -> None:
    """3,000 failing accounts: no cell too long, none missing."""
    data = members(render(large_result(3000), "cloudguard-best-practices"))
    texts = b"".join(data[name] for name in data if name.startswith("xl/worksheets/sheet"))
    ids = set(re.findall(rb">(1000000\d{5})<", texts))
    assert len(ids) == 3000
    assert max(map(len, re.findall(rb"<t [^>]*>([^<]*)</t>", texts))) <= 32_767
    links = [data[name].count(b"<hyperlink ") for name in data if name.startswith("xl/worksheets/sheet")]
    assert max(links) <= 65_530
    (matrix,) = (data[name] for name in data if b"Lead sheet: every account" in data[name])
    assert b'fitToWidth="1"' in matrix or b"fitToWidth" not in matrix  # 1 is what it is without
    assert b'fitToHeight="30"' in matrix  # a page a hundred accounts


def test_numbers_of_evidence_are_in_sequence(book: Workbook) -> None:
    numbers = [int(row["Evidence no."][2:]) for row in table(book, "Evidence")]
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))


def test_cover_holds_the_words_of_the_result(book: Workbook) -> None:
    facts = {shown(label): value for label, value in book["Cover"].iter_rows(max_col=2, values_only=True)}
    assert facts["In words"] == "11 of 15 accounts: 9 fail, 2 could not be concluded"
    assert facts["Prepared by"] is None
    assert facts["Control period from"] == datetime(2026, 7, 1)


def test_of_long_lists_the_heading_is_printed_and_the_cover_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    bounded = {"Results": 3, "Evidence": 5, "Population": 10_000}
    tables = [replace(sheet, paper=bounded.get(sheet.title, sheet.paper)) for sheet in TABLES]
    monkeypatch.setattr(excel_book, "TABLES", tables)
    book = openpyxl.load_workbook(io.BytesIO(render(example_result(), FRAMEWORK)))
    cover = {row[0].value: row[1].value for row in book["Cover"].iter_rows()}
    for title in ("Results", "Evidence"):
        rows = book[title].max_row - HEADER_ROW
        assert rows > bounded[title]
        assert range_boundaries(book[title].print_area.split("!")[1])[3] == HEADER_ROW
        assert f"on paper this heading only, {rows:,} rows on the screen" in book[title]["A3"].value
        assert f"{title} ({rows:,} rows)" in cover["Heading only"]
    assert not book["Population"].print_area
    assert "Population" not in cover["Heading only"]


def test_a_book_that_is_printed_as_a_whole_says_nothing_of_it(book: Workbook) -> None:
    assert "Heading only" not in {row[0].value for row in book["Cover"].iter_rows()}


def test_columns_without_a_value_are_folded_away(book: Workbook) -> None:
    unnamed = example_document()
    for account in unnamed["population"]["accounts"]:
        account["name"] = ""
    for finding in unnamed["findings"]:
        finding["account_name"] = ""
    nameless = openpyxl.load_workbook(io.BytesIO(render(AuditResult(unnamed), FRAMEWORK)))
    assert nameless["Matrix"]["B4"].value == "Account name"
    assert nameless["Matrix"].column_dimensions["B"].hidden
    assert not book["Matrix"].column_dimensions["B"].hidden
    assert not nameless["Results"].column_dimensions["H"].hidden  # for people to fill in


def test_on_paper_no_text_is_cut_without_a_word() -> None:
    """Rows are as high as their texts, but for remedies of which the row says that they go on."""
    paper = view(quarterly(), "iso27001-2022")
    filled = {sheet.title: fill(sheet, paper) for sheet in TABLES}
    assert {title for title, sheet in filled.items() if any(_cut_rows(sheet))} == {"Remediation"}
    shown = next(column.value for column in filled["Remediation"].columns if column.name == "shown")
    goes_on = [shown(record) != "all" for record in filled["Remediation"].records]
    assert _cut_rows(filled["Remediation"]) == goes_on
    assert 0 < sum(goes_on) < len(goes_on)


def _cut_rows(filled: Filled) -> list[bool]:
    """Per printed row whether it is lower than a text that stands in it unfolded."""
    open_columns = [column for column in filled.columns if not column.detail]
    rows = DrawnRows().of(filled.columns, filled.sheet.lines)
    cut = []
    for record in filled.records[: filled.printed]:
        match = re.search(rb' ht="([0-9.]+)"', rows.row([column.value(record) for column in filled.columns]).text)
        needed = [
            lines_of(value, per_line(column.width, column.kind is Kind.CODE)) * LINE
            for column in open_columns
            if isinstance(value := column.value(record), str)
        ]
        assert match
        cut.append(max(needed) > float(match[1]))
    return cut
