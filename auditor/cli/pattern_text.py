"""PATTERN arguments: the text itself, or ``@FILE`` for a file's content."""

from __future__ import annotations

import sys

import click

from auditor.documents import read_text
from auditor.errors import AuditorError
from auditor.text import as_utf_8, one_line

# CloudWatch Logs takes at most 1,024 characters (PutMetricFilter); longer texts can be compared all the same.
MAX_BYTES = 1_000_000
REMEDY = "Give @FILE with the path of a text file that holds one pattern."


class PatternText(click.ParamType[str]):
    """The pattern's text; ``@FILE`` reads UTF-8 from a file, ``@-`` from standard input."""

    name = "pattern"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value.startswith("@"):
            text = as_utf_8(value)
            if not text.isprintable() and any("\ud800" <= character <= "\udfff" for character in text):
                raise AuditorError(f"{one_line(text, 80)} is no UTF-8.", remedy="Type it in UTF-8, or give @FILE.")
            return text
        file = value[1:]
        if file == "-":
            if sys.stdin is None:
                raise AuditorError("standard input is closed.", file="-", remedy=REMEDY)
            with click.open_file(file, "rb") as stream:
                return _text(stream.read(MAX_BYTES + 1))
        text = read_text(file, MAX_BYTES, REMEDY)
        return text.removesuffix("\n").removesuffix("\r")


def _text(data: bytes) -> str:
    """The pattern that stands on standard input."""
    if len(data) > MAX_BYTES:
        raise AuditorError(f"is larger than {MAX_BYTES:,} bytes.", file="-", remedy=REMEDY)
    try:
        return data.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise AuditorError(f"is not UTF-8 (byte {error.start}).", file="-", remedy="Write UTF-8.") from None


PATTERN = PatternText()
