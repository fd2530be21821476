"""Replay: how many real events a control's pattern and an account's own filters would have counted.

Evidence of operating effectiveness beside that of design. Events stream by; what is kept does not grow with
their number, but for the first missed ones of each account and control, and the ids of those that count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TypeGuard

from auditor.errors import AuditorError
from auditor.patterns import Event, Message, Pattern
from auditor.replay import recall
from auditor.replay.filters import Filter, Record, Watch
from auditor.replay.population import Population
from auditor.replay.recall import Readable, Recall
from auditor.result.beside_facts import ReplayCounts
from auditor.text import one_line

MISSED_KEPT = 200  # of each account and control: enough to follow up, and no more than a sheet can show
REMEMBERED = 4_000_000  # counted events by which a repetition is known, at some 70 bytes each
LEAST_REMEMBERED = 256  # answers for each set of patterns, however many sets there are
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z")
_SHOWN_CHARACTERS = 200
_SHOWN = ("eventID", "eventTime", "eventSource", "eventName", "awsRegion", "errorCode")


@dataclass(frozen=True, slots=True)
class _Plan:
    """A watch with the bits of its patterns; ``bits``: of the required one and the control's filters."""

    watch: Watch
    required: int
    filters: tuple[tuple[int, Filter], ...]
    others: tuple[tuple[int, Filter], ...]
    bits: int

    def count(self, counted: int, event: Record) -> None:
        """Count an event that the patterns whose bits are set in ``counted`` match."""
        watch = self.watch
        noticed = _noticed(self.filters, counted, event)
        if not counted & self.required:
            watch.beyond += noticed is True
            return
        watch.counted += 1
        if noticed:
            watch.noticed += 1
            return
        other = _noticed(self.others, counted, event)
        if other:
            watch.noticed += 1
            watch.by_others += 1
        elif noticed is None or other is None:
            watch.unsure += 1
        elif len(watch.missed) < MISSED_KEPT:
            shown = {name: event[name] for name in _SHOWN if isinstance(event.get(name), str)}
            watch.missed.append({name: one_line(text, _SHOWN_CHARACTERS) for name, text in shown.items()})


@dataclass(frozen=True, slots=True)
class _Account:
    """What is asked of the events of one account."""

    recall: Recall
    plans: tuple[_Plan, ...]


@dataclass(slots=True)
class Replay:
    """The replay of a stream of events over the watches of an audit; ``period``: its first and last day."""

    watches: Sequence[Watch]
    period: tuple[str, str] | None = None
    events: int = 0
    elsewhere: int = 0
    outside: int = 0
    data: int = 0
    other: int = 0
    first: str = ""
    last: str = ""
    repeated: int = 0
    population: Population = field(default_factory=Population)
    forgotten: bool = False  # more events were counted than are remembered: a later repetition counts again
    _accounts: dict[str, _Account] = field(init=False)
    _counted: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._accounts = _accounts(self.watches)

    def add(self, event: Event) -> None:
        """Count one event, as it was written or as an object, for the account that it was recorded in."""
        record = event.record if isinstance(event, Message) else event
        if self.population.takes(record):
            return
        if isinstance(event, str) or not is_event(record):
            self.other += 1  # a digest file of CloudTrail, a line of another log
            return
        self.events += 1
        account_id = account_of(record)
        account = self._accounts.get(account_id)
        time = record.get("eventTime")
        if account is None:
            self.elsewhere += 1
        elif not _of_management(record):
            self.data += 1
        elif self.period and isinstance(time, str) and not self.period[0] <= time[:10] <= self.period[1]:
            self.outside += 1
        else:
            if isinstance(time, str) and not (self.first and self.first <= time <= self.last) and _TIME.fullmatch(time):
                self.first = min(self.first or time, time)
                self.last = max(self.last, time)
            self._count(account_id, account, event, record)

    def _count(self, account_id: str, account: _Account, event: Readable, record: Record) -> None:
        try:
            counted = account.recall.counted(event)
        except AuditorError:  # a number or nesting that no event of CloudTrail has
            self.events -= 1
            self.other += 1
            return
        plans = [plan for plan in account.plans if counted & plan.bits] if counted else ()
        if plans and not self._repeats(account_id, record):
            for plan in plans:
                plan.count(counted, record)

    def _repeats(self, account_id: str, record: Record) -> bool:
        """Whether another trail delivered the event before; only events that a control counts are remembered."""
        event_id = record.get("eventID")
        if not isinstance(event_id, str) or not event_id:
            return False
        key = hash((account_id, event_id))  # 64 bits: two of ten million alike are less likely than one in 100,000
        if key in self._counted:
            self.repeated += 1
            return True
        if len(self._counted) < REMEMBERED:
            self._counted.add(key)
        else:
            self.forgotten = True
        return False

    def run(self, events: Iterable[Event]) -> None:
        """Count a stream of events."""
        for event in events:
            self.add(event)

    def document(self) -> ReplayCounts:
        """What the result says: totals, and per account and control what would have been counted and missed."""
        population = self.population.document()
        counts: ReplayCounts = {
            "events": self.events,
            "of_other_accounts": self.elsewhere,
            "outside_period": self.outside,
            "not_management": self.data,
            "not_events": self.other,
            "repeated": self.repeated,
            "first": self.first or None,
            "last": self.last or None,
            "watches": [watch.document() for watch in self.watches],
        }
        if population is not None:
            counts["population"] = population
        return counts


