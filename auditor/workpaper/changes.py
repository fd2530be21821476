"""What changed since the quarter before, as the workpaper of one framework shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.result import Change, Comparison, Group
from auditor.workpaper.model import Column, Kind, Sheet, columns, field
from auditor.workpaper.view import BECAME, View
from auditor.workpaper.wording import NOTHING

_MEANINGS: dict[Group, str] = {
    "newly_failing": "FAIL now, and not then.",
    "fixed": "FAIL then, PASS now, and what was broken is shown to be whole.",
    "still_failing": "FAIL then and now.",
    "evidence_only": "The verdict changed because captures came or went, not because what decides it did.",
    "unsettled": "Settings changed, and the captures no longer show whether it holds.",
    "settled": "Could not be concluded then, PASS now; settings changed as well.",
    "still_inconclusive": "INCONCLUSIVE then and now.",
}
# Key, heading, what it means, in the order in which they are read.
GROUPS: tuple[tuple[Group, str, str], ...] = tuple((key, BECAME[key], meaning) for key, meaning in _MEANINGS.items())


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A finding that is not as it was, or that still fails; or an account that joined or left (without a number)."""

    number: str
    account_id: str
    control: str
    what: str
    before: str
    after: str
    since: str
    words: str
    old: str
    new: str


def change_rows(view: View) -> Iterator[ChangeRow]:
    """The findings of this framework in the order of the groups, then those whose settings changed, then accounts."""
    comparison = view.document["changes"]
    if comparison is None:
        return
    changed = changes_by_finding(comparison)
    compared = {
        comparison_facts["finding"]: comparison_facts
        for comparison_facts in comparison["findings"]
        if comparison_facts["finding"] in view.numbers
    }
    for key, heading, _ in GROUPS:
        for finding, comparison_facts in compared.items():
            if comparison_facts["group"] == key:
                changes = changed.get(finding, [])
                words = (
                    "\n".join([*(change["words"] for change in changes), *comparison_facts["evidence"]])
                    or comparison_facts["reason_after"]
                )
                before, since = comparison_facts["before"] or "not there", comparison_facts["since"] or ""
                became = f"{heading}, by the letter only" if comparison_facts.get("letter") else heading
                yield _row(
                    view.numbers[finding], finding, became, (before, comparison_facts["after"], since), words, changes
                )
    for same in view.findings:
        changes = changed.get(same["id"], [])
        if changes and same["id"] not in compared:
            words = "\n".join(change["words"] for change in changes)
            yield _row(
                same["number"], same["id"], BECAME["same"], (same["verdict"], same["verdict"], ""), words, changes
            )
    for account in comparison["population"]:
        what = f"Account {account['what']}"
        yield ChangeRow("", account["account_id"], "", what, "", "", "", account["why"], "", "")


def _row(
    number: str, finding: str, what: str, verdicts: tuple[str, str, str], words: str, changes: list[Change]
) -> ChangeRow:
    account, _, control = finding.partition("/")
    old, new = _values(changes)
    return ChangeRow(number, account, control.removesuffix("@default"), what, *verdicts, words, old, new)


def changes_by_finding(comparison: Comparison) -> dict[str, list[Change]]:
    """The changed settings of each finding."""
    by_finding: dict[str, list[Change]] = {}
    for change in comparison["changed"]:
        by_finding.setdefault(change["finding"], []).append(change)
    return by_finding


def _values(changes: list[Change]) -> tuple[str, str]:
    """The values then and now of the settings, a line each."""
    old = (f"{change['field']}: {_shown(change['before'])}" for change in changes)
    new = (f"{change['field']}: {_shown(change['after'])}" for change in changes)
    return "\n".join(old), "\n".join(new)


def _shown(value: object) -> str:
    if value in (None, "", []):
        return NOTHING
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


CHANGES = Sheet(
    "Changes",
    "What changed since the quarter before: findings, the settings of their chains, and accounts. A FAIL that is gone "
    "with its evidence is not called fixed.",
    change_rows,
    columns(
        Column("number", "Finding no.", field("number"), Kind.CODE, 9, link="Results"),
        Column("account_id", "Account id", field("account_id"), Kind.CODE, 15),
        Column("control", "Control", field("control"), Kind.CODE, 26),
        Column("what", "What became of it", field("what"), Kind.TEXT, 20),
        Column("before", "Before", field("before"), Kind.VERDICT, 14),
        Column("after", "After", field("after"), Kind.VERDICT, 14),
        Column("since", "First seen", field("since"), Kind.DATE, 12),
        Column("words", "What changed", field("words"), Kind.TEXT, 50),
        Column("old", "Old value", field("old"), Kind.CODE, 36),
        Column("new", "New value", field("new"), Kind.CODE, 36),
    ),
    frozen=2,
)
