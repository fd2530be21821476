"""The waivers file in each of its forms: YAML, JSON, CSV, or a workbook with a sheet of waivers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.documents import column_name, read_text, read_yaml, rows
from auditor.errors import AuditorError, Problem
from auditor.spreadsheet import Workbook, is_workbook
from auditor.text import listing, path_name
from auditor.waivers.entry import MEMBERS, REQUIRED, WaiverEntry, entry
from auditor.workpaper import NOTHING, WAIVER_COLUMNS

MAX_BYTES = 16_000_000
REMEDY = f"Give a list of waivers with {listing(REQUIRED)}, as YAML, JSON or CSV, or a workbook with such a sheet."
_HEADER_ROWS = 40  # in which the header of a sheet is looked for
_Row = tuple[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class WaiverFile:
    """The usable waivers of a file in its order, and what is wrong with the others."""

    file: str
    entries: tuple[WaiverEntry, ...]
    problems: tuple[Problem, ...]


def read_waivers(path: str | Path) -> WaiverFile:
    """The waivers in a file. What is wrong with one of them is a problem and costs no other.

    Raises:
        AuditorError: the file cannot be read, is in none of the forms, or has no column or member of a waiver.
    """
    file = path_name(path)
    entries: list[WaiverEntry] = []
    problems: list[Problem] = []
    for number, (place, row) in enumerate(_rows(path), 1):
        read, wrong = entry(number, row, file, place)
        problems += wrong
        if read is not None:
            entries.append(read)
    return WaiverFile(file, tuple(entries), tuple(problems))


def _rows(path: str | Path) -> Iterator[_Row]:
    if is_workbook(path):
        return _of_workbook(path)
    if Path(path).suffix.lower() in (".csv", ".tsv", ".txt"):
        return _of_csv(path)
    return _of_document(path)


def _of_document(path: str | Path) -> Iterator[_Row]:
    document = read_yaml(path, MAX_BYTES, REMEDY)
    if isinstance(document, dict) and isinstance(document.get("waivers"), list):
        document = document["waivers"]
    if not isinstance(document, list):
        raise AuditorError("is no list of waivers.", file=str(path), remedy=REMEDY)
    for number, row in enumerate(document):
        if not isinstance(row, dict):
            raise AuditorError("is no waiver.", file=str(path), pointer=f"/{number}", remedy=REMEDY)
        yield f"/{number}", {str(name): value for name, value in row.items()}


def _of_csv(path: str | Path) -> Iterator[_Row]:
    table = list(rows(read_text(path, MAX_BYTES, REMEDY), str(path), ("account", "control")))
    header = [column_name(cell) for cell in table[0][1]] if table else []
    if not {"account", "control"} <= set(header):
        raise AuditorError(
            "has no columns account and control.",
            file=str(path),
            pointer="line 1",
            remedy=f"The columns are: {', '.join(MEMBERS)}.",
        )
    for line, cells in table[1:]:
        yield f"line {line}", dict(zip(header, cells, strict=False))


def _of_workbook(path: str | Path) -> Iterator[_Row]:
    """The rows of each sheet that has a header of waivers, as ours or by the members' names."""
    book, any_sheet = Workbook(path), False
    members = {_header(header): name for name, header in WAIVER_COLUMNS.items()} | {name: name for name in MEMBERS}
    for sheet in book.sheets:
        columns: dict[int, str] = {}
        for line in book.lines(sheet):
            if not columns:
                named = {place: members.get(_header(cell), "") for place, cell in enumerate(line.cells)}
                if {"account", "control", "expiry"} <= set(named.values()):
                    columns, any_sheet = {place: name for place, name in named.items() if name}, True
                elif line.number > _HEADER_ROWS:
                    break
                continue
            row = {name: line.cells[place] for place, name in columns.items() if place < len(line.cells)}
            if any(text and text != NOTHING for text in row.values()):
                yield f"sheet {sheet}, row {line.number}", row
    if not any_sheet:
        raise AuditorError(
            "has no sheet of waivers.",
            file=str(path),
            remedy=f"Write one with the columns {', '.join(WAIVER_COLUMNS.values())}.",
        )


def _header(cell: str) -> str:
    return column_name(" ".join(cell.split()))
