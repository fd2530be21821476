"""Finds the columns of a review in a sheet, wherever people have moved them and whatever they call the sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.spreadsheet import Line
from auditor.workpaper.results import RESULT_COLUMNS
from auditor.workpaper.review import BASIS, COMMENT, CONCLUSION, EARLIER, FINDING_ID, NAME_PREFIX, NAMED, REVIEW, STATUS

LONGEST_HEADER = 200  # Excel takes 255 characters
HEADER_ROWS = 60  # in which a header is looked for
_HEADERS = {column.header: column.name for column in RESULT_COLUMNS} | {
    CONCLUSION: "conclusion", COMMENT: "comment", EARLIER: "earlier", STATUS: "review", FINDING_ID: "finding_id",
    BASIS: "basis",
}  # fmt: skip
_REVIEW_HEADERS = {column.header: column.name for column in REVIEW.columns(None)}  # type: ignore[arg-type]
_INPUT = ("conclusion", "comment")


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sheet: the row in which it stands, column (from 0) → name of a column of ours, and the columns
    that are people's own, by their text.
    """

    row: int
    columns: Mapping[int, str]
    own: Mapping[int, str]
    of_review: bool  # it is the sheet Review, of which only what could not be placed is read


def find_header(lines: Sequence[Line], named: Mapping[str, tuple[str, int, int]], sheet: str) -> Header | None:
    """The first row that is a header: a column is known by its text, else by the name that its cell has.

    A row without any text of ours is looked at last, since not every program moves names along with their cells.
    """
    rows = [(line, header) for line in lines if (header := _header_of(line, named, sheet)) is not None]
    by_text = (header for line, header in rows if any(_plain(cell) in _LOOKED_UP for cell in line.cells))
    return next(by_text, None) or next((header for _, header in rows), None)


def _header_of(line: Line, named: Mapping[str, tuple[str, int, int]], sheet: str) -> Header | None:
    texts = {place: _plain(cell) for place, cell in enumerate(line.cells) if cell}
    header = _header(texts, _LOOKED_UP_REVIEW, {})
    if {"finding_id", "status", "conclusion", "comment"} <= set(header.values()):
        return Header(line.number, header, {}, of_review=True)
    places = {
        column - 1: name.removeprefix(NAME_PREFIX)
        for name, (title, row, column) in named.items()
        if name.removeprefix(NAME_PREFIX) in NAMED and title == sheet and row == line.number
    }
    columns = _header(texts, _LOOKED_UP, places)
    names = set(columns.values())
    identified = "finding_id" in names or {"account_id", "control_id"} <= names
    if not identified or names.isdisjoint(_INPUT):
        return None
    own = {place: _own_header(line.cells[place]) for place in texts if place not in columns}
    return Header(line.number, columns, own, of_review=False)


def _own_header(text: str) -> str:
    """The header of a column of people's own, told apart from ours, and no longer than a table takes."""
    header = " ".join(text.split())[:LONGEST_HEADER]
    return f"{header} (own)" if _plain(header) in _LOOKED_UP else header


def _header(texts: Mapping[int, str], name_of: Mapping[str, str], places: Mapping[int, str]) -> dict[int, str]:
    """Column → name; the first of several with one text is ours, the others are people's own."""
    columns: dict[int, str] = {}
    for place, text in texts.items():
        name = name_of.get(text)
        if name and name not in columns.values():
            columns[place] = name
    for place, name in places.items():
        if name not in columns.values() and place not in columns:
            columns[place] = name
    return columns


def _plain(text: str) -> str:
    """A header as it is compared: one line, any apostrophe, any case."""
    return " ".join(text.replace("’", "'").replace("‘", "'").split()).casefold()


def _looked_up(headers: Mapping[str, str]) -> dict[str, str]:
    return {_plain(header): name for header, name in headers.items()}


_LOOKED_UP, _LOOKED_UP_REVIEW = _looked_up(_HEADERS), _looked_up(_REVIEW_HEADERS)
