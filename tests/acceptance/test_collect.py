"""The capture script, run with the AWS CLI in accounts of the emulator: what it leaves, audited, gives the verdicts."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import auditor
from auditor.bundle import open_bundle
from auditor.requests.script import complete_plan, plan_for, render
from auditor.result import ResultDocument
from auditor.seal import examine
from tests.emulator.account import Account, Organization, account_named
from tests.emulator.build import build, create_organization
from tests.emulator.cli import ROLE_NAME, AwsCli, emulator
from tests.emulator.make_samples import SAMPLES
from tests.emulator.organizations import ALDERMOOR
from tests.emulator.quarterly import MERIDIAN

pytestmark = pytest.mark.emulator

CONTROL = "ssm-actions"
WRAPPER = Path(__file__).parent.parent / "emulator" / "what_moto_lacks.sh"


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsCli]:
    """An emulator with one of the sample organisations."""
    with emulator(ALDERMOOR) as cli:
        create_organization(cli, ALDERMOOR)
        yield cli


def collect(aws: AwsCli, folder: Path, caller: Account, *options: str, script: str | None = None) -> Path:
    """The archive that the script leaves, run with an account's credentials."""
    (folder / "bin").mkdir(exist_ok=True)
    program = folder / "bin" / "aws"
    program.write_bytes(WRAPPER.read_bytes())
    program.chmod(0o700)
    environment = aws.environment(caller.account_id, caller.home)
    done = subprocess.run(
        ["bash", "-s", "--", "--out", "evidence", *options],
        input=script or render(complete_plan(), "bash"),
        env=environment | {
            "PATH": f"{program.parent}{os.pathsep}{environment['PATH']}",
            "EMULATED_AWS": str(aws.folder / "aws"), "AWS_CALLS": str(folder / "calls"),
        },
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "evidence.zip"


def organization_named(*names: str) -> list[Account]:
    """Accounts of the organisation by name, with the filter and alarm of one control alone."""
    return [only_one_control(account_named(name, ALDERMOOR.accounts)) for name in names]


def only_one_control(account: Account) -> Account:
    """The account without what watches for other controls, which would be the same again."""
    return replace(account, watches=tuple(one for one in account.watches if one.control == CONTROL))


def test_what_the_scripts_leave_decides(aws: AwsCli, tmp_path: Path) -> None:
    """A chain through three accounts: trail, alarm, topic. The topic's owner is asked for what it alone can tell."""
    names = ("aldermoor-log-archive", "aldermoor-management", "aldermoor-audit", "aldermoor-security")
    accounts = organization_named(*names)
    for account in accounts:
        build(aws, account)
    _, management, audit, security = accounts
    ids = tmp_path / "accounts.csv"
    ids.write_text(f"account_id,name\r\n{management.account_id},m\r\n{audit.account_id},a\r\n")
    archive = collect(aws, tmp_path, management, "--role", ROLE_NAME, "--accounts", ids.name)
    seals = examine(open_bundle([archive]))
    assert (len(seals.bags), seals.intact, seals.problems, seals.outside) == (1, True, (), ())
    document = auditor.audit(archive, controls=[CONTROL]).document
    refused = [capture for capture in document["captures"] if not capture["complete"]]
    assert [(capture["resource"], capture["caller_arn"].split(":")[4]) for capture in refused] == [
        (audit.topic_arn, audit.account_id)
    ]
    assert verdicts(document)[audit.account_id] == "INCONCLUSIVE"
    requests = [request for request in document["requests"] if request["account_id"] == security.account_id]
    plan, _ = plan_for([request for request in requests if request["region"] in ("", *security.regions)])
    (tmp_path / "second").mkdir()
    second = collect(aws, tmp_path / "second", management, "--role", ROLE_NAME, script=render(plan, "bash"))
    after = verdicts(auditor.audit([archive, second], controls=[CONTROL]).document)
    assert (after[management.account_id], after[audit.account_id]) == ("PASS", "PASS")


def verdicts(document: ResultDocument) -> dict[str, str]:
    """The verdict of each account."""
    return {one["account_id"]: one["verdict"] for one in document["findings"]}


@pytest.mark.long
@pytest.mark.parametrize("organization", [MERIDIAN], ids=["meridian"])
def test_a_whole_organization_gets_its_verdicts(organization: Organization, tmp_path: Path) -> None:
    """All accounts that it lists: those of the sample without what its collector was made to spoil."""
    with emulator(organization) as aws:
        create_organization(aws, organization)
        for account in organization.accounts:
            build(aws, only_one_control(account))
        archive = collect(aws, tmp_path, organization.management, "--role", ROLE_NAME)
    expected = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["quarterly"]["accounts"]
    found = auditor.audit(archive, controls=[CONTROL]).document["findings"]
    differing = {
        one["account_id"]: (one["verdict"], one["reason_code"], expected[one["account_id"]]["reason_code"])
        for one in found
        if expected.get(one["account_id"], {}).get("reason_code") != one["reason_code"]
    }
    spoilt = {account for account, told in expected.items() if told["verdict"] == "INCONCLUSIVE"}
    assert differing.keys() <= spoilt, differing
    assert len(found) == len(organization.accounts)
