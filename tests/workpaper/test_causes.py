"""The sheet of causes: of this framework's findings only, with the accounts that they are in."""

from __future__ import annotations

from auditor.workpaper import View, view
from auditor.workpaper.causes import cause_rows
from tests.reports.example_result import example_result


def test_a_cause_is_told_with_its_accounts_and_findings(seen: View) -> None:
    (row,) = cause_rows(seen)
    assert row.title == "The subscription has not been confirmed"
    assert row.link == "Subscription"
    assert row.reason == "Every subscription of the topic waits for confirmation."
    assert len(row.account_ids) == len(row.findings) == len(row.cause["findings"])
    assert all(number in seen.numbers.values() for number in row.findings)
    assert row.accounts.split(" and ")[0].startswith(row.account_ids[0])


def test_findings_of_other_frameworks_are_left_out() -> None:
    result = example_result()
    cause = result.document["causes"][0]
    first, *others = cause["findings"]
    cause["findings"] = [first, *(one.replace("ssm-actions", "elsewhere") for one in others)]
    (row,) = cause_rows(view(result, "nist-800-53-r5"))
    assert row.account_ids == (first.partition("/")[0],)
    cause["findings"] = cause["findings"][1:]
    assert list(cause_rows(view(result, "nist-800-53-r5"))) == []


def test_a_cause_without_a_common_reason_says_so() -> None:
    result = example_result()
    result.document["causes"][0]["reason"] = ""
    (row,) = cause_rows(view(result, "nist-800-53-r5"))
    assert row.reason == "Of several things alike; see the findings."
