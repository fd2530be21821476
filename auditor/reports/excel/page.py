"""Print settings, header and footer, the same on every sheet."""

from __future__ import annotations

import math
from typing import Any

from auditor.workpaper import View, visible

# Header and footer hold 255 characters each, codes included (ECMA-376, 18.3.1.46); three parts share them.
PART = 50
A4 = 9  # ECMA-376, 18.3.1.63
# Millimetres of an A4 page between margins of 0.3 inches, and of a character's width at full size (7 of 96 a inch).
LANDSCAPE, PORTRAIT, PER_CHARACTER = 281.0, 194.0, 1.852
LEGIBLE = 0.6  # 9-point type shrunk to it is smaller than a newspaper's, and still read


def part(text: str) -> str:
    """``text`` for a header: on one line, without codes, cut."""
    line = visible(" ".join(text.split())).replace("_x", "_ x")
    return (line if len(line) <= PART else line[: PART - 1] + "…").replace("&", "&&")


def pages_wide(width: float, *, upright: bool = False) -> int:
    """How many pages a sheet of ``width`` characters takes side by side to be printed at ``LEGIBLE`` at least."""
    room = (PORTRAIT if upright else LANDSCAPE) / (LEGIBLE * PER_CHARACTER)
    return max(1, math.ceil(width / room))


def set_up(sheet: Any, view: View, *, upright: bool = False, wide: int = 1, high: int = 0) -> None:
    """``wide`` pages side by side, fit for A4 and Letter; client, framework, sheet above; file, digest, page below.

    ``upright``: portrait instead of landscape. ``high``: so many pages below each other, 0 for as many as it takes.
    """
    document = view.document
    client = document["engagement"]["client"] if document["engagement"] else ""
    sheet.page_setup.orientation = "portrait" if upright else "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = wide, high
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.3
    sheet.page_margins.top = sheet.page_margins.bottom = 0.75
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.oddHeader.left.text = part(client)
    sheet.oddHeader.center.text = part(view.framework["name"])
    sheet.oddHeader.right.text = "&A"
    sheet.oddFooter.left.text = "&F"
    sheet.oddFooter.center.text = f"Bundle {document['bundle']['sha256'][:12]}"
    sheet.oddFooter.right.text = "Page &P of &N"
    for line in (sheet.oddHeader, sheet.oddFooter):
        for position in (line.left, line.center, line.right):
            position.font, position.size = "Arial,Regular", 8
    sheet.HeaderFooter.scaleWithDoc = False  # legible on sheets that are shrunk to one page
    sheet.sheet_view.showGridLines = False
