"""The tables of a result as files for other programs: CSV and Parquet, one file a table."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from importlib import import_module

import orjson

from auditor.errors import AuditorError
from auditor.result import AuditResult
from auditor.result.tables import TABLES, Type
from auditor.workpaper import visible

_FORMULA = tuple("=+-@\t\r")
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def render_csv(result: AuditResult, table: str) -> bytes:
    """A table of ``auditor.result.tables`` as CSV (RFC 4180, UTF-8): times in UTC, lists as JSON, nothing for a missing
    value. Invisible characters of a text are written as codes, and one that a spreadsheet program would run as a
    formula has an apostrophe before it.
    """
    declared = TABLES[table]
    frame = declared.frame(result.document)
    for name, kind in declared.columns.items():
        if kind is Type.LISTED:
            frame[name] = [_listed(value or ()) for value in frame[name]]
        elif kind is Type.TEXT:
            frame[name] = [_harmless(value) if isinstance(value, str) else value for value in frame[name]]
    text: str = frame.to_csv(index=False, date_format=_TIME, lineterminator="\r\n")
    return text.encode()


def _listed(values: Iterable[object]) -> str:
    """Values as JSON, in which invisible characters are escaped."""
    text = orjson.dumps(list(values)).decode()
    return "".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in text)


def _harmless(text: str) -> str:
    return f"'{visible(text)}" if text.startswith(_FORMULA) else visible(text)


def render_parquet(result: AuditResult, table: str) -> bytes:
    """The same as Parquet, with types.

    Raises:
        AuditorError: pyarrow is not installed.
    """
    try:
        import_module("pyarrow")
    except ImportError:
        raise AuditorError(
            "the format parquet needs the library pyarrow.",
            remedy="Install it with: pip install 'evidence-bundle-auditor[parquet]'",
            code="format",
        ) from None
    data = io.BytesIO()
    TABLES[table].frame(result.document).to_parquet(data, engine="pyarrow", index=False)
    return data.getvalue()
