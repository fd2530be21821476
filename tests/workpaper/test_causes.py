"""The rows of causes: of this framework's findings only, with their accounts, their controls and what differs."""

from __future__ import annotations

import copy
import re

import pytest

from auditor.result import AuditResult
from auditor.verdict import LINKS
from auditor.workpaper import View, view
from auditor.workpaper.causes import ENTRIES_IN_FULL, VALUE_SHOWN, CauseRow, cause_rows
from auditor.workpaper.excerpts import decides_by_itself, deciding_items
from auditor.workpaper.finding_rows import finding_rows
from tests import sample_results
from tests.reports.example_result import example_result, large_result

FRAMEWORK = "cloudguard-soc2-tsc-2017"


@pytest.fixture(scope="module")
def quarterly() -> AuditResult:
    return sample_results.quarterly()


def row_of(view: View, code: str) -> CauseRow:
    return next(row for row in cause_rows(view) if row.cause["code"] == code)


def test_a_cause_is_told_with_its_accounts_and_findings(seen: View) -> None:
    row = row_of(seen, "subscription-pending")
    assert row.title == "The subscription has not been confirmed"
    assert row.link == "Subscription"
    assert row.reason == "Every subscription of the topic waits for confirmation."
    assert len(row.account_ids) == len(row.findings) == len(row.cause["findings"])
    assert all(number in seen.numbers.values() for number in row.numbers)
    assert row.where.startswith(f"{row.findings[0]['account_name']} ({row.account_ids[0]})")


def test_every_finding_that_is_no_pass_stands_in_one_row(seen: View) -> None:
    """Also those that the result names in no cause."""
    told = [number for row in cause_rows(seen) for number in row.numbers]
    assert sorted(told) == sorted(one["number"] for one in seen.findings if one["verdict"] != "PASS")


def test_findings_of_other_frameworks_are_left_out() -> None:
    result = example_result()
    cause = result.document["causes"][0]
    first, *others = cause["findings"]
    cause["findings"] = [first, *(one.replace("ssm-actions", "elsewhere") for one in others)]
    row = row_of(view(result, "nist-800-53-r5"), "subscription-pending")
    assert row.account_ids == (first.partition("/")[0],)


def test_tiers_follow_each_other(quarterly: AuditResult) -> None:
    tiers = [row.tier for row in cause_rows(view(quarterly, FRAMEWORK))]
    assert list(dict.fromkeys(tiers)) == ["fail", "inconclusive", "letter"]
    assert tiers == sorted(tiers, key=["fail", "inconclusive", "letter"].index)


def test_a_row_names_its_controls_and_what_differs_in_them(quarterly: AuditResult) -> None:
    row = row_of(view(quarterly, FRAMEWORK), "namespace-differs")
    assert (row.where, row.controls_in_words) == ("web-prod (444455556666)", "all 16 controls")
    heads, *differing = row.differences
    assert heads == ("Finding", "Control", "Metric filter", "Metric", "Alarm", "Reason")
    assert [entry[0] for entry in differing] == list(row.numbers)
    assert row.reason == (
        "16 alarms watch their metrics in namespace CISBenchmark; the filters publish them into LogMetrics."
    )
    assert row.remediation
    assert row.remediation["cli"].count("put-metric-alarm") == 16


def test_one_framework_gets_the_remedy_of_its_own_findings(quarterly: AuditResult) -> None:
    row = row_of(view(quarterly, "cloudguard-best-practices"), "namespace-differs")
    assert (row.controls_in_words, row.differences) == ("ssm-actions", ())
    assert row.remediation
    assert row.remediation["cli"].count("put-metric-alarm") == 1


def test_the_two_members_that_should_agree_are_told_with_their_objects(quarterly: AuditResult) -> None:
    row = row_of(view(quarterly, "cloudguard-best-practices"), "namespace-differs")
    assert [str(member) for member in row.deciding] == [
        'metricNamespace of metric filter ssm-actions: "LogMetrics"',
        'Namespace of alarm ssm-actions: "CISBenchmark"',
    ]
    row = row_of(view(quarterly, "cloudguard-best-practices"), "no-log-group")
    assert [member.value for member in row.deciding] == ["absent"]


