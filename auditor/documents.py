"""Files that a user names: read whole, within a limit that is looked at before anything is read.

Pipes and devices are refused, since one may never end. Every mistake is one line with file, place and remedy.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from auditor.errors import AuditorError

SEPARATORS = (",", ";", "\t")

_HEAD = 4096  # characters in which the header of a table is looked for
_DECLARED = re.compile(r"sep=.?")  # the line with which Excel is told the separator
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_HALF = "Write the character as it is."
# What stands between backslashes is passed in pairs; halves of a character are a pair only in JSON's order.
_ESCAPE = re.compile(
    r"(?<!\\)(?:\\\\)*\\u(?:(?P<high>[dD][89abAB][0-9a-fA-F]{2})(?:\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2}))?"
    r"|[dD][c-fC-F][0-9a-fA-F]{2})"
)


def read_bytes(path: str | Path, limit: int, remedy: str, error: type[AuditorError] = AuditorError) -> bytes:
    """The content of a file of at most ``limit`` bytes.

    Raises:
        AuditorError: ``error``: it cannot be read, is no file, or is larger.
    """
    file = str(path)
    try:
        # A pipe without a writer would be waited for when it is opened.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise error("is no file but a pipe or device.", file=file, remedy="Save the content in a file.")
            # As much as there is: a buffer for all that may be would be gigabytes. More only of a file that grows.
            data = stream.read(status.st_size + 1) if status.st_size <= limit else None
            if data is not None and len(data) > status.st_size:
                data += stream.read(limit + 1 - len(data))
    except IsADirectoryError:
        raise error("is a folder; a file is needed here.", file=file, remedy=remedy) from None
    except (OSError, ValueError) as reason:
        why = reason.strerror if isinstance(reason, OSError) and reason.strerror else "not a path"
        raise error(f"cannot be read ({why}).", file=file, remedy="Check the path and its permissions.") from None
    if data is None or len(data) > limit:
        raise error(f"is larger than {limit:,} bytes.", file=file, remedy=remedy)
    return data


def read_text(path: str | Path, limit: int, remedy: str, error: type[AuditorError] = AuditorError) -> str:
    """The text of a file of at most ``limit`` bytes: UTF-8, or UTF-16 with its mark.

    Raises:
        AuditorError: ``error``: as :func:`read_bytes`, or it is no such text.
    """
    data = read_bytes(path, limit, remedy, error)
    try:
        return data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig")
    except UnicodeError as reason:
        place = f"byte {reason.start:,}" if isinstance(reason, UnicodeDecodeError) else ""
        raise error("is no UTF-8 text.", file=str(path), pointer=place, remedy="Save the file as UTF-8.") from None


def read_yaml(path: str | Path, limit: int, remedy: str) -> object:
    """The YAML or JSON document in a file of at most ``limit`` bytes, every scalar of YAML as the text that it is
    (a client may be called No).

    Raises:
        AuditorError: as :func:`read_text`; it is neither, uses an alias, or brackets other than those of JSON.
    """
    text = read_text(path, limit, remedy)
    if not text.lstrip().startswith(("{", "[")):
        return _yaml(text, str(path), remedy)
    check_escapes(text, str(path))
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as reason:
        why = "nested too deeply" if isinstance(reason, RecursionError) else str(reason)
        raise AuditorError(f"is not JSON ({why}).", file=str(path), remedy=remedy) from None


def check_escapes(text: str, file: str, error: type[AuditorError] = AuditorError) -> None:
    """Raises ``error`` if a text of JSON holds half of a character by an escape, which no report can hold."""
    for escape in _ESCAPE.finditer(text):
        high, low = escape["high"], escape["low"]
        if high is None or low is None:
            raise error(
                f"holds half of a character, {escape[0]}.",
                file=file,
                pointer=f"line {text.count(chr(10), 0, escape.start()) + 1}",
                remedy=_HALF,
            )


def _yaml(text: str, file: str, remedy: str) -> object:
    import yaml  # noqa: PLC0415 (few options need it)

    try:
        for token in yaml.scan(text):
            # Aliases can blow up; brackets within brackets make PyYAML's scanner quadratic.
            if isinstance(token, (yaml.AliasToken, yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken)):
                line = f"line {token.start_mark.line + 1}"
                raise AuditorError("uses a YAML alias or brackets.", file=file, pointer=line, remedy=remedy)
        document = yaml.load(text, Loader=yaml.BaseLoader)  # makes nothing but str, list and dict
        json.dumps(document, ensure_ascii=False).encode()
        return document
    except UnicodeEncodeError as reason:
        half = f"\\u{ord(reason.object[reason.start]):04x}"
        raise AuditorError(f"holds half of a character, {half}.", file=file, remedy=_HALF) from None
    except (yaml.YAMLError, RecursionError) as reason:
        mark = getattr(reason, "problem_mark", None)
        why = "nested too deeply" if isinstance(reason, RecursionError) else getattr(reason, "problem", None)
        raise AuditorError(
            f"is not YAML ({why or type(reason).__name__}).",
            file=file,
            pointer=f"line {mark.line + 1}" if mark else "",
            remedy=remedy,
        ) from None


def rows(
    text: str, file: str, columns: Sequence[str], error: type[AuditorError] = AuditorError
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text, the header first: number of the line on which each ends, and its cells, stripped.

    Comma, semicolon or tab separate: the one that parts ``columns`` in one of the first lines. Rows without text and
    the line that tells Excel the separator are left out.

    Raises:
        AuditorError: ``error``: a quotation mark is not closed or not doubled; names the line.
    """
    # Strict: an open quotation mark would otherwise swallow the rows that follow.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text, columns), strict=True)
    first, ended = True, 0  # the line on which the row before ends
    try:
        for cells in reader:
            ended = reader.line_num
            stripped = [cell.strip() for cell in cells]
            if not any(stripped) or (first and _DECLARED.fullmatch("".join(cells))):
                continue
            first = False
            yield ended, stripped
    except csv.Error as reason:
        raise error(
            f"is no CSV ({reason}).",
            file=file,
            pointer=f"line {ended + 1}",
            remedy="Close the quotation mark that is open, or save the sheet as CSV UTF-8.",
        ) from None


def apart(paths: Sequence[str | Path]) -> list[Path]:
    """The paths in their order, without those given twice and those below another, links resolved."""
    real = {Path(os.path.realpath(path)): Path(path) for path in reversed(paths)}
    return [path for where, path in reversed(real.items()) if not real.keys() & set(where.parents)]


def column_name(cell: str) -> str:
    """A cell of a header as columns are named: ``Account ID`` → ``account_id``."""
    return cell.strip(' "').casefold().replace(" ", "_")


def _separator(text: str, columns: Sequence[str]) -> str:
    """The mark that parts one of the first lines into the columns, else the most frequent one of the first."""
    lines = [line for line in text[:_HEAD].splitlines() if line.strip()]
    for line in lines:
        for mark in SEPARATORS:
            if set(columns) <= {column_name(cell) for cell in line.split(mark)}:
                return mark
    return max(SEPARATORS, key=lines[0].count) if lines else SEPARATORS[0]
