"""Rows that are drawn once stand in every workbook as they would if each drew its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reports.excel import render, rows
from auditor.reports.excel.rows import DrawnRows, drawn_rows
from auditor.workpaper import Column, Kind
from tests.reports.example_result import example_result

FRAMEWORK = "nist-800-53-r5"

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=4),
    st.sampled_from(["", "–", "PASS", "FAIL, letter", "2026-07-01", "2026-07-01T10:00:00+00:00", 1, 1.0, True, 0, 0.0]),
)  # fmt: skip


def _columns(kinds: list[Kind]) -> list[Column]:
    return [Column(str(place), "", lambda record: record, kind, link="Results") for place, kind in enumerate(kinds)]


@given(st.lists(st.sampled_from(Kind), min_size=1, max_size=3), st.lists(st.lists(VALUES, min_size=3, max_size=3)))
def test_a_kept_row_is_the_row_drawn_anew(kinds: list[Kind], records: list[list[object]]) -> None:
    columns = _columns(kinds)
    kept = DrawnRows().of(columns, 3)
    for record in (*records, *records):
        values = record[: len(kinds)]
        assert kept.row(values) == DrawnRows().of(columns, 3).row(values)


def test_tables_with_other_columns_share_no_row() -> None:
    drawn = DrawnRows()
    of_text, of_count = (drawn.of(_columns([kind]), 0).row([1]) for kind in (Kind.TEXT, Kind.COUNT))
    assert (b"<v>1</v>" in of_text.text, b"<v>1</v>" in of_count.text) == (False, True)


@pytest.mark.parametrize("room", [0, 20_000, rows.MOST_KEPT])
def test_a_workbook_is_the_same_whatever_was_drawn_before(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    monkeypatch.setattr(rows, "MOST_KEPT", room)
    result = example_result()
    drawn_rows.cache_clear()
    alone = render(result, FRAMEWORK)
    others = [framework["id"] for framework in result.document["frameworks"] if framework["id"] != FRAMEWORK]
    drawn_rows.cache_clear()
    for framework in others:
        render(result, framework)
    assert render(result, FRAMEWORK) == alone
    assert render(result, FRAMEWORK) == alone
