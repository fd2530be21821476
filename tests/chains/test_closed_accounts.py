"""What another list of the organisation says of an account's state leaves its membership open (T8)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.evidence.reading.listed_accounts import memberships_in
from tests.textbook import textbook, trail, write

MANAGEMENT, MEMBER, ORGANIZATION = "222222222222", "444455556666", "o-abcde12345"
HEAD = "Account ID,ARN,Email,Name,Status,Joined method,Joined timestamp\n"


def arn(account: str) -> str:
    return f"arn:aws:organizations::{MANAGEMENT}:account/{ORGANIZATION}/{account}"


def listed(account: str) -> dict[str, Any]:
    return {"Id": account, "Arn": arn(account), "Email": "a@b.c", "Name": account, "Status": "ACTIVE"}


def row(account: str, status: str) -> str:
    return f"{account},{arn(account)},a@b.c,x,{status},INVITED,2024-01-01\n"


@pytest.mark.parametrize(
    ("status", "verdict"),
    [("ACTIVE", "PASS"), ("SUSPENDED", "INCONCLUSIVE"), ("PENDING_CLOSURE", "INCONCLUSIVE")],
)
def test_t8_a_consoles_list_may_say_that_an_account_is_closed(tmp_path: Path, status: str, verdict: str) -> None:
    files = textbook(MANAGEMENT, trails=[trail(MANAGEMENT, IsOrganizationTrail=True)])
    files[f"{MANAGEMENT}/organizations-list-accounts.json"] = {"Accounts": [listed(MANAGEMENT), listed(MEMBER)]}
    files["Organization_accounts_information.csv"] = HEAD + row(MANAGEMENT, "ACTIVE") + row(MEMBER, status)
    findings = audit(write(files, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert [finding["verdict"] for finding in findings] == ["PASS", verdict]


def test_t8_the_state_is_that_of_the_line() -> None:
    text = HEAD + row(MANAGEMENT, "ACTIVE") + row(MEMBER, "SUSPENDED") + row("111122223333", "ACTIVE")
    closed = {membership.account_id for membership in memberships_in(text.encode()) if membership.closed}
    assert closed == {MEMBER}
