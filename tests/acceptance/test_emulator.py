"""The samples come from the CLI and can be made again; what a finding advises, done with the CLI, leads to PASS."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import auditor
from tests.emulator.account import Account, account_named
from tests.emulator.build import build, create_organization
from tests.emulator.cli import AwsCli, cli_version, emulator
from tests.emulator.collect import Collection, collect_account
from tests.emulator.edits import QUARTERLY
from tests.emulator.family import CALLS, TEXTS
from tests.emulator.input_forms import make_cloudmapper, make_loose, make_mailed
from tests.emulator.make_samples import SAMPLES
from tests.emulator.organizations import ALDERMOOR, FENWICK
from tests.emulator.quarterly import MERIDIAN
from tests.sample_results import quarterly

pytestmark = pytest.mark.emulator

CONTROL = "ssm-actions"
CONTROLS = sorted((*CALLS, *TEXTS))

EXPECTED = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["quarterly"]["accounts"]
FAILING = [account for account in MERIDIAN.accounts if EXPECTED[account.account_id]["verdict"] == "FAIL"]
FIRST = {EXPECTED[account.account_id]["broken_link"]: account for account in reversed(FAILING)}


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsCli]:
    """An emulator with two of the sample organisations, where each test makes accounts of its own again."""
    with emulator(MERIDIAN, ALDERMOOR) as cli:
        for organization in (MERIDIAN, ALDERMOOR):
            create_organization(cli, organization)
        yield cli


@pytest.fixture(scope="module")
def client() -> Iterator[AwsCli]:
    """Another one, where findings are remedied."""
    with emulator(MERIDIAN, FENWICK) as cli:
        yield cli


@pytest.fixture(scope="module")
def remedies() -> dict[str, str]:
    """The commands that each finding of the samples advises, by account."""
    return {
        one["account_id"]: one["remediation"]["cli"]
        for name in ("quarterly", "organization")
        for one in auditor.audit(SAMPLES / name, controls=[CONTROL]).document["findings"]
        if one["remediation"]
    }


@pytest.fixture(scope="module")
def family_remedies() -> dict[str, list[str]]:
    """The commands of every control's finding in the first sample, by account."""
    found: dict[str, list[str]] = {}
    for one in quarterly().document["findings"]:
        if one["remediation"]:
            found.setdefault(one["account_id"], []).append(one["remediation"]["cli"])
    return found


def entries(record: Path, account_id: str) -> list[dict[str, Any]]:
    """The account's entries of a capture record, without what depends on when and with which CLI it was made."""
    captures = json.loads(record.read_text("utf-8"))["captures"]
    changing = ("cli_version", "started_at", "ended_at", "bytes", "sha256")
    return [
        {name: value for name, value in entry.items() if name not in changing}
        for entry in captures
        if entry["account_id"] == account_id
    ]


def assert_made_again(made: Path, kept: Path, account: Account) -> None:
    """The account's captures and its entries of the record are those of the sample."""
    files, wanted = (
        sorted(path.relative_to(folder) for path in (folder / account.account_id).rglob("*.*"))
        for folder in (made, kept)
    )
    assert files == wanted
    for file in files:
        assert json.loads((made / file).read_bytes()) == json.loads((kept / file).read_bytes()), file
    own, again = (entries(folder / "captures.json", account.account_id) for folder in (kept, made))
    assert again == own


@pytest.mark.parametrize("name", [pytest.param("meridian-management", marks=pytest.mark.long), "fraud-prod"])
def test_sample_account_is_made_again(aws: AwsCli, tmp_path: Path, name: str) -> None:
    """Trails, filters, composite alarms, topics and the organisation's listing: the same captures, the same record."""
    account = account_named(name, MERIDIAN.accounts)
    collection = Collection(aws, tmp_path, cli_version(), QUARTERLY)
    build(aws, account)
    collect_account(collection, account, management=account is MERIDIAN.management)
    collection.write_record()
    assert_made_again(tmp_path, SAMPLES / "quarterly", account)


