"""Rules T12, X7: answers about one thing each, in one file by region, name or ARN, are heard as of those things."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor import audit
from auditor.bundle import open_bundle
from auditor.evidence import load
from tests.textbook import ACCOUNT, REGION, Files, subscription, textbook, trail, write

PLACE = f"{ACCOUNT}/{REGION}"
TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
ON: Mapping[str, Any] = {"IsLogging": True}
OFF: Mapping[str, Any] = {"IsLogging": False}
OWN = f"{PLACE}/cloudtrail-get-trail-status/main.json"
ENCRYPTED = {"TopicArn": TOPIC, "Owner": ACCOUNT, "KmsMasterKeyId": "alias/aws/sns"}
WRITES = [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": []}]
SELECTORS = {"TrailARN": TRAIL, "EventSelectors": WRITES}
PENDING = [subscription(SubscriptionArn="PendingConfirmation")]
TOP, IN_ACCOUNT, NAMED = (
    "trail-status.json",
    f"{ACCOUNT}/trail-status.json",
    f"{ACCOUNT}/cloudtrail-get-trail-status.json",
)

FORMS: dict[str, Any] = {
    "region": {REGION: OFF, "eu-west-1": {}},
    "region, list": {REGION: [OFF]},
    "region, name": {REGION: {"main": OFF}},
    "name, region": {"main": {REGION: OFF}},
    "region, ARN": {REGION: {TRAIL: OFF}},
    "ARN": {TRAIL: OFF},
    "list with ARN": [{"TrailARN": TRAIL, "Status": OFF}],
    "list with name": [{"Name": "main", "Status": OFF}],
    "list with name and region": [{"trail": "main", "region": REGION, "status": OFF}],
    "list, flat": [{"TrailARN": TRAIL, **OFF}],
    "list of a region": {REGION: [{"Name": "main", "TrailStatus": OFF}]},
    "keyed list": {"results": [{"TrailName": "main", "Status": OFF}]},
}
OTHERS: dict[str, tuple[str, Any]] = {
    "attributes with ARN": ("topic-attributes", [{"TopicArn": TOPIC, "Attributes": ENCRYPTED}]),
    "attributes with name": ("topic-attributes", [{"Topic": "alerts", "Attributes": ENCRYPTED}]),
    "attributes by region": ("topic-attributes", {REGION: {"Attributes": ENCRYPTED}}),
    "subscribers with ARN": ("subscriptions-by-topic", [{"TopicArn": TOPIC, "Subscriptions": []}]),
    "subscribers with name": ("subscriptions-by-topic", [{"topic": "alerts", "Subscriptions": PENDING}]),
    "subscribers by region": ("subscriptions-by-topic", {REGION: {"alerts": {"Subscriptions": []}}}),
    "subscribers of a listing's name": ("topic-subscriptions", [{"TopicArn": TOPIC, "Subscriptions": []}]),
    "selectors with ARN": ("event-selectors", [SELECTORS]),
    "selectors with name": ("event-selectors", [{"trail": "main", "out": SELECTORS}]),
    "selectors by region": ("event-selectors", {REGION: SELECTORS}),
}


def outcome(folder: Path, files: Files) -> tuple[str, str]:
    findings = audit(write(files, folder), controls=["ssm-actions"]).document["findings"]
    (found,) = {(finding["verdict"], finding["broken_link"]) for finding in findings}
    return found


@pytest.mark.parametrize("form", FORMS)
def test_t12_a_status_that_says_off_is_heard_in_whatever_form(tmp_path: Path, form: str) -> None:
    for number, path in enumerate((TOP, IN_ACCOUNT, NAMED, f"{PLACE}/trail-status.json")):
        files = textbook() | {OWN: ON, path: FORMS[form]}
        assert outcome(tmp_path / str(number), files) == ("INCONCLUSIVE", "trail")


@pytest.mark.parametrize("what", OTHERS)
def test_x7_what_answers_say_against_a_thing_is_heard_in_whatever_form(tmp_path: Path, what: str) -> None:
    name, document = OTHERS[what]
    for number, folder in enumerate(("", f"{ACCOUNT}/", f"{PLACE}/")):
        assert outcome(tmp_path / str(number), textbook() | {f"{folder}{name}.json": document})[0] != "PASS"


@pytest.mark.parametrize("path", [TOP, IN_ACCOUNT, NAMED])
@pytest.mark.parametrize(
    ("document", "verdict"),
    [
        ([{"TrailARN": TRAIL, "Status": OFF}, {"TrailARN": f"{TRAIL}2", "Status": ON}], "FAIL"),
        ([{"TrailARN": TRAIL, "Status": ON}, {"TrailARN": f"{TRAIL}2", "Status": OFF}], "PASS"),
        ({TRAIL: ON, f"{TRAIL}2": OFF}, "PASS"),
        ({REGION: {"main": ON, "main2": OFF}}, "PASS"),
    ],
    ids=["ARN, off", "ARN, on", "by ARN", "by name"],
)
def test_t12_a_status_is_of_the_trail_that_it_names(tmp_path: Path, path: str, document: Any, verdict: str) -> None:
    files = textbook(trails=[trail(), trail(name="main2", CloudWatchLogsLogGroupArn=None)])
    assert outcome(tmp_path, files | {path: document})[0] == verdict


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        (f"{ACCOUNT}/cloudtrail-get-trail-status/{REGION}.json", "FAIL"),
        (f"{ACCOUNT}/cloudtrail-get-trail-status/eu-west-1.json", "INCONCLUSIVE"),
        (f"cloudtrail-get-trail-status/{ACCOUNT}-{REGION}.json", "FAIL"),
        (f"{ACCOUNT}/cloudtrail-get-trail-status/{REGION}/main.json", "FAIL"),
    ],
)
def test_t12_a_file_in_the_calls_folder_may_be_named_after_its_place(tmp_path: Path, path: str, verdict: str) -> None:
    assert outcome(tmp_path, textbook() | {path: OFF})[0] == verdict


def test_t12_a_trail_may_be_named_as_a_region_is(tmp_path: Path) -> None:
    files = textbook(trails=[trail(name="eu-west-1")])
    assert outcome(tmp_path, files | {f"{PLACE}/cloudtrail-get-trail-status/eu-west-1.json": OFF})[0] == "FAIL"


def test_t12_the_status_of_another_accounts_trail_is_not_this_ones(tmp_path: Path) -> None:
    foreign = [{"TrailARN": TRAIL.replace(ACCOUNT, "444455556666"), "Status": OFF}]
    assert outcome(tmp_path, textbook() | {IN_ACCOUNT: foreign})[0] == "PASS"


@pytest.mark.parametrize(("service", "calls"), [("kms", ["kms:GetKeyPolicy"]), ("s3", [])])
def test_x8_policies_by_arn_are_those_of_the_service_that_the_arns_name(
    tmp_path: Path, service: str, calls: list[str]
) -> None:
    policy = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*"}]}
    )
    arn = f"arn:aws:{service}:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    bundle = write({f"{ACCOUNT}/policies.json": {arn: {"Policy": policy}}}, tmp_path)
    captures = load(open_bundle([bundle])).captures
    assert [capture.call.id for capture in captures] == calls
