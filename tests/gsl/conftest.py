"""What the tests of rules share: case files, a moment, and a stand-in for the pattern engine."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 7, 1, tzinfo=UTC)


def cases(name: str) -> Any:
    """The cases of the file ``name`` in the data folder."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def same_but_for_blanks(found: str, required: str) -> bool | None:
    """Patterns are equal if their texts are but for blanks; the text ``undecidable`` is beyond telling."""
    if found == "undecidable":
        return None
    return found.replace(" ", "") == required.replace(" ", "")
