"""The groups of findings with their cards: the first ones stand in the page, the others in its data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from auditor.reports.html.blocks import Block
from auditor.reports.html.card import card
from auditor.reports.html.selection import TIERS, Group, Selection
from auditor.reports.html.store import Store
from auditor.reports.html.tables import Ledger
from auditor.reports.html.words import LINK_NAMES, code_words
from auditor.result import Cause, Finding
from auditor.text import count
from auditor.verdict import Verdict

# Cards drawn into the page (some 10 kB of HTML each). The first of each group comes before any second one.
PLAIN_CARDS = 120
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
class GroupView:
    """One entry of the page. ``others``: account ids whose cards the script draws; ``lazy``: their data."""

    anchor: str
    tier: str
    title: str
    size: str
    link: str
    reason: str
    badge: tuple[str, str]
    shared: list[tuple[str, str]]
    plain: list[PlainCard] = field(default_factory=list)
    others: dict[str, None] = field(default_factory=dict)
    lazy: list[list[Any]] = field(default_factory=list)


def badge(finding: Finding) -> tuple[str, str]:
    """Kind and words of a finding's verdict: never plain green while points are open."""
    if finding["verdict"] != Verdict.PASS or not finding["open_points"]:
        return finding["verdict"].lower(), finding["verdict"]
    material = sum(point["material"] for point in finding["open_points"])
    words = f"PASS, {count(len(finding['open_points']), 'open point')}"
    return "open", words + (f", {material} material" if material else "")


def groups(
    selection: Selection,
    causes: list[Cause],
    ledger: Ledger,
    store: Store,
    positions: dict[str, int],
    plain_cards: int = PLAIN_CARDS,
) -> list[GroupView]:
    """The entries in the order of the page. ``positions``: account id → position in the page's data."""
    controls = {f"{control['id']}@{control['variant']}": control for control in selection.controls}
    numbers = {key: position for position, key in enumerate(controls)}
    plain = _plain(selection.groups, plain_cards)
    views = []
    for index, group in enumerate(selection.groups, 1):
        view = _view(group, index, causes)
        for finding in group.findings:
            key = f"{finding['control_id']}@{finding['variant']}"
            content = card(finding, controls.get(key), ledger.locate)
            if finding["id"] in plain:
                view.plain.append(PlainCard(finding, badge(finding), content))
                continue
            base = min(map(ledger.locate, finding["evidence"]), default=0)
            account = finding["account_id"]
            row = [
                finding["number"], positions[account], numbers[key], store.add(list(badge(finding))),
                store.add(content, account, base), base,
            ]  # fmt: skip
            view.lazy.append(row)
            view.others[account] = None
        views.append(view)
    return views


def _plain(found: list[Group], limit: int) -> set[str]:
    first = [group.findings[0]["id"] for group in found]
    rest = [finding["id"] for group in found for finding in group.findings[1:]]
    return set([*first, *rest][:limit])


def _view(group: Group, index: int, causes: list[Cause]) -> GroupView:
    members = {finding["id"] for finding in group.findings}
    own = [
        cause
        for cause in causes
        if (cause["code"], cause["link"], cause["verdict"]) == (group.code, group.link or "", group.verdict)
        and not members.isdisjoint(cause["findings"])
    ]
    reasons = list(dict.fromkeys(cause["reason"] for cause in own if cause["reason"]))
    if len(reasons) != 1:
        reasons = list(dict.fromkeys(finding["reason"] for finding in group.findings))
    accounts, findings = len(group.accounts), len(group.findings)
    return GroupView(
        anchor=f"group-{index}",
        tier=group.tier,
        title=_PASS_TITLES[group.open_points] if group.verdict == Verdict.PASS else code_words(group.code),
        size=count(accounts, "account") + (f", {count(findings, 'finding')}" if findings != accounts else ""),
        link=LINK_NAMES.get(group.link or "", ""),
        reason=reasons[0] if len(reasons) == 1 else "",
        badge=("open" if group.open_points else group.verdict.lower(), group.verdict),
        shared=[
            (cause["resource"], count(len(cause["accounts"]), "account"))
            for cause in own
            if cause["resource"] and len(cause["accounts"]) > 1
        ],
    )


def by_tier(views: list[GroupView]) -> list[tuple[str, str, str, list[GroupView]]]:
    """(key, heading, meaning, groups) for each tier that has any, in the order of the page."""
    found = [(*tier, [view for view in views if view.tier == tier[0]]) for tier in TIERS]
    return [entry for entry in found if entry[3]]
