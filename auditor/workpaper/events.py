"""Real events replayed over required patterns and the accounts' own filters: records, words, and the two sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.result import ReplayFacts, WatchFacts
from auditor.text import count
from auditor.workpaper.model import Column, Kind, Sheet, columns, field
from auditor.workpaper.view import View

SHOWN, LISTED = 12, 50  # missed events of a pair on the page and in the workbook; results.json has more
_MEMBERS = ("eventTime", "eventName", "eventSource", "awsRegion", "errorCode", "eventID")
PURPOSE = (
    "CloudTrail log files of the client replayed: real events that the control must notice, and those that the "
    "account's own filters would have counted. Evidence of operating effectiveness, not only of design, as far as the "
    "metric filter; whether an alarm fired and who read it is not in these files. What must be noticed is what the "
    "control's recommended pattern counts. Open are events of which the captures do not show whether a filter counts "
    "them: trails of their region or filters were not captured. An event that several trails "
    "delivered counts once."
)


@dataclass(frozen=True, slots=True)
class EventsRow:
    """One control in one account."""

    watch: WatchFacts
    account_name: str
    finding: str  # number

    @property
    def result(self) -> str:
        """The outcome in words; without an event there is none."""
        watch = self.watch
        required, missed, unsure = watch["required_count"], watch["missed_count"], watch["unsure_count"]
        if not required:
            return "No such event recorded"
        all_ = count(required, "event")
        parts = ["All would have been counted"] if not missed and not unsure else []
        parts += [
            f"{number:,} {words}"
            for number, words in (
                (missed, f"of {all_} missed"),
                (unsure, "open" if missed else f"of {all_} open"),
                (watch["noticed_by_others_count"], "counted only by filters for other events"),
            )
            if number
        ]
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class MissedRow:
    """One event that no filter of the account would have counted; members as CloudTrail names them, None if absent."""

    row: EventsRow
    event: dict[str, str | None]


def events_rows(view: View) -> Iterator[EventsRow]:
    """One row per account and control of the framework: missed events first, then counted ones."""
    replayed = view.document["events"]
    if replayed is None:
        return
    named = {finding["id"]: finding for finding in view.findings}
    rows = []
    for watch in replayed["watches"]:
        finding = named.get(f"{watch['account_id']}/{watch['control']}")
        if finding is not None:
            rows.append(EventsRow(watch, finding["account_name"], finding["number"]))
    names = ("missed_count", "unsure_count", "required_count", "beyond_count")
    yield from sorted(rows, key=lambda row: tuple(-row.watch[name] for name in names))  # type: ignore[literal-required]


def missed_rows(view: View, most: int = LISTED) -> Iterator[MissedRow]:
    """The first missed events of each account and control, in the order of :func:`events_rows`."""
    for row in events_rows(view):
        for event in row.watch["missed"][:most]:
            yield MissedRow(row, {name: event.get(name) for name in _MEMBERS})


def totals_in_words(rows: Sequence[EventsRow]) -> str:
    """How many accounts and controls had such events, and in how many some were missed."""
    had = [row.watch for row in rows if row.watch["required_count"]]
    if not had:
        return "None of the events that the controls must notice was recorded."
    pairs = count(len(rows), "pair of account and control", "pairs of account and control")
    required = sum(watch["required_count"] for watch in had)
    parts = []
    for name, words in (("missed_count", "missed"), ("unsure_count", "left open by the captures")):
        hit = [watch for watch in had if watch[name]]  # type: ignore[literal-required]
        if hit:
            number = sum(watch[name] for watch in hit)  # type: ignore[literal-required]
            parts.append(f"{number:,} of them {words} (in {count(len(hit), 'pair')})")
    outcome = "; ".join(parts) or "all of them would have been counted"
    return f"Events to notice were recorded in {len(had):,} of {pairs}, {required:,} in all: {outcome}."


def replay_in_words(replayed: ReplayFacts) -> str:
    """What was replayed: how many events, of which time, and what was set aside."""
    span = f" from {replayed['first']} to {replayed['last']}" if replayed["first"] else ""
    others, outside, data = (replayed[name] for name in ("of_other_accounts", "outside_period", "not_management"))
    none, again = replayed["not_events"], replayed.get("repeated", 0)
    aside = (
        (others, f"{count(others, 'event')} of accounts that were not judged"),
        (outside, f"{count(outside, 'event')} outside the period"),
        (data, f"{count(data, 'data event')}, which the controls are not about"),
        (none, f"{count(none, 'entry', 'entries')} that {'is' if none == 1 else 'are'} no event of CloudTrail"),
        (again, f"{count(again, 'counted event')} that another trail had delivered"),
    )
    left = "; ".join(words for number, words in aside if number)
    sentences = f"{count(replayed['events'] - others - outside - data, 'event')} of the accounts judged{span}."
    if population := replayed.get("population"):
        selected, received = population["selected"], population["received"]
        accounts, days = count(population["accounts"], "account"), count(population["days"], "day")
        came = "and received." if selected == received else f"and {received:,} received; see Problems."
        sentences += (
            f" They were selected by SQL from {count(population['events'], 'event')} in {accounts} on {days}: "
            f"{selected:,} selected {came}"
        )
    sentences += f" Set aside: {left}." if left else ""
    if replayed["unread"]:
        sentences += f" {count(replayed['unread'], 'file')} could not be read, or not to the end; see Problems."
    return sentences


def files_in_words(replayed: ReplayFacts) -> str:
    """Which files the events were read from."""
    files = (f"{file['name']} ({count(file['files'], 'file')}, SHA-256 {file['sha256']})" for file in replayed["files"])
    return f"Read from {'; '.join(files)}."


EVENTS = Sheet(
    "Events",
    PURPOSE,
    events_rows,
    columns(
        Column("finding", "Finding no.", field("finding"), Kind.CODE, 9, link="Results"),
        Column("account_id", "Account id", field("watch.account_id"), Kind.CODE, 15),
        Column("account_name", "Account name", field("account_name"), Kind.TEXT, 24),
        Column("control", "Control", field("watch.control"), Kind.CODE, 26),
        Column("filters", "Filters for the control", field("watch.filters"), Kind.COUNT, 10),
        Column("required", "Events to notice", field("watch.required_count"), Kind.COUNT, 10),
        Column("noticed", "of these counted", field("watch.noticed_count"), Kind.COUNT, 10),
        Column("open", "of these open", field("watch.unsure_count"), Kind.COUNT, 10),
        Column("missed", "of these missed", field("watch.missed_count"), Kind.COUNT, 10),
        Column("besides", "Counted besides", field("watch.beyond_count"), Kind.COUNT, 10),
        Column("result", "Result", field("result"), Kind.TEXT, 44),
    ),
    key="finding",
    frozen=4,
)

MISSED_EVENTS = Sheet(
    "Missed events",
    f"Replayed events that no filter of the account would have counted: up to {LISTED} of each account and control, in "
    "the order of the files; results.json has more.",
    missed_rows,
    columns(
        Column("finding", "Finding no.", field("row.finding"), Kind.CODE, 9, link="Results"),
        Column("account_id", "Account id", field("row.watch.account_id"), Kind.CODE, 15),
        Column("control", "Control", field("row.watch.control"), Kind.CODE, 26),
        Column("time", "Time (UTC)", field("event.eventTime"), Kind.TIME, 22),
        Column("event", "Event", field("event.eventName"), Kind.CODE, 30),
        Column("source", "Source", field("event.eventSource"), Kind.CODE, 28),
        Column("region", "Region", field("event.awsRegion"), Kind.CODE, 15),
        Column("error", "Error code", field("event.errorCode"), Kind.CODE, 26),
        Column("event_id", "Event id", field("event.eventID"), Kind.CODE, 38),
    ),
    frozen=3,
)
