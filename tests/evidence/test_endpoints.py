"""Whom a recorded call asked: what no host of AWS printed is no evidence (rule X5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.evidence.operations import foreign_host
from auditor.evidence.operations.command_words import given
from tests.evidence.test_record import ENTRY, FILTERS, evidence
from tests.textbook import ACCOUNT, REGION

ANSWER = "f.json"

OF_AWS: list[Any] = [
    "--endpoint-url https://logs.eu-west-1.amazonaws.com",
    "--endpoint-url https://vpce-1a2b-x.logs.eu-west-1.vpce.amazonaws.com",
    "--endpoint-url https://logs.eu-west-1.api.aws --region eu-west-1",
    "AWS_ENDPOINT_URL_LOGS=https://logs.cn-north-1.amazonaws.com.cn aws logs describe-metric-filters",
    "HTTPS_PROXY=http://proxy.example:3128 aws logs describe-metric-filters",
    "--endpoint-url $ENDPOINT",
    "--profile localstack",
    "--query Subscriptions[].{Endpoint:Endpoint}",
    "aws sns list-subscriptions | jq '.Subscriptions[] | {endpoint: .Endpoint}'",
    ["--query", "Subscriptions[?Protocol=='email' && Endpoint=='soc@example.com']"],
]
FOREIGN: list[Any] = [
    "--endpoint-url http://localhost:4566",
    "--endpoint-url=https://127.0.0.1:4566",
    "--endpoint http://localstack:4566",
    "--endpoint-url localhost",
    "--endpoint-url http://[::1]:4566",
    "--endpoint-url https://logs.eu-west-1.amazonaws.com.example.org",
    "--endpoint-url https://logs-amazonaws.com",
    "AWS_ENDPOINT_URL=http://localhost:4566 aws logs describe-metric-filters",
    "export AWS_ENDPOINT_URL_LOGS=http://motoserver:5000; aws logs describe-metric-filters",
    "$env:AWS_ENDPOINT_URL='http://127.0.0.1:5000'; aws logs describe-metric-filters",
    "awslocal logs describe-metric-filters --region us-east-1",
    "python3 -m awscli_local logs describe-metric-filters",
    "boto3.client('logs', endpoint_url='http://localhost:4566').describe_metric_filters()",
    "curl -s http://localhost:4566/ -d Action=DescribeAlarms",
    {"endpoint_url": "http://localhost:4566"},
    {"EndpointUrl": "http://localhost:4566"},
]


@pytest.mark.parametrize("line", OF_AWS)
def test_x5_what_asks_aws(line: Any) -> None:
    assert foreign_host(given(line) or ()) == ""


@pytest.mark.parametrize("line", FOREIGN)
def test_x5_what_asks_another_host(line: Any) -> None:
    assert foreign_host(given(line) or ()) != ""


@pytest.mark.parametrize(
    "members",
    [
        {"arguments": ["--endpoint-url", "http://localhost:4566"]},
        {"command": "awslocal logs describe-metric-filters"},
        {"arguments": [], "endpoint_url": "http://localhost:4566"},
        {"arguments": [], "environment": {"AWS_ENDPOINT_URL": "http://localhost:4566"}},
        {"arguments": [], "env": ["LANG=C", "AWS_ENDPOINT_URL=http://localhost:4566"]},
        {"arguments": [], "request_url": "http://127.0.0.1:5000/"},
        {"arguments": [], "note": "taken from http://localstack.test:4566"},
        {"call": "awslocal logs describe-metric-filters"},
        {"arguments": ["--generate-cli-skeleton", "output"]},
    ],
)
def test_x5_what_no_host_of_aws_printed_is_no_evidence(tmp_path: Path, members: dict[str, Any]) -> None:
    of_emulator = evidence(tmp_path, {"captures.json": [ENTRY | members], ANSWER: FILTERS})
    assert [(capture.status, capture.usable) for capture in of_emulator.captures] == [("invalid", False)]
    assert (ANSWER, "made-up") in [(problem.file, problem.code) for problem in of_emulator.problems]


@pytest.mark.parametrize(
    "members",
    [
        {"endpoint_url": "https://logs.us-east-1.amazonaws.com"},
        {"env": ["HTTPS_PROXY=http://localhost:3128"]},
        {"proxy": "http://127.0.0.1:8080"},
        {"host": "laptop.example", "note": "see http://wiki.example/localstack"},
    ],
)
def test_x5_what_a_record_tells_of_other_hosts(tmp_path: Path, members: dict[str, Any]) -> None:
    (capture,) = evidence(tmp_path, {"captures.json": [ENTRY | members], ANSWER: FILTERS}).captures
    assert capture.status == "captured"


def test_x5_what_a_record_says_of_all_its_entries(tmp_path: Path) -> None:
    record = {"endpoint_url": "http://localhost:4566", "captures": [ENTRY]}
    (capture,) = evidence(tmp_path, {"captures.json": record, ANSWER: FILTERS}).captures
    assert capture.status == "invalid"


def test_x5_an_emulator_refuses_nothing_in_aws(tmp_path: Path) -> None:
    path = "111122223333/us-east-1/sns-list-subscriptions-by-topic/alerts.json"
    text = "An error occurred (NotFound) when calling the ListSubscriptionsByTopic operation: Topic does not exist"
    entry = {"file": path, "call": "sns list-subscriptions-by-topic", "endpoint_url": "http://localhost:4566"}
    (capture,) = evidence(tmp_path, {"captures.json": [entry], path: text}).captures
    assert (capture.status, capture.error_code, capture.says_gone) == ("invalid", "", False)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"server": "Werkzeug/3.0 Python/3.12"}, "invalid"),
        ({"X-LocalStack": "true"}, "invalid"),
        ({"x-amzn-requestid": "1", "server": "Server"}, "captured"),
    ],
)
def test_x5_headers_that_name_an_emulator(tmp_path: Path, headers: dict[str, str], status: str) -> None:
    answer = {**FILTERS, "ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": headers}}
    path = "111122223333/us-east-1/logs-describe-metric-filters.json"
    assert [capture.status for capture in evidence(tmp_path, {path: answer}).captures] == [status]


def test_x5_the_account_of_localstack_is_nobodys(tmp_path: Path) -> None:
    of_emulator = evidence(tmp_path, {"000000000000/us-east-1/logs-describe-metric-filters.json": FILTERS})
    assert [capture.status for capture in of_emulator.captures] == ["invalid"]
    assert [problem.code for problem in of_emulator.problems] == ["made-up"]


def test_x5_an_emulators_answer_is_no_doubt_on_one_of_aws(tmp_path: Path) -> None:
    path = f"{ACCOUNT}/{REGION}/logs-describe-metric-filters.json"
    record = [ENTRY | {"arguments": ["--endpoint-url", "http://localhost:4566"]}]
    read = evidence(tmp_path, {"captures.json": record, ANSWER: {"metricFilters": []}, path: FILTERS})
    assert read.responses.get("logs:DescribeMetricFilters", ACCOUNT, REGION).complete
