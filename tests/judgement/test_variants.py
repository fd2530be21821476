"""Variants of a control in one account: the letter of each version, the objective, and what is told to mend."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.api import audit
from auditor.catalogue import load_controls
from auditor.result import Finding
from tests.textbook import ACCOUNT, PATTERN, metric_filter, textbook, trail, write

CONTROLS = load_controls(None)
CALLS = "unauthorized-api-calls"
TWO_CLAUSES = '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }'
NEARLY_ALL = (
    '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") '
    '|| ($.sourceIPAddress!="delivery.logs.amazonaws.com") || ($.eventName!="HeadBucket") }'
)


def judged(folder: Path, pattern: str, *controls: str, match: str = "equal") -> dict[str, Finding]:
    """Findings by control and variant of an account whose only filter has this pattern."""
    bundle = write(textbook(filters=[metric_filter(pattern)]), folder / "bundle")
    findings = audit(bundle, controls=controls, match=match).document["findings"]
    return {f"{finding['control_id']}@{finding['variant']}": finding for finding in findings}


def answers(found: dict[str, Finding]) -> dict[str, tuple[str, str]]:
    return {name.partition("@")[2]: (finding["verdict"], finding["objective"]) for name, finding in found.items()}


@pytest.mark.parametrize("pattern", [TWO_CLAUSES, NEARLY_ALL])
def test_letter_and_objective_of_each_version(tmp_path: Path, pattern: str) -> None:
    found = judged(tmp_path, pattern, *(f"{CALLS}@{name}" for name in ("default", "cis-1.3.0", "cis-2.0.0")))
    expected = {
        TWO_CLAUSES: {"default": ("PASS", "PASS"), "cis-1.3.0": ("PASS", "PASS"), "cis-2.0.0": ("FAIL", "PASS")},
        NEARLY_ALL: {"default": ("FAIL", "FAIL"), "cis-1.3.0": ("PASS", "FAIL"), "cis-2.0.0": ("PASS", "FAIL")},
    }
    assert answers(found) == expected[pattern]


def test_l10_an_official_pattern_that_counts_nearly_everything_is_accepted_with_a_remark(tmp_path: Path) -> None:
    found = judged(tmp_path, NEARLY_ALL, f"{CALLS}@cis-1.3.0")
    assert [remark for remark in found[f"{CALLS}@cis-1.3.0"]["remarks"] if "nearly every event" in remark]
    (tmp_path / "other").mkdir()
    assert not judged(tmp_path / "other", TWO_CLAUSES, f"{CALLS}@cis-1.3.0")[f"{CALLS}@cis-1.3.0"]["remarks"]


def test_l10_by_the_objective_it_is_a_fail(tmp_path: Path) -> None:
    finding = judged(tmp_path, NEARLY_ALL, CALLS, match="covers")[f"{CALLS}@default"]
    assert (finding["verdict"], finding["reason_code"]) == ("FAIL", "filter-counts-everything")


@pytest.mark.parametrize(
    ("pattern", "objective"),
    [
        pytest.param('{ $.eventName != "ConsoleLogin" }', "FAIL", id="L10 all but one name"),
        pytest.param("{ $.errorCode NOT EXISTS || $.errorCode = * }", "FAIL", id="L10 with and without an error"),
        pytest.param("{ $.eventSource = ec2.amazonaws.com }", "PASS", id="L10 all of one service"),
        pytest.param("{ $.readOnly IS FALSE || $.eventName = *Vpc* || $.eventName = *ClassicLink* }", "PASS",
                     id="L10 all that write"),
    ],
)  # fmt: skip
def test_l10_what_counts_as_nearly_everything(tmp_path: Path, pattern: str, objective: str) -> None:
    assert judged(tmp_path, pattern, "vpc-changes")["vpc-changes@default"]["objective"] == objective


OTHER = "444455556666"
MEMBERS = [
    {"Id": one, "Arn": f"arn:aws:organizations::{ACCOUNT}:account/o-exampleorg1/{one}", "Status": "ACTIVE"}
    for one in (ACCOUNT, OTHER)
]
BOTH = f"$.recipientAccountId = {ACCOUNT} || $.recipientAccountId = {OTHER}"


@pytest.mark.parametrize(
    ("more", "organization", "members", "objective"),
    [
        pytest.param(BOTH, True, MEMBERS, "FAIL", id="L10 each account"),
        pytest.param('$.userIdentity.accountId = "9999*"', True, MEMBERS, "PASS", id="L10 no account"),
        pytest.param(
            '$.userIdentity.arn = "*::1111*" || $.userIdentity.arn = "*::4444*"', True, MEMBERS, "FAIL",
            id="L10 by wildcards",
        ),
        pytest.param(BOTH, True, None, "INCONCLUSIVE", id="L10 accounts, others not known"),
        pytest.param(f"$.recipientAccountId = {OTHER}", True, MEMBERS, "INCONCLUSIVE", id="L10 one of several"),
        pytest.param(f"$.recipientAccountId = {OTHER}", False, None, "PASS", id="L10 another account"),
        pytest.param("$.recipientAccountId = 1111*", False, None, "FAIL", id="L10 the only one"),
        pytest.param('$.awsRegion = "us-*"', False, None, "INCONCLUSIVE", id="L10 some regions"),
        pytest.param('$.awsRegion = "*-1" || $.awsRegion != "*-1"', False, None, "FAIL", id="L10 all regions"),
    ],
)  # fmt: skip
def test_l10_a_filter_of_the_control_that_counts_all_of_accounts_or_regions(
    tmp_path: Path, more: str, organization: bool, members: list[dict[str, str]] | None, objective: str
) -> None:
    files = textbook(
        trails=[trail(IsOrganizationTrail=organization)], filters=[metric_filter(f"{PATTERN[:-1]}||({more})}}")]
    )
    if members is not None:
        files[f"{ACCOUNT}/organizations-list-accounts.json"] = {"Accounts": members}
    document = audit(write(files, tmp_path), controls=["ssm-actions"]).document
    assert {one["objective"] for one in document["findings"] if one["account_id"] == ACCOUNT} == {objective}


@pytest.mark.parametrize("pattern", [TWO_CLAUSES, "{ $.eventName = CreateVpc }"])
@pytest.mark.parametrize("variant", ["cis-1.3.0", "cis-2.0.0"])
def test_nobody_is_told_to_install_a_filter_that_counts_nearly_everything(
    tmp_path: Path, pattern: str, variant: str
) -> None:
    finding = judged(tmp_path, pattern, f"{CALLS}@{variant}")[f"{CALLS}@{variant}"]
    assert "delivery.logs.amazonaws.com) ||" not in json.dumps(finding["remediation"])
    assert '\\"delivery.logs.amazonaws.com\\") ||' not in json.dumps(finding["remediation"])
    assert "narrower" not in finding["reason_code"]


@pytest.mark.parametrize(
    "name", [f"{control.id}@{variant}" for control in CONTROLS.values() for variant in control.variants]
)
def test_what_is_told_to_install_is_accepted(tmp_path: Path, name: str) -> None:
    bundle = write(textbook(filters=[]), tmp_path / "bundle")
    (finding,) = audit(bundle, controls=[name]).document["findings"]
    control, _, variant = name.partition("@")
    steps = finding["remediation"]
    assert steps is not None
    assert any(accepted.pattern in steps["cli"] for accepted in CONTROLS[control].variants[variant].patterns)


def test_t14_calls_that_no_name_stands_for_are_told_in_words(tmp_path: Path) -> None:
    files = textbook(filters=[metric_filter(CONTROLS["root-usage"].variants["default"].patterns[0].pattern)])
    selectors = {
        "TrailARN": trail()["TrailARN"],
        "EventSelectors": [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}],
    }
    files |= {"111122223333/us-east-1/cloudtrail-get-event-selectors/main.json": selectors}
    (finding,) = audit(write(files, tmp_path / "bundle"), controls=["root-usage"]).document["findings"]
    assert (finding["verdict"], finding["reason"].rpartition("do not take ")[2]) == ("FAIL", "all calls that read.")
