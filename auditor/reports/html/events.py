"""The section about replayed events: its two tables and its words."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.reports.html.tables import Table
from auditor.reports.html.words import utc
from auditor.workpaper.events import (
    PURPOSE,
    SHOWN,
    events_rows,
    files_in_words,
    missed_rows,
    replay_in_words,
    totals_in_words,
)
from auditor.workpaper.view import View

_COUNTS = ("filters", "required_count", "noticed_count", "unsure_count", "missed_count", "beyond_count")


@dataclass(frozen=True, slots=True)
class Replayed:
    """The section; ``tables`` are those of the page it adds."""

    purpose: str
    words: str
    files: str
    totals: str
    shown: int
    tables: dict[str, Table]


def replayed(view: View) -> Replayed | None:
    """The section for a framework, None if no events were given."""
    facts = view.document["events"]
    if facts is None:
        return None
    rows = list(events_rows(view))
    events = Table(
        "events",
        "Real events per account and control",
        (
            ("Finding", "findings"), ("Account", "id"), ("Name", "text"), ("Control", "mono"),
            ("Filters for it", "number"), ("Events to notice", "number"), ("Of these counted", "number"),
            ("Open", "number"), ("Missed", "number"), ("Counted besides", "number"), ("Result", "text"),
        ),
        [
            [
                row.finding,
                row.watch["account_id"],
                row.account_name,
                row.watch["control"],
                *(f"{row.watch[name]:,}" for name in _COUNTS),  # type: ignore[literal-required]
                row.result,
            ]
            for row in rows
        ],
        [row.watch["account_id"] for row in rows],
    )  # fmt: skip
    lost = list(missed_rows(view, SHOWN))
    missed = Table(
        "missed",
        "Events that no filter of the account would have counted",
        (
            ("Finding", "findings"), ("Account", "id"), ("Control", "mono"), ("Time", "text"), ("Event", "id"),
            ("Source", "id"),
            ("Region", "id"), ("Error code", "text"), ("Event id", "mono"),
        ),
        [
            [
                miss.row.finding,
                miss.row.watch["account_id"],
                miss.row.watch["control"],
                utc(miss.event["eventTime"]),
                *(miss.event[name] or "" for name in ("eventName", "eventSource", "awsRegion", "errorCode", "eventID")),
            ]
            for miss in lost
        ],
        [miss.row.watch["account_id"] for miss in lost],
    )  # fmt: skip
    return Replayed(
        PURPOSE,
        replay_in_words(facts),
        files_in_words(facts),
        totals_in_words(rows),
        SHOWN,
        {"events": events, "missed": missed},
    )
