"""Rules X5, X9: whose a file is that cannot be read as a capture, by the whole ARNs and the identity in its text."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import Evidence, load
from tests.textbook import ACCOUNT, REGION, textbook, trail, write

OTHER = "444455556666"
CENTRAL = "arn:aws:sns:eu-west-1:999988887777:central"
ALARM = f"arn:aws:cloudwatch:eu-west-1:{OTHER}:alarm:x"
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{OTHER}:trail/main"
TOPIC = f"arn:aws:sns:eu-west-1:{OTHER}:t"
GROUP = f"arn:aws:logs:eu-west-1:{OTHER}:log-group:ct:*"
STACK = f"arn:aws:cloudformation:eu-west-1:{OTHER}:stack/s/5117a628"
USER = f"arn:aws:iam::{OTHER}:user/x"
ALARMS_TEXT = f"METRICALARMS\tTrue\t{ALARM}\t2026\tx\nALARMACTIONS\t{CENTRAL}\n"
ALARMS_YAML = f"CompositeAlarms: []\nMetricAlarms:\n- AlarmActions:\n  - {CENTRAL}\n  AlarmArn: {ALARM}\n"
ALARMS_TABLE = f"-----\n|  DescribeAlarms  |\n+-----+\n||  AlarmArn  |  {ALARM}  ||\n||| {CENTRAL} |||\n"
ALARMS_CUT = json.dumps({"MetricAlarms": [{"AlarmArn": ALARM, "AlarmActions": [CENTRAL]}]})[:-4]
TRAILS_TEXT = f"TRAILLIST\tarn:aws:iam::{OTHER}:role/r\tFalse\tmain\t{TRAIL}\n"
IDENTITY_TEXT = f"{OTHER}\t{USER}\tAIDA\n"
IDENTITY_TABLE = f"-----\n|  GetCallerIdentity  |\n+-----+\n|  Account |  {OTHER} |\n|  Arn | {USER} |\n"
REFUSED = f"User: arn:aws:sts::{OTHER}:assumed-role/x/y is not authorized to perform: cloudtrail:DescribeTrails"
REFUSAL = f"\nAn error occurred (AccessDenied) when calling the DescribeTrails operation: {REFUSED}\n"
NOT_LET_IN = (
    f"\nAn error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::{ACCOUNT}:user/x is "
    f"not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::{OTHER}:role/audit\n"
)
ALARMS = json.dumps({"MetricAlarms": [{"AlarmArn": ALARM, "AlarmActions": [CENTRAL]}]})
SESSION = f'ada@host:~$ aws sts get-caller-identity\n{{"UserId": "AIDA", "Account": "{OTHER}"}}\n'
NO_TOKEN = "An error occurred (ExpiredToken) when calling the DescribeTrails operation: The token has expired\n"
SUBSCRIPTION = {"TopicArn": TOPIC, "SubscriptionArn": "PendingConfirmation", "Owner": OTHER, "Endpoint": "a@b.c"}

NAMED: list[tuple[str, Any]] = [
    ("cloudwatch-describe-alarms.json", ALARMS_TEXT), ("alarms.txt", ALARMS_TEXT), ("x.txt", ALARMS_TEXT),
    ("cloudwatch-describe-alarms.json", ALARMS_TEXT.encode("utf-16")), ("alarms.yaml", ALARMS_YAML),
    ("x.yml", ALARMS_YAML), ("alarms.txt", ALARMS_TABLE), ("x", ALARMS_TABLE), ("alarms.json", ALARMS_CUT),
    ("x.json", ALARMS_CUT), ("alarms.csv", f"Name,ARN,State\nx,{ALARM},OK\n"), ("trails.txt", TRAILS_TEXT),
    ("x.out", TRAILS_TEXT), ("sns-list-topics.txt", f"TOPICS\t{TOPIC}\n"),
    ("log-groups.yaml", f"logGroups:\n- arn: arn:aws:logs:eu-west-1:{OTHER}:log-group:ct:*\n"),
    ("cloudtrail-describe-trails.json", REFUSAL), ("errors.log", REFUSAL), ("stderr", NOT_LET_IN),
    ("cloudtrail-describe-trails.json", {"Error": {"Code": "AccessDenied", "Message": REFUSED}}),
    ("cloudtrail-get-trail-status/main.json", "An error occurred (TrailNotFoundException) when calling the "
     f"GetTrailStatus operation: Unknown trail: main for the user: {OTHER}"),
    ("sts-get-caller-identity.json", IDENTITY_TEXT), ("whoami.txt", IDENTITY_TEXT), ("me.txt", IDENTITY_TABLE),
    ("me.yaml", f"Account: '{OTHER}'\nArn: {USER}\nUserId: AIDA\n"),
    ("sts-get-caller-identity.json", f'{{"UserId": "AIDA", "Account": "{OTHER}", "Arn": "arn:aws:iam'),
    ("sts-get-caller-identity.txt", f"{OTHER}\n"), ("account-id.txt", f"{OTHER}\n"), ("account.txt", f'"{OTHER}"\n'),
    ("cloudtrail-describe-trails.json", {"TrailList": [{"TrailARN": TRAIL}]}),
    ("cloudtrail-describe-trails.json", {"trailList": [trail(IsOrganizationTrail=True) | {"TrailARN": TRAIL}]}),
    ("sns-list-subscriptions.json", {"Subscriptions": [SUBSCRIPTION]}),
    ("cloudtrail-list-trails.json", {"Trails": [{"TrailARN": TRAIL, "Name": "main"}]}),
    ("session.log", SESSION), ("x.txt", f"$ aws cloudwatch describe-alarms\n{ALARMS}"), ("all.txt", NO_TOKEN + ALARMS),
    ("cloudwatch-describe-alarms-for-metric.json", {"MetricAlarms": [{"AlarmArn": ALARM}]}),
    ("x.json", [{"AlarmArn": ALARM, "AlarmActions": [CENTRAL]}]), ("Get-CTTrail.json", [{"TrailARN": TRAIL}]),
    ("cw.json", {"MetricAlarms": [{"AlarmName": 5, "AlarmArn": ALARM, "StateValue": {"Value": "OK"}}]}),
    ("Get-SNSTopic.json", [{"TopicArn": TOPIC}]), ("Get-CWLLogGroup.json", [{"LogGroupName": "ct", "Arn": GROUP}]),
    ("alarms/x.json", {"rows": [{"name": "x", "arn": ALARM, "account_id": OTHER}]}),
    ("aws_cloudwatch_alarm.json", [{"name": "x", "account_id": OTHER}, {"name": "y", "account_id": OTHER}]),
    ("trails.json", [{"arn": TRAIL.replace(OTHER, "999988887777"), "account_id": OTHER, "akas": [CENTRAL]}]),
    ("config-items.json", {"configurationItems": [{"accountId": OTHER, "resourceType": "AWS::CloudTrail::Trail"}]}),
    ("select-resource-config.json", {"Results": [json.dumps({"arn": ALARM, "accountId": OTHER})]}),
    ("configservice-select-resource-config.json", {"Results": [json.dumps({"arn": ALARM, "accountId": OTHER})]}),
    ("terraform.tfstate", {"version": 4, "resources": [
        {"mode": "managed", "type": "aws_cloudtrail", "instances": [{"attributes": {"arn": TRAIL}}]}]}),
    ("show.json", {"values": {"root_module": {"child_modules": [{"resources": [
        {"mode": "managed", "type": "aws_cloudwatch_log_group", "values": {"arn": GROUP, "kms_key_id": CENTRAL}}]}]}}}),
    ("id.tfstate", {"resources": [{"mode": "data", "type": "aws_caller_identity", "instances": [
        {"attributes": {"account_id": OTHER}}]}]}),
    ("stacks.json", {"Stacks": [{"StackName": "s", "StackId": STACK}]}),
    ("stack.json", {"StackResources": [{"StackId": STACK, "PhysicalResourceId": TOPIC}]}),
    ("arns.json", [ALARM]), ("inventory.json", {"alarms": [ALARM], "topics": [CENTRAL]}),
    ("by-arn.json", {ALARM: {"state": "OK", "actions": [CENTRAL]}}),
    ("Get-CWAlarm.json", json.dumps([{"AlarmArn": ALARM, "AlarmActions": [CENTRAL]}], indent=1)[:-4]),
    ("config-items.json", json.dumps({"configurationItems": [{"accountId": OTHER, "arn": TRAIL}]})[:-3]),
    ("cut.tfstate", json.dumps({"resources": [{"instances": [{"attributes": {"arn": ALARM}}]}]})[:-5]),
    ("metadata.json", {"accountId": OTHER}), ("env.json", {"account_id": int(OTHER)}),
    ("vpcs.json", [{"VpcId": "vpc-1", "OwnerId": OTHER}]), ("account.json", {"AccountId": f"{OTHER}.0"}),
]  # fmt: skip
MENTIONED: list[tuple[str, Any]] = [
    ("README.md", f"The central topic:\n- {TOPIC}\n"), ("notes.txt", f"Alarms go to {TOPIC}, ask them.\n"),
    ("alarms.txt", f"Our alarms notify {TOPIC} and nobody else.\n"), ("invoice.txt", f"{OTHER}\n"),
    ("policy.json", {"Statement": [{"Resource": TOPIC, "Principal": {"AWS": OTHER}}]}),
    ("describe-alarms.sh", f'#!/bin/sh\nTOPIC="{TOPIC}"\naws cloudwatch describe-alarms\n'),
    ("organizations-describe-organization.json", {"Organization": {
        "Id": "o-abcdefghij", "Arn": f"arn:aws:organizations::{OTHER}:organization/o-abcdefghij"}}),
    ("cloudtrail-describe-trails.txt", "TRAILLIST\tarn:aws:iam::aws:policy/x\n"),
    ("howto.txt", f"$ aws sns publish --topic-arn {TOPIC}\n"),
    ("template.json", {"Resources": {"A": {
        "Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmActions": [TOPIC]}}}}),
    ("notification.json", {"LambdaFunctionConfigurations": [], "Targets": [{"Arn": f"arn:aws:iam::{OTHER}:role/x"}]}),
    ("data.tfstate", {"resources": [{"mode": "data", "type": "aws_sns_topic", "instances": [
        {"attributes": {"arn": TOPIC}}]}]}),
    ("old2.json", json.dumps([{"CheckID": "x", "AccountId": OTHER, "ResourceArn": TRAIL}])[:-2]),
    ("policy2.json", json.dumps({"Statement": [{"Resource": TOPIC, "Principal": {"AWS": OTHER}}]})[:-2]),
    ("old.json", [{"CheckID": "x", "AccountId": OTHER, "ResourceArn": TRAIL}]),
    ("out.json", {"Findings": [{"ProductArn": "arn:aws:securityhub:eu-west-1::product/x", "Resources": [
        {"Id": TRAIL}]}]}),
    ("events.json", {"Records": [{"eventVersion": "1.08", "userIdentity": {"accountId": OTHER}, "resources": [
        {"accountId": OTHER, "ARN": TRAIL}]}]}),
    ("results.json", {"findings": [{"account_id": OTHER, "verdict": "PASS", "arn": ALARM}]}),
    ("images.json", {"Images": [{"ImageId": "ami-1", "OwnerId": OTHER}]}),
    ("resources.json", [{"account_id": OTHER, "account_name": "dev"}]),
    ("costs.json", [{"accountId": OTHER, "cost": 3}, {"accountId": "999988887777", "cost": 4}]),
    ("central.json", {"accountId": ACCOUNT, "arn": CENTRAL.replace("999988887777", OTHER)}),
]  # fmt: skip


def evidence(folder: Path, files: dict[str, Any]) -> Evidence:
    return load(open_bundle([write(files, folder)]))


def population(found: Evidence) -> set[str]:
    return {*found.handed_in, *(capture.place.account_id for capture in found.captures)} - {""}


def of_own(number: int, content: Any) -> tuple[str, Any]:
    """An account id of a case's own, and the content about it."""
    own = f"{300_000_000_000 + number}"
    if isinstance(content, bytes):
        return own, content.decode("utf-16").replace(OTHER, own).encode("utf-16")
    if isinstance(content, str):
        return own, content.replace(OTHER, own)
    return own, json.loads(json.dumps(content).replace(OTHER, own))


