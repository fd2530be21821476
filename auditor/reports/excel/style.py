"""How cells look: one shared style per kind and tone, so that large tables cost little."""

from __future__ import annotations

from copy import copy
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


class Styles:
    """Cells of one sheet. Each look is made once; cells share it."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._looks: dict[tuple[Any, ...], Any] = {}

    def body(self, value: Value, kind: Kind, tone: str = "", linked: bool = False) -> Cell:
        """A cell of a table; ``tone`` a key of ``TONES`` or ``""``."""
        return self._cell(value, ("body", kind, tone, linked, isinstance(value, str), "right"))

    def fact(self, value: Value, kind: Kind, tone: str = "") -> Cell:
        """The value beside a label; numbers and dates stand on the left, as text does."""
        return self._cell(value, ("body", kind, tone, False, isinstance(value, str), "left"))

    def head(self, value: str) -> Cell:
        return self._cell(value, ("head",))

    def title(self, value: str) -> Cell:
        return self._cell(value, ("title",))

    def heading(self, value: str) -> Cell:
        return self._cell(value, ("heading",))

    def note(self, value: str) -> Cell:
        return self._cell(value, ("note",))

    def label(self, value: str) -> Cell:
        return self._cell(value, ("label",))

    def _cell(self, value: Value, look: tuple[Any, ...]) -> Cell:
        cell: Any = Cell(self._sheet, 1, 1)
        if look not in self._looks:
            model: Any = Cell(self._sheet, 1, 1)
            _dress(model, look)
            self._looks[look] = copy(model._style)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # text that begins with = stays text
        cell._style = self._looks[look]
        dressed: Cell = cell
        return dressed


def _dress(cell: Cell, look: tuple[Any, ...]) -> None:
    name, *details = look
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.number_format = "@"
    cell.font = Font(name=SANS, size=SIZE, color=INK)
    if name == "body":
        _dress_body(cell, *details)
    elif name == "head":
        cell.font = Font(name=SANS, size=SIZE, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=ACCENT)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
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
        cell.alignment = Alignment(vertical="top", horizontal=side if kind in FORMATS else None)
    if tone:
        ink, paper = TONES[tone]
        cell.fill = PatternFill("solid", fgColor=paper)
    if kind is Kind.MARK:
        cell.alignment = Alignment(vertical="top", horizontal="center")
    if kind is Kind.INPUT:
        cell.border = _OUTLINE
        cell.fill = PatternFill("solid", fgColor="FFFDF0")
        cell.number_format = "General"
    cell.font = Font(name=font, size=SIZE, color=ink, bold=bool(tone), underline="single" if linked else None)