def test_chain_through_four_accounts_is_made_again(aws: AwsCli, tmp_path: Path) -> None:
    """Trails of the management account, one of them made by the delegated administrator; its alarm, another's topic."""
    archive, *rest = (
        account_named(f"aldermoor-{name}", ALDERMOOR.accounts)
        for name in ("log-archive", "management", "audit", "security")
    )
    for account in (archive, *rest):
        build(aws, account)
    collection = Collection(aws, tmp_path, cli_version())
    for account in rest:
        collect_account(collection, account, management=account is ALDERMOOR.management)
    collection.write_record()
    for account in rest:
        assert_made_again(tmp_path, SAMPLES / "organization", account)


def test_organization_trails_belong_to_the_management_account(aws: AwsCli) -> None:
    """A member that is no delegated administrator can neither make one nor ask about one."""
    member, place = "111100005555", ("111100005555", "eu-west-1")
    options = ["--s3-bucket-name", "any", "--is-organization-trail"]
    made = aws.run(["cloudtrail", "create-trail", "--name", "members-own", *options], *place)
    arn = f"arn:aws:cloudtrail:eu-west-1:{ALDERMOOR.management.account_id}:trail/org-alerting"
    asked = aws.run(["cloudtrail", "get-trail-status", "--name", arn], *place)
    assert "(NotOrganizationMasterAccountException)" in made.stderr
    assert "(TrailNotFoundException)" in asked.stderr
    assert f"user: {member}" in asked.stderr


@pytest.mark.parametrize(
    "account",
    [
        pytest.param(account, id=account.name, marks=[] if account in FIRST.values() else pytest.mark.long)
        for account in FAILING
    ],
)
def test_remediation_leads_to_pass(client: AwsCli, remedies: dict[str, str], account: Account, tmp_path: Path) -> None:
    """The commands of the finding, run as they stand; the owners of endpoints then confirm."""
    build(client, only(CONTROL, account))
    run_in(client, account, remedies[account.account_id])
    confirm_everything(client, account)
    collection = Collection(client, tmp_path / "bundle", cli_version())
    collect_account(collection, replace(account, regions=(account.home,)))
    collection.write_record()
    (after,) = auditor.audit(tmp_path / "bundle", controls=[CONTROL]).document["findings"]
    assert after["verdict"] == "PASS", after["reason"]


@pytest.mark.parametrize("name", ["web-test", pytest.param("cards-prod", marks=pytest.mark.long)])
def test_remediation_of_a_family_leads_to_pass(
    aws: AwsCli, family_remedies: dict[str, list[str]], tmp_path: Path, name: str
) -> None:
    """Whole patterns where calls are missing, a filter or an alarm where there is none, beside those that hold."""
    account = account_named(name, MERIDIAN.accounts)
    advised = family_remedies[account.account_id]
    assert len(advised) == 3
    build(aws, account)
    for commands in advised:
        run_in(aws, account, commands)
    confirm_everything(aws, account)
    collection = Collection(aws, tmp_path / "bundle", cli_version())
    collect_account(collection, replace(account, regions=(account.home,)))
    collection.write_record()
    after = auditor.audit(tmp_path / "bundle").document["findings"]
    assert {one["control_id"]: one["verdict"] for one in after} == dict.fromkeys(CONTROLS, "PASS")


def test_one_remedy_serves_the_organization(client: AwsCli, remedies: dict[str, str], tmp_path: Path) -> None:
    """What a member's finding advises is done in the account that it names, and mends the others' findings too."""
    management, logging, member = FENWICK.accounts
    create_organization(client, FENWICK)
    build(client, logging)
    commands = remedies[member.account_id]
    assert re.findall(r"In account (\d{12})", commands) == [logging.account_id]
    run_in(client, logging, commands)
    confirm_everything(client, logging)
    collection = Collection(client, tmp_path / "bundle", cli_version())
    for account in FENWICK.accounts:
        collect_account(collection, account, management=account is management)
    collection.write_record()
    after = auditor.audit(tmp_path / "bundle", controls=[CONTROL]).document["findings"]
    assert {one["account_id"]: one["verdict"] for one in after} == {
        account.account_id: "PASS" for account in FENWICK.accounts
    }