@pytest.mark.parametrize(
    ("cases", "is_named"), [(NAMED, True), (MENTIONED, False)], ids=["who names itself", "who is merely mentioned"]
)
def test_whose_a_text_is(tmp_path: Path, cases: list[tuple[str, Any]], is_named: bool) -> None:
    files, owners = textbook(), {}
    for number, (path, content) in enumerate(cases):
        own, of_case = of_own(number, content)
        files[f"alias{number}/{path}"] = of_case
        owners[own] = f"{path}: {str(content)[:40]}"
    handed_in = population(evidence(tmp_path, files))
    differing = {case for own, case in owners.items() if (own in handed_in) != is_named}
    assert differing == set()
    assert handed_in <= {ACCOUNT, *owners}


@pytest.mark.parametrize("place", [f"{ACCOUNT}/{REGION}", f"{ACCOUNT}", f"client/{ACCOUNT}-prod/more"])
def test_a_path_that_says_whose_it_is_outweighs_the_text(tmp_path: Path, place: str) -> None:
    files = textbook() | {f"{place}/cloudwatch-describe-alarms.txt": ALARMS_TEXT, f"{place}/x.out": TRAILS_TEXT}
    assert population(evidence(tmp_path, files)) == {ACCOUNT}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        pytest.param(ALARMS_TEXT, (OTHER, "eu-west-1"), id="its alarms"),
        pytest.param(REFUSAL, (OTHER, ""), id="who was refused"),
        pytest.param(TRAILS_TEXT, ("", ""), id="a trail that may be its organisation's"),
    ],
)
def test_what_is_sure_places_the_capture(tmp_path: Path, content: str, place: tuple[str, str]) -> None:
    name = "alarms.txt" if content is ALARMS_TEXT else "trails.txt"
    (capture,) = evidence(tmp_path, {f"dev/{name}": content}).captures
    assert (capture.place.account_id, capture.place.region) == place


