"""Rules X1 and X3: pages that were asked for with a token, and arguments that come from files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import Evidence, Response, load
from auditor.evidence.operations.arguments import narrowed_by, starting_token
from tests.textbook import ACCOUNT, REGION, metric_filter, write

CALL = "logs:DescribeMetricFilters"


def evidence(folder: Path, pages: list[tuple[str, str, list[str]]]) -> Evidence:
    """Captures of one answer: name, token left, recorded arguments."""
    files: dict[str, Any] = {
        f"{name}.json": {"metricFilters": [metric_filter(filterName=name)]} | ({"NextToken": token} if token else {})
        for name, token, _ in pages
    }
    files["captures.json"] = [
        {"file": f"{name}.json", "call": CALL, "account_id": ACCOUNT, "region": REGION, "arguments": arguments}
        for name, _, arguments in pages
    ]
    return load(open_bundle([write(files, folder)]))


def response(found: Evidence) -> Response:
    return found.responses.get(CALL, ACCOUNT, REGION)


START = "--starting-token"


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        pytest.param([("a", "t", []), ("b", "", [START, "t"])], "", id="the token that a page left"),
        pytest.param([("a", "t", []), ("b", "", [f"{START}=t"])], "", id="written with ="),
        pytest.param([("a", "t", []), ("b", "u", [START, "t"]), ("c", "", [START, "u"])], "", id="three pages"),
        pytest.param([("c", "", [START, "u"]), ("b", "u", [START, "t"]), ("a", "t", [])], "", id="in any order"),
        pytest.param([("a", "t", []), ("b", "", ["--next-token", "t"])], "", id="the service's own token"),
        pytest.param([("b", "", [START, "t"])], "narrowed", id="its first page is missing"),
        pytest.param([("b", "u", [START, "t"]), ("c", "", [START, "u"])], "narrowed", id="the first of three is"),
        pytest.param([("a", "t", []), ("c", "", [START, "u"])], "narrowed", id="the second of three is"),
        pytest.param([("a", "t", []), ("b", "", [START, "x"])], "narrowed", id="another token"),
        pytest.param(
            [("a", "t", ["--filter-name-prefix", "x"]), ("b", "", [START, "t"])], "narrowed", id="of a narrowed answer"
        ),
        pytest.param([("a", "t", ["--filter-name-prefix", "x"]), ("b", "", [])], "narrowed", id="X3 a narrowed page"),
        pytest.param([("a", "t", ["|", "jq", ".x"]), ("b", "", [])], "narrowed", id="X3 a page that went through jq"),
        pytest.param([("a", "t", []), ("b", "", [])], "", id="X3 pages without a starting token"),
        pytest.param([("a", "t", [START, "t"])], "truncated", id="a token that leads to itself"),
        pytest.param(
            [("a", "t", [START, "u"]), ("b", "u", [START, "t"]), ("c", "", [START, "u"])],
            "narrowed",
            id="two lead to each other",
        ),
        pytest.param([("x", "t", [START, "t"]), ("y", "t", []), ("z", "", [START, "t"])], "", id="and a first page"),
    ],
)
def test_a_starting_token(tmp_path: Path, pages: list[tuple[str, str, list[str]]], code: str) -> None:
    found = response(evidence(tmp_path, pages))
    assert (found.complete, found.code) == (not code, code)


@pytest.mark.parametrize(
    ("arguments", "narrowed"),
    [
        (["cloudwatch", "describe-alarms", "--region", "us-east-1"], ""),
        (["--alarm-types", "MetricAlarm", "CompositeAlarm"], ""),
        (["--max-items", "10", "--page-size", "5", "--output", "json"], ""),
        (["--region-opt-status-contains", "ENABLED", "ENABLED_BY_DEFAULT"], ""),
        (["--cli-input-json", "file://in.json"], "--cli-input-json"),
        (["--cli-input-json={}"], "--cli-input-json"),
        (["--cli-input-yaml", "file://in.yaml"], "--cli-input-yaml"),
        (["--alarm-types", "file://types.json"], "--alarm-types"),
        (["--unknown", "file://x"], "file://x"),
        (["--unknown=fileb://x"], "fileb://x"),
        (["--query", "MetricAlarms[0]"], "--query"),
        (["--alarm-name-p", "prod"], "--alarm-name-prefix"),
        (["--starting-token", "t"], ""),
    ],
)
def test_what_narrows(arguments: list[str], narrowed: str) -> None:
    assert narrowed_by(tuple(arguments)) == narrowed


def test_a_token_that_is_not_given() -> None:
    assert starting_token(("--starting-token",)) == "--starting-token"
    assert starting_token(("--max-items", "1")) == ""
    assert starting_token(None) == ""


LOST = {"file": "y.json", "call": CALL, "account_id": ACCOUNT, "region": REGION}


@pytest.mark.parametrize(
    ("first", "last", "lost", "complete"),
    [
        pytest.param({}, {}, LOST, False, id="nothing tells where the last begins"),
        pytest.param({}, {}, LOST | {"region": "eu-west-1"}, True, id="of another region"),
        pytest.param({}, {}, LOST | {"call": "sns:ListTopics"}, True, id="of another call"),
        pytest.param({}, {}, LOST | {"file": "z.json"}, True, id="none is lost"),
        pytest.param({"arguments": []}, {"arguments": [START, "t"]}, LOST, True, id="the tokens join"),
        pytest.param({"arguments": []}, {"arguments": []}, LOST, True, id="the last is whole by itself"),
    ],
)
def test_x1_a_page_that_the_record_names_and_that_is_lost(
    tmp_path: Path, first: dict[str, Any], last: dict[str, Any], lost: dict[str, Any], complete: bool
) -> None:
    entry = {"call": CALL, "account_id": ACCOUNT, "region": REGION}
    files: dict[str, Any] = {
        "captures.json": [entry | {"file": "x.json"} | first, lost, entry | {"file": "z.json"} | last],
        "x.json": {"metricFilters": [metric_filter(filterName="x")], "NextToken": "t"},
        "z.json": {"metricFilters": [metric_filter(filterName="z")]},
    }
    assert response(load(open_bundle([write(files, tmp_path)]))).complete is complete
