"""The section about replayed events: its two tables and its words."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.reports.html.tables import Table
from auditor.reports.html.words import utc
from auditor.workpaper.events import PURPOSE, SHOWN, events_rows, replay_in_words
from auditor.workpaper.view import View


@dataclass(frozen=True, slots=True)
class Replayed:
    """The section; ``tables`` are those of the page it adds."""

    purpose: str
    words: str
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
            ("Filters of the account", "number"), ("Events to notice", "number"), ("Counted", "number"),
            ("Missed", "number"), ("Result", "text"),
        ),
        [
            [
                row.finding,
                row.watch["account_id"],
                row.account_name,
                row.watch["control"],
                *(f"{row.watch[name]:,}" for name in ("filters", "required_count", "noticed_count", "missed_count")),
                row.result,
            ]
            for row in rows
        ],
        [row.watch["account_id"] for row in rows],
    )  # fmt: skip
    lost = [(row.watch, event) for row in rows for event in row.watch["missed"][:SHOWN]]
    missed = Table(
        "missed",
        "Events that no filter of the account would have counted",
        (
            ("Account", "id"), ("Control", "mono"), ("Time", "text"), ("Event", "id"), ("Source", "id"),
            ("Region", "id"), ("Error code", "text"), ("Event id", "mono"),
        ),
        [
            [
                watch["account_id"],
                watch["control"],
                utc(event.get("eventTime")),
                *(event.get(name, "") for name in ("eventName", "eventSource", "awsRegion", "errorCode", "eventID")),
            ]
            for watch, event in lost
        ],
        [watch["account_id"] for watch, _ in lost],
    )  # fmt: skip
    return Replayed(PURPOSE, replay_in_words(facts), SHOWN, {"events": events, "missed": missed})
