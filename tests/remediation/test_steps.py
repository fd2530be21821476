"""Remediation of each way to break the chain: the right commands, on the right names, in three ways that agree."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hcl2
import pytest
from awscli.clidriver import CLIDriver, create_clidriver
from hcl2.utils import SerializationOptions

from auditor.catalogue import load_controls
from auditor.remediation import ChainNames, Remedy, steps
from auditor.resources import PACKAGE
from auditor.result import RemediationSteps
from auditor.rules import reasons
from auditor.verdict import Link
from tests.remediation.shell import arguments, value

DATA: dict[str, Any] = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = DATA["cases"]
BY_CODE = {case["code"]: case for case in reversed(CASES)}  # the first of each
CONTROL = load_controls()["ssm-actions"]
PATTERN = CONTROL.variants["default"].patterns[0].pattern
ACCOUNT = {"account_id": "111122223333", "region": "eu-west-1", "partition": "aws", "required_pattern": PATTERN}


def remedy(case: dict[str, Any], **changes: str) -> RemediationSteps:
    """The steps for a case, with some facts changed."""
    facts = dict(ACCOUNT)
    for layer in case["existing"]:
        facts |= DATA["facts"][layer]
    return steps([Remedy(CONTROL, ChainNames(**(facts | changes)), {Link(case["broken"]): [case["code"]]})])


def command(found: RemediationSteps, verb: str) -> list[str]:
    """The only command of that verb."""
    (one,) = [words for words in arguments(found["cli"]) if " ".join(words[:2]) == verb]
    return one


def resource(found: RemediationSteps, kind: str) -> dict[str, Any]:
    """The only Terraform resource of that kind, its values as Python's."""
    document = hcl2.loads(found["terraform"], serialization_options=SerializationOptions(strip_string_quotes=True))
    kinds = [each for each in document["resource"] if f'"{kind}"' in each or kind in each]
    ((_, body),) = kinds[0].items()
    ((_, values),) = body.items()
    return dict(values)


every_case = pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])


@every_case
def test_the_commands_are_those_that_mend_the_chain(case: dict[str, Any]) -> None:
    found = remedy(case)
    assert [" ".join(words[:2]) for words in arguments(found["cli"])] == case["commands"]
    assert found["link"] == case["broken"]


