"""What a capture tells of a time that came only after it was made (rules L5, X4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from auditor.errors import Problem
from auditor.evidence.call_ids import DESCRIBE_LOG_GROUPS, DESCRIBE_METRIC_FILTERS
from auditor.evidence.placing import Capture

_CREATED = {DESCRIBE_METRIC_FILTERS: "filterName", DESCRIBE_LOG_GROUPS: "logGroupName"}  # in milliseconds (X4)
_SLACK = timedelta(days=1)  # the client's day may be another than that in UTC


def future_problems(captures: Iterable[Capture]) -> list[Problem]:
    """Metric filters and log groups that were created after the day of their capture, where that is known."""
    problems = []
    for capture in captures:
        name = _CREATED.get(capture.call.id)
        if name is None or not capture.usable or not capture.captured_at:
            continue
        day = date.fromisoformat(capture.captured_at[:10])
        for entry in capture.call.lists:
            for page, index, item in capture.items(entry):
                created = _day(item.get("creationTime"))
                if created is not None and created - day > _SLACK:
                    problems.append(
                        Problem(
                            capture.file, f"{capture.pointer_to(entry.member, index, page)}/creationTime",
                            f"{item.get(name)} was created on {created}, and the capture is of {day}.",
                            "Correct the day of the capture, or capture again: one of the two days is wrong.",
                            "created-after-capture", "warning",
                        )
                    )  # fmt: skip
    return problems


def _day(milliseconds: object) -> date | None:
    if not isinstance(milliseconds, int):
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).date()
    except (OverflowError, OSError, ValueError):
        return None
