"""Print settings, header and footer, the same on every sheet."""

from __future__ import annotations

from typing import Any

from auditor.workpaper import View, visible

# Header and footer hold 255 characters each, codes included (ECMA-376, 18.3.1.46); three parts share them.
PART = 50
A4 = 9  # ECMA-376, 18.3.1.63


def part(text: str) -> str:
    """``text`` for a header: on one line, without codes, cut."""
    line = visible(" ".join(text.split())).replace("_x", "_ x")
    return (line if len(line) <= PART else line[: PART - 1] + "…").replace("&", "&&")


def set_up(sheet: Any, view: View, *, upright: bool = False, whole: bool = False) -> None:
    """One page wide, fit for A4 and Letter; client, framework, sheet above; file, digest, page below.

    ``upright``: portrait instead of landscape. ``whole``: all on one page.
    """
    document = view.document
    client = document["engagement"]["client"] if document["engagement"] else ""
    sheet.page_setup.orientation = "portrait" if upright else "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, int(whole)
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