@pytest.mark.parametrize(
    ("code", "deciding"),
    [
        ("topic-deleted", 'answer of sns:GetTopicAttributes: "NotFound: Topic does not exist"'),
        ("alarms-truncated", 'NextToken of cloudwatch:DescribeAlarms: "'),
    ],
)
def test_what_aws_answered_and_left_to_ask_for_is_shown(quarterly: AuditResult, code: str, deciding: str) -> None:
    row = row_of(view(quarterly, "cloudguard-best-practices"), code)
    assert str(row.deciding[-1]).startswith(deciding)


def test_where_the_missing_link_cites_nothing_stands_the_object_that_leads_there(quarterly: AuditResult) -> None:
    finding = row_of(view(quarterly, FRAMEWORK), "subscriptions-not-captured").findings[0]
    assert not decides_by_itself(finding)
    assert [item["pointer"] for item in deciding_items(finding)] == ["/MetricAlarms/0"]


def test_a_result_of_an_older_version_has_rows_without_excerpts_and_remedies(quarterly: AuditResult) -> None:
    document = copy.deepcopy(quarterly.document)
    del document["excerpts"]
    for cause in document["causes"]:
        for name in ("number", "letter", "remedies"):
            del cause[name]  # type: ignore[misc]
    rows = list(cause_rows(view(AuditResult(document), FRAMEWORK)))
    assert [row.tier for row in rows] == [row.tier for row in cause_rows(view(quarterly, FRAMEWORK))]
    assert {row.deciding for row in rows} == {()}


def test_what_is_not_as_aws_writes_it_is_shown_with_its_value(quarterly: AuditResult) -> None:
    row = row_of(view(quarterly, "cloudguard-best-practices"), "alarms-unusable")
    assert (row.deciding[0].member, row.deciding[0].value) == ("EvaluationPeriods", '"1"')


def test_links_behind_the_deciding_one_have_the_letters_of_the_chain(quarterly: AuditResult) -> None:
    rows = {row.finding["id"]: row for row in finding_rows(view(quarterly, FRAMEWORK))}
    broader = rows["100020003000/unauthorized-api-calls@default"]
    assert [broader.letter(link) for link in LINKS] == ["P", "P", "F", "P", "P", "P", "P"]
    unreached = rows["800090001000/ssm-actions@default"]
    assert [unreached.letter(link) for link in LINKS] == ["P", "F", "–", "–", "–", "–", "–"]


def test_a_cause_says_what_decides_and_in_which_file(quarterly: AuditResult) -> None:
    rows = list(cause_rows(view(quarterly, "iso27001-2022")))
    assert not any(row.again for row in rows)
    words = {row.cause["code"]: row.deciding_in_words for row in rows}
    assert all(words.values())
    assert re.fullmatch(
        r'E-\d{5} metricNamespace of metric filter \S+: "LogMetrics"\nE-\d{5} Namespace of alarm \S+: "CISBenchmark"',
        words["namespace-differs"],
    )
    assert re.fullmatch(r"E-\d{5} /Accounts/\d+", words["trails-not-captured"])  # nothing is there: what was searched
    assert max(len(line) for text in words.values() for line in text.split("\n")) <= VALUE_SHOWN + len("E-00001 ")


def test_of_many_accounts_with_one_cause_the_values_of_the_first_are_told() -> None:
    """Ten accounts could not be concluded, each by an entry of its own."""
    rows = [
        row for row in cause_rows(view(large_result(30), "cloudguard-best-practices")) if row.tier == "inconclusive"
    ]
    assert [row.again for row in rows] == [False] * ENTRIES_IN_FULL + [True] * (10 - ENTRIES_IN_FULL)
    assert all(re.fullmatch(r"E-\d{5}(, E-\d{5})*( and E-\d{5}| and \d+ more)?: see Results", row.deciding_in_words)
               for row in rows if row.again)  # fmt: skip