def test_what_may_be_anothers_counts_only_where_nothing_else_says_whose_the_folder_is(tmp_path: Path) -> None:
    organization = TRAILS_TEXT.replace(OTHER, "999988887777")
    files = {"dev/trails.txt": organization, "dev/sts-get-caller-identity.txt": IDENTITY_TEXT}
    assert population(evidence(tmp_path / "with", files)) == {OTHER}
    assert population(evidence(tmp_path / "alone", {"dev/trails.txt": organization})) == {"999988887777"}


def test_a_file_of_another_alias_in_one_folder_for_all(tmp_path: Path) -> None:
    flat = {f"prod-{path.split('/', 2)[2].replace('/', '-')}": content for path, content in textbook().items()}
    assert population(evidence(tmp_path, flat | {"dev-trails.txt": TRAILS_TEXT})) == {ACCOUNT, OTHER}


def test_an_answer_that_holds_items_of_two_accounts_hands_both_in(tmp_path: Path) -> None:
    items = [
        {"AlarmName": name, "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{account}:alarm:{name}"}
        for name, account in (("x", ACCOUNT), ("y", OTHER))
    ]
    assert population(evidence(tmp_path, {"alarms.json": {"MetricAlarms": items}})) == {ACCOUNT, OTHER}


@pytest.mark.parametrize("path", ["dev.zip", "client/dev.zip"])
@pytest.mark.parametrize("left", [120, -30])
def test_a_cut_zip_names_its_accounts(tmp_path: Path, path: str, left: int) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(f"{OTHER}/{REGION}/cloudtrail-describe-trails.json", json.dumps({"trailList": [trail()]}))
    found = evidence(tmp_path, textbook() | {path: data.getvalue()[:left]})
    assert population(found) == {ACCOUNT, OTHER}
    assert [c.status for c in found.captures if c.place.account_id == OTHER] == ["unreadable"]


