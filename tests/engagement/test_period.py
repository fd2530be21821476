"""Periods as people write them, up to the ends of the calendar."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.bundle import open_bundle
from auditor.engagement.period import parse_period
from auditor.errors import AuditorError
from auditor.evidence import CaptureContext, load
from tests.textbook import textbook, write


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026Q3", ("2026-07-01", "2026-09-30")),
        (" 2026-q4 ", ("2026-10-01", "2026-12-31")),
        ("0001Q1", ("0001-01-01", "0001-03-31")),
        ("2026-07-01/9999-12-31", ("2026-07-01", "9999-12-31")),
    ],
)
def test_a_period_is_its_first_and_last_day(text: str, period: tuple[str, str], tmp_path: Path) -> None:
    assert parse_period(text) == period
    found = load(open_bundle([write(textbook(), tmp_path)]), CaptureContext(period=period, captured_on=period[1]))
    assert {capture.in_period for capture in found.captures} == {True}


@pytest.mark.parametrize("text", ["0000Q1", "2026Q5", "2026", "2026-07-01/", "2026-07-02/2026-07-01", "٢٠٢٦Q1"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(AuditorError, match="period"):
        parse_period(text)
