"""The tables of a result as files of other formats."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import pytest

from auditor.reports.tables import render_csv, render_parquet
from auditor.result.tables import TABLES, Type
from tests.reports.example_result import HOSTILE, example_result


@pytest.mark.parametrize("table", TABLES)
def test_csv_and_parquet_hold_the_same_rows(table: str) -> None:
    result = example_result()
    rows = list(csv.DictReader(io.StringIO(render_csv(result, table).decode(), newline="")))
    frame = pd.read_parquet(io.BytesIO(render_parquet(result, table)))
    assert list(frame.columns) == list(TABLES[table].columns)
    assert len(rows) == len(frame) == len(TABLES[table].frame(result.document))
    for name, kind in TABLES[table].columns.items():
        if kind is Type.LISTED and len(frame):
            assert [json.loads(row[name]) for row in rows] == [
                [] if value is None else list(value) for value in frame[name]
            ]


def test_no_cell_of_a_csv_is_a_formula() -> None:
    texts = [
        cell
        for table in TABLES
        for row in csv.reader(io.StringIO(render_csv(example_result(), table).decode(), newline=""))
        for cell in row
    ]
    assert any(HOSTILE["command"] in text for text in texts)
    assert not any(text.startswith(("=", "+", "@", "\t")) for text in texts)


def test_no_cell_of_a_csv_writes_to_a_terminal() -> None:
    texts = [render_csv(example_result(), table).decode() for table in TABLES]
    assert any("\\x1b" in text for text in texts)
    assert not any(character in text for text in texts for character in "\x00\x07\x1b\x85\u202e")


def test_the_bytes_are_always_the_same() -> None:
    for render in (render_csv, render_parquet):
        assert render(example_result(), "chains") == render(example_result(), "chains")
