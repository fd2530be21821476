"""Who was refused, in the words of other programs than the CLI: scripts, logs, PowerShell, SDKs (rules X5, X9)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import Evidence, load
from tests.textbook import textbook, write

OTHER = "444455556666"
MESSAGE = f"User: arn:aws:sts::{OTHER}:assumed-role/Audit/me is not authorized to perform: cloudwatch:DescribeAlarms"
LINE = f"An error occurred (AccessDenied) when calling the DescribeAlarms operation: {MESSAGE}"
TEXTS = {
    "the CLI's": LINE,
    "a traceback": f'Traceback (most recent call last):\n  File "x.py"\nbotocore.exceptions.ClientError: {LINE}',
    "a time before it": f"2026-09-28 10:00:00,123 - ERROR - {LINE}",
    "a level before it": f"ERROR:root:{LINE}",
    "PowerShell's": f"Get-CWAlarm : {MESSAGE}\nAt line:1 char:1\n",
}
OBJECTS: dict[str, Any] = {
    "an SDK's": {"Error": {"Code": "AccessDenied", "Message": MESSAGE}, "ResponseMetadata": {"HTTPStatusCode": 403}},
    "a script's": {"error": LINE},
    "a list of a script": [{"call": "describe-alarms", "error": LINE}],
    "Lambda's": {"errorMessage": MESSAGE},
    "a service's": {"__type": "AccessDenied", "message": MESSAGE},
    "a string": json.dumps(LINE),
}
CALLED = "dev/eu-west-1/cloudwatch-describe-alarms"


def evidence(folder: Path, files: dict[str, Any]) -> Evidence:
    return load(open_bundle([write(textbook() | files, folder)]))


@pytest.mark.parametrize("name", [f"{CALLED}.err", f"{CALLED}.json", f"{CALLED}.stderr.txt"])
@pytest.mark.parametrize("text", TEXTS)
def test_x5_a_refusal_that_a_program_quotes_is_one(tmp_path: Path, text: str, name: str) -> None:
    read = evidence(tmp_path, {name: TEXTS[text]})
    (capture,) = [capture for capture in read.captures if capture.file == name]
    assert (capture.status, capture.error_code, capture.call.operation) == ("refused", "AccessDenied", "DescribeAlarms")
    assert capture.place.account_id == OTHER


@pytest.mark.parametrize("name", [f"{CALLED}.json", "dev/error.json"])
@pytest.mark.parametrize("what", OBJECTS)
def test_x9_who_was_refused_in_json_was_handed_in(tmp_path: Path, what: str, name: str) -> None:
    read = evidence(tmp_path, {name: OBJECTS[what]})
    places = {capture.place.account_id for capture in read.captures}
    assert OTHER in {*read.handed_in, *places}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.md", f"We saw: {LINE}"),
        ("notes.txt", f"Last year: {LINE}"),
        ("events.json", {"Records": [{"eventVersion": "1.08", "errorMessage": MESSAGE, "userIdentity": {}}]}),
    ],
)
def test_x9_what_merely_quotes_a_refusal_hands_nobody_in(tmp_path: Path, name: str, content: Any) -> None:
    assert OTHER not in evidence(tmp_path, {name: content}).handed_in


def test_x5_an_answer_before_an_error_is_not_a_refusal(tmp_path: Path) -> None:
    cut = json.dumps({"MetricAlarms": [{"AlarmName": "a"}]})[:-3]
    read = evidence(tmp_path, {f"{CALLED}.json": f"{cut}\nERROR - {LINE}"})
    assert {capture.status for capture in read.captures if capture.file.startswith("dev/")} == {"unreadable"}


def test_x9_an_identity_whose_account_is_a_number_is_its_accounts(tmp_path: Path) -> None:
    identity = {"UserId": "x", "Account": int(OTHER), "Arn": "***"}
    read = evidence(tmp_path, {"dev/sts-get-caller-identity.json": identity})
    assert OTHER in {capture.place.account_id for capture in read.captures}
