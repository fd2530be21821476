"""How cells look: one style per kind and tone."""

from __future__ import annotations

from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from auditor.reports.excel.text import Value
from auditor.workpaper import TONES, Kind

# Arial and Courier New have metric twins in every office suite, so that widths and heights hold elsewhere too.
SANS, MONO = "Arial", "Courier New"
SIZE = 9
INK, PALE, ACCENT, LINK = "1F2933", "D0D7DE", "1F3864", "0B4F8A"
FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.SHARE: "0.0%",
    Kind.DATE: "yyyy-mm-dd",
    Kind.TIME: 'yyyy-mm-dd hh:mm:ss "UTC"',
}
_LINE = Side(style="thin", color=PALE)
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_EDGE = Side(style="thin", color="7F8C9A")
_OUTLINE = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)


Look = tuple[Kind, str, bool]  # of a cell of a table: kind, tone, whether it holds text


def body_look(value: Value, kind: Kind, tone: str) -> Look:
    """How a cell of a table looks, wherever it leads."""
    return kind, tone, isinstance(value, str)


class Styles:
    """Style ids of one workbook; each look is made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._looks: dict[tuple[Any, ...], int] = {}
        self._rows: dict[tuple[tuple[Look, ...], tuple[int, ...]], tuple[bytes, ...]] = {}

    def row(self, looks: tuple[Look, ...], linked: tuple[int, ...] = ()) -> tuple[bytes, ...]:
        """Of the cells of a row, as they are written; ``linked``: the places of those that lead elsewhere."""
        ids = self._rows.get((looks, linked))
        if ids is None:
            ids = self._rows[looks, linked] = tuple(
                b"%d" % self._look("body", kind, tone, place in linked, is_text, "right")
                for place, (kind, tone, is_text) in enumerate(looks)
            )
        return ids

    def body(self, value: Value, kind: Kind, tone: str = "", linked: bool = False) -> int:
        """Of a cell of a table; ``tone`` a key of ``TONES`` or ``""``."""
        return self._look("body", kind, tone, linked, isinstance(value, str), "right")

    def fact(self, value: Value, kind: Kind, tone: str = "") -> int:
        """Of the value beside a label; numbers and dates stand on the left, as text does."""
        return self._look("body", kind, tone, False, isinstance(value, str), "left")

    def head(self, upright: bool = False) -> int:
        """Of the head of a column; ``upright``: its text runs from below."""
        return self._look("head", upright)

    def plain(self, name: str) -> int:
        """Of a ``title``, ``heading``, ``note`` or ``label``."""
        return self._look(name)

    def _look(self, *look: Any) -> int:
        style_id = self._looks.get(look)
        if style_id is None:
            model: Any = Cell(self._book.worksheets[0], 1, 1)
            _dress(model, *look)
            style_id = self._looks[look] = model.style_id
        return style_id


def _dress(cell: Cell, name: str, *details: Any) -> None:
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.number_format = "@"
    cell.font = Font(name=SANS, size=SIZE, color=INK)
    if name == "body":
        _dress_body(cell, *details)
    elif name == "head":
        cell.font = Font(name=SANS, size=SIZE, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=ACCENT)
        turned = 90 if details[0] else 0
        cell.alignment = Alignment(vertical="center", wrap_text=not turned, text_rotation=turned)
        cell.border = _GRID
    elif name == "title":
        cell.font = Font(name=SANS, size=15, bold=True, color=ACCENT)
        cell.alignment = Alignment(vertical="center")
    elif name == "heading":
        cell.font = Font(name=SANS, size=11, bold=True, color=ACCENT)
        cell.border = Border(bottom=Side(style="medium", color=ACCENT))
        cell.alignment = Alignment(vertical="bottom")
    elif name == "note":
        cell.font = Font(name=SANS, size=SIZE, italic=True, color="52606D")
        cell.alignment = Alignment(vertical="top")
    else:
        cell.font = Font(name=SANS, size=SIZE, bold=True, color=INK)
        cell.fill = PatternFill("solid", fgColor="F0F3F6")
        cell.border = _GRID


def _dress_body(cell: Cell, kind: Kind, tone: str, linked: bool, is_text: bool, side: str) -> None:
    cell.border = _GRID
    ink = LINK if linked else INK
    font = MONO if kind is Kind.CODE else SANS
    if not is_text:
        cell.number_format = FORMATS.get(kind, "General")
        cell.alignment = Alignment(vertical="top", horizontal=side, indent=int(side == "right"))
    if tone:
        ink, paper = TONES[tone]
        cell.fill = PatternFill("solid", fgColor=paper)
    if kind is Kind.MARK:
        cell.alignment = Alignment(vertical="top", horizontal="center")
    if kind is Kind.INPUT:
        cell.border = _OUTLINE
        cell.fill = PatternFill("solid", fgColor="FFFDF0")
        if not is_text:  # what was carried over stays text when somebody edits it
            cell.number_format = "General"
    cell.font = Font(name=font, size=SIZE, color=ink, bold=bool(tone), underline="single" if linked else None)