def is_event(record: object) -> TypeGuard[Record]:
    """Whether it is an event of CloudTrail."""
    return isinstance(record, dict) and isinstance(record.get("eventName"), str)


def account_of(event: object) -> str:
    """The account in which CloudTrail recorded an event, ``""`` if it does not say."""
    if not isinstance(event, dict):
        return ""
    identity = event.get("userIdentity")
    account_id = event.get("recipientAccountId") or (identity.get("accountId") if isinstance(identity, dict) else None)
    return account_id if isinstance(account_id, str) else ""


def _of_management(event: Record) -> bool:
    """Whether it is a management event, which controls are about; records before version 1.07 have no category."""
    category = event.get("eventCategory")
    return category == "Management" if isinstance(category, str) else event.get("managementEvent") is not False


def _accounts(watches: Iterable[Watch]) -> dict[str, _Account]:
    grouped: dict[str, list[Watch]] = {}
    for watch in watches:
        grouped.setdefault(watch.account_id, []).append(watch)
    # Most accounts of an organisation have the same few filters.
    patterns = {account_id: _patterns(group) for account_id, group in grouped.items()}
    distinct = dict.fromkeys(patterns.values())
    remembered = max(LEAST_REMEMBERED, recall.REMEMBERED // max(1, len(distinct)))
    recall_of = {of_account: Recall(of_account, remembered) for of_account in distinct}
    accounts = {}
    for account_id, group in grouped.items():
        of_account = patterns[account_id]
        numbers = {pattern: number for number, pattern in enumerate(of_account)}
        accounts[account_id] = _Account(recall_of[of_account], tuple(_plan(watch, numbers) for watch in group))
    return accounts


def _patterns(watches: Sequence[Watch]) -> tuple[Pattern, ...]:
    patterns: dict[Pattern, None] = {}
    for watch in watches:
        for pattern in (watch.required, *(listed.pattern for listed in (*watch.filters, *watch.others))):
            if pattern is not None:
                patterns.setdefault(pattern)
    return tuple(patterns)


def _plan(watch: Watch, numbers: dict[Pattern, int]) -> _Plan:
    def bits(filters: Iterable[Filter]) -> tuple[tuple[int, Filter], ...]:
        return tuple((0 if listed.pattern is None else 1 << numbers[listed.pattern], listed) for listed in filters)

    required, for_control = 1 << numbers[watch.required], bits(watch.filters)
    return _Plan(
        watch, required, for_control, bits(watch.others), reduce(or_, (bit for bit, _ in for_control), required)
    )


def _noticed(filters: Iterable[tuple[int, Filter]], counted: int, event: Record) -> bool | None:
    """Whether one of the filters counts the event; None: the captures leave it open."""
    answer: bool | None = False
    for bit, metric_filter in filters:
        if (counted & bit or not bit) and metric_filter.hears(event):
            if metric_filter.sure:
                return True
            answer = None
    return answer
