"""Replay: how many real events a control's pattern and an account's own filters would have counted.

Evidence of operating effectiveness beside that of design. Events stream by; what is kept does not grow with
their number, but for the first missed ones of each account and control.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.patterns import Pattern, PatternSyntaxError, match, parse

MISSED_KEPT = 200  # of each account and control: enough to follow up, and no more than a sheet can show
_SHOWN = ("eventID", "eventTime", "eventSource", "eventName", "awsRegion", "errorCode")


@dataclass(slots=True)
class Watch:
    """One control in one account: what must be noticed, and the filters that the account has for it."""

    account_id: str
    control: str
    required: Pattern
    filters: tuple[Pattern, ...]
    counted: int = 0
    noticed: int = 0
    missed: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Replay:
    """The replay of a stream of events over the watches of an audit."""

    watches: Sequence[Watch]
    events: int = 0
    elsewhere: int = 0
    first: str = ""
    last: str = ""
    _by_account: dict[str, list[Watch]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_account = {}
        for watch in self.watches:
            self._by_account.setdefault(watch.account_id, []).append(watch)

    def add(self, event: Any) -> None:
        """Count one event for the account that it was recorded in."""
        self.events += 1
        account = account_of(event)
        watches = self._by_account.get(account)
        if not watches:
            self.elsewhere += 1
            return
        time = event.get("eventTime")
        if isinstance(time, str):
            self.first = min(self.first or time, time)
            self.last = max(self.last, time)
        for watch in watches:
            if not match(watch.required, event):
                continue
            watch.counted += 1
            if any(match(pattern, event) for pattern in watch.filters):
                watch.noticed += 1
            elif len(watch.missed) < MISSED_KEPT:
                watch.missed.append({name: event[name] for name in _SHOWN if isinstance(event.get(name), str)})

    def run(self, events: Iterable[Any], progress: Callable[[int, int | None, str], None] | None = None) -> None:
        """Count a stream of events; ``progress`` is told every thousand."""
        for event in events:
            self.add(event)
            if progress is not None and self.events % 1000 == 0:
                progress(self.events, None, "replaying events")

    def document(self) -> dict[str, Any]:
        """What the result says: totals, and per account and control what would have been counted and missed."""
        return {
            "events": self.events,
            "of_other_accounts": self.elsewhere,
            "first": self.first or None,
            "last": self.last or None,
            "watches": [
                {
                    "account_id": watch.account_id,
                    "control": watch.control,
                    "required_count": watch.counted,
                    "noticed_count": watch.noticed,
                    "missed_count": watch.counted - watch.noticed,
                    "missed": watch.missed,
                }
                for watch in self.watches
            ],
        }


def account_of(event: Any) -> str:
    """The account in which CloudTrail recorded an event, ``""`` if it does not say."""
    if not isinstance(event, dict):
        return ""
    identity = event.get("userIdentity")
    told = event.get("recipientAccountId") or (identity.get("accountId") if isinstance(identity, dict) else None)
    return told if isinstance(told, str) else ""


def parsed(patterns: Iterable[str]) -> tuple[Pattern, ...]:
    """The patterns that CloudWatch Logs accepts; one that it does not counts nothing."""
    found = []
    for text in dict.fromkeys(patterns):
        try:
            found.append(parse(text))
        except PatternSyntaxError:
            continue
    return tuple(found)
