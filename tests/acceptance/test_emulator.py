"""The samples come from the CLI and can be made again; what a finding advises, done with the CLI, leads to PASS."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import auditor
from tests.emulator.build import build, create_organisation, topic_arn
from tests.emulator.cli import AwsCli, cli_version, emulator
from tests.emulator.collect import Collection, collect_account
from tests.emulator.edits import QUARTERLY
from tests.emulator.input_forms import make_cloudmapper, make_loose, make_mailed
from tests.emulator.make_samples import IDS, SAMPLES
from tests.emulator.organisation import ACCOUNTS, DOMAIN, MANAGEMENT_NAME, Account, account_named

pytestmark = pytest.mark.emulator

CONTROL = "ssm-actions"

EXPECTED = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["quarterly"]["accounts"]
FAILING = [account for account in ACCOUNTS if EXPECTED[account.account_id]["verdict"] == "FAIL"]


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsCli]:
    """An emulator with the sample organisation, where accounts are made again."""
    with emulator(MANAGEMENT_NAME, DOMAIN, IDS) as cli:
        create_organisation(cli)
        yield cli


@pytest.fixture(scope="module")
def client() -> Iterator[AwsCli]:
    """Another one, where findings are remedied."""
    with emulator(MANAGEMENT_NAME, DOMAIN, IDS) as cli:
        yield cli


@pytest.fixture(scope="module")
def remedies() -> dict[str, str]:
    """The commands that each finding of the first sample advises, by account."""
    findings = auditor.audit(SAMPLES / "quarterly", controls=[CONTROL]).document["findings"]
    return {one["account_id"]: one["remediation"]["cli"] for one in findings if one["remediation"]}


def entries(record: Path, account_id: str) -> list[dict[str, Any]]:
    """The account's entries of a capture record, without what depends on when and with which CLI it was made."""
    captures = json.loads(record.read_text("utf-8"))["captures"]
    changing = ("cli_version", "started_at", "ended_at", "bytes", "sha256")
    return [
        {name: value for name, value in entry.items() if name not in changing}
        for entry in captures
        if entry["account_id"] == account_id
    ]


@pytest.mark.parametrize("name", ["meridian-management", "fraud-prod"])
def test_sample_account_is_made_again(aws: AwsCli, tmp_path: Path, name: str) -> None:
    """Trails, filters, composite alarms, topics and the organisation's listing: the same captures, the same record."""
    account = account_named(name)
    collection = Collection(aws, tmp_path, cli_version(), QUARTERLY)
    build(aws, account)
    collect_account(collection, account)
    collection.write_record()
    made, kept = tmp_path / account.account_id, SAMPLES / "quarterly" / account.account_id
    files = sorted(path.relative_to(made) for path in made.rglob("*.*"))
    assert files == sorted(path.relative_to(kept) for path in kept.rglob("*.*"))
    for file in files:
        assert json.loads((made / file).read_bytes()) == json.loads((kept / file).read_bytes()), file
    record = "captures.json"
    own = entries(SAMPLES / "quarterly" / record, account.account_id)
    assert entries(tmp_path / record, account.account_id) == own


@pytest.mark.parametrize("account", FAILING, ids=lambda account: account.name)
def test_remediation_leads_to_pass(client: AwsCli, remedies: dict[str, str], account: Account, tmp_path: Path) -> None:
    """The commands of the finding, run as they stand; the owners of endpoints then confirm."""
    build(client, account)
    done = subprocess.run(
        ["bash", "-eu", "-c", remedies[account.account_id]],
        env=client.environment(account.account_id, account.home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stderr}\n{remedies[account.account_id]}"
    confirm_everything(client, account)
    collection = Collection(client, tmp_path / "bundle", cli_version())
    collect_account(collection, account, (account.home,))
    collection.write_record()
    (after,) = auditor.audit(tmp_path / "bundle", controls=[CONTROL]).document["findings"]
    assert after["verdict"] == "PASS", after["reason"]


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
    arguments = [topic_arn(account_named("web-prod"))] if words[-1].startswith("--") else []
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
