"""Periods and dates as people write them."""

from __future__ import annotations

import re
from datetime import date

from auditor.errors import AuditorError

_QUARTER = re.compile(r"([0-9]{4})-?Q([1-4])", re.IGNORECASE)


def parse_period(text: str) -> tuple[str, str]:
    """First and last day of ``2026Q3`` or ``START/END`` (ISO dates, inclusive).

    >>> parse_period("2026Q3")
    ('2026-07-01', '2026-09-30')

    Raises:
        AuditorError: ``text`` is neither, or ends before it starts.
    """
    quarter = _QUARTER.fullmatch(text.strip())
    if quarter:
        year, number = quarter.group(1), int(quarter.group(2))
        last = {1: "03-31", 2: "06-30", 3: "09-30", 4: "12-31"}[number]
        text = f"{year}-{3 * number - 2:02d}-01/{year}-{last}"
    start, slash, end = text.partition("/")
    if not slash:
        raise AuditorError(f"--period {text!r} is no period.", remedy="Write 2026Q3 or 2026-07-01/2026-09-30.")
    span = (parse_date(start, "--period"), parse_date(end, "--period"))
    if span[0] > span[1]:
        raise AuditorError(f"--period {text!r} ends before it starts.", remedy="Write START/END.")
    return span


def parse_date(text: str, option: str) -> str:
    """An ISO date, written as such.

    Raises:
        AuditorError: ``text`` is no date; names the ``option`` that gave it.
    """
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise AuditorError(f"{option} {text!r} is no date.", remedy="Write it as 2026-09-30.") from None
