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
    """Accounts of the organisation, with the filter and alarm of one control alone."""
    found = [account_named(name, ALDERMOOR.accounts) for name in names]
    return [replace(one, watches=tuple(each for each in one.watches if each.control == CONTROL)) for one in found]


def test_one_round_with_the_script_decides(aws: AwsCli, tmp_path: Path) -> None:
    """A chain through three accounts: the trail of one, the alarm of another, the topic of a third, asked there."""
    accounts = organization_named(
        "aldermoor-log-archive", "aldermoor-management", "aldermoor-audit", "aldermoor-security"
    )
    for account in accounts:
        build(aws, account)
    _, management, audit, security = accounts
    ids = tmp_path / "accounts.csv"
    ids.write_text("account_id,name\r\n" + "".join(f"{one.account_id},{one.name}\r\n" for one in accounts[1:]))
    archive = collect(aws, tmp_path, management, "--role", ROLE_NAME, "--accounts", ids.name)
    seals = examine(open_bundle([archive]))
    assert (len(seals.bags), seals.intact, seals.problems, seals.outside) == (1, True, (), ())
    result = auditor.audit(archive, controls=[CONTROL])
    document = result.document
    assert document["problems"] == []
    captured = {one.account_id for one in accounts[1:]}
    verdicts = {
        one["account_id"]: (one["verdict"], one["reason_code"], one["open_points"])
        for one in document["findings"]
        if one["account_id"] in captured
    }
    assert verdicts == dict.fromkeys(captured, ("PASS", "holds", []))
    topics = [one for one in document["captures"] if one["call"] == "sns:ListSubscriptionsByTopic"]
    assert [(one["resource"], one["caller_arn"].split(":")[4]) for one in topics] == [
        (audit.topic_arn, security.account_id)
    ]
    # What is then still asked for is a script as well, and its answers leave nothing to ask of these accounts.
    plan, _ = plan_for([one for one in document["requests"] if one["account_id"] == "111100005555"])
    assert plan.accounts == ("111100005555",)
    (tmp_path / "second").mkdir()
    script = render(plan, "bash")
    second = collect(aws, tmp_path / "second", management, "--role", ROLE_NAME, script=script)
    (after,) = [
        one
        for one in auditor.audit([archive, second], controls=[CONTROL]).document["findings"]
        if one["account_id"] == "111100005555"
    ]
    assert after["verdict"] == "PASS", after["reason"]


@pytest.mark.long
@pytest.mark.parametrize("organization", [MERIDIAN], ids=["meridian"])
def test_a_whole_organization_gets_its_verdicts(organization: Organization, tmp_path: Path) -> None:
    """All accounts that it lists: those of the sample without what its collector was made to spoil."""
    with emulator(organization) as aws:
        create_organization(aws, organization)
        for account in organization.accounts:
            build(aws, account)
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
