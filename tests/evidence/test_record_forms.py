"""Capture records as scripts write them: any form, any root, files that are lost (rule X3)."""

from __future__ import annotations

import json
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.api import audit
from auditor.evidence.recognising.other_roots import OtherRoots
from auditor.evidence.recognising.record_forms import in_own_form, is_unmistakable
from tests.textbook import ACCOUNT, REGION, alarm, textbook, write

PLACE = f"{ACCOUNT}/{REGION}"
FILTERS = f"{PLACE}/logs-describe-metric-filters.json"
ALARMS = f"{PLACE}/cloudwatch-describe-alarms.json"
PART = "aws logs describe-metric-filters --filter-name-prefix ssm"
WHOLE = "aws cloudwatch describe-alarms"
CALLS = {FILTERS: PART, ALARMS: WHOLE}
OPTIONS = {"params": {"filterNamePrefix": "ssm"}}

FORMS: dict[str, tuple[str, Any]] = {
    "file and command": ("manifest.json", [{"file": FILTERS, "command": PART}, {"file": ALARMS, "command": WHOLE}]),
    "path and cmd": ("captures.json", [{"path": FILTERS, "cmd": PART}]),
    "output_file": ("captures.json", {"captures": [{"output_file": FILTERS, "Command": PART}]}),
    "files": ("manifest.json", {"generated": "today", "files": [{"filename": FILTERS, "command": PART}]}),
    "map by path": ("manifest.json", {FILTERS: {"command": PART}, ALARMS: {"command": WHOLE}}),
    "map of commands": ("run.json", {"files": {FILTERS: PART, ALARMS: WHOLE}}),
    "lines": ("captures.ndjson", "\n".join(json.dumps({"file": p, "command": c}) for p, c in CALLS.items())),
    "one line": ("captures.ndjson", json.dumps({"file": FILTERS, "command": PART})),
    "table": ("captures.csv", f"file,command,account\r\n{FILTERS},{PART},{ACCOUNT}\r\n{ALARMS},{WHOLE},{ACCOUNT}\r\n"),
    "one row": ("m.csv", f"Path;Operation;Arguments\n{FILTERS};describe-metric-filters;--filter-name-prefix ssm\n"),
    "operation and options": ("manifest.json", [{"file": FILTERS, "operation": "DescribeMetricFilters", **OPTIONS}]),
    "another root": ("captures.json", [{"file": f"/srv/out/{FILTERS}", "command": PART}]),
    "a root of Windows": ("captures.json", [{"file": "C:\\evidence\\" + FILTERS.replace("/", "\\"), "command": PART}]),
    "a folder of its own": ("meta/captures.json", [{"file": FILTERS, "command": PART}]),
    "bare name": ("captures.json", [{"file": FILTERS.rpartition("/")[2], "command": PART}]),
    "packed": ("captures.json", [{"file": f"out/{FILTERS.upper()}.gz", "command": PART}]),
}  # fmt: skip


def outcome(folder: Path, files: dict[str, Any]) -> tuple[str, str, list[str]]:
    (finding,) = audit(write(files, folder), controls=["ssm-actions"]).document["findings"]
    material = [point["code"] for point in finding["open_points"] if point["material"]]
    return finding["verdict"], finding["reason_code"], material


@pytest.mark.parametrize("form", FORMS)
def test_x3_a_record_in_any_form_narrows(tmp_path: Path, form: str) -> None:
    name, content = FORMS[form]
    files = textbook(alarms=[alarm(Statistic="Average")])
    assert outcome(tmp_path / "without", files)[0] == "PASS"
    assert outcome(tmp_path / "with", files | {name: content})[:2] == ("INCONCLUSIVE", "further-publishers-not-shown")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("manifest.json", [{"file": FILTERS, "sha256": "0" * 64}]),
        ("manifest.json", {"files": [{"file": FILTERS}], "tests": [{"command": PART}]}),
        ("inventory.csv", f"file,size\n{FILTERS},12\n"),
        ("captures.json", [{"file": f"/u/{FILTERS.replace(REGION, 'eu-west-1')}", "command": PART}]),
        ("captures.json", [{"file": f"/u/{FILTERS.replace(ACCOUNT, '444455556666')}", "command": PART}]),
    ],
)  # fmt: skip
def test_x3_what_names_no_call_or_another_place_narrows_nothing(tmp_path: Path, name: str, content: Any) -> None:
    files = textbook(alarms=[alarm(Statistic="Average")])
    findings = audit(write(files | {name: content}, tmp_path), controls=["ssm-actions"]).document["findings"]
    assert findings[0]["verdict"] == "PASS"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({}, ("INCONCLUSIVE", "further-publishers-not-shown", [])),  # nothing tells that the other is whole
        ({"arguments": []}, ("PASS", "holds", ["filter-listing-unread"])),
    ],
)
def test_v5_another_answer_that_is_lost_is_another_answer(
    tmp_path: Path, entry: dict[str, Any], expected: tuple[str, str, list[str]]
) -> None:
    call = {"call": "logs:DescribeMetricFilters", "account_id": ACCOUNT, "region": REGION}
    lost = call | {"file": f"{PLACE}/logs-describe-metric-filters-2.json", "arguments": []}
    files = textbook(alarms=[alarm(Statistic="Average")]) | {"captures.json": [call | {"file": FILTERS} | entry, lost]}
    assert outcome(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [({"region": "eu-west-1"}, "PASS"), ({"call": "sns:ListTopics"}, "PASS"), ({"error_code": "AccessDenied"}, "PASS")],
)
def test_v5_what_is_lost_of_another_call_or_place_or_was_refused_is_none(
    tmp_path: Path, entry: dict[str, Any], expected: str
) -> None:
    call = {"call": "logs:DescribeMetricFilters", "account_id": ACCOUNT, "region": REGION, "arguments": []}
    files = textbook() | {"captures.json": [call | {"file": FILTERS}, call | {"file": "lost.json"} | entry]}
    assert outcome(tmp_path, files) == (expected, "holds", [])


PARTS = st.lists(st.sampled_from(["111122223333", "444455556666", "us-east-1", "out", "a"]), max_size=4)


def common(path: str, other: str) -> int:
    pairs = zip(reversed(path.split("/")), reversed(other.split("/")), strict=False)
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], pairs))


@given(st.lists(PARTS, max_size=6), PARTS)
def test_law_a_file_is_meant_whose_path_ends_most_alike(members: list[list[str]], parts: list[str]) -> None:
    files = {"/".join([*member, "x.json"]) for member in members}
    path = "/".join([*parts, "x.json"])
    meant = OtherRoots(files).of(path)
    assert meant <= files
    assert len({common(path, member) for member in meant}) <= 1
    assert all(common(path, member) <= common(path, other) for member in files for other in meant)


def test_an_answer_with_its_command_is_no_record() -> None:
    answer = {"file": "x.json", "command": PART, "metricFilters": []}
    assert in_own_form(answer) == answer
    assert not is_unmistakable(in_own_form([answer]))
