"""Titles of reason codes, as headings of causes and open points; the titles are data."""

from __future__ import annotations

import json
from functools import cache

from auditor.resources import PACKAGE


def reason_title(code: str) -> str:
    """The title of a reason code; of one that has none (a result of another version) its words.

    >>> reason_title("subscription-pending"), reason_title("a-later-code")
    ('The subscription has not been confirmed', 'A later code')
    """
    return _titles().get(code) or code.replace("-", " ").capitalize()


@cache
def _titles() -> dict[str, str]:
    titles: dict[str, str] = json.loads((PACKAGE / "workpaper" / "titles.json").read_text(encoding="utf-8"))
    return titles
