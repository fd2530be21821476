"""Tables of files and the calls that wrote them, as scripts keep beside answers: CSV by any separator (rule X3)."""

from __future__ import annotations

import csv
import io
from itertools import islice

from auditor.bundle import Member
from auditor.evidence.item import letters_of
from auditor.evidence.reading.decode import Decoded
from auditor.evidence.reading.file_kind import FileKind
from auditor.evidence.reading.text_encoding import read_text

# Members and columns, by their letters, that name the file of a call's answer: the likeliest first.
FILE_NAMES = (
    "file", "path", "filename", "filepath", "outputfile", "outputpath", "outfile", "output", "savedas", "savedto",
    "localpath", "localfile", "jsonfile", "target", "destination", "dest",
)  # fmt: skip
# Those that name the call.
CALL_NAMES = frozenset(
    {
        "call", "callname", "operation", "operationname", "awsoperation", "action", "api", "apicall", "apiname",
        "method", "command", "cmd", "commandline", "awscommand",
    }
)  # fmt: skip
_SEPARATORS = (",", ";", "\t", "|")
_LONGEST_HEAD = 2_000
_MOST_ROWS = 1_000_000


def rows_of_record(member: Member, decoded: Decoded) -> tuple[dict[str, str], ...]:
    """The rows of a table that names files and calls, by the names of its columns; () of any other file."""
    if decoded.shape != "none" or decoded.kind is not FileKind.TEXT:
        return ()
    if member.data[:_LONGEST_HEAD].lower().count(b"file") + member.data[:_LONGEST_HEAD].lower().count(b"path") == 0:
        return ()
    text = read_text(member.data)
    head, _, _ = text.text.partition("\n") if text is not None else ("", "", "")
    separator = next((mark for mark in _SEPARATORS if _names_files_and_calls(head, mark)), "")
    if text is None or not separator:
        return ()
    try:
        rows = csv.DictReader(io.StringIO(text.text, newline=""), delimiter=separator, skipinitialspace=True)
        return tuple(
            {name: value for name, value in row.items() if isinstance(name, str) and isinstance(value, str) and value}
            for row in islice(rows, _MOST_ROWS)
        )
    except csv.Error:  # a field without an end
        return ()


def _names_files_and_calls(head: str, separator: str) -> bool:
    columns = {letters_of(name) for name in head[:_LONGEST_HEAD].split(separator)}
    return not columns.isdisjoint(FILE_NAMES) and not columns.isdisjoint(CALL_NAMES)
