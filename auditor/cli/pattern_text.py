"""PATTERN arguments: the text itself, or ``@FILE`` for a file's content."""

from __future__ import annotations

import click

from auditor.errors import AuditorError

# CloudWatch Logs takes at most 1,024 characters (PutMetricFilter); longer texts can be compared all the same.
MAX_BYTES = 1_000_000


class PatternText(click.ParamType[str]):
    """The pattern's text; ``@FILE`` reads UTF-8 from a file, ``@-`` from standard input."""

    name = "pattern"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value.startswith("@"):
            return value
        file = value[1:]
        try:
            with click.open_file(file, "rb") as stream:
                data: bytes = stream.read(MAX_BYTES + 1)
        except OSError as error:
            raise AuditorError(
                f"cannot be read ({error.strerror}).",
                file=file,
                remedy="Give @FILE with the path of a text file.",
            ) from None
        if len(data) > MAX_BYTES:
            raise AuditorError(
                f"is larger than {MAX_BYTES:,} bytes.",
                file=file,
                remedy="Give a file that holds one pattern.",
            )
        try:
            return data.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError as error:
            raise AuditorError(
                f"is not UTF-8 (byte {error.start}).", file=file, remedy="Save the file as UTF-8."
            ) from None


PATTERN = PatternText()
