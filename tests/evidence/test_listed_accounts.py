"""Rules X5, X8, X9: whom a list of accounts names has a finding, whoever saved the list and however."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import auditor
from auditor.bundle import open_bundle
from auditor.evidence import load
from tests.textbook import ACCOUNT, textbook, write

OTHER, FOURS, BLANKS, THREES = "444455556666", "4444-5555-6666", "4444 5555 6666", "444,455,556,666"
MANAGEMENT = "999988887777"
ARN = f"arn:aws:organizations::{MANAGEMENT}:account/o-abcdefghij/{OTHER}"
ANOTHERS_ARN = ARN.replace(OTHER, ACCOUNT)
CONSOLE = (
    "Account ID,ARN,Email,Name,Status,Joined method,Joined timestamp\n"
    f"{ACCOUNT},x,a@b.c,a,ACTIVE,Created,2020-01-01\n{OTHER},{ARN},aws+777788889999@b.c,b,ACTIVE,Invited,2020-01-01\n"
)
CONTROL_TOWER = f"Account name,Account email,Account ID,Organizational unit,State\ndev,a@b.c,{OTHER},Sandbox,Enrolled\n"
MEMBER = {"Id": OTHER, "Arn": ARN, "Email": "aws+777788889999@b.c", "Name": "dev", "Status": "ACTIVE"}
JOINED = {"JoinedMethod": "CREATED", "JoinedTimestamp": "2020-01-01T00:00:00+00:00"}


def instead(text: str) -> str:
    """The console's export with an id as somebody else writes it."""
    return CONSOLE.replace(f"{OTHER},", f"{text},", 1)


LISTS: list[tuple[str, Any]] = [
    ("Organization_accounts_information.csv", CONSOLE), ("accounts.csv", CONSOLE), ("org.csv", CONSOLE),
    ("export.csv", CONSOLE), ("account-list.txt", CONSOLE), ("list", CONSOLE), ("organizations.md", CONSOLE),
    ("semicolons.csv", "\ufeff" + CONSOLE.replace(",", ";")), ("tabs.tsv", CONSOLE.replace(",", "\t")),
    ("excel.csv", ("sep=;\r\n" + CONSOLE.replace(",", ";")).encode("utf-16")),
    ("title.csv", f"Accounts of X\n\n{CONSOLE}"),
    ("collect.log", f"2026-10-01T08:00:00Z {OTHER}: not captured, since the role Audit could not be assumed: x\n"),
    ("x.csv", instead(FOURS)), ("x.csv", instead(BLANKS)), ("x.csv", instead(f'"{THREES}"')),
    ("x.csv", instead(f"{OTHER}.0")), ("x.csv", instead(f'"=""{OTHER}"""')), ("x.csv", instead(f"'{OTHER}")),
    ("x.csv", instead(f"Dev ({OTHER})")), ("x.csv", f"Name;Account\nDev;Dev ({OTHER})\n"), ("ct.csv", CONTROL_TOWER),
    ("x.csv", f"AccountId,AccountName,Environment\n{OTHER},dev,prod\n"), ("x.csv", f"Kontonummer\n{OTHER}\n"),
    ("x.csv", f"Account ID (12 digits);In scope\n{OTHER};yes\n"), ("x.csv", f"Business unit,Account\nA,{OTHER}\n"),
    ("x.csv", f"Id,Arn,Email,Name,Status\n{OTHER},{ARN},a@b.c,dev,ACTIVE\n"),
    ("notes.md", f"# Accounts\n\n| Account ID | Name |\n|---|---|\n| {OTHER} | dev |\n"),
    ("accounts.csv", f"{FOURS}\n"), ("accounts.csv", f"dev,Dev ({OTHER})\n"), ("accounts.csv", f"dev,{OTHER}.0\n"),
    ("accounts.txt", f"{OTHER} dev\n"), ("accounts.txt", f"* dev: {OTHER}\n"), ("account-ids.txt", f"{OTHER}\n"),
    ("aws_accounts_list.txt", f"dev - {FOURS}\n"),
    ("organizations-list-accounts-for-parent/ou-ab12.json", {"Accounts": [MEMBER]}),
    ("organizations-list-accounts-for-parent.txt", f"ACCOUNTS\t{ARN}\ta@b.c\t{OTHER}\tINVITED\n"),
    ("organizations-list-children/r-ab12.json", {"Children": [{"Id": OTHER, "Type": "ACCOUNT"}]}),
    ("children.json", {"Children": [{"Id": OTHER, "Type": "ACCOUNT"}]}),
    ("organizations-describe-account/dev.json", {"Account": MEMBER}), ("dev.json", {"Account": MEMBER}),
    ("organizations-list-delegated-administrators.json", {"DelegatedAdministrators": [MEMBER | JOINED]}),
    ("controltower-list-enabled-baselines.json", {"enabledBaselines": [{"targetIdentifier": ARN}]}),
    ("sso-list-accounts.json", {"accountList": [{"accountId": OTHER, "emailAddress": "a@b.c"}]}),
    ("x.json", [{"id": OTHER, "name": "dev", "email": "a@b.c"}]), ("account-map.json", {"dev": OTHER}),
    ("org.csv", CONSOLE.replace(f"{OTHER},{ARN}", f"{OTHER},{ANOTHERS_ARN}")),
    ("org.csv", CONSOLE.replace(f"{OTHER},{ARN}", f"{MANAGEMENT},{ARN}")),
    ("organizations-list-accounts.json", {"Accounts": [MEMBER | JOINED | {"Arn": ANOTHERS_ARN}]}),
    ("organizations-list-accounts.json", {"Accounts": [MEMBER | JOINED | {"Id": ACCOUNT}]}),
    ("organizations-list-delegated-administrators.json", {"DelegatedAdministrators": [MEMBER | {"Arn": ANOTHERS_ARN}]}),
    ("organizations-list-accounts.json", {"Accounts": [MEMBER | JOINED | {"Id": FOURS, "Arn": None}]}),
    ("accounts.json", {"dev": FOURS}), ("accounts.json", [f"Dev ({OTHER})"]),
]  # fmt: skip
SHORTENED: list[tuple[str, Any]] = [
    ("x.csv", "Account ID,Name\n12345678901,dev\n"), ("x.csv", "Account ID;Name\n12345678901,0;dev\n"),
    ("x.json", [{"accountId": 12345678901, "email": "a@b.c"}]),
    ("accounts.csv", "account_id,Name\n12345678901.0,dev\n"),
    ("organizations-list-accounts.json", {"Accounts": [{"Id": 12345678901, "Name": "dev", "Status": "ACTIVE"}]}),
]  # fmt: skip
OTHERS: list[tuple[str, Any]] = [
    ("accounts.md", f"Do not ask {OTHER} for anything.\n"), ("notes.txt", f"{OTHER} was closed; see {ARN}.\n"),
    ("prowler.csv", f"ACCOUNT_ID,ACCOUNT_NAME,CHECK_ID,SEVERITY,STATUS\n{OTHER},dev,c1,high,FAIL\n"),
    ("costs.csv", f"Linked account,Linked account name,Service,Cost\n{OTHER},dev,EC2,1\n"),
    ("bank.csv", f"Date,Amount,Account\n2026-01-01,1,{OTHER}\n"), ("trails.csv", f"Account;Trail\n{OTHER};main\n"),
    ("by-region.csv", f"Account ID,Name,Region\n{OTHER},dev,a\n{OTHER},dev,b\n{OTHER},dev,c\n"),
    ("alarms.csv", f"Account ID,Alarm name,State\n{OTHER},x,OK\n"), ("cells.csv", "Account ID,Name\nn/a,dev\n"),
    ("organizations-list-handshakes-for-organization.json", {"Handshakes": [{"Parties": [{"Id": OTHER}]}]}),
    ("organizations-describe-organization.json", {"Organization": {"Id": "o-abcdefghij", "MasterAccountId": OTHER}}),
]  # fmt: skip


