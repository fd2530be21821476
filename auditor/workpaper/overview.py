"""The workbook across frameworks: one line a framework, one an account, each finding once, the whole evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.result import FrameworkResult, PopulationAccount
from auditor.text import listing
from auditor.verdict import Verdict, worst
from auditor.workpaper.causes import CAUSES, CauseRow, cause_rows
from auditor.workpaper.claims import CLAIMS, RELIANCE
from auditor.workpaper.controls import CONTROLS
from auditor.workpaper.model import Column, Kind, Sheet, columns, field
from auditor.workpaper.remedies import REMEDIATION
from auditor.workpaper.results import CHAINS, MATRIX, RESULTS
from auditor.workpaper.review import REVIEW
from auditor.workpaper.rows import evidence_rows
from auditor.workpaper.sheets import COMPLETENESS, COVER, EVIDENCE, PROBLEMS, REQUESTS, RULES, WAIVERS
from auditor.workpaper.view import View
from auditor.workpaper.wording import COVERAGES, counts_in_words

COUNT = Kind.COUNT


def _framework_rows(view: View) -> Iterator[FrameworkResult]:
    yield from view.document["frameworks"]


FRAMEWORKS = Sheet(
    "Frameworks",
    "One line a framework. Its workbook and its page have the same findings, by requirement.",
    _framework_rows,
    columns(
        Column("name", "Framework", field("name"), Kind.TEXT, 40),
        Column("version", "Version", field("version"), Kind.TEXT, 14),
        Column("verdict", "Result", lambda row: counts_in_words(row["verdict"], row["counts"]), Kind.VERDICT, 24),
        Column("words", "Result in words", field("words"), Kind.TEXT, 56),
        Column("requirements", "Requirements", lambda row: len(row["requirements"]), COUNT, 13),
        Column("failed", "Accounts FAIL", field("counts.accounts_failed"), COUNT, 10),
        Column("letter", "of these by the letter alone", field("counts.accounts_letter"), COUNT, 10),
        Column("inconclusive", "Accounts INCONCLUSIVE", field("counts.accounts_inconclusive"), COUNT, 15),
        Column("passed", "Accounts PASS", field("counts.accounts_passed"), COUNT, 10),
        Column("file", "Workbook and page", lambda row: f"{row['id']}.xlsx, {row['id']}.html", Kind.CODE, 44),
    ),
    frozen=1,
)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account of the population with what its controls came to."""

    account: PopulationAccount
    verdicts: Counter[str]
    causes: tuple[CauseRow, ...]

    @property
    def verdict(self) -> str:
        """The worst of its findings."""
        return worst([Verdict(verdict) for verdict in self.verdicts]) if self.verdicts else ""

    @property
    def regions(self) -> str:
        """The regions that were captured."""
        return listing(self.account["regions_captured"])

    @property
    def causes_in_words(self) -> str:
        """Its causes, one a line: ``C-005 The alarm's actions are disabled: all 16 controls``."""
        return "\n".join(f"{row.number} {row.title}: {row.controls_in_words}".strip() for row in self.causes)

    @property
    def first_cause(self) -> str:
        """The number of the first of its causes, for a link."""
        return next((row.number for row in self.causes), "")


def _account_rows(view: View) -> Iterator[AccountRow]:
    verdicts: dict[str, Counter[str]] = {}
    for finding in view.findings:
        verdicts.setdefault(finding["account_id"], Counter())[finding["verdict"]] += 1
    causes: dict[str, list[CauseRow]] = {}
    for row in cause_rows(view):
        for account_id in row.account_ids:
            causes.setdefault(account_id, []).append(row)
    for account in view.document["population"]["accounts"]:
        identifier = account["account_id"]
        yield AccountRow(account, verdicts.get(identifier, Counter()), tuple(causes.get(identifier, ())))


ACCOUNTS = Sheet(
    "Accounts",
    "One line an account of the population, whether in scope or not: what was captured, what its controls came to, and "
    "why.",
    _account_rows,
    columns(
        Column("account_id", "Account id", field("account.account_id"), Kind.CODE, 15),
        Column("name", "Account name", field("account.name"), Kind.TEXT, 22),
        Column("owner", "Owner", field("account.owner"), Kind.TEXT, 16),
        Column("verdict", "Worst result", field("verdict"), Kind.VERDICT, 15),
        Column("failed", "Controls FAIL", lambda row: row.verdicts["FAIL"], COUNT, 9),
        Column("inconclusive", "INCONCLUSIVE", lambda row: row.verdicts["INCONCLUSIVE"], COUNT, 14),
        Column("passed", "PASS", lambda row: row.verdicts["PASS"], COUNT, 7),
        Column("first_cause", "First cause", field("first_cause"), Kind.CODE, 9, link="Causes"),
        Column("causes", "Causes", field("causes_in_words"), Kind.TEXT, 64),
        Column("in_scope", "In scope", field("account.in_scope"), Kind.FLAG, 8),
        Column("reason", "Reason", field("account.reason"), Kind.TEXT, 24, detail=True),
        Column("captures", "Captures", field("account.captures"), COUNT, 9),
        Column("coverage", "Result of coverage", lambda row: COVERAGES[row.account["status"]], Kind.TEXT, 14),
        Column("regions", "Regions captured", field("regions"), Kind.CODE, 24, detail=True),
    ),
    key="account_id",
    frozen=2,
    lines=8,
)

WHOLE_EVIDENCE = replace(
    EVIDENCE,
    purpose="Every file of the bundle: where it comes from, when and by whom it was captured, its digest, and the "
    "findings that rest on it.",
    records=evidence_rows,
)

OVERVIEW_TABLES: tuple[Sheet, ...] = (
    FRAMEWORKS,
    ACCOUNTS,
    COMPLETENESS,
    CONTROLS,
    MATRIX,
    CAUSES,
    RESULTS,
    CHAINS,
    REVIEW,
    WAIVERS,
    CLAIMS,
    RELIANCE,
    REQUESTS,
    REMEDIATION,
    WHOLE_EVIDENCE,
    PROBLEMS,
    RULES,
)
OVERVIEW_TITLES: tuple[str, ...] = (COVER, *(sheet.title for sheet in OVERVIEW_TABLES))
