"""How many accounts findings come to: each counts once, by its worst finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.result.finding_facts import Finding
from auditor.text import count
from auditor.verdict import Verdict


@dataclass(frozen=True, slots=True)
class AccountTotals:
    """``letter`` are those of ``failed`` whose every FAIL meets the objective."""

    accounts: int
    failed: int
    letter: int
    inconclusive: int
    passed: int

    def exceptions_in_words(self) -> str:
        """``13 of 19 accounts: exceptions noted, 1 of them by the letter only; 3 of 19 accounts: could not be
        concluded.``; ``""`` without any.
        """
        accounts, parts = count(self.accounts, "account"), []
        if self.failed:
            some = f", {self.letter:,} of them by the letter only" if self.letter else ""
            letter = ", by the letter only" if self.letter == self.failed else some
            parts.append(f"{self.failed:,} of {accounts}: exceptions noted{letter}")
        if self.inconclusive:
            parts.append(f"{self.inconclusive:,} of {accounts}: could not be concluded")
        return f"{'; '.join(parts)}." if parts else ""


def fails_by_the_letter_alone(finding: Finding) -> bool:
    """Whether every event of the control is noticed although the filter is not equal to the required pattern."""
    return finding["verdict"] == Verdict.FAIL and finding["objective"] == Verdict.PASS


def account_totals(findings: Iterable[Finding]) -> AccountTotals:
    """The accounts of ``findings`` by verdict."""
    accounts: set[str] = set()
    broken: set[str] = set()
    letter: set[str] = set()
    unsettled: set[str] = set()
    for finding in findings:
        account = finding["account_id"]
        accounts.add(account)
        if fails_by_the_letter_alone(finding):
            letter.add(account)
        elif finding["verdict"] == Verdict.FAIL:
            broken.add(account)
        elif finding["verdict"] == Verdict.INCONCLUSIVE:
            unsettled.add(account)
    failed = broken | letter
    return AccountTotals(
        len(accounts),
        len(failed),
        len(letter - broken),
        len(unsettled - failed),
        len(accounts - failed - unsettled),
    )
