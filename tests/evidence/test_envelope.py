"""What a file tells of its own call around the answer counts as a capture record that says it would (X3, X8, X9)."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.evidence.operations import calls
from auditor.evidence.recognising.envelope import level, record_beside
from tests.textbook import ACCOUNT, REGION, Files, alarm, metric_filter, subscription, textbook, trail, write

PLACE = f"{ACCOUNT}/{REGION}"
OTHER = "444455556666"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
TRAILS, FILTERS, ALARMS, SUBSCRIPTIONS = textbook()
STATUS = f"{PLACE}/cloudtrail-get-trail-status/main.json"
Wrap = Callable[[dict[str, Any], dict[str, Any]], Any]

WRAPPERS: dict[str, Wrap] = {
    "flat": lambda tells, answer: {**tells, **answer},
    "output": lambda tells, answer: {**tells, "output": answer},
    "Data": lambda tells, answer: {**tells, "Data": answer},
    "list": lambda tells, answer: [{**tells, "result": answer}],
    "results": lambda tells, answer: {"results": [{**tells, "response": answer}]},
    "request": lambda tells, answer: {"request": tells, "response": answer},
    "metadata": lambda tells, answer: {"metadata": tells, "data": answer},
    "deep": lambda tells, answer: {**tells, "payload": {"content": answer}},
    "text": lambda tells, answer: {**tells, "stdout": json.dumps(answer), "stderr": "", "returncode": 0},
}

# Second answers in files that nothing names, each of which makes the textbook's chain doubtful.
BAD: dict[str, dict[str, Any]] = {
    "alarms": {"MetricAlarms": [alarm(ActionsEnabled=False)], "CompositeAlarms": []},
    "trails": {"trailList": [trail(CloudWatchLogsLogGroupArn=None)]},
    "filters": {"metricFilters": [metric_filter("{ $.eventName = X }")]},
    "status": {"IsLogging": False},
    "subscriptions": {"Subscriptions": [subscription(SubscriptionArn="PendingConfirmation")]},
    "attributes": {"Attributes": {"TopicArn": TOPIC, "Owner": ACCOUNT, "KmsMasterKeyId": "alias/aws/sns"}},
    "selectors": {
        "TrailARN": trail()["TrailARN"],
        "EventSelectors": [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": []}],
    },
}

# Of a file of the textbook: its command, and what is told of it, as a record would and as scripts do.
SAID: dict[str, tuple[str, dict[str, str], str]] = {
    "nothing odd": (FILTERS, {"account_id": ACCOUNT, "region": REGION}, ""),
    "another account": (FILTERS, {"account_id": OTHER, "region": REGION}, ""),
    "another region": (FILTERS, {"account_id": ACCOUNT, "region": "eu-west-1"}, ""),
    "a part": (FILTERS, {}, "aws logs describe-metric-filters --filter-name-prefix ssm"),
    "a region asked": (FILTERS, {}, "aws logs describe-metric-filters --region eu-west-1"),
    "an emulator": (FILTERS, {}, "aws --endpoint-url http://localhost:4566 logs describe-metric-filters"),
    "a query": (ALARMS, {}, "aws cloudwatch describe-alarms --query MetricAlarms[?StateValue=='OK']"),
    "a state": (ALARMS, {}, "aws cloudwatch describe-alarms --state-value ALARM"),
    "own trails": (TRAILS, {}, "aws cloudtrail describe-trails --no-include-shadow-trails"),
    "another trail": (STATUS, {"resource": "other"}, ""),
    "the trail": (STATUS, {"resource": "main"}, ""),
    "another trail asked": (STATUS, {}, "aws cloudtrail get-trail-status --name other"),
    "another topic": (SUBSCRIPTIONS, {"resource": f"{TOPIC}2"}, ""),
    "another topic's account": (SUBSCRIPTIONS, {"account_id": OTHER, "region": REGION}, ""),
}
NAMES = {"account_id": "AccountId", "region": "Region"}


def outcomes(files: Files, folder: Path) -> list[tuple[object, ...]]:
    findings = audit(write(files, folder), controls=["ssm-actions"], strict=True).document["findings"]
    return [
        (f["account_id"], f["verdict"], f["reason_code"], sorted(point["code"] for point in f["open_points"]))
        for f in findings
    ]


def bundle(*, empty: str = "") -> Files:
    files = textbook(alarms=[alarm(Statistic="Average")]) | {STATUS: {"IsLogging": True}}
    if empty:
        files[empty] = {name: [] if isinstance(value, list) else value for name, value in files[empty].items()}
    return copy.deepcopy(files)


@pytest.mark.parametrize("wrapper", WRAPPERS)
@pytest.mark.parametrize("what", BAD)
def test_x8_an_answer_in_a_wrapper_is_heard_as_without_it(tmp_path: Path, what: str, wrapper: str) -> None:
    plain = outcomes(textbook() | {f"{PLACE}/x.json": BAD[what]}, tmp_path / "plain")
    assert plain[0][1] != "PASS"
    told = WRAPPERS[wrapper]({"account": ACCOUNT, "region": REGION}, BAD[what])
    assert outcomes(textbook() | {f"{PLACE}/x.json": told}, tmp_path / "wrapped") == plain


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize("wrapper", WRAPPERS)
@pytest.mark.parametrize("said", SAID)
def test_x3_what_a_file_tells_of_its_call_is_what_a_record_tells(
    tmp_path: Path, said: str, wrapper: str, empty: bool
) -> None:
    path, facts, command = SAID[said]
    files = bundle(empty=path if empty and path != STATUS else "")
    answer = files[path]
    raw = json.dumps(answer, indent=4).encode()
    call = path.removeprefix(f"{PLACE}/").removesuffix(".json").partition("/")[0]
    entry = {"file": path, "call": call, "sha256": hashlib.sha256(raw).hexdigest(), **facts}
    entry |= {"arguments": command.split()} if command else {}
    recorded = outcomes(files | {"captures.json": [entry]}, tmp_path / "recorded")
    tells = {NAMES.get(name, "TrailName" if path == STATUS else "TopicArn"): value for name, value in facts.items()}
    tells |= {"command": command} if command else {}
    assert outcomes(files | {path: WRAPPERS[wrapper](tells, answer)}, tmp_path / "told") == recorded


HARMLESS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "an SDK's metadata": lambda answer: {**answer, "ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": {}}},
    "the metadata of another SDK": lambda answer: {"$metadata": {"httpStatusCode": 200, "attempts": 1}, **answer},
    "objects in metadata": lambda answer: {"metadata": {"caller": {"Account": ACCOUNT}, "tool": "1.2"}, "data": answer},
    "a request without parameters": lambda answer: {
        "request": {"region": REGION, "parameters": {}},
        "response": answer,
    },
    "tags": lambda answer: {"tags": {"Name": "x"}, "result": answer, "notes": ["by hand"]},
    "surroundings": lambda answer: {"environment": {"AWS_REGION": REGION, "USER": "me"}, "result": answer},
    "pages": lambda answer: {"account": ACCOUNT, "pages": [answer]},
    "a description": lambda answer: {"description": "of our trails", "name": "evidence", "count": 1, "result": answer},
}


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("what", HARMLESS)
def test_x8_what_says_nothing_of_the_call_changes_nothing(tmp_path: Path, what: str, named: bool) -> None:
    answers = enumerate(textbook().items())
    plain = {path if named else f"{PLACE}/{number}.json": answer for number, (path, answer) in answers}
    around = {path: HARMLESS[what](answer) for path, answer in plain.items()}
    assert outcomes(around, tmp_path / "around") == outcomes(plain, tmp_path / "plain")


@pytest.mark.parametrize("account", ["AccountId", "account", "aws_account_id"])
@pytest.mark.parametrize("name", ["describe-alarms.json", "alarms.json", "whatever.json"])
@pytest.mark.parametrize("wrapper", ["flat", "Data", "list"])
def test_x9_an_empty_answer_that_tells_its_account_hands_it_in(
    tmp_path: Path, wrapper: str, name: str, account: str
) -> None:
    tells = {account: OTHER, "region": REGION}
    answer = {"MetricAlarms": [], "CompositeAlarms": []}
    found = outcomes(textbook() | {f"dev/{name}": WRAPPERS[wrapper](tells, answer)}, tmp_path)
    assert [(account_id, verdict) for account_id, verdict, *_ in found] == [(ACCOUNT, "PASS"), (OTHER, "INCONCLUSIVE")]


@pytest.mark.parametrize("empty", [True, False])
def test_n3_subscriptions_beside_a_topic_are_those_of_the_topic(tmp_path: Path, empty: bool) -> None:
    files = {path: content for path, content in textbook().items() if path != SUBSCRIPTIONS}
    listed = [] if empty else [subscription()]
    found = outcomes(files | {f"{PLACE}/x.json": {"TopicArn": TOPIC, "Subscriptions": listed}}, tmp_path)
    assert found[0][1:3] == (("FAIL", "no-subscription") if empty else ("PASS", "holds"))


@pytest.mark.parametrize(
    "document",
    [
        {"before": BAD["alarms"], "after": {"MetricAlarms": []}},
        {"Resources": {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": BAD["alarms"]}}},
        {"check": "x1", "expected": BAD["alarms"], "actual": {"nested": [{"a": 1}]}},
        {"account": ACCOUNT, "data": {"Topics": []}},
    ],
)
def test_x8_what_only_looks_like_an_answer_is_none(tmp_path: Path, document: object) -> None:
    found = outcomes(textbook() | {f"{PLACE}/x.json": document}, tmp_path / "with")
    assert found == outcomes(textbook(), tmp_path / "without")


@pytest.mark.parametrize(
    ("members", "account", "region", "resource"),
    [
        ({"account": {"id": OTHER, "name": "dev"}, "region": {"name": "eu-west-1"}}, OTHER, "eu-west-1", ""),
        ({"Account": 12345678901, "AWS_REGION": "EU-WEST-1"}, "012345678901", "eu-west-1", ""),
        ({"account": "dev (4444-5555-6666)", "regions": ["eu-west-1"]}, OTHER, "", ""),
        ({"Name": "other"}, "", "", "other"),
        ({"resource": trail()["TrailARN"]}, "", "", trail()["TrailARN"]),
        ({"resource": "arn:aws:s3:::bucket", "description": "of an account"}, "", "", ""),
        ({"name": "the status of our trail", "account": "dev", "region": "all"}, "", "", ""),
        ({"NextToken": "x", "ResponseMetadata": {"account": OTHER}, "note": None}, "", "", ""),
    ],
)  # fmt: skip
def test_what_members_tell(members: dict[str, object], account: str, region: str, resource: str) -> None:
    call = calls()["cloudtrail:GetTrailStatus"]
    record = record_beside(level(members, (), "beside"), call, "x.json")
    assert ((record.account_id, record.region, record.resource) if record else ("", "", "")) == (
        account,
        region,
        resource,
    )


def test_x9_two_accounts_beside_one_answer_dispute_it(tmp_path: Path) -> None:
    answer = textbook()[FILTERS] | {"account": ACCOUNT, "AccountId": OTHER}
    assert outcomes(textbook() | {FILTERS: answer}, tmp_path)[0][1] == "INCONCLUSIVE"


@pytest.mark.parametrize("region", [REGION, "eu-west-1"])
def test_x9_record_and_file_that_differ_dispute_the_place(tmp_path: Path, region: str) -> None:
    entry = {"file": FILTERS, "call": "logs:DescribeMetricFilters", "account_id": ACCOUNT, "region": REGION}
    files = textbook() | {FILTERS: textbook()[FILTERS] | {"region": region}, "captures.json": [entry]}
    assert outcomes(files, tmp_path)[0][1] == ("PASS" if region == REGION else "INCONCLUSIVE")
