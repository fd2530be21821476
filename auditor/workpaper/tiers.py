"""In which order a framework's findings are shown: what is broken first, by the letter alone and PASS last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from auditor.result import Finding
from auditor.text import count
from auditor.verdict import DecidedWord
from auditor.workpaper.causes import CauseRow, cause_rows, holding_rows
from auditor.workpaper.view import View, control_of

_HEADINGS: dict[str, tuple[str, str]] = {
    "fail": (
        "Failing",
        "No complete path from the event to a confirmed recipient exists in these accounts.",
    ),
    "inconclusive": ("Inconclusive", "A capture that could hold the missing piece is absent or unusable."),
    "letter": (
        "Failing by the letter only",
        "Each of the control’s own events would be noticed, yet the filter is not equal to the required one.",
    ),
    "pass": (
        "No exceptions noted",
        "For every watched event and region a complete path to a confirmed recipient was found.",
    ),
    "supporting": ("Supporting controls, not counted", "Mapped as supporting; they enter no number above."),
    "outside": ("Accounts outside the scope, not counted", "Audited, and left out of every number above."),
}


SHOWN = 3  # entries of a cause that an overview tells in full


@dataclass(frozen=True, slots=True)
class CauseKind:
    """Entries that have one cause, each in another account or in accounts that share it."""

    title: str
    link: str
    rule: str
    verdict: DecidedWord
    entries: tuple[CauseRow, ...]

    @property
    def accounts(self) -> int:
        """How many accounts it concerns."""
        return len({account for entry in self.entries for account in entry.accounts})

    @property
    def findings(self) -> int:
        """How many findings it decides."""
        return sum(len(entry.findings) for entry in self.entries)

    @property
    def size(self) -> str:
        """``2 accounts, 17 findings``."""
        accounts = count(self.accounts, "account")
        return accounts if self.findings == self.accounts else f"{accounts}, {count(self.findings, 'finding')}"

    @property
    def shown(self) -> tuple[CauseRow, ...]:
        """The entries that an overview tells in full: all of a few, of many the first."""
        return self.entries if len(self.entries) <= 2 * SHOWN else self.entries[:SHOWN]

    @property
    def further(self) -> tuple[CauseRow, ...]:
        """The others."""
        return self.entries[len(self.shown) :]

    @property
    def further_in_words(self) -> str:
        """``273 more accounts``."""
        return count(len({account for entry in self.further for account in entry.accounts}), "more account")


@dataclass(frozen=True, slots=True)
class TierOfKinds:
    """A part of the list of findings with its heading and what belongs there."""

    key: str
    heading: str
    meaning: str
    kinds: tuple[CauseKind, ...]


def tiers(view: View) -> list[TierOfKinds]:
    """The tiers that have any finding, in their order."""
    parts: dict[str, list[Finding]] = {"counted": [], "supporting": [], "outside": []}
    for finding in view.findings:
        parts[place_of(view, finding)].append(finding)
    entries = {name: [*cause_rows(view, findings), *holding_rows(findings, view)] for name, findings in parts.items()}
    keyed = {
        key: [row for row in entries["counted"] if row.tier == key]
        for key in ("fail", "inconclusive", "letter", "pass")
    }
    keyed |= {"supporting": entries["supporting"], "outside": entries["outside"]}
    return [TierOfKinds(key, *_HEADINGS[key], tuple(_kinds(rows))) for key, rows in keyed.items() if rows]


def place_of(view: View, finding: Finding) -> str:
    """``counted``, ``supporting`` (its control only supports requirements) or ``outside`` (its account is)."""
    if finding["account_id"] in view.out_of_scope:
        return "outside"
    return "counted" if control_of(finding) in view.requirements else "supporting"


def _kinds(rows: Sequence[CauseRow]) -> list[CauseKind]:
    return [
        CauseKind(
            members[0].title,
            members[0].link,
            members[0].rule if tier != "pass" else "",
            members[0].cause["verdict"],
            tuple(members),
        )
        for (tier, _, _), group in groupby(rows, lambda row: (row.tier, row.title, row.link))
        if (members := list(group))
    ]
