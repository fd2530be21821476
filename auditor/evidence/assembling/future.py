"""What a capture tells of a time after it was made: no answer is older than the latest time in it (L5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from auditor.errors import Problem
from auditor.evidence.placing import Capture
from auditor.evidence.recognising import recorded_time
from auditor.text import one_line, pointer

# Members of answers that tell of what has happened, never of what will; in whichever form the CLI prints times (X4).
_PAST = frozenset(
    {
        "AlarmConfigurationUpdatedTimestamp", "StateTransitionedTimestamp", "StateUpdatedTimestamp", "Timestamp",
        "CreatedTimeStamp", "LastUpdateTimeStamp", "LastUpdatedTimestamp", "DelegationEnabledDate", "JoinedTimestamp",
        "LatestCloudWatchLogsDeliveryTime", "LatestDeliveryAttemptTime", "LatestDeliveryTime", "StartLoggingTime",
        "LatestDigestDeliveryTime", "LatestNotificationAttemptTime", "LatestNotificationTime", "StopLoggingTime",
        "TimeLoggingStarted", "TimeLoggingStopped", "creationTime", "lastModifiedTime", "lastUpdatedTime",
    }
)  # fmt: skip
_SLACK = timedelta(days=1)  # the client's day may be another than that in UTC


class LatestTime(NamedTuple):
    """The latest time that an answer tells of: the day (UTC, ISO date), the member, its place in the file."""

    day: str
    member: str
    pointer: str


def latest_told(capture: Capture) -> LatestTime | None:
    """The latest time of what had happened when an answer was made; None if it tells none, or cannot be used."""
    if not capture.usable:
        return None
    return max((latest for place, item in _objects(capture) for latest in _times(item, place)), default=None)


def is_later(other: str, day: str) -> bool:
    """Whether another day (ISO date) is later than a day in every zone.

    >>> is_later("2026-10-01", "2026-09-30"), is_later("2026-10-02", "2026-09-30")
    (False, True)
    """
    return date.fromisoformat(other) - date.fromisoformat(day) > _SLACK


def future_problems(captures: Iterable[Capture]) -> list[Problem]:
    """A problem with each capture that tells of a time after the day on which it was made, where that is known."""
    problems = []
    for capture in captures:
        if not capture.captured_at:
            continue
        latest, day = latest_told(capture), capture.captured_at[:10]
        if latest is not None and is_later(latest.day, day):
            problems.append(
                Problem(
                    capture.file, latest.pointer,
                    f"{latest.member} is of {latest.day}, and the capture is of {day}.",
                    "Correct the day of the capture, or capture again: one of the two days is wrong.",
                    "created-after-capture", "warning",
                )
            )  # fmt: skip
    return problems


def told_after(capture: Capture, latest: LatestTime, first: str, last: str) -> Problem:
    """The problem with an answer that was made after all days on which captures count, as it tells itself."""
    return Problem(
        capture.file, latest.pointer,
        f"{latest.member} is of {latest.day}: the answer was made after {last}, the last day on which captures count "
        f"for the period from {first} on.",
        f"Ask for a capture of those days: {capture.call.request(capture.place.region, capture.place.resource)}",
        "told-after-period", "warning",
    )  # fmt: skip


def _objects(capture: Capture) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The answers of a capture and their usable items, each with its place in the file."""
    yield from zip(capture.page_pointers, capture.pages, strict=True)
    for entry in capture.call.lists:
        yield from ((capture.pointer_to(entry.member, index, page), item) for page, index, item in capture.items(entry))


def _times(item: Mapping[str, object], place: str) -> Iterator[LatestTime]:
    for member in _PAST.intersection(item):
        time = recorded_time({"time": item[member]})
        if time is not None:
            yield LatestTime(time[:10], one_line(member, 60), place + pointer(member))
