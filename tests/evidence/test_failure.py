"""Rule X5: what stands beside an answer and says that its call failed makes it a piece of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import Response, load
from tests.textbook import ACCOUNT, REGION, textbook, write

PLACE = f"{ACCOUNT}/{REGION}"
FILTERS = textbook()[f"{PLACE}/logs-describe-metric-filters.json"]
THROTTLED = {"Code": "ThrottlingException", "Message": "Rate exceeded"}
SAID = "An error occurred (AccessDenied) when calling the DescribeMetricFilters operation: not authorized"


def filters(folder: Path, document: Any) -> tuple[Response, list[str]]:
    evidence = load(open_bundle([write({f"{PLACE}/logs-describe-metric-filters.json": document}, folder)]))
    return evidence.responses.get("logs:DescribeMetricFilters", ACCOUNT, REGION), [
        one.code for one in evidence.problems
    ]


FAILED: dict[str, Any] = {
    "Error": FILTERS | {"Error": THROTTLED},
    "errors": FILTERS | {"errors": [THROTTLED]},
    "a text": FILTERS | {"error": "timed out"},
    "the CLI's own words": FILTERS | {"stderr": SAID},
    "spread beside the list": FILTERS | THROTTLED,
    "__type": FILTERS | {"__type": "com.amazonaws#ThrottlingException"},
    "HTTP status": FILTERS | {"ResponseMetadata": {"HTTPStatusCode": 400}},
    "exit code around it": {"command": "describe-metric-filters", "exit_code": 254, "output": FILTERS},
    "error around it": {"describe-metric-filters": FILTERS, "error": "AccessDenied"},
    "no success": {"success": False, "describe-metric-filters": FILTERS},
    "failed": FILTERS | {"failed": True},
    "failed as a text": FILTERS | {"Failed": "true"},
    "a status": FILTERS | {"status": "error"},
    "a status with a number": FILTERS | {"Status": "403 Forbidden"},
    "status code": FILTERS | {"statusCode": 403},
    "status_code": FILTERS | {"status_code": "500"},
    "http-status": FILTERS | {"http-status": 503},
    "a part": FILTERS | {"statusCode": 206},
    "errorlevel": FILTERS | {"ERRORLEVEL": 255},
    "an exit code in words": FILTERS | {"exit": "exit status 254"},
    "metadata of another SDK": FILTERS | {"$metadata": {"httpStatusCode": 429, "attempts": 3}},
    "a message of throttling": FILTERS | {"Message": "Rate exceeded"},
    "a note of a refusal": FILTERS | {"note": "User: x is not authorized to perform logs:DescribeMetricFilters"},
    "truncated": FILTERS | {"truncated": True},
    "IsTruncated": FILTERS | {"IsTruncated": "True"},
    "has_more": FILTERS | {"has_more": 1},
    "incomplete": FILTERS | {"complete": False},
    "in an object of its own": FILTERS | {"http": {"status": 403}},
    "a token in an object of its own": FILTERS | {"pagination": {"nextToken": "eyJ0"}},
    "how its name begins": FILTERS | {"failed_regions": ["us-east-1"]},
    "a token in an object of any name": FILTERS | {"aws": {"NextToken": "eyJ0"}},
    "a token of a script's own beside AWS's": FILTERS | {"nextToken": "eyJ0", "next_token": "eyJ1"},
    "a warning that it was cut": FILTERS | {"warnings": ["output truncated"]},
    "a count of more": FILTERS | {"TotalCount": 17},
    "the shell's exit code": FILTERS | {"$?": 1},
    "not the last page": FILTERS | {"last_page": False},
    "a token around it": {"describe-metric-filters": FILTERS, "next_token": "eyJ0"},
    "on the second page": [FILTERS | {"nextToken": "a"}, {"metricFilters": [], "Error": THROTTLED}],
}


@pytest.mark.parametrize("document", FAILED.values(), ids=FAILED)
def test_an_error_beside_a_list(tmp_path: Path, document: Any) -> None:
    response, problems = filters(tmp_path, document)
    assert (response.complete, response.code, response.captured) == (False, "presence_only", True)
    assert "refused" in problems


WELL: dict[str, Any] = {
    "no error": FILTERS | {"Error": None},
    "empty errors": FILTERS | {"errors": [], "Exception": "none"},
    "a new member": FILTERS | {"summary": {"Error": "no"}},
    "HTTP status": FILTERS | {"ResponseMetadata": {"HTTPStatusCode": 200, "RetryAttempts": 1}},
    "exit code around it": {"command": "describe-metric-filters", "exit_code": 0, "stderr": "", "output": FILTERS},
    "a warning": FILTERS | {"stderr": "urllib3: InsecureRequestWarning"},
    "success": {"success": True, "describe-metric-filters": FILTERS},
    "a status": FILTERS | {"status": "Success", "state": "transferred"},
    "a status with a number": FILTERS | {"status": "HTTP/1.1 200 OK", "statusCode": 200, "code": 0},
    "not truncated": FILTERS | {"IsTruncated": False, "failed": "no", "errors": 0, "hasMore": "false"},
    "no message": FILTERS | {"Message": "answered at the first attempt", "result": 7, "timeout": 60},
    "a count": FILTERS | {"count": 1, "warnings": ["the profile is old"], "pagination": {"nextToken": None}},
    "no token": FILTERS | {"next_token": None, "Marker": ""},
    "the token that was asked with": FILTERS | {"request": {"nextToken": "eyJ0"}},
    "another answer's token": {"describe-metric-filters": FILTERS, "list-roles": {"Roles": [], "Marker": "eyJ0"}},
}


@pytest.mark.parametrize("document", WELL.values(), ids=WELL)
def test_what_says_that_all_went_well(tmp_path: Path, document: Any) -> None:
    response, problems = filters(tmp_path, document)
    assert (response.complete, problems) == (True, [])


@pytest.mark.parametrize("name", ["next_token", "nexttoken", "NEXTTOKEN", "next-token", "Marker", "nextPageToken"])
def test_x1_a_token_counts_however_a_script_spells_its_name(tmp_path: Path, name: str) -> None:
    response, problems = filters(tmp_path, FILTERS | {name: "eyJ0"})
    assert (response.complete, response.code, problems) == (False, "truncated", ["truncated"])
    other, more = filters(tmp_path / "none", FILTERS | {name: "null" if name[0] != "n" else None})
    assert (other.complete, more) == (True, [])


@pytest.mark.parametrize(
    "members", [{"failed": True}, {"status": "error"}, {"http_status": 403}, {"truncated": True}, {"rc": 254}]
)
def test_what_a_capture_record_says_of_a_call_in_other_words(tmp_path: Path, members: Any) -> None:
    path = f"{PLACE}/logs-describe-metric-filters.json"
    entry = {"file": path, "call": "logs:DescribeMetricFilters", "arguments": [], "exit_code": 0}
    for number, (more, complete) in enumerate(((members, False), (dict.fromkeys(members, ""), True))):
        files = {"captures.json": [entry | more], path: FILTERS}
        evidence = load(open_bundle([write(files, tmp_path / str(number))]))
        assert [capture.complete for capture in evidence.captures] == [complete]


def test_a_topic_that_is_called_errors(tmp_path: Path) -> None:
    document = {"sns-list-subscriptions-by-topic": {"errors": {"Subscriptions": []}}}
    evidence = load(open_bundle([write({f"{PLACE}/all.json": document}, tmp_path)]))
    assert [capture.complete for capture in evidence.captures] == [True]


def test_a_single_answer_beside_an_error_says_nothing(tmp_path: Path) -> None:
    path = f"{PLACE}/cloudtrail-get-trail-status/main.json"
    evidence = load(open_bundle([write(textbook() | {path: {"IsLogging": True, "Error": THROTTLED}}, tmp_path)]))
    (status,) = (capture for capture in evidence.captures if capture.file.endswith(path))
    assert (status.status, status.usable) == ("invalid", False)
