"""The sheets in prose: cover, scope, sign-off and legend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from auditor.reports.excel.heights import height, per_line
from auditor.reports.excel.page import set_up
from auditor.reports.excel.sheet_data import SheetData
from auditor.reports.excel.style import Styles
from auditor.reports.excel.text import cell_text, cell_value
from auditor.text import listing
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
    cover,
    scope,
    tone,
)


class Prose:
    """A sheet that is written from top to bottom in a few wide columns."""

    def __init__(
        self, worksheet: Any, styles: Styles, view: View, title: str, widths: tuple[int, ...], whole: bool = False
    ) -> None:
        self.data, self._styles, self._widths = SheetData(), styles, widths
        set_up(worksheet, view, upright=True, high=int(whole))
        for position, width in enumerate(widths, 1):
            worksheet.column_dimensions[get_column_letter(position)].width = width
        self.data.append([(cell_text(title), self._styles.plain("title"))], 26)

    def heading(self, text: str) -> None:
        """A heading across all columns, after a gap."""
        style = self._styles.plain("heading")
        self.data.append([], 9)
        self.data.append([(cell_text(text), style), *[("", style)] * (len(self._widths) - 1)], 18)

    def note(self, text: str) -> None:
        """A line in small letters."""
        self.data.append([(cell_text(text), self._styles.plain("note"))], 15)

    def fact(self, fact: Fact) -> None:
        """A label and its value."""
        value = cell_value(fact.value, fact.kind)
        shade = tone(value) if fact.kind is Kind.VERDICT and isinstance(value, str) else ""
        style = self._styles.fact(value, fact.kind, shade)
        texts = [fact.label, value if isinstance(value, str) else ""]
        self.data.append(
            [(cell_text(fact.label), self._styles.plain("label")), (value, style)],
            self._height(texts, fact.kind is Kind.CODE),
        )

    def row(self, texts: Sequence[str | None], shade: str = "") -> None:
        """A label, or words in the colours of ``shade``, and texts beside it; None is left for people to fill in."""
        label, *others = (None if text is None else cell_text(text) for text in texts)
        first = self._styles.fact(label, Kind.TEXT, shade) if shade else self._styles.plain("label")
        beside = [(text, self._styles.fact(text, Kind.INPUT if text is None else Kind.TEXT)) for text in others]
        self.data.append([(label, first), *beside], self._height([text or "" for text in texts]))

    def head(self, texts: Iterable[str]) -> None:
        """The heads of a table's columns."""
        self.data.append([(text, self._styles.head()) for text in texts], 17)

    def _height(self, texts: Iterable[str], mono: bool = False) -> float:
        sizes = enumerate(zip(texts, self._widths, strict=False))
        return height((text, per_line(width, mono and position > 0)) for position, (text, width) in sizes)


def write_cover(worksheet: Any, styles: Styles, view: View, unprinted: Sequence[str] = ()) -> SheetData:
    """The rows of the cover; the widths of its columns and the page are set on ``worksheet``.

    ``unprinted``: sheets of which only the heading is printed, with their rows.
    """
    prose = Prose(worksheet, styles, view, f"{view.framework['name']}: test of controls", (34, 84), whole=True)
    client = view.document["engagement"]["client"] if view.document["engagement"] else ""
    prose.note(" · ".join(filter(None, [client, "Workpaper"])))
    for title, facts in cover(view):
        prose.heading(title)
        for fact in facts:
            prose.fact(fact)
    if unprinted:
        prose.heading("On paper")
        prose.fact(Fact("Printed in full", "Every sheet but those below: what was found and why is on paper."))
        words = f"{listing(unprinted)}. A row of these can be looked up on the screen by its number."
        prose.fact(Fact("Heading only", words))
    prose.heading("Prepared and reviewed by (left for people to fill in)")
    for label in SIGNATURES:
        prose.row([label, None])
    return prose.data


def write_scope(worksheet: Any, styles: Styles, view: View) -> SheetData:
    """The rows of the scope: its sentences, numbered throughout."""
    prose = Prose(worksheet, styles, view, "Scope", (20, 100))
    number = 0
    for section in scope(view):
        prose.heading(section.heading)
        for text in section.texts:
            number += 1
            prose.row([str(number), text])
    return prose.data


def write_sign_off(worksheet: Any, styles: Styles, view: View) -> SheetData:
    """The rows of the sign-off, which people fill in, and of the legend of marks, colours and abbreviations."""
    prose = Prose(worksheet, styles, view, "Sign-off & legend", (30, 58, 9, 12, 28))
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
    return prose.data
