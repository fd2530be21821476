"""The sheet of causes: one broken or missing thing that decides several findings, told once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.result import Cause
from auditor.rules import reason_title
from auditor.text import listing
from auditor.workpaper.model import Column, Kind, Sheet, columns, field
from auditor.workpaper.procedure import LINK_NAMES
from auditor.workpaper.view import View

ACCOUNTS_SHOWN = 40  # named in a cell; the rest is counted, and the sheet Results has them all


@dataclass(frozen=True, slots=True)
class CauseRow:
    """A cause seen through one framework. ``rule``: the number of the one on which its reason rests;
    ``findings``: the numbers of those that the framework maps."""

    cause: Cause
    rule: str
    findings: tuple[str, ...]
    account_ids: tuple[str, ...]

    @property
    def title(self) -> str:
        return reason_title(self.cause["code"])

    @property
    def link(self) -> str:
        return LINK_NAMES.get(self.cause["link"], "")

    @property
    def reason(self) -> str:
        return self.cause["reason"] or "Of several things alike; see the findings."

    @property
    def accounts(self) -> str:
        return listing(self.account_ids, limit=ACCOUNTS_SHOWN)


def cause_rows(view: View) -> Iterator[CauseRow]:
    """The causes of the framework's findings, those of most accounts first within FAIL and INCONCLUSIVE."""
    for cause in view.document["causes"]:
        own = [finding for finding in cause["findings"] if finding in view.numbers]
        if own:
            accounts = tuple(dict.fromkeys(finding.partition("/")[0] for finding in own))
            numbers = tuple(view.numbers[finding] for finding in own)
            yield CauseRow(cause, view.rule_of(cause["code"]), numbers, accounts)


CAUSES = Sheet(
    "Causes",
    "What lies behind the findings that are not PASS: one broken or missing thing often decides many.",
    cause_rows,
    columns(
        Column("verdict", "Verdict", field("cause.verdict"), Kind.VERDICT, 14),
        Column("cause", "Cause", field("title"), Kind.TEXT, 34),
        Column("link", "Link", field("link"), Kind.TEXT, 13),
        Column("rule", "Rule", field("rule"), Kind.CODE, 7, link="Rules"),
        Column("accounts", "Accounts", lambda row: len(row.account_ids), Kind.COUNT, 10),
        Column("findings", "Findings", lambda row: len(row.findings), Kind.COUNT, 10),
        Column("resource", "Resource", field("cause.resource"), Kind.CODE, 40),
        Column("reason", "Reason", field("reason"), Kind.TEXT, 46),
        Column("account_ids", "Account ids", field("accounts"), Kind.CODE, 30),
        Column("first_finding", "First finding", lambda row: row.findings[0], Kind.CODE, 10, link="Results"),
    ),
)
