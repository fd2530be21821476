"""Workbooks (.xlsx) that people give, read as text: nothing in them is computed, followed or believed.

A workbook is an archive of XML: its size is looked at before it is unpacked, and one that declares a document type,
which the format forbids (ECMA-376, part 2, 8.2.1) and every XML bomb needs, is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from auditor.documents import read_bytes
from auditor.errors import AuditorError

MAX_BYTES = 250_000_000  # the workbook of some ten thousand accounts
MAX_UNPACKED = 2_000_000_000
MAX_STRINGS = 300_000_000  # of the table of strings, which is held whole
MAX_MEMBERS = 5_000
MAX_ROWS = 1_048_576  # Excel's; a row that says a higher number is none
MAX_COLUMNS = 256  # the widest sheet of ours has 40; people insert some
REMEDY = "Give the .xlsx as a spreadsheet program saves it."

_OLE = b"\xd0\xcf\x11\xe0"  # old .xls, and .xlsx behind a password
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(
    r"\$?(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!\$?(?P<column>[A-Z]{1,3})\$?(?P<row>[0-9]{1,7})"
)
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_CHUNK, _OVERLAP = 1 << 20, 32
_UNDERSCORE = "_x005F_"  # how a string of the format writes an underscore that would begin a code (22.9.2.19)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: its number, and its cells as text without what stands around it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody attached to a cell (a comment in Excel's words)."""

    cell: str
    text: str


class Workbook:
    """A workbook that was checked; sheets are read when they are asked for. ``data`` is its content where that is at
    hand; then ``path`` only names it.

    Raises:
        AuditorError: it cannot be read, is larger than a limit, or is no workbook.
    """

    def __init__(self, path: str | Path, data: bytes | None = None, *, unpacked: int | None = None) -> None:
        self.file = str(path)
        self._data = read_bytes(path, MAX_BYTES, REMEDY) if data is None else data
        _check(self._data, self.file, MAX_UNPACKED if unpacked is None else unpacked)
        self._book = self._opened(values=True)
        self._formulas: Any = None
        self._whole: Any = None

    @property
    def sheets(self) -> tuple[str, ...]:
        """The titles of the sheets, hidden ones too."""
        return tuple(sheet.title for sheet in self._book.worksheets)

    @property
    def properties(self) -> dict[str, str]:
        """The custom properties of the document by name."""
        return {property_.name: str(property_.value) for property_ in self._book.custom_doc_props.props}

    @property
    def creator(self) -> str:
        """The program or person that the document says made it, ``""`` if none."""
        return self._book.properties.creator or ""

    @property
    def names(self) -> dict[str, tuple[str, int, int]]:
        """What names of the workbook stand for, of those that name one cell: sheet, row and column from 1."""
        cells = {}
        for name, defined in self._book.defined_names.items():
            if place := _CELL.fullmatch(str(defined.attr_text or "")):
                sheet = place["quoted"].replace("''", "'") if place["quoted"] else place["plain"]
                cells[name] = (sheet, int(place["row"]), column_number(place["column"]))
        return cells

    def lines(self, sheet: str, last: int | None = None) -> Iterator[Line]:
        """The rows of a sheet in which anything stands, up to number ``last``; of a formula its last result, else
        the formula itself.

        Raises:
            AuditorError: the sheet is damaged.
        """
        try:
            yield from self._lines(sheet, last)
        except AuditorError:
            raise
        except Exception as error:  # whatever the library trips over in a damaged file
            raise self._unreadable(error) from None

    def notes(self, sheet: str) -> list[Note]:
        """What is attached to cells of a sheet.

        Raises:
            AuditorError: the workbook is damaged.
        """
        from openpyxl import load_workbook  # noqa: PLC0415 (few commands need it)

        with zipfile.ZipFile(io.BytesIO(self._data)) as archive:
            if not any("comment" in name.lower() for name in archive.namelist()):
                return []  # the usual case, which need not be read as a whole
        try:
            if self._whole is None:
                self._whole = load_workbook(io.BytesIO(self._data), keep_links=False)
            cells = (cell for row in self._whole[sheet].iter_rows() for cell in row if cell.comment)
            return [Note(cell.coordinate, cell.comment.text.strip()) for cell in cells if cell.comment]
        except Exception as error:
            raise self._unreadable(error) from None

    def _lines(self, sheet: str, last: int | None) -> Iterator[Line]:
        rows = self._rows(self._book, sheet, last)
        for number, cells in enumerate(rows, 1):
            if cells.count(None) == len(cells):
                continue  # a row far down stands behind a million of these
            texts = tuple(map(_text, cells))
            if any(texts):
                yield Line(number, texts)

    def _rows(self, book: Any, sheet: str, last: int | None) -> Iterator[Sequence[object]]:
        worksheet, last = book[sheet], min(last or MAX_ROWS, MAX_ROWS)
        worksheet.reset_dimensions()  # what a file says of its own size may be wrong
        values = worksheet.iter_rows(max_row=last, max_col=MAX_COLUMNS, values_only=True)
        if not self._has_formulas(sheet):
            yield from values
            return
        if self._formulas is None:
            self._formulas = self._opened(values=False)
        formulas = self._formulas[sheet]
        formulas.reset_dimensions()
        written = formulas.iter_rows(max_row=last, max_col=MAX_COLUMNS, values_only=True)
        for results, texts in zip(values, written, strict=False):
            # A formula that was never computed, or cannot be, is kept as it is written.
            yield [
                text if result is None or result in _ERRORS else result
                for result, text in zip(results, texts, strict=False)
            ]

    def _has_formulas(self, sheet: str) -> bool:
        part = self._book[sheet]._worksheet_path
        with zipfile.ZipFile(io.BytesIO(self._data)) as archive, archive.open(part) as stream:
            before = b""
            while chunk := stream.read(_CHUNK):
                if b"<f>" in before + chunk or b"<f " in before + chunk:
                    return True
                before = chunk[-_OVERLAP:]
        return False

    def _opened(self, *, values: bool) -> Any:
        from openpyxl import load_workbook  # noqa: PLC0415 (few commands need it)

        try:
            return load_workbook(io.BytesIO(self._data), read_only=True, data_only=values, keep_links=False)
        except Exception as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: Exception) -> AuditorError:
        return AuditorError(f"is no workbook that can be read ({type(error).__name__}).", file=self.file, remedy=REMEDY)


