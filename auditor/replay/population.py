"""The population of a selection: what the logs held from which SQL selected the events that are replayed."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.errors import Problem
from auditor.result.beside_facts import EventPopulation
from auditor.text import count

COLUMNS = {"account", "day", "events", "others", "selected"}
"""The columns of the query that counts (``auditor.patterns.sql.queries``), by which its rows are known."""

MOST = 10**12
"""Events of an account and day that nobody has: so the sums stay numbers that a result can hold."""

LONG = 20
"""Digits that no count of events has."""


@dataclass(slots=True)
class Population:
    """The rows of that query among what was handed over, added up; ``received`` are the other entries."""

    events: int = 0
    others: int = 0
    selected: int = 0
    received: int = 0
    accounts: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    rows: int = 0

    def takes(self, record: object) -> bool:
        """Whether an entry is a row of the count, which it then adds; of every other one that it was received."""
        if not isinstance(record, dict) or record.keys() != COLUMNS:
            self.received += 1
            return False
        self.rows += 1
        self.accounts.add(str(record["account"]))
        self.days.add(str(record["day"]))
        self.events += _number(record["events"])
        self.others += _number(record["others"])
        self.selected += _number(record["selected"])
        return True

    def document(self) -> EventPopulation | None:
        """What the result says; None if no count was handed over."""
        if not self.rows:
            return None
        return {
            "accounts": len(self.accounts - {""}),
            "days": len(self.days - {""}),
            "events": self.events,
            "others": self.others,
            "selected": self.selected,
            "received": self.received,
        }

    def problem(self, files: str) -> Problem | None:
        """That not all, or more, was handed over than the count says was selected."""
        if not self.rows or self.selected == self.received:
            return None
        return Problem(
            files, "",
            f"says that {count(self.selected, 'event')} were selected, and {self.received:,} were received: events may "
            "be missing, or of other queries.",
            "Ask for both answers again, of queries that ran over the same files.", "selection-not-whole", "error",
        )  # fmt: skip


def _number(value: object) -> int:
    """A count as an engine writes it: a number, or its text; 0 of anything else, which the sums then show."""
    number = int(value) if isinstance(value, str) and value.isdecimal() and len(value) < LONG else value
    return number if isinstance(number, int) and 0 <= number <= MOST else 0