EXPORT = {"configurationItems": [{"accountId": OTHER, "arn": ALARM, "resourceType": "AWS::CloudWatch::Alarm"}]}


@pytest.mark.parametrize(
    ("content", "severity"), [(EXPORT, "warning"), ({"accountId": OTHER}, "note")], ids=["its alarms", "its id alone"]
)
def test_json_of_another_kind_that_says_whose_it_is_is_a_problem(tmp_path: Path, content: Any, severity: str) -> None:
    found = evidence(tmp_path, textbook() | {"dev/export.json": content})
    (problem,) = found.problems
    assert (problem.file, problem.code, problem.severity) == ("dev/export.json", "not-an-answer", severity)
    assert OTHER in problem.problem


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (f"{ACCOUNT}/{REGION}/export.json", EXPORT),
        ("dev/Get-CTTrail.json", [{"TrailARN": TRAIL}]),
        ("dev/metadata.json", {"accountId": OTHER}),
    ],
    ids=["in an account's folder", "a trail that may be its organisation's", "an id beside another's exports"],
)
def test_json_of_another_kind_hands_nobody_in_where_something_surer_says_whose_it_is(
    tmp_path: Path, path: str, content: Any
) -> None:
    own = {"configurationItems": [{"accountId": ACCOUNT, "arn": ALARM.replace(OTHER, ACCOUNT)}]}
    assert population(evidence(tmp_path, textbook() | {"dev/export.json": own, path: content})) == {ACCOUNT}


def test_each_account_of_an_aggregator_is_handed_in(tmp_path: Path) -> None:
    items = [
        {"accountId": account, "resourceType": "AWS::SNS::Topic"} for account in (OTHER, "555566667777", "666677778888")
    ]
    found = evidence(tmp_path, {"items.json": {"configurationItems": items}})
    assert population(found) == {OTHER, "555566667777", "666677778888"}


SAMPLES = Path(__file__).parent.parent / "claims" / "samples"


def test_what_scanners_write_hands_nobody_in(tmp_path: Path) -> None:
    files = {
        f"scans/{path.relative_to(SAMPLES)}": path.read_text("utf-8-sig")
        for path in sorted(SAMPLES.rglob("*json*"))
        if path.name != "expected.json"
    }
    assert population(evidence(tmp_path / "with", textbook() | files)) == population(
        evidence(tmp_path / "without", textbook() | dict.fromkeys(files, "{}"))
    )
