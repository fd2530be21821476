"""What each column of the workbooks holds, in a sentence: for the documentation, and as the prompt of its header."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def meanings() -> Mapping[str, Mapping[str, str]]:
    """Sentences by sheet and name of the column; under ``""`` those of several sheets, or of a sheet's further columns
    (a control each).
    """
    data: Mapping[str, Mapping[str, str]] = json.loads(
        Path(__file__).with_name("column_meanings.json").read_text(encoding="utf-8")
    )
    return data


def meaning(sheet: str, column: str) -> str:
    """What a column holds; ``""`` of one that people inserted."""
    own = meanings().get(sheet, {})
    return own.get(column) or meanings()[""].get(column) or own.get("", "")