def column_letters(number: int) -> str:
    """The letters of a column from 1: ``28`` → ``AB``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column: ``AB`` → ``28``."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def is_workbook(path: str | Path) -> bool:
    """Whether a path is named as a workbook."""
    return Path(path).suffix.lower() in (".xlsx", ".xlsm")


def _check(data: bytes, file: str, most: int) -> None:
    """Raises AuditorError for what is no workbook, or would cost more than a workbook may."""
    if data.startswith(_OLE):
        raise AuditorError(
            "is an old workbook (.xls) or has a password.", file=file, remedy="Save it as .xlsx without a password."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            strings = max((m.file_size for m in members if m.filename.endswith("sharedStrings.xml")), default=0)
            if len(members) > MAX_MEMBERS or unpacked > most or strings > MAX_STRINGS:
                raise AuditorError(
                    f"holds {len(members):,} parts of {unpacked:,} bytes, more than a workbook may.",
                    file=file,
                    remedy=REMEDY,
                )
            for member in members:
                if member.filename.endswith((".xml", ".rels", ".vml")) and _declares(archive, member):
                    raise AuditorError(
                        f"declares a document type in {member.filename}, which no workbook may.",
                        file=file,
                        remedy=REMEDY,
                    )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise AuditorError(f"is no workbook ({error}).", file=file, remedy=REMEDY) from None
    except Exception as error:
        if isinstance(error, AuditorError):
            raise
        raise AuditorError(f"is no workbook ({type(error).__name__}).", file=file, remedy=REMEDY) from None


def _declares(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a part declares a document type or entity, in UTF-8 or UTF-16."""
    before = b""
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            if _DECLARATION.search(before + chunk.replace(b"\0", b"")):
                return True
            before = chunk.replace(b"\0", b"")[-_OVERLAP:]
    return False


def _text(value: object) -> str:
    """A cell as text: dates as ISO, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("_x000D_", "").replace(_UNDERSCORE, "_").replace("\r\n", "\n").strip()
