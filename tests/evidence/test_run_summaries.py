"""Accounts of which a collecting script tells how it fared were handed in (rule X9)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import load
from tests.textbook import ACCOUNT, REGION, textbook, write

OTHER, THIRD = "444455556666", "777788889999"
DENIED = "AccessDenied"

TOLD: dict[str, tuple[str, Any]] = {
    "counts": ("summary.csv", f"account_id,name,trails,alarms,status\n{ACCOUNT},prod,1,4,ok\n{OTHER},dev,,,{DENIED}\n"),
    "errors": ("errors.csv", f"account,region,call,error\n{OTHER},{REGION},a,{DENIED}\n{OTHER},eu-west-1,a,{DENIED}\n"),
    "map of names": ("run.json", {"accounts": {ACCOUNT: "prod", OTHER: "dev"}}),
    "ids": ("manifest.json", {"accounts": [ACCOUNT, OTHER]}),
    "objects": ("summary.json", {"accounts": [{"id": ACCOUNT}, {"id": OTHER}]}),
    "visits": ("run.json", {"accounts": [{"account_id": OTHER, "status": "error"}]}),
    "results by account": ("summary.json", {"results": {ACCOUNT: {"status": "ok"}, OTHER: {"status": "error"}}}),
    "failed accounts": ("out.json", {"failed_accounts": [OTHER], "when": "today"}),
    "accounts failed": ("out.json", {"run": {"accountsFailed": [OTHER]}}),
    "skipped": ("out.json", {"skipped": [{"account": OTHER, "reason": "no role"}]}),
    "failed": ("out.json", {"failed": [OTHER]}),
    "list of visits": ("out.json", [{"account": OTHER, "ok": False, "error": "AccessDenied"}]),
    "list of errors": ("errors.json", [{"account": OTHER, "call": "describe-trails", "error": "AccessDenied"}]),
    "excluded": ("excluded.json", [OTHER]),
    "empty answers by account": ("everything.json", {OTHER: {"MetricAlarms": []}}),
    "CloudMapper's configuration": ("config.json", {"accounts": [{"id": OTHER, "name": "dev", "default": True}]}),
    "log": ("run.log", f"1 Processing account {ACCOUNT} (prod)... ok\n2 Processing account {OTHER} (dev)... FAILED\n"),
    "log of a refusal": ("collect.out", f"WARN could not assume role in account {OTHER}: AccessDenied\n"),
}  # fmt: skip

OF_OTHERS: dict[str, tuple[str, Any]] = {
    "trusted": ("config.json", {"trusted_account_ids": [OTHER], "trustedAccounts": [OTHER]}),
    "findings": ("out.json", [{"account_id": OTHER, "check_id": "a", "status": "FAIL"}]),
    "resources": ("out.json", {"results": [{"account_id": i, "resource": "a", "ok": 1} for i in (OTHER, THIRD)]}),
    "costs": ("costs.csv", f"account,amount,error\n{OTHER},12,none\n"),
    "alarms": ("alarms.csv", f"account_id,alarm\n{OTHER},high-cpu\n"),
    "principals": ("policy.json", {"Statement": [{"Principal": {"AWS": [OTHER]}}]}),
    "a note": ("notes.md", f"We do not process account {OTHER}, which is our vendor's.\n"),
    "shared with": ("shares.json", {"shared_accounts": [OTHER]}),
    "a result of this program": ("results.json", {"findings": [], "accounts": [{"account_id": OTHER, "name": "dev"}]}),
    "a number": ("out.json", {"totals": [OTHER]}),
}  # fmt: skip


def handed_in(folder: Path, name: str, content: Any) -> bool:
    return OTHER in load(open_bundle([write(textbook() | {name: content}, folder)])).handed_in


@pytest.mark.parametrize("what", TOLD)
def test_x9_whom_a_script_was_to_visit_was_handed_in(tmp_path: Path, what: str) -> None:
    assert handed_in(tmp_path, *TOLD[what])


@pytest.mark.parametrize("what", OF_OTHERS)
def test_x9_what_tells_of_others_hands_nobody_in(tmp_path: Path, what: str) -> None:
    assert not handed_in(tmp_path, *OF_OTHERS[what])
