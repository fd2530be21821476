"""Values taken as times, and moments relative to now."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta

_NUMBER = re.compile(r"[0-9]{1,14}(?:\.[0-9]{1,9})?")
_MILLISECONDS = 100_000_000_000
"""From here on a number counts milliseconds: March 1973 in these, the year 5138 in seconds."""

_DAYS_OF_A_MONTH = 30


def moment(value: object) -> datetime | None:
    """The time that ``value`` is: an ISO 8601 string (UTC unless it says otherwise), or seconds or milliseconds since
    1970.

    None if it is none. AWS prints ``creationTime`` and its kin in milliseconds, all else in seconds: a number past
    the year 5138 in seconds (a hundred thousand million) counts milliseconds. Source of the seconds:
    dome9/cloud-bots reads times in tags so.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        if not isinstance(value, str):
            return _since_1970(value)
        text = value.strip()
        if _NUMBER.fullmatch(text):
            return _since_1970(float(text))
        read = datetime.fromisoformat(text)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _since_1970(number: float) -> datetime:
    return datetime.fromtimestamp(number / 1000 if abs(number) >= _MILLISECONDS else number, UTC)


def shifted(now: datetime, number: int, unit: str, calendar_months: bool = True) -> datetime:
    """``now`` plus ``number`` units; past the ends of the calendar, its first or last moment.

    A month later is the same day of the month, or that month's last.
    """
    try:
        if unit != "months":
            return now + timedelta(**{unit: number})
        if not calendar_months:
            return now + timedelta(days=_DAYS_OF_A_MONTH * number)
        year, month = divmod(now.year * 12 + now.month - 1 + number, 12)
        day = min(now.day, calendar.monthrange(year, month + 1)[1])
        return now.replace(year=year, month=month + 1, day=day)
    except (ValueError, OverflowError, calendar.IllegalMonthError):
        return (datetime.max if number > 0 else datetime.min).replace(tzinfo=UTC)
