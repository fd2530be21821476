"""T8: whom listings of an organisation show as covered, where they differ, are cut short or leave an account out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from tests.textbook import REGION, Files, textbook, trail, write

MANAGEMENT, LOGGING, MEMBER = "111122223333", "222233334444", "333344445555"
TRAIL = trail(MANAGEMENT, IsOrganizationTrail=True)
WHOLE = textbook(MANAGEMENT, trails=[TRAIL])


def listed(account: str, state: str = "ACTIVE", organization: str = "o-abcdefghij") -> dict[str, Any]:
    arn = f"arn:aws:organizations::{MANAGEMENT}:account/{organization}/{account}"
    return {"Id": account, "Arn": arn, "Name": account, "State": state}


def listing(by: str, *accounts: dict[str, Any], **more: Any) -> Files:
    members = [listed(MANAGEMENT), *accounts]
    return {f"{by}/{REGION}/organizations-list-accounts.json": {"Accounts": members, **more}}


def shown(account: str = MEMBER) -> Files:
    return {f"{account}/{REGION}/cloudtrail-describe-trails.json": {"trailList": [TRAIL]}}


def judged(folder: Path, files: Files) -> tuple[str, str] | None:
    """Verdict and reason code of the member; None if the population does not hold it."""
    findings = audit(write(WHOLE | files, folder), controls=["ssm-actions"]).document["findings"]
    return next(((f["verdict"], f["reason_code"]) for f in findings if f["account_id"] == MEMBER), None)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(listing(MANAGEMENT, listed(MEMBER)), "PASS holds", id="T8 one listing"),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | listing(LOGGING, listed(MEMBER)), "PASS holds", id="T8 two that agree"
        ),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | listing(LOGGING, listed(MEMBER, "SUSPENDED")),
            "INCONCLUSIVE trails-not-captured",
            id="T8 two that differ in its state",
        ),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | listing(LOGGING, listed(MEMBER, organization="o-0123456789")),
            "INCONCLUSIVE trails-not-captured",
            id="T8 two that differ in its organisation",
        ),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER), listed(MEMBER, "SUSPENDED")),
            "INCONCLUSIVE trails-not-captured",
            id="T8 one that contradicts itself",
        ),
        pytest.param(listing(MANAGEMENT, listed(MEMBER, "SUSPENDED")), None, id="T8 suspended: outside the population"),
        pytest.param(listing(MANAGEMENT) | shown(), "INCONCLUSIVE trail-of-an-organization-left", id="T8 left"),
        pytest.param(
            listing(MANAGEMENT, listed(MEMBER)) | shown(), "PASS holds", id="T8 listed and its own captures show it"
        ),
        pytest.param(listing(MANAGEMENT, NextToken="t") | shown(), "PASS holds", id="T8 a listing cut short"),
        pytest.param(shown(), "PASS holds", id="T8 no listing"),
    ],
)
def test_member(tmp_path: Path, files: Files, expected: str | None) -> None:
    found = judged(tmp_path, files)
    assert (found and " ".join(found)) == expected


def test_x5_an_account_whose_id_contradicts_its_arn_covers_nobody(tmp_path: Path) -> None:
    wrong = listed(LOGGING) | {"Id": MEMBER}
    assert judged(tmp_path, listing(MANAGEMENT, wrong)) is None
