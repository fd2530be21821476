"""Rows and links as XML."""

from __future__ import annotations

from datetime import date, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reports.excel import sheet_data
from auditor.reports.excel.sheet_data import SheetData
from auditor.reports.excel.text import cell_text


@given(st.text())
def test_text_reads_back(text: str) -> None:
    data = SheetData()
    data.append([(cell_text(text), 0)], 15)
    (found,) = ElementTree.fromstring(data.rows).iter("t")
    assert (found.text or "") == cell_text(text)


def test_cells_are_strings_numbers_or_empty() -> None:
    data = SheetData()
    data.append([("a", 1), (2, 2), (0.5, 3), (None, 4), (date(2026, 7, 1), 5), (datetime(2026, 7, 1, 12), 6)], 20.5)
    assert data.rows == (
        b'<sheetData><row r="1" ht="20.5" customHeight="1">'
        b'<c r="A1" s="1" t="inlineStr"><is><t xml:space="preserve">a</t></is></c>'
        b'<c r="B1" s="2"><v>2</v></c><c r="C1" s="3"><v>0.5</v></c><c r="D1" s="4"/>'
        b'<c r="E1" s="5"><v>46204.0</v></c><c r="F1" s="6"><v>46204.5</v></c></row></sheetData>'
    )
    assert data.links == b""


def test_links_end_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_data, "MAX_LINKS", 2)
    data = SheetData()
    for _ in range(2):
        assert not data.full
        data.link(27, "'Sign-off & legend'!A5")
        data.append([("a", 0)], 15)
    assert data.full
    assert data.links == (
        b'<hyperlinks><hyperlink ref="AA1" location="\'Sign-off &amp; legend\'!A5"/>'
        b'<hyperlink ref="AA2" location="\'Sign-off &amp; legend\'!A5"/></hyperlinks>'
    )
