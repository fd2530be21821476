"""Reads what people wrote into workbooks: in whatever order, place and sheet it stands now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from auditor.errors import AuditorError, Problem
from auditor.review.columns import HEADER_ROWS, Header, find_header
from auditor.review.record import Record, ReviewFile
from auditor.spreadsheet import Line, Note, Workbook, column_letters
from auditor.text import path_name
from auditor.workpaper import NOTHING, TABLES, Kind
from auditor.workpaper.review import COMMENT, CONCLUSION, FINDING_ID, STATUSES

NO_HEADER = "Without a header"
_MEMBERS = ("conclusion", "comment", "earlier", "verdict", "reason", "basis")
_LOCK = "~$"  # how the names of files begin by which Excel marks an open workbook


def read_reviews(paths: Sequence[str | Path]) -> tuple[ReviewFile, ...]:
    """What people wrote into each workbook; of a folder, into each of its workbooks that has the columns.

    Raises:
        AuditorError: a workbook cannot be read, or none of its sheets has the columns of a review.
    """
    files: list[ReviewFile] = []
    for path in map(Path, paths):
        if not path.is_dir():
            files.append(_read(path))
            continue
        books = [_read(book, missing_is_fine=True) for book in sorted(path.glob("*.xlsx")) if book.name[:2] != _LOCK]
        if not books:
            raise AuditorError("holds no workbook.", file=str(path), remedy="Give the .xlsx that somebody worked in.")
        files += books
    return tuple(files)


def _read(path: Path, *, missing_is_fine: bool = False) -> ReviewFile:
    book, file = Workbook(path), path_name(path)
    records: list[Record] = []
    problems: list[Problem] = []
    any_sheet = False
    for sheet in book.sheets:
        header, own = _sheet(book, sheet, file)
        any_sheet |= header is not None
        records += own if header is not None else _elsewhere(book, sheet, file)
        records = _with_notes(records, book.notes(sheet), header, file, sheet)
    if not any_sheet and not missing_is_fine:
        raise AuditorError(
            "has no sheet with the columns of a review.",
            file=str(path),
            remedy=f"Give a workbook that `auditor audit` wrote; its sheet Results has {FINDING_ID}, {CONCLUSION} and "
            f"{COMMENT}.",
        )
    return ReviewFile(file, tuple(record for record in records if not record.empty), tuple(problems))


def _sheet(book: Workbook, sheet: str, file: str) -> tuple[Header | None, list[Record]]:
    as_of, lines = book.properties.get("AsOf", ""), list(book.lines(sheet))
    header = find_header([line for line in lines if line.number <= HEADER_ROWS], book.names, sheet)
    records: list[Record] = []
    for line in lines if header is not None else ():
        assert header is not None
        if line.number <= header.row:
            continue
        record = _of_sheet_review if header.of_review else _of_results
        if (read := record(line, header, file, sheet)) is not None:
            records.append(read if read.as_of else replace(read, as_of=as_of))
    return header, records


def _of_results(line: Line, header: Header, file: str, sheet: str) -> Record | None:
    cells = _cells(line, header)
    own = tuple(
        (header.own.get(place, NO_HEADER), text)
        for place, text in enumerate(line.cells)
        if text and text != NOTHING and place not in header.columns
    )
    places = {name: place for place, name in header.columns.items()}
    first = next((name for name in ("conclusion", "comment") if cells.get(name)), None)
    column = places[first] if first else next((p for p, t in enumerate(line.cells) if t and p not in header.columns), 0)
    place = f"sheet {sheet}, cell {column_letters(column + 1)}{line.number}"
    finding, account, control = (cells.get(name, "") for name in ("finding_id", "account_id", "control_id"))
    if not finding and not (account and control):
        text = " | ".join(dict.fromkeys(text for text in line.cells if text and text != NOTHING))
        if cells.get("conclusion") or cells.get("comment"):
            written = {name: cells.get(name, "") for name in ("conclusion", "comment")}
            return Record(file, place, "", own=(("Beside", text),), **written)
        return Record(file, place, "", comment=text) if text else None
    return Record(file, place, finding, account, control, own=own, **{name: cells.get(name, "") for name in _MEMBERS})


def _of_sheet_review(line: Line, header: Header, file: str, sheet: str) -> Record | None:
    """What an earlier build could not place; the rest of the sheet stands in the sheet Results as well."""
    cells = _cells(line, header)
    if cells.get("status") != STATUSES["unplaced"]:
        return None
    own = tuple(
        (name.strip(), text)
        for name, _, text in (part.partition(": ") for part in cells.get("own", "").split("\n"))
        if text
    )
    return Record(
        file,
        cells.get("where", "").partition(", ")[2] or f"sheet {sheet}, row {line.number}",
        cells.get("finding_id", ""),
        own=own,
        as_of=cells.get("as_of", ""),
        **{name: cells.get(name, "") for name in _MEMBERS},
    )


def _cells(line: Line, header: Header) -> dict[str, str]:
    """Column → text of a row; the dash that a report writes for nothing is nothing."""
    texts = ((name, line.cells[place]) for place, name in header.columns.items() if place < len(line.cells))
    return {name: text for name, text in texts if text != NOTHING}


_INPUTS: Mapping[str, frozenset[str]] = {
    sheet.title: frozenset(column.header for column in sheet.columns(None) if column.kind is Kind.INPUT)  # type: ignore[arg-type]
    for sheet in TABLES
    if sheet.title in ("Completeness", "Requests")
}


def _elsewhere(book: Workbook, sheet: str, file: str) -> Iterator[Record]:
    """What people wrote into columns that are left to them on other sheets."""
    columns: dict[int, str] = {}
    first: Mapping[int, str] = {}
    for line in book.lines(sheet):
        if not columns:
            if line.number > HEADER_ROWS:
                return
            headers = {place: " ".join(cell.split()) for place, cell in enumerate(line.cells)}
            columns = {place: text for place, text in headers.items() if text in _INPUTS.get(sheet, ())}
            first = headers
            continue
        for place, header in columns.items():
            if place < len(line.cells) and line.cells[place]:
                about = "; ".join(f"{first[n]}: {t}" for n, t in enumerate(line.cells[:2]) if t and n in first)
                cell = f"sheet {sheet}, cell {column_letters(place + 1)}{line.number}"
                yield Record(file, cell, "", comment=f"{header}: {line.cells[place]}", own=(("Beside", about),))


def _with_notes(
    records: Sequence[Record], notes: Sequence[Note], header: Header | None, file: str, sheet: str
) -> list[Record]:
    """The records with what is attached to cells of their rows; what is attached elsewhere is a record of its own."""
    with_notes = list(records)
    for note in notes:
        row = note.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        positions = [
            number
            for number, record in enumerate(with_notes)
            if header is not None and record.finding and record.place.startswith(f"sheet {sheet}, cell ")
            and record.place.rpartition(" ")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == row
        ]  # fmt: skip
        if positions:
            record = with_notes[positions[0]]
            with_notes[positions[0]] = replace(record, own=(*record.own, ("Notes on cells", note.text)))
        else:
            with_notes.append(Record(file, f"sheet {sheet}, cell {note.cell}", "", comment=note.text))
    return with_notes
