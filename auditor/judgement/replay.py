"""Replay: how many real events a control's pattern and an account's own filters would have counted.

Evidence of operating effectiveness beside that of design. Events stream by; what is kept does not grow with
their number, but for the first missed ones of each account and control.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from auditor.chains import TrailPath, takes
from auditor.judgement.recall import Recall
from auditor.judgement.rows import Question, Row
from auditor.patterns import Pattern, PatternSyntaxError, match, parse
from auditor.verdict import Link, State

MISSED_KEPT = 200  # of each account and control: enough to follow up, and no more than a sheet can show
TOLD_EVERY = 1000  # events between two words of progress
_SHOWN = ("eventID", "eventTime", "eventSource", "eventName", "awsRegion", "errorCode")


@dataclass(frozen=True, slots=True)
class Filter:
    """A metric filter of an account, and the trail that feeds its log group (None: whatever happens reaches it)."""

    pattern: Pattern
    path: TrailPath | None = None

    def counts(self, event: dict[str, Any]) -> bool:
        """Whether the trail delivers the event (rules T10, T14, T15) and the pattern matches it."""
        return (self.path is None or _delivers(self.path, event)) and match(self.pattern, event)


@dataclass(slots=True)
class Watch:
    """One control in one account: what must be noticed, and the filters that the account has for it."""

    account_id: str
    control: str
    required: Pattern
    filters: tuple[Filter, ...]
    counted: int = 0
    noticed: int = 0
    missed: list[dict[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Replay:
    """The replay of a stream of events over the watches of an audit."""

    watches: Sequence[Watch]
    events: int = 0
    elsewhere: int = 0
    other: int = 0
    first: str = ""
    last: str = ""
    _by_account: dict[str, list[tuple[Recall, list[Watch]]]] = field(init=False)

    def __post_init__(self) -> None:
        grouped: dict[str, dict[Pattern, list[Watch]]] = {}
        for watch in self.watches:
            grouped.setdefault(watch.account_id, {}).setdefault(watch.required, []).append(watch)
        recalled = {pattern: Recall(pattern) for groups in grouped.values() for pattern in groups}
        self._by_account = {
            account_id: [(recalled[pattern], group) for pattern, group in groups.items()]
            for account_id, groups in grouped.items()
        }

    def add(self, event: Any) -> None:
        """Count one event for the account that it was recorded in."""
        if not isinstance(event, dict) or not isinstance(event.get("eventName"), str):
            self.other += 1  # a digest file of CloudTrail, a line of another log
            return
        self.events += 1
        watches = self._by_account.get(account_of(event))
        if not watches:
            self.elsewhere += 1
            return
        time = event.get("eventTime")
        if isinstance(time, str):
            self.first = min(self.first or time, time)
            self.last = max(self.last, time)
        for required, group in watches:
            if required.matches(event):
                for watch in group:
                    _count(watch, event)

    def run(self, events: Iterable[Any], progress: Callable[[int, int | None, str], None] | None = None) -> None:
        """Count a stream of events; ``progress`` is told every thousand."""
        for number, event in enumerate(events, 1):
            self.add(event)
            if progress is not None and number % TOLD_EVERY == 0:
                progress(number, None, "replaying events")

    def document(self) -> dict[str, Any]:
        """What the result says: totals, and per account and control what would have been counted and missed."""
        return {
            "events": self.events,
            "of_other_accounts": self.elsewhere,
            "not_events": self.other,
            "first": self.first or None,
            "last": self.last or None,
            "watches": [
                {
                    "account_id": watch.account_id,
                    "control": watch.control,
                    "filters": len(watch.filters),
                    "required_count": watch.counted,
                    "noticed_count": watch.noticed,
                    "missed_count": watch.counted - watch.noticed,
                    "missed": watch.missed,
                }
                for watch in self.watches
            ],
        }


def watch_of(account_id: str, control: str, asked: Question, rows: Iterable[Row]) -> Watch:
    """What to watch for a control in an account; ``rows`` are its chains for the question.

    A filter behind a trail or log group that the captures show to be broken counts nothing, and is left out.
    """
    required = _parsed(asked.objective_pattern)
    if required is None:
        raise ValueError(f"the pattern that {control} requires is none")
    found: dict[tuple[str, str], Filter] = {}
    for row in rows:
        if row.path.gap or row.tail is None or not row.tail.filter_pattern:
            continue
        fed = (row.path.trail_link, row.path.log_group_link, row.tail.links[Link.METRIC_FILTER])
        pattern = _parsed(row.tail.filter_pattern)
        if pattern is not None and all(link.state is not State.BROKEN for link in fed):
            found.setdefault((row.path.trail_arn, row.tail.filter_pattern), Filter(pattern, row.path))
    return Watch(account_id, control, required, tuple(found.values()))


def account_of(event: Any) -> str:
    """The account in which CloudTrail recorded an event, ``""`` if it does not say."""
    if not isinstance(event, dict):
        return ""
    identity = event.get("userIdentity")
    told = event.get("recipientAccountId") or (identity.get("accountId") if isinstance(identity, dict) else None)
    return told if isinstance(told, str) else ""


def _count(watch: Watch, event: dict[str, Any]) -> None:
    watch.counted += 1
    if any(found.counts(event) for found in watch.filters):
        watch.noticed += 1
    elif len(watch.missed) < MISSED_KEPT:
        watch.missed.append({name: event[name] for name in _SHOWN if isinstance(event.get(name), str)})


def _delivers(path: TrailPath, event: dict[str, Any]) -> bool:
    region, source, name = (event.get(key) for key in ("awsRegion", "eventSource", "eventName"))
    if isinstance(region, str) and not path.serves(region):
        return False
    return any(takes(path.selectors, str(source), str(name), read_only) for read_only in _kinds(event))


def _kinds(event: dict[str, Any]) -> Iterator[bool]:
    """Whether the event only reads: as it says, or else either."""
    told = event.get("readOnly")
    yield from (told,) if isinstance(told, bool) else (True, False)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Pattern | None:
    """The pattern, or None if CloudWatch Logs would not accept it: then it counts nothing."""
    try:
        return parse(text)
    except PatternSyntaxError:
        return None
