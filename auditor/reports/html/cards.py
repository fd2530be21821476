"""The groups of findings with their cards: the first ones stand in the page, the others in its data."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.reports.html.blocks import Block
from auditor.reports.html.card import card
from auditor.reports.html.selection import TIERS, Group
from auditor.reports.html.selection import groups as grouped
from auditor.reports.html.store import Store
from auditor.reports.html.tables import Ledger
from auditor.result import Finding
from auditor.rules import reason_title
from auditor.text import count
from auditor.verdict import Verdict
from auditor.workpaper.changes import changes_in_words
from auditor.workpaper.procedure import LINK_NAMES
from auditor.workpaper.view import View, control_of
from auditor.workpaper.wording import finding_in_words, tone

# Cards drawn into the page (some 10 kB of HTML each). The first of each group comes before any second one.
PLAIN_CARDS = 80
_PASS_TITLES = {
    "": "no exceptions noted",
    "open": "PASS with open points",
    "material": "PASS with material open points",
}


@dataclass(frozen=True, slots=True)
class PlainCard:
    finding: Finding
    badge: tuple[str, str]
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the page. ``others``: account ids whose cards the script draws; ``lazy``: their data."""

    anchor: str
    tier: str
    title: str
    size: str
    link: str
    rule: str
    reason: str
    badge: tuple[str, str]
    shared: list[tuple[str, str]]
    plain: list[PlainCard] = field(default_factory=list)
    others: dict[str, None] = field(default_factory=dict)
    lazy: list[list[object]] = field(default_factory=list)


def badge(finding: Finding) -> tuple[str, str]:
    """Tone and words of a finding's verdict: never plain green while points are open."""
    words = finding_in_words(finding)
    return tone(words).lower(), words


def groups(
    view: View,
    ledger: Ledger,
    store: Store,
    positions: dict[str, int],
    plain_cards: int = PLAIN_CARDS,
) -> list[Entry]:
    """The entries in the order of the page. ``positions``: account id → position in the page's data."""
    controls = {f"{control['id']}@{control['variant']}": control for control in view.controls}
    numbers = {key: position for position, key in enumerate(controls)}
    found, changed = grouped(view), changes_in_words(view)
    plain = _plain(found, plain_cards)
    entries = []
    for index, group in enumerate(found, 1):
        entry = _entry(group, index, view)
        for finding in group.findings:
            key = control_of(finding)
            requests = view.asked_for.get(finding["id"], ())
            content = card(
                finding, controls.get(key), ledger.locate, view.rule_of, requests,
                view.reviewed.get(finding["id"]), changed.get(finding["id"], ()),
            )  # fmt: skip
            if finding["id"] in plain:
                entry.plain.append(PlainCard(finding, badge(finding), content))
                continue
            base = min(map(ledger.locate, finding["evidence"]), default=0)
            account = finding["account_id"]
            row = [
                finding["number"], positions[account], numbers[key], store.add(list(badge(finding))),
                store.add(content, account, base), base,
            ]  # fmt: skip
            entry.lazy.append(row)
            entry.others[account] = None
        entries.append(entry)
    return entries


def _plain(found: list[Group], limit: int) -> set[str]:
    first = [group.findings[0]["id"] for group in found]
    rest = [finding["id"] for group in found for finding in group.findings[1:]]
    return set([*first, *rest][:limit])


def _entry(group: Group, index: int, view: View) -> Entry:
    members = {finding["id"] for finding in group.findings}
    own = [
        cause
        for cause in view.document["causes"]
        if (cause["code"], cause["link"], cause["verdict"]) == (group.code, group.link or "", group.verdict)
        and not members.isdisjoint(cause["findings"])
    ]
    reasons = list(dict.fromkeys(cause["reason"] for cause in own if cause["reason"]))
    if len(reasons) != 1:
        reasons = list(dict.fromkeys(finding["reason"] for finding in group.findings))
    accounts, findings = len(group.accounts), len(group.findings)
    return Entry(
        anchor=f"group-{index}",
        tier=group.tier,
        title=_title(group),
        size=count(accounts, "account") + (f", {count(findings, 'finding')}" if findings != accounts else ""),
        link=LINK_NAMES.get(group.link or "", ""),
        rule=view.rule_of(group.code),
        reason=reasons[0] if len(reasons) == 1 else "",
        badge=(group.open_points or group.verdict.lower(), group.verdict),
        shared=[
            (cause["resource"], count(len(cause["accounts"]), "account"))
            for cause in own
            if cause["resource"] and len(cause["accounts"]) > 1
        ],
    )


def _title(group: Group) -> str:
    if group.verdict == Verdict.PASS:
        return _PASS_TITLES[group.open_points]
    # The same reason may stand in both tiers of FAIL; the list of causes must tell them apart.
    return reason_title(group.code) + (", objective met" if group.tier == "letter" else "")


def by_tier(entries: list[Entry]) -> list[tuple[str, str, str, list[Entry]]]:
    """(key, heading, meaning, entries) for each tier that has any, in the order of the page."""
    found = [(*tier, [entry for entry in entries if entry.tier == tier[0]]) for tier in TIERS]
    return [part for part in found if part[3]]
