"""Account ids that spreadsheets and tools damage are recovered where the row tells them, else refused with a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.claims.accounts import UnreadableAccountError, account_of, check_of, region_of
from auditor.claims.read import read_claims

STABLE = "prowler-aws-cloudwatch_log_metric_filter_root_usage-012345678901-eu-west-1-trail-logs"
ARN = "arn:aws-us-gov:securityhub:us-gov-west-1:444456789012:security-control/CloudWatch.1/finding/x"


@pytest.mark.parametrize(
    ("value", "elsewhere", "account"),
    [
        ("111122223333", (), "111122223333"),
        ("=\"012345678901\"", (), "012345678901"),
        ("'012345678901", (), "012345678901"),
        (" 1111-2222-3333 ", (), "111122223333"),
        (111122223333, (), "111122223333"),
        ("111122223333.0", (), "111122223333"),
        ("12345678901", (), "012345678901"),  # one zero lost: no other id has these digits
        (12345678901, (), "012345678901"),
        ("12345678901", (STABLE,), "012345678901"),
        ("1.23457E+10", (STABLE,), "012345678901"),
        ("4.44457E+11", (ARN,), "444456789012"),
        ("4,44457E+11", (ARN,), "444456789012"),
        ("prod", (STABLE,), "012345678901"),
        ("", (STABLE,), "012345678901"),
        ("", ("AWS::::Account:111122223333",), "111122223333"),
        ("", ("arn:aws:::111122223333",), "111122223333"),
        ("", (), ""),
    ],
)  # fmt: skip
def test_recovered(value: object, elsewhere: tuple[str, ...], account: str) -> None:
    assert account_of(value, elsewhere) == account


@pytest.mark.parametrize(
    ("value", "elsewhere"),
    [
        ("4.44456E+11", ()),
        ("4.44456E+11", (STABLE,)),  # another account's id
        ("5.44457E+11", (ARN,)),
        ("1234567890", ()),  # two zeros, or another digit
        ("1111222233334", ()),
        ("prod", ()),
        ("১২৩৪৫৬৭৮৯০১২", ()),
    ],
)
def test_refused(value: str, elsewhere: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableAccountError):
        account_of(value, elsewhere)


def test_a_refused_id_is_a_problem_and_no_claim(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "account,control,status\n4.44456E+11,root-usage,FAIL\n444456789012,root-usage,PASS\n"
    )
    reading = read_claims([tmp_path])
    assert [claim.account for claim in reading.claims] == ["444456789012"]
    assert reading.problems[0].pointer == "line 2"
    assert "rounded" in reading.problems[0].problem


def test_other_parts() -> None:
    assert check_of(STABLE) == "cloudwatch_log_metric_filter_root_usage"
    assert [region_of(text) for text in ("eu-west-1", "global", "", "us-gov-west-1", "Frankfurt")] == [
        "eu-west-1", None, None, "us-gov-west-1", None,
    ]  # fmt: skip
