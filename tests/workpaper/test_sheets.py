"""The declarations: order, names, columns, links."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.workpaper import TABLES, TITLES, Kind, Sheet, View

ASKED = json.loads((Path(__file__).parent / "columns.json").read_text(encoding="utf-8"))
EACH = pytest.mark.parametrize("sheet", TABLES, ids=lambda sheet: sheet.title)


def test_sheets_are_in_the_order_of_the_workpaper() -> None:
    assert list(TITLES) == ASKED["sheets"]


def test_titles_are_names_that_spreadsheets_take() -> None:
    assert len({title.lower() for title in TITLES}) == len(TITLES)
    for title in TITLES:
        assert len(title) <= 31
        assert not set(title) & set("[]:*?/\\'")
        assert title.lower() != "history"


@EACH
def test_columns_asked_for_are_there_in_order(sheet: Sheet, seen: View) -> None:
    headers = [column.header for column in sheet.columns(seen)]
    assert [header for header in headers if header in ASKED["columns"][sheet.title]] == ASKED["columns"][sheet.title]


@EACH
def test_headers_and_names_are_unique(sheet: Sheet, seen: View) -> None:
    columns = sheet.columns(seen)
    assert len({column.header.lower() for column in columns}) == len(columns)
    assert len({column.name for column in columns}) == len(columns)


@EACH
def test_widths_are_within_bounds(sheet: Sheet, seen: View) -> None:
    assert all(5 <= column.width <= 60 for column in sheet.columns(seen))


@EACH
def test_links_lead_to_sheets_with_a_key(sheet: Sheet, seen: View) -> None:
    keys = {other.title: other.key for other in TABLES}
    assert all(keys[column.link] for column in sheet.columns(seen) if column.link)
    assert not sheet.key or sheet.key in {column.name for column in sheet.columns(seen)}


@EACH
def test_example_fills_every_column_that_is_not_left_to_people(sheet: Sheet, seen: View) -> None:
    records = list(sheet.records(seen))
    # Not evaluated, no such filter, no rule that is broken as published and no excerpt of these reasons in the example.
    never = {"as_published", "as_published_because", "added", "repair", "deciding"}
    for column in sheet.columns(seen):
        values = [column.value(record) for record in records]
        if column.kind is Kind.INPUT:  # in the example only what an earlier workbook says of one finding
            assert sum(map(bool, values)) == (sheet.title == "Results"), column.name
        elif column.name not in never:
            assert any(value not in (None, "") for value in values), column.name


def test_every_account_of_the_population_is_in_the_matrix(seen: View) -> None:
    matrix = next(sheet for sheet in TABLES if sheet.title == "Matrix")
    population = [account["account_id"] for account in seen.document["population"]["accounts"]]
    assert [row.account_id for row in matrix.records(seen)] == population


def test_findings_without_an_account_in_the_population_stay_in_the_matrix(seen: View) -> None:
    matrix = next(sheet for sheet in TABLES if sheet.title == "Matrix")
    document = {**seen.document, "population": {**seen.document["population"], "accounts": []}}
    bare = View(**{name: getattr(seen, name) for name in View.__slots__} | {"document": document})
    assert {row.account_id for row in matrix.records(bare)} == {one["account_id"] for one in seen.findings}
