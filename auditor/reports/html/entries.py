"""The entries of the page: each cause once, each account that passes once; bodies in the page or in its data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.reports.html.blocks import Block
from auditor.reports.html.body import body
from auditor.reports.html.store import Store
from auditor.reports.html.tables import Ledger
from auditor.result import Finding
from auditor.text import count
from auditor.workpaper.causes import CauseRow
from auditor.workpaper.tiers import CauseKind, TierOfKinds, tiers
from auditor.workpaper.view import View
from auditor.workpaper.wording import finding_in_words, in_force, tone

# Characters of the bodies that are drawn into the page, as data; drawn they take up to twice as many.
PLAIN_BODIES = 500_000
ACCOUNTS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Chip:
    """A finding of an entry."""

    number: str
    control: str
    note: str  # what is to be said of this finding beside its verdict: a waiver


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``blocks`` is None where its body stands in the page's data. ``repeated``: its reason is that of the
    entry before.
    """

    anchor: str
    row: CauseRow
    badge: tuple[str, str]
    accounts: list[tuple[str, str]]  # id, name
    more: str  # accounts that the line does not name
    what: str
    extent: str
    chips: list[tuple[str, str, list[Chip]]]  # account id, name, its findings
    blocks: list[Block] | None
    repeated: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """Entries with one cause."""

    anchor: str
    kind: CauseKind
    badge: tuple[str, str]
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Tier:
    """A part of the list of findings."""

    key: str
    heading: str
    meaning: str
    kinds: list[Kind]


@dataclass(frozen=True, slots=True)
class Entries:
    """The tiers, as data (``parts``) and as they are drawn, and of the entries that stand in the data the position of
    their body, their account and base.
    """

    parts: list[TierOfKinds]
    tiers: list[Tier]
    lazy: dict[str, list[object]]
    anchors: dict[str, str]  # finding number → anchor of its entry


def entries(view: View, ledger: Ledger, store: Store, plain: int = PLAIN_BODIES) -> Entries:
    """All entries of a framework; the first bodies up to ``plain`` characters are drawn into the page."""
    writer = _Writer(view, ledger, store, plain)
    parts = tiers(view)
    return Entries(parts, [writer.tier(tier) for tier in parts], writer.lazy, writer.anchors)


class _Writer:
    def __init__(self, view: View, ledger: Ledger, store: Store, room: int) -> None:
        self._view, self._ledger, self._store, self._room = view, ledger, store, room
        self._kinds = self._entries = 0
        self.lazy: dict[str, list[object]] = {}
        self.anchors: dict[str, str] = {}

    def tier(self, tier: TierOfKinds) -> Tier:
        return Tier(tier.key, tier.heading, tier.meaning, [self._kind(kind) for kind in tier.kinds])

    def _kind(self, kind: CauseKind) -> Kind:
        self._kinds += 1
        reasons = [row.reason for row in kind.entries]
        before = [None, *reasons[:-1]]
        entries_of_kind = [
            self._entry(row, repeated=reason == last)
            for row, reason, last in zip(kind.entries, reasons, before, strict=True)
        ]
        worst = min((entry.badge for entry in entries_of_kind), key=lambda badge: badge[0] != "material")
        return Kind(f"kind-{self._kinds}", kind, worst, entries_of_kind)

    def _entry(self, row: CauseRow, *, repeated: bool) -> Entry:
        self._entries += 1
        anchor = row.number or f"entry-{self._entries}"
        if anchor in self.lazy or anchor in self.anchors.values():
            anchor = f"{anchor}-{self._entries}"  # a cause that is counted in one part and not in another
        self.anchors |= dict.fromkeys(row.numbers, anchor)
        accounts = list(row.accounts.items())
        return Entry(
            anchor,
            row,
            _badge(row),
            accounts[:ACCOUNTS_NAMED],
            count(len(accounts) - ACCOUNTS_NAMED, "more account") if len(accounts) > ACCOUNTS_NAMED else "",
            row.controls_in_words,
            _extent(row.numbers),
            _chips(row),
            self._body(anchor, row),
            repeated,
        )

    def _body(self, anchor: str, row: CauseRow) -> list[Block] | None:
        drawn = body(row, self._view, self._ledger.locate)
        size = len(json.dumps(drawn)) if self._room > 0 else 1
        if size <= self._room:
            self._room -= size
            return drawn
        self._room = 0  # the order of the page: no later body before an earlier one
        base = min(map(self._ledger.locate, row.evidence), default=0)
        account = row.account_ids[0]
        self.lazy[anchor] = [self._store.add(drawn, account, base), account, base]
        return None


def _badge(row: CauseRow) -> tuple[str, str]:
    """Tone and words of the verdict: never plain green while material points are open."""
    words = finding_in_words(row.findings[0])
    return tone(words).lower(), words if row.tier == "pass" else row.cause["verdict"]


def _extent(numbers: Sequence[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]} … {numbers[-1]}, {len(numbers):,} findings"


def _chips(row: CauseRow) -> list[tuple[str, str, list[Chip]]]:
    groups: dict[str, list[Chip]] = {}
    for finding in row.findings:
        groups.setdefault(finding["account_id"], []).append(
            Chip(finding["number"], finding["control_id"], _note(finding))
        )
    return [(account, row.accounts[account], chips) for account, chips in groups.items()]


def _note(finding: Finding) -> str:
    return "waiver" if in_force(finding) else ""
