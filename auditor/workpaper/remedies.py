"""The sheet of remedies: what to do about each cause, in three ways, with a word where a row shows their beginning."""

from __future__ import annotations

import math

from auditor.workpaper.causes import CauseRow, cause_rows
from auditor.workpaper.model import Column, Kind, Sheet, columns, field, words
from auditor.workpaper.references import references_in_words

TEXT, CODE = Kind.TEXT, Kind.CODE
LINES = 24  # that a row shows; a chain built anew for sixteen controls takes four hundred
_CLI, _PORTAL = 60, 46  # widths of columns
_CLI_ROOM, _PORTAL_ROOM = 57, 59  # characters of a line in them: reports/excel/heights.py, per_line


def _portal(row: CauseRow) -> str | None:
    return "\n".join(row.remediation["portal"]) if row.remediation else None


def _references(row: CauseRow) -> str | None:
    return references_in_words(row.remediation["references"]) if row.remediation else None


def _shown(row: CauseRow) -> str:
    """Whether the row shows the whole of commands and steps, so that nobody takes a printed beginning for all."""
    texts = [(row.remediation["cli"], _CLI_ROOM), (_portal(row) or "", _PORTAL_ROOM)] if row.remediation else []
    if all(_lines(text, room) <= LINES for text, room in texts):
        return "all"
    commands = row.remediation["cli"].count("\naws ") if row.remediation else 0
    return f"the beginning; {commands} commands in the cell" if commands > 1 else "the beginning; all of it in the cell"


def _lines(text: str, room: int) -> int:
    return sum(max(1, math.ceil(len(line) / room)) for line in text.split("\n"))


REMEDIATION = Sheet(
    "Remediation",
    "What to do about each cause, from its first broken link on, in three ways of which one is enough. What fails by "
    "the letter alone stands last: it may be accepted as a deviation instead.",
    lambda view: [row for row in cause_rows(view) if row.remediation],
    columns(
        Column("cause", "Cause no.", field("number"), CODE, 9, link="Causes"),
        Column("where", "Where", field("where"), TEXT, 24),
        Column("controls", "Controls", field("controls_in_words"), TEXT, 18),
        Column("link", "Link", words("remediation.link"), TEXT, 12),
        Column("summary", "What to do", field("remediation.summary"), TEXT, 32),
        Column("cli", "CLI command", field("remediation.cli"), CODE, _CLI),
        Column("portal", "Portal steps", _portal, TEXT, _PORTAL),
        Column("shown", "Shown here of both", _shown, TEXT, 13),
        Column("terraform", "Terraform", field("remediation.terraform"), CODE, 56, detail=True),
        Column("references", "References", _references, TEXT, 56, detail=True),
        Column("first_finding", "First finding", lambda row: row.numbers[0], CODE, 10, link="Results"),
    ),
    lines=LINES,
    paper=100,
)
