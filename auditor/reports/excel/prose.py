"""The sheets in prose: cover, scope, sign-off and legend."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from auditor.reports.excel.heights import height
from auditor.reports.excel.page import set_up
from auditor.reports.excel.style import Styles
from auditor.reports.excel.text import cell_text, cell_value
from auditor.workpaper import (
    ABBREVIATIONS,
    COLOURS,
    SIGN_OFF_COLUMNS,
    SIGN_OFF_ROLES,
    SIGNATURES,
    TICKMARKS,
    VERDICTS,
    Fact,
    Kind,
    View,
    control_facts,
    cover,
    scope,
    tone,
)


class Prose:
    """A sheet that is written from top to bottom in a few wide columns."""

    def __init__(self, worksheet: Any, view: View, title: str, widths: tuple[int, ...]) -> None:
        self._worksheet, self._styles, self._widths = worksheet, Styles(worksheet), widths
        self._row = 0
        set_up(worksheet, view)
        for letter, width in zip("ABCDEFGH", widths, strict=False):
            worksheet.column_dimensions[letter].width = width
        self._append([self._styles.title(cell_text(title))], 26)

    def heading(self, text: str) -> None:
        self._append([], 9)
        self._append([self._styles.heading(text if column == 0 else "") for column in range(len(self._widths))], 18)

    def note(self, text: str) -> None:
        self._append([self._styles.note(cell_text(text))], 15)

    def fact(self, fact: Fact) -> None:
        """A label and its value."""
        value = cell_value(fact.value, fact.kind)
        shade = tone(value) if fact.kind is Kind.VERDICT and isinstance(value, str) else ""
        cells = [self._styles.label(cell_text(fact.label)), self._styles.fact(value, fact.kind, shade)]
        self._append(cells, self._height([fact.label, str(value or "")], fact.kind is Kind.CODE))

    def paragraph(self, number: int, text: str) -> None:
        self._append(
            [self._styles.label(str(number)), self._styles.body(cell_text(text), Kind.TEXT)],
            self._height([str(number), text]),
        )

    def row(self, texts: Iterable[str | None], shade: str = "") -> None:
        """Cells side by side; None is left for people to fill in."""
        cells, shown = [], []
        for position, text in enumerate(texts):
            shown.append(text or "")
            if text is None:
                cells.append(self._styles.body(None, Kind.INPUT))
            elif position == 0 and not shade:
                cells.append(self._styles.label(cell_text(text)))
            else:
                cells.append(self._styles.body(cell_text(text), Kind.TEXT, shade if position == 0 else ""))
        self._append(cells, self._height(shown))

    def head(self, texts: Iterable[str]) -> None:
        self._append([self._styles.head(text) for text in texts], 17)

    def _height(self, texts: list[str], mono: bool = False) -> float:
        sizes = zip(texts, self._widths, strict=False)
        return height((text, width, mono and position > 0) for position, (text, width) in enumerate(sizes))

    def _append(self, cells: list[Any], points: float) -> None:
        self._row += 1
        self._worksheet.row_dimensions[self._row].height = points
        self._worksheet.append(cells)


def write_cover(worksheet: Any, view: View) -> None:
    prose = Prose(worksheet, view, f"{view.framework['name']}: test of controls", (34, 96))
    client = view.document["engagement"]["client"] if view.document["engagement"] else ""
    prose.note(" · ".join(filter(None, [client, view.framework["version"], "Workpaper"])))
    for title, facts in cover(view):
        prose.heading(title)
        for fact in facts:
            prose.fact(fact)
    prose.heading("Prepared and reviewed by (left for people to fill in)")
    for label in SIGNATURES:
        prose.row([label, None])


def write_scope(worksheet: Any, view: View) -> None:
    prose = Prose(worksheet, view, "Scope", (24, 116))
    number = 0
    for section in scope(view):
        prose.heading(section.heading)
        for text in section.texts:
            number += 1
            prose.paragraph(number, text)
    for control in view.controls:
        prose.heading(f"Control tested: {cell_text(control['title'])}")
        for fact in control_facts(control):
            prose.fact(fact)


def write_sign_off(worksheet: Any, view: View) -> None:
    prose = Prose(worksheet, view, "Sign-off & legend", (34, 62, 14, 14, 40))
    prose.heading("Sign-off (left for people to fill in)")
    prose.head(SIGN_OFF_COLUMNS)
    for role in SIGN_OFF_ROLES:
        prose.row([role, None, None, None, None])
    for title, pairs in (("Tickmarks", TICKMARKS), ("What the verdicts say", VERDICTS)):
        prose.heading(title)
        for word, meaning in pairs:
            prose.row([word, meaning])
    prose.heading("Colours (always beside the word)")
    for shade, words, meaning in COLOURS:
        prose.row([words, meaning], shade)
    prose.heading("Abbreviations")
    for word, meaning in ABBREVIATIONS:
        prose.row([word, meaning])