def own(number: int, content: Any) -> tuple[str, Any]:
    """An account id of a case's own, and the content with it in the place of the other's."""
    account = f"{300_000_000_000 + number}"
    text = content if isinstance(content, str) else ""
    text = content.decode("utf-16") if isinstance(content, bytes) else text or json.dumps(content)
    fours, threes = (tuple(account[at : at + size] for at in range(0, 12, size)) for size in (4, 3))
    for written, parts, between in (
        (FOURS, fours, "-"),
        (BLANKS, fours, " "),
        (THREES, threes, ","),
        (OTHER, [account], ""),
    ):
        text = text.replace(written, between.join(parts))
    if isinstance(content, bytes):
        return account, text.encode("utf-16")
    return account, text if isinstance(content, str) else json.loads(text)


@pytest.mark.parametrize(("cases", "are_named"), [(LISTS, True), (OTHERS, False)], ids=["lists", "other files"])
def test_whom_a_list_names(tmp_path: Path, cases: list[tuple[str, Any]], are_named: bool) -> None:
    files, listed = textbook(), {}
    for number, (path, content) in enumerate(cases):
        account, of_case = own(number, content)
        files[f"list{number}/{path}"] = of_case
        listed[account] = f"{path}: {str(content)[:60]}"
    handed_in = {*load(open_bundle([write(files, tmp_path)])).handed_in}
    assert {case for account, case in listed.items() if (account in handed_in) != are_named} == set()
    assert handed_in <= {ACCOUNT, MANAGEMENT, *listed}


@pytest.mark.parametrize(("path", "content"), SHORTENED)
def test_an_id_that_lost_its_zero(tmp_path: Path, path: str, content: Any) -> None:
    assert {*load(open_bundle([write(textbook() | {path: content}, tmp_path)])).handed_in} == {ACCOUNT, "012345678901"}


@pytest.mark.parametrize(("state", "verdict"), [("ACTIVE", "INCONCLUSIVE"), ("SUSPENDED", None)])
def test_a_usable_listing_decides_on_whom_another_list_names_too(
    tmp_path: Path, state: str, verdict: str | None
) -> None:
    listing = {"Accounts": [MEMBER | JOINED | {"Status": state}]}
    files = textbook() | {f"{MANAGEMENT}/organizations-list-accounts.json": listing, "org.csv": CONSOLE}
    findings = auditor.audit(write(files, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert {one["account_id"]: one["verdict"] for one in findings}.get(OTHER) == verdict
