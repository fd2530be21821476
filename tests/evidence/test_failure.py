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
}


@pytest.mark.parametrize("document", WELL.values(), ids=WELL)
def test_what_says_that_all_went_well(tmp_path: Path, document: Any) -> None:
    response, problems = filters(tmp_path, document)
    assert (response.complete, problems) == (True, [])


def test_a_topic_that_is_called_errors(tmp_path: Path) -> None:
    document = {"sns-list-subscriptions-by-topic": {"errors": {"Subscriptions": []}}}
    evidence = load(open_bundle([write({f"{PLACE}/all.json": document}, tmp_path)]))
    assert [capture.complete for capture in evidence.captures] == [True]


def test_a_single_answer_beside_an_error_says_nothing(tmp_path: Path) -> None:
    path = f"{PLACE}/cloudtrail-get-trail-status/main.json"
    evidence = load(open_bundle([write(textbook() | {path: {"IsLogging": True, "Error": THROTTLED}}, tmp_path)]))
    (status,) = (capture for capture in evidence.captures if capture.file.endswith(path))
    assert (status.status, status.usable) == ("invalid", False)
