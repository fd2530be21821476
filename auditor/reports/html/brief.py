"""What a manager needs in a minute: what was tested, what is broken or missing, what is a matter of the letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.result import AccountTotals, ResultDocument
from auditor.text import count
from auditor.workpaper.tiers import TierOfKinds

_SHOWN = 3  # causes that are named


@dataclass(frozen=True, slots=True)
class Brief:
    """A line of the first screen; ``anchor`` is the section that says more, ``""`` if there is none."""

    title: str
    text: str
    anchor: str


def in_brief(
    document: ResultDocument,
    tiers: Sequence[TierOfKinds],
    totals: AccountTotals,
    controls: int,
    anchors: Mapping[str, str],
) -> list[Brief]:
    """The lines in order; what there is nothing of is left out. ``anchors``: the section of each tier, by its key."""
    by_key = {tier.key: tier for tier in tiers}
    lines = [Brief("What was tested", _tested(controls), "")]
    if broken := by_key.get("fail"):
        lines.append(Brief("What is broken", f"{_extent(broken)}. {_named(broken)}", anchors["fail"]))
    if missing := by_key.get("inconclusive"):
        text = f"{_extent(missing)} could not be concluded. {_named(missing)}{_requests_ready(document)}"
        lines.append(Brief("What is missing", text, anchors["inconclusive"]))
    if letter := by_key.get("letter"):
        text = (
            f"{_extent(letter)}: every watched event is noticed, by a pattern that is not equal to the required one. "
            "The client may change it, or the deviation be accepted with a reason."
        )
        lines.append(Brief("By the letter only", text, anchors["letter"]))
    if totals.accounts and not (totals.failed or totals.inconclusive):
        lines.append(Brief("What was found", "No exceptions noted.", ""))
    return lines


def _tested(controls: int) -> str:
    return (
        f"Whether somebody is notified when a watched action happens: {count(controls, 'control')}, each followed in "
        "every account and region from the trail that records the action to a confirmed subscription."
    )


def _extent(tier: TierOfKinds) -> str:
    accounts = {account for kind in tier.kinds for entry in kind.entries for account in entry.accounts}
    return f"{count(sum(kind.findings for kind in tier.kinds), 'finding')} in {count(len(accounts), 'account')}"


def _named(tier: TierOfKinds) -> str:
    """The causes that most accounts have, a sentence each."""
    kinds = [f"{kind.title} ({count(kind.accounts, 'account')})." for kind in tier.kinds[:_SHOWN]]
    more = len(tier.kinds) - _SHOWN
    return " ".join([*kinds, *([f"{count(more, 'more cause')}."] if more > 0 else [])])


def _requests_ready(document: ResultDocument) -> str:
    requests = len({entry.get("set", entry["number"]) for entry in document["requests"]})
    return f" {count(requests, 'request is', 'requests are')} ready to send: requests.docx." if requests else ""
