"""The bash script against a false `aws`: what it captures and leaves, and what it does when things go wrong."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from bagit import Bag  # type: ignore[import-untyped]

import auditor
from auditor.evidence.call_ids import DESCRIBE_ALARMS, LIST_TOPICS
from auditor.evidence.operations.registry import calls
from auditor.requests.script import complete_plan, plan_for, render
from tests.requests.script.account import CALLER, ID, REGION, SECRET, TRAIL, FakeAccount, topic

FILTERS = "logs-describe-metric-filters"


@pytest.fixture
def account(tmp_path: Path) -> FakeAccount:
    return FakeAccount.at(tmp_path)


def test_one_account(account: FakeAccount) -> None:
    """Everything once, each answer with its record, in a sealed folder and an archive of it."""
    foreign = topic("theirs", "444455556666")
    account.refuse("sns-list-subscriptions-by-topic", "AuthorizationError", times=1)  # the first asked: by ARN
    done = account.run()
    assert done.returncode == 0, done.stderr
    plan = complete_plan()
    asked_everywhere = [
        step.call.words
        for step in (*plan.account, *plan.region)
        if step.call.collecting.when == "always" and not step.instead_of
    ]
    made = account.calls
    assert len(set(made)) == len(made)
    assert {" ".join(call.split()[:2]) for call in made} >= set(asked_everywhere)
    assert "ec2 describe-regions" not in made
    assert "organizations list-accounts" not in made  # it is no management account
    assert f"cloudtrail get-trail-status --name {TRAIL}" in made
    for name in ("alerts", "Alerts"):
        assert f"sns list-subscriptions-by-topic --topic-arn {topic(name)}" in made
        assert f"sns get-topic-attributes --topic-arn {topic(name)}" in made
    assert f"sns list-subscriptions-by-topic --topic-arn {foreign}" in made
    record = account.record()
    files = {str(path.relative_to(account.bag)) for path in (account.bag / "data").rglob("*.*")}
    assert set(record) == files
    assert len({name.lower() for name in files}) == len(files) == len(made)
    alarms = record[f"data/{ID}/{REGION}/cloudwatch-describe-alarms.json"]
    kinds = ["--alarm-types", "MetricAlarm", "CompositeAlarm", "LogAlarm"]
    assert alarms["arguments"] == [*kinds, "--region", REGION, "--output", "json"]
    assert (alarms["caller_arn"], alarms["account_id"]) == (CALLER, ID)
    assert (alarms["exit_code"], alarms["error_code"]) == (0, "")
    assert alarms["cli_version"] == "aws-cli/2.31.0 Python/3.13.7 Linux/6.1 exe/x86_64"
    refused = [entry for entry in record.values() if entry["exit_code"]]
    assert [(entry["error_code"], Path(entry["file"]).suffix) for entry in refused] == [("AuthorizationError", ".err")]
    assert "AuthorizationError" in (account.bag / "refused.txt").read_text()
    with zipfile.ZipFile(account.bag.with_suffix(".zip")) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        assert {name.split("/")[0] for name in names} == {"aws-evidence"}
        assert SECRET not in "".join(archive.read(name).decode() for name in names)
    assert Bag(str(account.bag)).validate()
    written = [str(path.relative_to(account.bag.parent)) for path in account.bag.rglob("*") if path.is_file()]
    assert sorted(names) == sorted(written)
    bundle = auditor.open_bundle(account.bag.with_suffix(".zip"))
    assert set(bundle.captures.place_source) == {"record"}
    attributes = bundle.captures[bundle.captures.call == "sns:GetTopicAttributes"]
    assert sorted(attributes.resource) == [topic("Alerts"), topic("alerts")]


def test_accounts_however_they_are_listed(account: FakeAccount) -> None:
    """Each once; of the caller's own no role is assumed. The others' roles are refused, which stops nothing."""
    listing = account.folder / "run" / "ids.csv"
    listing.write_bytes(b"444455556666,777788889999;1111-2222-3333\r\n# 123456789012\r\n777788889999\r\n")
    account.refuse("sts-assume-role", "AccessDenied")
    done = account.run("--role", "Audit", "--accounts", "ids.csv", "--regions", REGION)
    assert done.returncode == 0
    assumed = re.findall(r"arn:aws:iam::([0-9]{12}):role/Audit", (account.folder / "calls").read_text())
    assert sorted(assumed) == ["444455556666", "777788889999"]
    assert [path.name for path in (account.bag / "data").iterdir()] == [ID]
    assert done.stderr.count("not captured, since the role Audit could not be assumed") == 2
    assert "2 of 3 accounts were not captured" in done.stderr


def test_profiles(account: FakeAccount) -> None:
    """One that does not work is told once and stops nothing."""
    done = account.run("--profiles", "ada, nope", "--regions", REGION)
    assert done.returncode == 0
    assert [path.name for path in (account.bag / "data").iterdir()] == [ID]
    assert done.stderr.count("profile nope: not captured") == 1
    assert "1 of 2 accounts were not captured" in done.stderr


def test_what_goes_wrong_at_once(account: FakeAccount) -> None:
    """Waiting mends what is throttled, what stays refused is evidence, and unknown values are left out."""
    account.refuse("account-list-regions", "AccessDeniedException")
    account.answer("ec2-describe-regions", {"Regions": [{"RegionName": REGION, "Endpoint": "ec2"}]})
    account.refuse(FILTERS, "ThrottlingException", times=3)
    account.refuse("sns-list-topics", "RequestLimitExceeded")
    account.refuse("logs-describe-log-groups", "UnrecognizedClientException")
    account.refuse("cloudwatch-describe-alarms", "ValidationError", times=1)
    done = account.run()
    assert done.returncode == 0
    record = account.record()
    tries = Counter(call.split(" --")[0] for call in account.calls)
    assert tries["logs describe-metric-filters"] == 4
    assert record[f"data/{ID}/{REGION}/{FILTERS}.json"]["exit_code"] == 0
    refused = {entry["call"]: entry["error_code"] for entry in record.values() if entry["exit_code"]}
    assert refused == {
        "account:ListRegions": "AccessDeniedException",
        "sns:ListTopics": "RequestLimitExceeded",
        "logs:DescribeLogGroups": "UnrecognizedClientException",
    }
    assert (tries["sns list-topics"], tries["logs describe-log-groups"]) == (6, 1)
    said = (account.bag / "refused.txt").read_text()
    for entry in record.values():
        code = entry["error_code"]
        assert not code or (code in done.stderr and f"({code})" in (account.bag / entry["file"]).read_text())
        assert (entry["file"] in said) is bool(code)
    alarms = record[f"data/{ID}/{REGION}/cloudwatch-describe-alarms.json"]
    assert alarms["arguments"][:4] == ["--alarm-types", "MetricAlarm", "CompositeAlarm", "--region"]


def test_with_expired_credentials_it_goes_on_where_it_stopped(account: FakeAccount) -> None:
    account.refuse("sns-list-topics", "ExpiredToken", times=1)
    done = account.run()
    assert done.returncode == 2
    assert "Run the same command again" in done.stderr
    assert not account.bag.with_suffix(".zip").exists()
    before = account.calls
    assert account.run().returncode == 0
    assert before.count("sns list-topics") == 1
    assert set(before).intersection(account.calls[len(before) :]) == {"sns list-topics"}
    assert account.bag.with_suffix(".zip").is_file()


def test_interrupted_it_goes_on_where_it_stopped(account: FakeAccount) -> None:
    """A signal to all its processes, as Ctrl-C sends."""
    script = account.folder / "collect.sh"
    script.write_text(render(complete_plan(), "bash"))
    slow = account.folder / "slow"  # or it is at its end before the signal comes, on a busy machine
    slow.touch()
    with subprocess.Popen(
        ["bash", str(script)], env=account.environment(), cwd=account.folder / "run",
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        made = account.folder / "calls"
        while not (made.exists() and len(account.calls) > 4):
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        _, messages = process.communicate()
    slow.unlink()
    assert process.returncode == 130
    assert "goes on where it stopped" in messages
    before = account.calls
    assert account.run().returncode == 0
    assert len(set(before).intersection(account.calls[len(before) :])) <= 1  # the one that was under way
    assert all(not entry["exit_code"] for entry in account.record().values())


def test_sealed_and_unpacked_it_asks_again_for_what_was_refused(account: FakeAccount) -> None:
    account.refuse(FILTERS, "AccessDeniedException", times=1)
    assert account.run().returncode == 0
    before = account.calls
    again = account.run()
    assert (again.returncode, account.calls) == (2, before)
    assert "is there already" in again.stderr
    account.bag.with_suffix(".zip").unlink()
    assert account.run().returncode == 0
    assert account.calls[len(before) :] == ["logs describe-metric-filters"]
    assert all(not entry["exit_code"] for entry in account.record().values())
    assert not list(account.bag.rglob("*.err"))


def test_pasted_into_a_terminal(account: FakeAccount) -> None:
    """An interactive shell stays as it is, and no `!` means its history."""
    done = subprocess.run(
        ["bash", "--norc", "-i"],
        input=f"{render(complete_plan(), 'bash')}\necho still $-\n",
        env=account.environment(), cwd=account.folder / "run", capture_output=True, text=True, check=False,
        start_new_session=True,
    )  # fmt: skip
    assert account.bag.with_suffix(".zip").is_file(), done.stderr[-2000:]
    assert "event not found" not in done.stderr
    assert "still" in done.stdout
    assert "u" not in done.stdout.split("still")[1]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--uot", "x"], "no option --uot"),
        (["--out"], "--out needs a value"),
        (["--jobs", "none"], "--jobs needs a number"),
        (["--role", "Audit", "--profiles", "a"], "not both"),
        (["--accounts", "ids.txt"], "--accounts needs --role"),
        (["--role", "Audit", "--accounts", "ids.txt"], "ids.txt cannot be read"),
        (["--role", "Audit", "--accounts", "empty.txt"], "empty.txt names no account"),
        (["--role", "Audit", "--accounts", "short.csv"], "short.csv names 12345678901, which lacks zeros"),
        (["--regions", "eu-west-1 eu-west1"], "--regions names eu-west1"),
        (["--out", "used"], "used is not empty"),
    ],
)
def test_a_mistake_is_one_line(account: FakeAccount, options: list[str], says: str) -> None:
    (account.folder / "run" / "empty.txt").write_text("none\n")
    (account.folder / "run" / "short.csv").write_text("444455556666,prod\n12345678901,shop\n")
    (account.folder / "run" / "used").mkdir()
    (account.folder / "run" / "used" / "other").write_text("")
    done = account.run(*options)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_only_what_is_asked_for(account: FakeAccount) -> None:
    """Of this account: the exports, who made them, and what they name; alarms as this service knows them."""
    account.refuse("cloudwatch-describe-alarms", "ValidationError", times=1)
    account.answer("cloudwatch-describe-alarms", {"MetricAlarms": [{"AlarmActions": [topic("alerts")]}]})
    asked = [request(call, one) for call in (LIST_TOPICS, DESCRIBE_ALARMS) for one in (ID, "4" * 12)]
    plan, others = plan_for(asked)
    assert others == ()
    done = account.run(script=render(plan, "bash"))
    assert done.returncode == 0, done.stderr
    assert account.bag.with_name("aws-evidence-requested.zip").is_file()
    assert [call.split(" --")[0] for call in account.calls] == [
        "sts get-caller-identity",
        "cloudwatch describe-alarms",
        "cloudwatch describe-alarms",
        "sns list-topics",
        "sns get-topic-attributes",
        "sns list-subscriptions-by-topic",
        "kms get-key-policy",
    ]
    stranger = account.run("--out", "other", script=render(plan_for(asked[1::2])[0], "bash"))
    assert stranger.returncode == 2
    assert f"{ID}: nothing is asked of it." in stranger.stderr


def request(call: str, account_id: str) -> Any:
    """What a result tells a script of one request."""
    return {"account_id": account_id, "region": REGION, "call": call, "command": calls()[call].request(REGION)}
