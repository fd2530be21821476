"""Real events replayed over required patterns and the accounts' own filters: records and words for both reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.result import ReplayFacts, WatchFacts
from auditor.text import count
from auditor.workpaper.view import View

SHOWN = 12  # missed events in a cell; results.json has more
PURPOSE = (
    "CloudTrail log files of the client replayed: real events that the control must notice, and those that the "
    "account's own filters would have counted. Evidence of operating effectiveness, not only of design, as far as the "
    "metric filter; whether an alarm fired and who read it is not in these files."
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
        required, missed = self.watch["required_count"], self.watch["missed_count"]
        if not required:
            return "No such event recorded"
        if not missed:
            return "All would have been counted"
        return f"{missed:,} of {count(required, 'event')} missed"

    @property
    def missed(self) -> str:
        """The first missed events, one a line, and how many more there are."""
        lines = [missed_in_words(event) for event in self.watch["missed"][:SHOWN]]
        rest = self.watch["missed_count"] - len(lines)
        return "\n".join([*lines, f"and {count(rest, 'more event')}"] if rest and lines else lines)


def missed_in_words(event: dict[str, str]) -> str:
    """``2026-08-01T00:00:02Z SendCommand ssm.amazonaws.com us-east-1 EVENT-ID``."""
    names = ("eventTime", "eventName", "eventSource", "awsRegion", "errorCode", "eventID")
    return " ".join(event[name] for name in names if event.get(name))


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
    yield from sorted(rows, key=lambda row: (-row.watch["missed_count"], -row.watch["required_count"]))


def replay_in_words(replayed: ReplayFacts) -> str:
    """What was replayed: how many events, of which time, out of which files."""
    files = "; ".join(
        f"{one['name']} ({count(one['files'], 'file')}, SHA-256 {one['sha256']})" for one in replayed["files"]
    )
    span = f" from {replayed['first']} to {replayed['last']}" if replayed["first"] else ""
    others = [
        f"{count(replayed['of_other_accounts'], 'event')} of accounts that were not judged",
        f"{count(replayed['not_events'], 'entry', 'entries')} that {'is' if replayed['not_events'] == 1 else 'are'} no "
        "event of CloudTrail",
    ]
    aside = [
        words
        for words, number in zip(others, (replayed["of_other_accounts"], replayed["not_events"]), strict=True)
        if number
    ]
    judged = replayed["events"] - replayed["of_other_accounts"]
    left = f" Set aside: {'; '.join(aside)}." if aside else ""
    return f"{count(judged, 'event')} of the accounts judged{span}, read from {files}.{left}"