@pytest.fixture(scope="module")
def driver() -> Iterator[CLIDriver]:
    """The AWS CLI, which validates every parameter against the service's model and then is answered with nothing."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "none")  # the CLI asks for some, and would look for them on the network
        driver = create_clidriver()
        driver.session.register("before-call", lambda **_: (SimpleNamespace(status_code=200), {}))
        yield driver


@every_case
def test_the_commands_are_such_as_the_cli_takes(
    case: dict[str, Any], driver: CLIDriver, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in arguments(remedy(case)["cli"]):
        assert driver.main(words) == 0, capsys.readouterr().err


def test_what_the_cli_does_not_take_is_noticed(driver: CLIDriver, capsys: pytest.CaptureFixture[str]) -> None:
    assert driver.main(["sns", "create-topic", "--name", "x", "--tags", "Key=1,Bad=2"]) != 0
    assert "Bad" in capsys.readouterr().err


@every_case
def test_each_command_names_its_region(case: dict[str, Any]) -> None:
    for words in arguments(remedy(case)["cli"]):
        assert value(words, "--region") == "eu-west-1"  # for IAM it says the partition


@every_case
def test_the_text_is_for_people(case: dict[str, Any]) -> None:
    found = remedy(case)
    assert found["portal"][0] == "Sign in to the AWS console of account 111122223333, region eu-west-1."
    assert len(found["portal"]) > 1
    for line in [*found["portal"], found["summary"]]:
        assert re.fullmatch(r"\S.*[.}]", line), line
        assert "  " not in line
    assert len(set(found["references"])) == len(found["references"])
    assert all(page.startswith("https://docs.aws.amazon.com/") for page in found["references"])


@every_case
def test_earlier_links_are_left_and_named(case: dict[str, Any]) -> None:
    summary = remedy(case)["summary"]
    left = summary.partition("Left as found: ")[2]
    earlier = {"trail": "main", "log_group": "cloudtrail/main", "metric_filter": "ssm", "alarm": "ssm alarm"}
    before = list(Link)[: list(Link).index(Link(case["broken"]))]
    assert [name for link, name in earlier.items() if link in before] == [
        name for link, name in earlier.items() if re.search(rf"{link.replace('_', ' ')} {name}[,. ]", f"{left} ")
    ]


@every_case
def test_terraform_reads_it(case: dict[str, Any]) -> None:
    assert hcl2.loads(remedy(case)["terraform"])["resource"]


@pytest.mark.skipif(shutil.which("terraform") is None, reason="needs terraform")
def test_terraform_is_formatted_as_its_own_formatter_would(tmp_path: Path) -> None:
    for number, case in enumerate(CASES):
        (tmp_path / f"{number}.tf").write_text(remedy(case)["terraform"], encoding="utf-8")
    run = subprocess.run(
        ["terraform", "fmt", "-check", "-diff", str(tmp_path)],
        capture_output=True,
        text=True,
        env=os.environ | {"TF_CLI_CONFIG_FILE": os.devnull},
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_three_ways_say_the_same_filter_and_alarm() -> None:
    found = remedy(BY_CODE["no-metric-filter"])
    put, alarm = command(found, "logs put-metric-filter"), command(found, "cloudwatch put-metric-alarm")
    assert value(put, "--filter-pattern") == resource(found, "aws_cloudwatch_log_metric_filter")["pattern"] == PATTERN
    assert f"Filter pattern: {PATTERN}" in found["portal"]
    assert value(put, "--log-group-name") == "cloudtrail/main"
    (transformation,) = json.loads(value(put, "--metric-transformations"))
    assert transformation == {"metricName": "SsmActions", "metricNamespace": "CloudTrailMetrics", "metricValue": "1"}
    written = resource(found, "aws_cloudwatch_metric_alarm")
    for name, flag in {
        "alarm_name": "--alarm-name", "namespace": "--namespace", "metric_name": "--metric-name",
        "statistic": "--statistic", "period": "--period", "evaluation_periods": "--evaluation-periods",
        "threshold": "--threshold", "comparison_operator": "--comparison-operator",
        "treat_missing_data": "--treat-missing-data",
    }.items():  # fmt: skip
        assert str(written[name]) == value(alarm, flag)
    assert value(alarm, "--alarm-actions") == "arn:aws:sns:eu-west-1:111122223333:security-alarms"
    assert "--actions-enabled" in alarm


def test_a_filter_that_is_near_is_corrected_under_its_own_names() -> None:
    found = remedy(BY_CODE["filter-narrower"])
    put = command(found, "logs put-metric-filter")
    (transformation,) = json.loads(value(put, "--metric-transformations"))
    assert (value(put, "--filter-name"), transformation["metricName"]) == ("ssm", "SSM")
    assert 'id = "cloudtrail/main:ssm"' in found["terraform"]


def test_a_filter_with_another_purpose_keeps_its_names() -> None:
    own = CONTROL.remediation
    taken = {"filter_name": own["filter_name"], "metric_name": own["metric_name"], "alarm_name": own["alarm_name"]}
    found = remedy(BY_CODE["filter-disjoint"], **taken)
    put, alarm = command(found, "logs put-metric-filter"), command(found, "cloudwatch put-metric-alarm")
    (transformation,) = json.loads(value(put, "--metric-transformations"))
    assert value(put, "--filter-name") == "ssm-actions-2"
    assert transformation["metricName"] == value(alarm, "--metric-name") == "SsmActions-2"
    assert value(alarm, "--alarm-name") == "ssm-actions-2"
    assert value(alarm, "--alarm-actions") == DATA["facts"]["topic"]["topic_arn"]
    assert "import {" not in found["terraform"]


def test_an_alarm_on_the_wrong_metric_is_put_on_the_filters() -> None:
    alarm = command(remedy(BY_CODE["namespace-differs"]), "cloudwatch put-metric-alarm")
    assert (value(alarm, "--alarm-name"), value(alarm, "--namespace"), value(alarm, "--metric-name")) == (
        "ssm alarm", "Sec", "SSM",
    )  # fmt: skip
    assert not [word for word in alarm if word.startswith(("--dimensions", "--unit"))]


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("namespace-differs", "Change the namespace of alarm ssm alarm to Sec; "),
        ("alarm-has-dimensions", "Take the dimensions out of alarm ssm alarm; "),
        ("alarm-threshold", "Correct alarm ssm alarm so that one event of metric Sec/SSM trips it "),
    ],
)
def test_the_first_words_say_what_is_to_be_changed(code: str, change: str) -> None:
    assert remedy({**BY_CODE["namespace-differs"], "code": code})["summary"].startswith(change)


def places(found: RemediationSteps) -> list[str]:
    """Where the steps are done, in order."""
    return re.findall(r"account (\d{12}, region [a-z0-9-]+)", " ".join(found["portal"]))


def test_each_step_is_done_where_its_resource_is() -> None:
    """An organisation's trail, a delegated administrator's log group (T7)."""
    found = remedy(
        BY_CODE["delivery-never"],
        trail_account="999900001111", trail_region="us-east-1", log_group_account="444455556666",
        log_group_region="us-west-2",
    )  # fmt: skip
    assert places(found) == ["444455556666, region us-west-2", "999900001111, region us-east-1"]
    update = command(found, "cloudtrail update-trail")
    assert value(update, "--region") == "us-east-1"
    assert value(update, "--cloud-watch-logs-log-group-arn") == (
        "arn:aws:logs:us-west-2:444455556666:log-group:cloudtrail/main:*"
    )


def test_a_topic_may_be_another_accounts() -> None:
    topic = "arn:aws:sns:eu-west-1:777788889999:alerts"
    found = remedy(BY_CODE["no-subscription"], topic_arn=topic)
    assert places(found) == ["777788889999, region eu-west-1"]
    assert value(command(found, "sns subscribe"), "--topic-arn") == topic


def test_an_alarm_of_a_monitoring_account_is_left_alone() -> None:
    found = remedy(BY_CODE["no-action"], alarm_arn="arn:aws:cloudwatch:eu-west-1:999900001111:alarm:ssm alarm")
    assert value(command(found, "cloudwatch put-metric-alarm"), "--alarm-name") == "ssm-actions"


@pytest.mark.parametrize(
    ("region", "partition", "constraint"),
    [("us-east-1", "aws", False), ("eu-west-1", "aws", True), ("us-gov-west-1", "aws-us-gov", True)],
)
def test_a_bucket_is_created_where_the_trail_is(region: str, partition: str, constraint: bool) -> None:
    found = remedy(BY_CODE["no-trail"], region=region, partition=partition)
    create = command(found, "s3api create-bucket")
    assert ("--create-bucket-configuration" in create) == constraint  # us-east-1 must not be named
    policy = json.loads(value(command(found, "s3api put-bucket-policy"), "--policy"))
    assert policy["Statement"][0]["Resource"] == f"arn:{partition}:s3:::cloudtrail-111122223333-{region}"


def test_the_key_lets_cloudwatch_in() -> None:
    policy = json.loads(value(command(remedy(BY_CODE["topic-key-aws-managed"]), "kms create-key"), "--policy"))
    (grant,) = [each for each in policy["Statement"] if "Service" in each["Principal"]]
    assert grant["Principal"]["Service"] == "cloudwatch.amazonaws.com"
    assert {"kms:Decrypt", "kms:GenerateDataKey*"} == set(grant["Action"])


def test_a_role_keeps_its_rights_on_other_log_groups() -> None:
    one, other = remedy(BY_CODE["delivery-never"]), remedy(BY_CODE["delivery-never"], log_group="cloudtrail/other")
    names = [value(command(found, "iam put-role-policy"), "--policy-name") for found in (one, other)]
    assert names == ["write-eu-west-1-cloudtrail-main", "write-eu-west-1-cloudtrail-other"]


def test_who_is_to_be_told_is_asked_for_or_known() -> None:
    unknown, pending = remedy(BY_CODE["no-subscription"]), remedy(BY_CODE["subscription-pending"])
    assert "Replace the address by the one to notify" in unknown["cli"]
    assert value(command(pending, "sns subscribe"), "--notification-endpoint") == "a@b.c"
    assert "Put the address" not in pending["cli"] + pending["terraform"]


HOSTILE = 'x\'; touch /tmp/pwned #\n${file("/etc/passwd")} %{ if true } \x1b[2J'


@every_case
def test_hostile_names_do_no_harm(case: dict[str, Any]) -> None:
    names = ("trail_name", "log_group", "filter_name", "metric_name", "metric_namespace", "alarm_name", "endpoint")
    known = {name for layer in case["existing"] for name in DATA["facts"][layer]}
    found = remedy(case, **{name: HOSTILE for name in names if name in known})
    assert [words[:2] for words in arguments(found["cli"])] == [verb.split() for verb in case["commands"]]
    assert hcl2.loads(found["terraform"])["resource"]
    for shown in (
        *found["portal"],
        found["summary"],
        found["cli"].replace("\n", ""),
        found["terraform"].replace("\n", ""),
    ):
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", shown)
    assert not re.search(r"[^$]\$\{file", found["terraform"])


def test_a_hostile_name_is_the_real_name() -> None:
    found = remedy(BY_CODE["alarm-threshold"], alarm_name=HOSTILE)
    assert value(command(found, "cloudwatch put-metric-alarm"), "--alarm-name") == HOSTILE


def test_a_name_that_the_cli_would_read_as_a_file_is_not_used() -> None:
    found = remedy(BY_CODE["actions-disabled"], alarm_name="file:///etc/passwd")
    assert "/etc/passwd" not in found["cli"]
    assert value(command(found, "cloudwatch put-metric-alarm"), "--alarm-name") == "ssm-actions"


def test_every_reason_that_has_steps_of_its_own_is_one_the_judge_gives() -> None:
    plans = json.loads((PACKAGE / "remediation" / "plans.json").read_text(encoding="utf-8"))
    for link, mends in plans["mend"].items():
        for code in mends.keys() - {"*"}:
            assert reasons()[code].link == link, code


def test_every_step_is_used_and_every_step_used_is_there() -> None:
    plans = json.loads((PACKAGE / "remediation" / "plans.json").read_text(encoding="utf-8"))
    used = {step for wanted in plans["create"].values() for step in wanted}
    used |= {step for mends in plans["mend"].values() for mend in mends.values() for step in mend["steps"]}
    assert used == {step["id"] for step in plans["steps"]}
    templates = {path.stem for path in (PACKAGE / "remediation" / "templates").glob("*.jinja")}
    assert templates == used | {step["terraform"] for step in plans["steps"] if "terraform" in step}
