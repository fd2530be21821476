"""When a call was made, as a capture record has it or what stands beside an answer, in whatever form (rule L5).

Names of members count by their letters: case and what separates words are each script's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from auditor.evidence.item import letters_of
from auditor.evidence.reading import days_named

_ENDS = (
    "endedat", "finishedat", "completedat", "endtime", "ended", "finished", "completed",
    "startedat", "starttime", "started",
)  # fmt: skip
_OTHERS = frozenset(
    f"{verb}{when}"
    for verb in (
        "captured", "capture", "collected", "collection", "exported", "export", "retrieved", "fetched", "taken",
        "generated", "created", "run", "executed", "execution", "called", "requested", "request", "queried", "scanned",
        "snapshot", "audit",
    )
    for when in ("at", "on", "time", "date", "timestamp", "datetime")
) | {
    "timestamp", "datetime", "date", "time", "asof", "when", "captured", "collected", "exported", "retrieved",
    "fetched", "datecaptured", "datecollected", "dateexported", "timecaptured", "day", "ts", "datum", "fecha",
}  # fmt: skip
_SECONDS, _MILLISECONDS = range(10**9, 4 * 10**9), range(10**12, 4 * 10**12)  # from 2001 to 2096


def recorded_time(members: Mapping[str, object]) -> str | None:
    """The time that members of an entry, a record or an answer tell, in UTC with ``Z``; None if they tell none.

    That the call ended comes before that it began, and both before any other. A time without a zone is read as UTC,
    one without a time of day as the beginning of that day.
    """
    return next((moment for value in _values(members) if (moment := _moment(value))), None)


def _values(members: Mapping[str, object]) -> Iterator[object]:
    named = {letters_of(name).removesuffix("utc"): value for name, value in members.items() if len(name) < 40}
    yield from (named[name] for name in _ENDS if name in named)
    yield from (value for name, value in named.items() if name in _OTHERS)
    match members.get("ResponseMetadata"):
        case {"HTTPHeaders": {"date": answered}}:
            yield answered


def _moment(value: object) -> str | None:
    try:
        time = _time(value)
        return None if time is None else _utc(time)
    except (ValueError, OverflowError, OSError):  # it may lie before the year 1 or past 9999
        return None


def _time(value: object) -> datetime | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if int(value) in _MILLISECONDS else value
        return datetime.fromtimestamp(seconds, UTC) if int(seconds) in _SECONDS else None
    if not isinstance(value, str):
        return None
    text = value.strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(text)
        except (ValueError, TypeError):
            continue
    days = days_named(text)
    return datetime.fromisoformat(days.first) if days is not None and days.first == days.last else None


def _utc(time: datetime) -> str:
    """
    >>> _utc(datetime.fromisoformat("2026-10-01T00:30:00+02:00"))
    '2026-09-30T22:30:00Z'
    """
    own = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    return own.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
