"""Times in scanners' files as ISO 8601: with ``Z`` where the zone is known, without where it is local."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?", re.IGNORECASE
)
_EARLIEST, _LATEST = 946_684_800, 4_102_444_800  # 2000 and 2100: numbers that may be seconds


def moment(value: object) -> str | None:
    """The time that a cell or member says, None if it says none that can be read without a guess.

    >>> moment("2026-09-30 08:15:42.123456"), moment(1790759401), moment("30/09/2026 08:15")
    ('2026-09-30T08:15:42', '2026-09-30T09:10:01Z', None)
    """
    text = str(value if value is not None else "").strip()
    if re.fullmatch(r"\d{9,13}(?:\.\d+)?", text):
        seconds = float(text)
        seconds = seconds / 1000 if seconds > _LATEST else seconds
        if not _EARLIEST <= seconds <= _LATEST:
            return None
        return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    day, clock, zone = match.groups()
    written = f"{day}T{clock or '00:00'}"
    try:
        parsed = datetime.fromisoformat(written)
        if zone and zone.upper() not in ("Z", "UTC"):
            offset = zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
            parsed = datetime.fromisoformat(written + offset).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if not clock:
        return day
    return parsed.strftime("%Y-%m-%dT%H:%M:%S") + ("Z" if zone else "")
