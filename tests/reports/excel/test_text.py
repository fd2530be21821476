"""What may stand in a cell."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reports.excel.text import MAX_CELL, cell_text, cell_value
from auditor.workpaper import Kind, visible

# Characters that XML 1.0 takes (production 2).
XML = re.compile("[\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


def decoded(text: str) -> str:
    """As a spreadsheet program reads a string (ECMA-376, 22.9.2.19)."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


@given(st.text() | st.from_regex(r"(_x[0-9A-F]{4}_|_|x|0){0,9}", fullmatch=True))
def test_a_program_reads_what_was_meant(text: str) -> None:
    written = cell_text(text)
    assert decoded(written) == visible(text)
    assert XML.fullmatch(written)


@given(st.sampled_from(["a", "_x003D_", "\u202e", "ab_x0041_"]), st.integers(3_000, 40_000))
def test_no_cell_is_longer_than_the_limit_and_the_cut_is_marked(part: str, times: int) -> None:
    text = part * times
    written = cell_text(text)
    assert len(written) <= MAX_CELL
    if decoded(written) != visible(text):
        kept, _, note = decoded(written).partition(" … [cut here: ")
        assert visible(text).startswith(kept)
        left = int(note.split(" ")[0].replace(",", ""))
        assert len(kept) + left == len(visible(text))
        assert note.endswith("the whole text is in results.json]")


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (None, Kind.TEXT, "–"),
        ("", Kind.CODE, "–"),
        (None, Kind.COUNT, "–"),
        ("", Kind.INPUT, None),
        ("=1", Kind.INPUT, "=1"),
        (True, Kind.FLAG, "Yes"),
        (False, Kind.FLAG, "No"),
        (None, Kind.FLAG, "–"),
        (0, Kind.COUNT, 0),
        (0.25, Kind.SHARE, 0.25),
        ("012345678901", Kind.CODE, "012345678901"),
        ("1E5", Kind.TEXT, "1E5"),
        ("2026-07-01", Kind.TEXT, "2026-07-01"),
        ("2026-07-01", Kind.DATE, date(2026, 7, 1)),
        ("soon", Kind.DATE, "soon"),
        ("1899-01-01", Kind.DATE, "1899-01-01"),
        ("2026-10-02T08:15:30Z", Kind.TIME, datetime(2026, 10, 2, 8, 15, 30)),
        # Local midnight in another zone: still the day before in UTC, and still in the third quarter.
        ("2026-10-01T00:30:00+02:00", Kind.TIME, datetime(2026, 9, 30, 22, 30)),
        ("2026-10-02T08:15:30.999999Z", Kind.TIME, datetime(2026, 10, 2, 8, 15, 30)),
        ("2026-10-02T08:15:30", Kind.TIME, "2026-10-02T08:15:30"),
        ("yesterday", Kind.TIME, "yesterday"),
        ("0001-01-01T00:00:00+14:00", Kind.TIME, "0001-01-01T00:00:00+14:00"),
    ],
)
def test_value(value: object, kind: Kind, expected: object) -> None:
    assert cell_value(value, kind) == expected
