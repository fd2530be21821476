"""``samples/claims``: three scanners really run over ``samples/quarterly``; each difference has a proved cause."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import auditor

SAMPLES = Path(__file__).parents[2] / "samples"
CONTROLS = ["root-usage", "security-group-changes", "s3-bucket-policy-changes", "vpc-changes"]


@pytest.fixture(scope="module")
def result() -> auditor.AuditResult:
    return auditor.audit(SAMPLES / "quarterly", controls=CONTROLS, claims=SAMPLES / "claims")


def test_each_scanner_speaks_of_each_account(result: auditor.AuditResult) -> None:
    claims = result.claims.dropna(subset=["claim"]).query("control in @CONTROLS")
    assert sorted(claims["tool"].unique()) == ["cloud-custodian", "prowler", "scoutsuite"]
    assert claims.groupby("tool")["account"].nunique().tolist() == [18, 18, 18]
    assert not [problem for problem in result.document["problems"] if problem["code"].startswith("claims-")]


def test_every_difference_has_a_cause_that_is_proved(result: auditor.AuditResult) -> None:
    differing = result.claims.query("outcome in ['overstates', 'understates']")
    assert len(differing) > 20
    assert not [row for row in differing.itertuples() if not row.cause_code]
    assert differing["cause"].str.len().min() > 80


def test_every_claim_follows_from_the_captures(result: auditor.AuditResult) -> None:
    strange = [row for row in result.document["claims"] or [] if row["follows"] is False]
    assert not strange, Counter((row["tool"], row["account"], row["control"]) for row in strange)


def test_the_mute_has_no_waiver(result: auditor.AuditResult) -> None:
    muted = result.claims.query("outcome == 'muted'")
    assert muted[["tool", "account", "control"]].to_numpy().tolist() == [["prowler", "700080009000", "vpc-changes"]]
    assert [one["code"] for one in result.document["problems"] if "mute" in one["code"]] == ["mute-without-waiver"]


def test_advice_is_against_what_overstates(result: auditor.AuditResult) -> None:
    for row in result.reliance.itertuples():
        assert str(row.advice).startswith("Do not rely on it") == (row.overstated > 0)