def only(control: str, account: Account) -> Account:
    """The account with nothing but the filter and alarm of one control: the others change nothing for it."""
    return replace(account, watches=tuple(watch for watch in account.watches if watch.control == control))


def run_in(aws: AwsCli, account: Account, commands: str) -> None:
    """Run a finding's commands as they stand, with keys of the account."""
    done = subprocess.run(
        ["bash", "-eu", "-c", commands],
        env=aws.environment(account.account_id, account.home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stderr}\n{commands}"


def confirm_everything(aws: AwsCli, account: Account) -> None:
    """Each pending endpoint of the account is confirmed, as its owner would."""
    listed = json.loads(aws.set_up(["sns", "list-subscriptions"], account.account_id, account.home))
    for subscription in listed["Subscriptions"]:
        if subscription["SubscriptionArn"] == "PendingConfirmation":
            arguments = ["--topic-arn", subscription["TopicArn"], "--token", subscription["Endpoint"]]
            aws.set_up(["sns", "confirm-subscription", *arguments], account.account_id, account.home)


def test_a_filter_of_the_same_name_is_replaced(aws: AwsCli) -> None:
    place = ("222233334444", "eu-west-1")
    aws.set_up(["logs", "create-log-group", "--log-group-name", "ct"], *place)
    for pattern in ("first", "second"):
        metric = "metricName=m,metricNamespace=n,metricValue=1"
        options = ["--log-group-name", "ct", "--filter-name", "f", "--filter-pattern", pattern]
        aws.set_up(["logs", "put-metric-filter", *options, "--metric-transformations", metric], *place)
    listed = json.loads(aws.set_up(["logs", "describe-metric-filters"], *place))
    assert [found["filterPattern"] for found in listed["metricFilters"]] == ["second"]


def test_composite_alarms_are_shown_only_if_asked_for(aws: AwsCli) -> None:
    place = ("222233334444", "eu-west-1")
    aws.set_up(["cloudwatch", "put-composite-alarm", "--alarm-name", "c", "--alarm-rule", "FALSE"], *place)
    plain = json.loads(aws.set_up(["cloudwatch", "describe-alarms"], *place))
    asked = json.loads(aws.set_up(["cloudwatch", "describe-alarms", "--alarm-types", "CompositeAlarm"], *place))
    assert plain["CompositeAlarms"] == []
    assert [alarm["AlarmName"] for alarm in asked["CompositeAlarms"]] == ["c"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["organizations", "list-accounts"], "AccessDeniedException"),
        (["sns", "list-subscriptions-by-topic", "--topic-arn"], "AuthorizationError"),
    ],
)
def test_what_is_refused_is_refused(aws: AwsCli, words: list[str], code: str) -> None:
    """Else a collector that asks with the wrong keys would seem to prove that there is nothing."""
    arguments = [account_named("web-prod", MERIDIAN.accounts).topic_arn] if words[-1].startswith("--") else []
    answer = aws.run([*words, *arguments], "222233334444", "us-east-1")
    assert answer.exit_code != 0
    assert f"({code})" in answer.stderr
    assert answer.stdout == b""


@pytest.mark.parametrize("make", [make_loose, make_cloudmapper, make_mailed])
def test_input_forms_are_made_again(tmp_path: Path, make: Any) -> None:
    """The other samples are the captures of the first in other forms, byte for byte."""
    name = make.__name__.removeprefix("make_")
    make(SAMPLES / "quarterly", tmp_path / name)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(SAMPLES): path.read_bytes() for path in (SAMPLES / name).rglob("*") if path.is_file()}
    assert made == kept
